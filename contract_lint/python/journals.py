"""Journals: what is done, by watched methods, to the objects of watched classes.

A journal lives in the heap beside its object, as a dict from what was done to the arguments, so that it forks and joins like
everything else: what was done on some paths only is an entry that may be absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from contract_lint.python.values import (
    Address,
    ClassObj,
    Const,
    DictObj,
    Entry,
    InstanceObj,
    ListObj,
    Origin,
    Part,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    key_of,
)

if TYPE_CHECKING:
    from contract_lint.python.calls import Arguments
    from contract_lint.python.frame import Frame

#: What the entry for the object's construction is called.
MADE = "__init__"
#: Methods of collections that change them.
CHANGING_METHODS = frozenset("add append appendleft clear discard extend insert pop popitem remove setdefault update".split())
#: The first words of the names of functions that change an object which they are given.
CHANGING_WORDS = frozenset("""
    add append apply attach augment chain configure connect delete drop enrich expand extend fill grow include insert join link merge
    patch populate prune register remove rename replace set setup trim unlink update wire
""".split())  # fmt: skip
#: The first words of the names of methods that tell something of an object, or make something else of it.
READING_WORDS = frozenset("""
    all ancestors any as assemble build check children clone compile copy count create dependencies dependents descendants describe detect
    display draw dump dumps edge edges ensure equals execute execution export find finalize freeze from generate get has hash in is iter
    json keys leaves len levels list lock log make neighbors node nodes number order out parents plot predecessors print render repr
    resolve roots run save serialize show sinks size sort sorted sources start step steps str subgraph submit successors summarize summary
    tell to topological toposort traverse upsert validate values verify visualise visualize walk yaml
""".split())  # fmt: skip
_FIRST_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+")


class JournalAddress(Struct, frozen=True):
    """Where the journal of the object at ``object`` stands in the heap."""

    object: Address


class Made(Struct, frozen=True):
    """An object with a journal was made: ``name`` is its class, ``scope`` the function in which it was made."""

    object: Ref
    name: str
    origin: Origin
    scope: str


class Handed(Struct, frozen=True):
    """An object with a journal was given to a call, with these other arguments; ``journal`` is as it was then."""

    object: Ref
    callee: str
    journal: DictObj
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...]
    tables: tuple[tuple[Ref, DictObj], ...]
    origin: Origin
    scope: str


def is_watched(frame: Frame, cls: Ref) -> bool:
    """Whether the objects of a project class get journals: it is named as a watched class is, or has all watched methods."""
    ev = frame.ev
    known = ev.journaled_classes.get(cls)
    if known is None:
        obj = frame.read(cls)
        known = isinstance(obj, ClassObj) and (
            obj.name in ev.options.journaled_classes
            or all(ev.find_in_class(frame, cls, name) is not None for name in ev.options.journaled_methods)
            or any(name.rpartition(".")[2] in ev.options.journaled_classes for name in obj.externals)
        )
        ev.journaled_classes[cls] = known
    return known


def begin(frame: Frame, ref: Ref, name: str, arguments: Arguments, origin: Origin) -> None:
    """Start the journal of an object that was just made."""
    frame.ev.keeps_journals = True
    opened = arguments.rest or arguments.more
    given = [(None, value) for value in arguments.args] + list(arguments.kwargs.items())
    frame.write(JournalAddress(ref.address), DictObj({}, opened, "journal", origin))
    for number, (keyword, value) in enumerate(given):
        _enter(frame, ref, MADE, (Const(keyword if keyword is not None else number), value), value, origin)
    frame.ev.observed.made.append(Made(ref, name, origin, frame.scope))


def record(frame: Frame, receiver: Value, method: str, arguments: Arguments, origin: Origin) -> None:
    """Note a call of a watched method; calls that the methods of the object itself make are part of what it does.

    A keyword argument is kept as a pair of its name and its value.
    """
    several = alternatives(receiver)
    for one in several:
        journal = frame.heap.get(JournalAddress(one.address)) if isinstance(one, Ref) else None
        if not isinstance(one, Ref) or not isinstance(journal, DictObj) or one.address in frame.ev.journaling:
            continue
        opened = arguments.rest or arguments.more
        if opened is not None or len(several) > 1:
            reason = opened or Unknown("unknown-receiver", origin)
            frame.write(JournalAddress(one.address), DictObj(journal.entries, journal.open or reason, "journal", journal.origin))
            continue
        named = (TupleValue((Const(name), value)) for name, value in arguments.kwargs.items())
        values = (*arguments.args, *named)
        _enter(frame, one, method, values, TupleValue(values, origin), origin)


def _enter(frame: Frame, ref: Ref, what: str, subject: tuple[Value, ...], value: Value, origin: Origin) -> None:
    journal = frame.heap.get(JournalAddress(ref.address))
    assert isinstance(journal, DictObj)
    key = TupleValue((Const(what, origin), *subject), origin)
    known = key_of(key) if what != MADE else (what, subject[0])
    if known is None:
        opened = journal.open or Unknown("unknown-arguments", origin)
        frame.write(JournalAddress(ref.address), DictObj(journal.entries, opened, "journal", journal.origin))
    elif known not in journal.entries or not journal.entries[known].must:
        entries = {**journal.entries, known: Entry(key, value)}
        frame.write(JournalAddress(ref.address), DictObj(entries, journal.open, "journal", journal.origin))


def first_word(name: str) -> str:
    """The first word of a name, in small letters: ``add`` of ``_addEdges``."""
    found = _FIRST_WORD.search(name)
    return found.group().lower() if found is not None else ""


def journals_of(frame: Frame, values: Iterable[Value]) -> list[tuple[Ref, DictObj]]:
    """The objects with journals that values are, or that attributes of them hold, each with its journal."""
    found: dict[Ref, DictObj] = {}
    for value in values:
        for one in alternatives(value):
            obj = frame.read(one) if isinstance(one, Ref) else None
            inside = obj.attributes.values() if isinstance(obj, InstanceObj) else ()
            for ref in (one, *(each for attribute in inside for each in alternatives(attribute))):
                journal = frame.heap.get(JournalAddress(ref.address)) if isinstance(ref, Ref) else None
                if isinstance(ref, Ref) and isinstance(journal, DictObj):
                    found[ref] = journal
    return list(found.items())


def open_journals(frame: Frame, journals: Iterable[tuple[Ref, DictObj]], reason: Unknown) -> None:
    """Note that more may have been done to objects than their journals tell, unless they tell more now."""
    for ref, before in journals:
        journal = frame.heap.get(JournalAddress(ref.address))
        if isinstance(journal, DictObj) and (journal is before or journal.entries == before.entries) and journal.open is None:
            frame.write(JournalAddress(ref.address), DictObj(journal.entries, reason, "journal", journal.origin))


def changed_by_method(frame: Frame, receiver: Value, method: str) -> list[tuple[Ref, DictObj]]:
    """The objects, with their journals as they are, that a method other than the watched ones may change.

    It is a method of the object itself, or of a collection that it holds: ``dag.edges.append(…)``. What methods of the object do to it is
    told by the call of them.
    """
    found: list[tuple[Ref, DictObj]] = []
    for one in alternatives(receiver):
        if isinstance(one, Part):
            found += journals_of(frame, [one.whole]) if method in CHANGING_METHODS else []
        elif isinstance(one, Ref) and isinstance(frame.heap.get(JournalAddress(one.address)), DictObj):
            found += journals_of(frame, [one]) if first_word(method) not in READING_WORDS and not method.startswith("__") else []
        elif isinstance(one, Ref) and method in CHANGING_METHODS:
            found += journals_of(frame, (made.object for made in frame.ev.observed.made if _holds(frame, made.object, one)))
    return [(ref, journal) for ref, journal in found if ref != frame.receiver and ref.address not in frame.ev.journaling]


def changed_by_assignment(frame: Frame, ref: Ref, value: Value) -> None:
    """Note that a collection becomes an attribute of an object with a journal, and that it is none of its methods that sees to it."""
    collections = any(isinstance(one, (TupleValue, Unknown)) or _is_collection(frame, one) for one in alternatives(value))
    if collections and ref != frame.receiver and ref.address not in frame.ev.journaling:
        open_journals(frame, journals_of(frame, [ref]), Unknown("changed-unseen"))


def _is_collection(frame: Frame, value: Value) -> bool:
    return isinstance(value, Ref) and isinstance(frame.read(value), (DictObj, ListObj))


def _holds(frame: Frame, ref: Ref, held: Ref) -> bool:
    obj = frame.heap.get(ref.address)  # of another question, it is not in this state
    return isinstance(obj, InstanceObj) and held in obj.attributes.values()


def hand(frame: Frame, callee: str, arguments: Arguments, origin: Origin) -> bool:
    """Note the objects with journals that are among the arguments of a call; whether one was, together with dicts."""
    values = (*arguments.args, *arguments.kwargs.values())
    handed = False
    for value in values:
        journal = frame.heap.get(JournalAddress(value.address)) if isinstance(value, Ref) else None
        if isinstance(value, Ref) and isinstance(journal, DictObj) and len(values) > 1:
            tables = tuple((one, obj) for one in values if isinstance(one, Ref) and isinstance(obj := frame.read(one), DictObj))
            named = tuple(arguments.kwargs.items())
            frame.ev.observed.handed.append(Handed(value, callee, journal, arguments.args, named, tables, origin, frame.scope))
            handed = handed or bool(tables)
    return handed
