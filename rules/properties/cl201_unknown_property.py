"""A property path names a member that no step of its kind has.

## What it reports

A property path with a segment that what stands before it does not have: a wrong name, a wrong case, or a level left out. The
members are those of the service's own response to `Describe…`, on which the SDK builds `step.properties`. Where the builder may
make several kinds of step, all of them must lack it; where the kind is unknown, every kind there is.

## Why it matters

The SDK raises an AttributeError, but only when a consumer resolves the path while the pipeline is assembled; frameworks that
catch it leave the input empty or guess, and then the paid run fails.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"metrics_output": "Metrics of the training job"}

    def get_property_paths(self):
        return {"metrics_output": "properties.TrainingMetrics"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"metrics_output": "Metrics of the training job"}

    def get_property_paths(self):
        return {"metrics_output": "properties.FinalMetricDataList['validation:auc'].Value"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Use the member that is suggested, or look the response up in the service's reference. Names are exact: `S3Uri`, not `s3_uri` or
`S3URI`. What a job writes but its description does not hold (a metrics file, say) is read from an output, not from a property.

## When it stays silent

Where one of the kinds that the builder may make has the path; where another kind of step has all of it (that is CL202); where
the text is no path, or an index stands where none can (CL206); and from the first part on that only the run tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    InternalAttribute,
    Malformed,
    Severity,
    UnknownMember,
    joined,
    nearest_members,
    place_within,
    rule,
    step_of,
)

from ._judge import judge, related_places, subject_of


@dataclass(frozen=True, slots=True)
class UnknownProperty:
    """``before`` is the path up to the wrong segment, ``shape`` and ``type`` what that leads to."""

    segment: str
    before: str
    shape: str
    type: str | None
    kinds: tuple[str, ...]
    kind_known: bool
    candidates: tuple[str, ...]

    def message(self) -> str:
        step = step_of(self.kinds)
        if not self.before:
            if not self.kind_known:
                return f"no kind of step has a property '{self.segment}'"
            return f"{step} has no property '{self.segment}' ({self.shape})"
        others = "" if self.kind_known else ", and no other kind of step has the path"
        if self.type not in (None, "structure"):
            return f"'{self.before}' of {step} is a {self.type} ({self.shape}): it has no member '{self.segment}'{others}"
        return f"'{self.before}' of {step} has no member '{self.segment}' ({self.shape}){others}"

    def help(self) -> str:
        if self.candidates:
            return f"did you mean {joined(self.candidates)}?"
        if self.type not in (None, "structure"):
            return f"end the path at '{self.before}'"
        return "take a member that the service's response holds"


@rule("CL201", "unknown-property", Severity.ERROR, view=DeclarationView, facts=UnknownProperty)
def unknown_property(view: DeclarationView) -> Iterator[Draft]:
    judged, written = judge(view), view.declaration.path
    if written is None or judged is None or isinstance(judged, Malformed):
        return
    wrong = judged.wrong
    if not isinstance(wrong, UnknownMember | InternalAttribute):
        return
    shape, type, candidates = (
        (wrong.shape, wrong.type, wrong.candidates) if isinstance(wrong, UnknownMember) else ("an attribute of the SDK", None, ())
    )
    if not (judged.before or judged.kind_known):
        candidates = nearest_members(wrong.segment.name, judged.members)  # not of whichever kind came first
    facts = UnknownProperty(wrong.segment.name, judged.before, shape, type, judged.kinds, judged.kind_known, candidates)
    span = place_within(written, wrong.segment.start, wrong.segment.end)
    yield Draft(facts, span, view.scope, subject_of(view), related_places(view))
