"""Texts that are put together of parts, some of which only the run tells: when two of them certainly differ."""

from __future__ import annotations

from typing import TypeAlias

from contract_lint.api import Hidden, Listing, Literal, Made, Pieces, Read, SdkScene, SdkValue

#: The parts of a text in order: known ones, the numbers of objects whose value the run tells (a parameter, the bucket of a session), and
#: None for any text.
Uri: TypeAlias = tuple[str | int | None, ...]


def uri_of(scene: SdkScene, value: SdkValue | None, depth: int = 0) -> Uri | None:
    """The parts of a text, any text where nothing is known of it; None where it is no text, or one of several."""
    found = scene.resolve(value)
    if isinstance(found, Literal):
        return (found.value,) if isinstance(found.value, str) else None
    if isinstance(found, Pieces):
        holes = iter((*found.holes, *(None for _ in found.parts)))
        return tuple(part if part is not None else _number(next(holes)) for part in found.parts)
    if isinstance(found, Read | Hidden):
        return (None,)
    made = scene.object(found) if isinstance(found, Made) else None
    if made is None:
        return None
    if made.name == "Join" and made.method is None and depth < 8:
        return _joined(scene, scene.text(made.get("on")) or "", scene.resolve(made.get("values")), depth)
    return (made.number,) if made.name.startswith("Parameter") else (None,)


def _number(told: str | None) -> int | None:
    """The object that stands in a text, if it is told apart from others."""
    return int(told) if told is not None and told.isdecimal() else None


def _joined(scene: SdkScene, on: str, values: SdkValue | None, depth: int) -> Uri | None:
    if not isinstance(values, Listing) or values.open is not None or not all(one.must for one in values.members):
        return None
    parts: list[str | int | None] = []
    for position, member in enumerate(values.members):
        inner = uri_of(scene, member.value, depth + 1)
        parts += [on] if position else []
        parts += inner if inner is not None else (None,)
    return tuple(parts)


def merged(uri: Uri) -> Uri:
    """The same without empty parts; known parts that follow each other are one."""
    parts: list[str | int | None] = []
    for part in uri:
        if isinstance(part, str) and parts and isinstance(last := parts[-1], str):
            parts[-1] = last + part
        elif part != "":
            parts.append(part)
    return tuple(parts)


def normal(uri: Uri) -> Uri:
    """The same, merged, without a slash at its end."""
    parts = merged(uri)
    if parts and isinstance(last := parts[-1], str):
        return (*parts[:-1], last.rstrip("/")) if last.rstrip("/") else parts[:-1]
    return parts


def can_be_equal(one: Uri, other: Uri) -> bool:
    """Whether two texts can be the same, as far as their known parts tell; a slash at the end is no difference."""
    first, second = normal(one), normal(other)
    if first == second:
        return True
    if all(isinstance(part, str) for part in (*first, *second)):
        return False
    return _agree(_head(first), _head(second), start=True) and _agree(_tail(first), _tail(second), start=False)


def _head(uri: Uri) -> str:
    return uri[0] if uri and isinstance(uri[0], str) else ""


def _tail(uri: Uri) -> str:
    return uri[-1] if uri and isinstance(uri[-1], str) else ""


def _agree(one: str, other: str, *, start: bool) -> bool:
    if start:
        return one.startswith(other) or other.startswith(one)
    return one.endswith(other) or other.endswith(one)


def shown(uri: Uri) -> str:
    """The text as a reader expects it, with ``{…}`` for what only the run tells."""
    return "".join(part if isinstance(part, str) else "{…}" for part in normal(uri))
