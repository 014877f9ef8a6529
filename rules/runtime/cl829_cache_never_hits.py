"""A step is cached, but what it runs with is new in every run.

## What it reports

A step with `CacheConfig(enable_caching=True)` whose request holds, outside of its output destinations, the name of a model that the
pipeline makes anew (`step_model.properties.ModelName`), the id of the execution, or the time at which it started.

## Why it matters

A cached step is skipped only if a run with the same arguments is found. A `ModelStep` is never cached and its model has another name each
time, and so has the execution: no earlier run has the same arguments. The step runs every time, although its configuration says
otherwise.

## Bad

```python
from sagemaker.model import Model
from sagemaker.transformer import Transformer
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import CacheConfig, TransformStep

session = PipelineSession()
model = Model(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1",
    model_data="s3://reports-bucket/models/score/model.tar.gz",
    role="arn:aws:iam::111122223333:role/PipelineRole",
    sagemaker_session=session,
)
step_model = ModelStep(name="ScoreModel", step_args=model.create(instance_type="ml.m5.large"))
transformer = Transformer(
    model_name=step_model.properties.ModelName,
    instance_count=1,
    instance_type="ml.m5.large",
    sagemaker_session=session,
)
step_score = TransformStep(
    name="Score",
    step_args=transformer.transform(data="s3://reports-bucket/daily/", content_type="text/csv"),
    cache_config=CacheConfig(enable_caching=True, expire_after="P7D"),
)
pipeline = Pipeline(name="Reports", steps=[step_model, step_score], sagemaker_session=session)
```

## Good

```python
from sagemaker.transformer import Transformer
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import CacheConfig, TransformStep

session = PipelineSession()
model_name = ParameterString(name="ModelName", default_value="score-2024-05")
transformer = Transformer(model_name=model_name, instance_count=1, instance_type="ml.m5.large", sagemaker_session=session)
step_score = TransformStep(
    name="Score",
    step_args=transformer.transform(data="s3://reports-bucket/daily/", content_type="text/csv"),
    cache_config=CacheConfig(enable_caching=True, expire_after="P7D"),
)
pipeline = Pipeline(name="Reports", parameters=[model_name], steps=[step_score], sagemaker_session=session)
```

## How to fix

Take the caching away, or keep what changes in every run out of the step's arguments.

## When it stays silent

For output destinations and job names, which are no part of the key, and where it is not certain that the step is cached.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Literal,
    Made,
    Read,
    Related,
    SdkNamed,
    SdkObject,
    SdkScene,
    SdkStepView,
    SdkValue,
    Severity,
    Span,
    rule,
    titled,
)

#: What is part of the key, by the step's class: of the call that makes its arguments, and of the object that it is called on.
KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "ProcessingStep": (frozenset({"inputs", "arguments", "job_arguments"}), frozenset({"env", "entrypoint", "image_uri"})),
    "TrainingStep": (frozenset({"inputs"}), frozenset({"hyperparameters", "environment", "image_uri"})),
    "TuningStep": (frozenset({"inputs"}), frozenset()),
    "TransformStep": (frozenset({"data", "inputs"}), frozenset({"model_name", "env"})),
}
CHANGING = frozenset({"PIPELINE_EXECUTION_ID", "PIPELINE_EXECUTION_ARN", "START_DATETIME", "CURRENT_DATETIME"})
MODEL_STEPS = frozenset({"ModelStep", "CreateModelStep"})


@dataclass(frozen=True, slots=True)
class NeverHits:
    """``step`` with its name or place; ``changing`` is what is new in every run, ``argument`` what holds it."""

    step: str
    changing: str
    argument: str

    def message(self) -> str:
        return f"{self.step} is cached, but {self.argument} holds {self.changing}, new in every run: no earlier run is found"

    def help(self) -> str:
        return "take the caching away, or keep what changes in every run out of the step's arguments"


@rule("CL829", "cache-never-hits", Severity.WARNING, view=SdkStepView, facts=NeverHits)
def cache_never_hits(view: SdkStepView) -> Iterator[Draft]:
    scene, obj = view.scene, view.object
    of_call, of_runner = KEYS.get(obj.name, (frozenset(), frozenset()))
    cache = scene.object(scene.resolve(obj.get("cache_config")))
    if not of_call or cache is None or not _is_on(scene, cache):
        return
    call = scene.objects.get(view.step.source) if view.step.source is not None else obj
    runner = scene.objects.get(view.step.runner) if view.step.runner is not None else None
    holders = [(call, of_call), (runner, of_runner)]
    given = [(name, holder.get(name)) for holder, names in holders if holder is not None for name in sorted(names)]
    if "hyperparameters" in of_runner and runner is not None:
        given += [("hyperparameters", value) for value in _set_later(scene, runner)]
    for argument, value in given:
        found = _changing(scene, value, frozenset()) if value is not None else None
        if found is not None:
            what, place = found
            name = view.step.name or obj.name
            related = (
                *((Related(place, "this step makes the model"),) if place is not None else ()),
                Related(cache.span, "caching is switched on here"),
            )
            facts = NeverHits(titled("step", view.step.name, obj.span), what, argument)
            yield Draft(facts, obj.span, obj.scope or obj.span.path, name, related)
            return


def _set_later(scene: SdkScene, runner: SdkObject) -> Iterator[SdkValue]:
    """The hyperparameters that an estimator is given by a method."""
    for obj in scene.objects.values():
        if obj.method == "set_hyperparameters" and obj.receiver == Made(runner.number) and obj.must:
            yield from obj.arguments.values()


def _changing(scene: SdkScene, value: SdkValue, seen: frozenset[int]) -> tuple[str, Span | None] | None:
    """What certainly is another in each run."""
    for inner in scene.inside(value):
        if isinstance(inner, SdkNamed):
            member = inner.name.rpartition(".ExecutionVariables.")[2]
            if member in CHANGING and inner.name != member:
                return f"ExecutionVariables.{member}", None
        elif isinstance(inner, Read):
            step = scene.steps.get(inner.of)
            if step is not None and step.sdk_class in MODEL_STEPS and inner.property_path == "ModelName":
                return f"the name of the model that {titled('step', step.name, step.span)} makes", step.span
        elif isinstance(inner, Made) and inner.number not in seen:
            obj = scene.objects.get(inner.number)
            if obj is not None and obj.method == "to_string" and obj.receiver is not None:
                found = _changing(scene, obj.receiver, seen | {inner.number})
                if found is not None:
                    return found
            if obj is not None and _is_plain(obj) and inner.number not in scene.steps:
                for argument, held in obj.arguments.items():
                    found = _changing(scene, held, seen | {inner.number}) if argument != "destination" else None
                    if found is not None:
                        return found
    return None


def _is_plain(obj: SdkObject) -> bool:
    """Whether it is an input or a text that is put together, whose arguments are part of the request."""
    return obj.method is None and obj.name in {"Join", "ProcessingInput", "TrainingInput", "TransformInput", "S3Input"}


def _is_on(scene: SdkScene, cache: SdkObject) -> bool:
    value = scene.resolve(cache.get("enable_caching"))
    return isinstance(value, Literal) and value.value is True
