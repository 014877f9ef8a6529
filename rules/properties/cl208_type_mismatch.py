"""An output of one type feeds an input of another.

## What it reports

An edge of a pipeline over which a value of another kind goes than the input takes: the name of a job, or an ARN, where an S3 URI is due;
a prefix where the archive of a model is due; the name of one resource for that of another. A mistake that may be none (any text where an
ARN is due) is a warning. The same in plain SDK code, where one step is given a property of another
(`Model(model_data=train.properties.TrainingJobName)`).

## Why it matters

The SDK hands over any property as text. The service rejects it when the job starts, after the steps before it were paid for.

## Bad

```python
from sagemaker.model import Model
from sagemaker.workflow.steps import CreateModelStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"model": "What the training made"}

    def get_property_paths(self):
        return {"model": "properties.TrainingJobName"}

    def create_step(self, **kwargs):
        return TrainingStep(name="Train", estimator=self.estimator())


class ModelStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model": "What the training made"}

    def get_output_properties(self):
        return {"model_name": "Name of the model"}

    def create_step(self, inputs, **kwargs):
        model = Model(image_uri=self.image, model_data=inputs["model"])
        return CreateModelStep(name="Model", model=model)


dag = PipelineDAG(nodes=["Train", "Model"], edges=[("Train", "Model")])
```

## Good

```python
from sagemaker.model import Model
from sagemaker.workflow.steps import CreateModelStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"model": "What the training made"}

    def get_property_paths(self):
        return {"model": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, **kwargs):
        return TrainingStep(name="Train", estimator=self.estimator())


class ModelStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model": "What the training made"}

    def get_output_properties(self):
        return {"model_name": "Name of the model"}

    def create_step(self, inputs, **kwargs):
        model = Model(image_uri=self.image, model_data=inputs["model"])
        return CreateModelStep(name="Model", model=model)


dag = PipelineDAG(nodes=["Train", "Model"], edges=[("Train", "Model")])
```

## How to fix

Give the output the property path of what the input takes, or feed the input from the output that has it.

## When it stays silent

Where the type of one end is not known from a declaration, a property path or an argument of the SDK; types that are guessed from
descriptions and names make no finding until it is measured how often they are right. And where the step, the edge or one of the
two ends exists on some paths through the code only. Optional inputs count: what they are given must fit. Numbers in texts are CL211,
outputs that may be absent CL210, S3 URIs that only differ in what they point at CL209, unless they certainly cannot work. A structure that
plain SDK code gives to an argument is CL203.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Judgement, Severity, TypeVerdict, rule

from ._types import NUMBERS, OPTIONAL, REFINEMENTS, Mismatch, judged, mismatch


@dataclass(frozen=True, slots=True)
class TypeMismatch(Mismatch):
    """Values of different kinds."""


@rule("CL208", "type-mismatch", Severity.ERROR, view=BindingView, facts=TypeMismatch)
def type_mismatch(view: BindingView) -> Iterator[Draft]:
    judgement = judged(view)
    if judgement is not None and _speaks(judgement):
        yield from mismatch(view, TypeMismatch)


def _speaks(judgement: Judgement) -> bool:
    """Whether this rule speaks, and none of its neighbours."""
    if judgement.reason in REFINEMENTS:
        return judgement.verdict is TypeVerdict.ERROR
    return judgement.reason not in OPTIONAL | NUMBERS
