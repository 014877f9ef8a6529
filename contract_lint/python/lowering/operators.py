"""Lowers numbers and operators."""

from __future__ import annotations

import ast
from typing import cast

import libcst as cst

from contract_lint.python.lowering.state import MAX_DEPTH, Lowering
from contract_lint.python.summary import (
    Await,
    BigInt,
    BoolOp,
    Chain,
    Compare,
    Const,
    Expr,
    IfExp,
    Unary,
    Walrus,
)

OPERATORS: dict[type[cst.CSTNode], str] = {
    cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Modulo: "%", cst.Power: "**",
    cst.MatrixMultiply: "@", cst.LeftShift: "<<", cst.RightShift: ">>", cst.BitAnd: "&", cst.BitOr: "|", cst.BitXor: "^",
    cst.And: "and", cst.Or: "or", cst.Not: "not", cst.Minus: "-", cst.Plus: "+", cst.BitInvert: "~",
    cst.LessThan: "<", cst.LessThanEqual: "<=", cst.GreaterThan: ">", cst.GreaterThanEqual: ">=", cst.Equal: "==", cst.NotEqual: "!=",
    cst.In: "in", cst.NotIn: "not in", cst.Is: "is", cst.IsNot: "is not",
}  # fmt: skip


def number(low: Lowering, c: cst.Integer | cst.Float, a: ast.Constant, depth: int) -> Expr:
    if a.__class__ is ast.Constant:
        value = a.value
    else:
        low.unpaired(a)
        try:
            value = c.evaluated_value
        except (ValueError, SyntaxError):
            return low.opaque("huge-int", c, a)
    if isinstance(value, int) and value >= 1 << 63:
        try:
            return BigInt(str(value), low.at(c, a))
        except ValueError:
            # Python refuses to write more than 4,300 digits.
            return low.opaque("huge-int", c, a)
    return Const(value, low.at(c, a))  # type: ignore[arg-type]


def complex_number(low: Lowering, c: cst.Imaginary, a: ast.Constant, depth: int) -> Expr:
    return low.opaque("complex", c, a)


def ellipsis(low: Lowering, c: cst.Ellipsis, a: ast.Constant, depth: int) -> Expr:
    return low.opaque("ellipsis", c, a)


# --- operators ---


def binary(low: Lowering, c: cst.BinaryOperation, a: ast.BinOp, depth: int) -> Expr:
    """The whole left spine in one loop; parentheses and ``**`` end it."""
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    at = low.at(c, a)
    table = low.expressions
    depth += 1
    rest = []
    while True:
        if a.__class__ is not ast.BinOp:
            a = low.unpaired(a)
        operator = OPERATORS[c.operator.__class__]
        right = c.right
        rest.append((operator, table[right.__class__](low, right, a.right, depth)))
        left = c.left
        if operator == "**" or not isinstance(left, cst.BinaryOperation):
            break
        if left.lpar or left.operator.__class__ is cst.Power:
            break
        c, a = left, cast(ast.BinOp, a.left)
    rest.reverse()
    return Chain(table[left.__class__](low, left, a.left, depth), tuple(rest), at)


def boolean(low: Lowering, c: cst.BooleanOperation, a: ast.BoolOp, depth: int) -> Expr:
    """libcst nests to the left, ast is flat; parentheses end the chain in both."""
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.BoolOp:
        a = low.unpaired(a)
    at = low.at(c, a)
    operator = c.operator.__class__
    operands = [c.right]
    left = c.left
    while isinstance(left, cst.BooleanOperation):
        if left.lpar or left.operator.__class__ is not operator:
            break
        operands.append(left.right)
        left = left.left
    operands.append(left)
    operands.reverse()
    table = low.expressions
    lowered = [table[operand.__class__](low, operand, paired, depth + 1) for operand, paired in low.pair(operands, a.values)]
    return BoolOp(OPERATORS[operator], tuple(lowered), at)


def unary(low: Lowering, c: cst.UnaryOperation, a: ast.UnaryOp, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.UnaryOp:
        a = low.unpaired(a)
    operand = low.expressions[c.expression.__class__](low, c.expression, a.operand, depth + 1)
    return Unary(OPERATORS[c.operator.__class__], operand, low.at(c, a))


def comparison(low: Lowering, c: cst.Comparison, a: ast.Compare, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Compare:
        a = low.unpaired(a)
    table = low.expressions
    first = table[c.left.__class__](low, c.left, a.left, depth + 1)
    rest = []
    for target, paired in low.pair(c.comparisons, a.comparators):
        operand = target.comparator
        rest.append((OPERATORS[target.operator.__class__], table[operand.__class__](low, operand, paired, depth + 1)))
    return Compare(first, tuple(rest), low.at(c, a))


def conditional(low: Lowering, c: cst.IfExp, a: ast.IfExp, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.IfExp:
        a = low.unpaired(a)
    depth += 1
    return IfExp(low.lower(c.test, a.test, depth), low.lower(c.body, a.body, depth), low.lower(c.orelse, a.orelse, depth), low.at(c, a))


def walrus(low: Lowering, c: cst.NamedExpr, a: ast.NamedExpr, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.NamedExpr:
        a = low.unpaired(a)
    name = low.name(cast(cst.Name, c.target).value)
    low.owner().bound.add(name)
    return Walrus(name, low.lower(c.value, a.value, depth + 1), low.at(c, a))


def await_(low: Lowering, c: cst.Await, a: ast.Await, depth: int) -> Expr:
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    if a.__class__ is not ast.Await:
        a = low.unpaired(a)
    return Await(low.lower(c.expression, a.value, depth + 1), low.at(c, a))


def yield_(low: Lowering, c: cst.Yield, a: ast.Yield, depth: int) -> Expr:
    low.owner().generator = True
    if depth > MAX_DEPTH:
        return low.opaque("too-deep", c, a)
    value = c.value
    if a.__class__ is not (ast.YieldFrom if value.__class__ is cst.From else ast.Yield):
        a = low.unpaired(a)
    if value is None:
        return low.opaque("yield", c, a)
    lowered = low.optional(value.item if isinstance(value, cst.From) else value, a.value, depth + 1)
    return low.opaque("yield", c, a, *(() if lowered is None else (lowered,)))
