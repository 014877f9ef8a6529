"""What can be said about a property path on one kind of step."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from contract_lint.model.property_path import Attribute, Index, Segment
from contract_lint.sagemaker.step_kinds import StepKind


class Reaches(Struct, frozen=True):
    """The path ends at a value; ``shape`` and ``type`` are botocore's, None where no service model describes the property."""

    accepted_by_sdk: ClassVar[bool] = True
    shape: str | None
    type: str | None

    @property
    def reason(self) -> str:
        return f"it is a {self.type} ({self.shape})" if self.shape else "it is a value that no service model describes"


class StopsEarly(Struct, frozen=True):
    """The path ends at a structure, list or map; ``members`` are what may follow a structure. ``segment`` is None at the root."""

    accepted_by_sdk: ClassVar[bool] = True
    segment: Segment | None
    shape: str
    type: str
    members: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        return f"it stops at {self.shape}, a {self.type}, where a value is due"


End = Reaches | StopsEarly


class UnknownMember(Struct, frozen=True):
    """A name that what stands before it does not have; SDK: AttributeError.

    ``type`` is botocore's type of ``shape``: where it is no structure, nothing may follow. ``candidates`` are the nearest members,
    best first, or dotted paths where a level is missing; ``members`` are all.
    """

    accepted_by_sdk: ClassVar[bool] = False
    segment: Attribute
    shape: str
    type: str | None
    candidates: tuple[str, ...]
    members: tuple[str, ...]

    @property
    def reason(self) -> str:
        if self.type not in (None, "structure"):
            return f"{self.shape} is a {self.type} and has no members"
        if not self.members:
            return f"{self.shape} has no members"
        return f"'{self.segment.name}' is not a member of {self.shape}"


class MemberOfOtherKind(Struct, frozen=True):
    """A path that other kinds of step have, and this one does not; SDK: AttributeError."""

    accepted_by_sdk: ClassVar[bool] = False
    segment: Attribute
    kind: StepKind
    shape: str
    kinds: tuple[str, ...]
    candidates: tuple[str, ...]

    @property
    def reason(self) -> str:
        return f"{self.kind.with_article} step has no '{self.segment.name}'; the path is one of {', '.join(self.kinds)} steps"


class NotSubscriptable(Struct, frozen=True):
    """An index on what is no list or map; SDK: TypeError. ``members`` are the members of a structure, ``candidate`` the one meant."""

    accepted_by_sdk: ClassVar[bool] = False
    segment: Index
    shape: str
    type: str | None
    members: tuple[str, ...] = ()
    candidate: str | None = None

    @property
    def reason(self) -> str:
        what = f"{self.shape} is a {self.type}" if self.type else f"{self.shape} is one value"
        return f"{what}: it takes no index"


class AttributeOnCollection(Struct, frozen=True):
    """A name where a list or map wants an index; SDK: AttributeError."""

    accepted_by_sdk: ClassVar[bool] = False
    segment: Attribute
    shape: str
    type: str

    @property
    def candidate(self) -> str:
        """The index that was probably meant."""
        return f"['{self.segment.name}']"

    @property
    def reason(self) -> str:
        return f"{self.shape} is a {self.type}: write an index in brackets, not '.{self.segment.name}'"


class UndeclaredOutput(Struct, frozen=True):
    """An output that the step does not declare; a KeyError for Lambda and Callback steps, for Processing found only by the run."""

    segment: Index
    candidates: tuple[str, ...]
    declared: tuple[str, ...]
    accepted_by_sdk: bool
    reached: End | None = None

    @property
    def reason(self) -> str:
        return f"the step has no output {self.segment.key!r}"


class PositionalOutput(Struct, frozen=True):
    """`Outputs[0]`: an output by its position, which changes with the order of the outputs; the local mode rejects it."""

    accepted_by_sdk: ClassVar[bool] = True
    segment: Index
    reached: End

    @property
    def reason(self) -> str:
        return f"output {self.segment.key} is taken by its position, not by its name"


class NegativeIndex(Struct, frozen=True):
    """An index counted from the end, which the service cannot do."""

    accepted_by_sdk: ClassVar[bool] = True
    segment: Index
    reached: End

    @property
    def reason(self) -> str:
        return f"index {self.segment.key} is negative; positions begin at 0"


class PositionOutOfRange(Struct, frozen=True):
    """A position that the list cannot have; ``limit`` is the largest number of its items."""

    accepted_by_sdk: ClassVar[bool] = True
    segment: Index
    limit: int
    reached: End

    @property
    def reason(self) -> str:
        items = f"there are at most {self.limit} items, 0 to {self.limit - 1}" if self.limit > 1 else "there are no items"
        items = "there is one item, 0" if self.limit == 1 else items
        return f"index {self.segment.key} is out of range; {items}"


class OddIndex(Struct, frozen=True):
    """An index that is no position of a list, or no key of a map: None, True, 1.5, a number for a map; the SDK prints it unchecked."""

    accepted_by_sdk: ClassVar[bool] = True
    segment: Index
    type: str
    reached: End

    @property
    def reason(self) -> str:
        wanted = "a key is a string" if self.type == "map" else "an index is a position or a name"
        return f"{self.segment.key!r} is no index of a {self.type}; {wanted}"


class UnquotedKey(Struct, frozen=True):
    """A name in brackets without quotation marks, where the path is Python or a definition; only step builders' texts may hold it."""

    accepted_by_sdk: ClassVar[bool] = False
    segment: Index

    @property
    def reason(self) -> str:
        return f"{self.segment.key} is written without quotation marks; write ['{self.segment.key}']"


class PlainValue(Struct, frozen=True):
    """A plain Python value, no reference: it says nothing about another step and makes no dependency."""

    accepted_by_sdk: ClassVar[bool] = False
    segment: Segment
    kind: StepKind

    @property
    def reason(self) -> str:
        return f"'{self.segment}' of {self.kind.with_article} step is a plain Python value, not a reference"


class InternalAttribute(Struct, frozen=True):
    """An attribute of the SDK's own `Properties` class (`.path`, `.expr`): a Python value, no reference."""

    accepted_by_sdk: ClassVar[bool] = False
    segment: Attribute

    @property
    def reason(self) -> str:
        return f"'{self.segment.name}' belongs to the SDK's Properties class; it is no property of the step"


class NoProperties(Struct, frozen=True):
    """A kind of step that has no properties at all; reading them raises."""

    accepted_by_sdk: ClassVar[bool] = False
    kind: StepKind

    @property
    def reason(self) -> str:
        why = f" ({self.kind.raises})" if self.kind.raises else ""
        return f"{self.kind.with_article} step has no properties{why}"


class Unknown(Struct, frozen=True):
    """The answer depends on what only the run, or another step, tells; ``segment`` is where it begins to."""

    accepted_by_sdk: ClassVar[bool] = True
    segment: Segment
    reason: str


Verdict = (
    Reaches
    | StopsEarly
    | UnknownMember
    | MemberOfOtherKind
    | NotSubscriptable
    | AttributeOnCollection
    | UndeclaredOutput
    | PositionalOutput
    | NegativeIndex
    | PositionOutOfRange
    | OddIndex
    | UnquotedKey
    | PlainValue
    | InternalAttribute
    | NoProperties
    | Unknown
)
