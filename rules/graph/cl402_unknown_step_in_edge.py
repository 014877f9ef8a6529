"""An edge names a step that the pipeline does not have.

## What it reports

A name in an edge (`edges=[…]`, `add_edge`) that is none of the pipeline's nodes, while the nodes are all listed (`nodes=[…]`,
`add_node`). It is a warning where no node has nearly this name and nothing shows that the name has no configuration. In plain SDK
pipelines: a name in `depends_on` or `add_depends_on` that no step in `Pipeline(steps=[…])` has. A step that is in the pipeline only
because another refers to it cannot be named either. In declarative pipelines: a name in `depends_on` that no step has.

## Why it matters

Most graphs add what they do not know: a typo in an edge creates a node. It has no configuration and no builder, and the step that was
meant loses the edge: it runs too early, or without its inputs. The SDK raises a ValueError when the definition is made.

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

Write the name as the node is called, or add the node. In plain SDK pipelines give the step itself instead of its name.

## When it stays silent

Where some of the nodes are only known at run time; where a graph has edges alone, whose names then are its nodes; where the edge exists
on some paths through the code only; for a name that has a builder of its own and is not spelled like a node: some graphs add nodes as
edges need them; and for names like no node's where the builders of most other nodes are not known either. In plain SDK pipelines: where
the names of some steps are only known at run time, and for names that the SDK makes up for the steps of a collection
(`<name>-RepackModel-0`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, PipelineView, Related, SdkPipelineView, Severity, joined, nearest, rule, some

from ._names import declared_at, edge_places, links, strays
from ._sdk import label, orders, pipeline_at, places_of, single, step_at, which

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


@dataclass(frozen=True, slots=True)
class UnknownPredecessor:
    """``step`` depends on ``name``; ``taken_in``: a step of that name is in the pipeline, and not in its list."""

    step: str
    name: str
    pipeline: str
    taken_in: bool
    near: tuple[str, ...]
    steps: tuple[str, ...]

    def message(self) -> str:
        if self.taken_in:
            return f"the step {self.step} depends on '{self.name}' by name, and the steps of pipeline '{self.pipeline}' do not list it"
        return f"the step {self.step} depends on '{self.name}', which is no step of pipeline '{self.pipeline}'"

    def help(self) -> str:
        if self.taken_in:
            return "give the step itself instead of its name, or add it to the steps of the pipeline"
        return f"did you mean {joined(self.near)}?" if self.near else f"its steps are {some(self.steps, 8)}"


@rule("CL402", "unknown-step-in-edge", Severity.ERROR, view=PipelineView, facts=UnknownStep, also=(SdkPipelineView,))
def unknown_step_in_edge(view: PipelineView | SdkPipelineView) -> Iterator[Draft]:
    if isinstance(view, SdkPipelineView):
        yield from _unknown_predecessors(view)
        return
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


def _unknown_predecessors(view: SdkPipelineView) -> Iterator[Draft]:
    """Names in ``depends_on`` under which the SDK finds no step."""
    scene, pipeline, places = view.scene, view.pipeline, places_of(view.pipeline)
    named = {number: name for number in places if (name := scene.steps[number].name) is not None}
    if pipeline.open_steps is not None or any(placed.listed and placed.number not in named for placed in places.values()):
        return
    names = tuple(dict.fromkeys(name for number, name in named.items() if places[number].listed))
    for wait in pipeline.waits:
        step = scene.steps[wait.consumer]
        if not places[wait.consumer].listed and step.name in names:
            continue  # CL403: the step that is meant is another one
        if wait.name is None or not wait.certain or (wait.producer is not None and places[wait.producer].listed):
            continue
        if any(single(scene, value) is not None for _, value, _ in orders(scene, step)):
            continue  # CL410: the name is no list
        near = nearest(wait.name, [name for name in names if name != step.name]) if wait.producer is None else ()
        meant = [step_at(scene.steps[number]) for number, name in named.items() if name == (near[0] if near else wait.name)]
        facts = UnknownPredecessor(which(step), wait.name, pipeline.name, wait.producer is not None, near, names)
        yield Draft(facts, wait.span, pipeline.name, f"{label(step)}.{wait.name}", (*meant[:1], pipeline_at(pipeline)))
