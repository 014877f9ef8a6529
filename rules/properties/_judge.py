"""What a property path is worth on the steps that it may be resolved on: the rules about paths share this judgement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from contract_lint.api import (
    HOLE,
    AttributeOnCollection,
    DeclarationView,
    InternalAttribute,
    Malformed,
    MemberOfOtherKind,
    NotSubscriptable,
    PropertyPath,
    Related,
    Span,
    StepKind,
    UndeclaredOutput,
    UnknownMember,
    UnquotedKey,
    Verdict,
    all_kinds,
    first_places,
    kind_named,
    parse,
    step_of,
    walk,
)

Wrong = UnknownMember | InternalAttribute | MemberOfOtherKind | NotSubscriptable | AttributeOnCollection | UnquotedKey


@dataclass(frozen=True, slots=True)
class Rejected:
    """A path that no step takes which it may be resolved on.

    ``wrong`` is the verdict of the kind that understands most of the path, ``kinds`` are all that stop at the same segment, and
    ``members`` is all that could stand there on any of them; ``kind_known`` is false where the path was tried on every kind.
    """

    path: PropertyPath
    wrong: Wrong
    kinds: tuple[str, ...]
    members: tuple[str, ...]
    kind_known: bool

    @property
    def before(self) -> str:
        """What stands before the wrong segment; empty at the root."""
        kept = tuple(segment for segment in self.path.segments if segment.end <= self.wrong.segment.start)
        return str(PropertyPath(self.path.text, kept))


def judge(view: DeclarationView) -> Rejected | Malformed | None:
    """Judge a declaration's path; None where it holds, or where nothing can be proved."""
    written = view.declaration.path
    if written is None:
        return None
    path = parse(written.text)
    if isinstance(path, Malformed):
        return path
    if any(kind_named(name) is None for name in view.kinds):
        return None  # a kind that no data describes may take any path
    return _rejected(path, kinds_of(view), kind_known=bool(view.kinds))


def readable(view: DeclarationView) -> PropertyPath | None:
    """A declaration's path, if it is one and all its kinds of step are described by data."""
    path = parse(view.declaration.path.text) if view.declaration.path is not None else None
    if not isinstance(path, PropertyPath) or any(kind_named(name) is None for name in view.kinds):
        return None
    return path


def missing_output(view: DeclarationView) -> tuple[StepKind, UndeclaredOutput] | None:
    """An output that the path reads by name and that none of its builders' steps is given; the first kind of step speaks."""
    path = readable(view)
    if path is None or not view.kinds:
        return None
    found: list[tuple[StepKind, UndeclaredOutput]] = []
    for made in (made for owner in view.owners for made in owner.made):
        kind = kind_named(made.kind)
        verdict = walk(path, kind, outputs=made.outputs) if kind is not None else None
        if kind is not None and isinstance(verdict, UndeclaredOutput):
            found.append((kind, verdict))
        elif verdict is None or verdict.accepted_by_sdk:
            return None
    return found[0] if found else None


def kinds_of(view: DeclarationView) -> list[StepKind]:
    """The kinds that the path may be resolved on: those of its builders, or all that have properties."""
    named = [kind for kind in map(kind_named, view.kinds) if kind is not None]
    return named or [kind for kind in all_kinds() if not kind.raises]


def holds(text: str, kinds: Iterable[StepKind]) -> PropertyPath | None:
    """The path in a text, if one of the kinds takes it."""
    path = parse(text)
    if isinstance(path, Malformed) or not path.segments or not path.known:
        return None
    return path if any(walk(path, kind, strict=False).accepted_by_sdk for kind in kinds) else None


def _rejected(path: PropertyPath, kinds: list[StepKind], *, kind_known: bool) -> Rejected | None:
    wrong: list[tuple[StepKind, Wrong]] = []
    for kind in kinds:
        verdict: Verdict = walk(path, kind, strict=False)
        if isinstance(verdict, Wrong):
            wrong.append((kind, verdict))
        elif verdict.accepted_by_sdk or kind_known:
            return None  # it holds, or another rule speaks of it
    if not wrong:
        return None
    furthest = max(verdict.segment.start for _, verdict in wrong)
    best = [(kind, verdict) for kind, verdict in wrong if verdict.segment.start == furthest]
    first = next((verdict for _, verdict in best if isinstance(verdict, MemberOfOtherKind)), best[0][1])
    members = {name for _, verdict in best if isinstance(verdict, UnknownMember) for name in verdict.members}
    return Rejected(path, first, tuple(kind.name for kind, _ in best), tuple(sorted(members)), kind_known)


def related_places(view: DeclarationView) -> tuple[Related, ...]:
    """The other ends: the declaration if the path is written elsewhere, the builders, and the steps that they make."""
    declaration = view.declaration
    given: tuple[Related, ...] = ()
    if declaration.path is not None and not _holds(declaration.span, declaration.path.origin):
        given = (
            Related(declaration.span, f"the path is given to {declaration.name!r} here" if declaration.name else "the path is used here"),
        )
    builders = first_places(Related(owner.span, f"declared here: {owner.class_name}") for owner in view.owners)
    steps = first_places(Related(made.span, f"{step_of([made.kind])} is made here") for owner in view.owners for made in owner.made)
    return (*given, *builders, *steps)


def subject_of(view: DeclarationView) -> str:
    """The anchor's subject: the output, or the path where its name is unknown."""
    declaration = view.declaration
    if declaration.name is not None:
        return declaration.name
    return declaration.path.text.replace(HOLE, "*") if declaration.path is not None else "path"


def _holds(outer: Span, inner: Span) -> bool:
    if (outer.path, outer.cell) != (inner.path, inner.cell):
        return False
    return (outer.line, outer.column) <= (inner.line, inner.column) and (inner.end_line, inner.end_column) <= (
        outer.end_line,
        outer.end_column,
    )
