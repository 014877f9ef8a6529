"""One abstract execution of a module, class or function body: its variables, its heap, and its forks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from contract_lint.python.operations_observed import on_made
from contract_lint.python.state import Heap, given_up, join_environments, join_heaps, join_objects, on_some_paths
from contract_lint.python.values import (
    Address,
    Alias,
    CellObj,
    DictObj,
    ForeignAddress,
    ForeignObj,
    HeapObject,
    ListObj,
    Origin,
    Ref,
    Unknown,
    Value,
    join,
    join_all,
)

if TYPE_CHECKING:
    from contract_lint.python.evaluate import Evaluator
    from contract_lint.python.modules import Module
    from contract_lint.python.summary import At


T = TypeVar("T")

#: The reasons of an ``Unknown`` that stands for a certain exception.
FAILURES = frozenset({"missing-key", "missing-index", "missing-attribute", "raises"})


#: So many writes of a dict or list inside a ``try`` are joined one by one; further ones are given up together.
MAX_WRITES = 32


class Diverges(Exception):
    """The expression or statement does not complete normally on any path: it raises."""


class Exhausted(Exception):
    """The budget of a query is spent."""


def each(frame: Frame, options: Iterable[T], compute: Callable[[T], Value]) -> Value:
    """The join of what ``compute`` makes of each option; options for which it fails do not count. Diverges if it does for all.

    ``compute`` must not write to the heap.
    """
    results: list[Value] = []
    failed: list[Value] = []
    for option in options:
        try:
            value = compute(option)
        except Diverges:
            frame.may_raise()
            continue
        (failed if type(value) is Unknown and value.reason in FAILURES else results).append(value)
    if not results and not failed:
        raise Diverges
    if failed:
        frame.may_raise()
    return join_all(results or failed)


#: A heap and the variables that go with it.
State: TypeAlias = "tuple[Heap, dict[str, Value]]"


class Guard:
    """All that is written inside a ``try``: a handler may start from any state in between, if anything ``risky`` was done."""

    __slots__ = ("frame", "risky", "variables", "writes")

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.writes: list[tuple[Address, HeapObject]] = []
        self.variables: list[tuple[str, Value]] = []
        self.risky = False


class Loop:
    """The states in which a loop's body left by ``break`` or ``continue``."""

    __slots__ = ("breaks", "continues", "doubts")

    def __init__(self) -> None:
        self.breaks: list[State] = []
        self.continues: list[State] = []
        #: The tests that have left the round, see `Frame.doubt`.
        self.doubts = 0


class Frame:
    """``variables`` are the locals (None at module level, where they live in the heap); ``cells`` the shared ones, by address.

    ``owner`` is the class whose method runs (for ``super()``), ``receiver`` its first argument. ``captured`` counts the states
    that were set aside (returns, breaks): while it grows inside a fork, the layer below must stay as it is.
    """

    __slots__ = (
        "captured", "cells", "declared_global", "ev", "heap", "in_class_body", "local", "loops", "module",
        "owner", "receiver", "returns", "scope", "temporary", "variables",
    )  # fmt: skip

    def __init__(self, ev: Evaluator, module: Module, heap: Heap, variables: dict[str, Value] | None, scope: str) -> None:
        self.ev, self.module, self.heap, self.variables, self.scope = ev, module, heap, variables, scope
        self.cells: dict[str, Address] = {}
        self.declared_global: frozenset[str] = frozenset()
        self.temporary: set[str] = set()
        self.owner: Ref | None = None
        self.receiver: Value | None = None
        self.returns: list[tuple[State, Value]] = []
        self.local: frozenset[str] = frozenset()
        self.loops: list[Loop] = []
        self.in_class_body = False
        self.captured = 0

    # --- places ---

    def origin(self, at: At) -> Origin:
        return (self.module, at)

    def unknown(self, reason: str, at: At) -> Unknown:
        return Unknown(reason, (self.module, at))

    def fails(self, reason: str, origin: Origin) -> Value:
        """What certainly raises: inside a ``try`` it goes to the handlers, elsewhere the rest is worth knowing all the same."""
        if self.ev.guards:
            self.may_raise()
            raise Diverges
        return Unknown(reason, origin)

    def may_raise(self) -> None:
        """What is being evaluated raises on some paths, or nobody knows that it does not."""
        for guard in self.ev.guards:
            guard.risky = True

    # --- heap ---

    def read(self, ref: Ref) -> HeapObject:
        found = self.heap.get(ref.address)
        if found is None:
            raise AssertionError(f"dangling reference {ref!r}")
        return found

    def write(self, address: Address, obj: HeapObject) -> None:
        self.heap.own[address] = obj
        for guard in self.ev.guards:
            guard.writes.append((address, obj))

    def new(self, obj: HeapObject) -> Ref:
        address = self.ev.new_address()
        self.write(address, obj)
        return Ref(address)

    def new_foreign(self, obj: ForeignObj) -> Ref:
        ref = Ref(ForeignAddress(self.ev.new_number()))
        self.write(ref.address, obj)
        if self.ev.observes and obj.callee.startswith(self.ev.observed_objects):
            on_made(self, obj, ref)
        return ref

    # --- variables ---

    def lookup(self, name: str) -> Value | None:
        """The variable's value; None if nothing binds it."""
        if self.variables is not None:
            found = self.variables.get(name)
            outside = name in self.declared_global
            if found is not None and not outside:
                return self.ev.resolve_alias(found) if type(found) is Alias else found
            address = self.cells.get(name)
            if address is not None and not outside:
                cell = self.heap.get(address)
                value = cell.value if type(cell) is CellObj else Unknown("unset-variable")
                return self.ev.resolve_alias(value) if type(value) is Alias else value
            if name in self.local:
                return Unknown("unset-variable")
        return self.ev.global_value(self.module, name, self.heap)

    def bind(self, name: str, value: Value) -> None:
        if self.variables is None or name in self.declared_global:
            self.write((self.module, name), CellObj(value))
        elif name in self.cells and not self.in_class_body:
            self.write(self.cells[name], CellObj(value))
        else:
            self.variables[name] = value
            for guard in self.ev.guards:
                if guard.frame is self and name not in self.temporary:
                    guard.variables.append((name, value))

    def unbind(self, name: str) -> None:
        if self.variables is not None and name not in self.cells:
            self.variables.pop(name, None)
        else:
            self.bind(name, Unknown("deleted-variable"))

    # --- forks ---

    def enter(self) -> None:
        """Continue on a fresh heap layer, so that the one below stays as it is."""
        self.heap = Heap(self.heap)

    def state(self) -> State:
        return self.heap, dict(self.variables) if self.variables is not None else {}

    def restore(self, state: State) -> None:
        self.heap = state[0]
        if self.variables is not None:
            self.variables = dict(state[1])

    def fork(self, branches: Sequence[Callable[[], bool]], certain: int = 0) -> bool:
        """Run each branch from the present state and go on with the join of those that fall through.

        A branch returns whether it falls through; one that diverges does not. Returns whether any does. The first ``certain`` ones are
        run on every path.
        """
        base, variables = self.state()
        before = self.captured
        survivors: list[State] = []
        depth = self.ev.forks
        for number, branch in enumerate(branches):
            self.heap = Heap(base)
            self.ev.forks = depth + (number >= certain and len(branches) > 1)
            if self.variables is not None:
                self.variables = dict(variables)
            try:
                falls_through = branch()
            except Diverges:
                self.may_raise()
                falls_through = False
            finally:
                self.ev.forks = depth
            if falls_through:
                survivors.append(self.state())
        if not survivors:
            self.restore((base, variables))
            return False
        self.settle(survivors, base, self.captured != before)
        return True

    def settle(self, states: list[State], base: Heap, keep_base: bool) -> None:
        """Go on with the join of ``states``, which stand on ``base``; ``keep_base`` if set-aside states stand on it too."""
        if len(states) == 1 and keep_base:
            self.restore(states[0])
            return
        target = Heap(base) if keep_base else base
        changes = [heap for heap, _ in states]
        if len(changes) == 1:
            target.own.update(changes[0].since(base))
        else:
            join_heaps(changes, base, target)
        self.heap = target
        if self.variables is not None:
            self.variables = join_environments([variables for _, variables in states])

    def set_aside(self) -> tuple[int, int, int]:
        """How many returns and, in the innermost loop, breaks and continues there are by now."""
        loop = self.loops[-1] if self.loops else Loop()
        return len(self.returns), len(loop.breaks), len(loop.continues)

    def doubt(self, since: tuple[int, int, int]) -> None:
        """A test of what an object is has left: what comes after is for other objects. Until the function ends, or this round."""
        self.ev.doubts += 1
        if self.loops and len(self.returns) == since[0]:
            self.loops[-1].doubts += 1

    def taken_back(self, kept: tuple[int, int, int]) -> list[tuple[State, Callable[[], None]]]:
        """Take back the states that were set aside since ``kept``, each with what sets it aside again."""
        taken: list[tuple[State, Callable[[], None]]] = []
        for state, value in self.returns[kept[0] :]:
            taken.append((state, partial(self.leave, value)))
        del self.returns[kept[0] :]
        if self.loops:
            loop = self.loops[-1]
            taken += [(state, self.break_) for state in loop.breaks[kept[1] :]]
            taken += [(state, self.continue_) for state in loop.continues[kept[2] :]]
            del loop.breaks[kept[1] :], loop.continues[kept[2] :]
        return taken

    def leave(self, value: Value) -> None:
        """Return ``value``."""
        self.returns.append((self.state(), value))
        self.captured += 1

    def break_(self) -> None:
        if self.loops:
            self.loops[-1].breaks.append(self.state())
            self.captured += 1

    def continue_(self) -> None:
        if self.loops:
            self.loops[-1].continues.append(self.state())
            self.captured += 1

    def fork_values(self, thunks: Sequence[Callable[[], Value]]) -> Value:
        """The join of several ways to compute a value, each from the present state."""
        results: list[Value] = []

        def branch(thunk: Callable[[], Value]) -> Callable[[], bool]:
            def run() -> bool:
                results.append(thunk())
                return True

            return run

        if not self.fork([branch(thunk) for thunk in thunks]):
            raise Diverges
        result = results[0]
        for other in results[1:]:
            result = join(result, other)
        return result

    def apply(self, guard: Guard) -> None:
        """Join what ``guard`` saw written into the present state."""
        counts: dict[Address, int] = {}
        for address, obj in guard.writes:
            counts[address] = count = counts.get(address, 0) + 1
            current = self.heap.get(address)
            if current is None:
                self.heap.own[address] = on_some_paths(obj)
            elif count <= MAX_WRITES or not isinstance(current, (DictObj, ListObj)):
                self.heap.own[address] = join_objects(current, obj)
            elif count == MAX_WRITES + 1:
                self.heap.own[address] = given_up(current)
        if self.variables is not None:
            for name, value in guard.variables:
                current_value = self.variables.get(name)
                self.variables[name] = value if current_value is None else join(current_value, value)
