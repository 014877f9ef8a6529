"""Wiring where every registered step may feed every other: no order is given, it follows from the wiring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.assembly.matcher import match
from contract_lint.assembly.options import MatchOptions
from contract_lint.model.contract import Port
from contract_lint.model.evidence import judge
from contract_lint.model.finding import Severity
from contract_lint.model.pipeline import Edge, Pipeline, Step
from contract_lint.model.span import Span
from contract_lint.model.types import Verdict
from contract_lint.model.wiring import Binding, Candidate, Decision, Outcome, Reach, Refusal, Tier, Wiring

#: The reason of a refusal: the producer comes after the consumer already.
CYCLE = "closes-a-cycle"

#: The reasons for which an output of the right name is refused.
NEAR = frozenset({"job-type", "order"})

_SEVERITIES = {Verdict.ERROR: Severity.ERROR, Verdict.WARNING: Severity.WARNING, Verdict.NOTE: Severity.NOTE}
#: Whether an input (name, description) and an output (name, description) are connected.
Predicate = Callable[[str, str, str, str], bool]


class AssemblyProblem(Struct, frozen=True):
    """What is wrong with one input of an assembled pipeline; ``code`` is in kebab case."""

    severity: Severity
    code: str
    step: str
    input: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity.value}: {self.step}.{self.input}: {self.message}"


def assemble(steps: Iterable[Step], options: MatchOptions) -> Wiring:
    """Wire steps by the matcher, all of them within reach of each other; the order of ``steps`` carries no meaning.

    Of the connections that would close a cycle the least sure is refused: they are made from the surest tier to the weakest, and
    within a tier by the names of consumer and input.
    """
    wiring = match(_pipeline(steps), replace(options, everyone=True))
    after: dict[str, set[str]] = {}
    refused: dict[tuple[str, str], Binding] = {}
    for binding in sorted(wiring.bindings, key=lambda one: (one.chosen.tier if one.chosen else 0, one.step, one.input.name)):
        if binding.chosen is None:
            continue
        if _reaches(after, binding.step, binding.chosen.step):
            refused[binding.step, binding.input.name] = _without(binding, binding.chosen)
        else:
            after.setdefault(binding.chosen.step, set()).add(binding.step)
    bindings = tuple(refused.get((one.step, one.input.name), one) for one in wiring.bindings)
    return replace(wiring, pipeline=_with_edges(wiring.pipeline, bindings), bindings=bindings)


def assemble_seed(steps: Iterable[Step], can_connect: Predicate) -> Wiring:
    """Wire steps by a predicate alone, as the first design did: every pair that it connects is a connection, whatever else there is."""
    pipeline = _pipeline(steps)
    bindings: list[Binding] = []
    for step in pipeline.steps:
        for input in step.inputs:
            found = tuple(
                Candidate(producer.name, output, Tier.SEED, Reach.DIRECT, 1, place, "a word", None, judge(output.typing, input.typing))
                for place, producer in enumerate(pipeline.steps)
                for output in producer.outputs
                if producer.name != step.name and can_connect(input.name, _said(input), output.name, _said(output))
            )
            outcome = (Outcome.MISSING, Outcome.BOUND)[len(found)] if len(found) < 2 else Outcome.AMBIGUOUS
            decision = (Decision.NO_CANDIDATE, Decision.ONLY_CANDIDATE)[len(found)] if len(found) < 2 else Decision.SEVERAL
            bindings.append(Binding(step.name, input, outcome, decision, found[0] if len(found) == 1 else None, found))
    return Wiring(_with_edges(pipeline, bindings), tuple(bindings))


def connected(binding: Binding) -> tuple[Candidate, ...]:
    """The outputs that an input is connected to: the one chosen; with the seed's predicate, all that it connects."""
    if binding.candidates and binding.candidates[0].tier is Tier.SEED:
        return binding.candidates
    return (binding.chosen,) if binding.chosen is not None else ()


def problems_of(wiring: Wiring) -> list[AssemblyProblem]:
    """What is wrong with a wiring, by step and input."""
    found = [problem for binding in wiring.bindings for problem in _problems(binding)]
    for step in wiring.pipeline.steps:
        own = [binding for binding in wiring.bindings if binding.step == step.name]
        found += _taken_twice(own)
    return sorted(found, key=lambda one: (one.step, one.input, one.code, one.message))


def _pipeline(steps: Iterable[Step]) -> Pipeline:
    return Pipeline("assembled", Span("<assembled>", 1, 1, 1, 1), tuple(sorted(steps, key=lambda step: step.name)))


def _said(port: Port) -> str:
    return port.description or ""


def _with_edges(pipeline: Pipeline, bindings: Iterable[Binding]) -> Pipeline:
    """The pipeline with an edge for each pair of steps that are connected."""
    pairs = sorted({(candidate.step, binding.step) for binding in bindings for candidate in connected(binding)})
    spans = {step.name: step.span for step in pipeline.steps}
    edges = tuple(Edge(source, target, spans[target], spans[source], spans[target]) for source, target in pairs)
    return replace(pipeline, edges=edges)


def _reaches(after: dict[str, set[str]], start: str, goal: str) -> bool:
    """Whether ``goal`` comes after ``start``, or is it."""
    seen, waiting = {start}, [start]
    while waiting:
        at = waiting.pop()
        if at == goal:
            return True
        fresh = after.get(at, set()) - seen
        seen |= fresh
        waiting += fresh
    return False


def _without(binding: Binding, refused: Candidate) -> Binding:
    """The binding of an input whose choice would close a cycle."""
    says = f"{refused.step} comes after {binding.step} already"
    refusal = Refusal(refused.step, refused.output, refused.tier, CYCLE, says)
    return replace(
        binding,
        outcome=Outcome.MISSING,
        decision=Decision.NO_CANDIDATE,
        chosen=None,
        candidates=(),
        refused=(refusal, *binding.refused),
    )


def _problems(binding: Binding) -> Iterator[AssemblyProblem]:
    step, input = binding.step, binding.input
    cycle = next((one for one in binding.refused if one.reason == CYCLE), None)
    if cycle is not None:
        message = f"{cycle.step}.{cycle.output.name} cannot feed it: {cycle.says}, so that would close a cycle"
        yield AssemblyProblem(Severity.ERROR, "cycle", step, input.name, message)
    elif binding.outcome is Outcome.MISSING and input.required:
        near = ", ".join(f"{one.step}.{one.output.name} ({one.says})" for one in binding.refused if one.reason in NEAR)
        message = "no step provides it" + (f"; near misses: {near}" if near else "")
        yield AssemblyProblem(Severity.ERROR, "missing-input", step, input.name, message)
    elif binding.outcome is Outcome.AMBIGUOUS:
        names = ", ".join(f"{one.step}.{one.output.name}" for one in binding.candidates)
        yield AssemblyProblem(Severity.WARNING, "ambiguous-input", step, input.name, f"several outputs fit: {names}")
    for candidate in connected(binding):
        judgement = candidate.judgement
        if (severity := _SEVERITIES.get(judgement.verdict)) is not None:
            types = f"{candidate.output.typing.type} -> {input.typing.type}"
            hint = f"; {judgement.hint}" if judgement.hint else ""
            message = f"{candidate.step}.{candidate.output.name} is of another type: {types} ({judgement.reason}){hint}"
            yield AssemblyProblem(severity, "type-mismatch", step, input.name, message)


def _taken_twice(bindings: Sequence[Binding]) -> Iterator[AssemblyProblem]:
    """The inputs of one step that share an output, unless each was told to take it."""
    taken = Counter((one.step, one.output.name) for binding in bindings for one in connected(binding))
    for binding in bindings:
        for one in connected(binding):
            if taken[one.step, one.output.name] > 1 and one.tier is not Tier.EXPLICIT:
                message = f"{one.step}.{one.output.name} feeds another input of this step too"
                yield AssemblyProblem(Severity.WARNING, "output-taken-twice", binding.step, binding.input.name, message)
