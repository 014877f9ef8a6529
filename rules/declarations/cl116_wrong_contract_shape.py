"""A contract method does not return what the contract is made of.

## What it reports

`get_input_requirements`, `get_output_properties` or `get_property_paths` of a builder that returns something else than a mapping
from names: a list of names, a text, nothing.

## Why it matters

Those who ask iterate over `.items()`: an AttributeError while the pipeline is assembled. A text or a set that is only iterated
over yields letters or names without description, in silence.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return ["input_path", "hyperparameters"]

    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"input_path": "S3 path of the training data", "hyperparameters": "S3 path of the hyperparameters"}

    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Return a dict: for inputs and outputs from names to descriptions, for property paths from names to paths. Return `{}` where there
is nothing.

## When it stays silent

Where only the run tells what is returned, and where one of the possible results is a mapping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, ProblemView, Severity, listed, rule, scope_at, step_names, users


@dataclass(frozen=True, slots=True)
class NoMapping:
    method: str
    contracts: tuple[str, ...]
    got: str

    def message(self) -> str:
        return f"{self.method} of {listed(self.contracts)} returns no mapping, but {_with_article(self.got)}"

    def help(self) -> str:
        return f"return a dict of names and {'property paths' if 'path' in self.method else 'descriptions'}"


@rule("CL116", "wrong-contract-shape", Severity.ERROR, view=ProblemView, facts=NoMapping)
def wrong_contract_shape(view: ProblemView) -> Iterator[Draft]:
    problem = view.problem
    if problem.got is None:
        return
    facts = NoMapping(problem.method, step_names(view.contracts), problem.got)
    yield Draft(facts, problem.span, scope_at(view.contracts, problem.span.path), problem.method, users(view.contracts, "has the method"))


def _with_article(type: str) -> str:
    if type == "None" or " " in type:
        return type
    return f"{'an' if type[:1] in 'aeio' else 'a'} {type}"
