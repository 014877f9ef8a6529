"""An output that may be absent feeds a required input.

## What it reports

An edge from an output whose type says that it may be absent (`T?`) to an input that is required.

## Why it matters

The pipeline works until the first run in which the output is not there.

## Bad

```python
from steps_framework import PipelineDAG, StepBuilderBase


class CountStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {}

    def get_output_schema(self):
        return {"rows": {"type": "S3Uri?"}}

    def create_step(self, **kwargs):
        return self.make_step("Count")


class ReportStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {"rows": {"type": "S3Uri", "required": True}}

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
        return {"rows": {"type": "S3Uri?"}}

    def create_step(self, **kwargs):
        return self.make_step("Count")


class ReportStepBuilder(StepBuilderBase):
    def get_input_schema(self):
        return {"rows": {"type": "S3Uri?", "required": True}}

    def get_output_schema(self):
        return {}

    def create_step(self, **kwargs):
        return self.make_step("Report")


dag = PipelineDAG(nodes=["Count", "Report"], edges=[("Count", "Report")])
```

## How to fix

Make the input optional, with a type that ends in `?`, or give the output in every case.

## When it stays silent

Where nothing declares the output as one that may be absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Severity, rule

from ..connections._edges import ends, evidence, sides, where
from ._types import OPTIONAL, judged, severity_of


@dataclass(frozen=True, slots=True)
class OptionalOutput:
    """``source`` and ``target`` are types; ``sides`` the two contracts side by side."""

    output: str
    input: str
    source: str
    target: str
    reason: str
    hint: str | None
    sides: str

    def message(self) -> str:
        return f"{self.output} may be absent ({self.source}), but {self.input} is required"

    def help(self) -> str:
        return "\n".join(["make the input optional (`T?`), or see to it that the output is always there", self.sides])


@rule("CL210", "optional-into-required", Severity.WARNING, view=BindingView, facts=OptionalOutput)
def optional_into_required(view: BindingView) -> Iterator[Draft]:
    judgement, chosen = judged(view), view.binding.chosen
    if judgement is None or chosen is None or judgement.reason not in OPTIONAL:
        return
    port = view.binding.input
    facts = OptionalOutput(
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
