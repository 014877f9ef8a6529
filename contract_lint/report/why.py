"""Why an input is fed as it is, and whom an output feeds (``contract-lint why``): the record of the matcher, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from contract_lint.model.contract import Direction, Port
from contract_lint.model.pipeline import Given, GivenInput
from contract_lint.model.report import Sources
from contract_lint.model.types import Judgement, Verdict
from contract_lint.model.wiring import Binding, Candidate, Decision, Outcome, Reach, Refusal, Tier, Wiring
from contract_lint.report.places import place_text
from contract_lint.report.ports import Reference, evidence_text, reference

TIERS = {
    Tier.EXPLICIT: "explicit",
    Tier.NAME: "name",
    Tier.ALIAS: "alias",
    Tier.ALLOWED: "allow-list",
    Tier.TYPE: "type",
    Tier.KEYWORDS: "keywords",
    Tier.SEED: "overlap",
}
DECISIONS = {
    Decision.UNIQUE_MATCHING: "the only way to give every undecided input an output",
    Decision.NEAREST: "the nearest of several",
}
REACHES = {
    Reach.EXPLICIT: "the step that the code names",
    Reach.DIRECT: "direct predecessors",
    Reach.TRANSITIVE: "transitive predecessors",
    Reach.PROJECT: "the whole project: there is no pipeline",
}
#: What stands where a producer would, by the outcome.
_NOBODY = {Outcome.EXTERNAL: "outside the pipeline", Outcome.MISSING: "nothing"}


class Loose(Struct, frozen=True):
    """A port that no binding tells of, and ``says`` why; ``same_name`` are the ports that it might meet, with their steps."""

    step: str
    port: Port
    says: str
    same_name: tuple[tuple[str, Port], ...] = ()


class Asked(Struct, frozen=True):
    """All that a question is about."""

    inputs: tuple[tuple[Wiring, Binding], ...] = ()
    outputs: tuple[tuple[Wiring, str, Port], ...] = ()
    loose: tuple[Loose, ...] = ()


#: A label, what it says, and a remark or place; a label is printed once for the rows that share it.
Row = tuple[str, str, str]


def text_lines(asked: Asked, sources: Sources) -> list[str]:
    """The answers, one after the other; lines that are not escaped yet."""
    blocks = [
        *(why_lines(wiring, binding, sources) for wiring, binding in asked.inputs),
        *(fed_lines(wiring, step, port, sources) for wiring, step, port in asked.outputs),
        *(loose_lines(loose, sources) for loose in asked.loose),
    ]
    return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]


def why_lines(wiring: Wiring, binding: Binding, sources: Sources) -> list[str]:
    """The decision on one input, and what it rests on; lines that are not escaped yet."""
    head = f"{binding.step}.{binding.input.name}  <-  {_producer(binding)}      {verdict(binding)}"
    return [head, *_table(list(_input_rows(wiring, binding, sources)))]


def verdict(binding: Binding) -> str:
    """The outcome, and what led to it: ``bound, T2 (alias)``."""
    if binding.outcome is Outcome.BOUND and binding.chosen is not None:
        decision = DECISIONS.get(binding.decision)
        return f"bound, {_tier(binding.chosen)}{f': {decision}' if decision else ''}"
    if binding.outcome is Outcome.AMBIGUOUS and binding.candidates:
        more = " and more" if binding.more else ""
        return f"ambiguous, {_tier(binding.candidates[0])}: {len(binding.candidates)} candidates{more}"
    if binding.outcome is Outcome.MISSING:
        return f"missing ({'required' if binding.input.required else 'optional: no defect'})"
    return str(binding.outcome.value)


def _tier(one: Candidate) -> str:
    """The tier and what it stands for: a transitive predecessor is one tier lower than what joins it."""
    if one.reach is Reach.TRANSITIVE and one.tier > Tier.EXPLICIT:
        return f"T{int(one.tier)} ({TIERS[Tier(one.tier - 1)]}, one lower)"
    return f"T{int(one.tier)} ({TIERS[one.tier]})"


def _producer(binding: Binding) -> str:
    if binding.chosen is not None:
        return _output(binding.chosen)
    return _NOBODY.get(binding.outcome, "?")


def _output(one: Candidate | Refusal) -> str:
    return f"{one.step}.{one.output.name}"


def _input_rows(wiring: Wiring, binding: Binding, sources: Sources) -> Iterator[Row]:
    pipeline = wiring.pipeline
    yield "in", f"pipeline {pipeline.name}", place_text(pipeline.span, sources)
    yield "declared", _declared(binding.input), place_text(binding.input.origin, sources)
    if binding.says is not None:
        yield "because", binding.says, ""
    for label, says in (("open", binding.open), ("no defect", binding.doubt)):
        if says is not None and says != binding.says:
            yield label, says, ""
    if binding.given is not None:
        yield "given", given_text(binding.given), place_text(binding.given.span, sources)
    chosen = binding.chosen
    if chosen is not None:
        yield from _joined(wiring, binding, chosen, sources)
        yield "type", _types(binding.input, chosen), judgement_text(chosen.judgement, chosen.output, binding.input)
        yield from _doubts(binding.input, chosen, sources)
        yield from _reference(wiring, chosen, sources)
    elif binding.outcome is not Outcome.BOUND and not binding.candidates:
        yield "type", str(binding.input.typing.type), _rank(binding.input)
    if chosen is None or len(binding.candidates) > 1:
        yield from _candidates(wiring, binding, sources)
    for claim in binding.claims:
        outputs = ", ".join(f"{step}.{output}" for step, output in claim.outputs)
        yield "competing", f"{binding.step}.{claim.input}", f"{'has taken' if claim.taken else 'may take'} {outputs}"
    for refusal in binding.refused:
        yield "refused", _output(refusal), f"T{int(refusal.tier)}: {refusal.says}"
    for candidate in binding.elsewhere:
        yield (
            "elsewhere",
            _output(candidate),
            f"{_tier(candidate)}; no edge leads from there: add ({candidate.step!r}, {binding.step!r})",
        )
    for candidate in binding.suggestions:
        yield "perhaps", _output(candidate), f"{_tier(candidate)}: {candidate.via}; this binds nothing"


def _declared(port: Port) -> str:
    doubt = "" if port.certain else ", on some ways through the code"
    return f"{'required' if port.required else 'optional'}{doubt}"


def _joined(wiring: Wiring, binding: Binding, candidate: Candidate, sources: Sources) -> Iterator[Row]:
    """What joins the two, and where the producer was looked for."""
    yield "by", candidate.via, place_text(candidate.via_at, sources) if candidate.via_at is not None else ""
    edge = next((one for one in wiring.pipeline.edges if (one.source, one.target) == (candidate.step, binding.step)), None)
    if edge is not None:
        yield "scope", REACHES[candidate.reach], place_text(edge.span, sources)
    elif candidate.reach is Reach.TRANSITIVE:
        yield "scope", REACHES[candidate.reach], f"{candidate.distance} edges away: add ({candidate.step!r}, {binding.step!r})"
    else:
        yield "scope", REACHES[candidate.reach], ""


def _types(input: Port, candidate: Candidate) -> str:
    return f"{candidate.output.typing.type} -> {input.typing.type}"


def _doubts(input: Port, candidate: Candidate, sources: Sources) -> Iterator[Row]:
    """What the types of both ends rest on, where they are said not to fit."""
    if candidate.judgement.verdict in (Verdict.OK, Verdict.UNKNOWN):
        return
    for name, port in ((_output(candidate), candidate.output), (input.name, input)):
        for evidence in port.typing.evidence:
            yield "evidence", f"{name}: {evidence.type}", evidence_text(evidence, sources)


def _rank(port: Port) -> str:
    """The rank of what decided on the type, and what that says."""
    rank = port.typing.rank
    said = next((one.says for one in port.typing.evidence if one.rank is rank), None)
    return "" if rank is None else f"rank {int(rank)}{f': {said}' if said else ''}"


def judgement_text(judgement: Judgement, output: Port, input: Port) -> str:
    """The verdict on the types with the ranks of both ends and its reason: ``ok (ranks 3, 3)``."""
    ranks = [str(int(port.typing.rank)) if port.typing.rank is not None else "-" for port in (output, input)]
    reason = f": {judgement.reason}" if judgement.reason and judgement.reason != judgement.verdict.value else ""
    hint = f"; {judgement.hint}" if judgement.hint else ""
    return f"{judgement.verdict.value} (ranks {', '.join(ranks)}){reason}{hint}"


def _reference(wiring: Wiring, candidate: Candidate, sources: Sources) -> Iterator[Row]:
    yield from _referenced(reference(wiring.step(candidate.step), candidate.output), sources)


def _referenced(found: Reference | None, sources: Sources) -> Iterator[Row]:
    if found is not None:
        open_ = "" if found.complete else "what is in braces is only known at run time, "
        yield "reference", found.text, f"{open_}{place_text(found.at, sources)}"


def _candidates(wiring: Wiring, binding: Binding, sources: Sources) -> Iterator[Row]:
    for candidate in binding.candidates:
        if candidate == binding.chosen:
            continue
        at = f", {place_text(candidate.via_at, sources)}" if candidate.via_at is not None else ""
        yield "candidate", _output(candidate), f"{_tier(candidate)}: {candidate.via}{at}"
        yield "", "type", f"{_types(binding.input, candidate)}: {judgement_text(candidate.judgement, candidate.output, binding.input)}"
        if binding.outcome is Outcome.AMBIGUOUS:
            yield "", "fix", fix(wiring, binding, candidate)
    if binding.more:
        yield "", "there are more, farther away", ""


def fix(wiring: Wiring, binding: Binding, candidate: Candidate) -> str:
    """One line that makes this candidate the only one."""
    others = [one for one in binding.candidates if one is not candidate]
    name = candidate.output.name
    if name != binding.input.name and all(one.output.name != name for one in others):
        return f"call the input {name!r}"
    found = reference(wiring.step(candidate.step), candidate.output)
    value = found.text if found is not None else f"{candidate.step}.{name}"
    return f"hand it over by name where {binding.step} is created: inputs={{{binding.input.name!r}: <{value}>}}"


def given_text(given: GivenInput) -> str:
    """What the code gives to an input: ``Train.model``, ``a pipeline parameter``."""
    if given.given is Given.REFERENCE:
        what = given.output or (given.path.text.replace("\0", "{…}") if given.path is not None else "something that is not known")
        return f"{given.producer or 'a step that is not known'}.{what}"
    return given.says or "a value that is not known"


# Outputs


def fed_lines(wiring: Wiring, step: str, output: Port, sources: Sources) -> list[str]:
    """Whom an output feeds, and which inputs it was refused for; lines that are not escaped yet."""
    return [f"{step}.{output.name}", *_table(list(_output_rows(wiring, step, output, sources)))]


def _output_rows(wiring: Wiring, step: str, output: Port, sources: Sources) -> Iterator[Row]:
    yield "in", f"pipeline {wiring.pipeline.name}", place_text(wiring.pipeline.span, sources)
    yield "declared", "output", place_text(output.origin, sources)
    yield "type", str(output.typing.type), _rank(output)
    yield from _referenced(reference(wiring.step(step), output), sources)
    roles = list(consumers(wiring, step, output.name))
    if not any(role == FEEDS for role, *_ in roles):
        yield FEEDS, "nothing", ""
    for role in (FEEDS, MAY_FEED, WOULD_FIT, REFUSED, PERHAPS):
        for found_role, binding, one in roles:
            if found_role == role:
                yield role, f"{binding.step}.{binding.input.name}", _consumer_text(role, binding, one)


FEEDS = "feeds"
MAY_FEED = "may feed"
WOULD_FIT = "would fit"
REFUSED = "refused for"
PERHAPS = "perhaps for"


def consumers(wiring: Wiring, step: str, output: str) -> Iterator[tuple[str, Binding, Candidate | Refusal]]:
    """What the output is to each input that it came into question for."""
    for binding in wiring.bindings:
        chosen = binding.chosen
        if chosen is not None and _is(chosen, step, output):
            yield FEEDS, binding, chosen
        elif binding.outcome is Outcome.AMBIGUOUS:
            yield from ((MAY_FEED, binding, one) for one in binding.candidates if _is(one, step, output))
        yield from ((WOULD_FIT, binding, one) for one in binding.elsewhere if _is(one, step, output))
        yield from ((REFUSED, binding, one) for one in binding.refused if _is(one, step, output))
        yield from ((PERHAPS, binding, one) for one in binding.suggestions if _is(one, step, output))


def _is(one: Candidate | Refusal, step: str, output: str) -> bool:
    return (one.step, one.output.name) == (step, output)


def _consumer_text(role: str, binding: Binding, one: Candidate | Refusal) -> str:
    if isinstance(one, Refusal):
        return f"T{int(one.tier)}: {one.says}"
    if role == FEEDS:
        return f"{verdict(binding)}; {one.via}; types: {judgement_text(one.judgement, one.output, binding.input)}"
    if role == MAY_FEED:
        return f"{verdict(binding)}; {one.via}"
    if role == WOULD_FIT:
        return f"{_tier(one)}; no edge leads there: add ({one.step!r}, {binding.step!r})"
    return f"{_tier(one)}: {one.via}; this binds nothing"


# Ports of the project


def loose_lines(loose: Loose, sources: Sources) -> list[str]:
    """A port outside every binding; lines that are not escaped yet."""
    port = loose.port
    what = _declared(port) if port.direction is Direction.INPUT else "output"
    rows: list[Row] = [
        ("declared", what, place_text(port.origin, sources)),
        ("type", str(port.typing.type), _rank(port)),
        *(("same name", f"{step}.{other.name}", place_text(other.origin, sources)) for step, other in loose.same_name),
    ]
    return [f"{loose.step}.{port.name}: {loose.says}", *_table(rows)]


# Layout

#: Longer texts push their remark to the right alone, not that of all rows.
_WIDEST = 60


def _table(rows: Sequence[Row]) -> list[str]:
    labels = max((len(label) for label, _, _ in rows), default=0)
    width = max((len(text) for _, text, _ in rows if len(text) <= _WIDEST), default=0)
    lines: list[str] = []
    last = ""
    for label, text, remark in rows:
        shown = "" if label == last else label
        last = label or last
        lines.append(f"  {shown:{labels}}  {text:{width}}  {remark}".rstrip())
    return lines
