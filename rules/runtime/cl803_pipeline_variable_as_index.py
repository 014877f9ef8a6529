"""A pipeline variable is used as an index, a key, or the number of rounds of a loop.

## What it reports

`range(folds)`, `names[position]` on a list or tuple, `images[region]` on a dict of texts, also through `.get`, and a variable as a key of a
dict that cannot be one; each with a pipeline variable in it.

## Why it matters

While the pipeline is defined, a pipeline variable has no value: it is no number, and no key that a dict has. Python raises a TypeError or a
KeyError, or `.get` always gives the default.

## Bad

```python
from sagemaker.workflow.parameters import ParameterInteger
from sagemaker.workflow.pipeline import Pipeline

folds = ParameterInteger(name="Folds", default_value=5)
names = [f"fold-{number}" for number in range(folds)]
pipeline = Pipeline(name="CrossValidation", parameters=[folds], steps=[])
```

## Good

```python
from sagemaker.workflow.parameters import ParameterInteger
from sagemaker.workflow.pipeline import Pipeline

FOLDS = 5
folds = ParameterInteger(name="Folds", default_value=FOLDS)
names = [f"fold-{number}" for number in range(FOLDS)]
pipeline = Pipeline(name="CrossValidation", parameters=[folds], steps=[])
```

## How to fix

What decides on the shape of the pipeline has to be known while it is defined: use a plain value, or let the step look it up while it runs.

## When it stays silent

For a dict that has pipeline variables as its keys, and where the container or the variable is not certainly known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Listing, Literal, Mapped, Operation, OperationView, Severity, rule

from ._variables import Variable, scope_of_operation, variable


@dataclass(frozen=True, slots=True)
class AsIndex:
    """``use`` is what it is used as, ``effect`` what becomes of it."""

    label: str
    use: str
    effect: str

    def message(self) -> str:
        return f"{self.label} is used as {self.use}, but its value is only known while the pipeline runs: {self.effect}"

    def help(self) -> str:
        return "use a plain value here, or let a step look it up while it runs"


@rule("CL803", "pipeline-variable-as-index", Severity.ERROR, view=OperationView, facts=AsIndex)
def pipeline_variable_as_index(view: OperationView) -> Iterator[Draft]:
    operation = view.operation
    found = variable(view.scene, operation.operand) if operation.kind == "index" and operation.certain else None
    used = _used_as(operation, found) if found is not None else None
    if found is None or used is None:
        return
    use, effect = used
    span = operation.operand_span or operation.span
    yield Draft(AsIndex(found.label, use, effect), span, scope_of_operation(operation), operation.what, found.related())


def _used_as(operation: Operation, found: Variable) -> tuple[str, str] | None:
    what = operation.what
    if what == "range":
        return "an argument of range()", "Python raises a TypeError"
    container = operation.others[0] if operation.others else None
    if what == "[:]" and isinstance(container, (Listing, Literal)):
        return "the bound of a slice", "Python raises a TypeError"
    if isinstance(container, Listing) and container.kind in ("list", "tuple") and (what == "[]" or what.startswith("list.")):
        return f"an index of a {container.kind}", "Python raises a TypeError"
    if isinstance(container, Mapped) and container.members and all(isinstance(one.key, Literal) for one in container.members):
        if not found.hashable:
            return "a key of a dict", "Python raises a TypeError"
        if what == "dict.get":
            return "a key of a dict", "nothing is found under it"
        return ("a key of a dict", "Python raises a KeyError") if what == "[]" and container.open is None else None
    if container is None and what in ("dict", "set") and not found.hashable:
        return f"{'a key of a dict' if what == 'dict' else 'an element of a set'}", "Python raises a TypeError"
    return None
