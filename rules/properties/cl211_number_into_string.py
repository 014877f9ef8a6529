"""A number feeds an input that takes text.

## What it reports

An edge from a number, a truth value or a time to an input that takes a text. Where the text goes into the arguments of a container, its
environment or its hyperparameters as it is, it is an error, elsewhere a warning. In plain SDK code, also a `ParameterInteger`,
`ParameterFloat` or `ParameterBoolean` there.

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
the two ends exists on some paths through the code only. And in hyperparameters of the SDK's second version, which makes texts of them by
itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Related, SdkPipelineView, Severity, rule, type_of_argument, type_of_element

from ._types import NUMBERS, Mismatch, judged, mismatch

#: The arguments of the SDK whose values a container gets as texts.
INTO_TEXT = frozenset({"arguments", "job_arguments", "container_arguments", "env", "environment", "hyperparameters"})

#: Parameters of pipelines whose values are no texts.
NO_TEXTS = frozenset({"ParameterInteger", "ParameterFloat", "ParameterBoolean"})


@dataclass(frozen=True, slots=True)
class NumberIntoText(Mismatch):
    """A number, a truth value or a time where a text is due."""

    def message(self) -> str:
        return f"{self.output} is {self.source}, but {self.input} takes {self.target}"

    def advice(self) -> str:
        return "hand it over as `….to_string()`, or in a `Join`"


@dataclass(frozen=True, slots=True)
class ParameterIntoText:
    """A parameter of the pipeline that is no text, where a text is due."""

    parameter: str
    sdk_class: str
    argument: str

    def message(self) -> str:
        return f"{self.parameter} is given to {self.argument}, which takes texts"

    def help(self) -> str:
        return f"hand it over as `….to_string()`; a {self.sdk_class} is no text, and the service does not make it one"


@rule("CL211", "number-into-string", Severity.ERROR, view=BindingView, facts=NumberIntoText, also=(SdkPipelineView,))
def number_into_string(view: BindingView | SdkPipelineView) -> Iterator[Draft]:
    if isinstance(view, SdkPipelineView):
        yield from _parameters(view)
        return
    judgement = judged(view)
    if judgement is not None and judgement.reason in NUMBERS:
        yield from mismatch(view, NumberIntoText, Severity.ERROR if _into_container(view) else Severity.WARNING)


def _into_container(view: BindingView) -> bool:
    """Whether the builder hands the input to a container as it is."""
    port = view.binding.input
    if view.step.sdk_class is not None:
        return any(str(one.type) == "String" for one in port.typing.evidence)  # plain SDK code: nothing else is known to take texts
    sinks = view.step.contract.sinks if view.step.contract is not None else ()
    return any(sink.argument in INTO_TEXT and sink.input in (port.name, *port.aliases) for sink in sinks)


def _parameters(view: SdkPipelineView) -> Iterator[Draft]:
    """Parameters of the pipeline that are given to arguments which take texts."""
    for use in view.pipeline.uses:
        made = view.scene.objects[use.number]
        wanted = type_of_argument(use.sdk_class, use.argument) or type_of_element(use.sdk_class, use.argument)
        if not use.certain or made.name not in NO_TEXTS or str(wanted) != "String":
            continue
        name = view.scene.text(made.get("name"))
        parameter = f"the {made.name} '{name}'" if name is not None else f"a {made.name}"
        facts = ParameterIntoText(parameter, made.name, f"{use.sdk_class}({use.argument}=…)")
        subject = f"{use.sdk_class}.{use.argument}.{name or made.name}"
        yield Draft(facts, use.span, view.pipeline.name, subject, (Related(made.span, "the parameter is made here"),))
