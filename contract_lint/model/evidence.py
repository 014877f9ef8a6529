"""What is known about a port's type, from where, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct

from contract_lint.model.span import Span
from contract_lint.model.types import (
    S3_URI,
    UNKNOWN,
    Judgement,
    OptionalOf,
    PortType,
    Verdict,
    check,
    meet,
    optional,
    required,
)
from contract_lint.model.wording import type_of_description, type_of_name, type_of_role


class Rank(IntEnum):
    """Where a type comes from, the most trustworthy first."""

    #: Beside the port: a schema's `'type':`, `data_type=` written out, a field of a model, a comment, the configuration.
    DECLARED = 1
    #: The leaf of the output's property path; the SDK argument that the input is bound to.
    PATH = 2
    #: `DependencyType`, `output_type`.
    ROLE = 3
    DESCRIPTION = 4
    NAME = 5
    #: The default of the port's class, not written.
    ASSUMED = 6


#: The weakest evidence that counts: how often descriptions and names are right has not been measured.
TRUSTED = Rank.ROLE
#: At a conflict the former is used: what the service returns is a fact, whatever is declared.
_PREFERENCE = (Rank.PATH, Rank.DECLARED, Rank.ROLE, Rank.DESCRIPTION, Rank.NAME, Rank.ASSUMED)


class Evidence(Struct, frozen=True):
    """One reason for a type; ``says`` tells it to people: "the property path ends at ModelName (Name<model>)"."""

    rank: Rank
    type: PortType
    says: str
    span: Span | None


class Conflict(Struct, frozen=True):
    """Two reasons that contradict each other, the one of better rank first; ``used`` is the one that edges use, None if neither."""

    first: Evidence
    second: Evidence
    verdict: Verdict
    used: Evidence | None


class Typing(Struct, frozen=True):
    """The type of a port, with all that speaks for it.

    ``rank`` is that of the evidence that decided: the weakest without which the type would say less; None if nothing is known.
    ``evidence`` is all that was given, the best first.
    """

    type: PortType
    rank: Rank | None
    evidence: tuple[Evidence, ...]
    conflicts: tuple[Conflict, ...]


UNTYPED = Typing(UNKNOWN, None, (), ())


def merge(evidence: Iterable[Evidence]) -> Typing:
    """The type that all evidence comes to, whatever its order.

    Comparable types meet. Of two that contradict each other one is used, and the pair is a conflict, if it is worth a word; a rank
    that contradicts itself leaves the port unknown, unless it is a weak one and a strong one speaks. What is only assumed counts
    where there is nothing else. A `?` is kept whoever says it: a type that is silent about absence does not deny it.
    """
    given = tuple(sorted(set(evidence), key=_order))
    telling = [one for one in given if one.type != UNKNOWN]
    if any(one.rank is not Rank.ASSUMED for one in telling):
        telling = [one for one in telling if one.rank is not Rank.ASSUMED]
    by_rank = {rank: [one for one in telling if one.rank is rank] for rank in _PREFERENCE}
    conflicts = [conflict for rank in Rank if (conflict := _within(by_rank[rank])) is not None]
    broken = {conflict.first.rank for conflict in conflicts}
    speaking = [rank for rank in _PREFERENCE if by_rank[rank]]
    if not speaking or min(speaking) in broken or any(rank <= Rank.ROLE for rank in broken):
        return Typing(UNKNOWN, None, given, _shown(conflicts))
    type: PortType = UNKNOWN
    decided: Rank | None = None
    used: list[Evidence] = []
    for rank in speaking:
        if rank in broken:
            continue
        own = _met(by_rank[rank])
        both = None if own is None else own if type == UNKNOWN else meet(type, own)
        if both is None:
            conflicts.append(_between(used, by_rank[rank]))
            continue
        used += by_rank[rank]
        if both != type:
            type, decided = both, rank if decided is None else max(rank, decided)
        elif own == type and decided is not None:
            decided = min(rank, decided)
    if any(isinstance(one.type, OptionalOf) for one in used):
        type = optional(type)
    return Typing(type, decided, given, _shown(conflicts))


def _order(evidence: Evidence) -> tuple[int, str, str, str, tuple[int, ...]]:
    span = evidence.span
    path = "" if span is None else span.path
    place = () if span is None else (span.cell or 0, span.line, span.column, span.end_line, span.end_column)
    return evidence.rank, str(evidence.type), evidence.says, path, place


def _met(evidence: list[Evidence]) -> PortType | None:
    """What evidence of one rank comes to, None if it contradicts itself."""
    type: PortType | None = required(evidence[0].type)
    for one in evidence[1:]:
        type = None if type is None else meet(type, required(one.type))
    return type


def _within(evidence: list[Evidence]) -> Conflict | None:
    """The first two of one rank that contradict each other."""
    if not evidence or _met(evidence) is not None:
        return None
    pairs = [(one, other) for index, one in enumerate(evidence) for other in evidence[index + 1 :]]
    first, second = next((pair for pair in pairs if _met(list(pair)) is None), pairs[0])
    return Conflict(first, second, _severity(first.rank), None)


def _between(used: list[Evidence], against: list[Evidence]) -> Conflict:
    """The first two of different ranks that contradict each other; ``used`` stands in the order of preference."""
    pairs = [(one, other) for one in used for other in against]
    ours, theirs = next((pair for pair in pairs if _met(list(pair)) is None), pairs[0])
    first, second = (ours, theirs) if ours.rank <= theirs.rank else (theirs, ours)
    return Conflict(first, second, _severity(second.rank), ours)


def _severity(weaker: Rank) -> Verdict:
    """How loud a conflict is, by the weaker of the two: a stale description is worth a note, a name nothing."""
    if weaker <= Rank.ROLE:
        return Verdict.WARNING
    return Verdict.NOTE if weaker is Rank.DESCRIPTION else Verdict.UNKNOWN


def _shown(conflicts: list[Conflict]) -> tuple[Conflict, ...]:
    shown = [conflict for conflict in conflicts if conflict.verdict is not Verdict.UNKNOWN]
    return tuple(sorted(shown, key=lambda conflict: (_order(conflict.first), _order(conflict.second))))


def evidenced(typing: Typing) -> bool:
    """Whether the type rests on what may carry an error."""
    return typing.rank is not None and typing.rank <= Rank.ROLE


def judge(source: Typing, target: Typing, *, conditional: bool = False, into_text: bool = False, trusted: Rank = TRUSTED) -> Judgement:
    """The verdict on an edge, capped by the weaker evidence of its two ends.

    An error needs rank 3 or better on both ends; rank 4 caps at a warning, rank 5 at a note, rank 6 says nothing. A verdict that
    rests on evidence weaker than ``trusted`` is unknown. Weak evidence that only makes a type more special never hides what the
    strong evidence alone proves, but it may excuse it: a description that calls a plain string an S3 URI, say.
    """
    full = check(source.type, target.type, conditional=conditional, into_text=into_text)
    if source.rank is None or target.rank is None:
        return full
    weaker = max(source.rank, target.rank)
    if weaker <= Rank.ROLE:
        return full if weaker <= trusted else _unknown(full)
    capped = _unknown(full) if weaker > trusted else _capped(full, weaker)
    strong = judge(_strong(source), _strong(target), conditional=conditional, into_text=into_text, trusted=trusted)
    proved = strong.verdict is not Verdict.UNKNOWN and strong.verdict.rank <= full.verdict.rank
    return max(strong, capped, key=lambda judgement: judgement.verdict.rank) if proved else capped


def _strong(typing: Typing) -> Typing:
    """What the evidence that may carry an error comes to alone."""
    return merge(one for one in typing.evidence if one.rank <= Rank.ROLE)


def _unknown(judgement: Judgement) -> Judgement:
    return Judgement(Verdict.UNKNOWN, "weak-evidence", judgement.row)


def _capped(judgement: Judgement, weaker: Rank) -> Judgement:
    cap = {Rank.DESCRIPTION: Verdict.WARNING, Rank.NAME: Verdict.NOTE}.get(weaker)
    if cap is None:
        return _unknown(judgement)
    verdict = min(judgement.verdict, cap, key=lambda verdict: verdict.rank)
    return Judgement(verdict, judgement.reason, judgement.row, judgement.hint)


def from_role(role: str, span: Span | None) -> Evidence | None:
    """What a `DependencyType` or `output_type` says: the member's name, qualified or not, or its value."""
    type = type_of_role(role)
    return None if type is None else Evidence(Rank.ROLE, type, f"its role is {role}", span)


def from_description(text: str, span: Span | None) -> Evidence | None:
    """What a description says, None unless it is plain about one thing."""
    type = type_of_description(text)
    return None if type is None else Evidence(Rank.DESCRIPTION, type, f"described as '{_short(text)}'", span)


def from_name(name: str, span: Span | None) -> Evidence | None:
    """What the port's own name says."""
    type = type_of_name(name)
    return None if type is None else Evidence(Rank.NAME, type, f"named '{name}'", span)


def assumed(span: Span | None) -> Evidence:
    """The default of a port that says nothing: an S3 URI."""
    return Evidence(Rank.ASSUMED, S3_URI, "assumed, as nothing says otherwise", span)


_SHORT = 60


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHORT else words[: _SHORT - 1].rstrip() + "…"
