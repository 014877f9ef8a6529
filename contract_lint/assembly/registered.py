"""Steps whose builders exist as objects, as the records that the matcher reads."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from contract_lint.contracts import Schema, typing_of
from contract_lint.model.contract import Contract, Direction, PathText, Port
from contract_lint.model.conventions import is_descriptor
from contract_lint.model.names import job_type
from contract_lint.model.pipeline import Step
from contract_lint.model.span import Span


class Registered(Struct, frozen=True):
    """A registered step: its builder, and what this said of its inputs and outputs."""

    name: str
    builder: object
    inputs: Schema
    outputs: Schema

    def step(self) -> Step:
        """The step as the matcher reads it; its place is its name, as it stands in no file."""
        place = Span(f"<{self.name}>", 1, 1, 1, 1)
        inputs = [_port(name, entry, Direction.INPUT, place, self._names("input_names")) for name, entry in sorted(self.inputs.items())]
        outputs = [_port(name, entry, Direction.OUTPUT, place, self._names("output_names")) for name, entry in sorted(self.outputs.items())]
        ports = (*inputs, *outputs)
        kind = type(self.builder)
        contract = Contract(self.name, kind.__qualname__, kind.__module__, place, ports, (), ())
        return Step(self.name, place, contract, ports, variant=job_type(self.name))

    def _names(self, attribute: str) -> Mapping[object, object]:
        """``input_names`` or ``output_names`` of the builder's configuration: logical names and descriptors."""
        names = getattr(getattr(self.builder, "config", None), attribute, None)
        return names if isinstance(names, Mapping) else {}


def _port(name: str, entry: Mapping[str, object], direction: Direction, place: Span, names: Mapping[object, object]) -> Port:
    description, path = _text(entry.get("description")), _text(entry.get("property_path"))
    aliases = {other: None for pair in names.items() if name in pair for other in pair if isinstance(other, str) and other != name}
    if direction is Direction.OUTPUT and description is not None and is_descriptor(description, name):
        aliases[description] = None
    return Port(
        name,
        direction,
        place,
        description,
        entry.get("required", True) is not False,
        aliases=tuple(aliases),
        property_path=PathText(path, place) if path else None,
        typing=typing_of(name, entry),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
