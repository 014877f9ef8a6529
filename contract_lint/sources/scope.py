"""What is reported of all that is analysed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from contract_lint.model.errors import UsageError

_TEST_FOLDERS = frozenset({"tests", "test"})
_TEST_FILE = re.compile(r"(?:test_.*|.*_test|conftest)\.\w+", re.IGNORECASE)
#: Backups and copies. ``old``, ``bak`` and ``copy`` must end a word: ``threshold_older.py`` and ``step_copyright.py`` are neither.
_COPY = re.compile(
    r"""
    .* [_\-.\ ] backup .*
  | .* [_\-.\ ] (?:old|bak) (?: [_\-.\ (\d] .* )?
  | .* [_\-.\ ] copy (?: [_\-\ ]? [\d(] .* | \.\w+ )?
  | copy [_\-\ ] of [_\-\ ] .*
  | .* \ ? \(\d+\) (?: \.\w+ )?
    """,
    re.VERBOSE | re.IGNORECASE,
)


def shadow_component(path: str) -> str | None:
    """The component of its own that a file belongs to by its name, or that of a folder above it; None for ordinary files.

    Tests, backups and copies are such: their classes do not exist for the rest of the project. The component is the topmost
    folder or file with such a name; the test files of one folder are one component. ``path`` is relative to the root.
    """
    parts = path.split("/")
    for index, part in enumerate(parts):
        if part.lower() in _TEST_FOLDERS or _COPY.fullmatch(part):
            return "/".join(parts[: index + 1])
        if index == len(parts) - 1 and _TEST_FILE.fullmatch(part):
            return "/".join([*parts[:index], "test_*"])
    return None


class Scope(Struct, frozen=True):
    """The files whose findings are shown: those at or below ``names``, paths relative to the root (``""`` is all of it)."""

    names: tuple[str, ...]

    @classmethod
    def of(cls, root: Path, named: Iterable[Path]) -> Scope:
        """The scope of the paths on the command line; none means the whole root.

        Raises UsageError for a path that is missing or outside the root.
        """
        return cls(relative_names(root, named) or ("",))

    def in_scope(self, path: str) -> bool:
        """Whether findings in ``path`` are shown; in a test, a backup or a copy only if a path within it is named."""
        shadow = shadow_component(path)
        return any(
            (name in ("", path) or path.startswith(f"{name}/")) and (shadow is None or name == path or shadow_component(name) == shadow)
            for name in self.names
        )


def relative_names(root: Path, paths: Iterable[Path]) -> tuple[str, ...]:
    """The paths relative to ``root`` with ``/`` (``""`` is the root itself), symbolic links resolved where they lead inside.

    Raises UsageError for a path that is missing or outside.
    """
    base = root.resolve()
    names = []
    for path in paths:
        resolved = existing(path)
        place = next((way for way in (resolved, Path(os.path.abspath(path))) if way.is_relative_to(base)), None)  # noqa: PTH100 (links are kept)
        if place is None:
            raise UsageError(f"outside the project root {base}: {path}")
        names.append("" if place == base else place.relative_to(base).as_posix())
    return tuple(dict.fromkeys(names))


def existing(path: Path) -> Path:
    """The path, resolved. Raises UsageError if there is nothing."""
    try:
        return path.resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise UsageError(f"no such file or folder: {path}") from None
