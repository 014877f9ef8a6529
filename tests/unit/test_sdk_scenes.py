"""Scenes of plain SDK code: what scripts do below their main guard, and what is changed of objects behind calls that are put off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contract_lint.model.sdk import Literal, SdkScene
from contract_lint.run import Request, read

HEAD = """
from sagemaker.inputs import TrainingInput
from sagemaker.pytorch import PyTorch
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep

table = {"epochs": 1}


def make(hyperparameters=None):
    return PyTorch(entry_point="train.py", role="r", instance_count=1, hyperparameters=hyperparameters)


def fit(estimator, name="Train"):
    return TrainingStep(name=name, step_args=estimator.fit({"train": TrainingInput("s3://bucket/train")}))


"""
FIRST = HEAD.count("\n") + 1

Read = Callable[..., tuple[SdkScene, ...]]


@pytest.fixture
def scenes(tmp_path: Path) -> Read:
    """Read code behind the common head, and other modules by their names."""

    def run(text: str, **others: str) -> tuple[SdkScene, ...]:
        (tmp_path / "pipeline.py").write_text(HEAD + text, encoding="utf-8")
        for name, other in others.items():
            (tmp_path / f"{name}.py").write_text(other, encoding="utf-8")
        return read(Request(paths=(tmp_path,), root=tmp_path, isolated=True)).whole.scenes

    return run


def changes(found: tuple[SdkScene, ...]) -> list[str]:
    """What is changed later, with the lines behind the head; ``?`` where that is not certain."""
    done = [one for scene in found for one in scene.operations if one.kind == "changed"]
    return [f"{one.what}{'' if one.certain else '?'}:{one.span.line - FIRST + 1}" for one in done]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("e = make()\ns = fit(e)\ne.output_path = 's3://b'\n", ["output_path:3"]),
        ("later = {'A': '1'}\ne = make()\ns = fit(e)\ne.environment = later\n", ["environment:4"]),
        ("e = make()\ns = fit(e)\ne.image_uri, e.role = 'i', 's'\n", ["image_uri:3", "role:3"]),
        ("e = make()\ne.output_path = 's3://b'\ns = fit(e)\n", []),
        ("e = make()\ne.output_path = 's3://b'\ns = fit(e)\ne.output_path = 's3://b'\n", []),
        ("e = make(table)\ns = fit(e)\ntable['epochs'] = 2\n", ["hyperparameters:3"]),
        ("e = make(table)\ns = fit(e)\ntable.update(rate=2)\n", ["hyperparameters:3"]),
        ("e = make(dict(table))\ns = fit(e)\ntable['epochs'] = 2\n", []),
        ("table['epochs'] = 2\ne = make(table)\ns = fit(e)\n", []),
        ("e = make(table)\ns = fit(e)\nif input():\n    table['rate'] = 2\n", ["hyperparameters?:4"]),
        ("def f(e):\n    e.output_path = 's3://b'\n\n\ne = make()\ns = fit(e)\nf(e)\n", ["output_path:2"]),
        ("e = make()\ns = fit(e)\ne = make()\ne.output_path = 's3://b'\n", []),
    ],
)
def test_what_is_changed_after_a_call(scenes: Read, text: str, expected: list[str]) -> None:
    assert changes(scenes(text)) == expected


def test_a_change_names_the_object_and_the_call(scenes: Read) -> None:
    found = scenes("e = make()\ns = fit(e)\ne.output_path = 's3://b'\n")
    ((scene, change),) = [(scene, one) for scene in found for one in scene.operations if one.kind == "changed"]
    runner, call = scene.object(change.operand), scene.object(change.others[0])
    assert runner is not None and call is not None
    assert (runner.name, call.method, call.receiver) == ("PyTorch", "fit", change.operand)
    assert isinstance(change.others[1], Literal)
    assert change.others[1].value == "s3://b"


def pipelines(found: tuple[SdkScene, ...]) -> list[str]:
    return [f"{one.name}:{len(one.steps)}" for scene in found for one in scene.pipelines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("if __name__ == '__main__':\n    p = Pipeline(name='P', steps=[fit(make())])\n", ["P:1"]),
        ("if '__main__' == __name__:\n    p = Pipeline(name='P', steps=[fit(make())])\n", ["P:1"]),
        ("if __name__ != '__main__':\n    p = Pipeline(name='P', steps=[fit(make())])\n", ["P:1"]),
        ("if __name__ == '__main__':\n    p = None\nelse:\n    p = Pipeline(name='P', steps=[fit(make())])\n", ["P:1"]),
        ("def get(name):\n    return Pipeline(name=name, steps=[fit(make())])\n\n\nif __name__ == '__main__':\n    get('Q')\n", ["Q:1"]),
        ("if __name__ == '__main__':\n    print('nothing of ours')\n", []),
    ],
)
def test_what_stands_below_the_guard_is_run(scenes: Read, text: str, expected: list[str]) -> None:
    assert pipelines(scenes(text)) == expected


def test_the_block_sees_the_module_and_changes_nothing_for_others(scenes: Read) -> None:
    text = "name = 'Default'\n\n\ndef get():\n    return Pipeline(name=name, steps=[fit(make())])\n\n\n"
    found = scenes(
        text + "if __name__ == '__main__':\n    name = 'Changed'\n    get()\n",
        other="from pipeline import get\n\npipeline = get()\npipeline.upsert(role_arn='r')\n",
    )
    assert sorted(pipelines(found)) == ["Changed:1", "Default:1"]


def test_operations_of_the_block_belong_to_its_scene(scenes: Read) -> None:
    found = scenes(
        "mode = ParameterString(name='Mode')\n\nif __name__ == '__main__':\n    print('mode: ' + mode)\n    Pipeline(name='P')\n"
    )
    (done,) = [one for scene in found for one in scene.operations if one.kind == "text"]
    assert (done.what, done.certain, done.scope) == ("+", True, "")
