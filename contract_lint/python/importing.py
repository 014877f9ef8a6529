"""Import statements: which modules they run, and what they bind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from msgspec import Struct

from contract_lint.python import summary as ir
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.modules import Ambiguous, Missing, Module, Resolution
from contract_lint.python.values import Alias, CellObj, Const, External, ModuleValue, Origin, Unknown, Value

if TYPE_CHECKING:
    from contract_lint.python.evaluate import Evaluator


class ImportProblem(Struct, frozen=True):
    """An import of a project module that leads nowhere: the module is ``Missing``, or it lacks ``name``."""

    importer: Module
    dotted: str
    name: str | None
    at: ir.At
    missing: Missing | None
    target: Module | None
    near: tuple[str, ...]


class Imports:
    """What a universe's import statements were found to mean: ``edges`` from importer to imported, and ``problems``."""

    def __init__(self, ev: Evaluator) -> None:
        self.ev = ev
        self.problems: list[ImportProblem] = []
        self.edges: dict[Module, set[Module]] = {}
        #: Modules of which not all names are known.
        self.dynamic: set[Module] = set()

    def reaches(self, importer: Module, imported: Module) -> bool:
        """Whether ``importer`` imports ``imported``, directly or not."""
        if importer is imported:
            return True
        seen, todo = {importer}, [importer]
        while todo:
            for module in self.edges.get(todo.pop(), ()):
                if module is imported:
                    return True
                if module not in seen:
                    seen.add(module)
                    todo.append(module)
        return False

    def targets(self, importer: Module, node: ir.Import | ir.ImportFrom) -> Iterable[Resolution]:
        """What the modules that the statement names are."""
        if isinstance(node, ir.Import):
            return [self.ev.index.resolve(importer, name.name, 0) for name in node.names]
        return [self.ev.index.resolve(importer, node.module, node.level)]

    def imports_project(self, importer: Module, node: ir.Import | ir.ImportFrom) -> bool:
        """Whether the statement imports modules of this project that exist."""
        return all(isinstance(target, Module) for target in self.targets(importer, node))

    def run(self, frame: Frame, node: ir.Import) -> None:
        frame.may_raise()
        for name in node.names:
            found = self.ev.index.resolve(frame.module, name.name, 0)
            first = name.name.partition(".")[0]
            if isinstance(found, Module):
                self._link(frame.module, found)
                self.ev.ensure(found)
            elif isinstance(found, Missing):
                self._report_missing(frame, name.name, name.at, found)
            if name.alias is not None or "." not in name.name:
                value: Value = ModuleValue(found) if isinstance(found, Module) else self._outside(found, name.name, (frame.module, name.at))
            else:
                top = self.ev.index.resolve(frame.module, first, 0)
                value = ModuleValue(top) if isinstance(top, Module) else self._outside(top, first, (frame.module, name.at))
            frame.bind(name.alias or first, value)

    def _outside(self, found: object, name: str, origin: Origin) -> Value:
        if isinstance(found, Ambiguous):
            return Unknown("ambiguous-import", origin)
        if isinstance(found, Missing):
            return Unknown("missing-module", origin)
        return External(name, origin)

    def run_from(self, frame: Frame, node: ir.ImportFrom) -> None:
        frame.may_raise()
        found = self.ev.index.resolve(frame.module, node.module, node.level)
        dotted = "." * node.level + node.module
        if node.level and isinstance(found, (Module, Missing)):
            dotted = found.ident.replace("/", ".")
        if isinstance(found, Missing):
            self._report_missing(frame, dotted, node.at, found)
            if self.ev.guards:
                raise Diverges
        if not isinstance(found, Module):
            for name in node.names:
                if name.name == "*":
                    self.dynamic.add(frame.module)
                else:
                    outside = node.module if node.level == 0 else dotted
                    frame.bind(name.alias or name.name, self._outside(found, f"{outside}.{name.name}", (frame.module, name.at)))
            return
        self._link(frame.module, found)
        self.ev.ensure(found)
        for name in node.names:
            if name.name == "*":
                self._import_star(frame, found)
            else:
                frame.bind(name.alias or name.name, self._imported(frame, found, name, dotted, node.level))

    def _import_star(self, frame: Frame, module: Module) -> None:
        if module in self.dynamic or self.ev.is_running(module) or self.ev.summary_of(module) is None:
            self.dynamic.add(frame.module)
        cells = {
            str(a[1]): cell.value
            for a, cell in self.ev.root.own.items()
            if isinstance(a, tuple) and a[0] is module and isinstance(cell, CellObj)
        }
        names = [name for name in cells if not name.startswith("_")]
        if "__all__" in cells:
            listed = iterate(frame, cells["__all__"], None)
            names = [str(item.value.value) for item in listed.items if isinstance(item.value, Const)]
            if not listed.exact:
                self.dynamic.add(frame.module)
        for name in names:
            submodule = self.ev.index.submodule(module, name, frame.module)
            if name in cells:
                frame.bind(name, cells[name])
            elif submodule is not None:
                self._link(frame.module, submodule)
                self.ev.ensure(submodule)
                frame.bind(name, ModuleValue(submodule))

    def _imported(self, frame: Frame, module: Module, name: ir.ImportedName, dotted: str, level: int) -> Value:
        cell = self.ev.root.get((module, name.name))
        if isinstance(cell, CellObj):
            return cell.value
        submodule = self.ev.index.submodule(module, name.name, frame.module)
        if submodule is not None:
            self._link(frame.module, submodule)
            self.ev.ensure(submodule)
            return ModuleValue(submodule)
        if module.path is None and not level and "." not in dotted:
            # Python prefers any installed package of the name to a folder without __init__.py.
            return External(f"{dotted}.{name.name}", (frame.module, name.at))
        summary = self.ev.summary_of(module)
        if module.path is not None and summary is None:
            return Unknown("unreadable-module", (frame.module, name.at))
        if summary is not None and name.name in summary.bindings:
            return Alias(module, name.name)
        if summary is not None and self._has_dynamic_names(module, summary):
            return Unknown("star-import", (frame.module, name.at))
        bindings = summary.bindings if summary is not None else ()
        self._report_import(ImportProblem(frame.module, dotted, name.name, name.at, None, module, tuple(bindings)))
        return Unknown("missing-name", (frame.module, name.at))

    def _has_dynamic_names(self, module: Module, summary: ir.ModuleSummary) -> bool:
        return (
            module in self.dynamic or "__getattr__" in summary.bindings or bool({"globals", "exec", "setattr", "vars"} & set(summary.calls))
        )

    def _link(self, importer: Module, imported: Module) -> None:
        self.edges.setdefault(importer, set()).add(imported)

    def _report_missing(self, frame: Frame, dotted: str, at: ir.At, found: Missing) -> None:
        self._report_import(ImportProblem(frame.module, dotted, None, at, found, None, found.near))

    def _report_import(self, problem: ImportProblem) -> None:
        if not self.ev.guards:
            self.problems.append(problem)
