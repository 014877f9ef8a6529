"""Walk a property path through the shapes of a step's properties, as the SDK does, and say where it leads."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from msgspec import Struct

from contract_lint.model.property_path import Attribute, Form, Index, PropertyPath, Segment
from contract_lint.sagemaker.nearest import nearest
from contract_lint.sagemaker.service_model import ServiceModel, Shape, service_model
from contract_lint.sagemaker.step_kinds import Extra, StepKind, all_kinds, kind_named
from contract_lint.sagemaker.verdicts import (
    AttributeOnCollection,
    End,
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

#: Attributes of the SDK's own classes: every property has them (`sagemaker.workflow.properties`).
_INTERNAL = frozenset({"path", "step_name", "expr", "to_string", "shape_name", "service_name"})
#: `TrainingJobSummaries[k]` holds the 50 best jobs (developer guide, "Tuning step"); the service model gives the list no limit.
_LIMITS = {"HyperParameterTrainingJobSummaries": 50}
_OUTPUT_LIST = "ProcessingOutputs"
_MISSING_LEVELS = 3


class _Node(Struct, frozen=True):
    """Where a walk stands.

    ``extra`` tells what no service model describes. ``sealed`` marks a list or map that is itself an item: the SDK wraps items in
    `Properties`, which takes no index (`AutoMLInferenceContainerDefinitions["CPU"][0]` is a TypeError though the shape has it).
    """

    name: str
    shape: Shape | None = None
    extra: Extra | None = None
    sealed: bool = False

    @property
    def type(self) -> str | None:
        return self.shape.type if self.shape is not None else None


def walk(path: PropertyPath, kind: StepKind, *, outputs: Collection[str] | None = None, strict: bool = True) -> Verdict:
    """Say where a path leads on one kind of step.

    ``outputs`` are the names of all outputs that the step declares (Processing, Lambda, Callback), None if they are not all known.
    What the SDK rejects comes first. With ``strict``, what it accepts although it cannot work comes next (indices, undeclared
    outputs, an end at a container, outputs by position); without, `Reaches` or `StopsEarly` is the answer to such a path.
    """
    return _walked(path, kind, frozenset(outputs) if outputs is not None else None, strict)


@lru_cache(maxsize=4096)
def _walked(path: PropertyPath, kind: StepKind, outputs: frozenset[str] | None, strict: bool) -> Verdict:
    """What ``walk`` says: every rule asks it about the same paths."""
    verdict = _Walk(path, kind, outputs, service_model()).run(strict=strict)
    if isinstance(verdict, UnknownMember) and (kinds := _kinds_with(path, kind)):
        return MemberOfOtherKind(verdict.segment, kind, verdict.shape, kinds, verdict.candidates)
    return verdict


def _kinds_with(path: PropertyPath, kind: StepKind) -> tuple[str, ...]:
    """The other kinds on which the whole path is valid."""
    model = service_model()
    others = (other for other in all_kinds() if other.name != kind.name and not other.raises)
    return tuple(other.name for other in others if isinstance(_Walk(path, other, None, model, suggest=False).run(strict=False), End))


class _Walk:
    """One walk; ``odd`` keeps the indices that the SDK accepts and should not, without ``suggest`` no candidates are looked for."""

    def __init__(
        self, path: PropertyPath, kind: StepKind, outputs: Collection[str] | None, model: ServiceModel, *, suggest: bool = True
    ) -> None:
        self.path, self.kind, self.outputs, self.model, self.suggest = path, kind, outputs, model, suggest
        self.in_definition = path.form is Form.GET
        self.odd: list[tuple[Index, _Node]] = []
        self.extras: Mapping[str, Extra] = kind.extras
        if self.in_definition and kind.definition_extras is not None:
            self.extras = kind.definition_extras

    def run(self, *, strict: bool) -> Verdict:
        if self.in_definition and self.kind.definition_kind is not None:
            self.kind = kind_named(self.kind.definition_kind) or self.kind
            self.extras = self.kind.extras
        if self.kind.raises:
            return NoProperties(self.kind)
        node = self._root()
        if node.shape is not None and not node.shape.members:
            return NoProperties(self.kind)
        last: Segment | None = None
        for last in self.path.segments:
            following = self._attribute(node, last) if isinstance(last, Attribute) else self._index(node, last)
            if not isinstance(following, _Node):
                return following
            node = following
        end = self._end(node, last)
        if not isinstance(end, End):
            return end
        return self._stricter(end) if strict else end

    def _root(self) -> _Node:
        """The root of the properties: the members of all its shapes, and the extras."""
        members: dict[str, str] = {}
        for name in self.kind.shapes:
            members |= self.model.shape(self.kind.service, name).members
        members |= {name: name for name in self.extras if "." not in name}
        return _Node(self.kind.root_name, Shape(self.kind.service, self.kind.root_name, "structure", members=members))

    def _attribute(self, node: _Node, segment: Attribute) -> _Node | Verdict:
        if node.extra is Extra.OPEN or not segment.known:
            return Unknown(segment, "not-statically-known" if node.extra is None else "depends-on-the-step")
        extra = self.extras.get(f"{node.name}.{segment.name}" if node.extra is Extra.GROUP else segment.name)
        at_root = node.shape is not None and node.shape.name == self.kind.root_name
        if extra is not None and (at_root or node.extra is Extra.GROUP):
            return _Node(segment.name, extra=extra)
        if node.extra in (Extra.OUTPUTS, Extra.NAMED_LEAVES):
            return AttributeOnCollection(segment, f"'{node.name}'", "map")
        if node.extra is Extra.ARGUMENT:
            return PlainValue(segment, self.kind)
        if node.type == "structure" and node.shape is not None and segment.name in node.shape.members:
            return self._node(node.shape, node.shape.members[segment.name])
        if segment.name in _INTERNAL and not self.in_definition:
            return InternalAttribute(segment)
        if node.type in ("list", "map") and not node.sealed:
            return AttributeOnCollection(segment, node.name, node.type)
        return self._unknown_member(node, segment)

    def _node(self, parent: Shape, name: str, *, item: bool = False) -> _Node:
        # The SDK looks items up in the SageMaker model whatever the service; EMR's steps hold only lists and maps of `String`.
        shape = self.model.shape(parent.service, name)
        return _Node(name, shape, sealed=item and shape.type in ("list", "map") and not self.in_definition)

    def _unknown_member(self, node: _Node, segment: Attribute) -> UnknownMember:
        members = tuple(node.shape.members) if node.shape is not None else self._group(node)
        deeper = self._missing_level(node, segment.name) if self.suggest else ()
        near = nearest(segment.name, members) if self.suggest else ()
        exact = tuple(name for name in near if name.lower() == segment.name.replace("_", "").lower())
        candidates = tuple(dict.fromkeys(exact + deeper + near))[:3]
        shape = f"'{node.name}'" if node.shape is None else node.name
        return UnknownMember(segment, shape, node.type, candidates, tuple(sorted(members)))

    def _group(self, node: _Node) -> tuple[str, ...]:
        """The members of a structure that no service model describes."""
        return tuple(name.removeprefix(f"{node.name}.") for name in self.extras if name.startswith(f"{node.name}."))

    def _missing_level(self, node: _Node, name: str) -> tuple[str, ...]:
        """Paths through structures that lead to a member of this name, the shortest first."""
        level: list[tuple[str, Shape]] = [("", node.shape)] if node.shape is not None else []
        for _ in range(_MISSING_LEVELS):
            below = [(f"{at}{member}.", self._structure(shape, target)) for at, shape in level for member, target in shape.members.items()]
            level = [(at, shape) for at, shape in below if shape is not None]
            if found := tuple(f"{at}{name}" for at, shape in level if name in shape.members):
                return found
        return ()

    def _structure(self, parent: Shape, name: str) -> Shape | None:
        if parent.name == self.kind.root_name and name in self.extras:
            return None
        shape = self.model.shape(parent.service, name)
        return shape if shape.type == "structure" else None

    def _index(self, node: _Node, segment: Index) -> _Node | Verdict:
        if node.extra is Extra.OPEN:
            return Unknown(segment, "depends-on-the-step")
        if node.extra is Extra.ARGUMENT:
            return PlainValue(segment, self.kind)
        unquoted = isinstance(segment.key, str) and segment.known and not segment.quote
        if node.extra is Extra.OUTPUTS and not unquoted:
            return self._declared_output(segment)
        if node.extra in (Extra.NAMED_LEAVES, Extra.OUTPUTS) or (node.type in ("list", "map") and not node.sealed):
            if unquoted and self.path.form in (Form.BARE, Form.GET):
                return UnquotedKey(segment)
            if node.shape is None or node.shape.item is None:
                return _Node(node.name, extra=Extra.LEAF)
            self.odd.append((segment, node))
            return self._node(node.shape, node.shape.item, item=True)
        members = tuple(sorted(node.shape.members)) if node.shape is not None else ()
        meant = segment.key if isinstance(segment.key, str) and segment.key in members else None
        return NotSubscriptable(segment, node.name if node.shape is not None else f"'{node.name}'", node.type, members, meant)

    def _declared_output(self, segment: Index) -> _Node | Verdict:
        if not segment.known:
            return _Node(str(segment.key), extra=Extra.LEAF)
        if self.outputs is not None and segment.key not in self.outputs:
            return UndeclaredOutput(segment, nearest(str(segment.key), self.outputs), tuple(sorted(self.outputs)), accepted_by_sdk=False)
        return _Node(str(segment.key), extra=Extra.LEAF)

    def _end(self, node: _Node, last: Segment | None) -> Verdict:
        if node.extra is Extra.LEAF:
            return Reaches(None, None)
        if node.extra is Extra.OPEN and last is not None:
            return Unknown(last, "depends-on-the-step")
        if node.extra in (Extra.ARGUMENT, Extra.OUTPUTS) and last is not None:
            return PlainValue(last, self.kind)
        if node.shape is None:
            members = self._group(node)
            return StopsEarly(last, f"'{node.name}'", "structure" if members else "map", members)
        if node.shape.type in ("structure", "list", "map"):
            return StopsEarly(last, node.name, node.shape.type, tuple(sorted(node.shape.members)))
        return Reaches(node.name, node.shape.type)

    def _stricter(self, end: End) -> Verdict:
        """The worst of what the SDK let pass: a wrong index, then an undeclared output, then the end itself, then a position."""
        for segment, node in self.odd:
            if (wrong := self._wrong_index(segment, node, end)) is not None:
                return wrong
        positional: PositionalOutput | None = None
        for segment, node in self.odd:
            if node.name != _OUTPUT_LIST or not segment.known:
                continue
            if segment.position is not None:
                positional = positional or PositionalOutput(segment, end)
            elif self.outputs is not None and segment.key not in self.outputs:
                near = nearest(str(segment.key), self.outputs)
                return UndeclaredOutput(segment, near, tuple(sorted(self.outputs)), accepted_by_sdk=True, reached=end)
        return positional if positional is not None and isinstance(end, Reaches) else end

    def _wrong_index(self, segment: Index, node: _Node, end: End) -> NegativeIndex | PositionOutOfRange | OddIndex | None:
        position = segment.position
        if isinstance(segment.key, str) or node.shape is None:
            return None
        if node.shape.type == "map" or position is None:
            return OddIndex(segment, node.shape.type, end)
        if position < 0:
            return NegativeIndex(segment, end)
        limit = _LIMITS.get(node.name, node.shape.maximum)
        if node.name == _OUTPUT_LIST and self.outputs is not None:
            limit = len(self.outputs)
        return PositionOutOfRange(segment, int(limit), end) if limit is not None and position >= limit else None
