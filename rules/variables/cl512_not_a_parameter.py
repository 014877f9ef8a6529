"""What is listed as a parameter of a pipeline is none.

## What it reports

Plain values in `Pipeline(parameters=[…])`: texts, numbers, lists, the keys of a dict; and a `Join`, a `JsonGet` or a `PropertyFile`.

## Why it matters

The SDK drops them without a word. The pipeline cannot be started with another value, although the list says so; a start that tries is
refused.

## Bad

```python
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.parameters import ParameterInteger
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
instance_type = "ml.m5.large"
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

Make a parameter of the value, `ParameterString(name="InstanceType", default_value="ml.m5.large")`, and give it to the steps too; or take
it out of the list.

## When it stays silent

On what is only known at run time, on what is listed on some paths only, and on what a caller gives without a default that tells its type.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Hidden,
    Listing,
    Literal,
    Made,
    Mapped,
    Member,
    Pieces,
    Related,
    SdkPipelineView,
    SdkScene,
    SdkValue,
    Severity,
    first_places,
    options,
    rule,
)

from ._variables import list_span

#: Objects of the SDK that it drops too; steps and conditions it takes.
DROPPED = frozenset({"Join", "JsonGet", "PropertyFile"})


@dataclass(frozen=True, slots=True)
class NoParameters:
    """``values`` are the entries that are none, as a message shows them."""

    pipeline: str
    values: tuple[str, ...]

    def message(self) -> str:
        shown = ", ".join(self.values[:3]) + (f" and {len(self.values) - 3} more" if len(self.values) > 3 else "")
        count = len(self.values)
        what = (
            "a value that is no parameter, and the SDK drops it"
            if count == 1
            else f"{count} values that are no parameters, and the SDK drops them"
        )
        return f"pipeline '{self.pipeline}' lists {what}: {shown}"

    def help(self) -> str:
        return "make parameters of them, `ParameterString(name=…, default_value=…)`, or take them out of the list"


@rule("CL512", "not-a-parameter", Severity.WARNING, view=SdkPipelineView, facts=NoParameters)
def not_a_parameter(view: SdkPipelineView) -> Iterator[Draft]:
    pipeline, scene = view.pipeline, view.scene
    given = scene.resolve(scene.objects[pipeline.number].get("parameters"))
    members = tuple(Member(one.key) for one in given.members if one.key is not None) if isinstance(given, Mapped) else pipeline.parameters
    wrong = [(shown, member) for member in members if member.must and (shown := _shown(scene, member.value)) is not None]
    if wrong:
        places = [span for _, member in wrong if (span := member.span or getattr(member.value, "span", None)) is not None]
        related = first_places(Related(span, "this entry is no parameter") for span in places)
        facts = NoParameters(pipeline.name, tuple(shown for shown, _ in wrong))
        yield Draft(facts, list_span(scene, pipeline), pipeline.name, "parameters", related)


def _shown(scene: SdkScene, value: SdkValue) -> str | None:
    """What an entry is called that is certainly no parameter; of a default, the type is what callers give."""
    ways = options(scene.resolve(value) or value)
    if len(ways) == 2 and isinstance(ways[1], Hidden) and ways[1].reason == "parameter" and isinstance(ways[0], Literal) and ways[0].soft:
        return repr(ways[0].value) if ways[0].value is not None else None
    value = scene.resolve(value) or value
    if isinstance(value, Literal):
        return repr(value.value) if value.value is not None or not value.soft else None
    if isinstance(value, Pieces):
        return "a text"
    if isinstance(value, (Listing, Mapped)):
        return "a dict" if isinstance(value, Mapped) else f"a {value.kind}"
    obj = scene.object(value) if isinstance(value, Made) else None
    return f"a {obj.name}" if obj is not None and obj.method is None and obj.name in DROPPED and ".workflow." in obj.callee else None
