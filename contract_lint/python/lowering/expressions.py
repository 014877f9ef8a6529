"""Knows how to lower every kind of expression."""

from __future__ import annotations

import ast

import libcst as cst

from contract_lint.python.lowering.access import attribute, call, name, subscript
from contract_lint.python.lowering.displays import comprehension, dict_display, list_display, set_display, starred, tuple_display
from contract_lint.python.lowering.operators import (
    await_,
    binary,
    boolean,
    comparison,
    complex_number,
    conditional,
    ellipsis,
    number,
    unary,
    walrus,
    yield_,
)
from contract_lint.python.lowering.parameters import lambda_
from contract_lint.python.lowering.state import ExpressionTable, Lowering
from contract_lint.python.lowering.strings import concatenated_string, formatted_string, simple_string, template_string
from contract_lint.python.summary import (
    Expr,
)


def _unmodelled(low: Lowering, c: cst.BaseExpression, a: ast.expr, depth: int) -> Expr:
    return low.opaque(f"unmodelled {type(c).__name__}", c, a)


_HANDLERS: ExpressionTable = {
    cst.Attribute: attribute, cst.Await: await_, cst.BinaryOperation: binary, cst.BooleanOperation: boolean, cst.Call: call,
    cst.Comparison: comparison, cst.ConcatenatedString: concatenated_string, cst.Dict: dict_display, cst.DictComp: comprehension,
    cst.Ellipsis: ellipsis, cst.Float: number, cst.FormattedString: formatted_string, cst.GeneratorExp: comprehension,
    cst.IfExp: conditional, cst.Imaginary: complex_number, cst.Integer: number, cst.Lambda: lambda_, cst.List: list_display,
    cst.ListComp: comprehension, cst.Name: name, cst.NamedExpr: walrus, cst.Set: set_display, cst.SetComp: comprehension,
    cst.SimpleString: simple_string, cst.StarredElement: starred, cst.Subscript: subscript, cst.Tuple: tuple_display,
    cst.UnaryOperation: unary, cst.Yield: yield_,
}  # fmt: skip


def _table() -> ExpressionTable:
    table: ExpressionTable = {}
    kinds: list[type[cst.CSTNode]] = [*cst.BaseExpression.__subclasses__()]
    while kinds:
        kind = kinds.pop()
        table[kind] = template_string if kind.__name__ == "TemplatedString" else _unmodelled
        kinds += kind.__subclasses__()
    return table | _HANDLERS


#: A handler for every kind of expression that this libcst knows.
EXPRESSIONS: ExpressionTable = _table()
