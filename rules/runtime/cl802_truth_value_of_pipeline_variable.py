"""Python decides on a pipeline variable, whose value it does not have.

## What it reports

`if retrain:`, `not retrain`, `retrain or default` on a `ParameterBoolean`, and on any other pipeline variable in the function that defines
it; `==` and `!=` against a text or number, `match`, and a search for the variable in a list or dict of them; `<` and `>` between a
variable and anything else; `sorted`, `min` and `max` over several.

## Why it matters

While the pipeline is defined, a pipeline variable has no value. As a condition it always counts as true, it equals no text or number, and
two of one class are put in the order of their *names*: the same branch is taken whatever the pipeline is started with, without a word.
Against a number, `<` and `>` raise a TypeError.

## Bad

```python
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

mode = ParameterString(name="Mode", default_value="full")
name = "reports-full" if mode == "full" else "reports-delta"
pipeline = Pipeline(name=name, parameters=[mode], steps=[])
```

## Good

```python
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline

mode = ParameterString(name="Mode", default_value="full")
is_full = ConditionStep(name="IsFull", conditions=[ConditionEquals(left=mode, right="full")], if_steps=[], else_steps=[])
pipeline = Pipeline(name="reports", parameters=[mode], steps=[is_full])
```

## How to fix

Let a `ConditionStep` decide while the pipeline runs, or decide on a plain value (an argument of the function, `default_value`).

## When it stays silent

For `is None`, comparisons with None or an empty text, and the truth of what a function was given by its caller: they ask whether there is a
variable, and there is; only of a `ParameterBoolean` the truth is a mistake there too. For the truth of several in one place, which asks
for the elements of a list; for comparisons that stand in the conditions of a `ConditionStep` (CL506); and where the value is a pipeline
variable on some paths only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Hidden, Listing, Literal, Mapped, Operation, OperationView, Read, SdkScene, SdkValue, Severity, rule

from ._variables import Variable, scope_of_operation, variable

ORDERING = frozenset({"<", "<=", ">", ">="})
FUNCTIONS = frozenset({"sorted", "min", "max"})
#: Searches for it in a container of plain values, and what comes of them.
SEARCHES = {
    "in": "it is always false", "not in": "it is always true", "list.index": "Python raises a ValueError",
    "tuple.index": "Python raises a ValueError", "list.remove": "Python raises a ValueError", "list.count": "it is always 0",
    "tuple.count": "it is always 0",
}  # fmt: skip
#: Functions that ask which elements there are.
SEARCHING = frozenset({"any", "all", "filter"})


@dataclass(frozen=True, slots=True)
class Decided:
    """``how`` is the test as a reader would name it, ``effect`` what becomes of it."""

    label: str
    how: str
    effect: str

    def message(self) -> str:
        return f"{self.how} asks for the value of {self.label}, which is only known while the pipeline runs: {self.effect}"

    def help(self) -> str:
        return "let a ConditionStep decide while the pipeline runs, or decide on a plain value"


@rule("CL802", "truth-value-of-pipeline-variable", Severity.ERROR, view=OperationView, facts=Decided)
def truth_value_of_pipeline_variable(view: OperationView) -> Iterator[Draft]:
    operation, scene = view.operation, view.scene
    found = variable(scene, operation.operand) if operation.certain else None
    if found is None:
        return
    decided = None
    if operation.kind == "truth":
        decided = _truth(scene, operation, found)
    elif operation.kind == "compare" and not _is_condition(scene, operation):
        decided = _comparison(scene, operation, found)
    if decided is not None:
        how, effect = decided
        span = operation.operand_span if operation.kind == "truth" and operation.operand_span is not None else operation.span
        yield Draft(Decided(found.label, how, effect), span, scope_of_operation(operation), how, found.related())


def _truth(scene: SdkScene, operation: Operation, found: Variable) -> tuple[str, str] | None:
    if operation.what in SEARCHING or not (found.kind == "ParameterBoolean" or _is_own(scene, operation, found)):
        return None
    tested = {one.operand for one in scene.operations if (one.span, one.kind, one.what) == (operation.span, "truth", operation.what)}
    flags = [one for value in tested if (one := variable(scene, value)) is not None and one.kind == "ParameterBoolean"]
    if len(tested) > 1 and len(flags) < len(tested):
        return None
    effect = "it is always false" if operation.what == "not" else "it always counts as true"
    return (f"{operation.what}()" if operation.what == "bool" else f"'{operation.what}'"), effect


def _is_own(scene: SdkScene, operation: Operation, found: Variable) -> bool:
    """Whether the variable is made in the function that tests it, so that nobody asks whether there is one."""
    operand = operation.operand
    if isinstance(operand, Read):
        reads = (one for one in scene.operations if one.kind == "read" and one.operand == operand and one.span.path == operation.span.path)
        return any(one.scope == operation.scope for one in reads)
    made = found.object
    return made is not None and made.scope == operation.scope and made.span.path == operation.span.path


def _comparison(scene: SdkScene, operation: Operation, found: Variable) -> tuple[str, str] | None:
    what, others = operation.what, operation.others
    if what in ORDERING:
        other = variable(scene, others[0]) if others else None
        if other is not None and other.kind == found.kind and other.kind != "property":
            return f"'{what}'", f"two {found.kind} objects are compared by their names"
        known = other is not None or (bool(others) and isinstance(others[0], Literal))
        return (f"'{what}'", "Python raises a TypeError") if known else None
    if what in ("==", "!=") and others and _is_plain(others[0]):
        return f"'{what}'", f"it is always {'false' if what == '==' else 'true'}"
    if what in SEARCHES and others and _holds_plain(others[0]):
        by_hash = isinstance(others[0], Mapped) or (isinstance(others[0], Listing) and others[0].kind in ("set", "frozenset"))
        how = f"'{what}'" if "." not in what else f"{what[what.index('.') :]}()"
        return how, "Python raises a TypeError" if by_hash and not found.hashable else SEARCHES[what]
    if what == "match" and any(_is_plain(one) for one in others):
        return "'match'", "no case with a plain value ever fits"
    if what in FUNCTIONS:
        there = [one.operand for one in scene.operations if (one.span, one.kind, one.what) == (operation.span, "compare", what)]
        if len(there) > 1 or any(isinstance(one, Literal) for one in others):
            return f"{what}()", "Python compares names, or raises a TypeError"
    return None


def _is_plain(value: SdkValue) -> bool:
    """A text or number, where None and an empty text only ask whether there is anything."""
    return isinstance(value, Literal) and value.value is not None and value.value != ""


def _holds_plain(value: SdkValue) -> bool:
    if not isinstance(value, (Listing, Mapped)) or value.open is not None or not value.members:
        return False
    return all(_is_plain(one.value if one.key is None else one.key) for one in value.members)


def _is_condition(scene: SdkScene, operation: Operation) -> bool:
    """Whether the comparison is given to a ``ConditionStep``."""
    given = [obj.get("conditions") for obj in scene.objects.values() if obj.name == "ConditionStep"]
    found = (inner for value in given if value is not None for inner in scene.inside(value))
    return any(isinstance(inner, Hidden) and inner.span == operation.span for inner in found)
