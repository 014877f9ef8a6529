"""The abstract domain: what the evaluator can know of a Python value.

Values are immutable. Everything mutable lives in the heap: a ``Ref`` names an address, the heap maps it to a frozen object
(``DictObj``, ``ListObj``, ``InstanceObj``, ``ClassObj``, ``ForeignObj``) that is replaced when it changes, so a state can be
forked and joined without copying.

What a value claims is a *may* claim of the form "if the program gets here, the value is this" under the assumptions in
``docs/semantics.md``; ``Unknown`` claims nothing and says why.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from contract_lint.python.modules import Module
    from contract_lint.python.summary import At, Expr, FunctionDef, Lambda


class EnumAddress(Struct, frozen=True):
    """The address of an enum member; ``equals`` is the text or number that a member of a mixed enum is equal to, if that is known."""

    number: int
    equals: Const | Unknown | None


class FrozenAddress(Struct, frozen=True):
    """The address of a frozenset; ``keys`` are those of its elements if all are known: it is a key by what it holds."""

    number: int
    keys: frozenset[Key] | None


class ForeignAddress(int):
    """The address of what a call outside the project returned: it may be equal to anything. No other address has its number."""

    __slots__ = ()


class OutsideBase(Struct, frozen=True):
    """Where the heap keeps what a base class outside the project made of the instance at ``instance``."""

    instance: Hashable


#: Where a value was written: the module and the place in it.
Origin: TypeAlias = "tuple[Module, At] | None"
Address: TypeAlias = Hashable
Key: TypeAlias = Hashable

MAX_ALTERNATIVES = 12


class Compared(Struct, frozen=True, eq=False):
    """Equal to one of the same class with equal fields, of those that ``compared`` reads: where a value was written is none of them."""

    compared: ClassVar[attrgetter[object]]

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self.compared(self) == self.compared(other)

    # A struct has an ``__ne__`` of its own, which does not ask ``__eq__``.
    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.compared(self))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.compared(self)!r})"


class Const(Compared, frozen=True):
    """None, a bool, a number, a text or bytes; equal to one of the same type and value (``1`` is not ``True``).

    ``soft`` marks the default of a configuration field or parameter: its text counts, but a branch on it is not decided, since
    a caller may give another value.
    """

    compared: ClassVar = attrgetter("value")

    value: bool | int | float | str | bytes | None
    origin: Origin = None
    soft: bool = False

    def __eq__(self, other: object) -> bool:
        return type(other) is Const and self.value == other.value and type(self.value) is type(other.value)

    def __hash__(self) -> int:
        return hash(self.value)


class Text(Compared, frozen=True):
    """A text of which some parts are only known at run time; a part that is None stands for those.

    ``holes`` are what stands there, one for each such part, where it is an object from outside; it may be shorter.
    """

    compared: ClassVar = attrgetter("parts")

    parts: tuple[str | None, ...]
    origin: Origin = None
    holes: tuple[Value | None, ...] = ()

    def joined(self, hole: str) -> str:
        """The text with ``hole`` for each part that is not known."""
        return "".join(hole if part is None else part for part in self.parts)


class TupleValue(Compared, frozen=True):
    compared: ClassVar = attrgetter("items")

    items: tuple[Value, ...]
    origin: Origin = None


class Ref(Struct, frozen=True):
    """A mutable object: the heap knows its contents."""

    address: Address


class Validator(Struct, frozen=True):
    """What a pydantic decorator made of a method: ``scope`` ``model`` or ``field``, ``mode`` ``before``, ``after`` or ``wrap``.

    ``fields`` are the validated fields, ``always`` whether defaults are validated too (pydantic v1).
    """

    scope: str
    mode: str
    fields: tuple[str, ...] = ()
    always: bool = False


class FunctionValue(Struct, frozen=True):
    """A function or lambda of the project, with the variables it captured (names to heap addresses).

    ``kind`` is ``function``, ``static`` or ``class``; ``opaque`` says why its result cannot be known (a generator, an unknown
    decorator); ``owner`` is the class in whose body it stands; ``cache`` is the dict of the results that ``lru_cache`` keeps.
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
    cache: Address | None = None

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]


class BoundMethod(Struct, frozen=True):
    """``receiver.function``; the receiver is an instance, or a class for class methods."""

    function: FunctionValue
    receiver: Value


class Property(Struct, frozen=True):
    """A property of a class, read through its getter and set through its setter, if it has one.

    The first value of a ``cached`` one is kept in the instance.
    """

    getter: FunctionValue
    setter: FunctionValue | None = None
    cached: bool = False


class ModuleValue(Struct, frozen=True):
    module: Module


class External(Compared, frozen=True):
    """Something imported from outside the project, by its full dotted name, or an attribute of it."""

    compared: ClassVar = attrgetter("name")

    name: str
    origin: Origin = None


class Part(External, frozen=True, kw_only=True):
    """What is read from an object outside the project: ``whole`` is the object, ``path`` what is read of it (``.properties.ModelName``).

    A NUL character in the path stands for an index that is only known at run time. ``known`` is the constant that the object was given
    under this name.
    """

    compared: ClassVar = attrgetter("whole", "path")

    whole: Ref
    path: str
    known: Const | None = None


class Builtin(Struct, frozen=True):
    """A builtin function or type."""

    name: str


class BuiltinMethod(Struct, frozen=True):
    """A method of a builtin object: ``d.items``, ``"a".join``."""

    receiver: Value
    name: str


class Super(Struct, frozen=True):
    """``super()`` seen from ``cls``, bound to ``receiver``."""

    cls: Ref
    receiver: Value


class Namespace(Struct, frozen=True):
    """``instance.__dict__``."""

    instance: Ref


class DictView(Struct, frozen=True):
    """``d.keys()``, ``d.values()`` or ``d.items()`` (``kind``): it shows what the dict holds when it is read."""

    dict: Ref
    kind: str


class Alias(Struct, frozen=True):
    """An imported name of a module that was still being imported: it is looked up when it is used."""

    module: Module
    name: str


class Unset(Struct, frozen=True):
    """An attribute that is not set on some path; reading it falls back to the class."""


class Unknown(Compared, frozen=True):
    """Nothing is known; ``reason`` is a kebab-case code for the user."""

    compared: ClassVar = attrgetter("reason")

    reason: str
    origin: Origin = None


class OneOf(Struct, frozen=True):
    """One of several values; one of them may be an ``Unknown``."""

    values: tuple[Value, ...]


Value: TypeAlias = (
    Const | Text | TupleValue | Ref | FunctionValue | BoundMethod | Property | ModuleValue | External | Builtin | BuiltinMethod | Super
    | Namespace | DictView | Alias | Unset | Unknown | OneOf
)  # fmt: skip


# --- heap objects ---


class Entry(Compared, frozen=True):
    """One entry of a dict or set: ``must`` is false where it is present on some paths only.

    ``writers`` are the modules whose import wrote it and what each wrote, where none of them wins (empty inside functions).
    """

    compared: ClassVar = attrgetter("key", "value", "must")

    key: Value
    value: Value
    must: bool = True
    writers: tuple[tuple[Module, Value], ...] = ()


class DictObj(Compared, frozen=True):
    """A dict, set or frozenset (``kind``). ``open`` says why it may hold more entries than are listed; None if it does not.

    The entries stand in the dict's own order, unless it is ``shuffled`` or open or a set.
    """

    compared: ClassVar = attrgetter("entries", "open", "kind", "shuffled")

    entries: Mapping[Key, Entry]
    open: Unknown | None = None
    kind: str = "dict"
    origin: Origin = None
    shuffled: bool = False


class Item(Struct, frozen=True):
    value: Value
    must: bool = True


class ListObj(Compared, frozen=True):
    """A list, a tuple of unknown length, a range or an iterator (``kind``): the items in order, then, if ``open``, an unknown rest.

    In a ``shuffled`` one they come in any order, mixed with the rest.
    """

    compared: ClassVar = attrgetter("items", "open", "kind", "shuffled")

    items: tuple[Item, ...]
    open: Unknown | None = None
    kind: str = "list"
    origin: Origin = None
    shuffled: bool = False


class InstanceObj(Compared, frozen=True):
    """An instance of a project class. ``exact`` is false where it may be of a subclass (a parameter's annotation)."""

    compared: ClassVar = attrgetter("cls", "attributes", "exact")

    cls: Ref
    attributes: Mapping[str, Value]
    exact: bool = True
    origin: Origin = None


class FieldSpec(Struct, frozen=True):
    """An annotated name in a class body."""

    annotation: Expr
    module: Module
    has_value: bool


class ClassObj(Compared, frozen=True):
    """A class of the project.

    ``lineage`` (the method resolution order) starts with itself; ``open`` says why more may be inherited than is seen.
    """

    compared: ClassVar = attrgetter("name", "qualname", "module", "attributes", "fields", "bases", "lineage", "externals", "open")

    name: str
    qualname: str
    module: Module
    attributes: Mapping[str, Value]
    fields: Mapping[str, FieldSpec]
    bases: tuple[Value, ...]
    lineage: tuple[Ref, ...]
    externals: tuple[str, ...]
    open: Unknown | None
    origin: Origin = None


class ForeignObj(Compared, frozen=True):
    """What a call of something outside the project returned: its callee's name, the arguments, and attributes set since.

    ``receiver`` is the object whose method was called, or the instance of a project class of whose outside base this is. ``open`` says
    why more arguments may have been given than are listed.
    ``must`` is false where it is made on some of the paths that come to this state only.
    """

    compared: ClassVar = attrgetter("callee", "args", "kwargs", "attributes", "receiver", "open")

    callee: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    attributes: Mapping[str, Value]
    origin: Origin = None
    receiver: Value | None = None
    open: Unknown | None = None
    must: bool = True


class CellObj(Struct, frozen=True):
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


def is_soft(value: Value) -> bool:
    """Whether a constant in the value is soft."""
    return value.soft if type(value) is Const else type(value) is TupleValue and any(map(is_soft, value.items))


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
            return ("const", address.equals.value) if isinstance(address.equals, Const) else None
        if isinstance(address, FrozenAddress):
            return None if address.keys is None else ("frozenset", address.keys)
        return None if isinstance(address, ForeignAddress) else ("ref", address)
    if kind is Part and value.known is not None:  # type: ignore[union-attr]
        return ("const", value.known.value)  # type: ignore[union-attr]
    if kind is External and "()" not in value.name:  # type: ignore[union-attr]
        return ("external", value.name)  # type: ignore[union-attr]
    if kind is FunctionValue or kind is Builtin:
        return ("value", value)
    return None
