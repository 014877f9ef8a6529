"""Ports from the dicts that contract methods return."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.model.contract import HOLE, Direction, PathText, Port
from contract_lint.model.conventions import PSEUDO_INPUTS, is_descriptor, listed_names, says_optional
from contract_lint.model.evidence import UNTYPED, Evidence, Rank, Typing, merge
from contract_lint.model.span import Span
from contract_lint.model.types import parse_type
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.values import Const, DictObj, Entry, OneOf, Text, TupleValue, Unknown, Value, alternatives, origin_of


class Naming(Struct, frozen=True):
    """``input_names`` and ``output_names`` of a configuration: logical name and descriptor, each with its place."""

    inputs: tuple[tuple[Const, Value], ...]
    outputs: tuple[tuple[Const, Value], ...]

    def aliases(self, name: str, direction: Direction) -> tuple[str, ...]:
        """The other names that the mapping gives to ``name``."""
        table = self.inputs if direction is Direction.INPUT else self.outputs
        found: dict[str, None] = {}
        for key, value in table:
            pair = (key.value, *(v.value for v in alternatives(value) if isinstance(v, Const)))
            if name in pair:
                found.update({str(other): None for other in pair if isinstance(other, str) and other != name})
        return tuple(found)

    def place(self, name: str) -> Const | None:
        """The key of the mapping that is called ``name``, or else the value."""
        for key, value in (*self.inputs, *self.outputs):
            if key.value == name:
                return key
            if isinstance(value, Const) and value.value == name:
                return value
        return None


def input_ports(ev: Evaluator, answer: Answer, fallback: Span, naming: Naming) -> tuple[list[Port], str | None]:
    """The inputs that ``get_input_requirements`` returns, and why there may be more."""
    entries, opened = _entries(answer)
    ports: list[Port] = []
    for entry in entries:
        name = _name(entry)
        if name is None:
            opened = opened or "unknown-key"
            continue
        description, optional = _description(entry.value)
        pseudo = name in PSEUDO_INPUTS
        origin = ev.span(origin_of(entry.key)) or fallback
        aliases = naming.aliases(name, Direction.INPUT)
        ports.append(Port(name, Direction.INPUT, origin, description, not optional, entry.must, pseudo, aliases))
        if name == "inputs":
            ports += _listed(ev, description, entry, origin, naming, ports)
    return ports, opened


def _listed(ev: Evaluator, description: str | None, entry: Entry, origin: Span, naming: Naming, known: list[Port]) -> list[Port]:
    """``"inputs": "Dictionary containing a, b S3 paths"`` stands for the inputs a and b."""
    taken = {port.name for port in known}
    ports: list[Port] = []
    for name in listed_names(description):
        if name not in taken:
            key = naming.place(name)
            place = ev.span(key.origin) if key is not None else None
            ports.append(Port(name, Direction.INPUT, place or origin, None, True, entry.must, False, naming.aliases(name, Direction.INPUT)))
    return ports


def output_ports(ev: Evaluator, answer: Answer, fallback: Span, naming: Naming) -> tuple[list[Port], str | None]:
    """The outputs that ``get_output_properties`` (or ``OUTPUT_PROPERTIES``) gives, and why there may be more."""
    entries, opened = _entries(answer)
    ports: list[Port] = []
    for entry in entries:
        name = _name(entry)
        if name is None:
            opened = opened or "unknown-key"
            continue
        description, _ = _description(entry.value)
        aliases = dict.fromkeys(naming.aliases(name, Direction.OUTPUT))
        if description is not None and is_descriptor(description, name):
            aliases[description] = None
        path = path_text(ev, entry.value, fallback) if description is not None and description.startswith("properties.") else None
        origin = ev.span(origin_of(entry.key)) or fallback
        ports.append(Port(name, Direction.OUTPUT, origin, description, True, entry.must, False, tuple(aliases), path))
    return ports, opened


def schema_ports(ev: Evaluator, answer: Answer, fallback: Span, naming: Naming, *, inputs: bool) -> tuple[list[Port], str | None]:
    """The ports of ``get_input_schema`` or ``get_output_schema``: names mapped to ``{"type", "required", "property_path", …}``."""
    entries, opened = _entries(answer)
    ports: list[Port] = []
    direction = Direction.INPUT if inputs else Direction.OUTPUT
    types = [_details(answer, entry).get("type") for entry in entries]
    for entry in entries:
        name = _name(entry)
        if name is None:
            opened = opened or "unknown-key"
            continue
        details = _details(answer, entry)
        required = details.get("required")
        description, optional = _description(details.get("description", Unknown("no-description")))
        needed = bool(required.value) if isinstance(required, Const) else not optional
        path = path_text(ev, details["property_path"], fallback) if "property_path" in details and not inputs else None
        origin = ev.span(origin_of(entry.key)) or fallback
        port = Port(name, direction, origin, description, needed, entry.must, False, naming.aliases(name, direction), path)
        ports.append(replace(port, typing=_declared_type(ev, details.get("type"), types)))
    return ports, opened


def _details(answer: Answer, entry: Entry) -> dict[object, Value]:
    """What the schema says of one port."""
    obj = answer.read(entry.value)
    return {e.key.value: e.value for e in obj.entries.values() if isinstance(e.key, Const)} if isinstance(obj, DictObj) else {}


def _declared_type(ev: Evaluator, value: Value | None, all_types: Sequence[Value | None]) -> Typing:
    """The type that is written for a port; one that is written once for several ports is a default that nobody chose for this one."""
    if not isinstance(value, Const) or not isinstance(value.value, str):
        return UNTYPED
    try:
        type = parse_type(value.value)
    except ValueError:
        return UNTYPED
    span = ev.span(value.origin)
    shared = span is not None and sum(origin_of(one) == value.origin for one in all_types if one is not None) > 1
    if shared:
        return merge([Evidence(Rank.ASSUMED, type, f"{type} is the default of all ports", span)])
    return merge([Evidence(Rank.DECLARED, type, f"declared as {value.value}", span)])


def _entries(answer: Answer) -> tuple[list[Entry], str | None]:
    """The entries of the dict that was returned, and why there may be more."""
    entries: dict[object, Entry] = {}
    opened: str | None = None
    options = alternatives(answer.value)
    for one in options:
        obj = answer.read(one)
        if isinstance(obj, DictObj) and obj.kind == "dict":
            for key, entry in obj.entries.items():
                sure = entry.must and len(options) == 1
                entries.setdefault(key, Entry(entry.key, entry.value, sure))
            opened = opened or (obj.open.reason if obj.open is not None else None)
        elif isinstance(one, Unknown):
            opened = opened or one.reason
        elif not (isinstance(one, Const) and one.value is None):
            opened = opened or "not-a-mapping"
    return list(entries.values()), opened


def _name(entry: Entry) -> str | None:
    return entry.key.value if isinstance(entry.key, Const) and isinstance(entry.key.value, str) else None


def _description(value: Value) -> tuple[str | None, bool]:
    """The text that describes a port, and whether it makes it optional: the word, or a (description, default) pair."""
    if isinstance(value, TupleValue) and len(value.items) == 2:
        return _description(value.items[0])[0], True
    if isinstance(value, Const) and isinstance(value.value, str):
        return value.value, says_optional(value.value)
    if isinstance(value, Text):
        known = "".join(part for part in value.parts if part is not None)
        return None, says_optional(known)
    if isinstance(value, OneOf):
        return None, any(_description(one)[1] for one in value.values)
    return None, False


def path_text(ev: Evaluator, value: Value, fallback: Span) -> PathText | None:
    """A property path as it is written, if at least a part of it is known."""
    if isinstance(value, Const) and isinstance(value.value, str):
        return PathText(value.value, ev.span(value.origin) or fallback)
    if isinstance(value, Text):
        return PathText(value.joined(HOLE), ev.span(value.origin) or fallback)
    return None
