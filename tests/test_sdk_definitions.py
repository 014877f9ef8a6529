"""What the linter reads of the examples in SDK code is what the SDKs themselves made of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from contract_lint.analysis import analyse
from contract_lint.config import Config
from contract_lint.model.sdk import SdkPipeline, SdkScene

EXAMPLE = Path(__file__).parents[1] / "examples" / "abalone_style"
STYLES = {"v2": "v2/pipeline.py", "v3": "v3/pipeline.py", "notebook": "notebook.ipynb"}
STEPS = re.compile(r"Steps\.([A-Za-z0-9_-]+)\.(.*)")


def compiled(style: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((EXAMPLE / "definitions" / f"{style}.json").read_text(encoding="utf-8"))
    return found


def read(style: str) -> tuple[SdkScene, SdkPipeline]:
    analysis = analyse(EXAMPLE, [EXAMPLE / STYLES[style]], Config())
    ((scene, pipeline),) = [(scene, one) for scene in analysis.project.scenes for one in scene.pipelines if one.span.path == STYLES[style]]
    return scene, pipeline


def steps_in(steps: list[dict[str, Any]], branches: tuple[str, ...] = ()) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    for step in steps:
        yield step, branches
        for side, key in (("if", "IfSteps"), ("else", "ElseSteps")):
            inner = step["Arguments"].get(key, []) if step["Type"] == "Condition" else []
            yield from steps_in(inner, (*branches, f"{step['Name']} {side}"))


def gets(value: object) -> Iterator[str]:
    """The ``Get`` expressions in a step; those of the steps in its branches are theirs."""
    if isinstance(value, dict):
        if isinstance(value.get("Get"), str):
            yield value["Get"]
        for key, one in value.items():
            if key not in ("IfSteps", "ElseSteps"):
                yield from gets(one)
    elif isinstance(value, list):
        for one in value:
            yield from gets(one)


@pytest.mark.parametrize("style", STYLES)
def test_the_steps_are_those_of_the_definition(style: str) -> None:
    scene, pipeline = read(style)
    names = {placed.number: scene.steps[placed.number].names for placed in pipeline.steps}
    ours = {
        (name, scene.steps[placed.number].kinds, tuple(f"{names[number][0]} {side}" for number, side in placed.branches))
        for placed in pipeline.steps
        for name in names[placed.number]
    }
    theirs = {(step["Name"], (step["Type"],), branches) for step, branches in steps_in(compiled(style)["Steps"])}
    assert ours == theirs
    assert pipeline.open_steps is None
    assert pipeline.open_parameters is None


@pytest.mark.parametrize("style", STYLES)
def test_the_references_are_those_of_the_definition(style: str) -> None:
    scene, pipeline = read(style)
    ours = {
        (scene.steps[one.consumer].names[0], scene.steps[one.producer].names[0], one.read.property_path)
        for one in pipeline.references
        if one.read.property_path is not None
    }
    theirs = set()
    files = set()
    for step, _ in steps_in(compiled(style)["Steps"]):
        for found in filter(None, map(STEPS.fullmatch, gets(step))):
            if found[2].startswith("PropertyFiles."):
                files.add((step["Name"], found[1]))
            else:
                theirs.add((step["Name"], found[1], found[2]))
    assert ours == theirs
    through_files = {
        (scene.steps[one.consumer].names[0], scene.steps[one.producer].names[0]) for one in pipeline.references if one.read.path == ""
    }
    assert through_files == files


@pytest.mark.parametrize("style", STYLES)
def test_the_order_and_the_parameters_are_those_of_the_definition(style: str) -> None:
    scene, pipeline = read(style)
    named = {scene.text(found.get("name")) for one in pipeline.parameters if (found := scene.object(one.value)) is not None}
    definition = compiled(style)
    assert named == {one["Name"] for one in definition["Parameters"]}
    for step, _ in steps_in(definition["Steps"]):
        ours = next(scene.steps[one.number] for one in pipeline.steps if step["Name"] in scene.steps[one.number].names)
        assert [scene.text(one.value) for one in ours.depends_on] == step.get("DependsOn", [])
