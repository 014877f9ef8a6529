"""A pipeline is started with a parameter that it does not have.

## What it reports

A key of `pipeline.start(parameters={…})` that is the name of none of the parameters in `Pipeline(parameters=[…])`.

## Why it matters

The service refuses the start: the run does not begin.

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
    instance_count=instance_count,
    instance_type=instance_type,
    sagemaker_session=session,
)
prepare = ProcessingStep(name="Prepare", step_args=processor.run(code="s3://example-bucket/code/prepare.py"))
pipeline = Pipeline(name="Churn", parameters=[instance_type, instance_count], steps=[prepare], sagemaker_session=session)
pipeline.start(parameters={"instance_type": "ml.m5.xlarge"})
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
pipeline.start(parameters={"InstanceType": "ml.m5.xlarge"})
```

## How to fix

Write the name as the parameter has it, which often is not the name of the variable; `{instance_type.name: …}` cannot be misspelt. Or put
the parameter into the pipeline's list.

## When it stays silent

Where the pipeline's parameters, or their names, are not all known, where it is not certain which pipeline is started, and where the
pipeline is made without steps and parameters, to start one that exists already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Literal, Mapped, Member, Related, SdkObjectView, Severity, Span, joined, nearest, rule

from ._variables import declared, is_closed, list_span, pipeline_of, scope_of_object, span_of


@dataclass(frozen=True, slots=True)
class UnknownStartParameter:
    """``known`` are the parameters that the pipeline declares; ``plain`` says that it lists plain values too, which the SDK drops."""

    parameter: str
    pipeline: str
    known: tuple[str, ...]
    plain: bool

    def message(self) -> str:
        has = f"; it has {joined(self.known, 'and')}" if 0 < len(self.known) <= 6 else "" if self.known else "; it has none"
        return f"pipeline '{self.pipeline}' is started with '{self.parameter}', which is none of its parameters{has}"

    def help(self) -> str:
        candidates = nearest(self.parameter, self.known, cutoff=0.9 if self.plain else 0.6)
        if candidates:
            return f"did you mean {joined(candidates)}?"
        if self.plain:
            return "make it a parameter of the pipeline: plain values in `parameters=[…]` are dropped by the SDK (CL512)"
        return "put the parameter into `parameters=[…]` of the pipeline, or leave it out"


@rule("CL514", "unknown-start-parameter", Severity.ERROR, view=SdkObjectView, facts=UnknownStartParameter)
def unknown_start_parameter(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    made = scene.object(obj.receiver) if obj.method == "start" else None
    given = scene.resolve(obj.get("parameters"))
    if made is None or not made.is_pipeline or not isinstance(given, Mapped):
        return
    if made.get("steps") is None and made.get("parameters") is None:
        return
    pipeline = pipeline_of(scene, made)
    if not is_closed(scene, pipeline):
        return
    known = tuple(dict.fromkeys(one.name for one in declared(scene, pipeline) if one.name is not None))
    plain = any(isinstance(scene.resolve(member.value), Literal) for member in pipeline.parameters)
    related = (Related(list_span(scene, pipeline), f"pipeline '{pipeline.name}' lists its parameters here"),)
    for member in given.members:
        name = scene.text(member.key)
        if name is not None and member.must and name not in known:
            yield Draft(
                UnknownStartParameter(name, pipeline.name, known, plain), _place(member, obj.span), scope_of_object(obj), name, related
            )


def _place(member: Member, fallback: Span) -> Span:
    """Where the key stands; the keys of ``dict(name=…)`` have the place of the whole call, so there the value's."""
    key, value = span_of(member.key, fallback), span_of(member.value, fallback)
    inside = (key.path, key.cell) == (value.path, value.cell) and key.line <= value.line <= value.end_line <= key.end_line
    return value if inside and (key.end_line > key.line or value.end_column <= key.end_column) else key
