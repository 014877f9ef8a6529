"""A step is given `step_args` together with arguments that it then ignores.

## What it reports

`inputs`, `outputs`, `job_arguments`, `code` or `kms_key` of a `ProcessingStep`, `inputs` of a `TrainingStep`, `TransformStep` or
`TuningStep`, beside `step_args`.

## Why it matters

With `step_args` the SDK takes everything from the call that made them. The older arguments are accepted and dropped without a word: the
job runs without the inputs, and its outputs do not exist.

## Bad

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_type="ml.m5.large",
    instance_count=1,
    sagemaker_session=session,
)
step_clean = ProcessingStep(
    name="Clean",
    step_args=processor.run(code="s3://reports-bucket/code/clean.py"),
    outputs=[ProcessingOutput(output_name="clean", source="/opt/ml/processing/clean")],
)
pipeline = Pipeline(name="Reports", steps=[step_clean], sagemaker_session=session)
```

## Good

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_type="ml.m5.large",
    instance_count=1,
    sagemaker_session=session,
)
step_clean = ProcessingStep(
    name="Clean",
    step_args=processor.run(
        code="s3://reports-bucket/code/clean.py",
        outputs=[ProcessingOutput(output_name="clean", source="/opt/ml/processing/clean")],
    ),
)
pipeline = Pipeline(name="Reports", steps=[step_clean], sagemaker_session=session)
```

## How to fix

Move the arguments into the call that makes the `step_args`.

## When it stays silent

Where `step_args`, or the argument beside it, may be None; and for lists that are certainly empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import Draft, Listing, Related, SdkScene, SdkStepView, SdkValue, Severity, joined, rule, titled

from ._calls import called, is_given

#: What steps ignore beside ``step_args``, and the method whose argument it should be.
IGNORED: Mapping[str, tuple[tuple[str, ...], str]] = {
    "ProcessingStep": (("inputs", "outputs", "job_arguments", "code", "kms_key"), "run"),
    "TrainingStep": (("inputs",), "fit"),
    "TransformStep": (("inputs",), "transform"),
    "TuningStep": (("inputs", "job_arguments"), "fit"),
}


@dataclass(frozen=True, slots=True)
class Ignored:
    """``arguments`` are the ones that the ``step`` ignores, ``call`` makes its ``step_args``."""

    step: str
    arguments: tuple[str, ...]
    call: str

    def message(self) -> str:
        verb = "is" if len(self.arguments) == 1 else "are"
        return f"{joined(self.arguments, 'and')} of {self.step} {verb} ignored, since the step has step_args"

    def help(self) -> str:
        return f"give {'it' if len(self.arguments) == 1 else 'them'} to {self.call}"


@rule("CL805", "legacy-arguments-ignored", Severity.ERROR, view=SdkStepView, facts=Ignored)
def legacy_arguments_ignored(view: SdkStepView) -> Iterator[Draft]:
    scene, obj = view.scene, view.object
    names, method = IGNORED.get(obj.name, ((), ""))
    if obj.is_v3 or not is_given(scene, obj.get("step_args")):
        return
    ignored = tuple(name for name in names if is_given(scene, obj.get(name)) and not _is_empty(scene, obj.get(name)))
    if not ignored:
        return
    source = scene.objects.get(view.step.source) if view.step.source is not None else None
    call = called(source) if source is not None and source.method else f".{method}()"
    facts = Ignored(titled(obj.name, view.step.name, obj.span), ignored, call)
    related = (Related(source.span, "its step_args are made here"),) if source is not None else ()
    yield Draft(facts, obj.span, obj.scope or obj.span.path, view.step.name or obj.name, related)


def _is_empty(scene: SdkScene, value: SdkValue | None) -> bool:
    found = scene.resolve(value)
    return isinstance(found, Listing) and not found.members and found.open is None
