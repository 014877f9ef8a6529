"""A builder's validation demands a name that its configuration does not have.

## What it reports

A key that `validate_configuration` demands of `input_names` or `output_names` (it raises when the key is absent), and that the
default of the configuration class does not hold.

## Why it matters

The builder cannot be made with the configuration as it is: every pipeline that uses it stops with a ValueError while it is
assembled. Usually one side was renamed, or the configuration was copied from another step.

## Bad

```python
from pydantic import BaseModel, Field
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackageConfig(BaseModel):
    input_names: dict = Field(default_factory=lambda: {"model_artifacts": "ModelArtifacts"})


class PackagingStepBuilder(StepBuilderBase):
    def __init__(self, config: PackageConfig):
        self.config = config

    def validate_configuration(self):
        if "model_input" not in self.config.input_names:
            raise ValueError("input_names must contain 'model_input'")

    def get_input_requirements(self):
        return dict(self.config.input_names)

    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs))
```

## Good

```python
from pydantic import BaseModel, Field
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackageConfig(BaseModel):
    input_names: dict = Field(default_factory=lambda: {"model_input": "ModelArtifacts"})


class PackagingStepBuilder(StepBuilderBase):
    def __init__(self, config: PackageConfig):
        self.config = config

    def validate_configuration(self):
        if "model_input" not in self.config.input_names:
            raise ValueError("input_names must contain 'model_input'")

    def get_input_requirements(self):
        return dict(self.config.input_names)

    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs))
```

## How to fix

Let both sides use one name: correct the one that was left behind, or give the configuration the key.

## When it stays silent

Where the configuration class of the builder, or one of its names, is not known; where it has no default names at all, so that
whoever makes the configuration has to give them; and where the absence of a key is tolerated.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.api import Draft, NameUseView, Severity, rule

from ._lookups import MissingKey, missing_key


@rule("CL106", "required-key-without-default", Severity.ERROR, view=NameUseView, facts=MissingKey)
def required_key_without_default(view: NameUseView) -> Iterator[Draft]:
    yield from missing_key(view, validated=True)
