"""Lowers parameters, and the lambdas that have them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TypeVar, cast

import libcst as cst

from contract_lint.python.lowering.positions import UNPAIRED, Disagreement
from contract_lint.python.lowering.state import MAX_DEPTH, Lowering
from contract_lint.python.summary import (
    Expr,
    Lambda,
    Parameter,
)

_E = TypeVar("_E")


def lambda_(low: Lowering, c: cst.Lambda, a: ast.Lambda, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Lambda:
        a = low.unpaired(a)
    parameters = lower_parameters(low, c.params, a.args, depth + 1)
    scope = low.enter("lambda", low.scope.prefix)
    scope.bound.update([parameter.name for parameter in parameters])
    body = low.lower(c.body, a.body, depth + 1)
    low.leave()
    return Lambda(parameters, body, low.at(c, a))


def lower_parameters(low: Lowering, c: cst.Parameters, a: ast.arguments, depth: int) -> tuple[Parameter, ...]:
    """Parameters in the order of the source; defaults and annotations belong to the scope around the function."""
    result: list[Parameter] = []
    defaults = _endless(a.defaults)
    groups = ((c.posonly_params, a.posonlyargs, "positional"), (c.params, a.args, "plain"))
    for nodes, paired_nodes, kind in groups:
        for node, paired in low.pair(nodes, paired_nodes):
            default = None if node.default is None else next(defaults)
            result.append(_parameter(low, node, paired, default, kind, depth))
    if isinstance(c.star_arg, cst.Param):
        result.append(_parameter(low, c.star_arg, a.vararg, None, "args", depth))
    if c.kwonly_params:
        for (node, paired), default in zip(low.pair(c.kwonly_params, a.kwonlyargs), _endless(a.kw_defaults), strict=False):
            result.append(_parameter(low, node, paired, default, "keyword", depth))
    if c.star_kwarg is not None:
        result.append(_parameter(low, c.star_kwarg, a.kwarg, None, "kwargs", depth))
    return tuple(result)


def _endless(nodes: Sequence[_E]) -> Iterator[_E]:
    """The nodes, or the same one for ever where there is no ast."""
    return repeat(cast(_E, nodes)) if nodes.__class__ is UNPAIRED else iter(nodes)


def _parameter(low: Lowering, c: cst.Param, a: ast.arg | None, default: ast.expr | None, kind: str, depth: int) -> Parameter:
    if a is None:
        raise Disagreement("a parameter")
    name = c.name.value
    at = low.at(c.name, a)
    if a.__class__ is ast.arg:
        # ast counts the annotation in.
        at = (at[0], at[1], at[0], at[1] + len(name))
    annotation = None if c.annotation is None else low.optional(c.annotation.annotation, a.annotation, depth)
    lowered = low.optional(c.default, default, depth)
    return Parameter(low.name(name), kind, lowered, annotation, at)
