"""Attributes of values: reading, setting, and the questions that builtins ask of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from msgspec.structs import replace

from contract_lint.python.calls import Arguments, call, call_function
from contract_lint.python.frame import Frame, each
from contract_lint.python.journals import changed_by_assignment
from contract_lint.python.kinds import EXAMPLES, decides_truth, may_inherit
from contract_lint.python.operations_observed import is_observed, make_base, observed_base, outside_base
from contract_lint.python.values import (
    UNSET,
    BoundMethod,
    Builtin,
    BuiltinMethod,
    ClassObj,
    Const,
    DictObj,
    EnumAddress,
    External,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    ListObj,
    ModuleValue,
    Namespace,
    OneOf,
    Origin,
    Part,
    Property,
    Ref,
    Super,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    join,
    join_all,
    unknown,
)

#: The attribute that stands for one of unknown name.
ANY = "*"


def find_in_class(frame: Frame, cls: Ref, name: str, after: Ref | None = None) -> Value | None:
    """The class attribute by method resolution order, from the class after ``after`` on if that is given."""
    obj = frame.read(cls)
    if not isinstance(obj, ClassObj):
        return None
    mro = obj.lineage
    if after is not None:
        mro = mro[mro.index(after) + 1 :] if after in mro else ()
    for base in mro:
        there = frame.read(base)
        if isinstance(there, ClassObj) and name in there.attributes:
            return there.attributes[name]
    return None


def _runs_code(frame: Frame, value: Value, name: str) -> bool:
    """Whether reading the attribute runs a getter, which may change something."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    if not isinstance(obj, InstanceObj):
        return False
    found = find_in_class(frame, obj.cls, name)
    return found is not None and any(isinstance(one, Property) for one in alternatives(found))


def attribute(frame: Frame, value: Value, name: str, origin: Origin) -> Value:
    """``value.name``."""
    if isinstance(value, OneOf):
        ways = [partial(attribute, frame, one, name, origin) for one in value.values]
        if any(_runs_code(frame, one, name) for one in value.values):
            return frame.fork_values(ways)
        return each(frame, ways, lambda way: way())
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Ref):
        return _object_attribute(frame, value, name, origin)
    if isinstance(value, Part):
        return Part(f"{value.name}.{name}", origin, whole=value.whole, path=f"{value.path}.{name}")
    if isinstance(value, External):
        return External(f"{value.name}.{name}", origin)
    if isinstance(value, ModuleValue):
        return frame.ev.module_attribute(frame, value.module, name, origin)
    if isinstance(value, Super):
        return _super_attribute(frame, value, name, origin)
    if isinstance(value, FunctionValue) and value.cache is not None and name == "cache_clear":
        frame.write(value.cache, DictObj({}, Unknown("cleared-cache", origin)))
    if name == "__name__" and isinstance(value, (FunctionValue, BoundMethod)):
        own = value.name if isinstance(value, FunctionValue) else value.function.name
        if own[:1] == "_" != own[1:2] and "__" in own:  # it may be the name of a private one, which Python keeps as it is written
            return Unknown("unknown-attribute", origin)
    if isinstance(value, (FunctionValue, Builtin)) and name in ("__name__", "__qualname__"):
        return Const(value.name, origin) if name == "__name__" else Unknown("unknown-attribute", origin)
    if isinstance(value, BoundMethod) and name == "__name__":
        return Const(value.function.name, origin)
    if isinstance(value, (Const, Text, TupleValue)):
        example: object = value.value if isinstance(value, Const) else "" if isinstance(value, Text) else ()
        return BuiltinMethod(value, name) if hasattr(example, name) else frame.fails("missing-attribute", origin)
    if isinstance(value, (Namespace, Builtin)):
        return BuiltinMethod(value, name)
    return Unknown("unknown-attribute", origin)


def _object_attribute(frame: Frame, value: Ref, name: str, origin: Origin) -> Value:
    obj = frame.read(value)
    if isinstance(obj, InstanceObj):
        return _instance_attribute(frame, value, obj, name, origin)
    if isinstance(obj, ClassObj):
        return _class_attribute(frame, value, obj, name, origin)
    if isinstance(obj, ForeignObj):
        found = obj.attributes.get(name)
        if found is not None and found != UNSET:
            return found
        given = _given_as(frame, value, obj, name)
        if isinstance(given, Ref) and isinstance(frame.read(given), ListObj):
            return given
        constant = given if isinstance(given, Const) and given.value is not None else None
        return Part(f"{obj.callee}().{name}", origin, whole=value, path=f".{name}", known=constant)
    if isinstance(obj, (DictObj, ListObj)):
        if name == "__class__":
            return Builtin(obj.kind)
        known = hasattr(EXAMPLES[obj.kind], name) if obj.kind in EXAMPLES else True
        return BuiltinMethod(value, name) if known else frame.fails("missing-attribute", origin)
    return Unknown("unknown-attribute", origin)


def _given_as(frame: Frame, ref: Ref, obj: ForeignObj, name: str) -> Value | None:
    """What a class from outside was given under a name, if its objects are observed: it keeps a list, or a constant, under this name."""
    if not frame.ev.observes or "()" in obj.callee or not is_observed(frame, ref):
        return None
    named_first = name == "name" and obj.args and obj.callee.rpartition(".")[2] in frame.ev.options.true_classes
    return obj.args[0] if named_first else obj.kwargs.get(name)


def _instance_attribute(frame: Frame, ref: Ref, obj: InstanceObj, name: str, origin: Origin) -> Value:
    if name == "__class__":
        return obj.cls
    if name == "__dict__":
        return Namespace(ref)
    in_class = find_in_class(frame, obj.cls, name)
    if isinstance(in_class, Property):
        return _property_value(frame, ref, obj, name, in_class, origin)
    own = obj.attributes.get(name)
    if own is not None:
        options = [one for one in alternatives(own) if one != UNSET]
        if len(options) == len(alternatives(own)):
            return own
        frame.may_raise()
        fallback = _bind(ref, obj.cls, in_class) if in_class is not None else None
        return join_all([*options, *([fallback] if fallback is not None else [])] or [frame.fails("missing-attribute", origin)])
    if in_class is not None:
        bound = _bind(ref, obj.cls, in_class)
        return join(bound, obj.attributes[ANY]) if ANY in obj.attributes else bound
    cls = frame.read(obj.cls)
    assert isinstance(cls, ClassObj)
    if ANY in obj.attributes:
        return obj.attributes[ANY]
    if name in MODEL_METHODS and frame.ev.is_model(frame, obj.cls):
        return BuiltinMethod(ref, name)
    if find_in_class(frame, obj.cls, "__getattr__") is not None:
        return Unknown("dynamic-attribute", origin)
    if cls.open is not None:
        made = outside_base(frame, ref) if frame.ev.observes else None
        if made is not None:
            return attribute(frame, made, name, origin)
        return _of_absent_base(frame, cls, ref, name) or cls.open
    inherited = _of_builtin_base(cls, ref, name, origin)
    if inherited is not None:
        return inherited
    if _instance_has(frame, obj, name) is None and obj.exact:
        return Unknown("unknown-attribute", origin)
    frame.ev.on_missing(frame, obj.cls, name, "read", origin)
    return frame.fails("missing-attribute", origin) if obj.exact else Unknown("maybe-in-subclass", origin)


def _property_value(frame: Frame, ref: Ref, obj: InstanceObj, name: str, found: Property, origin: Origin) -> Value:
    def run() -> Value:
        value = call_function(frame, found.getter, Arguments((ref,), {}), origin, ref)
        if found.cached:
            store_directly(frame, ref, name, value)
        return value

    def keep(value: Value) -> Value:
        store_directly(frame, ref, name, value)
        return value

    own = obj.attributes.get(name)
    if not found.cached or own is None:
        return run()
    options = [one for one in alternatives(own) if one != UNSET]
    if len(options) == len(alternatives(own)):
        return own
    return frame.fork_values([run, *([lambda: keep(join_all(options))] if options else [])])


def _of_builtin_base(cls: ClassObj, ref: Ref, name: str, origin: Origin) -> Value | None:
    """What a class inherits from ``str``, ``int`` and the like, or from an enum class."""
    if not may_inherit(cls, name):
        return None
    equals = ref.address.equals if isinstance(ref.address, EnumAddress) else None
    return BuiltinMethod(equals, name) if isinstance(equals, Const) and hasattr(equals.value, name) else Unknown("builtin-base", origin)


#: Methods of pydantic models that the evaluator knows.
MODEL_METHODS = frozenset(["model_dump", "dict", "model_copy", "copy"])


def _bind(ref: Ref, cls: Ref, value: Value) -> Value:
    if isinstance(value, OneOf):
        return join_all([_bind(ref, cls, one) for one in value.values])
    if isinstance(value, FunctionValue):
        if value.kind == "static":
            return value
        return BoundMethod(value, cls if value.kind == "class" else ref)
    return value


def _class_attribute(frame: Frame, ref: Ref, obj: ClassObj, name: str, origin: Origin) -> Value:
    if name in ("__name__", "__qualname__"):
        return Const(obj.name if name == "__name__" else obj.qualname, obj.origin)
    found = find_in_class(frame, ref, name)
    if found is not None:
        if isinstance(found, FunctionValue) and found.kind == "class":
            return BoundMethod(found, ref)
        return found
    if name == "__members__":
        return Unknown("enum-members", origin)
    return obj.open or Unknown("missing-attribute", origin)


def _super_attribute(frame: Frame, value: Super, name: str, origin: Origin) -> Value:
    receiver = value.receiver
    obj = frame.read(receiver) if isinstance(receiver, Ref) else None
    cls = obj.cls if isinstance(obj, InstanceObj) else receiver if isinstance(obj, ClassObj) else None
    if not isinstance(cls, Ref):
        return unknown(receiver, "unknown-super", origin)
    found = find_in_class(frame, cls, name, value.cls)
    class_obj = frame.read(cls)
    assert isinstance(class_obj, ClassObj)
    if found is None:
        if name == "__init__" and frame.ev.is_model(frame, cls):
            return BuiltinMethod(receiver, "__init__")
        if name in ("__setattr__", "__delattr__"):
            return BuiltinMethod(value, name)
        if class_obj.open is None and name in ("__init__", "__init_subclass__", "__post_init__"):
            return BuiltinMethod(Builtin("object"), name)
        return _of_absent_base(frame, class_obj, receiver, name) or class_obj.open or Unknown("missing-attribute", origin)
    if isinstance(found, Property) and isinstance(receiver, Ref):
        return call_function(frame, found.getter, Arguments((receiver,), {}), origin, receiver)
    if isinstance(found, FunctionValue):
        if found.kind == "static":
            return found
        return BoundMethod(found, cls if found.kind == "class" else receiver)
    return found


def _of_absent_base(frame: Frame, cls: ClassObj, receiver: Value, name: str) -> Value | None:
    """A method that the framework profile knows of base classes outside the project."""
    outside = cls.open is not None and cls.open.reason == "base-class-outside"
    return BuiltinMethod(receiver, ABSENT + name) if outside and name in ("__init__", *frame.ev.options.absent_mappings) else None


#: Marks the methods of a base class outside the project.
ABSENT = "absent:"


def call_absent(frame: Frame, receiver: Value, name: str, arguments: Arguments, origin: Origin) -> Value:
    """What the profile says: the constructor keeps ``config``, a contract method returns a mapping of which nothing is known."""
    if name != ABSENT + "__init__":
        return frame.new(DictObj({}, Unknown("base-class-outside", origin), "dict", origin))
    config = arguments.kwargs.get("config") or (arguments.args[0] if arguments.args else None)
    obj = frame.read(receiver) if isinstance(receiver, Ref) else None
    if isinstance(receiver, Ref) and isinstance(obj, InstanceObj):
        cls = frame.read(obj.cls)
        base = observed_base(frame, cls.externals) if isinstance(cls, ClassObj) else None
        if base is not None:
            make_base(frame, receiver, base, arguments, origin)
            return Const(None)
    if isinstance(receiver, Ref) and config is not None and isinstance(obj, InstanceObj) and "config" not in obj.attributes:
        store_attribute(frame, receiver, "config", config)
    return Const(None)


def super_value(frame: Frame, args: list[Value]) -> Value:
    """``super()`` or ``super(cls, self)``."""
    owner: Value | None = frame.owner
    receiver = frame.receiver
    if len(args) == 2:
        owner, receiver = args
    elif receiver is None and frame.variables:
        receiver = next(iter(frame.variables.values()))
    if isinstance(owner, Ref) and receiver is not None:
        return Super(owner, receiver)
    return Unknown("unknown-super")


def store_attribute(frame: Frame, ref: Ref, name: str, value: Value) -> None:
    """``ref.name = value``."""
    obj = frame.read(ref)
    if frame.ev.keeps_journals:
        changed_by_assignment(frame, ref, value)
    if isinstance(obj, InstanceObj):
        frame.ev.observed.assigned.add(name)
        own = find_in_class(frame, obj.cls, "__setattr__")
        declared = find_in_class(frame, obj.cls, name)
        if isinstance(own, FunctionValue):
            call_function(frame, own, Arguments((ref, Const(name), value), {}), None, ref)
        elif isinstance(declared, Property) and not declared.cached:
            if declared.setter is None:
                frame.fails("raises", None)
            else:
                call_function(frame, declared.setter, Arguments((ref, value), {}), None, ref)
        else:
            store_directly(frame, ref, name, value)
    elif isinstance(obj, ClassObj):
        frame.write(ref.address, replace(obj, attributes={**obj.attributes, name: value}))
    elif isinstance(obj, ForeignObj):
        frame.write(ref.address, replace(obj, attributes={**obj.attributes, name: value}))


def store_directly(frame: Frame, ref: Ref, name: str, value: Value) -> None:
    """``ref.__dict__[name] = value``, ``object.__setattr__(ref, name, value)``."""
    obj = frame.read(ref)
    if isinstance(obj, InstanceObj):
        frame.write(ref.address, InstanceObj(obj.cls, {**obj.attributes, name: value}, obj.exact, obj.origin))


def remove_attribute(frame: Frame, ref: Ref, name: str) -> None:
    """``del ref.name``."""
    obj = frame.read(ref)
    if isinstance(obj, InstanceObj):
        own = find_in_class(frame, obj.cls, "__delattr__")
        declared = find_in_class(frame, obj.cls, name)
        if isinstance(own, FunctionValue):
            call_function(frame, own, Arguments((ref, Const(name)), {}), None, ref)
        elif isinstance(declared, Property) and not declared.cached:
            blur(frame, ref, Unknown("deleted-attribute"))
        else:
            remove_directly(frame, ref, name)
    elif isinstance(obj, (ClassObj, ForeignObj)):
        frame.write(ref.address, replace(obj, attributes={n: v for n, v in obj.attributes.items() if n != name}))


def remove_directly(frame: Frame, ref: Ref, name: str) -> None:
    """``del ref.__dict__[name]``."""
    obj = frame.read(ref)
    if not isinstance(obj, InstanceObj):
        return
    if frame.ev.is_model(frame, obj.cls):  # the class keeps the defaults of a model elsewhere
        store_directly(frame, ref, name, Unknown("deleted-attribute"))
        return
    own = obj.attributes.get(name)
    if own is None or UNSET in alternatives(own):
        frame.may_raise()
    frame.write(ref.address, replace(obj, attributes={n: v for n, v in obj.attributes.items() if n != name}))


def blur(frame: Frame, ref: Ref, reason: Unknown) -> None:
    """An attribute of unknown name was set: each may have changed."""
    obj = frame.read(ref)
    if isinstance(obj, InstanceObj):
        blurred = {name: join(value, reason) for name, value in obj.attributes.items()}
        frame.write(ref.address, InstanceObj(obj.cls, {**blurred, ANY: reason}, obj.exact, obj.origin))


def has_attribute(frame: Frame, value: Value, name: str) -> bool | None:
    """``hasattr(value, name)``; None if that is not known."""
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(obj, InstanceObj):
        return _instance_has(frame, obj, name)
    if isinstance(obj, ClassObj) and isinstance(value, Ref):
        return True if find_in_class(frame, value, name) is not None else None
    if isinstance(obj, (DictObj, ListObj)):
        return hasattr(EXAMPLES[obj.kind], name) if obj.kind in EXAMPLES else None
    if isinstance(value, Const):
        return hasattr(value.value, name)
    if isinstance(value, Text):
        return hasattr("", name)
    return hasattr((), name) if isinstance(value, TupleValue) else None


def _instance_has(frame: Frame, obj: InstanceObj, name: str) -> bool | None:
    own = obj.attributes.get(name)
    if own is not None and UNSET not in alternatives(own):
        return True
    if find_in_class(frame, obj.cls, name) is not None:
        return True
    cls = frame.read(obj.cls)
    assert isinstance(cls, ClassObj)
    if (
        not obj.exact
        or cls.open is not None
        or own is not None
        or ANY in obj.attributes
        or find_in_class(frame, obj.cls, "__getattr__") is not None
    ):
        return None
    if may_inherit(cls, name):
        return None if name.startswith("_") else True
    if name.startswith("__") or (frame.ev.is_model(frame, obj.cls) and (of_every_model(name) or _has_options(frame, obj.cls))):
        return None
    return False


def of_every_model(name: str) -> bool:
    return name.startswith(("model_", "_")) or name in ("dict", "json", "copy", "construct", "fields", "schema", "schema_json", "validate")


def _has_options(frame: Frame, cls: Ref) -> bool:
    """Whether a model has a configuration of its own: it may keep what it is given beyond its fields."""
    return find_in_class(frame, cls, "model_config") is not None or find_in_class(frame, cls, "Config") is not None


def takes_extras(frame: Frame, cls: Ref) -> bool:
    """Whether a model certainly or perhaps keeps what it is given beyond its fields (``extra="allow"``)."""
    config = find_in_class(frame, cls, "model_config")
    if config is not None:
        obj = frame.read(config) if isinstance(config, Ref) else None
        if isinstance(obj, ForeignObj):
            return obj.open is not None or obj.kwargs.get("extra", Const(None)) not in (Const(None), Const("forbid"), Const("ignore"))
        if isinstance(obj, DictObj):
            entry = obj.entries.get(("const", "extra"))
            return obj.open is not None or (entry is not None and entry.value not in (Const("forbid"), Const("ignore")))
        return True
    old = find_in_class(frame, cls, "Config")
    if isinstance(old, Ref) and isinstance(frame.read(old), ClassObj):
        return find_in_class(frame, old, "extra") not in (None, Const("forbid"), Const("ignore"))
    return old is not None


def is_plainly_true(frame: Frame, obj: InstanceObj) -> bool:
    """Whether an instance is true since nothing says otherwise."""
    cls = frame.read(obj.cls)
    closed = isinstance(cls, ClassObj) and cls.open is None and not decides_truth(cls)
    return closed and find_in_class(frame, obj.cls, "__bool__") is None and find_in_class(frame, obj.cls, "__len__") is None


def call_attribute(frame: Frame, receiver: Value, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``receiver.name(*args, **kwargs)``."""
    return call(frame, attribute(frame, receiver, name, origin), Arguments(tuple(args), kwargs), origin, (receiver, name))
