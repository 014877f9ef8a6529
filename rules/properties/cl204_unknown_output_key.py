"""A property path reads an output that the step does not have.

## What it reports

`Outputs['trian']` in a property path of a builder whose step is given outputs of other names: the `output_name` of each
`ProcessingOutput`, or the outputs of a Lambda or Callback step. In plain SDK code, the same read of a processing step; outputs without a
name are called `output-1`, `output-2`, … there.

## Why it matters

For a processing step neither the SDK nor the service knows better before the run: the reference is resolved only when the
consumer starts, after the job was paid for. A Lambda or Callback step raises a KeyError when the reference is made.

## Bad

```python
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class TabularPreprocessingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"train": "S3 path of the training data"}

    def get_property_paths(self):
        return {"train": "properties.ProcessingOutputConfig.Outputs['trian'].S3Output.S3Uri"}

    def create_step(self, **kwargs):
        outputs = [ProcessingOutput(output_name="train", source="/opt/ml/processing/output/train")]
        return ProcessingStep(name="TabularPreprocessing", processor=self.processor(), outputs=outputs)
```

## Good

```python
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class TabularPreprocessingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"train": "S3 path of the training data"}

    def get_property_paths(self):
        return {"train": "properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"}

    def create_step(self, **kwargs):
        outputs = [ProcessingOutput(output_name="train", source="/opt/ml/processing/output/train")]
        return ProcessingStep(name="TabularPreprocessing", processor=self.processor(), outputs=outputs)
```

## How to fix

Read the output under the name that the step gives it, which is often the value in `output_names` and not the key; or give the
step the output.

## When it stays silent

Where one of the outputs' names is only known at run time, where the step is given its outputs in a way that is not followed
(a builder's `step_args`, a processor of an unknown class, which may add some), where the builder may make a step that has the output, and
where it is not known for which builder the path is meant. What is read of Lambda and Callback steps in plain SDK code is CL216.
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
    UndeclaredOutput,
    first_places,
    joined,
    place_within,
    rule,
)

from ._judge import missing_output, related_places, subject_of
from ._reads import WITH_DICTS, called, made_here, misread, read_scope, read_subject


@dataclass(frozen=True, slots=True)
class MissingOutput:
    """``step`` is what to call it, ``outputs`` are those that it is given, ``candidates`` the ones that may be meant.

    ``unnamed``: some outputs have names that the SDK made up, by their positions.
    """

    key: str
    step: str
    outputs: tuple[str, ...]
    candidates: tuple[str, ...]
    unnamed: bool = False

    def message(self) -> str:
        has = f"it has {joined(self.outputs, 'and')}" if self.outputs else "it has none"
        return f"the {self.step} has no output '{self.key}'; {has}"

    def help(self) -> str:
        if self.candidates:
            return f"did you mean {joined(self.candidates)}?"
        if self.unnamed:
            return f"give the ProcessingOutput that is meant the name: output_name='{self.key}'"
        return "read an output that the step is given, or give it this one"


@rule("CL204", "unknown-output-key", Severity.ERROR, view=DeclarationView, facts=MissingOutput, also=(PropertyReadView,))
def unknown_output_key(view: DeclarationView | PropertyReadView) -> Iterator[Draft]:
    if isinstance(view, PropertyReadView):
        yield from _misread(view)
        return
    missing, written = missing_output(view), view.declaration.path
    if missing is None or written is None:
        return
    kind, verdict = missing
    candidates = _meant(view, verdict.declared) or verdict.candidates
    facts = MissingOutput(str(verdict.segment.key), f"{kind.name} step", verdict.declared, candidates)
    span = place_within(written, verdict.segment.start, verdict.segment.end)
    yield Draft(facts, span, view.scope, subject_of(view), related_places(view))


def _meant(view: DeclarationView, outputs: tuple[str, ...]) -> tuple[str, ...]:
    """The outputs that carry the declared name, or one that the project's mapping gives to it."""
    name = view.declaration.name
    names = {name}
    for port in (port for owner in view.owners for port in owner.outputs):
        if name in (port.name, *port.aliases):
            names |= {port.name, *port.aliases}
    return tuple(output for output in outputs if output in names)


def _misread(view: PropertyReadView) -> Iterator[Draft]:
    """An output that code reads of a step."""
    found = misread(view)
    if found is None or not isinstance(found.verdict, UndeclaredOutput) or found.kind.name in WITH_DICTS:
        return
    wrong, step = found.verdict, found.step
    facts = MissingOutput(
        str(wrong.segment.key), called(step), wrong.declared, wrong.candidates, any(port.automatic for port in step.outputs)
    )
    declared = first_places(Related(port.span, f"its output '{port.name}'") for port in step.outputs)
    yield Draft(facts, found.span, read_scope(view), read_subject(view), (*made_here(view), *declared))
