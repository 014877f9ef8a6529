"""What is changed of an object of the SDK after one of its methods was called: a call that is put off sees the change."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from contract_lint.python.evaluate import Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.operations_observed import Operation, Outside
from contract_lint.python.values import Address, Const, DictObj, ForeignObj, Origin, Ref, Unset, Value, origin_of

CHANGED = "changed"


def changes(ev: Evaluator, frame: Frame, made: Container[Address]) -> Iterator[Operation]:
    """What was set in receivers, or in the dicts that they were made with, after one of the calls ``made`` there.

    ``what`` is the argument or attribute, the operand the receiver; ``others`` are the result of the call and the new value.
    """
    stores = [one for one in ev.observed.operations if one.kind == "store"]
    for outside in ev.observed.outside:
        if outside.receiver is not None and outside.object.address in made:
            yield from _of_attributes(frame, outside, outside.receiver, stores)
            yield from _of_tables(frame, outside)


def _of_attributes(frame: Frame, outside: Outside, before: ForeignObj, stores: Sequence[Operation]) -> Iterator[Operation]:
    receiver = outside.made.receiver
    after = frame.heap.get(receiver.address) if isinstance(receiver, Ref) else None
    for name, value in after.attributes.items() if isinstance(after, ForeignObj) else ():
        if before.attributes.get(name) != value and not isinstance(value, Unset):
            stored = [one.origin for one in stores if (one.operand, one.what, one.others) == (receiver, name, (value,))]
            yield _operation(outside, name, value, True, stored[-1] if stored else origin_of(value))


def _of_tables(frame: Frame, outside: Outside) -> Iterator[Operation]:
    for name, ref, before in outside.tables:
        after = frame.heap.get(ref.address)
        for key, entry in after.entries.items() if isinstance(after, DictObj) else ():
            if before.entries.get(key) != entry:
                shown = entry.key if origin_of(entry.value) is None else entry.value
                yield _operation(outside, name, shown, entry.must and isinstance(entry.key, Const), origin_of(shown))


def _operation(outside: Outside, name: str, value: Value, certain: bool, origin: Origin) -> Operation:
    receiver = outside.made.receiver
    assert isinstance(receiver, Ref)
    return Operation(CHANGED, name, receiver, (outside.object, value), origin, origin, outside.scope, certain)
