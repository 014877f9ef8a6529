"""Names in a graph of steps that mean another one: what the rules about steps and edges share."""

from __future__ import annotations

from collections.abc import Iterable

from contract_lint.api import Edge, Pipeline, Related, Step, Wiring, first_places, nearest


def strays(wiring: Wiring) -> dict[str, tuple[str, ...]]:
    """The names in edges that certainly are no step's, each with the declared ones that it may mean, the likeliest first.

    Frameworks may add the node of an edge that they do not know: where such a name has a builder of its own it counts as meant, unless
    a step is spelled alike or stands without any edge; and where nothing is like it, the other steps have to be known.
    """
    pipeline = wiring.pipeline
    declared = [step for step in pipeline.steps if step.declared]
    if pipeline.open_steps is not None or not declared:
        return {}
    certain = {end for edge in pipeline.edges if edge.certain for end in (edge.source, edge.target)}
    linked = {end for edge in pipeline.edges for end in (edge.source, edge.target)}
    undeclared = [step for step in pipeline.steps if not step.declared and step.name in certain]
    names = [step.name for step in declared]
    most = sum(step.contract is not None for step in declared) * 2 >= len(declared) and len(undeclared) * 2 <= len(declared)
    found: dict[str, tuple[str, ...]] = {}
    for step in undeclared:
        near = nearest(step.name, names)
        if step.contract is not None:
            near = tuple(name for name in near if _plain(name) == _plain(step.name) or name not in linked)
        likely = bool(near) and (step.contract is not None or len(undeclared) * 2 <= len(declared))
        if likely or step.lacks is not None or (most and step.contract is None):
            found[step.name] = near
    return found


def misnamed(wiring: Wiring) -> frozenset[str]:
    """The steps that names in edges mean and miss: what is said of their edges is said of the names already."""
    return frozenset(name for near in strays(wiring).values() for name in near[:1])


def links(pipeline: Pipeline, name: str) -> list[Edge]:
    """The edges at a step, in the order of the code."""
    return sorted(
        (edge for edge in pipeline.edges if name in (edge.source, edge.target)), key=lambda one: (one.span, one.source, one.target)
    )


def edge_places(edges: Iterable[Edge]) -> tuple[Related, ...]:
    """Where edges are written."""
    return first_places(Related(edge.span, f"the edge is here: {edge.source} -> {edge.target}") for edge in edges)


def declared_at(step: Step) -> Related:
    """Where the pipeline names a step."""
    return Related(step.span, f"the step {step.name} is declared here")


def builder_at(step: Step) -> tuple[Related, ...]:
    """The builder of a step, if it is known."""
    return () if step.contract is None else (Related(step.contract.span, f"its builder is here: {step.contract.class_name}"),)


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())
