"""Two property files of a step have one name.

## What it reports

Two entries of `ProcessingStep(property_files=[…])` that have the same name, also one file that stands there twice.

## Why it matters

A `JsonGet` names the step and the file, so it cannot say which of the two it reads. The SDK writes both into the pipeline.

## Bad

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
evaluator = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/Pipeline",
    instance_count=1,
    instance_type="ml.m5.large",
    sagemaker_session=session,
)
drift = PropertyFile(name="EvaluationReport", output_name="evaluation", path="drift.json")
report = PropertyFile(name="EvaluationReport", output_name="evaluation", path="evaluation.json")
evaluate = ProcessingStep(
    name="Evaluate",
    step_args=evaluator.run(
        code="s3://example-bucket/code/evaluate.py",
        outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
    ),
    property_files=[report, drift],
)
```

## Good

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
evaluator = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/Pipeline",
    instance_count=1,
    instance_type="ml.m5.large",
    sagemaker_session=session,
)
drift = PropertyFile(name="DriftReport", output_name="evaluation", path="drift.json")
report = PropertyFile(name="EvaluationReport", output_name="evaluation", path="evaluation.json")
evaluate = ProcessingStep(
    name="Evaluate",
    step_args=evaluator.run(
        code="s3://example-bucket/code/evaluate.py",
        outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
    ),
    property_files=[report, drift],
)
```

## How to fix

Give the second file its own name, or take it away.

## When it stays silent

Where a name is only known at run time, or one of the two is there on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Related, SdkObject, SdkStepView, Severity, rule, titled

from ._variables import property_file, span_of


@dataclass(frozen=True, slots=True)
class SecondFile:
    """``same`` says that it is the same object."""

    file: str
    step: str
    same: bool

    def message(self) -> str:
        has = f"the property file '{self.file}' twice" if self.same else f"two property files of the name '{self.file}'"
        return f"{self.step} has {has}"

    def help(self) -> str:
        return "take the second one away" if self.same else "give the second one its own name, or take it away"


@rule("CL505", "duplicate-property-file", Severity.ERROR, view=SdkStepView, facts=SecondFile)
def duplicate_property_file(view: SdkStepView) -> Iterator[Draft]:
    step, scene = view.step, view.scene
    first: dict[str, SdkObject] = {}
    for member in step.property_files:
        file = property_file(scene, member.value) if member.must else None
        name = scene.text(file.get("name")) if file is not None else None
        if file is None or name is None:
            continue
        if name not in first:
            first[name] = file
            continue
        same = first[name].number == file.number
        span = step.span if same else span_of(file.get("name"), file.span)
        related = (Related(first[name].span, f"the {'file' if same else 'first'} is made here"),)
        yield Draft(SecondFile(name, titled("step", step.name, step.span), same), span, step.name or step.span.path, name, related)
