"""Dicts and sets: building, reading, changing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from contract_lint.python.frame import Diverges, Frame, each
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.observations import GIVEN, GIVEN_VALUE
from contract_lint.python.values import (
    NONE,
    Const,
    DictObj,
    DictView,
    Entry,
    Key,
    ListObj,
    OneOf,
    Origin,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
    join_all,
    key_of,
    origin_of,
    unknown,
)

if TYPE_CHECKING:
    from contract_lint.python.modules import Module

Method: TypeAlias = Callable[[Frame, Ref, list[Value], Mapping[str, Value], Origin], Value]


class DictBuilder:
    """Collects entries in order, as successive writes would leave them."""

    __slots__ = ("entries", "open", "shuffled")

    def __init__(self, base: DictObj | None = None) -> None:
        self.entries: dict[Key, Entry] = {} if base is None else dict(base.entries)
        self.open: Unknown | None = None if base is None else base.open
        self.shuffled = base is not None and base.shuffled

    def put(self, key_value: Value, value: Value, must: bool = True) -> None:
        """``d[key_value] = value``, on some paths only unless ``must``."""
        options = alternatives(key_value)
        sure = must and len(options) == 1
        for one in options:
            key = key_of(one)
            if key is None:
                self.put_unknown(value, unknown(one, "unknown-key"))
            else:
                self.set(key, one, value, sure)

    def set(self, key: Key, key_value: Value, value: Value, must: bool, writers: tuple[tuple[Module, Value], ...] = ()) -> None:
        old = self.entries.get(key)
        if old is None:
            self.entries[key] = Entry(key_value, value, must, writers)
            return
        if not old.must and next(reversed(self.entries)) != key:
            self.shuffled = True  # it is appended where it was absent, and stays in its place where it was present
        if old.key != key_value:  # Python keeps the first of two equal keys
            key_value = old.key if old.must else join(old.key, key_value)
        self.entries[key] = Entry(key_value, value if must else join(old.value, value), must or old.must, writers)

    def put_unknown(self, value: Value, reason: Unknown) -> None:
        """A key that is not known was set: it may be a new one or any of the old ones."""
        self.entries = {k: Entry(e.key, join(e.value, value), e.must, e.writers) for k, e in self.entries.items()}
        self.open = self.open or reason

    def spread(self, other: DictObj) -> None:
        """``d.update(other)``."""
        if other.open is not None:
            self.put_unknown(other.open, other.open)
        before = len(self.entries)
        for key, entry in other.entries.items():
            self.set(key, entry.key, entry.value, entry.must)
        if (other.shuffled or other.kind == "set") and len(self.entries) - before > 1:
            self.shuffled = True

    def result(self, kind: str, origin: Origin) -> DictObj:
        return DictObj(self.entries, self.open, kind, origin, self.shuffled)


def merged(first: DictObj, second: DictObj) -> DictObj:
    """``first`` updated with ``second``."""
    builder = DictBuilder(first)
    builder.spread(second)
    return builder.result(first.kind, first.origin)


def dict_from(frame: Frame, found: Iteration, origin: Origin) -> DictObj:
    """``dict(pairs)``."""
    builder = DictBuilder()
    for item in found.items:
        pair = iterate(frame, item.value, origin)
        if not pair.exact or len(pair.items) != 2:
            frame.may_raise()
            builder.put_unknown(Unknown("unknown-pair", origin), Unknown("unknown-pair", origin))
            continue
        key, value = pair.items[0].value, pair.items[1].value
        taken = found.unordered and key_of(key) in builder.entries
        builder.put(key, join(builder.entries[key_of(key)].value, value) if taken else value, item.must)
    if found.open is not None:
        builder.put_unknown(found.open, found.open)
    builder.shuffled = builder.shuffled or found.unordered
    return builder.result("dict", origin)


def set_from(found: Iteration, origin: Origin) -> DictObj:
    """``set(iterable)``."""
    builder = DictBuilder()
    for item in found.items:
        builder.put(item.value, NONE, item.must)
    builder.open = builder.open or found.open
    return builder.result("set", origin)


def combined(op: str, first: DictObj, second: DictObj) -> DictObj | None:
    """``|`` of dicts, and ``|``, ``&``, ``-``, ``^`` of sets."""
    if op == "|":
        return merged(first, second)
    if first.kind != "set" or second.kind != "set":
        return None
    opened = first.open or second.open
    if op == "&":
        kept = {k: _if(e, second, True) for k, e in first.entries.items() if may_hold(second, k)}
        return DictObj(kept, opened, "set")
    if op == "-":
        left = {k: _if(e, second, False) for k, e in first.entries.items() if k not in second.entries or not second.entries[k].must}
        return DictObj(left, first.open, "set")
    if op == "^":
        only = combined("-", first, second)
        other = combined("-", second, first)
        return merged(only, other) if only and other else None
    return None


def _if(entry: Entry, other: DictObj, present: bool) -> Entry:
    """The entry, certain only if its presence (or absence) in ``other`` is."""
    key = key_of(entry.key)
    there = other.entries.get(key)
    sure = (there is not None and there.must) if present else not may_hold(other, key)
    return entry if sure or not entry.must else Entry(entry.key, entry.value, False, entry.writers)


def may_hold(obj: DictObj, key: Key | None) -> bool:
    """Whether the key may be among the dict's. A constant from outside the project may equal any other constant."""
    return obj.open is not None or key is None or key in obj.entries or _outside_constant(obj, key) is not None


def _outside_constant(obj: DictObj, key: Key) -> Unknown | None:
    kind = key[0] if isinstance(key, tuple) else ""
    if (kind == "external" and obj.entries) or any(isinstance(k, tuple) and k[0] == "external" for k in obj.entries):
        return Unknown("outside-constant")
    return None


def as_set(frame: Frame, value: Value) -> DictObj | None:
    """A set, or a view of a dict's keys or items as one."""
    if isinstance(value, DictView) and value.kind != "values":
        return set_from(iterate(frame, value, None), None)
    obj = frame.read(value) if isinstance(value, Ref) else None
    return obj if isinstance(obj, DictObj) and obj.kind == "set" else None


# --- reading and changing ---


def get_item(frame: Frame, ref: Ref, key_value: Value, default: Value | None, origin: Origin) -> Value:
    """``d[key]``, or ``d.get(key, default)`` where a default is given."""
    if isinstance(key_value, OneOf):
        with frame.ev.unobserved(any(isinstance(one, Unknown) for one in key_value.values)):
            return each(frame, key_value.values, lambda one: get_item(frame, ref, one, default, origin))
    obj = read_dict(frame, ref)
    key = key_of(key_value)
    if key is None:
        if obj.open is None and obj.entries:
            options = [entry.value for entry in obj.entries.values()]
            return join_all([*options, *([default] if default is not None else []), unknown(key_value, "unknown-key", origin)])
        if obj.open is None and not obj.entries and default is not None:
            return default
        return unknown(key_value, "unknown-key", origin)
    frame.ev.on_lookup(frame, ref, obj, key_value, "index" if default is None else "get", origin, default)
    entry = obj.entries.get(key)
    if entry is None:
        opened = obj.open or _outside_constant(obj, key)
        if opened is not None and opened.reason in GIVEN:
            opened = Unknown(GIVEN_VALUE, origin_of(key_value) or origin)
        if opened is not None:
            return opened if default is None else join(default, opened)
        return default if default is not None else frame.fails("missing-key", origin)
    if not entry.must and default is None:
        frame.may_raise()
    return entry.value if entry.must or default is None else join(entry.value, default)


def set_item(frame: Frame, ref: Ref, key_value: Value, value: Value, must: bool = True) -> None:
    """``d[key] = value``, by the module that is being imported, if any: its writes compete with those of other modules."""
    obj = read_dict(frame, ref)
    if is_unhashable(frame, key_value):
        frame.may_raise()
    builder = DictBuilder(obj)
    writer = frame.ev.writer
    key = key_of(key_value)
    if writer is None or key is None:
        builder.put(key_value, value, must)
    else:
        old = obj.entries.get(key)
        rivals = [(m, v) for m, v in (old.writers if old is not None else ()) if not must or not frame.ev.imports(writer, m)]
        writers = sorted([*rivals, (writer, value)], key=lambda one: one[0].ident)
        builder.set(key, key_value, join_all([v for _, v in writers]), must, tuple(writers))
    frame.write(ref.address, builder.result(obj.kind, obj.origin))


def delete_item(frame: Frame, ref: Ref, key_value: Value) -> None:
    obj = read_dict(frame, ref)
    key = key_of(key_value)
    if key is None or key not in obj.entries or not obj.entries[key].must:
        frame.may_raise()
    if key is None or (key not in obj.entries and may_hold(obj, key)):
        entries = {k: Entry(e.key, e.value, False, e.writers) for k, e in obj.entries.items()}
    else:
        entries = {k: e for k, e in obj.entries.items() if k != key}
    frame.write(ref.address, DictObj(entries, obj.open, obj.kind, obj.origin, obj.shuffled))


def is_unhashable(frame: Frame, value: Value) -> bool:
    """Whether the value may be no key at all."""
    if isinstance(value, TupleValue):
        return any(is_unhashable(frame, item) for item in value.items)
    return isinstance(value, Ref) and isinstance(frame.read(value), (DictObj, ListObj))


def read_dict(frame: Frame, ref: Ref) -> DictObj:
    obj = frame.read(ref)
    assert isinstance(obj, DictObj)
    return obj


def _as_dict(frame: Frame, value: Value, origin: Origin) -> DictObj:
    """What ``update`` takes: a dict, or pairs."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, DictObj) and obj.kind == "dict":
        return obj
    if isinstance(obj, (ListObj, DictObj)) or isinstance(value, (TupleValue, DictView)):
        return dict_from(frame, iterate(frame, value, origin), origin)
    frame.may_raise()
    return DictObj({}, unknown(value, "unknown-mapping", origin))


def update(frame: Frame, ref: Ref, value: Value, origin: Origin) -> None:
    """``d.update(value)``, ``s.update(value)``, ``d |= value``."""
    if isinstance(value, OneOf):
        frame.fork([lambda one=one: _updated(frame, ref, one, origin) for one in value.values])  # type: ignore[misc]
        return
    obj = read_dict(frame, ref)
    other = _as_dict(frame, value, origin) if obj.kind == "dict" else set_from(iterate(frame, value, origin), origin)
    if frame.ev.writer is None or not obj.entries:
        frame.write(ref.address, merged(obj, other))
        return
    if other.open is not None:
        builder = DictBuilder(obj)
        builder.put_unknown(other.open, other.open)
        frame.write(ref.address, builder.result(obj.kind, obj.origin))
    for entry in other.entries.values():
        set_item(frame, ref, entry.key, entry.value, entry.must)


def _updated(frame: Frame, ref: Ref, value: Value, origin: Origin) -> bool:
    update(frame, ref, value, origin)
    return True


# --- methods ---


def _view(kind: str) -> Method:
    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        return DictView(ref, kind)

    return method


def _get(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if not args:
        raise Diverges
    return get_item(frame, ref, args[0], args[1] if len(args) > 1 else NONE, origin)


def _setdefault(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if not args:
        raise Diverges
    default = args[1] if len(args) > 1 else NONE
    obj = read_dict(frame, ref)
    key = key_of(args[0])
    entry = obj.entries.get(key)
    if entry is not None and entry.must:
        return entry.value
    if key is None or isinstance(args[0], OneOf):
        found = get_item(frame, ref, args[0], default, origin)
        set_item(frame, ref, args[0], join(found, default), False)
        return found
    value = default if entry is None else join(entry.value, default)
    if entry is None and may_hold(obj, key):
        value = join(default, obj.open or Unknown("outside-constant", origin))
    set_item(frame, ref, args[0], value)
    return value


def _pop(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_dict(frame, ref)
    if obj.kind == "set" or not args:
        entries = {k: Entry(e.key, e.value, False, e.writers) for k, e in obj.entries.items()}
        frame.write(ref.address, DictObj(entries, obj.open, obj.kind, obj.origin, obj.shuffled))
        return _any_key(obj, origin)
    value = get_item(frame, ref, args[0], args[1] if len(args) > 1 else None, origin)
    delete_item(frame, ref, args[0])
    return value


def _any_key(obj: DictObj, origin: Origin) -> Value:
    keys: list[Value] = [entry.key for entry in obj.entries.values()]
    if obj.open is not None:
        keys.append(obj.open)
    return join_all(keys) if keys else Unknown("missing-key", origin)


def _popitem(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_dict(frame, ref)
    exact = obj.open is None and not obj.shuffled and all(entry.must for entry in obj.entries.values())
    if exact and not obj.entries:
        return frame.fails("missing-key", origin)
    if exact:
        _, entry = list(obj.entries.items())[-1]
        delete_item(frame, ref, entry.key)
        return TupleValue((entry.key, entry.value), origin)
    delete_item(frame, ref, Unknown("unknown-key", origin))
    return Unknown("unknown-element", origin)


def _update(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    for value in args:
        update(frame, ref, value, origin)
    for name, value in kwargs.items():
        set_item(frame, ref, Const(name, origin), value)
    return NONE


def _copy(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    return frame.new(frame.read(ref))


def _clear(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = read_dict(frame, ref)
    frame.write(ref.address, DictObj({}, None, obj.kind, obj.origin))
    return NONE


def _add(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if len(args) != 1 or read_dict(frame, ref).kind != "set":
        raise Diverges
    set_item(frame, ref, args[0], NONE)
    return NONE


def _discard(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if args:
        delete_item(frame, ref, args[0])
    return NONE


def _set_operation(op: str) -> Method:
    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        result: DictObj = read_dict(frame, ref)
        for value in args:
            found = combined(op, result, set_from(iterate(frame, value, origin), origin))
            if found is None:
                return Unknown("unknown-operand", origin)
            result = found
        return frame.new(DictObj(result.entries, result.open, "set", origin))

    return method


def _in_place(op: str) -> Method:
    operation = _set_operation(op)

    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        result = operation(frame, ref, args, kwargs, origin)
        obj = frame.read(result) if isinstance(result, Ref) else DictObj({}, unknown(result, "unknown-operand", origin), "set", origin)
        frame.write(ref.address, obj)
        return NONE

    return method


def subset(mine: DictObj, other: DictObj, origin: Origin) -> Value:
    """Whether all that is in ``mine`` is in ``other``."""
    if mine.open is None and all((e := other.entries.get(k)) is not None and e.must for k in mine.entries):
        return Const(True)
    if any(e.must and not may_hold(other, k) for k, e in mine.entries.items()):
        return Const(False)
    return Unknown("unknown-comparison", origin)


def _relation(swapped: bool) -> Method:
    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        if len(args) != 1:
            raise Diverges
        mine, other = read_dict(frame, ref), set_from(iterate(frame, args[0], origin), origin)
        return subset(other, mine, origin) if swapped else subset(mine, other, origin)

    return method


def _disjoint(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if len(args) != 1:
        raise Diverges
    mine, other = read_dict(frame, ref), set_from(iterate(frame, args[0], origin), origin)
    if any(e.must and (there := other.entries.get(k)) is not None and there.must for k, e in mine.entries.items()):
        return Const(False)
    if mine.open is None and not any(may_hold(other, k) for k in mine.entries):
        return Const(True)
    return Unknown("unknown-comparison", origin)


SHARED_METHODS: Mapping[str, Method] = {"pop": _pop, "update": _update, "copy": _copy, "clear": _clear}
DICT_METHODS: Mapping[str, Method] = {
    **SHARED_METHODS,
    "keys": _view("keys"),
    "values": _view("values"),
    "items": _view("items"),
    "get": _get,
    "setdefault": _setdefault,
    "popitem": _popitem,
}
SET_METHODS: Mapping[str, Method] = {
    **SHARED_METHODS,
    "add": _add,
    "discard": _discard,
    "remove": _discard,
    "union": _set_operation("|"),
    "intersection": _set_operation("&"),
    "difference": _set_operation("-"),
    "symmetric_difference": _set_operation("^"),
    "intersection_update": _in_place("&"),
    "difference_update": _in_place("-"),
    "symmetric_difference_update": _in_place("^"),
    "issubset": _relation(False),
    "issuperset": _relation(True),
    "isdisjoint": _disjoint,
}
