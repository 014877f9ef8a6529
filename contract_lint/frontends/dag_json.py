"""Graphs of step names in JSON: ``{"dag": {"nodes": ["A", …], "edges": [["A", "B"], …]}}``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from contract_lint.model.errors import SourceError
from contract_lint.model.pipeline import Edge, Pipeline, Repeated, Step
from contract_lint.model.span import Span
from contract_lint.sources.json_places import Document, Json, Places

#: What such a document is called.
SUFFIX = ".dag.json"

#: Makes the step of a node: its name, its place, and whether it is declared.
StepMaker = Callable[[str, Span, bool], Step]


def bare_step(name: str, span: Span, declared: bool) -> Step:
    """A step of which nothing but its name is known."""
    return Step(name, span, declared=declared)


def holds_graph(document: Document) -> bool:
    """Whether a JSON document is meant as a graph of steps, whatever it is called."""
    return isinstance(_member(document.value, "dag"), dict)


def json_pipeline(document: Document, make: StepMaker) -> Pipeline:
    """The pipeline of a document. Raises SourceError CL002 with the place where its shape is another."""
    places = document.places()
    graph = _member(document.value, "dag")
    if not isinstance(graph, dict):
        raise SourceError("CL002", places.of(()), "no graph: 'dag' is to be an object with 'nodes' and 'edges'")
    declared: dict[str, Span] = {}
    repeated: list[Repeated] = []
    for number, node in enumerate(_list(graph, "nodes", places)):
        span = places.of(("dag", "nodes", number))
        if not isinstance(node, str):
            raise SourceError("CL002", span, "a node is to be a text: the name of a step")
        if node in declared:
            repeated.append(Repeated(node, span, declared[node]))
        declared.setdefault(node, span)
    edges = list(_edges(graph, places))
    steps = [make(name, span, True) for name, span in declared.items()]
    for name, span in dict(_ends(edges)).items():
        if name not in declared:
            steps.append(make(name, span, not declared))
    return Pipeline(_name(document), places.of(("dag",)), tuple(steps), tuple(edges), repeated=tuple(repeated))


def _name(document: Document) -> str:
    name = _member(_member(document.value, "metadata"), "name")
    return name if isinstance(name, str) and name else document.source.path.rpartition("/")[2].removesuffix(SUFFIX)


def _member(value: Json, name: str) -> Json:
    return value.get(name) if isinstance(value, dict) else None


def _list(graph: dict[str, Json], name: str, places: Places) -> list[Json]:
    value = graph.get(name)
    if isinstance(value, list):
        return value
    raise SourceError("CL002", places.of(("dag", name)), f"'{name}' of the graph is to be a list")


def _edges(graph: dict[str, Json], places: Places) -> Iterator[Edge]:
    for number, edge in enumerate(_list(graph, "edges", places)):
        at = places.of(("dag", "edges", number))
        if not isinstance(edge, list) or len(edge) != 2:
            raise SourceError("CL002", at, "an edge is to be a list of two names")
        source, target = edge
        if not isinstance(source, str) or not isinstance(target, str):
            raise SourceError("CL002", at, "the ends of an edge are to be texts: names of steps")
        ends = [places.of(("dag", "edges", number, end)) for end in (0, 1)]
        yield Edge(source, target, at, ends[0], ends[1])


def _ends(edges: Iterable[Edge]) -> Iterator[tuple[str, Span]]:
    for edge in reversed(list(edges)):
        yield edge.target, edge.target_at
        yield edge.source, edge.source_at
