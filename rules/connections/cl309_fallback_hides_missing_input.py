"""A builder falls back to a fixed value for an input that nothing feeds.

## What it reports

An input whose description does not call it optional, that nothing in the pipeline feeds, and for which the builder takes a text that is
written in the code, such as a fixed S3 path: `inputs.get("x", "s3://…")`, `inputs.get("x") or "s3://…"`, or the other branch of a test
for it.

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

Where something feeds the input, the code gives it a value, or its builder may fill it in; where the fallback comes from a configuration
or is put together at run time; where the description says that the input is optional; where steps before may have more outputs, or the
pipeline more edges, than are known; and for steps and edges on some paths through the code only. `Outputs[0]` is CL205.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Outcome, Related, Severity, joined, listed, nearest, rule, says_optional

from ._edges import is_certain, where
from ._inputs import before, called, declared_input, lines


@dataclass(frozen=True, slots=True)
class Fallback:
    """``similar`` are names like the input's among what the steps before provide, ``elsewhere`` steps that have it without an edge."""

    step: str
    input: str
    text: str
    before: tuple[str, ...]
    similar: tuple[str, ...]
    elsewhere: tuple[str, ...]

    def message(self) -> str:
        why = f"no step before it provides it ({listed(self.before)})" if self.before else "no step comes before it"
        return f"the builder of {self.step} falls back to '{self.text}' for its input '{self.input}': {why}"

    def help(self) -> str | None:
        edge = f"add the edge ({self.elsewhere[0]!r}, {self.step!r})" if self.elsewhere else ""
        meant = f"did you mean {joined(self.similar)}? give both ends one name" if self.similar and not edge else ""
        return lines([edge, meant, "if the fixed value is meant, call the input optional in its description; else take it out"])


@rule("CL309", "fallback-hides-missing-input", Severity.WARNING, view=BindingView, facts=Fallback)
def fallback_hides_missing_input(view: BindingView) -> Iterator[Draft]:
    binding, port = view.binding, view.binding.input
    fallback = port.fallback
    if fallback is None or fallback.text is None or port.description is None or says_optional(port.description):
        return
    unfed = binding.outcome in (Outcome.EXTERNAL, Outcome.MISSING) and binding.given is None
    if not unfed or binding.open is not None or binding.doubt is not None or not is_certain(view):
        return
    pipeline = view.wiring.pipeline
    direct, farther = before(pipeline, view.step.name)
    steps = [one for one in pipeline.steps if one.name in (*direct, *farther)]
    similar = nearest(port.name, [name for one in steps for output in one.outputs for name in called(output)])
    elsewhere = tuple(dict.fromkeys(one.step for one in binding.elsewhere))
    facts = Fallback(view.step.name, port.name, fallback.text, tuple(direct), tuple(similar), elsewhere)
    others = (Related(one.output.origin, f"output declared here: {one.step}.{one.output.name}") for one in binding.elsewhere)
    related = (Related(fallback.span, f"the builder falls back to '{fallback.text}' here"), declared_input(view), *others)
    yield Draft(facts, view.step.span, pipeline.name, where(view), related)
