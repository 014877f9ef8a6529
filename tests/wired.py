"""Pipelines built by hand in a few words, for tests of what feeds what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from contract_lint.assembly.matcher import match
from contract_lint.assembly.options import DEFAULTS, MatchOptions
from contract_lint.model.contract import Contract, Direction, PathText, Port, StepMade
from contract_lint.model.evidence import UNTYPED, Evidence, Rank, Typing, merge
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Step
from contract_lint.model.span import Span
from contract_lint.model.types import parse_type
from contract_lint.model.wiring import Binding, Wiring

STEPS = "steps.py"
PIPELINE = "pipeline.py"


def at(line: int = 1, path: str = STEPS, column: int = 1) -> Span:
    return Span(path, line, column, line, column + 4)


def typed(text: str | None, rank: Rank = Rank.DECLARED) -> Typing:
    """What is known of a port whose type is declared (or known from another ``rank``)."""
    return UNTYPED if text is None else merge([Evidence(rank, parse_type(text), f"it says {text}", at())])


def out(
    name: str,
    type: str | None = None,
    *,
    rank: Rank = Rank.DECLARED,
    aliases: Sequence[str] = (),
    path: str | None = None,
    certain: bool = True,
    pseudo: bool = False,
    line: int = 1,
) -> Port:
    """An output."""
    written = None if path is None else PathText(path, at(line, column=20))
    return Port(
        name,
        Direction.OUTPUT,
        at(line),
        certain=certain,
        pseudo=pseudo,
        aliases=tuple(aliases),
        property_path=written,
        typing=typed(type, rank),
    )


def need(
    name: str,
    type: str | None = None,
    *,
    rank: Rank = Rank.DECLARED,
    required: bool = True,
    aliases: Sequence[str] = (),
    external: str | None = None,
    sources: Sequence[str] | None = None,
    certain: bool = True,
    pseudo: bool = False,
    line: int = 1,
) -> Port:
    """An input."""
    return Port(
        name,
        Direction.INPUT,
        at(line),
        required=required,
        certain=certain,
        pseudo=pseudo,
        aliases=tuple(aliases),
        typing=typed(type, rank),
        external=external,
        sources=None if sources is None else tuple(sources),
    )


def contract(
    name: str, *ports: Port, kind: str = "Processing", open_outputs: str | None = None, component: str = "", line: int = 1
) -> Contract:
    made = (StepMade(kind, f"{kind}Step", at(line)),)
    return Contract(name, f"{name}StepBuilder", "steps", at(line), ports, (), made, open_outputs=open_outputs, component=component)


def step(
    name: str,
    *ports: Port,
    builder: str | None = None,
    kind: str = "Processing",
    variant: str | None = None,
    certain: bool = True,
    open_outputs: str | None = None,
    line: int = 1,
) -> Step:
    """A step whose builder is known; it is called as the step, unless ``builder`` says otherwise."""
    made = contract(builder or name, *ports, kind=kind, open_outputs=open_outputs)
    return Step(name, at(line, PIPELINE), made, ports, None, open_outputs, (kind,), variant, certain=certain)


def stranger(name: str, *, declared: bool = True) -> Step:
    """A step of which nothing but its name is known."""
    return Step(name, at(1, PIPELINE), declared=declared)


def edges(*texts: str, certain: bool = True) -> tuple[Edge, ...]:
    """Edges from texts: ``a -> b -> c`` is two."""
    found: list[Edge] = []
    for line, text in enumerate(texts, start=10):
        names = text.split(" -> ")
        for column, (source, target) in enumerate(pairwise(names), start=1):
            places = [at(line, PIPELINE, column * 10 + add) for add in (0, 1, 6)]
            found.append(Edge(source, target, places[0], places[1], places[2], certain=certain))
    return tuple(found)


def reference(where: str, producer: str | None, output: str | None = None, *, path: str | None = None, line: int = 50) -> GivenInput:
    """``where`` (``Train.data``) is given an output, or the property at ``path``, of ``producer``."""
    name, _, input = where.partition(".")
    written = None if path is None else PathText(path, at(line, PIPELINE))
    return GivenInput(name, input, at(line, PIPELINE), Given.REFERENCE, producer, output, written)


def given(where: str, kind: Given, says: str | None = None, *, line: int = 60) -> GivenInput:
    """``where`` (``Train.data``) is given a value that is no reference."""
    name, _, input = where.partition(".")
    return GivenInput(name, input, at(line, PIPELINE), kind, says=says)


def pipeline(
    steps: Iterable[Step],
    *texts: str | Sequence[Edge],
    given: Iterable[GivenInput] = (),
    open_steps: str | None = None,
    open_edges: str | None = None,
) -> Pipeline:
    """A pipeline; ``texts`` are edges, as texts or ready made."""
    joined = edges(*(text for text in texts if isinstance(text, str)))
    joined += tuple(one for text in texts if not isinstance(text, str) for one in text)
    return Pipeline("pipe", at(1, PIPELINE), tuple(steps), joined, tuple(given), open_steps, open_edges)


def wired(
    steps: Iterable[Step],
    *texts: str | Sequence[Edge],
    given: Iterable[GivenInput] = (),
    open_steps: str | None = None,
    open_edges: str | None = None,
    options: MatchOptions = DEFAULTS,
) -> Wiring:
    """The wiring of such a pipeline."""
    return match(pipeline(steps, *texts, given=given, open_steps=open_steps, open_edges=open_edges), options)


def binding(wiring: Wiring, where: str) -> Binding:
    """The binding of ``Train.data``."""
    name, _, input = where.partition(".")
    found = wiring.binding(name, input)
    assert found is not None, f"no binding of {where}"
    return found


def verdict(wiring: Wiring, where: str) -> str:
    """The outcome in one line: ``bound T2 Prepare.table (only-candidate)``, ``ambiguous T1 A.x, B.x``, ``missing``."""
    one = binding(wiring, where)
    if one.chosen is not None:
        return f"{one.outcome.value} T{int(one.chosen.tier)} {one.chosen.step}.{one.chosen.output.name} ({one.decision.value})"
    if one.candidates:
        return f"{one.outcome.value} T{int(one.candidates[0].tier)} {', '.join(f'{c.step}.{c.output.name}' for c in one.candidates)}"
    return one.outcome.value


def names(candidates: Iterable[object]) -> list[str]:
    """Candidates or refusals as ``Step.output``."""
    return [f"{one.step}.{one.output.name}" for one in candidates]  # type: ignore[attr-defined]
