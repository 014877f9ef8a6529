"""The module summary: what ``lower`` makes of one file, and all that ``evaluate`` ever sees of it.

A summary holds no libcst object, no path and no module name: it is a function of the file's text, so it can be stored under a
hash of its bytes and computed anywhere. Expressions and statements are small tagged structs (``msgspec``); every one that can
be pointed at carries ``at``, its place: (line, column, end line, end column), 1-based, columns in code points, end exclusive.
Left-leaning chains (``a + b + c``, ``a and b and c``) are flat lists, so that a summary is never deep.

Stored (``encode``), every body is a blob of its own, which ``decode`` leaves alone until somebody asks for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import cache
from typing import TypeAlias, TypeVar

import msgspec

from contract_lint.model.errors import ContractLintError

At: TypeAlias = tuple[int, int, int, int]
NOWHERE: At = (1, 1, 1, 1)


class Node(msgspec.Struct, frozen=True, array_like=True, tag=True, gc=False):
    """Base of every node."""


# --- expressions ---


class Const(Node, frozen=True):
    """None, a bool, an int, a float or a text; implicit concatenation is already joined."""

    value: bool | int | float | str | None
    at: At


class BigInt(Node, frozen=True):
    """An int outside 64 bits, as its decimal text."""

    digits: str
    at: At


class SurrogateText(Node, frozen=True):
    """A text with lone surrogates (``"\\ud800"``), which no UTF-8 can hold: ``data`` is UTF-8 with ``surrogatepass``."""

    data: bytes
    at: At

    @property
    def value(self) -> str:
        return self.data.decode("utf-8", "surrogatepass")


class Bytes(Node, frozen=True):
    value: bytes
    at: At


class Name(Node, frozen=True):
    id: str
    at: At


class Attribute(Node, frozen=True):
    """``value.name``; ``at`` is the whole expression, ``name_at`` the name alone."""

    value: Expr
    name: str
    at: At
    name_at: At


class Subscript(Node, frozen=True):
    """``value[key]``; a slice or a tuple of several indices is a ``Slice`` or a ``Sequence`` of kind tuple."""

    value: Expr
    key: Expr
    at: At


class Slice(Node, frozen=True):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None
    at: At


class Argument(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One argument of a call: ``name`` for keywords, ``stars`` 1 for ``*x``, 2 for ``**x``."""

    value: Expr
    name: str | None = None
    stars: int = 0


class Call(Node, frozen=True):
    func: Expr
    args: tuple[Argument, ...]
    at: At


class Formatted(Node, frozen=True):
    """A ``{value!conversion:spec}`` part of an f-string; ``conversion`` is ``""``, ``"s"``, ``"r"`` or ``"a"``.

    ``{x=}`` is lowered to the text ``"x="`` and a part with conversion ``"r"`` (unless it gives another).
    """

    value: Expr
    conversion: str
    spec: FString | None
    at: At


class FString(Node, frozen=True):
    """An f-string; parts are ``Const`` texts and ``Formatted`` values, implicit concatenation is already joined.

    Texts stand at the place of the whole f-string; so do values where Python's own places are wrong (before 3.12).
    """

    parts: tuple[Const | SurrogateText | Formatted, ...]
    at: At


class Chain(Node, frozen=True):
    """Left-associative binary operators, flat: ``a + b - c`` is first a, rest ((``+``, b), (``-``, c)). ``**`` has one pair."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]
    at: At


class Unary(Node, frozen=True):
    """``-x``, ``+x``, ``~x``, ``not x``."""

    op: str
    operand: Expr
    at: At


class BoolOp(Node, frozen=True):
    """``and`` or ``or`` over two or more operands, flat."""

    op: str
    operands: tuple[Expr, ...]
    at: At


class Compare(Node, frozen=True):
    """``a < b <= c``: first a, rest ((``<``, b), (``<=``, c)); also ``in``, ``not in``, ``is``, ``is not``."""

    first: Expr
    rest: tuple[tuple[str, Expr], ...]
    at: At


class IfExp(Node, frozen=True):
    test: Expr
    body: Expr
    orelse: Expr
    at: At


class DictItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One entry of a dict display; ``key`` is None for ``**value``."""

    key: Expr | None
    value: Expr


class Dict(Node, frozen=True):
    items: tuple[DictItem, ...]
    at: At


class Sequence(Node, frozen=True):
    """A display of kind ``list``, ``tuple`` or ``set``; elements may be ``Starred``."""

    kind: str
    items: tuple[Expr, ...]
    at: At


class Starred(Node, frozen=True):
    value: Expr
    at: At


class Clause(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One ``for target in iter if conditions`` of a comprehension."""

    target: Target
    iter: Expr
    conditions: tuple[Expr, ...]
    is_async: bool = False


class Comprehension(Node, frozen=True):
    """Of kind ``list``, ``set``, ``dict`` or ``generator``; ``value`` is given for ``dict`` only, ``element`` is then its key."""

    kind: str
    element: Expr
    value: Expr | None
    clauses: tuple[Clause, ...]
    at: At


class Walrus(Node, frozen=True):
    name: str
    value: Expr
    at: At


class Parameter(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One parameter. ``kind``: ``positional`` (only), ``plain``, ``args``, ``keyword`` (only), ``kwargs``."""

    name: str
    kind: str
    default: Expr | None
    annotation: Expr | None
    at: At


class Lambda(Node, frozen=True):
    parameters: tuple[Parameter, ...]
    body: Expr
    at: At


class Await(Node, frozen=True):
    value: Expr
    at: At


class Opaque(Node, frozen=True):
    """What is not modelled; ``reason`` is shown to the user (``yield``, ``too-deep``, …), ``parts`` are still evaluated."""

    reason: str
    parts: tuple[Expr, ...]
    at: At


Expr: TypeAlias = (
    Const | BigInt | SurrogateText | Bytes | Name | Attribute | Subscript | Slice | Call | Formatted | FString | Chain | Unary | BoolOp
    | Compare | IfExp | Dict | Sequence | Starred | Comprehension | Walrus | Lambda | Await | Opaque
)  # fmt: skip
#: What may stand left of ``=``: Name, Attribute, Subscript, Sequence (of kind tuple or list), Starred.
Target: TypeAlias = Expr


# --- statements ---


class Assign(Node, frozen=True):
    """``a = b = value``."""

    targets: tuple[Target, ...]
    value: Expr
    at: At


class AnnAssign(Node, frozen=True):
    target: Target
    annotation: Expr
    value: Expr | None
    at: At


class AugAssign(Node, frozen=True):
    """``target op= value``, with ``op`` as ``+``."""

    target: Target
    op: str
    value: Expr
    at: At


class ExprStmt(Node, frozen=True):
    value: Expr
    at: At


class Branch(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One ``if`` or ``elif``."""

    test: Expr
    body: tuple[Stmt, ...]


class If(Node, frozen=True):
    """``if`` with its ``elif`` branches, flat."""

    branches: tuple[Branch, ...]
    orelse: tuple[Stmt, ...]
    at: At


class For(Node, frozen=True):
    target: Target
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    is_async: bool
    at: At


class While(Node, frozen=True):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    at: At


class Handler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One ``except type as name``; ``type`` is None for a bare ``except``."""

    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


class Try(Node, frozen=True):
    body: tuple[Stmt, ...]
    handlers: tuple[Handler, ...]
    orelse: tuple[Stmt, ...]
    final: tuple[Stmt, ...]
    at: At


class WithItem(msgspec.Struct, frozen=True, array_like=True, gc=False):
    value: Expr
    target: Target | None


class With(Node, frozen=True):
    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    at: At


class Case(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One ``case``: ``values`` are the constants and dotted names of a pattern made of these alone (``case "a" | "b"``), else None;

    ``captures`` are the names that the pattern binds; ``irrefutable`` is true for ``case _`` and ``case name`` without a guard.
    """

    values: tuple[Expr, ...] | None
    captures: tuple[str, ...]
    guard: Expr | None
    irrefutable: bool
    body: tuple[Stmt, ...]


class Match(Node, frozen=True):
    subject: Expr
    cases: tuple[Case, ...]
    at: At


class Return(Node, frozen=True):
    value: Expr | None
    at: At


class Raise(Node, frozen=True):
    value: Expr | None
    at: At


class Assert(Node, frozen=True):
    test: Expr
    at: At


class Delete(Node, frozen=True):
    targets: tuple[Target, ...]
    at: At


class Break(Node, frozen=True):
    at: At


class Continue(Node, frozen=True):
    at: At


class ImportedName(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """``name as alias``; in ``import a.b`` the name is dotted."""

    name: str
    alias: str | None
    at: At


class Import(Node, frozen=True):
    names: tuple[ImportedName, ...]
    at: At


class ImportFrom(Node, frozen=True):
    """``from ..module import names``; ``level`` counts the dots, ``from m import *`` has the sole name ``*``."""

    module: str
    level: int
    names: tuple[ImportedName, ...]
    at: At


class FunctionDef(Node, frozen=True):
    """A function. ``body`` indexes ``ModuleSummary.bodies``.

    ``captured`` are its own variables that functions nested in it use; ``local`` all names it binds (less globals and
    nonlocals); ``at`` is the name's place.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: Expr | None
    decorators: tuple[Expr, ...]
    body: int
    local: tuple[str, ...]
    captured: tuple[str, ...]
    is_async: bool
    is_generator: bool
    at: At


class ClassDef(Node, frozen=True):
    """A class; ``arguments`` are its bases and keywords, ``at`` is the name's place."""

    name: str
    arguments: tuple[Argument, ...]
    decorators: tuple[Expr, ...]
    body: tuple[Stmt, ...]
    at: At


class Scope(Node, frozen=True):
    """``global`` or ``nonlocal`` (``kind``) names."""

    kind: str
    names: tuple[str, ...]


class Unmodelled(Node, frozen=True):
    """A statement that is not modelled; it may bind ``names``."""

    reason: str
    names: tuple[str, ...]
    at: At


Stmt: TypeAlias = (
    Assign | AnnAssign | AugAssign | ExprStmt | If | For | While | Try | With | Match | Return | Raise | Assert | Delete | Break | Continue
    | Import | ImportFrom | FunctionDef | ClassDef | Scope | Unmodelled
)  # fmt: skip
Body: TypeAlias = tuple[Stmt, ...]


# --- the module ---


class SummaryError(ContractLintError):
    """Bytes that are no summary of this version: damaged, cut short or of another shape."""


class ClassIndex(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A class: its qualified name (``Outer.Inner``, ``make.<locals>.Inner``) and its bases as dotted texts.

    ``Base[T]`` counts as ``Base``; a base that is no name (a call, ``*bases``) is None. ``at`` is the place of the class's name.
    """

    name: str
    bases: tuple[str | None, ...]
    at: At


class Bodies:
    """The module's body and those of its functions, decoded when first asked for."""

    __slots__ = ("_functions", "_module")

    def __init__(self, module: Body | bytes, functions: Iterable[Body | bytes]) -> None:
        self._module = module
        self._functions = list(functions)

    def __len__(self) -> int:
        """How many functions there are."""
        return len(self._functions)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Bodies):
            return NotImplemented
        return self.module() == other.module() and self.functions() == other.functions()

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Bodies({self.module()!r}, {self.functions()!r})"

    @property
    def pending(self) -> int:
        """How many bodies nobody has asked for yet."""
        return sum(isinstance(body, bytes) for body in (self._module, *self._functions))

    def module(self) -> Body:
        """Raise SummaryError if the stored blob has another shape."""
        if isinstance(self._module, bytes):
            self._module = _decoded(self._module, _body_decoder())
        return self._module

    def function(self, index: int) -> Body:
        """Raise SummaryError if the stored blob has another shape."""
        body = self._functions[index]
        if isinstance(body, bytes):
            body = self._functions[index] = _decoded(body, _body_decoder())
        return body

    def functions(self) -> list[Body]:
        return [self.function(index) for index in range(len(self._functions))]


class ModuleSummary(msgspec.Struct, frozen=True, eq=True):
    """One module: an index that costs little to read, and bodies.

    ``imports`` are all imports, those in functions too, in order. ``bindings`` are the names bound at module level, also
    through ``global``. ``calls`` are the last names of everything called or used as a decorator, to ask which modules
    register something. ``comments`` are (line, column, text) of the comments that contain ``contract-lint``.
    """

    imports: tuple[Import | ImportFrom, ...]
    classes: tuple[ClassIndex, ...]
    bindings: tuple[str, ...]
    calls: tuple[str, ...]
    comments: tuple[tuple[int, int, str], ...]
    bodies: Bodies

    @property
    def body(self) -> Body:
        """The statements at module level."""
        return self.bodies.module()

    def function_body(self, index: int) -> Body:
        """The body that ``FunctionDef.body`` names."""
        return self.bodies.function(index)


class _Stored(msgspec.Struct, frozen=True, array_like=True):
    imports: tuple[Import | ImportFrom, ...]
    classes: tuple[ClassIndex, ...]
    bindings: tuple[str, ...]
    calls: tuple[str, ...]
    comments: tuple[tuple[int, int, str], ...]
    module: bytes
    functions: tuple[bytes, ...]


#: Changes whenever a node does; a checksum of four bytes and the msgpack of a ``_Stored`` follow.
_MAGIC = b"CLS1"
_PREFIX = len(_MAGIC) + 4

_T = TypeVar("_T")


@cache
def _body_decoder() -> msgspec.msgpack.Decoder[Body]:
    return msgspec.msgpack.Decoder(Body)


@cache
def _stored_decoder() -> msgspec.msgpack.Decoder[_Stored]:
    return msgspec.msgpack.Decoder(_Stored)


def _decoded(data: bytes, decoder: msgspec.msgpack.Decoder[_T]) -> _T:
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise SummaryError(f"not a module summary: {error}") from error


def encode(summary: ModuleSummary) -> bytes:
    """The bytes to store."""
    pack = msgspec.msgpack.Encoder().encode
    bodies = summary.bodies
    stored = _Stored(
        summary.imports,
        summary.classes,
        summary.bindings,
        summary.calls,
        summary.comments,
        pack(bodies.module()),
        tuple(map(pack, bodies.functions())),
    )
    payload = pack(stored)
    return _MAGIC + zlib.crc32(payload).to_bytes(4, "big") + payload


def decode(data: bytes) -> ModuleSummary:
    """The summary that ``encode`` stored; its bodies stay encoded until asked for. Raise SummaryError on anything else."""
    payload = data[_PREFIX:]
    if data[: len(_MAGIC)] != _MAGIC or data[len(_MAGIC) : _PREFIX] != zlib.crc32(payload).to_bytes(4, "big"):
        raise SummaryError("not a module summary: unknown version or damaged")
    stored = _decoded(payload, _stored_decoder())
    bodies = Bodies(stored.module, stored.functions)
    return ModuleSummary(stored.imports, stored.classes, stored.bindings, stored.calls, stored.comments, bodies)
