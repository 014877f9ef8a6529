"""A map of builders has a key that no configuration leads to.

## What it reports

A key of a dict from step names to builder classes (`BUILDER_MAP`) that the project's registry of configurations does not know:
no configuration class has this step name, so that the builder is never found by it.

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

Use the step name that the registry gives, or add the configuration to the registry.

## When it stays silent

Where the project has no registry of configurations, or one of its names is only known at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BuilderMapView, Draft, Related, Severity, joined, nearest, nearest_members, rule

SHOWN_NAMES = 8


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


@rule("CL409", "node-without-config-or-builder", Severity.ERROR, view=BuilderMapView, facts=UnregisteredKey)
def node_without_config_or_builder(view: BuilderMapView) -> Iterator[Draft]:
    found = view.map
    if found.registered is None:
        return
    for entry, builder, contract in zip(found.entries, found.builders, view.contracts, strict=True):
        if entry.name in found.registered:
            continue
        registry = (Related(found.registry, "the step names of configurations are registered here"),) if found.registry is not None else ()
        related = (*registry, Related(contract.span, f"{builder} is declared here")) if contract is not None else registry
        yield Draft(
            UnregisteredKey(entry.name, found.name, builder, found.registered),
            entry.span,
            found.span.path,
            f"{found.name}.{entry.name}",
            related,
        )
