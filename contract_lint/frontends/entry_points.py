"""Which file of the project an entry point names."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec import Struct

from contract_lint.model.contract import HOLE, Launch

#: Words shorter than this stand for too many others.
MIN_ABBREVIATION = 3


class ScriptFiles(Struct, frozen=True):
    """The files that may be scripts, by name; paths relative to the project root."""

    by_name: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, paths: Iterable[str]) -> ScriptFiles:
        found: dict[str, list[str]] = defaultdict(list)
        for path in sorted(paths):
            found[path.rpartition("/")[2]].append(path)
        return cls({name: tuple(those) for name, those in found.items()})

    def find(self, launch: Launch, builder: str) -> str | None:
        """The script that a builder's launch names; None if there is none, or one of several.

        It is sought in the source folder, then from the project root, the builder's folder and the folders above it, and last
        below them, nearest first. Where nothing is called so, one file below them whose name only shortens the words counts.
        """
        written = launch.entry_point
        if written is None or written.text is None or written.text.startswith(("s3://", "https://")):
            return None
        tail = written.text.rpartition(HOLE)[2].strip("/")
        name = tail.rpartition("/")[2]
        known = set(self.by_name.get(name, ()))
        if name and known:
            return self._by_folder(launch, tail, builder, known) or _nearest(sorted(known), tail, builder)
        return self._abbreviated(name, builder) if name.endswith(".py") else None

    def _by_folder(self, launch: Launch, tail: str, builder: str, known: set[str]) -> str | None:
        folders = ["", *_above(builder)]
        source = launch.source_dir
        if source is not None and source.known and source.text:
            folders = [posixpath.join(folder, source.text) for folder in folders] + folders
        for folder in folders:
            path = posixpath.normpath(posixpath.join(folder, tail))
            if path in known:
                return path
        return None

    def _abbreviated(self, name: str, builder: str) -> str | None:
        alike = [path for other, paths in sorted(self.by_name.items()) if _abbreviates(name, other) for path in paths]
        return _nearest(alike, "", builder)


def _above(path: str) -> list[str]:
    """The folders above a file, nearest first, the root left out."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _nearest(candidates: Sequence[str], tail: str, builder: str) -> str | None:
    """The only candidate below the nearest folder above the builder that has any."""
    fitting = [path for path in candidates if not tail or path == tail or path.endswith("/" + tail)]
    for folder in [*_above(builder), ""]:
        below = [path for path in fitting if not folder or path.startswith(folder + "/")]
        if below:
            return below[0] if len(below) == 1 else None
    return None


def _abbreviates(first: str, second: str) -> bool:
    """Whether two file names have the same words, some cut short: ``evaluation_xgb.py`` and ``evaluation_xgboost.py``."""
    if not second.endswith(".py") or first == second:
        return False
    ours, theirs = (name.removesuffix(".py").lower().replace("-", "_").split("_") for name in (first, second))
    if len(ours) != len(theirs) or len(ours) < 2:
        return False
    pairs = list(zip(ours, theirs, strict=True))
    shortened = all(a.startswith(b) or b.startswith(a) for a, b in pairs) and all(
        min(len(a), len(b)) >= MIN_ABBREVIATION for a, b in pairs if a != b
    )
    return shortened and sum(a != b for a, b in pairs) == 1
