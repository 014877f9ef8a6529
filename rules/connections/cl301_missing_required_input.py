"""An input that a step cannot do without is fed by nothing.

## What it reports

A required input of a step in a pipeline for which no step before it has an output: none of that name or alias, none that the types single
out, and nothing that the code gives it. The near misses are told, each with the reason for which it was refused.

Where no pipeline is found, only existence can be judged: a warning tells of an input that nothing in the project provides, while an
output that nobody takes has nearly its name. In declarative pipelines: a required input
of the builder that the step's `inputs` do not have.

## Why it matters

The builder fails when the pipeline is assembled, or the step starts without its data and fails after the steps before it were paid for.

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
        return {"model": "S3 path of the model"}

    def create_step(self, inputs, **kwargs):
        return TrainingStep(name="Train", step_args=self.fit(inputs["train_data"]))


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train")])
```

## How to fix

Give the output the name that the input has (or make it an alias, the value in `output_names`), add the step that provides it, or hand the
value over where the step is created.

## When it stays silent

For optional inputs; for inputs with a default in the code, a parameter or a configuration behind them; where a step before has outputs
that are only known at run time; where edges or the step itself exist on some paths through the code only; where another step of the
pipeline has the output and just the edge is missing (CL304); and where an edge names the step wrongly (CL402).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_lint.api import (
    MISSPELT,
    BindingView,
    Draft,
    ExistenceView,
    Given,
    Outcome,
    Refusal,
    Related,
    Severity,
    first_places,
    joined,
    listed,
    nearest,
    rule,
)

from ..graph._names import builder_at, edge_places, links, misnamed
from ._edges import sides, where
from ._inputs import before, called, declared_input, is_demanded, lines

#: The reasons for which an output of the right name or type is refused, the most telling first.
NEAR = ("order", "job-type", "type", "not-allowed")
#: Near misses that are shown.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class MissingInput:
    """``step`` lacks ``input``.

    ``before`` are the steps right before it, ``near`` are outputs that nearly fit, with why they do not, ``similar`` are names like the
    input's among what the steps before provide.
    """

    step: str
    input: str
    before: tuple[str, ...]
    near: tuple[str, ...]
    similar: tuple[str, ...]
    sides: str

    def message(self) -> str:
        why = f"no step before it provides it ({listed(self.before)})" if self.before else "no step comes before it"
        return f"nothing feeds the required input '{self.input}' of {self.step}: {why}"

    def help(self) -> str | None:
        meant = f"did you mean {joined(self.similar)}? give both ends one name" if self.similar else ""
        return lines([meant, *(f"refused: {one}" for one in self.near), self.sides])


@dataclass(frozen=True, slots=True)
class NothingProvides(MissingInput):
    """No builder of the project has an output that fits."""

    def message(self) -> str:
        return f"nothing in the project provides the required input '{self.input}' of {self.step}"


@dataclass(frozen=True, slots=True)
class NothingGiven(MissingInput):
    """The pipeline writes out what each input gets; ``near`` are names like this one that are given, and that the builder lacks."""

    def message(self) -> str:
        return f"the required input '{self.input}' of {self.step} is given nothing"

    def help(self) -> str | None:
        if self.near:
            return f"{joined(self.near)} is given: was '{self.input}' meant?"
        return f"add it to the inputs of the step: {self.input}: {{from_step: …, output: {joined(self.similar[:1]) or '…'}}}"


@rule("CL301", "missing-required-input", Severity.ERROR, view=BindingView, facts=MissingInput, also=(ExistenceView,))
def missing_required_input(view: BindingView | ExistenceView) -> Iterator[Draft]:
    if view.binding.outcome is Outcome.MISSING:
        yield from _in_project(view) if isinstance(view, ExistenceView) else _in_pipeline(view)


def _in_project(view: ExistenceView) -> Iterator[Draft]:
    port, contract = view.binding.input, view.contract
    similar = nearest(port.name, view.outputs, cutoff=MISSPELT) if port.required and port.certain else ()
    if similar:  # else it may well be meant to come from outside
        facts = NothingProvides(contract.name, port.name, (), (), similar, "")
        related = (Related(contract.span, f"{contract.class_name} declares its inputs"),)
        yield Draft(facts, port.origin, contract.name, port.name, related, Severity.WARNING)


def _in_pipeline(view: BindingView) -> Iterator[Draft]:
    binding, port, step = view.binding, view.binding.input, view.step
    referred = binding.given is not None and binding.given.given is Given.REFERENCE  # CL306 tells that it leads nowhere
    if not is_demanded(view) or binding.elsewhere or referred or step.name in misnamed(view.wiring):
        return
    pipeline = view.wiring.pipeline
    direct, farther = before(pipeline, step.name)
    steps = [one for one in pipeline.steps if one.name in (*direct, *farther)]
    similar = nearest(port.name, [name for one in steps for output in one.outputs for name in called(output)])
    near = _near(binding.refused, similar)
    shown = next((one.step for one in near), direct[0] if len(direct) == 1 else None)
    producer = view.wiring.step(shown) if shown in direct else None
    if pipeline.explicit:
        lacking = [one.name for one in step.inputs if step.contract is not None and one not in step.contract.inputs and not one.required]
        given = nearest(port.name, lacking, cutoff=MISSPELT)
        facts = NothingGiven(step.name, port.name, tuple(direct), given, similar, "")
        yield Draft(facts, step.span, pipeline.name, where(view), (declared_input(view), *builder_at(step)))
        return
    missing = MissingInput(
        step.name,
        port.name,
        tuple(direct),
        tuple(f"{one.step}.{one.output.name}: {one.says}" for one in near),
        similar,
        sides(producer, step) if producer is not None else "",
    )
    related = (
        declared_input(view),
        *(Related(one.output.origin, f"refused: {one.step}.{one.output.name}: {one.says}") for one in near),
        *(first_places(place for one in steps if one.name in direct for place in builder_at(one)) if not near else ()),
        *edge_places(edge for edge in links(pipeline, step.name) if edge.target == step.name),
    )
    yield Draft(missing, step.span, pipeline.name, where(view), related)


def _near(refused: Sequence[Refusal], similar: Sequence[str]) -> list[Refusal]:
    """The near misses: what another reason than the name speaks against, then names that are alike."""
    telling = [one for reason in NEAR for one in refused if one.reason == reason]
    alike = [one for name in similar for one in refused if one.reason not in NEAR and name in called(one.output)]
    return [*telling, *alike][:SHOWN]
