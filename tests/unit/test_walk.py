"""The walk against what the SDK did with 200 paths, and where it is stricter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import TypedDict

import pytest

from contract_lint.model.contract import HOLE
from contract_lint.model.property_path import Malformed, PropertyPath, parse
from contract_lint.sagemaker.service_model import service_model
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, kind_named, kinds_of_class
from contract_lint.sagemaker.verdicts import (
    AttributeOnCollection,
    InternalAttribute,
    MemberOfOtherKind,
    NegativeIndex,
    NoProperties,
    NotSubscriptable,
    OddIndex,
    PlainValue,
    PositionalOutput,
    PositionOutOfRange,
    Reaches,
    StopsEarly,
    UndeclaredOutput,
    Unknown,
    UnknownMember,
    UnquotedKey,
    Verdict,
)
from contract_lint.sagemaker.walk import walk


class Case(TypedDict):
    """One path on one step of SDK 2.257.7, executed: whether the SDK accepted it, and where it led."""

    kind: str
    path: str
    accepted: bool
    get: dict[str, str] | None
    leaf_shape: str | None
    leaf_type: str | None
    error: str | None
    category: str


CASES: list[Case] = json.loads((Path(__file__).parent.parent / "data" / "property_cases.json").read_text(encoding="utf-8"))

#: The cases' own names of steps -> our kinds.
KINDS = {
    "automl": "AutoML",
    "callback": "Callback",
    "clarify_check": "ClarifyCheck",
    "condition": "Condition",
    "create_model": "Model",
    "emr": "EMR",
    "emr_cluster_config": "EMR",
    "endpoint": "Endpoint",
    "endpoint_config": "EndpointConfig",
    "fail": "Fail",
    "inference_component": "InferenceComponent",
    "lambda": "Lambda",
    "model_step_create": "Model",
    "model_step_register": "RegisterModel",
    "monitor_batch_transform": "QualityCheck",
    "notebook_job": "NotebookJob",
    "processing": "Processing",
    "register_model": "RegisterModel",
    "training": "Training",
    "transform": "Transform",
    "tuning": "Tuning",
}

#: Where we judge more strictly than the SDK accepts, or name what it hands out as no reference.
ODD: dict[str, type[Verdict]] = {
    "odd:negative-index": NegativeIndex,
    "odd:int-index-on-map": OddIndex,
    "odd:none-index": OddIndex,
    "odd:index-out-of-range": PositionOutOfRange,
    "odd:undeclared-output": UndeclaredOutput,
    "odd:stops-at-list": StopsEarly,
    "odd:stops-at-structure": StopsEarly,
    "odd:plain-python-value": PlainValue,
    "odd:python-internal-attribute": InternalAttribute,
}

NEAR: dict[str, tuple[type[Verdict] | type[Malformed], ...]] = {
    "near:attribute-on-list": (AttributeOnCollection,),
    "near:attribute-on-map": (AttributeOnCollection,),
    "near:index-on-leaf": (NotSubscriptable,),
    "near:index-on-structure": (NotSubscriptable,),
    "near:no-properties": (NoProperties,),
    "near:undeclared-output": (UndeclaredOutput,),
    "near:unquoted-name": (UnquotedKey,),
    "near:other-step-kind": (MemberOfOtherKind,),
    "near:typo": (UnknownMember,),
    "near:wrong-case": (UnknownMember, Malformed),
    "near:snake_case": (UnknownMember,),
    "near:unknown": (UnknownMember,),
    "near:other-level": (UnknownMember,),
    "near:extra-level": (UnknownMember, NotSubscriptable),
    "near:missing-level": (UnknownMember, NotSubscriptable, AttributeOnCollection),
}


def kind(name: str) -> StepKind:
    found = kind_named(name)
    assert found is not None
    return found


def path(text: str) -> PropertyPath:
    parsed = parse(text)
    assert isinstance(parsed, PropertyPath), parsed
    return parsed


def on(name: str, text: str, outputs: tuple[str, ...] | None = None) -> Verdict:
    return walk(path(text), kind(name), outputs=outputs)


def judge(case: Case) -> Verdict | Malformed:
    name, _, declared = case["kind"].partition(":")
    parsed = parse(case["path"])
    return (
        parsed
        if isinstance(parsed, Malformed)
        else walk(parsed, kind(KINDS[name]), outputs=tuple(declared.split(",")) if declared else None)
    )


def accepted(verdict: Verdict | Malformed) -> bool:
    return not isinstance(verdict, Malformed) and verdict.accepted_by_sdk


def end(verdict: Verdict | Malformed) -> Reaches | StopsEarly:
    """Where a path leads that the SDK accepts."""
    if isinstance(verdict, PositionalOutput | NegativeIndex | PositionOutOfRange | OddIndex | UndeclaredOutput):
        assert verdict.reached is not None
        return verdict.reached
    assert isinstance(verdict, Reaches | StopsEarly)
    return verdict


def in_category(prefix: str) -> list[Case]:
    return [case for case in CASES if case["category"].startswith(prefix)]


def ids(case: Case) -> str:
    return f"{case['kind']}:{case['path']}"


def test_no_case_is_left_out() -> None:
    assert len(CASES) == 200
    assert {case["category"] for case in CASES} == set(NEAR) | set(ODD) | {case["category"] for case in in_category("valid:")}


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_accepts_what_the_sdk_accepts(case: Case) -> None:
    assert accepted(judge(case)) is case["accepted"]


@pytest.mark.parametrize("case", [case for case in CASES if case["accepted"]], ids=ids)
def test_leads_where_the_sdk_leads(case: Case) -> None:
    verdict = judge(case)
    reached = end(verdict)
    assert reached.shape == case["leaf_shape"]
    assert (reached.type or "unmodelled") == case["leaf_type"]


@pytest.mark.parametrize("case", [case for case in CASES if case["get"]], ids=ids)
def test_prints_what_the_sdk_prints(case: Case) -> None:
    assert case["get"] is not None
    in_definition = parse(case["get"]["Get"])
    assert isinstance(in_definition, PropertyPath)
    assert f"Steps.{in_definition.step}.{in_definition}" == case["get"]["Get"]
    name, _, declared = case["kind"].partition(":")
    if name != "lambda":  # there the definition says OutputParameters
        assert str(path(case["path"])) == str(in_definition)
    again = walk(in_definition, kind(KINDS[name]), outputs=tuple(declared.split(",")) if declared else None)
    assert end(again) == end(judge(case)) or isinstance(end(again), StopsEarly)


@pytest.mark.parametrize("case", in_category("odd:"), ids=ids)
def test_is_stricter_on_odd_paths(case: Case) -> None:
    assert type(judge(case)) is ODD[case["category"]]


@pytest.mark.parametrize("case", in_category("near:"), ids=ids)
def test_names_what_is_wrong_with_near_misses(case: Case) -> None:
    assert isinstance(judge(case), NEAR[case["category"]])


@pytest.mark.parametrize("case", in_category("near:typo") + in_category("near:wrong-case") + in_category("near:snake_case"), ids=ids)
def test_the_first_candidate_mends_a_misspelling(case: Case) -> None:
    text, parsed = case["path"], parse(case["path"])
    for _ in range(len(text)):  # snake_case paths have one wrong name after the other
        if isinstance(parsed, Malformed):
            text = text[parsed.end + 1 :]
        elif isinstance(verdict := walk(parsed, kind(KINDS[case["kind"]])), UnknownMember):
            text = text[: verdict.segment.start] + verdict.candidates[0] + text[verdict.segment.end :]
        else:
            break
        parsed = parse(text)
    assert accepted(parsed if isinstance(parsed, Malformed) else walk(parsed, kind(KINDS[case["kind"]])))
    # A misspelling changes, drops, doubles or swaps a character or two, or a word's case.
    written = case["path"].removeprefix("Properties.").replace("_", "").lower()
    assert SequenceMatcher(None, text.lower(), written).ratio() > 0.75


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Training", "TrainingMetrics", "FinalMetricDataList"),
        ("Training", "ModelArtifacts.S3Uri", "S3ModelArtifacts"),
        ("Training", "ModelArtifact.S3ModelArtifacts", "ModelArtifacts"),
        ("Processing", "Outputs['train'].S3Output.S3Uri", "ProcessingOutputConfig.Outputs"),
        ("Processing", "ProcessingOutputConfig.Outputs['train'].S3Uri", "S3Output.S3Uri"),
        ("Training", "S3ModelArtifacts", "ModelArtifacts.S3ModelArtifacts"),
        ("Training", "MlflowResourceArn", "MlflowConfig.MlflowResourceArn"),
        ("Lambda", "OutputParameters['x']", "Outputs"),
        ("AutoML", "BestCandidateProperties.ModelInsightsPath", "ModelInsightsJsonReportPath"),
    ],
)
def test_suggests_the_member_that_was_meant(name: str, text: str, expected: str) -> None:
    verdict = on(name, text)
    assert isinstance(verdict, UnknownMember)
    assert verdict.candidates[0] == expected


def test_points_at_the_wrong_segment() -> None:
    text = "properties.ProcessingOutputConfig.Outputs['train'].S3Output.Url"
    verdict = on("Processing", text)
    assert isinstance(verdict, UnknownMember)
    assert text[verdict.segment.start : verdict.segment.end] == "Url"
    assert verdict.shape == "ProcessingS3Output"


@pytest.mark.parametrize(
    ("name", "text", "kinds"),
    [
        ("Training", "TrainingJobDefinition.OutputDataConfig.S3OutputPath", ("Tuning",)),
        ("Model", "ModelArtifacts.S3ModelArtifacts", ("Training",)),
        ("RegisterModel", "ModelName", ("Transform", "Model")),
        ("NotebookJob", "TrainingJobName", ("Training",)),
    ],
)
def test_names_the_kinds_that_have_the_path(name: str, text: str, kinds: tuple[str, ...]) -> None:
    verdict = on(name, text)
    assert isinstance(verdict, MemberOfOtherKind)
    assert verdict.kinds == kinds


@pytest.mark.parametrize(
    ("name", "text", "shape"),
    [("Training", "properties", "DescribeTrainingJobResponse"), ("Tuning", "TrainingJobSummaries", "HyperParameterTrainingJobSummaries")],
)
def test_stopping_at_a_container_is_accepted_by_the_sdk_alone(name: str, text: str, shape: str) -> None:
    verdict = on(name, text)
    assert isinstance(verdict, StopsEarly)
    assert (verdict.shape, verdict.accepted_by_sdk) == (shape, True)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("Tuning", "TrainingJobSummaries[49].TrainingJobName", Reaches),
        ("Tuning", "TrainingJobSummaries[50].TrainingJobName", PositionOutOfRange),
        ("Tuning", "TrainingJobSummaries[1.5].TrainingJobName", OddIndex),
        ("Tuning", "TrainingJobSummaries[True].TrainingJobName", OddIndex),
        ("Processing", "ProcessingOutputConfig.Outputs[0].S3Output.S3Uri", PositionalOutput),
        ("Processing", "ProcessingOutputConfig.Outputs['0'].S3Output.S3Uri", Reaches),
        ("Processing", "ProcessingOutputConfig.Outputs[10].S3Output.S3Uri", PositionOutOfRange),
        ("Processing", "ProcessingOutputConfig.Outputs[0].S3Output", StopsEarly),
        ("Processing", "ProcessingOutputConfig.Outputs[-1].S3Output", NegativeIndex),
        ("Processing", "ProcessingOutputConfig.Outputs[0].S3Uri", UnknownMember),
        ("Training", "properties.HyperParameters[lr]", Reaches),
        ("Training", "HyperParameters[lr]", UnquotedKey),
        ("Training", "FinalMetricDataList['auc'].Value", Reaches),
    ],
)
def test_indices(name: str, text: str, expected: type[Verdict]) -> None:
    assert type(on(name, text)) is expected


def test_without_strict_only_the_sdk_speaks() -> None:
    odd = path("ProcessingOutputConfig.Outputs[-1].S3Output.S3Uri")
    assert walk(odd, kind("Processing"), outputs=("a",), strict=False) == Reaches("S3Uri", "string")


def test_declared_outputs() -> None:
    wrong = on("Processing", "ProcessingOutputConfig.Outputs['trian'].S3Output.S3Uri", ("train", "test"))
    assert isinstance(wrong, UndeclaredOutput)
    assert (wrong.candidates[0], wrong.accepted_by_sdk, wrong.reached) == ("train", True, Reaches("S3Uri", "string"))
    assert isinstance(on("Processing", "ProcessingOutputConfig.Outputs[2].S3Output.S3Uri", ("train", "test")), PositionOutOfRange)
    assert isinstance(on("Processing", "ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri", ("train",)), Reaches)
    assert on("Lambda", "Outputs['status']") == Reaches(None, None)
    assert isinstance(on("Lambda", "Outputs.status", ("status",)), AttributeOnCollection)
    assert not on("Callback", "Outputs[0]", ("status",)).accepted_by_sdk
    assert on("Lambda", "Steps.L.OutputParameters['status']", ("status",)) == Reaches(None, None)
    assert isinstance(on("Lambda", "Steps.L.Outputs['status']", ("status",)), UnknownMember)


def test_a_list_inside_a_map_takes_no_index_in_the_sdk() -> None:
    definitions = "BestCandidate.InferenceContainerDefinitions['CPU']"
    assert isinstance(on("AutoML", definitions), StopsEarly)
    assert isinstance(on("AutoML", f"{definitions}[0].Image"), NotSubscriptable)
    assert isinstance(on("AutoML", f"Steps.A.{definitions}[0].Image"), Reaches)


def test_plain_values_and_steps_without_properties() -> None:
    assert isinstance(on("EMR", "ClusterId"), PlainValue)
    assert isinstance(on("EMR", "ClusterConfig.Instances"), PlainValue)
    for name in ("Fail", "Cleanup", "Function", "EMRServerless"):
        assert isinstance(on(name, "Anything"), NoProperties)


def test_a_definition_sees_the_job_behind_a_notebook_or_function() -> None:
    assert on("NotebookJob", "Steps.N.TrainingJobName") == Reaches("TrainingJobName", "string")
    assert on("Function", "Steps.F.OutputDataConfig.S3OutputPath") == Reaches("S3Uri", "string")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Training", f"ModelArtifacts.{HOLE}"),
        ("Training", f"{HOLE}.S3ModelArtifacts"),
        ("Training", f"Model{HOLE}"),
        ("Training", "properties.{source_output}"),
        ("Processing", f"ProcessingOutputConfig.Outputs['x{HOLE}"),
        ("ForEach", "IterationOutputs[0].Train.ModelName"),
        ("EMR", "ExecutionRoleArn"),
    ],
)
def test_what_only_the_run_tells_is_unknown(name: str, text: str) -> None:
    assert isinstance(on(name, text), Unknown)


@pytest.mark.parametrize("key", [f"'{HOLE}'", HOLE, "{i}", "'{name}'", f"'a{HOLE}'"])
def test_an_unknown_index_hides_nothing_else(key: str) -> None:
    outputs = ("train",)
    assert on("Processing", f"ProcessingOutputConfig.Outputs[{key}].S3Output.S3Uri", outputs) == Reaches("S3Uri", "string")
    assert isinstance(on("Processing", f"ProcessingOutputConfig.Outputs[{key}].S3Uri", outputs), UnknownMember)
    assert on("Lambda", f"Outputs[{key}]", outputs).accepted_by_sdk


def test_a_wrong_name_before_a_hole_is_still_wrong() -> None:
    assert isinstance(on("Training", f"Metrics.{HOLE}"), UnknownMember)


def test_a_class_of_two_kinds_has_the_properties_of_each() -> None:
    registered, made = sorted(kinds_of_class("sagemaker.workflow.model_step.ModelStep"), key=lambda one: one.name, reverse=True)
    assert walk(path("ModelName"), made) == Reaches("ModelName", "string")
    assert walk(path("ModelPackageArn"), registered) == Reaches("ModelPackageArn", "string")
    assert isinstance(walk(path("ModelArtifacts.S3ModelArtifacts"), made), MemberOfOtherKind)
    assert isinstance(walk(path("ModelArtifacts.S3ModelArtifacts"), registered), MemberOfOtherKind)


def enumerate_paths(service: str, name: str, depth: int) -> Iterator[str]:
    """Every path from a shape, lists by position 0 and maps by a key, as deep as the SDK goes."""
    shape = service_model().shape(service, name)
    for member, target in shape.members.items():
        yield member
        below = service_model().shape(service, target)
        if depth > 1:
            if below.type == "structure":
                yield from (f"{member}.{rest}" for rest in enumerate_paths(service, target, depth - 1))
            elif below.item is not None:
                item = f"{member}['k']" if below.type == "map" else f"{member}[0]"
                yield item
                yield from (f"{item}.{rest}" for rest in enumerate_paths(service, below.item, depth - 2) if depth > 2)


@pytest.mark.parametrize("of", [kind for kind in all_kinds() if kind.shapes], ids=lambda of: of.name)
def test_every_path_of_the_model_walks(of: StepKind) -> None:
    count = 0
    for shape in of.shapes:
        for text in enumerate_paths(of.service, shape, 4):
            if text.split(".")[0] in of.extras:
                continue
            verdict = walk(path(text), of)
            assert isinstance(verdict, Reaches | StopsEarly | PositionalOutput), (text, verdict)
            count += 1
    assert count > 10


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_every_verdict_has_a_reason_of_one_line(case: Case) -> None:
    reason = judge(case).reason
    assert reason
    assert "\n" not in reason
