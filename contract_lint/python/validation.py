"""Validators of pydantic models, run on abstract values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from contract_lint.python.attributes import find_in_class
from contract_lint.python.calls import Arguments, call_function
from contract_lint.python.dicts import DictBuilder
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.state import Heap, join_objects
from contract_lint.python.values import (
    NONE,
    ClassObj,
    Const,
    DictObj,
    FunctionValue,
    HeapObject,
    InstanceObj,
    Origin,
    Ref,
    Unknown,
    Value,
    alternatives,
    join,
    unknown,
)

BEFORE = ("before", "v1-before", "wrap")
AFTER = ("after", "v1-after")


def validators(frame: Frame, cls: Ref, scope: str, modes: tuple[str, ...]) -> list[FunctionValue]:
    """The validators of a scope as declared: inherited ones first, overridden ones in the place of what they override."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    names: dict[str, None] = {}
    for base in reversed(obj.lineage):
        there = frame.read(base)
        if isinstance(there, ClassObj):
            names.update(
                (n, None) for n, value in there.attributes.items() if isinstance(value, FunctionValue) and value.validator is not None
            )
    found = [find_in_class(frame, cls, name) for name in names]
    return [
        f
        for f in found
        if isinstance(f, FunctionValue) and f.validator is not None and f.validator.scope == scope and f.validator.mode in modes
    ]


def _attempt(frame: Frame, run: Callable[[], Value], tolerant: bool) -> Value | None:
    """Run on a heap layer of its own; a failure is undone if ``tolerant``, and gives None."""
    base = frame.heap
    frame.heap = Heap(base)
    try:
        result = run()
    except Diverges:
        frame.heap = base
        if tolerant:
            return None
        raise
    base.own.update(frame.heap.since(base))
    frame.heap = base
    return result


def _parameters(function: FunctionValue) -> int:
    """How many arguments a validator takes besides its class."""
    given = len([p for p in function.node.parameters if p.kind in ("plain", "positional")])
    return given - (0 if function.kind == "static" else 1)


# --- the model's data ---


def run_before(
    frame: Frame, cls: Ref, given: Mapping[str, Value], arguments: Arguments, tolerant: bool, origin: Origin
) -> tuple[dict[str, Value], frozenset[str], Unknown | None]:
    """The data after the validators that see it first, which of it is there on some paths only, and why there may be more."""
    opened = arguments.more or arguments.rest
    found = validators(frame, cls, "model", BEFORE)
    if not found:
        return dict(given), arguments.optional, opened
    builder = DictBuilder()
    for name, value in given.items():
        builder.put(Const(name), value, name not in arguments.optional)
    builder.open = opened
    data: Value = frame.new(builder.result("dict", origin))
    for function in reversed(found):
        if function.validator is not None and function.validator.mode == "wrap":
            data = Unknown("wrap-validator", origin)
            continue
        args = (data, *_information(function, 1, origin))
        result = _attempt(frame, partial(_run, frame, function, args, cls, origin), tolerant)
        data = data if result is None else result
    obj = _dict_of(frame, data)
    if obj is None:
        return dict(given), frozenset(given), unknown(data, "before-validator", origin)
    entries = [(str(e.key.value), e) for e in obj.entries.values() if isinstance(e.key, Const)]
    return {name: entry.value for name, entry in entries}, frozenset(name for name, entry in entries if not entry.must), obj.open


def _dict_of(frame: Frame, value: Value) -> DictObj | None:
    """The dict that the value is, or the join of those that it may be."""
    found: HeapObject | None = None
    for one in alternatives(value):
        obj = frame.read(one) if isinstance(one, Ref) else None
        if not isinstance(obj, DictObj):
            return None
        found = obj if found is None else join_objects(found, obj)
    return found if isinstance(found, DictObj) else None


def _information(function: FunctionValue, taken: int, origin: Origin) -> list[Value]:
    return [Unknown("validation-info", origin)] * max(0, _parameters(function) - taken)


def _run(frame: Frame, function: FunctionValue, args: tuple[Value, ...], cls: Ref, origin: Origin) -> Value:
    """A validator that is a class method or a static one."""
    given = args if function.kind == "static" else (cls, *args)
    return call_function(frame, function, Arguments(given, {}), origin, cls)


# --- fields ---


def validated(frame: Frame, cls: Ref, name: str, value: Value, coerce: Callable[[Value], Value], origin: Origin, assumed: bool) -> Value:
    """A field's value after its validators: ``before`` ones, the last first, then the type, then ``after`` ones."""
    found = [
        f for f in validators(frame, cls, "field", ("before", "after", "plain", "wrap")) if f.validator is not None and _is_for(f, name)
    ]
    before = [f for f in found if f.validator is not None and f.validator.mode == "before"]
    for function in reversed(before):
        value = _field_step(frame, cls, function, value, origin, assumed)
    plain = [f for f in found if f.validator is not None and f.validator.mode in ("plain", "wrap")]
    value = coerce(value) if not plain else Unknown("wrap-validator", origin)
    for function in found:
        if function.validator is not None and function.validator.mode == "after":
            value = _field_step(frame, cls, function, value, origin, assumed)
    return value


def _is_for(function: FunctionValue, name: str) -> bool:
    return function.validator is not None and (name in function.validator.fields or "*" in function.validator.fields)


def validates_defaults(frame: Frame, cls: Ref, name: str) -> bool:
    """Whether a validator of the old kind asks for the default as well (``always=True``)."""
    found = validators(frame, cls, "field", ("before", "after"))
    return any(_is_for(f, name) and f.validator is not None and f.validator.always for f in found)


def _field_step(frame: Frame, cls: Ref, function: FunctionValue, value: Value, origin: Origin, assumed: bool) -> Value:
    args = (value, *_information(function, 1, origin))
    result = _attempt(frame, partial(_run, frame, function, args, cls, origin), assumed or isinstance(value, Unknown))
    return value if result is None else result


# --- the finished model ---


def run_after(frame: Frame, cls: Ref, ref: Ref, origin: Origin, assumed: bool) -> None:
    """The validators and hooks that see the finished instance."""
    for function in validators(frame, cls, "model", AFTER):
        _attempt(frame, partial(_after, frame, cls, ref, function, origin), assumed)
    for name in ("model_post_init", "__post_init__"):
        hook = find_in_class(frame, cls, name)
        if isinstance(hook, FunctionValue):
            args = (ref, NONE) if name == "model_post_init" else (ref,)
            _attempt(frame, partial(call_function, frame, hook, Arguments(args, {}), origin, ref), assumed)


def _after(frame: Frame, cls: Ref, ref: Ref, function: FunctionValue, origin: Origin) -> Value:
    if function.validator is not None and function.validator.mode == "v1-after":
        return _old_root(frame, cls, ref, function, origin)
    if function.kind == "function":
        args = (ref, *_information(function, 0, origin))
        return call_function(frame, function, Arguments(args, {}), origin, ref)
    return _run(frame, function, (ref, *_information(function, 1, origin)), cls, origin)


def _old_root(frame: Frame, cls: Ref, ref: Ref, function: FunctionValue, origin: Origin) -> Value:
    """A root validator of pydantic v1: it sees and returns a dict of the fields."""
    obj = frame.read(ref)
    assert isinstance(obj, InstanceObj)
    builder = DictBuilder()
    for name, value in obj.attributes.items():
        builder.put(Const(name), value)
    result = call_function(frame, function, Arguments((cls, frame.new(builder.result("dict", origin))), {}), origin, cls)
    after = frame.read(result) if isinstance(result, Ref) else None
    changed = dict(obj.attributes)
    for entry in after.entries.values() if isinstance(after, DictObj) else ():
        if isinstance(entry.key, Const):
            old = changed.get(str(entry.key.value))
            changed[str(entry.key.value)] = entry.value if entry.must or old is None else join(old, entry.value)
    frame.write(ref.address, InstanceObj(obj.cls, changed, obj.exact, obj.origin))
    return result
