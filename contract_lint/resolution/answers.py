"""Follow a property path through the answer of a service to the value that it names."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from contract_lint.model.property_path import Attribute, Index, PropertyPath, Segment
from contract_lint.model.spelling import nearest
from contract_lint.resolution.errors import ResolutionError

Answer = Mapping[str, object]

#: The member that names an item of a list: the service takes the name for an index in these lists alone
#: (`ProcessingOutputConfig.Outputs`, `ProcessingInputs` and `FinalMetricDataList`: the SDK's documentation and its unit tests).
_NAMES = {"Outputs": "OutputName", "ProcessingInputs": "InputName", "FinalMetricDataList": "MetricName"}
_SHOWN = 8


class Absent(ResolutionError):
    """The answer lacks what the path names, although steps of this kind can have it."""


def follow(answer: Answer, path: PropertyPath) -> object:
    """The value at a path of the form ``Get`` (`Steps.Train.ModelArtifacts.S3ModelArtifacts`); all of the answer for no segments.

    A structure, list or map is returned whole. Raises ``Absent`` where the answer goes no further, and says how far it goes.
    """
    value: object = answer
    for at, segment in enumerate(path.segments):
        before = path.segments[at - 1] if at else None
        found = _member(value, segment, _printed(path.segments[:at])) if isinstance(segment, Attribute) else _item(value, segment, before)
        if found is None:
            raise Absent(f"the answer has no '{_printed(path.segments[: at + 1])}'", "the service leaves out what the job was made without")
        value = found
    return value


def plain(value: object) -> object:
    """The value as JSON has it: times as the AWS CLI prints them (ISO 8601), numbers that are whole or not, nothing exotic.

    Numbers that JSON lacks (NaN, the infinities) become their names as texts.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def mapping(value: object) -> Answer:
    """``value`` if it is a structure, else an empty one: what a foreign file holds is anything."""
    return value if isinstance(value, Mapping) else {}


def structures(value: object) -> Iterator[Answer]:
    """The structures of a list; nothing if it is none."""
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        yield from (item for item in value if isinstance(item, Mapping))


def text(value: object) -> str | None:
    """``value`` if it is a text that is not empty."""
    return value if isinstance(value, str) and value else None


def _member(value: object, segment: Attribute, at: str) -> object:
    if not isinstance(value, Mapping):
        raise Absent(f"'{at}' is {_kind(value)} in the answer and has no member '{segment.name}'")
    return value.get(segment.name)


def _item(value: object, segment: Index, before: Segment | None) -> object:
    key, list_name = segment.key, str(before)
    if isinstance(value, Mapping):
        if isinstance(key, str) and key not in value and value:
            raise Absent(_missing(key, list_name, list(map(str, value))), near=nearest(key, map(str, value)))
        return value.get(key if isinstance(key, str) else str(key))
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Absent(f"'{list_name}' is {_kind(value)} in the answer and takes no index")
    if (position := segment.position) is not None:
        if not 0 <= position < len(value):
            raise Absent(f"'{list_name}' has {len(value)} items in the answer, none at position {position}", "positions start at 0")
        return value[position]
    if list_name not in _NAMES or not isinstance(key, str):
        raise Absent(f"the items of '{list_name}' have positions, not names", f"write {list_name}[0]")
    names = [(str(item.get(_NAMES[list_name])), item) for item in structures(value)]
    for name, item in names:
        if name == key:
            return item
    known = [name for name, _ in names]
    raise Absent(_missing(key, list_name, known), near=nearest(key, known))


def _missing(key: str, collection: str, known: Sequence[str]) -> str:
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"'{collection}' has no '{key}' in the answer; it has {', '.join(map(repr, known[:_SHOWN])) or 'nothing'}{more}"


def _kind(value: object) -> str:
    if isinstance(value, Mapping):
        return "a structure"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "a list"
    return "one value"


def _printed(segments: Sequence[Segment]) -> str:
    return "".join(str(segment) if isinstance(segment, Index) else f".{segment}" for segment in segments).removeprefix(".")
