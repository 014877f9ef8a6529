"""Several outputs may feed one input, and nothing says which.

## What it reports

An input for which several steps before it have an output of its name, or of the one type that could be meant. No output is chosen:
distance and the other inputs of the step do not settle it either.

## Why it matters

A framework that takes the first it finds takes another one tomorrow, when somebody adds a node. What the step is trained or tested on
then depends on the order of a list.

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


class SampleStepBuilder(PrepareStepBuilder):
    pass


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


dag = PipelineDAG(nodes=["Prepare", "Sample", "Train"], edges=[("Prepare", "Train"), ("Sample", "Train")])
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


class SampleStepBuilder(PrepareStepBuilder):
    def get_output_properties(self):
        return {"sample": "S3 path of a sample"}


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


dag = PipelineDAG(nodes=["Prepare", "Sample", "Train"], edges=[("Prepare", "Train"), ("Sample", "Train")])
```

## How to fix

Give the outputs different names, name the input as the one that is meant, or hand the output over where the step is created.

## When it stays silent

Where one of the outputs is nearer in the graph than the others; where the names of the step's inputs settle it among them; where the code
hands one over by name; for optional inputs that only the type would join with an output; and where none of the outputs comes before
the step for certain, as with edges in the two branches of an `if`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_lint.api import BindingView, Candidate, Draft, Outcome, Severity, Tier, listed, rule

from ._edges import ends, where
from ._inputs import by_calls

#: Candidates that are shown.
SHOWN = 5


@dataclass(frozen=True, slots=True)
class SeveralOutputs:
    """``fixes`` has one line for each output: what makes it the one."""

    step: str
    input: str
    outputs: tuple[str, ...]
    fixes: tuple[str, ...]

    def message(self) -> str:
        return f"several outputs may feed '{self.input}' of {self.step}: {listed(self.outputs, SHOWN)}"

    def help(self) -> str:
        chosen = [f"for {output}: {fix}" for output, fix in zip(self.outputs, self.fixes, strict=False)]
        return "\n".join(["say which one:", *chosen])


@rule("CL302", "ambiguous-producer", Severity.WARNING, view=BindingView, facts=SeveralOutputs)
def ambiguous_producer(view: BindingView) -> Iterator[Draft]:
    binding = view.binding
    if binding.outcome is not Outcome.AMBIGUOUS or not view.step.certain or not binding.input.certain:
        return
    if not binding.input.required and binding.candidates[0].tier > Tier.ALIAS:
        return
    shown = binding.candidates[:SHOWN]
    fixes = tuple(_fix(view, one, [other for other in binding.candidates if other is not one]) for one in shown)
    facts = SeveralOutputs(view.step.name, binding.input.name, tuple(f"{one.step}.{one.output.name}" for one in binding.candidates), fixes)
    related = ends(view, shown)
    yield Draft(facts, view.place, view.wiring.pipeline.name, where(view), related)


def _fix(view: BindingView, candidate: Candidate, others: Sequence[Candidate]) -> str:
    """One line that makes this candidate the only one: a name, one edge less, or the output handed over where the step is created."""
    name = candidate.output.name
    if name != view.binding.input.name and all(one.output.name != name for one in others):
        return f"call the input '{name}'"
    idle = {one.step for one in others} - {candidate.step} - _feeding(view)
    if len(others) == 1 and len(idle) == 1 and others[0].distance == 1 and not by_calls(view.wiring.pipeline):
        return f"take away the edge ({others[0].step!r}, {view.step.name!r}), which carries nothing else"
    return f"hand it over where {view.step.name} is created, inputs={{'{view.binding.input.name}': <{candidate.step}.{name}>}}"


def _feeding(view: BindingView) -> set[str]:
    """The steps that feed another input of this one, or may."""
    others = [one for one in view.wiring.bindings if one.step == view.step.name and one is not view.binding]
    return {found.step for one in others for found in one.candidates}
