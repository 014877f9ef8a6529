"""Which producer feeds which input: deterministic, by names and types, with the record of each decision."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from contract_lint.assembly.candidates import Found, Scope, Search, open_text
from contract_lint.assembly.given import place_given, refer
from contract_lint.assembly.graph import Order, cycles, order_of
from contract_lint.assembly.names import job_type
from contract_lint.assembly.offers import Names, Offers, Provider, Wanted, join_by_name, why_open
from contract_lint.assembly.options import DEFAULTS, MatchOptions
from contract_lint.assembly.selection import redecide, settle
from contract_lint.model.contract import Contract, Direction, Port
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Step
from contract_lint.model.reasons import sentence
from contract_lint.model.wiring import Binding, Candidate, Decision, Outcome, Reach, Wiring

__all__ = ["DEFAULTS", "MatchOptions", "match", "match_project", "redecide"]

#: Candidates of an input for which only existence is judged.
_EXISTING_LISTED = 10

Named: TypeAlias = "tuple[Contract, Binding]"


def match(pipeline: Pipeline, options: MatchOptions = DEFAULTS) -> Wiring:
    """Decide for each input of a pipeline what feeds it. Nothing in the result depends on the order of steps, edges, ports or files."""
    steps = {step.name: step for step in pipeline.steps}
    order = order_of(pipeline)
    names = Names(options)
    offers = Offers(names, [(_provider(names, steps[name], place), steps[name].ports) for place, name in enumerate(order.names)])
    placed = place_given(pipeline, steps, options)
    search = Search(offers, order, options)
    uncertain = [edge for edge in _sorted(pipeline.edges) if not edge.certain]
    bindings: list[Binding] = []
    for place, name in enumerate(order.names):
        step = steps[name]
        scope = _scope(pipeline, order, offers, place, options)
        doubt = _doubt(pipeline, step, uncertain, order, place)
        records: list[Binding] = []
        for port in sorted((one for one in step.inputs if not one.pseudo), key=lambda one: one.name):
            given = placed.by_input.get((name, port.name))
            if given is not None:
                records.append(_stated(given, port, offers, steps, order, pipeline))
            else:
                wanted = names.wanted(name, place, step.variant or job_type(name), port)
                records.append(_record(name, port, search.find(wanted, scope), doubt))
        bindings += settle(records)
    dangling = tuple(edge for edge in _sorted(pipeline.edges) if not _declared(steps, edge.source) or not _declared(steps, edge.target))
    return Wiring(pipeline, tuple(bindings), cycles(pipeline), dangling, placed.unplaced)


def _provider(names: Names, step: Step, place: int) -> Provider:
    called = [step.name]
    if step.contract is not None:
        called += [step.contract.name, step.contract.class_name]
    opened = why_open(step.open_outputs, step.contract, step.ports)
    return Provider(step.name, place, step.variant or job_type(step.name), opened, names.step_forms(called, step.kinds))


def _scope(pipeline: Pipeline, order: Order, offers: Offers, place: int, options: MatchOptions) -> Scope:
    """The direct predecessors; all other steps where the order follows from the wiring."""
    direct = tuple(one for one in range(len(order.names)) if one != place) if options.everyone else order.before[place]
    opened = next((one for one in direct if offers.providers[one].opened is not None), None)
    return Scope(direct, frozenset(direct), open_text(offers, opened) if opened is not None else None)


def _doubt(pipeline: Pipeline, step: Step, uncertain: Sequence[Edge], order: Order, place: int) -> str | None:
    """Why a step may well have other predecessors than are known, or not be in the pipeline at all."""
    if pipeline.open_edges is not None:
        return f"the pipeline may have more edges: {sentence(pipeline.open_edges)}"
    if pipeline.open_steps is not None:
        return f"the pipeline may have more steps: {sentence(pipeline.open_steps)}"
    if not step.certain:
        return "the pipeline has the step on some paths through the code only"
    ancestors = order.ancestors(place) if uncertain else 0
    for edge in uncertain:
        if edge.target == step.name or _is_at(order, ancestors, edge.target):
            return f"an edge exists on some paths through the code only: {edge.source} -> {edge.target}"
    return None


def _is_at(order: Order, places: int, name: str) -> bool:
    place = order.places.get(name)
    return place is not None and bool(places >> place & 1)


def _declared(steps: Mapping[str, Step], name: str) -> bool:
    return name in steps and steps[name].declared


def _sorted(edges: Iterable[Edge]) -> list[Edge]:
    return sorted(edges, key=lambda edge: (edge.span, edge.source, edge.target))


def _record(step: str, port: Port, found: Found, doubt: str | None) -> Binding:
    """The record of what was found, before the decision."""
    says = None if found.candidates else port.external or found.open or doubt
    return Binding(
        step,
        port,
        Outcome.UNKNOWN,
        Decision.NOT_KNOWN,
        candidates=found.candidates,
        refused=found.refused,
        elsewhere=found.elsewhere,
        suggestions=found.suggestions,
        says=says,
        open=found.open,
        doubt=doubt,
        more=found.more,
    )


def _stated(given: GivenInput, port: Port, offers: Offers, steps: Mapping[str, Step], order: Order, pipeline: Pipeline) -> Binding:
    """The record of an input that the code, or the configuration, gives something."""
    unsettled = Binding(given.step, port, Outcome.UNKNOWN, Decision.NOT_KNOWN, given=given, says=given.says)
    if given.given is not Given.REFERENCE:
        return unsettled
    referred = refer(given, port, offers, steps, order.places, pipeline.open_steps)
    candidates = (referred.candidate,) if referred.candidate is not None else ()
    return Binding(
        given.step,
        port,
        Outcome.UNKNOWN,
        Decision.NOT_KNOWN,
        candidates=candidates,
        refused=referred.refused,
        given=given,
        says=referred.says or referred.open,
        open=referred.open,
    )


# --- without a pipeline ---


def match_project(contracts: Sequence[Contract], options: MatchOptions = DEFAULTS) -> tuple[Named, ...]:
    """What becomes of the inputs of contracts of one component that no pipeline holds: only existence is judged, never wiring.

    An input that something offers is UNKNOWN, with what offers it; one that nothing offers is MISSING, if all outputs are known.
    """
    every = sorted(contracts, key=lambda one: (one.span, one.name, one.class_name))
    names = Names(options)
    providers = [
        Provider(one.name, place, None, one.open_outputs, names.step_forms([one.name, one.class_name], one.kinds))
        for place, one in enumerate(every)
    ]
    offers = Offers(names, [(provider, one.ports) for provider, one in zip(providers, every, strict=True)])
    opened = next((place for place, one in enumerate(every) if one.open_outputs is not None), None)
    open_ = open_text(offers, opened) if opened is not None else None
    found: list[Named] = []
    for place, contract in enumerate(every):
        for port in (one for one in contract.ports if one.direction is Direction.INPUT and not one.pseudo):
            wanted = names.wanted(contract.name, place, None, port)
            candidates = _existing(wanted, offers)
            record = Binding(
                contract.name,
                port,
                Outcome.UNKNOWN,
                Decision.NOT_KNOWN,
                candidates=candidates,
                says=port.external if not candidates else None,
                open=open_,
            )
            found.append((contract, redecide(record)))
    return tuple(found)


def _existing(wanted: Wanted, offers: Offers) -> tuple[Candidate, ...]:
    """The outputs of other contracts that have the input's name, or its type."""
    found: list[Candidate] = []
    for offer in offers.named(wanted):
        join = join_by_name(wanted, offer)
        if join is not None and not join.clash and offer.provider.place != wanted.place:
            judgement = offers.judge(offer.port.typing, wanted.port.typing)
            place = offer.provider.place
            found.append(Candidate(offer.provider.name, offer.port, join.tier, Reach.PROJECT, 0, place, join.via, join.at, judgement))
    return tuple(found[:_EXISTING_LISTED])
