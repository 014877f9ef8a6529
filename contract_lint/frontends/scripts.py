"""What a script needs and does: it is evaluated as the program that a job runs, and what it asks of the world is noted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from contract_lint.frontends.observed import Observed, ScriptObserver
from contract_lint.model.contract import Contract, Launch, StepMade, Written
from contract_lint.model.script import CONTAINER, Access, EnvironmentRead, PathUse, Script
from contract_lint.model.span import Span, whole_file
from contract_lint.python import summary as ir
from contract_lint.python.evaluate import Evaluator, Options
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module, ModuleIndex
from contract_lint.python.statements import execute_block
from contract_lint.python.values import FALSE, TRUE, CellObj, Const, Value
from contract_lint.python.walk import module_nodes

#: How often one script is run to see whether it fails without something, and after how many steps in all no further trial begins.
MAX_TRIALS = 40
MAX_STEPS = 20_000


class Provided(Struct, frozen=True):
    """What all launches of a script give it: environment variables and mounted folders. Whether it needs them is not asked."""

    variables: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()

    @classmethod
    def by(cls, launches: Iterable[Launch]) -> Provided:
        each = [(_known(setting.name for setting in one.environment), _known(_mounted(one))) for one in launches]
        return cls(frozenset.intersection(*(names for names, _ in each)), frozenset.intersection(*(folders for _, folders in each)))

    def mounts(self, path: str) -> bool:
        return any(f"{path}/".startswith(f"{folder.rstrip('/')}/") for folder in self.folders)


def _mounted(launch: Launch) -> Iterator[Written]:
    return (mount.container_path for mount in (*launch.inputs, *launch.outputs))


def _known(texts: Iterable[Written]) -> frozenset[str]:
    return frozenset(written.text for written in texts if written.text and written.known)


class ScriptReader(Struct):
    """Reads the scripts of one project, and the texts of its modules, each once."""

    index: ModuleIndex
    summaries: Callable[[str], ir.ModuleSummary | None]
    located: Callable[[Span], Span] = lambda span: span
    texts: dict[str, frozenset[str]] = field(default_factory=dict)

    def script(self, path: str, provided: Provided) -> Script | None:
        """Read the script at a path; None if it cannot be parsed. What is ``provided`` is not said to be demanded."""
        ev = Evaluator(self.index, self.summaries, Options(query_budget=200_000), self.located)
        program = _Program(ev, self.index.by_path(path), provided)
        if ev.summary_of(program.module) is None:
            return None
        seen = program.run(ScriptObserver())
        modules = [program.module, *(module for module in ev.modules() if module is not program.module)]
        mentioned = sorted({*seen.mentioned, *(text for module in modules for text in self._texts(ev, module))})
        parser = seen.parser()
        return Script(
            path=path,
            span=self.located(whole_file(path)),
            paths=tuple(program.paths(seen)),
            mentioned=tuple(mentioned),
            environment=tuple(program.environment(seen)),
            arguments=None if parser is None else parser.arguments,
            accepts_unknown=parser is not None and parser.accepts_unknown,
            abbreviates=parser is None or parser.abbreviates,
            open_paths=not seen.ended,
        )

    def _texts(self, ev: Evaluator, module: Module) -> frozenset[str]:
        key = module.path or module.ident
        if key not in self.texts:
            self.texts[key] = frozenset(_mentions(ev, module))
        return self.texts[key]


def with_scripts(reader: ScriptReader, contracts: Sequence[Contract], find: Callable[[Launch, str], str | None]) -> list[Contract]:
    """The contracts, their launches with the script that ``find`` names for a launch and the builder's file."""
    named = {(launch, at): find(launch, at) for at, launch in _launches(contracts)}
    launches: dict[str, list[Launch]] = defaultdict(list)
    for (launch, _), path in named.items():
        if path is not None:
            launches[path].append(launch)
    scripts = {path: reader.script(path, Provided.by(those)) for path, those in launches.items()}

    def completed(made: StepMade, at: str) -> StepMade:
        path = named.get((made.launch, at)) if made.launch is not None else None
        return made if path is None or made.launch is None else replace(made, launch=replace(made.launch, script=scripts[path]))

    return [replace(one, made=tuple(completed(made, one.span.path) for made in one.made)) for one in contracts]


def _launches(contracts: Iterable[Contract]) -> Iterator[tuple[str, Launch]]:
    """Each launch with the file of its builder: what several inherit may name another script for each."""
    return ((contract.span.path, made.launch) for contract in contracts for made in contract.made if made.launch is not None)


class _Program(Struct):
    """One script and the trials made with it."""

    ev: Evaluator
    module: Module
    provided: Provided
    trials: int = 0
    without: dict[str, Observed | None] = field(default_factory=dict)

    def run(self, observer: ScriptObserver) -> Observed:
        """Run the module as ``__main__``; ``ended`` tells whether it can come to a good end."""

        def question(frame: Frame) -> Value:
            summary = self.ev.summary_of(self.module)
            assert summary is not None
            frame.heap.own[self.module, "__name__"] = CellObj(Const("__main__"))
            main = Frame(self.ev, self.module, frame.heap, None, "")
            ended = execute_block(main, summary.body)
            frame.heap = main.heap
            return TRUE if ended else FALSE

        self.ev.observer = observer
        try:
            answer = self.ev.query(self.module, question)
        finally:
            self.ev.observer = None
        observed = observer.observed(self.ev)
        known = isinstance(answer.value, Const)
        observed.failed = known and answer.value == FALSE and not observer.exits
        observed.ended = known and not observed.failed
        return observed

    def fails(self, observer: ScriptObserver) -> Observed | None:
        """A trial; None if there were too many."""
        self.trials += 1
        return self.run(observer) if self.trials <= MAX_TRIALS and self.ev.statistics.steps < MAX_STEPS else None

    def environment(self, seen: Observed) -> Iterator[EnvironmentRead]:
        """The variables that are read; what the script sets itself is none of them."""
        for name, read in sorted(seen.environment.items()):
            if name in seen.stored or read.span is None:
                continue
            demanded = False
            if read.without_default and seen.ended and not seen.loads_environment and name not in self.provided.variables:
                trial = self.fails(ScriptObserver(absent_variable=name))
                demanded = trial is not None and trial.failed
            yield EnvironmentRead(name, demanded, read.span)

    def paths(self, seen: Observed) -> Iterator[PathUse]:
        """The paths that the script certainly uses. One that is asked for before, or below one that is, may be dispensable."""
        checked = [path for path, use in seen.paths.items() if use.checked]
        for path, use in sorted(seen.paths.items()):
            if use.span is None or not use.certain:
                continue
            asked = [other for other in checked if f"{path}/".startswith(f"{other}/")]
            if asked and use.access is not Access.WRITTEN and self.provided.mounts(path):
                continue
            if use.access is not Access.WRITTEN and not all(self._needs(path, other, seen) for other in asked):
                continue
            yield PathUse(path, use.access, use.span)

    def _needs(self, path: str, missing: str, seen: Observed) -> bool:
        """Whether the script fails without ``missing``, or uses ``path`` all the same."""
        if missing not in self.without:
            self.without[missing] = self.fails(ScriptObserver(absent_path=missing)) if seen.ended else None
        trial = self.without[missing]
        return trial is not None and (trial.failed or (path in trial.paths and trial.paths[path].used))


def _mentions(ev: Evaluator, module: Module) -> Iterator[str]:
    """All texts in a module that name container paths or channels; docstrings are no texts."""
    summary = ev.summary_of(module)
    for node in module_nodes(summary, _is_docstring) if summary is not None else ():
        if isinstance(node, ir.Const) and isinstance(node.value, str) and node.value.startswith((CONTAINER, "SM_")):
            yield node.value


def _is_docstring(part: object) -> bool:
    return isinstance(part, ir.ExprStmt) and isinstance(part.value, ir.Const)
