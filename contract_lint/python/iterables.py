"""Builtin functions that read iterables or make iterators."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import TypeAlias

from msgspec.structs import replace

from contract_lint.python.calls import Arguments, call
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import Iteration, iterate, iterator, to_list
from contract_lint.python.lists import sort_items
from contract_lint.python.operations import binary, boolean, truth
from contract_lint.python.operations_observed import observe, on_call
from contract_lint.python.values import (
    FALSE,
    NONE,
    Const,
    Item,
    ListObj,
    OneOf,
    Origin,
    Ref,
    TupleValue,
    Unknown,
    Value,
    is_soft,
    join,
    join_all,
    soften,
    unknown,
)

Function: TypeAlias = Callable[[Frame, Arguments, Origin], Value]

#: A longer range is not spelled out.
MAX_RANGE = 10_000


def first(arguments: Arguments) -> Value:
    """The first positional argument, without which the call raises."""
    if not arguments.args:
        raise Diverges
    return arguments.args[0]


def _iter(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = first(arguments)
    if isinstance(value, Ref) and isinstance(obj := frame.read(value), ListObj) and obj.kind == "iterator":
        return value
    made = to_list(frame, iterate(frame, value, origin), "iterator")
    if isinstance(value, Ref) and isinstance(obj := frame.read(value), ListObj) and obj.kind == "list":
        frame.ev.sources[made.address] = (value, obj)
    return made


def _next(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    value = first(arguments)
    default = arguments.args[1] if len(arguments.args) > 1 else None
    if isinstance(value, OneOf):
        return frame.fork_values([lambda one=one: _next(frame, Arguments((one, *arguments.args[1:]), {}), origin) for one in value.values])  # type: ignore[misc]
    obj = iterator(frame, value, origin)
    if not isinstance(value, Ref) or obj is None:
        reason = unknown(value, "unknown-iterator", origin)
        return reason if default is None else join(default, reason)
    if obj.items and obj.items[0].must and not obj.shuffled:
        frame.write(value.address, replace(obj, items=obj.items[1:]))
        return obj.items[0].value
    frame.write(value.address, replace(obj, items=tuple(Item(item.value, False) for item in obj.items)))
    options: list[Value] = []
    for item in obj.items:
        options.append(item.value)
        if item.must and not obj.shuffled:
            return join_all(options)
    if obj.open is not None:
        options.append(obj.open)
    if default is not None and not any(item.must for item in obj.items):
        options.append(default)
    return join_all(options) if options else frame.fails("raises", origin)


def _key_function(frame: Frame, arguments: Arguments, origin: Origin) -> Callable[[Value], Value] | None:
    key = arguments.kwargs.get("key", NONE)
    return None if key == NONE else lambda value: call(frame, key, Arguments((value,), {}), origin)


def _sorted(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, first(arguments), origin)
    ordered = sort_items(found, arguments.kwargs.get("reverse", FALSE), _key_function(frame, arguments, origin))
    if ordered is not None:
        return frame.new(ListObj(ordered, None, "list", origin))
    frame.may_raise()
    shuffled = len(found.items) > 1 or found.open is not None
    return frame.new(ListObj(found.items, found.open, "list", origin, shuffled))


def _reversed(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, first(arguments), origin)
    shuffled = found.unordered or found.open is not None
    return frame.new(ListObj(found.items[::-1], found.open, "iterator", origin, shuffled))


def _enumerate(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, first(arguments), origin)
    start = arguments.args[1] if len(arguments.args) > 1 else arguments.kwargs.get("start", Const(0))
    items: list[Item] = []
    sure = isinstance(start, Const) and isinstance(start.value, int) and not found.unordered
    for index, item in enumerate(found.items):
        sure = sure and item.must
        number: Value = (
            Const(start.value + index, origin)
            if sure and isinstance(start, Const) and isinstance(start.value, int)
            else Unknown("unknown-index", origin)
        )
        items.append(Item(TupleValue((number, item.value)), item.must))
    return frame.new(ListObj(tuple(items), found.open, "iterator", origin, found.unordered))


def _zip(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    columns = [iterate(frame, value, origin) for value in arguments.args]
    if columns and all(column.exact for column in columns):
        rows = zip(*[[item.value for item in column.items] for column in columns], strict=False)
        return frame.new(ListObj(tuple(Item(TupleValue(tuple(row))) for row in rows), None, "iterator"))
    opened = next((column.open for column in columns if column.open is not None), None)
    return frame.new(ListObj((), opened or Unknown("unknown-length", origin), "iterator"))


def _map(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        return Unknown("unknown-call", origin)
    function, iterable = arguments.args
    found = iterate(frame, iterable, origin)
    items = tuple(Item(_applied(frame, function, item, origin), item.must) for item in found.items)
    return frame.new(ListObj(items, found.open, "iterator", origin, found.unordered))


def _applied(frame: Frame, function: Value, item: Item, origin: Origin) -> Value:
    """``function(item)``; what it does is undone where the item is absent."""
    arguments = Arguments((item.value,), {})
    if frame.ev.observes:
        on_call(frame, function, arguments, origin)
    if item.must:
        return call(frame, function, arguments, origin)
    return frame.fork_values([lambda: call(frame, function, arguments, origin), lambda: Unknown("absent", origin)])


def _filter(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    if len(arguments.args) != 2:
        return Unknown("unknown-call", origin)
    function, iterable = arguments.args
    found = iterate(frame, iterable, origin)
    items: list[Item] = []
    for item in found.items:
        answer = item.value if function == NONE else _applied(frame, function, item, origin)
        if frame.ev.observes:
            observe(frame, "truth", "filter", answer, origin, certain=item.must)
        kept = truth(frame, answer)
        if kept is not False:
            items.append(Item(item.value, item.must and kept is True))
    return frame.new(ListObj(tuple(items), found.open, "iterator", origin, found.unordered))


def _quantifier(wanted: bool) -> Function:
    """``any`` (wanted true) and ``all`` (wanted false): decided by one certain element, or by all of them."""

    def decide(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        found = iterate(frame, first(arguments), origin)
        answers = [(truth(frame, item.value), item.must) for item in found.items]
        if any(answer is wanted and must for answer, must in answers):
            return boolean(wanted)
        if found.open is None and all(answer is (not wanted) for answer, _ in answers):
            return boolean(not wanted)
        return found.open or Unknown("unknown-condition", origin)

    return decide


def _extreme(name: str) -> Function:
    def pick(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
        several = len(arguments.args) > 1
        found = Iteration(tuple(map(Item, arguments.args))) if several else iterate(frame, first(arguments), origin)
        default = arguments.kwargs.get("default")
        if not found.items and found.open is None:
            return default if default is not None else frame.fails("raises", origin)
        ordered = sort_items(found, Const(name == "max"), _key_function(frame, arguments, origin))
        if not ordered:
            return Unknown("unknown-order", origin)
        return soften(ordered[0].value) if any(is_soft(item.value) for item in found.items) else ordered[0].value

    return pick


def _sum(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    found = iterate(frame, first(arguments), origin)
    start = arguments.args[1] if len(arguments.args) > 1 else arguments.kwargs.get("start", Const(0))
    if found.open is not None or not all(item.must for item in found.items):
        return Unknown("unknown-number", origin)
    total = start
    for item in found.items:
        total = binary(frame, "+", total, item.value, origin)
    return total


def _range(frame: Frame, arguments: Arguments, origin: Origin) -> Value:
    bounds = [v.value for v in arguments.args if isinstance(v, Const) and isinstance(v.value, int) and not v.soft]
    if len(bounds) == len(arguments.args) and 1 <= len(bounds) <= 3 and (len(bounds) < 3 or bounds[2]):
        numbers = range(*bounds)
        if all(abs(bound) <= sys.maxsize for bound in bounds) and len(numbers) <= MAX_RANGE:
            return frame.new(ListObj(tuple(Item(Const(n, origin)) for n in numbers), None, "range"))
    return frame.new(ListObj((), Unknown("unknown-range", origin), "range"))


ITERATING: Mapping[str, Function] = {
    "iter": _iter,
    "next": _next,
    "sorted": _sorted,
    "reversed": _reversed,
    "enumerate": _enumerate,
    "zip": _zip,
    "map": _map,
    "filter": _filter,
    "any": _quantifier(True),
    "all": _quantifier(False),
    "min": _extreme("min"),
    "max": _extreme("max"),
    "sum": _sum,
    "range": _range,
}
