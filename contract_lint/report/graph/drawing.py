"""What the graph of one pipeline shows, whatever the format: steps, links between them, and notes on their inputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import Enum

from msgspec import Struct

from contract_lint.assembly.graph import order_of
from contract_lint.model.pipeline import Edge, Step
from contract_lint.model.reasons import sentence
from contract_lint.model.types import Verdict
from contract_lint.model.wiring import Binding, Candidate, Outcome, Wiring


class LinkKind(str, Enum):
    """What a link says."""

    #: The output feeds the input.
    DATA = "data"
    #: It is one of several outputs that may feed the input.
    CANDIDATE = "candidate"
    #: The output would fit an input that nothing feeds, but no edge leads there.
    MISSING_EDGE = "missing-edge"
    #: An edge over which nothing is handed.
    ORDER = "order"


class Node(Struct, frozen=True):
    """A step; ``id`` is made up, since names may hold anything. ``focused``: the reader asked for this one."""

    id: str
    step: Step
    focused: bool = False


class Link(Struct, frozen=True):
    """``source`` and ``target`` are ids of nodes; of an order link the rest is empty. ``of`` counts the candidates for the input."""

    kind: LinkKind
    source: str
    target: str
    output: str | None = None
    input: str | None = None
    source_type: str | None = None
    target_type: str | None = None
    verdict: Verdict | None = None
    tier: int | None = None
    of: int = 1
    certain: bool = True

    @property
    def broken(self) -> bool:
        return self.kind is LinkKind.MISSING_EDGE or self.verdict is Verdict.ERROR


class Note(Struct, frozen=True):
    """The inputs of one step (``target`` is its node's id) that no other step feeds, each with what is to be said of it."""

    id: str
    target: str
    outcome: Outcome
    inputs: tuple[tuple[str, str | None], ...]


class Drawing(Struct, frozen=True):
    """One pipeline as it is drawn; ``id`` is made up."""

    id: str
    wiring: Wiring
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    notes: tuple[Note, ...]

    @property
    def title(self) -> str:
        """The pipeline's name, and why it may be larger than it is drawn."""
        pipeline = self.wiring.pipeline
        parts = (("steps", pipeline.open_steps), ("edges", pipeline.open_edges))
        doubts = "; ".join(f"there may be more {noun}: {sentence(reason)}" for noun, reason in parts if reason is not None)
        return f"pipeline {pipeline.name}{f' ({doubts})' if doubts else ''}"


def draw(wirings: Sequence[Wiring], focus: frozenset[str] | None = None) -> list[Drawing]:
    """The drawings of all pipelines, in their order; with ``focus`` of those that hold one of these steps, narrowed to their neighbours.

    Narrowed is: the steps themselves, whatever is linked to one of them, and the links among all these; notes on the steps
    themselves alone.
    """
    drawn = (_drawing(f"p{number}", wiring, focus or frozenset()) for number, wiring in enumerate(wirings))
    return [one if focus is None else _narrowed(one) for one in drawn if focus is None or any(node.focused for node in one.nodes)]


def _drawing(id: str, wiring: Wiring, focus: frozenset[str]) -> Drawing:
    nodes = [Node(f"{id}s{number}", step, step.name in focus) for number, step in enumerate(_steps(wiring))]
    ids = {node.step.name: node.id for node in nodes}
    bindings = [binding for binding in wiring.bindings if not binding.input.pseudo and binding.step in ids]
    data = [link for binding in bindings for link in _links(binding, ids)]
    linked = {(link.source, link.target) for link in data}
    places = {node.step.name: place for place, node in enumerate(nodes)}
    edges = sorted(wiring.pipeline.edges, key=lambda edge: (places[edge.source], places[edge.target], edge.certain))
    order = [_order(edge, ids) for edge in edges]
    links = (*data, *(link for link in dict.fromkeys(order) if (link.source, link.target) not in linked))
    return Drawing(id, wiring, tuple(nodes), links, tuple(_notes(id, nodes, bindings)))


def _steps(wiring: Wiring) -> list[Step]:
    """The steps in the order of the edges, each name once; a name that only edges or bindings use is a step that nothing declares.

    The order in which the code lists them plays no part.
    """
    pipeline = wiring.pipeline
    steps: dict[str, Step] = {}
    places = order_of(pipeline).places
    for step in sorted(pipeline.steps, key=lambda one: (places[one.name], one.span)):
        steps.setdefault(step.name, step)
    ends = [end for edge in pipeline.edges for end in ((edge.source, edge.source_at), (edge.target, edge.target_at))]
    for name, place in sorted(ends):
        steps.setdefault(name, Step(name, place, declared=False))
    for binding in wiring.bindings:
        for candidate in _shown(binding):
            steps.setdefault(candidate.step, Step(candidate.step, candidate.output.origin, declared=False))
    return list(steps.values())


def _shown(binding: Binding) -> tuple[Candidate, ...]:
    """The candidates that get a link."""
    if binding.outcome is Outcome.BOUND and binding.chosen is not None:
        return (binding.chosen,)
    if binding.outcome is Outcome.AMBIGUOUS:
        return binding.candidates
    return binding.elsewhere if binding.outcome is Outcome.MISSING and binding.input.required else ()


_KINDS = {Outcome.BOUND: LinkKind.DATA, Outcome.AMBIGUOUS: LinkKind.CANDIDATE}


def _links(binding: Binding, ids: dict[str, str]) -> Iterator[Link]:
    shown = _shown(binding)
    for candidate in shown:
        yield Link(
            _KINDS.get(binding.outcome, LinkKind.MISSING_EDGE),
            ids[candidate.step],
            ids[binding.step],
            candidate.output.name,
            binding.input.name,
            str(candidate.output.typing.type),
            str(binding.input.typing.type),
            candidate.judgement.verdict,
            int(candidate.tier),
            len(shown),
            candidate.output.certain and binding.input.certain,
        )


def _order(edge: Edge, ids: dict[str, str]) -> Link:
    return Link(LinkKind.ORDER, ids[edge.source], ids[edge.target], certain=edge.certain)


def _notes(id: str, nodes: Sequence[Node], bindings: Sequence[Binding]) -> Iterator[Note]:
    """One for each step and outcome; an optional input that nothing feeds is no defect and gets none."""
    said: dict[tuple[str, Outcome], list[tuple[str, str | None]]] = defaultdict(list)
    for binding in bindings:
        if binding.outcome is not Outcome.MISSING or (binding.input.required and not binding.elsewhere):
            said[binding.step, binding.outcome].append((binding.input.name, binding.says))
    wanted = ((node, outcome) for node in nodes for outcome in (Outcome.EXTERNAL, Outcome.MISSING, Outcome.UNKNOWN))
    found = [(node, outcome) for node, outcome in wanted if (node.step.name, outcome) in said]
    for number, (node, outcome) in enumerate(found):
        yield Note(f"{id}n{number}", node.id, outcome, tuple(said[node.step.name, outcome]))


def _narrowed(drawing: Drawing) -> Drawing:
    focused = {node.id for node in drawing.nodes if node.focused}
    kept = focused.union(*({link.source, link.target} for link in drawing.links if {link.source, link.target} & focused))
    return Drawing(
        drawing.id,
        drawing.wiring,
        tuple(node for node in drawing.nodes if node.id in kept),
        tuple(link for link in drawing.links if {link.source, link.target} <= kept),
        tuple(note for note in drawing.notes if note.target in focused),
    )


# What stands on the shapes


def node_lines(node: Node) -> tuple[str, ...]:
    """The name of the step, its kind, and what is wrong with it."""
    step = node.step
    kinds = " or ".join(step.kinds) or "kind unknown"
    variant = f" ({step.variant})" if step.variant is not None else ""
    lines = [step.name, f"{kinds}{variant}" if step.declared else "not declared"]
    if step.lacks is not None:
        lines.append(f"no {step.lacks.value}")
    if not step.certain:
        lines.append("on some ways through the code")
    return tuple(lines)


def link_lines(link: Link) -> tuple[str, ...]:
    """The two ports, their types, and what is wrong; nothing for an order link."""
    if link.kind is LinkKind.ORDER:
        return ()
    lines = [f"{link.output} → {link.input}"]
    if {link.source_type, link.target_type} != {"Unknown"}:
        same = link.source_type == link.target_type
        lines.append(str(link.source_type) if same else f"{link.source_type} → {link.target_type}")
    if link.kind is LinkKind.MISSING_EDGE:
        lines.append("no edge")
    elif link.kind is LinkKind.CANDIDATE:
        lines.append(f"one of {link.of}")
    if link.verdict is Verdict.ERROR:
        lines.append("the types do not fit")
    return tuple(lines)


_TITLES = {Outcome.EXTERNAL: "from outside", Outcome.MISSING: "missing", Outcome.UNKNOWN: "not known"}


def note_lines(note: Note) -> tuple[str, ...]:
    """What the inputs have in common, then each with what is said of it."""
    return (_TITLES[note.outcome], *(name if says is None else f"{name}: {says}" for name, says in note.inputs))


class Look(Struct, frozen=True):
    """The colours of a shape."""

    fill: str
    stroke: str


#: By the step's kind; a step of several kinds, or of another one, looks like the rest.
KIND_LOOKS = {
    "Processing": Look("#dbeafe", "#1d4ed8"),
    "Training": Look("#dcfce7", "#15803d"),
    "Tuning": Look("#d9f99d", "#4d7c0f"),
    "Transform": Look("#fef3c7", "#b45309"),
    "Model": Look("#ede9fe", "#6d28d9"),
    "RegisterModel": Look("#fce7f3", "#be185d"),
}
OTHER_LOOK = Look("#f1f5f9", "#475569")
NOTE_LOOKS = {
    Outcome.EXTERNAL: Look("#ffffff", "#94a3b8"),
    Outcome.MISSING: Look("#fee2e2", "#b91c1c"),
    Outcome.UNKNOWN: Look("#f8fafc", "#94a3b8"),
}
BROKEN = "#b91c1c"
CANDIDATE = "#b45309"
ORDER = "#94a3b8"


def kind_of(node: Node) -> str | None:
    """The key of ``KIND_LOOKS`` for a step; None for the rest."""
    kinds = node.step.kinds
    return kinds[0] if len(kinds) == 1 and kinds[0] in KIND_LOOKS else None
