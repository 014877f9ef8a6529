"""A pipeline declares a parameter that none of its steps uses.

## What it reports

An entry of `Pipeline(parameters=[…])` that reaches nothing: no argument of a step, a processor, an estimator, a model, a condition or a
`Join`, in none of the pipeline's steps.

## Why it matters

Whoever starts the pipeline with another value expects that it counts. Often the step was meant to get the parameter, and has a plain
value instead; or it was taken out of the pipeline.

## Bad

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
    instance_count=1,
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

Give the parameter to the step that it was made for, or take it out of the list.

## When it stays silent

As soon as anything of the pipeline is not known: its steps, what one of them is given, a call outside of the SDK that was given the
parameter. Where the parameter takes part in an operation of Python or its default is read (CL801, CL804), and where the parameter is made
on some paths only, or used in another pipeline that the same code makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Made, Read, Related, SdkPipelineView, SdkScene, Severity, rule

from ._variables import Declared, declared, list_span


@dataclass(frozen=True, slots=True)
class UnusedParameter:
    """``users`` are steps that use it, and that are not in the pipeline."""

    parameter: str
    pipeline: str
    users: tuple[str, ...]

    def message(self) -> str:
        only = f"; step '{self.users[0]}' does, which is not in the pipeline" if self.users else ""
        return f"no step of pipeline '{self.pipeline}' uses its parameter '{self.parameter}'{only}"

    def help(self) -> str:
        return "give it to the step that it was made for, or take it out of `parameters=[…]`"


@rule("CL509", "unused-parameter", Severity.WARNING, view=SdkPipelineView, facts=UnusedParameter)
def unused_parameter(view: SdkPipelineView) -> Iterator[Draft]:
    pipeline, scene = view.pipeline, view.scene
    if pipeline.open_uses is not None or not pipeline.steps:
        return
    used = {use.number for use in pipeline.uses}
    names = {scene.text(scene.objects[number].get("name")) for number in used}
    twins = [twin for twin in scene.pipelines if twin.span == pipeline.span]  # what one function makes, called with other values
    elsewhere = {scene.objects[use.number].span for twin in twins for use in twin.uses}
    seen: set[str] = set()
    for one in declared(scene, pipeline):
        if one.name is None or not one.must or one.number in used or one.name in names or one.name in seen:
            continue
        if one.span in elsewhere or _is_handled(scene, one):
            continue
        seen.add(one.name)
        users = _users(scene, one.number)
        related = [Related(one.span, "the parameter is defined here")]
        related += [Related(scene.steps[number].span, "this step is not in the pipeline") for number in users[:1]]
        named = tuple(name for number in users if (name := scene.steps[number].name) is not None)
        at = one.listed or list_span(scene, pipeline)
        yield Draft(UnusedParameter(one.name, pipeline.name, named), at, pipeline.name, one.name, tuple(related))


def _is_handled(scene: SdkScene, parameter: Declared) -> bool:
    """Whether Python does something with it, but read its name: puts it into a text, asks for its default."""
    done = (one for one in scene.operations if (one.kind, one.what) != ("read", "name"))
    return any(_is_of(one.operand, parameter.number) for one in done)


def _is_of(value: object, number: int) -> bool:
    return (isinstance(value, Made) and value.number == number) or (isinstance(value, Read) and value.of == number)


def _users(scene: SdkScene, number: int) -> list[int]:
    """The steps that hold the parameter, and are in no pipeline."""
    held = (use.consumer for use in scene.unplaced_uses if use.number == number)
    return list(dict.fromkeys(step for step in held if step is not None))
