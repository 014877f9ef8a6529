"""A part of a contract cannot be told from the code.

## What it reports

Each part of a step's contract that stayed unknown, with the reason: its inputs, its outputs, its property paths, or the kind of
step that it makes. The rule is off; `--strict` or `--extend-select CL007` turn it on.

## Why it matters

What is unknown is never an error, so whatever is wrong with it goes unseen. A project that keeps this rule on knows that its
silence means "checked", not "could not tell".

## Bad

```python
import json
from pathlib import Path

from sagemaker.workflow.steps import TrainingStep

from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"training_data": "S3 prefix of the prepared data"}

    def get_output_properties(self):
        return json.loads(Path("outputs.json").read_text())

    def create_step(self, estimator, inputs):
        return TrainingStep(name="train", step_args=estimator.fit(inputs))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep

from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"training_data": "S3 prefix of the prepared data"}

    def get_output_properties(self):
        return {"model_artifacts": "S3 location of the trained model"}

    def create_step(self, estimator, inputs):
        return TrainingStep(name="train", step_args=estimator.fit(inputs))
```

## How to fix

Write the names where they can be read: in a literal, or in the default of a configuration class that the builder's annotation
names. If the contract is inherited from an installed package, declare it in the builder as well.

## When it stays silent

Unless it is selected by its id, its name or its area; and where all of a contract is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Severity, UnknownView, rule, sentence


@dataclass(frozen=True, slots=True)
class NotKnown:
    step: str
    part: str
    reason: str

    def message(self) -> str:
        if self.part == "step":
            return f"the kind of step that {self.step} makes is not known: {sentence(self.reason)}"
        return f"the {self.part} of {self.step} are not all known: {sentence(self.reason)}"

    def help(self) -> str:
        return f"rules that need to know stay silent here; what is known: contract-lint show {self.step}"


@rule("CL007", "contract-not-statically-known", Severity.NOTE, view=UnknownView, facts=NotKnown, off=True)
def contract_not_statically_known(view: UnknownView) -> Iterator[Draft]:
    step, _, part = view.fact.subject.rpartition(": ")
    yield Draft(NotKnown(step, part, view.fact.reason), view.place, step, part)
