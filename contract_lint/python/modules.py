"""The modules of a project and what an import statement in one of them means.

A module answers to every dotted suffix of its path, since nothing in the files says which folder will be on ``sys.path``; an
import takes the candidate that shares the longest folder prefix with the importer.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath
from typing import TypeAlias

from msgspec import Struct

from contract_lint.model.span import NOTEBOOK

#: Packages that are never a project's own module, whatever its folders are called.
INSTALLED = frozenset({"sagemaker", "boto3", "botocore", "pydantic", "pydantic_settings", "numpy", "pandas"}) | frozenset(
    sys.stdlib_module_names
)


class Module:
    """One module or package of the project; compared by identity.

    ``ident`` is its path without suffix (``src/steps/base``; for a package its folder); ``path`` is its file, or None for a
    folder without ``__init__.py``. ``notebook`` is the path of the notebook that it is, or that writes it.
    """

    __slots__ = ("ident", "is_package", "notebook", "path")

    def __init__(self, ident: str, path: str | None, is_package: bool, notebook: str | None = None) -> None:
        self.ident, self.path, self.is_package, self.notebook = ident, path, is_package, notebook

    @property
    def name(self) -> str:
        """The dotted name as seen from the project root."""
        return self.ident.replace("/", ".")

    @property
    def package(self) -> str:
        """The folder against which relative imports are resolved."""
        return self.ident if self.is_package else self.ident.rpartition("/")[0]

    @property
    def is_script(self) -> bool:
        """Whether it is run and never imported."""
        return self.notebook is not None and self.path == self.notebook

    def __repr__(self) -> str:
        return f"Module({self.ident!r})"


class Ambiguous(Struct, frozen=True):
    """Several modules of the project answer equally well."""

    idents: tuple[str, ...]


class Missing(Struct, frozen=True):
    """The import can only mean a module of this project, and there is none: ``near`` are the modules beside it."""

    ident: str
    near: tuple[str, ...]


class Outside(Struct, frozen=True):
    """Not a module of this project."""

    name: str


Resolution: TypeAlias = Module | Ambiguous | Missing | Outside


class ModuleIndex:
    """Answers what an import means; knows paths only, reads no file."""

    def __init__(self, paths: Iterable[str], roots: Sequence[str] = (), root_name: str = "") -> None:
        """``paths`` are the project's ``.py`` files and notebooks relative to its root, which is called ``root_name``.

        ``roots`` are the folders on ``sys.path``, if configured. Nobody imports a notebook.
        """
        self._root_name = root_name
        self._modules: dict[str, Module] = {}
        self._by_last: dict[str, list[str]] = defaultdict(list)
        self._roots = tuple(root.strip("/").removeprefix("./") for root in roots)
        self._in_notebooks: dict[str, Module] = {}
        self._written: dict[str, dict[str, Module]] = {}
        files = sorted(paths)
        for path in [path for path in files if path.endswith(NOTEBOOK)]:
            files.remove(path)
            self._in_notebooks[path] = Module(path, path, False, path)
        for path in files:
            ident, package = _ident(path)
            if ident != ".":
                self._modules[ident] = Module(ident, path, package)
        for path in files:
            for parent in PurePosixPath(path).parents:
                ident = str(parent)
                if ident != "." and (ident not in self._modules or not self._modules[ident].is_package):
                    self._modules.setdefault(ident, Module(ident, None, True))
        for ident in self._modules:
            self._by_last[ident.rpartition("/")[2]].append(ident)

    def by_path(self, path: str) -> Module:
        """The module of a file, or of a path that a notebook writes."""
        if path in self._in_notebooks:
            return self._in_notebooks[path]
        ident, package = _ident(path)
        return self._modules.get(ident) or Module(ident, path, package)

    def write(self, notebook: str, modules: Mapping[str, str]) -> list[str]:
        """Note the modules that a notebook writes, by their path in the project; they are there for it and for one another.

        Returns those that are no file of the project, each by the path that ``modules`` gives.
        """
        own = self._written.setdefault(notebook, {})
        for path, inside in sorted(modules.items()):
            ident, package = _ident(path)
            there = self._modules.get(ident)
            if there is None or there.path is None:
                own[ident] = self._in_notebooks[inside] = Module(ident, inside, package, notebook)
        written = [inside for inside in sorted(modules.values()) if inside in self._in_notebooks]
        for folder in sorted({str(above) for ident in own for above in PurePosixPath(ident).parents} - {"."}):
            if folder not in own and folder not in self._modules:
                own[folder] = Module(folder, None, True, notebook)
        return written

    def in_file(self, path: str) -> list[Module]:
        """The modules whose text stands in a file: one, or a notebook's own and those that it writes."""
        return [self.by_path(path), *(module for module in self._written.get(path, {}).values() if module.path is not None)]

    def package(self, ident: str) -> Module | None:
        """The package of a folder."""
        found = self._modules.get(ident)
        return found if found is not None and found.is_package else None

    def submodule(self, package: Module, name: str, importer: Module) -> Module | None:
        """A module of a package, as one that imports it sees it."""
        ident = f"{package.ident}/{name}"
        own = self._written.get(importer.notebook, {}) if importer.notebook is not None else {}
        return own.get(ident) or self._modules.get(ident) if package.is_package else None

    def resolve(self, importer: Module, dotted: str, level: int) -> Resolution:
        """What ``from <level dots><dotted>`` means in ``importer``; with level 0 an absolute import."""
        found = self._written_for(importer.notebook, importer, dotted, level) if importer.notebook is not None else None
        if found is not None:
            return found
        return self._relative(importer, dotted, level) if level else self._absolute(importer, dotted)

    def _written_for(self, notebook: str, importer: Module, dotted: str, level: int) -> Module | None:
        """The module that the importer's notebook writes under this name; absolute names begin in either's folder or in the root."""
        own = self._written.get(notebook, {})
        package = importer.package.split("/") if importer.package else []
        bases = ["/".join(package[: len(package) - (level - 1)])] if level else [importer.package, notebook.rpartition("/")[0], ""]
        wanted = dotted.replace(".", "/")
        return next((own[ident] for base in bases if (ident := f"{base}/{wanted}".strip("/")) in own), None)

    def _relative(self, importer: Module, dotted: str, level: int) -> Resolution:
        parts = importer.package.split("/") if importer.package else []
        if level - 1 > len(parts):
            return Outside("." * level + dotted)
        kept = parts[: len(parts) - (level - 1)]
        ident = "/".join([*kept, *(dotted.split(".") if dotted else [])])
        if not ident:
            return Outside("." * level)
        return self._modules.get(ident) or self._missing(ident)

    def _missing(self, ident: str) -> Missing:
        parent = ident.rpartition("/")[0]
        return Missing(ident, tuple(sorted(i.rpartition("/")[2] for i in self._modules if i.rpartition("/")[0] == parent)))

    def _absolute(self, importer: Module, dotted: str) -> Resolution:
        parts = dotted.split(".")
        if parts[0] in INSTALLED:
            return Outside(dotted)
        found = self._candidates(importer, parts)
        if not found and len(parts) > 1 and parts[0] == self._root_name:
            return self._below_root(importer, parts[1:])
        if len(found) == 1:
            return self._modules[found[0]]
        if found:
            return Ambiguous(tuple(found))
        for length in range(len(parts) - 1, 0, -1):
            heads = self._candidates(importer, parts[:length])
            if len(heads) == 1 and self._modules[heads[0]].path and (importer.ident + "/").startswith(heads[0] + "/"):
                return self._missing(f"{heads[0]}/{'/'.join(parts[length:])}")
            if heads:
                break
        return Outside(dotted)

    def _below_root(self, importer: Module, parts: list[str]) -> Resolution:
        """``from src.a import b`` where the root itself is the folder ``src``."""
        ident = "/".join(parts)
        if ident in self._modules:
            return self._modules[ident]
        return self._missing(ident) if parts[0] in self._modules else Outside(f"{self._root_name}.{'.'.join(parts)}")

    def _candidates(self, importer: Module, parts: list[str]) -> list[str]:
        """The modules that answer to ``parts`` and are nearest to the importer, best only; several mean a tie."""
        suffix = "/".join(parts)
        here = importer.package.split("/") if importer.package else []
        best: list[str] = []
        best_score = -1
        for ident in self._by_last.get(parts[-1], ()):
            if ident != suffix and not ident.endswith("/" + suffix):
                continue
            root = ident[: len(ident) - len(suffix)].rstrip("/")
            if not self._is_root(root, importer):
                continue
            score = _shared(ident.split("/"), here) + (1000 if root in self._roots else 0)
            if score > best_score:
                best, best_score = [ident], score
            elif score == best_score:
                best.append(ident)
        with_file = [ident for ident in best if self._modules[ident].path]
        return with_file if len(best) > 1 and with_file else best

    def _is_root(self, root: str, importer: Module) -> bool:
        """A folder that may be on ``sys.path``: one above the importer, a configured one, or one that is no package itself."""
        if not root or root in self._roots or (importer.ident + "/").startswith(root + "/"):
            return True
        module = self._modules.get(root)
        return module is None or module.path is None


def _ident(path: str) -> tuple[str, bool]:
    """The ident of the module in a file, and whether it is a package."""
    pure = PurePosixPath(path)
    return (str(pure.parent), True) if pure.name == "__init__.py" else (str(pure.with_suffix("")), False)


def _shared(first: list[str], second: list[str]) -> int:
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count
