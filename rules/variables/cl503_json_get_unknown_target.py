"""A JsonGet reads from a step or a property file that does not exist.

## What it reports

`JsonGet(step_name="Evalute", …)` in a pipeline that has no step of this name; `property_file="EvaluationReprot"` where the step has
property files of other names; and a property file of a step that is no processing step, which has none.

## Why it matters

A step that does not exist is a ValueError when the pipeline's definition is made. The other two are only noticed by the service.

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
    property_files=[report],
)
accuracy = JsonGet(step_name="Evalute", property_file=report, json_path="accuracy.value")
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

Write the names as the step and its property file have them; better, hand over the objects: `step_name=evaluate.name`,
`property_file=report`.

## When it stays silent

Where a name, one of the pipeline's steps, or one of the step's property files is only known at run time, and where no pipeline uses the
`JsonGet`. A `PropertyFile` that the step was not given is CL502.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Made,
    Related,
    SdkObject,
    SdkObjectView,
    SdkPipeline,
    SdkScene,
    SdkStep,
    Severity,
    joined,
    nearest,
    rule,
    step_of,
)

from ._variables import file_names, is_absent, is_json_get, property_file, scope_of_object, step_value, steps_read, written


@dataclass(frozen=True, slots=True)
class UnknownTarget:
    """``what`` is ``step``, ``file`` or ``kind``; ``owner`` the pipeline or step that lacks it, ``known`` what that has.

    Of a step that has no property files ``name`` is the file's, None where it is not known, and ``known`` the kinds that it may be.
    """

    what: str
    name: str | None
    owner: str
    known: tuple[str, ...]
    elsewhere: bool = False

    def message(self) -> str:
        if self.what == "step":
            more = ", only outside of it" if self.elsewhere else ""
            return f"JsonGet reads from the step '{self.name}', which pipeline '{self.owner}' does not have{more}"
        if self.what == "file":
            has = f"; it has {joined(self.known, 'and')}" if self.known else ""
            return f"JsonGet reads the property file '{self.name}', which step '{self.owner}' does not have{has}"
        return f"JsonGet reads a property file of step '{self.owner}', which is {step_of(self.known)}: only processing steps have them"

    def help(self) -> str:
        if self.what == "kind":
            return "read from the processing step that writes the file"
        candidates = nearest(self.name, self.known) if self.name is not None and not self.elsewhere else ()
        if candidates:
            return f"did you mean {joined(candidates)}?"
        return "list the step in the pipeline" if self.what == "step" else "give the file to the step: `property_files=[…]`"


@rule("CL503", "json-get-unknown-target", Severity.ERROR, view=SdkObjectView, facts=UnknownTarget)
def json_get_unknown_target(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if not is_json_get(obj):
        return
    for pipeline in scene.pipelines:
        yield from _without_step(scene, obj, pipeline)
    if is_absent(obj.get("property_file")):
        return
    for step in dict.fromkeys(steps_read(scene, obj)):
        yield from _without_file(scene, obj, step)


def _without_step(scene: SdkScene, obj: SdkObject, pipeline: SdkPipeline) -> Iterator[Draft]:
    name = scene.text(step_value(scene, obj))
    uses = [use for use in pipeline.uses if use.number == obj.number and use.consumer is not None]
    steps = [scene.steps[one.number] for one in pipeline.steps]
    if not name or not uses or pipeline.open_steps is not None or any(step.name is None for step in steps):
        return
    known = tuple(dict.fromkeys(one for step in steps if step.name is not None for one in (step.name, *step.names)))
    if name in known:
        return
    outside = [step for step in scene.steps.values() if step.name == name and step.span.path == pipeline.span.path]
    facts = UnknownTarget("step", name, pipeline.name, known, bool(outside))
    related = (Related(pipeline.span, f"pipeline '{pipeline.name}' is made here"), *(Related(one.span, "this step") for one in outside[:1]))
    given = obj.get("step_name")
    yield Draft(facts, obj.place_of(given), scope_of_object(obj), name, (*related, *written(given, obj)))


def _without_file(scene: SdkScene, obj: SdkObject, step: SdkStep) -> Iterator[Draft]:
    if step.name is None or not step.kinds or step.sdk_class == "@step":
        return
    given = obj.get("property_file")
    file = property_file(scene, given)
    name = scene.text(file.get("name") if file is not None else given)
    related = (Related(step.span, f"step '{step.name}' is made here"),)
    if "Processing" not in step.kinds:
        yield Draft(UnknownTarget("kind", name, step.name, step.kinds), obj.place_of(given), scope_of_object(obj), step.name, related)
        return
    files = file_names(scene, step)
    known = tuple(one for one in files.values() if one is not None) if files is not None else ()
    if isinstance(given, Made) or name is None or files is None or len(known) < len(files) or name in known:
        return
    facts = UnknownTarget("file", name, step.name, known)
    yield Draft(facts, obj.place_of(given), scope_of_object(obj), name, (*related, *written(given, obj)))
