"""What Python does to objects from outside the project: the operations that frontends ask to see.

Each hook is called where an operation is evaluated, with the values that take part in it, and only if ``Options`` names objects
to observe. None of them changes a value.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from contract_lint.python import summary as ir
from contract_lint.python.values import (
    Builtin,
    BuiltinMethod,
    CellObj,
    Const,
    DictObj,
    DictView,
    External,
    ForeignAddress,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    ListObj,
    OneOf,
    Origin,
    OutsideBase,
    Part,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
)
from contract_lint.python.walk import nodes

if TYPE_CHECKING:
    from contract_lint.python.calls import Arguments
    from contract_lint.python.frame import Frame


class Operation(Struct, frozen=True):
    """An operation on an observed object, or on what is read from one (``operand``).

    ``kind`` is ``text``, ``arithmetic``, ``compare``, ``contains``, ``truth``, ``index``, ``iterate``, ``convert``, ``call-method``,
    ``read``, ``store`` or ``undefined`` (a name, of no object), ``what`` the operator, function, method or name; ``others`` are the other
    operands. ``certain`` is false where the operand is one of several values, or the operation is evaluated on some paths only.
    """

    kind: str
    what: str
    operand: Value
    others: tuple[Value, ...]
    origin: Origin
    operand_at: Origin
    scope: str
    certain: bool


class Outside(Struct, frozen=True):
    """An observed object was made, on a path that need not come to the end: ``made`` is as it was then, ``scope`` the function.

    For the result of a method, ``receiver`` is the object whose method it is, as it was then, and ``tables`` the dicts that it was made
    with.
    """

    object: Ref
    made: ForeignObj
    scope: str
    receiver: ForeignObj | None = None
    tables: tuple[tuple[str, Ref, DictObj], ...] = ()


#: Builtins that read their first argument element by element.
ITERATING = frozenset("all any dict enumerate filter frozenset iter list map max min next reversed set sorted sum tuple zip".split())
#: What these builtins do to the elements that they read.
WITH_ELEMENTS: Mapping[str, str] = {
    "sorted": "compare", "min": "compare", "max": "compare", "sum": "arithmetic", "any": "truth", "all": "truth",
}  # fmt: skip
#: Methods of containers: what they do to their arguments. The first argument alone is an index.
OF_CONTAINERS: Mapping[str, Mapping[str, str]] = {
    "list": {"index": "compare", "count": "compare", "remove": "compare", "pop": "index", "insert": "index", "extend": "iterate"},
    "tuple": {"index": "compare", "count": "compare"},
    "dict": {"get": "index", "pop": "index", "setdefault": "index", "update": "iterate"},
    "set": {"add": "index", "discard": "index", "remove": "index", "update": "iterate", "union": "iterate"},
}
#: Packages whose functions read what they are given.
LIBRARIES = sys.stdlib_module_names | {"pandas", "numpy", "pyarrow", "s3fs", "joblib", "requests"}
#: Functions of the standard library that read what is in the containers that they are given.
SERIALIZING = frozenset({"json.dump", "json.dumps"})


# --- operands ---


def is_observed(frame: Frame, value: Value) -> bool:
    """Whether it is an object that is observed, or a part of one."""
    kind = type(value)
    if kind is Ref:
        address = value.address  # type: ignore[union-attr]
        obj = frame.heap.get(address) if isinstance(address, ForeignAddress) else None
        return type(obj) is ForeignObj and obj.callee.startswith(frame.ev.observed_objects)
    if kind is Part:
        return value.name.startswith(frame.ev.observed_objects)  # type: ignore[union-attr]
    return kind is External and value.name.startswith(frame.ev.observed_names)  # type: ignore[union-attr]


def observe(
    frame: Frame,
    kind: str,
    what: str,
    value: Value,
    origin: Origin,
    others: tuple[Value, ...] = (),
    operand_at: Origin = None,
    certain: bool = True,
) -> None:
    """Note an operation on each observed object that ``value`` may be."""
    sure = certain and type(value) is not OneOf and not (frame.ev.forks or frame.ev.doubts)
    for one in alternatives(value):
        if is_observed(frame, one):
            frame.ev.observed.add_operation(Operation(kind, what, one, others, origin, operand_at, frame.scope, sure))


def _elements(frame: Frame, value: Value) -> Iterator[tuple[Value, bool]]:
    """The elements that reading ``value`` gives, each with whether it is there; nothing is used up by it."""
    several = type(value) is OneOf
    for one in alternatives(value):
        if isinstance(one, TupleValue):
            yield from ((item, not several) for item in one.items)
            continue
        obj = frame.read(one.dict if isinstance(one, DictView) else one) if isinstance(one, (Ref, DictView)) else None
        if isinstance(obj, ListObj):
            yield from ((item.value, item.must and not several) for item in obj.items)
        elif isinstance(obj, DictObj):
            values = isinstance(one, DictView) and one.kind == "values"
            yield from ((entry.value if values else entry.key, entry.must and not several) for entry in obj.entries.values())


def _nested(frame: Frame, value: Value, seen: set[Ref] | None = None) -> Iterator[tuple[Value, bool]]:
    """What is in the containers that ``value`` is made of; each of them is looked into once."""
    seen = set() if seen is None else seen
    obj = frame.read(value) if isinstance(value, Ref) else None
    if isinstance(value, Ref):
        if value in seen:
            return
        seen.add(value)
    inner = [(entry.value, entry.must) for entry in obj.entries.values()] if isinstance(obj, DictObj) else _elements(frame, value)
    for one, must in inner:
        yield one, must
        yield from ((deep, must and sure) for deep, sure in _nested(frame, one, seen))


def _observe_elements(frame: Frame, kind: str, what: str, value: Value, origin: Origin, others: tuple[Value, ...] = ()) -> None:
    for element, must in _elements(frame, value):
        observe(frame, kind, what, element, origin, others, certain=must)


def holds_observed(frame: Frame, value: Value) -> bool:
    """Whether it may be an observed object, or a container with one in it."""
    values = [*alternatives(value), *(one for inner, _ in _nested(frame, value) for one in alternatives(inner))]
    return any(is_observed(frame, one) for one in values)


def asks_what_it_is(frame: Frame, test: ir.Expr) -> bool:
    """Whether a test gives an observed object to a function (``isinstance(x, C)``), or looks at what ``type`` said of something."""
    if any(_may_hold(frame, name, _is_type) for name in _read_in(test)):
        return True
    calls = (node for node in nodes((test,)) if isinstance(node, ir.Call))
    return any(_may_hold(frame, name, holds_observed) for call in calls for one in call.args for name in _read_in(one.value))


def _read_in(node: ir.Expr) -> Iterator[ir.Name | ir.Attribute]:
    return (one for one in nodes((node,)) if isinstance(one, (ir.Name, ir.Attribute)))


def _may_hold(frame: Frame, node: ir.Name | ir.Attribute, holds: Callable[[Frame, Value], bool]) -> bool:
    if isinstance(node, ir.Name):
        value = frame.lookup(node.id)
        return value is not None and holds(frame, value)
    receiver = frame.lookup(node.value.id) if isinstance(node.value, ir.Name) else None
    obj = frame.read(receiver) if isinstance(receiver, Ref) else None
    found = obj.attributes.get(node.name) if isinstance(obj, (InstanceObj, ForeignObj)) else None
    return found is not None and holds(frame, found)


def _is_type(frame: Frame, value: Value) -> bool:
    return isinstance(value, Unknown) and value.reason == "unknown-type"


# --- operators ---


def on_fstring(frame: Frame, part: ir.Formatted, value: Value, origin: Origin) -> None:
    """``f"{value}"``; with ``!r`` or ``!a`` the conversion is part of ``what``."""
    what = f"f-string!{part.conversion}" if part.conversion in ("r", "a") else "f-string"
    observe(frame, "text", what, value, origin, (), frame.origin(part.value.at))


def _is_text(value: Value) -> bool:
    return any(type(one) is Text or (type(one) is Const and isinstance(one.value, str)) for one in alternatives(value))


def on_binary(frame: Frame, op: str, left: Value, right: Value, origin: Origin, places: tuple[Origin, Origin], text: bool = False) -> bool:
    """``left op right``; returns whether it makes a text. ``text`` says that the left side is one, though its value is not known."""
    of_left, of_right = text or _is_text(left), _is_text(right)
    plain = op.removesuffix("=")
    if plain == "%" and of_left:
        observe(frame, "text", op, right, origin, (left,), places[1])
        for one, must in _nested(frame, right):
            observe(frame, "text", op, one, origin, (left,), certain=must)
        return True
    makes_text = plain == "+" and (of_left or of_right)
    kind = "text" if makes_text else "arithmetic"
    observe(frame, kind, op, left, origin, (right,), places[0])
    observe(frame, kind, op, right, origin, (left,), places[1])
    return makes_text


def on_augmented(frame: Frame, op: str, current: Value, operand: Value, origin: Origin, places: tuple[Origin, Origin]) -> None:
    """``current op= operand``: a list is extended."""
    if op == "+" and any(isinstance(one, Ref) and isinstance(frame.read(one), ListObj) for one in alternatives(current)):
        observe(frame, "iterate", "+=", operand, origin, (current,), places[1])
    else:
        on_binary(frame, f"{op}=", current, operand, origin, places)


def on_unary(frame: Frame, node: ir.Unary, operand: Value) -> None:
    """``-x``, ``not x``."""
    kind = "truth" if node.op == "not" else "arithmetic"
    _observe_test(frame, kind, node.op, node.operand, operand, frame.origin(node.at))


def on_compare(frame: Frame, op: str, left: Value, right: Value, origin: Origin, places: tuple[Origin, Origin]) -> None:
    """``left op right``; a search in a container compares with its elements."""
    observe(frame, "compare", op, left, origin, (right,), places[0])
    if op in ("in", "not in"):
        observe(frame, "contains", op, right, origin, (left,), places[1])
        _observe_elements(frame, "compare", op, right, origin, (left,))
    else:
        observe(frame, "compare", op, right, origin, (left,), places[1])


def on_truth(frame: Frame, what: str, node: ir.Expr, value: Value, origin: Origin = None) -> None:
    """The truth of ``value``, which ``node`` gave, is asked for; ``origin`` is that of the whole, if it is not the test alone."""
    _observe_test(frame, "truth", what, node, value, origin or frame.origin(node.at))


def _observe_test(frame: Frame, kind: str, what: str, node: ir.Expr, value: Value, origin: Origin) -> None:
    """A test of what ``and`` and ``or`` gave: what these themselves have tested is not noted again."""
    done = frame.ev.observed.tested_at(frame.origin(at) for at in _decisions(node)) if isinstance(node, ir.BoolOp) else ()
    for one in alternatives(value) if done else ():
        if one not in done:
            observe(frame, kind, what, one, origin, (), frame.origin(node.at), certain=False)
    if not done:
        observe(frame, kind, what, value, origin, (), frame.origin(node.at))


def _decisions(node: ir.Expr) -> Iterator[ir.At]:
    if isinstance(node, ir.BoolOp):
        yield node.at
        for operand in node.operands:
            yield from _decisions(operand)


# --- parts ---


def on_read(frame: Frame, what: str, result: Value, origin: Origin, certain: bool = True) -> None:
    """An attribute or item was read: noted where that gave a part of an observed object."""
    for one in alternatives(result):
        if isinstance(one, Part):
            observe(frame, "read", what, one, origin, certain=certain and result is one)


def on_subscript(frame: Frame, container: Value, key: Value, origin: Origin, key_at: Origin) -> None:
    """``container[key]``: the key is an index."""
    observe(frame, "index", "[]", key, origin, (container,), key_at, not isinstance(container, (OneOf, Unknown)))


def on_slice(frame: Frame, container: Value, bounds: Sequence[Value | None], origin: Origin) -> None:
    """``container[lower:upper:step]``."""
    observe(frame, "convert", "slice", container, origin)
    for bound in bounds:
        if bound is not None:
            observe(frame, "index", "[:]", bound, origin, (container,))


def on_key(frame: Frame, what: str, key: Value, origin: Origin, key_at: Origin) -> None:
    """A key of a new dict, an element of a new set (``what``)."""
    observe(frame, "index", what, key, origin, (), key_at)


def on_store(frame: Frame, what: str, receiver: Value, value: Value | None, origin: Origin, receiver_at: Origin = None) -> None:
    """An attribute or item (``[]``) is set, or deleted if there is no value."""
    observe(frame, "store", what, receiver, origin, () if value is None else (value,), receiver_at)


def on_store_item(frame: Frame, target: ir.Subscript, receiver: Value, key: Value | None, value: Value | None, origin: Origin) -> None:
    """``receiver[key] = value``, or the deletion of the item; without a key it is a slice."""
    on_store(frame, "[]", receiver, value, origin, frame.origin(target.value.at))
    if key is not None:
        on_subscript(frame, receiver, key, origin, frame.origin(target.key.at))


def on_iterate(frame: Frame, what: str, value: Value, origin: Origin, operand_at: Origin = None) -> None:
    """Something reads ``value`` element by element."""
    observe(frame, "iterate", what, value, origin, (), operand_at)


def on_made(frame: Frame, made: ForeignObj, ref: Ref) -> None:
    """An observed object was made."""
    receiver = frame.heap.get(made.receiver.address) if isinstance(made.receiver, Ref) else None
    if not isinstance(receiver, ForeignObj):
        frame.ev.observed.outside.append(Outside(ref, made, frame.scope))
        return
    held = ((name, one, frame.heap.get(one.address)) for name, one in receiver.kwargs.items() if isinstance(one, Ref))
    tables = tuple((name, one, obj) for name, one, obj in held if isinstance(obj, DictObj))
    frame.ev.observed.outside.append(Outside(ref, made, frame.scope, receiver, tables))


def on_undefined(frame: Frame, name: str, origin: Origin) -> None:
    """A name is read that nothing defines; the ``others`` are the names that there are."""
    if frame.module.path is None:
        return
    summary = frame.ev.summary_of(frame.module)
    there = dict.fromkeys((*(frame.variables or ()), *frame.local, *frame.cells, *(summary.bindings if summary is not None else ())))
    others = tuple(Const(one) for one in there)
    certain = not (frame.ev.guards or frame.ev.forks or frame.ev.binds_unseen(frame.module))
    frame.ev.observed.add_operation(Operation("undefined", name, Const(None), others, origin, origin, frame.scope, certain))


# --- calls ---

#: Values that are no objects from outside, and hold none.
NEVER_OBSERVED = frozenset({Const, Text, Unknown, FunctionValue, Builtin})


class Given(Struct, frozen=True):
    """An argument of a call and its place; ``index`` is None for a keyword argument."""

    value: Value
    index: int | None
    at: Origin
    name: str | None = None


def on_call(
    frame: Frame,
    callee: Value,
    arguments: Arguments,
    origin: Origin,
    node: ir.Call | None = None,
    bound: tuple[Value, str] | None = None,
) -> None:
    """A call of a builtin, of a method of a builtin object or of an outside function, or of a method of an observed object."""
    readers = [one for one in alternatives(callee) if _reads(one)]
    told = bound is not None and _is_told(frame, bound[0], callee)
    if not told and (not readers or all(type(one) in NEVER_OBSERVED for one in (*arguments.args, *arguments.kwargs.values()))):
        return  # as most calls are: of the project's own functions, or with plain values
    given = _given(frame, arguments, node)
    if bound is not None and told:
        at = frame.origin(node.func.value.at) if node is not None and isinstance(node.func, ir.Attribute) else None
        _on_method(frame, bound, callee, tuple(one.value for one in given), origin, at)
    certain = type(callee) is not OneOf
    for one in readers:
        if isinstance(one, Builtin):
            _on_builtin(frame, one.name, given, origin, certain)
        elif isinstance(one, BuiltinMethod):
            _on_builtin_method(frame, one, given, origin, certain)
        elif isinstance(one, External):
            _on_library(frame, one.name, given, origin, certain)


def _reads(callee: Value) -> bool:
    """Whether a call does something to its arguments that counts as an operation."""
    if isinstance(callee, External):
        return callee.name.partition(".")[0] in LIBRARIES
    return isinstance(callee, (Builtin, BuiltinMethod))


def _is_told(frame: Frame, receiver: Value, callee: Value) -> bool:
    """Whether a method may be one of an observed object."""
    return any(type(one) is Part for one in alternatives(callee)) or any(is_observed(frame, one) for one in alternatives(receiver))


def _given(frame: Frame, arguments: Arguments, node: ir.Call | None) -> list[Given]:
    nodes = node.args if node is not None else ()
    first_star = next((number for number, one in enumerate(nodes) if one.stars == 1), len(nodes))
    positional = [frame.origin(one.value.at) for one in nodes[:first_star] if one.name is None and not one.stars]
    named = {one.name: frame.origin(one.value.at) for one in nodes if one.name is not None}
    found = [Given(value, index, positional[index] if index < len(positional) else None) for index, value in enumerate(arguments.args)]
    return found + [Given(value, None, named.get(name), name) for name, value in arguments.kwargs.items()]


def _on_method(frame: Frame, bound: tuple[Value, str], callee: Value, others: tuple[Value, ...], origin: Origin, at: Origin) -> None:
    """A method of an observed object; of an instance of a project class, one that it inherits from an observed class."""
    receiver, name = bound
    observe(frame, "call-method", name, receiver, origin, others, at)
    for one in alternatives(callee):
        if isinstance(one, Part) and one.path == f".{name}" and one.whole not in alternatives(receiver):
            observe(frame, "call-method", name, one.whole, origin, others, at, type(callee) is not OneOf)


def _on_builtin(frame: Frame, name: str, given: list[Given], origin: Origin, certain: bool) -> None:
    others = tuple(one.value for one in given)
    if any(one.name == "key" for one in given):
        return  # what the key function gives is compared
    for one in given:
        if name in ("getattr", "setattr", "delattr") and one.index == 0 and len(given) > 1:
            continue  # a read or a store
        rest = tuple(value for value in others if value is not one.value)
        observe(frame, _kind_in_builtin(name, one.index, len(given)), name, one.value, origin, rest, one.at, certain)
    if name in WITH_ELEMENTS and len([one for one in given if one.index is not None]) == 1:
        _observe_elements(frame, WITH_ELEMENTS[name], name, given[0].value, origin)


def _kind_in_builtin(name: str, index: int | None, count: int) -> str:
    if name in ("bool", "range"):
        return "truth" if name == "bool" else "index"
    if name in ("min", "max") and count > 1 and index is not None:
        return "compare"
    if name not in ITERATING or index is None:
        return "convert"
    read = index > 0 if name in ("map", "filter") else name == "zip" or index == 0
    return "iterate" if read else "convert"


def _on_builtin_method(frame: Frame, method: BuiltinMethod, given: list[Given], origin: Origin, certain: bool) -> None:
    receiver, name = method.receiver, method.name
    if _is_text(receiver) or receiver == Builtin("str"):
        for one in given:
            observe(frame, "iterate" if name == "join" else "text", f"str.{name}", one.value, origin, (receiver,), one.at, certain)
            if name == "join":
                _observe_elements(frame, "text", "str.join", one.value, origin, (receiver,))
        return
    obj = frame.read(receiver) if isinstance(receiver, Ref) else None
    kind = obj.kind if isinstance(obj, (DictObj, ListObj)) else "tuple" if isinstance(receiver, TupleValue) else ""
    done = OF_CONTAINERS.get(kind, {}).get(name)
    for one in given if done is not None else ():
        if done is not None and (done != "index" or one.index == 0):
            observe(frame, done, f"{kind}.{name}", one.value, origin, (receiver,), one.at, certain)


def _on_library(frame: Frame, name: str, given: list[Given], origin: Origin, certain: bool) -> None:
    for one in given:
        rest = tuple(other.value for other in given if other is not one)
        observe(frame, "convert", name, one.value, origin, rest, one.at, certain)
        for inner, must in _nested(frame, one.value) if name in SERIALIZING else ():
            observe(frame, "convert", name, inner, origin, (one.value, *rest), one.at, certain and must)


# --- subclasses ---


def outside_base(frame: Frame, instance: Ref) -> Value | None:
    """The object that stands for what an observed class outside made of an instance of its subclass in the project."""
    cell = frame.heap.get(OutsideBase(instance.address))
    return cell.value if isinstance(cell, CellObj) else None


def observed_base(frame: Frame, externals: Sequence[str]) -> str | None:
    """The first of the outside base classes that is observed."""
    prefixes = frame.ev.observed_objects
    return next((name for name in externals if name.startswith(prefixes)), None) if prefixes else None


def make_base(frame: Frame, instance: Ref, name: str, arguments: Arguments, origin: Origin) -> None:
    """Keep what the constructor of an outside base class is given, as an object of that class whose receiver is the instance."""
    opened = arguments.rest or arguments.more
    made = frame.new_foreign(ForeignObj(name, arguments.args, dict(arguments.kwargs), {}, origin, instance, opened))
    frame.write(OutsideBase(instance.address), CellObj(made))
