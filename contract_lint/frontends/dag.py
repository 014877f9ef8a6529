"""Pipelines that are put together as a graph of step names: ``PipelineDAG(nodes=…, edges=…)``, ``add_node`` and ``add_edge``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from contract_lint.frontends import profile
from contract_lint.frontends.nodes import Nodes
from contract_lint.model.contract import Named
from contract_lint.model.pipeline import Edge, Pipeline, Repeated, Step
from contract_lint.model.span import NOTEBOOK, Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.journals import MADE, Handed, JournalAddress, Made, journals_of
from contract_lint.python.values import (
    Const,
    DictObj,
    Entry,
    FunctionValue,
    InstanceObj,
    ListObj,
    Ref,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    origin_of,
)

#: What the constructor's parameters and those of ``add_edge`` are called, in order.
OF_CONSTRUCTOR = ("nodes", "edges")
OF_EDGE = (
    frozenset({"source", "src", "from_step", "from_node", "parent", "upstream", "start", "u"}),
    frozenset({"target", "dst", "to_step", "to_node", "child", "downstream", "end", "v", "destination", "dest"}),
)


class Graph(Struct, frozen=True):
    """One graph object: what was done to it, in which state to read that, and the dicts that went the same way as it.

    ``returned``: it went back to a caller that nobody saw, by itself or as part of an object.
    """

    made: Made
    journal: DictObj
    frame: Frame
    tables: tuple[DictObj, ...]
    span: Span
    returned: bool


class Topology(Struct):
    """Names and edges as they are written; the ``*_open`` say why there may be more.

    ``titled``: the constructor is given a text where others take nodes, so that the other arguments may be anything.
    """

    nodes: dict[str, tuple[Span, bool]] = field(default_factory=dict)
    edges: dict[tuple[str, str], Edge] = field(default_factory=dict)
    repeated: list[Repeated] = field(default_factory=list)
    steps_open: str | None = None
    edges_open: str | None = None
    titled: bool = False


def dag_pipelines(ev: Evaluator, nodes: Nodes, ends: Sequence[Answer]) -> tuple[Pipeline, ...]:
    """The pipelines of all graphs that the project makes; a graph that is made alike in several calls is one pipeline."""
    found: dict[Pipeline, None] = {}
    used: set[Named] = set()
    for graph in _graphs(ev, ends):
        pipeline = _pipeline(ev, nodes, graph, used)
        if pipeline is not None:
            found[pipeline] = None
    kept = (replace(one, left_out=tuple(name for name in one.left_out if name not in used)) for one in _fullest(found))
    return tuple(sorted(kept, key=lambda one: (one.span, one.name)))


def _fullest(pipelines: Iterable[Pipeline]) -> Iterator[Pipeline]:
    """Of pipelines that one place makes of the same steps, the one of whose builders most is known."""
    alike: dict[tuple[Span, tuple[str, ...]], Pipeline] = {}
    for one in pipelines:
        key = (one.span, tuple(step.name for step in one.steps))
        best = alike.get(key)
        if best is None or _known(one) > _known(best):
            alike[key] = one
    yield from alike.values()


def _known(pipeline: Pipeline) -> int:
    return sum(step.contract is not None for step in pipeline.steps)


def _graphs(ev: Evaluator, ends: Sequence[Answer]) -> Iterator[Graph]:
    handed: dict[Ref, list[Handed]] = {}
    for event in ev.observed.handed:
        handed.setdefault(event.object, []).append(event)
    for made in ev.observed.made:
        span = ev.span(made.origin)
        scene = _scene(ev, made.object, ends, handed.get(made.object, ()))
        if span is not None and scene is not None:
            journal, frame, returned = scene
            tables = [obj for event in handed.get(made.object, ()) for _, obj in event.tables]
            yield Graph(made, journal, frame, tuple({id(one): one for one in tables}.values()), span, returned)


def _scene(ev: Evaluator, ref: Ref, ends: Sequence[Answer], handed: Sequence[Handed]) -> tuple[DictObj, Frame, bool] | None:
    """The journal in its last known state, a frame to read it in, and whether the graph went back to an unseen caller."""
    address = JournalAddress(ref.address)
    for end in ends:
        journal = end.frame.heap.get(address)
        if isinstance(journal, DictObj):
            # A query that broke off may have stopped anywhere; what was handed on before was complete.
            broke_off = end.value == Unknown("budget") and ev.root.get(address) is None
            if not broke_off:
                return journal, end.frame, any(one == ref for one, _ in journals_of(end.frame, [end.value]))
            return (handed[-1].journal, end.frame, False) if handed else None
    return None


def _pipeline(ev: Evaluator, nodes: Nodes, graph: Graph, used: set[Named]) -> Pipeline | None:
    """The pipeline; None for a graph that is not called a pipeline's, unless all of its nodes have to do with builders.

    To ``used`` is added what is configured for the nodes of this graph: several graphs may share one dict of configurations.
    """
    topology = _topology(ev, graph)
    if not topology.nodes and topology.steps_open is None:
        return None
    binding = nodes.bound(graph.frame, graph.tables, tuple(topology.nodes))
    steps: list[Step] = []
    for name, (span, certain) in topology.nodes.items():
        steps.append(nodes.step(binding, name, span, declared=True, certain=certain))
    for edge in topology.edges.values():
        for name, span in ((edge.source, edge.source_at), (edge.target, edge.target_at)):
            if name not in topology.nodes:
                topology.nodes[name] = (span, edge.certain)
                steps.append(nodes.step(binding, name, span, declared=False, certain=edge.certain))
    known = binding.builders or (steps and all(step.contract is not None for step in steps if step.declared))
    if graph.made.name not in profile.DAG_CLASSES and not known:
        return None
    configured = nodes.configured(binding)
    used.update(one for one in configured if topology.steps_open is not None or one.name in topology.nodes)
    scope = graph.made.scope
    name = scope if scope else graph.span.path.rpartition("/")[2].removesuffix(".py").removesuffix(NOTEBOOK)
    return Pipeline(
        name=name,
        span=graph.span,
        steps=tuple(steps),
        edges=tuple(topology.edges.values()),
        open_steps=topology.steps_open,
        open_edges=topology.edges_open,
        repeated=tuple(topology.repeated),
        left_out=tuple(one for one in configured if one.name not in topology.nodes) if topology.steps_open is None else (),
    )


def _topology(ev: Evaluator, graph: Graph) -> Topology:
    reader = _Reader(ev, graph.frame, graph.span)
    found = Topology()
    if graph.journal.open is not None:
        found.steps_open = found.edges_open = graph.journal.open.reason
    implicit: dict[str, tuple[Span, bool]] = {}
    entries = [(entry, entry.key) for entry in graph.journal.entries.values() if isinstance(entry.key, TupleValue)]
    ordered = _parameters(graph, profile.ADD_EDGE)
    for entry, key in entries:
        what = key.items[0]
        name = what.value if isinstance(what, Const) else None
        if name == MADE:
            _constructed(reader, entry, found, _parameters(graph, MADE))
        elif name == profile.ADD_NODE:
            _added_node(reader, entry, found)
        elif name == profile.ADD_EDGE:
            _added_edge(reader, entry, found, ordered)
    if found.titled and sum(key.items[0] == Const(MADE) for _, key in entries) > 1:
        found.steps_open = found.edges_open = "unknown-edge"
    if not found.nodes:  # whose graph only has edges has no other names to go by
        for edge in found.edges.values():
            implicit.setdefault(edge.source, (edge.source_at, edge.certain))
            implicit.setdefault(edge.target, (edge.target_at, edge.certain))
        found.nodes = implicit
    if graph.returned and not found.edges:  # which the caller adds, or another method of the same object
        found.edges_open = found.edges_open or "given-to-caller"
    return found


def _constructed(reader: _Reader, entry: Entry, found: Topology, parameters: tuple[str, ...]) -> None:
    assert isinstance(entry.key, TupleValue)
    which = entry.key.items[1]
    name = which.value if isinstance(which, Const) else None
    if isinstance(name, int) and name < len(parameters or OF_CONSTRUCTOR):
        name = (parameters or OF_CONSTRUCTOR)[name]
    if name not in OF_CONSTRUCTOR:
        if any(reader.holds_others(one) for one in alternatives(entry.value)):  # whatever they are to the graph
            found.steps_open = found.edges_open = "unknown-edge"
        return
    if any(isinstance(one, Const) and isinstance(one.value, str) for one in alternatives(entry.value)):
        found.titled = True
        return
    given, opened = reader.items(entry.value)
    if name == "nodes":
        found.steps_open = found.steps_open or opened
        if any(reader.is_dict(one) for one in alternatives(entry.value)):  # what it maps the nodes to may be those after them
            found.edges_open = found.edges_open or "unknown-edge"
    else:
        found.edges_open = found.edges_open or opened
    for value, must in given:
        if name == "nodes":
            _add_node(reader, value, must and entry.must, found, listed=True)
        else:
            ends, opened = reader.items(value)
            if len(ends) == 2 and opened is None and not reader.is_dict(value):
                _add_edge(reader, ends[0][0], ends[1][0], must and entry.must, reader.span(value), found)
            else:
                found.edges_open = found.edges_open or "unknown-edge"


def _arguments(value: Value) -> tuple[list[Value], dict[str, Value]]:
    """The arguments in a journal's entry: positional ones as they are, the others as pairs of name and value."""
    positional: list[Value] = []
    named: dict[str, Value] = {}
    for item in value.items if isinstance(value, TupleValue) else ():
        if isinstance(item, TupleValue) and len(item.items) == 2 and isinstance(item.items[0], Const) and item.origin is None:
            named[str(item.items[0].value)] = item.items[1]
        else:
            positional.append(item)
    return positional, named


def _added_node(reader: _Reader, entry: Entry, found: Topology) -> None:
    positional, named = _arguments(entry.value)
    given = [*positional, *named.values()]
    if given:
        _add_node(reader, given[0], entry.must, found)
    if any(reader.may_name(one) for value in given[1:] for one in alternatives(value)):  # the nodes before or after it
        found.edges_open = found.edges_open or "unknown-edge"


def _parameters(graph: Graph, name: str) -> tuple[str, ...]:
    """What the parameters of a method of the graph are called, if the project has it."""
    obj = graph.frame.heap.get(graph.made.object.address)
    method = graph.frame.ev.find_in_class(graph.frame, obj.cls, name) if isinstance(obj, InstanceObj) else None
    return tuple(one.name for one in method.node.parameters[1:]) if isinstance(method, FunctionValue) else ()


def _added_edge(reader: _Reader, entry: Entry, found: Topology, parameters: tuple[str, ...]) -> None:
    """``parameters`` are those of the method: where they are called the other way round, so are the ends."""
    positional, named = _arguments(entry.value)
    if len(parameters) >= 2 and parameters[0] in OF_EDGE[1] and parameters[1] in OF_EDGE[0]:
        named = {**dict(zip(parameters, positional, strict=False)), **named}
        positional = []
    ends: list[Value] = list(positional[:2])
    for names in OF_EDGE[len(ends) :]:
        ends += [value for name, value in named.items() if name in names][:1]
    if len(ends) == 1 and isinstance(ends[0], TupleValue):
        ends = list(ends[0].items)
    if len(ends) < 2:
        found.edges_open = found.edges_open or "unknown-edge"
        return
    _add_edge(reader, ends[0], ends[1], entry.must, reader.span(entry.value), found)


def _add_node(reader: _Reader, value: Value, must: bool, found: Topology, *, listed: bool = False) -> None:
    """``listed``: the name stands in a list; graphs pass over a call that adds what they have already."""
    names = reader.names(value)
    if names is None:
        found.steps_open = found.steps_open or "unknown-name"
    for name, span in names or ():
        sure = must and len(names or ()) == 1
        if name not in found.nodes:
            found.nodes[name] = (span, sure)
        elif listed and span != found.nodes[name][0] and sure and found.nodes[name][1]:
            found.repeated.append(Repeated(name, span, found.nodes[name][0]))


def _add_edge(reader: _Reader, source: Value, target: Value, must: bool, span: Span, found: Topology) -> None:
    sources, targets = reader.names(source), reader.names(target)
    if sources is None or targets is None:
        found.edges_open = found.edges_open or "unknown-name"
        return
    sure = must and len(sources) == len(targets) == 1
    for first, source_at in sources:
        for second, target_at in targets:
            found.edges.setdefault((first, second), Edge(first, second, span, source_at, target_at, True, sure))


class _Reader(Struct, frozen=True):
    """Reads values in a state."""

    ev: Evaluator
    frame: Frame
    fallback: Span

    def span(self, value: Value) -> Span:
        obj = self.frame.heap.get(value.address) if isinstance(value, Ref) else None
        origin = obj.origin if isinstance(obj, (DictObj, ListObj)) else origin_of(value)
        return self.ev.span(origin) or self.fallback

    def is_dict(self, value: Value) -> bool:
        obj = self.frame.heap.get(value.address) if isinstance(value, Ref) else None
        return isinstance(obj, DictObj) and obj.kind == "dict"

    def may_name(self, value: Value) -> bool:
        """Whether a value is a text or holds some, as names of nodes are."""
        text = isinstance(value, Const) and isinstance(value.value, str)
        return text or isinstance(value, Unknown) or self.holds_others(value)

    def holds_others(self, value: Value) -> bool:
        obj = self.frame.heap.get(value.address) if isinstance(value, Ref) else None
        return isinstance(value, TupleValue) or isinstance(obj, (ListObj, DictObj))

    def names(self, value: Value) -> list[tuple[str, Span]] | None:
        """The texts that a value may be; None if that is not known."""
        found: list[tuple[str, Span]] = []
        for one in alternatives(value):
            if not isinstance(one, Const) or not isinstance(one.value, str):
                return None
            found.append((one.value, self.ev.span(one.origin) or self.fallback))
        return found

    def items(self, value: Value) -> tuple[list[tuple[Value, bool]], str | None]:
        """The elements of a list that is given, each with whether it is certain; and why there may be more."""
        kept: list[tuple[Value, bool]] = []
        opened: str | None = None
        several = [one for one in alternatives(value) if not (isinstance(one, Const) and one.value is None)]
        for one in several:
            if isinstance(one, Unknown):
                opened = opened or one.reason
                continue
            iteration = iterate(self.frame, one, None)
            opened = opened or (iteration.open.reason if iteration.open is not None else None)
            kept += [(item.value, item.must and len(several) == 1) for item in iteration.items]
        return kept, opened
