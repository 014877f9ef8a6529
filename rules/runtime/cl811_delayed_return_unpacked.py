"""The result of a `@step` function is unpacked, iterated over, or hidden in a container.

## What it reports

`train, test = split(…)`, `for part in split(…)`, `list(split(…))` where `split` is decorated with `@step`; a pipeline variable in a list or
dict that is an argument of such a function; and a `Join` or `JsonGet` that is one.

## Why it matters

The function runs while the pipeline runs: what it returns is a placeholder that can be indexed, but has no length. Unpacking raises a
NotImplementedError. Arguments are written to a file while the pipeline is defined, and a variable inside of a container cannot be (a
SerializationError); in a `Join` that stands in a list, nothing is resolved at all.

## Bad

```python
from sagemaker.workflow.function_step import step
from sagemaker.workflow.pipeline import Pipeline


@step(name="Split")
def split(uri):
    return f"{uri}/train", f"{uri}/test"


@step(name="Train")
def train(uri):
    return f"{uri}/model"


parts = split("s3://reports-bucket/daily")
train_uri, test_uri = parts
pipeline = Pipeline(name="Reports", steps=[parts, train(train_uri)])
```

## Good

```python
from sagemaker.workflow.function_step import step
from sagemaker.workflow.pipeline import Pipeline


@step(name="Split")
def split(uri):
    return f"{uri}/train", f"{uri}/test"


@step(name="Train")
def train(uri):
    return f"{uri}/model"


parts = split("s3://reports-bucket/daily")
pipeline = Pipeline(name="Reports", steps=[train(parts[0])])
```

## How to fix

Read the parts by index, `parts[0]`, and give each variable as an argument of its own.

## When it stays silent

Where the value may be something else on other paths.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Listing, Mapped, OperationView, SdkObjectView, SdkScene, SdkValue, Severity, rule, titled

from ._variables import FUNCTIONS, Variable, scope_of_operation, variable, variables_in


@dataclass(frozen=True, slots=True)
class Unpacked:
    """``how`` is what reads it element by element."""

    label: str
    how: str

    def message(self) -> str:
        return f"{self.label} cannot be {self.how}: there is nothing in it before the pipeline runs"

    def help(self) -> str:
        return "keep it as it is and read its parts by index, as in result[0]"


@dataclass(frozen=True, slots=True)
class Nested:
    """``function`` is given the variable inside of ``container`` (None: as it is)."""

    label: str
    function: str
    container: str | None

    def message(self) -> str:
        inside = f" inside of a {self.container}" if self.container is not None else ""
        return f"{self.function} is given {self.label}{inside}, which cannot be written down while the pipeline is defined"

    def help(self) -> str:
        if self.container is None:
            return "give its parts as arguments of their own, and put them together inside of the function"
        return "give each variable as an argument of its own"


@rule("CL811", "delayed-return-unpacked", Severity.ERROR, view=OperationView, facts=Unpacked, also=(SdkObjectView,))
def delayed_return_unpacked(view: OperationView | SdkObjectView) -> Iterator[Draft]:
    if isinstance(view, OperationView):
        operation = view.operation
        found = variable(view.scene, operation.operand) if operation.kind == "iterate" and operation.certain else None
        if found is not None and found.kind == "result":
            how = "unpacked" if operation.what == "unpack" else "iterated over"
            span = operation.operand_span or operation.span
            yield Draft(Unpacked(found.label, how), span, scope_of_operation(operation), how, found.related())
    elif view.object.number in view.scene.steps and view.scene.steps[view.object.number].sdk_class == "@step":
        obj, name = view.object, view.scene.steps[view.object.number].name
        shown = f"the step function '{name}'" if name is not None else titled("step function", None, obj.span)
        for value in obj.given:
            for found, container in _unwritable(view.scene, value):
                facts = Nested(found.label, shown, container)
                related = tuple(one for one in found.related() if one.span != obj.span)
                yield Draft(facts, obj.span, obj.scope or obj.span.path, f"{name or 'function'}.{found.label}", related)


def _unwritable(scene: SdkScene, value: SdkValue) -> Iterator[tuple[Variable, str | None]]:
    if isinstance(value, (Listing, Mapped)):
        container = "dict" if isinstance(value, Mapped) else value.kind
        yield from ((one, container) for one in variables_in(scene, value))
        return
    found = variable(scene, value)
    if found is not None and found.kind in FUNCTIONS:
        yield found, None
