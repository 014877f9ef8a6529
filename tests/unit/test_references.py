"""References to properties of steps, and the registry that holds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_lint.model.property_path import PropertyPath, parse
from contract_lint.references import PropertyReference, StepOutputRegistry
from contract_lint.sagemaker.step_kinds import kind_named

CASES = json.loads((Path(__file__).parent.parent / "data" / "property_cases.json").read_text(encoding="utf-8"))
ACCEPTED = [case for case in CASES if case["get"]]


def get(step: str, path: str, descriptor: str | None = None) -> str:
    reference = PropertyReference(step, path, descriptor).to_sagemaker_reference()
    assert list(reference) == ["Get"]
    return reference["Get"]


@pytest.mark.parametrize("prefix", ["", "properties."])
@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: f"{case['kind']}:{case['path']}")
def test_the_sdk_prints_the_same(case: dict[str, dict[str, str]], prefix: str) -> None:
    printed = case["get"]["Get"]
    step = parse(printed)
    assert isinstance(step, PropertyPath)
    path = case["path"] if case["path"].startswith("properties.") else f"{prefix}{case['path']}"
    assert get(str(step.step), path) == printed


@pytest.mark.parametrize(
    ("path", "printed"),
    [
        ("properties.ModelName", "Steps.Train.ModelName"),
        ("ModelName", "Steps.Train.ModelName"),
        ("steps.Train.properties.ModelName", "Steps.Train.ModelName"),
        ("Steps.Train.ModelName", "Steps.Train.ModelName"),
        ("properties", "Steps.Train"),
        ("properties.ProcessingOutputConfig.Outputs[train].S3Output", "Steps.Train.ProcessingOutputConfig.Outputs['train'].S3Output"),
        ("properties.Outputs['count']", "Steps.Train.OutputParameters['count']"),
        ("Steps.Train.OutputParameters['count']", "Steps.Train.OutputParameters['count']"),
        ("properties.ComputingJobName", "Steps.Train.TrainingJobName"),
        ("OutputNotebookName", "Steps.Train.Environment['SM_OUTPUT_NOTEBOOK_NAME']"),
    ],
)
def test_every_way_of_writing_becomes_the_reference_of_the_definition(path: str, printed: str) -> None:
    assert get("Train", path) == printed


@given(st.lists(st.sampled_from(["ModelArtifacts", "properties", "S3Uri", "['a b']", "[0]"]), min_size=1, max_size=4))
def test_the_prefix_never_survives(parts: list[str]) -> None:
    path = "properties" + "".join(part if part.startswith("[") else f".{part}" for part in parts)
    reference = PropertyReference("Train", path)
    if reference.check():
        with pytest.raises(ValueError):
            reference.to_sagemaker_reference()
    else:
        assert not get("Train", path).startswith("Steps.Train.properties")
        assert get("Train", path) == f"Steps.Train{path.removeprefix('properties')}"


def test_a_descriptor_names_the_output_of_a_processing_step() -> None:
    assert get("Split", "", "train") == "Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert get("Split", "properties.Anything.Else", "train") == get("Split", "", "train")
    assert get("Split", "properties.ModelName", "") == "Steps.Split.ModelName"


@pytest.mark.parametrize("name", ["output_descriptor", "output_name", ""])
def test_a_descriptor_fills_the_placeholder(name: str) -> None:
    path = f"properties.ProcessingOutputConfig.Outputs['{{{name}}}'].S3Output.LocalPath"
    assert get("Split", path, "train") == "Steps.Split.ProcessingOutputConfig.Outputs['train'].S3Output.LocalPath"


def test_a_placeholder_that_nothing_fills_is_told_with_its_place() -> None:
    path = "properties.Outputs['{key}']"
    with pytest.raises(ValueError, match=r"nothing fills the placeholder, at character 19 of .*\['\{key\}'\]"):
        PropertyReference("Count", path).to_sagemaker_reference()
    assert get("Count", path, "count") == "Steps.Count.OutputParameters['count']"

    two = PropertyReference("Count", "properties.{a}['{b}']", "count")
    assert [(problem.start, problem.message) for problem in two.check()] == [(11, "nothing fills the placeholder")]


@pytest.mark.parametrize(
    ("path", "start", "reason"),
    [
        ("properties..ModelName", 10, "a name is missing between the dots"),
        ("properties.ModelArtifacts.", 25, "it ends with a dot"),
        ("Properties.ModelName", 0, "the prefix is written in lower case: 'properties.'"),
        ("Outputs['train", 8, "the quotation marks do not pair"),
        ("", 0, "it is empty"),
    ],
)
def test_a_malformed_path_fails_where_it_is_used(path: str, start: int, reason: str) -> None:
    reference = PropertyReference("Train", path)  # making it does not fail
    assert str(reference) == f"PropertyReference(Train.{path})"
    (problem,) = reference.check()
    assert (problem.start, problem.message) == (start, reason)
    for use in (reference.to_sagemaker_reference, lambda: reference.path, lambda: reference.type, lambda: reference.type_on("Training")):
        with pytest.raises(ValueError, match=f"at character {start + 1} of") as raised:
            use()
        assert reason in str(raised.value)


def test_a_path_that_names_another_step_is_told() -> None:
    with pytest.raises(ValueError, match=r"another step than 'Train', at character 7 of 'Steps\.Tune\.ModelName', 'Tune'"):
        get("Train", "Steps.Tune.ModelName")


def test_a_quotation_mark_in_a_descriptor_cannot_be_printed() -> None:
    with pytest.raises(ValueError, match="the quotation marks do not pair"):
        get("Split", "", "it's")
    assert get("Split", "", 'the "best"') == "Steps.Split.ProcessingOutputConfig.Outputs['the \"best\"'].S3Output.S3Uri"


def test_check_says_what_a_step_of_a_kind_does_not_have() -> None:
    good = PropertyReference("Train", "properties.ModelArtifacts.S3ModelArtifacts")
    assert good.check() == good.check("Training") == good.check("TrainingStep") == good.check(kind_named("Training")) == []

    (misspelt,) = PropertyReference("Train", "properties.ModelArtifact.S3ModelArtifacts").check("Training")
    assert misspelt.text[misspelt.start : misspelt.end] == "ModelArtifact"
    assert "ModelArtifacts" in misspelt.near
    assert "did you mean 'ModelArtifacts'" in str(misspelt)

    (elsewhere,) = good.check("Processing")
    assert "the path is one of Training steps" in elsewhere.message

    (early,) = PropertyReference("Train", "properties.ModelArtifacts").check("Training")
    assert early.message.startswith("it stops at ModelArtifacts")
    assert early.near == ("S3ModelArtifacts",)

    (root,) = PropertyReference("Train", "properties").check("Training")
    assert (root.start, root.end) == (0, len("properties"))


def test_check_accepts_a_key_without_quotation_marks_because_the_reference_gets_them() -> None:
    reference = PropertyReference("Split", "ProcessingOutputConfig.Outputs[train].S3Output.S3Uri")
    assert reference.check("Processing", outputs=["train"]) == []
    (problem,) = reference.check("Processing", outputs=["training"])
    assert (problem.message, problem.near) == ("the step has no output 'train'", ("training",))


def test_check_of_a_class_with_two_kinds_is_content_with_one() -> None:
    assert PropertyReference("Model", "properties.ModelPackageArn").check("ModelStep") == []
    assert PropertyReference("Model", "properties.ModelName").check("ModelStep") == []
    assert len(PropertyReference("Model", "properties.ModelPackgeArn").check("ModelStep")) == 1


def test_an_unknown_kind_is_no_empty_answer() -> None:
    with pytest.raises(ValueError, match=r"'Trainin' is no kind of step \(did you mean 'Training'"):
        PropertyReference("Train", "properties.ModelName").check("Trainin")


def test_what_depends_on_the_step_is_no_problem() -> None:
    assert PropertyReference("Loop", "properties.Selected.anything").check("ForEach") == []


@pytest.mark.parametrize(
    ("path", "kind", "type"),
    [
        ("properties.ModelName", "Model", "Name<model>"),
        ("properties.ModelPackageArn", "RegisterModel", "Arn<sagemaker/model-package>"),
        ("properties.ModelPackageArn", "ModelStep", "Arn<sagemaker/model-package>"),
    ],
)
def test_types(path: str, kind: str, type: str) -> None:
    reference = PropertyReference("Step", path)
    assert str(reference.type_on(kind)) == type
    assert str(reference.type) == type


def test_the_type_of_an_output_is_known_without_the_kind() -> None:
    reference = PropertyReference("Train", "properties.ModelArtifacts.S3ModelArtifacts")
    assert str(reference.type).startswith("S3Uri[")
    assert "content=model" in str(reference.type)
    assert str(PropertyReference("Train", "properties.NoSuchThing").type) == "Unknown"


def test_references_are_values() -> None:
    one = PropertyReference("Train", "properties.ModelName")
    assert one == PropertyReference("Train", "properties.ModelName", None)
    assert one != PropertyReference("Train", "properties.ModelName", "x")
    assert len({one, PropertyReference("Train", "properties.ModelName")}) == 1
    assert eval(repr(one)) == one
    with pytest.raises(AttributeError):
        one.step_name = "Tune"  # type: ignore[misc]


def registry() -> StepOutputRegistry:
    outputs = StepOutputRegistry()
    outputs.register_output("Train", "model", "properties.ModelArtifacts.S3ModelArtifacts")
    outputs.register_output("Split", "train", "properties", "train")
    outputs.register_output("Split", "test", "properties", "test")
    return outputs


def test_the_registry_gives_references_by_logical_names() -> None:
    outputs = registry()
    assert outputs.get_output_reference("Train", "model") == PropertyReference("Train", "properties.ModelArtifacts.S3ModelArtifacts")
    assert outputs.get_output_reference("Split", "test").output_descriptor == "test"
    assert outputs.steps() == ("Train", "Split")
    assert list(outputs.outputs_of("Split")) == ["train", "test"]


def test_what_is_not_registered_is_told_with_the_near_names() -> None:
    outputs = registry()
    with pytest.raises(ValueError, match=r"^Output Split\.trian not registered \(did you mean 'train'\?\)$"):
        outputs.get_output_reference("Split", "trian")
    with pytest.raises(ValueError, match=r"^Output Splitt\.train not registered \(did you mean 'Split'\?\)$"):
        outputs.get_output_reference("Splitt", "train")
    with pytest.raises(ValueError, match=r"^Output Evaluate\.report not registered$"):
        outputs.get_output_reference("Evaluate", "report")
    with pytest.raises(ValueError, match=r"^Step Trian has no registered outputs \(did you mean 'Train'\?\)$"):
        outputs.outputs_of("Trian")


def test_asking_registers_nothing() -> None:
    outputs = registry()
    with pytest.raises(ValueError):
        outputs.get_output_reference("Evaluate", "report")
    outputs.outputs_of("Train").clear()
    assert outputs.steps() == ("Train", "Split")
    assert list(outputs.outputs_of("Train")) == ["model"]


def test_one_output_cannot_have_two_places() -> None:
    outputs = registry()
    with pytest.raises(ValueError, match=r"Output Train\.model is registered as .*S3ModelArtifacts'; it cannot be .*S3OutputPath' too"):
        outputs.register_output("Train", "model", "properties.OutputDataConfig.S3OutputPath")
    with pytest.raises(ValueError):
        outputs.register_output("Split", "train", "properties", "test")
    assert outputs.get_output_reference("Train", "model").property_path == "properties.ModelArtifacts.S3ModelArtifacts"


def test_the_same_place_may_be_registered_again_in_any_spelling() -> None:
    outputs = registry()
    outputs.register_output("Train", "model", "ModelArtifacts.S3ModelArtifacts")
    outputs.register_output("Split", "train", 'ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri')
    outputs.register_output("Bad", "output", "not a path")
    outputs.register_output("Bad", "output", "not a path")
    assert outputs.get_output_reference("Train", "model").property_path == "properties.ModelArtifacts.S3ModelArtifacts"
