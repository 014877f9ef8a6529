"""A builder declares an input that it never reads.

## What it reports

A required input that `get_input_requirements` declares, and that no code of the builder takes from the inputs of its step, neither
by its name nor by an alias (the key or the value in `input_names`).

## Why it matters

The pipeline is wired to bring the input, may wait for the step that makes it, and the job never sees it. Usually the input was
renamed in one place, or its channel was forgotten.

## Bad

```python
from sagemaker.processing import ProcessingInput
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class ModelEvaluationStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model_input": "S3 path of the model", "eval_data": "S3 path of the holdout data"}

    def get_output_properties(self):
        return {"metrics": "S3 path of the metrics"}

    def create_step(self, inputs):
        model = ProcessingInput(source=inputs["model_input"], destination="/opt/ml/processing/input/model")
        return ProcessingStep(name="ModelEvaluation", processor=self.processor(), inputs=[model])
```

## Good

```python
from sagemaker.processing import ProcessingInput
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class ModelEvaluationStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model_input": "S3 path of the model"}

    def get_output_properties(self):
        return {"metrics": "S3 path of the metrics"}

    def create_step(self, inputs):
        model = ProcessingInput(source=inputs["model_input"], destination="/opt/ml/processing/input/model")
        return ProcessingStep(name="ModelEvaluation", processor=self.processor(), inputs=[model])
```

## How to fix

Give the step the input, or do not declare it. If it may be left out, say "optional" in its description.

## When it stays silent

Where the inputs go, as a whole, to code that is not followed; where it is not known which step the builder makes; on optional
inputs, on inputs that exist only on some ways through the code, and on what frameworks pass beside data; where the builder needs an
undeclared input of a similar name (CL107); and on inputs from `input_names` where the builder demands a key that this table lacks
(CL106, CL110).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Contract,
    Direction,
    Draft,
    Port,
    PortView,
    Severity,
    Table,
    joined,
    listed,
    nearest,
    rule,
    scope_at,
    step_names,
    users,
)

from ._lookups import lacks
from ._names import names_of, table_of


@dataclass(frozen=True, slots=True)
class UnreadInput:
    """``read`` are the names that are read and not declared."""

    name: str
    contracts: tuple[str, ...]
    read: tuple[str, ...]

    def message(self) -> str:
        whose, reads = ("its builder", "reads") if len(self.contracts) == 1 else ("their builders", "read")
        return f"the input '{self.name}' of {listed(self.contracts)} is required, but {whose} never {reads} it"

    def help(self) -> str:
        near = nearest(self.name, self.read)
        return f"did you mean {joined(near)}, which is read and not declared?" if near else "give the step the input, or do not declare it"


@rule("CL108", "input-declared-but-never-read", Severity.WARNING, view=PortView, facts=UnreadInput)
def input_declared_but_never_read(view: PortView) -> Iterator[Draft]:
    port = view.port
    if port.direction is not Direction.INPUT or port.pseudo or not (port.required and port.certain):
        return
    idle = [contract for contract in view.contracts if _never_reads(contract, port)]
    if not idle:
        return
    read = tuple(sorted({name for contract in idle for name in _undeclared(contract, demanded=False)}))
    facts = UnreadInput(port.name, step_names(idle), read)
    yield Draft(facts, port.origin, scope_at(idle, port.origin.path), port.name, users(idle, "declares the input"))


def _never_reads(contract: Contract, port: Port) -> bool:
    if contract.hands_inputs_on or contract.made_unknown is not None or not contract.made:
        return False
    if _taken_from_table(contract, port) and _demands_missing_key(contract):
        return False
    read = {use.name for use in contract.name_uses if use.table is Table.INPUTS}
    return read.isdisjoint((port.name, *port.aliases)) and not nearest(port.name, _undeclared(contract, demanded=True))


def _taken_from_table(contract: Contract, port: Port) -> bool:
    return any(key.span == port.origin for key, _ in table_of(contract, Table.INPUT_NAMES) or ())


def _demands_missing_key(contract: Contract) -> bool:
    """Whether the builder cannot do without a key that ``input_names`` lacks: it fails before it would read what stands there."""
    uses = (use for use in contract.name_uses if use.table is Table.INPUT_NAMES and use.demanded)
    return any(lacks(contract, use.table, use.name) for use in uses)


def _undeclared(contract: Contract, *, demanded: bool) -> set[str]:
    """The inputs that are read, or only those that are needed, and not declared."""
    uses = (use for use in contract.name_uses if use.table is Table.INPUTS and (use.demanded or not demanded))
    return {use.name for use in uses} - names_of(contract.inputs)
