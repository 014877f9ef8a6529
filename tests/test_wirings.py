"""The wirings of whole trees: every decision follows from its record, and no order in the sources changes one."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from contract_lint.analysis import analyse
from contract_lint.assembly.matcher import redecide
from contract_lint.cli import main
from contract_lint.config import Config
from contract_lint.model.project import Project
from contract_lint.model.wiring import Binding, Decision, Outcome, Wiring

ROOT = Path(__file__).parent.parent
TREES = sorted(
    tree for pattern in ("examples/*", "tests/fixtures/*/*", "tests/fixtures/projects/*/*") for tree in ROOT.glob(pattern) if tree.is_dir()
)


def project_in(tree: Path) -> Project:
    return analyse(tree, [tree], Config()).project


def test_every_decision_of_the_fixtures_follows_from_its_record() -> None:
    bound = 0
    seen: set[str] = set()
    for tree in TREES:
        project = project_in(tree)
        existing = [one.binding for one in project.existence]
        seen.update(str(tree.relative_to(ROOT)) for wiring in project.wirings if wiring.bindings)
        for binding in [*existing, *(one for wiring in project.wirings for one in wiring.bindings)]:
            undecided = replace(binding, outcome=Outcome.UNKNOWN, decision=Decision.NOT_KNOWN, chosen=None)
            assert redecide(undecided) == binding, f"{tree}: {binding.step}.{binding.input.name}"
            bound += binding.outcome is Outcome.BOUND
    assert bound > 150
    assert {"examples/churn", "examples/churn_broken", "tests/fixtures/projects/flat"} < seen


# --- order ---

BUILDERS = [
    ("Load", {}, ["raw", "schema"]),
    ("Prepare", {"raw": "S3 path of the raw data", "schema": "Optional S3 path of the schema"}, ["train", "held_out"]),
    ("Train", {"train": "S3 path of the training data"}, ["model"]),
    ("Evaluate", {"model": "S3 path of the model", "held_out": "S3 path of the data that is held out"}, ["report"]),
    ("Release", {"report": "S3 path of the report", "model": "S3 path of the model", "approval": "S3 path of the approval"}, []),
]
EDGES = [("Load", "Prepare"), ("Prepare", "Train"), ("Train", "Evaluate"), ("Prepare", "Evaluate"), ("Evaluate", "Release")]
EDGES += [("Load", "Release"), ("Load", "Train")]  # these only say what comes first


def shuffled(order: random.Random) -> str:
    """One project as source text, with everything that has no order in an order of its own."""

    def mixed(items: list[str]) -> list[str]:
        return order.sample(items, len(items))

    def dict_of(names: dict[str, str]) -> str:
        return "{" + ", ".join(mixed([f"{name!r}: {text!r}" for name, text in names.items()])) + "}"

    classes = [
        f"class {name}StepBuilder(StepBuilderBase):\n"
        f"    def get_input_requirements(self):\n        return {dict_of(inputs)}\n\n"
        f"    def get_output_properties(self):\n        return {dict_of(dict.fromkeys(outputs, 'S3 path'))}\n\n"
        f"    def create_step(self, inputs):\n        return self.make(inputs)\n"
        for name, inputs, outputs in BUILDERS
    ]
    nodes = ", ".join(mixed([repr(name) for name, _, _ in BUILDERS]))
    edges = mixed([f"dag.add_edge({source!r}, {target!r})" for source, target in EDGES])
    configs = "{" + ", ".join(mixed([f"{name!r}: {name}Config()" for name, _, _ in BUILDERS])) + "}"
    builders = "{" + ", ".join(mixed([f"{name!r}: {name}StepBuilder" for name, _, _ in BUILDERS])) + "}"
    head = "from steps_framework import Assembler, PipelineDAG, StepBuilderBase\n"
    return "\n\n".join(
        [
            head,
            *mixed([f"class {name}Config:\n    pass\n" for name, _, _ in BUILDERS]),
            *mixed(classes),
            f"def make(session):\n    dag = PipelineDAG(nodes=[{nodes}])\n    " + "\n    ".join(edges),
            f"    return Assembler(dag, {configs}, {builders}, session)\n",
        ]
    )


def without_places(wiring: Wiring) -> bytes:
    """All of a wiring's decisions, less the lines and columns and the pipeline's own lists."""
    text = msgspec.json.encode((wiring.bindings, wiring.cycles, wiring.dangling, wiring.unplaced))
    return re.sub(rb'"(line|column|end_line|end_column)":\d+', rb'"\1":0', text)


@pytest.mark.parametrize("number", range(12))
def test_no_order_in_the_sources_changes_a_decision(number: int, tmp_path: Path) -> None:
    found: list[bytes] = []
    outcomes: list[dict[str, Outcome]] = []
    for which, order in (("first", random.Random(0)), ("second", random.Random(number + 1))):
        tree = tmp_path / which
        tree.mkdir()
        (tree / "pipeline.py").write_text(shuffled(order), encoding="utf-8")
        (wiring,) = project_in(tree).wirings
        found.append(without_places(wiring))
        outcomes.append({name_of(one): one.outcome for one in wiring.bindings})
    assert outcomes[0] == outcomes[1]
    assert outcomes[0]["Release.approval"] is Outcome.MISSING
    assert sum(one is Outcome.BOUND for one in outcomes[0].values()) == 7
    assert found[0] == found[1]


def printed(tree: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Json:
    """What a command prints of a tree as JSON, less where things stand: lines, columns, and the text of the lines."""
    main([*arguments, "--isolated", "--root", str(tree), str(tree)])
    said = capsys.readouterr()
    assert said.err == ""
    return without_lines(json.loads(said.out.replace(str(tree), "")))


Json = dict[str, "Json"] | list["Json"] | str | int | float | None


def without_lines(value: Json) -> Json:
    if isinstance(value, list):
        return [without_lines(each) for each in value]
    if not isinstance(value, dict):
        return value
    places = ("line", "column", "end_line", "end_column", "source")
    left = {key: without_lines(each) for key, each in value.items() if key not in places}
    return {key: by_text(each) if key in ("findings", "unknowns", "related") else each for key, each in left.items()}


def by_text(values: Json) -> Json:
    """What is printed in the order of the lines, which are not the same."""
    assert isinstance(values, list)
    return sorted(values, key=lambda each: json.dumps(each, sort_keys=True))


@pytest.mark.parametrize("number", range(6))
def test_no_order_in_the_sources_changes_what_is_printed(
    number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Findings, unknowns and places are listed by line, which differs; all else, texts and lists within them too, is the same."""
    reports: list[Json] = []
    graphs: list[Json] = []
    whys: list[Json] = []
    tree = tmp_path / "tree"
    tree.mkdir()
    monkeypatch.chdir(tree)
    for order in (random.Random(0), random.Random(number + 1)):
        (tree / "pipeline.py").write_text(shuffled(order), encoding="utf-8")
        reports.append(printed(tree, capsys, "check", "--output", "json", "--extend-select", "CL007,CL308,CL310"))
        graphs.append(printed(tree, capsys, "graph", "--format", "json"))
        whys += [printed(tree, capsys, "why", where, "--output", "json") for where in ("Release.approval", "Release.model")]
    assert reports[0] == reports[1]
    assert "CL301" in str(reports[0])
    assert graphs[0] == graphs[1]
    assert whys[:2] == whys[2:]


def name_of(binding: Binding) -> str:
    return f"{binding.step}.{binding.input.name}"
