"""What some functions outside the project return, where builders and configs depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from contract_lint.python.copying import Copier
from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate, to_list
from contract_lint.python.journals import JournalAddress
from contract_lint.python.paths import PATH_CLASSES, UNMOVED, joined_path, path_join, path_of
from contract_lint.python.values import (
    ClassObj,
    DictObj,
    EnumAddress,
    ForeignObj,
    FrozenAddress,
    ListObj,
    Origin,
    Ref,
    Unknown,
    Value,
    alternatives,
    join_all,
)

if TYPE_CHECKING:
    from contract_lint.python.calls import Arguments


def known_result(frame: Frame, name: str, arguments: Arguments, origin: Origin, receiver: Value | None = None) -> Value | None:
    """The result of calling ``name``; None if nothing is known of it."""
    args = arguments.args
    if arguments.rest is not None or arguments.more is not None:
        return None
    if name == "copy.copy" and len(args) == 1:
        return join_all([_shallow(frame, one, origin) for one in alternatives(args[0])])
    if name == "copy.deepcopy" and len(args) == 1:
        return _deep(frame, args[0], origin)
    if name in ("os.path.join", "posixpath.join") and args:
        return path_join(frame, args, origin)
    if name in ("os.fspath", "os.path.normpath", "os.path.abspath") and len(args) == 1:
        return path_of(frame, args[0])
    if name in PATH_CLASSES and args and not arguments.kwargs:
        return joined_path(frame, args, origin, name)
    if receiver is not None and name in UNMOVED:
        return receiver
    if name.endswith("().joinpath") and name.removesuffix("().joinpath") in PATH_CLASSES and receiver is not None:
        return joined_path(frame, [receiver, *args], origin)
    if name in ("collections.OrderedDict", "types.MappingProxyType") and len(args) <= 1:
        return _as_dict(frame, args[0] if args else None, origin)
    if name in ("typing.cast",) and len(args) == 2:
        return args[1]
    if name == "itertools.chain.from_iterable" and len(args) == 1:
        found = iterate(frame, args[0], origin)
        if not found.exact:
            return frame.new(ListObj((), found.open or Unknown("unknown-iterable", origin), "iterator"))
        args = tuple(item.value for item in found.items)
    if name in ("itertools.chain", "itertools.chain.from_iterable"):
        items = [item for value in args for item in iterate(frame, value, origin).items]
        opened = next((o for value in args if (o := iterate(frame, value, origin).open) is not None), None)
        return frame.new(ListObj(tuple(items), opened, "iterator")) if opened is None else to_list(frame, iterate(frame, opened, origin))
    if name.endswith((".defaultdict", ".Counter")):
        return Unknown("unmodelled-container", origin)
    return None


def _shallow(frame: Frame, value: Value, origin: Origin) -> Value:
    """``copy.copy``: what is in the copy is shared."""
    if not isinstance(value, Ref) or isinstance(value.address, (EnumAddress, FrozenAddress)):
        return value
    obj = frame.read(value)
    if isinstance(obj, ForeignObj):
        return _outside_copy(frame, value, obj, origin)
    plain = isinstance(obj, DictObj) or (isinstance(obj, ListObj) and obj.kind != "iterator")
    return frame.new(obj) if plain else Unknown("deep-copy", origin)


def _outside_copy(frame: Frame, ref: Ref, obj: ForeignObj, origin: Origin) -> Value:
    """A new object that was made as ``obj`` was. What its methods did is known of the original alone, if there is a journal."""
    if frame.heap.get(JournalAddress(ref.address)) is not None:
        return Unknown("deep-copy", origin)
    return frame.new_foreign(obj)


def _deep(frame: Frame, value: Value, origin: Origin) -> Value:
    """``copy.deepcopy``: classes stay what they are, and of an instance nothing is known (it may have a ``__deepcopy__``)."""

    def other(copier: Copier, ref: Ref) -> Value:
        obj = copier.frame.read(ref)
        if isinstance(obj, ForeignObj):
            made = _outside_copy(copier.frame, ref, obj, origin)
            if isinstance(made, Ref):
                copier.made[ref] = made
                attributes = {name: copier.copy(one) for name, one in obj.attributes.items()}
                copier.frame.write(made.address, replace(obj, attributes=attributes))
            return made
        return ref if isinstance(obj, ClassObj) else Unknown("deep-copy", origin)

    return Copier(frame, other).copy(value)


def _as_dict(frame: Frame, value: Value | None, origin: Origin) -> Value | None:
    if value is None:
        return frame.new(DictObj({}, None, "dict", origin))
    obj = frame.read(value) if isinstance(value, Ref) else None
    return frame.new(obj) if isinstance(obj, DictObj) else None
