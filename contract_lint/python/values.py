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


#: Where a value was written: the module and the place in it.
Origin: TypeAlias = "tuple[Module, At] | None"
Address: TypeAlias = Hashable
Key: TypeAlias = Hashable

MAX_ALTERNATIVES = 12


@dataclass(frozen=True, slots=True)
class Const:
    """None, a bool, a number, a text or bytes.

    ``soft`` marks the default of a configuration field or parameter: its text counts, but a branch on it is not decided, since
    a caller may give another value.
    """

    value: bool | int | float | str | bytes | None
    origin: Origin = field(default=None, compare=False, repr=False)
    soft: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A text of which some parts are only known at run time; a part that is None stands for those."""

    parts: tuple[str | None, ...]
    origin: Origin = field(default=None, compare=False, repr=False)


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
    """A property of a class, read through its getter."""

    getter: FunctionValue


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
    | Namespace | Alias | Unset | Unknown | OneOf
)  # fmt: skip


# --- heap objects ---


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a dict or set: ``must`` is false where it is present on some paths only; ``writer`` is the module whose
    import wrote it (None inside functions)."""

    key: Value
    value: Value
    must: bool = True
    writer: Module | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DictObj:
    """A dict or set (``kind``). ``open`` says why it may hold more entries than are listed; None if it does not.

    ``extends`` is the class of a project's dict subclass, if any.
    """

    entries: Mapping[Key, Entry]
    open: Unknown | None = None
    kind: str = "dict"
    origin: Origin = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Item:
    value: Value
    must: bool = True


@dataclass(frozen=True, slots=True)
class ListObj:
    """A list, or an iterator over one (``kind``): the items in order, then, if ``open``, an unknown rest."""

    items: tuple[Item, ...]
    open: Unknown | None = None
    kind: str = "list"
    origin: Origin = field(default=None, compare=False, repr=False)


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
    """A class of the project. ``lineage`` (the method resolution order) starts with itself; ``open`` says why more may be inherited than is seen."""

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
    """What a call of something outside the project returned: its callee's name, the arguments, and attributes set since."""

    callee: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    attributes: Mapping[str, Value]
    origin: Origin = field(default=None, compare=False, repr=False)


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
        if type(first) is Const and type(second) is Const:
            if type(first.value) is not type(second.value):
                return OneOf((first, second))
            return first if first.soft or not second.soft else second
        return first
    merged: list[Value] = []
    for value in (*alternatives(first), *alternatives(second)):
        if type(value) is Unknown and any(type(v) is Unknown for v in merged):
            continue
        if not any(same(value, v) for v in merged):
            merged.append(value)
    if len(merged) == 1:
        return merged[0]
    if len(merged) > MAX_ALTERNATIVES:
        return Unknown("too-many-alternatives", origin_of(first))
    return OneOf(tuple(merged))


def same(first: Value, second: Value) -> bool:
    """Equal, and of one Python type (``1`` is not ``True``)."""
    if type(first) is Const and type(second) is Const:
        return type(first.value) is type(second.value) and first.value == second.value
    return first == second


def join_all(values: Iterator[Value] | list[Value] | tuple[Value, ...]) -> Value:
    """The join of one or more values."""
    iterator = iter(values)
    result = next(iterator)
    for value in iterator:
        result = join(result, value)
    return result


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
        return ("ref", address)
    if kind is External:
        return ("external", value.name)  # type: ignore[union-attr]
    if kind is FunctionValue or kind is Builtin:
        return ("value", value)
    return None
