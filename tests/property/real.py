"""Runs a generated project with real Python."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import linecache
import logging
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from property import outside_sdk
from property.generated.project import PACKAGE, Project, Question

#: The folder in which the files seem to lie.
ROOT = "/generated/"


class Raised(Exception):
    """The project's own code raised ``error``."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(repr(error))
        self.error = error


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Serves the files of one project as modules."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> importlib.machinery.ModuleSpec | None:
        base = name.replace(".", "/")
        for file, package in ((f"{base}/__init__.py", True), (f"{base}.py", False)):
            if file in self.files:
                return importlib.util.spec_from_file_location(
                    name, ROOT + file, loader=self, submodule_search_locations=[base] if package else None
                )
        return None

    def get_filename(self, name: str) -> str:
        spec = self.find_spec(name, None)
        assert spec is not None and spec.origin is not None
        return spec.origin

    def get_data(self, path: str) -> bytes:
        if path.removeprefix(ROOT) not in self.files:
            raise OSError(path)  # a cached bytecode file, say
        return self.files[path.removeprefix(ROOT)].encode()


@contextmanager
def importable(project: Project) -> Iterator[None]:
    finder = _Finder(project.files)
    sys.meta_path.insert(0, finder)
    sys.modules["outside_sdk"] = outside_sdk
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(logging.NOTSET)
        sys.meta_path.remove(finder)
        del sys.modules["outside_sdk"]
        forget()


def forget() -> None:
    for name in [name for name in sys.modules if name == PACKAGE or name.startswith(PACKAGE + ".")]:
        del sys.modules[name]
    linecache.clearcache()


@dataclass
class World:
    """The project imported into a world whose unknown values depend on ``seed``, and with an odd one the order of imports.

    Raises Raised where a module's body raises.
    """

    project: Project
    seed: int

    def __post_init__(self) -> None:
        self.load()

    def load(self) -> None:
        forget()
        outside_sdk.reset(self.seed)
        self.modules: dict[str, ModuleType] = {}
        for name in self.project.modules[:: -1 if self.seed % 2 else 1]:
            try:
                self.modules[name] = importlib.import_module(name)
            except Exception as error:
                raise Raised(error) from None
        self._before = self._state()

    def ask(self, question: Question) -> object:
        """The answer to a question, put to the modules as their import left them."""
        outside_sdk.reset(self.seed * 31 + len(question.name))
        arguments = [outside_sdk.argument() for _ in range(question.arguments)]
        module = self.modules[question.module]
        try:
            if question.builder is None:
                return getattr(module, question.name)(*arguments)
            builder = getattr(module, question.builder)(self.config(question))
            return getattr(builder, question.name)(*arguments)
        except Exception as error:
            raise Raised(error) from None

    def config(self, question: Question) -> object:
        return getattr(self.modules[question.module], str(question.config))()

    def tidy(self) -> None:
        """Import anew if what was asked changed what the modules hold."""
        if self._state() != self._before:
            self.load()

    def _state(self) -> object:
        return {
            name: {key: _frozen(one) for key, one in vars(module).items() if not key.startswith("_")}
            for name, module in self.modules.items()
        }


def _frozen(value: object) -> object:
    """A copy to compare with: of containers and of what project classes hold."""
    if isinstance(value, dict):
        return [(key, _frozen(one)) for key, one in value.items()]
    if isinstance(value, (list, tuple)):
        return [_frozen(one) for one in value]
    if isinstance(value, set):
        return set(value)
    if isinstance(value, type) and value.__module__.startswith(PACKAGE):
        return {
            key: _frozen(one) for key, one in vars(value).items() if not key.startswith("_") and isinstance(one, (dict, list, set, str))
        }
    return value if isinstance(value, (str, int, bool, type(None))) else None
