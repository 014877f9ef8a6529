"""An output is read by its position.

## What it reports

`Outputs[0]` in a property path, or read of a step in plain SDK code: an output of a processing step by its position in the list.

## Why it matters

The position is that of the list in which the step is given its outputs. Whoever adds an output before it, or sorts the list,
makes every consumer read another output, in silence; and the SDK's local mode, which keeps outputs by name, rejects it.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"PackagedModel": "S3 path of the packaged model"}

    def get_property_paths(self):
        return {"PackagedModel": "properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"PackagedModel": "S3 path of the packaged model"}

    def get_property_paths(self):
        return {"PackagedModel": "properties.ProcessingOutputConfig.Outputs['PackagedModel'].S3Output.S3Uri"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))
```

## How to fix

Write the output's name: the `output_name` that the step's `ProcessingOutput` has.

## When it stays silent

On the positions of other lists, which have no names; where the path is wrong for another reason; where the number is filled in at run
time; where the same code gives the output a second path (CL103); and where the registering method does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    Index,
    PositionalOutput,
    PropertyReadView,
    Severity,
    StopsEarly,
    place_within,
    rule,
    some,
    walk,
)

from ._judge import kinds_of, readable, related_places, subject_of
from ._reads import Misread, made_here, misread, outputs_of, read_scope, read_subject

OUTPUTS = "ProcessingOutputConfig.Outputs"


@dataclass(frozen=True, slots=True)
class ByPosition:
    """``output`` is the name of the output at that position, None if it is not known; ``declared`` are those of the ``owner``."""

    position: int
    output: str | None
    declared: tuple[str, ...]
    owner: str = "builder"

    def message(self) -> str:
        return f"output {self.position} is read by its position, which changes with the order of the outputs"

    def help(self) -> str:
        if self.output is not None:
            return f"write Outputs['{self.output}']"
        if self.declared:
            return f"write the output's name; the {self.owner} declares {some(self.declared)}"
        return "write the output's name: Outputs['…']"


@rule("CL205", "positional-output", Severity.WARNING, view=DeclarationView, facts=ByPosition, also=(PropertyReadView,))
def positional_output(view: DeclarationView | PropertyReadView) -> Iterator[Draft]:
    if isinstance(view, PropertyReadView):
        yield from _misread(view)
        return
    path, written = readable(view), view.declaration.path
    if path is None or written is None or not view.declaration.registers or _is_disputed(view):
        return
    found: PositionalOutput | None = None
    for kind in kinds_of(view):
        verdict = walk(path, kind)
        if isinstance(verdict, PositionalOutput):
            found = found or verdict
        elif verdict.accepted_by_sdk:
            return
    if found is None or found.segment.position is None:
        return
    position = found.segment.position
    declared = dict.fromkeys(port.name for owner in view.owners for port in owner.outputs if not port.pseudo)
    facts = ByPosition(position, _output_at(view, position), tuple(declared))
    span = place_within(written, found.segment.start, found.segment.end)
    yield Draft(facts, span, view.scope, subject_of(view), related_places(view))


def _is_disputed(view: DeclarationView) -> bool:
    """Whether the same code gives the same output another path too (CL103): one of them has to go."""
    own = view.declaration
    key = (own.mechanism, own.step_type, own.name, own.scope, own.span.path)
    others = [path for owner in view.owners for path in owner.paths if path.path is not None and path.path != own.path]
    return any(key == (other.mechanism, other.step_type, other.name, other.scope, other.span.path) for other in others)


def _output_at(view: DeclarationView, position: int) -> str | None:
    """The name that all steps of the builders have at a position."""
    names = {
        made.outputs[position] if made.outputs is not None and position < len(made.outputs) else None
        for owner in view.owners
        for made in owner.made
        if made.kind == "Processing"
    }
    return names.pop() if len(names) == 1 else None


def _misread(view: PropertyReadView) -> Iterator[Draft]:
    """An output that code reads of a step."""
    found = misread(view)
    position = _position(view, found) if found is not None else None
    if found is None or position is None:
        return
    outputs = {step.number: outputs_of(step) for step in view.steps}
    at = {names[position] if names is not None and position < len(names) else None for names in outputs.values()}
    declared = dict.fromkeys(port.name for step in view.steps for port in step.outputs if port.name is not None)
    facts = ByPosition(position, at.pop() if len(at) == 1 else None, tuple(declared), "step")
    yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))


def _position(view: PropertyReadView, found: Misread) -> int | None:
    """The position that is read; the value of the output may be read of it elsewhere."""
    if isinstance(found.verdict, PositionalOutput):
        return found.verdict.segment.position
    last = found.path.segments[-1] if found.path.segments else None
    handed_on = isinstance(found.verdict, StopsEarly) and found.before == OUTPUTS and not view.references
    return last.position if handed_on and isinstance(last, Index) else None
