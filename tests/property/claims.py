"""Compares what the evaluator claims of a value with the real value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from enum import Enum

from contract_lint.python.evaluate import Answer
from contract_lint.python.values import (
    UNSET,
    BoundMethod,
    Builtin,
    ClassObj,
    Const,
    DictObj,
    DictView,
    External,
    FunctionValue,
    InstanceObj,
    ListObj,
    OneOf,
    Part,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
)


def false_claims(answer: Answer, value: Value, real: object, place: str = "") -> list[str]:
    """What the value says of ``real`` that is not so."""
    if isinstance(value, OneOf):
        each = [false_claims(answer, one, real, place) for one in value.values]
        return [] if any(not one for one in each) else [f"{place}: none of several: {each}"]
    if isinstance(value, Const):
        same = type(value.value) is type(real) and value.value == real
        return [] if same else [f"{place}: {value.value!r} is claimed, it is {real!r}"]
    if isinstance(value, Text):
        fits = isinstance(real, str) and text_fits(value.parts, real)
        return [] if fits else [f"{place}: text of {value.parts} is claimed, it is {real!r}"]
    if isinstance(value, TupleValue):
        if not isinstance(real, tuple) or len(real) != len(value.items):
            return [f"{place}: a tuple of {len(value.items)} is claimed, it is {real!r}"]
        return _all(false_claims(answer, v, r, f"{place}[{i}]") for i, (v, r) in enumerate(zip(value.items, real, strict=True)))
    if isinstance(value, DictView):
        return [] if type(real).__name__ == f"dict_{value.kind}" else [f"{place}: a view is claimed, it is {real!r}"]
    if isinstance(value, (FunctionValue, BoundMethod)):
        name = value.qualname if isinstance(value, FunctionValue) else value.function.qualname
        real_name = getattr(real, "__qualname__", "").replace("<locals>.", "")
        return [] if real_name == name else [f"{place}: {name} is claimed, it is {real!r}"]
    if isinstance(value, Builtin):
        return [] if getattr(real, "__name__", None) == value.name else [f"{place}: {value.name} is claimed, it is {real!r}"]
    if isinstance(value, Ref):
        return _object_claims(answer, value, real, place)
    return []


def _all(lists: Iterator[list[str]]) -> list[str]:
    return [one for found in lists for one in found]


def text_fits(parts: tuple[str | None, ...], real: str) -> bool:
    """Whether the known parts stand in the text, in order, at its ends where no unknown part does."""
    reached = {0}
    free = False
    for part in parts:
        if part is None:
            free = True
            continue
        if free:
            reached = {at + len(part) for at in range(len(real)) if at >= min(reached) and real.startswith(part, at)}
        else:
            reached = {at + len(part) for at in reached if real.startswith(part, at)}
        if not reached:
            return False
        free = False
    return free or len(real) in reached


def _object_claims(answer: Answer, value: Ref, real: object, place: str) -> list[str]:
    obj = answer.read(value)
    if isinstance(obj, DictObj):
        if obj.kind == "set":
            return _set_claims(answer, obj, real, place)
        return _dict_claims(answer, obj, real, place)
    if isinstance(obj, ListObj):
        return _list_claims(answer, obj, real, place)
    if isinstance(obj, ClassObj):
        return [] if getattr(real, "__qualname__", None) == obj.qualname else [f"{place}: class {obj.qualname} is claimed, it is {real!r}"]
    if isinstance(obj, InstanceObj):
        return _instance_claims(answer, obj, real, place)
    return []


def _instance_claims(answer: Answer, obj: InstanceObj, real: object, place: str) -> list[str]:
    cls = answer.read(obj.cls)
    assert isinstance(cls, ClassObj)
    if cls.qualname not in [base.__qualname__ for base in type(real).__mro__][: 1 if obj.exact else None]:
        return [f"{place}: an instance of {cls.qualname} is claimed, it is {real!r}"]
    if isinstance(real, Enum):
        return false_claims(answer, obj.attributes["name"], real.name, f"{place}.name")
    found: list[str] = []
    for name, value in obj.attributes.items():
        if isinstance(value, OneOf) and UNSET in value.values:
            continue
        if not hasattr(real, name):
            found.append(f"{place}.{name}: an attribute is claimed, there is none")
        else:
            found += false_claims(answer, value, getattr(real, name), f"{place}.{name}")
    return found


def _matching(answer: Answer, key: Value, keys: list[object]) -> list[object]:
    return [real for real in keys if not false_claims(answer, key, real)]


def _dict_claims(answer: Answer, obj: DictObj, real: object, place: str) -> list[str]:
    if not isinstance(real, dict):
        return [f"{place}: a dict is claimed, it is {real!r}"]
    found: list[str] = []
    keys = list(real)
    explained: list[object] = []
    for entry in obj.entries.values():
        matching = _matching(answer, entry.key, keys)
        explained += matching
        if entry.must and not matching:
            found.append(f"{place}: key {entry.key} is claimed, there are {keys}")
        for key in matching if not isinstance(entry.key, External) else ():
            found += false_claims(answer, entry.value, real[key], f"{place}[{key!r}]")
    if obj.open is None:
        found += [f"{place}: no key {key!r} is claimed, but it is there" for key in keys if key not in explained]
    if obj.open is None and not obj.shuffled and not found:
        order = [key for entry in obj.entries.values() for key in _matching(answer, entry.key, keys)]
        if order != keys:
            found.append(f"{place}: the order {order} is claimed, it is {keys}")
    return found


def _set_claims(answer: Answer, obj: DictObj, real: object, place: str) -> list[str]:
    if not isinstance(real, (set, frozenset)):
        return [f"{place}: a set is claimed, it is {real!r}"]
    items = list(real)
    found = [
        f"{place}: element {e.key} is claimed, there are {items}"
        for e in obj.entries.values()
        if e.must and not _matching(answer, e.key, items)
    ]
    explained = [one for e in obj.entries.values() for one in _matching(answer, e.key, items)]
    return found + ([] if obj.open is not None else [f"{place}: no element {one!r} is claimed" for one in items if one not in explained])


def _list_claims(answer: Answer, obj: ListObj, real: object, place: str) -> list[str]:
    if obj.kind in ("list", "tuple") and type(real).__name__ != obj.kind:
        return [f"{place}: a {obj.kind} is claimed, it is {real!r}"]
    items = list(real)  # type: ignore[call-overload]
    if obj.shuffled:
        missing = [i for i in obj.items if i.must and not any(not false_claims(answer, i.value, r) for r in items)]
        extra = [] if obj.open else [r for r in items if all(false_claims(answer, i.value, r) for i in obj.items)]
        return [f"{place}: unordered {obj.items} is claimed, it is {items!r}"] if missing or extra else []
    if _sequence_fits(answer, obj, items, 0, 0):
        return []
    return [f"{place}: items {obj.items} open={obj.open} are claimed, they are {items!r}"]


def _sequence_fits(answer: Answer, obj: ListObj, items: list[object], at: int, index: int) -> bool:
    if index == len(obj.items):
        return obj.open is not None or at == len(items)
    item = obj.items[index]
    if not item.must and _sequence_fits(answer, obj, items, at, index + 1):
        return True
    return at < len(items) and not false_claims(answer, item.value, items[at]) and _sequence_fits(answer, obj, items, at + 1, index + 1)


def gaps(answer: Answer, value: Value) -> Counter[str]:
    """Why the value is not fully known; nothing if it is: constants in closed containers."""
    found: Counter[str] = Counter()
    _gaps(answer, value, found)
    return found


def _gaps(answer: Answer, value: Value, found: Counter[str]) -> None:
    if isinstance(value, Unknown):
        found[value.reason] += 1
    elif isinstance(value, OneOf):
        reasons = {one.reason for one in value.values if isinstance(one, Unknown)}
        found[next(iter(sorted(reasons)), "several-values")] += 1
    elif isinstance(value, Text):
        found["text-in-part"] += 1
    elif isinstance(value, TupleValue):
        for item in value.items:
            _gaps(answer, item, found)
    elif isinstance(value, Ref):
        obj = answer.read(value)
        if isinstance(obj, (DictObj, ListObj)) and obj.open is not None:
            found["open: " + obj.open.reason] += 1
        if isinstance(obj, DictObj):
            for entry in obj.entries.values():
                if not entry.must:
                    found["maybe-key"] += 1
                _gaps(answer, entry.key, found)
                _gaps(answer, entry.value, found)
        elif isinstance(obj, ListObj):
            for one in obj.items:
                if not one.must:
                    found["maybe-item"] += 1
                _gaps(answer, one.value, found)


def shown(answer: Answer, value: Value) -> str:
    """The claim as a text that depends on no address and on no order of evaluation."""
    if isinstance(value, OneOf):
        return "one of (" + " | ".join(sorted(shown(answer, one) for one in value.values)) + ")"
    if isinstance(value, Part):
        return shown(answer, value.whole) + value.path
    if isinstance(value, Unknown):
        return "?" + value.reason
    if isinstance(value, TupleValue):
        return "(" + ", ".join(shown(answer, one) for one in value.items) + ")"
    if isinstance(value, Ref):
        obj = answer.read(value)
        if isinstance(obj, DictObj):
            entries = [f"{shown(answer, e.key)}{'' if e.must else '?'}: {shown(answer, e.value)}" for e in obj.entries.values()]
            return obj.kind + "{" + ", ".join(sorted(entries)) + (f", …{obj.open.reason}" if obj.open else "") + "}"
        if isinstance(obj, ListObj):
            items = [shown(answer, item.value) + ("" if item.must else "?") for item in obj.items]
            return obj.kind + "[" + ", ".join(items) + (f", …{obj.open.reason}" if obj.open else "") + "]"
        if isinstance(obj, InstanceObj):
            cls = answer.read(obj.cls)
            return f"{getattr(cls, 'qualname', '')}({', '.join(f'{n}={shown(answer, v)}' for n, v in sorted(obj.attributes.items()))})"
        return getattr(obj, "qualname", type(obj).__name__)
    if isinstance(value, (FunctionValue, BoundMethod)):
        return (value if isinstance(value, FunctionValue) else value.function).qualname
    return repr(value)
