"""Lowers one parsed module to its summary: structure from libcst, places from ast, walked in step."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence
from typing import Protocol, cast

import libcst as cst

from contract_lint.python.lowering.expressions import EXPRESSIONS
from contract_lint.python.lowering.positions import Disagreement, Positions, TooDeep, ast_positions, provider_positions, start_of_file
from contract_lint.python.lowering.state import Lowering
from contract_lint.python.lowering.statements import STATEMENTS, lower_block
from contract_lint.python.summary import Bodies, Body, ModuleSummary

__all__ = ["ParsedText", "Run", "TooDeep", "lower"]

#: What a comment must hold to be kept.
TELLING = "contract-lint"


class ParsedText(Protocol):
    """A parsed module. ``text`` has ``\\n`` for every end of line; ``tree`` is None where this Python cannot parse it."""

    @property
    def module(self) -> cst.Module: ...
    @property
    def tree(self) -> ast.Module | None: ...
    @property
    def text(self) -> str: ...


def lower(parsed: ParsedText) -> ModuleSummary:
    """The summary of a module; it holds no reference to either tree.

    Raise TooDeep, only where there is no ast, on a module that libcst's position provider cannot cope with.
    """
    return Run(parsed).summary


class Run:
    """One lowering; ``fallbacks`` counts the statements whose parts all stand at the statement's place, nought in any known case."""

    def __init__(self, parsed: ParsedText) -> None:
        at = provider_positions(parsed.module) if parsed.tree is None else ast_positions(parsed.text)
        low = Lowering(parsed.module, at, EXPRESSIONS, STATEMENTS, lower_block, has_tree=parsed.tree is not None)
        body = _module_body(low, parsed)
        self.fallbacks = low.fallbacks
        self.summary = ModuleSummary(
            tuple(low.imports),
            tuple(low.classes),
            tuple(sorted(low.scope.bound | low.module_names)),
            tuple(sorted(low.calls)),
            _comments(parsed, at),
            Bodies(body, low.bodies),
        )


def _module_body(low: Lowering, parsed: ParsedText) -> Body:
    unpaired = cast("Sequence[ast.stmt]", start_of_file())
    if parsed.tree is not None:
        try:
            return lower_block(low, parsed.module.body, parsed.tree.body, 0)
        except Disagreement:
            low.fallbacks += 1
    return lower_block(low, parsed.module.body, unpaired, 0)


def _comments(parsed: ParsedText, at: Positions) -> tuple[tuple[int, int, str], ...]:
    if TELLING not in parsed.text:
        return ()
    if parsed.tree is None:
        # The tokenizer is no newer than ast.
        return tuple(_comments_of_tree(parsed.module, at))
    comments = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(parsed.text).readline):
            if token.type == tokenize.COMMENT and TELLING in token.string:
                comments.append((token.start[0], token.start[1] + 1, token.string))
    except (tokenize.TokenError, SyntaxError):
        pass
    return tuple(comments)


def _comments_of_tree(module: cst.Module, at: Positions) -> list[tuple[int, int, str]]:
    comments = []
    pending: list[cst.CSTNode] = [module]
    nowhere = start_of_file()
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Comment) and TELLING in node.value:
            line, column, _, _ = at(node, nowhere)
            comments.append((line, column, node.value))
        pending += node.children
    return sorted(comments)
