"""What the rules about edges share: the places at both ends, and the two contracts side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from contract_lint.api import BindingView, Candidate, Port, Related, Step

#: Ports of each side that are shown.
SHOWN = 4


def is_certain(view: BindingView) -> bool:
    """Whether the step, its input, what feeds it and the edge between the two exist on all paths through the code."""
    binding, chosen = view.binding, view.binding.chosen
    there = view.step.certain and binding.input.certain
    if chosen is None or not there:
        return there
    linked = view.edge.certain if view.edge is not None else binding.doubt is None
    return chosen.output.certain and linked and (view.producer is None or view.producer.certain)


def where(view: BindingView) -> str:
    """The anchor's subject of an input: ``Train.train_data``."""
    return f"{view.step.name}.{view.binding.input.name}"


def ends(view: BindingView, candidates: Iterable[Candidate] = ()) -> tuple[Related, ...]:
    """Where the input, the outputs and the edge are written; ``candidates`` stand in for the chosen output."""
    chosen = view.binding.chosen
    outputs = tuple(candidates) or ((chosen,) if chosen is not None else ())
    places = [Related(one.output.origin, f"output declared here: {one.step}.{one.output.name}") for one in outputs]
    places.append(Related(view.binding.input.origin, f"input declared here: {where(view)}"))
    if view.edge is not None and view.edge.span != view.place:
        places.append(Related(view.edge.span, f"the edge is here: {view.edge.source} -> {view.edge.target}"))
    return tuple(places)


def evidence(view: BindingView) -> tuple[Related, ...]:
    """What the types of the two ends rest on."""
    chosen = view.binding.chosen
    ports = [(f"{chosen.step}.{chosen.output.name}", chosen.output)] if chosen is not None else []
    ports.append((where(view), view.binding.input))
    return tuple(
        Related(one.span, f"{name} is {one.type}: {one.says}")
        for name, port in ports
        for one in port.typing.evidence
        if one.rank == port.typing.rank and one.span is not None
    )


def sides(producer: Step | None, consumer: Step) -> str:
    """The outputs of one step and the inputs of the other by name, side by side with their types."""
    left = _column(f"{producer.name} provides", producer.outputs) if producer is not None else []
    right = _column(f"{consumer.name} needs", [port for port in consumer.inputs if not port.pseudo])
    width = max(map(len, left), default=0)
    rows = max(len(left), len(right))
    left += [""] * (rows - len(left))
    right += [""] * (rows - len(right))
    return "\n".join(f"{one:{width}}   {other}".rstrip() for one, other in zip(left, right, strict=True))


def _column(title: str, ports: Sequence[Port]) -> list[str]:
    shown = sorted(ports, key=lambda port: port.name)[:SHOWN]
    lines = [f"  {port.name}: {port.typing.type}{'' if port.required else ' (optional)'}" for port in shown]
    more = [f"  and {len(ports) - SHOWN} more"] if len(ports) > SHOWN else []
    return [title, *(lines or ["  nothing"]), *more]
