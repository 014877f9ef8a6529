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

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol, TypeAlias, TypeVar, cast

from msgspec import Struct

from contract_lint.model.contract import (
    HOLE,
    AttributeUse,
    ConfigShape,
    Contract,
    Direction,
    DuplicateKey,
    Launch,
    Mechanism,
    MethodProblem,
    Mount,
    Named,
    NameUse,
    PathDeclaration,
    PathText,
    Port,
    Setting,
    StepMade,
    Table,
    Written,
)
from contract_lint.model.conventions import says_optional
from contract_lint.model.evidence import UNTYPED, Conflict, Evidence, Rank, Typing, evidenced
from contract_lint.model.finding import Related, Severity
from contract_lint.model.pipeline import Edge, Given, GivenInput, Lack, Pipeline, Repeated, Step
from contract_lint.model.project import (
    BuilderMap,
    Declarative,
    DocumentProblem,
    ParameterUse,
    Project,
    RegistryLookup,
    UnknownFact,
    UnreadableFile,
    UnresolvedImport,
)
from contract_lint.model.property_path import Index, Malformed, PropertyPath, Segment, parse
from contract_lint.model.reasons import sentence
from contract_lint.model.script import CHANNELS, CONTAINER, Access, Argument, EnvironmentRead, PathUse, Script
from contract_lint.model.sdk import (
    NOTHING,
    PIPELINE_PARAMETERS,
    Dependency,
    Either,
    Hidden,
    Listing,
    Literal,
    Made,
    Mapped,
    Member,
    Operation,
    Pieces,
    Placed,
    Read,
    Reference,
    SdkObject,
    SdkPipeline,
    SdkPort,
    SdkScene,
    SdkStep,
    SdkValue,
    Stray,
    VariableUse,
    Wait,
    is_none,
    options,
)
from contract_lint.model.sdk import (
    Named as SdkNamed,
)
from contract_lint.model.span import Span, whole_file
from contract_lint.model.spelling import MISSPELT, nearest
from contract_lint.model.types import Judgement, PortType
from contract_lint.model.types import Verdict as TypeVerdict
from contract_lint.model.wiring import Binding, Candidate, Claim, Decision, Outcome, Reach, Refusal, Tier, Wiring
from contract_lint.sagemaker.argument_types import takes_a_value, type_of_argument, type_of_element
from contract_lint.sagemaker.nearest import nearest as nearest_members
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, default_property_path, kind_named
from contract_lint.sagemaker.verdicts import (
    AttributeOnCollection,
    InternalAttribute,
    MemberOfOtherKind,
    NegativeIndex,
    NoProperties,
    NotSubscriptable,
    OddIndex,
    PlainValue,
    PositionalOutput,
    PositionOutOfRange,
    Reaches,
    StopsEarly,
    UndeclaredOutput,
    Unknown,
    UnknownMember,
    UnquotedKey,
    Verdict,
)
from contract_lint.sagemaker.walk import walk
from contract_lint.views import (
    AttributeView,
    BindingView,
    ContractView,
    CrashView,
    DeclarationView,
    DeclarativeView,
    DocumentView,
    DuplicateKeyView,
    ExistenceView,
    FileView,
    ImportView,
    LaunchView,
    LookupView,
    MappedBuilder,
    MappedNameView,
    NameUseView,
    NamingView,
    OperationView,
    PathLookupView,
    PathTextView,
    PipelineView,
    PortView,
    ProblemView,
    ProjectView,
    PropertyReadView,
    ReferenceView,
    RegistrationView,
    SdkObjectView,
    SdkPipelineView,
    SdkStepView,
    StepView,
    UnknownView,
    View,
    scope_of,
)

__all__ = [
    "ANCHOR_VERSION",
    "CHANNELS",
    "CONTAINER",
    "HOLE",
    "MISSPELT",
    "NOTHING",
    "PIPELINE_PARAMETERS",
    "UNTYPED",
    "Access",
    "Argument",
    "AttributeOnCollection",
    "AttributeUse",
    "AttributeView",
    "Binding",
    "BindingView",
    "BuilderMap",
    "Candidate",
    "Claim",
    "ConfigShape",
    "Conflict",
    "Contract",
    "ContractView",
    "CrashView",
    "Decision",
    "DeclarationView",
    "Declarative",
    "DeclarativeView",
    "Dependency",
    "Direction",
    "DocumentProblem",
    "DocumentView",
    "Draft",
    "Drafts",
    "DuplicateKey",
    "DuplicateKeyView",
    "Edge",
    "Either",
    "EnvironmentRead",
    "Evidence",
    "ExistenceView",
    "Facts",
    "FileView",
    "Given",
    "GivenInput",
    "Hidden",
    "ImportView",
    "Index",
    "InternalAttribute",
    "Judgement",
    "Lack",
    "Launch",
    "LaunchView",
    "Listing",
    "Literal",
    "LookupView",
    "Made",
    "Malformed",
    "Mapped",
    "MappedBuilder",
    "MappedNameView",
    "Mechanism",
    "Member",
    "MemberOfOtherKind",
    "MethodProblem",
    "Mount",
    "NameUse",
    "NameUseView",
    "Named",
    "NamingView",
    "NegativeIndex",
    "NoProperties",
    "NotSubscriptable",
    "OddIndex",
    "Operation",
    "OperationView",
    "Outcome",
    "ParameterUse",
    "PathDeclaration",
    "PathLookupView",
    "PathText",
    "PathTextView",
    "PathUse",
    "Pieces",
    "Pipeline",
    "PipelineView",
    "Placed",
    "PlainValue",
    "Port",
    "PortType",
    "PortView",
    "PositionOutOfRange",
    "PositionalOutput",
    "ProblemView",
    "Project",
    "ProjectView",
    "PropertyPath",
    "PropertyReadView",
    "Rank",
    "Reach",
    "Reaches",
    "Read",
    "Reference",
    "ReferenceView",
    "Refusal",
    "RegistrationView",
    "RegistryLookup",
    "Related",
    "Repeated",
    "Rule",
    "Script",
    "SdkNamed",
    "SdkObject",
    "SdkObjectView",
    "SdkPipeline",
    "SdkPipelineView",
    "SdkPort",
    "SdkScene",
    "SdkStep",
    "SdkStepView",
    "SdkValue",
    "Segment",
    "Setting",
    "Severity",
    "Span",
    "Step",
    "StepKind",
    "StepMade",
    "StepView",
    "StopsEarly",
    "Stray",
    "Table",
    "Tier",
    "TypeVerdict",
    "Typing",
    "UndeclaredOutput",
    "Unknown",
    "UnknownFact",
    "UnknownMember",
    "UnknownView",
    "UnquotedKey",
    "UnreadableFile",
    "UnresolvedImport",
    "VariableUse",
    "Verdict",
    "View",
    "Wait",
    "Wiring",
    "Written",
    "all_kinds",
    "api_version",
    "default_property_path",
    "evidenced",
    "first_places",
    "in_line",
    "is_none",
    "joined",
    "kind_named",
    "listed",
    "nearest",
    "nearest_members",
    "options",
    "parse",
    "place_within",
    "rule",
    "says_optional",
    "scope_at",
    "scope_of",
    "sentence",
    "shown_path",
    "some",
    "step_names",
    "step_of",
    "takes_a_value",
    "titled",
    "type_of_argument",
    "type_of_element",
    "users",
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


class Draft(Struct, frozen=True):
    """A finding as a rule yields it: ``scope`` and ``subject`` make the anchor; the engine adds rule, severity and ordinal.

    ``severity`` makes this finding milder than the rule's others; it never makes it worse.
    """

    facts: Facts
    span: Span
    scope: str
    subject: str
    related: tuple[Related, ...] = ()
    severity: Severity | None = None

    @property
    def anchor(self) -> str:
        return f"{self.scope}.{self.subject}"


Drafts: TypeAlias = Iterable[Draft]
V = TypeVar("V", bound=View)


class Rule(Struct, frozen=True):
    """One rule: ``off`` rules run only when selected by id, name or area; ``page`` is the docstring of the rule's module.

    It looks at all views of the kind ``view``, and at those of the kinds ``also``.
    """

    id: str
    name: str
    severity: Severity
    view: type[View]
    facts: type[Facts]
    check: Callable[[View], Iterator[Draft]]
    page: str
    module: str
    off: bool = False
    also: tuple[type[View], ...] = ()

    @property
    def area(self) -> str:
        """The id's prefix that names the area: ``CL2``."""
        return self.id[:3]

    @property
    def summary(self) -> str:
        """The page's first line."""
        return self.page.partition("\n")[0] or self.name


def rule(
    id: str, name: str, severity: Severity, *, view: type[V], facts: type[Facts], off: bool = False, also: tuple[type[View], ...] = ()
) -> Callable[[Callable[[V], Drafts]], Rule]:
    """Make a rule of a function over one kind of view, or over this and ``also`` others; the engine calls it once for each such view."""

    def decorate(check: Callable[[V], Drafts]) -> Rule:
        def run(seen: View) -> Iterator[Draft]:
            if isinstance(seen, (view, *also)):
                yield from check(cast("V", seen))  # the function takes all of these kinds

        page = inspect.cleandoc(sys.modules[check.__module__].__doc__ or "")
        return Rule(id, name, severity, view, facts, run, page, check.__module__, off, also)

    return decorate


def joined(words: Iterable[str], last: str = "or") -> str:
    """``'a', 'b' or 'c'``."""
    quoted = [f"'{word}'" for word in words]
    return f" {last} ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def some(words: Sequence[str], limit: int = 5) -> str:
    """``'a', 'b' and 'c'``; of more than ``limit`` those, and ``…``."""
    return joined(words[:limit], "and") + (", …" if len(words) > limit else "")


def step_names(contracts: Iterable[Contract]) -> tuple[str, ...]:
    """The names of the steps, each once."""
    return tuple(dict.fromkeys(contract.name for contract in contracts))


def listed(words: Sequence[str], limit: int = 3) -> str:
    """``A``, ``A and B``, ``A, B, C and 4 more``."""
    rest = len(words) - limit
    if rest > 0:
        return f"{', '.join(words[:limit])} and {rest} more"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


#: Related places of one sort that a finding shows.
SHOWN = 5


def first_places(places: Iterable[Related]) -> tuple[Related, ...]:
    """The first five places; the fifth says how many more there are."""
    every = tuple(dict.fromkeys(places))
    if len(every) <= SHOWN:
        return every
    last = every[SHOWN - 1]
    return (*every[: SHOWN - 1], Related(last.span, f"{last.message} (and {len(every) - SHOWN} more)"))


def users(contracts: Iterable[Contract], verb: str) -> tuple[Related, ...]:
    """The builder classes that have a fact from one place: five, then a count. ``verb`` says what they do (``demands it``)."""
    return first_places(Related(contract.span, f"{contract.class_name} {verb}") for contract in contracts)


def scope_at(contracts: Sequence[Contract], source: str) -> str:
    """The anchor's scope of a fact: its only contract, else the function or class that it stands in for all of them."""
    names = sorted({contract.name for contract in contracts})
    return names[0] if len(names) == 1 else source


def step_of(kinds: Sequence[str]) -> str:
    """``a Training step``, ``an AutoML or Training step``."""
    article = "an" if kinds[0][0] in "AEIO" else "a"
    return f"{article} {' or '.join(kinds)} step"


def in_line(span: Span) -> str:
    """``in line 12``, ``in line 5 of cell 3``: how something is told that has no known name."""
    return f"in line {span.line}" + (f" of cell {span.cell}" if span.cell is not None else "")


def titled(what: str, name: str | None, span: Span) -> str:
    """``step 'Train'``; without a known name ``the step in line 12``."""
    return f"{what} '{name}'" if name is not None else f"the {what} {in_line(span)}"


def shown_path(path: PathText) -> str:
    """The text as a reader expects it, with ``{…}`` for what is only known at run time."""
    return path.text.replace(HOLE, "{…}")


def place_within(written: PathText, start: int, end: int) -> Span:
    """The place of a part of a path, if it is written as a plain literal on one line; else all of it."""
    origin = written.origin
    if origin.line != origin.end_line or origin.end_column - origin.column != len(written.text) + 2:
        return origin
    first = origin.column + 1
    return Span(origin.path, origin.line, first + start, origin.line, first + max(end, start + 1), origin.cell)
