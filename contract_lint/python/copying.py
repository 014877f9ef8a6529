"""Copies of values: ``copy.deepcopy``, and what pydantic does with defaults and what it is given."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct, field
from msgspec.structs import replace

from contract_lint.python.frame import Frame
from contract_lint.python.values import (
    DictObj,
    Entry,
    EnumAddress,
    FrozenAddress,
    InstanceObj,
    Item,
    ListObj,
    OneOf,
    Ref,
    TupleValue,
    Value,
    join_all,
)


def shared(copier: Copier, ref: Ref) -> Value:
    """The object itself, in the copy too."""
    return ref


def with_instances(copier: Copier, ref: Ref) -> Value:
    """A copy of an instance and of what its attributes hold; anything else itself."""
    obj = copier.frame.read(ref)
    if not isinstance(obj, InstanceObj):
        return ref
    new = copier.made[ref] = copier.frame.new(obj)
    copier.frame.write(new.address, replace(obj, attributes={name: copier.copy(one) for name, one in obj.attributes.items()}))
    return new


class Copier(Struct):
    """Copies dicts, lists and tuples and what is in them; what is in there twice is copied once.

    ``others`` gives what stands in the copy for an object of another kind.
    """

    frame: Frame
    others: Callable[[Copier, Ref], Value] = shared
    made: dict[Ref, Ref] = field(default_factory=dict)

    def copy(self, value: Value) -> Value:
        self.frame.ev.tick()
        if isinstance(value, TupleValue):
            return replace(value, items=tuple(map(self.copy, value.items)))
        if isinstance(value, OneOf):
            return join_all(list(map(self.copy, value.values)))
        if not isinstance(value, Ref) or isinstance(value.address, (EnumAddress, FrozenAddress)):
            return value
        return self.made[value] if value in self.made else self._object(value)

    def _object(self, ref: Ref) -> Value:
        obj = self.frame.read(ref)
        if isinstance(obj, DictObj):
            new = self.made[ref] = self.frame.new(obj)
            entries = {key: Entry(entry.key, self.copy(entry.value), entry.must) for key, entry in obj.entries.items()}
            self.frame.write(new.address, replace(obj, entries=entries))
            return new
        if isinstance(obj, ListObj) and obj.kind != "iterator":
            new = self.made[ref] = self.frame.new(obj)
            self.frame.write(new.address, replace(obj, items=tuple(Item(self.copy(item.value), item.must) for item in obj.items)))
            return new
        return self.others(self, ref)
