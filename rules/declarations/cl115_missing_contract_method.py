"""A builder does not implement an abstract method of its contract.

## What it reports

A concrete builder class that neither defines nor inherits a method which one of its bases declares abstract: one finding for each
class, with all the methods that it lacks.

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

from contract_lint.api import ContractView, Draft, Related, Severity, first_places, listed, rule


@dataclass(frozen=True, slots=True)
class MissingMethods:
    methods: tuple[str, ...]
    builder: str

    def message(self) -> str:
        return f"{self.builder} does not implement the abstract {'method' if len(self.methods) == 1 else 'methods'} {self._listed}"

    def help(self) -> str:
        if len(self.methods) == 1:
            return f"define {self._listed}, or correct the name under which it is defined"
        return f"define {self._listed}, or correct the names under which they are defined"

    @property
    def _listed(self) -> str:
        return listed(self.methods, len(self.methods))


@rule("CL115", "missing-contract-method", Severity.ERROR, view=ContractView, facts=MissingMethods)
def missing_contract_method(view: ContractView) -> Iterator[Draft]:
    contract = view.contract
    missing = sorted((problem for problem in contract.problems if problem.got is None), key=lambda problem: problem.method)
    if not missing:
        return
    methods = tuple(problem.method for problem in missing)
    related = first_places(Related(problem.span, f"{problem.method} is abstract here") for problem in missing)
    yield Draft(MissingMethods(methods, contract.class_name), contract.span, contract.name, "+".join(methods), related)
