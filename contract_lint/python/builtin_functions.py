"""Python's builtin functions and types."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from contract_lint.python.calls import Arguments, call, escape
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import Iteration, iterate, to_list
from contract_lint.python.methods import dict_from, set_from, set_item, sort_items
from contract_lint.python.operations import boolean, display, merged, truth
from contract_lint.python.values import (
    FALSE,
    NONE,
    TRUE,
    Builtin,
    ClassObj,
    Const,
    DictObj,
    InstanceObj,
    Item,
    ListObj,
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
    unknown,
)

Function = Callable[[Frame, Arguments, Origin], Value]

PYTHON_TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool, "bytes": bytes}
#: The builtin names that are types, and so never None and callable.
NAMES = frozenset(
    [
        "abs",
        "all",
        "any",
        "bool",
        "bytes",
        "callable",
        "chr",
        "dict",
        "dir",
        "divmod",
        "enumerate",
        "filter",
        "float",
        "format",
        "frozenset",
        "getattr",
        "hasattr",
        "hash",
        "id",
        "int",
        "isinstance",
        "issubclass",
        "iter",
        "len",
        "list",
        "map",
        "max",
        "min",
        "next",
        "object",
        "open",
        "ord",
        "print",
        "property",
        "range",
        "repr",
        "reversed",
        "round",
        "set",
        "setattr",
        "sorted",
        "staticmethod",
        "classmethod",
        "str",
        "sum",
        "super",
        "tuple",
        "type",
        "vars",
        "zip",
        "globals",
        "locals",
        "input",
        "NotImplemented",
        "BaseException",
        "Exception",
        "ValueError",
        "TypeError",
        "KeyError",
        "IndexError",
        "AttributeError",
        "ImportError",
        "ModuleNotFoundError",
        "NotImplementedError",
        "RuntimeError",
        "StopIteration",
        "OSError",
        "IOError",
        "FileNotFoundError",
        "AssertionError",
        "ArithmeticError",
        "ZeroDivisionError",
        "LookupError",
        "UnicodeDecodeError",
        "PermissionError",
        "TimeoutError",
        "KeyboardInterrupt",
        "SystemExit",
        "Warning",
        "UserWarning",
        "DeprecationWarning",
        "eval",
        "exec",
        "compile",
        "delattr",
        "memoryview",
        "bytearray",
        "complex",
        "slice",
        "pow",
        "__import__",
        "ascii",
        "bin",
        "hex",
        "oct",
        "breakpoint",
        "help",
        "exit",
        "quit",
    ]
)


def call_builtin(frame: Frame, name: str, arguments: Arguments, origin: Origin) -> Value:
    """``name(...)`` for a builtin."""
    function = FUNCTIONS.get(name)
    if function is None or arguments.rest is not None or arguments.more is not None:
        if name not in HARMLESS_BUILTINS:
            escape(frame, arguments, Unknown("passed-outside", origin))
        return Unknown("unknown-call", origin)
    return function(frame, arguments, origin)


HARMLESS_BUILTINS = frozenset(
    [
        "print",
        "id",
        "hash",
        "dir",
        "vars",
        "input",
        "repr",
        "open",
        "Exception",
        "ValueError",
        "TypeError",
        "KeyError",
        "RuntimeError",
        "ImportError",
    ]
)


def _first(arguments: Arguments) -> Value:
    if not arguments.args:
        raise Diverges
    return arguments.args[0]


def _len(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, Const) and isinstance(value.value, (str, bytes)):
        return Const(len(value.value), origin, value.soft)
    if isinstance(value, OneOf):
        return join_all([_len(frame, Arguments((one,), {}), origin) for one in value.values])
    found = iterate(frame, value, origin)
    certain = sum(item.must for item in found.items)
    if found.open is None and certain == len(found.items):
        return Const(certain, origin)
    return Unknown("unknown-length", origin)


def _str(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if not arguments.args:
        return Const("", origin)
    value = frame.ev.text_of(frame, arguments.args[0])
    if isinstance(value, OneOf):
        return join_all([_str(frame, Arguments((one,), {}), origin) for one in value.values])
    if isinstance(value, (Const, Text)):
        parts = display(frame, value, "", "")
        if parts and parts[0] is not None and len(parts) == 1:
            return Const(parts[0], value.origin or origin, isinstance(value, Const) and value.soft)
        if isinstance(value, Text):
            return value
        if parts == []:
            return Const("", origin)
    return Text((None,), origin)


def _repr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, Const):
        return Const(repr(value.value), origin, value.soft)
    return Text((None,), origin)


def _number(kind: type[int] | type[float]) -> Function:
    def convert(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        if not arguments.args:
            return Const(kind(), origin)
        value = arguments.args[0]
        if len(arguments.args) == 1 and isinstance(value, Const) and isinstance(value.value, (str, int, float, bool)):
            try:
                return Const(kind(value.value), origin, value.soft)
            except (ValueError, OverflowError):
                raise Diverges from None
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
    obj = frame.read(value) if isinstance(value, Ref) else None
    if not isinstance(value, Ref) or not isinstance(obj, ListObj) or obj.kind != "iterator":
        return (
            join(default, unknown(value, "unknown-iterator", origin)) if default is not None else unknown(value, "unknown-iterator", origin)
        )
    options: list[Value] = []
    for index, item in enumerate(obj.items):
        options.append(item.value)
        if item.must:
            rest = obj.items[index + 1 :] if index == 0 else tuple(Item(i.value, False) for i in obj.items[1:])
            frame.write(value.address, ListObj(rest, obj.open, obj.kind, obj.origin))
            return join_all(options)
    frame.write(value.address, ListObj(tuple(Item(i.value, False) for i in obj.items[1:]), obj.open, obj.kind, obj.origin))
    if obj.open is not None:
        options.append(obj.open)
    if default is not None:
        options.append(default)
    if not options:
        raise Diverges
    return join_all(options)


def _tuple(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if not arguments.args:
        return TupleValue((), origin)
    found = iterate(frame, arguments.args[0], origin)
    if found.exact:
        return TupleValue(tuple(item.value for item in found.items), origin)
    return to_list(frame, found, "tuple")


def _dict(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    result = DictObj({}, None, "dict", origin)
    if arguments.args:
        value = arguments.args[0]
        if isinstance(value, OneOf):
            return frame.fork_values([lambda one=one: _dict(frame, Arguments((one,), arguments.kwargs), origin) for one in value.values])  # type: ignore[misc]
        obj = frame.read(value) if isinstance(value, Ref) else None
        if isinstance(obj, DictObj) and obj.kind == "dict":
            result = merged(result, obj)
        else:
            result = dict_from(frame, iterate(frame, value, origin), origin)
    ref = frame.new(DictObj(result.entries, result.open, "dict", origin))
    for name, value in arguments.kwargs.items():
        set_item(frame, ref, Const(name, origin), value)
    return ref


def _set(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, arguments.args[0], origin) if arguments.args else Iteration(())
    return frame.new(set_from(found, origin))


def _sorted(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    ordered = sort_items(found.items, arguments.kwargs) if found.open is None else None
    if ordered is not None:
        return frame.new(ListObj(ordered))
    shuffled = Iteration(found.items, found.open, True)
    return to_list(frame, shuffled)


def _reversed(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    if found.open is not None:
        return frame.new(ListObj((), found.open, "iterator"))
    return frame.new(ListObj(found.items[::-1], None, "iterator"))


def _enumerate(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    start = arguments.args[1] if len(arguments.args) > 1 else arguments.kwargs.get("start", Const(0))
    items: list[Item] = []
    sure = isinstance(start, Const) and isinstance(start.value, int)
    for index, item in enumerate(found.items):
        sure = sure and item.must
        number: Value = (
            Const(start.value + index, origin)
            if sure and isinstance(start, Const) and isinstance(start.value, int)
            else Unknown("unknown-index", origin)
        )
        items.append(Item(TupleValue((number, item.value)), item.must))
    return frame.new(ListObj(tuple(items), found.open, "iterator"))


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
    items = tuple(Item(call(frame, function, Arguments((item.value,), {}), origin), item.must) for item in found.items)
    return frame.new(ListObj(items, found.open, "iterator"))


def _filter(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        return Unknown("unknown-call", origin)
    function, iterable = arguments.args
    found = iterate(frame, iterable, origin)
    items: list[Item] = []
    for item in found.items:
        kept = truth(frame, item.value if function == NONE else call(frame, function, Arguments((item.value,), {}), origin))
        if kept is not False:
            items.append(Item(item.value, item.must and kept is True))
    return frame.new(ListObj(tuple(items), found.open, "iterator"))


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
        found = iterate(frame, arguments.args[0], origin) if len(arguments.args) == 1 else Iteration(tuple(map(Item, arguments.args)))
        ordered = sort_items(found.items, {}) if found.open is None and not arguments.kwargs else None
        if not ordered:
            return Unknown("unknown-order", origin)
        return ordered[0 if name == "min" else -1].value

    return pick


def _sum(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, _first(arguments), origin)
    values = [item.value.value for item in found.items if isinstance(item.value, Const) and isinstance(item.value.value, (int, float))]
    if found.open is None and all(item.must for item in found.items) and len(values) == len(found.items) and len(arguments.args) == 1:
        return Const(sum(values), origin)
    return Unknown("unknown-number", origin)


def _range(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    bounds = [v.value for v in arguments.args if isinstance(v, Const) and isinstance(v.value, int) and not v.soft]
    if len(bounds) == len(arguments.args) and 1 <= len(bounds) <= 3 and (len(bounds) < 3 or bounds[2]):
        numbers = range(*bounds)
        if len(numbers) <= 10_000:
            return frame.new(ListObj(tuple(Item(Const(n, origin)) for n in numbers), None, "view"))
    return frame.new(ListObj((), Unknown("unknown-range", origin), "view"))


def _isinstance(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        raise Diverges
    value, kinds = arguments.args
    options = [item.value for item in iterate(frame, kinds, origin).items] if isinstance(kinds, TupleValue) else [kinds]
    answers = {frame.ev.is_instance(frame, one, kind) for one in alternatives(value) for kind in options}
    if len(alternatives(value)) == 1 and True in answers:
        return TRUE
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
        if len(answers) == 1 and None not in answers:
            return boolean(bool(answers.pop()), name)
    return Unknown("unknown-attribute", origin)


def _getattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) < 2:
        raise Diverges
    receiver, name = arguments.args[:2]
    default = arguments.args[2] if len(arguments.args) > 2 else None
    results: list[Value] = []
    for one_name in alternatives(name):
        if not (isinstance(one_name, Const) and isinstance(one_name.value, str)):
            return unknown(one_name, "unknown-attribute", origin)
        for one in alternatives(receiver):
            there = frame.ev.has_attribute(frame, one, one_name.value)
            if there is False and default is not None:
                results.append(default)
                continue
            value = frame.ev.attribute(frame, one, one_name.value, origin)
            results.append(join(value, default) if there is None and default is not None else value)
    return join_all(results)


def _setattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 3:
        raise Diverges
    receiver, name, value = arguments.args
    from contract_lint.python.expressions import set_attribute

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
            return obj.cls
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
    if isinstance(value, Builtin) or (isinstance(value, Ref) and isinstance(frame.read(value), ClassObj)):
        return TRUE
    return TRUE if type(value).__name__ in ("FunctionValue", "BoundMethod", "BuiltinMethod") else Unknown("unknown-type", origin)


def _print(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    return NONE


def _abs(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = _first(arguments)
    if isinstance(value, Const) and isinstance(value.value, (int, float)):
        return Const(abs(value.value), origin, value.soft)
    return unknown(value, "unknown-number", origin)


def _exception(name: str) -> Function:
    def make(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        return Unknown("exception", origin)

    return make


def _vars(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    return Unknown("dynamic-namespace", origin)


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
    "vars": _vars,
    **{name: _exception(name) for name in sorted(NAMES) if name.endswith(("Error", "Exception", "Warning"))},
}
