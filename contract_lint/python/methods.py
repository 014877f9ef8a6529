"""Methods of texts, dicts, lists and sets."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import Iteration, iterate, to_list, view
from contract_lint.python.operations import MAX_SIZE, combined, merged, text
from contract_lint.python.values import (
    NONE,
    Const,
    DictObj,
    Entry,
    InstanceObj,
    Item,
    Key,
    ListObj,
    Namespace,
    OneOf,
    Origin,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
    join_all,
    key_of,
    unknown,
)

#: Methods of str that are functions of their arguments alone.
PURE_TEXT = frozenset(
    [
        "capitalize",
        "casefold",
        "center",
        "count",
        "endswith",
        "expandtabs",
        "find",
        "format",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "ljust",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "replace",
        "rfind",
        "rindex",
        "rjust",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
        "zfill",
    ]
)


def call_method(frame: Frame, receiver: Value, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``receiver.name(*args, **kwargs)`` for a builtin object."""
    if isinstance(receiver, OneOf):
        return _on_each(frame, receiver, name, args, kwargs, origin)
    if isinstance(receiver, (Const, Text)):
        return _text_method(frame, receiver, name, args, kwargs, origin)
    if isinstance(receiver, TupleValue):
        return _tuple_method(receiver, name, args, origin)
    if isinstance(receiver, Namespace):
        return namespace_method(frame, receiver.instance, name, args, origin)
    if isinstance(receiver, Ref):
        obj = frame.read(receiver)
        if isinstance(obj, InstanceObj):
            return frame.ev.model_method(frame, receiver, name, kwargs if not args else {}, bool(args), origin)
        table = DICT_METHODS if isinstance(obj, DictObj) else LIST_METHODS if isinstance(obj, ListObj) else {}
        method = table.get(name)
        if method is not None:
            return method(frame, receiver, args, kwargs, origin)
        spoil(frame, receiver, Unknown("unknown-method", origin))
    return Unknown("unknown-method", origin)


def namespace_method(frame: Frame, instance: Ref, name: str, args: list[Value], origin: Origin) -> Value:
    """``instance.__dict__.get(…)``, ``.update(…)``."""
    key = args[0] if args else None
    obj = frame.read(instance)
    if name == "get" and isinstance(key, Const) and isinstance(key.value, str) and isinstance(obj, InstanceObj):
        found = obj.attributes.get(key.value)
        return found if found is not None else (args[1] if len(args) > 1 else NONE)
    if name == "update" and isinstance(key, Ref) and isinstance(changes := frame.read(key), DictObj):
        for entry in changes.entries.values():
            if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
                frame.ev.store_attribute(frame, instance, entry.key.value, entry.value)
        return NONE
    return Unknown("dynamic-namespace", origin)


def _on_each(frame: Frame, receiver: OneOf, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    def on(one: Value) -> Callable[[], Value]:
        return lambda: frame.ev.call_attribute(frame, one, name, args, kwargs, origin)

    return frame.fork_values([on(one) for one in receiver.values])


def spoil(frame: Frame, ref: Ref, reason: Unknown) -> None:
    """The object goes where nobody can follow: it may lose and gain entries."""
    obj = frame.read(ref)
    if isinstance(obj, DictObj):
        entries = {k: Entry(e.key, e.value, False, e.writer) for k, e in obj.entries.items()}
        frame.write(ref.address, DictObj(entries, obj.open or reason, obj.kind, obj.origin))
    elif isinstance(obj, ListObj):
        frame.write(ref.address, ListObj((), obj.open or reason, obj.kind, obj.origin))


# --- texts ---


def _text_method(frame: Frame, receiver: Const | Text, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if name == "join" and len(args) == 1:
        return _join(frame, receiver, iterate(frame, args[0], origin), origin)
    if name == "format" and isinstance(receiver, Const) and isinstance(receiver.value, str):
        if not all(isinstance(v, Const) for v in (*args, *kwargs.values())):
            return Text((None,), origin)
    if any(isinstance(v, OneOf) for v in args):
        return _text_alternatives(frame, receiver, name, args, kwargs, origin)
    if isinstance(receiver, Text):
        return _shape_method(receiver, name, args, origin)
    if name not in PURE_TEXT or not isinstance(receiver.value, str):
        return Unknown("unknown-method", origin)
    plain: list[object] = []
    for value in args:
        if isinstance(value, Const):
            plain.append(value.value)
        elif isinstance(value, TupleValue) and all(isinstance(v, Const) for v in value.items):
            plain.append(tuple(v.value for v in value.items if isinstance(v, Const)))
        else:
            return unknown(value, "unknown-argument", origin)
    named = {k: v.value for k, v in kwargs.items() if isinstance(v, Const)}
    if len(named) != len(kwargs) or _would_explode(receiver.value, name, plain):
        return Unknown("unknown-argument", origin)
    soft = receiver.soft or any(isinstance(v, Const) and v.soft for v in (*args, *kwargs.values()))
    try:
        result = getattr(receiver.value, name)(*plain, **named)
    except (TypeError, ValueError, LookupError, AttributeError):
        return Unknown("raises", origin)
    return _lift(frame, result, receiver.origin or origin, soft)


def _would_explode(value: str, name: str, args: list[object]) -> bool:
    width = next((a for a in args if isinstance(a, int)), 0)
    if name in ("center", "ljust", "rjust", "zfill", "expandtabs"):
        return width > MAX_SIZE
    return name == "replace" and len(args) > 1 and isinstance(args[1], str) and len(value) * len(args[1]) > MAX_SIZE


def _text_alternatives(
    frame: Frame, receiver: Const | Text, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin
) -> Value:
    index = next(i for i, v in enumerate(args) if isinstance(v, OneOf))
    options = [[*args[:index], one, *args[index + 1 :]] for one in alternatives(args[index])]
    return join_all([_text_method(frame, receiver, name, option, kwargs, origin) for option in options])


def _lift(frame: Frame, result: object, origin: Origin, soft: bool) -> Value:
    if isinstance(result, (str, bool, int)):
        return Const(result, origin, soft)
    if isinstance(result, list):
        return frame.new(ListObj(tuple(Item(Const(r, origin, soft)) for r in result)))
    if isinstance(result, tuple):
        return TupleValue(tuple(Const(r, origin, soft) for r in result), origin)
    return Unknown("unknown-method", origin)


def _shape_method(receiver: Text, name: str, args: list[Value], origin: Origin) -> Value:
    argument = args[0] if args else None
    if isinstance(argument, Const) and isinstance(argument.value, str) and len(args) == 1:
        first, last = receiver.parts[0], receiver.parts[-1]
        if name == "startswith" and first is not None:
            if first.startswith(argument.value):
                return Const(True)
            if not argument.value.startswith(first):
                return Const(False)
        if name == "endswith" and last is not None:
            if last.endswith(argument.value):
                return Const(True)
            if not argument.value.endswith(last):
                return Const(False)
    if name in ("lower", "upper") and not args:
        return Text(tuple(p if p is None else getattr(p, name)() for p in receiver.parts), receiver.origin)
    return (
        Text((None,), origin)
        if name in ("strip", "lstrip", "rstrip", "replace", "title", "capitalize", "format")
        else Unknown("unknown-text", origin)
    )


def _join(frame: Frame, separator: Const | Text, found: Iteration, origin: Origin) -> Value:
    if not found.exact or not isinstance(separator, Const) or not isinstance(separator.value, str):
        return Text((None,), origin)
    parts: list[str | None] = []
    soft = separator.soft
    for index, item in enumerate(found.items):
        if index:
            parts.append(separator.value)
        value = item.value
        if isinstance(value, Const) and isinstance(value.value, str):
            parts.append(value.value)
            soft = soft or value.soft
        elif isinstance(value, Text):
            parts.extend(value.parts)
        else:
            parts.append(None)
    return text(parts, origin, soft)


def _tuple_method(receiver: TupleValue, name: str, args: list[Value], origin: Origin) -> Value:
    if name in ("index", "count") and len(args) == 1 and all(isinstance(v, Const) for v in (*receiver.items, args[0])):
        try:
            return Const(getattr(receiver.items, name)(args[0]), origin)
        except ValueError:
            return Unknown("raises", origin)
    return Unknown("unknown-method", origin)


# --- dicts and sets ---


def get_item(frame: Frame, ref: Ref, obj: DictObj, key_value: Value, default: Value | None, origin: Origin) -> Value:
    """``d[key]``, or ``d.get(key, default)`` where a default is given."""
    if isinstance(key_value, OneOf):
        return join_all([get_item(frame, ref, obj, one, default, origin) for one in key_value.values])
    key = key_of(key_value)
    if key is None:
        if obj.open is None and obj.entries and type(key_value) in (Unknown, Text):
            options = [entry.value for entry in obj.entries.values()]
            return join_all([*options, *([default] if default is not None else []), unknown(key_value, "unknown-key", origin)])
        if obj.open is None and not obj.entries and default is not None:
            return default
        return unknown(key_value, "unknown-key", origin)
    frame.ev.on_lookup(frame, ref, obj, key_value, origin, default)
    entry = obj.entries.get(key)
    if entry is None:
        if obj.open is not None:
            return obj.open if default is None else join(default, obj.open)
        return default if default is not None else Unknown("missing-key", origin)
    if entry.must:
        return entry.value
    if default is not None:
        return join(entry.value, default)
    return entry.value


def set_item(frame: Frame, ref: Ref, key_value: Value, value: Value) -> None:
    """``d[key] = value``, by the module that is being imported, if any (its writes compete with other modules')."""
    obj = frame.read(ref)
    if not isinstance(obj, DictObj):
        return
    if isinstance(key_value, OneOf):
        entries = dict(obj.entries)
        for one in key_value.values:
            key = key_of(one)
            if key is None:
                _set_unknown_key(frame, ref, obj, one, value)
                return
            old = entries.get(key)
            entries[key] = Entry(one, value if old is None else join(old.value, value), old is not None and old.must, frame.ev.writer)
        frame.write(ref.address, DictObj(entries, obj.open, obj.kind, obj.origin))
        return
    key = key_of(key_value)
    if key is None:
        _set_unknown_key(frame, ref, obj, key_value, value)
        return
    frame.write(ref.address, DictObj(_with(frame, obj, key, key_value, value), obj.open, obj.kind, obj.origin))


def _with(frame: Frame, obj: DictObj, key: Key, key_value: Value, value: Value) -> dict[Key, Entry]:
    entries = dict(obj.entries)
    old = entries.get(key)
    writer = frame.ev.writer
    if old is not None and old.writer is not None and writer is not None and not frame.ev.imports(writer, old.writer):
        value = join(old.value, value)
    entries[key] = Entry(key_value, value, True, writer)
    return entries


def _set_unknown_key(frame: Frame, ref: Ref, obj: DictObj, key_value: Value, value: Value) -> None:
    entries = {k: Entry(e.key, join(e.value, value), e.must, e.writer) for k, e in obj.entries.items()}
    opened = obj.open or unknown(key_value, "unknown-key")
    frame.write(ref.address, DictObj(entries, opened, obj.kind, obj.origin))


def delete_item(frame: Frame, ref: Ref, key_value: Value) -> None:
    obj = frame.read(ref)
    if isinstance(obj, DictObj):
        key = key_of(key_value)
        if key is None:
            entries = {k: Entry(e.key, e.value, False, e.writer) for k, e in obj.entries.items()}
        else:
            entries = {k: e for k, e in obj.entries.items() if k != key}
        frame.write(ref.address, DictObj(entries, obj.open, obj.kind, obj.origin))
    elif isinstance(obj, ListObj):
        frame.write(ref.address, ListObj((), Unknown("deleted-item"), obj.kind, obj.origin))


def dict_from(frame: Frame, found: Iteration, origin: Origin) -> DictObj:
    """``dict(pairs)``."""
    entries: dict[Key, Entry] = {}
    opened = found.open
    for item in found.items:
        pair = iterate(frame, item.value, origin)
        key = key_of(pair.items[0].value) if pair.exact and len(pair.items) == 2 else None
        if key is None:
            opened = opened or Unknown("unknown-key", origin)
            continue
        old = entries.get(key)
        value = pair.items[1].value
        entries[key] = Entry(
            pair.items[0].value, value if item.must or old is None else join(old.value, value), item.must or bool(old and old.must)
        )
    return DictObj(entries, opened, "dict", origin)


def set_from(found: Iteration, origin: Origin) -> DictObj:
    """``set(iterable)``."""
    entries: dict[Key, Entry] = {}
    opened = found.open
    for item in found.items:
        key = key_of(item.value)
        if key is None:
            opened = opened or unknown(item.value, "unknown-element", origin)
        elif key not in entries or item.must:
            entries.setdefault(key, Entry(item.value, NONE, item.must))
            if item.must and not entries[key].must:
                entries[key] = Entry(item.value, NONE, True)
    return DictObj(entries, opened, "set", origin)


def _as_dict(frame: Frame, value: Value, origin: Origin) -> DictObj:
    """What ``update`` takes: a dict, or pairs."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, DictObj) and obj.kind == "dict":
        return obj
    if isinstance(obj, ListObj) or isinstance(value, TupleValue):
        return dict_from(frame, iterate(frame, value, origin), origin)
    return DictObj({}, unknown(value, "unknown-mapping", origin))


def update(frame: Frame, ref: Ref, value: Value, origin: Origin) -> None:
    """``d.update(value)``, ``s.update(value)``, ``d |= value``."""
    obj = frame.read(ref)
    if not isinstance(obj, DictObj):
        return
    if isinstance(value, OneOf):
        frame.fork_values([_updating(frame, ref, one, origin) for one in value.values])
        return
    other = _as_dict(frame, value, origin) if obj.kind == "dict" else set_from(iterate(frame, value, origin), origin)
    if frame.ev.writer is None or not obj.entries:
        frame.write(ref.address, merged(obj, other))
        return
    for entry in other.entries.values():
        if entry.must:
            set_item(frame, ref, entry.key, entry.value)
    rest = {key: entry for key, entry in other.entries.items() if not entry.must}
    current = frame.read(ref)
    assert isinstance(current, DictObj)
    frame.write(ref.address, merged(current, DictObj(rest, other.open, other.kind)))


def _updating(frame: Frame, ref: Ref, value: Value, origin: Origin) -> Callable[[], Value]:
    def run() -> Value:
        update(frame, ref, value, origin)
        return NONE

    return run


Method = Callable[[Frame, Ref, list[Value], Mapping[str, Value], Origin], Value]


def _dict(frame: Frame, ref: Ref) -> DictObj:
    obj = frame.read(ref)
    assert isinstance(obj, DictObj)
    return obj


def _list(frame: Frame, ref: Ref) -> ListObj:
    obj = frame.read(ref)
    assert isinstance(obj, ListObj)
    return obj


def _view(kind: str) -> Method:
    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        return to_list(frame, view(frame, ref, kind, origin), "view")

    return method


def _get(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if not args:
        raise Diverges
    return get_item(frame, ref, _dict(frame, ref), args[0], args[1] if len(args) > 1 else NONE, origin)


def _setdefault(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if not args:
        raise Diverges
    default = args[1] if len(args) > 1 else NONE
    obj = _dict(frame, ref)
    key = key_of(args[0])
    entry = obj.entries.get(key) if key is not None else None
    if entry is not None and entry.must:
        return entry.value
    value = default
    if entry is not None:
        value = join(entry.value, default)
    elif obj.open is not None:
        value = join(default, obj.open)
    set_item(frame, ref, args[0], value)
    return value


def _pop(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _dict(frame, ref)
    if obj.kind == "set" or not args:
        spoil(frame, ref, Unknown("unknown-element", origin))
        return Unknown("unknown-element", origin)
    value = get_item(frame, ref, obj, args[0], args[1] if len(args) > 1 else None, origin)
    delete_item(frame, ref, args[0])
    return value


def _update(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    for value in args:
        update(frame, ref, value, origin)
    for name, value in kwargs.items():
        set_item(frame, ref, Const(name, origin), value)
    return NONE


def _copy(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    return frame.new(frame.read(ref))


def _clear(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = frame.read(ref)
    frame.write(ref.address, DictObj({}, None, obj.kind, obj.origin) if isinstance(obj, DictObj) else ListObj((), None, "list"))
    return NONE


def _popitem(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    spoil(frame, ref, Unknown("unknown-element", origin))
    return Unknown("unknown-element", origin)


def _add(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if len(args) != 1 or _dict(frame, ref).kind != "set":
        raise Diverges
    set_item(frame, ref, args[0], NONE)
    return NONE


def _discard(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if args:
        delete_item(frame, ref, args[0])
    return NONE


def _set_operation(op: str) -> Method:
    def method(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
        result: DictObj = _dict(frame, ref)
        for value in args:
            found = combined(op, result, set_from(iterate(frame, value, origin), origin))
            if found is None:
                return Unknown("unknown-operand", origin)
            result = found
        return frame.new(DictObj(result.entries, result.open, "set", origin))

    return method


def _subset(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    if len(args) != 1:
        raise Diverges
    mine, other = _dict(frame, ref), set_from(iterate(frame, args[0], origin), origin)
    if mine.open is None and all((e := other.entries.get(k)) is not None and e.must for k in mine.entries):
        return Const(True)
    if other.open is None and any(e.must and k not in other.entries for k, e in mine.entries.items()):
        return Const(False)
    return Unknown("unknown-comparison", origin)


DICT_METHODS: Mapping[str, Method] = {
    "keys": _view("keys"),
    "values": _view("values"),
    "items": _view("items"),
    "get": _get,
    "setdefault": _setdefault,
    "pop": _pop,
    "popitem": _popitem,
    "update": _update,
    "copy": _copy,
    "clear": _clear,
    "add": _add,
    "discard": _discard,
    "remove": _discard,
    "union": _set_operation("|"),
    "intersection": _set_operation("&"),
    "difference": _set_operation("-"),
    "symmetric_difference": _set_operation("^"),
    "issubset": _subset,
}


# --- lists ---


def _append(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    if len(args) != 1:
        raise Diverges
    items = obj.items if obj.open is not None else (*obj.items, Item(args[0]))
    frame.write(ref.address, ListObj(items, obj.open, obj.kind, obj.origin))
    return NONE


def extend(frame: Frame, ref: Ref, value: Value, origin: Origin) -> None:
    """``l.extend(value)``, ``l += value``."""
    obj = _list(frame, ref)
    found = iterate(frame, value, origin)
    if obj.open is None:
        items = found.items
        if found.unordered and len(items) > 1:
            element = join_all([item.value for item in items])
            items = tuple(Item(element, item.must) for item in items)
        frame.write(ref.address, ListObj(obj.items + items, found.open, obj.kind, obj.origin))


def _extend(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    for value in args:
        extend(frame, ref, value, origin)
    return NONE


def _insert(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    at = args[0] if len(args) == 2 else None
    exact = obj.open is None and all(item.must for item in obj.items)
    if at == Const(0):
        frame.write(ref.address, ListObj((Item(args[1]), *obj.items), obj.open, obj.kind, obj.origin))
    elif exact and isinstance(at, Const) and isinstance(at.value, int):
        items = list(obj.items)
        items.insert(at.value, Item(args[1]))
        frame.write(ref.address, ListObj(tuple(items), None, obj.kind, obj.origin))
    else:
        spoil(frame, ref, Unknown("unknown-index", origin))
    return NONE


def _list_pop(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    at = args[0] if args else Const(-1)
    if obj.open is None and all(item.must for item in obj.items) and isinstance(at, Const) and isinstance(at.value, int):
        items = list(obj.items)
        if not -len(items) <= at.value < len(items):
            raise Diverges
        popped = items.pop(at.value)
        frame.write(ref.address, ListObj(tuple(items), None, obj.kind, obj.origin))
        return popped.value
    spoil(frame, ref, Unknown("unknown-element", origin))
    return Unknown("unknown-element", origin)


def _reorder(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    exact = obj.open is None and all(item.must and isinstance(item.value, Const) for item in obj.items)
    ordered = sort_items(obj.items, kwargs) if exact else None
    if ordered is None:
        spoil(frame, ref, Unknown("unknown-order", origin))
    else:
        frame.write(ref.address, ListObj(ordered, None, obj.kind, obj.origin))
    return NONE


def sort_items(items: tuple[Item, ...], kwargs: Mapping[str, Value]) -> tuple[Item, ...] | None:
    """The items in sorted order, if their values are plain constants of one kind and no key function is given."""
    reverse = kwargs.get("reverse", Const(False))
    if set(kwargs) - {"reverse"} or not isinstance(reverse, Const) or reverse.soft or not all(item.must for item in items):
        return None
    try:
        return tuple(sorted(items, key=lambda item: item.value.value, reverse=bool(reverse.value)))  # type: ignore[union-attr, arg-type, return-value]
    except (TypeError, AttributeError):
        return None


def _reverse(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    if obj.open is not None:
        spoil(frame, ref, Unknown("unknown-order", origin))
    else:
        frame.write(ref.address, ListObj(obj.items[::-1], None, obj.kind, obj.origin))
    return NONE


def _remove(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    exact = obj.open is None and all(item.must and isinstance(item.value, Const) for item in obj.items)
    if exact and args and isinstance(args[0], Const):
        items = list(obj.items)
        at = next((i for i, item in enumerate(items) if item.value == args[0]), None)
        if at is None:
            raise Diverges
        del items[at]
        frame.write(ref.address, ListObj(tuple(items), None, obj.kind, obj.origin))
    else:
        spoil(frame, ref, Unknown("unknown-element", origin))
    return NONE


def _list_index(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    if obj.open is None and all(item.must for item in obj.items):
        return _tuple_method(TupleValue(tuple(item.value for item in obj.items)), "index", args, origin)
    return Unknown("unknown-element", origin)


def _count(frame: Frame, ref: Ref, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    obj = _list(frame, ref)
    if obj.open is None and all(item.must for item in obj.items):
        return _tuple_method(TupleValue(tuple(item.value for item in obj.items)), "count", args, origin)
    return Unknown("unknown-element", origin)


LIST_METHODS: Mapping[str, Method] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _list_pop,
    "sort": _reorder,
    "reverse": _reverse,
    "remove": _remove,
    "clear": _clear,
    "copy": _copy,
    "index": _list_index,
    "count": _count,
}
