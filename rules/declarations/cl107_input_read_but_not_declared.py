"""A builder reads an input that it does not declare.

## What it reports

A name that a builder takes from the inputs of its step and cannot do without (`inputs["model"]`, or a check that raises when the
name is absent), and that is none of the inputs that `get_input_requirements` declares.

## Why it matters

Whoever assembles the pipeline gives a step the inputs that it declares, and no others: the step can never be made, or only by
hand. Mostly one of two spellings was left behind by a rename.

## Bad

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
        data = ProcessingInput(source=inputs["eval_data"], destination="/opt/ml/processing/input/eval_data")
        return ProcessingStep(name="ModelEvaluation", processor=self.processor(), inputs=[model, data])
```

## Good

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
        data = ProcessingInput(source=inputs["eval_data"], destination="/opt/ml/processing/input/eval_data")
        return ProcessingStep(name="ModelEvaluation", processor=self.processor(), inputs=[model, data])
```

## How to fix

Declare the input, or read it by the name under which it is declared.

## When it stays silent

Where the builder may declare more inputs than are known, also because it declares them as one (`inputs`) and does not say which;
where a missing input is tolerated (`.get`, a default, a test before); on aliases of declared inputs (the key or the value in
`input_names`); and on what frameworks pass beside data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, NameUseView, Severity, Table, joined, listed, nearest, rule, scope_at, some, step_names, users

from ._names import inputs_known, names_of


@dataclass(frozen=True, slots=True)
class UndeclaredInput:
    name: str
    contracts: tuple[str, ...]
    declared: tuple[str, ...]

    def message(self) -> str:
        needs, does = ("needs", "does") if len(self.contracts) == 1 else ("need", "do")
        return f"{listed(self.contracts)} {needs} the input '{self.name}' and {does} not declare it"

    def help(self) -> str:
        near = nearest(self.name, self.declared)
        if near:
            return f"did you mean {joined(near)}?"
        if not self.declared:
            return "declare it in get_input_requirements"
        return f"declare it too; declared: {some(self.declared)}"


@rule("CL107", "input-read-but-not-declared", Severity.ERROR, view=NameUseView, facts=UndeclaredInput)
def input_read_but_not_declared(view: NameUseView) -> Iterator[Draft]:
    use = view.use
    if use.table is not Table.INPUTS or not use.demanded:
        return
    lacking = [contract for contract in view.contracts if inputs_known(contract) and use.name not in names_of(contract.inputs)]
    if not lacking:
        return
    declared = tuple(dict.fromkeys(port.name for contract in lacking for port in contract.inputs if not port.pseudo))
    facts = UndeclaredInput(use.name, step_names(lacking), declared)
    yield Draft(facts, use.span, scope_at(lacking, use.scope), use.name, users(lacking, "declares its inputs"))
