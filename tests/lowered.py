"""Steps that the tests of lowering share: from text to summary, and ways to look at one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

import libcst
import msgspec

from contract_lint.python import summary as ir
from contract_lint.python.lower import lower
from contract_lint.python.summary import ModuleSummary


@dataclass
class Parsed:
    module: libcst.Module
    tree: ast.Module | None
    text: str


def parsed(text: str, *, tree: bool = True) -> Parsed:
    try:
        parsed_tree = ast.parse(text) if tree else None
    except SyntaxError:
        parsed_tree = None
    return Parsed(libcst.parse_module(text), parsed_tree, text)


def lowered(text: str, *, tree: bool = True) -> ModuleSummary:
    return lower(parsed(text, tree=tree))


def brief(value: object) -> str:
    """A node without its places."""
    if isinstance(value, msgspec.Struct):
        fields = [brief(getattr(value, field)) for field in value.__struct_fields__ if field not in ("at", "name_at")]
        return f"{type(value).__name__}({', '.join(fields)})"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(brief, value)) + "]"
    return repr(value)


def nodes(value: object) -> Iterator[msgspec.Struct]:
    if isinstance(value, msgspec.Struct):
        yield value
        for field in value.__struct_fields__:
            yield from nodes(getattr(value, field))
    elif isinstance(value, tuple):
        for item in value:
            yield from nodes(item)


def all_nodes(summary: ModuleSummary) -> Iterator[msgspec.Struct]:
    yield from nodes(summary.body)
    yield from nodes(tuple(summary.bodies.functions()))


def source_at(text: str, at: ir.At) -> str:
    lines = text.split("\n")
    line, column, end_line, end_column = at
    if line == end_line:
        return lines[line - 1][column - 1 : end_column - 1]
    return "\n".join([lines[line - 1][column - 1 :], *lines[line : end_line - 1], lines[end_line - 1][: end_column - 1]])


def functions(summary: ModuleSummary) -> dict[str, ir.FunctionDef]:
    return {node.name: node for node in all_nodes(summary) if isinstance(node, ir.FunctionDef)}
