"""Lowers functions, classes and imports, and fills the index with them."""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from contract_lint.python.lowering.access import lower_arguments, note_call
from contract_lint.python.lowering.parameters import lower_parameters
from contract_lint.python.lowering.positions import UNPAIRED, Disagreement
from contract_lint.python.lowering.state import MAX_DEPTH, MAX_FUNCTIONS, Lowering, identifier
from contract_lint.python.summary import (
    At,
    ClassDef,
    ClassIndex,
    Expr,
    FunctionDef,
    Import,
    ImportedName,
    ImportFrom,
    Stmt,
    Unmodelled,
)


def function_definition(low: Lowering, c: cst.FunctionDef, a: ast.FunctionDef, depth: int) -> Stmt:
    is_async = c.asynchronous is not None
    if a.__class__ is not (ast.AsyncFunctionDef if is_async else ast.FunctionDef):
        a = low.unpaired(a)
    if depth > MAX_DEPTH or low.scope.level > MAX_FUNCTIONS:
        return _too_deep(low, c, a)
    name = low.name(c.name.value)
    decorators = _decorators(low, c.decorators, a.decorator_list, depth + 1)
    parameters = lower_parameters(low, c.params, a.args, depth + 1)
    returns = None
    if c.returns is not None:
        if a.returns is None:
            raise Disagreement("a return annotation")
        returns = low.lower(c.returns.annotation, a.returns, depth + 1)
    low.scope.bound.add(name)
    scope = low.enter("function", f"{low.scope.prefix}{name}.<locals>.")
    scope.bound.update([parameter.name for parameter in parameters])
    # A body is stored apart, so its depth counts from nought.
    body = low.block(low, c.body.body, a.body, 0)
    own = scope.own()
    low.leave(_type_parameters(c))
    low.bodies.append(body)
    keywords = (c.asynchronous.whitespace_after.value, c.whitespace_after_def.value) if c.asynchronous else (c.whitespace_after_def.value,)
    return FunctionDef(
        name,
        parameters,
        returns,
        decorators,
        len(low.bodies) - 1,
        tuple(sorted(own)),
        tuple(sorted(own & scope.inner)) if scope.inner else (),
        is_async,
        scope.generator,
        _name_at(low, c.name, a, ("async", "def") if is_async else ("def",), keywords),
    )


def class_definition(low: Lowering, c: cst.ClassDef, a: ast.ClassDef, depth: int) -> Stmt:
    if a.__class__ is not ast.ClassDef:
        a = low.unpaired(a)
    if depth > MAX_DEPTH:
        return _too_deep(low, c, a)
    name = low.name(c.name.value)
    decorators = _decorators(low, c.decorators, a.decorator_list, depth + 1)
    arguments = lower_arguments(low, [*c.bases, *c.keywords], a.bases, a.keywords, depth + 1)
    at = _name_at(low, c.name, a, ("class",), (c.whitespace_after_class.value,))
    bases = tuple([None if base.star else _dotted_base(base.value) for base in c.bases])
    low.classes.append(ClassIndex(f"{low.scope.prefix}{name}", bases, at))
    low.scope.bound.add(name)
    low.enter("class", f"{low.scope.prefix}{name}.").private = identifier(c.name.value).lstrip("_")
    body = low.block(low, c.body.body, a.body, depth + 1)
    low.leave(_type_parameters(c))
    return ClassDef(name, arguments, decorators, body, at)


def type_alias(low: Lowering, c: cst.TypeAlias, a: ast.stmt, depth: int) -> Stmt:
    """``type X = …``: its value is evaluated lazily, so only the name counts."""
    name = identifier(c.name.value)
    low.scope.bound.add(name)
    return Unmodelled("type-alias", (name,), low.at(c, a))


def import_module(low: Lowering, c: cst.Import, a: ast.Import, depth: int) -> Stmt:
    if a.__class__ is not ast.Import:
        a = low.unpaired(a)
    names = _imported(low, c.names, a.names)
    for name in names:
        low.scope.bound.add(name.alias or name.name.partition(".")[0])
    statement = Import(names, low.at(c, a))
    low.imports.append(statement)
    return statement


def import_from(low: Lowering, c: cst.ImportFrom, a: ast.ImportFrom, depth: int) -> Stmt:
    if a.__class__ is not ast.ImportFrom:
        a = low.unpaired(a)
    module = "" if c.module is None else dotted(c.module) or ""
    if isinstance(c.names, cst.ImportStar):
        star = a.names[0]
        names: tuple[ImportedName, ...] = (ImportedName("*", None, low.at(c.names, star)),)
    else:
        names = _imported(low, c.names, a.names)
        low.scope.bound.update([name.alias or name.name for name in names])
    statement = ImportFrom(module, len(c.relative), names, low.at(c, a))
    low.imports.append(statement)
    return statement


def _imported(low: Lowering, nodes: Sequence[cst.ImportAlias], paired: Sequence[ast.alias]) -> tuple[ImportedName, ...]:
    names = []
    for node, alias in low.pair(nodes, paired):
        asname = None if node.asname is None else dotted(node.asname.name)
        names.append(ImportedName(dotted(node.name) or "", asname, low.at(node, alias)))
    return tuple(names)


def dotted(node: cst.BaseExpression) -> str | None:
    """``a.b.c`` as text; None if it is anything else."""
    names: list[str] = []
    while isinstance(node, cst.Attribute):
        names.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    names.append(node.value)
    return identifier(".".join(reversed(names)))


def _dotted_base(node: cst.BaseExpression) -> str | None:
    return dotted(node.value) if isinstance(node, cst.Subscript) else dotted(node)


def _decorators(low: Lowering, nodes: Sequence[cst.Decorator], paired: Sequence[ast.expr], depth: int) -> tuple[Expr, ...]:
    if not nodes:
        return ()
    lowered = []
    for node, expression in low.pair(nodes, paired):
        note_call(low, node.decorator)
        lowered.append(low.lower(node.decorator, expression, depth))
    return tuple(lowered)


def _type_parameters(c: cst.FunctionDef | cst.ClassDef) -> tuple[str, ...]:
    if c.type_parameters is None:
        return ()
    return tuple([identifier(parameter.param.name.value) for parameter in c.type_parameters.params])


def _name_at(low: Lowering, name: cst.Name, a: ast.FunctionDef | ast.ClassDef, keywords: tuple[str, ...], blanks: tuple[str, ...]) -> At:
    """The place of a defined name; ast gives only that of the ``def`` or ``class`` before it, which opens a line."""
    if a.__class__ is UNPAIRED:
        return low.at(name, a)
    line, column = a.lineno, a.col_offset + 1
    for keyword, blank in zip(keywords, blanks, strict=True):
        column += len(keyword)
        newlines = blank.count("\n")
        # After a backslash the name stands on a later line.
        line, column = (line + newlines, len(blank) - blank.rfind("\n")) if newlines else (line, column + len(blank))
    return (line, column, line, column + len(name.value))


def _too_deep(low: Lowering, c: cst.FunctionDef | cst.ClassDef, a: ast.FunctionDef | ast.ClassDef) -> Stmt:
    name = low.name(c.name.value)
    low.scope.bound.add(name)
    return Unmodelled("too-deep", (name,), low.at(c, a))
