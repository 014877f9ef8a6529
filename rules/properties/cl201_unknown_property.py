"""A property path names a member that no step of its kind has.

## What it reports

A property path with a segment that what stands before it does not have: a wrong name, a wrong case, or a level left out. The
members are those of the service's own response to `Describe…`, on which the SDK builds `step.properties`. Where the builder may
make several kinds of step, all of them must lack it; where the kind is unknown, every kind there is. The same in plain SDK code, where
it is read of a step (`step.properties.ModelArtifacts.S3ModelArtefacts`).

## Why it matters

The SDK raises an AttributeError: in plain code when the pipeline is put together, in a framework only when a consumer resolves the
path. Frameworks that catch it leave the input empty or guess, and then the paid run fails.

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
the text is no path, or an index stands where none can (CL206); from the first part on that only the run tells; and where code reads a
property on some paths only, after it has asked what the step is or has (`isinstance`, `hasattr`, `getattr` with a default). What is read
of Lambda and Callback steps is CL216.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    InternalAttribute,
    Malformed,
    PlainValue,
    PropertyReadView,
    Severity,
    UnknownMember,
    joined,
    nearest_members,
    place_within,
    rule,
    step_of,
)

from ._judge import judge, related_places, subject_of
from ._reads import CLUSTERS, WITH_DICTS, is_absent, made_here, misread, read_scope, read_subject

#: What is no property, and how its value is read instead.
ELSEWHERE = {"PropertyFiles": "read the file's values with JsonGet(step_name=…, property_file=…, json_path=…)"}


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
        if not self.before and self.segment in ELSEWHERE:
            return ELSEWHERE[self.segment]
        if self.candidates:
            return f"did you mean {joined(self.candidates)}?"
        if self.type not in (None, "structure"):
            return f"end the path at '{self.before}'"
        return "take a member that the service's response holds"


@rule("CL201", "unknown-property", Severity.ERROR, view=DeclarationView, facts=UnknownProperty, also=(PropertyReadView,))
def unknown_property(view: DeclarationView | PropertyReadView) -> Iterator[Draft]:
    if isinstance(view, PropertyReadView):
        yield from _misread(view)
        return
    judged, written = judge(view), view.declaration.path
    if written is None or judged is None or isinstance(judged, Malformed):
        return
    wrong = judged.wrong
    if not isinstance(wrong, UnknownMember | InternalAttribute):
        return
    shape, type, candidates = _leads_to(wrong)
    if not (judged.before or judged.kind_known):
        candidates = nearest_members(wrong.segment.name, judged.members)  # not of whichever kind came first
    facts = UnknownProperty(wrong.segment.name, judged.before, shape, type, judged.kinds, judged.kind_known, candidates)
    span = place_within(written, wrong.segment.start, wrong.segment.end)
    yield Draft(facts, span, view.scope, subject_of(view), related_places(view))


def _misread(view: PropertyReadView) -> Iterator[Draft]:
    """A property that code reads of a step."""
    found = misread(view)
    if found is not None and isinstance(found.verdict, PlainValue) and is_absent(view, found):
        name = str(found.verdict.segment)
        facts = UnknownProperty(name, "", f"it is not given {CLUSTERS[name]}", None, found.kinds, True, ())
        yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))
        return
    if found is None or not isinstance(found.verdict, UnknownMember | InternalAttribute) or found.kind.name in WITH_DICTS:
        return
    shape, type, candidates = _leads_to(found.verdict)
    facts = UnknownProperty(found.verdict.segment.name, found.before, shape, type, found.kinds, True, candidates)
    yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))


def _leads_to(wrong: UnknownMember | InternalAttribute) -> tuple[str, str | None, tuple[str, ...]]:
    """The shape and the type that lack the name, and the members that may be meant."""
    if isinstance(wrong, InternalAttribute):
        return "an attribute of the SDK", None, ()
    return wrong.shape, wrong.type, wrong.candidates
