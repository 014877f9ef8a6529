"""The shipped extract against the installed botocore, and the table of step kinds."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import pytest

from contract_lint.sagemaker.nearest import nearest, stems
from contract_lint.sagemaker.service_model import service_model
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, default_property_path, kind_named, kinds_of_class
from contract_lint.sagemaker.verdicts import Reaches
from contract_lint.sagemaker.walk import walk
from scripts import make_service_model

SHIPPED = Path(make_service_model.TARGET)


def numbers(text: str) -> list[int]:
    return [int(part) for part in text.removeprefix("botocore ").split(".")]


def shape_names(service: str) -> list[str]:
    return list(json.loads(SHIPPED.read_text(encoding="utf-8"))["services"][service]["shapes"])


NEWER = numbers(version("botocore")) >= numbers(service_model().version)


def test_the_service_has_removed_nothing_that_is_shipped() -> None:
    model = service_model()
    for service in model.services:
        installed = make_service_model.read_shapes(make_service_model.installed_data(), service)
        for name in shape_names(service):
            shape = model.shape(service, name)
            if NEWER:
                assert installed[name]["type"] == shape.type
                assert set(shape.members) <= set(installed[name].get("members", {}))
            elif name in installed:  # an older botocore lacks what is new, and nothing else
                assert set(shape.members) >= set(installed[name].get("members", {}))


def test_is_what_the_script_makes_of_the_same_botocore() -> None:
    made = make_service_model.render(make_service_model.extract(make_service_model.installed_data(), version("botocore")))
    if service_model().version == f"botocore {version('botocore')}":
        assert SHIPPED.read_text(encoding="utf-8") == made
    else:
        assert set(json.loads(made)["services"]) == set(service_model().services)


def test_every_reference_between_shapes_is_in_the_extract() -> None:
    model = service_model()
    for service in model.services:
        names = set(shape_names(service))
        for name in names:
            shape = model.shape(service, name)
            assert {*shape.members.values(), *filter(None, (shape.item, shape.key))} <= names


def test_keeps_the_constraints() -> None:
    shape = service_model().shape("sagemaker", "ProcessingInstanceCount")
    assert (shape.type, shape.minimum) == ("integer", 1)
    assert service_model().shape("sagemaker", "CreateProcessingJobRequest").required >= {"ProcessingJobName", "RoleArn"}
    assert service_model().shape("sagemaker", "ProcessingS3UploadMode").enum == ("Continuous", "EndOfJob")
    assert service_model().shape("sagemaker", "ProcessingJobName").pattern
    assert service_model().api_version("sagemaker") == "2017-07-24"


def test_the_extract_holds_no_documentation() -> None:
    assert "documentation" not in SHIPPED.read_text(encoding="utf-8")


def test_lists_and_maps_of_emr_steps_hold_only_strings() -> None:
    """The SDK looks the items up in SageMaker's model; with this it makes no difference."""
    model = service_model()
    items = {model.shape("emr", name).item for name in shape_names("emr")} - {None}
    assert items == {"String"}
    assert model.shape("sagemaker", "String").type == model.shape("emr", "String").type


def test_no_property_is_called_like_a_prefix() -> None:
    roots = [service_model().shape(kind.service, shape) for kind in all_kinds() for shape in kind.shapes]
    assert not {name for root in roots for name in root.members if name.lower() in ("properties", "steps")}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("sagemaker.workflow.steps.ProcessingStep", ("Processing",)),
        ("sagemaker.mlops.workflow.steps.TrainingStep", ("Training",)),
        ("sagemaker.workflow.model_step.ModelStep", ("Model", "RegisterModel")),
        ("sagemaker.workflow.step_collections.RegisterModel", ("RegisterModel",)),
        ("sagemaker.workflow.monitor_batch_transform_step.MonitorBatchTransformStep", ("QualityCheck", "ClarifyCheck")),
        ("CreateModelStep", ("Model",)),
        ("my_framework.steps.ProcessingStep", ()),
        ("sagemakerish.ProcessingStep", ()),
        ("sagemaker.workflow.steps.Step", ()),
    ],
)
def test_kinds_of_sdk_classes(name: str, expected: tuple[str, ...]) -> None:
    assert tuple(kind.name for kind in kinds_of_class(name)) == expected


def test_json_types() -> None:
    types = {kind.name: kind.type for kind in all_kinds() if kind.name != kind.type}
    assert types == {"NotebookJob": "Training", "Function": "Training"}
    assert len({kind.name for kind in all_kinds()}) == len(all_kinds())


def _kind(name: str) -> StepKind:
    kind = kind_named(name)
    assert kind is not None
    return kind


def test_default_property_paths() -> None:
    assert default_property_path(_kind("Processing"), "train", sole=False) == "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert default_property_path(_kind("Training"), "model", sole=True) == "ModelArtifacts.S3ModelArtifacts"
    assert default_property_path(_kind("Training"), "model", sole=False) is None
    assert default_property_path(_kind("Lambda"), "x", sole=False) == "Outputs['x']"
    assert default_property_path(_kind("Tuning"), "x", sole=True) is None


@pytest.mark.parametrize("kind", [kind for kind in all_kinds() if kind.default_path], ids=lambda kind: kind.name)
def test_default_property_paths_reach_a_string(kind: StepKind) -> None:
    from contract_lint.model.property_path import PropertyPath, parse

    text = default_property_path(kind, "train", sole=True)
    assert text is not None
    path = parse(text)
    assert isinstance(path, PropertyPath)
    verdict = walk(path, kind)
    assert isinstance(verdict, Reaches)
    assert verdict.type == ("string" if kind.shapes else None)


def test_stems() -> None:
    assert stems("TrainingMetrics") == {"training", "metric"}
    assert stems("S3OutputPath") == {"s", "3", "output", "path"} or stems("S3OutputPath") >= {"output", "path"}
    assert stems("debug_hook_config") == {"debug", "hook", "config"}


def test_nearest_prefers_rare_words_and_misspellings() -> None:
    members = ("TrainingJobName", "TrainingJobArn", "FinalMetricDataList", "TrainingStartTime")
    assert nearest("TrainingMetrics", members)[0] == "FinalMetricDataList"
    assert nearest("TrainingJobNmae", members)[0] == "TrainingJobName"
    assert nearest("Zebra", members) == ()
