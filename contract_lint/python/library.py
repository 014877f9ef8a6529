"""What some functions outside the project return, where builders and configs depend on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate, to_list
from contract_lint.python.values import Const, DictObj, ListObj, Origin, Ref, Unknown, Value

if TYPE_CHECKING:
    from contract_lint.python.calls import Arguments


def known_result(frame: Frame, name: str, arguments: Arguments, origin: Origin) -> Value | None:
    """The result of calling ``name``; None if nothing is known of it."""
    args = arguments.args
    if arguments.rest is not None or arguments.more is not None:
        return None
    if name in ("copy.copy", "copy.deepcopy") and len(args) == 1:
        return _copied(frame, args[0], origin)
    if name in ("os.path.join", "posixpath.join") and args and all(isinstance(v, Const) and isinstance(v.value, str) for v in args):
        import posixpath

        return Const(posixpath.join(*[str(v.value) for v in args if isinstance(v, Const)]), origin)
    if name in ("collections.OrderedDict", "types.MappingProxyType") and len(args) <= 1:
        return _as_dict(frame, args[0] if args else None, origin)
    if name in ("typing.cast",) and len(args) == 2:
        return args[1]
    if name in ("itertools.chain",):
        items = [item for value in args for item in iterate(frame, value, origin).items]
        opened = next((o for value in args if (o := iterate(frame, value, origin).open) is not None), None)
        return frame.new(ListObj(tuple(items), opened, "iterator")) if opened is None else to_list(frame, iterate(frame, opened, origin))
    if name.endswith((".defaultdict", ".Counter")):
        return Unknown("unmodelled-container", origin)
    return None


def _copied(frame: Frame, value: Value, origin: Origin) -> Value:
    """A copy; nested objects are shared, which is right for ``copy`` and for reading what ``deepcopy`` gave."""
    if isinstance(value, Ref):
        obj = frame.read(value)
        if isinstance(obj, (DictObj, ListObj)):
            nested = [e.value for e in obj.entries.values()] if isinstance(obj, DictObj) else [i.value for i in obj.items]
            return frame.new(obj) if not any(isinstance(v, Ref) for v in nested) else Unknown("deep-copy", origin)
        return Unknown("deep-copy", origin)
    return value


def _as_dict(frame: Frame, value: Value | None, origin: Origin) -> Value | None:
    if value is None:
        return frame.new(DictObj({}, None, "dict", origin))
    obj = frame.read(value) if isinstance(value, Ref) else None
    return frame.new(obj) if isinstance(obj, DictObj) else None
