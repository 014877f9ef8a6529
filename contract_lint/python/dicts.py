"""Dicts and sets: building, reading, changing them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from contract_lint.python.frame import Frame, each
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.observations import GIVEN, GIVEN_VALUE
from contract_lint.python.values import (
    NONE,
    Const,
    DictObj,
    DictView,
    Entry,
    FrozenAddress,
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
        if (other.shuffled or other.kind != "dict") and len(self.entries) - before > 1:
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


def frozen(frame: Frame, obj: DictObj) -> Ref:
    """A new frozenset of what a set holds."""
    plain = obj.open is None and all(e.must and isinstance(e.key, (Const, TupleValue)) for e in obj.entries.values())
    address = FrozenAddress(frame.ev.new_number(), frozenset(obj.entries) if plain else None)
    frame.write(address, DictObj(obj.entries, obj.open, "frozenset", obj.origin, obj.shuffled))
    return Ref(address)


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


def subset(mine: DictObj, other: DictObj, origin: Origin) -> Value:
    """Whether all that is in ``mine`` is in ``other``."""
    if mine.open is None and all((e := other.entries.get(k)) is not None and e.must for k in mine.entries):
        return Const(True)
    if any(e.must and not may_hold(other, k) for k, e in mine.entries.items()):
        return Const(False)
    return Unknown("unknown-comparison", origin)


def as_set(frame: Frame, value: Value) -> DictObj | None:
    """A set, or a frozenset or a view of a dict's keys or items as one."""
    if isinstance(value, DictView) and value.kind != "values":
        return set_from(iterate(frame, value, None), None)
    obj = frame.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, DictObj) or obj.kind == "dict":
        return None
    return obj if obj.kind == "set" else DictObj(obj.entries, obj.open, "set", obj.origin, obj.shuffled)


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
    """``d[key] = value``."""
    obj = read_dict(frame, ref)
    if is_unhashable(frame, key_value):
        frame.may_raise()
    builder = DictBuilder(obj)
    _write(frame, builder, key_value, value, must)
    frame.write(ref.address, builder.result(obj.kind, obj.origin))


def _write(frame: Frame, builder: DictBuilder, key_value: Value, value: Value, must: bool) -> None:
    """A write by the module that is being imported, if any, competes with those of modules that it does not import."""
    writer = frame.ev.writer
    key = key_of(key_value)
    if writer is None or key is None:
        builder.put(key_value, value, must)
        return
    old = builder.entries.get(key)
    rivals = [(m, v) for m, v in (old.writers if old is not None else ()) if not must or not frame.ev.imports(writer, m)]
    writers = sorted([*rivals, (writer, value)], key=lambda one: one[0].ident)
    last = builder.entries[next(reversed(builder.entries))] if builder.entries else None
    if any(not frame.ev.imports(writer, m) for one in (old, last) if one is not None for m, _ in one.writers):
        builder.shuffled = True  # which of the modules comes first is not known
    builder.set(key, key_value, join_all([v for _, v in writers]), must, tuple(writers))


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
    obj = frame.read(value) if isinstance(value, Ref) else None
    return isinstance(obj, (DictObj, ListObj)) and obj.kind != "frozenset"


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
    builder = DictBuilder(obj)
    if frame.ev.writer is None:
        builder.spread(other)
    else:
        if other.open is not None:
            builder.put_unknown(other.open, other.open)
        for entry in other.entries.values():
            _write(frame, builder, entry.key, entry.value, entry.must)
        builder.shuffled = builder.shuffled or other.shuffled
    frame.write(ref.address, builder.result(obj.kind, obj.origin))


def _updated(frame: Frame, ref: Ref, value: Value, origin: Origin) -> bool:
    update(frame, ref, value, origin)
    return True
