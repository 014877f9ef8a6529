"""An input might be fed by an output whose name shares a word with it.

## What it reports

An input that nothing feeds, while one output of the steps before it shares a telling word with its name, or has its type farther away.
Off by default: it is a suggestion, nothing is bound by it.

## Why it matters

Frameworks that join by words would make this connection, rightly or not. Saying it in the code makes it certain.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_features": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_table": "Optional S3 path of a table"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs.get("train_table")))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## Good

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_table": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_table": "Optional S3 path of a table"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs.get("train_table")))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## How to fix

Give the two the same name, or hand the output over where the step is created.

## When it stays silent

Unless it is selected; where word and type suggest different outputs; and for steps and inputs on some paths through the code only. Words
that say nothing (data, input, output, path, model, s3, uri, dir, file) never count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Outcome, Severity, rule

from ._edges import ends, is_certain, where


@dataclass(frozen=True, slots=True)
class Suggestion:
    step: str
    input: str
    output: str
    via: str

    def message(self) -> str:
        return f"nothing feeds '{self.input}' of {self.step}; {self.output} might ({self.via})"

    def help(self) -> str:
        return "if it is meant, give the two the same name or hand it over by name"


@rule("CL308", "heuristic-binding", Severity.NOTE, view=BindingView, facts=Suggestion, off=True)
def heuristic_binding(view: BindingView) -> Iterator[Draft]:
    binding = view.binding
    outputs = {(one.step, one.output.name): one for one in reversed(binding.suggestions)}
    if binding.outcome is Outcome.MISSING and len(outputs) == 1 and is_certain(view):
        (one,) = outputs.values()
        facts = Suggestion(view.step.name, binding.input.name, f"{one.step}.{one.output.name}", one.via)
        yield Draft(facts, view.step.span, view.wiring.pipeline.name, where(view), ends(view, (one,)))
