"""Lowers displays, comprehensions and assignment targets."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from itertools import repeat
from typing import TypeAlias, cast

import libcst as cst

from contract_lint.python.lowering.positions import UNPAIRED, Disagreement
from contract_lint.python.lowering.state import MAX_DEPTH, Lowering
from contract_lint.python.summary import (
    Clause,
    Comprehension,
    Dict,
    DictItem,
    Expr,
    Name,
    Starred,
    Target,
)
from contract_lint.python.summary import Sequence as SequenceNode

_Elements: TypeAlias = Sequence[cst.BaseElement]
_Comprehended: TypeAlias = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp


def list_display(low: Lowering, c: cst.List, a: ast.List, depth: int) -> Expr:
    return _display(low, "list", c, c.elements, a, ast.List, depth)


def tuple_display(low: Lowering, c: cst.Tuple, a: ast.Tuple, depth: int) -> Expr:
    return _display(low, "tuple", c, c.elements, a, ast.Tuple, depth)


def set_display(low: Lowering, c: cst.Set, a: ast.Set, depth: int) -> Expr:
    return _display(low, "set", c, c.elements, a, ast.Set, depth)


def _display(
    low: Lowering,
    kind: str,
    c: cst.BaseExpression,
    elements: _Elements,
    a: ast.List | ast.Tuple | ast.Set,
    expected: type[ast.expr],
    depth: int,
) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not expected:
        a = low.unpaired(a)
    table = low.expressions
    items = []
    for element, paired in low.pair(elements, a.elts):
        # A starred element is an expression of its own, any other one only holds it.
        value = element.value if element.__class__ is cst.Element else element
        items.append(table[value.__class__](low, value, paired, depth + 1))
    return SequenceNode(kind, tuple(items), low.at(c, a))


def starred(low: Lowering, c: cst.StarredElement, a: ast.Starred, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Starred:
        a = low.unpaired(a)
    return Starred(low.lower(c.value, a.value, depth + 1), low.at(c, a))


def dict_display(low: Lowering, c: cst.Dict, a: ast.Dict, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Dict:
        a = low.unpaired(a)
    table = low.expressions
    items = []
    keys: Iterable[ast.expr | None] = a.keys if a.keys.__class__ is not UNPAIRED else repeat(cast(ast.expr, a.keys))
    for (element, paired), key_paired in zip(low.pair(c.elements, a.values), keys, strict=False):
        key = None
        if isinstance(element, cst.DictElement):
            if key_paired is None:
                raise Disagreement("a dict key")
            node = element.key
            key = table[node.__class__](low, node, key_paired, depth + 1)
        items.append(DictItem(key, table[element.value.__class__](low, element.value, paired, depth + 1)))
    return Dict(tuple(items), low.at(c, a))


_COMPREHENSIONS: dict[type[cst.CSTNode], tuple[str, type[ast.expr]]] = {
    cst.ListComp: ("list", ast.ListComp),
    cst.SetComp: ("set", ast.SetComp),
    cst.GeneratorExp: ("generator", ast.GeneratorExp),
    cst.DictComp: ("dict", ast.DictComp),
}


def comprehension(low: Lowering, c: _Comprehended, a: ast.ListComp, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    kind, expected = _COMPREHENSIONS[c.__class__]
    if a.__class__ is not expected:
        a = low.unpaired(a)
    at = low.at(c, a)
    depth += 1
    clauses: list[Clause] = []
    nodes: list[cst.CompFor] = []
    clause: cst.CompFor | None = c.for_in
    while clause is not None:
        nodes.append(clause)
        clause = clause.inner_for_in
    for node, paired in low.pair(nodes, a.generators):
        if not clauses:
            # The first iterable belongs to the scope around the comprehension.
            iterable = low.lower(node.iter, paired.iter, depth)
            low.enter("comprehension", low.scope.prefix)
            target = lower_target(low, node.target, paired.target, depth)
        else:
            target = lower_target(low, node.target, paired.target, depth)
            iterable = low.lower(node.iter, paired.iter, depth)
        conditions = tuple([low.lower(test.test, test_paired, depth) for test, test_paired in low.pair(node.ifs, paired.ifs)])
        clauses.append(Clause(target, iterable, conditions, node.asynchronous is not None))
    value = None
    if isinstance(c, cst.DictComp):
        both = cast(ast.DictComp, a)
        element = low.lower(c.key, both.key, depth)
        value = low.lower(c.value, both.value, depth)
    else:
        element = low.lower(c.elt, a.elt, depth)
    low.leave_comprehension()
    return Comprehension(kind, element, value, tuple(clauses), at)


def lower_target(low: Lowering, c: cst.BaseExpression, a: ast.expr, depth: int) -> Target:
    """What stands left of ``=``: names are bound here, everything else is an expression."""
    kind = c.__class__
    if kind is cst.Name:
        if a.__class__ is not ast.Name:
            low.unpaired(a)
        name = low.name(cast(cst.Name, c).value)
        low.scope.bound.add(name)
        return Name(name, low.at(c, a))
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if kind is cst.StarredElement:
        if a.__class__ is not ast.Starred:
            low.unpaired(a)
        return Starred(lower_target(low, cast(cst.StarredElement, c).value, cast(ast.Starred, a).value, depth + 1), low.at(c, a))
    if kind is cst.Tuple or kind is cst.List:
        if a.__class__ is not (ast.Tuple if kind is cst.Tuple else ast.List):
            low.unpaired(a)
        items = []
        for element, paired in low.pair(cast(cst.Tuple, c).elements, cast(ast.Tuple, a).elts):
            value = cast(cst.BaseExpression, element.value if element.__class__ is cst.Element else element)
            items.append(lower_target(low, value, paired, depth + 1))
        return SequenceNode("tuple" if kind is cst.Tuple else "list", tuple(items), low.at(c, a))
    return low.expressions[kind](low, c, a, depth)
