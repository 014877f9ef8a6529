"""Texts, also those with unknown parts: building, formatting, methods."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from string import Formatter
from typing import TypeAlias

from msgspec import Struct

from contract_lint.python.frame import Frame, each
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.values import (
    Const,
    EnumAddress,
    External,
    Item,
    ListObj,
    OneOf,
    Origin,
    Part,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
    alternatives,
    is_soft,
    unknown,
)

#: Texts and lists longer than this are not computed.
MAX_SIZE = 100_000

#: Methods of str that are functions of their arguments alone.
PURE_TEXT = frozenset("""
    capitalize casefold center count endswith expandtabs find format index isalnum isalpha isascii isdecimal isdigit isidentifier islower
    isnumeric isprintable isspace istitle isupper ljust lower lstrip partition removeprefix removesuffix replace rfind rindex rjust
    rpartition rsplit rstrip split splitlines startswith strip swapcase title upper zfill
""".split())  # fmt: skip
_SAME_KIND = frozenset("strip lstrip rstrip replace title capitalize format removeprefix removesuffix casefold swapcase zfill".split())
_WIDTH = re.compile(r"\d{5,}")
_PERCENT = re.compile(r"(%[%s])")


class Hole(Struct, frozen=True):
    """A part that is only known at run time: what an object from outside shows."""

    value: Value


Piece: TypeAlias = str | Hole | None


def text(parts: Sequence[Piece], origin: Origin, soft: bool = False) -> Value:
    """A text from its parts: a constant if all are known."""
    merged: list[str | None] = []
    holes: list[Value | None] = []
    for part in parts:
        last = merged[-1] if merged else ""
        if isinstance(part, str) and merged and last is not None:
            merged[-1] = last + part
        elif isinstance(part, str):
            merged += [part] if part else []
        elif last is None:
            holes[-1] = None  # two of them, one behind the other
        else:
            merged.append(None)
            holes.append(part.value if part is not None else None)
    if sum(len(part) for part in merged if part is not None) > MAX_SIZE:
        return Text((None,), origin)
    if not merged:
        return Const("", origin, soft)
    if len(merged) == 1 and merged[0] is not None:
        return Const(merged[0], origin, soft)
    return Text(tuple(merged), origin, tuple(holes))


def pieces_of(value: Text) -> list[Piece]:
    """The parts of a text, with what is known of those that only the run tells."""
    holes = iter((*value.holes, *(None for _ in value.parts)))
    return [part if part is not None else _hole(next(holes)) for part in value.parts]


def _hole(value: Value | None) -> Piece:
    return Hole(value) if isinstance(value, (Ref, External)) else None


def plain_text(value: Value) -> Value:
    """A member of an enum of texts or numbers, or what an object was given, as the text or number that it is; any other value as it is."""
    if isinstance(value, Part):
        return value.known or value
    if isinstance(value, Ref) and isinstance(value.address, EnumAddress) and value.address.equals is not None:
        return value.address.equals
    return value


def concatenate(left: Value, right: Value, origin: Origin) -> Value | None:
    """``+`` on texts with unknown parts; None if neither side is certainly a text."""
    sides = [_side(left), _side(right)]
    if sides[0] is None and sides[1] is None:
        return None
    if any(side is None and type(value) is not Unknown for side, value in zip(sides, (left, right), strict=True)):
        return None
    return text([part for side in sides for part in (side if side is not None else (None,))], origin)


def _side(value: Value) -> list[Piece] | None:
    """The parts of a text; None for what is not certainly one."""
    if type(value) is Text:
        return pieces_of(value)
    return [value.value] if type(value) is Const and isinstance(value.value, str) else None


# --- formatting ---


def display(value: Value, conversion: str, spec: str | None) -> list[Piece]:
    """The parts of ``format(value, spec)`` as it stands in an f-string; ``[None]`` where it is not known."""
    value = value.known or value if isinstance(value, Part) else value
    if conversion in ("", "s") and spec == "":
        if isinstance(value, Text):
            return pieces_of(value)
        if isinstance(value, (Ref, External)):
            return [Hole(value)]
    if not isinstance(value, Const) or isinstance(value.value, bytes) or spec is None or _WIDTH.search(spec):
        return [None]
    shown: object = value.value
    try:
        if conversion == "r":
            shown = repr(shown)
        elif conversion == "a":
            shown = ascii(shown)
        elif conversion == "s":
            shown = str(shown)
        return [format(shown, spec)]
    except (ValueError, TypeError):
        return [None]


def percent(frame: Frame, template: Const, right: Value, origin: Origin) -> Value:
    """``template % right``."""
    given: object
    if isinstance(right, TupleValue) and all(isinstance(v, Const) for v in right.items):
        given = tuple(v.value for v in right.items if isinstance(v, Const))
    elif isinstance(right, Const):
        given = right.value
    else:
        frame.may_raise()
        return text(list(_percent_parts(str(template.value), right)), origin)
    if _WIDTH.search(str(template.value)) or "*" in str(template.value):
        return Text((None,), origin)
    try:
        result = str(template.value) % given
    except (TypeError, ValueError, KeyError):
        return frame.fails("raises", origin)
    return text([result], origin, template.soft or is_soft(right))


def _percent_parts(template: str, right: Value) -> Iterator[Piece]:
    """The parts of ``template % right`` where not all of ``right`` is known; other fields than ``%s`` are not followed."""
    pieces = _PERCENT.split(template)
    if any("%" in piece for piece in pieces[::2]):
        yield None
        return
    fields = pieces[1::2].count("%s")
    given = iter(right.items if isinstance(right, TupleValue) and len(right.items) == fields else [right] * fields)
    for piece in pieces:
        if piece == "%s":
            value = next(given)
            yield from display(value, "s", "") if fields == 1 or isinstance(right, TupleValue) else [None]
        else:
            yield "%" if piece == "%%" else piece


def _format_parts(template: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Iterator[Piece]:
    """The parts of ``template.format(*args, **kwargs)`` where not all that is given is known."""
    count = 0
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        yield None
        return
    for literal, field, spec, conversion in fields:
        yield literal
        if field is None:
            continue
        name, count = (field, count) if field else (str(count), count + 1)
        value = args[int(name)] if name.isdecimal() and int(name) < len(args) else kwargs.get(name)
        yield from display(value, conversion or "", spec if spec is not None and "{" not in spec else None) if value is not None else [None]


# --- methods ---


def text_method(frame: Frame, receiver: Const | Text, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    """``receiver.name(*args, **kwargs)`` of a text."""
    if name == "join" and len(args) == 1:
        return _join(frame, receiver, iterate(frame, args[0], origin), origin)
    args = [frame.ev.text_of(frame, v) if name == "format" else plain_text(v) for v in args]
    if name == "format" and not all(isinstance(v, Const) for v in (*args, *kwargs.values())):
        frame.may_raise()
        template = receiver.value if isinstance(receiver, Const) and isinstance(receiver.value, str) else None
        return text(list(_format_parts(template, args, kwargs)), origin) if template is not None else Text((None,), origin)
    if any(isinstance(v, OneOf) for v in args):
        return _alternatives(frame, receiver, name, args, kwargs, origin)
    if isinstance(receiver, Text):
        return _shape_method(receiver, name, args, origin)
    if name not in PURE_TEXT or not isinstance(receiver.value, str):
        return Unknown("unknown-method", origin)
    plain: list[object] = []
    for value in args:
        if isinstance(value, Const):
            plain.append(value.value)
        elif isinstance(value, TupleValue) and all(isinstance(v, Const) for v in value.items):
            plain.append(tuple(v.value for v in value.items if isinstance(v, Const)))
        else:
            return unknown(value, "unknown-argument", origin)
    named = {k: v.value for k, v in kwargs.items() if isinstance(v, Const)}
    if len(named) != len(kwargs) or _would_explode(receiver.value, name, plain):
        return Unknown("unknown-argument", origin)
    soft = receiver.soft or any(isinstance(v, Const) and v.soft for v in (*args, *kwargs.values()))
    try:
        result = getattr(receiver.value, name)(*plain, **named)
    except (TypeError, ValueError, LookupError, AttributeError):
        return frame.fails("raises", origin)
    return _lift(frame, result, receiver.origin or origin, soft)


def _would_explode(value: str, name: str, args: list[object]) -> bool:
    width = max((a for a in args if isinstance(a, int)), default=0)
    if name in ("center", "ljust", "rjust", "zfill", "expandtabs"):
        return width * (1 + value.count("\t")) > MAX_SIZE
    if name == "format":
        return bool(_WIDTH.search(value)) or "{}" in "".join(re.findall(r":[^{}]*\{[^{}]*\}", value)) or ":{" in value
    return name == "replace" and len(args) > 1 and isinstance(args[1], str) and (len(value) + 1) * len(args[1]) > MAX_SIZE


def _alternatives(frame: Frame, receiver: Const | Text, name: str, args: list[Value], kwargs: Mapping[str, Value], origin: Origin) -> Value:
    index = next(i for i, v in enumerate(args) if isinstance(v, OneOf))
    return each(
        frame,
        alternatives(args[index]),
        lambda one: text_method(frame, receiver, name, [*args[:index], one, *args[index + 1 :]], kwargs, origin),
    )


def _lift(frame: Frame, result: object, origin: Origin, soft: bool) -> Value:
    if isinstance(result, (str, bool, int)):
        return Const(result, origin, soft)
    if isinstance(result, list):
        return frame.new(ListObj(tuple(Item(Const(r, origin, soft)) for r in result)))
    if isinstance(result, tuple):
        return TupleValue(tuple(Const(r, origin, soft) for r in result), origin)
    return Unknown("unknown-method", origin)


def _shape_method(receiver: Text, name: str, args: list[Value], origin: Origin) -> Value:
    argument = args[0] if args else None
    if isinstance(argument, Const) and isinstance(argument.value, str) and len(args) == 1:
        first, last = receiver.parts[0], receiver.parts[-1]
        if name == "startswith" and first is not None:
            if first.startswith(argument.value):
                return Const(True)
            if not argument.value.startswith(first):
                return Const(False)
        if name == "endswith" and last is not None:
            if last.endswith(argument.value):
                return Const(True)
            if not argument.value.endswith(last):
                return Const(False)
    if name in ("lower", "upper") and not args:
        return Text(tuple(p if p is None else getattr(p, name)() for p in receiver.parts), receiver.origin)
    return Text((None,), origin) if name in _SAME_KIND else Unknown("unknown-text", origin)


def _join(frame: Frame, separator: Const | Text, found: Iteration, origin: Origin) -> Value:
    if not found.exact or not isinstance(separator, Const) or not isinstance(separator.value, str):
        frame.may_raise()
        return Text((None,), origin)
    parts: list[Piece] = []
    soft = separator.soft
    for index, item in enumerate(found.items):
        if index:
            parts.append(separator.value)
        value = plain_text(item.value)
        if isinstance(value, Const) and isinstance(value.value, str):
            parts.append(value.value)
            soft = soft or value.soft
        elif isinstance(value, Const):
            return frame.fails("raises", origin)
        elif isinstance(value, Text):
            parts.extend(pieces_of(value))
        else:
            frame.may_raise()
            parts.append(_hole(value))
    return text(parts, origin, soft)
