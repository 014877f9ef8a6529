"""Pipelines of plain SDK code: which steps they have and where, what the steps read of each other, and in which order they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from contract_lint.frontends.sdk.model import general_pipelines
from contract_lint.model.pipeline import Given
from contract_lint.model.sdk import SdkPipeline, SdkScene
from contract_lint.run import Request, read

HEAD = """
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.function_step import step
from sagemaker.workflow.functions import JsonGet
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.step_collections import StepCollection


def call(name, inputs=None, depends_on=None):
    outputs = [LambdaOutput("key", LambdaOutputTypeEnum.String)]
    return LambdaStep(name=name, lambda_func=Lambda(function_arn=name), inputs=inputs, outputs=outputs, depends_on=depends_on)


def check(name, if_steps, else_steps=()):
    return ConditionStep(name=name, conditions=[ConditionEquals(left="a", right="b")], if_steps=if_steps, else_steps=list(else_steps))


a, b, c = call("A"), call("B"), call("C")
"""

Read = Callable[[str], tuple[SdkScene, SdkPipeline]]


@pytest.fixture
def pipeline(tmp_path: Path) -> Read:
    """Read the code behind the common head; the scene of the last pipeline, and the pipeline."""

    def run(text: str) -> tuple[SdkScene, SdkPipeline]:
        (tmp_path / "pipeline.py").write_text(HEAD + text, encoding="utf-8")
        scenes = read(Request(paths=(tmp_path,), root=tmp_path, isolated=True)).whole.scenes
        return [(scene, one) for scene in scenes for one in scene.pipelines][-1]

    return run


def names(scene: SdkScene, pipeline: SdkPipeline, *, must: bool | None = None) -> set[str | None]:
    return {scene.steps[one.number].name for one in pipeline.steps if must is None or one.must is must}


def order(scene: SdkScene, pipeline: SdkPipeline) -> set[tuple[str | None, str | None]]:
    """Consumers and the producers that they wait for by ``depends_on``."""
    found = ((scene.steps[one.consumer].name, one.producer, one.name) for one in pipeline.waits)
    return {(consumer, scene.steps[producer].name if producer is not None else name) for consumer, producer, name in found}


@pytest.mark.parametrize(
    "text",
    [
        "Pipeline(name='P', steps=[a, b])",
        "Pipeline(name='P', steps=[a] + [b])",
        "Pipeline(name='P', steps=[*[a], b])",
        "p = Pipeline(name='P')\np.steps = [a, b]",
        "p = Pipeline(name='P', steps=[a])\np.steps.append(b)",
        "p = Pipeline(name='P', steps=[])\np.steps.extend([a, b])",
        "steps = []\nfor one in (a, b):\n    steps.append(one)\nPipeline(name='P', steps=steps)",
        "kept = {'a': a, 'b': b}\nPipeline(name='P', steps=list(kept.values()))",
        "Pipeline(name='P', steps=[StepCollection('Both', [a, b])])",
        "steps = [a]\nPipeline(name='P', steps=steps)\nsteps.append(b)",
        "p = Pipeline(name='P', steps=[a])\np.steps += [b]",
        "p = Pipeline(name='P', steps=[b])\np.steps.insert(0, a)",
        "first = Pipeline(name='F', steps=[a])\nPipeline(name='P', steps=[*first.steps, b])",
        "from itertools import chain\nPipeline(name='P', steps=list(chain([a], [b])))",
        "from itertools import chain\nkept = {'x': [a], 'y': [b]}\nPipeline(name='P', steps=list(chain.from_iterable(kept.values())))",
        "kept = {one.name: one for one in (a, b)}\nPipeline(name='P', steps=[kept['A'], kept['B']])",
        "d = {}\nfor one in (a, LambdaStep('B', lambda_func=1)):\n    d[one.name] = one\nPipeline(name='P', steps=list(d.values()))",
        "Pipeline(name='P', steps=[one for one in (a, b, c) if one.name != 'C'])",
        "Pipeline(name='P', steps=[a, call(f'{b.name}')])",
        "class Flow:\n    @property\n    def pipeline(self):\n        return Pipeline(name='P', steps=[a, b])\n",
    ],
)
def test_all_ways_to_list_steps_are_known(pipeline: Read, text: str) -> None:
    scene, found = pipeline(text)
    assert names(scene, found, must=True) == {"A", "B"} and found.open_steps is None


def test_steps_on_some_paths_are_no_certain_ones(pipeline: Read) -> None:
    scene, found = pipeline(
        "def get(flag):\n    steps = [a, b] if flag else [a]\n    if flag:\n        steps.append(c)\n"
        "    return Pipeline(name='P', steps=steps)"
    )
    assert names(scene, found, must=True) == {"A"} and names(scene, found, must=False) == {"B", "C"}
    assert not any(one.must for one in found.again)


def test_unknown_steps_leave_a_pipeline_open(pipeline: Read) -> None:
    scene, found = pipeline("def get(more):\n    return Pipeline(name='P', steps=[a, *more])")
    assert names(scene, found) == {"A"} and found.open_steps is not None


def test_branches_and_second_places(pipeline: Read) -> None:
    scene, found = pipeline("outer = check('O', [check('I', [a]), b], [c])\nPipeline(name='P', steps=[outer, b])")
    places = {scene.steps[one.number].name: [side for _, side in one.branches] for one in found.steps}
    assert places == {"O": [], "I": ["if"], "A": ["if", "if"], "B": ["if"], "C": ["else"]}
    assert [(scene.steps[one.number].name, one.branches) for one in found.again] == [("B", ())]


def test_what_is_referred_to_is_taken_in(pipeline: Read) -> None:
    scene, found = pipeline(
        "d = call('D', {'k': a.properties.Outputs['key']}, depends_on=[b])\nPipeline(name='P', steps=[d])\nunused = call('U')"
    )
    assert {scene.steps[one.number].name: one.listed for one in found.steps} == {"D": True, "A": False, "B": False}
    assert [scene.steps[one.producer].name for one in found.references] == ["A"]


def test_results_of_functions_are_references(pipeline: Read) -> None:
    scene, found = pipeline(
        "@step\ndef load():\n    return 1\n\n\n@step\ndef train(data, rate):\n    return data\n\n\n"
        "Pipeline(name='P', steps=[train(load(), rate=0.1)])"
    )
    links = {(scene.steps[one.consumer].name, scene.steps[one.producer].name) for one in found.references}
    assert links == {("train", "load")} and names(scene, found) == {"load", "train"}


def test_a_name_may_be_read_of_the_object_that_was_given_it(pipeline: Read) -> None:
    _, found = pipeline(
        "key = LambdaOutput(output_name='k', output_type=LambdaOutputTypeEnum.String)\n"
        "d = LambdaStep(name='D', lambda_func=Lambda(function_arn='d'), outputs=[key])\n"
        "Pipeline(name='P', steps=[d, call('E', {'k': d.properties.Outputs[key.output_name]})])"
    )
    assert [one.read.path for one in found.references] == [".properties.Outputs['k']"]


def test_an_output_object_stands_for_its_value(pipeline: Read) -> None:
    scene, found = pipeline(
        "out = LambdaOutput('key', LambdaOutputTypeEnum.String)\n"
        "d = LambdaStep(name='D', lambda_func=Lambda(function_arn='D'), outputs=[out])\n"
        "Pipeline(name='P', steps=[d, call('E', {'k': out})])"
    )
    assert [(scene.steps[one.producer].name, one.read.path) for one in found.references] == [("D", ".properties.Outputs['key']")]


def test_a_json_get_names_a_step_of_its_own_pipeline(pipeline: Read) -> None:
    scene, found = pipeline(
        "again = call('A')\n"
        "asked = ConditionStep(name='Q', conditions=[ConditionEquals(left=JsonGet('A', 'f', 'x'), right=1)], if_steps=[b])\n"
        "Pipeline(name='P', steps=[a, asked])"
    )
    assert [one.producer for one in found.references] == [one.number for one in found.steps if scene.steps[one.number].name == "A"]
    assert names(scene, found) == {"A", "Q", "B"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d = call('D', depends_on=[a, 'B'])", {("D", "A"), ("D", "B")}),
        ("d = call('D', depends_on=[a.name])", {("D", "A")}),
        ("d = call('D')\nd.add_depends_on([a])\nd.add_depends_on(['B'])", {("D", "A"), ("D", "B")}),
        ("d = call('D')\nd.depends_on = [a]", {("D", "A")}),
        ("d = call('D', depends_on=[])\nd.depends_on.append(a)", {("D", "A")}),
        ("d = call('D', depends_on=['Nowhere'])", {("D", "Nowhere")}),
    ],
)
def test_order(pipeline: Read, text: str, expected: set[tuple[str, str]]) -> None:
    scene, found = pipeline(f"{text}\nPipeline(name='P', steps=[a, b, d])")
    assert order(scene, found) == expected and all(one.certain for one in found.waits)


def test_an_order_on_some_paths_is_no_certain_one(pipeline: Read) -> None:
    scene, found = pipeline(
        "def get(flag):\n    d = call('D')\n    if flag:\n        d.add_depends_on([a])\n    return Pipeline(name='P', steps=[a, d])"
    )
    assert order(scene, found) == {("D", "A")} and [one.certain for one in found.waits] == [False]


def test_the_names_of_collections_are_known(pipeline: Read) -> None:
    scene, found = pipeline(
        "both = StepCollection('Both', [a, b])\n"
        "Pipeline(name='P', steps=[both, call('D', depends_on=['Both']), call('E', depends_on=[both])])"
    )
    assert order(scene, found) == {("D", "A"), ("D", "B"), ("E", "A"), ("E", "B")}


@pytest.mark.parametrize(
    "kept",
    [
        "kept = [u]",
        "kept = {'u': u}",
        "class Holder:\n    pass\n\n\nholder = Holder()\nholder.u = u",
        "import registry\nregistry.Registry(u)",
    ],
)
def test_what_is_kept_elsewhere_is_held(pipeline: Read, kept: str) -> None:
    scene, _ = pipeline(f"u = call('U')\nv = call('V')\n{kept}\nPipeline(name='P', steps=[a])")
    held = {scene.steps[number].name for number in scene.held if number in scene.steps}
    assert "U" in held and "V" not in held


def test_what_a_function_returns_is_held(pipeline: Read) -> None:
    scene, _ = pipeline("def get():\n    u, v = call('U'), call('V')\n    return Pipeline(name='P', steps=[a]), u")
    assert {scene.steps[number].name for number in scene.held if number in scene.steps} == {"A", "U"}  # A is in the list


@pytest.mark.parametrize(
    "maker",
    [
        "class Maker(BaseModel):\n    region: str\n    suffix: str = 'x'\n",
        "@dataclass\nclass Maker:\n    region: str\n",
        "class Maker:\n    def __init__(self):\n        raise RuntimeError\n",
    ],
)
def test_methods_of_classes_that_nobody_makes_run(pipeline: Read, maker: str) -> None:
    head = "from dataclasses import dataclass\nfrom pydantic import BaseModel\n\n"
    scene, found = pipeline(f"{head}{maker}\n    def create(self):\n        return Pipeline(name='P', steps=[call(self.region), b])\n")
    assert len(found.steps) == 2 and "B" in names(scene, found)


def test_a_reference_on_some_paths_is_told_and_not_certain(pipeline: Read) -> None:
    text = "import sys\nkeys = {}\nif len(sys.argv) > 1:\n    keys['a'] = a.properties.Outputs['key']\nd = call('D', keys)\n"
    scene, _ = pipeline(f"{text}Pipeline(name='P', steps=[a, d])")
    (general,) = [one for one in general_pipelines([scene]) if one.name == "P"]
    ((edge, given),) = zip(general.edges, general.given, strict=True)
    assert (given.producer, given.step, given.given) == ("A", "D", Given.REFERENCE)
    assert not edge.certain and not any(port.certain for step in general.steps for port in step.inputs)
