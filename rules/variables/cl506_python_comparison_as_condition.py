"""A condition of a pipeline is written as a comparison of Python.

## What it reports

`ConditionStep(conditions=[threshold > 0.8])`: an operator of Python between a parameter, a property or a `JsonGet` and a value, where a
condition object is due.

## Why it matters

Python compares while the pipeline is defined, when the value is not known. `==` and `!=` give `False` and `True`, on which the SDK then
fails with an AttributeError; the other operators raise a TypeError.

## Bad

```python
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.condition_step import ConditionStep
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
check = ConditionStep(name="CheckAccuracy", conditions=[accuracy > 0.8], depends_on=[evaluate])
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

Make a condition object: `ConditionGreaterThan(left=accuracy, right=0.8)`, `ConditionEquals`, `ConditionLessThanOrEqualTo`, `ConditionIn`,
…; a list of conditions holds where all of them do.

## When it stays silent

Where what is compared may be something else than a value of the pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from contract_lint.api import Draft, Made, Read, SdkObjectView, SdkScene, SdkValue, Severity, rule

from ._variables import scope_of_object, span_of

INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "==": "ConditionEquals(left=…, right=…)",
        "!=": "ConditionNot(ConditionEquals(left=…, right=…))",
        ">": "ConditionGreaterThan(left=…, right=…)",
        ">=": "ConditionGreaterThanOrEqualTo(left=…, right=…)",
        "<": "ConditionLessThan(left=…, right=…)",
        "<=": "ConditionLessThanOrEqualTo(left=…, right=…)",
        "in": "ConditionIn(value=…, in_values=[…])",
        "not in": "ConditionNot(ConditionIn(value=…, in_values=[…]))",
    }
)


@dataclass(frozen=True, slots=True)
class PythonComparison:
    """``label`` is what is compared."""

    step: str | None
    operator: str
    label: str

    def message(self) -> str:
        step = f" of '{self.step}'" if self.step is not None else ""
        return f"a condition{step} compares {self.label} with Python's '{self.operator}', while its value is not known"

    def help(self) -> str:
        return f"make a condition object: `{INSTEAD[self.operator]}`"


@rule("CL506", "python-comparison-as-condition", Severity.ERROR, view=SdkObjectView, facts=PythonComparison)
def python_comparison_as_condition(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    given = scene.resolve(obj.get("conditions")) if obj.name == "ConditionStep" and obj.method is None else None
    for value in scene.inside(given) if given is not None else ():
        span = span_of(value, obj.span)
        for one in scene.operations:
            if one.kind != "compare" or one.span != span or one.what not in INSTEAD:
                continue
            label = _label(scene, one.operand)
            if label is not None and one.certain:
                yield Draft(PythonComparison(scene.text(obj.get("name")), one.what, label), span, scope_of_object(obj), one.what)
                break


def _label(scene: SdkScene, value: SdkValue) -> str | None:
    """What is compared, if it is a value of the pipeline."""
    if isinstance(value, Read):
        path = value.property_path if value.of in scene.steps else None
        return f"'properties.{path}'" if path else None
    obj = scene.object(value) if isinstance(value, Made) else None
    if obj is None or obj.method is not None:
        return None
    if obj.is_parameter:
        name = scene.text(obj.get("name"))
        return f"the parameter '{name}'" if name is not None else "a parameter"
    return f"a {obj.name}" if obj.name in ("Join", "JsonGet") else None
