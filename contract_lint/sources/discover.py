"""Which files there are to look at, and which are left out and why."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct, field

from contract_lint.model.errors import UsageError
from contract_lint.sources.config_file import find_config
from contract_lint.sources.listing import Listing, is_repository, list_by_git, list_by_walk
from contract_lint.sources.scope import existing, relative_names

PYTHON = (".py",)

_BUILD_FOLDERS = frozenset({
    "_build", "buck-out", "node_modules", ".eggs", ".tox", ".nox", ".git", ".hg", ".svn", "__pycache__", "__pypackages__",
    ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".ipynb_checkpoints", ".direnv", ".pants.d",
})  # fmt: skip


#: Folders that builds make and people too: what they hold tells, by the beginnings of the names.
_MADE_BY_BUILDS = {
    "build": ("lib", "bdist.", "temp.", "scripts-", "CMakeCache.txt", "CMakeFiles"),
    "dist": ("index.html", "assets", "bundle."),
}
_ARCHIVES = (".whl", ".tar.gz", ".zip")


class Skipped(Struct, frozen=True, order=True):
    """A file or folder that was left out; ``path`` is relative to the root."""

    path: str
    reason: str


class Discovery(Struct, frozen=True):
    """The files found, sorted, relative to ``root`` with ``/``; ``unmatched`` are the ``excludes`` that left nothing out."""

    root: Path
    files: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    unmatched: tuple[str, ...] = ()


def find_root(paths: Sequence[Path], *, root: Path | None = None, use_config: bool = True) -> Path:
    """The project root of some paths: ``root`` if given, else the folder of the nearest configuration at or above them all, else
    the nearest with ``.git``, else the folder that holds them all; without paths, of the working directory. Resolved.

    Without ``use_config`` no configuration is looked for. Raises UsageError for a missing path or one outside ``root``,
    ConfigError for a broken configuration.
    """
    places = [existing(path) for path in paths or [Path()]]
    if root is not None:
        base = existing(root)
        if not base.is_dir():
            raise UsageError(f"not a folder: {root}")
        relative_names(base, paths)
        return base
    folders = [place if place.is_dir() else place.parent for place in places]
    common = Path(os.path.commonpath(folders))
    config = find_config(common) if use_config else None
    if config is not None:
        return config.path.parent
    return next((folder for folder in (common, *common.parents) if is_repository(folder)), common)


def discover(
    root: Path,
    *,
    excludes: Sequence[str] = (),
    named: Sequence[Path] = (),
    suffixes: tuple[str, ...] = PYTHON,
    use_git: bool = True,
    list_ignored: bool = False,
) -> Discovery:
    """List the files below ``root`` whose names end in one of ``suffixes``.

    Left out are what git ignores, virtual environments, build folders, cookiecutter templates and what ``excludes`` matches (globs
    relative to the root; a folder's match takes all below it); but what is ``named`` counts all the same: a file always, a folder
    with what its own contents do not leave out. No folder is entered through a symbolic link, and a file with several names
    is listed once, by its own name if that is below the root. ``list_ignored`` adds what git ignores to ``skipped`` (a second
    call of git). Raises UsageError for a named path that is missing or outside.
    """
    base = root.resolve()
    names = relative_names(base, named)
    search = _Search(base, _Excludes(excludes), suffixes, use_git, list_ignored)
    search.enter("")
    for name in names:
        if (base / name).is_dir():
            if name and search.left_out(name):
                search.enter(name)
        else:
            search.add_named(name)
    return Discovery(base, search.unique_files(), tuple(sorted(search.skipped)), search.excludes.unmatched())


class _Excludes:
    """The globs of the configuration, and which of them have matched."""

    def __init__(self, globs: Sequence[str]) -> None:
        self.globs = tuple(dict.fromkeys(globs))
        self.used: set[str] = set()
        self.match = _glob_matcher() if self.globs else None

    def find(self, path: str, below: str) -> str | None:
        """The first glob that matches ``path``; one that takes the whole of the folder ``below`` does not count."""
        for glob in self.globs if self.match else ():
            if self.match and self.match(path, glob) and not (below and self._takes(below, glob)):
                self.used.add(glob)
                return glob
        return None

    def _takes(self, folder: str, glob: str) -> bool:
        parts = folder.split("/")
        above = ("/".join(parts[: index + 1]) for index in range(len(parts)))
        # A name that no glob can mean stands for "anything in the folder".
        return self.match is not None and any(self.match(path, glob) for path in (*above, f"{folder}/\x01"))

    def unmatched(self) -> tuple[str, ...]:
        return tuple(glob for glob in self.globs if glob not in self.used)


def _glob_matcher() -> Callable[[str, str], bool]:
    from wcmatch import glob

    flags = glob.GLOBSTAR | glob.DOTGLOB | glob.FORCEUNIX

    def match(path: str, pattern: str) -> bool:
        return bool(glob.globmatch(path, pattern.removeprefix("./").rstrip("/"), flags=flags))

    return match


class _Search(Struct):
    """One run of ``discover``."""

    base: Path
    excludes: _Excludes
    suffixes: tuple[str, ...]
    use_git: bool
    list_ignored: bool
    files: set[str] = field(default_factory=set)
    skipped: set[Skipped] = field(default_factory=set)
    folders: dict[tuple[str, str], str | None] = field(default_factory=dict)
    listing: Listing | None = None

    def enter(self, start: str) -> None:
        """List the folder ``start`` as if it were a project of its own."""

        def prune(folder: str) -> bool:
            return self._folder_reason(folder, start) is not None

        listing = list_by_git(self.base, start, ignored=self.list_ignored) if self.use_git else None
        if listing is None:
            listing = list_by_walk(self.base, start, prune)
        for path in listing.ignored:
            if path.endswith(("/", *self.suffixes)) and not self._reason(path.rstrip("/"), start):
                self.skipped.add(Skipped(path.rstrip("/"), "ignored by git"))
        for path in listing.files:
            if path.endswith(self.suffixes) and not self._reason(path, start):
                self._add(path)
        if not start:
            self.listing = listing

    def left_out(self, name: str) -> bool:
        """Whether the root's own listing does not go into the named folder."""
        linked = (self.base / name).resolve() != self.base / name
        return linked or self._reason(name, "") is not None or (self.listing is not None and self.listing.ignores(name))

    def add_named(self, name: str) -> None:
        self.files.add(name)
        self.skipped.discard(next((item for item in self.skipped if item.path == name), Skipped(name, "")))

    def unique_files(self) -> tuple[str, ...]:
        """The files, each real file once: links lose against the file itself and against links that sort before them."""
        links = sorted(path for path in self.files if (self.base / path).is_symlink())
        kept = self.files.difference(links)
        seen = {self.base / path for path in kept}
        for link in links:
            real = (self.base / link).resolve()
            if real not in seen:
                seen.add(real)
                kept.add(link)
        return tuple(sorted(kept))

    def _add(self, path: str) -> None:
        try:
            mode = (self.base / path).stat().st_mode
        except (OSError, ValueError):
            if (self.base / path).is_symlink():
                self.skipped.add(Skipped(path, "a link that leads nowhere"))
            return  # deleted in the working tree, or gone meanwhile
        if stat.S_ISREG(mode):
            self.files.add(path)
        elif not stat.S_ISDIR(mode):
            self.skipped.add(Skipped(path, "not a regular file"))

    def _reason(self, path: str, start: str) -> str | None:
        """Why a path is left out by its own name or by a folder above it, below ``start``; noted under what leaves it out."""
        parent = path.rpartition("/")[0]
        if len(parent) > len(start):
            reason = self._folder_reason(parent, start)
            if reason:
                return reason
        if (self.base / path).is_dir() and not (self.base / path).is_symlink():
            return self._folder_reason(path, start)
        reason = "a template (`{{` in its name)" if "{{" in path.rpartition("/")[2] else None
        if reason is None and (glob := self.excludes.find(path, start)):
            reason = f"excluded by '{glob}'"
        if reason:
            self.skipped.add(Skipped(path, reason))
        return reason

    def _folder_reason(self, folder: str, start: str) -> str | None:
        key = (folder, start)
        if key not in self.folders:
            parent, _, name = folder.rpartition("/")
            reason = self._folder_reason(parent, start) if len(parent) > len(start) else None
            if reason is None:
                reason = self._own_folder_reason(folder, name, start)
                if reason and name != ".git":
                    self.skipped.add(Skipped(folder, reason))
            self.folders[key] = reason
        return self.folders[key]

    def _own_folder_reason(self, folder: str, name: str, start: str) -> str | None:
        if name in _BUILD_FOLDERS or name.endswith(".egg-info") or _made_by_build(self.base / folder):
            return "a build or cache folder"
        if name == "site-packages":
            return "installed packages"
        if "{{" in name:
            return "a template (`{{` in its name)"
        place = self.base / folder
        if os.path.lexists(place / "pyvenv.cfg") or os.path.lexists(place / "conda-meta"):
            return "a virtual environment"
        glob = self.excludes.find(folder, start)
        return f"excluded by '{glob}'" if glob else None


def _made_by_build(folder: Path) -> bool:
    """Whether a folder called ``build`` or ``dist`` is what a build has made, and not the source of a project's build step."""
    beginnings = _MADE_BY_BUILDS.get(folder.name)
    if beginnings is None:
        return False
    try:
        names = [one.name for one in folder.iterdir()]
    except OSError:
        return True
    return any(name.startswith(beginnings) or name.endswith(_ARCHIVES) for name in names)
