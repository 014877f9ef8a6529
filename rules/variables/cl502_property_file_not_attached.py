"""A condition reads a property file that its step does not have.

## What it reports

`JsonGet(step_name="Evaluate", property_file=report, …)` where the step `Evaluate` is made without `report` in its `property_files`; also
where the step is of another package, if the code gives `report` to nothing else.

## Why it matters

A `PropertyFile` gets into the pipeline only with the step that it is given to. The SDK does not look; the service refuses the pipeline,
since the reference leads nowhere.

## Bad

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.functions import JsonGet
from sagemaker.workflow.pipeline import Pipeline
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
)
accuracy = JsonGet(step_name="Evaluate", property_file=report, json_path="accuracy.value")
check = ConditionStep(name="CheckAccuracy", conditions=[ConditionGreaterThan(left=accuracy, right=0.8)], depends_on=[evaluate])
pipeline = Pipeline(name="Churn", steps=[evaluate, check], sagemaker_session=session)
```

## Good

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.functions import JsonGet
from sagemaker.workflow.pipeline import Pipeline
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
accuracy = JsonGet(step_name="Evaluate", property_file=report, json_path="accuracy.value")
check = ConditionStep(name="CheckAccuracy", conditions=[ConditionGreaterThan(left=accuracy, right=0.8)], depends_on=[evaluate])
pipeline = Pipeline(name="Churn", steps=[evaluate, check], sagemaker_session=session)
```

## How to fix

Give the file to the step that writes it: `ProcessingStep(…, property_files=[report])`; or read it from the step that has it.

## When it stays silent

Where it is not known which step is meant, or which property files the step has; where the step has another file object of the same name;
and where the step is no processing step (CL503).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Made, Read, Related, SdkNamed, SdkObjectView, SdkScene, Severity, joined, rule

from ._variables import file_names, is_json_get, property_file, scope_of_object, step_value, steps_read


@dataclass(frozen=True, slots=True)
class FileNotAttached:
    """``files`` are those that the step has, ``holders`` the steps that have the file. ``step`` is None where no step is known to."""

    file: str
    step: str | None
    files: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()

    def message(self) -> str:
        if self.step is None:
            return f"the property file '{self.file}' is read, but no step is given it"
        has = f"; it has {joined(self.files, 'and')}" if self.files else ""
        return f"the property file '{self.file}' is read from step '{self.step}', which does not have it{has}"

    def help(self) -> str:
        if self.holders:
            return f"read it from the step that has it: {joined(self.holders)}"
        return f"give the file to the step{f' {self.step!r}' if self.step is not None else ''}: `ProcessingStep(property_files=[…])`"


@rule("CL502", "property-file-not-attached", Severity.ERROR, view=SdkObjectView, facts=FileNotAttached)
def property_file_not_attached(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    file = property_file(scene, obj.get("property_file")) if is_json_get(obj) else None
    name = scene.text(file.get("name")) if file is not None else None
    if file is None or name is None:
        return
    steps = tuple(dict.fromkeys(steps_read(scene, obj)))
    if not steps and isinstance(step_value(scene, obj), SdkNamed) and _is_loose(scene, file.number):
        made = (Related(file.span, "the property file is made here"),)
        yield Draft(FileNotAttached(name, None), obj.place_of(obj.get("property_file")), scope_of_object(obj), name, made)
    for step in steps:
        files = file_names(scene, step)
        if step.kinds != ("Processing",) or step.name is None or files is None:
            continue
        if file.number in files or None in files.values() or name in files.values():
            continue
        facts = FileNotAttached(name, step.name, tuple(one for one in files.values() if one is not None), _holders(scene, file.number))
        related = (Related(step.span, f"step '{step.name}' is made here"), Related(file.span, "the property file is made here"))
        yield Draft(facts, obj.place_of(obj.get("property_file")), scope_of_object(obj), name, related)


def _is_loose(scene: SdkScene, number: int) -> bool:
    """Whether nothing but a ``JsonGet`` has the file."""
    if number not in scene.own or number in scene.held or number in scene.given_away:
        return False
    for other in scene.objects.values():
        held = (one for value in other.parts for one in scene.inside(value))
        if any(one == Made(number) or (isinstance(one, Read) and one.of == number) for one in held) and not is_json_get(other):
            return False
    return True


def _holders(scene: SdkScene, number: int) -> tuple[str, ...]:
    """The steps that have the file."""
    held = ((step.name, file_names(scene, step) or {}) for step in scene.steps.values())
    return tuple(dict.fromkeys(name for name, files in held if name is not None and number in files))
