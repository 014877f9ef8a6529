"""What may feed one input: the outputs within its reach, tier by tier, and those that were refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from msgspec import Struct

from contract_lint.assembly.graph import Order, places_of
from contract_lint.assembly.offers import Join, Offer, Offers, Wanted, join_by_name
from contract_lint.assembly.options import MatchOptions
from contract_lint.model.reasons import sentence
from contract_lint.model.types import Verdict
from contract_lint.model.wiring import Candidate, Reach, Refusal, Tier

#: Of transitive candidates so many are listed, and all that are as far away as the last.
LISTED = 20
#: Producers that no edge leads from, and refused outputs, are listed up to this number.
ELSEWHERE_LISTED = 10
REFUSED_LISTED = 12
#: Of the refused ones so many may be those of later steps.
_LATER_LISTED = 3
#: Of all other outputs so many are looked at when near misses are chosen.
_SEEN = 200

#: The doubt about an input that is not certain.
ON_SOME_PATHS = "the step has the input on some paths through the code only"

Joined = tuple[Offer, Join]


class Scope(Struct, frozen=True):
    """Where the producers of one step may stand: ``direct`` places, sorted, and as bits with its own in ``near``.

    ``open`` says why there may be more outputs there. ``drawn``: it is edges that make them predecessors.
    """

    direct: tuple[int, ...]
    direct_set: frozenset[int]
    near: int
    open: str | None
    drawn: bool = True


class Found(Struct, frozen=True):
    """What the search for one input found; the fields are those of ``Binding``."""

    candidates: tuple[Candidate, ...] = ()
    refused: tuple[Refusal, ...] = ()
    elsewhere: tuple[Candidate, ...] = ()
    suggestions: tuple[Candidate, ...] = ()
    open: str | None = None
    more: bool = False


class Search:
    """Looks for what may feed inputs, among the offers of one pipeline."""

    def __init__(self, offers: Offers, order: Order, options: MatchOptions) -> None:
        self.offers = offers
        self.order = order
        self._allowed: dict[tuple[str, str | None], tuple[str, ...]] = {}
        for one in options.allow_lists:
            key = (offers.names.parse(one.input).form, None if one.step is None else offers.names.token(one.step))
            self._allowed[key] = one.sources

    def find(self, wanted: Wanted, scope: Scope) -> Found:
        """The first tier with candidates, among the direct predecessors, else among the transitive ones; else what there is elsewhere."""
        refused: list[Refusal] = []
        sources = self.sources(wanted)
        allowed = self.offers.called(sources) if sources is not None else 0
        candidates = self._direct(wanted, scope, allowed, refused)
        open_, more = scope.open, False
        if not candidates and open_ is None:
            candidates, open_, more = self._transitive(wanted, scope, allowed, refused)
        suggestions: tuple[Candidate, ...] = ()
        elsewhere: list[Candidate] = []
        if not candidates:
            elsewhere = self._elsewhere(wanted, scope, refused)
            suggestions = (*self._by_words(wanted, scope), *self._typed_farther(wanted, scope))
        listed = self._listed(wanted, scope, sources if allowed else None, allowed, refused, (*candidates, *elsewhere, *suggestions))
        return Found(tuple(candidates), listed, tuple(elsewhere), suggestions, open_, more)

    # --- scope 1 ---

    def _direct(self, wanted: Wanted, scope: Scope, allowed: int, refused: list[Refusal]) -> list[Candidate]:
        strict = not scope.drawn
        found = self._preferred(wanted, self._named(wanted, scope), refused, strict=strict)
        if not found and allowed & scope.near:
            places = [place for place in scope.direct if allowed >> place & 1]
            found = self._preferred(wanted, self._fitting(wanted, places), refused, strict=strict)
        if not found:
            found = self._preferred(wanted, self._typed(wanted, scope), refused, strict=strict)
        return [self._candidate(wanted, offer, join, Reach.DIRECT, 1) for offer, join in found]

    def _named(self, wanted: Wanted, scope: Scope) -> list[Joined]:
        """What the names join with outputs of direct predecessors, clashes among them."""
        named = self.offers.named(wanted)
        if isinstance(named, Sequence) and len(named) <= 4 * len(scope.direct):
            near: Iterable[Offer] = (offer for offer in named if offer.provider.place in scope.direct_set)
        else:
            near = (offer for place in scope.direct for offer in self.offers.at[place])
        return [(offer, join) for offer in near if (join := join_by_name(wanted, offer)) is not None]

    def _fitting(self, wanted: Wanted, places: Iterable[int]) -> list[Joined]:
        """All outputs at these places whose types do not contradict the input's."""
        offers = (offer for place in places for offer in self.offers.at[place] if self.offers.fits(offer, wanted.port))
        return [(offer, Join(Tier.ALLOWED, f"{offer.provider.name!r} is among its sources", wanted.port.origin)) for offer in offers]

    def _typed(self, wanted: Wanted, scope: Scope) -> list[Joined]:
        """The outputs of direct predecessors whose evidenced type or content tag is the input's."""
        keys = frozenset(self.offers.names.type_keys(wanted.port))
        if not keys or not self.offers.typed_mask(wanted.port) & scope.near:
            return []
        offers = (offer for place in scope.direct for offer in self.offers.at[place] if not keys.isdisjoint(offer.types))
        return [
            (offer, Join(Tier.TYPE, next(key for key in offer.types if key in keys), offer.port.origin))
            for offer in offers
            if self.offers.fits(offer, wanted.port)
        ]

    def _preferred(self, wanted: Wanted, joined: Sequence[Joined], refused: list[Refusal], *, strict: bool) -> list[Joined]:
        """The candidates of the first tier, after the gate of job types.

        The job type of an output is that in its name, else its step's; of an input likewise. Two names that differ in it are no
        match. Of steps, two that differ are none where a candidate of the right job type is there: an edge between different job
        types is drawn on purpose, so that alone is no reason to refuse; with ``strict``, where no edge says so, it is. Within a tier,
        a name with its job type comes before one that is the same less its job type.
        """
        passed: list[Joined] = []
        for offer, join in joined:
            if join.clash or _named_apart(wanted, offer, join.tier):
                refused.append(_other_job_type(wanted, offer, join.tier))
            else:
                passed.append((offer, join))
        agreed = strict or any(_job_type(offer) == wanted.job_type is not None for offer, _ in passed)
        if agreed:
            kept = [(offer, join) for offer, join in passed if not _disagree(wanted, offer)]
            refused += [_other_job_type(wanted, offer, join.tier) for offer, join in passed if _disagree(wanted, offer)]
            passed = kept
        if not passed:
            return []
        tier = min(join.tier for _, join in passed)
        first = [(offer, join) for offer, join in passed if join.tier == tier]
        exact = [(offer, join) for offer, join in first if join.exact]
        if exact and len(exact) < len(first):
            says = "the same name less its job type, while another has it in full"
            refused += [Refusal(offer.provider.name, offer.port, tier, "job-type", says) for offer, join in first if not join.exact]
        return exact or first

    # --- scope 2 ---

    def _transitive(self, wanted: Wanted, scope: Scope, allowed: int, refused: list[Refusal]) -> tuple[list[Candidate], str | None, bool]:
        """The candidates, one tier lower; why there may be more outputs; whether there are more candidates, farther away."""
        farther = self.order.ancestors(wanted.place) & ~scope.near
        if not farther:
            return [], None, False
        opened = places_of(farther & self.offers.open_mask)
        open_ = open_text(self.offers, opened[0]) if opened else None
        same, named = self.offers.same_name_mask(wanted), self.offers.named_mask(wanted)
        for tier, mask in ((Tier.NAME, same), (Tier.ALIAS, named), (Tier.ALLOWED, allowed)):
            found, more = self._far(wanted, mask & farther, refused, tier)
            if found:
                return found, open_, more
        return [], open_, False

    def _far(self, wanted: Wanted, places: int, refused: list[Refusal], tier: Tier) -> tuple[list[Candidate], bool]:
        """The candidates of a tier that are no direct predecessors, nearest first, and whether there are more."""
        limit, more = LISTED, bool(places)
        while more:
            nearest, more = self.order.nearest(wanted.place, places, limit)
            distance = {place: far for far, place in nearest}
            joined = self._fitting(wanted, distance) if tier is Tier.ALLOWED else self._joined_at(wanted, distance)
            seen: list[Refusal] = []
            found = self._preferred(wanted, [(offer, join) for offer, join in joined if join.tier == tier], seen, strict=True)
            if found or not more:
                refused += seen
                made = [self._candidate(wanted, offer, join, Reach.TRANSITIVE, distance[offer.provider.place]) for offer, join in found]
                return sorted(made, key=_candidate_order), more
            limit *= 8  # all of them are of another job type
        return [], False

    def _joined_at(self, wanted: Wanted, places: Iterable[int]) -> list[Joined]:
        """What names join with outputs that are not right before the input."""
        offers = (offer for place in places for offer in self.offers.at[place])
        return [(offer, join) for offer in offers if (join := join_by_name(wanted, offer)) is not None and not join.own]

    # --- beyond the predecessors ---

    def _elsewhere(self, wanted: Wanted, scope: Scope, refused: list[Refusal]) -> list[Candidate]:
        """The outputs that have the input's name, at steps that no edge leads from; those of later steps are refused."""
        fitting = self.offers.named_mask(wanted) & ~scope.near
        if not fitting:
            return []
        joined: list[Joined] = []
        later = 0
        for offer, join in self._joined_at(wanted, places_of(fitting & ~self.order.ancestors(wanted.place))[:_SEEN]):
            if not self.order.precedes(wanted.place, offer.provider.place):
                joined.append((offer, join))
            elif later < _LATER_LISTED and not join.clash:
                later += 1
                refused.append(Refusal(offer.provider.name, offer.port, join.tier, "order", f"{offer.provider.name!r} comes later"))
        found = self._preferred(wanted, joined, refused, strict=True)[:ELSEWHERE_LISTED]
        return [self._candidate(wanted, offer, join, Reach.PROJECT, 0) for offer, join in found]

    def _typed_farther(self, wanted: Wanted, scope: Scope) -> list[Candidate]:
        """T4 over a transitive predecessor stands one tier lower, where nothing is bound: the only output of the input's type."""
        typed = self.offers.typed_mask(wanted.port) & ~scope.near
        farther = typed & self.order.ancestors(wanted.place) if typed else 0
        nearest, more = self.order.nearest(wanted.place, farther, 2) if farther else ([], False)
        keys = frozenset(self.offers.names.type_keys(wanted.port))
        found = [
            (offer, Join(Tier.TYPE, next(key for key in offer.types if key in keys), offer.port.origin), far)
            for far, place in nearest
            for offer in self.offers.at[place]
            if not keys.isdisjoint(offer.types) and self.offers.fits(offer, wanted.port) and not _disagree(wanted, offer)
        ]
        if more or len(found) != 1:
            return []
        offer, join, far = found[0]
        return [self._candidate(wanted, offer, join, Reach.TRANSITIVE, far)]

    def _by_words(self, wanted: Wanted, scope: Scope) -> list[Candidate]:
        """T5: the one output of direct predecessors that shares most words with the input's name."""
        words = self.offers.words(wanted.port.name)
        scored: list[tuple[int, Offer, str]] = []
        for place in scope.direct if words else ():
            for offer in self.offers.at[place]:
                common = max((words & self.offers.words(name) for name in (offer.port.name, *offer.port.aliases)), key=len)
                if common and self.offers.fits(offer, wanted.port) and not _disagree(wanted, offer):
                    scored.append((len(common), offer, ", ".join(sorted(common))))
        best = max((count for count, _, _ in scored), default=0)
        first = [(offer, shared) for count, offer, shared in scored if count == best]
        if len(first) != 1:
            return []
        offer, shared = first[0]
        return [self._candidate(wanted, offer, Join(Tier.KEYWORDS, f"words {shared}", offer.port.origin), Reach.DIRECT, 1)]

    # --- what was refused ---

    def _listed(
        self,
        wanted: Wanted,
        scope: Scope,
        sources: tuple[str, ...] | None,
        allowed: int,
        refused: Sequence[Refusal],
        kept: Iterable[Candidate],
    ) -> tuple[Refusal, ...]:
        """What was refused, each output once, then the other outputs of the direct predecessors, those with a common word first."""
        used = {(one.step, one.output.name) for one in kept}
        listed: list[Refusal] = []
        for one in refused:
            if (one.step, one.output.name) not in used:
                used.add((one.step, one.output.name))
                listed.append(one)
        every = (offer for place in scope.direct for offer in self.offers.at[place])
        others = list(islice((offer for offer in every if (offer.provider.name, offer.port.name) not in used), _SEEN))
        words = self.offers.words(wanted.port.name)
        others.sort(key=lambda offer: words.isdisjoint(self.offers.words(offer.port.name)))
        for offer in others[: max(0, REFUSED_LISTED - len(listed))]:
            outside = sources is not None and not allowed >> offer.provider.place & 1
            listed.append(self._refused(wanted, offer, outside=outside))
        return tuple(listed[:REFUSED_LISTED])

    def _refused(self, wanted: Wanted, offer: Offer, *, outside: bool) -> Refusal:
        """Why an output is no candidate: the last tier that could have taken it says so."""
        name = offer.provider.name
        judgement = self.offers.judge(offer.port.typing, wanted.port.typing)
        if judgement.verdict is Verdict.ERROR:
            says = f"type {offer.port.typing.type} for {wanted.port.typing.type}: {judgement.reason}"
            return Refusal(name, offer.port, Tier.TYPE, "type", says)
        if outside:
            return Refusal(name, offer.port, Tier.ALLOWED, "not-allowed", "not among its sources")
        return Refusal(name, offer.port, Tier.NAME, "name", "another name")

    def sources(self, wanted: Wanted) -> tuple[str, ...] | None:
        """The words of the allow-list of an input: the configuration's for this step, else for all, else the input's own."""
        for step in (self.offers.names.token(wanted.consumer), None):
            found = self._allowed.get((wanted.name.form, step))
            if found is not None:
                return found
        return wanted.port.sources

    def _candidate(self, wanted: Wanted, offer: Offer, join: Join, reach: Reach, distance: int) -> Candidate:
        tier = Tier(join.tier + 1) if reach is Reach.TRANSITIVE else join.tier
        judgement = self.offers.judge(offer.port.typing, wanted.port.typing)
        place = offer.provider.place
        return Candidate(offer.provider.name, offer.port, tier, reach, distance, place, join.via, join.at, judgement)


def _candidate_order(one: Candidate) -> tuple[int, int, int, str]:
    return one.tier, one.distance, one.position, one.output.name


def _job_type(offer: Offer) -> str | None:
    return offer.name.job_type or offer.provider.variant


def _named_apart(wanted: Wanted, offer: Offer, tier: Tier) -> bool:
    """Whether the names of both say a job type, and not the same; where other names join the two, these have been compared."""
    ours, theirs = wanted.name.job_type, offer.name.job_type
    return tier > Tier.ALIAS and ours is not None and theirs is not None and ours != theirs


def _disagree(wanted: Wanted, offer: Offer) -> bool:
    """Whether two different job types are known."""
    ours, theirs = wanted.job_type, _job_type(offer)
    return ours is not None and theirs is not None and ours != theirs


def _other_job_type(wanted: Wanted, offer: Offer, tier: Tier) -> Refusal:
    says = f"for the job type {_job_type(offer)!r}" + (f", not {wanted.job_type!r}" if wanted.job_type is not None else "")
    return Refusal(offer.provider.name, offer.port, tier, "job-type", says)


def open_text(offers: Offers, place: int) -> str:
    """Why a producer may have more outputs than are known, as a sentence."""
    provider = offers.providers[place]
    return f"{provider.name!r} may have more outputs: {sentence(provider.opened or '')}"
