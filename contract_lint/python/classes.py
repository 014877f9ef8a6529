"""Classes and instances of the project: method resolution, attributes, enums."""

from __future__ import annotations

from collections.abc import Mapping

from contract_lint.python import summary as ir
from contract_lint.python.calls import Arguments, call, call_function
from contract_lint.python.expressions import evaluate
from contract_lint.python.frame import Diverges, Frame
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
    HeapObject,
    InstanceObj,
    ListObj,
    ModuleValue,
    Namespace,
    OneOf,
    Origin,
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

#: Base classes outside the project that add no contract of their own.
PLAIN_BASES = frozenset(
    [
        "abc.ABC",
        "typing.Generic",
        "typing.Protocol",
        "typing_extensions.Protocol",
        "enum.Enum",
        "enum.IntEnum",
        "enum.StrEnum",
        "enum.Flag",
        "enum.IntFlag",
        "pydantic.BaseModel",
        "pydantic_settings.BaseSettings",
        "pydantic.BaseSettings",
        "pydantic.main.BaseModel",
        "typing.NamedTuple",
    ]
)
ENUM_BASES = frozenset(["enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"])


def define_class(frame: Frame, node: ir.ClassDef) -> Value:
    """Run a class statement."""
    ev = frame.ev
    origin = (frame.module, node.at)
    bases: list[Value] = []
    opened: Unknown | None = None
    for argument in node.arguments:
        value = evaluate(frame, argument.value)
        if argument.stars:
            opened = Unknown("dynamic-bases", origin)
        elif argument.name == "metaclass":
            if not (isinstance(value, External) and value.name in ("abc.ABCMeta", "enum.EnumMeta")):
                opened = opened or Unknown("metaclass", origin)
        elif argument.name is None:
            bases.append(value)
    qualname = f"{frame.scope}.{node.name}".lstrip(".")
    ref = Ref(ev.new_address())
    body = Frame(ev, frame.module, frame.heap, {}, qualname)
    body.cells = dict(frame.cells)
    body.owner = ref
    empty = ClassObj(node.name, qualname, frame.module, {}, {}, tuple(bases), (ref,), (), opened, origin)
    frame.heap.own[ref.address] = empty
    fields = ev.begin_fields(body)
    from contract_lint.python.statements import execute_block

    if not execute_block(body, node.body):
        opened = opened or Unknown("class-body-raises", origin)
    frame.heap = body.heap
    assert body.variables is not None
    mro, externals, reason = linearize(frame, ref, bases)
    attributes = dict(body.variables)
    obj = ClassObj(
        node.name, qualname, frame.module, attributes, ev.end_fields(body, fields), tuple(bases), mro, externals, opened or reason, origin
    )
    frame.write(ref.address, obj)
    if any(name in ENUM_BASES for name in externals):
        _make_members(frame, ref, obj)
    result: Value = ref
    for decorator in reversed(node.decorators):
        result = _decorate_class(frame, result, evaluate(frame, decorator), origin)
    ev.classes.append(ref)
    return result


def linearize(frame: Frame, ref: Ref, bases: list[Value]) -> tuple[tuple[Ref, ...], tuple[str, ...], Unknown | None]:
    """The project classes in method resolution order, the names of the outside bases, and why more may be inherited."""
    sequences: list[list[Ref]] = []
    direct: list[Ref] = []
    externals: list[str] = []
    opened: Unknown | None = None
    for base in bases:
        options = alternatives(base)
        project = [one for one in options if isinstance(one, Ref) and isinstance(frame.read(one), ClassObj)]
        if len(project) == 1:
            obj = frame.read(project[0])
            assert isinstance(obj, ClassObj)
            sequences.append(list(obj.lineage))
            direct.append(project[0])
            externals.extend(obj.externals)
            opened = opened or obj.open
            if len(options) > 1:
                opened = opened or Unknown("one-of-several-bases")
        elif isinstance(base, External):
            externals.append(base.name)
            if base.name not in PLAIN_BASES:
                opened = opened or Unknown("base-class-outside", base.origin)
        elif isinstance(base, Builtin):
            externals.append(base.name)
            if base.name not in ("object", "str", "int", "float") and not base.name.endswith(("Exception", "Error")):
                opened = opened or Unknown("builtin-base")
        else:
            opened = opened or unknown(base, "unknown-base")
    merged = _merge([*sequences, direct])
    if merged is None:
        return (ref,), tuple(dict.fromkeys(externals)), Unknown("inconsistent-bases")
    return (ref, *merged), tuple(dict.fromkeys(externals)), opened


def _merge(sequences: list[list[Ref]]) -> list[Ref] | None:
    result: list[Ref] = []
    rest = [list(sequence) for sequence in sequences if sequence]
    while rest:
        head = next((s[0] for s in rest if not any(s[0] in other[1:] for other in rest)), None)
        if head is None:
            return None
        result.append(head)
        rest = [[c for c in s if c != head] for s in rest]
        rest = [s for s in rest if s]
    return result


def _decorate_class(frame: Frame, cls: Value, decorator: Value, origin: Origin) -> Value:
    name = decorator_name(frame, decorator)
    if name.rpartition(".")[2] == "dataclass" and isinstance(cls, Ref):
        obj = frame.read(cls)
        if isinstance(obj, ClassObj):
            frame.write(cls.address, _with_attributes(obj, {**obj.attributes, "__dataclass__": Const(True)}))
        return cls
    if isinstance(decorator, (FunctionValue, BoundMethod)):
        result = call(frame, decorator, Arguments((cls,), {}), origin)
        return result if isinstance(result, Ref) else cls
    return cls


def decorator_name(frame: Frame, decorator: Value) -> str:
    """The dotted name of an outside decorator, called or not."""
    if isinstance(decorator, External):
        return decorator.name
    if isinstance(decorator, Builtin):
        return decorator.name
    if isinstance(decorator, Ref) and isinstance(obj := frame.read(decorator), ForeignObj):
        return obj.callee
    return ""


def _with_attributes(obj: ClassObj, attributes: Mapping[str, Value]) -> ClassObj:
    return ClassObj(obj.name, obj.qualname, obj.module, attributes, obj.fields, obj.bases, obj.lineage, obj.externals, obj.open, obj.origin)


# --- enums ---


def _make_members(frame: Frame, ref: Ref, obj: ClassObj) -> None:
    mixed = any(name in ("str", "int", "enum.StrEnum", "enum.IntEnum") for name in obj.externals)
    attributes = dict(obj.attributes)
    for name, value in obj.attributes.items():
        if name.startswith("_") or isinstance(value, (FunctionValue, Property)):
            continue
        if isinstance(value, Ref) and isinstance(frame.read(value), ClassObj):
            continue
        held = value
        if isinstance(value, Ref) and isinstance(foreign := frame.read(value), ForeignObj) and foreign.callee.endswith("auto"):
            held = Const(name.lower()) if "enum.StrEnum" in obj.externals else Unknown("enum-auto", foreign.origin)
        address = EnumAddress(frame.ev.new_number(), held if mixed and isinstance(held, Const) else None)
        frame.write(address, InstanceObj(ref, {"name": Const(name), "value": held, "_value_": held}, True, obj.origin))
        attributes[name] = Ref(address)
    frame.write(ref.address, _with_attributes(obj, attributes))


def enum_members(frame: Frame, cls: Ref) -> list[Value] | None:
    """The members of an enum class in order; None if it is no enum."""
    obj = frame.read(cls)
    if not isinstance(obj, ClassObj) or not any(name in ENUM_BASES for name in obj.externals):
        return None
    return [value for value in obj.attributes.values() if is_enum_member(frame, value)]


def is_enum_member(frame: Frame, value: Value) -> bool:
    return isinstance(value, Ref) and isinstance(value.address, EnumAddress)


def enum_by_name(frame: Frame, cls: Ref, key: Value) -> Value | None:
    """``Color["RED"]``."""
    members = enum_members(frame, cls)
    if members is None:
        return None
    obj = frame.read(cls)
    assert isinstance(obj, ClassObj)
    found = obj.attributes.get(key.value) if isinstance(key, Const) and isinstance(key.value, str) else None
    return found if found is not None else unknown(key, "unknown-member")


def enum_by_value(frame: Frame, cls: Ref, value: Value, origin: Origin) -> Value:
    """``Color("red")``."""
    for member in enum_members(frame, cls) or []:
        obj = frame.read(member) if isinstance(member, Ref) else None
        if isinstance(obj, InstanceObj) and isinstance(value, Const) and obj.attributes["value"] == value:
            return member
    return unknown(value, "unknown-member", origin)


# --- attributes ---


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


def attribute(frame: Frame, value: Value, name: str, origin: Origin) -> Value:
    """``value.name``."""
    if isinstance(value, OneOf):
        return join_all([attribute(frame, one, name, origin) for one in value.values])
    if isinstance(value, Unknown):
        return value
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, InstanceObj):
            return _instance_attribute(frame, value, obj, name, origin)
        if isinstance(obj, ClassObj):
            return _class_attribute(frame, value, obj, name, origin)
        if isinstance(obj, ForeignObj):
            found = obj.attributes.get(name)
            return found if found is not None and found != UNSET else External(f"{obj.callee}().{name}", origin)
        if isinstance(obj, (DictObj, ListObj)):
            return BuiltinMethod(value, name)
    if isinstance(value, (Const, Text, TupleValue)):
        return BuiltinMethod(value, name)
    if isinstance(value, External):
        return External(f"{value.name}.{name}", origin)
    if isinstance(value, ModuleValue):
        return frame.ev.module_attribute(frame, value.module, name, origin)
    if isinstance(value, Super):
        return _super_attribute(frame, value, name, origin)
    if isinstance(value, Namespace):
        return BuiltinMethod(value, name)
    if isinstance(value, (FunctionValue, Builtin)) and name == "__name__":
        return Const(value.name, origin)
    if isinstance(value, BoundMethod) and name == "__name__":
        return Const(value.function.name, origin)
    return Unknown("unknown-attribute", origin)


def _instance_attribute(frame: Frame, ref: Ref, obj: InstanceObj, name: str, origin: Origin) -> Value:
    if name == "__class__":
        return obj.cls
    if name == "__dict__":
        return Namespace(ref)
    in_class = find_in_class(frame, obj.cls, name)
    if isinstance(in_class, Property):
        return call_function(frame, in_class.getter, Arguments((ref,), {}), origin, ref)
    own = obj.attributes.get(name)
    if own is not None:
        options = [one for one in alternatives(own) if one != UNSET]
        if len(options) == len(alternatives(own)):
            return own
        fallback = _bind(ref, obj.cls, in_class) if in_class is not None else None
        return join_all([*options, *([fallback] if fallback is not None else [])] or [Unknown("missing-attribute", origin)])
    if in_class is not None:
        return _bind(ref, obj.cls, in_class)
    cls = frame.read(obj.cls)
    assert isinstance(cls, ClassObj)
    if name in MODEL_METHODS and frame.ev.is_model(frame, obj.cls):
        return BuiltinMethod(ref, name)
    if find_in_class(frame, obj.cls, "__getattr__") is not None:
        return Unknown("dynamic-attribute", origin)
    if cls.open is not None:
        return _of_absent_base(frame, cls, ref, name) or cls.open
    return Unknown("missing-attribute" if obj.exact else "maybe-in-subclass", origin)


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
        if name == "__init__" and (class_obj.open is None or frame.ev.is_model(frame, cls)):
            return Builtin("object.__init__")
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
    if isinstance(obj, InstanceObj):
        frame.write(ref.address, InstanceObj(obj.cls, {**obj.attributes, name: value}, obj.exact, obj.origin))
    elif isinstance(obj, ClassObj):
        frame.write(ref.address, _with_attributes(obj, {**obj.attributes, name: value}))
    elif isinstance(obj, ForeignObj):
        frame.write(ref.address, ForeignObj(obj.callee, obj.args, obj.kwargs, {**obj.attributes, name: value}, obj.origin))


def blur(frame: Frame, ref: Ref, reason: Unknown) -> None:
    """An attribute of unknown name was set: each may have changed."""
    obj = frame.read(ref)
    if isinstance(obj, InstanceObj):
        blurred = {name: join(value, reason) for name, value in obj.attributes.items()}
        frame.write(ref.address, InstanceObj(obj.cls, blurred, obj.exact, obj.origin))


def has_attribute(frame: Frame, value: Value, name: str) -> bool | None:
    """``hasattr(value, name)``; None if that is not known."""
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, InstanceObj):
            own = obj.attributes.get(name)
            if own is not None and UNSET not in alternatives(own):
                return True
            if find_in_class(frame, obj.cls, name) is not None:
                return True
            cls = frame.read(obj.cls)
            assert isinstance(cls, ClassObj)
            dynamic = find_in_class(frame, obj.cls, "__getattr__") is not None
            closed = obj.exact and cls.open is None and not dynamic and own is None and not frame.ev.is_model(frame, obj.cls)
            return False if closed else None
        if isinstance(obj, ClassObj):
            return True if find_in_class(frame, value, name) is not None else None
        if isinstance(obj, DictObj):
            return hasattr({} if obj.kind == "dict" else set(), name)
        if isinstance(obj, ListObj) and obj.kind == "list":
            return hasattr([], name)
    if isinstance(value, Const):
        return hasattr(value.value, name)
    if isinstance(value, TupleValue):
        return hasattr((), name)
    return None


def is_subclass(frame: Frame, cls: Value, base: Value) -> bool | None:
    obj = frame.read(cls) if isinstance(cls, Ref) else None
    if not isinstance(obj, ClassObj):
        return None
    if isinstance(base, Ref):
        return True if base in obj.lineage else None if obj.open is not None else False
    if isinstance(base, External):
        return True if base.name in obj.externals else None if obj.open is not None else False
    if isinstance(base, Builtin):
        return True if base.name == "object" or base.name in obj.externals else None if obj.open is not None else False
    return None


def is_instance(frame: Frame, value: Value, kind: Value) -> bool | None:
    """``isinstance(value, kind)``; None if that is not known."""
    from contract_lint.python.builtin_functions import PYTHON_TYPES

    if isinstance(value, (Const, Text)):
        if isinstance(kind, Builtin):
            python = PYTHON_TYPES.get(kind.name)
            if python is None:
                return kind.name == "object"
            return isinstance("" if isinstance(value, Text) else value.value, python)
        return False if isinstance(kind, Ref) else None
    if isinstance(value, TupleValue):
        return kind.name in ("tuple", "object") if isinstance(kind, Builtin) else None
    if not isinstance(value, Ref):
        return None
    obj: HeapObject = frame.read(value)
    if isinstance(obj, (DictObj, ListObj)):
        if isinstance(kind, Builtin):
            return kind.name in (obj.kind, "object") if obj.kind in ("dict", "list", "set", "tuple") else None
        return False if isinstance(kind, Ref) else None
    if isinstance(obj, InstanceObj):
        answer = is_subclass(frame, obj.cls, kind)
        return None if answer is False and not obj.exact else answer
    if isinstance(obj, ClassObj) and isinstance(kind, Builtin):
        return kind.name in ("type", "object")
    return None


def call_attribute(frame: Frame, receiver: Value, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``receiver.name(*args, **kwargs)``."""
    callee = attribute(frame, receiver, name, origin)
    if isinstance(callee, BuiltinMethod) and callee.receiver == receiver and isinstance(receiver, OneOf):
        raise Diverges
    return call(frame, callee, Arguments(tuple(args), kwargs), origin, (receiver, name))
