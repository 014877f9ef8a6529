"""``for`` and ``while``."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from itertools import permutations

from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.assignment import assign
from contract_lint.python.frame import Diverges, Frame, Loop
from contract_lint.python.iteration import Iteration, iterate, iterator
from contract_lint.python.operations import decided
from contract_lint.python.operations_observed import on_iterate
from contract_lint.python.refinement import refine
from contract_lint.python.state import Heap, covers, covers_object, join_environments, join_heaps, join_objects, on_some_paths, widen
from contract_lint.python.values import Address, DictView, HeapObject, Item, ListObj, Ref, Unknown, Value, join, join_all

#: How often a ``while`` whose condition is known is run as it stands.
MAX_ROUNDS = 64
#: How often an unknown loop is run before everything that still changes is given up.
MAX_WIDENINGS = 8
#: Up to so many elements that come in any order are run in every order.
MAX_ORDERS = 3


def run_for(frame: Frame, node: ir.For) -> bool:
    """Run a ``for`` statement; returns whether it falls through."""
    origin = (frame.module, node.at)
    iterable = frame.ev.evaluate(frame, node.iter)
    left = None if node.is_async else iterator(frame, iterable, origin)
    in_turn = left is not None and not left.shuffled
    found = Iteration((), Unknown("async-for", origin)) if node.is_async or in_turn else iterate(frame, iterable, origin)
    if frame.ev.observes:
        on_iterate(frame, "for", iterable, frame.origin(node.iter.at), frame.origin(node.iter.at))
    base, before = frame.heap, frame.captured
    frame.enter()
    loop = Loop()
    frame.loops.append(loop)

    def bound(value: Value) -> Callable[[], bool]:
        def run() -> bool:
            assign(frame, node.target, value, origin)
            return run_round(frame, node.body, loop)

        return run

    if found.unordered:
        alive = _in_any_order(frame, found, bound, loop)
    else:
        alive, rest = _in_turn(frame, iterable, bound, base) if in_turn else _in_order(frame, iterable, found, bound, base)
        if alive and rest is not None:
            alive = repeat(frame, bound(rest), loop)
    frame.loops.pop()
    return _leave(frame, loop, alive and frame.ev.execute(frame, node.orelse), base, before)


def _in_order(
    frame: Frame, iterable: Value, found: Iteration, bound: Callable[[Value], Callable[[], bool]], base: Heap
) -> tuple[bool, Unknown | None]:
    """One round for each element; returns whether the loop goes on, and what stands for the elements that are not known.

    A list or dict that the body changes is read anew after each round, as Python does.
    """
    ref = iterable.dict if isinstance(iterable, DictView) else iterable if isinstance(iterable, Ref) else None
    source = frame.read(ref) if ref is not None else None
    if isinstance(source, ListObj) and source.kind != "list":
        ref = None
    index = 0
    while index < len(found.items):
        item = found.items[index]
        alive = _guarded(frame, bound(item.value)) if item.must else frame.fork([bound(item.value), lambda: True])
        if not alive:
            return False, None
        compact(frame, base)
        index += 1
        if ref is not None and frame.read(ref) is not source:
            source, found = frame.read(ref), iterate(frame, iterable, None)
            if found.unordered or (isinstance(source, ListObj) and not found.exact):
                return True, Unknown("changed-while-read")
    return True, found.open


def _in_turn(frame: Frame, iterable: Value, bound: Callable[[Value], Callable[[], bool]], base: Heap) -> tuple[bool, Unknown | None]:
    """One round for each element that an iterator gives; the body may take some of them itself."""
    assert isinstance(iterable, Ref)
    while (left := iterator(frame, iterable, None)) is not None and left.items and not left.shuffled:
        item = left.items[0]
        frame.write(iterable.address, replace(left, items=left.items[1:]))
        if not (_guarded(frame, bound(item.value)) if item.must else frame.fork([bound(item.value), lambda: True])):
            return False, None
        compact(frame, base)
    if left is not None and left.shuffled:
        return True, Unknown("changed-while-read")
    if left is not None:
        frame.write(iterable.address, ListObj((), Unknown("used-iterator"), "iterator"))
    return True, left.open if left is not None else Unknown("changed-while-read")


def _in_any_order(frame: Frame, found: Iteration, bound: Callable[[Value], Callable[[], bool]], loop: Loop) -> bool:
    if found.open is None and len(found.items) <= MAX_ORDERS:
        return frame.fork([_sequence(frame, order, bound) for order in permutations(found.items)])
    element = join_all([*(item.value for item in found.items), *([found.open] if found.open is not None else [])])
    return repeat(frame, bound(element), loop)


def _sequence(frame: Frame, items: tuple[Item, ...], bound: Callable[[Value], Callable[[], bool]]) -> Callable[[], bool]:
    def run() -> bool:
        return all(_guarded(frame, bound(item.value)) if item.must else frame.fork([bound(item.value), lambda: True]) for item in items)

    return run


def run_while(frame: Frame, node: ir.While) -> bool:
    """Run a ``while`` statement; returns whether it falls through."""
    base, before = frame.heap, frame.captured
    frame.enter()
    loop = Loop()
    frame.loops.append(loop)
    alive, ended = True, False
    for _ in range(MAX_ROUNDS):
        head = frame.state()
        frame.enter()
        known = _condition(frame, node.test)
        if known is Condition.UNKNOWN:
            frame.restore(head)
            frame.enter()
            break
        ended = known is Condition.FALSE
        alive = known is Condition.TRUE and run_round(frame, node.body, loop)
        if not alive:
            break
        compact(frame, base)
    if alive:
        alive = repeat(frame, lambda: _tested(frame, node.test, True) and run_round(frame, node.body, loop), loop)
        alive = alive and _guarded(frame, lambda: _tested(frame, node.test, False))
    frame.loops.pop()
    return _leave(frame, loop, (alive or ended) and frame.ev.execute(frame, node.orelse), base, before)


class Condition(Enum):
    TRUE, FALSE, UNKNOWN, RAISES = range(4)


def _condition(frame: Frame, test: ir.Expr) -> Condition:
    try:
        known = decided(frame, "while", test, frame.ev.evaluate(frame, test))
    except Diverges:
        frame.may_raise()
        return Condition.RAISES
    return Condition.UNKNOWN if known is None else Condition.TRUE if known else Condition.FALSE


def _tested(frame: Frame, test: ir.Expr, outcome: bool) -> bool:
    """Evaluate the condition; returns whether it may have this outcome."""
    if decided(frame, "while", test, frame.ev.evaluate(frame, test)) is (not outcome):
        return False
    refine(frame, test, outcome)
    return True


def _guarded(frame: Frame, run: Callable[[], bool]) -> bool:
    try:
        return run()
    except Diverges:
        frame.may_raise()
        return False


def run_round(frame: Frame, body: ir.Body, loop: Loop) -> bool:
    """One round; returns whether the next one may follow."""
    start = frame.heap
    frame.enter()
    own = Loop()
    outer, frame.loops[-1] = frame.loops[-1], own
    before = frame.captured
    try:
        alive = frame.ev.execute(frame, body)
    finally:
        frame.loops[-1] = outer
        frame.ev.doubts -= own.doubts
    loop.breaks.extend(own.breaks)
    states = list(own.continues)
    if alive:
        states.append(frame.state())
    if not states:
        return False
    frame.settle(states, start, frame.captured != before)
    return True


def _leave(frame: Frame, loop: Loop, alive: bool, base: Heap, before: int) -> bool:
    states = list(loop.breaks)
    if alive:
        states.append(frame.state())
    if not states:
        return False
    frame.settle(states, base, frame.captured - len(loop.breaks) > before)
    return True


def compact(frame: Frame, base: Heap) -> None:
    """Keep the chain of heap layers short."""
    depth = 0
    layer: Heap | None = frame.heap
    while layer is not None and layer is not base:
        depth += 1
        layer = layer.parent
    if depth > 16:
        merged = Heap(base)
        merged.own = frame.heap.since(base)
        frame.heap = merged


# --- any number of rounds ---


def repeat(frame: Frame, run: Callable[[], bool], loop: Loop) -> bool:
    """Any number of rounds, none included: repeat until nothing changes, giving up what keeps changing."""
    depth = frame.ev.forks
    frame.ev.forks = depth + 1
    try:
        return _repeated(frame, run, loop)
    finally:
        frame.ev.forks = depth


def _repeated(frame: Frame, run: Callable[[], bool], loop: Loop) -> bool:
    for round_number in range(MAX_WIDENINGS):
        head, variables = frame.state()
        returned, broken = len(frame.returns), len(loop.breaks)
        frame.heap = Heap(head)
        if not _guarded(frame, run):
            frame.restore((head, variables))
            frame.enter()
            return True
        after, after_variables = frame.state()
        stable_heap, changes = _changes(head, after, round_number > 0)
        stable, next_variables = _changed_variables(variables, after_variables, round_number)
        if stable_heap and stable:
            frame.restore((head, variables))
            target = Heap(head)
            join_heaps([Heap(head), after], head, target)
            frame.heap = target
            if frame.variables is not None:
                frame.variables = join_environments([dict(variables), after_variables])
            return True
        del frame.returns[returned:], loop.breaks[broken:]
        frame.restore((head, next_variables))
        frame.heap = Heap(head)
        frame.heap.own.update(changes)
    frame.ev.give_up("loop")
    return True


def _changes(head: Heap, after: Heap, give_up: bool) -> tuple[bool, dict[Address, HeapObject]]:
    changes: dict[Address, HeapObject] = {}
    stable = True
    for address, obj in after.since(head).items():
        before = head.get(address)
        if before is None:
            changes[address] = on_some_paths(obj)
            continue
        if before is obj:
            continue
        joined = join_objects(before, obj)
        if not covers_object(before, joined):
            stable = False
            changes[address] = widen(before, obj) if give_up else joined
    return stable, changes


def _changed_variables(before: dict[str, Value], after: dict[str, Value], round_number: int) -> tuple[bool, dict[str, Value]]:
    stable = True
    merged = dict(before)
    for name, value in after.items():
        old = before.get(name)
        if old is None:
            continue
        joined = old if old is value else join(old, value)
        if not covers(old, joined):
            stable = False
            merged[name] = joined if round_number == 0 else Unknown("loop")
    return stable, merged
