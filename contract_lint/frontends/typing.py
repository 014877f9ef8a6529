"""What is known of the types of ports: every piece of evidence that a contract holds, merged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from contract_lint.model.contract import Contract, Direction, PathDeclaration, Port
from contract_lint.model.evidence import Evidence, Rank, assumed, from_description, from_name, merge
from contract_lint.model.property_path import Malformed, parse
from contract_lint.model.types import UNKNOWN
from contract_lint.sagemaker.leaf_types import type_of_argument, type_of_path
from contract_lint.sagemaker.step_kinds import default_property_path, kind_named


def typed(contract: Contract) -> Contract:
    """The contract with the types of its ports."""
    return replace(contract, ports=typed_ports(contract.ports, contract))


def typed_ports(ports: Iterable[Port], contract: Contract) -> tuple[Port, ...]:
    """The ports with their types; ``contract`` tells the property paths and the kinds of step."""
    every = tuple(ports)
    outputs = [port for port in every if port.direction is Direction.OUTPUT]
    return tuple(port if port.pseudo else replace(port, typing=merge(_evidence(port, contract, len(outputs) == 1))) for port in every)


def _evidence(port: Port, contract: Contract, sole: bool) -> Iterator[Evidence]:
    yield from port.typing.evidence
    if port.direction is Direction.OUTPUT:
        yield from _of_paths(port, contract, sole)
    else:
        yield from _of_sinks(port, contract)
    described = from_description(port.description, port.origin) if port.description is not None else None
    named = from_name(port.name, port.origin)
    yield from (one for one in (described, named) if one is not None)
    yield assumed(port.origin)


def _of_sinks(port: Port, contract: Contract) -> Iterator[Evidence]:
    """What the arguments of the SDK want that the input is given to."""
    for sink in contract.sinks:
        wanted = type_of_argument(sink.sdk_class, sink.argument) if sink.input in (port.name, *port.aliases) else None
        if wanted is not None and wanted != UNKNOWN:
            yield Evidence(Rank.PATH, wanted, f"it is given to {sink.sdk_class}({sink.argument}=…)", sink.span)


def _of_paths(port: Port, contract: Contract, sole: bool) -> Iterator[Evidence]:
    """What the leaves of the output's property paths are, on each kind of step that the builder may make."""
    names = (port.name, *port.aliases)
    given = [one for one in contract.paths if one.name in names and one.path is not None and one.registers]
    own = [one for one in given if one.name == port.name] or given
    for declaration in own:
        yield from _of_path(declaration, contract.kinds)
    declared = any(one.rank is Rank.DECLARED for one in port.typing.evidence)
    if own or declared or contract.open_paths is not None:
        return
    for name in contract.kinds:
        kind = kind_named(name)
        default = default_property_path(kind, port.name, sole=sole) if kind is not None else None
        path = parse(f"properties.{default}") if default is not None else None
        if kind is None or path is None or isinstance(path, Malformed):
            continue
        type = type_of_path(path, kind)
        if type != UNKNOWN:
            yield Evidence(Rank.PATH, type, f"{kind.with_article} step has it at {path}", port.origin)


def _of_path(declaration: PathDeclaration, kinds: Iterable[str]) -> Iterator[Evidence]:
    path = parse(declaration.path.text) if declaration.path is not None else None
    if declaration.path is None or path is None or isinstance(path, Malformed):
        return
    for name in kinds:
        kind = kind_named(name)
        type = type_of_path(path, kind) if kind is not None else UNKNOWN
        if type != UNKNOWN:
            yield Evidence(Rank.PATH, type, f"the property path ends at {path}", declaration.path.origin)
