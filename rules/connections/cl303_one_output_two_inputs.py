"""One output feeds two inputs of one step.

## What it reports

An output that names or types join to two inputs of the same step, unless the code says so for both.

## Why it matters

A model that is tested on what it was trained with looks better than it is, and nothing fails.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareConfig:
    output_names = {"train_data": "held_out"}


class PrepareStepBuilder(StepBuilderBase):
    def __init__(self, config: PrepareConfig):
        self.config = config

    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {name: "S3 path of the data" for name in self.config.output_names}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data", "held_out": "S3 path of the data that is held out"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"], inputs["held_out"]))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## Good

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareConfig:
    output_names = {"train_data": "TrainData", "held_out": "HeldOut"}


class PrepareStepBuilder(StepBuilderBase):
    def __init__(self, config: PrepareConfig):
        self.config = config

    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {name: "S3 path of the data" for name in self.config.output_names}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data", "held_out": "S3 path of the data that is held out"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"], inputs["held_out"]))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## How to fix

Give each input an output of its own, or say for both, where the step is created, that they take the same.

## When it stays silent

Where the code hands the output to both inputs by name; for optional inputs that only the type would join with it; and where the step,
the edge or one of the ends exists on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Binding, BindingView, Draft, Related, Severity, Tier, joined, rule

from ._edges import is_certain, where


@dataclass(frozen=True, slots=True)
class SharedOutput:
    output: str
    step: str
    inputs: tuple[str, ...]

    def message(self) -> str:
        return f"{self.output} feeds {len(self.inputs)} inputs of {self.step}: {joined(self.inputs, 'and')}"

    def help(self) -> str:
        return "give each an output of its own, or hand it over to both by name where the step is created"


@rule("CL303", "one-output-two-inputs", Severity.WARNING, view=BindingView, facts=SharedOutput)
def one_output_two_inputs(view: BindingView) -> Iterator[Draft]:
    chosen = view.binding.chosen
    if chosen is None:
        return
    alike = [one for one in view.wiring.of_step(view.step.name) if _takes(view, one)]
    told = all(one.chosen is not None and one.chosen.tier is Tier.EXPLICIT for one in alike)
    if len(alike) < 2 or told or alike[0] != view.binding:
        return
    facts = SharedOutput(f"{chosen.step}.{chosen.output.name}", view.step.name, tuple(one.input.name for one in alike))
    inputs = (Related(one.input.origin, f"input declared here: {one.step}.{one.input.name}") for one in alike)
    edge = (Related(view.edge.span, "the edge is here"),) if view.edge is not None and view.edge.span != view.place else ()
    related = (Related(chosen.output.origin, f"output declared here: {chosen.step}.{chosen.output.name}"), *inputs, *edge)
    yield Draft(facts, view.place, view.wiring.pipeline.name, where(view), related)


def _takes(view: BindingView, other: Binding) -> bool:
    """Whether another input of the step certainly is fed by the same output."""
    ours, theirs = view.binding.chosen, other.chosen
    if ours is None or theirs is None or (theirs.step, theirs.output.name) != (ours.step, ours.output.name):
        return False
    return (other.input.required or theirs.tier <= Tier.ALIAS) and is_certain(BindingView(view.wiring, view.step, other))
