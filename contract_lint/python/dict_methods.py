"""Methods of dicts and sets."""

from __future__ import annotations

from collections.abc import Mapping

from contract_lint.python.dicts import (
    Method,
    combined,
    delete_item,
    frozen,
    get_item,
    may_hold,
    read_dict,
    set_from,
    set_item,
    subset,
    update,
)
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.observations import GIVEN
from contract_lint.python.values import (
    NONE,
    Const,
    DictObj,
    DictView,
    Entry,
    OneOf,
    Origin,
    Ref,
    TupleValue,
    Unknown,
    Value,
    join,
    join_all,
    key_of,
    unknown,
)


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
    if obj.open is not None and obj.open.reason in GIVEN:
        value = get_item(frame, ref, args[0], default, origin)
    elif entry is None and may_hold(obj, key):
        value = join(default, obj.open or Unknown("outside-constant", origin))
    else:
        value = default if entry is None else join(entry.value, default)
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
        mine = read_dict(frame, ref)
        result = DictObj(mine.entries, mine.open, "set", origin, mine.shuffled)
        for value in args:
            found = combined(op, result, set_from(iterate(frame, value, origin), origin))
            if found is None:
                return Unknown("unknown-operand", origin)
            result = found
        made = DictObj(result.entries, result.open, "set", origin)
        return frozen(frame, made) if mine.kind == "frozenset" else frame.new(made)

    return method


def _in_place(op: str) -> Method:
    operation = _set_operation(op)

    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        result = operation(frame, ref, args, kwargs, origin)
        obj = frame.read(result) if isinstance(result, Ref) else DictObj({}, unknown(result, "unknown-operand", origin), "set", origin)
        frame.write(ref.address, obj)
        return NONE

    return method


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
FROZEN_METHODS: Mapping[str, Method] = {
    "copy": lambda frame, ref, args, kwargs, origin: ref,
    **{
        name: SET_METHODS[name]
        for name in ("union", "intersection", "difference", "symmetric_difference", "issubset", "issuperset", "isdisjoint")
    },
}
#: The methods of each kind of dict or set.
METHODS: Mapping[str, Mapping[str, Method]] = {"dict": DICT_METHODS, "set": SET_METHODS, "frozenset": FROZEN_METHODS}
