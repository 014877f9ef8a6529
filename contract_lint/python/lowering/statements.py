"""Lowers blocks and statements, each in step with the paired ast node."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from typing import cast

import libcst as cst

from contract_lint.python.lowering.definitions import class_definition, function_definition, import_from, import_module, type_alias
from contract_lint.python.lowering.displays import lower_target
from contract_lint.python.lowering.patterns import match
from contract_lint.python.lowering.positions import UNPAIRED, Disagreement, Placed, unpaired_at
from contract_lint.python.lowering.state import MAX_DEPTH, Lowering, StatementTable
from contract_lint.python.summary import (
    AnnAssign,
    Assert,
    Assign,
    AugAssign,
    Body,
    Branch,
    Break,
    Continue,
    Delete,
    ExprStmt,
    For,
    Handler,
    If,
    Raise,
    Return,
    Scope,
    Stmt,
    Try,
    Unmodelled,
    While,
    With,
    WithItem,
)  # fmt: skip

_ASSIGNMENTS: dict[type[cst.CSTNode], str] = {
    cst.AddAssign: "+", cst.SubtractAssign: "-", cst.MultiplyAssign: "*", cst.DivideAssign: "/", cst.FloorDivideAssign: "//",
    cst.ModuloAssign: "%", cst.PowerAssign: "**", cst.MatrixMultiplyAssign: "@", cst.LeftShiftAssign: "<<", cst.RightShiftAssign: ">>",
    cst.BitAndAssign: "&", cst.BitOrAssign: "|", cst.BitXorAssign: "^",
}  # fmt: skip


def lower_block(low: Lowering, statements: Iterable[cst.CSTNode], nodes: Sequence[ast.stmt], depth: int) -> Body:
    """A block; a statement where libcst and ast disagree is lowered again, with its own place for all that it holds."""
    flat: list[cst.CSTNode] = []
    for statement in statements:
        if isinstance(statement, cst.SimpleStatementLine):
            flat += statement.body
        else:
            flat.append(statement)
    table = low.statements
    scope = low.scope
    body: list[Stmt] = []
    for c, a in low.pair(flat, nodes):
        try:
            lowered = table[c.__class__](low, c, a, depth)
        except (Disagreement, StopIteration):
            if a.__class__ is UNPAIRED:
                raise
            low.fallbacks += 1
            low.go_to(scope)
            lowered = table[c.__class__](low, c, unpaired_at(a), depth)
        if lowered is not None:
            body.append(lowered)
    return tuple(body)


def _orelse(low: Lowering, c: cst.Else | cst.Finally | None, nodes: Sequence[ast.stmt], depth: int) -> Body:
    if c is not None:
        return lower_block(low, c.body.body, nodes, depth + 1)
    if nodes.__class__ is not UNPAIRED and nodes:
        raise Disagreement("an else block")
    return ()


def _checked(low: Lowering, a: Placed, expected: type[ast.AST]) -> None:
    if a.__class__ is not expected:
        low.unpaired(a)


# --- small statements ---


def _assign(low: Lowering, c: cst.Assign, a: ast.Assign, depth: int) -> Stmt:
    _checked(low, a, ast.Assign)
    value = low.expressions[c.value.__class__](low, c.value, a.value, depth)
    targets = tuple([lower_target(low, target.target, paired, depth) for target, paired in low.pair(c.targets, a.targets)])
    return Assign(targets, value, low.at(c, a))


def _annotated(low: Lowering, c: cst.AnnAssign, a: ast.AnnAssign, depth: int) -> Stmt:
    _checked(low, a, ast.AnnAssign)
    annotation = low.lower(c.annotation.annotation, a.annotation, depth)
    value = low.optional(c.value, a.value, depth)
    return AnnAssign(lower_target(low, c.target, a.target, depth), annotation, value, low.at(c, a))


def _augmented(low: Lowering, c: cst.AugAssign, a: ast.AugAssign, depth: int) -> Stmt:
    _checked(low, a, ast.AugAssign)
    value = low.lower(c.value, a.value, depth)
    target = lower_target(low, c.target, a.target, depth)
    if isinstance(c.target, cst.Name):
        low.use(low.name(c.target.value))
    return AugAssign(target, _ASSIGNMENTS[c.operator.__class__], value, low.at(c, a))


def _expression(low: Lowering, c: cst.Expr, a: ast.Expr, depth: int) -> Stmt:
    _checked(low, a, ast.Expr)
    return ExprStmt(low.expressions[c.value.__class__](low, c.value, a.value, depth), low.at(c, a))


def _return(low: Lowering, c: cst.Return, a: ast.Return, depth: int) -> Stmt:
    _checked(low, a, ast.Return)
    return Return(low.optional(c.value, a.value, depth), low.at(c, a))


def _raise(low: Lowering, c: cst.Raise, a: ast.Raise, depth: int) -> Stmt:
    _checked(low, a, ast.Raise)
    if c.cause is not None:
        # Not kept, but it may call, and use names.
        low.optional(c.cause.item, a.cause, depth)
    return Raise(low.optional(c.exc, a.exc, depth), low.at(c, a))


def _assert(low: Lowering, c: cst.Assert, a: ast.Assert, depth: int) -> Stmt:
    _checked(low, a, ast.Assert)
    low.optional(c.msg, a.msg, depth)
    return Assert(low.lower(c.test, a.test, depth), low.at(c, a))


def _delete(low: Lowering, c: cst.Del, a: ast.Delete, depth: int) -> Stmt:
    _checked(low, a, ast.Delete)
    nodes: list[cst.BaseExpression] = [c.target]
    if isinstance(c.target, cst.Tuple) and not c.target.lpar:
        nodes = [element.value for element in c.target.elements]
    targets = tuple([lower_target(low, node, paired, depth) for node, paired in low.pair(nodes, a.targets)])
    return Delete(targets, low.at(c, a))


def _pass(low: Lowering, c: cst.Pass, a: ast.Pass, depth: int) -> None:
    _checked(low, a, ast.Pass)


def _break(low: Lowering, c: cst.Break, a: ast.Break, depth: int) -> Stmt:
    _checked(low, a, ast.Break)
    return Break(low.at(c, a))


def _continue(low: Lowering, c: cst.Continue, a: ast.Continue, depth: int) -> Stmt:
    _checked(low, a, ast.Continue)
    return Continue(low.at(c, a))


def _global(low: Lowering, c: cst.Global, a: ast.Global, depth: int) -> Stmt:
    _checked(low, a, ast.Global)
    names = tuple([low.name(item.name.value) for item in c.names])
    if low.scope.kind != "module":
        low.scope.global_names.update(names)
    return Scope("global", names)


def _nonlocal(low: Lowering, c: cst.Nonlocal, a: ast.Nonlocal, depth: int) -> Stmt:
    _checked(low, a, ast.Nonlocal)
    names = tuple([low.name(item.name.value) for item in c.names])
    low.scope.nonlocal_names.update(names)
    return Scope("nonlocal", names)


# --- compound statements ---


def _if(low: Lowering, c: cst.If, a: ast.If, depth: int) -> Stmt:
    """``elif`` nests in the else block of both trees, possibly by thousands."""
    if depth > MAX_DEPTH:
        return _too_deep(low, c, a, depth)
    at = low.at(c, a)
    branches = []
    while True:
        _checked(low, a, ast.If)
        test = low.expressions[c.test.__class__](low, c.test, a.test, depth + 1)
        branches.append(Branch(test, lower_block(low, c.body.body, a.body, depth + 1)))
        following = c.orelse
        orelse = a.orelse
        if not isinstance(following, cst.If):
            return If(tuple(branches), _orelse(low, following, orelse, depth), at)
        if orelse.__class__ is not UNPAIRED and len(orelse) != 1:
            raise Disagreement("an elif")
        c, a = following, cast(ast.If, orelse[0])


def _for(low: Lowering, c: cst.For, a: ast.For, depth: int) -> Stmt:
    if depth > MAX_DEPTH:
        return _too_deep(low, c, a, depth)
    is_async = c.asynchronous is not None
    _checked(low, a, ast.AsyncFor if is_async else ast.For)
    iterable = low.lower(c.iter, a.iter, depth + 1)
    target = lower_target(low, c.target, a.target, depth + 1)
    body = lower_block(low, c.body.body, a.body, depth + 1)
    return For(target, iterable, body, _orelse(low, c.orelse, a.orelse, depth), is_async, low.at(c, a))


def _while(low: Lowering, c: cst.While, a: ast.While, depth: int) -> Stmt:
    if depth > MAX_DEPTH:
        return _too_deep(low, c, a, depth)
    _checked(low, a, ast.While)
    test = low.lower(c.test, a.test, depth + 1)
    body = lower_block(low, c.body.body, a.body, depth + 1)
    return While(test, body, _orelse(low, c.orelse, a.orelse, depth), low.at(c, a))


def _try(low: Lowering, c: cst.Try, a: ast.Try, depth: int) -> Stmt:
    if depth > MAX_DEPTH:
        return _too_deep(low, c, a, depth)
    # ``except*`` is a class of its own in both trees; ast.TryStar is of 3.11.
    if type(a).__name__ != type(c).__name__:
        low.unpaired(a)
    body = lower_block(low, c.body.body, a.body, depth + 1)
    handlers = []
    for node, paired in low.pair(c.handlers, a.handlers):
        kind = low.optional(node.type, paired.type, depth + 1)
        name = None
        if node.name is not None:
            name = low.name(cast(cst.Name, node.name.name).value)
            low.scope.bound.add(name)
        handlers.append(Handler(kind, name, lower_block(low, node.body.body, paired.body, depth + 1)))
    orelse = _orelse(low, c.orelse, a.orelse, depth)
    return Try(body, tuple(handlers), orelse, _orelse(low, c.finalbody, a.finalbody, depth), low.at(c, a))


def _with(low: Lowering, c: cst.With, a: ast.With, depth: int) -> Stmt:
    if depth > MAX_DEPTH:
        return _too_deep(low, c, a, depth)
    _checked(low, a, ast.With if c.asynchronous is None else ast.AsyncWith)
    items = []
    for node, paired in low.pair(c.items, a.items):
        value = low.lower(node.item, paired.context_expr, depth + 1)
        target = None
        if node.asname is not None:
            if paired.optional_vars is None:
                raise Disagreement("a with target")
            target = lower_target(low, node.asname.name, paired.optional_vars, depth + 1)
        items.append(WithItem(value, target))
    return With(tuple(items), lower_block(low, c.body.body, a.body, depth + 1), low.at(c, a))


def _too_deep(low: Lowering, c: cst.CSTNode, a: ast.stmt, depth: int) -> Stmt:
    return Unmodelled("too-deep", (), low.at(c, a))


def _unmodelled(low: Lowering, c: cst.CSTNode, a: ast.stmt, depth: int) -> Stmt:
    return Unmodelled(f"unmodelled {type(c).__name__}", (), low.at(c, a))


_HANDLERS: StatementTable = {
    cst.AnnAssign: _annotated, cst.Assert: _assert, cst.Assign: _assign, cst.AugAssign: _augmented, cst.Break: _break,
    cst.ClassDef: class_definition, cst.Continue: _continue, cst.Del: _delete, cst.Expr: _expression, cst.For: _for,
    cst.FunctionDef: function_definition, cst.Global: _global, cst.If: _if, cst.Import: import_module, cst.ImportFrom: import_from,
    cst.Match: match, cst.Nonlocal: _nonlocal, cst.Pass: _pass, cst.Raise: _raise, cst.Return: _return, cst.Try: _try,
    cst.TryStar: _try, cst.While: _while, cst.With: _with,
}  # fmt: skip
#: Statements that older versions of libcst do not have.
_NEWER: dict[str, Callable[..., Stmt]] = {"TypeAlias": type_alias, "LazyImport": import_module, "LazyImportFrom": import_from}


def _table() -> StatementTable:
    table: StatementTable = {}
    kinds: list[type[cst.CSTNode]] = [*cst.BaseSmallStatement.__subclasses__(), *cst.BaseCompoundStatement.__subclasses__()]
    while kinds:
        kind = kinds.pop()
        table[kind] = _NEWER.get(kind.__name__, _unmodelled)
        kinds += kind.__subclasses__()
    return table | _HANDLERS


#: A handler for every kind of statement that this libcst knows.
STATEMENTS: StatementTable = _table()
