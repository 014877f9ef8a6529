"""Names that builders look up in their configuration's tables and do not find there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_lint.api import (
    Contract,
    Draft,
    NameUseView,
    Related,
    Table,
    first_places,
    joined,
    listed,
    nearest,
    scope_at,
    some,
    step_names,
    users,
)

from ._names import table_of


@dataclass(frozen=True, slots=True)
class MissingKey:
    """``keys`` are those of the default, ``key`` the one whose descriptor the name is; ``configs`` the classes that lack it."""

    name: str
    table: str
    contracts: tuple[str, ...]
    configs: tuple[str, ...]
    keys: tuple[str, ...]
    key: str | None
    validated: bool

    def message(self) -> str:
        demand = "demands" if len(self.contracts) == 1 else "demand"
        who = f"{listed(self.contracts)} {demand} '{self.name}' in {self.table}"
        if self.validated:
            who = f"validate_configuration of {listed(self.contracts)} demands '{self.name}' in {self.table}"
        return f"{who}, but the default of {listed(self.configs)} has no such key"

    def help(self) -> str:
        if self.key is not None:
            return f"did you mean '{self.key}', whose value is '{self.name}'?"
        near = nearest(self.name, self.keys)
        if near:
            return f"did you mean {joined(near)}?"
        return f"the default has {some(self.keys)}"


def missing_key(view: NameUseView, *, validated: bool) -> Iterator[Draft]:
    """The finding about a name that some contracts demand of a table without it; ``validated`` says by which sort of demand."""
    use = view.use
    if not use.demanded or use.validated is not validated:
        return
    lacking = [contract for contract in view.contracts if lacks(contract, use.table, use.name)]
    if not lacking:
        return
    tables = [table_of(contract, use.table) or () for contract in lacking]
    keys = tuple(dict.fromkeys(key.name for table in tables for key, _ in table))
    described = [key.name for table in tables for key, descriptor in table if descriptor == use.name]
    configs = tuple(dict.fromkeys(contract.config.name for contract in lacking if contract.config is not None))
    facts = MissingKey(use.name, use.table.value, step_names(lacking), configs, keys, described[0] if described else None, validated)
    related = (*_defaults(lacking, use.table), *_others(view, lacking), *users(lacking, "demands it"))
    yield Draft(facts, use.span, scope_at(lacking, use.scope), f"{use.table.value}.{use.name}", related)


def lacks(contract: Contract, table: Table, name: str) -> bool:
    """Whether the default is known, holds names, and not this one; what has no default is given by whoever makes the configuration."""
    known = table_of(contract, table)
    return bool(known) and all(name != key.name for key, _ in known or ())


def _defaults(contracts: Sequence[Contract], table: Table) -> tuple[Related, ...]:
    """Where the defaults are written."""
    places = [(contract.config, table_of(contract, table)) for contract in contracts]
    return first_places(
        Related(known[0][0].span, f"the default {table.value} of {config.name}") for config, known in places if config and known
    )


def _others(view: NameUseView, contracts: Sequence[Contract]) -> tuple[Related, ...]:
    """The other places where the contracts demand the name."""
    use = view.use
    uses = (other for contract in contracts for other in contract.name_uses if (other.table, other.name) == (use.table, use.name))
    return first_places(Related(other.span, "demanded here too") for other in uses if other.demanded and other.span != use.span)
