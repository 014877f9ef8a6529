"""What the rules about inputs that nothing feeds, or too much, share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from contract_lint.api import BindingView, Pipeline, Port, Related, Span


class Pair(NamedTuple):
    """An output and its step."""

    step: str
    output: Port


def is_demanded(view: BindingView) -> bool:
    """Whether the step certainly exists, certainly has the input, and cannot do without it."""
    port = view.binding.input
    return port.required and port.certain and view.step.certain


def by_calls(pipeline: Pipeline) -> bool:
    """Whether code makes the steps of a pipeline call by call, without a graph."""
    return bool(pipeline.given) or any(not edge.data for edge in pipeline.edges)


def fix_place(view: BindingView) -> Span:
    """Where an edge to the step would be added: after the last one that leads there, else where the pipeline names the step."""
    pipeline = view.wiring.pipeline
    there = [edge.span for edge in pipeline.edges if edge.target == view.step.name and edge.data]
    return view.step.span if by_calls(pipeline) or not there else max(there)


def before(pipeline: Pipeline, name: str) -> tuple[list[str], list[str]]:
    """The steps right before a step, and those farther before it; each sorted."""
    sources: dict[str, set[str]] = {}
    for edge in pipeline.edges:
        sources.setdefault(edge.target, set()).add(edge.source)
    direct = sources.get(name, set()) - {name}
    seen = set(direct)
    waiting = list(direct)
    while waiting:
        new = sources.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return sorted(direct), sorted(seen - direct - {name})


def declared_input(view: BindingView) -> Related:
    """Where the input is declared."""
    return Related(view.binding.input.origin, f"input declared here: {view.step.name}.{view.binding.input.name}")


def declared_output(step: str, output: Port) -> Related:
    """Where an output is declared."""
    return Related(output.origin, f"output declared here: {step}.{output.name}")


def called(port: Port) -> tuple[str, ...]:
    """The names of a port."""
    return (port.name, *port.aliases)


def lines(parts: Iterable[str]) -> str | None:
    """What there is of the parts, one below the other."""
    return "\n".join(part for part in parts if part) or None
