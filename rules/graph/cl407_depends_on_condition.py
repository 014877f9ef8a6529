"""A step depends on a condition step.

## What it reports

A `ConditionStep` in `depends_on` or `add_depends_on`: mostly a step that shall run after the branches, whichever was taken.

## Why it matters

The service refused pipelines with such an entry (known from 2023; it may take them today). Where it takes them, the step waits for the
comparison, not for the steps of the branch that was taken: it may run before these are done.

## Bad

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
refresh = ParameterString(name="Refresh", default_value="yes")
step_export = LambdaStep(name="ExportTable", lambda_func=Lambda(function_arn=f"{FUNCTION}export"))
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=refresh, right="yes")],
    if_steps=[step_export],
    else_steps=[],
)
step_score = LambdaStep(name="ScoreTable", lambda_func=Lambda(function_arn=f"{FUNCTION}score"), depends_on=[step_check])
pipeline = Pipeline(name="Scores", parameters=[refresh], steps=[step_check, step_score])
```

## Good

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
refresh = ParameterString(name="Refresh", default_value="yes")
step_export = LambdaStep(name="ExportTable", lambda_func=Lambda(function_arn=f"{FUNCTION}export"))
step_score_new = LambdaStep(name="ScoreNewTable", lambda_func=Lambda(function_arn=f"{FUNCTION}score"), depends_on=[step_export])
step_score_old = LambdaStep(name="ScoreOldTable", lambda_func=Lambda(function_arn=f"{FUNCTION}score"))
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=refresh, right="yes")],
    if_steps=[step_export, step_score_new],
    else_steps=[step_score_old],
)
pipeline = Pipeline(name="Scores", parameters=[refresh], steps=[step_check])
```

## How to fix

Put what shall come after a branch into this branch, in each of the two if need be, under different names.

## When it stays silent

Where the condition is one of several values, or the entry is there on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, SdkPipelineView, Severity, rule

from ..properties._reads import called
from ._sdk import label, step_at, which

CONDITION = "Condition"


@dataclass(frozen=True, slots=True)
class AfterCondition:
    step: str
    condition: str

    def message(self) -> str:
        return f"the {self.step} depends on the condition {self.condition}, and a condition does not wait for its branches"

    def help(self) -> str:
        return "put the step into the branches that it shall come after"


@rule("CL407", "depends-on-condition", Severity.WARNING, view=SdkPipelineView, facts=AfterCondition)
def depends_on_condition(view: SdkPipelineView) -> Iterator[Draft]:
    for wait in view.pipeline.waits:
        producer = view.scene.steps.get(wait.producer) if wait.producer is not None else None
        if producer is None or producer.kinds != (CONDITION,) or not wait.certain or wait.consumer == wait.producer:
            continue
        step = view.scene.steps[wait.consumer]
        facts = AfterCondition(called(step), which(producer))
        yield Draft(facts, wait.span, view.pipeline.name, f"{label(step)}.{label(producer)}", (step_at(producer),))
