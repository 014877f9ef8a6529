"""What is known of one port says two different types.

## What it reports

A port whose declared type contradicts the property that its path ends at, or the argument of the SDK that the input is given to. It is
told once, at the port, with both places; on every edge the better evidence counts (what the service returns is a fact).

## Why it matters

Whoever reads the declaration builds on a type that the port does not have.

## Bad

```python
from sagemaker.workflow.steps import CreateModelStep
from steps_framework import StepBuilderBase


class ModelStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {}

    def get_output_schema(self):
        return {"model": {"type": "S3Uri", "property_path": "properties.ModelName"}}

    def create_step(self, **kwargs):
        return CreateModelStep(name="Model", model=self.model())
```

## Good

```python
from sagemaker.workflow.steps import CreateModelStep
from steps_framework import StepBuilderBase


class ModelStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {}

    def get_output_schema(self):
        return {"model": {"type": "Name<model>", "property_path": "properties.ModelName"}}

    def create_step(self, **kwargs):
        return CreateModelStep(name="Model", model=self.model())
```

## How to fix

Declare the type that the port has, or read the property that has the declared type.

## When it stays silent

Where the one type is a special case of the other (S3Uri and S3Uri[content=model]); and on types that are guessed from descriptions and
names, until it is measured how often these are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, PortView, Rank, Related, Severity, TypeVerdict, rule, scope_at, step_names, users


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``first`` and ``second`` are the types with what says so; ``used`` is the one that edges go by."""

    step: str
    direction: str
    port: str
    first: tuple[str, str]
    second: tuple[str, str]
    used: str

    def message(self) -> str:
        types = " and ".join(f"{type} ({says})" for type, says in (self.first, self.second))
        return f"the {self.direction} '{self.port}' of {self.step} is of two types: {types}"

    def help(self) -> str:
        return f"edges go by {self.used}: make the other agree with it"


@rule("CL207", "conflicting-type-evidence", Severity.WARNING, view=PortView, facts=Contradiction)
def conflicting_type_evidence(view: PortView) -> Iterator[Draft]:
    port = view.port
    for conflict in port.typing.conflicts:
        if conflict.verdict not in (TypeVerdict.WARNING, TypeVerdict.ERROR) or conflict.first.rank is conflict.second.rank is Rank.PATH:
            continue
        pair = (conflict.first, conflict.second)
        steps = step_names(view.contracts)
        facts = Contradiction(
            steps[0],
            port.direction.value,
            port.name,
            (str(pair[0].type), pair[0].says),
            (str(pair[1].type), pair[1].says),
            str(port.typing.type),
        )
        places = tuple(Related(one.span, f"{one.type}: {one.says}") for one in pair if one.span is not None and one.span != port.origin)
        related = (*places, *users(view.contracts, f"has the {port.direction.value}"))
        yield Draft(facts, port.origin, scope_at(view.contracts, port.origin.path), f"{port.direction.value}.{port.name}", related)
