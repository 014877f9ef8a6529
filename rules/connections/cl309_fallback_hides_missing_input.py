"""A builder falls back to a fixed value for an input that nothing feeds.

## What it reports

An input whose description does not call it optional, that nothing in the pipeline feeds, and for which the builder takes a text that is
written in the code: a fixed S3 path.

## Why it matters

Where the producer is renamed, or an edge is lost, nothing fails: the step runs on what lies under the fixed path, which may be months
old.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"training_set": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs.get("train_data", "s3://example-bucket/train")))


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
        return {"train_data": "S3 path of the training data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs.get("train_data", "s3://example-bucket/train")))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## How to fix

Take the fallback out, so that a missing input is an error; or call the input optional in its description, if the value is meant.

## When it stays silent

Where something feeds the input or the code gives it a value; where the fallback comes from a configuration; and where the description
says that the input is optional.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Outcome, Related, Severity, rule, says_optional

from ._edges import where


@dataclass(frozen=True, slots=True)
class Fallback:
    step: str
    input: str
    text: str

    def message(self) -> str:
        return f"nothing feeds '{self.input}' of {self.step}, and its builder falls back to '{self.text}'"

    def help(self) -> str:
        return "take the fallback out, or call the input optional if the value is meant"


@rule("CL309", "fallback-hides-missing-input", Severity.WARNING, view=BindingView, facts=Fallback)
def fallback_hides_missing_input(view: BindingView) -> Iterator[Draft]:
    binding, port = view.binding, view.binding.input
    fallback = port.fallback
    unfed = binding.outcome in (Outcome.EXTERNAL, Outcome.MISSING) and binding.given is None
    if fallback is None or fallback.text is None or not unfed or port.description is None or says_optional(port.description):
        return
    related = (
        Related(port.origin, f"input declared here: {where(view)}"),
        Related(view.step.span, f"{view.step.name} is in pipeline {view.wiring.pipeline.name} here"),
    )
    facts = Fallback(view.step.name, port.name, fallback.text)
    yield Draft(facts, fallback.span, view.wiring.pipeline.name, where(view), related)
