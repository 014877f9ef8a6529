"""An edge names a step that the pipeline does not have.

## What it reports

A name in an edge (`edges=[…]`, `add_edge`) that is none of the pipeline's nodes, while the nodes are all listed (`nodes=[…]`,
`add_node`). It is a warning where no node has nearly this name and nothing shows that the name has no configuration.

## Why it matters

Most graphs add what they do not know: a typo in an edge creates a node. It has no configuration and no builder, and the step that was
meant loses the edge: it runs too early, or without its inputs.

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


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Trian")])
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

Write the name as the node is called, or add the node.

## When it stays silent

Where some of the nodes are only known at run time; where a graph has edges alone, whose names then are its nodes; where the edge exists
on some paths through the code only; for a name that has a builder of its own and is not spelled like a node: some graphs add nodes as
edges need them; and for names like no node's where the builders of most other nodes are not known either.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, PipelineView, Related, Severity, joined, nearest, rule, some

from ._names import declared_at, edge_places, links, strays

#: From this likeness on a name is taken for a misspelt one: `Trian` for `Train`, and not `Train_again`.
LIKE = 0.75


@dataclass(frozen=True, slots=True)
class UnknownStep:
    """``name`` stands in an edge of the pipeline, whose nodes are ``steps``; ``near`` are those that it may mean."""

    name: str
    pipeline: str
    near: tuple[str, ...]
    steps: tuple[str, ...]

    def message(self) -> str:
        return f"an edge names '{self.name}', which is no step of pipeline '{self.pipeline}'"

    def help(self) -> str:
        return f"did you mean {joined(self.near)}?" if self.near else f"its steps are {some(self.steps, 8)}"


@rule("CL402", "unknown-step-in-edge", Severity.ERROR, view=PipelineView, facts=UnknownStep)
def unknown_step_in_edge(view: PipelineView) -> Iterator[Draft]:
    pipeline = view.pipeline
    steps = {step.name: step for step in pipeline.steps}
    declared = tuple(step.name for step in pipeline.steps if step.declared)
    for name, near in strays(view.wiring).items():
        first, *others = [edge for edge in links(pipeline, name) if edge.certain]
        span = first.source_at if first.source == name else first.target_at
        related = (
            *(declared_at(steps[meant]) for meant in near[:1]),
            *edge_places(others),
            *(() if near else (Related(pipeline.span, "the steps are listed here"),)),
        )
        proved = steps[name].contract is not None or steps[name].lacks is not None or nearest(name, near, cutoff=LIKE)
        severity = None if proved else Severity.WARNING
        yield Draft(UnknownStep(name, pipeline.name, near, declared), span, pipeline.name, name, related, severity)
