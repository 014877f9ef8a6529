"""A step of a pipeline has no edge at all.

## What it reports

A node of a graph that no edge names, while other nodes have edges. Where its inputs lack a producer, or another step lacks its outputs,
CL301 or CL304 say so instead.

## Why it matters

The step runs at once and beside everything else, and what it makes goes nowhere. Mostly its edges were lost in a rename.

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


class ProfileStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"profile": "S3 path of the profile of the raw data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Profile", step_args=self.run())


dag = PipelineDAG(nodes=["Profile", "Prepare", "Train"], edges=[("Prepare", "Train")])
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


class ProfileStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"profile": "S3 path of the profile of the raw data"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Profile", step_args=self.run())


dag = PipelineDAG(nodes=["Profile", "Prepare", "Train"], edges=[("Profile", "Train"), ("Prepare", "Train")])
```

## How to fix

Add the edge that is missing, or take the node away.

## When it stays silent

Where some of the edges, or of the values that code hands over, are only known at run time; in pipelines without edges; and for steps that
need nothing and provide nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Given, Outcome, PipelineView, Related, Severity, Step, rule

from ._names import builder_at, misnamed


@dataclass(frozen=True, slots=True)
class Orphan:
    name: str
    pipeline: str

    def message(self) -> str:
        return f"no edge of pipeline '{self.pipeline}' leads to {self.name} or from it"

    def help(self) -> str:
        return "add the edge that is missing, or take the step away"


@rule("CL405", "orphan-step", Severity.WARNING, view=PipelineView, facts=Orphan)
def orphan_step(view: PipelineView) -> Iterator[Draft]:
    pipeline = view.pipeline
    unknown = any(one.given is Given.UNKNOWN for one in pipeline.given)  # it may refer to any step
    if pipeline.open_edges is not None or pipeline.open_steps is not None or not pipeline.edges or unknown:
        return
    linked = {end for edge in pipeline.edges for end in (edge.source, edge.target)}
    linked |= {end for one in pipeline.given if one.producer is not None for end in (one.producer, one.step)}
    told = _told_otherwise(view) | misnamed(view.wiring) | {one.name for one in pipeline.left_out}
    for step in pipeline.steps:
        if step.name in linked or step.name in told or not step.declared or not step.certain or _does_nothing(step):
            continue
        related = (Related(pipeline.span, f"the pipeline {pipeline.name} is put together here"), *builder_at(step))
        yield Draft(Orphan(step.name, pipeline.name), step.span, pipeline.name, step.name, related)


def _told_otherwise(view: PipelineView) -> set[str]:
    """The steps of which CL301, CL304 or CL409 say what is wrong."""
    told = {step.name for step in view.pipeline.steps if step.lacks is not None}
    for binding in view.wiring.bindings:
        if binding.outcome is Outcome.MISSING and binding.input.required and binding.input.certain:
            told.add(binding.step)
            told.update(one.step for one in binding.elsewhere)
    return told


def _does_nothing(step: Step) -> bool:
    """Whether a step needs nothing and provides nothing, as far as that is known."""
    if step.contract is None:
        return False
    return all(port.pseudo for port in step.ports)
