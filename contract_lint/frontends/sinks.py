"""Where the inputs of a step end up: the arguments of the SDK that they are given to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from contract_lint.model.contract import NameUse, Sink, Table
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.observations import GIVEN_VALUE
from contract_lint.python.values import DictObj, ForeignObj, ListObj, Origin, Ref, TupleValue, Unknown, Value, alternatives
from contract_lint.sagemaker.signatures import bind


def sinks(ev: Evaluator, created: Answer | None, uses: Iterable[NameUse]) -> tuple[Sink, ...]:
    """The arguments that the inputs which ``create_step`` looks up are given to, each place once."""
    if created is None:
        return ()
    names = {use.span: use.name for use in uses if use.table is Table.INPUTS}
    found: dict[Sink, None] = {}
    for origin, sdk_class, argument, at in _arguments(created, created.value, "", "", None, set()):
        span, place = ev.span(origin), ev.span(at)
        if span in names and place is not None:
            found[Sink(names[span], sdk_class, argument, place)] = None
    return tuple(sorted(found, key=lambda sink: (sink.span, sink.input, sink.argument)))


def _arguments(
    answer: Answer, value: Value, sdk_class: str, argument: str, at: Origin, seen: set[object]
) -> Iterator[tuple[Origin, str, str, Origin]]:
    """Each value that the caller gives, by the place of its name, with the argument that takes it and the call's place."""
    for one in alternatives(value):
        if isinstance(one, Unknown) and one.reason == GIVEN_VALUE and sdk_class:
            yield one.origin, sdk_class, argument, at
        elif isinstance(one, TupleValue):
            for item in one.items:
                yield from _arguments(answer, item, sdk_class, argument, at, seen)
        elif isinstance(one, Ref) and (one.address, sdk_class, argument) not in seen:
            seen.add((one.address, sdk_class, argument))
            yield from _inside(answer, one, sdk_class, argument, at, seen)


def _inside(
    answer: Answer, ref: Ref, sdk_class: str, argument: str, at: Origin, seen: set[object]
) -> Iterator[tuple[Origin, str, str, Origin]]:
    obj = answer.read(ref)
    if isinstance(obj, ForeignObj):
        name = obj.callee.rpartition(".")[2]
        for keyword, value in (*bind(obj.callee, obj.args, obj.kwargs).items(), *obj.attributes.items()):
            yield from _arguments(answer, value, name, keyword, obj.origin, seen)
        if obj.receiver is not None:
            yield from _arguments(answer, obj.receiver, "", "", None, seen)
    elif isinstance(obj, ListObj):
        for item in obj.items:
            yield from _arguments(answer, item.value, sdk_class, argument, at, seen)
    elif isinstance(obj, DictObj):
        for entry in obj.entries.values():
            yield from _arguments(answer, entry.value, sdk_class, argument, at, seen)
