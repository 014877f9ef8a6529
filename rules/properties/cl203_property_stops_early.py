"""A property path ends before it reaches a value.

## What it reports

A property path that ends at a structure, a list or a map, so that there is no value to hand on: `properties.ModelArtifacts`
instead of `properties.ModelArtifacts.S3ModelArtifacts`, or `…Outputs['model']` without `.S3Output.S3Uri`. In plain SDK code, one that is
given to an argument which takes a value (`model_data`, `s3_data`, an entry of `environment`, a part of a `Join`, a side of a condition).

## Why it matters

The SDK accepts the reference and writes it into the pipeline definition. The service rejects the definition when the pipeline is
created, because an argument wants a text and gets a structure: nothing before that says a word.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def get_property_paths(self):
        return {"model_output": "properties.ModelArtifacts"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def get_property_paths(self):
        return {"model_output": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Go on to the member that is meant; in a list or map, first take one item (`['name']`, or a position).

## When it stays silent

Where one of the kinds that the builder may make has a value there; where the kind of step is unknown and some kind has one;
where only the run tells how the path goes on; where the path reads an output that the step does not have (CL204); and in plain SDK code
where the argument is not known to take one value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    PropertyReadView,
    Related,
    Severity,
    StepKind,
    StopsEarly,
    default_property_path,
    first_places,
    joined,
    nearest_members,
    place_within,
    rule,
    step_of,
    takes_a_value,
    walk,
)

from ._judge import holds, kinds_of, missing_output, readable, related_places, subject_of
from ._reads import made_here, misread, read_scope, read_subject, shown

SHOWN_MEMBERS = 3


@dataclass(frozen=True, slots=True)
class EndsAtStructure:
    """``path`` is as the SDK prints it, empty for all the properties; ``complete`` is the path that the output has by default."""

    path: str
    shape: str
    type: str
    kinds: tuple[str, ...]
    complete: str | None
    members: tuple[str, ...]

    def message(self) -> str:
        if not self.path:
            return f"the path stops at the properties of {step_of(self.kinds)} as a whole; a value is due"
        return f"'{self.path}' of {step_of(self.kinds)} is a {self.type} ({self.shape}), where a value is due"

    def help(self) -> str:
        if self.complete is not None:
            return f"did you mean '{self.complete}'?"
        if self.members:
            return f"go on to one of its members, such as {joined(self.members)}"
        return f"take one item of the {self.type}, and of that the value"


@rule("CL203", "property-stops-early", Severity.ERROR, view=DeclarationView, facts=EndsAtStructure, also=(PropertyReadView,))
def property_stops_early(view: DeclarationView | PropertyReadView) -> Iterator[Draft]:
    if isinstance(view, PropertyReadView):
        yield from _misread(view)
        return
    path, written = readable(view), view.declaration.path
    if path is None or written is None or missing_output(view) is not None:
        return
    stops: list[tuple[StepKind, StopsEarly]] = []
    for kind in kinds_of(view):
        verdict = walk(path, kind, strict=False)
        if isinstance(verdict, StopsEarly):
            stops.append((kind, verdict))
        elif verdict.accepted_by_sdk:
            return
    if not stops:
        return
    (kind, stop), name = stops[0], view.declaration.name or ""
    default = default_property_path(kind, name, sole=True) if name else None
    complete = f"properties.{default}" if default is not None and default.startswith((f"{path}.", f"{path}[")) else None
    members = (nearest_members(name, stop.members) or stop.members)[:SHOWN_MEMBERS]
    facts = EndsAtStructure(str(path), stop.shape, stop.type, tuple(k.name for k, _ in stops), complete, members)
    last = path.segments[-1] if path.segments else None
    span = place_within(written, last.start, last.end) if last is not None else written.origin
    yield Draft(facts, span, view.scope, subject_of(view), related_places(view))


def _misread(view: PropertyReadView) -> Iterator[Draft]:
    """A structure that code reads of a step, and gives to an argument that takes one value."""
    given = [one for one in view.references if one.certain and takes_a_value(one.sdk_class, one.argument)]
    found = misread(view) if given else None
    if found is None or not isinstance(found.verdict, StopsEarly):
        return
    stop = found.verdict
    usual = holds(f"{found.path}.S3Output.S3Uri", [found.kind])
    complete = f"properties.{usual}" if usual is not None else None
    facts = EndsAtStructure(shown(found.path), stop.shape, stop.type, found.kinds, complete, stop.members[:SHOWN_MEMBERS])
    where = first_places(Related(one.span, f"it is given to {one.sdk_class}({one.argument}=…)") for one in given if one.span != view.span)
    yield Draft(facts, found.span, read_scope(view), read_subject(view), (*where, *made_here(view)))
