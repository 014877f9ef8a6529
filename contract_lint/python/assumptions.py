"""What is assumed of values that nobody computes: a root's parameters, and instances that an annotation promises."""

from __future__ import annotations

from contract_lint.python import summary as ir
from contract_lint.python.annotations import annotation_names
from contract_lint.python.attributes import attribute
from contract_lint.python.calls import NO_ARGUMENTS, Arguments
from contract_lint.python.frame import Diverges, Exhausted, Frame
from contract_lint.python.models import is_model, make_model
from contract_lint.python.state import Heap
from contract_lint.python.values import ClassObj, DictObj, FunctionValue, InstanceObj, Ref, Unknown, Value, join_all, soften


def class_of_annotation(frame: Frame, annotation: ir.Expr | None) -> Ref | None:
    """The project class that an annotation names, through ``Optional`` and quotes; None if there is not exactly one."""
    found: list[Ref] = []
    for name in annotation_names(annotation):
        value = _named(frame, name)
        if isinstance(value, Ref) and isinstance(frame.read(value), ClassObj) and value not in found:
            found.append(value)
    return found[0] if len(found) == 1 else None


def _named(frame: Frame, dotted: str) -> Value | None:
    first, *rest = dotted.split(".")
    value = frame.lookup(first)
    for name in rest:
        if value is None:
            return None
        value = attribute(frame, value, name, None)
    return value


def assumed_instance(frame: Frame, cls: Ref) -> Ref:
    """An instance of a class as a parameter's annotation promises it: all defaults, possibly of a subclass.

    All queries share one, unless making it changes what was there before.
    """
    ev = frame.ev
    known = ev.assumed.get(cls)
    if known is not None:
        return known
    if not is_model(frame, cls):
        obj = frame.read(cls)
        return frame.new(InstanceObj(cls, {}, False, obj.origin if isinstance(obj, ClassObj) else None))
    if ev.writer is None and ev.root.get(cls.address) is not None:
        made = _shared(frame, cls)
        if made is not None:
            return made
    return make_model(frame, cls, NO_ARGUMENTS, None, assumed=True)


def _shared(frame: Frame, cls: Ref) -> Ref | None:
    ev = frame.ev
    obj = ev.root.get(cls.address)
    assert isinstance(obj, ClassObj)
    scratch = Frame(ev, obj.module, Heap(ev.root), {}, "")
    with ev.apart(ev.options.query_budget, None):
        try:
            made = make_model(scratch, cls, NO_ARGUMENTS, None, assumed=True)
        except (Diverges, Exhausted, RecursionError):
            made = scratch.new(InstanceObj(cls, {}, False, obj.origin))
    written = scratch.heap.since(ev.root)
    if any(ev.root.get(address) is not None for address in written):
        return None
    ev.root.own.update(written)
    ev.assumed[cls] = made
    instance = ev.root.get(made.address)
    for value in instance.attributes.values() if isinstance(instance, InstanceObj) else ():
        if isinstance(value, Ref) and isinstance(ev.root.get(value.address), DictObj):
            ev.tables.add(value.address)
    return made


def parameter_values(frame: Frame, function: FunctionValue, skip: int) -> Arguments:
    """What a root's parameters are: an instance for an annotated project class, else the (soft) default or unknown."""
    kwargs: dict[str, Value] = {}
    args: list[Value] = []
    rest: Unknown | None = None
    more: Unknown | None = None
    scope = Frame(frame.ev, function.module, frame.heap, {}, function.qualname)
    for parameter, default in list(zip(function.node.parameters, function.defaults, strict=True))[skip:]:
        given = Unknown("parameter", (function.module, parameter.at))
        cls = class_of_annotation(scope, parameter.annotation)
        value: Value = given
        if cls is not None:
            value = assumed_instance(frame, cls)
        elif default is not None:
            value = join_all([soften(default), given])
        if parameter.kind == "args":
            rest = given
        elif parameter.kind == "kwargs":
            more = given
        elif parameter.kind == "positional":
            args.append(value)
        else:
            kwargs[parameter.name] = value
    return Arguments(tuple(args), kwargs, rest, more)
