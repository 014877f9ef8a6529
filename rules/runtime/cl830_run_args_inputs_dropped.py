"""A step takes the code of `get_run_args`, but not the inputs that carry the source folder.

## What it reports

`ProcessingStep(code=run_args.code, …)` where `run_args` comes from `get_run_args` of a framework's processor and `run_args.inputs` is not
among the step's inputs.

## Why it matters

A framework's processor packs the source folder into an archive and adds it as an input. Its script unpacks this archive. Without the input
the container has no `/opt/ml/processing/input/code`, and the job fails after it has started.

## Bad

```python
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep
from sagemaker.xgboost.processing import XGBoostProcessor

session = PipelineSession()
processor = XGBoostProcessor(
    framework_version="1.7-1",
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    sagemaker_session=session,
)
run_args = processor.get_run_args(code="score.py", source_dir="src")
step_score = ProcessingStep(name="Score", processor=processor, code=run_args.code)
pipeline = Pipeline(name="Reports", steps=[step_score], sagemaker_session=session)
```

## Good

```python
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep
from sagemaker.xgboost.processing import XGBoostProcessor

session = PipelineSession()
processor = XGBoostProcessor(
    framework_version="1.7-1",
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_type="ml.m5.xlarge",
    instance_count=1,
    sagemaker_session=session,
)
run_args = processor.get_run_args(code="score.py", source_dir="src")
step_score = ProcessingStep(name="Score", processor=processor, inputs=run_args.inputs, code=run_args.code)
pipeline = Pipeline(name="Reports", steps=[step_score], sagemaker_session=session)
```

## How to fix

Give the inputs to `get_run_args(inputs=[…])` and the step `inputs=run_args.inputs`; or use `step_args=processor.run(…)`.

## When it stays silent

Where the step's inputs are not all known, and for processors that pack nothing (`ScriptProcessor`, `SKLearnProcessor` of version 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Listing, Read, Related, SdkStepView, SdkValue, Severity, is_none, rule, titled

PACKING = frozenset("FrameworkProcessor PyTorchProcessor TensorFlowProcessor HuggingFaceProcessor MXNetProcessor XGBoostProcessor".split())


@dataclass(frozen=True, slots=True)
class InputsDropped:
    step: str
    processor: str

    def message(self) -> str:
        return f"{self.step} takes the code of get_run_args(), but not its inputs: the {self.processor} ships the source folder in one"

    def help(self) -> str:
        return "give all inputs to get_run_args(inputs=[…]), and the step inputs=run_args.inputs"


@rule("CL830", "run-args-inputs-dropped", Severity.ERROR, view=SdkStepView, facts=InputsDropped)
def run_args_inputs_dropped(view: SdkStepView) -> Iterator[Draft]:
    scene, obj = view.scene, view.object
    code, inputs = obj.get("code"), obj.get("inputs")
    source = scene.objects.get(code.of) if isinstance(code, Read) and code.path == ".code" else None
    if source is None or source.method != "get_run_args" or source.name not in PACKING or not isinstance(code, Read):
        return
    if obj.open is not None or not _is_without(inputs, code.of):
        return
    name = view.step.name or obj.name
    related = (Related(source.span, "get_run_args() is called here"),)
    facts = InputsDropped(titled("step", view.step.name, obj.span), source.name)
    yield Draft(facts, obj.place_of(code), obj.scope or obj.span.path, name, related)


def _is_without(inputs: SdkValue | None, run_args: int) -> bool:
    """Whether the inputs are known, and none of them comes from the run's arguments."""
    if inputs is None or is_none(inputs):
        return True
    if not isinstance(inputs, Listing) or inputs.open is not None:
        return False
    return not any(isinstance(one.value, Read) and one.value.of == run_args for one in inputs.members)
