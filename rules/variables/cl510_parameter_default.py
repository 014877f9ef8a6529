"""The default of a pipeline parameter is not of its type.

## What it reports

`default_value` of a `ParameterString`, `ParameterInteger`, `ParameterFloat` or `ParameterBoolean` that is of another type, or another
parameter, a property of a step or a `Join`; a default that is not among the `enum_values`; `enum_values` that are no texts.

## Why it matters

The SDK raises a TypeError where the parameter is made: also for an integer where a float is due. What counts as false (`0`, `""`,
`False`), `True` for an integer, and a default outside of the `enum_values` pass, and the service refuses the pipeline.

## Bad

```python
from sagemaker.workflow.parameters import ParameterFloat, ParameterString

threshold = ParameterFloat(name="Threshold", default_value=1)
status = ParameterString(name="ApprovalStatus", default_value="PendingManualApproval", enum_values=["Approved", "PendingManualApproval"])
```

## Good

```python
from sagemaker.workflow.parameters import ParameterFloat, ParameterString

threshold = ParameterFloat(name="Threshold", default_value=1.0)
status = ParameterString(name="ApprovalStatus", default_value="PendingManualApproval", enum_values=["Approved", "PendingManualApproval"])
```

## How to fix

Write the default in the parameter's type: `1.0` for a float, `"1"` for a string, `True` for a boolean; or add the default to the
`enum_values`.

## When it stays silent

Where the default is only known at run time or given by a caller, and where it is `None`: the parameter then has none. `0` may be the
default of a `ParameterFloat`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from contract_lint.api import (
    Draft,
    Listing,
    Literal,
    Made,
    Mapped,
    Pieces,
    Read,
    SdkObject,
    SdkObjectView,
    SdkScene,
    SdkValue,
    Severity,
    joined,
    rule,
)

from ._variables import scope_of_object, written

RAISES = "the SDK raises a TypeError"
REFUSED = "the service refuses the pipeline"
TYPES: Mapping[str, tuple[type, str]] = MappingProxyType(
    {
        "ParameterString": (str, "a text"),
        "ParameterInteger": (int, "an integer"),
        "ParameterFloat": (float, "a float"),
        "ParameterBoolean": (bool, "True or False"),
    }
)


@dataclass(frozen=True, slots=True)
class WrongDefault:
    """``problem`` is what is wrong with the argument, ``effect`` who refuses it, ``advice`` what to write."""

    parameter: str | None
    problem: str
    effect: str
    advice: str

    def message(self) -> str:
        name = f"parameter '{self.parameter}'" if self.parameter is not None else "a parameter"
        return f"{name}: {self.problem}; {self.effect}"

    def help(self) -> str:
        return self.advice


@rule("CL510", "parameter-default", Severity.ERROR, view=SdkObjectView, facts=WrongDefault)
def parameter_default(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if not obj.is_parameter:
        return
    name = scene.text(obj.get("name"))
    for argument, facts in (*_default(scene, obj, name), *_enum(scene, obj, name)):
        given = obj.get(argument)
        yield Draft(facts, obj.place_of(given), scope_of_object(obj), f"{name or obj.name}.{argument}", written(given, obj))


def _default(scene: SdkScene, obj: SdkObject, name: str | None) -> Iterator[tuple[str, WrongDefault]]:
    wanted, words = TYPES[obj.name]
    found = _wrong(scene, scene.resolve(obj.get("default_value")), wanted)
    if found is not None:
        shown, effect = found
        advice = f"write {words}" if effect == RAISES or wanted is not int else "write a number"
        yield "default_value", WrongDefault(name, f"the default of a {obj.name} is {shown}, which is not {words}", effect, advice)


def _wrong(scene: SdkScene, value: SdkValue | None, wanted: type) -> tuple[str, str] | None:
    """What a default is that does not fit, and what comes of it."""
    if isinstance(value, Literal):
        return None if value.soft else _literal(value.value, wanted)
    if isinstance(value, Pieces):
        return None if wanted is str else ("a text", RAISES)
    if isinstance(value, (Listing, Mapped)):
        return ("a dict" if isinstance(value, Mapped) else f"a {value.kind}"), (RAISES if value.members else REFUSED)
    if isinstance(value, Read):
        is_property = value.of in scene.steps and scene.steps[value.of].sdk_class != "EMRStep" and bool(value.property_path)
        return ("a property of a step", RAISES) if is_property else None
    made = scene.object(value) if isinstance(value, Made) else None
    if made is None or made.method is not None or not (made.is_parameter or made.name in ("Join", "JsonGet")):
        return None
    return ("another parameter" if made.is_parameter else f"a {made.name}"), RAISES


def _literal(value: bool | int | float | str | bytes | None, wanted: type) -> tuple[str, str] | None:
    if value is None or (wanted is float and value == 0 and type(value) is int):
        return None
    if isinstance(value, wanted):
        return (repr(value), REFUSED) if wanted is int and isinstance(value, bool) else None
    return repr(value), RAISES if value else REFUSED


def _enum(scene: SdkScene, obj: SdkObject, name: str | None) -> Iterator[tuple[str, WrongDefault]]:
    given, default = scene.resolve(obj.get("enum_values")), scene.resolve(obj.get("default_value"))
    if not isinstance(given, Listing) or given.open is not None or not given.members:
        return
    values = [member.value for member in given.members]
    plain = [one.value for one in values if isinstance(one, Literal) and not one.soft]
    odd = [one for one in plain if not isinstance(one, str)]
    if odd:
        yield "enum_values", WrongDefault(name, f"{odd[0]!r} among its enum_values is no text", REFUSED, "write all enum_values as texts")
    elif len(plain) == len(values) and isinstance(default, Literal) and isinstance(default.value, str) and not default.soft:
        if default.value not in plain:
            known = joined([str(one) for one in plain], "and")
            problem = f"its default {default.value!r} is not among its enum_values {known}"
            yield "default_value", WrongDefault(name, problem, REFUSED, "take one of the enum_values, or add the default to them")
