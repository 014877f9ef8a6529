"""A step has the output that another one needs, and no edge leads there.

## What it reports

A required input for which no step before has an output, while another step of the same pipeline has one of its name. And, as a warning,
an input that is fed over an edge that is not there: by a step that comes before the step before. An edge that several inputs miss is one
finding.

## Why it matters

Frameworks look for inputs along the edges: the step is built without the data, or fails. Where a framework looks farther, the order of
the two steps hangs on a third that may go one day.

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


class EvaluateStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data", "model": "S3 path of the model"}

    def get_output_properties(self):
        return {"report": "S3 path of the report"}

    def create_step(self, inputs, **kwargs):
        return ProcessingStep(name="Evaluate", step_args=self.run(inputs["train_data"], inputs["model"]))


dag = PipelineDAG(nodes=["Prepare", "Train", "Evaluate"], edges=[("Prepare", "Evaluate"), ("Prepare", "Train")])
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


class EvaluateStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data", "model": "S3 path of the model"}

    def get_output_properties(self):
        return {"report": "S3 path of the report"}

    def create_step(self, inputs, **kwargs):
        return ProcessingStep(name="Evaluate", step_args=self.run(inputs["train_data"], inputs["model"]))


dag = PipelineDAG(nodes=["Prepare", "Train", "Evaluate"], edges=[("Prepare", "Evaluate"), ("Prepare", "Train"), ("Train", "Evaluate")])
```

## How to fix

Add the edge that the message names.

## When it stays silent

For optional inputs; where the other step comes later; where a step before may have more outputs than are known; where edges exist on some
paths through the code only; and where another edge names one of the two steps wrongly (CL402).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Outcome, Reach, Related, Severity, Step, first_places, joined, rule

from ..graph._names import misnamed
from ._edges import sides
from ._inputs import Pair, by_calls, declared_input, declared_output, fix_place, is_demanded


@dataclass(frozen=True, slots=True)
class MissingEdge:
    """``producers`` have what ``inputs`` of ``consumer`` need; with ``over``, the only one feeds them over other steps.

    ``calls``: code makes the steps call by call, there is no graph.
    """

    producers: tuple[str, ...]
    outputs: tuple[str, ...]
    consumer: str
    inputs: tuple[str, ...]
    over: bool
    calls: bool
    sides: str

    def message(self) -> str:
        what = f"input {joined(self.inputs)}" if len(self.inputs) == 1 else f"inputs {joined(self.inputs, 'and')}"
        producer, *others = self.producers
        if others:
            return f"no edge leads to {self.consumer} from a step that has its required {what}: {' or '.join(self.producers)}"
        renamed = "" if self.outputs == self.inputs else f" ({joined(self.outputs, 'and')})"
        has = f"feeds the {what}" if self.over else f"has the required {what}"
        return f"{producer} {has} of {self.consumer}{renamed}, but no edge leads from it to {self.consumer}"

    def help(self) -> str:
        if self.calls:
            given = f"inputs={{'{self.inputs[0]}': …}}"
            fix = f"hand it over where {self.consumer} is created: {given}, or make {self.producers[0]} one of its dependencies"
        else:
            fix = f"add the edge {' or '.join(f'({one!r}, {self.consumer!r})' for one in self.producers[:3])}"
        return f"{fix}\n{self.sides}" if self.sides else fix


@rule("CL304", "missing-edge", Severity.ERROR, view=BindingView, facts=MissingEdge)
def missing_edge(view: BindingView) -> Iterator[Draft]:
    wanted = _wanted(view)
    if not wanted:
        return
    pipeline, consumer = view.wiring.pipeline, view.step
    alike = [one for one in _of_step(view) if tuple(found.step for found in _wanted(one)) == tuple(found.step for found in wanted)]
    producers = tuple(dict.fromkeys(one.step for one in wanted))
    if alike[0].binding is not view.binding or not misnamed(view.wiring).isdisjoint((consumer.name, *producers[:1])):
        return
    over = view.binding.chosen is not None
    pairs = [(one, found) for one in alike for found in _wanted(one)]
    outputs = tuple(dict.fromkeys(found.output.name for _, found in pairs))
    inputs = tuple(one.binding.input.name for one in alike)
    shown = sides(view.wiring.step(producers[0]), consumer) if len(producers) == 1 else ""
    facts = MissingEdge(producers, outputs, consumer.name, inputs, over, by_calls(pipeline), shown)
    related = (
        *first_places(declared_output(found.step, found.output) for _, found in pairs),
        *first_places(declared_input(one) for one in alike),
        *_steps(consumer, *(view.wiring.step(name) for name in producers[:1])),
    )
    severity = Severity.WARNING if over else None
    yield Draft(facts, fix_place(view), pipeline.name, f"{'|'.join(producers)}->{consumer.name}", related, severity)


def _wanted(view: BindingView) -> tuple[Pair, ...]:
    """The outputs that no edge leads from: the one that feeds the input over other steps, else those elsewhere in the pipeline."""
    binding = view.binding
    if not is_demanded(view):
        return ()
    if binding.outcome is Outcome.BOUND:
        chosen = binding.chosen
        return (Pair(chosen.step, chosen.output),) if chosen is not None and chosen.reach is Reach.TRANSITIVE else ()
    every = binding.elsewhere if binding.outcome is Outcome.MISSING else ()
    return tuple(Pair(one.step, one.output) for one in every[:5])


def _of_step(view: BindingView) -> list[BindingView]:
    return [BindingView(view.wiring, view.step, one) for one in view.wiring.of_step(view.step.name)]


def _steps(*steps: Step | None) -> Iterator[Related]:
    return (Related(step.span, f"the step {step.name} is here") for step in steps if step is not None)
