"""A step uses a parameter that its pipeline does not declare.

## What it reports

A `ParameterString`, `ParameterInteger`, … that ends up in the request of one of the pipeline's steps (in an instance type, an input, a
hyperparameter, a condition, a `Join`), and that is not in `Pipeline(parameters=[…])`. In declarative pipelines: `${parameters.name}` in the
`config` or `inputs` of a step, without the name under `parameters`.

## Why it matters

The step refers to `Parameters.<name>`, which the pipeline does not have. The SDK does not look; the service refuses the pipeline when it
is created or updated.

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
pipeline = Pipeline(name="Churn", parameters=[instance_type], steps=[prepare], sagemaker_session=session)
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

Put the parameter into the list of the pipeline's parameters.

## When it stays silent

Where the list of parameters, or the name of one of them, is not known; where a parameter of the same name is declared; and where it is
not certain that the parameter gets into the request: what `RegisterModel(estimator=…)` takes from the estimator, the instance type in
`model.create(…)`, a parameter whose `default_value` is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import DeclarativeView, Draft, Related, SdkPipelineView, Severity, VariableUse, joined, nearest, rule, titled

from ._variables import declared, is_closed, list_span


@dataclass(frozen=True, slots=True)
class UndeclaredParameter:
    """``taker`` and ``argument`` are what the step has it in, ``known`` the parameters that the pipeline declares."""

    parameter: str
    pipeline: str
    step: str | None
    taker: str
    argument: str
    known: tuple[str, ...]

    def message(self) -> str:
        takes = f" ({self.taker}({self.argument}=…))" if self.argument else ""
        return f"pipeline '{self.pipeline}' does not declare the parameter '{self.parameter}', which {self.step or 'a step'} uses{takes}"

    def help(self) -> str:
        candidates = nearest(self.parameter, self.known, cutoff=0.8)
        hint = f"; it declares {joined(candidates)}" if candidates else ""
        return f"put it into `parameters=[…]` of the pipeline{hint}"


@dataclass(frozen=True, slots=True)
class ParameterNotListed:
    """A step of a declarative pipeline uses the parameter; ``known`` are those under ``parameters``."""

    parameter: str
    pipeline: str
    step: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"pipeline '{self.pipeline}' does not declare the parameter '{self.parameter}', which step '{self.step}' uses"

    def help(self) -> str:
        candidates = nearest(self.parameter, self.known)
        return f"did you mean {joined(candidates)}?" if candidates else "add it to the `parameters` of the pipeline"


@rule("CL508", "undeclared-parameter", Severity.ERROR, view=SdkPipelineView, facts=UndeclaredParameter, also=(DeclarativeView,))
def undeclared_parameter(view: SdkPipelineView | DeclarativeView) -> Iterator[Draft]:
    if isinstance(view, DeclarativeView):
        yield from _not_listed(view)
        return
    pipeline, scene = view.pipeline, view.scene
    if not is_closed(scene, pipeline):
        return
    known = tuple(dict.fromkeys(one.name for one in declared(scene, pipeline) if one.name is not None))
    first: dict[str, VariableUse] = {}
    for use in pipeline.uses:
        name = scene.text(scene.objects[use.number].get("name")) if scene.objects[use.number].is_parameter else None
        if use.certain and name is not None and name not in known:
            first.setdefault(name, use)
    for name, use in first.items():
        step = scene.steps[use.consumer] if use.consumer is not None else None
        shown = titled("step", step.name, step.span) if step is not None else None
        facts = UndeclaredParameter(name, pipeline.name, shown, use.sdk_class, use.argument, known)
        related = [Related(scene.objects[use.number].span, "the parameter is defined here")]
        related += [Related(step.span, "this step uses it")] if step is not None else []
        yield Draft(facts, list_span(scene, pipeline), pipeline.name, name, tuple(related))


def _not_listed(view: DeclarativeView) -> Iterator[Draft]:
    declarative = view.declarative
    if declarative.parameters is None:
        return
    known = tuple(one.name for one in declarative.parameters)
    for use in declarative.uses:
        if use.name not in known:
            facts = ParameterNotListed(use.name, declarative.pipeline, use.step, known)
            yield Draft(facts, use.span, declarative.pipeline, f"{use.step}.{use.name}")
