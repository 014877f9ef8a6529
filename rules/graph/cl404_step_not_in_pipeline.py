"""A step is configured or made, and the pipeline does not have it.

## What it reports

A name in the dict of configurations that goes with a graph, of a class that leads to a builder, while the graph has no node of this name.
And a step that a function makes with `create_step`, while its `Pipeline(steps=[…])` neither lists it nor refers to it.

## Why it matters

Nothing fails: the pipeline simply runs without the step. A model is trained and never evaluated.

## Bad

```python
from pydantic import BaseModel
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import Assembler, PipelineDAG, StepBuilderBase


class PrepareConfig(BaseModel):
    instance_type: str = "ml.m5.xlarge"


class TrainConfig(BaseModel):
    instance_type: str = "ml.m5.4xlarge"


class PrepareStepBuilder(StepBuilderBase):
    def __init__(self, config: PrepareConfig):
        self.config = config

    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_data": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def __init__(self, config: TrainConfig):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


class EvaluateConfig(BaseModel):
    instance_type: str = "ml.m5.xlarge"


class EvaluateStepBuilder(StepBuilderBase):
    def __init__(self, config: EvaluateConfig):
        self.config = config

    def get_input_requirements(self):
        return {"model": "S3 path of the model"}

    def get_output_properties(self):
        return {"report": "S3 path of the report"}

    def create_step(self, inputs, **kwargs):
        return ProcessingStep(name="Evaluate", step_args=self.run(inputs["model"]))


def get_pipeline():
    dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
    configs = {"Prepare": PrepareConfig(), "Train": TrainConfig(), "Evaluate": EvaluateConfig()}
    return Assembler(dag, configs).assemble()
```

## Good

```python
from pydantic import BaseModel
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import Assembler, PipelineDAG, StepBuilderBase


class PrepareConfig(BaseModel):
    instance_type: str = "ml.m5.xlarge"


class TrainConfig(BaseModel):
    instance_type: str = "ml.m5.4xlarge"


class PrepareStepBuilder(StepBuilderBase):
    def __init__(self, config: PrepareConfig):
        self.config = config

    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_data": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def __init__(self, config: TrainConfig):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


class EvaluateConfig(BaseModel):
    instance_type: str = "ml.m5.xlarge"


class EvaluateStepBuilder(StepBuilderBase):
    def __init__(self, config: EvaluateConfig):
        self.config = config

    def get_input_requirements(self):
        return {"model": "S3 path of the model"}

    def get_output_properties(self):
        return {"report": "S3 path of the report"}

    def create_step(self, inputs, **kwargs):
        return ProcessingStep(name="Evaluate", step_args=self.run(inputs["model"]))


def get_pipeline():
    dag = PipelineDAG(nodes=["Prepare", "Train", "Evaluate"], edges=[("Prepare", "Train"), ("Train", "Evaluate")])
    configs = {"Prepare": PrepareConfig(), "Train": TrainConfig(), "Evaluate": EvaluateConfig()}
    return Assembler(dag, configs).assemble()
```

## How to fix

Add the node and its edges, or the step to `steps=[…]`; or take away what is not used.

## When it stays silent

For entries that configure no step of their own, such as a base configuration whose class others inherit from; where several graphs share
the dict and one of them has the node; and where some of the nodes, or of the listed steps, are only known at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Lack, PipelineView, Related, Severity, joined, nearest, rule

from ._names import builder_at


@dataclass(frozen=True, slots=True)
class StepLeftOut:
    """``made``: the step is made there, and not only configured; ``near`` are nodes of nearly the name."""

    name: str
    pipeline: str
    made: bool
    near: tuple[str, ...]

    def message(self) -> str:
        if self.made:
            return f"the step '{self.name}' is made, and pipeline '{self.pipeline}' does not have it"
        return f"'{self.name}' is configured, and pipeline '{self.pipeline}' has no such step"

    def help(self) -> str:
        if self.made:
            return "add it to the steps of the pipeline, or do not make it"
        if self.near:
            return f"did you mean {joined(self.near)}? else add the node and its edges"
        return "add the node and its edges, or take the configuration away"


@rule("CL404", "step-not-in-pipeline", Severity.WARNING, view=PipelineView, facts=StepLeftOut)
def step_not_in_pipeline(view: PipelineView) -> Iterator[Draft]:
    pipeline = view.pipeline
    if pipeline.open_steps is not None:
        return
    steps = {step.name: step for step in pipeline.steps}
    lacking = [step.name for step in pipeline.steps if step.lacks is Lack.CONFIG]
    for one in {one.name: one for one in reversed(pipeline.left_out)}.values():
        if nearest(one.name, lacking):
            continue  # CL409 tells that this configuration may be meant
        made = steps.get(one.name)
        near = () if made is not None else nearest(one.name, steps)
        related = (
            Related(pipeline.span, f"the pipeline {pipeline.name} is put together here"),
            *(builder_at(made) if made is not None else ()),
        )
        yield Draft(StepLeftOut(one.name, pipeline.name, made is not None, near), one.span, pipeline.name, one.name, related)
