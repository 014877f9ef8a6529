"""Which producer feeds which input: deterministic, by names and types, with the record of each decision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from msgspec.structs import replace

from contract_lint.assembly.candidates import NONE_CERTAIN, ON_SOME_PATHS, Found, Scope, Search, open_text
from contract_lint.assembly.existence import match_project
from contract_lint.assembly.given import place_given, refer
from contract_lint.assembly.graph import Order, bits, cycles, links, order_of
from contract_lint.assembly.names import canonical, job_type
from contract_lint.assembly.offers import Names, Offers, Provider, why_open
from contract_lint.assembly.options import DEFAULTS, MatchOptions
from contract_lint.assembly.selection import by_name, redecide, settle
from contract_lint.model.contract import Port
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Step
from contract_lint.model.reasons import sentence
from contract_lint.model.wiring import Binding, Decision, Outcome, Wiring

__all__ = ["DEFAULTS", "MatchOptions", "match", "match_project", "redecide"]


def match(pipeline: Pipeline, options: MatchOptions = DEFAULTS) -> Wiring:
    """Decide for each input of a pipeline what feeds it. Nothing in the result depends on the order of steps, edges, ports or files."""
    steps = {step.name: step for step in sorted(pipeline.steps, key=lambda one: (one.span, one.name), reverse=True)}
    order = order_of(pipeline)
    names = Names(options)
    variants = _variants(steps.values())
    providers = [_provider(names, steps[name], place, variants[name]) for place, name in enumerate(order.names)]
    offers = Offers(names, [(one, steps[one.name].ports) for one in providers])
    placed = place_given(pipeline, steps, options)
    search = Search(offers, order, options)
    outlook = _Outlook(pipeline, order, offers, options)
    bindings: list[Binding] = []
    for place, name in enumerate(order.names):
        step = steps[name]
        scope = outlook.scope(place)
        doubt = outlook.doubt(step, place)
        records: list[Binding] = []
        for port in sorted((one for one in step.inputs if not one.pseudo), key=lambda one: one.name):
            given = placed.by_input.get((name, port.name))
            if given is not None:
                records.append(_stated(given, port, offers, steps, order, pipeline))
            elif pipeline.explicit:
                says = port.external or doubt
                records.append(Binding(name, port, Outcome.UNKNOWN, Decision.NOT_KNOWN, says=says, doubt=doubt))
            else:
                wanted = names.wanted(name, place, variants[name], port)
                uncertain = None if port.certain else ON_SOME_PATHS
                records.append(_record(name, port, search.find(wanted, scope), doubt or uncertain))
        bindings += map(_explained, settle(records))
    dangling = tuple(edge for edge in _sorted(pipeline.edges) if not _declared(steps, edge.source) or not _declared(steps, edge.target))
    return Wiring(pipeline, tuple(bindings), cycles(pipeline), dangling, placed.unplaced)


def _provider(names: Names, step: Step, place: int, variant: str | None) -> Provider:
    called = [step.name]
    if step.contract is not None:
        called += [step.contract.name, step.contract.class_name]
    opened = why_open(step.open_outputs, step.contract, step.ports)
    forms = names.step_forms(called, step.kinds)
    return Provider(step.name, place, variant, opened, forms)


def _variants(steps: Collection[Step]) -> dict[str, str | None]:
    """The job type of each step, None if it has none.

    What stands at the end of a name is a job type where the rest is the builder's name, or the same builder has another step with
    another job type: `Prepare_training` of `Prepare`. The step `model-training` of a builder `ModelTraining` has none.
    """
    kinds: dict[tuple[str, str], set[str]] = defaultdict(set)
    for step in steps:
        if step.contract is not None and (said := job_type(step.name)) is not None:
            kinds[step.contract.module, step.contract.class_name].add(said)
    found: dict[str, str | None] = {}
    for step in steps:
        said, contract = job_type(step.name), step.contract
        if said is None or step.variant not in (None, said) or contract is None:
            found[step.name] = step.variant or said
        else:
            ours = canonical(step.name) == canonical(contract.name)
            found[step.name] = said if ours or len(kinds[contract.module, contract.class_name]) > 1 else None
    return found


class _Outlook:
    """What each step of a pipeline can see of the others, and what is not known of that."""

    def __init__(self, pipeline: Pipeline, order: Order, offers: Offers, options: MatchOptions) -> None:
        self._pipeline, self._order, self._offers, self._options = pipeline, order, offers, options
        self._uncertain = [edge for edge in _sorted(pipeline.edges) if not edge.certain and edge.target in order.places]
        self._doubtful = bits(order.places[edge.target] for edge in self._uncertain)
        self._sure = frozenset(links(pipeline, certain=True) if self._uncertain else ())
        self._unsure_steps = bits(order.places[step.name] for step in pipeline.steps if not step.certain)
        self._strangers = {edge.target: edge.source for edge in _sorted(pipeline.edges) if edge.source not in order.places}

    def scope(self, place: int) -> Scope:
        """The direct predecessors; all other steps where the order follows from the wiring."""
        everyone = self._options.everyone
        direct = tuple(one for one in range(len(self._order.names)) if one != place) if everyone else self._order.before[place]
        opened = next((one for one in direct if self._offers.providers[one].opened is not None), None)
        stranger = self._strangers.get(self._order.names[place])
        open_ = open_text(self._offers, opened) if opened is not None else None
        if open_ is None and stranger is not None:
            open_ = f"an edge leads here from {stranger!r}, which is no step of the pipeline"
        if open_ is None and self._pipeline.open_edges is not None:
            open_ = f"the pipeline may have more edges: {sentence(self._pipeline.open_edges)}"
        near = bits((*direct, place))
        return Scope(direct, frozenset(direct), near, open_, not everyone, 0 if everyone else self._unsure(place, near))

    def _unsure(self, place: int, near: int) -> int:
        """The steps that come before another on some paths only; farther ones, as soon as any edge on the way to it is uncertain."""
        if not self._uncertain:
            return self._unsure_steps
        names, before = self._order.names, self._order.before[place]
        unsure = self._unsure_steps | bits(one for one in before if (names[one], names[place]) not in self._sure)
        return unsure | (self._order.ancestors(place) & ~near if self._reached(place) else 0)

    def _reached(self, place: int) -> int:
        """The steps on the way to one, and itself, to which an uncertain edge leads."""
        return self._doubtful and self._doubtful & (self._order.ancestors(place) | 1 << place)

    def doubt(self, step: Step, place: int) -> str | None:
        """Why a step may well have other predecessors than are known, or not be in the pipeline at all."""
        if self._pipeline.open_steps is not None:
            return f"the pipeline may have more steps: {sentence(self._pipeline.open_steps)}"
        if not step.certain:
            return "the pipeline has the step on some paths through the code only"
        reached = self._reached(place)
        for edge in self._uncertain if reached else ():
            if reached >> self._order.places[edge.target] & 1:
                return f"an edge exists on some paths through the code only: {edge.source} -> {edge.target}"
        return None


def _declared(steps: Mapping[str, Step], name: str) -> bool:
    return name in steps and steps[name].declared


def _sorted(edges: Iterable[Edge]) -> list[Edge]:
    """Edges by place; what a loop makes at one place by all that it says."""
    return sorted(edges, key=lambda edge: (edge.span, edge.source, edge.target, edge.source_at, edge.target_at, edge.data, edge.certain))


def _record(step: str, port: Port, found: Found, doubt: str | None) -> Binding:
    """The record of what was found, before the decision."""
    decided = found.candidates and (found.open is None or by_name(found.candidates[0]))
    says = None if decided else (None if found.candidates else port.external) or found.open or doubt
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


def _explained(binding: Binding) -> Binding:
    """The binding with the reason for which nothing is said, where that came out only when it was decided."""
    silent = binding.outcome is Outcome.UNKNOWN and binding.says is None
    return replace(binding, says=NONE_CERTAIN) if silent and binding.given is None else binding


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
