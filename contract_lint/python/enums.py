"""Enum classes and their members."""

from __future__ import annotations

from msgspec.structs import replace

from contract_lint.python.frame import Frame
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

ENUM_BASES = frozenset("enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag".split())


def is_enum(obj: ClassObj) -> bool:
    return not ENUM_BASES.isdisjoint(obj.externals)


def make_members(frame: Frame, ref: Ref, obj: ClassObj) -> None:
    """Turn the values in an enum's body into members; a second name of a value is an alias."""
    mixed = any(name in ("str", "int", "enum.StrEnum", "enum.IntEnum") for name in obj.externals)
    attributes = dict(obj.attributes)
    by_value: dict[Const, Ref] = {}
    for name, value in obj.attributes.items():
        if name.startswith("_") or isinstance(value, (FunctionValue, Property)):
            continue
        if isinstance(value, Ref) and isinstance(frame.read(value), ClassObj):
            continue
        held = value
        if isinstance(value, Ref) and isinstance(foreign := frame.read(value), ForeignObj) and foreign.callee.endswith("auto"):
            held = Const(name.lower()) if "enum.StrEnum" in obj.externals else Unknown("enum-auto", foreign.origin)
        if isinstance(held, Const) and held in by_value:
            attributes[name] = by_value[held]  # an alias
            continue
        address = EnumAddress(frame.ev.new_number(), held if mixed and isinstance(held, Const) else None)
        frame.write(address, InstanceObj(ref, {"name": Const(name), "value": held, "_value_": held}, True, obj.origin))
        attributes[name] = Ref(address)
        if isinstance(held, Const):
            by_value[held] = Ref(address)
    frame.write(ref.address, replace(obj, attributes=attributes))


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
