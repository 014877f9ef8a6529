"""One run from paths to a Report: find the root, load the configuration, analyse, apply the rules."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from contract_lint import __version__
from contract_lint.model.errors import UsageError
from contract_lint.model.finding import Severity
from contract_lint.model.project import Project
from contract_lint.model.report import Report, Tool

if TYPE_CHECKING:
    from contract_lint.analysis import Analysis
    from contract_lint.api import Rule
    from contract_lint.config import Config, LoadedConfig


class Request(Struct, frozen=True):
    """What was asked for; paths are relative to ``cwd`` (default: the process's), and none at all means the project root."""

    paths: tuple[Path, ...] = ()
    config: Config | None = None
    config_file: Path | None = None
    isolated: bool = False
    root: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    cwd: Path | None = None


class FolderSources(Struct, frozen=True):
    """The project's files as reports see them: the one place where project paths become paths of the working directory."""

    root: Path
    cwd: Path
    analysis: Analysis

    def lines(self, path: str, cell: int | None) -> Sequence[str]:
        return self.analysis.lines(path, cell)

    def shown(self, path: str) -> str:
        try:
            relative = os.path.relpath(self.root / path, self.cwd)
        except ValueError:  # another drive on Windows
            relative = str(self.root / path)
        return relative.replace(os.sep, "/")


class Reading(Struct, frozen=True):
    """What an analysis found for a request.

    ``project`` is narrowed to what was asked for, ``whole`` is all that was analysed. ``nothing`` says why there is nothing to
    check, None if there is something. ``files`` and ``skipped`` (with reasons) are project paths. ``notes`` tell what the
    configuration names in vain.
    """

    project: Project
    whole: Project
    scope: Callable[[str], bool]
    sources: FolderSources
    config: Config
    config_path: Path | None
    files: tuple[str, ...]
    skipped: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    nothing: str | None


class Run(Struct, frozen=True):
    """A report, the least severity that fails the run, and why there was nothing to check (None if there was)."""

    report: Report
    fail_on: Severity
    nothing: str | None


def lint(paths: Sequence[Path | str] = (), config: Config | None = None, *, root: Path | None = None, allow_empty: bool = False) -> Report:
    """Check the project that ``paths`` belong to, and report on these (default: on all of it).

    The configuration is ``config``, or else the nearest at or above the folder that holds all paths. Raises ContractLintError where
    nothing can be checked: a missing path, a bad configuration, or (without ``allow_empty``) no step builder in sight.
    """
    outcome = run(Request(paths=tuple(map(Path, paths)), config=config, root=root))
    if outcome.nothing is not None and not allow_empty:
        raise UsageError(outcome.nothing)
    return outcome.report


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Syntax trees are many objects and few cycles: with CPython's own thresholds a tenth of the time is spent on looking for these."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@_seldom_collecting()
def run(request: Request) -> Run:
    """Analyse and apply the rules. Raises ContractLintError for a request that cannot be met."""
    from contract_lint.engine import check
    from contract_lint.sagemaker.service_model import service_model

    _, rules = choose(request)  # a misspelt rule fails before the work begins
    reading = read(request)
    findings = check(reading.whole, rules, reading.scope).findings
    report = Report(findings, reading.project, reading.sources, Tool("contract-lint", __version__, service_model().version))
    return Run(report, reading.config.fail_on, None if findings else reading.nothing)


def choose(request: Request) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
    """All rules, and those of them that the configuration and the request select, with the severities that these give them.

    A ``select`` in the request replaces the configuration's three lists; ``ignore``, ``extend_select`` and ``severity`` alone add
    to the configuration's. Raises ConfigError for a name that stands for no rule.
    """
    from contract_lint.config import check_rules
    from contract_lint.engine import load_rules, select, with_severities

    loaded = _configuration(request)
    config = loaded.config
    every = load_rules()
    known = {rule.id: rule.name for rule in every}
    lists = {"select": config.select, "extend-select": config.extend_select, "ignore": config.ignore, "severity": config.severity}
    for key, names in lists.items():
        check_rules(names, known, key=key, file=loaded.path)  # these have a line that can be told
    every = with_severities(every, {**config.severity, **dict(request.severity)})
    if request.select:
        return every, select(every, request.select, request.ignore, request.extend_select)
    ignore, extend_select = (*config.ignore, *request.ignore), (*config.extend_select, *request.extend_select)
    return every, select(every, config.select, ignore, extend_select)


@_seldom_collecting()
def read(request: Request) -> Reading:
    """Analyse without applying rules. Raises ContractLintError for a missing path or a bad configuration."""
    from contract_lint.analysis import analyse

    loaded = _configuration(request)
    root = _root(request)
    analysis = analyse(root, list(_named(request)), loaded.config)
    sources = FolderSources(root, _cwd(request), analysis)
    return Reading(
        project=_narrowed(analysis.project, analysis.scope.in_scope),
        whole=analysis.project,
        scope=analysis.scope.in_scope,
        sources=sources,
        config=loaded.config,
        config_path=loaded.path,
        files=analysis.discovery.files,
        skipped=tuple((one.path, one.reason) for one in analysis.discovery.skipped),
        notes=tuple(_in_vain(analysis, loaded.config)),
        nothing=_nothing(analysis.project, analysis.scope.in_scope, request, sources),
    )


def _cwd(request: Request) -> Path:
    try:
        return (request.cwd or Path.cwd()).resolve()
    except OSError as error:
        raise UsageError(f"the working directory cannot be read: {error.strerror or error}") from error


def _named(request: Request) -> tuple[Path, ...]:
    """The paths asked for, absolute. Raises UsageError for those that do not exist."""
    missing = [str(path) for path in request.paths if not os.path.exists(_cwd(request) / path)]  # noqa: PTH110 (never raises)
    if missing:
        raise UsageError(f"no such file or folder: {', '.join(missing)}")
    return tuple(Path(os.path.normpath(_cwd(request) / path)) for path in request.paths)


def _configuration(request: Request) -> LoadedConfig:
    from contract_lint.config import LoadedConfig, load_config

    if request.isolated and request.config_file is not None:
        raise UsageError("--isolated and --config cannot be combined")
    if request.config is not None:
        return LoadedConfig(request.config, None)
    file = None if request.config_file is None else _cwd(request) / request.config_file
    return load_config(_root(request), config_file=file, isolated=request.isolated)


def _root(request: Request) -> Path:
    from contract_lint.sources.discover import find_root

    root = None if request.root is None else _cwd(request) / request.root
    if root is not None and not os.path.isdir(root):  # noqa: PTH112 (never raises)
        raise UsageError(f"--root: no such folder: {request.root}")
    ignored = request.isolated or request.config_file is not None  # what is not to be used is not even read
    return find_root(_named(request) or (_cwd(request),), root=root, use_config=not ignored)


def _narrowed(project: Project, scope: Callable[[str], bool]) -> Project:
    """What was asked for of all that was analysed; files were counted so already."""
    return replace(
        project,
        contracts=tuple(one for one in project.contracts if scope(one.span.path)),
        declarations=tuple(one for one in project.declarations if scope(one.span.path)),
        lookups=tuple(one for one in project.lookups if scope(one.span.path)),
        unreadable=tuple(one for one in project.unreadable if scope(one.span.path)),
        unknowns=tuple(one for one in project.unknowns if scope(one.span.path)),
        skipped=tuple(one for one in project.skipped if scope(one.span.path)),
        wirings=tuple(one for one in project.wirings if scope(one.pipeline.span.path)),
    )


def _in_vain(analysis: Analysis, config: Config) -> Iterator[str]:
    for glob in analysis.discovery.unmatched:
        yield f"exclude: '{glob}' leaves out nothing that would be read without it"
    for folder in config.src:
        if not os.path.isdir(analysis.root / folder):  # noqa: PTH112 (never raises)
            yield f"src: there is no folder '{folder}'"


def _nothing(project: Project, scope: Callable[[str], bool], request: Request, sources: FolderSources) -> str | None:
    places = [one.span for ones in (project.contracts, project.declarations, project.lookups) for one in ones]
    places += [one.span for ones in (project.declaratives, project.problems) for one in ones]
    places += [step.span for scene in project.scenes for step in scene.steps.values()]
    if any(scope(place.path) for place in places):
        return None
    looked = ", ".join(map(str, request.paths)) or sources.shown(".")
    scanned = project.coverage.scanned
    if not scanned:
        return f"nothing to check: no Python file, notebook or YAML pipeline under {looked} (contract-lint files says what was skipped)"
    unread = sum(scope(one.span.path) for one in project.unreadable)
    files = f"{scanned} file{'' if scanned == 1 else 's'}{f' ({unread} not readable)' if unread else ''}"
    what = "no step builder and no SageMaker pipeline"
    if any(scope(one.span.path) for scene in project.scenes for one in scene.pipelines):
        what = "no step builder, and no step of a SageMaker pipeline that is known,"
    return f"nothing to check: {what} in {files} under {looked} (contract-lint files says what was looked at)"
