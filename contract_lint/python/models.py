"""Instances that are made from annotated fields: pydantic models and dataclasses."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.annotations import CONTAINERS, annotation_names, mentions
from contract_lint.python.attributes import ANY, find_in_class
from contract_lint.python.calls import NO_ARGUMENTS, Arguments, call
from contract_lint.python.copying import Copier, with_instances
from contract_lint.python.enums import enum_by_value, enum_members
from contract_lint.python.frame import Diverges, Frame, each
from contract_lint.python.validation import run_after, run_before, validated, validates_defaults, validators
from contract_lint.python.values import (
    NONE,
    ClassObj,
    Const,
    DictObj,
    Entry,
    EnumAddress,
    FieldSpec,
    ForeignObj,
    InstanceObj,
    Item,
    Key,
    ListObj,
    OneOf,
    Origin,
    Property,
    Ref,
    TupleValue,
    Unknown,
    Value,
    join,
    soften,
    unknown,
)

MODEL_BASES = ("BaseModel", "BaseSettings", "SQLModel")
#: Options of a model's configuration that change the texts that it is given.
TEXT_OPTIONS = ("str_strip_whitespace", "str_to_lower", "str_to_upper")


def is_model(frame: Frame, cls: Ref) -> bool:
    """A pydantic model, a dataclass, or a class that inherits from an unseen base and declares fields."""
    obj = frame.read(cls)
    if not isinstance(obj, ClassObj):
        return False
    if is_pydantic(obj) or find_in_class(frame, cls, "__dataclass__") is not None:
        return True
    outside = obj.open is not None and obj.open.reason in ("base-class-outside", "unreadable-module", "missing-module")
    return outside and bool(all_fields(frame, cls)) and find_in_class(frame, cls, "__init__") is None


def is_pydantic(obj: ClassObj) -> bool:
    return any(name.rpartition(".")[2] in MODEL_BASES for name in obj.externals)


def all_fields(frame: Frame, cls: Ref) -> dict[str, tuple[FieldSpec, Ref]]:
    """The annotated fields, inherited ones first, each with the class that declares it."""
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    found: dict[str, tuple[FieldSpec, Ref]] = {}
    modelled = is_pydantic(obj)
    for base in reversed(obj.lineage):
        there = frame.read(base)
        # A subclass of a dataclass that is not decorated itself adds no fields.
        if isinstance(there, ClassObj) and (modelled or "__dataclass__" in there.attributes):
            for name, spec in there.fields.items():
                if not mentions(spec.annotation, frozenset({"ClassVar"})):
                    found[name] = (spec, base)
    return found


def make_model(frame: Frame, cls: Ref, arguments: Arguments, origin: Origin, *, assumed: bool) -> Ref:
    """An instance of a model: fields, then validators. With ``assumed`` nothing is given and defaults may be overridden:

    required fields are unknown, the defaults of scalar fields are soft, and a validator that fails is passed over.
    """
    ref = frame.new(InstanceObj(cls, {}, not assumed, origin))
    fill_model(frame, ref, arguments, origin, assumed=assumed)
    return ref


def fill_model(frame: Frame, ref: Ref, arguments: Arguments, origin: Origin, *, assumed: bool) -> None:
    """``BaseModel.__init__``."""
    obj = frame.read(ref)
    assert isinstance(obj, InstanceObj)
    cls = obj.cls
    fields = all_fields(frame, cls)
    # ``field(init=False)``: ``__post_init__`` is to set it
    own = {n for n, (spec, owner) in fields.items() if _options(frame, _declared(frame, n, spec, owner)).get("init") == Const(False)}
    positional = [name for name in fields if name not in own]
    given = {**dict(zip(positional, arguments.args, strict=False)), **arguments.kwargs}
    if given or arguments.more is not None or arguments.rest is not None:
        frame.may_raise()  # pydantic may find fault with what it is given
    defaults = {n: _default(frame, cls, n, spec, owner, assumed, origin) for n, (spec, owner) in fields.items()}
    if assumed:
        required = {
            n: Unknown("required-field", (spec.module, spec.annotation.at)) for n, (spec, _) in fields.items() if defaults[n] is None
        }
        given = {**required, **given}
    given, optional, opened = run_before(frame, cls, given, arguments, assumed, origin)
    attributes: dict[str, Value] = {}
    for name, (spec, _) in fields.items():
        default = defaults[name]
        if name in given:
            value = _validated(frame, cls, name, spec, given[name], origin, assumed)
            value = _softened(value, spec) if assumed else value
            attributes[name] = value if name not in optional or default is None else join(value, default)
        elif default is not None:
            attributes[name] = default
        elif name in own:
            continue
        elif opened is None and not assumed and not _is_open(frame, cls):
            raise Diverges
        else:
            attributes[name] = Unknown("required-field", (spec.module, spec.annotation.at))
        if opened is not None:
            attributes[name] = join(attributes[name], opened)
    obj = frame.read(ref)
    assert isinstance(obj, InstanceObj)
    frame.write(ref.address, InstanceObj(cls, {**obj.attributes, **attributes}, obj.exact, origin))
    run_after(frame, cls, ref, origin, assumed)


def _is_open(frame: Frame, cls: Ref) -> bool:
    obj = frame.read(cls)
    return isinstance(obj, ClassObj) and obj.open is not None


# --- fields ---


def _default(frame: Frame, cls: Ref, name: str, spec: FieldSpec, owner: Ref, assumed: bool, origin: Origin) -> Value | None:
    """A field's default as a new instance gets it; None for a required field."""
    declared = _declared(frame, name, spec, owner)
    if declared is None:
        return None
    value = _declared_default(frame, declared)
    made, options = frame.read(cls), _options(frame, declared)
    if isinstance(value, Ref) and isinstance(made, ClassObj) and is_pydantic(made) and "default_factory" not in options:
        value = Copier(frame, with_instances).copy(value)
    if value is not None and (
        _option(frame, cls, "validate_default") or options.get("validate_default") == Const(True) or validates_defaults(frame, cls, name)
    ):
        value = _validated(frame, cls, name, spec, value, origin, assumed)
    return _softened(value, spec) if assumed and value is not None else value


def _declared(frame: Frame, name: str, spec: FieldSpec, owner: Ref) -> Value | None:
    """What stands behind ``name: T =`` in the class body."""
    there = frame.read(owner)
    return there.attributes.get(name) if isinstance(there, ClassObj) and spec.has_value else None


def _options(frame: Frame, declared: Value | None) -> Mapping[str, Value]:
    """The keyword arguments of ``Field(...)`` or ``field(...)``."""
    obj = frame.read(declared) if isinstance(declared, Ref) else None
    return obj.kwargs if isinstance(obj, ForeignObj) else {}


def _softened(value: Value, spec: FieldSpec) -> Value:
    """The default of a scalar field, which a caller may override; containers are taken as configured."""
    return soften(value) if not mentions(spec.annotation, CONTAINERS) else value


def _declared_default(frame: Frame, declared: Value) -> Value | None:
    """The default that ``name: T = declared`` gives."""
    if not isinstance(declared, Ref):
        return None if isinstance(declared, Unknown) and declared.reason == "ellipsis" else declared
    obj = frame.read(declared)
    if isinstance(obj, (DictObj, ListObj)):
        return Copier(frame).copy(declared)
    if not isinstance(obj, ForeignObj) or obj.callee.rpartition(".")[2] not in ("Field", "field", "PrivateAttr"):
        return declared
    factory = obj.kwargs.get("default_factory")
    if factory is not None:
        return call(frame, factory, NO_ARGUMENTS, obj.origin)
    found = obj.kwargs.get("default") or (obj.args[0] if obj.args else None)
    return None if found is None else _declared_default(frame, found)


def _option(frame: Frame, cls: Ref, name: str) -> bool:
    """Whether ``model_config`` sets an option, or may set it."""
    config = find_in_class(frame, cls, "model_config")
    obj = frame.read(config) if isinstance(config, Ref) else None
    if isinstance(obj, ForeignObj):
        return obj.kwargs.get(name, Const(False)) != Const(False)
    if isinstance(obj, DictObj):
        entry = obj.entries.get(("const", name))
        return entry is not None and entry.value != Const(False)
    return False


def _validated(frame: Frame, cls: Ref, name: str, spec: FieldSpec, value: Value, origin: Origin, assumed: bool) -> Value:
    obj = frame.read(cls)

    def coerce(given: Value) -> Value:
        if not isinstance(obj, ClassObj) or not is_pydantic(obj):
            return given
        return _coerced(frame, cls, spec, given, origin)

    return validated(frame, cls, name, value, coerce, origin, assumed)


def _coerced(frame: Frame, cls: Ref, spec: FieldSpec, value: Value, origin: Origin) -> Value:
    """What pydantic makes of a value of another type than the annotation's; containers are copied."""
    if isinstance(value, OneOf):
        return each(frame, value.values, lambda one: _coerced(frame, cls, spec, one, origin))
    if value == NONE:
        return value
    names = [name.rpartition(".")[2] for name in annotation_names(spec.annotation) if name != "None"]
    converted = Unknown("converted", origin)
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, (DictObj, ListObj)) or isinstance(value, TupleValue):
        kind = obj.kind if isinstance(obj, (DictObj, ListObj)) else "tuple"
        wanted = {name.lower() for name in names if name in CONTAINERS}
        if kind not in wanted or not _inner_types_fit(frame, spec.annotation, value):
            return value if "Any" in names else Copier(frame).copy(value) if not names else converted
        return Copier(frame).copy(value)
    if isinstance(value, Ref) and isinstance(value.address, EnumAddress) and isinstance(obj, InstanceObj):
        return obj.attributes["value"] if _option(frame, cls, "use_enum_values") else value
    if not isinstance(value, Const) or len(names) != 1:
        return value
    if isinstance(value.value, str) and any(_option(frame, cls, option) for option in TEXT_OPTIONS):
        return converted
    return _coerced_scalar(frame, spec, names[0], value, origin)


def _coerced_scalar(frame: Frame, spec: FieldSpec, wanted: str, value: Const, origin: Origin) -> Value:
    plain = value.value
    if type(plain).__name__ == wanted or wanted in ("Any", "object"):
        return value
    if wanted == "float" and isinstance(plain, int):
        return Const(float(plain), value.origin, value.soft)
    if wanted in ("str", "int", "float", "bool", "Path", "PurePosixPath", "bytes", "datetime", "date", "Decimal"):
        return Unknown("converted", origin)
    named = frame.ev.class_of_annotation(Frame(frame.ev, spec.module, frame.heap, {}, ""), spec.annotation)
    if named is None:
        return value
    return enum_by_value(frame, named, value, origin) if enum_members(frame, named) is not None else Unknown("converted", origin)


def _inner_types_fit(frame: Frame, annotation: ir.Expr, value: Value) -> bool:
    """Whether the constants in a container have types that the annotation names, so that none is converted."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    inner: list[Value] = []
    if isinstance(obj, DictObj):
        inner = [part for entry in obj.entries.values() for part in (entry.key, entry.value)]
    elif isinstance(obj, ListObj):
        inner = [item.value for item in obj.items]
    elif isinstance(value, TupleValue):
        inner = list(value.items)
    types = {type(one.value).__name__ for one in inner if isinstance(one, Const) and one.value is not None}
    scalars = {"str", "int", "float", "bool", "bytes"}
    named = {name for name in scalars if mentions(annotation, frozenset({name}))}
    return not named or types <= named


# --- methods of models ---


def model_method(frame: Frame, ref: Ref, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``model.model_dump()``, ``model.model_copy(update=…)``, their old names, and ``super().__init__(…)``."""
    obj = frame.read(ref)
    assert isinstance(obj, InstanceObj)
    if name == "__init__":
        fill_model(frame, ref, Arguments(tuple(args), kwargs), origin, assumed=False)
        return NONE
    if name in ("model_dump", "dict"):
        if args or kwargs:
            return frame.new(DictObj({}, Unknown("model-options", origin), "dict", origin))
        return _dumped(frame, ref, origin)
    return _copy(frame, obj, kwargs, origin)


def _dumped(frame: Frame, value: Value, origin: Origin) -> Value:
    """The value with every model in it as a dict."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, InstanceObj) and isinstance(value, Ref) and not isinstance(value.address, EnumAddress):
        if not is_model(frame, obj.cls):
            return value
        entries: dict[Key, Entry] = {}
        opened = Unknown("unknown-attribute", origin) if ANY in obj.attributes else None
        serializers = validators(frame, obj.cls, "serializer", ("field", "model", "computed"))
        if any(f.validator is not None and f.validator.mode == "model" for f in serializers):
            return Unknown("serializer", origin)
        for name, (spec, owner) in all_fields(frame, obj.cls).items():
            if name not in obj.attributes or _options(frame, _declared(frame, name, spec, owner)).get("exclude") == Const(True):
                continue
            shown = _dumped(frame, obj.attributes[name], origin)
            if any(f.validator is not None and not {name, "*"}.isdisjoint(f.validator.fields) for f in serializers):
                shown = Unknown("serializer", origin)
            entries[("const", name)] = Entry(Const(name, origin), shown)
        for name in _computed(frame, obj.cls):
            entries[("const", name)] = Entry(Const(name, origin), _dumped(frame, frame.ev.attribute(frame, value, name, origin), origin))
        return frame.new(DictObj(entries, opened, "dict", origin))
    if isinstance(obj, DictObj) and obj.kind == "frozenset":
        return value
    if isinstance(obj, DictObj):
        return frame.new(replace(obj, entries={k: replace(e, value=_dumped(frame, e.value, origin)) for k, e in obj.entries.items()}))
    if isinstance(obj, ListObj):
        return frame.new(replace(obj, items=tuple(Item(_dumped(frame, i.value, origin), i.must) for i in obj.items)))
    if isinstance(value, TupleValue):
        return replace(value, items=tuple(_dumped(frame, item, origin) for item in value.items))
    if isinstance(value, OneOf):
        return OneOf(tuple(_dumped(frame, one, origin) for one in value.values))
    return value


def _computed(frame: Frame, cls: Ref) -> list[str]:
    """The names of the computed fields."""
    obj = frame.read(cls)
    bases = [frame.read(base) for base in reversed(obj.lineage)] if isinstance(obj, ClassObj) else []
    names = dict.fromkeys(name for base in bases if isinstance(base, ClassObj) for name in base.attributes)
    found = ((name, find_in_class(frame, cls, name)) for name in names)
    return [name for name, one in found if isinstance(one, Property) and one.getter.validator is not None]


def _copy(frame: Frame, obj: InstanceObj, kwargs: Mapping[str, Value], origin: Origin) -> Value:
    deep = kwargs.get("deep", Const(False)) != Const(False)
    copier = Copier(frame, with_instances)
    attributes = {name: copier.copy(value) if deep else value for name, value in obj.attributes.items()}
    update = kwargs.get("update")
    if update is not None:
        changes = frame.read(update) if isinstance(update, Ref) else None
        if not isinstance(changes, DictObj) or changes.open is not None:
            reason = unknown(update, "unknown-update", origin)
            attributes = {**{n: join(v, reason) for n, v in attributes.items()}, ANY: reason}
        for entry in changes.entries.values() if isinstance(changes, DictObj) else ():
            if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
                old = attributes.get(entry.key.value)
                attributes[entry.key.value] = entry.value if entry.must or old is None else join(old, entry.value)
    return frame.new(InstanceObj(obj.cls, attributes, obj.exact, origin))
