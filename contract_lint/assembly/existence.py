"""What could feed the inputs of contracts that no pipeline holds: only existence is judged, never wiring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from contract_lint.assembly.candidates import ON_SOME_PATHS, Joined, Search, common_type, open_text
from contract_lint.assembly.graph import Order, places_of
from contract_lint.assembly.offers import Join, Names, Offer, Offers, Provider, Wanted, join_by_name, merged
from contract_lint.assembly.options import DEFAULTS, MatchOptions
from contract_lint.assembly.selection import redecide
from contract_lint.model.contract import Contract, Direction
from contract_lint.model.wiring import Binding, Candidate, Decision, Outcome, Reach, Tier

#: Candidates of an input for which only existence is judged.
_EXISTING_LISTED = 10

Named: TypeAlias = "tuple[Contract, Binding]"


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
    search = Search(offers, Order((), ()), options)
    opened = next((place for place, one in enumerate(every) if one.open_outputs is not None), None)
    open_ = open_text(offers, opened) if opened is not None else None
    found: list[Named] = []
    for place, contract in enumerate(every):
        for port in (one for one in contract.ports if one.direction is Direction.INPUT and not one.pseudo):
            wanted = names.wanted(contract.name, place, None, port)
            sources = search.sources(wanted)
            candidates = _existing(wanted, offers, offers.called(sources) if sources is not None else 0)
            record = Binding(
                contract.name,
                port,
                Outcome.UNKNOWN,
                Decision.NOT_KNOWN,
                candidates=candidates,
                says=port.external if not candidates else None,
                open=open_,
                doubt=None if port.certain else ON_SOME_PATHS,
            )
            found.append((contract, redecide(record)))
    return tuple(found)


def _existing(wanted: Wanted, offers: Offers, allowed: int) -> tuple[Candidate, ...]:
    """The outputs of other contracts in the first tier that has any; so many as are listed."""
    same = (offer for offer in offers.same_name(wanted))
    found = _first(_by_name(wanted, same)) or _first(_by_name(wanted, merged(offers.named(wanted))))
    if not found:
        at = wanted.port.origin
        fitting = (offer for place in places_of(allowed) for offer in offers.at[place] if offers.fits(offer, wanted.port))
        listed = ((offer, Join(Tier.ALLOWED, f"{offer.provider.name!r} is among its sources", at)) for offer in fitting)
        found = _first((offer, join) for offer, join in listed if offer.provider.place != wanted.place)
    if not found:
        others = (offer for offer in merged(offers.typed(wanted)) if offer.provider.place != wanted.place)
        typed = (offer for offer in others if offers.fits(offer, wanted.port))
        found = _first((offer, Join(Tier.TYPE, common_type(wanted, offer) or "", offer.port.origin)) for offer in typed)
    return tuple(_offered(wanted, offers, offer, join) for offer, join in found)


def _by_name(wanted: Wanted, offers: Iterable[Offer]) -> Iterator[Joined]:
    for offer in offers:
        join = join_by_name(wanted, offer) if offer.provider.place != wanted.place else None
        if join is not None and not join.clash:
            yield offer, join


def _first(found: Iterable[Joined]) -> list[Joined]:
    """The first few, each output once."""
    kept: dict[tuple[int, str], Joined] = {}
    for offer, join in found:
        kept.setdefault(offer.id, (offer, join))
        if len(kept) == _EXISTING_LISTED:
            break
    return [kept[id] for id in sorted(kept)]


def _offered(wanted: Wanted, offers: Offers, offer: Offer, join: Join) -> Candidate:
    place = offer.provider.place
    judgement = offers.judge(offer.port.typing, wanted.port.typing)
    return Candidate(offer.provider.name, offer.port, join.tier, Reach.PROJECT, 0, place, join.via, join.at, judgement)
