"""Frozen copies of the SDK's objects, as they are at the end of a scene."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import zip_longest
from types import MappingProxyType

from contract_lint.frontends.sdk.elements import element_spans
from contract_lint.model.contract import HOLE
from contract_lint.model.sdk import (
    Either,
    Hidden,
    Listing,
    Literal,
    Made,
    Mapped,
    Member,
    Named,
    Pieces,
    Read,
    SdkObject,
    SdkValue,
)
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.operations_observed import outside_base
from contract_lint.python.values import (
    Address,
    BoundMethod,
    ClassObj,
    Const,
    DictObj,
    DictView,
    External,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    ListObj,
    OneOf,
    Origin,
    Part,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Unset,
    Value,
    origin_of,
)
from contract_lint.sagemaker.signatures import positional

#: The package of the SDK; what comes from elsewhere is none of ours.
SDK = "sagemaker."
#: What stands for the execution that is running is no object, but an attribute of a class.
EXECUTION_VARIABLES = frozenset(
    {"sagemaker.workflow.execution_variables.ExecutionVariables.", "sagemaker.core.workflow.execution_variables.ExecutionVariables."}
)
#: What returns the variable itself.
AS_TEXT = ".to_string"
#: Lists and dicts are copied so deep.
MAX_DEPTH = 12


class Snapshot:
    """Copies what a frame sees. ``scopes`` are the functions in which objects were made, by their addresses."""

    def __init__(self, ev: Evaluator, frame: Frame, scopes: Mapping[Address, str]) -> None:
        self._ev, self._frame, self._scopes = ev, frame, scopes
        self.objects: dict[int, SdkObject] = {}
        #: Objects that were given to calls outside of the SDK.
        self.given_away: set[int] = set()
        self._outside: set[Address] = set()
        self._copying: set[Address] = set()

    def add(self, addresses: Collection[Address]) -> tuple[int, ...]:
        """Copy the SDK's objects at these addresses; their numbers, in order."""
        found: set[int] = set()
        for address in addresses:
            obj = self._frame.heap.get(address)
            if is_sdk(obj) and isinstance(obj, ForeignObj) and self._ev.span(obj.origin) is not None:
                found.add(self._object(address, obj))
        for address in addresses if found else ():
            self._look_outside(address, self._frame.heap.get(address))
        return tuple(sorted(found))

    def value(self, value: Value, depth: int = 0) -> SdkValue:
        """The copy of a value."""
        span = self._ev.span(origin_of(value))
        if isinstance(value, OneOf):
            return Either(tuple(dict.fromkeys(self.value(one, depth + 1) for one in value.values)))
        if depth > MAX_DEPTH:
            return Hidden("nested-too-deep", span)
        if isinstance(value, Const):
            return Literal(value.value, span, value.soft)
        if isinstance(value, Text):
            return Pieces(value.parts, span, tuple(map(_shown_object, value.holes)))
        if isinstance(value, TupleValue):
            return Listing(tuple(Member(self.value(item, depth + 1)) for item in value.items), None, "tuple", span)
        if isinstance(value, Part):
            return self._read(value, span)
        if isinstance(value, External):
            return Named(value.name, "external", span)
        if isinstance(value, (FunctionValue, BoundMethod)):
            function = value.function if isinstance(value, BoundMethod) else value
            return Named(function.qualname, "function", span)
        if isinstance(value, DictView):
            return self.value(value.dict, depth + 1) if value.kind == "keys" else Hidden("dict-view", span)
        if isinstance(value, Ref):
            return self._referred(value, depth)
        return Hidden(value.reason if isinstance(value, Unknown) else type(value).__name__.lower(), span)

    def _read(self, part: Part, span: Span | None) -> SdkValue:
        obj = self._frame.heap.get(part.whole.address)
        if not isinstance(obj, ForeignObj) or not is_sdk(obj) or self._ev.span(obj.origin) is None:
            self._look_outside(part.whole.address, obj)
            return Named(part.name, "external", span)
        return Read(self._object(part.whole.address, obj), part.path.replace("\0", HOLE), span)

    def _referred(self, ref: Ref, depth: int) -> SdkValue:
        obj = self._frame.heap.get(ref.address)
        if isinstance(obj, ForeignObj):
            span = self._ev.span(obj.origin)
            if obj.callee.startswith(tuple(EXECUTION_VARIABLES)) and obj.callee.endswith(AS_TEXT):
                return Named(obj.callee.removesuffix(AS_TEXT), "external", span)
            if is_sdk(obj) and span is not None:
                return Made(self._object(ref.address, obj))
            self._look_outside(ref.address, obj)
            return Named(f"{obj.callee}()", "external", self._ev.span(self._made_of(obj)))
        if isinstance(obj, ListObj):
            members = tuple(Member(self.value(item.value, depth + 1), item.must) for item in obj.items)
            return Listing(members, obj.open.reason if obj.open is not None else None, obj.kind, self._ev.span(obj.origin))
        if isinstance(obj, DictObj):
            return self._dict(obj, depth)
        base = outside_base(self._frame, ref) if isinstance(obj, InstanceObj) else None
        if base is not None:
            return self.value(base, depth + 1)
        if isinstance(obj, (InstanceObj, ClassObj)):
            cls = self._frame.heap.get(obj.cls.address) if isinstance(obj, InstanceObj) else obj
            name = cls.name if isinstance(cls, ClassObj) else ""
            return Named(name, "instance" if isinstance(obj, InstanceObj) else "class", self._ev.span(obj.origin))
        return Hidden("unknown-object")

    def _made_of(self, obj: ForeignObj) -> Origin:
        """Where a value is known no more of which methods made the object; else where it was made itself."""
        receiver: Value | None = obj.receiver
        while isinstance(receiver, Ref):
            before = self._frame.heap.get(receiver.address)
            receiver = before.receiver if isinstance(before, ForeignObj) else None
        return receiver.origin if isinstance(receiver, Unknown) and receiver.origin is not None else obj.origin

    def _argument(self, obj: ForeignObj, name: str, value: Value) -> SdkValue:
        """The copy of an argument, with the places of the parameters that a pipeline lists."""
        found = self.value(value)
        if name != "parameters" or not obj.callee.endswith(".Pipeline") or not isinstance(found, Listing) or not isinstance(value, Ref):
            return found
        made = self._frame.heap.get(value.address)
        places = element_spans(self._ev, made.origin) if isinstance(made, ListObj) else ()
        members = (Member(one.value, one.must, span=place) for one, place in zip_longest(found.members, places[: len(found.members)]))
        return Listing(tuple(members), found.open, found.kind, found.span)

    def _look_outside(self, address: Address, obj: object) -> None:
        """Note what of the SDK a call from elsewhere was given."""
        if not isinstance(obj, ForeignObj) or is_sdk(obj) or address in self._outside:
            return
        self._outside.add(address)
        given = (*obj.args, *obj.kwargs.values(), *obj.attributes.values(), *((obj.receiver,) if obj.receiver is not None else ()))
        for value in given:
            self.given_away |= numbers_in(self.value(value))

    def _dict(self, obj: DictObj, depth: int) -> SdkValue:
        opened, span = obj.open.reason if obj.open is not None else None, self._ev.span(obj.origin)
        entries = obj.entries.values()
        if obj.kind != "dict":
            return Listing(tuple(Member(self.value(entry.key, depth + 1), entry.must) for entry in entries), opened, obj.kind, span)
        members = (Member(self.value(entry.value, depth + 1), entry.must, self.value(entry.key, depth + 1)) for entry in entries)
        return Mapped(tuple(members), opened, span)

    def _object(self, address: Address, obj: ForeignObj) -> int:
        number = int(address) if isinstance(address, int) else 0
        if number in self.objects or address in self._copying:
            return number
        self._copying.add(address)
        span = self._ev.span(obj.origin)
        assert span is not None
        head, *methods = obj.callee.split("()")
        order = positional(obj.callee) if obj.args else ()
        given = {**dict(zip(order, obj.args, strict=False)), **obj.kwargs}
        self.objects[number] = SdkObject(
            number=number,
            callee=obj.callee,
            name=head.rpartition(".")[2],
            span=span,
            arguments=MappingProxyType({name: self._argument(obj, name, value) for name, value in given.items()}),
            extra=tuple(self.value(value) for value in obj.args[len(order) :]),
            attributes=MappingProxyType({name: self.value(one) for name, one in obj.attributes.items() if not isinstance(one, Unset)}),
            method=methods[-1].removeprefix(".") if methods else None,
            receiver=self.value(obj.receiver) if obj.receiver is not None and methods else None,
            open=obj.open.reason if obj.open is not None else None,
            scope=self._scopes.get(address, ""),
            must=obj.must,
        )
        self._copying.discard(address)
        return number


def _shown_object(value: Value | None) -> str | None:
    """What tells an object apart from others, in a text that is made of it."""
    if isinstance(value, Part):
        return f"{value.whole.address}{value.path}" if "\0" not in value.path else None
    if isinstance(value, Ref):
        return str(int(value.address)) if isinstance(value.address, int) else None
    return value.name if isinstance(value, External) else None


def numbers_in(value: SdkValue) -> frozenset[int]:
    """The objects in a value: in lists and dicts, and of which something is read."""
    if isinstance(value, Made):
        return frozenset({value.number})
    if isinstance(value, Read):
        return frozenset({value.of})
    inside: list[SdkValue] = list(value.values) if isinstance(value, Either) else []
    if isinstance(value, (Listing, Mapped)):
        inside = [one for member in value.members for one in (member.key, member.value) if one is not None]
    return frozenset(number for one in inside for number in numbers_in(one))


def is_sdk(obj: object) -> bool:
    """Whether an object was made by the SDK."""
    return isinstance(obj, ForeignObj) and obj.callee.startswith(SDK)
