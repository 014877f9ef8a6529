"""Classes of the project: definition and method resolution order."""

from __future__ import annotations

from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.attributes import find_in_class
from contract_lint.python.calls import Arguments, call, call_function
from contract_lint.python.enums import make_members
from contract_lint.python.frame import Frame
from contract_lint.python.kinds import is_enum
from contract_lint.python.values import (
    BoundMethod,
    Builtin,
    ClassObj,
    Const,
    External,
    ForeignObj,
    FunctionValue,
    Origin,
    Ref,
    Unknown,
    Value,
    alternatives,
    unknown,
)

__all__ = ["decorator_name", "define_class", "find_in_class", "linearize"]

#: Base classes outside the project that add no contract of their own.
PLAIN_BASES = frozenset("""
    abc.ABC typing.Generic typing.Protocol typing_extensions.Protocol typing.NamedTuple
    enum.Enum enum.IntEnum enum.StrEnum enum.Flag enum.IntFlag
    pydantic.BaseModel pydantic.main.BaseModel pydantic_settings.BaseSettings pydantic.BaseSettings
""".split())  # fmt: skip


def define_class(frame: Frame, node: ir.ClassDef) -> Value:
    """Run a class statement."""
    ev = frame.ev
    origin = (frame.module, node.at)
    bases: list[Value] = []
    options: dict[str, Value] = {}
    opened: Unknown | None = None
    for argument in node.arguments:
        value = ev.evaluate(frame, argument.value)
        if argument.stars:
            opened = Unknown("dynamic-bases", origin)
        elif argument.name == "metaclass":
            if not (isinstance(value, External) and value.name in ("abc.ABCMeta", "enum.EnumMeta")):
                opened = opened or Unknown("metaclass", origin)
        elif argument.name is None:
            bases.append(value)
        else:
            options[argument.name] = value
    qualname = f"{frame.scope}.{node.name}".lstrip(".")
    ref = Ref(ev.new_address())
    body = Frame(ev, frame.module, frame.heap, {}, qualname)
    body.cells = dict(frame.cells)
    body.owner = ref
    empty = ClassObj(node.name, qualname, frame.module, {}, {}, tuple(bases), (ref,), (), opened, origin)
    frame.heap.own[ref.address] = empty
    fields = ev.begin_fields(body)
    body.in_class_body = True
    if not ev.execute(body, node.body):
        opened = opened or Unknown("class-body-raises", origin)
    frame.heap = body.heap
    assert body.variables is not None
    mro, externals, reason = linearize(frame, ref, bases)
    attributes = dict(body.variables)
    obj = ClassObj(
        node.name, qualname, frame.module, attributes, ev.end_fields(body, fields), tuple(bases), mro, externals, opened or reason, origin
    )
    frame.write(ref.address, obj)
    if is_enum(obj):
        make_members(frame, ref, obj)
    hook = find_in_class(frame, ref, "__init_subclass__", ref)
    if isinstance(hook, FunctionValue):
        call_function(frame, hook, Arguments((ref,), options), origin, ref)
    result: Value = ref
    for decorator in reversed(node.decorators):
        result = _decorate_class(frame, result, ev.evaluate(frame, decorator), origin)
    if ev.writer is not None:
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
            frame.write(cls.address, replace(obj, attributes={**obj.attributes, "__dataclass__": Const(True)}))
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
