"""Path objects and joined paths, as far as their text is known."""

from __future__ import annotations

from collections.abc import Sequence

from contract_lint.python.frame import Frame
from contract_lint.python.texts import text
from contract_lint.python.values import Const, External, ForeignObj, Origin, Ref, Text, Value

#: Classes whose instances are paths; one that is made is kept with its text as the only argument.
PATH_CLASSES = frozenset(["pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "pathlib.PurePosixPath"])

#: Methods that give the same path again.
UNMOVED = frozenset(f"{cls}().{method}" for cls in PATH_CLASSES for method in ("resolve", "absolute", "expanduser"))


def path_of(frame: Frame, value: Value) -> Value | None:
    """The text of a path or of a path object; None if the value is neither."""
    if isinstance(value, Ref):
        obj = frame.read(value)
        return obj.args[0] if isinstance(obj, ForeignObj) and obj.callee in PATH_CLASSES and len(obj.args) == 1 else None
    if isinstance(value, Text) or (isinstance(value, Const) and isinstance(value.value, str)):
        return value
    return None


def joined_path(frame: Frame, parts: Sequence[Value], origin: Origin, callee: str = "pathlib.Path") -> Value:
    """The path object of ``Path(a, b)`` or ``a / b``."""
    return frame.new_foreign(ForeignObj(callee, (path_join(frame, parts, origin),), {}, {}, origin))


def path_join(frame: Frame, parts: Sequence[Value], origin: Origin) -> Value:
    """``os.path.join(*parts)``; a part that is not known is taken for relative."""
    known = [path_of(frame, part) for part in parts]
    first = known[0]
    if len(known) == 1 and first is not None:
        return first
    pieces: list[str | None] = []
    soft = False
    for part in known:
        text_parts = (part.value,) if isinstance(part, Const) else part.parts if isinstance(part, Text) else (None,)
        soft = soft or (isinstance(part, Const) and part.soft)
        start = text_parts[0] if text_parts else None
        if isinstance(start, str) and start.startswith("/"):
            pieces = []
        elif pieces and not (pieces[-1] is not None and (pieces[-1].endswith("/") or not pieces[-1])):
            pieces.append("/")
        pieces += [piece if isinstance(piece, str) else None for piece in text_parts]
    return text(pieces, origin, soft)


def is_path(frame: Frame, value: Value) -> bool:
    """A path object, or what a method of one gave."""
    if isinstance(value, External):
        return value.name.startswith("pathlib.") and "()" in value.name
    obj = frame.read(value) if isinstance(value, Ref) else None
    return isinstance(obj, ForeignObj) and obj.callee.startswith("pathlib.")
