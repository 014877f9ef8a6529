"""The state of an abstract execution: a layered heap, and how states and objects join.

A heap layer holds what was written since it was made; reading goes up to its parents. A fork puts a fresh layer on top for
each branch, so the cost of a fork and of a join is the number of writes, not the size of the heap. A layer that has children
in use must not be written; ``Frame.fork`` in ``execute`` sees to that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

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
    alternatives,
    join,
)

#: From how many layers up what was read is remembered.
FAR = 1


class Heap:
    """One layer: own writes, then the parent's view.

    ``base`` is the lowest layer, into which modules are loaded at any time. Between it and this one nothing changes while this one is
    in use: empty layers are passed over (``up``), and what was found far up is kept (``seen``; None for what only ``base`` may hold).
    """

    __slots__ = ("base", "own", "parent", "seen", "up")

    def __init__(self, parent: Heap | None = None) -> None:
        self.parent = parent
        self.base: Heap = self if parent is None else parent.base
        self.up: Heap | None = parent if parent is None or parent.own or parent.parent is None else parent.up
        self.own: dict[Address, HeapObject] = {}
        self.seen: dict[Address, HeapObject | None] = {}

    def get(self, address: Address) -> HeapObject | None:
        found = self.own.get(address)
        if found is None:
            found = self.seen[address] if address in self.seen else self._above(address)
        return found if found is not None else self.base.own.get(address)

    def _above(self, address: Address) -> HeapObject | None:
        """What the layers between this one and ``base`` hold."""
        found: HeapObject | None = None
        distance, layer = 0, self.up
        while layer is not None and layer is not self.base:
            found = layer.own.get(address)
            if found is not None:
                break
            distance, layer = distance + 1, layer.up
        if distance > FAR:
            self.seen[address] = found
        return found

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
        everywhere = True
        for change in changes:
            there = change.get(address, before)
            if there is None:
                everywhere = False
            else:
                joined = there if joined is None else join_objects(joined, there)
        if joined is not None:
            target.own[address] = joined if everywhere else on_some_paths(joined)


def on_some_paths(obj: HeapObject) -> HeapObject:
    """The object as it is where it was made on some paths only."""
    return replace(obj, must=False) if type(obj) is ForeignObj and obj.must else obj


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
        attributes = _join_attributes(first.attributes, second.attributes)
        return replace(first, attributes=attributes, exact=first.exact and second.exact)
    if isinstance(first, ForeignObj) and isinstance(second, ForeignObj):
        return replace(first, attributes=_join_attributes(first.attributes, second.attributes), must=first.must and second.must)
    if isinstance(first, ClassObj) and isinstance(second, ClassObj):
        return replace(first, attributes=_join_attributes(first.attributes, second.attributes))
    if isinstance(first, CellObj) and isinstance(second, CellObj):
        return CellObj(join(first.value, second.value))
    raise AssertionError(f"one address, two kinds of object: {first!r}, {second!r}")


def _join_dicts(first: DictObj, second: DictObj) -> DictObj:
    order, agree = (first.entries, True) if first.entries.keys() == second.entries.keys() else _merged_order(first, second)
    if order is first.entries and list(first.entries) != list(second.entries):
        agree = False
    entries: dict[Key, Entry] = {}
    for key in order:
        a, b = first.entries.get(key), second.entries.get(key)
        entries[key] = join_entries(a, b) if a is not None else join_entries(b, None) if b is not None else entries[key]
    return DictObj(entries, first.open or second.open, first.kind, first.origin, first.shuffled or second.shuffled or not agree)


def _merged_order(first: DictObj, second: DictObj) -> tuple[Iterable[Key], bool]:
    """The keys of both, each dict's in its own order, and whether there is such an order."""
    theirs = iter(second.entries)
    order: dict[Key, None] = {}
    for key in first.entries:
        if key in second.entries and key not in order:
            for other in theirs:
                order[other] = None
                if other == key:
                    break
        order[key] = None
    order.update(dict.fromkeys(theirs))
    shared = [key for key in first.entries if key in second.entries]
    return order, shared == [key for key in second.entries if key in first.entries]


def join_entries(entry: Entry, other: Entry | None) -> Entry:
    """One entry in two states of a dict; None where it is absent."""
    if other is None:
        return entry if not entry.must else Entry(entry.key, entry.value, False, entry.writers)
    if entry is other:
        return entry
    return Entry(join(entry.key, other.key), join(entry.value, other.value), entry.must and other.must, entry.writers or other.writers)


def _join_lists(first: ListObj, second: ListObj) -> ListObj:
    if first == second:
        return first
    opened = first.open or second.open
    if first.shuffled or second.shuffled:
        either = dict.fromkeys((*first.items, *second.items))
        return ListObj(tuple(Item(item.value, False) for item in either), opened, first.kind, first.origin, True)
    longer, shorter = (first.items, second.items) if len(first.items) >= len(second.items) else (second.items, first.items)
    items: list[Item] = []
    for index, item in enumerate(longer):
        if index < len(shorter):
            other = shorter[index]
            items.append(item if item is other else Item(join(item.value, other.value), item.must and other.must))
        elif opened is None:
            items.append(Item(item.value, False))
    return ListObj(tuple(items), opened, first.kind, first.origin)


def _join_attributes(first: Mapping[str, Value], second: Mapping[str, Value]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for name in {**first, **second}:
        a, b = first.get(name, UNSET), second.get(name, UNSET)
        merged[name] = a if a is b else join(a, b)
    return merged


def covers(before: Value, after: Value) -> bool:
    """Whether ``before`` claims nothing that ``after`` breaks: it is the same, or has an alternative of which nothing is known."""
    return before == after or any(isinstance(one, Unknown) for one in alternatives(before))


def covers_object(before: HeapObject, after: HeapObject) -> bool:
    """The same for objects: what an open dict or list does not list, it says nothing of."""
    if before == after:
        return True
    if isinstance(before, DictObj) and isinstance(after, DictObj):
        if (after.open is not None and before.open is None) or (after.shuffled and not before.shuffled):
            return False
        for key, entry in after.entries.items():
            old = before.entries.get(key)
            if old is None:
                if before.open is None:
                    return False
            elif not covers(old.value, entry.value) or (old.must and not entry.must):
                return False
        return all(key in after.entries or not entry.must for key, entry in before.entries.items())
    if isinstance(before, (InstanceObj, ForeignObj)) and isinstance(after, (InstanceObj, ForeignObj)):
        own, new = before.attributes, after.attributes
        return own.keys() == new.keys() and all(covers(own[name], new[name]) for name in own)
    if isinstance(before, CellObj) and isinstance(after, CellObj):
        return covers(before.value, after.value)
    return False


def given_up(obj: DictObj | ListObj) -> DictObj | ListObj:
    """A dict or list that stands for any state of it."""
    reason = Unknown("loop")
    if isinstance(obj, ListObj):
        return ListObj((), obj.open or reason, obj.kind, obj.origin)
    entries = {key: Entry(entry.key, reason, False, entry.writers) for key, entry in obj.entries.items()}
    return DictObj(entries, obj.open or reason, obj.kind, obj.origin, True)


def widen(before: HeapObject, after: HeapObject) -> HeapObject:
    """An object that stands for ``before``, ``after`` and what further rounds of a loop make of it."""
    if before == after:
        return before
    reason = Unknown("loop")
    if isinstance(before, DictObj) and isinstance(after, DictObj):
        return _widen_dict(before, after, reason)
    if isinstance(before, ListObj) and isinstance(after, ListObj):
        kept: list[Item] = []
        for item, other in zip(before.items, after.items, strict=False):
            if item != other:
                break
            kept.append(item)
        return ListObj(tuple(kept), before.open or after.open or reason, before.kind, before.origin, before.shuffled or after.shuffled)
    if isinstance(before, InstanceObj) and isinstance(after, InstanceObj):
        return replace(before, attributes=_widen_attributes(before.attributes, after.attributes))
    if isinstance(before, ForeignObj) and isinstance(after, ForeignObj):
        return replace(before, attributes=_widen_attributes(before.attributes, after.attributes))
    if isinstance(before, CellObj):
        return CellObj(reason)
    return join_objects(before, after)


def _widen_dict(before: DictObj, after: DictObj, reason: Unknown) -> DictObj:
    entries: dict[Key, Entry] = {}
    for key, entry in {**before.entries, **after.entries}.items():
        old, new = before.entries.get(key), after.entries.get(key)
        settled = old is not None and new is not None and old.value == new.value
        must = old is not None and new is not None and old.must and new.must
        entries[key] = Entry(entry.key, entry.value if settled else reason, must, entry.writers)
    return DictObj(entries, before.open or after.open or reason, before.kind, before.origin, before.shuffled or after.shuffled)


def _widen_attributes(before: Mapping[str, Value], after: Mapping[str, Value]) -> dict[str, Value]:
    merged: dict[str, Value] = {}
    for name in {**before, **after}:
        old, new = before.get(name, UNSET), after.get(name, UNSET)
        merged[name] = old if old == new else Unknown("loop")
    return merged
