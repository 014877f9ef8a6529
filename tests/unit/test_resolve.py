"""``contract-lint resolve``: what it prints, and its exit codes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
from botocore.stub import Stubber
from executions import EARLIER, EXECUTION, RECORD, REGION, arn

from contract_lint.cli import main

ROOT = Path(__file__).parent.parent.parent
SCHEMA = json.loads((ROOT / "contract_lint/report/resolve.schema.json").read_text(encoding="utf-8"))
MODEL = "s3://b/train-2/output/model.tar.gz"


@pytest.fixture
def run(tmp_path: Path) -> str:
    path = tmp_path / "run.json"
    path.write_text(json.dumps(RECORD), encoding="utf-8")
    return str(path)


def as_json(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    assert main(["resolve", *args, "--output", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    return document


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        ("Train.ModelArtifacts.S3ModelArtifacts", MODEL),
        ("Train.properties.ModelArtifacts.S3ModelArtifacts", MODEL),
        ("Steps.Train.ModelArtifacts.S3ModelArtifacts", MODEL),
        ("steps.Train.properties.ModelArtifacts.S3ModelArtifacts", MODEL),
        ("Train.EnableNetworkIsolation", "false"),
        ("Train.FinalMetricDataList['auc'].Value", "0.91"),
        ("Train.ModelArtifacts", f'{{"S3ModelArtifacts": "{MODEL}"}}'),
        ("Count.Outputs['rows']", "42"),
    ],
)
def test_text_is_the_value_alone(run: str, capsys: pytest.CaptureFixture[str], asked: str, printed: str) -> None:
    assert main(["resolve", asked, "--record", run]) == 0
    assert capsys.readouterr().out == f"{printed}\n"


def test_long_structures_are_printed_over_lines(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "Split.ProcessingOutputConfig.Outputs", "--record", run]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)[1]["OutputName"] == "train"
    assert len(out.splitlines()) > 10


def test_json_says_where_the_value_comes_from(run: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys, "Train.properties.ModelArtifacts.S3ModelArtifacts", "--record", run) == {
        "version": 1,
        "step": "Train",
        "path": "properties.ModelArtifacts.S3ModelArtifacts",
        "reference": "Steps.Train.ModelArtifacts.S3ModelArtifacts",
        "world": "record",
        "kind": "Training",
        "type": "S3Uri[kind=object,content=model,origin=result]",
        "status": "Succeeded",
        "execution": EXECUTION,
        "execution_status": "Succeeded",
        "made_by": EXECUTION,
        "value": MODEL,
    }
    assert as_json(capsys, "Cached.ModelName", "--record", run)["made_by"] == EARLIER


def test_without_an_execution_the_reference_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["resolve", "Train.ModelArtifacts.S3ModelArtifacts"]) == 0
    assert capsys.readouterr().out == '{"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}\n'
    document = as_json(capsys, "Train.ModelArtifacts.S3ModelArtifacts")
    assert (document["world"], document["value"]) == ("definition", {"Get": document["reference"]})
    assert as_json(capsys, "Count.Outputs['rows']")["reference"] == "Steps.Count.OutputParameters['rows']"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["Train.ModelArtifact.S3ModelArtifacts"], "no kind of step has this property of 'Train': 'ModelArtifact' is not a member of"),
        (["Train.ModelArtifact.S3ModelArtifacts"], "(did you mean 'ModelArtifacts', "),
        (["Train"], "'Train' is not STEP.PATH"),
        (["Train."], "'Train.' is not STEP.PATH"),
        ([], "say which property"),
        (["Train..ModelName"], "a name is missing between the dots"),
        (["Train.ModelName", "--region", REGION], "--region goes with --execution"),
        (["Train.ModelName", "--execution", EXECUTION, "--record", "x"], "exclude each other"),
        (["Train.ModelName", "--execution", "churn"], "is no ARN of a pipeline execution"),
        (["Train.ModelName", "--execution", EXECUTION, "--region", "us-east-1"], "the execution is in region eu-west-1"),
        (["Train.ModelName", "--record", "missing.json"], "cannot read the record missing.json"),
        (["--write-record", "x.json"], "--write-record goes with --execution"),
    ],
)
def test_what_cannot_be_asked_is_exit_2(capsys: pytest.CaptureFixture[str], args: list[str], words: str) -> None:
    assert main(["resolve", *args]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert printed.out == ""


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("Trian.ModelName", "error: the execution has no step 'Trian' (did you mean 'Train'"),
        ("Train.ModelArtifact.S3ModelArtifacts", "step 'Train' is a Training step and cannot have this property: 'ModelArtifact'"),
        ("Broken.ModelName", "cannot have this property"),
        ("Broken.TrainingJobName", "step 'Broken' failed: AlgorithmError: out of memory"),
        ("Retrain.TrainingJobName", "did not run: 'Good' came out True"),
    ],
)
def test_what_has_no_value_is_exit_2(run: str, capsys: pytest.CaptureFixture[str], asked: str, words: str) -> None:
    for output in ("text", "json"):
        assert main(["resolve", asked, "--record", run, "--output", output]) == 2
        printed = capsys.readouterr()
        assert words in printed.err
        assert printed.out == ""


def test_a_live_execution_is_asked_and_recorded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    client = boto3.client("sagemaker", region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
    asked = {"PipelineExecutionArn": EXECUTION}
    listed = {
        "PipelineExecutionSteps": [{"StepName": "Model", "StepStatus": "Succeeded", "Metadata": {"Model": {"Arn": arn("model/m-1")}}}]
    }
    target = tmp_path / "made.json"
    described = {"ModelName": "m-1", "ModelArn": arn("model/m-1"), "CreationTime": "2026-03-01T10:00:00Z"}
    with Stubber(client) as stub:
        stub.add_response("list_pipeline_execution_steps", listed, {**asked, "SortOrder": "Ascending", "MaxResults": 100})
        stub.add_response("describe_pipeline_execution", {**asked, "PipelineExecutionStatus": "Succeeded"}, asked)
        stub.add_client_error("describe_pipeline_definition_for_execution", "AccessDeniedException")
        stub.add_response("describe_model", described, {"ModelName": "m-1"})
        assert main(["resolve", "--execution", EXECUTION, "--write-record", str(target)]) == 0
        assert capsys.readouterr().out == ""
        stub.add_response("describe_pipeline_execution", {**asked, "PipelineExecutionStatus": "Succeeded"}, asked)
        stub.add_response("list_pipeline_execution_steps", listed, {**asked, "SortOrder": "Ascending", "MaxResults": 100})
        stub.add_response("describe_model", described, {"ModelName": "m-1"})
        live = as_json(capsys, "Model.ModelName", "--execution", EXECUTION, "--region", REGION)
        stub.assert_no_pending_responses()
    assert (live["world"], live["value"]) == ("live", "m-1")
    assert as_json(capsys, "Model.ModelName", "--record", str(target)) == {**live, "world": "record"}


def test_the_example_and_the_pages_are_true(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("<!-- resolved -->")[2].partition("<!-- /resolved -->")[0]
    (args,) = re.findall(r"contract-lint (.*)", readme)
    (shown,) = re.findall(r"```text\n(.*?)```", readme, flags=re.DOTALL)
    assert main(args.split()) == 0
    assert capsys.readouterr().out == shown
    for asked, code in (
        ("DataLoading.ProcessingOutputConfig.Outputs['RawData'].S3Output.S3Uri", 0),
        ("XGBoostTraining.FinalMetricDataList['validation:auc'].Value", 0),
        ("Evaluation.ProcessingJobName", 2),
        ("Registration.ModelPackageArn", 2),
    ):
        assert main(["resolve", asked, "--record", "examples/churn/execution.json"]) == code
    said = capsys.readouterr().err
    assert "step 'Evaluation' failed: AlgorithmError: holdout_data is empty" in said
    assert "step 'Registration' did not run: the execution ended (Failed) after 'Evaluation' failed" in said
