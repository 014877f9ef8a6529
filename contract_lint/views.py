"""The views that rules look at, and how each is made from a project.

A new view is a frozen dataclass below ``View``, with a ``place`` (where a crash of a rule over it is reported), and a function in
``MAKERS``.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from contract_lint.model.contract import Contract, Launch, Mechanism, PathDeclaration, StepMade
from contract_lint.model.project import Project, RegistryLookup, UnknownFact, UnreadableFile, UnresolvedImport
from contract_lint.model.script import Script
from contract_lint.model.span import Span, whole_file


class View(ABC):
    """What a rule looks at."""

    __slots__ = ()

    @property
    @abstractmethod
    def place(self) -> Span:
        """Where a reader would look for it."""


@dataclass(frozen=True, slots=True)
class DeclarationView(View):
    """One property path given to one output, with the contracts that it is meant for (none if unknown)."""

    declaration: PathDeclaration
    owners: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.declaration.span

    @property
    def kinds(self) -> tuple[str, ...]:
        """The step kinds that the path may be resolved on; empty if one of them is not known."""
        if not all(owner.kinds for owner in self.owners):
            return ()
        return tuple(sorted({kind for owner in self.owners for kind in owner.kinds}))

    @property
    def scope(self) -> str:
        return scope_of(self.declaration)


@dataclass(frozen=True, slots=True)
class RegistrationView(View):
    """All property paths given to one output name by one mechanism, in any module of a component, sorted by place and order."""

    mechanism: Mechanism
    name: str
    declarations: tuple[PathDeclaration, ...]

    @property
    def place(self) -> Span:
        return self.declarations[0].span


@dataclass(frozen=True, slots=True)
class ContractView(View):
    """One contract."""

    contract: Contract

    @property
    def place(self) -> Span:
        return self.contract.span


@dataclass(frozen=True, slots=True)
class LaunchView(View):
    """One step that a builder makes, how it runs its script, and that script."""

    contract: Contract
    made: StepMade
    launch: Launch
    script: Script

    @property
    def place(self) -> Span:
        return self.made.span


@dataclass(frozen=True, slots=True)
class LookupView(View):
    """One key looked up in a registry of step names."""

    lookup: RegistryLookup

    @property
    def place(self) -> Span:
        return self.lookup.span


@dataclass(frozen=True, slots=True)
class ImportView(View):
    """One import of the project's own modules that leads nowhere."""

    unresolved: UnresolvedImport

    @property
    def place(self) -> Span:
        return self.unresolved.span


@dataclass(frozen=True, slots=True)
class FileView(View):
    """One file that could not be read or parsed."""

    unreadable: UnreadableFile

    @property
    def place(self) -> Span:
        return self.unreadable.span


@dataclass(frozen=True, slots=True)
class UnknownView(View):
    """One fact that stayed unknown."""

    fact: UnknownFact

    @property
    def place(self) -> Span:
        return self.fact.span


@dataclass(frozen=True, slots=True)
class ProjectView(View):
    """The whole project."""

    project: Project

    @property
    def place(self) -> Span:
        return min((contract.span for contract in self.project.contracts), default=whole_file("."))


@dataclass(frozen=True, slots=True)
class CrashView(View):
    """One rule that crashed: ``trace`` is the last line of the traceback inside the rule, ``places`` where it was looking."""

    rule: str
    name: str
    exception: str
    trace: str
    places: tuple[Span, ...]

    @property
    def place(self) -> Span:
        return self.places[0]


def scope_of(declaration: PathDeclaration) -> str:
    """The anchor's scope of a declaration: its only owner, else what holds it, else its module."""
    if len(declaration.owners) == 1:
        return declaration.owners[0]
    return declaration.scope or declaration.span.path


def views_of(kind: type[View], project: Project) -> Iterator[View]:
    """All views of one kind, in a fixed order."""
    maker = MAKERS.get(kind)
    return iter(maker(project)) if maker is not None else iter(())


def _declaration_views(project: Project) -> Iterator[View]:
    by_name: dict[str, list[Contract]] = defaultdict(list)
    holders: dict[tuple[str, PathDeclaration], list[Contract]] = defaultdict(list)
    for contract in project.contracts:
        by_name[contract.name].append(contract)
        for path in contract.paths:
            holders[contract.name, path].append(contract)
    for declaration in _declarations(project):
        owners = [holders.get((owner, declaration)) or by_name[owner] for owner in declaration.owners]
        yield DeclarationView(declaration, tuple(contract for group in owners for contract in group))


def _registration_views(project: Project) -> Iterator[View]:
    groups: dict[tuple[Mechanism, str, str], list[PathDeclaration]] = defaultdict(list)
    for declaration in _declarations(project):
        if declaration.name is not None:
            groups[declaration.mechanism, declaration.name, declaration.component].append(declaration)
    for (mechanism, name, _), declarations in sorted(groups.items()):
        yield RegistrationView(mechanism, name, tuple(declarations))


def _declarations(project: Project) -> list[PathDeclaration]:
    """Every declaration once, those that only contracts hold included, sorted by module, order and place."""
    found = dict.fromkeys(project.declarations)
    found.update(dict.fromkeys(path for contract in project.contracts for path in contract.paths))
    return sorted(found, key=lambda d: (d.span.path, d.order, d.span, d.step_type or "", d.name or ""))


def _contract_views(project: Project) -> Iterable[View]:
    return map(ContractView, sorted(project.contracts, key=lambda c: (c.span, c.name, c.class_name)))


def _launch_views(project: Project) -> Iterator[View]:
    for contract in sorted(project.contracts, key=lambda c: (c.span, c.name, c.class_name)):
        for made in contract.made:
            if made.launch is not None and made.launch.script is not None:
                yield LaunchView(contract, made, made.launch, made.launch.script)


def _lookup_views(project: Project) -> Iterable[View]:
    return map(LookupView, sorted(project.lookups, key=lambda lookup: (lookup.span, lookup.key, lookup.registry)))


def _import_views(project: Project) -> Iterable[View]:
    return map(ImportView, sorted(project.unresolved_imports, key=lambda found: (found.span, found.module, found.name or "")))


def _file_views(project: Project) -> Iterable[View]:
    return map(FileView, sorted(project.unreadable, key=lambda file: (file.span, file.rule, file.message)))


def _unknown_views(project: Project) -> Iterable[View]:
    return map(UnknownView, sorted(project.unknowns, key=lambda fact: (fact.span, fact.subject, fact.reason)))


def _project_views(project: Project) -> Iterable[View]:
    return (ProjectView(project),)


#: Crashes are no part of a project: the engine makes their views.
MAKERS: dict[type[View], Callable[[Project], Iterable[View]]] = {
    DeclarationView: _declaration_views,
    RegistrationView: _registration_views,
    ContractView: _contract_views,
    LaunchView: _launch_views,
    LookupView: _lookup_views,
    ImportView: _import_views,
    FileView: _file_views,
    UnknownView: _unknown_views,
    ProjectView: _project_views,
}
