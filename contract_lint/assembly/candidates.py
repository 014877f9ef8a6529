"""What may feed one input: the outputs within its reach, tier by tier, and those that were refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice

from msgspec import Struct

from contract_lint.assembly.graph import Order, places_of
from contract_lint.assembly.offers import Join, Lists, Offer, Offers, Wanted, join_by_name, merged
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
#: The reasons for refusing an output, the most telling first.
_REASONS = ("order", "job-type", "type", "not-allowed", "name")

#: The doubt about an input that is not certain.
ON_SOME_PATHS = "the step has the input on some paths through the code only"
#: Why nothing is said where several outputs fit and none of them certainly.
NONE_CERTAIN = "each of the outputs that fit comes before on some paths through the code only"

Joined = tuple[Offer, Join]


class Scope(Struct, frozen=True, gc=False):
    """Where the producers of one step may stand: ``direct`` places, sorted, and as bits with its own in ``near``.

    ``open`` says why there may be more outputs there. ``drawn``: it is edges that make them predecessors. ``unsure`` are, as bits, the
    steps that come before on some paths through the code only.
    """

    direct: tuple[int, ...]
    direct_set: frozenset[int]
    near: int
    open: str | None
    drawn: bool = True
    unsure: int = 0


class Found(Struct, frozen=True, gc=False):
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
        self._unlike: dict[Offer, Refusal] = {}
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
            suggestions = () if allowed else (*self._by_words(wanted, scope), *self._typed_farther(wanted, scope))
        listed = self._listed(wanted, scope, allowed, refused, (*candidates, *elsewhere, *suggestions))
        return Found(tuple(candidates), listed, tuple(elsewhere), suggestions, open_, more)

    # --- scope 1 ---

    def _direct(self, wanted: Wanted, scope: Scope, allowed: int, refused: list[Refusal]) -> list[Candidate]:
        """The first of the tiers T1 to T4 with candidates.

        Below the names an allow-list has the last word: where it names a step of the pipeline, T4 (and T5) would only add outputs of
        steps that it does not name, since T3 takes whatever fits of those that it does.
        """
        strict = not scope.drawn
        found = self._preferred(wanted, self._named(wanted, scope), refused, strict=strict)
        if not found and allowed & scope.near:
            places = [place for place in scope.direct if allowed >> place & 1]
            found = self._preferred(wanted, self._fitting(wanted, places), refused, strict=strict)
        if not found and not allowed:
            found = self._preferred(wanted, self._typed(wanted, scope), refused, strict=strict)
        return [self._candidate(wanted, scope, offer, join, Reach.DIRECT, 1) for offer, join in found]

    def _near(self, scope: Scope, lists: Lists) -> Iterable[Offer]:
        """Those of some outputs that are outputs of direct predecessors, sorted; all of these where that is less to look at."""
        if sum(map(len, lists)) <= 4 * len(scope.direct):
            return (offer for offer in merged(lists) if offer.provider.place in scope.direct_set)
        return (offer for place in scope.direct for offer in self.offers.at[place])

    def _named(self, wanted: Wanted, scope: Scope) -> list[Joined]:
        """What the names join with outputs of direct predecessors, clashes among them."""
        near = self._near(scope, self.offers.named(wanted))
        return [(offer, join) for offer in near if (join := join_by_name(wanted, offer)) is not None]

    def _fitting(self, wanted: Wanted, places: Iterable[int]) -> list[Joined]:
        """All outputs at these places whose types do not contradict the input's."""
        offers = (offer for place in places for offer in self.offers.at[place] if self.offers.fits(offer, wanted.port))
        return [(offer, Join(Tier.ALLOWED, f"{offer.provider.name!r} is among its sources", wanted.port.origin)) for offer in offers]

    def _typed(self, wanted: Wanted, scope: Scope) -> list[Joined]:
        """The outputs of direct predecessors whose evidenced type or content tag is the input's."""
        return [
            (offer, Join(Tier.TYPE, key, offer.port.origin))
            for offer in (self._near(scope, self.offers.typed(wanted)) if wanted.types else ())
            if (key := common_type(wanted, offer)) is not None and self.offers.fits(offer, wanted.port)
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
            found, more = self._far(wanted, scope, mask & farther, refused, tier)
            if found:
                return found, open_, more
        return [], open_, False

    def _far(self, wanted: Wanted, scope: Scope, places: int, refused: list[Refusal], tier: Tier) -> tuple[list[Candidate], bool]:
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
                far = Reach.TRANSITIVE
                made = [self._candidate(wanted, scope, offer, join, far, distance[offer.provider.place]) for offer, join in found]
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
        return [self._candidate(wanted, scope, offer, join, Reach.PROJECT, 0) for offer, join in found]

    def _typed_farther(self, wanted: Wanted, scope: Scope) -> list[Candidate]:
        """T4 over a transitive predecessor stands one tier lower, where nothing is bound: the only output of the input's type."""
        typed = self.offers.typed_mask(wanted) & ~scope.near
        farther = typed & self.order.ancestors(wanted.place) if typed else 0
        nearest, more = self.order.nearest(wanted.place, farther, 2) if farther else ([], False)
        found = [
            (offer, Join(Tier.TYPE, key, offer.port.origin), far)
            for far, place in nearest
            for offer in self.offers.at[place]
            if (key := common_type(wanted, offer)) is not None
            if self.offers.fits(offer, wanted.port) and not _disagree(wanted, offer)
        ]
        if more or len(found) != 1:
            return []
        offer, join, far = found[0]
        return [self._candidate(wanted, scope, offer, join, Reach.TRANSITIVE, far)]

    def _by_words(self, wanted: Wanted, scope: Scope) -> list[Candidate]:
        """T5: the one output of direct predecessors that shares most words with the input's name."""
        words = self.offers.words(wanted.port.name)
        scored: list[tuple[int, Offer, str]] = []
        for offer in self._near(scope, self.offers.sharing(words)) if words else ():
            common = max((words & self.offers.words(name) for name in (offer.port.name, *offer.port.aliases)), key=len)
            if common and self.offers.fits(offer, wanted.port) and not _disagree(wanted, offer):
                scored.append((len(common), offer, ", ".join(sorted(common))))
        best = max((count for count, _, _ in scored), default=0)
        first = [(offer, shared) for count, offer, shared in scored if count == best]
        if len(first) != 1:
            return []
        offer, shared = first[0]
        return [self._candidate(wanted, scope, offer, Join(Tier.KEYWORDS, f"words {shared}", offer.port.origin), Reach.DIRECT, 1)]

    # --- what was refused ---

    def _listed(
        self, wanted: Wanted, scope: Scope, allowed: int, refused: Sequence[Refusal], kept: Iterable[Candidate]
    ) -> tuple[Refusal, ...]:
        """What was refused, each output once, what is nearest to a candidate first, so that a reader may stop anywhere.

        First what has the right name (or type, or step) and stands too late or is of another job type. Of the other outputs of the direct
        predecessors, first those that an allow-list or a type spoke for, then those with a common word, then the unrelated.
        """
        used = {(one.step, one.output.name) for one in kept}
        listed: list[Refusal] = []
        for one in sorted(refused, key=_by_reason) if len(refused) > 1 else refused:
            if (one.step, one.output.name) not in used:
                used.add((one.step, one.output.name))
                listed.append(one)
        every = (offer for place in scope.direct for offer in self.offers.at[place])
        others = list(islice((offer for offer in every if (offer.provider.name, offer.port.name) not in used), _SEEN))
        words = self.offers.words(wanted.port.name)

        def distance(offer: Offer) -> int:
            if allowed >> offer.provider.place & 1 or (wanted.types and common_type(wanted, offer) is not None):
                return 0
            return 2 if words.isdisjoint(self.offers.words(offer.port.name)) else 1

        groups: tuple[list[Offer], ...] = ([], [], [])
        for offer in others:
            groups[distance(offer)].append(offer)
        for group in groups:
            here = group[: max(0, REFUSED_LISTED - len(listed))]
            listed += sorted((self._refused(wanted, offer, allowed) for offer in here), key=_by_reason)
        return tuple(listed[:REFUSED_LISTED])

    def _refused(self, wanted: Wanted, offer: Offer, allowed: int) -> Refusal:
        """Why an output is no candidate: the last tier that could have taken it says so."""
        name = offer.provider.name
        judgement = self.offers.judge(offer.port.typing, wanted.port.typing)
        if judgement.verdict is Verdict.ERROR:
            says = f"type {offer.port.typing.type} for {wanted.port.typing.type}: {judgement.reason}"
            return Refusal(name, offer.port, Tier.TYPE, "type", says)
        if allowed and not allowed >> offer.provider.place & 1:
            return Refusal(name, offer.port, Tier.ALLOWED, "not-allowed", "not among its sources")
        if offer not in self._unlike:
            self._unlike[offer] = Refusal(name, offer.port, Tier.NAME, "name", "another name")
        return self._unlike[offer]

    def sources(self, wanted: Wanted) -> tuple[str, ...] | None:
        """The words of the allow-list of an input: the configuration's for this step, else for all, else the input's own."""
        for step in (self.offers.names.token(wanted.consumer), None):
            found = self._allowed.get((wanted.name.form, step))
            if found is not None:
                return found
        return wanted.port.sources

    def _candidate(self, wanted: Wanted, scope: Scope, offer: Offer, join: Join, reach: Reach, distance: int) -> Candidate:
        tier = Tier(join.tier + 1) if reach is Reach.TRANSITIVE else join.tier
        judgement = self.offers.judge(offer.port.typing, wanted.port.typing)
        place = offer.provider.place
        certain = offer.port.certain and not scope.unsure >> place & 1
        return Candidate(offer.provider.name, offer.port, tier, reach, distance, place, join.via, join.at, judgement, certain)


def _candidate_order(one: Candidate) -> tuple[int, int, int, str]:
    return one.tier, one.distance, one.position, one.output.name


def _by_reason(one: Refusal) -> int:
    return _REASONS.index(one.reason)


def common_type(wanted: Wanted, offer: Offer) -> str | None:
    """The type or content tag that an input and an output have in common, for T4."""
    return next((key for key in offer.types if key in wanted.types), None)


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
