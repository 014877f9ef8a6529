"""The library of declarative pipelines, their JSON Schema, and how such files are found and judged."""

from __future__ import annotations

import inspect
import json
import random
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from contract_lint import DeclarativePipelineParser, PipelineDefinition, PipelineStepDefinition
from contract_lint.cli import commands
from contract_lint.engine import check, load_rules, select
from contract_lint.run import Request, read

EXAMPLE = """
name: "xgboost-training-pipeline"
description: "End-to-end XGBoost training pipeline"
parameters:
  region: "us-east-1"
  instance_type: "ml.m5.large"

steps:
  - name: "data-preprocessing"
    type: "TabularPreprocessing"
    config:
      processing_instance_type: "ml.m5.large"
      processing_instance_count: 1
    outputs:
      processed_data: "ProcessedTabularData"
  
  - name: "model-training"
    type: "XGBoostTraining"
    config:
      training_instance_type: "ml.m5.large"
      training_instance_count: 1
    inputs:
      training_data:
        from_step: "data-preprocessing"
        output: "processed_data"
    depends_on: ["data-preprocessing"]
    outputs:
      model_artifacts: "ModelArtifacts"
  
  - name: "model-registration"
    type: "ModelRegistration"
    config:
      model_package_group_name: "xgboost-models"
    inputs:
      model_data:
        from_step: "model-training"
        output: "model_artifacts"
    depends_on: ["model-training"]
"""  # noqa: W293
RULES = select(load_rules())


def found_in(folder: Path, *names: str) -> list[str]:
    reading = read(Request(paths=tuple(folder / name for name in names) or (folder,), root=folder, isolated=True))
    findings = check(reading.whole, RULES, reading.scope).findings
    return [f"{one.span} {one.rule} {one.message}" for one in findings]


def judged(folder: Path, text: str, name: str = "pipeline.yaml") -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    return found_in(folder, name)


# --- the library ---


def test_the_example_of_the_first_design() -> None:
    definition = DeclarativePipelineParser.from_yaml(EXAMPLE)
    assert definition.name == "xgboost-training-pipeline"
    assert definition.parameters == {"region": "us-east-1", "instance_type": "ml.m5.large"}
    assert [step.name for step in definition.steps] == ["data-preprocessing", "model-training", "model-registration"]
    assert definition.steps[1].inputs == {"training_data": {"from_step": "data-preprocessing", "output": "processed_data"}}
    assert definition.steps[0].depends_on == [] and definition.steps[0].config["processing_instance_count"] == 1
    assert DeclarativePipelineParser.validate_definition(definition) == []


def test_the_signatures_of_the_first_design() -> None:
    step = list(inspect.signature(PipelineStepDefinition).parameters.values())
    assert [one.name for one in step] == ["name", "type", "config", "inputs", "outputs", "depends_on"]
    assert [one.default for one in step[3:]] == [None, None, None]
    pipeline = list(inspect.signature(PipelineDefinition).parameters.values())
    assert [one.name for one in pipeline] == ["name", "description", "steps", "parameters"]


def test_from_yaml_means_what_safe_load_means() -> None:
    text = (
        "name: churn\nx-base: &base {count: 010, when: 2024-01-31, on: yes}\n"
        "steps:\n  - {name: a, type: T, config: {<<: *base, count: 1_000}}\n"
    )
    definition = DeclarativePipelineParser.from_yaml(text)
    assert definition.steps[0].config == yaml.safe_load(text)["steps"][0]["config"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: a\nsteps: [", "line 2, column 9: not valid YAML"),
        ("name: a\nsteps:\n  - name: on\n    type: T\n", "line 3, column 11: the name of step 1 is to be a text: YAML reads on as true"),
        ("name: a\nname: b\nsteps: [{name: a, type: T}]\n", "line 2, column 1: the key 'name' stands twice"),
        ("name: a\nsteps: {a: T}\n", "line 2, column 8: 'steps' is to be a list, not a mapping"),
        ("name: a\nsteps:\n  - name: a\n", "line 3, column 5: step 'a' has no type"),
        ("[]", "line 1, column 1: no pipeline: the document is to be a mapping"),
        ("", "line 1, column 1: no pipeline: the document is to be a mapping with a name and a list of steps, not nothing"),
        ("name: a\nsteps: &a [*a]\n", "line 2, column 8: the document is too complex"),
    ],
)
def test_from_yaml_tells_the_line(text: str, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        DeclarativePipelineParser.from_yaml(text)
    assert str(caught.value).startswith(message)


def test_validate_definition_returns_all_that_is_wrong() -> None:
    steps = [
        PipelineStepDefinition("a", "A", {}, outputs={"out": "Out"}, depends_on=["c"]),
        PipelineStepDefinition("b", "B", {"x": ["${parameters.regio}"]}, {"in": {"from_step": "a", "output": "ou"}}, depends_on=["aa"]),
        PipelineStepDefinition("c", "C", {}, {"in": {"from_step": "b"}, "by": {"from_step": "x", "output": "y"}, "lit": 3}),
        PipelineStepDefinition("b", "B", {}),
        PipelineStepDefinition("d", "D", {}, {"in": {"from_step": "a", "output": "out"}}),
    ]
    assert DeclarativePipelineParser.validate_definition(PipelineDefinition("p", "", steps, {"region": 1})) == [
        "Two steps have the name 'b'",
        "Step 'b' depends on non-existent step 'aa' (did you mean 'a'?)",
        "Step 'b' input 'in' references non-existent output 'ou' of step 'a' (did you mean 'out'?)",
        "Step 'b' uses parameter 'regio', which the pipeline does not declare (did you mean 'region'?)",
        "Step 'c' input 'in' references step 'b' without an output",
        "Step 'c' input 'by' references non-existent step 'x'",
        "Steps wait for each other in a circle: a -> b -> c -> a",
    ]


def test_a_long_chain_is_no_circle() -> None:
    steps = [PipelineStepDefinition(f"s{n}", "T", {}, depends_on=[f"s{n - 1}"] if n else []) for n in range(5000)]
    random.Random(1).shuffle(steps)
    assert DeclarativePipelineParser.validate_definition(PipelineDefinition("p", "", steps)) == []


# --- files ---


def test_the_example_has_no_finding(tmp_path: Path) -> None:
    assert judged(tmp_path, EXAMPLE) == []
    reading = read(Request(paths=(tmp_path,), root=tmp_path, isolated=True))
    wiring = reading.project.wirings[0]
    bound = [(one.step, one.input.name, one.chosen.step, one.chosen.output.name) for one in wiring.bindings if one.chosen is not None]
    assert bound == [
        ("model-training", "training_data", "data-preprocessing", "processed_data"),
        ("model-registration", "model_data", "model-training", "model_artifacts"),
    ]
    assert reading.nothing is None


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_places_do_not_depend_on_line_ends(tmp_path: Path, newline: str) -> None:
    text = EXAMPLE.replace('"processed_data"\n', '"processed_dat"\n').replace("\n", newline)
    (tmp_path / "pipeline.yaml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert [line.split(" CL306")[0] for line in found_in(tmp_path)] == ["pipeline.yaml:25:17"]


FOREIGN = {
    ".github/workflows/ci.yml": "on: push\njobs:\n  a:\n    steps:\n      - {name: x, type: y, type: z}\n",
    "cloudbuild.yaml": "steps:\n  - name: gcr.io/cloud-builders/docker\n    args: [build, --type, x]\n",
    "azure.yml": "steps:\n- task: Build@1\n  name: a\n  inputs: {type: b}\n- script: make\n",
    "template.yaml": "Resources:\n  A: {Type: x, steps: !Sub '${name} type'}\n",
    "helm.yaml": "steps:\n{{- range .Values.steps }}\n  - name: {{ .name }}\n    type: {{ .type }}\n{{- end }}\n",
    "latin.yml": "steps name type: \xe9",
    "drone.yml": "kind: pipeline\ntype: docker\nname: x\nsteps:\n- name: a\n  image: b\n---\nkind: x\n",
    "bomb.yml": "name: &a [steps, type, *a]\n",
}


def test_nothing_is_said_of_other_yaml(tmp_path: Path) -> None:
    for name, text in FOREIGN.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    reading = read(Request(paths=(tmp_path,), root=tmp_path, isolated=True))
    assert found_in(tmp_path) == [] and reading.files == ()
    assert reading.nothing is not None and "YAML pipeline" in reading.nothing


@pytest.mark.parametrize("name", sorted(FOREIGN))
def test_a_file_that_is_named_is_judged(tmp_path: Path, name: str) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_bytes(FOREIGN[name].encode("latin-1"))
    assert any(rule in line for line in found_in(tmp_path, name) for rule in ("CL002", "CL011", "CL014"))


def test_a_broken_pipeline_is_told_without_being_named(tmp_path: Path) -> None:
    (tmp_path / "churn.yaml").write_text(EXAMPLE.replace('["model-training"]', '["model-training"'), encoding="utf-8")
    assert [line.split(" ")[1] for line in found_in(tmp_path)] == ["CL011"]


def test_what_cannot_be_decoded_is_told(tmp_path: Path) -> None:
    (tmp_path / "churn.yaml").write_bytes(EXAMPLE.encode("utf-8").replace(b"End-to-end", b"End\xffto-end"))
    assert [line.split(" ")[:2] for line in found_in(tmp_path)] == [["churn.yaml:3:18", "CL002"]]


def test_the_order_of_steps_does_not_matter(tmp_path: Path) -> None:
    head, *steps = EXAMPLE.replace("processed_data", "processed", 1).split("  - name:")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    first = judged(tmp_path / "one", EXAMPLE.replace("processed_data", "processed", 1))
    second = judged(tmp_path / "two", head + "".join(f"  - name:{step.rstrip()}\n" for step in reversed(steps)))
    assert [line.split(" ", 1)[1] for line in first] == [line.split(" ", 1)[1] for line in second] != []


def test_anchors_are_told_for_each_step_that_uses_them(tmp_path: Path) -> None:
    text = (
        "name: churn\nx-in: &in {from_step: a, output: ou}\nsteps:\n  - {name: a, type: A, outputs: {out: Out}}\n"
        "  - {name: b, type: B, inputs: {x: *in}}\n  - {name: c, type: C, inputs: {x: *in}}\n"
    )
    assert judged(tmp_path, text) == [
        "pipeline.yaml:2:34 CL306 'x' of b is given 'ou' of a: there is no such output",
        "pipeline.yaml:2:34 CL306 'x' of c is given 'ou' of a: there is no such output",
    ]


def test_show_why_and_graph_know_the_steps(tmp_path: Path) -> None:
    (tmp_path / "pipeline.yaml").write_text(EXAMPLE, encoding="utf-8")

    def output(*arguments: str) -> dict[str, object]:
        result = CliRunner().invoke(commands, [*arguments, str(tmp_path)], standalone_mode=False)
        found = json.loads(result.output)
        assert isinstance(found, dict)
        return found

    steps = output("show", "model-training", "--output", "json")["steps"]
    assert isinstance(steps, list) and [one["name"] for one in steps[0]["inputs"]] == ["training_data"]
    assert '"data-preprocessing"' in json.dumps(output("why", "model-training.training_data", "--output", "json"))
    assert '"model_artifacts"' in json.dumps(output("graph", "--format", "json"))
    files = CliRunner().invoke(commands, ["files", str(tmp_path)], standalone_mode=False).output
    assert "pipelines: 1" in files


def test_tags_that_do_not_fit_are_told() -> None:
    with pytest.raises(ValueError, match="line 1, column 13"):
        DeclarativePipelineParser.from_yaml("parameters: !!omap {a: 1}\nname: p\nsteps: [{name: a, type: T}]\n")


def test_a_key_that_ends_like_a_reference_is_a_key_all_the_same() -> None:
    with pytest.raises(ValueError, match=r"the key 'x\.output' stands twice"):
        DeclarativePipelineParser.from_yaml("name: p\nsteps: [{name: a, type: T, config: {x.output: 1, x.output: 2}}]\n")


# --- the schema ---


def schema() -> dict[str, object]:
    result = CliRunner().invoke(commands, ["config", "--schema", "dsl"], standalone_mode=False)
    found = json.loads(result.output)
    assert isinstance(found, dict)
    return found


def test_the_schema_is_one_and_takes_the_example() -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator(schema()).validate(yaml.safe_load(EXAMPLE))


STEP = {"name": "a", "type": "T"}


@pytest.mark.parametrize(
    ("document", "good"),
    [
        ({"name": "p", "steps": [STEP]}, True),
        ({"name": "p", "x-any": 3, "steps": [{**STEP, "config": None, "inputs": {"a": 1, "b": "s3://x", "c": [1], "d": {"e": 1}}}]}, True),
        ({"name": "p", "steps": [{**STEP, "inputs": {"a": {"from_step": "b", "output": "c"}}, "depends_on": ["b"]}]}, True),
        ({"steps": [STEP]}, False),
        ({"name": "p"}, False),
        ({"name": "p", "steps": []}, False),
        ({"name": "p", "steps": [{"name": "a"}]}, False),
        ({"name": True, "steps": [STEP]}, False),
        ({"name": "p", "stpes": [STEP], "steps": [STEP]}, False),
        ({"name": "p", "steps": [{**STEP, "depend_on": ["b"]}]}, False),
        ({"name": "p", "steps": [{**STEP, "depends_on": "b"}]}, False),
        ({"name": "p", "steps": [{**STEP, "outputs": ["b"]}]}, False),
        ({"name": "p", "steps": [{**STEP, "inputs": {"a": {"from_step": "b"}}}]}, False),
        ({"name": "p", "steps": [{**STEP, "inputs": {"a": {"from_step": "b", "output": "c", "x": 1}}}]}, False),
    ],
)
def test_the_schema_agrees_with_the_linter(document: dict[str, object], good: bool, tmp_path: Path) -> None:
    assert Draft202012Validator(schema()).is_valid(document) is good
    rules = {line.split(" ")[1] for line in judged(tmp_path, yaml.safe_dump(document))}
    assert bool(rules & {"CL011", "CL013"}) is not good
