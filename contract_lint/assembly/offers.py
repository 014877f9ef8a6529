"""What the steps of a pipeline offer, indexed by everything that an input may be joined by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.assembly.graph import bits
from contract_lint.assembly.names import Canonical, form, keywords, parse_name
from contract_lint.assembly.options import MatchOptions
from contract_lint.model.contract import HOLE, Contract, Direction, PathText, Port
from contract_lint.model.evidence import Typing, evidenced, judge
from contract_lint.model.property_path import Index, PropertyPath, parse
from contract_lint.model.span import Span
from contract_lint.model.types import (
    IMAGE_URI,
    KMS_KEY,
    Arn,
    ArnOrName,
    Judgement,
    ListOf,
    Name,
    PortType,
    S3Uri,
    UnionOf,
    Verdict,
    required,
)
from contract_lint.model.wiring import Tier

#: Up to so many outputs, the set of their places is not kept.
_FEW = 4


class Alias(Struct, frozen=True):
    """Another name of an output: ``says`` what it is (``alias 'x'``), ``at`` is where it is written."""

    name: Canonical
    says: str
    at: Span


class Provider(Struct, frozen=True, gc=False):
    """A step, or a contract, as a producer: ``place`` in the order, ``opened`` why it may have more outputs.

    ``forms`` are all the names under which an allow-list may mean it.
    """

    name: str
    place: int
    variant: str | None
    opened: str | None
    forms: frozenset[str]


class Offer(Struct, frozen=True, eq=False, gc=False):
    """One output of one provider; ``types`` are its keys for T4 (`Names.type_keys`)."""

    provider: Provider
    port: Port
    name: Canonical
    aliases: tuple[Alias, ...]
    types: tuple[str, ...]

    @property
    def id(self) -> tuple[int, str]:
        return self.provider.place, self.port.name


#: Sorted lists of outputs, which may overlap.
Lists: TypeAlias = "Sequence[Sequence[Offer]]"


class Wanted(Struct, frozen=True, gc=False):
    """An input with all that it may be known by.

    ``partners`` are the names that the configuration calls the same, ``own`` are its own other names; each as it is written.
    ``forms`` are those of all its names, its own first; ``types`` are its keys for T4.
    """

    consumer: str
    place: int
    variant: str | None
    port: Port
    name: Canonical
    forms: tuple[str, ...]
    types: tuple[str, ...]
    partners: tuple[tuple[Canonical, str], ...] = ()
    own: tuple[tuple[Canonical, str], ...] = ()

    @property
    def job_type(self) -> str | None:
        return self.name.job_type or self.variant


class Join(Struct, frozen=True, gc=False):
    """What joins an input and an output by name. ``exact`` is false where a job type stands on one side alone.

    With ``clash`` the names are equal but for two different job types: no join at all. ``own`` is one by another name of the input,
    which says less of where it comes from than of what the container calls it: it counts for the step right before alone.
    """

    tier: Tier
    via: str
    at: Span
    exact: bool = True
    clash: bool = False
    own: bool = False


class Names:
    """How names of one run are read: the options, and the forms that were seen."""

    def __init__(self, options: MatchOptions) -> None:
        self.options = options
        self._parsed: dict[str, Canonical] = {}
        self._groups = [[(self.parse(name), name) for name in group] for group in options.aliases]
        self._tags: dict[str, set[str]] = defaultdict(set)
        for name, tag in options.tags:
            self._tags[self.parse(name).form].add(tag)

    def parse(self, name: str) -> Canonical:
        found = self._parsed.get(name)
        if found is None:
            found = self._parsed[name] = parse_name(name, job_types=self.options.job_types)
        return found

    def step_forms(self, names: Iterable[str], kinds: Iterable[str]) -> frozenset[str]:
        """All forms of a step's names: with and without its job type; an allow-list may also name its kind."""
        found: set[str] = set()
        for name in names:
            parsed = parse_name(name, step=True, job_types=self.options.job_types)
            found.update((parsed.form, parsed.form + (parsed.job_type or "")))
        return frozenset(found.union(form(kind) for kind in kinds))

    def token(self, token: str) -> str:
        """The form of a word in an allow-list: a job type in it counts."""
        parsed = parse_name(token, step=True, job_types=self.options.job_types)
        return parsed.form + (parsed.job_type or "")

    def offer(self, provider: Provider, port: Port) -> Offer:
        aliases = [Alias(self.parse(alias), f"alias {alias!r}", port.origin) for alias in port.aliases]
        if port.property_path is not None:
            keys = path_keys(port.property_path)
            aliases += [Alias(self.parse(key), f"key {key!r} of its property path", port.property_path.origin) for key in keys]
        return Offer(provider, port, self.parse(port.name), tuple(aliases), self.type_keys(port))

    def wanted(self, consumer: str, place: int, variant: str | None, port: Port) -> Wanted:
        name = self.parse(port.name)
        groups = [group for group in self._groups if any(one.form == name.form for one, _ in group)]
        partners = dict.fromkeys(pair for group in groups for pair in group if pair[0].form != name.form)
        own = dict.fromkeys((self.parse(alias), alias) for alias in port.aliases if self.parse(alias).form != name.form)
        forms = dict.fromkeys((name.form, *(other.form for other, _ in (*partners, *own))))
        return Wanted(consumer, place, variant, port, name, tuple(forms), self.type_keys(port), tuple(partners), tuple(own))

    def type_keys(self, port: Port) -> tuple[str, ...]:
        """What two ports of T4 have in common: the type, or a content tag, if it is known from a trustworthy place.

        Only a type that says what is meant counts (`_is_telling`).
        """
        found = set(self._tags.get(self.parse(port.name).form, ())) if self._tags else set()
        keys: list[str] = []
        if evidenced(port.typing):
            type = required(port.typing.type)
            if isinstance(type, S3Uri):
                found.update(type.content)
            elif _is_telling(type):
                keys.append(f"type {type}")
        return (*(f"content {tag}" for tag in sorted(found)), *keys) if found or keys else ()


def _is_telling(type: PortType) -> bool:
    """Whether a type says which thing is meant, so that the only output of the type may be taken for the input of the same.

    `Name<model>` and `ImageUri` do. A bare `S3Uri`, `Arn` or `Name`, a text, a number or a path does not: most ports are such, and that
    there happens to be one output of this kind proves nothing. Of S3 URIs the content does, which is a key of its own.
    """
    match type:
        case Arn() | Name() | ArnOrName():
            return type.resource is not None
        case ListOf():
            return _is_telling(type.item)
        case UnionOf():
            return all(map(_is_telling, type.members))
        case _:
            return type in (IMAGE_URI, KMS_KEY)


def path_keys(path: PathText) -> tuple[str, ...]:
    """The names in the brackets of a property path."""
    parsed = parse(path.text) if HOLE not in path.text else None
    if not isinstance(parsed, PropertyPath):
        return ()
    return tuple(one.key for one in parsed.segments if isinstance(one, Index) and isinstance(one.key, str) and one.known)


def join_by_name(wanted: Wanted, offer: Offer) -> Join | None:
    """The surest way in which an input and an output are joined by their names, T1 or T2; a clash where that is all there is."""
    clash: Join | None = None
    loose: Join | None = None
    for join, ours, theirs in _pairs(wanted, offer):
        if ours.job_type == theirs.job_type:
            return join if loose is None or loose.tier > join.tier else loose
        if ours.job_type is not None and theirs.job_type is not None:
            clash = clash or replace(join, exact=False, clash=True)
        else:
            loose = loose or replace(join, exact=False)
    return loose or clash


def _pairs(wanted: Wanted, offer: Offer) -> Iterable[tuple[Join, Canonical, Canonical]]:
    """All pairs of names of the same form, the surest first."""
    port = offer.port
    if wanted.name.form == offer.name.form:
        yield Join(Tier.NAME, f"name {port.name!r}", port.origin), wanted.name, offer.name
    for alias in offer.aliases:
        if wanted.name.form == alias.name.form:
            yield Join(Tier.ALIAS, alias.says, alias.at), wanted.name, alias.name
    for others, whose, own in ((wanted.partners, "in the configuration", False), (wanted.own, "of the input", True)):
        for other, text in others:
            for name in (offer.name, *(alias.name for alias in offer.aliases)):
                if other.form == name.form:
                    yield Join(Tier.ALIAS, f"alias {text!r} {whose}", port.origin, own=own), other, name


class Offers:
    """All that is offered in one pipeline or project, by place and by name; lists are sorted by (place, output)."""

    def __init__(self, names: Names, providers: Sequence[tuple[Provider, Sequence[Port]]]) -> None:
        """``providers`` are sorted by place, and one stands at each place."""
        self.names = names
        self.providers = [provider for provider, _ in providers]
        self.at: list[list[Offer]] = []
        self._named: dict[str, list[Offer]] = defaultdict(list)
        self._same: dict[str, list[Offer]] = defaultdict(list)
        self._typed: dict[str, list[Offer]] = defaultdict(list)
        self._worded: dict[str, list[Offer]] | None = None
        self._called: dict[str, list[int]] = defaultdict(list)
        self._masks: dict[tuple[str, str], int] = {}
        self._words: dict[str, frozenset[str]] = {}
        self._judged: dict[tuple[int, int], Judgement] = {}
        for provider, ports in providers:
            outputs = sorted((one for one in ports if one.direction is Direction.OUTPUT and not one.pseudo), key=lambda one: one.name)
            offers = [names.offer(provider, port) for port in outputs]
            self.at.append(offers)
            for form_ in provider.forms:
                self._called[form_].append(provider.place)
            for offer in offers:
                self._same[offer.name.form].append(offer)
                for key in dict.fromkeys((offer.name.form, *(alias.name.form for alias in offer.aliases))):
                    self._named[key].append(offer)
                for key in offer.types:
                    self._typed[key].append(offer)
        self.open_mask = bits(provider.place for provider in self.providers if provider.opened is not None)

    def named(self, wanted: Wanted) -> Lists:
        """The outputs that share the form of a name with the input."""
        return [self._named[key] for key in wanted.forms if key in self._named]

    def same_name(self, wanted: Wanted) -> Sequence[Offer]:
        """Those of them whose own name has the form of the input's, sorted."""
        return self._same.get(wanted.name.form, ())

    def same_name_mask(self, wanted: Wanted) -> int:
        """The places of these."""
        return self._mask("same", wanted.name.form, self._same)

    def named_mask(self, wanted: Wanted) -> int:
        """The places of the outputs that share the form of a name with the input."""
        mask = 0
        for key in wanted.forms:
            mask |= self._mask("name", key, self._named)
        return mask

    def typed(self, wanted: Wanted) -> Lists:
        """The outputs whose evidenced type or content tag is the input's."""
        return [self._typed[key] for key in wanted.types if key in self._typed]

    def typed_mask(self, wanted: Wanted) -> int:
        """The places of the outputs whose evidenced type or content tag is the input's."""
        mask = 0
        for key in wanted.types:
            mask |= self._mask("type", key, self._typed)
        return mask

    def _mask(self, index: str, key: str, table: dict[str, list[Offer]]) -> int:
        offers = table.get(key, ())
        if len(offers) <= _FEW:  # made as fast as found, and ten thousand of them would take memory
            mask = 0
            for offer in offers:
                mask |= 1 << offer.provider.place
            return mask
        if (index, key) not in self._masks:
            self._masks[index, key] = bits(offer.provider.place for offer in offers)
        return self._masks[index, key]

    def called(self, tokens: Iterable[str]) -> int:
        """The places of the steps that an allow-list names; 0 if all its words are dead."""
        mask = 0
        for token in dict.fromkeys(map(self.names.token, tokens)):
            if ("step", token) not in self._masks:
                self._masks["step", token] = bits(self._called.get(token, ()))
            mask |= self._masks["step", token]
        return mask

    def judge(self, source: Typing, target: Typing) -> Judgement:
        """The verdict on an edge; ports that share their typing share it."""
        key = (id(source), id(target))
        found = self._judged.get(key)
        if found is None:
            found = self._judged[key] = judge(source, target)
        return found

    def words(self, name: str) -> frozenset[str]:
        """The words of a name that count for T5."""
        found = self._words.get(name)
        if found is None:
            found = self._words[name] = keywords(name, self.names.options.stop_words)
        return found

    def sharing(self, words: Collection[str]) -> Lists:
        """The outputs of which a name has one of these words."""
        if self._worded is None:
            self._worded = defaultdict(list)
            for offer in (offer for offers in self.at for offer in offers):
                for word in {word for name in (offer.port.name, *offer.port.aliases) for word in self.words(name)}:
                    self._worded[word].append(offer)
        return [self._worded[word] for word in words if word in self._worded]

    def fits(self, offer: Offer, port: Port) -> bool:
        """The gate of T3 to T5: the types do not contradict each other."""
        return self.judge(offer.port.typing, port.typing).verdict is not Verdict.ERROR


def merged(lists: Lists) -> Sequence[Offer]:
    """Sorted lists as one, each output once."""
    if len(lists) < 2:
        return lists[0] if lists else ()
    return sorted({offer.id: offer for offers in lists for offer in offers}.values(), key=lambda offer: offer.id)


def why_open(opened: str | None, contract: Contract | None, ports: Iterable[Port]) -> str | None:
    """Why a step may have more outputs: it says so, or its builder is not known and it lists none."""
    if opened is not None:
        return opened
    known = contract is not None or any(port.direction is Direction.OUTPUT for port in ports)
    return None if known else "unknown-builder"
