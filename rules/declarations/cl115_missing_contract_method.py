"""A builder does not implement an abstract method of its contract.

## What it reports

A concrete builder class that neither defines nor inherits a method which one of its bases declares abstract.

## Why it matters

Python refuses to make an object of such a class: a TypeError when the pipeline is assembled, and no import or test that does not
make the builder shows it.

## Bad

```python
from abc import ABC, abstractmethod

from sagemaker.workflow.steps import TrainingStep


class StepBuilderBase(ABC):
    @abstractmethod
    def validate_configuration(self):
        ...


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from abc import ABC, abstractmethod

from sagemaker.workflow.steps import TrainingStep


class StepBuilderBase(ABC):
    @abstractmethod
    def validate_configuration(self):
        ...


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def validate_configuration(self):
        if not self.config.instance_type:
            raise ValueError("instance_type is required")

    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Implement the method, or correct its name where it is implemented under another one.

## When it stays silent

On classes that are themselves a base of other builders and abstract; and where a base class is not in the project, as it may
implement the method.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, ProblemView, Related, Severity, rule


@dataclass(frozen=True, slots=True)
class MissingMethod:
    method: str
    builder: str

    def message(self) -> str:
        return f"{self.builder} does not implement the abstract method {self.method}"

    def help(self) -> str:
        return f"define {self.method}, or correct the name under which it is defined"


@rule("CL115", "missing-contract-method", Severity.ERROR, view=ProblemView, facts=MissingMethod)
def missing_contract_method(view: ProblemView) -> Iterator[Draft]:
    problem = view.problem
    if problem.got is not None:
        return
    related = (Related(problem.span, f"{problem.method} is abstract here"),)
    for contract in view.contracts:  # each class lacks it for itself
        yield Draft(MissingMethod(problem.method, contract.class_name), contract.span, contract.name, problem.method, related)
