"""What names a contract knows: its ports with their aliases, and the tables of its configuration."""

from __future__ import annotations

from collections.abc import Iterable

from contract_lint.api import Contract, Named, Port, PropertyPath, Reaches, StopsEarly, Table, all_kinds, parse, walk


def names_of(ports: Iterable[Port]) -> set[str]:
    """The names and aliases of ports."""
    return {name for port in ports for name in (port.name, *port.aliases)}


def table_of(contract: Contract, table: Table) -> tuple[tuple[Named, str | None], ...] | None:
    """The names and descriptors that the configuration gives by default; None where they are not known."""
    if contract.config is None:
        return None
    return {Table.INPUT_NAMES: contract.config.input_names, Table.OUTPUT_NAMES: contract.config.output_names}.get(table)


def is_property_path(name: str) -> bool:
    """Whether a name is a path into a step's properties: it has the prefix, or several levels that some kind of step has."""
    if name.startswith("properties."):
        return True
    path = parse(name)
    if not isinstance(path, PropertyPath) or len(path.segments) < 2 or not path.known:
        return False
    return any(isinstance(walk(path, kind, strict=False), Reaches | StopsEarly) for kind in all_kinds() if not kind.raises)


def inputs_known(contract: Contract) -> bool:
    """Whether all inputs are known: none is hidden behind an entry that stands for several (``inputs``) without naming them."""
    if contract.open_inputs is not None:
        return False
    together = [port for port in contract.inputs if port.pseudo and port.name == "inputs"]
    single = [port.name for port in contract.inputs if not port.pseudo]
    return all(port.description is not None and any(name in port.description for name in single) for port in together)
