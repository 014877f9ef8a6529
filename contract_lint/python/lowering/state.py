"""What one lowering carries along: places, scopes, and the index that it fills."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import TypeVar, cast
from unicodedata import normalize

import libcst as cst

from contract_lint.python.lowering.positions import UNPAIRED, Disagreement, Placed, Positions
from contract_lint.python.summary import Body, ClassIndex, Expr, Import, ImportFrom, Opaque, Stmt

#: Nesting of attributes, calls and subscripts, and of everything else; statements count too. Summaries must stay shallow:
#: msgspec recurses up to four times a level, and Python allows a thousand.
MAX_SPINE = 200
MAX_DEPTH = 150
#: Functions within functions; more than the hundred levels of indentation that Python itself allows.
MAX_FUNCTIONS = 100

ExpressionTable = dict[type[cst.CSTNode], Callable[..., Expr]]
StatementTable = dict[type[cst.CSTNode], Callable[..., "Stmt | None"]]

BlockStep = Callable[["Lowering", Iterable[cst.CSTNode], Sequence[ast.stmt], int], Body]

_A = TypeVar("_A")
_C = TypeVar("_C")


class Scope:
    """The names of one function, class, lambda, comprehension or module.

    ``inner`` are names that functions, lambdas and classes nested in it use and do not bind themselves.
    """

    __slots__ = ("bound", "generator", "global_names", "inner", "kind", "level", "nonlocal_names", "outer", "prefix", "private", "used")

    def __init__(self, kind: str, outer: Scope | None, prefix: str) -> None:
        #: The name of the class around, without leading underscores: it goes before private names.
        self.private: str = "" if outer is None else outer.private
        self.kind = kind
        self.outer = outer
        self.level: int = 0 if outer is None else outer.level + 1
        self.prefix = prefix
        self.bound: set[str] = set()
        self.used: set[str] = set()
        self.inner: set[str] = set()
        self.global_names: set[str] = set()
        self.nonlocal_names: set[str] = set()
        self.generator = False

    def own(self) -> set[str]:
        """The names that live in this scope."""
        return self.bound - self.global_names - self.nonlocal_names

    def free(self) -> set[str]:
        """The names that this scope takes from those around it."""
        own = self.own()
        inner = self.inner if self.kind == "class" else self.inner - own
        return ((self.used | self.nonlocal_names) - own | inner) - self.global_names


class Lowering:
    """The state of one run over one module; ``fallbacks`` counts the statements where libcst and ast disagreed."""

    __slots__ = (
        "at", "block", "bodies", "calls", "classes", "exact_fstrings", "expressions", "fallbacks", "imports", "module", "module_names",
        "scope", "statements", "use",
    )  # fmt: skip

    def __init__(
        self,
        module: cst.Module,
        at: Positions,
        expressions: ExpressionTable,
        statements: StatementTable,
        block: BlockStep,
        *,
        has_tree: bool,
    ) -> None:
        self.module = module
        self.at = at
        self.expressions = expressions
        self.statements = statements
        self.block = block
        # Before 3.12 the parts of an f-string are parsed apart, and ast gives them wrong places.
        self.exact_fstrings = not has_tree or sys.version_info >= (3, 12)
        self.bodies: list[Body] = []
        self.imports: list[Import | ImportFrom] = []
        self.classes: list[ClassIndex] = []
        self.calls: set[str] = set()
        self.module_names: set[str] = set()
        self.fallbacks = 0
        self.scope = Scope("module", None, "")
        #: Notes that the current scope uses a name.
        self.use: Callable[[str], None] = self.scope.used.add

    # --- scopes ---

    def enter(self, kind: str, prefix: str) -> Scope:
        scope = Scope(kind, self.scope, prefix)
        self.go_to(scope)
        return scope

    def name(self, text: str) -> str:
        """A name as Python knows it; a private one (``__x``) in a class begins with the name of the class."""
        text = identifier(text)
        private = self.scope.private
        return f"_{private}{text}" if private and text.startswith("__") and not text.endswith("__") else text

    def go_to(self, scope: Scope) -> None:
        self.scope = scope
        self.use = scope.used.add

    def leave(self, hidden: Iterable[str] = ()) -> None:
        """End a function, lambda or class; ``hidden`` are its type parameters, which nobody around it binds."""
        scope = self.scope
        outer = scope.outer
        assert outer is not None
        outer.inner |= scope.free().difference(hidden)
        self.module_names |= scope.bound & scope.global_names
        self.go_to(outer)

    def leave_comprehension(self) -> None:
        """End a comprehension, which is part of the scope around it but for its targets."""
        scope = self.scope
        outer = scope.outer
        assert outer is not None
        outer.used |= scope.used - scope.bound
        outer.inner |= scope.inner - scope.bound
        self.go_to(outer)

    def owner(self) -> Scope:
        """The scope that a walrus or ``yield`` belongs to: the nearest that is no comprehension."""
        scope = self.scope
        while scope.kind == "comprehension" and scope.outer is not None:
            scope = scope.outer
        return scope

    # --- pairing ---

    def unpaired(self, node: _A) -> _A:
        """Accept a node that is not of the expected ast class only where there is no ast."""
        if node.__class__ is UNPAIRED:
            return node
        raise Disagreement(type(node).__name__)

    def pair(self, nodes: Sequence[_C], paired: Sequence[_A]) -> Iterable[tuple[_C, _A]]:
        """Pair child nodes in order."""
        if paired.__class__ is UNPAIRED:
            return zip(nodes, repeat(cast(_A, paired)), strict=False)
        if len(nodes) != len(paired):
            raise Disagreement(f"{len(nodes)} and {len(paired)} children")
        return zip(nodes, paired, strict=True)

    def opaque(self, reason: str, node: cst.CSTNode, paired: Placed, *parts: Expr) -> Opaque:
        return Opaque(reason, parts, self.at(node, paired))

    def optional(self, node: cst.BaseExpression | None, paired: ast.expr | None, depth: int) -> Expr | None:
        if node is None:
            return None
        if paired is None:
            raise Disagreement("an optional part")
        return self.expressions[node.__class__](self, node, paired, depth)

    def lower(self, node: cst.BaseExpression, paired: ast.expr, depth: int) -> Expr:
        return self.expressions[node.__class__](self, node, paired, depth)


def identifier(text: str) -> str:
    """A name as Python knows it."""
    return text if text.isascii() else normalize("NFKC", text)
