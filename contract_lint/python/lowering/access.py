"""Lowers names, attributes, calls and subscripts: the bulk of all code."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import cast

import libcst as cst

from contract_lint.python.lowering.positions import UNPAIRED, Disagreement
from contract_lint.python.lowering.state import MAX_DEPTH, MAX_SPINE, Lowering, identifier
from contract_lint.python.summary import (
    Argument,
    Attribute,
    Call,
    Const,
    Expr,
    Name,
    Slice,
    Starred,
    Subscript,
)
from contract_lint.python.summary import Sequence as SequenceNode

_SINGLETONS = {"True": True, "False": False, "None": None}


def name(low: Lowering, c: cst.Name, a: ast.Name | ast.Constant, depth: int) -> Expr:
    text = c.value
    if text in _SINGLETONS:
        if a.__class__ is not ast.Constant:
            low.unpaired(a)
        return Const(_SINGLETONS[text], low.at(c, a))
    if a.__class__ is not ast.Name:
        low.unpaired(a)
    if text[:2] == "__" or not text.isascii():
        text = low.name(text)
    low.use(text)
    return Name(text, low.at(c, a))


def attribute(low: Lowering, c: cst.Attribute, a: ast.Attribute, depth: int) -> Expr:
    if depth > MAX_SPINE:
        return low.opaque("too-deep", c, a)
    name = c.attr.value
    at = low.at(c, a)
    if a.__class__ is ast.Attribute:
        name_at = (at[2], at[3] - len(name), at[2], at[3])
    else:
        a = low.unpaired(a)
        name_at = low.at(c.attr, a)
    value = c.value
    lowered = low.expressions[value.__class__](low, value, a.value, depth + 1)
    return Attribute(lowered, low.name(name) if name[:2] == "__" or not name.isascii() else name, at, name_at)


def call(low: Lowering, c: cst.Call, a: ast.Call, depth: int) -> Expr:
    if depth > MAX_SPINE:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Call:
        a = low.unpaired(a)
    func = c.func
    note_call(low, func)
    lowered = low.expressions[func.__class__](low, func, a.func, depth + 1)
    return Call(lowered, lower_arguments(low, c.args, a.args, a.keywords, depth + 1) if c.args else (), low.at(c, a))


def note_call(low: Lowering, func: cst.BaseExpression) -> None:
    kind = func.__class__
    if kind is cst.Attribute:
        low.calls.add(cast(cst.Attribute, func).attr.value)
    elif kind is cst.Name:
        low.calls.add(cast(cst.Name, func).value)


def lower_arguments(
    low: Lowering, args: Sequence[cst.Arg], positional: Sequence[ast.expr], keywords: Sequence[ast.keyword], depth: int
) -> tuple[Argument, ...]:
    """Arguments in the order of the source; ast keeps those with a name or ``**`` apart."""
    plain: Iterator[ast.expr]
    named: Iterator[ast.keyword]
    if positional.__class__ is UNPAIRED:
        plain, named = repeat(cast(ast.expr, positional)), repeat(cast(ast.keyword, keywords))
    elif len(positional) + len(keywords) != len(args):
        raise Disagreement("arguments")
    else:
        plain, named = iter(positional), iter(keywords)
    table = low.expressions
    lowered = []
    for arg in args:
        value = arg.value
        keyword = arg.keyword
        if keyword is not None:
            name = keyword.value
            lowered.append(
                Argument(table[value.__class__](low, value, next(named).value, depth), name if name.isascii() else identifier(name))
            )
        elif arg.star == "":
            lowered.append(Argument(table[value.__class__](low, value, next(plain), depth)))
        elif arg.star == "**":
            lowered.append(Argument(table[value.__class__](low, value, next(named).value, depth), None, 2))
        else:
            starred = next(plain)
            if starred.__class__ is not ast.Starred:
                low.unpaired(starred)
            lowered.append(Argument(table[value.__class__](low, value, cast(ast.Starred, starred).value, depth), None, 1))
    return tuple(lowered)


def subscript(low: Lowering, c: cst.Subscript, a: ast.Subscript, depth: int) -> Expr:
    if depth > MAX_SPINE:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Subscript:
        a = low.unpaired(a)
    value = low.expressions[c.value.__class__](low, c.value, a.value, depth + 1)
    elements = c.slice
    first = elements[0]
    key: Expr
    if len(elements) == 1 and first.comma.__class__ is not cst.Comma and not getattr(first.slice, "star", None):
        key = _index(low, first.slice, a.slice, depth + 1)
    else:
        indices = a.slice
        if indices.__class__ is not ast.Tuple:
            indices = low.unpaired(indices)
        pairs = low.pair(elements, cast(ast.Tuple, indices).elts)
        items = tuple([_index(low, element.slice, paired, depth + 2) for element, paired in pairs])
        start, end = low.at(first.slice, indices), low.at(elements[-1].slice, indices)
        key = SequenceNode("tuple", items, (start[0], start[1], end[2], end[3]))
    return Subscript(value, key, low.at(c, a))


def _index(low: Lowering, c: cst.BaseSlice, a: ast.expr, depth: int) -> Expr:
    if isinstance(c, cst.Index):
        if not c.star:
            return low.expressions[c.value.__class__](low, c.value, a, depth)
        if a.__class__ is not ast.Starred:
            low.unpaired(a)
        return Starred(low.lower(c.value, cast(ast.Starred, a).value, depth + 1), low.at(c, a))
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Slice:
        low.unpaired(a)
    part, paired = cast(cst.Slice, c), cast(ast.Slice, a)
    return Slice(
        low.optional(part.lower, paired.lower, depth + 1),
        low.optional(part.upper, paired.upper, depth + 1),
        low.optional(part.step, paired.step, depth + 1),
        low.at(c, a),
    )
