"""A step of a graph has no configuration or no builder, or a map of builders has a key that no configuration leads to.

## What it reports

A node of a graph for which the dict of configurations that goes with it has no entry, or whose configuration has a step name under which
the dict of builders holds nothing.

And a key of a dict from step names to builder classes (`BUILDER_MAP`) that the project's registry of configurations does not know:
no configuration class has this step name, so that the builder is never found by it. One name in several maps is one finding.

In declarative pipelines: a `type` that no builder of the project has; a warning where none has nearly this name.

## Why it matters

The assembler takes the step name of a configuration and looks its builder up. The name that the registry gives is not in the map:
"no builder for step", when the pipeline is assembled, although the builder exists.

## Bad

```python
from pydantic import BaseModel
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PayloadConfig(BaseModel):
    entry_point: str = "payload.py"


STEP_REGISTRY = {"PayloadConfig": "Payload"}


class PayloadStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"payload_sample": "S3 path of the sample"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Payload", step_args=self.run(kwargs["inputs"]))


BUILDER_MAP = {"PayloadStep": PayloadStepBuilder}


def builder_of(config):
    return BUILDER_MAP[STEP_REGISTRY[type(config).__name__]]
```

## Good

```python
from pydantic import BaseModel
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PayloadConfig(BaseModel):
    entry_point: str = "payload.py"


STEP_REGISTRY = {"PayloadConfig": "Payload"}


class PayloadStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"payload_sample": "S3 path of the sample"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Payload", step_args=self.run(kwargs["inputs"]))


BUILDER_MAP = {"Payload": PayloadStepBuilder}


def builder_of(config):
    return BUILDER_MAP[STEP_REGISTRY[type(config).__name__]]
```

## How to fix

Use the step name that the registry gives, or add the configuration to the registry. Call the node as its configuration is called, or add
the configuration.

## When it stays silent

Where the project has no registry of configurations, or one of its names is only known at run time; where a dict that goes with a graph may
hold more than is known, or other things than configurations; on types of declarative steps in projects without builders, and where no
other step of the pipeline has a builder there and no name is near; and for names that only edges have (CL402).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarativeView,
    Draft,
    Lack,
    MappedNameView,
    Related,
    Severity,
    StepView,
    first_places,
    joined,
    nearest,
    nearest_members,
    rule,
    some,
)

from ._names import builder_at, misnamed

SHOWN_NAMES = 8
#: From this likeness on a type is taken for a misspelt one.
LIKE = 0.75


@dataclass(frozen=True, slots=True)
class UnregisteredKey:
    key: str
    map: str
    builder: str
    registered: tuple[str, ...]

    def message(self) -> str:
        return f"no configuration has the step name '{self.key}', under which {self.map} holds {self.builder}"

    def help(self) -> str:
        near = nearest(self.key, self.registered) or nearest_members(self.key, self.registered)
        if near:
            return f"did you mean {joined(near)}?"
        if not self.registered:
            return "the registry is empty: add the configuration to it"
        more = f" and {len(self.registered) - SHOWN_NAMES} more" if len(self.registered) > SHOWN_NAMES else ""
        return f"the registry gives {', '.join(sorted(self.registered)[:SHOWN_NAMES])}{more}"


@dataclass(frozen=True, slots=True)
class LackingNode:
    """A node of a graph, and what it lacks; ``similar`` are the names that something is given for."""

    node: str
    pipeline: str
    lacks: str
    similar: tuple[str, ...]

    def message(self) -> str:
        return f"the step '{self.node}' of pipeline '{self.pipeline}' has no {self.lacks}"

    def help(self) -> str:
        return f"did you mean {joined(self.similar)}?" if self.similar else f"add its {self.lacks}, or take the node away"


@dataclass(frozen=True, slots=True)
class UnknownStepType:
    """The type of a declarative step, and the ``types`` that builders have."""

    step: str
    type: str
    near: tuple[str, ...]
    types: tuple[str, ...]

    def message(self) -> str:
        return f"no builder of the project has the type '{self.type}' of step '{self.step}'"

    def help(self) -> str:
        return f"did you mean {joined(self.near)}?" if self.near else f"the project's builders are for {some(self.types, SHOWN_NAMES)}"


@rule(
    "CL409",
    "node-without-config-or-builder",
    Severity.ERROR,
    view=MappedNameView,
    facts=UnregisteredKey,
    also=(StepView, DeclarativeView),
)
def node_without_config_or_builder(view: MappedNameView | StepView | DeclarativeView) -> Iterator[Draft]:
    if isinstance(view, DeclarativeView):
        yield from _untyped(view)
        return
    if isinstance(view, StepView):
        yield from _lacking(view)
        return
    lost = [entry for entry in view.entries if entry.map.registered is not None and view.name not in entry.map.registered]
    if not lost:
        return
    first, *others = lost
    registries = (entry.map.registry for entry in lost if entry.map.registry is not None)
    related = (
        *first_places(Related(registry, "the step names of configurations are registered here") for registry in registries),
        *first_places(Related(other.key.span, f"{other.map.name} holds {other.builder} under it") for other in others),
        *first_places(Related(entry.contract.span, f"{entry.builder} is declared here") for entry in lost if entry.contract is not None),
    )
    facts = UnregisteredKey(view.name, first.map.name, first.builder, first.map.registered or ())
    yield Draft(facts, first.key.span, first.map.span.path, f"{first.map.name}.{view.name}", related)


def _untyped(view: DeclarativeView) -> Iterator[Draft]:
    """Declarative steps of a type that no builder has; one unlike all others may be that of a builder which is installed."""
    for one in view.declarative.types:
        near = nearest(one.type.name, one.types, cutoff=LIKE)
        if near or one.others_known:
            facts = UnknownStepType(one.step, one.type.name, near, one.types)
            severity = None if near else Severity.WARNING
            yield Draft(facts, one.type.span, view.declarative.pipeline, f"{one.step}.type", (), severity)


def _lacking(view: StepView) -> Iterator[Draft]:
    step, pipeline = view.step, view.wiring.pipeline
    if step.lacks is None or not step.certain or not step.declared or step.name in misnamed(view.wiring):
        return
    keys = [key.name for key in view.map.entries] if view.map is not None else [one.name for one in pipeline.left_out]
    if view.map is not None and view.map.registered is not None and not set(keys) <= set(view.map.registered):
        return  # a key of the map that no configuration leads to is reported by itself
    place = "builders are" if step.lacks is Lack.BUILDER else "configurations are"
    related = () if step.lacks_at is None else (Related(step.lacks_at, f"the {place} here"),)
    facts = LackingNode(step.name, pipeline.name, step.lacks.value, nearest(step.name, keys))
    yield Draft(facts, step.span, pipeline.name, step.name, (*related, *builder_at(step)))
