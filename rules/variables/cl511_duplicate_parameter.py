"""A pipeline declares two parameters of one name.

## What it reports

Two entries of `Pipeline(parameters=[…])` with the same name, also one parameter that stands there twice.

## Why it matters

The SDK writes both into the pipeline's definition, and the service refuses it. Where the second was meant to be another parameter, its
steps get the value of the first.

## Bad

```python
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
instance_type = ParameterString(name="InstanceType", default_value="ml.m5.large")
instance_count = ParameterInteger(name="InstanceType", default_value=1)
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/Pipeline",
    instance_count=instance_count,
    instance_type=instance_type,
    sagemaker_session=session,
)
prepare = ProcessingStep(name="Prepare", step_args=processor.run(code="s3://example-bucket/code/prepare.py"))
pipeline = Pipeline(name="Churn", parameters=[instance_type, instance_count], steps=[prepare], sagemaker_session=session)
```

## Good

```python
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
instance_type = ParameterString(name="InstanceType", default_value="ml.m5.large")
instance_count = ParameterInteger(name="InstanceCount", default_value=1)
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/Pipeline",
    instance_count=instance_count,
    instance_type=instance_type,
    sagemaker_session=session,
)
prepare = ProcessingStep(name="Prepare", step_args=processor.run(code="s3://example-bucket/code/prepare.py"))
pipeline = Pipeline(name="Churn", parameters=[instance_type, instance_count], steps=[prepare], sagemaker_session=session)
```

## How to fix

Give the second parameter its own name, or take it out of the list.

## When it stays silent

Where a name is only known at run time, or one of the two is there on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Related, SdkPipelineView, Severity, rule

from ._variables import Declared, declared, list_span


@dataclass(frozen=True, slots=True)
class SecondParameter:
    """``same`` says that it is the same object."""

    parameter: str
    pipeline: str
    same: bool

    def message(self) -> str:
        if self.same:
            return f"pipeline '{self.pipeline}' lists the parameter '{self.parameter}' twice"
        return f"pipeline '{self.pipeline}' has two parameters of the name '{self.parameter}'"

    def help(self) -> str:
        return "take the second one away" if self.same else "give the second one its own name, or take it away"


@rule("CL511", "duplicate-parameter", Severity.ERROR, view=SdkPipelineView, facts=SecondParameter)
def duplicate_parameter(view: SdkPipelineView) -> Iterator[Draft]:
    pipeline, scene = view.pipeline, view.scene
    first: dict[str, Declared] = {}
    for one in declared(scene, pipeline):
        if one.name is None or not one.must:
            continue
        if one.name not in first:
            first[one.name] = one
            continue
        same = first[one.name].number == one.number
        at = one.listed or list_span(scene, pipeline)
        related = [Related(first[one.name].span, f"the {'parameter' if same else 'first'} is defined here")]
        related += [] if same else [Related(one.span, "the second is defined here")]
        yield Draft(SecondParameter(one.name, pipeline.name, same), at, pipeline.name, one.name, tuple(related))
