"""An edge of a graph hands nothing over.

## What it reports

An edge between two steps whose builders are known: no output of the one feeds an input of the other. In frameworks of this kind edges
carry data.

## Why it matters

Either the edge is left over from something that is gone, or it was drawn for data that does not arrive because of a name.

## Bad

```python
from sagemaker.processing import ProcessingInput
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


class NotifyStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model": "S3 path of the model"}

    def get_output_properties(self):
        return {}

    def create_step(self, inputs, **kwargs):
        mounted = ProcessingInput(source=inputs["model"], destination="/opt/ml/processing/input")
        return ProcessingStep(name="Notify", processor=self.processor(), inputs=[mounted])


dag = PipelineDAG(nodes=["Prepare", "Train", "Notify"], edges=[("Prepare", "Train"), ("Train", "Notify"), ("Prepare", "Notify")])
```

## Good

```python
from sagemaker.processing import ProcessingInput
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


class NotifyStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model": "S3 path of the model"}

    def get_output_properties(self):
        return {}

    def create_step(self, inputs, **kwargs):
        mounted = ProcessingInput(source=inputs["model"], destination="/opt/ml/processing/input")
        return ProcessingStep(name="Notify", processor=self.processor(), inputs=[mounted])


dag = PipelineDAG(nodes=["Prepare", "Train", "Notify"], edges=[("Prepare", "Train"), ("Train", "Notify")])
```

## How to fix

Take the edge away, or give the output and the input the same name. An edge that is only for the order of the steps belongs into
`dependencies=[…]` or `depends_on`.

## When it stays silent

For `dependencies=[…]` and `depends_on`, whose purpose is order; where one of the steps has no outputs or no inputs at all; where one of
its contracts is only known at run time, or takes its inputs as a whole; where a required input of the later step is missing (CL301), or
an optional one has a name or a type like what the other step provides; where an input is ambiguous, unknown, or may be filled in by its
builder; and for edges and steps on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Binding, Draft, Edge, Given, Outcome, PipelineView, Related, Severity, Step, rule

from ._edges import sides


@dataclass(frozen=True, slots=True)
class EmptyEdge:
    source: str
    target: str
    sides: str

    def message(self) -> str:
        return f"the edge from {self.source} to {self.target} hands nothing over"

    def help(self) -> str:
        return f"no output of the one is an input of the other:\n{self.sides}"


@rule("CL305", "edge-carries-no-data", Severity.WARNING, view=PipelineView, facts=EmptyEdge)
def edge_carries_no_data(view: PipelineView) -> Iterator[Draft]:
    fed = {(one.chosen.step, one.step) for one in view.wiring.bindings if one.chosen is not None}
    fed |= {(one.producer, one.step) for one in view.pipeline.given if one.producer is not None}  # whatever it reads there: CL306
    unsettled = {one.step for one in view.wiring.bindings if not _is_settled(one)}
    steps = {step.name: step for step in view.pipeline.steps}
    for edge in sorted(view.pipeline.edges, key=lambda one: (one.span, one.source, one.target)):
        source, target = steps.get(edge.source), steps.get(edge.target)
        if source is None or target is None or (source.name, target.name) in fed or target.name in unsettled:
            continue
        if _is_for_data(edge, source, target):
            places = [(source, "outputs"), (target, "inputs")]
            related = tuple(
                Related(step.contract.span, f"{step.contract.class_name} declares its {what}")
                for step, what in places
                if step.contract is not None
            )
            facts = EmptyEdge(source.name, target.name, sides(source, target))
            yield Draft(facts, edge.span, view.pipeline.name, f"{source.name}->{target.name}", related)


def _is_settled(binding: Binding) -> bool:
    """Whether it is known what feeds an input, or that nothing does and nothing has to."""
    if binding.outcome is Outcome.BOUND or (binding.given is not None and binding.given.given is Given.EXTERNAL):
        return True
    return binding.outcome is Outcome.MISSING and not binding.input.required and not binding.suggestions


def _is_for_data(edge: Edge, source: Step, target: Step) -> bool:
    """Whether the edge certainly exists between two steps that could hand something over, and all that they could is known."""
    known = source.contract is not None and target.contract is not None and not target.contract.hands_inputs_on
    closed = source.open_outputs is None and target.open_inputs is None
    inputs = [port for port in target.inputs if not port.pseudo]
    certain = edge.certain and source.certain and target.certain
    return edge.data and certain and edge.source != edge.target and known and closed and bool(source.outputs) and bool(inputs)
