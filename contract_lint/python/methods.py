"""Methods of builtin objects."""

from __future__ import annotations

from collections.abc import Mapping

from contract_lint.python.dict_methods import METHODS
from contract_lint.python.dicts import DictBuilder
from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.lists import LIST_METHODS, TUPLE_METHODS, list_count, list_index
from contract_lint.python.texts import text_method
from contract_lint.python.values import (
    NONE,
    Builtin,
    Const,
    DictObj,
    Entry,
    InstanceObj,
    Item,
    ListObj,
    Namespace,
    Origin,
    Ref,
    Super,
    Text,
    TupleValue,
    Unknown,
    Value,
    join,
)


def call_method(frame: Frame, receiver: Value, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``receiver.name(*args, **kwargs)`` for a builtin object."""
    if isinstance(receiver, (Const, Text)):
        return text_method(frame, receiver, name, args, kwargs, origin)
    if isinstance(receiver, TupleValue):
        return _tuple_method(frame, receiver, name, args, origin)
    if isinstance(receiver, Super):
        return _unbound(frame, "object", name, [receiver.receiver, *args], kwargs, origin)
    if isinstance(receiver, Builtin):
        return _unbound(frame, receiver.name, name, args, kwargs, origin)
    if isinstance(receiver, Namespace):
        return _namespace_method(frame, receiver.instance, name, args, origin)
    if isinstance(receiver, Ref):
        obj = frame.read(receiver)
        if isinstance(obj, InstanceObj):
            return frame.ev.model_method(frame, receiver, name, args, kwargs, origin)
        if isinstance(obj, DictObj):
            method = METHODS[obj.kind].get(name)
        else:
            kind = obj.kind if isinstance(obj, ListObj) else ""
            method = {"list": LIST_METHODS, "tuple": TUPLE_METHODS}.get(kind, {}).get(name)
        if method is not None:
            return method(frame, receiver, args, kwargs, origin)
        spoil(frame, receiver, Unknown("unknown-method", origin))
    return Unknown("unknown-method", origin)


def _unbound(frame: Frame, kind: str, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``str.upper(x)``, ``dict.fromkeys(x)``, ``object.__setattr__(x, "a", 1)``."""
    if kind == "dict" and name == "fromkeys" and args:
        builder = DictBuilder()
        found = iterate(frame, args[0], origin)
        for item in found.items:
            builder.put(item.value, args[1] if len(args) > 1 else NONE, item.must)
        builder.open, builder.shuffled = builder.open or found.open, builder.shuffled or found.unordered
        return frame.new(builder.result("dict", origin))
    if kind == "object" and name == "__setattr__" and len(args) == 3 and isinstance(args[0], Ref):
        if isinstance(args[1], Const):
            frame.ev.store_directly(frame, args[0], str(args[1].value), args[2])
        else:
            frame.ev.blur(frame, args[0], Unknown("unknown-attribute", origin))
        return NONE
    if kind == "object" and name == "__delattr__" and len(args) == 2 and isinstance(args[0], Ref):
        if isinstance(args[1], Const):
            frame.ev.remove_directly(frame, args[0], str(args[1].value))
        else:
            frame.ev.blur(frame, args[0], Unknown("unknown-attribute", origin))
        return NONE
    if kind == "object" or not args:
        return NONE if name in ("__init__", "__init_subclass__") else Unknown("unknown-method", origin)
    if frame.ev.is_instance(frame, args[0], Builtin(kind)) is True:
        return frame.ev.call_attribute(frame, args[0], name, args[1:], kwargs, origin)
    for value in args:
        if isinstance(value, Ref):
            spoil(frame, value, Unknown("unknown-method", origin))
    return Unknown("unknown-method", origin)


def _tuple_method(frame: Frame, receiver: TupleValue, name: str, args: list[Value], origin: Origin) -> Value:
    items = ListObj(tuple(map(Item, receiver.items)), None, "tuple")
    if name == "index":
        return list_index(frame, items, args, origin)
    return list_count(items, args, origin) if name == "count" else Unknown("unknown-method", origin)


def _namespace_method(frame: Frame, instance: Ref, name: str, args: list[Value], origin: Origin) -> Value:
    """``instance.__dict__.get(…)``, ``.update(…)``."""
    key = args[0] if args else None
    obj = frame.read(instance)
    if name == "get" and isinstance(key, Const) and isinstance(key.value, str) and isinstance(obj, InstanceObj):
        found = obj.attributes.get(key.value)
        return found if found is not None else (args[1] if len(args) > 1 else NONE)
    if name == "update" and isinstance(key, Ref) and isinstance(changes := frame.read(key), DictObj):
        for entry in changes.entries.values():
            if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
                before = frame.ev.attribute(frame, instance, entry.key.value, origin)
                frame.ev.store_directly(frame, instance, entry.key.value, entry.value if entry.must else join(before, entry.value))
        if changes.open is not None:
            frame.ev.blur(frame, instance, changes.open)
        return NONE
    if name not in ("keys", "values", "items", "copy", "get"):
        frame.ev.blur(frame, instance, Unknown("dynamic-namespace", origin))
    return Unknown("dynamic-namespace", origin)


def spoil(frame: Frame, ref: Ref, reason: Unknown) -> None:
    """The object goes where nobody can follow: a dict may lose, gain and change entries, a list anything."""
    obj = frame.read(ref)
    if isinstance(obj, DictObj) and obj.kind != "frozenset":
        entries = {k: Entry(e.key, join(e.value, reason), False, e.writers) for k, e in obj.entries.items()}
        frame.write(ref.address, DictObj(entries, obj.open or reason, obj.kind, obj.origin, obj.shuffled))
    elif isinstance(obj, ListObj) and obj.kind != "tuple":
        frame.write(ref.address, ListObj((), obj.open or reason, obj.kind, obj.origin))
