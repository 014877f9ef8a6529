"""Steps of a pipeline wait for each other in a circle.

## What it reports

Edges, or references from step to step, that lead from a step back to itself. The path is printed; of several circles among the same steps
the shortest one is. In plain SDK pipelines the edges are `depends_on`, what steps read of each other, and conditions, behind which the
steps of their branches come.

## Why it matters

None of these steps can ever start. Frameworks fail when they sort the steps, often without naming them; the SDK prints the definition all
the same, and the service rejects the pipeline.

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


dag = PipelineDAG(nodes=["Prepare", "Train"], edges=[("Prepare", "Train"), ("Train", "Prepare")])
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

Take away the edge that is wrong. The finding stands at the one that is written last.

## When it stays silent

Where one of the edges exists on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Edge, PipelineView, Severity, rule

from ._names import edge_places

#: Steps of a circle that are printed.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Circle:
    """``steps`` in the order of the edges; the last leads to the first. ``plain``: plain SDK code makes them, which writes no edges."""

    steps: tuple[str, ...]
    source: str
    target: str
    plain: bool = False

    def message(self) -> str:
        if len(self.steps) == 1:
            return f"{self.steps[0]} comes after itself"
        shown = (
            self.steps if len(self.steps) <= SHOWN else (*self.steps[: SHOWN - 1], f"… {len(self.steps) - SHOWN} more …", self.steps[-1])
        )
        return f"steps wait for each other in a circle: {' -> '.join((*shown, self.steps[0]))}"

    def help(self) -> str:
        if self.plain:
            return f"take away what makes '{self.target}' wait for '{self.source}', or another link of the circle"
        return f"take away the edge ({self.source!r}, {self.target!r}), or another one of the circle"


@rule("CL401", "cycle", Severity.ERROR, view=PipelineView, facts=Circle)
def cycle(view: PipelineView) -> Iterator[Draft]:
    by_ends: dict[tuple[str, str], Edge] = {}
    for edge in sorted(view.pipeline.edges, key=lambda one: (one.span, one.source, one.target)):
        if edge.certain:
            by_ends.setdefault((edge.source, edge.target), edge)
    plain = {step.name for step in view.pipeline.steps if step.sdk_class is not None}
    for steps in view.wiring.cycles:
        pairs = zip(steps, (*steps[1:], steps[0]), strict=True)
        edges = [by_ends[pair] for pair in pairs if pair in by_ends]
        if not edges:
            continue
        last = max(edges, key=lambda one: (one.span, one.source, one.target))
        others = [edge for edge in edges if edge is not last]
        facts = Circle(steps, last.source, last.target, plain=steps[0] in plain)
        yield Draft(facts, last.span, view.pipeline.name, "->".join(steps), edge_places(others))
