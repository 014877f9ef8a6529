"""A property file is said to lie in an output that its step does not have.

## What it reports

`PropertyFile(output_name="metrics", …)` in the `property_files` of a processing step none of whose outputs is called `metrics`.

## Why it matters

The SDK writes the name into the pipeline as it is. The step runs, and then fails because the service finds no output to read the file
from; or the pipeline is refused when it is created.

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
report = PropertyFile(name="EvaluationReport", output_name="metrics", path="evaluation.json")
evaluate = ProcessingStep(
    name="Evaluate",
    step_args=evaluator.run(
        code="s3://example-bucket/code/evaluate.py",
        outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
    ),
    property_files=[report],
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
report = PropertyFile(name="EvaluationReport", output_name="evaluation", path="evaluation.json")
evaluate = ProcessingStep(
    name="Evaluate",
    step_args=evaluator.run(
        code="s3://example-bucket/code/evaluate.py",
        outputs=[ProcessingOutput(output_name="evaluation", source="/opt/ml/processing/evaluation")],
    ),
    property_files=[report],
)
```

## How to fix

Give the file the `output_name` of the `ProcessingOutput` that it is written to, or give the step that output. `path` is relative to the
output's folder.

## When it stays silent

Where the name of the output, or one of the step's outputs, is only known at run time; where the processor may add outputs of its own; and
for a property file that the step may not have.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Related, SdkStepView, Severity, joined, nearest, rule

from ._variables import property_file, written


@dataclass(frozen=True, slots=True)
class FileWithoutOutput:
    """``outputs`` are those that the step has."""

    file: str | None
    output: str
    step: str | None
    outputs: tuple[str, ...]

    def message(self) -> str:
        file = f"the property file '{self.file}'" if self.file is not None else "a property file"
        step = f"step '{self.step}'" if self.step is not None else "its step"
        has = f"it has {joined(self.outputs, 'and')}" if self.outputs else "it has none"
        return f"{file} lies in the output '{self.output}', which {step} does not have; {has}"

    def help(self) -> str:
        candidates = nearest(self.output, self.outputs)
        return f"did you mean {joined(candidates)}?" if candidates else "name an output that the step is given, or give it this one"


@rule("CL501", "property-file-on-unknown-output", Severity.ERROR, view=SdkStepView, facts=FileWithoutOutput)
def property_file_on_unknown_output(view: SdkStepView) -> Iterator[Draft]:
    step, scene = view.step, view.scene
    outputs = tuple(port.name for port in step.outputs if port.name is not None)
    if step.kinds != ("Processing",) or step.open_outputs is not None or len(outputs) < len(step.outputs):
        return
    for member in step.property_files:
        file = property_file(scene, member.value) if member.must else None
        output = scene.text(file.get("output_name")) if file is not None else None
        if file is None or output is None or output in outputs:
            continue
        name = scene.text(file.get("name"))
        related = (Related(step.span, f"step '{step.name}' is made here" if step.name is not None else "the step is made here"),)
        facts = FileWithoutOutput(name, output, step.name, tuple(dict.fromkeys(outputs)))
        given = file.get("output_name")
        yield Draft(facts, file.place_of(given), step.name or step.span.path, name or output, (*related, *written(given, file)))
