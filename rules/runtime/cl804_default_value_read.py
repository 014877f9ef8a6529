"""The pipeline is defined with the default of a parameter, so that another value at the start has no effect.

## What it reports

`parameter.default_value` that is given to an object of the SDK, and a parameter that is given to `image_uris.retrieve` where the image
depends on it: the SDK replaces it by its default.

## Why it matters

The value is written into the definition once. Whoever starts the pipeline with another value gets a run with the default, and no
message says so.

## Bad

```python
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
role = ParameterString(name="JobRole", default_value="arn:aws:iam::111122223333:role/PipelineRole")
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1",
    command=["python3"],
    role=role.default_value,
    instance_type="ml.m5.large",
    instance_count=1,
    sagemaker_session=session,
)
step_clean = ProcessingStep(name="Clean", step_args=processor.run(code="s3://reports-bucket/code/clean.py"))
pipeline = Pipeline(name="Reports", parameters=[], steps=[step_clean], sagemaker_session=session)
```

## Good

```python
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
role = ParameterString(name="JobRole", default_value="arn:aws:iam::111122223333:role/PipelineRole")
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1",
    command=["python3"],
    role=role,
    instance_type="ml.m5.large",
    instance_count=1,
    sagemaker_session=session,
)
step_clean = ProcessingStep(name="Clean", step_args=processor.run(code="s3://reports-bucket/code/clean.py"))
pipeline = Pipeline(name="Reports", parameters=[role], steps=[step_clean], sagemaker_session=session)
```

## How to fix

Give the parameter itself where the SDK takes one; else use a plain value and no parameter.

## When it stays silent

For a default that is only looked at or printed, or given to what no step of a pipeline uses; where the SDK needs a plain value
(`image_uris.retrieve`, names, `base_job_name`, `entry_point`, `code`); for the default of another parameter; and for the instance type of
images that are the same for all of them (`xgboost`, `sklearn`, `spark`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import PIPELINE_PARAMETERS, Draft, Made, Read, SdkObject, SdkObjectView, SdkScene, SdkValue, Severity, Span, rule

from ._calls import DEFERRED, used_by_steps
from ._variables import PLAIN, Variable, variable

DEFAULT = ".default_value"
#: Frameworks with one image for all instance types.
ONE_IMAGE = frozenset({"xgboost", "sklearn", "spark", "data-wrangler", "clarify", "model-monitor", "sparkml-serving"})


@dataclass(frozen=True, slots=True)
class DefaultRead:
    """``taker`` and ``argument`` take the default of the parameter; ``retrieved`` says that the SDK reads it."""

    label: str
    taker: str
    argument: str
    retrieved: bool

    def message(self) -> str:
        if self.retrieved:
            return (
                f"{self.taker}({self.argument}=…) takes the default of {self.label}: another value at the start leaves the image as it is"
            )
        return f"{self.taker}({self.argument}=…) gets the default of {self.label}: another value at the start has no effect"

    def help(self) -> str:
        if self.retrieved:
            return "give a plain value, and keep the parameter for what may change between runs of one image"
        return "give the parameter itself where the SDK takes one, else a plain value"


@rule("CL804", "default-value-read", Severity.WARNING, view=SdkObjectView, facts=DefaultRead)
def default_value_read(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if obj.name in PIPELINE_PARAMETERS:
        return
    retrieves = obj.callee.endswith("image_uris.retrieve")
    for argument, value in obj.arguments.items():
        if argument in PLAIN or argument == "name":
            continue
        for inner in scene.inside(value):
            found = _default_of(scene, inner)
            if found is not None and not retrieves and obj.method in (None, *DEFERRED) and obj.number in used_by_steps(scene):
                yield _draft(obj, found, argument, inner.span if isinstance(inner, Read) else None, False)
        taken = variable(scene, value) if retrieves else None
        if taken is not None and taken.is_parameter and not (argument == "instance_type" and scene.text(obj.get("framework")) in ONE_IMAGE):
            yield _draft(obj, taken, argument, None, True)


def _default_of(scene: SdkScene, value: SdkValue) -> Variable | None:
    """The parameter whose default is read."""
    found = variable(scene, Made(value.of)) if isinstance(value, Read) and value.path == DEFAULT else None
    return found if found is not None and found.is_parameter else None


def _draft(obj: SdkObject, found: Variable, argument: str, span: Span | None, retrieved: bool) -> Draft:
    taker = obj.method or obj.name
    facts = DefaultRead(found.label, taker, argument, retrieved)
    return Draft(facts, span or obj.span, obj.scope or obj.span.path, f"{taker}.{argument}", found.related())
