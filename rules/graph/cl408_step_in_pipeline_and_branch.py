"""A step is listed twice: in the pipeline and in a branch, or in two branches.

## What it reports

One step that stands both in `Pipeline(steps=[…])` and in the `if_steps` or `else_steps` of a condition of this pipeline, in two branches,
or twice in one list.

## Why it matters

The SDK raises a ValueError when the pipeline's definition is made: a step in a branch must stand nowhere else, and names cannot repeat.

## Bad

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

refresh = ParameterString(name="Refresh", default_value="yes")
step_export = LambdaStep(
    name="ExportTable", lambda_func=Lambda(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:export")
)
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=refresh, right="yes")],
    if_steps=[step_export],
    else_steps=[],
)
pipeline = Pipeline(name="Exports", parameters=[refresh], steps=[step_check, step_export])
```

## Good

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

refresh = ParameterString(name="Refresh", default_value="yes")
step_export = LambdaStep(
    name="ExportTable", lambda_func=Lambda(function_arn="arn:aws:lambda:eu-west-1:111122223333:function:export")
)
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=refresh, right="yes")],
    if_steps=[step_export],
    else_steps=[],
)
pipeline = Pipeline(name="Exports", parameters=[refresh], steps=[step_check])
```

## How to fix

Leave the step where it shall run: in the branch, if the condition decides on it. A step that both branches need is made twice, under two
names.

## When it stays silent

Where the step stands in one of the places on some paths through the code only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Placed, SdkPipelineView, SdkScene, Severity, rule

from ..properties._reads import called
from ._sdk import label, pipeline_at, places_of, step_at, which

LISTS = {"if": "if_steps", "else": "else_steps", "each": "for_each_body"}


@dataclass(frozen=True, slots=True)
class TwoPlaces:
    """``step`` is a step in a sentence, ``first`` and ``second`` the lists in which it stands."""

    step: str
    first: str
    second: str

    def message(self) -> str:
        if self.first == self.second:
            return f"the {self.step} is listed twice in {self.first}"
        return f"the {self.step} is listed in {self.first} and in {self.second}"

    def help(self) -> str:
        if self.first == self.second:
            return "list it once"
        return "list it where it shall run; if it shall run in both places, make a second step of another name"


@rule("CL408", "step-in-pipeline-and-branch", Severity.ERROR, view=SdkPipelineView, facts=TwoPlaces)
def step_in_pipeline_and_branch(view: SdkPipelineView) -> Iterator[Draft]:
    scene, places = view.scene, places_of(view.pipeline)
    for again in view.pipeline.again:
        first = places[again.number]
        if not (again.must and first.must and first.listed):
            continue
        step = scene.steps[again.number]
        outer, inner = sorted((first, again), key=lambda one: len(one.branches))
        facts = TwoPlaces(called(step), _list(scene, view.pipeline.name, outer), _list(scene, view.pipeline.name, inner))
        conditions = dict.fromkeys(number for one in (first, again) for number, _ in one.branches[-1:])
        related = (*(step_at(scene.steps[number]) for number in conditions), pipeline_at(view.pipeline))
        yield Draft(facts, step.span, view.pipeline.name, label(step), related)


def _list(scene: SdkScene, pipeline: str, placed: Placed) -> str:
    if not placed.branches:
        return f"the steps of pipeline '{pipeline}'"
    number, side = placed.branches[-1]
    return f"the {LISTS[side]} of the condition {which(scene.steps[number])}"
