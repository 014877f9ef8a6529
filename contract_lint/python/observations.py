"""What frontends want to know of the code that is evaluated, beside the values that it returns.

The evaluator reports each event as it happens; an event that happens again in the same place is kept once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import TypeGuard

from msgspec import Struct

from contract_lint.python import summary as ir
from contract_lint.python.journals import Handed, Made
from contract_lint.python.operations_observed import Operation, Outside
from contract_lint.python.values import Address, Const, DictObj, Key, ListObj, Origin, Ref, Unknown, Value, alternatives, join_all, key_of

#: Reasons of ``Unknown`` that mark what a caller gives: a dict open for this reason is that dict, or made of it.
GIVEN_INPUTS = "given-inputs"
GIVEN_OUTPUTS = "given-outputs"
GIVEN_ARGUMENTS = "given-arguments"
GIVEN = frozenset({GIVEN_INPUTS, GIVEN_OUTPUTS, GIVEN_ARGUMENTS})
#: The value of a key of such a dict; its origin is where the key is written.
GIVEN_VALUE = "given-value"


class CallEvent(Struct, frozen=True):
    """A call of a watched function, as it was evaluated once.

    ``tables`` are the dicts among the arguments, as they were at the time; ``scope`` is the qualified name of the function in which
    it stands, ``receiver_class`` the class of that method's ``self``.
    """

    name: str
    callee: Value
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    origin: Origin
    scope: str
    receiver_class: Ref | None
    complete: bool
    tables: Mapping[Ref, DictObj]


class CallResult(Struct, frozen=True):
    """What a watched call of a method returned, in which state of the tables among its arguments; ``event`` is the call."""

    event: CallEvent
    receiver: Value
    value: Value


class Lookup(Struct, frozen=True):
    """A constant key looked up in a dict that is watched: a registry, a table, or a dict that the caller gives.

    ``how`` is ``index``, ``get`` or ``in``; ``default`` is what the lookup falls back to, if it names one; ``opened`` is why the
    dict may hold more; ``guarded`` says that it stands in a ``try``.
    """

    address: Address
    key: Const
    how: str
    present: bool
    opened: str | None
    keys: tuple[Const, ...]
    origin: Origin
    scope: str
    default: Value | None
    receiver: Ref | None
    guarded: bool

    @property
    def closed(self) -> bool:
        return self.opened is None


class MissingAttribute(Struct, frozen=True):
    """An attribute that an instance of a class was asked for, and that the class does not have.

    ``how`` is ``read``, ``hasattr``, or ``getattr`` (with a default); ``origin`` is where the name is written.
    """

    cls: Ref
    name: str
    how: str
    origin: Origin
    scope: str
    guarded: bool


class DuplicateEntry(Struct, frozen=True):
    """A constant key that stands twice in one dict display."""

    key: Const
    first: Const
    scope: str


class Display(Struct, frozen=True):
    """A dict display with constant keys whose values are classes."""

    address: Address
    contents: DictObj
    scope: str


class Observations:
    """The events of one evaluation, in order."""

    def __init__(self) -> None:
        self.calls: list[CallEvent] = []
        self.lookups: list[Lookup] = []
        self.missing: list[MissingAttribute] = []
        self.duplicates: list[DuplicateEntry] = []
        self.displays: list[Display] = []
        self.refused: list[Const] = []
        self.results: list[CallResult] = []
        self.made: list[Made] = []
        self.handed: list[Handed] = []
        self.operations: list[Operation] = []
        self.outside: list[Outside] = []
        self.trail: list[Lookup | MissingAttribute] = []
        self.demanded: set[tuple[Key | None, Origin]] = set()
        self.demanded_attributes: set[MissingAttribute] = set()
        self.assigned: set[str] = set()
        self.handed_on: set[str] = set()
        self.asked: set[Origin] = set()
        self.fallbacks: dict[Origin, Value] = {}
        self.unclear: set[tuple[Key | None, Origin]] = set()
        self._seen: set[Hashable] = set()
        self._tested: dict[Origin, list[Value]] = {}
        self._operations: dict[Hashable, int] = {}

    def add_call(self, event: CallEvent) -> None:
        try:
            key = ("call", event.name, event.origin, event.args, tuple(event.kwargs.items()), event.receiver_class)
            new = key not in self._seen
            self._seen.add(key)
        except TypeError:
            new = True
        if new:
            self.calls.append(event)

    def add_lookup(self, event: Lookup) -> None:
        key = (
            "lookup",
            event.address,
            event.key.value,
            event.key.origin,
            event.how,
            event.origin,
            event.present,
            event.receiver,
            event.scope,
        )
        self.trail.append(event)
        if key not in self._seen:
            self._seen.add(key)
            self.lookups.append(event)

    def add_missing(self, event: MissingAttribute) -> None:
        self.trail.append(event)
        if ("missing", event) not in self._seen:
            self._seen.add(("missing", event))
            self.missing.append(event)

    def add_operation(self, event: Operation) -> None:
        """An operation that is seen again is kept once; it is certain if it once was."""
        key = (event.kind, event.what, event.operand, event.origin)
        number = self._operations.setdefault(key, len(self.operations))
        if number == len(self.operations):
            self.operations.append(event)
            if event.kind == "truth":
                self._tested.setdefault(event.origin, []).append(event.operand)
        elif event.certain and not self.operations[number].certain:
            self.operations[number] = event

    def tested_at(self, origins: Iterable[Origin]) -> list[Value]:
        """The objects whose truth was asked for in one of these places."""
        return [operand for origin in origins for operand in self._tested.get(origin, ())]

    def add_display(self, address: Address, contents: DictObj, pairs: Iterable[tuple[Const, Const]], scope: str) -> None:
        """A dict display: ``pairs`` are the constant keys that stand in it a second time, with their first."""
        for key, first in pairs:
            if ("duplicate", key.origin) not in self._seen:
                self._seen.add(("duplicate", key.origin))
                self.duplicates.append(DuplicateEntry(key, first, scope))
        entries = list(contents.entries.values())
        if len(entries) > 1 and isinstance(entries[0].value, Ref) and isinstance(entries[0].key, Const):
            if ("display", contents.origin) not in self._seen:
                self._seen.add(("display", contents.origin))
                self.displays.append(Display(address, contents, scope))

    def hand_on(self, value: Value, contents: object) -> None:
        """A value goes where it is not followed."""
        for one in alternatives(value):
            if isinstance(one, Unknown) and one.reason in GIVEN:
                self.handed_on.add(one.reason)
        if isinstance(contents, (DictObj, ListObj)) and contents.open is not None and contents.open.reason in GIVEN:
            self.handed_on.add(contents.open.reason)

    def on_raise(self, test: ir.Expr, when_true: bool, since: int, values: Iterable[Value]) -> None:
        """A branch raises that is taken if the test is ``when_true``: what it says is absent is demanded.

        ``since`` is the length of the trail before the test was evaluated; ``values`` are those of the variables that it tests.
        """
        absent = absent_when_true(test)
        if absent is None:
            self.unclear.update((key_of(event.key), event.key.origin) for event in self.trail[since:] if isinstance(event, Lookup))
        if absent is not when_true:
            return
        for event in self.trail[since:]:
            if isinstance(event, MissingAttribute):
                self.demanded_attributes.add(event)
            elif event.how == "in":
                self.demanded.add((key_of(event.key), event.key.origin))
        for value in values:
            for one in alternatives(value):
                if is_given(one):
                    self.demanded.add((None, one.origin))

    def on_test(self, values: Iterable[Value], since: int | None = None) -> bool:
        """The code asks whether ``values`` are there, and what it looked up since ``since``; returns whether the caller gives any."""
        given = [one.origin for value in values for one in alternatives(value) if is_given(one)]
        self.asked.update(given)
        looked_up = self.trail[since:] if since is not None else []
        return bool(given) or any(isinstance(event, Lookup) and event.opened in GIVEN for event in looked_up)

    def on_choice(self, *ways: Value) -> None:
        """Two ways to come to a value: where the one is what the caller gives, the code takes the other without it."""
        for mine, others in zip(ways, ways[1:] + ways[:1], strict=True) if len(ways) == 2 else ():
            self._falls_back([one.origin for one in alternatives(mine) if is_given(one)], alternatives(others))

    def on_joined(self, values: Iterable[Value]) -> None:
        """What variables hold behind a test that asked for what the caller gives."""
        for value in values:
            self._falls_back([one.origin for one in alternatives(value) if is_given(one)], alternatives(value))

    def _falls_back(self, given: Iterable[Origin], others: Iterable[Value]) -> None:
        instead = [one for one in others if not is_given(one) and not _is_nothing(one)]
        for origin in given if instead else ():
            self.fallbacks.setdefault(origin, join_all(instead))

    def on_missing_names(self, names: ListObj) -> None:
        """``missing = [k for k in wanted if k not in given]``, then a raise if there are any: each of them is demanded."""
        for item in names.items:
            if isinstance(item.value, Const) and not item.must:
                self.demanded.add((key_of(item.value), item.value.origin))

    def on_refused(self, names: ListObj | DictObj) -> None:
        """The code certainly raises because this collection is not empty: what it holds may be what is missing."""
        values = [item.value for item in names.items] if isinstance(names, ListObj) else [entry.key for entry in names.entries.values()]
        self.refused += [
            value for value in values if isinstance(value, Const) and isinstance(value.value, str) and value not in self.refused
        ]

    def update(self, other: Observations) -> None:
        """Add what another one saw."""
        for call in other.calls:
            self.add_call(call)
        for lookup in other.lookups:
            self.add_lookup(lookup)
        for missing in other.missing:
            self.add_missing(missing)
        for operation in other.operations:
            self.add_operation(operation)
        self.outside += other.outside
        self.results += other.results
        self.made += other.made
        self.handed += other.handed
        self.duplicates += [one for one in other.duplicates if one not in self.duplicates]
        self.displays += [one for one in other.displays if one not in self.displays]
        self.demanded |= other.demanded
        self.demanded_attributes |= other.demanded_attributes
        self.assigned |= other.assigned
        self.handed_on |= other.handed_on
        self.asked |= other.asked
        self.unclear |= other.unclear
        self.fallbacks = {**other.fallbacks, **self.fallbacks}

    def goes_on_without(self, lookup: Lookup) -> bool | None:
        """Whether the code is ready for the absence of the key that it looks up; None if a check that raises is not understood.

        False says that it only takes what it gets: ``get`` without more.
        """
        if (key_of(lookup.key), lookup.key.origin) in self.unclear:
            return None
        ready = lookup.how == "in" or lookup.guarded or lookup.key.origin in self.asked or lookup.key.origin in self.fallbacks
        return ready or not (lookup.default is None or _is_nothing(lookup.default))

    def is_demanded(self, lookup: Lookup) -> bool:
        """Whether the code fails without the key."""
        if lookup.how == "index" and not lookup.guarded:
            return True
        return (key_of(lookup.key), lookup.key.origin) in self.demanded or (None, lookup.key.origin) in self.demanded


def is_given(value: Value) -> TypeGuard[Unknown]:
    """Whether it is the value of a key of what the caller gives."""
    return isinstance(value, Unknown) and value.reason == GIVEN_VALUE


def _is_nothing(value: Value) -> bool:
    return isinstance(value, Const) and not value.value


def absent_when_true(test: ir.Expr) -> bool | None:
    """Whether a test that comes out true says that what it tests is absent; None if it says neither."""
    if isinstance(test, ir.Unary) and test.op == "not":
        inner = absent_when_true(test.operand)
        return None if inner is None else not inner
    if isinstance(test, ir.Compare) and len(test.rest) == 1:
        op, other = test.rest[0]
        nothing = isinstance(other, ir.Const) and other.value in (None, "")
        if op in ("is", "=="):
            return True if nothing else None
        if op in ("is not", "!="):
            return False if nothing else None
        if op == "in" and isinstance(other, ir.Sequence):
            return True if any(isinstance(item, ir.Const) and item.value is None for item in other.items) else None
        return {"in": False, "not in": True}.get(op)
    if isinstance(test, ir.BoolOp):
        answers = {absent_when_true(operand) for operand in test.operands}
        return True if test.op == "or" and answers == {True} else False if test.op == "and" and answers == {False} else None
    if isinstance(test, ir.Call) and isinstance(test.func, ir.Name) and test.func.id in ("hasattr", "getattr"):
        return False
    if isinstance(test, ir.Call) and isinstance(test.func, ir.Name) and test.func.id in ("any", "all") and len(test.args) == 1:
        inner_test = test.args[0].value
        return absent_when_true(inner_test.element) if isinstance(inner_test, ir.Comprehension) else None
    return False if isinstance(test, (ir.Name, ir.Attribute)) else None


def tested_names(test: ir.Expr) -> Iterator[ir.Name]:
    """The variables whose truth, or presence, a test asks for."""
    if isinstance(test, ir.Name):
        yield test
    elif isinstance(test, ir.Unary):
        yield from tested_names(test.operand)
    elif isinstance(test, ir.Compare):
        yield from tested_names(test.first)
    elif isinstance(test, ir.BoolOp):
        for operand in test.operands:
            yield from tested_names(operand)
