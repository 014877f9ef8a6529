"""A pipeline of a local session has a step that local mode does not run.

## What it reports

A step other than training, processing, transform, model creation, condition and fail in a pipeline whose `sagemaker_session` is a
`LocalPipelineSession`: registering a model, a Lambda, a callback, a tuning job, a check.

## Why it matters

`pipeline.create()` says nothing. `pipeline.start()` raises a ClientError: the type of the step is not supported in local mode.

## Bad

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import LocalPipelineSession

step_export = LambdaStep(
    name="ExportTable", lambda_func=Lambda(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:export")
)
pipeline = Pipeline(name="Exports", steps=[step_export], sagemaker_session=LocalPipelineSession())
```

## Good

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

step_export = LambdaStep(
    name="ExportTable", lambda_func=Lambda(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:export")
)
pipeline = Pipeline(name="Exports", steps=[step_export], sagemaker_session=PipelineSession())
```

## How to fix

Leave the step out where the pipeline runs locally, or run the pipeline with a `PipelineSession`.

## When it stays silent

Where the session is one of several, or the step is in the pipeline on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Related, SdkPipelineView, Severity, rule

from ..properties._reads import called
from ._sdk import label, pipeline_at

LOCAL = "LocalPipelineSession"
#: Kinds that run locally; those of functions and notebooks are training jobs.
SUPPORTED = frozenset({"Training", "Processing", "Transform", "Model", "Condition", "Fail", "Function", "NotebookJob"})


@dataclass(frozen=True, slots=True)
class NotLocal:
    """``step`` is a step in a sentence."""

    step: str
    pipeline: str

    def message(self) -> str:
        return f"the {self.step} does not run in local mode, and pipeline '{self.pipeline}' has a {LOCAL}"

    def help(self) -> str:
        return "leave it out of the local pipeline, or use a PipelineSession"


@rule("CL413", "step-unsupported-in-local-mode", Severity.ERROR, view=SdkPipelineView, facts=NotLocal)
def step_unsupported_in_local_mode(view: SdkPipelineView) -> Iterator[Draft]:
    scene, pipeline = view.scene, view.pipeline
    session = scene.object(scene.resolve(scene.objects[pipeline.number].get("sagemaker_session")))
    if session is None or session.name != LOCAL or session.method is not None:
        return
    for placed in pipeline.steps:
        step = scene.steps[placed.number]
        if placed.must and step.kinds and SUPPORTED.isdisjoint(step.kinds):
            related = (Related(session.span, "the session is made here"), pipeline_at(pipeline))
            yield Draft(NotLocal(called(step), pipeline.name), step.span, pipeline.name, label(step), related)
