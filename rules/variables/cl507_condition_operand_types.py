"""The two sides of a condition cannot be compared.

## What it reports

A condition object with a text on one side and a number or truth value on the other (a `ParameterInteger` against `"1000"`, a
`ParameterString` against `True`), with `None`, a list or a dict as an operand, or `ConditionIn` with a text where a list is due.

## Why it matters

The SDK does not look at the operands. The service refuses the pipeline, or the condition fails when it is reached, after the steps before
it were paid for. Of a text for `in_values` the SDK takes the single letters.

## Bad

```python
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.parameters import ParameterInteger

rows = ParameterInteger(name="MinimumRows", default_value=1000)
enough = ConditionGreaterThanOrEqualTo(left=rows, right="1000")
```

## Good

```python
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.parameters import ParameterInteger

rows = ParameterInteger(name="MinimumRows", default_value=1000)
enough = ConditionGreaterThanOrEqualTo(left=rows, right=1000)
```

## How to fix

Write the value in the type of the other side: `1000` and not `"1000"` against an integer, `"true"` and not `True` against a
`ParameterString`.

## When it stays silent

Where the type of one side is not known: what `JsonGet` reads, and plain values that are only known at run time. Integers and floats can
be compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Listing,
    Literal,
    Made,
    Malformed,
    Mapped,
    Pieces,
    Reaches,
    Read,
    Related,
    SdkNamed,
    SdkObjectView,
    SdkScene,
    SdkStep,
    SdkValue,
    Severity,
    kind_named,
    parse,
    rule,
    walk,
)

from ._variables import scope_of_object, written

ORDERED = frozenset({"ConditionGreaterThan", "ConditionGreaterThanOrEqualTo", "ConditionLessThan", "ConditionLessThanOrEqualTo"})
COMPARED = ORDERED | {"ConditionEquals"}
TEXT, NUMBER, TRUTH = "a text", "a number", "a truth value"
#: What no operand can be.
NO_VALUES = frozenset({"None", "a list", "a dict"})
OF_PARAMETERS = {"ParameterString": TEXT, "ParameterInteger": NUMBER, "ParameterFloat": NUMBER, "ParameterBoolean": TRUTH}
OF_SHAPES = {"string": TEXT, "integer": NUMBER, "long": NUMBER, "float": NUMBER, "double": NUMBER, "boolean": TRUTH}
OF_OUTPUTS = {"String": TEXT, "Integer": NUMBER, "Float": NUMBER, "Boolean": TRUTH}


@dataclass(frozen=True, slots=True)
class Operand:
    """``kind`` is what sort of value it is, None where that is not known; ``label`` what a message calls it."""

    kind: str | None
    label: str


@dataclass(frozen=True, slots=True)
class UnlikeOperands:
    """``letters``: a text is given where a list of values is due."""

    condition: str
    left: Operand
    right: Operand
    letters: bool = False

    def message(self) -> str:
        if self.letters:
            return f"{self.condition} takes the single letters of {self.right.label} for its values"
        wrong = next((side.kind for side in (self.left, self.right) if side.kind in NO_VALUES), None)
        if wrong is not None:
            return f"{self.condition} compares {wrong}, which is no value that a pipeline can compare"
        return (
            f"{self.condition} compares {self.left.label}, which is {self.left.kind}, with {self.right.label}, which is {self.right.kind}"
        )

    def help(self) -> str:
        if self.letters:
            return "give a list: `in_values=[…]`"
        return "compare two values of one type"


@rule("CL507", "condition-operand-types", Severity.WARNING, view=SdkObjectView, facts=UnlikeOperands)
def condition_operand_types(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if obj.method is not None or ".workflow." not in obj.callee:
        return
    for left, right, facts in _wrong(scene, obj.name, obj.get("left"), obj.get("right"), obj.get("value"), obj.get("in_values")):
        made = [scene.object(one) for one in (left, right)]
        related = tuple(Related(one.span, "it is defined here") for one in made if one is not None and one.is_parameter)
        fault = right if facts.left.kind not in NO_VALUES or facts.letters else left
        places = (*related, *written(fault, obj))
        yield Draft(facts, obj.place_of(fault), scope_of_object(obj), f"{obj.name}.{facts.left.label}", places)


def _wrong(
    scene: SdkScene, name: str, left: SdkValue | None, right: SdkValue | None, value: SdkValue | None, among: SdkValue | None
) -> Iterator[tuple[SdkValue, SdkValue, UnlikeOperands]]:
    if name in COMPARED and left is not None and right is not None:
        facts = UnlikeOperands(name, _operand(scene, left), _operand(scene, right))
        if _unlike(facts):
            yield left, right, facts
    values = scene.resolve(among) if name == "ConditionIn" else None
    if value is None or values is None:
        return
    if isinstance(values, Literal) and isinstance(values.value, str) and not values.soft:
        yield value, values, UnlikeOperands(name, _operand(scene, value), _operand(scene, values), letters=True)
    for member in values.members if isinstance(values, Listing) else ():
        facts = UnlikeOperands(name, _operand(scene, value), _operand(scene, member.value))
        if member.must and _unlike(facts):
            yield value, member.value, facts
            return


def _unlike(facts: UnlikeOperands) -> bool:
    kinds = (facts.left.kind, facts.right.kind)
    return bool(NO_VALUES & set(kinds)) or (None not in kinds and kinds[0] != kinds[1])


def _operand(scene: SdkScene, value: SdkValue) -> Operand:
    found = scene.resolve(value) or value
    if isinstance(found, Literal):
        return Operand(None if found.soft else _of_literal(found), repr(found.value))
    if isinstance(found, Pieces):
        return Operand(TEXT, "a text")
    if isinstance(found, (Listing, Mapped)):
        return Operand("a dict" if isinstance(found, Mapped) else "a list", "it")
    if isinstance(found, Read) and found.of in scene.steps:
        step = scene.steps[found.of]
        return Operand(_of_property(scene, step, found), f"'properties.{found.property_path}'")
    if isinstance(found, SdkNamed) and ".ExecutionVariables." in found.name:
        return Operand(None if found.name.endswith("_DATETIME") else TEXT, f"ExecutionVariables.{found.name.rpartition('.')[2]}")
    return _of_object(scene, found)


def _of_object(scene: SdkScene, value: SdkValue) -> Operand:
    obj = scene.object(value) if isinstance(value, Made) else None
    if obj is None or (obj.method is not None and obj.method != "to_string"):
        return Operand(None, "a value")
    if obj.method == "to_string" or obj.name == "Join":
        return Operand(TEXT, "a Join" if obj.method is None else "what to_string() returned")
    name = scene.text(obj.get("name"))
    return Operand(
        OF_PARAMETERS.get(obj.name) if obj.is_parameter else None, f"the parameter '{name}'" if name is not None else f"a {obj.name}"
    )


def _of_literal(value: Literal) -> str | None:
    if value.value is None:
        return "None"
    if isinstance(value.value, bool):
        return TRUTH
    return TEXT if isinstance(value.value, str) else NUMBER if isinstance(value.value, (int, float)) else None


def _of_property(scene: SdkScene, step: SdkStep, read: Read) -> str | None:
    """The sort of value that a property is, from the service's model or the declared type of an output."""
    kind = kind_named(step.kinds[0]) if len(step.kinds) == 1 else None
    path = parse(f"properties.{read.property_path}") if read.property_path else None
    if kind is None or path is None or isinstance(path, Malformed):
        return None
    if kind.name in ("Lambda", "Callback"):
        for port in step.outputs:
            declared = scene.object(port.number)
            given = declared.get("output_type") if declared is not None else None
            if port.name is not None and read.path in (f".properties.Outputs['{port.name}']", f'.properties.Outputs["{port.name}"]'):
                return OF_OUTPUTS.get(given.name.rpartition(".")[2]) if isinstance(given, SdkNamed) else None
        return None
    reached = walk(path, kind)
    return OF_SHAPES.get(reached.type or "") if isinstance(reached, Reaches) else None
