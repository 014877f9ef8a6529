"""From files to the model: discover, parse what can matter, evaluate, and let the frontends speak.

The files that hold telling words are the starting files; whatever they import is parsed on demand, and a file that is named in any
case. Tests, backups and copies are universes of their own, and are looked at only when they are named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from contract_lint.assembly.wire import wire
from contract_lint.frontends import profile
from contract_lint.frontends.builders import Extraction, extract_builders, find_builders
from contract_lint.frontends.dag_json import SUFFIX, StepMaker, bare_step, holds_graph, json_pipeline
from contract_lint.frontends.dsl.document import PipelineDocument, is_pipeline, read_pipeline
from contract_lint.frontends.dsl.pipeline import declared_pipeline
from contract_lint.frontends.entry_points import ScriptFiles
from contract_lint.frontends.launches import LATER_HYPERPARAMETERS
from contract_lint.frontends.scripts import ScriptReader, with_scripts
from contract_lint.frontends.sdk.model import general_pipelines
from contract_lint.frontends.sdk.scenes import sdk_scenes
from contract_lint.frontends.sdk.snapshot import EXECUTION_VARIABLES, SDK
from contract_lint.frontends.sdk.steps import FUNCTION_STEPS
from contract_lint.model.contract import Launch
from contract_lint.model.errors import SourceError
from contract_lint.model.pipeline import Pipeline
from contract_lint.model.project import Coverage, DocumentProblem, Project, UnreadableFile, UnresolvedImport
from contract_lint.model.sdk import CLOCKS
from contract_lint.model.span import NOTEBOOK, Span, whole_file
from contract_lint.python.evaluate import Evaluator, ImportProblem, Options
from contract_lint.python.lower import TooDeep, lower
from contract_lint.python.modules import ModuleIndex
from contract_lint.python.parse import Parsed, check, parse, run_with_deep_stack
from contract_lint.sagemaker.step_kinds import STEP_CLASSES
from contract_lint.sources.discover import PYTHON, Discovery, discover
from contract_lint.sources.json_places import Document, load
from contract_lint.sources.notebook import Code, Notebook, read_notebook
from contract_lint.sources.read import Source, read, read_bytes
from contract_lint.sources.scope import Scope, shadow_component
from contract_lint.sources.yaml_places import YAML, compose, looks_like_steps, may_hold_steps

if TYPE_CHECKING:
    from contract_lint.config import Config
    from contract_lint.python.summary import ModuleSummary


JSON = (".json",)


class Files(Struct):
    """The files of one analysis, each read and lowered at most once.

    ``code`` is the Python of notebooks, and of the modules that they write, by its path; ``broken_cells`` are left out of it.
    """

    root: Path
    unreadable: dict[str, UnreadableFile] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    summaries: dict[str, ModuleSummary | None] = field(default_factory=dict)
    notebooks: dict[str, Notebook | None] = field(default_factory=dict)
    code: dict[str, Code] = field(default_factory=dict)
    broken_cells: list[UnreadableFile] = field(default_factory=list)
    problems: list[DocumentProblem] = field(default_factory=list)

    def source(self, path: str) -> Source | None:
        if path not in self.sources and path not in self.unreadable:
            try:
                self.sources[path] = read(self.root, path)
            except SourceError as error:
                self.unreadable[path] = UnreadableFile(error.rule, error.span, error.message)
        return self.sources.get(path)

    def summary(self, path: str) -> ModuleSummary | None:
        """The module summary; None if the file cannot be read or parsed, which is then noted."""
        if path not in self.summaries:
            self.summaries[path] = self._lower(path)
        return self.summaries[path]

    def _lower(self, path: str) -> ModuleSummary | None:
        notebook = self.notebook(path) if path.endswith(NOTEBOOK) else None
        source = self.code.get(path) or self.source(path)
        if source is None or (notebook is None and path.endswith(NOTEBOOK)):
            return None
        try:
            return lower(parse(source) if notebook is None else self._parsed(notebook))
        except SourceError as error:
            self.unreadable[path] = UnreadableFile(error.rule, self.located(error.span), error.message)
        except TooDeep:
            self.unreadable[path] = UnreadableFile("CL002", self.located(whole_file(path)), "nested too deeply to be analysed")
        return None

    def notebook(self, path: str) -> Notebook | None:
        """A notebook; None if it cannot be read, which is then noted."""
        if path not in self.notebooks:
            source = self.source(path)
            try:
                self.notebooks[path] = read_notebook(source) if source is not None else None
            except SourceError as error:
                self.unreadable[path] = UnreadableFile(error.rule, error.span, error.message)
                self.notebooks[path] = None
        return self.notebooks[path]

    def _parsed(self, notebook: Notebook) -> Parsed:
        """A notebook, less the cells that are no Python, which are noted."""
        broken = _broken_cells(notebook, check)
        self.code[notebook.path] = notebook.code(broken)
        try:
            parsed = parse(self.code[notebook.path])
        except SourceError:
            broken = _broken_cells(notebook, parse)  # what only the parser of the whole refuses
            self.code[notebook.path] = notebook.code(broken)
            parsed = parse(self.code[notebook.path])
        finally:
            self.broken_cells += broken.values()
        return parsed

    def written(self, path: str) -> Mapping[str, Code]:
        """The modules that a file writes, if it is a notebook, by their path in the project."""
        notebook = self.notebook(path) if path.endswith(NOTEBOOK) else None
        if notebook is None:
            return {}
        self.code.update((code.path, code) for code in notebook.written.values())
        return notebook.written

    def is_within(self, path: str) -> bool:
        """Whether a path is that of a module in a notebook, no file of its own."""
        return path in self.code and path != self.code[path].notebook

    def located(self, span: Span) -> Span:
        """The place in a file of a place in its text; they differ in notebooks alone."""
        code = self.code.get(span.path)
        return span if code is None else code.located(span)

    def graphs(self, paths: Iterable[str]) -> dict[str, Document]:
        """The JSON documents that hold a graph of steps; one that is called so and is none is a finding."""
        found: dict[str, Document] = {}
        for path in paths:
            source = self.source(path)
            try:
                document = load(source) if source is not None else None
            except SourceError as error:
                self.unreadable[path] = UnreadableFile(error.rule, error.span, error.message)
                continue
            if document is not None and (path.endswith(SUFFIX) or holds_graph(document)):
                found[path] = document
        return found

    def pipelines(self, documents: Iterable[Document], make: StepMaker) -> tuple[Pipeline, ...]:
        """The pipelines of documents; one of another shape is a finding."""
        found: list[Pipeline] = []
        for document in documents:
            try:
                found.append(json_pipeline(document, make))
            except SourceError as error:
                self.unreadable[document.source.path] = UnreadableFile(error.rule, error.span, error.message)
        return tuple(found)

    def declared(self, paths: Iterable[str], named: Collection[str]) -> dict[str, PipelineDocument]:
        """The YAML documents that are pipelines, and those that are named: of other YAML nothing is said."""
        found: dict[str, PipelineDocument] = {}
        for path in paths:
            meant = path in named
            try:
                data = read_bytes(self.root, path)
                if not meant and not may_hold_steps(data):
                    continue
                meant = meant or looks_like_steps(data)
                source = read(self.root, path)
            except SourceError as error:
                if meant:
                    self.unreadable[path] = UnreadableFile(error.rule, error.span, error.message)
                continue
            try:
                document = compose(source)
            except SourceError as error:
                if meant:
                    self.sources[path] = source
                    self.problems.append(DocumentProblem(error.rule, error.span, "document", error.message))
                continue
            if path in named or is_pipeline(document):
                self.sources[path] = source
                found[path] = read_pipeline(document)
                self.problems += found[path].problems
        return found

    def telling(self, path: str, words: Sequence[bytes]) -> bool:
        """Whether the file's bytes hold one of the words; a file that cannot be opened is a finding, if it is in scope."""
        try:
            data = read_bytes(self.root, path)
        except SourceError as error:
            self.unreadable[path] = UnreadableFile(error.rule, error.span, error.message)
            return False
        return any(word in data for word in words)


def _broken_cells(notebook: Notebook, judge: Callable[[Code], object]) -> dict[int, UnreadableFile]:
    """The cells that ``judge`` refuses, by number."""
    broken: dict[int, UnreadableFile] = {}
    for cell in notebook.cells:
        try:
            judge(cell.code)
        except SourceError as error:
            broken[cell.number] = UnreadableFile(error.rule, cell.code.located(error.span), error.message)
    return broken


class Analysis(Struct, frozen=True):
    """What was found below a root. ``project`` holds all that was analysed; ``scope`` says what is reported."""

    root: Path
    project: Project
    scope: Scope
    discovery: Discovery
    files: Files

    def lines(self, path: str, cell: int | None = None) -> Sequence[str]:
        """The lines of a project file, or of a notebook's cell; none if they cannot be read."""
        if cell is not None:
            notebook = self.files.notebook(path)
            return notebook.lines(cell) if notebook is not None else ()
        source = self.files.source(path)
        return source.lines if source is not None else ()


def analyse(root: Path, named: Sequence[Path], config: Config) -> Analysis:
    """Analyse the project below ``root``; ``named`` are the paths asked for (none: the root).

    Raises UsageError for a path that does not exist.
    """
    return run_with_deep_stack(partial(_analyse, root, list(named), config))


def _analyse(root: Path, named: list[Path], config: Config) -> Analysis:
    listed = discover(root, named=named, excludes=config.exclude, suffixes=(*PYTHON, NOTEBOOK, SUFFIX, *YAML))
    scope = Scope.of(root, named)
    files = Files(root)
    yamls = [path for path in listed.files if path.endswith(YAML) and (shadow_component(path) is None or scope.in_scope(path))]
    declared = files.declared(yamls, scope.names)
    found = _without_foreign(listed, {*declared, *files.unreadable, *(problem.span.path for problem in files.problems)})
    words = [word.encode() for word in (*profile.TELLING_WORDS, *config.builder_bases)]
    universes: dict[str, list[str]] = defaultdict(list)
    scanned = 0
    python = [path for path in found.files if not path.endswith((*JSON, *YAML))]
    graphs = files.graphs(path for path in found.files if path.endswith(JSON) and (shadow_component(path) is None or scope.in_scope(path)))
    for path in found.files:
        scanned += scope.in_scope(path)
    index = ModuleIndex(python, config.src, found.root.name)
    for path in python:
        shadow = shadow_component(path)
        if (shadow is None or scope.in_scope(path)) and files.telling(path, words):
            universes[shadow or ""] += _with_written(index, files, path, words)
        elif path in scope.names and path.endswith((*PYTHON, NOTEBOOK)):
            for module in _with_written(index, files, path, None):
                files.summary(module)  # for its syntax errors: who names a file wants to know
    base_names = frozenset(config.builder_bases)
    problems: list[ImportProblem] = []
    extractions: list[Extraction] = []
    for shadow, starting in sorted(universes.items()):
        documents = [graphs.pop(path) for path in list(graphs) if (shadow_component(path) or "") == shadow]
        pipelines = [declared.pop(path) for path in list(declared) if (shadow_component(path) or "") == shadow]
        ev = _evaluate(index, files, starting)
        candidates = [path for path in python if (shadow_component(path) or "") == shadow]
        starting += _load_users(ev, files, candidates, base_names)
        extractions.append(_extract(ev, base_names, shadow, starting, documents, pipelines, files))
        problems += ev.import_problems
    extractions = _with_scripts(ScriptReader(index, files.summary, files.located), python, extractions, files)
    extractions.append(_with_declared(Extraction(pipelines=files.pipelines(graphs.values(), bare_step)), declared.values(), bare_step))
    return Analysis(root, _project(files, scope, extractions, problems, scanned), scope, found, files)


def _with_written(index: ModuleIndex, files: Files, path: str, words: Sequence[bytes] | None) -> list[str]:
    """A file, and of the modules that it writes, if it is a notebook, those that hold one of the words (None: all)."""
    written = files.written(path)
    inside = index.write(path, {module: code.path for module, code in written.items()}) if written else ()
    telling = [word.decode() for word in words] if words is not None else [""]
    return [path, *(module for module in inside if any(word in files.code[module].text for word in telling))]


def _evaluate(index: ModuleIndex, files: Files, starting: Sequence[str]) -> Evaluator:
    """Run the starting modules, and the packages that hold them."""
    watched = frozenset({*profile.REGISTERING_CALLS, LATER_HYPERPARAMETERS, profile.CREATE_STEP})
    options = Options(
        watched_calls=watched,
        answered_calls=frozenset({profile.CREATE_STEP}),
        watched_dicts=profile.STEP_NAME_REGISTRIES,
        absent_mappings=frozenset(profile.CONTRACT_METHODS),
        journaled_classes=profile.DAG_CLASSES,
        journaled_methods=frozenset({profile.ADD_NODE, profile.ADD_EDGE}),
        observed_objects=frozenset({SDK, *CLOCKS}),
        observed_names=EXECUTION_VARIABLES,
        true_classes=STEP_CLASSES,
        kept_decorators=frozenset(FUNCTION_STEPS),
    )
    ev = Evaluator(index, files.summary, options, files.located)
    for path in starting:
        ev.load(path)
    for package in sorted({path.rpartition("/")[0] for path in starting}):
        ev.load_package(package)
    return ev


def _load_users(ev: Evaluator, files: Files, candidates: Sequence[str], base_names: frozenset[str]) -> list[str]:
    """Run the files that name a builder class and that nothing has imported yet: they may map or register builders."""
    names = [builder.cls.name.encode() for builder in find_builders(ev, base_names)[0]]
    loaded = {module.path for module in ev.modules()}
    naming = [path for path in candidates if path not in loaded and files.telling(path, names)]
    users = [module for path in naming for module in _with_written(ev.index, files, path, names)]
    for path in users:
        ev.load(path)
    return users


def _extract(
    ev: Evaluator,
    base_names: frozenset[str],
    shadow: str,
    starting: Sequence[str],
    documents: Sequence[Document],
    declared: Sequence[PipelineDocument],
    files: Files,
) -> Extraction:
    """What the frontends find in a universe; of what a shadow universe imports, the main one speaks."""
    modules = [ev.index.by_path(path) for path in starting]
    code = extract_builders(ev, base_names, modules)
    scenes = sdk_scenes(ev, code.classes, modules, code.ends)
    found = code.found
    known = {pipeline.span for pipeline in found.pipelines}
    plain = [one for one in general_pipelines(scenes) if one.span not in known and one.steps]
    found = replace(found, pipelines=(*found.pipelines, *files.pipelines(documents, code.nodes.by_name), *plain), scenes=scenes)
    found = _with_declared(found, declared, code.nodes.by_name)
    if not shadow:
        return found
    return replace(
        found,
        contracts=tuple(c for c in found.contracts if shadow_component(c.span.path) == shadow),
        declarations=tuple(d for d in found.declarations if shadow_component(d.span.path) == shadow),
        lookups=tuple(one for one in found.lookups if shadow_component(one.span.path) == shadow),
        skipped=tuple(s for s in found.skipped if shadow_component(s.span.path) == shadow),
        unknowns=tuple(u for u in found.unknowns if shadow_component(u.span.path) == shadow),
        builder_maps=tuple(m for m in found.builder_maps if shadow_component(m.span.path) == shadow),
        duplicates=tuple(d for d in found.duplicates if shadow_component(d.span.path) == shadow),
        references=tuple(one for one in found.references if shadow_component(one.span.path) == shadow),
        pipelines=tuple(one for one in found.pipelines if shadow_component(one.span.path) == shadow),
        scenes=tuple(one for one in found.scenes if shadow_component(one.path) == shadow),
    )


def _without_foreign(found: Discovery, ours: Collection[str]) -> Discovery:
    """What was discovered, less the YAML that has nothing to do with pipelines."""
    files = tuple(path for path in found.files if path in ours or not path.endswith(YAML))
    return replace(found, files=files, skipped=tuple(one for one in found.skipped if not one.path.endswith(YAML)))


def _with_declared(found: Extraction, documents: Iterable[PipelineDocument], make: StepMaker) -> Extraction:
    """The extraction with the pipelines that are written as data; their types are names of its builders."""
    pipelines = [declared_pipeline(document, make, found.contracts) for document in documents if document.steps]
    return replace(
        found,
        pipelines=(*found.pipelines, *(one.pipeline for one in pipelines)),
        references=(*found.references, *(reference for one in pipelines for reference in one.references)),
        declaratives=tuple(one.declarative for one in pipelines),
    )


def _with_scripts(reader: ScriptReader, paths: Sequence[str], extractions: Sequence[Extraction], files: Files) -> list[Extraction]:
    """The extractions with the scripts that the builders run; a shadow's builders run scripts of the shadow."""
    components: dict[str | None, list[str]] = defaultdict(list)
    for path in paths:
        if path.endswith(PYTHON):
            components[shadow_component(path)].append(path)

    @cache
    def scripts(component: str | None, notebook: str | None) -> ScriptFiles:
        return ScriptFiles.of({*components[component], *(files.written(notebook) if notebook is not None else ())})

    def find(launch: Launch, builder: str) -> str | None:
        component, written = shadow_component(builder), files.written(builder)
        path = scripts(component, builder if written else None).find(launch, builder)
        inside = written.get(path) if path is not None and path not in components[component] else None
        return path if inside is None else inside.path

    contracts = iter(with_scripts(reader, [contract for extraction in extractions for contract in extraction.contracts], find))
    return [replace(one, contracts=tuple(islice(contracts, len(one.contracts)))) for one in extractions]


def _project(files: Files, scope: Scope, extractions: Sequence[Extraction], problems: Sequence[ImportProblem], scanned: int) -> Project:
    contracts = tuple(sorted((c for e in extractions for c in e.contracts), key=lambda c: (c.span, c.class_name)))
    reported = [contract for contract in contracts if scope.in_scope(contract.span.path)]
    known = sum(len(contract.ports) for contract in reported)
    opened = sum((c.open_inputs is not None) + (c.open_outputs is not None) for c in reported)
    wirings, existence = wire(contracts, [pipeline for e in extractions for pipeline in e.pipelines])
    unresolved = dict.fromkeys(u for u in (_unresolved(problem, files) for problem in problems) if u is not None)
    parsed = sum(summary is not None and scope.in_scope(path) for path, summary in files.summaries.items() if not files.is_within(path))
    parsed += sum(scope.in_scope(path) for path in {one.span.path for e in extractions for one in e.declaratives})
    return Project(
        contracts=contracts,
        declarations=tuple(sorted((d for e in extractions for d in e.declarations), key=lambda d: (d.span, d.order, d.step_type or ""))),
        lookups=tuple(sorted((one for e in extractions for one in e.lookups), key=lambda one: (one.span, one.key))),
        unresolved_imports=tuple(sorted(unresolved, key=lambda u: (u.span, u.name or ""))),
        unreadable=tuple(sorted([*files.unreadable.values(), *files.broken_cells], key=lambda u: u.span)),
        unknowns=tuple(sorted((u for e in extractions for u in e.unknowns), key=lambda u: (u.span, u.subject))),
        skipped=tuple(sorted((s for e in extractions for s in e.skipped), key=lambda s: (s.span, s.name))),
        coverage=Coverage(scanned, parsed, known + opened, known),
        builder_maps=tuple(sorted((m for e in extractions for m in e.builder_maps), key=lambda m: (m.span, m.name))),
        duplicate_keys=tuple(sorted((d for e in extractions for d in e.duplicates), key=lambda d: (d.span, d.name))),
        fillers=tuple(sorted({name for e in extractions for name in e.fillers})),
        references=tuple(one for e in extractions for one in e.references),
        wirings=wirings,
        scenes=tuple(scene for e in extractions for scene in e.scenes),
        existence=existence,
        problems=tuple(sorted(files.problems, key=lambda one: (one.span, one.rule, one.subject))),
        declaratives=tuple(sorted((one for e in extractions for one in e.declaratives), key=lambda one: one.span)),
    )


def _unresolved(problem: ImportProblem, files: Files) -> UnresolvedImport | None:
    if problem.importer.path is None or (problem.name is None and files.is_within(problem.importer.path)):
        return None  # beside a module that a cell writes may stand what other cells, or commands, put there
    span = files.located(Span(problem.importer.path, problem.at[0], problem.at[1], problem.at[2], problem.at[3]))
    target = files.located(whole_file(problem.target.path)) if problem.target is not None and problem.target.path is not None else None
    return UnresolvedImport(problem.dotted, problem.name, span, problem.near, target)
