"""The properties of a step that has none.

## What it reports

`.properties` of a `FailStep`, of a step made with `@step`, or of a `CleanupStep`; and any property of an `EMRServerlessStep`, whose
`.properties` are empty.

## Why it matters

The SDK raises a `RuntimeError`, a `NotImplementedError` or an `AttributeError` when the pipeline is put together.

## Bad

```python
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.pipeline import Pipeline


def get_pipeline(function):
    stop = FailStep(name="Stop", error_message="The data is too small")
    tell = LambdaStep(name="Tell", lambda_func=function, inputs={"why": stop.properties.ErrorMessage})
    return Pipeline(name="Check", steps=[stop, tell])
```

## Good

```python
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.lambda_step import LambdaStep
from sagemaker.workflow.pipeline import Pipeline

WHY = "The data is too small"


def get_pipeline(function):
    tell = LambdaStep(name="Tell", lambda_func=function, inputs={"why": WHY})
    stop = FailStep(name="Stop", error_message=WHY, depends_on=[tell])
    return Pipeline(name="Check", steps=[tell, stop])
```

## How to fix

A step that ends the pipeline hands nothing on. Of a function with `@step`, hand on what its call returns. Of an EMR Serverless job, give
the next step what the job was given.

## When it stays silent

Where the step may be of a kind that has properties.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, NoProperties, PropertyReadView, Severity, rule, step_of

from ._reads import made_here, misread, read_scope, read_subject, shown

INSTEAD = {
    "Function": "hand on what the call of the function returns: it is a reference itself",
    "EMRServerless": "hand on what the job was given: the SDK knows no properties of its steps",
}


@dataclass(frozen=True, slots=True)
class NoneThere:
    """``raises`` is what reading them raises, None where they are empty."""

    kind: str
    read: str
    raises: str | None

    def message(self) -> str:
        if self.kind == "Function":
            return "what a call of a function with @step returns has no .properties"
        if self.raises is None:
            return f"{step_of([self.kind])} has no properties: there is no '{self.read}'"
        return f"{step_of([self.kind])} has no properties: reading them raises {self.raises.partition(':')[0]}"

    def help(self) -> str:
        return INSTEAD.get(self.kind, "a step that ends the pipeline has nothing to hand on")


@rule("CL214", "properties-of-a-step-without", Severity.ERROR, view=PropertyReadView, facts=NoneThere)
def properties_of_a_step_without(view: PropertyReadView) -> Iterator[Draft]:
    found = misread(view)
    if found is not None and isinstance(found.verdict, NoProperties):
        facts = NoneThere(found.kind.name, shown(found.path), found.kind.raises)
        yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))
