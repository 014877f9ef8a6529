"""A step is configured or made, and the pipeline does not have it.

## What it reports

A name in the dict of configurations that goes with a graph, of a class that leads to a builder, while the graph has no node of this name.
And a step that a function makes with `create_step`, while its `Pipeline(steps=[…])` neither lists it nor refers to it. In plain SDK code:
a step that no pipeline has, before a pipeline that the same code puts together. Of several that refer to each other it is the last.

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
the dict and one of them has the node; and where some of the nodes, or of the listed steps, are only known at run time. In plain SDK code:
for a step that a list, a dict or an object keeps, that goes to a caller who is not known or to a call outside of the SDK, or whose name a
step of some pipeline in the file has, since notebooks define steps again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Lack, PipelineView, Related, SdkPipeline, SdkStepView, Severity, joined, nearest, rule

from ..properties._reads import called
from ._names import builder_at
from ._sdk import label, pipeline_at, steps_above


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


@dataclass(frozen=True, slots=True)
class UnusedStep:
    """``step`` is a step in a sentence."""

    step: str
    pipeline: str

    def message(self) -> str:
        return f"the {self.step} is made, and no pipeline has it"

    def help(self) -> str:
        return f"add it to the steps of pipeline '{self.pipeline}', or do not make it"


@rule("CL404", "step-not-in-pipeline", Severity.WARNING, view=PipelineView, facts=StepLeftOut, also=(SdkStepView,))
def step_not_in_pipeline(view: PipelineView | SdkStepView) -> Iterator[Draft]:
    if isinstance(view, SdkStepView):
        pipeline_after = _pipeline_without(view)
        if pipeline_after is not None:
            facts = UnusedStep(called(view.step), pipeline_after.name)
            scope = view.object.scope or view.step.span.path
            yield Draft(facts, view.step.span, scope, label(view.step), (pipeline_at(pipeline_after),))
        return
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


def _pipeline_without(view: SdkStepView) -> SdkPipeline | None:
    """The pipeline that is put together after the step and should have it; None if something may become of the step elsewhere."""
    scene, step = view.scene, view.step
    if view.placed or step.number in scene.held or step.number in scene.given_away:
        return None
    here = [one for one in scene.pipelines if one.span.path == step.span.path]
    placed = {one.number for pipeline in scene.pipelines for one in pipeline.steps}
    named = {scene.steps[number].name for number in placed if scene.steps[number].span.path == step.span.path}
    if step.name in named or any(one.open_steps is not None for one in here):
        return None
    if any(number not in placed for number in steps_above(scene, step.number)):
        return None
    return next((one for one in here if one.number > step.number and one.steps), None)
