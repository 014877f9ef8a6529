"""The decision on one input, made from the record of what was found: whoever has the record can make it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from contract_lint.model.pipeline import Given
from contract_lint.model.wiring import Binding, Candidate, Claim, Decision, Outcome, Reach, Tier

#: An output, by its step and its name.
Output = tuple[str, str]
Verdict = tuple[Outcome, Decision, Candidate | None]


def decide(record: Binding) -> Verdict:
    """The outcome, what settled it, and the candidate chosen; ``outcome``, ``decision`` and ``chosen`` of the record are not looked at."""
    given, candidates = record.given, record.candidates
    if given is not None:
        if given.given is Given.EXTERNAL:
            return Outcome.EXTERNAL, Decision.OUTSIDE, None
        if given.given is Given.REFERENCE and candidates:
            return Outcome.BOUND, Decision.STATED, candidates[0]
        if given.given is Given.UNKNOWN or record.open is not None:
            return Outcome.UNKNOWN, Decision.NOT_KNOWN, None
        return Outcome.MISSING, Decision.NO_CANDIDATE, None
    if candidates and candidates[0].reach is not Reach.PROJECT and (record.open is None or by_name(candidates[0])):
        return _choose(record)
    if not candidates and record.input.external is not None:
        return Outcome.EXTERNAL, Decision.OUTSIDE, None
    if candidates or record.open is not None or record.doubt is not None:
        return Outcome.UNKNOWN, Decision.NOT_KNOWN, None
    return Outcome.MISSING, Decision.NO_CANDIDATE, None


def redecide(binding: Binding) -> Binding:
    """The binding with the decision made from its record."""
    outcome, decision, chosen = decide(binding)
    return replace(binding, outcome=outcome, decision=decision, chosen=chosen)


def by_name(candidate: Candidate) -> bool:
    """Whether it is the name that joins the two (T0 to T2); a transitive candidate stands one tier lower than what joins it."""
    return candidate.tier - (candidate.reach is Reach.TRANSITIVE) <= Tier.ALIAS


def _choose(record: Binding) -> Verdict:
    """One of the candidates, or all of them: a tie is broken only where nothing is lost by it."""
    candidates = record.candidates
    if len(candidates) == 1:
        return Outcome.BOUND, Decision.ONLY_CANDIDATE, candidates[0]
    taken = {output for claim in record.claims if claim.taken for output in claim.outputs}
    rivals = [claim for claim in record.claims if not claim.taken]
    if rivals and not record.more:
        wants = {claim.input: claim.outputs for claim in rivals}
        # The input's own name is no rival's: they are inputs of one step.
        wants[record.input.name] = tuple(output_of(one) for one in candidates)
        output = (unique_matching(wants) or {}).get(record.input.name)
        if output is not None and output not in taken:
            return Outcome.BOUND, Decision.UNIQUE_MATCHING, next(one for one in candidates if output_of(one) == output)
    first, second = candidates[:2]
    wanted = taken.union(output for claim in rivals for output in claim.outputs)
    if first.distance < second.distance and output_of(first) not in wanted:
        return Outcome.BOUND, Decision.NEAREST, first
    if not any(one.certain for one in candidates):
        # They may exclude each other: the edges of two branches are no tie.
        return Outcome.UNKNOWN, Decision.NOT_KNOWN, None
    return Outcome.AMBIGUOUS, Decision.SEVERAL, None


def output_of(candidate: Candidate) -> Output:
    return candidate.step, candidate.output.name


def unique_matching(wants: Mapping[str, Sequence[Output]]) -> dict[str, Output] | None:
    """The maximum matching of inputs with the outputs they may take; None if there is more than one.

    If there is only one, it leaves over no input and no output that somebody wants: whoever takes part in it could give way to those.
    And then some input has but one output to choose from (a theorem on perfect matchings of bipartite graphs: without such an input
    the matching can be turned round along a circle of inputs that take each other's outputs). What that input must take is taken away,
    and the rest has only one maximum matching again.
    """
    left = {name: set(outputs) for name, outputs in wants.items() if outputs}
    wanted_by: dict[Output, list[str]] = {}
    for name, outputs in left.items():
        for output in outputs:
            wanted_by.setdefault(output, []).append(name)
    forced = [name for name, outputs in left.items() if len(outputs) == 1]
    found: dict[str, Output] = {}
    while forced:
        name = forced.pop()
        if not left[name]:
            return None  # what it must take, another must take too
        (found[name],) = left[name]
        for other in wanted_by[found[name]]:
            left[other].discard(found[name])
            if other not in found and len(left[other]) == 1:
                forced.append(other)
    return found if len(found) == len(left) else None


def settle(records: Sequence[Binding]) -> list[Binding]:
    """Decide on all inputs of one step, the surest tier first: what is taken there is known to the inputs of the next."""
    settled = dict(enumerate(records))
    open_ = [
        index for index, one in settled.items() if one.given is None and one.candidates and one.candidates[0].reach is not Reach.PROJECT
    ]
    taken: list[Claim] = []
    for index in settled.keys() - set(open_):
        settled[index] = redecide(settled[index])
        chosen = settled[index].chosen
        if chosen is not None:
            taken.append(Claim(settled[index].input.name, (output_of(chosen),), taken=True))
    for tier in sorted({settled[index].candidates[0].tier for index in open_}):
        here = [index for index in open_ if settled[index].candidates[0].tier == tier]
        claims = {index: Claim(settled[index].input.name, tuple(map(output_of, settled[index].candidates))) for index in here}
        for index in here:
            rivals = _rivals(claims, index) if len(settled[index].candidates) > 1 else []
            settled[index] = redecide(replace(settled[index], claims=_sorted(rivals + _relevant(taken, settled[index]))))
        for index in here:
            chosen = settled[index].chosen
            if chosen is not None:
                taken.append(Claim(settled[index].input.name, (output_of(chosen),), taken=True))
    return [settled[index] for index in range(len(records))]


def _rivals(claims: Mapping[int, Claim], own: int) -> list[Claim]:
    """The claims that compete with one for an output, directly or through others."""
    reached = set(claims[own].outputs)
    found: dict[int, Claim] = {}
    grew = True
    while grew:
        new = [index for index, claim in claims.items() if index != own and index not in found and reached.intersection(claim.outputs)]
        for index in new:
            found[index] = claims[index]
            reached.update(claims[index].outputs)
        grew = bool(new)
    return list(found.values())


def _relevant(taken: Iterable[Claim], record: Binding) -> list[Claim]:
    """What was taken of the candidates, where there is a choice."""
    candidates = set(map(output_of, record.candidates))
    return [claim for claim in taken if candidates.intersection(claim.outputs)] if len(candidates) > 1 else []


def _sorted(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: (claim.taken, claim.input)))
