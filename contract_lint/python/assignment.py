"""Assignment to names, attributes, items and patterns of them, and deletion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from contract_lint.python import summary as ir
from contract_lint.python.dicts import delete_item, set_item
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import iterate, unpack
from contract_lint.python.journals import changed_by_method, open_journals
from contract_lint.python.lists import assign_element, delete_element
from contract_lint.python.methods import spoil
from contract_lint.python.operations_observed import on_iterate, on_store, on_store_item
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
)


def assign(frame: Frame, target: ir.Expr, value: Value, origin: Origin) -> None:
    """``target = value``."""
    if isinstance(target, ir.Name):
        frame.bind(target.id, value)
    elif isinstance(target, ir.Attribute):
        receiver = frame.ev.evaluate(frame, target.value)
        if frame.ev.observes:
            on_store(frame, target.name, receiver, value, origin, frame.origin(target.value.at))
        set_attribute(frame, receiver, target.name, value)
    elif isinstance(target, ir.Subscript):
        receiver = frame.ev.evaluate(frame, target.value)
        if frame.ev.keeps_journals:
            open_journals(frame, changed_by_method(frame, receiver, "update"), Unknown("changed-unseen", origin))
        key = key_of_target(frame, target)
        if frame.ev.observes:
            on_store_item(frame, target, receiver, key, value, origin)
        assign_item(frame, receiver, key, value, origin)
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
    if frame.ev.observes:
        on_iterate(frame, "unpack", value, origin)
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


def on_each(frame: Frame, receiver: Value, change: Callable[[Value], object]) -> None:
    """Change the receiver; where it may be one of several, each of them on a way of its own."""

    def way(one: Value) -> bool:
        change(one)
        return True

    options = alternatives(receiver)
    if len(options) == 1:
        change(receiver)
    elif not frame.fork([partial(way, one) for one in options]):
        raise Diverges


def set_attribute(frame: Frame, receiver: Value, name: str, value: Value) -> None:
    """``receiver.name = value``."""

    def change(one: Value) -> None:
        if isinstance(one, (Const, Text, TupleValue)):
            frame.fails("raises", one.origin)
        elif isinstance(one, Ref):
            frame.ev.store_attribute(frame, one, name, value)

    on_each(frame, receiver, change)


def assign_item(frame: Frame, receiver: Value, key: Value | None, value: Value, origin: Origin) -> None:
    """``receiver[key] = value``; without a key a slice is assigned."""
    on_each(frame, receiver, lambda one: _assign_item(frame, one, key, value, origin))


def _assign_item(frame: Frame, receiver: Value, key: Value | None, value: Value, origin: Origin) -> None:
    if isinstance(receiver, (Const, Text, TupleValue)):
        frame.fails("raises", origin)
    elif isinstance(receiver, External) and key is not None and frame.ev.observer is not None:
        frame.ev.observer.outside_store(receiver.name, key)
    elif isinstance(receiver, Namespace):
        _assign_in_namespace(frame, receiver.instance, key, value)
    elif isinstance(receiver, Ref):
        obj = frame.read(receiver)
        if isinstance(obj, DictObj) and key is not None:
            set_item(frame, receiver, key, value)
        elif isinstance(obj, ListObj) and obj.kind == "list":
            assign_element(frame, receiver, key, value)
        elif isinstance(obj, InstanceObj) and key is not None:
            frame.ev.call_attribute(frame, receiver, "__setitem__", [key, value], {}, origin)


def _assign_in_namespace(frame: Frame, instance: Ref, key: Value | None, value: Value) -> None:
    if isinstance(key, Const) and isinstance(key.value, str):
        frame.ev.store_directly(frame, instance, key.value, value)
    else:
        frame.ev.blur(frame, instance, Unknown("unknown-attribute"))


def delete(frame: Frame, target: ir.Expr) -> None:
    """``del target``."""
    if isinstance(target, ir.Name):
        frame.unbind(target.id)
    elif isinstance(target, ir.Subscript):
        receiver = frame.ev.evaluate(frame, target.value)
        key = key_of_target(frame, target) or frame.unknown("slice", target.at)
        if frame.ev.observes:
            on_store_item(frame, target, receiver, key, None, (frame.module, target.at))
        on_each(frame, receiver, lambda one: _delete_item(frame, one, key, (frame.module, target.at)))
    elif isinstance(target, ir.Attribute):
        receiver = frame.ev.evaluate(frame, target.value)
        if frame.ev.observes:
            on_store(frame, target.name, receiver, None, (frame.module, target.at), frame.origin(target.value.at))
        delete_attribute(frame, receiver, target.name)
    elif isinstance(target, ir.Sequence):
        for item in target.items:
            delete(frame, item)


def _delete_item(frame: Frame, receiver: Value, key: Value, origin: Origin) -> None:
    obj = frame.read(receiver) if isinstance(receiver, Ref) else None
    if isinstance(receiver, Ref) and isinstance(obj, DictObj):
        delete_item(frame, receiver, key)
    elif isinstance(receiver, Ref) and isinstance(obj, ListObj):
        delete_element(frame, receiver, key)
    elif isinstance(obj, InstanceObj):
        frame.ev.call_attribute(frame, receiver, "__delitem__", [key], {}, origin)


def delete_attribute(frame: Frame, receiver: Value, name: str) -> None:
    """``del receiver.name``."""
    on_each(frame, receiver, lambda one: frame.ev.remove_attribute(frame, one, name) if isinstance(one, Ref) else None)


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
