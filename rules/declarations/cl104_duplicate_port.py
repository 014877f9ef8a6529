"""A key stands twice in one dict display.

## What it reports

Two entries with the same key in one dict display of a contract or a configuration: the inputs or outputs of a builder, its
property paths, the defaults of `input_names` and `output_names`.

## Why it matters

Python keeps the later value and says nothing. The earlier port, path or name is gone: usually a line that was copied and whose
key nobody changed, so that one input or output is missing altogether.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class ModelEvaluationStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model_input": "S3 path of the model", "model_input": "S3 path of the holdout data"}

    def get_output_properties(self):
        return {"metrics": "S3 path of the metrics"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="ModelEvaluation", step_args=self.run(kwargs))
```

## Good

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class ModelEvaluationStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model_input": "S3 path of the model", "eval_data": "S3 path of the holdout data"}

    def get_output_properties(self):
        return {"metrics": "S3 path of the metrics"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="ModelEvaluation", step_args=self.run(kwargs))
```

## How to fix

Give the entries different keys, or delete the one that is not meant.

## When it stays silent

On keys that are only known at run time, and on a key that is set again outside of the display (`update`, an assignment): that
is how defaults are overridden.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, DuplicateKeyView, Related, Severity, rule


@dataclass(frozen=True, slots=True)
class KeyTwice:
    """``first`` and ``last`` are line numbers."""

    name: str
    first: int
    last: int

    def message(self) -> str:
        if self.first == self.last:
            return f"'{self.name}' stands twice in one dict (line {self.last}); the later entry counts"
        return f"'{self.name}' stands twice in one dict (lines {self.first} and {self.last}); line {self.last} counts"

    def help(self) -> str:
        return "give one of the two another key, or delete it"


@rule("CL104", "duplicate-port", Severity.ERROR, view=DuplicateKeyView, facts=KeyTwice)
def duplicate_port(view: DuplicateKeyView) -> Iterator[Draft]:
    found = view.duplicate
    facts = KeyTwice(found.name, found.first.line, found.span.line)
    yield Draft(facts, found.span, found.scope or found.span.path, found.name, (Related(found.first, "this entry is lost"),))
