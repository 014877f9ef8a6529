"""Limits on nesting, measured without recursion, so that no parser and no later step can run out of stack."""

from __future__ import annotations

import ast
import re
from typing import Protocol

from contract_lint.model.errors import SourceError
from contract_lint.model.span import Span, whole_file

#: Levels of expressions and blocks; a chain counts as one level.
MAX_DEPTH = 400

#: Links of one chain: ``a.b().c[0]``, ``a + b - c``, ``a and b``, ``elif``, ``for`` in a comprehension, ``import a.b.c``.
#: libcst's time grows with the square of it: 1 second for 1,200 links, 40 for 8,000.
MAX_CHAIN = 2_000

#: Expressions and statements in one file; libcst takes up to 4 KB for each.
MAX_NODES = 300_000

#: Brackets open at once; CPython has the same limit.
MAX_BRACKETS = 200

#: Operators that can nest within one logical line, commas apart.
MAX_OPERATORS = 8_000

_TOKEN = re.compile(
    r"""
    (?P<comment>\#[^\n]*)
  | (?P<prefix>[fFrRbBuUtT]{0,2})(?:
        '''(?P<text1>[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*)(?:'''|\Z|\\\Z)
      | \"""(?P<text2>[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*)(?:\"""|\Z|\\\Z)
      | '(?P<text3>[^'\\\n]*(?:\\.[^'\\\n]*)*)(?:'|(?=\n)|\\?\Z)
      | "(?P<text4>[^"\\\n]*(?:\\.[^"\\\n]*)*)(?:"|(?=\n)|\\?\Z)
    )
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | (?P<comma>,)
  | (?P<end>[\n;])
  | (?P<operator>[-+*/%@&|^~<>=.:]|(?:and|or|not|if|elif|else|for|await|lambda)\b)
  | (?P<statement>(?:def|class|import|return|while|with|try|except|raise|assert|del|pass|break|continue|global)\b)
  | (?:\w+|\\\n)
    """,
    re.VERBOSE | re.DOTALL,
)

_FIELD = re.compile(r"\{\{|[{(\[]|[})\]]|[-+*/%@&|^~<>=.:]|\b(?:and|or|not|if|else|for|await|lambda)\b")


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    return () if kind is ast.Constant else tuple(field for field in kind._fields if field not in _PLAIN)


#: Fields that hold no expression, statement or pattern.
_PLAIN = frozenset({"ctx", "op", "ops", "id", "attr", "arg", "name", "names", "module", "level", "type_comment", "type_ignores", "asname"})
_FIELDS = {kind: _fields(kind) for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)}

#: Nodes that have none below them.
_LEAVES = frozenset({ast.Name, ast.Constant})
_POSTFIX = (ast.Attribute, ast.Subscript, ast.Call)
#: Where a chain goes on: the field, and what it must hold.
_CHAINS: dict[type[ast.AST], tuple[str, tuple[type[ast.AST], ...]]] = {
    ast.Attribute: ("value", _POSTFIX),
    ast.Subscript: ("value", _POSTFIX),
    ast.Call: ("func", _POSTFIX),
    ast.BinOp: ("left", (ast.BinOp,)),
}


class Text(Protocol):
    """A file's text, whose lines end with ``\\n`` alone; ``path`` is relative to the project root."""

    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...


def check_tree(tree: ast.Module, source: Text) -> None:
    """Refuse (CL002) a tree with more than MAX_DEPTH levels, MAX_CHAIN links in a chain, or MAX_NODES nodes."""
    level: list[ast.AST] = [tree]
    depth = nodes = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise _refusal(source, level, f"nested too deeply: more than {MAX_DEPTH} levels")
        below: list[ast.AST] = []
        for node in level:
            links = _descend(node, below)
            if links > MAX_CHAIN:
                raise _refusal(source, [node], f"too complex: a chain of more than {MAX_CHAIN} operations")
            nodes += links
        if nodes > MAX_NODES:
            raise _refusal(source, [tree], f"too long to be parsed: more than {MAX_NODES:,} syntax nodes")
        level = below


def _descend(start: ast.AST, below: list[ast.AST]) -> int:
    """Append the nodes one level below ``start`` and the chain that begins there; return the length of the chain."""
    links = 0
    node: ast.AST | None = start
    while node is not None:
        links += 1
        kind = type(node)
        chain, kinds = _CHAINS.get(kind, ("", ()))
        following: ast.AST | None = None
        for field in _FIELDS[kind]:
            value: object = getattr(node, field)
            if type(value) is list:
                if kind is ast.If and field == "orelse" and len(value) == 1 and type(value[0]) is ast.If:
                    following = value[0]
                else:
                    below += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST):
                if field == chain and isinstance(value, kinds):
                    following = value
                elif type(value) not in _LEAVES:
                    below.append(value)
        if kind in _FLAT:
            links = max(links, _flat_length(node))
        node = following
    return links


#: Chains that ``ast`` holds flat and libcst nested.
_FLAT = frozenset({ast.BoolOp, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Import, ast.ImportFrom})


def _flat_length(node: ast.AST) -> int:
    match node:
        case ast.BoolOp():
            return len(node.values)
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return len(node.generators)
        case ast.Import():
            return max(alias.name.count(".") for alias in node.names)
        case ast.ImportFrom():
            return (node.module or "").count(".")
    return 1


def _refusal(source: Text, nodes: list[ast.AST], message: str) -> SourceError:
    place = next((node for node in nodes if isinstance(node, (ast.expr, ast.stmt))), None)
    if place is None:
        return SourceError("CL002", whole_file(source.path), message)
    column = len(source.text.split("\n")[place.lineno - 1].encode("utf-8")[: place.col_offset].decode("utf-8", "replace")) + 1
    return SourceError("CL002", Span(source.path, place.lineno, column, place.lineno, column), message)


def check_text(text: str, path: str) -> None:
    """Refuse (CL002) a text whose brackets or operators nest so deeply that a parser might run out of stack.

    For long texts, and for those that ``ast`` refused. The text need not be valid: where a string does not end, the rest of its
    line counts as string.
    """
    scan = _Scan()
    for token in _TOKEN.finditer(text):
        problem = scan.take(token)
        if problem:
            line = text.count("\n", 0, token.start()) + 1
            column = token.start() - text.rfind("\n", 0, token.start())
            raise SourceError("CL002", Span(path, line, column, line, column), problem)


class _Scan:
    """Counts, for each bracket that is open, the operators since the last comma and the lambdas (their commas do not end them)."""

    def __init__(self) -> None:
        self.operators = [0]
        self.lambdas = [0]
        self.total = 0
        self.elifs = 0

    def take(self, token: re.Match[str]) -> str | None:
        """Count one token; return what is wrong, if anything is."""
        match token.lastgroup:
            case "open":
                return self.open()
            case "close":
                self.close()
            case "comma":
                self.total -= self.operators[-1]
                self.operators[-1] = 0
            case "end":
                if len(self.operators) == 1 or token.group() == ";":
                    self.reset()
            case "statement":
                # No expression holds such a word, so whatever seemed open was misread: a bracket in a string within an f-string
                # (``f"{x.split("(")}"``), which only a full tokenizer would tell.
                self.reset()
            case "operator":
                return self.operator(token.group())
            case "text1" | "text2" | "text3" | "text4":
                if "f" in token["prefix"].lower() or "t" in token["prefix"].lower():
                    return self.template(token[token.lastgroup])
        return None

    def reset(self) -> None:
        self.operators, self.lambdas, self.total = [0], [0], 0

    def open(self) -> str | None:
        if len(self.operators) > MAX_BRACKETS:
            return f"nested too deeply: more than {MAX_BRACKETS} brackets"
        self.operators.append(0)
        self.lambdas.append(0)
        return None

    def close(self) -> None:
        if len(self.operators) > 1:
            self.total -= self.operators.pop() + self.lambdas.pop()
            self.operators[-1] += 1  # calls and subscripts are links of a chain
            self.total += 1

    def operator(self, text: str) -> str | None:
        self.total += 1
        if text == "lambda":
            self.lambdas[-1] += 1
        else:
            self.operators[-1] += 1
        self.elifs += text == "elif"
        if self.elifs > MAX_OPERATORS or self.total > MAX_OPERATORS:
            return f"too complex: more than {MAX_OPERATORS:,} operations in one expression"
        return None

    def template(self, body: str) -> str | None:
        """Count what stands in the fields of an f-string, as if it stood beside it."""
        depth = len(self.operators)
        for token in _FIELD.finditer(body):
            text = token.group()
            inside = len(self.operators) > depth
            if text == "{{" and not inside:
                continue
            if text[0] in "{([" and (inside or text[0] == "{"):
                problem = next(filter(None, [self.open() for _ in text]), None)
            elif inside and text in "})]":
                self.close()
                problem = None
            else:
                problem = self.operator(text) if inside else None
            if problem:
                return problem
        while len(self.operators) > depth:
            self.close()
        return None
