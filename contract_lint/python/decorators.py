"""Decorators of functions: methods, properties, pydantic's validators."""

from __future__ import annotations

from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.calls import Arguments, call, call_function
from contract_lint.python.classes import decorator_name
from contract_lint.python.dicts import DictBuilder, read_dict
from contract_lint.python.frame import Frame
from contract_lint.python.values import (
    NONE,
    BoundMethod,
    Const,
    DictObj,
    ForeignObj,
    FunctionValue,
    Origin,
    Property,
    Ref,
    TupleValue,
    Unknown,
    Validator,
    Value,
    key_of,
)

#: A cache of so many results is taken as one that drops none.
ENOUGH = 64
#: Decorators that leave the function's result as it is, by the last part of their name.
TRANSPARENT = frozenset("""
    abstractmethod override final overload no_type_check deprecated validate_call
    typechecked retry
""".split())  # fmt: skip


def decorate(frame: Frame, function: FunctionValue, decorators: tuple[ir.Expr, ...], origin: Origin) -> Value:
    """What ``@decorators def f`` binds."""
    result: Value = function
    for node in reversed(decorators):
        decorator = frame.ev.evaluate(frame, node)
        dotted = decorator_name(frame, decorator)
        name = dotted.rpartition(".")[2]
        if isinstance(node, ir.Attribute) and node.name in ("setter", "deleter", "getter"):
            before = frame.lookup(function.name)
            if node.name == "setter" and isinstance(before, Property) and isinstance(result, FunctionValue):
                return replace(before, setter=result)
            return before or result
        if _is_kept(frame, decorator, dotted):
            result = call(frame, decorator, Arguments((result,), {}), origin)
        elif name in ("property", "cached_property") and isinstance(result, FunctionValue):
            result = Property(result, cached=name == "cached_property")
        elif name == "computed_field" and isinstance(result, Property):
            result = replace(result, getter=replace(result.getter, validator=Validator("serializer", "computed")))
        elif isinstance(result, FunctionValue):
            result = _decorated(frame, result, decorator, name, origin)
    return result


def _is_kept(frame: Frame, decorator: Value, name: str) -> bool:
    """Whether the decorator makes an object of the function that is kept; it may be given arguments by ``functools.partial``."""
    kept = frame.ev.options.kept_decorators
    if kept and name == "functools.partial" and isinstance(decorator, Ref):
        obj = frame.read(decorator)
        return isinstance(obj, ForeignObj) and bool(obj.args) and decorator_name(frame, obj.args[0]) in kept
    return name in kept


def _decorated(frame: Frame, function: FunctionValue, decorator: Value, name: str, origin: Origin) -> Value:
    if name == "staticmethod":
        return replace(function, kind="static")
    if name == "classmethod":
        return replace(function, kind="class")
    if name in ("model_validator", "field_validator", "validator", "root_validator"):
        return replace(
            function,
            validator=_validator(frame, name, decorator),
            kind="class" if name in ("validator", "root_validator") else function.kind,
        )
    if name in ("field_serializer", "model_serializer"):
        obj = frame.read(decorator) if isinstance(decorator, Ref) else None
        fields = tuple(str(v.value) for v in obj.args if isinstance(v, Const)) if isinstance(obj, ForeignObj) else ()
        return replace(function, validator=Validator("serializer", name.partition("_")[0], fields))
    if name == "computed_field":
        getter = replace(function, validator=Validator("serializer", "computed"))
        return Property(getter)
    if name.startswith("abstract"):
        return replace(function, abstract=True)
    if name == "wraps":
        return replace(function, qualname=_wrapped_name(frame, decorator) or function.qualname)
    if name in TRANSPARENT:
        return function
    if decorator_name(frame, decorator) in ("functools.lru_cache", "functools.cache"):
        if function.node.parameters and not _keeps_many(frame, decorator):
            return replace(function, opaque="small-cache")
        return replace(function, cache=frame.new(DictObj({})).address)
    if isinstance(decorator, (FunctionValue, BoundMethod)):
        return call(frame, decorator, Arguments((function,), {}), origin)
    return replace(function, opaque="unknown-decorator")


def _keeps_many(frame: Frame, decorator: Value) -> bool:
    """Whether a cache keeps enough results that none of them is dropped."""
    obj = frame.read(decorator) if isinstance(decorator, Ref) else None
    if not isinstance(obj, ForeignObj):
        return True
    size = obj.kwargs.get("maxsize") or (obj.args[0] if obj.args else NONE)
    return isinstance(size, FunctionValue) or (isinstance(size, Const) and (size.value is None or size.value not in range(ENOUGH)))


def call_cached(frame: Frame, function: FunctionValue, arguments: Arguments, origin: Origin, receiver: Value | None) -> Value:
    """A call of a function whose results are kept: the body runs once for the same arguments."""
    assert function.cache is not None
    ref = Ref(function.cache)
    named = (part for name, value in arguments.kwargs.items() for part in (Const(name), value))
    complete = arguments.rest is None and arguments.more is None and not arguments.optional
    given = TupleValue((*arguments.args, Const(None), *named)) if complete else Unknown("unknown-arguments")
    key = key_of(given)

    def run() -> Value:
        value = call_function(frame, replace(function, cache=None), arguments, origin, receiver)
        builder = DictBuilder(read_dict(frame, ref))
        builder.put(given, value)
        frame.write(ref.address, builder.result("dict", None))
        return value

    cache = read_dict(frame, ref)
    entry = cache.entries.get(key)
    if entry is not None and entry.must:
        return entry.value
    if not cache.entries and cache.open is None:
        return run()
    kept = entry.value if entry is not None else cache.open
    if key is not None and kept is None:
        return run()
    return frame.fork_values([run, lambda: kept or Unknown("cached", origin)])


def _wrapped_name(frame: Frame, decorator: Value) -> str | None:
    """The name that ``functools.wraps(f)`` gives; None if ``f`` is not known."""
    obj = frame.read(decorator) if isinstance(decorator, Ref) else None
    wrapped = obj.args[0] if isinstance(obj, ForeignObj) and obj.args else None
    return wrapped.qualname if isinstance(wrapped, FunctionValue) else None


def _validator(frame: Frame, name: str, decorator: Value) -> Validator:
    obj = frame.read(decorator) if isinstance(decorator, Ref) else None
    args, kwargs = (obj.args, obj.kwargs) if isinstance(obj, ForeignObj) else ((), {})
    given = kwargs.get("mode")
    mode = str(given.value) if isinstance(given, Const) else "after"
    if name == "root_validator":
        mode = "v1-before" if kwargs.get("pre") == Const(True) else "v1-after"
    elif name == "validator":
        mode = "before" if kwargs.get("pre") == Const(True) else "after"
    fields = tuple(str(v.value) for v in args if isinstance(v, Const))
    return Validator(
        "model" if name in ("model_validator", "root_validator") else "field", mode, fields, kwargs.get("always") == Const(True)
    )
