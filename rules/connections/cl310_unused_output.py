"""Nothing in the pipeline takes an output.

## What it reports

An output of a step that no input of the pipeline takes. Off by default: what a pipeline is made for is often taken by nobody in it.

## Why it matters

An output that nobody takes may be the one that was meant to arrive somewhere, under another name.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class PrepareStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"train_data": "S3 path of the training data", "sample": "S3 path of a sample"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Prepare", step_args=self.run())


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


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
        return {}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## How to fix

Feed it to the step that needs it, or do not declare it.

## When it stays silent

Unless it is selected; where an input of the pipeline is unknown or ambiguous, the builder of one of its steps is not known, or its edges
are only known at run time; and where an input of the step behind is fed by nothing (CL301), or by a default: it may be meant for that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Binding, Draft, Outcome, PipelineView, Related, Severity, rule


@dataclass(frozen=True, slots=True)
class UnusedOutput:
    step: str
    output: str

    def message(self) -> str:
        return f"nothing in the pipeline takes {self.step}.{self.output}"

    def help(self) -> str:
        return "feed it to the step that needs it, or do not declare it"


@rule("CL310", "unused-output", Severity.NOTE, view=PipelineView, facts=UnusedOutput, off=True)
def unused_output(view: PipelineView) -> Iterator[Draft]:
    bindings = view.wiring.bindings
    settled = all(one.outcome not in (Outcome.UNKNOWN, Outcome.AMBIGUOUS) for one in bindings)
    known = all(step.contract is not None and step.open_inputs is None for step in view.pipeline.steps)
    pipeline = view.pipeline
    if not settled or not known or pipeline.open_steps is not None or pipeline.open_edges is not None:
        return
    taken = {(one.chosen.step, one.chosen.output.name) for one in bindings if one.chosen is not None}
    unfed = {one.step for one in bindings if _lacks(one)}
    wanted = {edge.source for edge in pipeline.edges if edge.target in unfed}
    wanted |= {one.producer for one in view.wiring.unplaced if one.producer is not None}
    for step in pipeline.steps:
        for port in step.outputs if step.certain and step.name not in wanted else ():
            if (step.name, port.name) not in taken and port.certain:
                related = (Related(port.origin, f"output declared here: {step.name}.{port.name}"),)
                yield Draft(UnusedOutput(step.name, port.name), step.span, pipeline.name, f"{step.name}.{port.name}", related)


def _lacks(binding: Binding) -> bool:
    """Whether an input gets nothing from a step, though it may well be meant to."""
    if binding.outcome is Outcome.EXTERNAL:
        return binding.given is None
    return binding.outcome is Outcome.MISSING and binding.input.required
