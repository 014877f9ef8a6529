"""A pipeline gives a step an input that the step's builder does not have.

## What it reports

A name in `builder.create_step(inputs={…})` that is none of the inputs which the builder declares, as it was constructed there, and
that no code of the builder looks up.

## Why it matters

What the pipeline hands over goes nowhere: the step runs without it, or the builder fails over the name that it does expect.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def __init__(self, config):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs):
        return TrainingStep(name="Train", estimator=self.estimator(), inputs={"train": inputs.get("train_data")})


def make_training(config, prepared):
    return TrainingStepBuilder(config).create_step(inputs={"training_data": prepared})
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def __init__(self, config):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs):
        return TrainingStep(name="Train", estimator=self.estimator(), inputs={"train": inputs.get("train_data")})


def make_training(config, prepared):
    return TrainingStepBuilder(config).create_step(inputs={"train_data": prepared})
```

## How to fix

Use the name that the builder declares, or have the builder declare and use this one.

## When it stays silent

Where the builder may have more inputs than are known (its names come from a configuration that is only known at run time, say); where
it takes whatever it is given, as a whole; and on aliases of declared inputs (the key or the value in `input_names`) and what
frameworks pass beside data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, ReferenceView, Related, Severity, Table, joined, nearest, rule, some

from ..declarations._names import names_of


@dataclass(frozen=True, slots=True)
class UnknownInput:
    name: str
    contract: str
    declared: tuple[str, ...]

    def message(self) -> str:
        return f"{self.contract} has no input '{self.name}'"

    def help(self) -> str:
        near = nearest(self.name, self.declared)
        if near:
            return f"did you mean {joined(near)}?"
        return f"declared: {some(self.declared)}" if self.declared else f"{self.contract} declares no inputs"


@rule("CL306", "unknown-reference", Severity.ERROR, view=ReferenceView, facts=UnknownInput)
def unknown_reference(view: ReferenceView) -> Iterator[Draft]:
    reference, contract = view.reference, view.contract
    read = {use.name for use in contract.name_uses if use.table is Table.INPUTS}
    if contract.hands_inputs_on or reference.name in {*reference.declared, *names_of(contract.inputs), *read}:
        return
    facts = UnknownInput(reference.name, contract.name, reference.declared)
    related = Related(contract.span, f"{contract.class_name} declares its inputs")
    yield Draft(facts, reference.span, contract.name, f"{reference.scope}.{reference.name}", (related,))
