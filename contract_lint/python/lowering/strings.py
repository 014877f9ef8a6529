"""Lowers texts, bytes and f-strings."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator, Sequence
from typing import TypeAlias, cast

import libcst as cst

from contract_lint.python.lowering.positions import UNPAIRED, Unpaired, unpaired_at
from contract_lint.python.lowering.state import MAX_DEPTH, Lowering
from contract_lint.python.summary import At, Bytes, Const, Expr, Formatted, FString, Opaque, SurrogateText

_Content: TypeAlias = cst.BaseFormattedStringContent
_CONVERSIONS = {-1: "", 115: "s", 114: "r", 97: "a"}


def simple_string(low: Lowering, c: cst.SimpleString, a: ast.Constant, depth: int) -> Expr:
    if a.__class__ is ast.Constant:
        return _constant(cast("str | bytes", a.value), low.at(c, a))
    low.unpaired(a)
    return _constant(_evaluated(c.value), low.at(c, a))


def formatted_string(low: Lowering, c: cst.FormattedString, a: ast.JoinedStr, depth: int) -> Expr:
    return _joined(low, c, (c,), a, depth)


def concatenated_string(low: Lowering, c: cst.ConcatenatedString, a: ast.JoinedStr | ast.Constant, depth: int) -> Expr:
    """``"a" f"{b}" "c"`` is one node of ast, and nests to the right in libcst, possibly by thousands."""
    if isinstance(a, ast.Constant):
        return _constant(cast("str | bytes", a.value), low.at(c, a))
    pieces: list[cst.BaseString] = []
    piece: cst.BaseString = c
    while isinstance(piece, cst.ConcatenatedString):
        pieces.append(piece.left)
        piece = piece.right
    pieces.append(piece)
    kinds = {piece.__class__ for piece in pieces}
    if not kinds <= {cst.SimpleString, cst.FormattedString}:
        return low.opaque("template-string", c, a)
    if cst.FormattedString in kinds:
        return _joined(low, c, pieces, a, depth)
    low.unpaired(a)
    values = [_evaluated(piece.value) for piece in pieces if isinstance(piece, cst.SimpleString)]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values):
        return _constant("".join(texts), low.at(c, a))
    blobs = [value for value in values if isinstance(value, bytes)]
    return _constant(b"".join(blobs) if len(blobs) == len(values) else None, low.at(c, a))


def template_string(low: Lowering, c: cst.TemplatedString, a: ast.expr, depth: int) -> Expr:
    """A t-string is no text; its values are still evaluated, all at the place of the whole."""
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    inner = cast(ast.expr, unpaired_at(a))
    expressions = [part.expression for part in c.parts if isinstance(part, cst.TemplatedStringExpression)]
    return low.opaque("template-string", c, a, *[low.lower(expression, inner, depth + 1) for expression in expressions])


def _joined(low: Lowering, c: cst.BaseString, pieces: Sequence[cst.BaseString], a: ast.JoinedStr, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    at = low.at(c, a)
    if a.__class__ is not ast.JoinedStr:
        a = low.unpaired(a)
        return FString(_without_ast(low, _contents(pieces), a, at, depth), at)
    contents = [part for piece in pieces if isinstance(piece, cst.FormattedString) for part in piece.parts]
    return FString(_with_ast(low, contents, a, a if low.exact_fstrings else unpaired_at(a), at, depth), at)


def _with_ast(
    low: Lowering, contents: Sequence[_Content], a: ast.JoinedStr, place: ast.JoinedStr | Unpaired, at: At, depth: int
) -> tuple[Const | SurrogateText | Formatted, ...]:
    """Texts as ast joined and decoded them; values paired in order. ``place`` is UNPAIRED where ast's places are wrong."""
    values: list[ast.FormattedValue] = []
    parts: list[Const | SurrogateText | ast.FormattedValue] = []
    for node in a.values:
        if isinstance(node, ast.FormattedValue):
            values.append(node)
            parts.append(node)
        elif node.value:  # type: ignore[attr-defined]
            parts.append(_text(node.value, at))  # type: ignore[attr-defined]
    formatted: list[Formatted] = []
    expressions = [part for part in contents if isinstance(part, cst.FormattedStringExpression)]
    for part, node in low.pair(expressions, values):
        spec = None
        inexact = place.__class__ is UNPAIRED
        if part.format_spec and isinstance(node.format_spec, ast.JoinedStr):
            spec_parts = _with_ast(low, part.format_spec, node.format_spec, place if inexact else node.format_spec, at, depth + 1)
            spec = FString(spec_parts, at)
        paired = place if inexact else node.value
        value = low.expressions[part.expression.__class__](low, part.expression, paired, depth + 1)
        formatted.append(Formatted(value, _CONVERSIONS[node.conversion], spec, at if inexact else low.at(part, node)))
    lowered = iter(formatted)
    return tuple(part if isinstance(part, (Const, SurrogateText)) else next(lowered) for part in parts)


def _without_ast(
    low: Lowering, contents: Iterator[str | cst.FormattedStringExpression], a: ast.JoinedStr, at: At, depth: int
) -> tuple[Const | SurrogateText | Formatted, ...]:
    parts: list[Const | SurrogateText | Formatted] = []
    text = ""
    for content in contents:
        if isinstance(content, str):
            text += content
            continue
        conversion = content.conversion or ""
        spec = None
        if content.format_spec:
            spec = FString(_without_ast(low, _raw_contents(content.format_spec, "f'''", "'''"), a, at, depth + 1), at)
        if content.equal is not None:
            text += low.module.code_for_node(content.with_changes(conversion=None, format_spec=None))[1:-1]
            if not conversion and content.format_spec is None:
                conversion = "r"
        if text:
            parts.append(_text(text, at))
        text = ""
        value = low.expressions[content.expression.__class__](low, content.expression, a, depth + 1)
        parts.append(Formatted(value, conversion, spec, low.at(content, a)))
    if text:
        parts.append(_text(text, at))
    return tuple(parts)


def _contents(pieces: Sequence[cst.BaseString]) -> Iterator[str | cst.FormattedStringExpression]:
    for piece in pieces:
        if isinstance(piece, cst.FormattedString):
            yield from _raw_contents(piece.parts, piece.start, piece.end)
        elif isinstance(piece, cst.SimpleString):
            value = _evaluated(piece.value)
            yield value if isinstance(value, str) else ""


def _raw_contents(contents: Sequence[_Content], start: str, end: str) -> Iterator[str | cst.FormattedStringExpression]:
    for content in contents:
        if isinstance(content, cst.FormattedStringExpression):
            yield content
        elif isinstance(content, cst.FormattedStringText):
            single = content.value.replace("{{", "{").replace("}}", "}")
            value = _evaluated(f"{start.replace('f', '').replace('F', '')}{single}{end}")
            yield value if isinstance(value, str) else single


def _evaluated(literal: str) -> str | bytes | None:
    """The value of a text or bytes literal; None if this Python cannot tell."""
    if "\\" not in literal and literal[0] in "'\"":
        quotes = 3 if literal[:3] in ('"""', "'''") else 1
        return literal[quotes:-quotes]
    with warnings.catch_warnings():
        # An unknown escape is for the author's own Python to warn about.
        warnings.simplefilter("ignore")
        try:
            value = ast.literal_eval(literal)
        except (SyntaxError, ValueError, MemoryError):
            return None
    return value if isinstance(value, (str, bytes)) else None


def _constant(value: str | bytes | None, at: At) -> Expr:
    if value is None:
        return Opaque("text", (), at)
    return Bytes(value, at) if isinstance(value, bytes) else _text(value, at)


def _text(value: str, at: At) -> Const | SurrogateText:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            return SurrogateText(value.encode("utf-8", "surrogatepass"), at)
    return Const(value, at)
