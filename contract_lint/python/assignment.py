"""Assignment to names, attributes, items and patterns of them, and deletion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from contract_lint.python import summary as ir
from contract_lint.python.dicts import delete_item, set_item
from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate, unpack
from contract_lint.python.lists import assign_element, delete_element, forget
from contract_lint.python.methods import spoil
from contract_lint.python.values import (
    Const,
    DictObj,
    External,
    InstanceObj,
    ListObj,
    Namespace,
    Origin,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
)


def assign(frame: Frame, target: ir.Expr, value: Value, origin: Origin) -> None:
    """``target = value``."""
    if isinstance(target, ir.Name):
        frame.bind(target.id, value)
    elif isinstance(target, ir.Attribute):
        set_attribute(frame, frame.ev.evaluate(frame, target.value), target.name, value)
    elif isinstance(target, ir.Subscript):
        receiver = frame.ev.evaluate(frame, target.value)
        assign_item(frame, receiver, key_of_target(frame, target), value, origin)
    elif isinstance(target, ir.Starred):
        assign(frame, target.value, value, origin)
    elif isinstance(target, ir.Sequence):
        _assign_sequence(frame, target.items, value, origin)


def key_of_target(frame: Frame, target: ir.Subscript) -> Value | None:
    """The key of ``x[key]``; None for a slice."""
    if isinstance(target.key, ir.Slice):
        for part in (target.key.lower, target.key.upper, target.key.step):
            if part is not None:
                frame.ev.evaluate(frame, part)
        return None
    return frame.ev.evaluate(frame, target.key)


def _assign_sequence(frame: Frame, targets: tuple[ir.Expr, ...], value: Value, origin: Origin) -> None:
    star = next((i for i, t in enumerate(targets) if isinstance(t, ir.Starred)), None)
    if star is None:
        for target, part in zip(targets, unpack(frame, value, len(targets), origin), strict=True):
            assign(frame, target, part, origin)
        return
    found = iterate(frame, value, origin)
    after = len(targets) - star - 1
    if found.exact and len(found.items) >= star + after:
        items = found.items
        middle = items[star : len(items) - after]
        values: list[Value] = [i.value for i in items[:star]]
        values += [frame.new(ListObj(middle))]
        values += [i.value for i in items[len(items) - after :]] if after else []
    else:
        frame.may_raise()
        reason = found.open or Unknown("unknown-unpacking", origin)
        values = [frame.new(ListObj((), reason)) if i == star else reason for i in range(len(targets))]
    for target, part in zip(targets, values, strict=True):
        assign(frame, target, part, origin)


def set_attribute(frame: Frame, receiver: Value, name: str, value: Value) -> None:
    """``receiver.name = value``; on one of several receivers the old value stays possible."""
    options = alternatives(receiver)
    if len(options) > 1:
        frame.fork_values([partial(_set_attribute, frame, one, name, value) for one in options])
    else:
        _set_attribute(frame, receiver, name, value)


def _set_attribute(frame: Frame, receiver: Value, name: str, value: Value) -> Value:
    if isinstance(receiver, (Const, Text, TupleValue)):
        return frame.fails("raises", receiver.origin)
    if isinstance(receiver, Ref):
        frame.ev.store_attribute(frame, receiver, name, value)
    return value


def assign_item(frame: Frame, receiver: Value, key: Value | None, value: Value, origin: Origin) -> None:
    """``receiver[key] = value``; without a key a slice is assigned."""
    options = alternatives(receiver)
    sure = len(options) == 1
    if sure and isinstance(receiver, (Const, Text, TupleValue)):
        frame.fails("raises", origin)
        return
    if not sure and any(isinstance(one, Ref) and isinstance(frame.read(one), InstanceObj) for one in options):
        frame.fork([partial(_assign_to, frame, one, key, value, origin) for one in options])
        return
    for one in options:
        if isinstance(one, External) and key is not None and frame.ev.observer is not None:
            frame.ev.observer.outside_store(one.name, key)
        if isinstance(one, Namespace):
            _assign_in_namespace(frame, one.instance, key, value, sure)
        if not isinstance(one, Ref):
            continue
        obj = frame.read(one)
        if isinstance(obj, DictObj) and key is not None:
            set_item(frame, one, key, value, sure)
        elif isinstance(obj, ListObj) and obj.kind == "list":
            if sure:
                assign_element(frame, one, key, value)
            else:
                forget(frame, one, Unknown("one-of-several", origin))
        elif isinstance(obj, InstanceObj) and key is not None:
            frame.ev.call_attribute(frame, one, "__setitem__", [key, value], {}, origin)


def _assign_to(frame: Frame, receiver: Value, key: Value | None, value: Value, origin: Origin) -> bool:
    assign_item(frame, receiver, key, value, origin)
    return True


def _assign_in_namespace(frame: Frame, instance: Ref, key: Value | None, value: Value, sure: bool) -> None:
    if isinstance(key, Const) and isinstance(key.value, str):
        before = frame.ev.attribute(frame, instance, key.value, None)
        frame.ev.store_directly(frame, instance, key.value, value if sure else join(before, value))
    else:
        frame.ev.blur(frame, instance, Unknown("unknown-attribute"))


def delete(frame: Frame, target: ir.Expr) -> None:
    """``del target``."""
    if isinstance(target, ir.Name):
        frame.unbind(target.id)
    elif isinstance(target, ir.Subscript):
        receiver = frame.ev.evaluate(frame, target.value)
        key = key_of_target(frame, target) or frame.unknown("slice", target.at)
        options = alternatives(receiver)
        for one in options:
            obj = frame.read(one) if isinstance(one, Ref) else None
            sure_key = key if len(options) == 1 else Unknown("one-of-several")
            if isinstance(one, Ref) and isinstance(obj, DictObj):
                delete_item(frame, one, sure_key)
            elif isinstance(one, Ref) and isinstance(obj, ListObj):
                delete_element(frame, one, sure_key)
            elif isinstance(obj, InstanceObj) and len(options) == 1:
                frame.ev.call_attribute(frame, one, "__delitem__", [key], {}, (frame.module, target.at))
            elif isinstance(one, Ref) and isinstance(obj, InstanceObj):
                _maybe(frame, lambda one=one: frame.ev.call_attribute(frame, one, "__delitem__", [key], {}, None))  # type: ignore[misc]
    elif isinstance(target, ir.Attribute):
        delete_attribute(frame, frame.ev.evaluate(frame, target.value), target.name)
    elif isinstance(target, ir.Sequence):
        for item in target.items:
            delete(frame, item)


def delete_attribute(frame: Frame, receiver: Value, name: str) -> None:
    """``del receiver.name``; on one of several receivers the attribute may stay."""
    options = [one for one in alternatives(receiver) if isinstance(one, Ref)]
    for one in options:
        if len(alternatives(receiver)) == 1:
            frame.ev.remove_attribute(frame, one, name)
        else:
            _maybe(frame, lambda one=one: frame.ev.remove_attribute(frame, one, name))  # type: ignore[misc]


def _maybe(frame: Frame, change: Callable[[], object]) -> None:
    """Something was done, or not."""

    def done() -> bool:
        change()
        return True

    frame.fork([done, lambda: True])


def target_names(target: ir.Expr) -> list[str]:
    """The names that an assignment target binds."""
    if isinstance(target, ir.Name):
        return [target.id]
    if isinstance(target, ir.Starred):
        return target_names(target.value)
    if isinstance(target, ir.Sequence):
        return [name for item in target.items for name in target_names(item)]
    return []


def spoil_all(frame: Frame, options: tuple[Value, ...], reason: Unknown) -> None:
    """Each of the objects may have been changed in a way that is not known."""
    for one in options:
        if isinstance(one, Ref):
            spoil(frame, one, reason)
