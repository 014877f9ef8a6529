"""Ports from the dicts that contract methods return."""

from __future__ import annotations

import re

from msgspec import Struct

from contract_lint.frontends import profile
from contract_lint.model.contract import HOLE, Direction, PathText, Port
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.values import Const, DictObj, Entry, OneOf, Text, TupleValue, Unknown, Value, alternatives, origin_of

#: "optional" says so, unless it is denied or tells how something is done.
OPTIONAL = re.compile(r"(?<!not )(?<!non-)(?<!non)\boptional\b", re.IGNORECASE)
LISTED = re.compile(r"^\s*dict(?:ionary)?\s+containing\s+(?P<names>[\w.\-]+(?:\s*,\s*[\w.\-]+)*)", re.IGNORECASE)


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
        pseudo = name in profile.PSEUDO_INPUTS
        origin = ev.span(origin_of(entry.key)) or fallback
        aliases = naming.aliases(name, Direction.INPUT)
        ports.append(Port(name, Direction.INPUT, origin, description, not optional, entry.must, pseudo, aliases))
        if name == "inputs":
            ports += _listed(ev, description, entry, origin, naming, ports)
    return ports, opened


def _listed(ev: Evaluator, description: str | None, entry: Entry, origin: Span, naming: Naming, known: list[Port]) -> list[Port]:
    """``"inputs": "Dictionary containing a, b S3 paths"`` stands for the inputs a and b."""
    found = LISTED.match(description or "")
    taken = {port.name for port in known}
    ports: list[Port] = []
    for name in re.split(r"\s*,\s*", found["names"]) if found else ():
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
        if description is not None and re.fullmatch(r"\w+", description) and description != name:
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
    for entry in entries:
        name = _name(entry)
        if name is None:
            opened = opened or "unknown-key"
            continue
        obj = answer.read(entry.value)
        details = {e.key.value: e.value for e in obj.entries.values() if isinstance(e.key, Const)} if isinstance(obj, DictObj) else {}
        required = details.get("required")
        description, optional = _description(details.get("description", Unknown("no-description")))
        needed = bool(required.value) if isinstance(required, Const) else not optional
        path = path_text(ev, details["property_path"], fallback) if "property_path" in details and not inputs else None
        origin = ev.span(origin_of(entry.key)) or fallback
        ports.append(Port(name, direction, origin, description, needed, entry.must, False, naming.aliases(name, direction), path))
    return ports, opened


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
        return value.value, bool(OPTIONAL.search(value.value))
    if isinstance(value, Text):
        known = "".join(part for part in value.parts if part is not None)
        return None, bool(OPTIONAL.search(known))
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
