"""Operators on abstract values: truth, comparison, arithmetic, text."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from contract_lint.python.frame import Frame
from contract_lint.python.values import (
    FALSE,
    TRUE,
    BoundMethod,
    Builtin,
    BuiltinMethod,
    ClassObj,
    Const,
    DictObj,
    Entry,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    Item,
    Key,
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
    join,
    join_all,
    key_of,
    unknown,
)

#: Results of arithmetic beyond this length (of a text, a list, or an int's digits) are not computed.
MAX_SIZE = 100_000

ARITHMETIC: Mapping[str, Callable[[Any, Any], object]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
    "<<": operator.lshift,
    ">>": operator.rshift,
}
ORDER: Mapping[str, Callable[[Any, Any], object]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def truth(frame: Frame, value: Value) -> bool | None:
    """Whether the value is true; None if that is not known (also for soft constants)."""
    kind = type(value)
    if kind is Const:
        return None if value.soft else bool(value.value)  # type: ignore[union-attr]
    if kind is OneOf:
        answers = {truth(frame, v) for v in value.values}  # type: ignore[union-attr]
        return answers.pop() if len(answers) == 1 else None
    if kind is TupleValue:
        return bool(value.items)  # type: ignore[union-attr]
    if kind is Text:
        return True if any(value.parts) else None  # type: ignore[union-attr]
    if kind in (FunctionValue, BoundMethod, Builtin, BuiltinMethod, ModuleValue):
        return True
    if kind is Ref:
        obj = frame.read(value)  # type: ignore[arg-type]
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
    return None


def negate(value: Value, known: bool | None, frame: Frame) -> Value:
    """``not value``, given its truth."""
    if known is not None:
        return FALSE if known else TRUE
    soft = type(value) is Const
    if soft and type(value) is Const:
        return Const(not value.value, value.origin, True)
    return unknown(value, "unknown-condition")


def boolean(answer: bool, *operands: Value) -> Value:
    """A truth value, soft if an operand is."""
    return Const(answer, None, any(type(v) is Const and v.soft for v in operands))


def binary(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value:
    """``left op right``."""
    if type(left) is OneOf or type(right) is OneOf:
        return join_all([binary(frame, op, a, b, origin) for a in alternatives(left) for b in alternatives(right)])
    if type(left) is Unknown or type(right) is Unknown:
        if op == "+" and (type(left) in (Text, Const) or type(right) in (Text, Const)):
            return _concatenate(left, right, origin) or unknown(left, "unknown-operand", origin)
        return left if type(left) is Unknown else right
    if type(left) is Const and type(right) is Const:
        return _fold(op, left, right, origin)
    if op == "+":
        joined = _concatenate(left, right, origin)
        if joined is not None:
            return joined
    if op == "%" and isinstance(left, Const) and isinstance(left.value, str):
        return percent(frame, left, right, origin)
    if type(left) is TupleValue and type(right) is TupleValue and op == "+":
        return TupleValue(left.items + right.items, origin)
    if isinstance(left, Ref) and isinstance(right, Ref):
        first, second = frame.read(left), frame.read(right)
        if isinstance(first, ListObj) and isinstance(second, ListObj) and op == "+":
            return frame.new(concatenated(first, second))
        if isinstance(first, DictObj) and isinstance(second, DictObj):
            result = combined(op, first, second)
            if result is not None:
                return frame.new(result)
    if op == "/" and _is_path(frame, left):
        return Unknown("path-object", origin)
    return Unknown("unknown-operand", origin)


def _is_path(frame: Frame, value: Value) -> bool:
    if not isinstance(value, Ref):
        return False
    obj = frame.read(value)
    return isinstance(obj, ForeignObj) and obj.callee.startswith("pathlib.")


def _fold(op: str, left: Const, right: Const, origin: Origin) -> Value:
    function = ARITHMETIC.get(op)
    a, b = left.value, right.value
    if function is None or _too_large(op, a, b):
        return _power(left, right, origin) if op == "**" else Unknown("unknown-operand", origin)
    try:
        result = function(a, b)
    except (TypeError, ValueError, ArithmeticError):
        return Unknown("raises", origin)
    if isinstance(result, (bool, int, float, str, bytes)):
        return Const(result, left.origin if isinstance(result, str) and left.origin else origin, left.soft or right.soft)
    return Unknown("unknown-operand", origin)


def _power(left: Const, right: Const, origin: Origin) -> Value:
    a, b = left.value, right.value
    if isinstance(a, int) and isinstance(b, int) and abs(a) <= 1000 and 0 <= b <= 64:
        return Const(int(a**b), origin, left.soft or right.soft)
    return Unknown("unknown-operand", origin)


def _too_large(op: str, a: object, b: object) -> bool:
    if op == "*":
        length = len(a) if isinstance(a, (str, bytes)) else len(b) if isinstance(b, (str, bytes)) else 1
        factor = b if isinstance(b, int) else a if isinstance(a, int) else 1
        return length * abs(factor) > MAX_SIZE if isinstance(factor, int) and length > 1 else abs(factor) > 10**4000 if factor else False
    return op == "<<" and isinstance(b, int) and b > 1000


def _concatenate(left: Value, right: Value, origin: Origin) -> Value | None:
    """``+`` on texts with unknown parts; None if neither side is certainly a text."""
    sides = [(v.parts if type(v) is Text else (v.value,) if type(v) is Const and isinstance(v.value, str) else None) for v in (left, right)]
    if sides[0] is None and sides[1] is None:
        return None
    if any(side is None and type(value) is not Unknown for side, value in zip(sides, (left, right), strict=True)):
        return None
    parts = [part for side in sides for part in (side if side is not None else (None,))]
    return text(parts, origin)


def text(parts: list[str | None], origin: Origin, soft: bool = False) -> Value:
    """A text from its parts: a constant if all are known."""
    merged: list[str | None] = []
    for part in parts:
        if part is not None and merged and merged[-1] is not None:
            merged[-1] += part
        elif not (part is None and merged and merged[-1] is None) and part != "":
            merged.append(part)
    if not merged:
        return Const("", origin, soft)
    if len(merged) == 1 and merged[0] is not None:
        return Const(merged[0], origin, soft)
    return Text(tuple(merged), origin)


def concatenated(first: ListObj, second: ListObj) -> ListObj:
    if first.open is not None:
        return ListObj(first.items, first.open, first.kind, first.origin)
    return ListObj(first.items + second.items, second.open, first.kind, first.origin)


def combined(op: str, first: DictObj, second: DictObj) -> DictObj | None:
    """``|`` of dicts, and ``|``, ``&``, ``-``, ``^`` of sets."""
    if op == "|":
        return merged(first, second)
    if first.kind != "set" or second.kind != "set":
        return None
    opened = first.open or second.open
    if op == "&":
        kept = {k: _if(e, second, True) for k, e in first.entries.items() if k in second.entries or second.open}
        return DictObj(kept, opened, "set")
    if op == "-":
        left = {k: _if(e, second, False) for k, e in first.entries.items() if k not in second.entries or not second.entries[k].must}
        return DictObj(left, first.open, "set")
    if op == "^":
        only = combined("-", first, second)
        other = combined("-", second, first)
        return merged(only, other) if only and other else None
    return None


def _if(entry: Entry, other: DictObj, present: bool) -> Entry:
    """The entry, certain only if its presence (or absence) in ``other`` is."""
    there = other.entries.get(key_of(entry.key))
    sure = (there is not None and there.must) if present else (there is None and other.open is None)
    return entry if sure or not entry.must else Entry(entry.key, entry.value, False, entry.writer)


def merged(first: DictObj, second: DictObj) -> DictObj:
    """``first`` updated with ``second``."""
    entries: dict[Key, Entry] = dict(first.entries)
    if second.open is not None:
        entries = {k: Entry(e.key, join(e.value, second.open), e.must, e.writer) for k, e in entries.items()}
    for key, entry in second.entries.items():
        old = entries.get(key)
        if entry.must or old is None:
            entries[key] = entry
        else:
            entries[key] = Entry(old.key, join(old.value, entry.value), old.must, old.writer)
    return DictObj(entries, first.open or second.open, first.kind, first.origin)


# --- comparison ---


def compare(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value:
    """``left op right`` for ``==``, ``in``, ``is``, ``<`` and the like."""
    if op in ("not in", "is not", "!="):
        positive = compare(frame, {"not in": "in", "is not": "is", "!=": "=="}[op], left, right, origin)
        return join_all([Const(not v.value, None, v.soft) if isinstance(v, Const) else v for v in alternatives(positive)])
    if op == "in":
        return contains(frame, left, right, origin)
    if type(left) is OneOf or type(right) is OneOf:
        return join_all([compare(frame, op, a, b, origin) for a in alternatives(left) for b in alternatives(right)])
    if type(left) is Unknown or type(right) is Unknown:
        return left if type(left) is Unknown else right
    if op in ("==", "is"):
        answer = _equal(frame, left, right) if op == "==" else _identical(frame, left, right)
        return Unknown("unknown-comparison", origin) if answer is None else boolean(answer, left, right)
    if type(left) is Const and type(right) is Const and op in ORDER:
        try:
            return Const(bool(ORDER[op](left.value, right.value)), None, left.soft or right.soft)
        except TypeError:
            return Unknown("raises", origin)
    return Unknown("unknown-comparison", origin)


def _equal(frame: Frame, left: Value, right: Value) -> bool | None:
    if type(left) is Const and type(right) is Const:
        return left.value == right.value
    if type(left) is TupleValue and type(right) is TupleValue:
        if len(left.items) != len(right.items):
            return False
        answers = [_equal(frame, a, b) for a, b in zip(left.items, right.items, strict=True)]
        return False if False in answers else None if None in answers else True
    if type(left) is Ref and type(right) is Ref and left == right:
        return True
    if type(left) is Ref and type(right) is Ref:
        return _equal_objects(frame, left, right)
    if {type(left), type(right)} & {Text}:
        return _texts_differ(left, right)
    if _plain(frame, left) and _plain(frame, right):
        return False
    return None


def _texts_differ(left: Value, right: Value) -> bool | None:
    """False if a text with unknown parts certainly differs from the other value."""
    shape, other = (left, right) if type(left) is Text else (right, left)
    if not isinstance(shape, Text) or not isinstance(other, Const):
        return None
    if not isinstance(other.value, str):
        return False
    first, last = shape.parts[0], shape.parts[-1]
    if (first is not None and not other.value.startswith(first)) or (last is not None and not other.value.endswith(last)):
        return False
    return None


def _equal_objects(frame: Frame, left: Ref, right: Ref) -> bool | None:
    a, b = frame.read(left), frame.read(right)
    if isinstance(a, ClassObj) or isinstance(b, ClassObj):
        return False
    if isinstance(a, InstanceObj) or isinstance(b, InstanceObj) or isinstance(a, ForeignObj) or isinstance(b, ForeignObj):
        return False if frame.ev.is_enum_member(frame, left) and frame.ev.is_enum_member(frame, right) else None
    if isinstance(a, DictObj) and isinstance(b, DictObj):
        complete = a.open is None and b.open is None
        if a.kind != b.kind:
            return False if complete else None
        certain = complete and all(e.must for e in (*a.entries.values(), *b.entries.values()))
        if certain and a.entries.keys() != b.entries.keys():
            return False
        if certain and a.kind == "set":
            return True
        answers = {_equal(frame, e.value, b.entries[k].value) for k, e in a.entries.items() if k in b.entries}
        return None if not certain or answers - {True} else True
    if isinstance(a, ListObj) and isinstance(b, ListObj):
        certain = a.open is None and b.open is None and all(i.must for i in (*a.items, *b.items))
        if not certain or a.kind != b.kind:
            return None
        return _equal(frame, TupleValue(tuple(i.value for i in a.items)), TupleValue(tuple(i.value for i in b.items)))
    return False


def _plain(frame: Frame, value: Value) -> bool:
    """A value whose equality with one of another kind is certainly false."""
    if isinstance(value, Ref):
        obj = frame.read(value)
        return isinstance(obj, (DictObj, ListObj, ClassObj)) or (
            frame.ev.is_enum_member(frame, value) is True and not frame.ev.is_mixed_enum(frame, value)
        )
    return isinstance(value, (Const, TupleValue, FunctionValue, ModuleValue))


def _identical(frame: Frame, left: Value, right: Value) -> bool | None:
    for a, b in ((left, right), (right, left)):
        if isinstance(a, Const) and (a.value is None or isinstance(a.value, bool)):
            if isinstance(b, Const):
                return a.value is b.value
            if isinstance(b, (Text, TupleValue, FunctionValue, BoundMethod, Ref, ModuleValue, Builtin)):
                return False
            return None
    if type(left) is Ref and type(right) is Ref:
        return left == right
    if isinstance(left, Builtin) and isinstance(right, Builtin):
        return left == right
    return None


def contains(frame: Frame, needle: Value, container: Value, origin: Origin) -> Value:
    """``needle in container``."""
    if type(container) is OneOf or type(needle) is OneOf:
        return join_all([contains(frame, n, c, origin) for n in alternatives(needle) for c in alternatives(container)])
    if isinstance(container, Const) and isinstance(container.value, str) and isinstance(needle, Const):
        if isinstance(needle.value, str):
            return boolean(needle.value in container.value, needle, container)
        return Unknown("raises", origin)
    if isinstance(container, Text) and isinstance(needle, Const) and isinstance(needle.value, str):
        if any(part is not None and needle.value in part for part in container.parts):
            return boolean(True, needle)
        return Unknown("unknown-text", origin)
    if isinstance(container, Ref):
        obj = frame.read(container)
        if isinstance(obj, DictObj):
            return _in_dict(frame, needle, container, obj, origin)
        if isinstance(obj, ListObj):
            return _in_items(frame, needle, obj.items, obj.open, origin)
    if isinstance(container, TupleValue):
        return _in_items(frame, needle, tuple(Item(v) for v in container.items), None, origin)
    return unknown(container, "unknown-container", origin)


def _in_dict(frame: Frame, needle: Value, container: Ref, obj: DictObj, origin: Origin) -> Value:
    key = key_of(needle)
    if key is None:
        if not obj.entries and obj.open is None:
            return FALSE
        return unknown(needle, "unknown-key", origin)
    frame.ev.on_lookup(frame, container, obj, needle, origin, None)
    entry = obj.entries.get(key)
    if entry is not None:
        return boolean(True, needle) if entry.must else Unknown("maybe-present", origin)
    if obj.open is not None:
        return obj.open
    return boolean(False, needle)


def _in_items(frame: Frame, needle: Value, items: tuple[Item, ...], opened: Unknown | None, origin: Origin) -> Value:
    answers = [(_known_equal(frame, needle, item.value), item.must) for item in items]
    softness = [needle, *(item.value for item in items)]
    if any(answer is True and must for answer, must in answers):
        return boolean(True, *softness)
    if opened is not None:
        return opened
    if all(answer is False for answer, _ in answers):
        return boolean(False, *softness)
    return unknown(needle, "unknown-comparison", origin)


def _known_equal(frame: Frame, a: Value, b: Value) -> bool | None:
    answers = {
        None if type(x) is Unknown or type(y) is Unknown else _equal(frame, x, y) for x in alternatives(a) for y in alternatives(b)
    }  # fmt: skip
    return answers.pop() if len(answers) == 1 else None


# --- text ---


def display(frame: Frame, value: Value, conversion: str, spec: str | None) -> list[str | None]:
    """The parts of ``format(value, spec)`` as it stands in an f-string; ``[None]`` where it is not known."""
    if isinstance(value, Text) and not conversion and spec == "":
        return list(value.parts)
    if isinstance(value, Const) and spec is not None and not isinstance(value.value, bytes):
        shown: object = value.value
        try:
            if conversion == "r":
                shown = repr(shown)
            elif conversion == "a":
                shown = ascii(shown)
            elif conversion == "s":
                shown = str(shown)
            result = format(shown, spec)
        except (ValueError, TypeError):
            return [None]
        return [result] if len(result) <= MAX_SIZE else [None]
    if isinstance(value, Ref) and spec == "" and frame.ev.is_enum_member(frame, value):
        return [None]
    return [None]


def percent(frame: Frame, template: Const, right: Value, origin: Origin) -> Value:
    """``template % right``."""
    given: object
    if isinstance(right, TupleValue):
        if not all(isinstance(v, Const) for v in right.items):
            return Text((None,), origin)
        given = tuple(v.value for v in right.items if isinstance(v, Const))
    elif isinstance(right, Const):
        given = right.value
    else:
        return Text((None,), origin)
    try:
        result = str(template.value) % given
    except (TypeError, ValueError, KeyError):
        return Unknown("raises", origin)
    return Const(result, origin) if len(result) <= MAX_SIZE else Text((None,), origin)


def unary(frame: Frame, op: str, operand: Value, origin: Origin) -> Value:
    """``-x``, ``+x``, ``~x`` (``not`` is ``negate``)."""
    if type(operand) is OneOf:
        return join_all([unary(frame, op, v, origin) for v in operand.values])
    if isinstance(operand, Const) and isinstance(operand.value, (int, float)):
        value = operand.value
        if op == "-":
            return Const(-value, origin, operand.soft)
        if op == "+":
            return Const(+value, origin, operand.soft)
        if isinstance(value, int):
            return Const(~value, origin, operand.soft)
    return unknown(operand, "unknown-operand", origin)
