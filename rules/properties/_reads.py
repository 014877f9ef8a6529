"""What the reads of properties in plain SDK code are worth: the rules about paths share this judgement."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from contract_lint.api import (
    HOLE,
    AttributeOnCollection,
    Index,
    InternalAttribute,
    Literal,
    Made,
    MemberOfOtherKind,
    NoProperties,
    Operation,
    PlainValue,
    PositionalOutput,
    PropertyPath,
    PropertyReadView,
    Reaches,
    Read,
    Related,
    SdkObject,
    SdkStep,
    Span,
    StepKind,
    StopsEarly,
    Unknown,
    UnknownMember,
    Verdict,
    first_places,
    in_line,
    kind_named,
    parse,
    walk,
)

#: Before every property path.
ROOT = "properties"
#: What code asks before it reads something that an object may not have.
ASKED = frozenset({"hasattr", "isinstance", "issubclass", "type"})
#: What an EMR step has of the one argument of two that it is given: an existing cluster, or one of its own.
CLUSTERS = MappingProxyType({"ClusterId": "cluster_id", "ClusterConfig": "cluster_config"})
#: Attributes of a step that tell which one it is.
TELLING = frozenset({".name", ".step_type"})
#: Kinds of step whose outputs stand in a plain dict of Python.
WITH_DICTS = frozenset({"Lambda", "Callback"})


@dataclass(frozen=True, slots=True)
class Misread:
    """A read that is wrong on every step that it may be of.

    ``verdict`` is that of the step which understands most of the path; ``step`` and ``kind`` are what it is about, ``kinds`` all kinds of
    step that stop at the same segment, ``members`` all that could stand there. ``span`` is the place of the wrong part.
    """

    path: PropertyPath
    verdict: Verdict
    step: SdkStep
    kind: StepKind
    kinds: tuple[str, ...]
    members: tuple[str, ...]
    span: Span

    @property
    def before(self) -> str:
        """What stands before the wrong segment; empty at the root."""
        segment = getattr(self.verdict, "segment", None)
        kept = tuple(one for one in self.path.segments if segment is not None and one.end <= segment.start)
        return shown(PropertyPath(self.path.text, kept))


@dataclass(frozen=True, slots=True)
class _Judged:
    step: SdkStep
    kind: StepKind
    verdict: Verdict

    @property
    def reach(self) -> int:
        """How much of the path is understood."""
        segment = getattr(self.verdict, "segment", None)
        return segment.start if segment is not None else -1


def shown(path: PropertyPath) -> str:
    """A path as a reader expects it, with ``…`` for an index that only the run tells."""
    return str(path).replace(HOLE, "…")


def misread(view: PropertyReadView) -> Misread | None:
    """Judge a read; None where it holds on one of the steps, or where nothing can be proved."""
    path = path_of(view)
    judged = _judged(view, path) if path is not None else []
    if path is None or not judged or any(isinstance(one.verdict, Reaches | Unknown) for one in judged):
        return None
    for lenient in (StopsEarly, PositionalOutput):  # these speak only where they are all that is wrong
        if len({isinstance(one.verdict, lenient) for one in judged}) > 1:
            return None
    reach = max(one.reach for one in judged)
    best = [one for one in judged if one.reach == reach]
    first = next((one for one in best if isinstance(one.verdict, MemberOfOtherKind)), best[0])
    span = _place(view, path, first.verdict)
    if span is None or _is_asked_for(view):
        return None
    members = {name for one in best if isinstance(one.verdict, UnknownMember) for name in one.verdict.members}
    kinds = tuple(dict.fromkeys(one.kind.name for one in best))
    return Misread(path, first.verdict, first.step, first.kind, kinds, tuple(sorted(members)), span)


def path_of(view: PropertyReadView) -> PropertyPath | None:
    """The path that is read; None if it is none, or asks for something inside of the SDK (``._step``)."""
    rest = view.read.property_path
    if rest is None:
        return None
    path = parse(f"{ROOT}{rest}" if rest[:1] in ("", "[") else f"{ROOT}.{rest}")
    if not isinstance(path, PropertyPath) or any(str(segment).startswith("_") for segment in path.segments):
        return None
    return path


def outputs_of(step: SdkStep) -> tuple[str, ...] | None:
    """The names of all outputs that a step is given; None if they are not all known."""
    names = [port.name for port in step.outputs if port.name is not None]
    return tuple(names) if step.open_outputs is None and len(names) == len(step.outputs) else None


def is_absent(view: PropertyReadView, found: Misread) -> bool:
    """Whether it is an argument of an EMR step that this one was certainly not given: there is no such attribute then."""
    if not isinstance(found.verdict, PlainValue) or found.kind.name != "EMR":
        return False
    argument = CLUSTERS.get(str(found.verdict.segment))
    return argument is not None and all(_is_without(view.scene.objects[step.number], argument) for step in view.steps)


def _is_without(made: SdkObject, argument: str) -> bool:
    given = made.get(argument)
    return made.open is None and (given is None or (isinstance(given, Literal) and given.value is None))


def read_scope(view: PropertyReadView) -> str:
    """The anchor's scope of a read."""
    return view.scope or view.span.path


def read_subject(view: PropertyReadView) -> str:
    """The anchor's subject of a read."""
    return f"{view.steps[0].name or view.steps[0].sdk_class}{view.read.path}".replace(HOLE, "*")


def called(step: SdkStep) -> str:
    """A step in a sentence: ``Training step 'Train'``, by its line where its name is not known."""
    kind = step.kinds[0] if len(step.kinds) == 1 else step.sdk_class.removesuffix("Step")
    return f"{kind} step '{step.name}'" if step.name is not None else f"{kind} step {in_line(step.span)}"


def made_here(view: PropertyReadView) -> tuple[Related, ...]:
    """Where the steps are made that are read of."""
    return first_places(Related(step.span, f"the {called(step)} is made here") for step in view.steps)


def _judged(view: PropertyReadView, path: PropertyPath) -> list[_Judged]:
    """A verdict for each step, on each kind that it may be; none if one of the kinds is not known."""
    found: list[_Judged] = []
    for step in view.steps:
        kinds = [kind_named(name) for name in step.kinds]
        known = [kind for kind in kinds if kind is not None]
        if not known or len(known) < len(kinds):
            return []
        found += [_Judged(step, kind, _verdict(path, kind, step)) for kind in known]
    return found


def _verdict(path: PropertyPath, kind: StepKind, step: SdkStep) -> Verdict:
    verdict = walk(path, kind, outputs=outputs_of(step))
    if isinstance(verdict, NoProperties) and not kind.raises and not path.segments:
        return Reaches(None, None)  # there is an object, and it has nothing
    if isinstance(verdict, InternalAttribute) and verdict.segment == path.segments[-1]:
        return Reaches(None, None)  # what every property has, to_string for one
    if isinstance(verdict, AttributeOnCollection) and kind.name in WITH_DICTS and hasattr(dict, verdict.segment.name):
        return Reaches(None, None)
    return verdict


def _place(view: PropertyReadView, path: PropertyPath, verdict: Verdict) -> Span | None:
    """The place of the wrong part; None where it is not written here, but where that was read which is read on here."""
    segment = getattr(verdict, "segment", None)
    written = view.read.path.removesuffix(path.text)
    wanted = written + (path.text[: segment.end] if segment is not None else ROOT)
    links = {one.operand.path: one for one in _links(view) if isinstance(one.operand, Read)}
    link = links.get(wanted)
    if link is None or _has_a_default(link, links):
        return None
    shorter = [one for one in links.values() if _end(one.span) < _end(link.span)]
    before = max((_end(one.span) for one in shorter), default=None)
    last, column = _end(link.span)
    if isinstance(segment, Index) and before is not None:
        return Span(link.span.path, *before, last, column, link.span.cell)
    if segment is not None and not isinstance(segment, Index) and len({one.span for one in links.values()}) == len(links):
        return Span(link.span.path, last, column - len(segment.name), last, column, link.span.cell)
    return link.span


def _links(view: PropertyReadView) -> Iterator[Operation]:
    """The reads that begin where this one begins: each is one link longer than the one before."""
    numbers = {step.number for step in view.steps}
    for one in view.scene.operations:
        same = (one.span.path, one.span.cell, one.span.line, one.span.column) == _start(view.span)
        if same and one.kind == "read" and isinstance(one.operand, Read) and one.operand.of in numbers:
            yield one


def _has_a_default(link: Operation, links: Mapping[str, Operation]) -> bool:
    """Whether it is ``getattr(step.properties, "Name", default)``: its place is that of the name."""
    return not link.certain and len(links) == 1 and link.span.end_column - link.span.column == len(link.what) + 2


def _is_asked_for(view: PropertyReadView) -> bool:
    """Whether the function asks of what kind the step is, or what it has: it may read this of other steps only."""
    numbers = {step.number for step in view.steps}
    return any(_asks(one, numbers) for one in view.scene.operations if one.scope == view.scope)


def _asks(operation: Operation, numbers: Collection[int]) -> bool:
    one = operation.operand
    if operation.kind == "compare":
        return isinstance(one, Read) and one.of in numbers and one.path in TELLING
    if operation.kind != "convert" or operation.what not in ASKED:
        return False
    return (isinstance(one, Made) and one.number in numbers) or (isinstance(one, Read) and one.of in numbers)


def _start(span: Span) -> tuple[str, int | None, int, int]:
    return span.path, span.cell, span.line, span.column


def _end(span: Span) -> tuple[int, int]:
    return span.end_line, span.end_column
