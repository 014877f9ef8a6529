"""Lowers ``match`` statements."""

from __future__ import annotations

import ast
from typing import cast

import libcst as cst

from contract_lint.python.lowering.definitions import dotted
from contract_lint.python.lowering.positions import Disagreement
from contract_lint.python.lowering.state import MAX_DEPTH, Lowering
from contract_lint.python.summary import Case, Expr, Match, Stmt, Unmodelled


def match(low: Lowering, c: cst.Match, a: ast.Match, depth: int) -> Stmt:
    if a.__class__ is not ast.Match:
        a = low.unpaired(a)
    if depth > MAX_DEPTH:
        return Unmodelled("too-deep", (), low.at(c, a))
    depth += 1
    subject = low.lower(c.subject, a.subject, depth)
    cases = []
    for node, paired in low.pair(c.cases, a.cases):
        values = _values(low, node.pattern, paired.pattern, depth)
        captures: list[str] = []
        if values is None:
            _captures(low, node.pattern, captures)
            low.scope.bound.update(captures)
        guard = None
        if node.guard is not None:
            if paired.guard is None:
                raise Disagreement("a guard")
            guard = low.lower(node.guard, paired.guard, depth)
        body = low.block(low, node.body.body, paired.body, depth)
        cases.append(Case(values, tuple(captures), guard, guard is None and _irrefutable(node.pattern), body))
    return Match(subject, tuple(cases), low.at(c, a))


def _values(low: Lowering, c: cst.MatchPattern, a: ast.pattern, depth: int) -> tuple[Expr, ...] | None:
    """What the subject is compared with, if the pattern does nothing else."""
    if isinstance(c, cst.MatchValue):
        if a.__class__ is not ast.MatchValue:
            low.unpaired(a)
        return (low.lower(c.value, cast(ast.MatchValue, a).value, depth),)
    if isinstance(c, cst.MatchSingleton):
        if a.__class__ is not ast.MatchSingleton:
            low.unpaired(a)
        # ast keeps the bare value; the pattern's place is the name's.
        constant = ast.Constant(cast(ast.MatchSingleton, a).value)
        return (low.lower(c.value, ast.copy_location(constant, a) if isinstance(a, ast.AST) else a, depth),)
    if isinstance(c, cst.MatchOr):
        if a.__class__ is not ast.MatchOr:
            low.unpaired(a)
        values: list[Expr] = []
        for element, paired in low.pair(c.patterns, cast(ast.MatchOr, a).patterns):
            inner = _values(low, element.pattern, paired, depth)
            if inner is None:
                return None
            values += inner
        return tuple(values)
    return None


def _captures(low: Lowering, c: cst.CSTNode, names: list[str]) -> None:
    """Names that a pattern binds, each once (the alternatives of ``|`` bind the same ones), in order."""
    pending: list[cst.CSTNode] = [c]
    while pending:
        node = pending.pop()
        bound: cst.Name | None = None
        if isinstance(node, (cst.MatchAs, cst.MatchStar)):
            bound = node.name
        elif isinstance(node, cst.MatchMapping):
            bound = node.rest
        if bound is not None and (name := low.name(bound.value)) not in names:
            names.append(name)
        for child in reversed(node.children):
            if not isinstance(child, cst.BaseExpression):
                pending.append(child)
            elif child is not bound and (used := dotted(child)):
                low.use(used.partition(".")[0])


def _irrefutable(c: cst.MatchPattern) -> bool:
    if isinstance(c, cst.MatchOr):
        return any(_irrefutable(element.pattern) for element in c.patterns)
    return isinstance(c, cst.MatchAs) and (c.pattern is None or _irrefutable(c.pattern))
