"""Two steps of a pipeline have one name.

## What it reports

A name that stands twice in the list of nodes (`nodes=[…]`, `add_node`). Where code makes the steps: two steps in `Pipeline(steps=[…])` to
which the SDK is given the same name. A step collection of the SDK's second version has its own name and those of its steps:
`ModelStep(name="Train")` beside `TrainingStep(name="Train")`. It is a warning where one of the two steps is not listed, and in the
pipeline only because another refers to it.

## Why it matters

A graph keeps one of the two nodes: often the second was meant to be another step, which then is missing. The SDK refuses a pipeline whose
steps share a name, when its definition is made. It does not look at steps that it takes in because others refer to them: the definition
then has the name twice.

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
    """``taken_in``: one of the two is only there because another step refers to it."""

    name: str
    pipeline: str
    taken_in: bool = False

    def message(self) -> str:
        if self.taken_in:
            return f"pipeline '{self.pipeline}' takes in a second step of the name '{self.name}', because another refers to it"
        return f"pipeline '{self.pipeline}' has two steps of the name '{self.name}'"

    def help(self) -> str:
        if self.taken_in:
            return "refer to the step that the pipeline has, or give one of the two its own name"
        return "give the second one its own name, or take it away"


@rule("CL403", "duplicate-step-name", Severity.ERROR, view=PipelineView, facts=SecondStep)
def duplicate_step_name(view: PipelineView) -> Iterator[Draft]:
    for one in view.pipeline.repeated:
        first = Related(one.first, f"the first '{one.name}' is here")
        severity = Severity.WARNING if one.taken_in else None
        facts = SecondStep(one.name, view.pipeline.name, one.taken_in)
        yield Draft(facts, one.span, view.pipeline.name, one.name, (first,), severity)
