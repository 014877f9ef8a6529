"""What iterating over a value yields."""

from __future__ import annotations

from msgspec import Struct

from contract_lint.python.frame import Frame
from contract_lint.python.values import (
    ClassObj,
    Const,
    DictObj,
    DictView,
    Item,
    ListObj,
    OneOf,
    Origin,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join_all,
    unknown,
)

MAX_ITEMS = 100_000


class Iteration(Struct, frozen=True):
    """The elements in order, then an unknown rest if ``open``; ``unordered`` ones come in any order, mixed with the rest."""

    items: tuple[Item, ...]
    open: Unknown | None = None
    unordered: bool = False

    @property
    def exact(self) -> bool:
        """Every element is there, in this order."""
        return self.open is None and not self.unordered and all(item.must for item in self.items)


def iterate(frame: Frame, value: Value, origin: Origin) -> Iteration:
    """What ``for x in value`` yields; an iterator is used up by it."""
    if isinstance(value, TupleValue):
        return Iteration(tuple(map(Item, value.items)))
    if isinstance(value, Const) and isinstance(value.value, str):
        return Iteration(tuple(Item(Const(c, value.origin, value.soft)) for c in value.value[:MAX_ITEMS]))
    if isinstance(value, DictView):
        return view(frame, value.dict, value.kind, origin)
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, DictObj):
            frame.ev.observed.hand_on(value, obj)
            return _of_dict(obj, "keys")
        if isinstance(obj, ListObj):
            if (left := iterator(frame, value, origin)) is not None:
                obj = left
                frame.write(value.address, ListObj((), Unknown("used-iterator", origin), "iterator"))
            return Iteration(obj.items, obj.open, obj.shuffled)
        if isinstance(obj, ClassObj):
            members = frame.ev.enum_members(frame, value)
            if members is not None:
                return Iteration(tuple(map(Item, members)))
    if isinstance(value, OneOf):
        return _either([iterate(frame, v, origin) for v in value.values])
    frame.may_raise()
    return Iteration((), unknown(value, "unknown-iterable", origin))


def iterator(frame: Frame, value: Value, origin: Origin) -> ListObj | None:
    """What an iterator has left; None if the value is none. One over a list that has changed since says nothing any more."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, ListObj) or obj.kind != "iterator":
        return None
    source = frame.ev.sources.get(value.address) if isinstance(value, Ref) else None
    if source is not None and frame.heap.get(source[0].address) != source[1]:
        return ListObj((), Unknown("changed-while-read", origin), "iterator")
    return obj


def _of_dict(obj: DictObj, kind: str) -> Iteration:
    items: list[Item] = []
    for entry in obj.entries.values():
        element = entry.key if kind == "keys" else entry.value if kind == "values" else TupleValue((entry.key, entry.value))
        items.append(Item(element, entry.must))
    unordered = (obj.open is not None and len(items) > 0) or ((obj.shuffled or obj.kind != "dict") and len(items) > 1)
    return Iteration(tuple(items), obj.open, unordered)


def _either(options: list[Iteration]) -> Iteration:
    """Each element may be there; the elements of several equal iterations are certain."""
    first = options[0]
    if all(option == first for option in options):
        return first
    opened = next((option.open for option in options if option.open is not None), None)
    items = tuple(dict.fromkeys(Item(item.value, False) for option in options for item in option.items))
    return Iteration(items, opened, len(items) > 1 or opened is not None)


def view(frame: Frame, value: Value, kind: str, origin: Origin) -> Iteration:
    """``value.keys()``, ``.values()`` or ``.items()`` (``kind``) of a dict."""
    if isinstance(value, Ref):
        frame.ev.observed.hand_on(value, frame.read(value))
    if isinstance(value, OneOf):
        return _either([view(frame, v, kind, origin) for v in value.values])
    obj = frame.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, DictObj):
        return Iteration((), unknown(value, "unknown-iterable", origin))
    return _of_dict(obj, kind)


def to_list(frame: Frame, found: Iteration, kind: str = "list") -> Ref:
    """A new list (or iterator) of what the iteration yields."""
    return frame.new(ListObj(found.items, found.open, kind, shuffled=found.unordered))


def unpack(frame: Frame, value: Value, count: int, origin: Origin) -> list[Value]:
    """The values of ``a, b, c = value``."""
    options = alternatives(value)
    if len(options) > 1:
        columns = [unpack(frame, v, count, origin) for v in options]
        return [join_all([column[i] for column in columns]) for i in range(count)]
    found = iterate(frame, value, origin)
    if found.exact and len(found.items) == count:
        return [item.value for item in found.items]
    frame.may_raise()
    reason = found.open or Unknown("unknown-unpacking", origin)
    return [reason] * count
