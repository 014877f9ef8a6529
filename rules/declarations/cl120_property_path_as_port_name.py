"""An input or output is named by a property path.

## What it reports

A declared input or output whose name is itself a path into a step's properties: `ModelArtifacts.S3ModelArtifacts`,
`properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri`.

## Why it matters

Names are what consumers match on, and no consumer has an input of that name. The path belongs to the name, as its property path:
written as the name it is never resolved, and the output stays without a path.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"ModelArtifacts.S3ModelArtifacts": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def get_property_paths(self):
        return {"model_output": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Give the port a name of its own, and the path to that name.

## When it stays silent

On names of one level, such as `ModelName`, unless they begin with `properties.`; and on dotted names that lead nowhere in any
kind of step.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, PortView, Severity, listed, rule, scope_at, step_names, users

from ._names import is_property_path


@dataclass(frozen=True, slots=True)
class PathAsName:
    """``direction`` is ``input`` or ``output``."""

    name: str
    direction: str
    contracts: tuple[str, ...]

    def message(self) -> str:
        return f"the {self.direction} '{self.name}' of {listed(self.contracts)} is named by a property path"

    def help(self) -> str:
        path = self.name if self.name.startswith("properties.") else f"properties.{self.name}"
        if self.direction == "output":
            return f"give it a name of its own, and that name the property path '{path}'"
        return "give it a name of its own, which an output of another step can have too"


@rule("CL120", "property-path-as-port-name", Severity.ERROR, view=PortView, facts=PathAsName)
def property_path_as_port_name(view: PortView) -> Iterator[Draft]:
    port = view.port
    if not is_property_path(port.name):
        return
    facts = PathAsName(port.name, port.direction.value, step_names(view.contracts))
    related = users(view.contracts, f"declares the {port.direction.value}")
    yield Draft(facts, port.origin, scope_at(view.contracts, port.origin.path), port.name, related)
