"""Asks real Python and the evaluator the same questions of a project, and compares the answers."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import libcst
from property.claims import false_claims, gaps, shown
from property.generated.project import Project, Question
from property.real import Raised, World, importable

from contract_lint.python.calls import Arguments, call
from contract_lint.python.evaluate import Answer, Evaluator, Options
from contract_lint.python.frame import Frame
from contract_lint.python.lower import lower
from contract_lint.python.modules import ModuleIndex
from contract_lint.python.summary import ModuleSummary
from contract_lint.python.values import CellObj, Ref, Unknown, Value

SEEDS = (1, 2)


@dataclass(frozen=True)
class Parsed:
    module: libcst.Module
    tree: ast.Module
    text: str


@dataclass
class Report:
    """``false`` are the false claims; ``asked`` counts the values that depend on nothing unknown, ``known`` those fully known,
    ``gaps`` the reasons for the rest. ``raised`` counts the questions that real Python answers with an exception.
    """

    false: list[str] = field(default_factory=list)
    asked: int = 0
    known: int = 0
    raised: int = 0
    gaps: Counter[str] = field(default_factory=Counter)

    def add(self, other: Report) -> None:
        self.false += other.false
        self.asked += other.asked
        self.known += other.known
        self.raised += other.raised
        self.gaps.update(other.gaps)


class Asker:
    """The evaluator's side of one project. ``order`` is the order in which modules are loaded."""

    def __init__(self, project: Project, summaries: dict[str, ModuleSummary], order: Sequence[str]) -> None:
        self.ev = Evaluator(ModuleIndex(project.files), summaries.get, Options())
        self.paths = {name: path for path in project.files for name in [path[:-3].replace("/__init__", "").replace("/", ".")]}
        for name in order:
            self.ev.load(self.paths[name])

    def ask(self, question: Question, assumed: bool) -> Answer:
        """The answer for a builder that is built with a default configuration: made anew, or as its annotation promises it."""
        module = self.ev.index.by_path(self.paths[question.module])
        arguments = Arguments(tuple(Unknown("parameter") for _ in range(question.arguments)), {})

        def run(frame: Frame) -> Value:
            if question.builder is None:
                return call(frame, self._global(frame, question.name), arguments, None)
            builder, config = self._global(frame, question.builder), self._global(frame, str(question.config))
            assert isinstance(builder, Ref) and isinstance(config, Ref)
            given = self.ev.assumed_instance(frame, config) if assumed else self.ev.instantiate(frame, config, Arguments((), {}), None)
            instance = self.ev.instantiate(frame, builder, Arguments((given,), {}), None)
            method = self.ev.attribute(frame, instance, question.name, None)
            return call(frame, method, arguments, None, (instance, question.name))

        return self.ev.query(module, run)

    def _global(self, frame: Frame, name: str) -> Value:
        value = frame.lookup(name)
        assert value is not None, name
        return value

    def globals(self, name: str) -> dict[str, Value]:
        module = self.ev.index.by_path(self.paths[name])
        cells = {a[1]: c.value for a, c in self.ev.root.own.items() if isinstance(a, tuple) and a[0] is module and isinstance(c, CellObj)}
        return {key: self.ev.resolve_alias(value) for key, value in cells.items()}

    def everything(self, questions: Sequence[Question]) -> dict[str, str]:
        """All answers, as texts."""
        answers = {repr((q, assumed)): self.ask(q, assumed) for q in questions for assumed in (False, True)}
        return {key: shown(answer, answer.value) for key, answer in answers.items()}


def summarized(project: Project) -> dict[str, ModuleSummary]:
    return {path: lower(Parsed(libcst.parse_module(text), ast.parse(text), text)) for path, text in project.files.items()}


def examine(project: Project) -> Report:
    """Compare all that the evaluator says of the project with what real Python does in two different worlds."""
    report = Report()
    with importable(project):
        asker = Asker(project, summarized(project), project.modules)
        results: dict[Question, list[str | None]] = {}
        for seed in SEEDS:
            try:
                world = World(project, seed)
            except Raised:
                report.raised += 1
                continue
            _compare_modules(asker, world, report)
            for question in project.questions:
                _compare_answers(asker, world, question, report, results)
    _count(asker, report, results)
    return report


def _compare_modules(asker: Asker, world: World, report: Report) -> None:
    frame = Frame(asker.ev, asker.ev.modules()[0], asker.ev.root, {}, "")
    for name, module in world.modules.items():
        for key, value in asker.globals(name).items():
            if hasattr(module, key):
                report.false += [f"{name}.{key}{one}" for one in false_claims(Answer(value, frame), value, getattr(module, key))]


def _compare_answers(asker: Asker, world: World, question: Question, report: Report, results: dict[Question, list[str | None]]) -> None:
    exact, assumed = asker.ask(question, False), asker.ask(question, True)
    try:
        real = world.ask(question)
    except Raised:
        report.raised += 1
        results.setdefault(question, []).append(None)
        world.tidy()
        return
    for answer, how in ((exact, "exact"), (assumed, "assumed")):
        if isinstance(answer.value, Unknown) and answer.value.reason == "always-raises":
            report.false.append(f"{question} ({how}): it is claimed to raise, it gives {real!r}")
        report.false += [f"{question} ({how}): {one}" for one in false_claims(answer, answer.value, real)]
    results.setdefault(question, []).append(_kept(real))
    world.tidy()


def _kept(real: object) -> str:
    return repr(sorted(real)) if isinstance(real, set) else repr(real)


def _count(asker: Asker, report: Report, results: dict[Question, list[str | None]]) -> None:
    """Count how many of the answers that are the same in all worlds are fully known."""
    for question, answers in results.items():
        if len(answers) < len(SEEDS) or None in answers or len(set(answers)) > 1:
            continue
        answer = asker.ask(question, False)
        missing = gaps(answer, answer.value)
        report.asked += 1
        report.known += not missing
        report.gaps.update(dict.fromkeys(missing, 1))
