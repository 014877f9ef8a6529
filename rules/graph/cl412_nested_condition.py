"""A condition stands in a branch of another.

## What it reports

A `ConditionStep` in the `if_steps` or `else_steps` of another one.

## Why it matters

The developer guide says that nested condition steps are not supported: a condition step cannot be given to another one. The SDK prints the
definition all the same, and pipelines of this form are in use. Whether the service takes them is shown only when the pipeline is created.

## Bad

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

export = ParameterString(name="Export", default_value="yes")
publish = ParameterString(name="Publish", default_value="no")
step_export = LambdaStep(
    name="ExportTable", lambda_func=Lambda(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:export")
)
step_publish = ConditionStep(
    name="ShouldPublish", conditions=[ConditionEquals(left=publish, right="yes")], if_steps=[step_export], else_steps=[]
)
step_check = ConditionStep(
    name="ShouldExport", conditions=[ConditionEquals(left=export, right="yes")], if_steps=[step_publish], else_steps=[]
)
pipeline = Pipeline(name="Exports", parameters=[export, publish], steps=[step_check])
```

## Good

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

export = ParameterString(name="Export", default_value="yes")
publish = ParameterString(name="Publish", default_value="no")
step_export = LambdaStep(
    name="ExportTable", lambda_func=Lambda(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:export")
)
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=export, right="yes"), ConditionEquals(left=publish, right="yes")],
    if_steps=[step_export],
    else_steps=[],
)
pipeline = Pipeline(name="Exports", parameters=[export, publish], steps=[step_check])
```

## How to fix

Ask both questions in one condition (`conditions=[…]` holds where all of them do, `ConditionOr` where one does), or put the two conditions
beside each other, each with all that it depends on.

## When it stays silent

Where a condition is in the branch on some paths through the code only; and for loops of the SDK's third version.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, SdkPipelineView, Severity, rule

from ._sdk import label, step_at, which

LISTS = {"if": "if_steps", "else": "else_steps"}


@dataclass(frozen=True, slots=True)
class NestedCondition:
    condition: str
    outer: str
    side: str

    def message(self) -> str:
        return f"the condition {self.condition} is in the {LISTS[self.side]} of the condition {self.outer}: nesting is not supported"

    def help(self) -> str:
        return "ask both questions in one condition, or put the conditions beside each other"


@rule("CL412", "nested-condition", Severity.WARNING, view=SdkPipelineView, facts=NestedCondition)
def nested_condition(view: SdkPipelineView) -> Iterator[Draft]:
    scene = view.scene
    for placed in view.pipeline.steps:
        step = scene.steps[placed.number]
        outer = next(((number, side) for number, side in reversed(placed.branches) if side in LISTS), None)
        if step.kinds != ("Condition",) or outer is None or not placed.must:
            continue
        condition = scene.steps[outer[0]]
        facts = NestedCondition(which(step), which(condition), outer[1])
        yield Draft(facts, step.span, view.pipeline.name, f"{label(condition)}.{label(step)}", (step_at(condition),))
