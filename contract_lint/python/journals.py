"""Journals: what is done, by watched methods, to the objects of watched classes.

A journal lives in the heap beside its object, as a dict from what was done to the arguments, so that it forks and joins like
everything else: what was done on some paths only is an entry that may be absent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

from contract_lint.python.values import (
    Address,
    ClassObj,
    Const,
    DictObj,
    Entry,
    Origin,
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
