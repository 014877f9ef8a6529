"""A step of a pipeline has no edge at all.

## What it reports

A node of a graph that no edge names, while other nodes have edges. Where its inputs lack a producer, or another step lacks its outputs,
CL301 or CL304 say so instead. In plain SDK pipelines: a processing step whose outputs go to the places that the SDK makes up, anew for each
execution, while no other step of the pipeline reads anything of it or is in any order with it.

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
need nothing and provide nothing. In plain SDK pipelines: for pipelines of a single step, or of such steps alone; for steps that write to a
place of their own choice, from which anything may read; for other kinds of step (a training job may be there for its model alone, a Lambda
works elsewhere); where a step takes what is only known at run time; and for steps whose properties Python computes with, of which other
rules tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Given,
    Hidden,
    Literal,
    Outcome,
    PipelineView,
    Read,
    Related,
    SdkPipelineView,
    SdkScene,
    SdkStep,
    Severity,
    Step,
    rule,
)

from ..properties._reads import called
from ._names import builder_at, misnamed
from ._s3_paths import links_by_path
from ._sdk import label, links_of, pipeline_at

#: Arguments of an output that say where it goes.
PLACES = ("destination", "s3_output", "feature_store_output")


@dataclass(frozen=True, slots=True)
class Orphan:
    name: str
    pipeline: str

    def message(self) -> str:
        return f"no edge of pipeline '{self.pipeline}' leads to {self.name} or from it"

    def help(self) -> str:
        return "add the edge that is missing, or take the step away"


@dataclass(frozen=True, slots=True)
class Aside:
    """``step`` is a step in a sentence."""

    step: str
    pipeline: str

    def message(self) -> str:
        return f"the {self.step} is in no order with the other steps of pipeline '{self.pipeline}', and none of them reads its outputs"

    def help(self) -> str:
        return "give its outputs to the step that needs them (`.properties`), or take the step away"


@rule("CL405", "orphan-step", Severity.WARNING, view=PipelineView, facts=Orphan, also=(SdkPipelineView,))
def orphan_step(view: PipelineView | SdkPipelineView) -> Iterator[Draft]:
    if isinstance(view, SdkPipelineView):
        yield from _aside(view)
        return
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
        return step.sdk_class is not None  # those are judged by what they were made with
    return all(port.pseudo for port in step.ports)


def _aside(view: SdkPipelineView) -> Iterator[Draft]:
    """Steps of a plain SDK pipeline whose results are lost."""
    scene, pipeline = view.scene, view.pipeline
    steps = [scene.steps[placed.number] for placed in pipeline.steps]
    if pipeline.open_steps is not None or len(steps) < 2 or any(_is_dark(scene, step) for step in steps):
        return
    linked = {end for link in links_of(pipeline) for end in (link.consumer, link.producer)}
    linked |= {number for placed in pipeline.steps for number in (placed.number, *dict(placed.branches)) if placed.branches}
    linked |= {step.number for link in links_by_path(scene, pipeline) for step in (link.reader, link.writer)}  # CL411
    linked |= {wait.consumer for wait in pipeline.waits} | {stray.consumer for stray in pipeline.strays}
    named = [step.name for step in steps]
    alone = [one for one in pipeline.steps if one.number not in linked and one.must and _loses_outputs(scene, scene.steps[one.number])]
    if len(alone) == len(steps):
        return  # jobs that only run beside each other
    computed = set(_operands(scene)) if alone else set()
    for placed in alone:
        step = scene.steps[placed.number]
        if placed.number not in computed and named.count(step.name) == 1:  # CL403: what refers to it may refer to another one
            yield Draft(Aside(called(step), pipeline.name), step.span, pipeline.name, label(step), (pipeline_at(pipeline),))


def _operands(scene: SdkScene) -> Iterator[int]:
    """The steps that Python does something with, such as joining one of their properties to a text: the code needs what they make."""
    for operation in scene.operations:
        for value in (operation.operand, *operation.others):
            for one in scene.inside(value):
                obj = scene.object(one)
                given = (one,) if obj is None else tuple(obj.arguments.values())
                yield from (each.of for each in given if isinstance(each, Read))


def _is_dark(scene: SdkScene, step: SdkStep) -> bool:
    """Whether the step may refer to any other."""
    taken = (inner for port in step.inputs if port.given is not None for inner in scene.inside(port.given))
    declared = (scene.objects[port.number] for port in step.inputs if port.number is not None)
    values = (*taken, *(value for obj in declared for value in obj.arguments.values()))
    return step.open_inputs is not None or step.open_depends_on is not None or any(isinstance(value, Hidden) for value in values)


def _loses_outputs(scene: SdkScene, step: SdkStep) -> bool:
    """Whether all that a processing step writes goes to places that the SDK makes up."""
    declared = [scene.object(port.number) for port in step.outputs]
    if step.kinds != ("Processing",) or not declared or step.open_outputs is not None:
        return False
    return all(one is not None and one.open is None and not any(_is_given(one.get(name)) for name in PLACES) for one in declared)


def _is_given(value: object) -> bool:
    return value is not None and not (isinstance(value, Literal) and value.value is None)
