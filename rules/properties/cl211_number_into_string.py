"""A number feeds an input that takes text.

## What it reports

An edge from a number, a truth value or a time to an input that takes a text. Where the text goes into the arguments of a container, its
environment or its hyperparameters as it is, it is an error, elsewhere a warning.

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

Where the type of one end is not known from a declaration, a property path or an argument of the SDK; where the step, the edge or one of
the two ends exists on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Severity, rule

from ._types import NUMBERS, Mismatch, judged, mismatch

#: The arguments of the SDK whose values a container gets as texts.
INTO_TEXT = frozenset({"arguments", "job_arguments", "container_arguments", "env", "environment", "hyperparameters"})


@dataclass(frozen=True, slots=True)
class NumberIntoText(Mismatch):
    """A number, a truth value or a time where a text is due."""

    def message(self) -> str:
        return f"{self.output} is {self.source}, but {self.input} takes {self.target}"

    def advice(self) -> str:
        return "hand it over as `….to_string()`, or in a `Join`"


@rule("CL211", "number-into-string", Severity.ERROR, view=BindingView, facts=NumberIntoText)
def number_into_string(view: BindingView) -> Iterator[Draft]:
    judgement = judged(view)
    if judgement is not None and judgement.reason in NUMBERS:
        yield from mismatch(view, NumberIntoText, Severity.ERROR if _into_container(view) else Severity.WARNING)


def _into_container(view: BindingView) -> bool:
    """Whether the builder hands the input to a container as it is."""
    port = view.binding.input
    sinks = view.step.contract.sinks if view.step.contract is not None else ()
    return any(sink.argument in INTO_TEXT and sink.input in (port.name, *port.aliases) for sink in sinks)
