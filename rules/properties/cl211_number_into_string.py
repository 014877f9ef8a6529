"""A number feeds an input that takes text.

## What it reports

An edge from a number, a truth value or a time to an input that takes a text. Where the text goes into the arguments of a container, its
environment or its hyperparameters, it is an error, elsewhere a warning.

## Why it matters

The service checks the types of property references: it rejects the pipeline ("Cannot assign property reference … to argument of type
String").

## Bad

```python
from steps_framework import PipelineDAG, StepBuilderBase


class CountStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {}

    def get_output_schema(self):
        return {"rows": {"type": "Integer"}}

    def create_step(self, **kwargs):
        return self.make_step("Count")


class ReportStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {"rows": {"type": "String", "required": True}}

    def get_output_schema(self):
        return {}

    def create_step(self, **kwargs):
        return self.make_step("Report")


dag = PipelineDAG(nodes=["Count", "Report"], edges=[("Count", "Report")])
```

## Good

```python
from steps_framework import PipelineDAG, StepBuilderBase


class CountStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {}

    def get_output_schema(self):
        return {"rows": {"type": "String"}}

    def create_step(self, **kwargs):
        return self.make_step("Count")


class ReportStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {"rows": {"type": "String", "required": True}}

    def get_output_schema(self):
        return {}

    def create_step(self, **kwargs):
        return self.make_step("Report")


dag = PipelineDAG(nodes=["Count", "Report"], edges=[("Count", "Report")])
```

## How to fix

Hand the value over as `….to_string()`, or put it into a `Join`.

## When it stays silent

Where the type of one end is not known from a declaration, a property path or an argument of the SDK.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Severity, rule

from ..connections._edges import ends, evidence, sides, where
from ._types import NUMBERS, judged, severity_of


@dataclass(frozen=True, slots=True)
class NumberIntoText:
    """``source`` and ``target`` are types; ``sides`` the two contracts side by side."""

    output: str
    input: str
    source: str
    target: str
    reason: str
    hint: str | None
    sides: str

    def message(self) -> str:
        return f"{self.output} is {self.source}, but {self.input} takes {self.target}"

    def help(self) -> str:
        return "\n".join(["hand it over as `….to_string()`, or in a `Join`", self.sides])


@rule("CL211", "number-into-string", Severity.ERROR, view=BindingView, facts=NumberIntoText)
def number_into_string(view: BindingView) -> Iterator[Draft]:
    judgement, chosen = judged(view), view.binding.chosen
    if judgement is None or chosen is None or judgement.reason not in NUMBERS:
        return
    port = view.binding.input
    facts = NumberIntoText(
        f"{chosen.step}.{chosen.output.name}",
        where(view),
        str(chosen.output.typing.type),
        str(port.typing.type),
        judgement.reason,
        judgement.hint,
        sides(view.producer, view.step),
    )
    related = (*ends(view), *evidence(view))
    yield Draft(facts, view.place, view.wiring.pipeline.name, where(view), related, severity_of(judgement))
