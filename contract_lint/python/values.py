"""The abstract domain: what the evaluator can know of a Python value.

Values are immutable. Everything mutable lives in the heap: a ``Ref`` names an address, the heap maps it to a frozen object
(``DictObj``, ``ListObj``, ``InstanceObj``, ``ClassObj``, ``ForeignObj``) that is replaced when it changes, so a state can be
forked and joined without copying.

What a value claims is a *may* claim of the form "if the program gets here, the value is this" under the assumptions in
``docs/semantics.md``; ``Unknown`` claims nothing and says why.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from contract_lint.python.modules import Module
    from contract_lint.python.summary import At, Expr, FunctionDef, Lambda


@dataclass(frozen=True, slots=True)
class EnumAddress:
    """The address of an enum member; ``equals`` is the text or number that a member of a mixed enum is equal to."""

    number: int
    equals: Const | None


class ForeignAddress(int):
    """The address of what a call outside the project returned: it may be equal to anything. No other address has its number."""

    __slots__ = ()


#: Where a value was written: the module and the place in it.
Origin: TypeAlias = "tuple[Module, At] | None"
Address: TypeAlias = Hashable
Key: TypeAlias = Hashable

MAX_ALTERNATIVES = 12


@dataclass(frozen=True, slots=True, eq=False)
class Const:
    """None, a bool, a number, a text or bytes; equal to one of the same type and value (``1`` is not ``True``).

    ``soft`` marks the default of a configuration field or parameter: its text counts, but a branch on it is not decided, since
    a caller may give another value.
    """

    value: bool | int | float | str | bytes | None
    origin: Origin = field(default=None, repr=False)
    soft: bool = False

    def __eq__(self, other: object) -> bool:
        return type(other) is Const and self.value == other.value and type(self.value) is type(other.value)

    def __hash__(self) -> int:
        return hash(self.value)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of which some parts are only known at run time; a part that is None stands for those."""

    parts: tuple[str | None, ...]
    origin: Origin = field(default=None, compare=False, repr=False)

    def joined(self, hole: str) -> str:
        """The text with ``hole`` for each part that is not known."""
        return "".join(hole if part is None else part for part in self.parts)


@dataclass(frozen=True, slots=True)
class TupleValue:
    items: tuple[Value, ...]
    origin: Origin = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """A mutable object: the heap knows its contents."""

    address: Address


@dataclass(frozen=True, slots=True)
class Validator:
    """What a pydantic decorator made of a method: ``scope`` ``model`` or ``field``, ``mode`` ``before``, ``after`` or ``wrap``.

    ``fields`` are the validated fields, ``always`` whether defaults are validated too (pydantic v1).
    """

    scope: str
    mode: str
    fields: tuple[str, ...] = ()
    always: bool = False


@dataclass(frozen=True, slots=True)
class FunctionValue:
    """A function or lambda of the project, with the variables it captured (names to heap addresses).

    ``kind`` is ``function``, ``static`` or ``class``; ``opaque`` says why its result cannot be known (a generator, an unknown
    decorator); ``owner`` is the class in whose body it stands.
    """

    node: FunctionDef | Lambda
    module: Module
    qualname: str
    defaults: tuple[Value | None, ...]
    captured: tuple[tuple[str, Address], ...] = ()
    owner: Ref | None = None
    kind: str = "function"
    opaque: str | None = None
    validator: Validator | None = None
    abstract: bool = False

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class BoundMethod:
    """``receiver.function``; the receiver is an instance, or a class for class methods."""

    function: FunctionValue
    receiver: Value


@dataclass(frozen=True, slots=True)
class Property:
    """A property of a class, read through its getter and set through its setter, if it has one."""

    getter: FunctionValue
    setter: FunctionValue | None = None


@dataclass(frozen=True, slots=True)
class ModuleValue:
    module: Module


@dataclass(frozen=True, slots=True)
class External:
    """Something imported from outside the project, by its full dotted name, or an attribute of it."""

    name: str
    origin: Origin = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Builtin:
    """A builtin function or type."""

    name: str


@dataclass(frozen=True, slots=True)
class BuiltinMethod:
    """A method of a builtin object: ``d.items``, ``"a".join``."""

    receiver: Value
    name: str


@dataclass(frozen=True, slots=True)
class Super:
    """``super()`` seen from ``cls``, bound to ``receiver``."""

    cls: Ref
    receiver: Value


@dataclass(frozen=True, slots=True)
class Namespace:
    """``instance.__dict__``."""

    instance: Ref


@dataclass(frozen=True, slots=True)
class DictView:
    """``d.keys()``, ``d.values()`` or ``d.items()`` (``kind``): it shows what the dict holds when it is read."""

    dict: Ref
    kind: str


@dataclass(frozen=True, slots=True)
class Alias:
    """An imported name of a module that was still being imported: it is looked up when it is used."""

    module: Module
    name: str


@dataclass(frozen=True, slots=True)
class Unset:
    """An attribute that is not set on some path; reading it falls back to the class."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known; ``reason`` is a kebab-case code for the user."""

    reason: str
    origin: Origin = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several values; one of them may be an ``Unknown``."""

    values: tuple[Value, ...]


Value: TypeAlias = (
    Const | Text | TupleValue | Ref | FunctionValue | BoundMethod | Property | ModuleValue | External | Builtin | BuiltinMethod | Super
    | Namespace | DictView | Alias | Unset | Unknown | OneOf
)  # fmt: skip


# --- heap objects ---


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a dict or set: ``must`` is false where it is present on some paths only.

    ``writers`` are the modules whose import wrote it and what each wrote, where none of them wins (empty inside functions).
    """

    key: Value
    value: Value
    must: bool = True
    writers: tuple[tuple[Module, Value], ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DictObj:
    """A dict or set (``kind``). ``open`` says why it may hold more entries than are listed; None if it does not.

    The entries stand in the dict's own order, unless it is ``shuffled`` or open or a set.
    """

    entries: Mapping[Key, Entry]
    open: Unknown | None = None
    kind: str = "dict"
    origin: Origin = field(default=None, compare=False, repr=False)
    shuffled: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    value: Value
    must: bool = True


@dataclass(frozen=True, slots=True)
class ListObj:
    """A list, a tuple of unknown length, a range or an iterator (``kind``): the items in order, then, if ``open``, an unknown rest.

    In a ``shuffled`` one they come in any order, mixed with the rest.
    """

    items: tuple[Item, ...]
    open: Unknown | None = None
    kind: str = "list"
    origin: Origin = field(default=None, compare=False, repr=False)
    shuffled: bool = False


@dataclass(frozen=True, slots=True)
class InstanceObj:
    """An instance of a project class. ``exact`` is false where it may be of a subclass (a parameter's annotation)."""

    cls: Ref
    attributes: Mapping[str, Value]
    exact: bool = True
    origin: Origin = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """An annotated name in a class body."""

    annotation: Expr
    module: Module
    has_value: bool


@dataclass(frozen=True, slots=True)
class ClassObj:
    """A class of the project.

    ``lineage`` (the method resolution order) starts with itself; ``open`` says why more may be inherited than is seen.
    """

    name: str
    qualname: str
    module: Module
    attributes: Mapping[str, Value]
    fields: Mapping[str, FieldSpec]
    bases: tuple[Value, ...]
    lineage: tuple[Ref, ...]
    externals: tuple[str, ...]
    open: Unknown | None
    origin: Origin = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ForeignObj:
    """What a call of something outside the project returned: its callee's name, the arguments, and attributes set since.

    ``receiver`` is the object whose method was called; ``open`` says why more arguments may have been given than are listed.
    """

    callee: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    attributes: Mapping[str, Value]
    origin: Origin = field(default=None, compare=False, repr=False)
    receiver: Value | None = None
    open: Unknown | None = None


@dataclass(frozen=True, slots=True)
class CellObj:
    """A variable shared with nested functions."""

    value: Value


HeapObject: TypeAlias = DictObj | ListObj | InstanceObj | ClassObj | ForeignObj | CellObj

NONE = Const(None)
TRUE = Const(True)
FALSE = Const(False)
UNSET = Unset()


def alternatives(value: Value) -> tuple[Value, ...]:
    """The values that ``value`` may be: itself, or the members of a ``OneOf``."""
    return value.values if type(value) is OneOf else (value,)


def join(first: Value, second: Value) -> Value:
    """The value that is either: equal values stay one, different ones become a ``OneOf`` of at most ``MAX_ALTERNATIVES``."""
    if first is second or first == second:
        return second if type(second) is Const and second.soft else first
    if type(first) is Unknown and type(second) is Unknown:
        return first
    if type(first) is OneOf and second in first.values:
        return first
    merged: list[Value] = []
    for value in (*alternatives(first), *alternatives(second)):
        if type(value) is Unknown and any(type(v) is Unknown for v in merged):
            continue
        if value not in merged:
            merged.append(value)
    if len(merged) == 1:
        return merged[0]
    if len(merged) > MAX_ALTERNATIVES:
        return Unknown("too-many-alternatives", origin_of(first))
    return OneOf(tuple(merged))


def join_all(values: Iterator[Value] | list[Value] | tuple[Value, ...]) -> Value:
    """The join of one or more values."""
    iterator = iter(values)
    result = next(iterator)
    for value in iterator:
        result = join(result, value)
    return result


def soften(value: Value) -> Value:
    """The value with every constant soft."""
    return join_all([Const(v.value, v.origin, True) if isinstance(v, Const) else v for v in alternatives(value)])


def origin_of(value: Value) -> Origin:
    """Where the value was written, if that is known."""
    if isinstance(value, (Const, Text, TupleValue, External, Unknown)):
        return value.origin
    if isinstance(value, OneOf):
        return next((o for o in map(origin_of, value.values) if o is not None), None)
    return None


def unknown(value: Value, reason: str, origin: Origin = None) -> Unknown:
    """The ``Unknown`` that follows from using ``value``: its own reason if it has one, else ``reason``."""
    for one in alternatives(value):
        if type(one) is Unknown:
            return one
    return Unknown(reason, origin or origin_of(value))


def key_of(value: Value) -> Key | None:
    """The dict key that the value is, wrapped in a tuple so that None is free to mean "not known"."""
    kind = type(value)
    if kind is Const:
        return ("const", value.value)  # type: ignore[union-attr]
    if kind is TupleValue:
        keys = tuple(key_of(item) for item in value.items)  # type: ignore[union-attr]
        return None if None in keys else ("tuple", keys)
    if kind is Ref:
        address = value.address  # type: ignore[union-attr]
        if isinstance(address, EnumAddress) and address.equals is not None:
            return ("const", address.equals.value)
        return None if isinstance(address, ForeignAddress) else ("ref", address)
    if kind is External and "()" not in value.name:  # type: ignore[union-attr]
        return ("external", value.name)  # type: ignore[union-attr]
    if kind is FunctionValue or kind is Builtin:
        return ("value", value)
    return None
