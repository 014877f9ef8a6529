"""The files below a folder that git does not ignore: by git itself, or by a walk that reads .gitignore files."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

#: What a hook's environment says about the repository that it runs for; it would hold for the nested ones as well.
_GIT_LOCAL = frozenset({
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE",
})  # fmt: skip


class Listing(Struct, frozen=True):
    """Files relative to the root with ``/``, unsorted; ``ignored`` are paths that git ignores, folders with a ``/`` at the end.

    ``ignores`` tells whether a folder was not entered because git ignores it or something above it.
    """

    files: tuple[str, ...]
    ignored: tuple[str, ...]
    ignores: Callable[[str], bool]


def is_repository(folder: Path) -> bool:
    """Whether a git work tree begins here (``.git`` is a file in submodules and linked work trees)."""
    return os.path.lexists(folder / ".git")


def list_by_git(root: Path, start: str, *, ignored: bool = False) -> Listing | None:
    """List the folder ``start`` below ``root`` with git; None outside a work tree, where git refuses or is missing, or where the
    folder is itself ignored. Nested repositories and submodules are listed as well.
    """
    folder = root / start
    # A folder that the repository around it ignores has no listing of its own; a repository's own top cannot be ignored by itself.
    if not is_repository(folder) and _git(folder, "check-ignore", "--quiet", "--no-index", ".") is not None:
        return None
    entries = _git(folder, "ls-files", "--cached", "--others", "--exclude-standard", "-z")
    if entries is None:
        return None
    files: list[str] = []
    left_out: list[str] = []
    if ignored:
        found = _git(folder, "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z") or ()
        left_out += (_join(start, entry) for entry in found)
    for entry in dict.fromkeys(entries):
        path = _join(start, entry.rstrip("/"))
        # ls-files gives a submodule as one entry, and an untracked repository as one that ends with a slash.
        if (root / path).is_dir() and not (root / path).is_symlink():
            inner = list_by_git(root, path, ignored=ignored) if is_repository(root / path) else None
            inner = inner or list_by_walk(root, path, lambda _: False)
            files += inner.files
            left_out += inner.ignored
        else:
            files.append(path)

    def ignores(path: str) -> bool:
        inside = next((above for above in _above(path) if above != start and is_repository(root / above)), None)
        if inside is not None and not any(file.startswith(f"{inside}/") for file in files):
            return True
        home = start if inside is None else inside
        return path != home and _git(root / home, "check-ignore", "--quiet", "--no-index", "--", _from(home, path)) is not None

    return Listing(tuple(files), tuple(left_out), ignores)


def list_by_walk(root: Path, start: str, prune: Callable[[str], bool]) -> Listing:
    """List the folder ``start`` below ``root`` without git, in sorted order; folders for which ``prune`` holds are not entered.

    .gitignore files count from the top of the work tree, or from ``start`` where there is none above it or it is itself
    ignored. No folder is entered through a symbolic link.
    """
    walk = _Walk(root, prune, [], [], set())
    walk.enter(start, [] if start else _rules_above(root))
    return Listing(tuple(walk.files), tuple(walk.ignored), lambda path: path not in walk.entered)


class _Rules(Struct, frozen=True):
    """One .gitignore file: ``folder`` is where it stands, absolute."""

    folder: str
    spec: GitIgnoreSpec


class _Walk(Struct):
    root: Path
    prune: Callable[[str], bool]
    files: list[str]
    ignored: list[str]
    entered: set[str]

    def enter(self, start: str, rules: list[_Rules]) -> None:
        pending = [(start, rules)]
        while pending:
            folder, above = pending.pop()
            self.entered.add(folder)
            place = self.root / folder
            # A repository within another has rules of its own.
            here = [*([] if folder != start and is_repository(place) else above), *_rules_in(place)]
            below: list[tuple[str, list[_Rules]]] = []
            for name, is_folder in _scan(place):
                path = _join(folder, name)
                if is_folder and self.prune(path):
                    continue
                if _is_ignored(str(place / name), is_folder, here):
                    self.ignored.append(f"{path}/" if is_folder else path)
                elif is_folder:
                    below.append((path, here))
                else:
                    self.files.append(path)
            pending += reversed(below)


def _scan(place: Path) -> list[tuple[str, bool]]:
    """The entries of a folder, sorted, each with whether it is a folder (links are not); none where it cannot be read."""
    try:
        with os.scandir(place) as entries:
            return sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        return []


def _rules_above(root: Path) -> list[_Rules]:
    """The rules in force at ``root``: those between it and the top of its work tree, the outermost first."""
    if is_repository(root):
        return list(_excluded(root))
    above = list(root.parents)
    top = next((index for index, folder in enumerate(above) if is_repository(folder)), None)
    if top is None:
        return []
    found = list(_excluded(above[top]))
    for folder in (*reversed(above[: top + 1]), root):
        # Where something ignores the root itself, it is a project of its own.
        if _is_ignored(str(folder), True, found):
            return []
        found += _rules_in(folder) if folder != root else ()
    return found


def _rules_in(folder: Path) -> Iterator[_Rules]:
    return _read_rules(folder / ".gitignore", folder)


def _excluded(top: Path) -> Iterator[_Rules]:
    return _read_rules(top / ".git" / "info" / "exclude", top)


def _read_rules(file: Path, folder: Path) -> Iterator[_Rules]:
    try:
        text = os.fsdecode(file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except OSError:
        return
    from pathspec import GitIgnoreSpec

    lines = text.replace("\r\n", "\n").split("\n")
    yield _Rules(str(folder), GitIgnoreSpec.from_lines(lines))


def _is_ignored(path: str, is_folder: bool, rules: list[_Rules]) -> bool:
    """Whether the innermost rule that says anything about a path ignores it; the folders above it are known not to be ignored."""
    for rule in reversed(rules):
        relative = os.path.relpath(path, rule.folder).replace(os.sep, "/")
        verdict = rule.spec.check_file(f"{relative}/" if is_folder else relative).include
        if verdict is not None:
            return verdict
    return False


def _git(folder: Path, *arguments: str) -> tuple[str, ...] | None:
    """The NUL-separated output of a git command; None if it fails or there is no git."""
    environment = {name: value for name, value in os.environ.items() if name not in _GIT_LOCAL}
    environment["GIT_OPTIONAL_LOCKS"] = "0"
    try:
        # fsmonitor names a program that git would run, and the repository is not to be trusted.
        command = ["git", "-C", str(folder), "-c", "core.fsmonitor=false", *arguments]
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, env=environment, check=False)
    except (OSError, ValueError):
        return None
    return tuple(os.fsdecode(done.stdout).split("\0")[:-1]) if done.returncode == 0 else None


def _join(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _from(folder: str, path: str) -> str:
    return path.removeprefix(f"{folder}/") if folder else path


def _above(path: str) -> Iterator[str]:
    """The path and the folders that hold it, the innermost first."""
    while path:
        yield path
        path = path.rpartition("/")[0]
