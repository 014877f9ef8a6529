"""A single step, name or condition stands where a list is due.

## What it reports

`depends_on="Train"` or `depends_on=step_train`, the same in `add_depends_on(…)`, and a single object as `conditions`, `if_steps` or
`else_steps` of a `ConditionStep`.

## Why it matters

The SDK reads a text letter by letter and says that the pipeline has no step `T`. For an object it raises a TypeError when the definition is
made, far from the line that is wrong.

## Bad

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.pipeline import Pipeline

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
step_export = LambdaStep(name="ExportTable", lambda_func=Lambda(function_arn=f"{FUNCTION}export"))
step_score = LambdaStep(name="ScoreTable", lambda_func=Lambda(function_arn=f"{FUNCTION}score"), depends_on="ExportTable")
pipeline = Pipeline(name="Scores", steps=[step_export, step_score])
```

## Good

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.pipeline import Pipeline

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
step_export = LambdaStep(name="ExportTable", lambda_func=Lambda(function_arn=f"{FUNCTION}export"))
step_score = LambdaStep(name="ScoreTable", lambda_func=Lambda(function_arn=f"{FUNCTION}score"), depends_on=["ExportTable"])
pipeline = Pipeline(name="Scores", steps=[step_export, step_score])
```

## How to fix

Put it into square brackets.

## When it stays silent

Where the value is one of several, or only known at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Literal, Made, SdkScene, SdkStepView, SdkValue, Severity, Span, rule

from ..properties._reads import called
from ._sdk import ADD_DEPENDS_ON, label, orders, single, step_at

LISTS = ("conditions", "if_steps", "else_steps")


@dataclass(frozen=True, slots=True)
class NotAList:
    """``argument`` of ``step`` is ``what``; ``letters`` says that it is a text, of which the SDK takes ``first`` for a name."""

    step: str
    argument: str
    what: str
    letters: bool

    def message(self) -> str:
        where = f"{ADD_DEPENDS_ON}() of the {self.step}" if self.argument == ADD_DEPENDS_ON else f"{self.argument} of the {self.step}"
        if self.letters:
            return f"{where} is given the text {self.what}, not a list: its letters are taken for names of steps"
        return f"{where} is given {self.what}, not a list"

    def help(self) -> str:
        return f"put it into square brackets: [{self.what}]" if self.letters else "put it into square brackets"


@rule("CL410", "depends-on-not-a-list", Severity.ERROR, view=SdkStepView, facts=NotAList)
def depends_on_not_a_list(view: SdkStepView) -> Iterator[Draft]:
    scene, step, made = view.scene, view.step, view.object
    given = [*orders(scene, step)]
    if step.kinds == ("Condition",):
        given += [(name, value, made) for name in LISTS if (value := made.get(name)) is not None]
    for argument, value, call in given:
        found = single(scene, value)
        what = _named(scene, found, argument) if found is not None else None
        if found is None or what is None:
            continue
        facts = NotAList(called(step), argument, what, isinstance(found, Literal))
        span: Span | None = getattr(value, "span", None) or getattr(found, "span", None)
        related = () if call is made else (step_at(step),)
        yield Draft(facts, span if span is not None else call.span, made.scope or step.span.path, f"{label(step)}.{argument}", related)


def _named(scene: SdkScene, value: SdkValue, argument: str) -> str | None:
    """What stands there, in a sentence; None for what does not belong there at all."""
    if isinstance(value, Literal):
        return f"'{value.value}'" if isinstance(value.value, str) and argument != "conditions" else None
    step = scene.steps.get(value.number) if isinstance(value, Made) else None
    if argument != "conditions":
        return f"the {called(step)}" if step is not None else None
    obj = scene.object(value)
    return f"one {obj.name}" if obj is not None and obj.method is None and obj.name.startswith("Condition") and step is None else None
