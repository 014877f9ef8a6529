"""Truth and arithmetic of abstract values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from contract_lint.python import summary as ir
from contract_lint.python.dicts import as_set, combined, frozen
from contract_lint.python.frame import Frame, each
from contract_lint.python.lists import concatenated
from contract_lint.python.operations_observed import on_truth
from contract_lint.python.paths import is_path, joined_path
from contract_lint.python.texts import MAX_SIZE, concatenate, percent, plain_text
from contract_lint.python.values import (
    FALSE,
    TRUE,
    BoundMethod,
    Builtin,
    BuiltinMethod,
    ClassObj,
    Const,
    DictObj,
    DictView,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    Item,
    ListObj,
    ModuleValue,
    OneOf,
    Origin,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    is_soft,
    unknown,
)

#: Ints beyond this many bits are not computed.
MAX_BITS = 20_000

ARITHMETIC: Mapping[str, Callable[[Any, Any], object]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv, "%": operator.mod,
    "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift, ">>": operator.rshift, "**": operator.pow,
}  # fmt: skip


def truth(frame: Frame, value: Value) -> bool | None:
    """Whether the value is true; None if that is not known (also for soft constants)."""
    if isinstance(value, Const):
        return None if value.soft else bool(value.value)
    if isinstance(value, OneOf):
        answers = {truth(frame, v) for v in value.values}
        return answers.pop() if len(answers) == 1 else None
    if isinstance(value, TupleValue):
        return bool(value.items)
    if isinstance(value, Text):
        return True if any(value.parts) else None
    if isinstance(value, (FunctionValue, BoundMethod, Builtin, BuiltinMethod, ModuleValue)):
        return True
    if isinstance(value, DictView):
        return truth(frame, value.dict)
    return _truth_of_object(frame, value) if isinstance(value, Ref) else None


def decided(frame: Frame, what: str, node: ir.Expr, value: Value, origin: Origin = None) -> bool | None:
    """The truth of what ``node`` gave, which ``what`` (``if``, ``or``) asks for."""
    if frame.ev.observes:
        on_truth(frame, what, node, value, origin)
    return truth(frame, value)


def _truth_of_object(frame: Frame, value: Ref) -> bool | None:
    obj = frame.read(value)
    if isinstance(obj, DictObj):
        if any(entry.must for entry in obj.entries.values()):
            return True
        return None if obj.entries or obj.open else False
    if isinstance(obj, ListObj):
        if obj.kind == "iterator" or any(item.must for item in obj.items):
            return True
        return None if obj.items or obj.open else False
    if isinstance(obj, ClassObj):
        return True
    if isinstance(obj, ForeignObj):
        observed = frame.ev.observes and obj.callee.startswith(frame.ev.observed_objects)
        return True if observed and obj.callee.rpartition(".")[2] in frame.ev.true_classes else None
    if isinstance(obj, InstanceObj) and frame.ev.is_plainly_true(frame, obj):
        return True
    plain = plain_text(value)
    if isinstance(obj, InstanceObj) and isinstance(plain, Const) and frame.ev.find_in_class(frame, obj.cls, "__bool__") is None:
        return truth(frame, plain)
    return None


def negate(value: Value, known: bool | None) -> Value:
    """``not value``, given its truth."""
    if known is not None:
        return FALSE if known else TRUE
    if isinstance(value, Const):
        return Const(not value.value, value.origin, True)
    return unknown(value, "unknown-condition")


def boolean(answer: bool, *operands: Value) -> Value:
    """A truth value, soft if an operand is."""
    return Const(answer, None, any(map(is_soft, operands)))


#: The methods that the operators call, without their underscores.
METHODS: Mapping[str, str] = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor",
}  # fmt: skip


def has_method(frame: Frame, value: Value, name: str) -> bool:
    """Whether the value is an instance of a project class that defines the method."""
    cls = frame.ev.class_of(frame, value)
    return cls is not None and frame.ev.find_in_class(frame, cls, name) is not None


def _is_operand(frame: Frame, op: str, values: tuple[Value, ...]) -> bool:
    name = METHODS[op]
    return any(has_method(frame, one, f"__{side}{name}__") for one in values for side in ("", "r"))


def _by_method(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value | None:
    """What ``__op__`` or ``__rop__`` of a project class gives; None if neither operand defines it."""
    name = METHODS[op]
    mine, theirs = has_method(frame, left, f"__{name}__"), has_method(frame, right, f"__r{name}__")
    if mine:
        return settled(frame.ev.call_attribute(frame, left, f"__{name}__", [right], {}, origin), origin)
    if not theirs or (op == "%" and isinstance(left, (Const, Text)) and frame.ev.is_instance(frame, left, Builtin("str"))):
        return None

    def reflected() -> Value:
        return settled(frame.ev.call_attribute(frame, right, f"__r{name}__", [left], {}, origin), origin)

    if frame.ev.class_of(frame, left) is not None or isinstance(left, (Const, Text, TupleValue)):
        return reflected()
    return frame.fork_values([reflected, lambda: Unknown("unknown-operand", origin)])


def settled(value: Value, origin: Origin) -> Value:
    """The result of an operator's method; after ``NotImplemented`` Python asks the other operand."""
    return Unknown("unknown-operand", origin) if Builtin("NotImplemented") in alternatives(value) else value


def binary(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value:
    """``left op right``; it makes a new object."""
    if type(left) is OneOf or type(right) is OneOf:
        pairs = [(a, b) for a in alternatives(left) for b in alternatives(right)]
        if _is_operand(frame, op, alternatives(left) + alternatives(right)):
            return frame.fork_values([partial(binary, frame, op, one, other, origin) for one, other in pairs])
        return each(frame, pairs, lambda pair: binary(frame, op, *pair, origin))
    if type(left) is Ref or type(right) is Ref:
        called = _by_method(frame, op, left, right, origin)
        if called is not None:
            return called
    if op == "/" and (is_path(frame, left) or is_path(frame, right)):
        return joined_path(frame, [left, right], origin)
    if op == "+":
        left, right = plain_text(left), plain_text(right)
    elif op == "%":
        left, right = plain_text(left), frame.ev.text_of(frame, right)
    if op == "%" and isinstance(left, Const) and isinstance(left.value, str):
        return percent(frame, left, right, origin)
    if type(left) is Unknown or type(right) is Unknown:
        if op == "+" and (type(left) in (Text, Const) or type(right) in (Text, Const)):
            return concatenate(left, right, origin) or unknown(left, "unknown-operand", origin)
        return left if type(left) is Unknown else right
    if type(left) is Const and type(right) is Const:
        return _fold(frame, op, left, right, origin)
    if op == "+":
        joined = concatenate(left, right, origin)
        if joined is not None:
            return joined
    if type(left) is TupleValue and type(right) is TupleValue and op == "+" and len(left.items) + len(right.items) <= MAX_SIZE:
        return TupleValue(left.items + right.items, origin)
    return _of_objects(frame, op, left, right, origin)


def _of_objects(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value:
    first = frame.read(left) if isinstance(left, Ref) else None
    second = frame.read(right) if isinstance(right, Ref) else None
    if op == "+" and (isinstance(first, ListObj) or isinstance(second, ListObj)):
        a, b = _items(left, first), _items(right, second)
        if a is not None and b is not None and a.kind == b.kind:
            return frame.new(concatenated(a, b))
    if op == "*" and isinstance(first, ListObj) and isinstance(right, Const) and isinstance(right.value, int):
        if first.open is None and not first.shuffled and len(first.items) * right.value <= MAX_SIZE:
            return frame.new(ListObj(first.items * right.value, None, first.kind, origin))
    if op == "|" and isinstance(first, DictObj) and isinstance(second, DictObj) and first.kind == second.kind == "dict":
        result = combined(op, first, second)
    else:
        one, other = as_set(frame, left), as_set(frame, right)
        result = combined(op, one, other) if one is not None and other is not None and op in ("|", "&", "-", "^") else None
    if result is not None and isinstance(first, DictObj) and first.kind == "frozenset":
        return frozen(frame, result)
    if result is not None:
        return frame.new(DictObj(result.entries, result.open, result.kind, origin, result.shuffled))
    return Unknown("unknown-operand", origin)


def _items(value: Value, obj: object) -> ListObj | None:
    if isinstance(value, TupleValue):
        return ListObj(tuple(map(Item, value.items)), None, "tuple")
    return obj if isinstance(obj, ListObj) and obj.kind in ("list", "tuple") else None


def _fold(frame: Frame, op: str, left: Const, right: Const, origin: Origin) -> Value:
    function = ARITHMETIC.get(op)
    a, b = left.value, right.value
    if function is None or _too_large(op, a, b):
        return Unknown("unknown-operand", origin)
    try:
        result = function(a, b)
    except (TypeError, ValueError, ArithmeticError):
        return frame.fails("raises", origin)
    if isinstance(result, (bool, int, float, str, bytes)):
        return Const(result, left.origin if isinstance(result, str) and left.origin else origin, left.soft or right.soft)
    return Unknown("unknown-operand", origin)


def _too_large(op: str, a: object, b: object) -> bool:
    if isinstance(a, int) and isinstance(b, int):
        bits = max(a.bit_length(), b.bit_length())
        if op == "**":
            return b < 0 or a.bit_length() * b > MAX_BITS
        return bits > MAX_BITS or (op == "<<" and b > MAX_BITS)
    lengths = [len(one) for one in (a, b) if isinstance(one, (str, bytes))]
    if op == "*":
        factors = [one for one in (a, b) if isinstance(one, int)]
        return bool(lengths and factors) and lengths[0] * abs(factors[0]) > MAX_SIZE
    return op == "**" or (op == "+" and sum(lengths) > MAX_SIZE)


def unary(frame: Frame, op: str, operand: Value, origin: Origin) -> Value:
    """``-x``, ``+x``, ``~x`` (``not`` is ``negate``)."""
    if type(operand) is OneOf:
        return each(frame, operand.values, lambda v: unary(frame, op, v, origin))
    if isinstance(operand, Const) and isinstance(operand.value, (int, float)):
        value = operand.value
        if op == "-":
            return Const(-value, origin, operand.soft)
        if op == "+":
            return Const(+value, origin, operand.soft)
        if isinstance(value, int):
            return Const(~value, origin, operand.soft)
    return unknown(operand, "unknown-operand", origin)
