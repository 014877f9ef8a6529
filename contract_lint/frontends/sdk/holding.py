"""Which objects of the SDK are kept where more may become of them than is seen: in lists, dicts and instances, and outside of the SDK."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract_lint.frontends.sdk.snapshot import is_sdk
from contract_lint.python.frame import Frame
from contract_lint.python.values import DictObj, ForeignObj, HeapObject, InstanceObj, ListObj, OneOf, Ref, TupleValue, Value


def held_objects(frame: Frame, made: Iterable[HeapObject], result: Value | None) -> frozenset[int]:
    """The numbers of those that something in ``made`` holds, or that ``result`` is or has."""
    values = [] if result is None else [result]
    for obj in made:
        values += _values(obj)
    return frozenset(number for value in values for number in _numbers(frame, value))


def _values(obj: HeapObject) -> Iterator[Value]:
    if isinstance(obj, ListObj):
        yield from (item.value for item in obj.items)
    elif isinstance(obj, DictObj):
        for entry in obj.entries.values():
            yield from (entry.key, entry.value)
    elif isinstance(obj, InstanceObj):
        yield from obj.attributes.values()
    elif isinstance(obj, ForeignObj) and not is_sdk(obj):
        yield from (*obj.args, *obj.kwargs.values(), *obj.attributes.values())


def _numbers(frame: Frame, value: Value) -> Iterator[int]:
    if isinstance(value, (OneOf, TupleValue)):
        for one in value.values if isinstance(value, OneOf) else value.items:
            yield from _numbers(frame, one)
    elif type(value) is Ref and isinstance(value.address, int) and is_sdk(frame.heap.get(value.address)):
        yield int(value.address)
