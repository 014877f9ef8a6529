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

Where nothing declares the output as one that may be absent. An output that the builder has on some paths through the code only is no
such one: its configuration may well decide that it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Severity, rule

from ._types import OPTIONAL, Mismatch, judged, mismatch


@dataclass(frozen=True, slots=True)
class OptionalOutput(Mismatch):
    """An output that may be absent."""

    def message(self) -> str:
        return f"{self.output} may be absent ({self.source}), but {self.input} is required"

    def advice(self) -> str:
        return "make the input optional (`T?`), or see to it that the output is always there"


@rule("CL210", "optional-into-required", Severity.WARNING, view=BindingView, facts=OptionalOutput)
def optional_into_required(view: BindingView) -> Iterator[Draft]:
    judgement = judged(view)
    if judgement is not None and judgement.reason in OPTIONAL and view.binding.input.required:
        yield from mismatch(view, OptionalOutput, Severity.WARNING)
