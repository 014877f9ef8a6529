"""Resolution of properties: references, recorded executions, the service and its cache."""

from __future__ import annotations

import gc
import json
from pathlib import Path
from typing import Any
from weakref import ref

import pytest
from executions import EARLIER, EXECUTION, RECORD, arn, entry, execution_arn, job, record

import contract_lint
from contract_lint import (
    PropertyResolutionService,
    PropertyResolutionStrategy,
    RecordedExecution,
    ResolutionError,
    SageMakerPropertyStrategy,
)
from contract_lint.model.errors import ContractLintError
from contract_lint.resolution import record_of
from contract_lint.resolution.asking import _IDENTITIES, ASKINGS, BESIDE, TOLD, UNTOLD, identity_of
from contract_lint.resolution.record import RecordedSource
from contract_lint.sagemaker.service_model import service_model
from contract_lint.sagemaker.step_kinds import kind_named

RECORDED = RecordedExecution(RECORD)


def service(*strategies: PropertyResolutionStrategy) -> PropertyResolutionService:
    made = PropertyResolutionService()
    for strategy in strategies or (SageMakerPropertyStrategy(),):
        made.register_strategy(strategy)
    return made


def refusal(step: str, path: str, given: object = RECORDED) -> str:
    with pytest.raises(ResolutionError) as raised:
        service().resolve_property(step, path, {"pipeline_execution": given})
    return str(raised.value)


@pytest.mark.parametrize(
    ("path", "get"),
    [
        ("properties.ModelArtifacts.S3ModelArtifacts", "Steps.X.ModelArtifacts.S3ModelArtifacts"),
        ("ModelArtifacts.S3ModelArtifacts", "Steps.X.ModelArtifacts.S3ModelArtifacts"),
        ("steps.X.properties.ModelName", "Steps.X.ModelName"),
        ("Steps.X.ModelName", "Steps.X.ModelName"),
        ('properties.Outputs["rows"]', "Steps.X.OutputParameters['rows']"),
        (
            "properties.ProcessingOutputConfig.Outputs[train].S3Output.S3Uri",
            "Steps.X.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
        ),
    ],
)
def test_at_definition_time_a_property_is_what_stands_in_the_definition(path: str, get: str) -> None:
    assert service().resolve_property("X", path, {}) == {"Get": get}
    assert service().resolve_property("X", path, {"pipeline_execution": None}) == {"Get": get}


@pytest.mark.parametrize("path", ["properties..ModelName", "properties.Outputs['{output_descriptor}']", "Steps.Y.ModelName"])
def test_at_definition_time_a_path_that_is_none_is_refused(path: str) -> None:
    with pytest.raises(ResolutionError, match="the path of step 'X'"):
        service().resolve_property("X", path, {})


@pytest.mark.parametrize(
    ("step", "path", "value"),
    [
        ("Split", "properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "s3://b/split/train"),
        ("Split", "properties.ProcessingOutputConfig.Outputs[train].S3Output.S3Uri", "s3://b/split/train"),
        ("Split", "properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri", "s3://b/split/test"),
        ("Split", "properties.ProcessingInputs['code'].S3Input.S3Uri", "s3://b/code/split.py"),
        ("Split", "properties.ProcessingResources.ClusterConfig.InstanceCount", 1),
        ("Split", "properties.CreationTime", "2026-03-01T10:00:00+00:00"),
        ("Train", "properties.ModelArtifacts.S3ModelArtifacts", "s3://b/train-2/output/model.tar.gz"),
        ("Train", "Steps.Train.ModelArtifacts.S3ModelArtifacts", "s3://b/train-2/output/model.tar.gz"),
        ("Train", "properties.ModelArtifacts", {"S3ModelArtifacts": "s3://b/train-2/output/model.tar.gz"}),
        ("Train", "properties.FinalMetricDataList['logloss'].Value", 0.2),
        ("Train", "properties.HyperParameters['max depth']", "5"),
        ("Train", "properties.EnableNetworkIsolation", False),
        ("Train", "properties.ComputingJobName", "train-2"),
        ("Tune", "properties.TrainingJobSummaries[1].TrainingJobName", "tune-1-003"),
        ("Tune", "properties.BestTrainingJob.TrainingJobName", "tune-1-007"),
        ("Model", "properties.ModelName", "model-1"),
        ("Register", "properties.ModelPackageArn", arn("model-package/churn/7")),
        ("Score", "properties.TransformOutput.S3OutputPath", "s3://b/scores"),
        ("Auto", "properties.BestCandidate.CandidateName", "best"),
        ("Count", "properties.Outputs['rows']", "42"),
        ("Count", "Steps.Count.OutputParameters['rows']", "42"),
        ("Wait", "properties.Outputs['table']", "s3://b/table"),
        ("Good", "properties.Outcome", "True"),
        ("Cluster", "properties.Status.State", "COMPLETED"),
        ("Cluster", "properties.Config.Args[1]", "b"),
        ("Cluster", "Steps.Cluster.ClusterId", "j-1"),
        ("Quality", "properties.CalculatedBaselineStatistics", "s3://b/stats.json"),
        ("Clarify", "properties.CalculatedBaselineConstraints", "s3://b/constraints.json"),
        ("Lineage", "properties.ActionArns['approve']", arn("action/approve")),
        ("Fan", "properties.InputItemCount", 2),
        ("Cached", "properties.ModelName", "cached"),
        ("Chosen", "properties.Outcome", "False"),
        ("Running", "properties.TrainingJobName", "running"),
    ],
)
def test_a_recorded_execution_tells_every_kind_of_value(step: str, path: str, value: object) -> None:
    assert service().resolve_property(step, path, {"pipeline_execution": RECORDED}) == value
    assert service().resolve_property(step, path, {"record": RECORD}) == value


@pytest.mark.parametrize(
    ("step", "path", "words"),
    [
        ("Trian", "properties.ModelName", "the execution has no step 'Trian' (did you mean 'Train'"),
        (
            "Train",
            "properties.ModelArtifact.S3ModelArtifacts",
            "'Train' is a Training step and cannot have this property: 'ModelArtifact' is",
        ),
        ("Train", "properties.ModelArtifact.S3ModelArtifacts", "(did you mean 'ModelArtifacts', "),
        ("Model", "properties.ModelArtifacts.S3ModelArtifacts", "a Model step has no 'ModelArtifacts'; the path is one of Training"),
        ("Late", "properties.ModelArtifacts.S3ModelArtifacts", "'Late' is a Transform step and cannot have this property"),
        ("Split", "properties.ProcessingOutputConfig.Outputs['trian'].S3Output.S3Uri", "it has 'test', 'train' (did you mean 'train'?)"),
        ("Split", "properties.ProcessingOutputConfig.Outputs[2].S3Output.S3Uri", "'Outputs' has 2 items in the answer, none at position 2"),
        ("Split", "properties.ProcessingOutputConfig.Outputs[-1].S3Output.S3Uri", "positions start at 0"),
        ("Split", "properties.ExitMessage", "the answer has no 'ExitMessage'; the service leaves out what the job was made without"),
        ("Split", "properties.NetworkConfig.VpcConfig.Subnets[0]", "the answer has no 'NetworkConfig'"),
        ("Train", "properties.InputDataConfig['train'].ContentType", "have positions, not names; write InputDataConfig[0]"),
        ("Train", "properties.HyperParameters['etta']", "(did you mean 'eta'?)"),
        ("Count", "properties.Outputs['row']", "it has 'rows', 'table' (did you mean 'rows'?)"),
        ("Running", "properties.ModelArtifacts.S3ModelArtifacts", "the step is still executing: ask again when it has ended"),
        ("Starting", "properties.TrainingJobName", "is still starting and has made nothing yet"),
        ("Broken", "properties.ModelArtifacts.S3ModelArtifacts", "'Broken' failed: AlgorithmError: out of memory, and no later step"),
        ("Broken", "properties.ModelArtifacts.S3ModelArtifacts", f"{arn('training-job/broken')} shows what it left"),
        ("Halted", "properties.TrainingJobName", "'Halted' was stopped"),
        ("Late", "properties.TransformOutput.S3OutputPath", "did not run: the execution ended (Succeeded) after 'Train', 'Broken' failed"),
        ("Retrain", "properties.TrainingJobName", "'Retrain' did not run: 'Good' came out True, and its branch is that of False"),
        ("Body", "properties.Outputs['x']", "'Body' ran 2 times in the body of 'Fan'"),
        ("Serverless", "properties.X", "an EMRServerless step has no properties"),
        ("Bedrock", "properties.ModelName", "its metadata (BedrockModelImport) are of a kind that is not known here"),
        ("Silent", "properties.ModelName", "has no metadata"),
        ("Unrecorded", "properties.TrainingJobName", "add the answer of DescribeTrainingJob to its Described"),
        ("Lost", "properties.ModelName", f"does not hold execution {execution_arn('gone00000000')}"),
        ("Circle", "properties.ModelName", "which took it over in turn"),
        ("Auto", "properties.BestCandidateProperties.ExplainabilityJsonReportPath", "CandidateArtifactLocations"),
        ("Fan", "properties.IterationOutputs[0].Body.score", "the answer has no 'IterationOutputs'"),
    ],
)
def test_what_has_no_value_says_why_and_what_to_do(step: str, path: str, words: str) -> None:
    assert words in refusal(step, path)


def test_all_errors_are_of_one_type_and_the_first_designs_too() -> None:
    assert issubclass(ResolutionError, ValueError)
    assert issubclass(ResolutionError, ContractLintError)
    error = ResolutionError("no a", "try b", near=("c", "d", "e"))
    assert (error.problem, error.todo, error.near) == ("no a", "try b", ("c", "d", "e"))
    assert str(error) == "no a (did you mean 'c', 'd' or 'e'?); try b"
    assert str(ResolutionError("no a")) == "no a"


def test_without_a_definition_nobody_knows_whether_a_step_is_still_to_run() -> None:
    bare = RecordedExecution(RECORD["ListPipelineExecutionSteps"])
    said = refusal("Late", "properties.TransformJobName", bare)
    assert said.startswith("no step 'Late' has started in the execution")
    assert "whether others are still to run, only the definition tells" in said
    assert bare.describe_step("Count").get_property("properties.Outputs['rows']") == "42"
    assert (bare.arn, bare.status, bare.final) == ("", None, True)


@pytest.mark.parametrize("definition", ["", "{", "[]", '{"Steps": 1}', "[" * 100_000])
def test_a_definition_that_cannot_be_read_does_no_harm(definition: str) -> None:
    broken = RecordedExecution(record(DescribePipelineDefinitionForExecution={"PipelineDefinition": definition}))
    assert "Late" in refusal("Late", "properties.TransformJobName", broken)
    assert broken.describe_step("Good").get_property("properties.Outcome") == "True"


def test_a_step_that_is_still_to_run_says_so() -> None:
    running = {"PipelineExecutionArn": EXECUTION, "PipelineExecutionStatus": "Executing"}
    said = refusal("Late", "properties.TransformJobName", RecordedExecution(record(DescribePipelineExecution=running)))
    assert said == "step 'Late' has not run yet; ask again when it has"


@pytest.mark.parametrize("definition", [RECORD["DescribePipelineDefinitionForExecution"], None])
def test_what_a_selective_execution_left_out_comes_from_its_source(definition: Any) -> None:
    summary = {
        "PipelineExecutionArn": EXECUTION,
        "PipelineExecutionStatus": "Succeeded",
        "SelectiveExecutionConfig": {"SourcePipelineExecutionArn": EARLIER, "SelectedSteps": [{"StepName": "Train"}]},
    }
    steps = {"Steps": [{"Name": "Skipped", "Type": "Condition", "Arguments": {}}]}
    definition = definition and {"PipelineDefinition": json.dumps(steps)}
    chosen = RecordedExecution(record(DescribePipelineExecution=summary, DescribePipelineDefinitionForExecution=definition))
    run = chosen.describe_step("Skipped")
    assert run.get_property("properties.Outcome") == "False"
    assert run.execution == EARLIER


@pytest.mark.parametrize("starts", [("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z"), (1.0, 2.0), (None, None), ("soon", "later")])
@pytest.mark.parametrize("turned", [False, True])
def test_the_last_attempt_counts_in_any_order(starts: tuple[object, object], turned: bool) -> None:
    attempts = [
        entry("S", "Failed", StartTime=starts[0], AttemptCount=1, FailureReason="x"),
        entry("S", StartTime=starts[1], AttemptCount=2, Metadata={"Condition": {"Outcome": "True"}}),
    ]
    steps = {"PipelineExecutionSteps": attempts[::-1] if turned else attempts}
    assert RecordedExecution(steps).describe_step("S").get_property("Outcome") == "True"


def test_answers_are_told_apart_by_what_they_describe() -> None:
    """A processing job's answer names a training job too; whatever an answer's shape may name, its own identity is found first."""
    shapes = [shape for how in ASKINGS.values() for kind in how.kinds[:1] for shape in kind_named(kind).shapes[:1]]  # type: ignore[union-attr]
    members = {
        how.identity: set(service_model().shape("sagemaker", shape).members)
        for how, shape in zip(ASKINGS.values(), shapes)
        if shape != "Step"
    }
    for identity, has in members.items():
        assert next(member for member in _IDENTITIES if member in has) == identity
    assert identity_of({"Step": {"Id": "s-1"}}) == "s-1"
    assert identity_of({"Other": 1}) is None


def test_the_tables_know_the_metadata_of_every_kind_of_step() -> None:
    names = [kind for how in ASKINGS.values() for kind in how.kinds] + [*TOLD, *UNTOLD]
    assert all(kind_named(name) is not None for name in names)
    assert set(BESIDE) <= set(ASKINGS)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is no JSON text (line 1"),
        ('{"a": 1,\n}', "line 2"),
        ("[" * 100_000, "is no JSON text"),
        ("[]", "holds no JSON object"),
        ("{}", "holds no ListPipelineExecutionSteps"),
        ('{"PipelineExecutionSteps": {}}', "holds no ListPipelineExecutionSteps"),
        ('{"PipelineExecutionSteps": [{"StepName": 1}]}', "holds no ListPipelineExecutionSteps"),
        ('{"PipelineExecutionSteps": [], "NextToken": "x"}', "only the first page"),
        ('{"ListPipelineExecutionSteps": {"PipelineExecutionSteps": []}, "Describe": []}', "has a member 'Describe'"),
        ('{"ListPipelineExecutionSteps": {"PipelineExecutionSteps": []}, "Described": {}}', "Described of"),
        ('{"ListPipelineExecutionSteps": {"PipelineExecutionSteps": []}, "SourceExecutions": [1]}', "SourceExecutions of"),
    ],
)
def test_a_file_that_is_no_record_says_what_is_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ResolutionError) as raised:
        RecordedExecution(path)
    assert str(path) in str(raised.value)
    assert words in str(raised.value)


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "latin.json").write_bytes(b'{"\xe9": 1}')
    for path in (tmp_path, tmp_path / "missing.json", tmp_path / "latin.json"):
        with pytest.raises(ResolutionError):
            RecordedExecution(path)


def test_a_record_of_a_record_is_the_same_but_for_what_it_lacks(tmp_path: Path) -> None:
    made = record_of(RecordedSource(RECORD))
    assert made["ListPipelineExecutionSteps"] == RECORD["ListPipelineExecutionSteps"]
    assert made["DescribePipelineExecution"] == RECORD["DescribePipelineExecution"]
    path = tmp_path / "again.json"
    path.write_text(json.dumps(made), encoding="utf-8")
    again = RecordedExecution(path)
    for step, name in (("Cluster", "Status.State"), ("Cached", "ModelName"), ("Tune", "TrainingJobSummaries[0].TrainingJobName")):
        assert again.describe_step(step).get_property(name) == RECORDED.describe_step(step).get_property(name)
    assert "there is no answer about" in refusal("Unrecorded", "properties.TrainingJobName", again)
    assert "does not hold execution" in refusal("Lost", "properties.ModelName", again)


def test_executions_that_took_results_over_from_each_other_find_them_beside_each_other() -> None:
    names = [execution_arn(f"number{at}000000") for at in range(3)]

    def one(at: int, entries: list[dict[str, Any]]) -> dict[str, Any]:
        summary = {"PipelineExecutionArn": names[at], "PipelineExecutionStatus": "Succeeded"}
        return {"DescribePipelineExecution": summary, "ListPipelineExecutionSteps": {"PipelineExecutionSteps": entries}}

    def cached(step: str, at: int) -> dict[str, Any]:
        return entry(step, CacheHitResult={"SourcePipelineExecutionArn": names[at]})

    made = [entry(step, Metadata={"Condition": {"Outcome": "True"}}) for step in ("A", "B")]
    whole = {**one(0, [cached("A", 1), cached("B", 2)]), "SourceExecutions": [one(1, [cached("A", 2)]), one(2, made)]}
    again = RecordedExecution(record_of(RecordedSource(whole)))
    for step in ("A", "B"):
        run = again.describe_step(step)
        assert (run.get_property("properties.Outcome"), run.execution) == ("True", names[2])


@pytest.mark.parametrize("path", ["properties_of.x", "steps", "other.x", "", "ModelNam"])
def test_other_paths_are_left_to_other_strategies(path: str) -> None:
    assert service(SageMakerPropertyStrategy(), Fixed("", 1)).resolve_property("S", path, {}) == 1


class Fixed(PropertyResolutionStrategy):
    """Resolves what begins with its prefix, and counts."""

    def __init__(self, prefix: str, value: object) -> None:
        self.prefix, self.value, self.asked = prefix, value, 0

    def can_resolve(self, step_name: str, property_path: str, context: dict[str, Any]) -> bool:
        return property_path.startswith(self.prefix)

    def resolve(self, step_name: str, property_path: str, context: dict[str, Any]) -> Any:
        self.asked += 1
        return self.value() if callable(self.value) else self.value


def test_strategies_are_asked_in_the_order_of_registration() -> None:
    first, second = Fixed("properties.A", 1), Fixed("properties.", 2)
    both = service(first, second)
    assert both.resolve_property("S", "properties.A", {}) == 1
    assert both.resolve_property("S", "properties.B", {}) == 2
    assert service(second, first).resolve_property("S", "properties.A", {}) == 2


def test_where_no_strategy_can_the_first_designs_error_comes() -> None:
    with pytest.raises(ValueError, match=r"^Cannot resolve property: S\.logical_name; none of 1 strategies can$"):
        service().resolve_property("S", "logical_name", {})
    with pytest.raises(ValueError, match="register a strategy first"):
        PropertyResolutionService().resolve_property("S", "properties.ModelName", {})


def test_a_value_is_asked_once_for_an_execution_that_is_final() -> None:
    strategy = Fixed("", lambda: strategy.asked)
    one, again = service(strategy), {"pipeline_execution": RECORDED}
    assert [one.resolve_property("Train", "x", again), one.resolve_property("Train", "x", again)] == [1, 1]
    assert one.resolve_property("Train", "y", again) == 2
    assert one.resolve_property("Split", "x", again) == 3


def test_contexts_never_share_a_value() -> None:
    strategy = Fixed("", lambda: strategy.asked)
    one, other = service(strategy), RecordedExecution(RECORD)
    contexts: list[dict[str, Any]] = [
        {"pipeline_execution": RECORDED},
        {"pipeline_execution": other},
        {},
        {},
        {"pipeline_execution": RECORDED, "stage": "test"},
        {"pipeline_execution": RECORDED, "stage": 1},
        {"pipeline_execution": RECORDED, "stage": True},
        {"pipeline_execution": RECORDED, "stage": [1]},
        {"pipeline_execution": RECORDED, "record": other},
    ]
    values = [one.resolve_property("Train", "x", context) for context in contexts]
    assert values == list(range(1, len(contexts) + 1))
    definition = service()
    assert definition.resolve_property("Good", "properties.Outcome", {"pipeline_execution": RECORDED}) == "True"
    assert definition.resolve_property("Good", "properties.Outcome", {}) == {"Get": "Steps.Good.Outcome"}


def test_a_value_does_not_outlive_its_execution() -> None:
    one, execution = service(), RecordedExecution(RECORD)
    one.resolve_property("Good", "properties.Outcome", {"pipeline_execution": execution})
    assert len(one._cache) == 1
    died = ref(execution)
    del execution
    gc.collect()
    assert died() is None
    assert len(one._cache) == 0


def test_a_kept_structure_is_nobodys_to_change() -> None:
    one, context = service(), {"pipeline_execution": RecordedExecution(RECORD)}
    one.resolve_property("Train", "properties.ModelArtifacts", context)["S3ModelArtifacts"] = "changed"
    one.resolve_property("Train", "properties.ModelArtifacts", context)["S3ModelArtifacts"] = "changed"
    assert one.resolve_property("Train", "properties.ModelArtifacts", context)["S3ModelArtifacts"].startswith("s3://")


class Described:
    """An execution as the first design has it."""

    def __init__(self, values: dict[tuple[str, str], str]) -> None:
        self.values, self.step_name, self.asked = values, "", 0

    def describe_step(self, step_name: str) -> Described:
        self.step_name = step_name
        return self

    def get_property(self, property_path: str) -> str:
        self.asked += 1
        return self.values[self.step_name, property_path]


def test_an_execution_of_the_first_design_is_asked_each_time() -> None:
    """Nobody says that its values are final."""
    execution = Described({("Train", "properties.ModelName"): "m"})
    one = service()
    for count in (1, 2):
        assert one.resolve_property("Train", "properties.ModelName", {"pipeline_execution": execution}) == "m"
        assert execution.asked == count


@pytest.mark.parametrize("given", [1, object(), {"a": 1}])
def test_a_context_with_something_else_for_an_execution_is_refused(given: object) -> None:
    assert "which is no execution" in refusal("Train", "properties.ModelName", given)


def test_the_public_names_load_when_they_are_asked_for() -> None:
    assert all(getattr(contract_lint, name) is not None for name in contract_lint.__all__)


def test_a_record_without_the_steps_job_metadata_still_has_its_status() -> None:
    run = RECORDED.describe_step("Train")
    assert (run.status, [kind.name for kind in run.kinds], run.execution) == (
        "Succeeded",
        ["Training", "NotebookJob", "Function"],
        EXECUTION,
    )
    assert "Train" in RECORDED.steps()
    assert RECORDED.is_final("Train")
    assert not RECORDED.is_final("Nobody")
    assert job("Model", "model/x") == {"Model": {"Arn": arn("model/x")}}
