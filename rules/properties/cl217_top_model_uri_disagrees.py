"""The URI of the best model is not where the tuned estimator writes its models.

## What it reports

`tuning_step.get_top_model_s3_uri(top_k, s3_bucket=…, prefix=…)` with a bucket or a prefix that differ from the `output_path` of the
estimator that is tuned.

## Why it matters

The SDK does not look where the jobs write: it joins the bucket, the prefix, the name of the best job and `output/model.tar.gz`. Where
that is not the estimator's output path, there is no such object, and the step that takes the model fails after all of the tuning was paid
for.

## Bad

```python
from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.tuner import HyperparameterTuner
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TuningStep


def get_pipeline(session, image, role, ranges):
    estimator = Estimator(image_uri=image, role=role, output_path="s3://example-bucket/churn/models", sagemaker_session=session)
    tuner = HyperparameterTuner(estimator, "validation:auc", ranges)
    tune = TuningStep(name="Tune", step_args=tuner.fit(inputs={"train": "s3://example-bucket/churn/train/"}))
    best = tune.get_top_model_s3_uri(top_k=0, s3_bucket="example-bucket", prefix="churn/model")
    model = Model(image_uri=image, model_data=best, role=role, sagemaker_session=session)
    create = ModelStep(name="Best", step_args=model.create(instance_type="ml.m5.large"))
    return Pipeline(name="Tuning", steps=[tune, create], sagemaker_session=session)
```

## Good

```python
from sagemaker.estimator import Estimator
from sagemaker.model import Model
from sagemaker.tuner import HyperparameterTuner
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TuningStep


def get_pipeline(session, image, role, ranges):
    estimator = Estimator(image_uri=image, role=role, output_path="s3://example-bucket/churn/models", sagemaker_session=session)
    tuner = HyperparameterTuner(estimator, "validation:auc", ranges)
    tune = TuningStep(name="Tune", step_args=tuner.fit(inputs={"train": "s3://example-bucket/churn/train/"}))
    best = tune.get_top_model_s3_uri(top_k=0, s3_bucket="example-bucket", prefix="churn/models")
    model = Model(image_uri=image, model_data=best, role=role, sagemaker_session=session)
    create = ModelStep(name="Best", step_args=model.create(instance_type="ml.m5.large"))
    return Pipeline(name="Tuning", steps=[tune, create], sagemaker_session=session)
```

## How to fix

Make both of the same bucket and prefix, best of the same variables.

## When it stays silent

Where the estimator has no output path of its own, where several are tuned together, and where the parts of the two that are known agree
(a bucket that only the run tells may be any).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Related, SdkObject, SdkObjectView, Severity, rule

from ._reads import called
from ._uris import Uri, can_be_equal, shown, uri_of

TOP_MODEL = "get_top_model_s3_uri"
#: What a tuner is given that it tunes.
TUNED = ("estimator", "model_trainer")


@dataclass(frozen=True, slots=True)
class OtherPlace:
    asked: str
    written: str

    def message(self) -> str:
        return f"the best model is looked for below '{self.asked}', but the tuned jobs write to '{self.written}'"

    def help(self) -> str:
        return "give both of the same bucket and prefix"


@rule("CL217", "top-model-uri-disagrees", Severity.WARNING, view=SdkObjectView, facts=OtherPlace)
def top_model_uri_disagrees(view: SdkObjectView) -> Iterator[Draft]:
    made, scene = view.object, view.scene
    tuned = scene.object(made.receiver)
    step = scene.steps.get(tuned.number) if tuned is not None else None
    runner = scene.object(step.runner) if step is not None else None
    if made.method != TOP_MODEL or step is None or runner is None or made.open is not None:
        return
    output = _output(view, runner)
    bucket = uri_of(scene, made.get("s3_bucket"))
    prefix: Uri | None = uri_of(scene, made.get("prefix")) if made.get("prefix") is not None else ()
    if output is None or bucket is None or prefix is None:
        return
    owner, written = output
    asked: Uri = ("s3://", *bucket, *(("/", *prefix) if prefix not in ((), ("",)) else ()))
    if can_be_equal(asked, written):
        return
    related = (Related(owner.span, "the output path of what is tuned"), Related(step.span, f"the {called(step)} is made here"))
    subject = f"{step.name or step.sdk_class}.{TOP_MODEL}"
    yield Draft(OtherPlace(shown(asked), shown(written)), made.span, made.scope or made.span.path, subject, related)


def _output(view: SdkObjectView, tuner: SdkObject) -> tuple[SdkObject, Uri] | None:
    """What is tuned, and where it writes."""
    for name in TUNED:
        owner = view.scene.object(view.scene.resolve(tuner.get(name)))
        if owner is None:
            continue
        holder = view.scene.object(view.scene.resolve(owner.get("output_data_config"))) or owner
        written = uri_of(view.scene, holder.get("s3_output_path") or holder.get("output_path"))
        return (owner, written) if written is not None else None
    return None
