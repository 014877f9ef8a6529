"""Lists, tuples and iterators: elements, slices, changes, order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from contract_lint.python.dicts import Method
from contract_lint.python.frame import Diverges, Frame, each
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.texts import MAX_SIZE, plain_text
from contract_lint.python.values import (
    FALSE,
    NONE,
    Const,
    Item,
    ListObj,
    OneOf,
    Origin,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    join_all,
    unknown,
)


def read_list(frame: Frame, ref: Ref) -> ListObj:
    obj = frame.read(ref)
    assert isinstance(obj, ListObj)
    return obj


def is_exact(obj: ListObj) -> bool:
    """Every element is there, in this order."""
    return obj.open is None and not obj.shuffled and all(item.must for item in obj.items)


def element(frame: Frame, obj: ListObj, key: Value, origin: Origin) -> Value:
    """``l[key]``."""
    if isinstance(key, OneOf):
        return each(frame, key.values, lambda one: element(frame, obj, one, origin))
    if isinstance(key, Const) and isinstance(key.value, int) and not obj.shuffled:
        index, items = key.value, obj.items
        if is_exact(obj):
            return items[index].value if -len(items) <= index < len(items) else frame.fails("missing-index", origin)
        if 0 <= index < len(items) and all(item.must for item in items[: index + 1]):
            return items[index].value
    if obj.open is not None or not obj.items:
        return obj.open or frame.fails("missing-index", origin)
    frame.may_raise()
    return join_all([item.value for item in obj.items])


def sliced(frame: Frame, value: Value, bounds: list[Value | None], origin: Origin) -> Value:
    """``value[lower:upper:step]``."""
    plain: list[int | None] = []
    for bound in bounds:
        if bound is None or bound == NONE:
            plain.append(None)
        elif isinstance(bound, Const) and isinstance(bound.value, int):
            plain.append(bound.value)
        else:
            return unknown(bound, "unknown-slice", origin)
    if plain[2] == 0:
        raise Diverges
    cut = slice(*plain)
    if isinstance(value, OneOf):
        return join_all([sliced(frame, one, bounds, origin) for one in value.values])
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return Const(value.value[cut], value.origin, value.soft)
    if isinstance(value, TupleValue):
        return TupleValue(value.items[cut], origin)
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, ListObj):
        if is_exact(obj):
            return frame.new(ListObj(obj.items[cut], None, obj.kind, obj.origin))
        return frame.new(ListObj((), obj.open or Unknown("unknown-slice", origin), obj.kind, obj.origin))
    return unknown(value, "unknown-slice", value.origin if isinstance(value, Text) else origin)


def assign_element(frame: Frame, ref: Ref, key: Value | None, value: Value) -> None:
    """``l[key] = value``; without a key a slice is assigned."""
    obj = read_list(frame, ref)
    if is_exact(obj) and isinstance(key, Const) and isinstance(key.value, int) and -len(obj.items) <= key.value < len(obj.items):
        items = list(obj.items)
        items[key.value] = Item(value)
        frame.write(ref.address, replace(obj, items=tuple(items)))
    else:
        forget(frame, ref, Unknown("unknown-index"))


def delete_element(frame: Frame, ref: Ref, key: Value) -> None:
    """``del l[key]``."""
    obj = read_list(frame, ref)
    if is_exact(obj) and isinstance(key, Const) and isinstance(key.value, int) and -len(obj.items) <= key.value < len(obj.items):
        items = list(obj.items)
        del items[key.value]
        frame.write(ref.address, replace(obj, items=tuple(items)))
    else:
        forget(frame, ref, Unknown("unknown-index"))


def forget(frame: Frame, ref: Ref, reason: Unknown) -> None:
    obj = read_list(frame, ref)
    frame.may_raise()
    frame.write(ref.address, ListObj((), obj.open or reason, obj.kind, obj.origin))


def concatenated(first: ListObj, second: ListObj) -> ListObj:
    """``first + second``."""
    opened = first.open or second.open
    if first.shuffled or second.shuffled:
        return ListObj(first.items + second.items, opened, first.kind, first.origin, True)
    if first.open is not None:
        return first
    items = first.items + second.items
    return ListObj(items, opened, first.kind, first.origin) if len(items) <= MAX_SIZE else ListObj((), Unknown("too-long"), first.kind)


def extend(frame: Frame, ref: Ref, value: Value, origin: Origin) -> None:
    """``l.extend(value)``, ``l += value``."""
    found = iterate(frame, value, origin)
    frame.write(ref.address, concatenated(read_list(frame, ref), ListObj(found.items, found.open, "list", None, found.unordered)))


# --- order ---


def sort_items(found: Iteration, reverse: Value, key: Callable[[Value], Value] | None) -> tuple[Item, ...] | None:
    """The items in sorted order, by what ``key`` makes of each; None if that is not known."""
    if found.open is not None or not isinstance(reverse, Const) or not all(item.must for item in found.items):
        return None
    if len(found.items) < 2:
        return found.items
    keys = [_plain(item.value if key is None else key(item.value)) for item in found.items]
    if None in keys:
        return None
    if found.unordered and len({repr(one) for one in keys}) < len(keys):
        return None  # equal ones stay in the order that is not known
    order = range(len(keys))
    try:
        order = sorted(order, key=lambda index: keys[index], reverse=bool(reverse.value))  # type: ignore[assignment, arg-type, return-value]
    except TypeError:
        return None
    return tuple(found.items[index] for index in order)


def _plain(value: Value) -> tuple[object, ...] | None:
    """The Python value, in a tuple; None if it is not known."""
    value = plain_text(value)
    if isinstance(value, Const):
        return (value.value,)
    if isinstance(value, TupleValue):
        parts = [_plain(item) for item in value.items]
        return None if None in parts else (tuple(part[0] for part in parts if part is not None),)
    return None


# --- methods ---


def _append(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if len(args) != 1:
        raise Diverges
    obj = read_list(frame, ref)
    frame.write(ref.address, concatenated(obj, ListObj((Item(args[0]),))))
    return NONE


def _extend(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    for value in args:
        extend(frame, ref, value, origin)
    return NONE


def _insert(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if len(args) != 2:
        raise Diverges
    obj, at = read_list(frame, ref), args[0]
    if obj.shuffled:
        frame.write(ref.address, replace(obj, items=(*obj.items, Item(args[1]))))
    elif at == Const(0):
        frame.write(ref.address, replace(obj, items=(Item(args[1]), *obj.items)))
    elif is_exact(obj) and isinstance(at, Const) and isinstance(at.value, int):
        items = list(obj.items)
        items.insert(at.value, Item(args[1]))
        frame.write(ref.address, replace(obj, items=tuple(items)))
    else:
        forget(frame, ref, Unknown("unknown-index", origin))
    return NONE


def _pop(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_list(frame, ref)
    at = args[0] if args else Const(-1)
    value = element(frame, obj, at, origin)
    delete_element(frame, ref, at)
    return value


def _sort(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_list(frame, ref)
    key = kwargs.get("key", NONE)
    found = Iteration(obj.items, obj.open, obj.shuffled)
    ordered = sort_items(
        found, kwargs.get("reverse", FALSE), None if key == NONE else lambda v: frame.ev.call_value(frame, key, [v], origin)
    )
    if ordered is None:
        frame.may_raise()
    frame.write(ref.address, replace(obj, shuffled=len(obj.items) > 1) if ordered is None else replace(obj, items=ordered, shuffled=False))
    return NONE


def _reverse(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_list(frame, ref)
    if obj.open is not None:
        frame.write(ref.address, replace(obj, shuffled=True))
    else:
        frame.write(ref.address, replace(obj, items=obj.items[::-1]))
    return NONE


def _remove(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_list(frame, ref)
    at = _position(obj.items, args[0]) if is_exact(obj) and args else None
    if at is None:
        forget(frame, ref, Unknown("unknown-element", origin))
    elif at < 0:
        return frame.fails("raises", origin)
    else:
        frame.write(ref.address, replace(obj, items=obj.items[:at] + obj.items[at + 1 :]))
    return NONE


def _position(items: Iterable[Item], wanted: Value) -> int | None:
    """The index of the first equal item, -1 if there is none, None if that is not known."""
    needle = _plain(wanted)
    for index, item in enumerate(items):
        there = _plain(item.value)
        if there is None or needle is None:
            return None
        if there == needle:
            return index
    return -1


def list_index(frame: Frame, obj: ListObj, args: list[Value], origin: Origin) -> Value:
    """``l.index(value)``."""
    at = _position(obj.items, args[0]) if is_exact(obj) and len(args) == 1 else None
    if at is None:
        return Unknown("unknown-element", origin)
    return Const(at, origin) if at >= 0 else frame.fails("raises", origin)


def list_count(obj: ListObj, args: list[Value], origin: Origin) -> Value:
    """``l.count(value)``."""
    needle = _plain(args[0]) if len(args) == 1 else None
    items = [_plain(item.value) for item in obj.items]
    if obj.open is not None or needle is None or None in items or not all(item.must for item in obj.items):
        return Unknown("unknown-element", origin)
    return Const(items.count(needle), origin)


def _index(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    return list_index(frame, read_list(frame, ref), args, origin)


def _count(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    return list_count(read_list(frame, ref), args, origin)


def _copy(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    return frame.new(frame.read(ref))


def _clear(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    frame.write(ref.address, ListObj((), None, "list"))
    return NONE


LIST_METHODS: Mapping[str, Method] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "sort": _sort,
    "reverse": _reverse,
    "remove": _remove,
    "clear": _clear,
    "copy": _copy,
    "index": _index,
    "count": _count,
}
TUPLE_METHODS: Mapping[str, Method] = {"index": _index, "count": _count}
