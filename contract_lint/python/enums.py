"""Enum classes and their members."""

from __future__ import annotations

from msgspec.structs import replace

from contract_lint.python.attributes import ANY, find_in_class
from contract_lint.python.comparison import equal
from contract_lint.python.frame import Frame
from contract_lint.python.kinds import is_enum, mixin
from contract_lint.python.values import (
    ClassObj,
    Const,
    EnumAddress,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    Origin,
    Property,
    Ref,
    Unknown,
    Value,
    unknown,
)

#: Greater ints are not turned into floats.
MAX_EXACT = 1 << 53


def make_members(frame: Frame, ref: Ref, obj: ClassObj) -> None:
    """Turn the values in an enum's body into members; a second name of a value is an alias."""
    kind = mixin(obj)
    found = [find_in_class(frame, ref, hook) for hook in ("__new__", "__init__", "_generate_next_value_")]
    attributes = dict(obj.attributes)
    members: list[tuple[Value, Ref]] = []
    for name, value in obj.attributes.items():
        if _is_reserved(obj.name, name) or isinstance(value, (FunctionValue, Property)):
            continue
        if isinstance(value, Ref) and isinstance(frame.read(value), ClassObj):
            continue
        held: Value = value
        if isinstance(value, Ref) and isinstance(foreign := frame.read(value), ForeignObj) and foreign.callee.endswith("auto"):
            held = Unknown("enum-auto", foreign.origin)
            if found[2] is None:
                held = _automatic(obj, kind, name, [old for old, _ in members]) or held
        held = Unknown("custom-new") if found[0] is not None else _converted(kind, held)
        alias = next((one for old, one in members if not isinstance(held, Unknown) and equal(frame, old, held) is True), None)
        if alias is not None:
            attributes[name] = alias
            continue
        equals = None if kind is None else held if isinstance(held, (Const, Unknown)) else Unknown("converted-member")
        address = EnumAddress(frame.ev.new_number(), equals)
        own: dict[str, Value] = {"name": Const(name), "value": held, "_name_": Const(name), "_value_": held}
        if found[0] is not None or found[1] is not None:
            own[ANY] = Unknown("enum-init")
        frame.write(address, InstanceObj(ref, own, True, obj.origin))
        attributes[name] = Ref(address)
        members.append((held, Ref(address)))
    frame.write(ref.address, replace(obj, attributes=attributes))


def _is_reserved(cls: str, name: str) -> bool:
    """Names that are no members: ``__x__``, ``_x_``, and private ones."""
    return name.startswith(("__", f"_{cls.lstrip('_')}__")) or (len(name) > 2 and name[0] == name[-1] == "_")


def _automatic(obj: ClassObj, kind: str | None, name: str, before: list[Value]) -> Const | None:
    """What ``auto()`` gives after the members before it; None where that is not known."""
    if "enum.StrEnum" in obj.externals:
        return Const(name.lower())
    numbers = [old.value for old in before if isinstance(old, Const) and type(old.value) is int]
    if kind not in (None, "int") or len(numbers) < len(before) or not {"enum.Flag", "enum.IntFlag"}.isdisjoint(obj.externals):
        return None
    if numbers and numbers[-1] < max(numbers):
        return None  # Python 3.13 counts from the greatest, older ones from the last
    return Const(numbers[-1] + 1 if numbers else 1)


def _converted(kind: str | None, held: Value) -> Value:
    """The value of a member, which is of the mixed-in type."""
    if kind is None or isinstance(held, Unknown):
        return held
    if isinstance(held, Const):
        if type(held.value).__name__ == kind:
            return held
        if kind in ("int", "float") and isinstance(held.value, (bool, int)) and abs(held.value) < MAX_EXACT:
            return Const(int(held.value) if kind == "int" else float(held.value), held.origin, held.soft)
    return unknown(held, "converted-member")


def enum_members(frame: Frame, cls: Ref) -> list[Value] | None:
    """The members of an enum class in order; None if it is no enum."""
    obj = frame.read(cls)
    if not isinstance(obj, ClassObj) or not is_enum(obj):
        return None
    return list(dict.fromkeys(value for value in obj.attributes.values() if is_enum_member(value)))


def is_enum_member(value: Value) -> bool:
    return isinstance(value, Ref) and isinstance(value.address, EnumAddress)


def enum_by_name(frame: Frame, cls: Ref, key: Value) -> Value | None:
    """``Color["RED"]``."""
    members = enum_members(frame, cls)
    if members is None:
        return None
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    found = obj.attributes.get(key.value) if isinstance(key, Const) and isinstance(key.value, str) else None
    return found if found is not None else unknown(key, "unknown-member")


def enum_by_value(frame: Frame, cls: Ref, value: Value, origin: Origin) -> Value:
    """``Color("red")``."""
    for member in enum_members(frame, cls) or []:
        obj = frame.read(member) if isinstance(member, Ref) else None
        if isinstance(obj, InstanceObj) and isinstance(value, Const) and obj.attributes["value"] == value:
            return member
    return unknown(value, "unknown-member", origin)
