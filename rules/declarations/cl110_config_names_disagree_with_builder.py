"""A builder and its configuration use different names.

## What it reports

A key that a builder looks up in `input_names` or `output_names` and cannot do without, and that the default of its configuration
class does not hold; and a builder that declares outputs of which not one is among the configuration's `output_names`, neither by
key nor by value: the two sides of the step speak of different things.

## Why it matters

The lookup raises a KeyError when the step is made. Where nothing is looked up it is worse: consumers are matched by the names of
one side and given the outputs of the other, so that an input stays empty or is guessed.

## Bad

```python
from pydantic import BaseModel, Field
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class EvaluationConfig(BaseModel):
    output_names: dict = Field(default_factory=lambda: {"eval_output": "EvaluationResults"})


class ModelEvaluationStepBuilder(StepBuilderBase):
    def __init__(self, config: EvaluationConfig):
        self.config = config

    def get_output_properties(self):
        return dict(self.config.output_names)

    def create_step(self, **kwargs):
        name = self.config.output_names["evaluation_output"]
        outputs = [ProcessingOutput(output_name=name, source="/opt/ml/processing/output/eval")]
        return ProcessingStep(name="ModelEvaluation", processor=self.processor(), outputs=outputs)
```

## Good

```python
from pydantic import BaseModel, Field
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class EvaluationConfig(BaseModel):
    output_names: dict = Field(default_factory=lambda: {"eval_output": "EvaluationResults"})


class ModelEvaluationStepBuilder(StepBuilderBase):
    def __init__(self, config: EvaluationConfig):
        self.config = config

    def get_output_properties(self):
        return dict(self.config.output_names)

    def create_step(self, **kwargs):
        name = self.config.output_names["eval_output"]
        outputs = [ProcessingOutput(output_name=name, source="/opt/ml/processing/output/eval")]
        return ProcessingStep(name="ModelEvaluation", processor=self.processor(), outputs=outputs)
```

## How to fix

Let both sides use one name: correct the one that was left behind, or take the builder's outputs from the configuration.

## When it stays silent

Where the configuration class of the builder, or one of its names, is not known; where it has no default names at all; where a
missing key is tolerated (`.get`, a default, a test before); where the builder may declare more outputs than are known; where
`validate_configuration` demands the same key (CL106); and where an output is named by a property path (CL120).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Contract,
    Draft,
    NameUseView,
    NamingView,
    Related,
    Severity,
    Table,
    rule,
    some,
)

from ._lookups import missing_key
from ._names import is_property_path, names_of, table_of


@dataclass(frozen=True, slots=True)
class DisjointNames:
    contract: str
    config: str
    outputs: tuple[str, ...]
    keys: tuple[str, ...]

    def message(self) -> str:
        return f"{self.contract} declares {some(self.outputs)}, the output_names of {self.config} are {some(self.keys)}: they share no name"

    def help(self) -> str:
        return "declare the outputs by the names of the configuration, or correct those"


@rule("CL110", "config-names-disagree-with-builder", Severity.ERROR, view=NamingView, facts=DisjointNames)
def config_names_disagree_with_builder(view: NamingView) -> Iterator[Draft]:
    if view.use is not None:
        yield from missing_key(NameUseView(view.use, view.contracts), validated=False)
    else:
        yield from _disjoint(view.contracts[0])


def _disjoint(contract: Contract) -> Iterator[Draft]:
    table = table_of(contract, Table.OUTPUT_NAMES)
    outputs = [port for port in contract.outputs if not port.pseudo]
    if contract.config is None or not table or not outputs or contract.open_outputs is not None:
        return
    known = {name for key, descriptor in table for name in (key.name, descriptor)}
    if not known.isdisjoint(names_of(outputs)) or any(is_property_path(port.name) for port in outputs):
        return
    first, keys = table[0][0], tuple(key.name for key, _ in table)
    facts = DisjointNames(contract.name, contract.config.name, tuple(port.name for port in outputs), keys)
    related = (
        Related(first.span, f"the default output_names of {contract.config.name}"),
        Related(contract.span, f"{contract.class_name} declares the outputs"),
    )
    yield Draft(facts, outputs[0].origin, contract.name, "output_names", related)
