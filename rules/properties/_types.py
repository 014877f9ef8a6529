"""How the rules about types share the verdicts on edges among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

from contract_lint.api import (
    BindingView,
    Draft,
    Judgement,
    PropertyPath,
    Related,
    Severity,
    Step,
    StopsEarly,
    TypeVerdict,
    kind_named,
    parse,
    walk,
)

from ..connections._edges import ends, evidence, is_certain, sides, where

#: An output that may be absent.
OPTIONAL = frozenset({"optional-source"})
#: A number, a truth value or a time where text is due.
NUMBERS = frozenset({"needs-to-string"})
#: Both are S3 URIs, and what they point at differs.
REFINEMENTS = frozenset(
    {"prefix-for-object", "prefix-for-manifest", "object-for-manifest", "content-mismatch", "parent-prefix", "format-mismatch"}
)
#: The reasons of verdicts, in words; any other is a value of another kind.
WORDS = MappingProxyType(
    {
        "arn-for-name": "an ARN where a name is due",
        "name-for-arn": "a name where an ARN is due",
        "other-resource": "the name of another kind of resource",
        "list-for-value": "a list where one value is due",
        "text-for-value": "a text where a number is due",
        "unrefined-string": "any text where a certain kind is due",
        "array-promotion": "one value where a list is due",
        "float-for-integer": "a fraction where a whole number is due",
        "other-literal": "a value that is not among the allowed ones",
        "some-members-fail": "one of its possible types does not fit",
        "prefix-for-object": "a prefix where one object is due",
        "prefix-for-manifest": "a prefix where a manifest is due",
        "object-for-manifest": "an object where a manifest is due",
        "content-mismatch": "it holds something else",
        "parent-prefix": "it is the folder above what the job wrote, and holds the output of every run",
        "format-mismatch": "it is written in another format",
    }
)

_SEVERITIES = MappingProxyType({TypeVerdict.ERROR: Severity.ERROR, TypeVerdict.WARNING: Severity.WARNING})


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An edge whose ends do not fit: ``source`` and ``target`` are the types, ``sides`` the contracts side by side, if any."""

    output: str
    input: str
    source: str
    target: str
    reason: str
    hint: str | None
    sides: str

    def message(self) -> str:
        return f"{self.output} is {self.source}, but {self.input} takes {self.target}: {WORDS.get(self.reason, 'another kind of value')}"

    def advice(self) -> str:
        return self.hint or "read the property that is of the type which is due, or another output"

    def help(self) -> str:
        return f"{self.advice()}\n{self.sides}" if self.sides else self.advice()


def judged(view: BindingView) -> Judgement | None:
    """The verdict on an edge that is to be reported; None where the types fit, or nothing can be proved."""
    chosen = view.binding.chosen
    if chosen is None or chosen.judgement.verdict not in _SEVERITIES or not is_certain(view) or _stops_early(view):
        return None
    return chosen.judgement


def _stops_early(view: BindingView) -> bool:
    """Whether plain SDK code reads a structure where a value is due, as CL203 tells."""
    given, producer = view.binding.given, view.producer
    path = parse(given.path.text) if given is not None and given.path is not None else None
    if producer is None or producer.sdk_class is None or not isinstance(path, PropertyPath):
        return False
    kinds = [kind for kind in map(kind_named, producer.kinds) if kind is not None]
    return bool(kinds) and all(isinstance(walk(path, kind, strict=False), StopsEarly) for kind in kinds)


def mismatch(view: BindingView, facts: type[Mismatch], severity: Severity | None = None) -> Iterator[Draft]:
    """The finding on an edge, as severe as the verdict on it unless ``severity`` says otherwise."""
    chosen = view.binding.chosen
    if chosen is None:
        return
    judgement, port = chosen.judgement, view.binding.input
    found = facts(
        f"{chosen.step}.{chosen.output.name}",
        where(view),
        str(chosen.output.typing.type),
        str(port.typing.type),
        judgement.reason,
        judgement.hint,
        sides(view.producer, view.step) if view.step.sdk_class is None else "",
    )
    written = (*ends(view), *evidence(view))
    related = written if view.step.sdk_class is None else _of_code(view.producer, view.step)
    yield Draft(found, view.place, view.wiring.pipeline.name, where(view), related, severity or _SEVERITIES[judgement.verdict])


def _of_code(producer: Step | None, consumer: Step) -> tuple[Related, ...]:
    """Where plain SDK code makes the two steps: all else is written where one is read for the other."""
    steps = [consumer] if producer is None else [producer, consumer]
    return tuple(Related(step.span, f"the step {step.name} is made here") for step in steps)
