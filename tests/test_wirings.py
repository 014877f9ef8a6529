"""The wirings of whole trees: every decision follows from its record, and no order in the sources changes one."""

from __future__ import annotations

import random
import re
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from contract_lint.analysis import analyse
from contract_lint.assembly.matcher import redecide
from contract_lint.config import Config
from contract_lint.model.project import Project
from contract_lint.model.wiring import Binding, Decision, Outcome, Wiring

ROOT = Path(__file__).parent.parent
TREES = sorted(
    tree
    for pattern in ("examples/churn*", "tests/fixtures/CL[2-4]*/*", "tests/fixtures/projects/*/*")
    for tree in ROOT.glob(pattern)
    if tree.is_dir()
)


def project_in(tree: Path) -> Project:
    return analyse(tree, [tree], Config()).project


def test_every_decision_of_the_fixtures_follows_from_its_record() -> None:
    bound = 0
    for tree in TREES:
        project = project_in(tree)
        existing = [one.binding for one in project.existence]
        for binding in [*existing, *(one for wiring in project.wirings for one in wiring.bindings)]:
            undecided = replace(binding, outcome=Outcome.UNKNOWN, decision=Decision.NOT_KNOWN, chosen=None)
            assert redecide(undecided) == binding, f"{tree}: {binding.step}.{binding.input.name}"
            bound += binding.outcome is Outcome.BOUND
    assert bound > 120


# --- order ---

BUILDERS = [
    ("Load", {}, ["raw", "schema"]),
    ("Prepare", {"raw": "S3 path of the raw data", "schema": "Optional S3 path of the schema"}, ["train", "held_out"]),
    ("Train", {"train": "S3 path of the training data"}, ["model"]),
    ("Evaluate", {"model": "S3 path of the model", "held_out": "S3 path of the data that is held out"}, ["report"]),
    ("Release", {"report": "S3 path of the report", "model": "S3 path of the model", "approval": "S3 path of the approval"}, []),
]
EDGES = [("Load", "Prepare"), ("Prepare", "Train"), ("Train", "Evaluate"), ("Prepare", "Evaluate"), ("Evaluate", "Release")]


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


def name_of(binding: Binding) -> str:
    return f"{binding.step}.{binding.input.name}"
