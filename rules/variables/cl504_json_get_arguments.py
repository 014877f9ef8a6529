"""A JsonGet is given what it cannot read from.

## What it reports

The arguments of `JsonGet`: both of `property_file` and `s3_uri`, or neither; a step where the step's name is due, or no name at all with
a property file; an `s3_uri` that is no `Join` of plain values, parameters and properties; a `json_path` that is missing, no text, or
itself only known while the pipeline runs.

## Why it matters

The first raise a ValueError, some where the `JsonGet` is made and some when the pipeline's definition is. A `json_path` that is missing
gets into the pipeline, and the condition fails when it is reached.

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
accuracy = JsonGet(step_name=evaluate, property_file=report, json_path="accuracy.value")
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
accuracy = JsonGet(step_name=evaluate.name, property_file=report, json_path="accuracy.value")
check = ConditionStep(name="CheckAccuracy", conditions=[ConditionGreaterThan(left=accuracy, right=0.8)], depends_on=[evaluate])
pipeline = Pipeline(name="Churn", steps=[evaluate, check], sagemaker_session=session)
```

## How to fix

Name the step (`step_name=evaluate.name`), give exactly one of `property_file` and `s3_uri`, build the latter with `Join(on="/",
values=[…])`, and write the path as a plain text: `json_path="metrics.accuracy.value"`. The deprecated `JsonGet` of
`sagemaker.workflow.condition_step` takes the step itself, as `step`.

## When it stays silent

Where an argument is one of several values or only known at run time, and where the arguments are given as `**kwargs` that are not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Listing,
    Literal,
    Made,
    Mapped,
    Pieces,
    Read,
    SdkObject,
    SdkObjectView,
    SdkScene,
    SdkValue,
    Severity,
    rule,
)

from ._variables import OLD_JSON_GET, is_absent, is_json_get, scope_of_object, written


@dataclass(frozen=True, slots=True)
class WrongArgument:
    """``problem`` says what is wrong with it, ``advice`` what to write."""

    argument: str
    problem: str
    advice: str

    def message(self) -> str:
        return f"JsonGet: {self.problem}"

    def help(self) -> str:
        return self.advice


@rule("CL504", "json-get-arguments", Severity.ERROR, view=SdkObjectView, facts=WrongArgument)
def json_get_arguments(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if not is_json_get(obj):
        return
    wrong = [*(_old(scene, obj) if obj.callee == OLD_JSON_GET else _new(scene, obj)), *_path(scene, obj)]
    for facts in wrong:
        given = obj.get(facts.argument)
        yield Draft(facts, obj.place_of(given), scope_of_object(obj), facts.argument, written(given, obj))


def _old(scene: SdkScene, obj: SdkObject) -> Iterator[WrongArgument]:
    if scene.text(obj.get("step")) is not None:
        yield WrongArgument(
            "step",
            "step is a name, where this JsonGet takes the step itself",
            "give the step's object, or use `JsonGet` of `sagemaker.workflow.functions`",
        )


def _new(scene: SdkScene, obj: SdkObject) -> Iterator[WrongArgument]:
    file, uri = scene.resolve(obj.get("property_file")), scene.resolve(obj.get("s3_uri"))
    if not is_absent(file) and not is_absent(uri):
        if _is_something(file) and _is_something(uri):
            yield WrongArgument("s3_uri", "it is given both a property file and an s3_uri", "give one of the two")
        return
    if is_absent(file) and is_absent(uri):
        if obj.open is None and not obj.extra:
            yield WrongArgument("property_file", "it is given neither a property file nor an s3_uri", "give one of the two")
        return
    if is_absent(uri):
        yield from _step(scene, obj)
    elif uri is not None:
        yield from _uri(scene, uri)


def _is_something(value: SdkValue | None) -> bool:
    return isinstance(value, (Made, Pieces)) or (isinstance(value, Literal) and bool(value.value) and not value.soft)


def _step(scene: SdkScene, obj: SdkObject) -> Iterator[WrongArgument]:
    given = scene.resolve(obj.get("step_name"))
    if is_absent(given) or (isinstance(given, Literal) and given.value == ""):
        if obj.open is None and not obj.extra:
            more = ", and step does not name one" if not is_absent(obj.get("step")) else ""
            yield WrongArgument("step_name", f"a property file is read without the name of its step{more}", "give `step_name=….name`")
    elif isinstance(given, Made) and given.number in scene.steps:
        yield WrongArgument("step_name", "step_name is a step, where its name is due", "give `step_name=….name`")
    elif _is_no_text(scene, given):
        yield WrongArgument("step_name", "step_name is no text", "give the name of the step as a plain text")


def _is_no_text(scene: SdkScene, value: SdkValue | None) -> bool:
    """Whether it is certainly no plain text: a number, a list, a pipeline variable."""
    if isinstance(value, Literal):
        return not isinstance(value.value, str) and not value.soft
    return isinstance(value, (Listing, Mapped)) or _is_variable(scene, value)


def _is_variable(scene: SdkScene, value: SdkValue | None) -> bool:
    if isinstance(value, Read):
        return value.of in scene.steps and bool(value.property_path)
    obj = scene.object(value)
    return obj is not None and obj.method is None and (obj.is_parameter or (obj.name in ("Join", "JsonGet") and ".workflow." in obj.callee))


def _uri(scene: SdkScene, value: SdkValue) -> Iterator[WrongArgument]:
    advice = "build it with `Join(on=…, values=[…])` of plain values, parameters and properties"
    obj = scene.object(value)
    if isinstance(value, (Literal, Pieces)) or (obj is None and _is_variable(scene, value)):
        yield WrongArgument("s3_uri", "s3_uri is no Join", advice)
    elif obj is not None and obj.name == "Join":
        values = scene.resolve(obj.get("values"))
        inner = [scene.object(one) for one in scene.inside(values)] if values is not None else []
        if any(one is not None and one.method is None and one.name in ("Join", "JsonGet") for one in inner):
            yield WrongArgument("s3_uri", "s3_uri is a Join that holds another Join or JsonGet", advice)
    elif _is_variable(scene, value):
        yield WrongArgument("s3_uri", "s3_uri is no Join", advice)


def _path(scene: SdkScene, obj: SdkObject) -> Iterator[WrongArgument]:
    given = scene.resolve(obj.get("json_path"))
    advice = 'write the path as a plain text: `json_path="metrics.accuracy.value"`'
    if is_absent(given):
        if obj.open is None and not obj.extra and obj.callee != OLD_JSON_GET:
            yield WrongArgument("json_path", "json_path is missing", advice)
    elif _is_variable(scene, given):
        yield WrongArgument("json_path", "json_path is only known while the pipeline runs, where the SDK wants a plain text", advice)
    elif _is_no_text(scene, given):
        yield WrongArgument("json_path", "json_path is no text", advice)
    elif isinstance(given, Literal) and isinstance(given.value, str) and not given.soft and not _is_path(given.value):
        yield WrongArgument("json_path", f"json_path '{given.value}' is no path", advice)


def _is_path(text: str) -> bool:
    """Whether the brackets of a path close, and it names something."""
    depth = 0
    for letter in text:
        depth += (letter == "[") - (letter == "]")
        if depth not in (0, 1):
            return False
    return depth == 0 and bool(text.strip())
