"""All that rules and plugins may import: the ``rule`` decorator, the views that rules look at, and what they report.

A rule is one module: its docstring is the page that users read (sections *What it reports*, *Why it matters*, *Bad*, *Good*,
*How to fix*, *When it stays silent*), a frozen dataclass holds the facts of one finding and derives its text, and one decorated
function looks at one view and yields drafts.

**Anchors, version 1.** A finding's anchor is ``scope.subject``. The scope is the contract's name; where there is none, the
qualified name of the function or class around the place; at module level, the module's path. The subject names what is wrong
(an output, a key, a path). The engine appends ``#2``, ``#3``, … in the order of places where one file holds several findings
of one rule with equal anchors. Nothing in an anchor depends on line numbers.
"""

from __future__ import annotations

import difflib
import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias, TypeVar

from contract_lint.model.contract import (
    HOLE,
    Contract,
    Direction,
    Launch,
    Mechanism,
    Mount,
    PathDeclaration,
    PathText,
    Port,
    Setting,
    StepMade,
    Written,
)
from contract_lint.model.finding import Related, Severity
from contract_lint.model.project import Project, RegistryLookup, UnknownFact, UnreadableFile, UnresolvedImport
from contract_lint.model.property_path import Index, Malformed, PropertyPath, Segment, parse
from contract_lint.model.reasons import sentence
from contract_lint.model.script import Access, Argument, EnvironmentRead, PathUse, Script
from contract_lint.model.span import Span, whole_file
from contract_lint.sagemaker.nearest import nearest as nearest_members
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, default_property_path, kind_named
from contract_lint.sagemaker.verdicts import (
    AttributeOnCollection,
    InternalAttribute,
    MemberOfOtherKind,
    NotSubscriptable,
    UnknownMember,
    UnquotedKey,
    Verdict,
)
from contract_lint.sagemaker.walk import walk
from contract_lint.views import (
    ContractView,
    CrashView,
    DeclarationView,
    FileView,
    ImportView,
    LaunchView,
    LookupView,
    ProjectView,
    RegistrationView,
    UnknownView,
    View,
    scope_of,
)

__all__ = [
    "ANCHOR_VERSION",
    "HOLE",
    "Access",
    "Argument",
    "AttributeOnCollection",
    "Contract",
    "ContractView",
    "CrashView",
    "DeclarationView",
    "Direction",
    "Draft",
    "Drafts",
    "EnvironmentRead",
    "Facts",
    "FileView",
    "ImportView",
    "Index",
    "InternalAttribute",
    "Launch",
    "LaunchView",
    "LookupView",
    "Malformed",
    "Mechanism",
    "MemberOfOtherKind",
    "Mount",
    "NotSubscriptable",
    "PathDeclaration",
    "PathText",
    "PathUse",
    "Port",
    "Project",
    "ProjectView",
    "PropertyPath",
    "RegistrationView",
    "RegistryLookup",
    "Related",
    "Rule",
    "Script",
    "Segment",
    "Setting",
    "Severity",
    "Span",
    "StepKind",
    "StepMade",
    "UnknownFact",
    "UnknownMember",
    "UnknownView",
    "UnquotedKey",
    "UnreadableFile",
    "UnresolvedImport",
    "Verdict",
    "View",
    "Written",
    "all_kinds",
    "api_version",
    "default_property_path",
    "joined",
    "kind_named",
    "nearest",
    "nearest_members",
    "parse",
    "rule",
    "scope_of",
    "sentence",
    "shown_path",
    "step_of",
    "walk",
    "whole_file",
]

#: Raised when something that rules rely on changes its meaning.
api_version = 1
ANCHOR_VERSION = 1


class Facts(Protocol):
    """What one finding knows, and the text that follows from it."""

    def message(self) -> str: ...

    def help(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Draft:
    """A finding as a rule yields it: ``scope`` and ``subject`` make the anchor; the engine adds rule, severity and ordinal."""

    facts: Facts
    span: Span
    scope: str
    subject: str
    related: tuple[Related, ...] = ()

    @property
    def anchor(self) -> str:
        return f"{self.scope}.{self.subject}"


Drafts: TypeAlias = Iterable[Draft]
V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: ``off`` rules run only when selected by id, name or area; ``page`` is the docstring of the rule's module."""

    id: str
    name: str
    severity: Severity
    view: type[View]
    facts: type[Facts]
    check: Callable[[View], Iterator[Draft]]
    page: str
    module: str
    off: bool = False

    @property
    def area(self) -> str:
        """The id's prefix that names the area: ``CL2``."""
        return self.id[:3]

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0] or self.name


def rule(
    id: str, name: str, severity: Severity, *, view: type[V], facts: type[Facts], off: bool = False
) -> Callable[[Callable[[V], Drafts]], Rule]:
    """Make a rule of a function over one view; the engine calls it once for each such view."""

    def decorate(check: Callable[[V], Drafts]) -> Rule:
        def run(seen: View) -> Iterator[Draft]:
            if isinstance(seen, view):
                yield from check(seen)

        page = inspect.cleandoc(sys.modules[check.__module__].__doc__ or "")
        return Rule(id, name, severity, view, facts, run, page, check.__module__, off)

    return decorate


def nearest(name: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The names most like ``name``, whatever their case, best first; none if nothing is near."""
    folded: dict[str, str] = {}
    for known in sorted(names):
        folded.setdefault(known.casefold(), known)
    return tuple(folded[match] for match in difflib.get_close_matches(name.casefold(), list(folded), n=limit, cutoff=0.6))


def joined(words: Iterable[str], last: str = "or") -> str:
    """``'a', 'b' or 'c'``."""
    quoted = [f"'{word}'" for word in words]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def step_of(kinds: Sequence[str]) -> str:
    """``a Training step``, ``an AutoML or Training step``."""
    article = "an" if kinds[0][0] in "AEIO" else "a"
    return f"{article} {' or '.join(kinds)} step"


def shown_path(path: PathText) -> str:
    """The text as a reader expects it, with ``{…}`` for what is only known at run time."""
    return path.text.replace(HOLE, "{…}")
