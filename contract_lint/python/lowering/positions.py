"""Places of syntax: taken from the paired ast node, or from libcst's own provider where there is no ast."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TypeAlias

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from contract_lint.model.errors import ContractLintError
from contract_lint.python.summary import NOWHERE, At


class Disagreement(Exception):
    """libcst and ast see different shapes; the statement is lowered again with one place for all of it."""


class TooDeep(ContractLintError):
    """A module in newer syntax than the running Python's, and nested too deeply for libcst's position provider."""


class Unpaired:
    """Stands in for every ast node below a point where there is none to pair with.

    Any child of it is itself, so the code that walks both trees needs no second path. The place is that of the nearest paired
    node, in ast's own units (0-based columns of UTF-8 bytes).
    """

    __slots__ = ("col_offset", "end_col_offset", "end_lineno", "lineno")

    def __init__(self, lineno: int, col_offset: int, end_lineno: int, end_col_offset: int) -> None:
        self.lineno, self.col_offset, self.end_lineno, self.end_col_offset = lineno, col_offset, end_lineno, end_col_offset

    def __getattr__(self, name: str) -> Unpaired:
        return self

    def __getitem__(self, index: int) -> Unpaired:
        return self


#: For ``node.__class__ is UNPAIRED``: a type checker that sees the class itself holds the branch for unreachable.
UNPAIRED: type[object] = Unpaired
#: Every kind of ast node that has a place.
Placed: TypeAlias = ast.expr | ast.stmt | ast.arg | ast.alias | ast.keyword | ast.pattern | ast.excepthandler | Unpaired
#: The place of a pair; the libcst node counts only where there is no ast.
Positions: TypeAlias = Callable[[cst.CSTNode, Placed], At]


def unpaired_at(node: Placed) -> Unpaired:
    """What to pair with everything that shall stand at the place of ``node``."""
    return Unpaired(node.lineno, node.col_offset, node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)


def start_of_file() -> Unpaired:
    return Unpaired(1, 0, 1, 0)


def ast_positions(text: str) -> Positions:
    """Places from ast nodes; byte columns are converted only on lines that are not ASCII."""
    if text.isascii():
        return _ascii_position
    wide = {number: line.encode("utf-8", "surrogatepass") for number, line in enumerate(text.split("\n"), 1) if not line.isascii()}

    def position(_: cst.CSTNode, node: Placed) -> At:
        line, start, end_line, end = node.lineno, node.col_offset, node.end_lineno, node.end_col_offset
        if line in wide:
            start = len(wide[line][:start].decode("utf-8", "replace"))
        if end_line in wide:
            end = len(wide[end_line][:end].decode("utf-8", "replace"))
        return (line, start + 1, end_line, end + 1)  # type: ignore[return-value, operator]

    return position


def _ascii_position(_: cst.CSTNode, node: Placed) -> At:
    # typeshed calls the ends optional; the parser always sets them.
    return (node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)  # type: ignore[return-value, operator]


def provider_positions(module: cst.Module) -> Positions:
    """Places from libcst's provider: for syntax that is newer than the running Python, at three times the cost of parsing.

    As in ast, the parentheses of a tuple and of a generator expression belong to it. Known differences: a generator expression
    that is a call's only argument does not get the call's parentheses, and libcst forgets blanks after ``!r`` in f-strings and
    form feeds at the start of a line.
    Raise TooDeep where the provider cannot cope.
    """
    try:
        ranges = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    except (RecursionError, KeyError) as error:
        # The provider asks for places that it did not get to: a KeyError that hides the RecursionError.
        raise TooDeep("nested too deeply to tell places") from error

    def position(node: cst.CSTNode, _: Placed) -> At:
        first = last = node
        if isinstance(node, (cst.Tuple, cst.GeneratorExp)):
            first = node.lpar[-1] if node.lpar else node
            last = node.rpar[0] if node.rpar else node
        start, end = ranges.get(first), ranges.get(last)
        if start is None or end is None:
            return NOWHERE
        return (start.start.line, start.start.column + 1, end.end.line, end.end.column + 1)

    return position
