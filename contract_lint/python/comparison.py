"""Comparison of abstract values."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from contract_lint.python.dicts import as_set, may_hold, read_dict, subset
from contract_lint.python.frame import Frame, each
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.lists import is_exact
from contract_lint.python.operations import boolean
from contract_lint.python.texts import plain_text
from contract_lint.python.values import (
    FALSE,
    BoundMethod,
    Builtin,
    ClassObj,
    Const,
    DictObj,
    DictView,
    EnumAddress,
    External,
    ForeignAddress,
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
    join_all,
    key_of,
    unknown,
)

ORDER: Mapping[str, Callable[[Any, Any], object]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
NEGATIVE = {"not in": "in", "is not": "is", "!=": "=="}


def compare(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value:
    """``left op right`` for ``==``, ``in``, ``is``, ``<`` and the like."""
    if op in NEGATIVE:
        positive = compare(frame, NEGATIVE[op], left, right, origin)
        return join_all([Const(not v.value, None, v.soft) if isinstance(v, Const) else v for v in alternatives(positive)])
    if type(left) is OneOf or type(right) is OneOf:
        pairs = [(a, b) for a in alternatives(left) for b in alternatives(right)]
        return each(frame, pairs, lambda pair: compare(frame, op, *pair, origin))
    if op == "in":
        return _contains(frame, left, right, origin)
    if type(left) is Unknown or type(right) is Unknown:
        return left if type(left) is Unknown else right
    if op in ("==", "is"):
        answer = equal(frame, left, right) if op == "==" else _identical(frame, left, right)
        return Unknown("unknown-comparison", origin) if answer is None else boolean(answer, left, right)
    return _ordered(frame, op, left, right, origin)


def _ordered(frame: Frame, op: str, left: Value, right: Value, origin: Origin) -> Value:
    left, right = plain_text(left), plain_text(right)
    if type(left) is Const and type(right) is Const and op in ORDER:
        try:
            return boolean(bool(ORDER[op](left.value, right.value)), left, right)
        except TypeError:
            return frame.fails("raises", origin)
    first, second = as_set(frame, left), as_set(frame, right)
    if first is not None and second is not None and op in ("<=", ">="):
        return subset(first, second, origin) if op == "<=" else subset(second, first, origin)
    return Unknown("unknown-comparison", origin)


# --- equality ---


#: What is known of the equality of two objects, None also while they are being compared.
Seen: TypeAlias = dict[tuple[Ref, Ref], bool | None]


def equal(frame: Frame, left: Value, right: Value, seen: Seen | None = None) -> bool | None:
    """``left == right``; None if that is not known. Objects that are in there twice are compared once."""
    frame.ev.tick()
    seen = {} if seen is None else seen
    if type(left) is OneOf or type(right) is OneOf:
        answers = {equal(frame, a, b, seen) for a in alternatives(left) for b in alternatives(right)}
        return answers.pop() if len(answers) == 1 else None
    if type(left) is Ref and left == right:
        return True
    left, right = plain_text(left), plain_text(right)
    if type(left) is Const and type(right) is Const:
        return left.value == right.value
    if type(left) is TupleValue and type(right) is TupleValue:
        return _equal_items(frame, left.items, right.items, seen)
    for one, other in ((left, right), (right, left)):
        if type(one) is TupleValue and type(other) is Ref and isinstance(obj := frame.read(other), ListObj) and obj.kind == "tuple":
            return _equal_items(frame, one.items, tuple(i.value for i in obj.items), seen) if is_exact(obj) else None
    if type(left) is Text or type(right) is Text:
        return _texts_differ(left, right)
    first, second = as_set(frame, left), as_set(frame, right)
    if first is not None and second is not None:
        return _equal_keys(first, second)
    if type(left) is Ref and type(right) is Ref:
        if (left, right) not in seen:
            seen[left, right] = None
            seen[left, right] = _equal_objects(frame, left, right, seen)
        return seen[left, right]
    if isinstance(left, FunctionValue) and isinstance(right, FunctionValue) and left.node is right.node:
        # A function that is made in another one, anew with each call, need not be itself.
        return True if left == right and not left.captured and "." not in left.qualname and "<" not in left.qualname else None
    if isinstance(left, ModuleValue | Builtin) and left == right:
        return True
    return False if _is_plain(frame, left) and _is_plain(frame, right) else None


def _equal_items(frame: Frame, first: tuple[Value, ...], second: tuple[Value, ...], seen: Seen) -> bool | None:
    if len(first) != len(second):
        return False
    answers = [equal(frame, a, b, seen) for a, b in zip(first, second, strict=True)]
    return False if False in answers else None if None in answers else True


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


def _equal_objects(frame: Frame, left: Ref, right: Ref, seen: Seen) -> bool | None:
    a, b = frame.read(left), frame.read(right)
    if isinstance(a, ClassObj) or isinstance(b, ClassObj):
        return False
    if isinstance(a, (InstanceObj, ForeignObj)) or isinstance(b, (InstanceObj, ForeignObj)):
        return False if isinstance(left.address, EnumAddress) and isinstance(right.address, EnumAddress) else None
    if isinstance(a, DictObj) and isinstance(b, DictObj) and a.kind == b.kind:
        same = _equal_keys(a, b)
        if same is not True:
            return same
        answers = {equal(frame, e.value, b.entries[k].value, seen) for k, e in a.entries.items()}
        return False if False in answers else None if None in answers else True
    if isinstance(a, ListObj) and isinstance(b, ListObj):
        if not is_exact(a) or not is_exact(b) or a.kind != b.kind or a.kind == "iterator":
            return None
        return _equal_items(frame, tuple(i.value for i in a.items), tuple(i.value for i in b.items), seen)
    if not isinstance(a, (DictObj, ListObj)) or not isinstance(b, (DictObj, ListObj)):
        return None
    return False if {a.kind, b.kind} <= {"dict", "list", "set", "frozenset"} else None


def _equal_keys(first: DictObj, second: DictObj) -> bool | None:
    for one, other in ((first, second), (second, first)):
        if any(entry.must and not may_hold(other, key) for key, entry in one.entries.items()):
            return False
    certain = first.open is None and second.open is None and all(e.must for e in (*first.entries.values(), *second.entries.values()))
    return True if certain and first.entries.keys() == second.entries.keys() else None


def _is_plain(frame: Frame, value: Value) -> bool:
    """A value whose equality with one of another kind is certainly false."""
    if isinstance(value, Ref):
        return isinstance(frame.read(value), (DictObj, ListObj, ClassObj)) or isinstance(value.address, EnumAddress)
    return isinstance(value, (Const, TupleValue, FunctionValue, ModuleValue))


def _identical(frame: Frame, left: Value, right: Value) -> bool | None:
    for a, b in ((left, right), (right, left)):
        if isinstance(a, Const) and (a.value is None or isinstance(a.value, bool)):
            if isinstance(b, Const):
                return a.value is b.value
            if isinstance(b, Ref):
                return None if _may_be_anything(frame, b) else False
            return False if isinstance(b, (Text, TupleValue, FunctionValue, BoundMethod, ModuleValue, Builtin, DictView)) else None
    if type(left) is Ref and type(right) is Ref:
        if left == right:
            return True
        return None if isinstance(left.address, ForeignAddress) or isinstance(right.address, ForeignAddress) else False
    if isinstance(left, Builtin) and isinstance(right, Builtin):
        return left == right
    return None


def _may_be_anything(frame: Frame, ref: Ref) -> bool:
    """Whether a call outside the project made the object, and none that names a class: a function may return None or a singleton."""
    obj = frame.read(ref)
    return isinstance(obj, ForeignObj) and not obj.callee.rpartition(".")[2][:1].isupper()


# --- membership ---


def _contains(frame: Frame, needle: Value, container: Value, origin: Origin) -> Value:
    """``needle in container``."""
    container = plain_text(container)
    if isinstance(container, (Const, Text)):
        return _in_text(frame, plain_text(needle), container, origin)
    obj = frame.read(container) if isinstance(container, Ref) else None
    if isinstance(container, Ref) and isinstance(obj, DictObj):
        return _in_dict(frame, needle, container, origin)
    if isinstance(container, DictView) and container.kind == "keys":
        return _in_dict(frame, needle, container.dict, origin)
    if isinstance(obj, (ListObj, ClassObj)) or isinstance(container, (TupleValue, DictView)):
        return _in_items(frame, needle, iterate(frame, container, origin), origin)
    if isinstance(container, External) and frame.ev.observer is not None:
        seen = frame.ev.observer.outside_contains(container.name, needle)
        if seen is not None:
            return seen
    return unknown(container, "unknown-container", origin)


def _in_text(frame: Frame, needle: Value, container: Const | Text, origin: Origin) -> Value:
    wanted = needle.value if isinstance(needle, Const) else None
    if isinstance(container, Const) and isinstance(container.value, str) and isinstance(needle, Const):
        return boolean(wanted in container.value, needle, container) if isinstance(wanted, str) else frame.fails("raises", origin)
    if isinstance(container, Const) and not isinstance(container.value, (str, bytes)):
        return frame.fails("raises", origin)
    if isinstance(container, Text) and isinstance(wanted, str) and any(part is not None and wanted in part for part in container.parts):
        return boolean(True, needle)
    return Unknown("unknown-text", origin)


def _in_dict(frame: Frame, needle: Value, container: Ref, origin: Origin) -> Value:
    obj = read_dict(frame, container)
    key = key_of(needle)
    if key is None:
        return FALSE if not obj.entries and obj.open is None else unknown(needle, "unknown-key", origin)
    frame.ev.on_lookup(frame, container, obj, needle, "in", origin, None)
    entry = obj.entries.get(key)
    if entry is not None:
        return boolean(True, needle) if entry.must else Unknown("maybe-present", origin)
    if may_hold(obj, key):
        return obj.open or Unknown("outside-constant", origin)
    return boolean(False, needle)


def _in_items(frame: Frame, needle: Value, found: Iteration, origin: Origin) -> Value:
    answers = [(_equal_if_known(frame, needle, item), item.must) for item in found.items]
    softness = [needle, *(item.value for item in found.items)]
    if any(answer is True and must for answer, must in answers):
        return boolean(True, *softness)
    if found.open is not None:
        return found.open
    if all(answer is False for answer, _ in answers):
        return boolean(False, *softness)
    return unknown(needle, "unknown-comparison", origin)


def _equal_if_known(frame: Frame, needle: Value, item: Item) -> bool | None:
    return None if type(needle) is Unknown or type(item.value) is Unknown else equal(frame, needle, item.value)
