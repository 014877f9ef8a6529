"""A step refers to one that only runs in another branch of a condition.

## What it reports

A reference (`.properties`, the result of a `@step` function, the output of a Lambda) or an entry of `depends_on` that leads to a step
inside of a branch of a `ConditionStep`, from a step that is not in this branch or deeper in it. It is an error in the opposite branch of
the same condition, and for a `LambdaOutput` or `CallbackOutput` object; elsewhere it is a warning: that a step only runs where the branch
was taken may be what is wanted.

## Why it matters

The branch may not be taken. Then the step that is referred to never runs, and the one that waits for it never starts or fails. From the
other branch of the same condition this is so in every execution. The SDK prints the definition all the same; but for the object of an
output, which it looks for outside of branches alone: it raises a KeyError.

## Bad

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
refresh = ParameterString(name="Refresh", default_value="yes")
step_export = LambdaStep(
    name="ExportTable",
    lambda_func=Lambda(function_arn=f"{FUNCTION}export"),
    outputs=[LambdaOutput("location", LambdaOutputTypeEnum.String)],
)
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=refresh, right="yes")],
    if_steps=[step_export],
    else_steps=[],
)
step_score = LambdaStep(
    name="ScoreTable",
    lambda_func=Lambda(function_arn=f"{FUNCTION}score"),
    inputs={"location": step_export.properties.Outputs["location"]},
)
pipeline = Pipeline(name="Scores", parameters=[refresh], steps=[step_check, step_score])
```

## Good

```python
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

FUNCTION = "arn:aws:lambda:eu-west-1:111122223333:function:"
refresh = ParameterString(name="Refresh", default_value="yes")
step_export = LambdaStep(
    name="ExportTable",
    lambda_func=Lambda(function_arn=f"{FUNCTION}export"),
    outputs=[LambdaOutput("location", LambdaOutputTypeEnum.String)],
)
step_score = LambdaStep(
    name="ScoreTable",
    lambda_func=Lambda(function_arn=f"{FUNCTION}score"),
    inputs={"location": step_export.properties.Outputs["location"]},
)
step_check = ConditionStep(
    name="ShouldExport",
    conditions=[ConditionEquals(left=refresh, right="yes")],
    if_steps=[step_export, step_score],
    else_steps=[],
)
pipeline = Pipeline(name="Scores", parameters=[refresh], steps=[step_check])
```

## How to fix

Put the step that refers into the same branch, or the one that is referred to in front of the condition. A step that both branches need is
made twice, under two names.

## When it stays silent

Where a step is in the branch on some paths through the code only, or one of several values is referred to; and for a condition that itself
reads from its branches, which is a circle (CL401).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Placed, Related, SdkPipelineView, SdkScene, Severity, first_places, rule

from ..properties._reads import called
from ._sdk import Link, label, links_of, places_of, step_at, which

#: What the SDK calls the lists of steps in a condition.
LISTS = {"if": "if_steps", "else": "else_steps"}


@dataclass(frozen=True, slots=True)
class AcrossBranches:
    """``side`` is the branch of ``condition`` in which ``producer`` is; ``other`` says that ``consumer`` is in the opposite one."""

    consumer: str
    producer: str
    condition: str
    side: str
    waits: bool
    other: bool

    def message(self) -> str:
        verb = "waits for" if self.waits else "reads from"
        why = "which runs only where this step does not" if self.other else "which may not run"
        return f"the {self.consumer} {verb} the {self.producer}, {why}: it is in the {LISTS[self.side]} of the condition {self.condition}"

    def help(self) -> str:
        if self.other:
            return f"make the {self.producer} before the condition, or a second one of another name in this branch"
        return f"put both steps into the same branch, or the {self.producer} in front of the condition"


@rule("CL406", "reference-across-branches", Severity.ERROR, view=SdkPipelineView, facts=AcrossBranches)
def reference_across_branches(view: SdkPipelineView) -> Iterator[Draft]:
    scene, places = view.scene, places_of(view.pipeline)
    pairs: dict[tuple[int, int], list[Link]] = {}
    for link in links_of(view.pipeline):
        if link.certain and places[link.consumer].must and places[link.producer].must:
            pairs.setdefault((link.consumer, link.producer), []).append(link)
    for (consumed_by, made_by), (link, *others) in pairs.items():
        consumer, missing = places[consumed_by], _missing(places[consumed_by], places[made_by])
        if missing is None:
            continue
        number, side = missing
        reader, read, condition = scene.steps[link.consumer], scene.steps[link.producer], scene.steps[number]
        facts = AcrossBranches(called(reader), called(read), which(condition), side, link.waits, number in dict(consumer.branches))
        again = (Related(other.span, f"it {'waits for' if other.waits else 'reads from'} the step here too") for other in others)
        proved = facts.other or any(_by_object(view.scene, one) for one in (link, *others))
        related = (*first_places(again), step_at(read), step_at(reader), step_at(condition))
        yield Draft(facts, link.span, view.pipeline.name, f"{label(reader)}.{label(read)}", related, None if proved else Severity.WARNING)


def _by_object(scene: SdkScene, link: Link) -> bool:
    """Whether an output is given by the object that declares it: the SDK looks for its step outside of branches alone."""
    ports = scene.steps[link.producer].outputs
    declared = [scene.objects[port.number].span for port in ports if port.number is not None]
    return link.read is not None and link.read.span in declared


def _missing(consumer: Placed, producer: Placed) -> tuple[int, str] | None:
    """The outermost branch around the producer that is not around the consumer, unless this is the branch's own condition."""
    if any(condition == consumer.number for condition, _ in producer.branches):
        return None
    missing = next((branch for branch in producer.branches if branch not in consumer.branches), None)
    return missing if missing is not None and missing[1] in LISTS else None
