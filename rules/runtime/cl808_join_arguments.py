"""`Join` is given what it cannot join, or makes a broken URI.

## What it reports

`Join(["s3:/", bucket], "/")` with its arguments swapped, `values` that is a text or a single variable, a step among the values, a pipeline
variable as `on`; and `Join(on="/", values=["s3://", …])`, which has a slash too many.

## Why it matters

The SDK checks none of this. A text is taken apart into its characters, `s3:///bucket/key` names no bucket, and a step or a variable as `on`
fails when the definition is written, far from this line.

## Bad

```python
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterString

bucket = ParameterString(name="DataBucket", default_value="reports-bucket")
input_uri = Join(on="/", values=["s3://", bucket, "daily/input"])
```

## Good

```python
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterString

bucket = ParameterString(name="DataBucket", default_value="reports-bucket")
input_uri = Join(on="/", values=["s3:/", bucket, "daily/input"])
```

## How to fix

`on` is the text between the values, `values` a list of texts, numbers and pipeline variables; with `on="/"` a URI begins with `"s3:/"`.

## When it stays silent

Where an argument is only known at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Listing, Literal, Made, Mapped, SdkObject, SdkObjectView, SdkScene, Severity, rule

from ._variables import variable

SCHEMES = ("s3://", "https://", "http://")


@dataclass(frozen=True, slots=True)
class Misjoined:
    problem: str
    advice: str

    def message(self) -> str:
        return self.problem

    def help(self) -> str:
        return self.advice


@rule("CL808", "join-arguments", Severity.ERROR, view=SdkObjectView, facts=Misjoined)
def join_arguments(view: SdkObjectView) -> Iterator[Draft]:
    obj = view.object
    if obj.name == "Join" and obj.method is None and obj.callee.endswith(".workflow.functions.Join"):
        for facts in _problems(view.scene, obj):
            yield Draft(facts, obj.span, obj.scope or obj.span.path, facts.problem)


def _problems(scene: SdkScene, obj: SdkObject) -> Iterator[Misjoined]:
    on, values = scene.resolve(obj.get("on")), scene.resolve(obj.get("values"))
    is_text = isinstance(values, Literal) and isinstance(values.value, str)
    if isinstance(on, Listing):
        yield Misjoined("the arguments of Join are swapped: the list comes second", "write Join(on=…, values=[…])")
        return
    joiner = variable(scene, on)
    if joiner is not None:
        yield Misjoined(f"'on' of Join is {joiner.label}, but has to be a plain text", "give a plain text, such as on='/'")
    single = variable(scene, values)
    if is_text:
        yield Misjoined("'values' of Join is a text, whose characters are joined one by one", "give a list: values=[…]")
    elif single is not None or isinstance(values, Mapped):
        what = single.label if single is not None else "a dict"
        yield Misjoined(f"'values' of Join is {what}, but has to be a list", "give a list: values=[…]")
    if not isinstance(values, Listing):
        return
    for member in values.members if values.kind in ("list", "tuple") else ():
        step = scene.steps.get(member.value.number) if isinstance(member.value, Made) else None
        if step is not None and step.sdk_class != "@step" and member.must:
            name = f"'{step.name}'" if step.name is not None else f"a {step.sdk_class}"
            yield Misjoined(f"Join is given the step {name} itself, which is no value", "give one of its properties")
    first = values.members[0].value if values.members else None
    if isinstance(on, Literal) and on.value == "/" and isinstance(first, Literal) and first.value in SCHEMES and len(values.members) > 1:
        scheme = str(first.value)
        yield Misjoined(f"Join(on='/') after '{scheme}' makes '{scheme}/…', which has a slash too many", f"begin with '{scheme[:-1]}'")
