"""Of what types values and classes are: ``isinstance``, ``issubclass``, and what the builtin bases of a class bring."""

from __future__ import annotations

from collections.abc import Mapping

from contract_lint.python.frame import Frame
from contract_lint.python.values import Builtin, ClassObj, Const, DictObj, External, InstanceObj, ListObj, Ref, Text, TupleValue, Value

PYTHON_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "bytes": bytes}
#: A value of each kind of container.
EXAMPLES: Mapping[str, object] = {"dict": {}, "set": set(), "frozenset": frozenset(), "list": [], "tuple": ()}
#: The types that the enum classes are of, as far as questions about them go.
ENUM_TYPES: Mapping[str, frozenset[str]] = {
    "enum.Enum": frozenset({"enum.Enum"}),
    "enum.Flag": frozenset({"enum.Flag", "enum.Enum"}),
    "enum.IntEnum": frozenset({"enum.IntEnum", "enum.ReprEnum", "enum.Enum", "int"}),
    "enum.IntFlag": frozenset({"enum.IntFlag", "enum.ReprEnum", "enum.Flag", "enum.Enum", "int"}),
    "enum.StrEnum": frozenset({"enum.StrEnum", "enum.ReprEnum", "enum.Enum", "str"}),
}
#: Bases that decide on an instance's truth.
WITH_TRUTH = frozenset({*PYTHON_TYPES, "typing.NamedTuple", "enum.Flag"})


def outside_types(cls: ClassObj) -> frozenset[str]:
    """The types outside the project that a class is of, those behind an enum class included."""
    return frozenset(cls.externals).union(*(ENUM_TYPES.get(name, ()) for name in cls.externals))


def is_enum(cls: ClassObj) -> bool:
    return any(name in ENUM_TYPES for name in cls.externals)


def mixin(cls: ClassObj) -> str | None:
    """The builtin type that the class inherits from, directly or through an enum class."""
    types = outside_types(cls)
    return next((name for name in PYTHON_TYPES if name in types), None)


def decides_truth(cls: ClassObj) -> bool:
    """Whether a base outside the project may make an instance false."""
    return not WITH_TRUTH.isdisjoint(outside_types(cls))


def may_inherit(cls: ClassObj, name: str) -> bool:
    """Whether a builtin type that the class inherits from has the attribute, or an enum class may have it."""
    types = outside_types(cls)
    of_enum = "enum.Enum" in types and name.startswith("_")
    return of_enum or any(hasattr(python, name) for kind, python in PYTHON_TYPES.items() if kind in types)


def _is_protocol(frame: Frame, cls: Ref) -> bool:
    """A protocol takes whatever has its members."""
    obj = frame.read(cls)
    return isinstance(obj, ClassObj) and any(name.endswith(".Protocol") for name in obj.externals)


def is_subclass(frame: Frame, cls: Value, base: Value) -> bool | None:
    obj = frame.read(cls) if isinstance(cls, Ref) else None
    if not isinstance(obj, ClassObj):
        return None
    if isinstance(base, Ref):
        if base in obj.lineage:
            return True
        return None if obj.open is not None or _is_protocol(frame, base) else False
    if isinstance(base, (External, Builtin)):
        outside = outside_types(obj)
        if base.name in outside or base == Builtin("object"):
            return True
        maybe = isinstance(base, External) and (
            base.name.startswith(("typing.", "collections.abc.")) or (not outside.isdisjoint(PYTHON_TYPES) and base.name not in ENUM_TYPES)
        )
        return None if obj.open is not None or maybe else False
    return None


def is_instance(frame: Frame, value: Value, kind: Value) -> bool | None:
    """``isinstance(value, kind)``; None if that is not known."""
    if isinstance(value, (Const, Text)):
        if isinstance(kind, Builtin):
            python = PYTHON_TYPES.get(kind.name)
            if python is None:
                return kind.name == "object"
            return isinstance("" if isinstance(value, Text) else value.value, python)
        return False if isinstance(kind, Ref) else None
    if isinstance(value, TupleValue):
        return kind.name in ("tuple", "object") if isinstance(kind, Builtin) else None
    if not isinstance(value, Ref):
        return None
    obj = frame.read(value)
    if isinstance(obj, (DictObj, ListObj)):
        if isinstance(kind, Builtin):
            return kind.name in (obj.kind, "object") if obj.kind in EXAMPLES else None
        return False if isinstance(kind, Ref) else None
    if isinstance(obj, InstanceObj):
        answer = is_subclass(frame, obj.cls, kind)
        return None if answer is False and not obj.exact else answer
    if isinstance(obj, ClassObj) and isinstance(kind, Builtin):
        return kind.name in ("type", "object")
    return None
