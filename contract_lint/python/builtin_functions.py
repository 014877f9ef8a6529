"""Python's builtin functions and types."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import replace

from contract_lint.python.assignment import set_attribute
from contract_lint.python.calls import Arguments, call, escape
from contract_lint.python.dicts import DictBuilder, dict_from, set_from
from contract_lint.python.frame import Diverges, Frame, each
from contract_lint.python.iteration import Iteration, iterate, to_list
from contract_lint.python.lists import sort_items
from contract_lint.python.operations import binary, boolean, truth
from contract_lint.python.texts import display, plain_text, text
from contract_lint.python.values import (
    FALSE,
    NONE,
    TRUE,
    BoundMethod,
    Builtin,
    BuiltinMethod,
    ClassObj,
    Const,
    DictObj,
    FunctionValue,
    InstanceObj,
    Item,
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
    origin_of,
    unknown,
)

Function = Callable[[Frame, Arguments, Origin], Value]

#: A longer range is not spelled out.
MAX_RANGE = 10_000

#: The builtin names that are types, and so never None and callable.
NAMES = frozenset("""
    abs all any bool bytes callable chr dict dir divmod enumerate filter float format frozenset getattr hasattr hash id int
    isinstance issubclass iter len list map max min next object open ord print property range repr reversed round set setattr
    sorted staticmethod classmethod str sum super tuple type vars zip globals locals input NotImplemented BaseException Exception
    ValueError TypeError KeyError IndexError AttributeError ImportError ModuleNotFoundError NotImplementedError RuntimeError
    StopIteration OSError IOError FileNotFoundError AssertionError ArithmeticError ZeroDivisionError LookupError
    UnicodeDecodeError PermissionError TimeoutError KeyboardInterrupt SystemExit Warning UserWarning DeprecationWarning eval exec
    compile delattr memoryview bytearray complex slice pow __import__ ascii bin hex oct breakpoint help exit quit
""".split())  # fmt: skip


def call_builtin(frame: Frame, name: str, arguments: Arguments, origin: Origin) -> Value:
    """``name(...)`` for a builtin."""
    function = FUNCTIONS.get(name)
    if function is None or arguments.rest is not None or (arguments.more is not None and name != "dict"):
        if name not in HARMLESS_BUILTINS:
            escape(frame, arguments, Unknown("passed-outside", origin))
        return Unknown("unknown-call", origin)
    return function(frame, arguments, origin)


HARMLESS_BUILTINS = frozenset("""
    print id hash dir vars input repr open Exception ValueError TypeError KeyError RuntimeError ImportError
""".split())  # fmt: skip


def _first(arguments: Arguments) -> Value:
    if not arguments.args:
        raise Diverges
    return arguments.args[0]


def _len(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = plain_text(_first(arguments))
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return Const(len(value.value), origin, value.soft)
    if isinstance(value, OneOf):
        return each(frame, value.values, lambda one: _len(frame, Arguments((one,), {}), origin))
    if isinstance(value, Const):
        return frame.fails("raises", origin)
    if isinstance(value, Ref) and isinstance(obj := frame.read(value), ListObj) and obj.kind == "iterator":
        return frame.fails("raises", origin)
    found = iterate(frame, value, origin)
    if found.open is None and all(item.must for item in found.items):
        return Const(len(found.items), origin)
    return Unknown("unknown-length", origin)


def _str(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if not arguments.args:
        return Const("", origin)
    value = frame.ev.text_of(frame, arguments.args[0])
    if isinstance(value, OneOf):
        return each(frame, value.values, lambda one: _str(frame, Arguments((one,), {}), origin))
    soft = isinstance(value, Const) and value.soft
    return text(display(value, "", ""), origin_of(value) or origin, soft)


def _repr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, OneOf):
        return each(frame, value.values, lambda one: _repr(frame, Arguments((one,), {}), origin))
    return text(display(value, "r", ""), origin, isinstance(value, Const) and value.soft)


def _number(kind: type[int] | type[float]) -> Function:
    def convert(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        if not arguments.args:
            return Const(kind(), origin)
        value = arguments.args[0]
        if len(arguments.args) == 1 and isinstance(value, Const) and isinstance(value.value, (str, int, float, bool)):
            try:
                return Const(kind(value.value), origin, value.soft)
            except (ValueError, OverflowError):
                return frame.fails("raises", origin)
        return unknown(value, "unknown-number", origin)

    return convert


def _bool(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = arguments.args[0] if arguments.args else FALSE
    known = truth(frame, value)
    if known is not None:
        return TRUE if known else FALSE
    if isinstance(value, Const):
        return Const(bool(value.value), origin, True)
    return unknown(value, "unknown-condition", origin)


def _list(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if not arguments.args:
        return frame.new(ListObj((), None, "list", origin))
    return to_list(frame, iterate(frame, arguments.args[0], origin))


def _iter(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, Ref) and isinstance(obj := frame.read(value), ListObj) and obj.kind == "iterator":
        return value
    return to_list(frame, iterate(frame, value, origin), "iterator")


def _next(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    default = arguments.args[1] if len(arguments.args) > 1 else None
    if isinstance(value, OneOf):
        return frame.fork_values([lambda one=one: _next(frame, Arguments((one, *arguments.args[1:]), {}), origin) for one in value.values])  # type: ignore[misc]
    obj = frame.read(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(obj, ListObj) or obj.kind != "iterator":
        reason = unknown(value, "unknown-iterator", origin)
        return reason if default is None else join(default, reason)
    if obj.items and obj.items[0].must and not obj.shuffled:
        frame.write(value.address, replace(obj, items=obj.items[1:]))
        return obj.items[0].value
    frame.write(value.address, replace(obj, items=tuple(Item(item.value, False) for item in obj.items)))
    options: list[Value] = []
    for item in obj.items:
        options.append(item.value)
        if item.must and not obj.shuffled:
            return join_all(options)
    if obj.open is not None:
        options.append(obj.open)
    if default is not None and not any(item.must for item in obj.items):
        options.append(default)
    return join_all(options) if options else frame.fails("raises", origin)


def _tuple(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if not arguments.args:
        return TupleValue((), origin)
    found = iterate(frame, arguments.args[0], origin)
    if found.exact:
        return TupleValue(tuple(item.value for item in found.items), origin)
    return to_list(frame, found, "tuple")


def _dict(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    builder = DictBuilder()
    if arguments.args:
        value = arguments.args[0]
        if isinstance(value, OneOf):
            options = [replace(arguments, args=(one,)) for one in value.values]
            return frame.fork_values([lambda option=option: _dict(frame, option, origin) for option in options])  # type: ignore[misc]
        obj = frame.read(value) if isinstance(value, Ref) else None
        given = obj if isinstance(obj, DictObj) and obj.kind == "dict" else dict_from(frame, iterate(frame, value, origin), origin)
        builder = DictBuilder(given)
    for name, value in arguments.kwargs.items():
        builder.put(Const(name, origin), value, name not in arguments.optional)
    if arguments.more is not None:
        builder.put_unknown(arguments.more, arguments.more)
    return frame.new(builder.result("dict", origin))


def _set(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, arguments.args[0], origin) if arguments.args else Iteration(())
    return frame.new(set_from(found, origin))


def _key_function(frame: Frame, arguments: Arguments, origin: Origin) -> Callable[[Value], Value] | None:
    key = arguments.kwargs.get("key", NONE)
    return None if key == NONE else lambda value: call(frame, key, Arguments((value,), {}), origin)


def _sorted(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    ordered = sort_items(found, arguments.kwargs.get("reverse", FALSE), _key_function(frame, arguments, origin))
    if ordered is not None:
        return frame.new(ListObj(ordered, None, "list", origin))
    frame.may_raise()
    shuffled = len(found.items) > 1 or found.open is not None
    return frame.new(ListObj(found.items, found.open, "list", origin, shuffled))


def _reversed(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    shuffled = found.unordered or found.open is not None
    return frame.new(ListObj(found.items[::-1], found.open, "iterator", origin, shuffled))


def _enumerate(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    start = arguments.args[1] if len(arguments.args) > 1 else arguments.kwargs.get("start", Const(0))
    items: list[Item] = []
    sure = isinstance(start, Const) and isinstance(start.value, int) and not found.unordered
    for index, item in enumerate(found.items):
        sure = sure and item.must
        number: Value = (
            Const(start.value + index, origin)
            if sure and isinstance(start, Const) and isinstance(start.value, int)
            else Unknown("unknown-index", origin)
        )
        items.append(Item(TupleValue((number, item.value)), item.must))
    return frame.new(ListObj(tuple(items), found.open, "iterator", origin, found.unordered))


def _zip(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    columns = [iterate(frame, value, origin) for value in arguments.args]
    if columns and all(column.exact for column in columns):
        rows = zip(*[[item.value for item in column.items] for column in columns], strict=False)
        return frame.new(ListObj(tuple(Item(TupleValue(tuple(row))) for row in rows), None, "iterator"))
    opened = next((column.open for column in columns if column.open is not None), None)
    return frame.new(ListObj((), opened or Unknown("unknown-length", origin), "iterator"))


def _map(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        return Unknown("unknown-call", origin)
    function, iterable = arguments.args
    found = iterate(frame, iterable, origin)
    items = tuple(Item(_applied(frame, function, item, origin), item.must) for item in found.items)
    return frame.new(ListObj(items, found.open, "iterator", origin, found.unordered))


def _applied(frame: Frame, function: Value, item: Item, origin: Origin) -> Value:
    """``function(item)``; what it does is undone where the item is absent."""
    arguments = Arguments((item.value,), {})
    if item.must:
        return call(frame, function, arguments, origin)
    return frame.fork_values([lambda: call(frame, function, arguments, origin), lambda: Unknown("absent", origin)])


def _filter(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        return Unknown("unknown-call", origin)
    function, iterable = arguments.args
    found = iterate(frame, iterable, origin)
    items: list[Item] = []
    for item in found.items:
        kept = truth(frame, item.value if function == NONE else _applied(frame, function, item, origin))
        if kept is not False:
            items.append(Item(item.value, item.must and kept is True))
    return frame.new(ListObj(tuple(items), found.open, "iterator", origin, found.unordered))


def _quantifier(wanted: bool) -> Function:
    """``any`` (wanted true) and ``all`` (wanted false): decided by one certain element, or by all of them."""

    def decide(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        found = iterate(frame, _first(arguments), origin)
        answers = [(truth(frame, item.value), item.must) for item in found.items]
        if any(answer is wanted and must for answer, must in answers):
            return boolean(wanted)
        if found.open is None and all(answer is (not wanted) for answer, _ in answers):
            return boolean(not wanted)
        return found.open or Unknown("unknown-condition", origin)

    return decide


def _extreme(name: str) -> Function:
    def pick(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        several = len(arguments.args) > 1
        found = Iteration(tuple(map(Item, arguments.args))) if several else iterate(frame, _first(arguments), origin)
        default = arguments.kwargs.get("default")
        if not found.items and found.open is None:
            return default if default is not None else frame.fails("raises", origin)
        ordered = sort_items(found, Const(name == "max"), _key_function(frame, arguments, origin))
        return Unknown("unknown-order", origin) if not ordered else ordered[0].value

    return pick


def _sum(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    start = arguments.args[1] if len(arguments.args) > 1 else arguments.kwargs.get("start", Const(0))
    if found.open is not None or not all(item.must for item in found.items):
        return Unknown("unknown-number", origin)
    total = start
    for item in found.items:
        total = binary(frame, "+", total, item.value, origin)
    return total


def _range(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    bounds = [v.value for v in arguments.args if isinstance(v, Const) and isinstance(v.value, int) and not v.soft]
    if len(bounds) == len(arguments.args) and 1 <= len(bounds) <= 3 and (len(bounds) < 3 or bounds[2]):
        numbers = range(*bounds)
        if all(abs(bound) <= sys.maxsize for bound in bounds) and len(numbers) <= MAX_RANGE:
            return frame.new(ListObj(tuple(Item(Const(n, origin)) for n in numbers), None, "range"))
    return frame.new(ListObj((), Unknown("unknown-range", origin), "range"))


def _isinstance(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        raise Diverges
    value, kinds = arguments.args
    options = [item.value for item in iterate(frame, kinds, origin).items] if isinstance(kinds, TupleValue) else [kinds]
    answers: set[bool | None] = set()
    for one in alternatives(value):
        each_kind = {frame.ev.is_instance(frame, one, kind) for kind in options}
        answers.add(True if True in each_kind else None if None in each_kind else False)
    if len(answers) == 1 and None not in answers:
        return boolean(bool(answers.pop()))
    return Unknown("unknown-type", origin)


def _issubclass(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) == 2 and all(isinstance(v, Ref) for v in arguments.args):
        answer = frame.ev.is_subclass(frame, arguments.args[0], arguments.args[1])
        if answer is not None:
            return boolean(answer)
    return Unknown("unknown-type", origin)


def _hasattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        raise Diverges
    value, name = arguments.args
    if isinstance(name, Const) and isinstance(name.value, str):
        answers = {frame.ev.has_attribute(frame, one, name.value) for one in alternatives(value)}
        if answers != {True}:
            for one in alternatives(value):
                if (cls := frame.ev.class_of(frame, one)) is not None and frame.ev.has_attribute(frame, one, name.value) is not True:
                    frame.ev.on_missing(frame, cls, name.value, "hasattr", name.origin or origin)
        if len(answers) == 1 and None not in answers:
            return boolean(bool(answers.pop()), name)
    return Unknown("unknown-attribute", origin)


def _getattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) < 2:
        raise Diverges
    receiver, name = arguments.args[:2]
    default = arguments.args[2] if len(arguments.args) > 2 else None

    def get(pair: tuple[Value, Value]) -> Value:
        one, one_name = pair
        if not (isinstance(one_name, Const) and isinstance(one_name.value, str)):
            return unknown(one_name, "unknown-attribute", origin)
        there = frame.ev.has_attribute(frame, one, one_name.value)
        if there is False and default is not None:
            return default
        if default is not None and there is not True and (cls := frame.ev.class_of(frame, one)) is not None:
            frame.ev.on_missing(frame, cls, one_name.value, "getattr", one_name.origin or origin)
        with frame.ev.unobserved(default is not None):
            value = frame.ev.attribute(frame, one, one_name.value, one_name.origin or origin)
        return join(value, default) if there is None and default is not None else value

    return each(frame, [(one, one_name) for one_name in alternatives(name) for one in alternatives(receiver)], get)


def _setattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 3:
        raise Diverges
    receiver, name, value = arguments.args
    if isinstance(name, Const) and isinstance(name.value, str):
        set_attribute(frame, receiver, name.value, value)
    elif isinstance(receiver, Ref):
        for one_name in alternatives(name):
            if isinstance(one_name, Const) and isinstance(one_name.value, str):
                set_attribute(frame, receiver, one_name.value, join(frame.ev.attribute(frame, receiver, one_name.value, origin), value))
            else:
                frame.ev.blur(frame, receiver, Unknown("unknown-attribute", origin))
    return NONE


def _type(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 1:
        return Unknown("dynamic-class", origin)
    value = arguments.args[0]
    if isinstance(value, OneOf):
        return join_all([_type(frame, Arguments((one,), {}), origin) for one in value.values])
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, InstanceObj):
            extended = not obj.exact and any(obj.cls in frame.ev.lineage(other)[1:] for other in frame.ev.classes)
            return Unknown("maybe-in-subclass", origin) if extended else obj.cls
        if isinstance(obj, DictObj):
            return Builtin(obj.kind)
        if isinstance(obj, ListObj) and obj.kind in ("list", "tuple"):
            return Builtin(obj.kind)
    if isinstance(value, Const) and value.value is not None:
        return Builtin(type(value.value).__name__)
    if isinstance(value, TupleValue):
        return Builtin("tuple")
    return unknown(value, "unknown-type", origin)


def _callable(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, (Const, Text, TupleValue)):
        return FALSE
    if isinstance(value, (Builtin, FunctionValue, BoundMethod, BuiltinMethod)) or (
        isinstance(value, Ref) and isinstance(frame.read(value), ClassObj)
    ):
        return TRUE
    return Unknown("unknown-type", origin)


def _print(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    return NONE


def _abs(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(abs(value.value), origin, value.soft)
    return unknown(value, "unknown-number", origin)


def _exception(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    return Unknown("exception", origin)


def _vars(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = arguments.args[0] if arguments.args else None
    if isinstance(value, Ref) and isinstance(frame.read(value), InstanceObj):
        return Namespace(value)
    return Unknown("dynamic-namespace", origin)


def _round(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    values = [one.value for one in arguments.args if isinstance(one, Const) and isinstance(one.value, (int, float))]
    if (
        len(values) != len(arguments.args)
        or len(values) not in (1, 2)
        or not all(isinstance(digits, int) and abs(digits) < 100 for digits in values[1:])
    ):
        return Unknown("unknown-number", origin)
    try:
        return Const(round(values[0], int(values[1])) if len(values) > 1 else round(values[0]), origin)
    except (ValueError, OverflowError, TypeError):
        return frame.fails("raises", origin)


FUNCTIONS: Mapping[str, Function] = {
    "len": _len,
    "str": _str,
    "repr": _repr,
    "int": _number(int),
    "float": _number(float),
    "bool": _bool,
    "list": _list,
    "iter": _iter,
    "next": _next,
    "tuple": _tuple,
    "dict": _dict,
    "set": _set,
    "frozenset": _set,
    "sorted": _sorted,
    "reversed": _reversed,
    "enumerate": _enumerate,
    "zip": _zip,
    "map": _map,
    "filter": _filter,
    "any": _quantifier(True),
    "all": _quantifier(False),
    "min": _extreme("min"),
    "max": _extreme("max"),
    "sum": _sum,
    "range": _range,
    "isinstance": _isinstance,
    "issubclass": _issubclass,
    "hasattr": _hasattr,
    "getattr": _getattr,
    "setattr": _setattr,
    "type": _type,
    "callable": _callable,
    "print": _print,
    "abs": _abs,
    "round": _round,
    "vars": _vars,
    **{name: _exception for name in sorted(NAMES) if name.endswith(("Error", "Exception", "Warning"))},
}
