"""Two steps of a pipeline have one name.

## What it reports

A name that stands twice in the list of nodes (`nodes=[…]`, `add_node`). Where code makes the steps: two steps in `Pipeline(steps=[…])` to
which the SDK is given the same name.

## Why it matters

A graph keeps one of the two nodes: often the second was meant to be another step, which then is missing. The SDK refuses a pipeline whose
steps share a name, when its definition is made.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_data": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


dag = PipelineDAG(nodes=["Prepare", "Train", "Train"], edges=[("Prepare", "Train")])
```

## Good

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_data": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## How to fix

Give the second step its own name, or take it away.

## When it stays silent

Where one of the two is only there on some paths through the code, or its name is only known at run time; and for `add_node` with a name
that is there already, which graphs pass over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, PipelineView, Related, Severity, rule


@dataclass(frozen=True, slots=True)
class SecondStep:
    name: str
    pipeline: str

    def message(self) -> str:
        return f"pipeline '{self.pipeline}' has two steps of the name '{self.name}'"

    def help(self) -> str:
        return "give the second one its own name, or take it away"


@rule("CL403", "duplicate-step-name", Severity.ERROR, view=PipelineView, facts=SecondStep)
def duplicate_step_name(view: PipelineView) -> Iterator[Draft]:
    for one in view.pipeline.repeated:
        first = Related(one.first, f"the first '{one.name}' is here")
        yield Draft(SecondStep(one.name, view.pipeline.name), one.span, view.pipeline.name, one.name, (first,))
