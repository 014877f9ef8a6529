"""Making instances: plain classes through ``__init__``, pydantic models and dataclasses through their fields and validators."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from contract_lint.python import summary as ir
from contract_lint.python.calls import Arguments, call, call_function, escape
from contract_lint.python.classes import decorator_name, enum_by_value, enum_members, find_in_class
from contract_lint.python.expressions import evaluate
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.methods import set_item
from contract_lint.python.state import Heap
from contract_lint.python.values import (
    NONE,
    BoundMethod,
    ClassObj,
    Const,
    DictObj,
    Entry,
    FieldSpec,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    ListObj,
    Origin,
    Property,
    Ref,
    Unknown,
    Validator,
    Value,
    join,
    key_of,
    unknown,
)

MODEL_BASES = ("BaseModel", "BaseSettings", "SQLModel")
CONTAINERS = frozenset(
    [
        "dict",
        "Dict",
        "list",
        "List",
        "set",
        "Set",
        "tuple",
        "Tuple",
        "Mapping",
        "MutableMapping",
        "Sequence",
        "Iterable",
        "FrozenSet",
        "frozenset",
        "DefaultDict",
    ]
)
#: Decorators that leave the function's result as it is, by the last part of their name.
TRANSPARENT = frozenset(
    [
        "abstractmethod",
        "override",
        "final",
        "overload",
        "wraps",
        "lru_cache",
        "cache",
        "singledispatchmethod",
        "no_type_check",
        "deprecated",
        "validate_call",
        "typechecked",
        "computed_field",
        "field_serializer",
        "model_serializer",
        "retry",
    ]
)


def decorate(frame: Frame, function: FunctionValue, decorators: tuple[ir.Expr, ...], origin: Origin) -> Value:
    """What ``@decorators def f`` binds."""
    result: Value = function
    for node in reversed(decorators):
        decorator = evaluate(frame, node)
        name = decorator_name(frame, decorator).rpartition(".")[2]
        if isinstance(node, ir.Attribute) and node.name in ("setter", "deleter", "getter"):
            return frame.lookup(function.name) or result
        if name in ("property", "cached_property") and isinstance(result, FunctionValue):
            result = Property(result)
        elif name == "computed_field" and isinstance(result, Property):
            continue
        elif isinstance(result, FunctionValue):
            result = _decorated(frame, result, decorator, name, origin)
    return result


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
    if name.startswith("abstract"):
        return replace(function, abstract=True)
    if name in TRANSPARENT:
        return function
    if isinstance(decorator, (FunctionValue, BoundMethod)):
        return call(frame, decorator, Arguments((function,), {}), origin)
    return replace(function, opaque="unknown-decorator")


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


# --- instantiation ---


def is_model(frame: Frame, cls: Ref) -> bool:
    """A class whose instances are made from annotated fields: a pydantic model, a dataclass, or what inherits from an unseen base and declares fields."""
    obj = frame.read(cls)
    if not isinstance(obj, ClassObj):
        return False
    if any(name.rpartition(".")[2] in MODEL_BASES for name in obj.externals):
        return True
    if find_in_class(frame, cls, "__dataclass__") is not None:
        return True
    outside = obj.open is not None and obj.open.reason in ("base-class-outside", "unreadable-module", "missing-module")
    return outside and bool(all_fields(frame, cls)) and find_in_class(frame, cls, "__init__") is None


def all_fields(frame: Frame, cls: Ref) -> dict[str, tuple[FieldSpec, Ref]]:
    """The annotated fields, inherited ones first, each with the class that declares it."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    found: dict[str, tuple[FieldSpec, Ref]] = {}
    for base in reversed(obj.lineage):
        there = frame.read(base)
        if isinstance(there, ClassObj):
            for name, spec in there.fields.items():
                if not mentions(spec.annotation, frozenset({"ClassVar"})):
                    found[name] = (spec, base)
    return found


def mentions(annotation: ir.Expr, names: frozenset[str]) -> bool:
    """Whether an annotation uses one of the names, in quotes or not."""
    if isinstance(annotation, ir.Name):
        return annotation.id in names
    if isinstance(annotation, ir.Attribute):
        return annotation.name in names
    if isinstance(annotation, ir.Subscript):
        return mentions(annotation.value, names) or mentions(annotation.key, names)
    if isinstance(annotation, ir.Sequence):
        return any(mentions(item, names) for item in annotation.items)
    if isinstance(annotation, ir.Chain):
        return mentions(annotation.first, names) or any(mentions(operand, names) for _, operand in annotation.rest)
    if isinstance(annotation, ir.Const) and isinstance(annotation.value, str):
        return any(name in annotation.value for name in names)
    return False


def instantiate(frame: Frame, cls: Ref, arguments: Arguments, origin: Origin) -> Value:
    """``cls(...)``."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    if enum_members(frame, cls) is not None:
        return enum_by_value(frame, cls, arguments.args[0], origin) if arguments.args else Unknown("unknown-member", origin)
    if any(name.endswith(("Exception", "Error")) for name in obj.externals):
        return Unknown("exception", origin)
    if find_in_class(frame, cls, "__new__") is not None:
        escape(frame, arguments, Unknown("custom-new", origin))
        return Unknown("custom-new", origin)
    init = find_in_class(frame, cls, "__init__")
    if is_model(frame, cls) and init is None:
        return make_model(frame, cls, arguments, origin, assumed=False)
    ref = frame.new(InstanceObj(cls, {}, True, origin))
    if isinstance(init, FunctionValue):
        shifted = Arguments((ref, *arguments.args), arguments.kwargs, arguments.rest, arguments.more, arguments.optional)
        call_function(frame, init, shifted, origin, ref)
    elif obj.open is not None:
        escape(frame, arguments, Unknown("passed-outside", origin))
        given = {name: value for name, value in arguments.kwargs.items() if name in KEPT_BY_ABSENT_BASE}
        frame.write(ref.address, InstanceObj(cls, given, True, origin))
    elif arguments.args or arguments.kwargs:
        raise Diverges
    return ref


#: What every known framework's base class keeps of its constructor's arguments under the same name.
KEPT_BY_ABSENT_BASE = frozenset({"config"})


def make_model(frame: Frame, cls: Ref, arguments: Arguments, origin: Origin, *, assumed: bool) -> Value:
    """An instance of a model: fields, then validators. With ``assumed`` nothing is given and defaults may be overridden:

    required fields are unknown, the defaults of scalar fields are soft, and a validator that fails is passed over.
    """
    fields = all_fields(frame, cls)
    given = dict(arguments.kwargs)
    if arguments.args:
        given.update(zip(fields, arguments.args, strict=False))
    ref = frame.new(InstanceObj(cls, {}, not assumed, origin))
    given, supplied = _run_before_validators(frame, cls, given, arguments, assumed, origin)
    attributes: dict[str, Value] = {}
    for name, (spec, owner) in fields.items():
        declared = find_in_class(frame, cls, name)
        default = field_default(frame, declared, assumed and not mentions(spec.annotation, CONTAINERS)) if declared is not None else None
        if name in given:
            sure = name not in supplied and name not in arguments.optional
            value = given[name] if sure or default is None else join(given[name], default)
            attributes[name] = _validated(frame, cls, name, value, origin, assumed)
        elif default is not None:
            may_be_given = arguments.more is not None or arguments.rest is not None
            attributes[name] = join(default, Unknown("unknown-arguments", origin)) if may_be_given else default
        else:
            attributes[name] = Unknown("required-field", (spec.module, spec.annotation.at))
            if not assumed and arguments.more is None and arguments.rest is None and not _is_open(frame, cls):
                raise Diverges
    frame.write(ref.address, InstanceObj(cls, attributes, not assumed, origin))
    _run_after_validators(frame, cls, ref, origin, assumed)
    return ref


def _is_open(frame: Frame, cls: Ref) -> bool:
    obj = frame.read(cls)
    return isinstance(obj, ClassObj) and obj.open is not None


def field_default(frame: Frame, declared: Value, soft: bool) -> Value | None:
    """The default that ``name: T = declared`` gives; None for a required field."""
    value: Value = declared
    if isinstance(declared, Ref):
        obj = frame.read(declared)
        if isinstance(obj, ForeignObj) and obj.callee.rpartition(".")[2] in ("Field", "field", "PrivateAttr"):
            factory = obj.kwargs.get("default_factory")
            if factory is not None:
                return call(frame, factory, Arguments((), {}), obj.origin)
            found = obj.kwargs.get("default") or (obj.args[0] if obj.args else None)
            if found is None:
                return None
            value = found
        elif isinstance(obj, (DictObj, ListObj)):
            return frame.new(obj)
    if isinstance(value, Unknown) and value.reason == "ellipsis":
        return None
    if soft and isinstance(value, Const):
        return Const(value.value, value.origin, True)
    return value


def _validators(frame: Frame, cls: Ref, scope: str, modes: tuple[str, ...]) -> list[FunctionValue]:
    """The validators of a scope in the order in which pydantic runs them: inherited ones first, overridden ones once."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    names: dict[str, None] = {}
    for base in reversed(obj.lineage):
        there = frame.read(base)
        if isinstance(there, ClassObj):
            for name, value in there.attributes.items():
                if isinstance(value, FunctionValue) and value.validator is not None:
                    names[name] = None
    found = [find_in_class(frame, cls, name) for name in names]
    return [
        f
        for f in found
        if isinstance(f, FunctionValue) and f.validator is not None and f.validator.scope == scope and f.validator.mode in modes
    ]


def _attempt(frame: Frame, run: Callable[[], None], tolerant: bool) -> bool:
    """Run on a heap layer of its own; a failure is undone if ``tolerant``. Returns whether it succeeded."""
    base = frame.heap
    frame.heap = Heap(base)
    try:
        run()
    except Diverges:
        frame.heap = base
        if tolerant:
            return False
        raise
    base.own.update(frame.heap.since(base))
    frame.heap = base
    return True


def _run_before_validators(
    frame: Frame, cls: Ref, given: dict[str, Value], arguments: Arguments, assumed: bool, origin: Origin
) -> tuple[dict[str, Value], set[str]]:
    """The data after ``mode="before"`` validators, and which of it is there on some paths only."""
    validators = _validators(frame, cls, "model", ("before", "v1-before", "wrap"))
    if not validators:
        return given, set()
    opened = Unknown("given-by-caller", origin) if assumed else arguments.more or arguments.rest
    entries = {key_of(Const(name)): Entry(Const(name), value, name not in arguments.optional) for name, value in given.items()}
    data: Value = frame.new(DictObj(entries, opened, "dict", origin))
    for function in validators:
        results: list[Value] = []

        def run(function: FunctionValue = function, results: list[Value] = results) -> None:
            receiver: Value = cls
            if function.validator is not None and function.validator.mode == "wrap":
                results.append(Unknown("wrap-validator", origin))
            else:
                args = (data,) if function.kind == "static" else (receiver, data)
                results.append(call_function(frame, function, Arguments(args, {}), origin, receiver))

        if _attempt(frame, run, assumed):
            data = results[0]
    obj = frame.read(data) if isinstance(data, Ref) else None
    if not isinstance(obj, DictObj):
        return ({name: unknown(data, "before-validator", origin) for name in all_fields(frame, cls)} if not assumed else given), set()
    result: dict[str, Value] = {}
    partial: set[str] = set()
    for entry in obj.entries.values():
        if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
            result[entry.key.value] = entry.value
            if not entry.must:
                partial.add(entry.key.value)
    return result, partial


def _validated(frame: Frame, cls: Ref, name: str, value: Value, origin: Origin, assumed: bool) -> Value:
    """A given value after the field's validators."""
    for function in _validators(frame, cls, "field", ("before", "after", "plain", "wrap")):
        validator = function.validator
        if validator is None or (name not in validator.fields and "*" not in validator.fields):
            continue
        if validator.mode == "wrap":
            value = Unknown("wrap-validator", origin)
            continue
        results: list[Value] = []
        extra = max(
            0, len([p for p in function.node.parameters if p.kind in ("plain", "positional")]) - (1 if function.kind == "static" else 2)
        )
        info = [Unknown("validation-info", origin)] * extra
        args = (value, *info) if function.kind == "static" else (cls, value, *info)

        def run(function: FunctionValue = function, args: tuple[Value, ...] = args, results: list[Value] = results) -> None:
            results.append(call_function(frame, function, Arguments(args, {}), origin, cls))

        if _attempt(frame, run, assumed or isinstance(value, Unknown)):
            value = results[0]
    return value


def _run_after_validators(frame: Frame, cls: Ref, ref: Ref, origin: Origin, assumed: bool) -> None:
    for function in _validators(frame, cls, "model", ("after", "v1-after")):
        _attempt(frame, lambda function=function: _run_after(frame, cls, ref, function, origin), assumed)  # type: ignore[misc]
    for name in ("model_post_init", "__post_init__"):
        hook = find_in_class(frame, cls, name)
        if isinstance(hook, FunctionValue):
            args = (ref, NONE) if name == "model_post_init" else (ref,)
            _attempt(frame, lambda hook=hook, args=args: _ignore(call_function(frame, hook, Arguments(args, {}), origin, ref)), assumed)  # type: ignore[misc]


def _ignore(value: Value) -> None:
    """A result that nobody uses."""


def _run_after(frame: Frame, cls: Ref, ref: Ref, function: FunctionValue, origin: Origin) -> None:
    validator = function.validator
    if validator is not None and validator.mode == "v1-after":
        _run_v1_root(frame, cls, ref, function, origin)
    elif function.kind == "class":
        extra = [Unknown("validation-info", origin)] * max(0, len(function.node.parameters) - 2)
        call_function(frame, function, Arguments((cls, ref, *extra), {}), origin, cls)
    else:
        extra = [Unknown("validation-info", origin)] * max(0, len(function.node.parameters) - 1)
        call_function(frame, function, Arguments((ref, *extra), {}), origin, ref)


def _run_v1_root(frame: Frame, cls: Ref, ref: Ref, function: FunctionValue, origin: Origin) -> None:
    obj = frame.read(ref)
    assert isinstance(obj, InstanceObj)
    values = frame.new(DictObj({}, None, "dict", origin))
    for name, value in obj.attributes.items():
        set_item(frame, values, Const(name), value)
    result = call_function(frame, function, Arguments((cls, values), {}), origin, cls)
    after = frame.read(result) if isinstance(result, Ref) else None
    if isinstance(after, DictObj):
        changed = {e.key.value: e.value for e in after.entries.values() if isinstance(e.key, Const) and isinstance(e.key.value, str)}
        frame.write(ref.address, InstanceObj(obj.cls, {**obj.attributes, **changed}, obj.exact, obj.origin))


# --- methods of models ---


def model_method(frame: Frame, ref: Ref, name: str, kwargs: Mapping[str, Value], has_args: bool, origin: Origin) -> Value:
    """``model.model_dump()``, ``model.model_copy(update=…)`` and their old names."""
    obj = frame.read(ref)
    assert isinstance(obj, InstanceObj)
    if name in ("model_dump", "dict"):
        data = frame.new(DictObj({}, Unknown("model-options", origin) if has_args or kwargs else None, "dict", origin))
        for attribute_name in all_fields(frame, obj.cls):
            if attribute_name in obj.attributes:
                set_item(frame, data, Const(attribute_name), obj.attributes[attribute_name])
        return data
    copied = dict(obj.attributes)
    update = kwargs.get("update")
    if update is not None:
        changes = frame.read(update) if isinstance(update, Ref) else None
        if not isinstance(changes, DictObj) or changes.open is not None:
            copied = {n: join(v, unknown(update, "unknown-update", origin)) for n, v in copied.items()}
        if isinstance(changes, DictObj):
            for entry in changes.entries.values():
                if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
                    old = copied.get(entry.key.value)
                    copied[entry.key.value] = entry.value if entry.must or old is None else join(old, entry.value)
    return frame.new(InstanceObj(obj.cls, copied, obj.exact, origin))
