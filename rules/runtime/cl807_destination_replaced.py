"""The destination of an output is no S3 URI, and the SDK replaces it.

## What it reports

`ProcessingOutput(destination=…)` with a text that does not begin with `s3://`.

## Why it matters

The SDK accepts it and, without a word, uploads to a location of its own below the session's default bucket. Whoever looks for the result
at the given place does not find it. Often `source` and `destination` were mixed up: `source` is the path in the container.

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
report = ProcessingOutput(output_name="report", source="/opt/ml/processing/report", destination="reports-bucket/daily")
step_clean = ProcessingStep(name="Clean", step_args=processor.run(code="s3://reports-bucket/code/clean.py", outputs=[report]))
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
report = ProcessingOutput(output_name="report", source="/opt/ml/processing/report", destination="s3://reports-bucket/daily")
step_clean = ProcessingStep(name="Clean", step_args=processor.run(code="s3://reports-bucket/code/clean.py", outputs=[report]))
pipeline = Pipeline(name="Reports", steps=[step_clean], sagemaker_session=session)
```

## How to fix

Give an S3 URI, or leave the destination out where the default location will do.

## When it stays silent

Where the beginning of the text is only known at run time, for pipeline variables, and for `file://` in local mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Literal, Pieces, SdkObjectView, SdkValue, Severity, options, rule


@dataclass(frozen=True, slots=True)
class NoUri:
    """``destination`` is the text as far as it is known; ``mixed_up`` says that it is a path in the container."""

    output: str | None
    destination: str
    mixed_up: bool

    def message(self) -> str:
        which = f"output '{self.output}'" if self.output is not None else "the output"
        return f"the destination '{self.destination}' of {which} is no S3 URI: the SDK uploads to its default location instead"

    def help(self) -> str:
        if self.mixed_up:
            return "a path in the container is the source; give an S3 URI, or no destination at all"
        return "begin it with s3://, or give no destination at all"


@rule("CL807", "destination-replaced", Severity.WARNING, view=SdkObjectView, facts=NoUri)
def destination_replaced(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if obj.name != "ProcessingOutput" or obj.method is not None or obj.is_v3:
        return
    given = scene.resolve(obj.get("destination"))
    texts = [_text(one) for one in options(given)] if given is not None else []
    if not texts or any(text is None or not _is_other(text) for text in texts):
        return
    output = scene.text(obj.get("output_name"))
    shown = texts[0] or ""
    facts = NoUri(output, shown, shown.startswith("/opt/ml/"))
    yield Draft(facts, obj.place_of(given), obj.scope or obj.span.path, output or "output")


def _text(value: SdkValue) -> str | None:
    if isinstance(value, Literal):
        return value.value if isinstance(value.value, str) else None
    return "".join("{…}" if part is None else part for part in value.parts) if isinstance(value, Pieces) else None


def _is_other(text: str) -> bool:
    """Whether it begins otherwise than with ``s3://``; an empty text is none at all."""
    head = text.partition("{…}")[0]
    return bool(head) and not head.startswith(("s3://", "file:")) and not ("s3://".startswith(head) and head != text)
