"""Python's builtin functions and types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from msgspec.structs import replace

from contract_lint.python.assignment import delete_attribute, set_attribute
from contract_lint.python.calls import Arguments, escape
from contract_lint.python.dicts import DictBuilder, dict_from, frozen, set_from
from contract_lint.python.frame import Diverges, Frame, each
from contract_lint.python.iterables import ITERATING, Function, first
from contract_lint.python.iteration import Iteration, iterate, to_list
from contract_lint.python.operations import boolean, truth
from contract_lint.python.operations_observed import on_read, on_store
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
    FrozenAddress,
    FunctionValue,
    InstanceObj,
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
    is_soft,
    join,
    join_all,
    origin_of,
    unknown,
)

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


def _len(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = plain_text(first(arguments))
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
    value = first(arguments)
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


def _frozenset(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    given = arguments.args[0] if arguments.args else None
    if isinstance(given, Ref) and isinstance(given.address, FrozenAddress):
        return given
    return frozen(frame, set_from(Iteration(()) if given is None else iterate(frame, given, origin), origin))


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
        if frame.ev.observes:
            on_read(frame, one_name.value, value, one_name.origin or origin, default is None)
        return join(value, default) if there is None and default is not None else value

    return frame.fork_values([partial(get, (one, one_name)) for one_name in alternatives(name) for one in alternatives(receiver)])


def _setattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 3:
        raise Diverges
    receiver, name, value = arguments.args
    if frame.ev.observes:
        on_store(frame, str(name.value) if isinstance(name, Const) else "", receiver, value, origin)
    if isinstance(name, Const) and isinstance(name.value, str):
        set_attribute(frame, receiver, name.value, value)
    elif isinstance(receiver, Ref):
        for one_name in alternatives(name):
            if isinstance(one_name, Const) and isinstance(one_name.value, str):
                set_attribute(frame, receiver, one_name.value, join(frame.ev.attribute(frame, receiver, one_name.value, origin), value))
            else:
                frame.ev.blur(frame, receiver, Unknown("unknown-attribute", origin))
    return NONE


def _delattr(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        raise Diverges
    receiver, name = arguments.args
    if isinstance(name, Const) and isinstance(name.value, str):
        delete_attribute(frame, receiver, name.value)
    else:
        for one in alternatives(receiver):
            if isinstance(one, Ref):
                frame.ev.blur(frame, one, Unknown("unknown-attribute", origin))
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
    value = first(arguments)
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
    value = first(arguments)
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
        rounded = round(values[0], int(values[1])) if len(values) > 1 else round(values[0])
        return Const(rounded, origin, any(map(is_soft, arguments.args)))
    except (ValueError, OverflowError, TypeError):
        return frame.fails("raises", origin)


FUNCTIONS: Mapping[str, Function] = {
    **ITERATING,
    "len": _len,
    "str": _str,
    "repr": _repr,
    "int": _number(int),
    "float": _number(float),
    "bool": _bool,
    "list": _list,
    "tuple": _tuple,
    "dict": _dict,
    "set": _set,
    "frozenset": _frozenset,
    "isinstance": _isinstance,
    "issubclass": _issubclass,
    "hasattr": _hasattr,
    "getattr": _getattr,
    "setattr": _setattr,
    "delattr": _delattr,
    "type": _type,
    "callable": _callable,
    "print": _print,
    "abs": _abs,
    "round": _round,
    "vars": _vars,
    **{name: _exception for name in sorted(NAMES) if name.endswith(("Error", "Exception", "Warning"))},
}
