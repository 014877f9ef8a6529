"""The state of an abstract execution: a layered heap, and how states and objects join.

A heap layer holds what was written since it was made; reading goes up to its parents. A fork puts a fresh layer on top for
each branch, so the cost of a fork and of a join is the number of writes, not the size of the heap. A layer that has children
in use must not be written; ``Frame.fork`` in ``execute`` sees to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from contract_lint.python.values import (
    UNSET,
    Address,
    CellObj,
    ClassObj,
    DictObj,
    Entry,
    ForeignObj,
    HeapObject,
    InstanceObj,
    Item,
    Key,
    ListObj,
    Unknown,
    Value,
    join,
)

T = TypeVar("T")


class Heap:
    """One layer: own writes, then the parent's view."""

    __slots__ = ("own", "parent")

    def __init__(self, parent: Heap | None = None) -> None:
        self.parent = parent
        self.own: dict[Address, HeapObject] = {}

    def get(self, address: Address) -> HeapObject | None:
        layer: Heap | None = self
        while layer is not None:
            found = layer.own.get(address)
            if found is not None:
                return found
            layer = layer.parent
        return None

    def since(self, ancestor: Heap) -> dict[Address, HeapObject]:
        """All that was written between ``ancestor`` (exclusive) and this layer."""
        layers: list[dict[Address, HeapObject]] = []
        layer: Heap | None = self
        while layer is not ancestor and layer is not None:
            layers.append(layer.own)
            layer = layer.parent
        merged: dict[Address, HeapObject] = {}
        for own in reversed(layers):
            merged.update(own)
        return merged


def join_heaps(heaps: Iterable[Heap], ancestor: Heap, target: Heap) -> None:
    """Write the join of ``heaps``, which all stand on ``ancestor``, into ``target`` (the ancestor itself or a layer on it)."""
    changes = [heap.since(ancestor) for heap in heaps]
    for address in {address: None for change in changes for address in change}:
        before = ancestor.get(address)
        joined: HeapObject | None = None
        for change in changes:
            there = change.get(address, before)
            if there is not None:
                joined = there if joined is None else join_objects(joined, there)
        if joined is not None:
            target.own[address] = joined


def join_environments(environments: list[dict[str, Value]]) -> dict[str, Value]:
    """A variable unbound on one path has the other path's value: reading it there would raise."""
    result = environments[0]
    for environment in environments[1:]:
        for name, value in environment.items():
            there = result.get(name)
            if there is not value:
                result[name] = value if there is None else join(there, value)
    return result


def join_objects(first: HeapObject, second: HeapObject) -> HeapObject:
    """Two states of one object."""
    if first is second:
        return first
    if isinstance(first, DictObj) and isinstance(second, DictObj):
        return _join_dicts(first, second)
    if isinstance(first, ListObj) and isinstance(second, ListObj):
        return _join_lists(first, second)
    if isinstance(first, InstanceObj) and isinstance(second, InstanceObj):
        return InstanceObj(first.cls, _join_attributes(first.attributes, second.attributes), first.exact and second.exact, first.origin)
    if isinstance(first, ForeignObj) and isinstance(second, ForeignObj):
        attributes = _join_attributes(first.attributes, second.attributes)
        return ForeignObj(first.callee, first.args, first.kwargs, attributes, first.origin)
    if isinstance(first, ClassObj) and isinstance(second, ClassObj):
        attributes = _join_attributes(first.attributes, second.attributes)
        return ClassObj(
            first.name,
            first.qualname,
            first.module,
            attributes,
            first.fields,
            first.bases,
            first.lineage,
            first.externals,
            first.open,
            first.origin,
        )
    if isinstance(first, CellObj) and isinstance(second, CellObj):
        return CellObj(join(first.value, second.value))
    raise AssertionError(f"one address, two kinds of object: {first!r}, {second!r}")


def _join_dicts(first: DictObj, second: DictObj) -> DictObj:
    entries: dict[Key, Entry] = {}
    for key, entry in first.entries.items():
        other = second.entries.get(key)
        entries[key] = join_entries(entry, other)
    for key, entry in second.entries.items():
        if key not in entries:
            entries[key] = join_entries(entry, None)
    return DictObj(entries, first.open or second.open, first.kind, first.origin)


def join_entries(entry: Entry, other: Entry | None) -> Entry:
    if other is None:
        return entry if not entry.must else Entry(entry.key, entry.value, False, entry.writer)
    if entry is other:
        return entry
    return Entry(entry.key, join(entry.value, other.value), entry.must and other.must, entry.writer)


def _join_lists(first: ListObj, second: ListObj) -> ListObj:
    shared: list[Item] = []
    opened = first.open or second.open
    longer, shorter = (first.items, second.items) if len(first.items) >= len(second.items) else (second.items, first.items)
    for index, item in enumerate(longer):
        if index < len(shorter):
            other = shorter[index]
            shared.append(item if item is other else Item(join(item.value, other.value), item.must and other.must))
        elif opened is None:
            shared.append(Item(item.value, False))
    return ListObj(tuple(shared), opened, first.kind, first.origin)


def _join_attributes(first: Mapping[str, Value], second: Mapping[str, Value]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for name in {**first, **second}:
        a, b = first.get(name, UNSET), second.get(name, UNSET)
        merged[name] = a if a is b else join(a, b)
    return merged


def widen(before: HeapObject, after: HeapObject) -> HeapObject:
    """An object that stands for ``before``, ``after`` and what further rounds of a loop make of it."""
    if before == after:
        return before
    reason = Unknown("loop")
    if isinstance(before, DictObj) and isinstance(after, DictObj):
        entries: dict[Key, Entry] = {}
        for key, entry in after.entries.items():
            old = before.entries.get(key)
            if old is None:
                entries[key] = Entry(entry.key, Unknown("loop"), False, entry.writer)
            elif old.value == entry.value:
                entries[key] = Entry(entry.key, old.value, old.must and entry.must, entry.writer)
            else:
                entries[key] = Entry(entry.key, reason, old.must and entry.must, entry.writer)
        return DictObj(entries, before.open or after.open or reason, before.kind, before.origin)
    if isinstance(before, ListObj) and isinstance(after, ListObj):
        kept: list[Item] = []
        for item, other in zip(before.items, after.items, strict=False):
            if item != other:
                break
            kept.append(item)
        return ListObj(tuple(kept), before.open or after.open or reason, before.kind, before.origin)
    if isinstance(before, InstanceObj) and isinstance(after, InstanceObj):
        return InstanceObj(before.cls, _widen_attributes(before.attributes, after.attributes), before.exact, before.origin)
    if isinstance(before, ForeignObj) and isinstance(after, ForeignObj):
        attributes = _widen_attributes(before.attributes, after.attributes)
        return ForeignObj(before.callee, before.args, before.kwargs, attributes, before.origin)
    if isinstance(before, CellObj):
        return CellObj(reason)
    return join_objects(before, after)


def _widen_attributes(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for name in {**before, **after}:
        old, new = before.get(name, UNSET), after.get(name, UNSET)
        merged[name] = old if old == new else Unknown("loop")
    return merged
