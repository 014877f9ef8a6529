"""Live executions: the real boto3 client against botocore's Stubber, which checks requests and answers by the service model."""

from __future__ import annotations

import datetime
import json
import sys
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import boto3
import pytest
from botocore import exceptions
from botocore.stub import Stubber
from executions import DEFINITION, EXECUTION, REGION, arn, entry, execution_arn, job

from contract_lint.resolution import (
    LiveExecution,
    PropertyResolutionService,
    RecordedExecution,
    ResolutionError,
    SageMakerPropertyStrategy,
    record_of,
)
from contract_lint.resolution.asking import ASKINGS, EMR, SUMMARIES
from contract_lint.resolution.live import LiveSource

NOW = datetime.datetime(2026, 3, 1, 10, tzinfo=datetime.timezone.utc)
ASKED = {"PipelineExecutionArn": EXECUTION}
LISTED = {**ASKED, "SortOrder": "Ascending", "MaxResults": 100}

#: Steps, what is asked about them, and a path with its value.
KINDS: list[tuple[dict[str, Any], str, dict[str, Any], dict[str, Any], str, object]] = [
    (
        job("TrainingJob", "training-job/t-1"),
        "describe_training_job",
        {"TrainingJobName": "t-1"},
        {
            "TrainingJobName": "t-1",
            "TrainingJobArn": arn("training-job/t-1"),
            "ModelArtifacts": {"S3ModelArtifacts": "s3://b/m"},
            "TrainingJobStatus": "Completed",
            "SecondaryStatus": "Completed",
            "AlgorithmSpecification": {"TrainingInputMode": "File"},
            "ResourceConfig": {"VolumeSizeInGB": 1},
            "StoppingCondition": {},
            "CreationTime": NOW,
            "FinalMetricDataList": [{"MetricName": "auc", "Value": 0.5, "Timestamp": NOW}],
        },
        "properties.FinalMetricDataList['auc'].Timestamp",
        "2026-03-01T10:00:00+00:00",
    ),
    (
        job("ProcessingJob", "processing-job/p-1"),
        "describe_processing_job",
        {"ProcessingJobName": "p-1"},
        {
            "ProcessingJobName": "p-1",
            "ProcessingJobArn": arn("processing-job/p-1"),
            "ProcessingJobStatus": "Completed",
            "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}},
            "AppSpecification": {"ImageUri": "i"},
            "CreationTime": NOW,
            "ProcessingOutputConfig": {
                "Outputs": [{"OutputName": "train", "S3Output": {"S3Uri": "s3://b/train", "S3UploadMode": "EndOfJob", "LocalPath": "/opt"}}]
            },
        },
        "properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri",
        "s3://b/train",
    ),
    (
        job("TransformJob", "transform-job/x-1"),
        "describe_transform_job",
        {"TransformJobName": "x-1"},
        {
            "TransformJobName": "x-1",
            "TransformJobArn": arn("transform-job/x-1"),
            "TransformJobStatus": "Completed",
            "ModelName": "m",
            "TransformInput": {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/in"}}},
            "TransformOutput": {"S3OutputPath": "s3://b/out"},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            "CreationTime": NOW,
        },
        "properties.TransformOutput.S3OutputPath",
        "s3://b/out",
    ),
    (
        job("Model", "model/m-1"),
        "describe_model",
        {"ModelName": "m-1"},
        {"ModelName": "m-1", "ModelArn": arn("model/m-1"), "CreationTime": NOW},
        "properties.ModelName",
        "m-1",
    ),
    (
        job("RegisterModel", "model-package/churn/7"),
        "describe_model_package",
        {"ModelPackageName": arn("model-package/churn/7")},
        {
            "ModelPackageName": "churn",
            "ModelPackageArn": arn("model-package/churn/7"),
            "CreationTime": NOW,
            "ModelPackageStatus": "Completed",
            "ModelPackageStatusDetails": {"ValidationStatuses": []},
            "ModelPackageVersion": 7,
        },
        "properties.ModelPackageVersion",
        7,
    ),
    (
        job("AutoMLJob", "automl-job/a-1"),
        "describe_auto_ml_job_v2",
        {"AutoMLJobName": "a-1"},
        {
            "AutoMLJobName": "a-1",
            "AutoMLJobArn": arn("automl-job/a-1"),
            "AutoMLJobInputDataConfig": [{"ChannelType": "training"}],
            "OutputDataConfig": {"S3OutputPath": "s3://b/auto"},
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
            "AutoMLJobStatus": "Completed",
            "AutoMLJobSecondaryStatus": "Completed",
        },
        "properties.OutputDataConfig.S3OutputPath",
        "s3://b/auto",
    ),
    (
        job("AutoMLJob", "automl-job/a-1"),
        "describe_auto_ml_job",
        {"AutoMLJobName": "a-1"},
        {
            "AutoMLJobName": "a-1",
            "AutoMLJobArn": arn("automl-job/a-1"),
            "InputDataConfig": [{"TargetAttributeName": "y"}],
            "OutputDataConfig": {"S3OutputPath": "s3://b/auto"},
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
            "AutoMLJobStatus": "Completed",
            "AutoMLJobSecondaryStatus": "Completed",
        },
        "properties.InputDataConfig[0].TargetAttributeName",
        "y",
    ),
    (
        job("EndpointConfig", "endpoint-config/c-1"),
        "describe_endpoint_config",
        {"EndpointConfigName": "c-1"},
        {
            "EndpointConfigName": "c-1",
            "EndpointConfigArn": arn("endpoint-config/c-1"),
            "ProductionVariants": [{"VariantName": "v"}],
            "CreationTime": NOW,
        },
        "properties.ProductionVariants[0].VariantName",
        "v",
    ),
    (
        job("Endpoint", "endpoint/e-1"),
        "describe_endpoint",
        {"EndpointName": "e-1"},
        {
            "EndpointName": "e-1",
            "EndpointArn": arn("endpoint/e-1"),
            "EndpointStatus": "InService",
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        },
        "properties.EndpointStatus",
        "InService",
    ),
    (
        job("InferenceComponent", "inference-component/i-1"),
        "describe_inference_component",
        {"InferenceComponentName": "i-1"},
        {
            "InferenceComponentName": "i-1",
            "InferenceComponentArn": arn("inference-component/i-1"),
            "EndpointName": "e",
            "EndpointArn": arn("endpoint/e"),
            "CreationTime": NOW,
            "LastModifiedTime": NOW,
        },
        "properties.EndpointName",
        "e",
    ),
]


class Aws:
    """A real client whose answers are set."""

    def __init__(self, service: str = "sagemaker") -> None:
        self.client = boto3.client(service, region_name=REGION, aws_access_key_id="testing", aws_secret_access_key="testing")
        self.stub = Stubber(self.client)
        self.stub.activate()

    def answer(self, operation: str, answer: dict[str, Any], **asked: Any) -> None:
        self.stub.add_response(operation, answer, asked)

    def summary(self, status: str = "Succeeded", **members: Any) -> None:
        self.answer("describe_pipeline_execution", {**ASKED, "PipelineExecutionStatus": status, **members}, **ASKED)

    def steps(self, *entries: dict[str, Any]) -> None:
        listed = [{**one, "StartTime": NOW} for one in entries]
        self.answer("list_pipeline_execution_steps", {"PipelineExecutionSteps": listed}, **LISTED)

    def definition(self) -> None:
        self.answer("describe_pipeline_definition_for_execution", {"PipelineDefinition": json.dumps(DEFINITION)}, **ASKED)


@pytest.fixture
def aws() -> Iterator[Aws]:
    made = Aws()
    yield made
    made.stub.assert_no_pending_responses()


def resolve(aws: Aws, step: str, path: str, **context: Any) -> Any:
    service = PropertyResolutionService()
    service.register_strategy(SageMakerPropertyStrategy())
    return service.resolve_property(step, path, context or {"client": aws.client, "execution_arn": EXECUTION})


@pytest.mark.parametrize(("metadata", "operation", "asked", "answer", "path", "value"), KINDS, ids=[one[1] for one in KINDS])
def test_each_kind_of_step_is_asked_about(
    aws: Aws, metadata: dict[str, Any], operation: str, asked: dict[str, Any], answer: dict[str, Any], path: str, value: object
) -> None:
    aws.summary()
    aws.steps(entry("Step", Metadata=metadata))
    aws.answer(operation, answer, **asked)
    assert resolve(aws, "Step", path) == value


def test_every_call_of_the_table_is_one_that_boto3_has() -> None:
    sagemaker, emr = Aws().client, Aws("emr").client
    for how in ASKINGS.values():
        client = emr if how is EMR else sagemaker
        for operation in filter(None, (how.operation, how.older)):
            shape = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[operation]).input_shape
            assert how.argument in shape.members
        tested = {one[1] for one in KINDS} | {"describe_hyper_parameter_tuning_job", "describe_step"}
        assert how.operation in tested


@pytest.mark.parametrize(("direction", "order"), [("Maximize", "Descending"), ("Minimize", "Ascending")])
def test_the_best_jobs_of_a_tuning_job_come_best_first(aws: Aws, direction: str, order: str) -> None:
    aws.summary()
    aws.steps(entry("Tune", Metadata=job("TuningJob", "hyper-parameter-tuning-job/h-1")))
    config = {
        "Strategy": "Bayesian",
        "ResourceLimits": {"MaxParallelTrainingJobs": 1},
        "HyperParameterTuningJobObjective": {"Type": direction, "MetricName": "auc"},
    }
    tuning = {
        "HyperParameterTuningJobName": "h-1",
        "HyperParameterTuningJobArn": arn("hyper-parameter-tuning-job/h-1"),
        "HyperParameterTuningJobConfig": config,
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": NOW,
        "TrainingJobStatusCounters": {},
        "ObjectiveStatusCounters": {},
    }
    aws.answer("describe_hyper_parameter_tuning_job", tuning, HyperParameterTuningJobName="h-1")
    asked = {"HyperParameterTuningJobName": "h-1", "MaxResults": 50, "SortBy": "FinalObjectiveMetricValue", "SortOrder": order}
    for token, following in ((None, "more"), ("more", None)):
        summaries = [
            {
                "TrainingJobName": f"{token}-{at}",
                "TrainingJobArn": arn(f"training-job/{token}-{at}"),
                "CreationTime": NOW,
                "TrainingJobStatus": "Completed",
                "TunedHyperParameters": {},
            }
            for at in range(30)
        ]
        page = {SUMMARIES: summaries, **({"NextToken": following} if following else {})}
        aws.answer("list_training_jobs_for_hyper_parameter_tuning_job", page, **asked, **({"NextToken": token} if token else {}))
    assert resolve(aws, "Tune", "properties.TrainingJobSummaries[30].TrainingJobName") == "more-0"


def test_the_list_is_not_asked_for_where_no_job_of_it_is_meant(aws: Aws) -> None:
    aws.summary()
    aws.steps(entry("Tune", Metadata=job("TuningJob", "hyper-parameter-tuning-job/h-1")))
    answer = {
        "HyperParameterTuningJobName": "h-1",
        "HyperParameterTuningJobArn": arn("hyper-parameter-tuning-job/h-1"),
        "HyperParameterTuningJobConfig": {"Strategy": "Random", "ResourceLimits": {"MaxParallelTrainingJobs": 1}},
        "HyperParameterTuningJobStatus": "Completed",
        "CreationTime": NOW,
        "TrainingJobStatusCounters": {},
        "ObjectiveStatusCounters": {},
    }
    aws.answer("describe_hyper_parameter_tuning_job", answer, HyperParameterTuningJobName="h-1")
    assert resolve(aws, "Tune", "properties.HyperParameterTuningJobName") == "h-1"


def test_emr_steps_are_asked_of_emr(aws: Aws) -> None:
    emr = Aws("emr")
    aws.summary()
    aws.steps(entry("Count", Metadata={"EMR": {"ClusterId": "j-1", "StepId": "s-1"}}))
    emr.answer("describe_step", {"Step": {"Id": "s-1", "Status": {"State": "COMPLETED"}}}, ClusterId="j-1", StepId="s-1")
    execution = LiveExecution(EXECUTION, client=aws.client, emr=emr.client)
    assert execution.describe_step("Count").get_property("properties.Status.State") == "COMPLETED"
    assert execution.describe_step("Count").get_property("Steps.Count.ClusterId") == "j-1"
    emr.stub.assert_no_pending_responses()


def test_steps_of_all_pages_are_found_and_what_metadata_tell_is_not_asked_for(aws: Aws) -> None:
    aws.summary()
    for token, name in ((None, "A"), ("next", "B"), ("last", "C")):
        step = entry(name, StartTime=NOW, Metadata={"Lambda": {"OutputParameters": [{"Name": "rows", "Value": name}]}})
        following = {None: "next", "next": "last"}.get(token)
        page = {"PipelineExecutionSteps": [step], **({"NextToken": following} if following else {})}
        aws.answer("list_pipeline_execution_steps", page, **LISTED, **({"NextToken": token} if token else {}))
    execution = LiveExecution(EXECUTION, client=aws.client)
    assert execution.describe_step("C").get_property("properties.Outputs['rows']") == "C"
    assert execution.describe_step("A").get_property("properties.Outputs['rows']") == "A"
    assert execution.steps() == ("A", "B", "C")


def test_a_running_execution_is_asked_anew_and_one_that_has_succeeded_is_not(aws: Aws) -> None:
    service = PropertyResolutionService()
    service.register_strategy(SageMakerPropertyStrategy())
    context = {"client": LiveExecution(EXECUTION, client=aws.client)}
    for outcome in ("False", "True"):
        for _ in range(2):  # whether it is final, and the step's run
            aws.summary("Executing")
        aws.steps(entry("Good", Metadata={"Condition": {"Outcome": outcome}}))
        assert service.resolve_property("Good", "properties.Outcome", context) == outcome
    aws.summary("Succeeded")
    aws.steps(entry("Good", Metadata={"Condition": {"Outcome": "True"}}))
    for _ in range(3):
        assert service.resolve_property("Good", "properties.Outcome", context) == "True"


@pytest.mark.parametrize("status", ["Failed", "Stopped", "CompletedWithFailures"])
def test_an_execution_that_can_be_retried_is_not_final(aws: Aws, status: str) -> None:
    aws.summary(status)
    assert not LiveExecution(EXECUTION, client=aws.client).final


def test_what_people_may_change_later_is_asked_anew(aws: Aws) -> None:
    service = PropertyResolutionService()
    service.register_strategy(SageMakerPropertyStrategy())
    context = {"pipeline_execution": LiveExecution(EXECUTION, client=aws.client)}
    aws.summary()
    aws.steps(entry("Register", Metadata=job("RegisterModel", "model-package/churn/7")))
    answer = next(one[3] for one in KINDS if one[1] == "describe_model_package")
    for approval in ("PendingManualApproval", "Approved"):
        aws.answer("describe_model_package", {**answer, "ModelApprovalStatus": approval}, ModelPackageName=arn("model-package/churn/7"))
        assert service.resolve_property("Register", "properties.ModelApprovalStatus", context) == approval


def test_steps_that_the_definition_alone_knows(aws: Aws) -> None:
    aws.summary("Executing")
    aws.steps(entry("Train", "Executing", Metadata=job("TrainingJob", "training-job/t-1")))
    aws.summary("Executing")
    aws.definition()
    with pytest.raises(ResolutionError, match="'Late' has not run yet"):
        resolve(aws, "Late", "properties.TransformJobName")
    aws.summary("Executing")
    aws.steps()
    aws.summary("Executing")
    aws.definition()
    with pytest.raises(ResolutionError, match="has no step 'Spilt' \\(did you mean 'Split'"):
        resolve(aws, "Spilt", "properties.ProcessingJobName")


def test_who_may_not_read_the_definition_hears_of_the_steps_that_started(aws: Aws) -> None:
    aws.summary()
    aws.steps(entry("Train"))
    aws.stub.add_client_error("describe_pipeline_definition_for_execution", "AccessDeniedException", "no")
    with pytest.raises(ResolutionError, match="no step 'Trian' has started in the execution \\(did you mean 'Train'\\?\\)"):
        resolve(aws, "Trian", "properties.ModelName")


def test_a_cached_step_is_looked_up_where_it_ran(aws: Aws) -> None:
    earlier = execution_arn("earlier00000")
    aws.summary()
    aws.steps(entry("Good", CacheHitResult={"SourcePipelineExecutionArn": earlier}))
    aws.answer("describe_pipeline_execution", {"PipelineExecutionStatus": "Succeeded"}, PipelineExecutionArn=earlier)
    listed = {"PipelineExecutionSteps": [{"StepName": "Good", "StepStatus": "Succeeded", "Metadata": {"Condition": {"Outcome": "True"}}}]}
    aws.answer("list_pipeline_execution_steps", listed, **{**LISTED, "PipelineExecutionArn": earlier})
    run = LiveExecution(EXECUTION, client=aws.client).describe_step("Good")
    assert (run.get_property("properties.Outcome"), run.execution) == ("True", earlier)


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            "ThrottlingException",
            "Rate exceeded",
            "AWS throttles sagemaker:DescribePipelineExecution, after all retries (T",
        ),
        ("AccessDeniedException", "not authorized", "do not allow sagemaker:DescribePipelineExecution"),
        ("ResourceNotFound", "", f"sagemaker:DescribePipelineExecution does not find {EXECUTION}"),
        ("ValidationException", "Pipeline execution does not exist", f"does not find {EXECUTION}"),
        ("ExpiredTokenException", "expired", "AWS does not accept the credentials"),
        ("UnrecognizedClientException", "invalid", "AWS does not accept the credentials"),
        ("InternalFailure", "oops", "sagemaker:DescribePipelineExecution failed (InternalFailure: oops)"),
    ],
)
def test_what_the_service_refuses_is_told_with_what_to_do(aws: Aws, code: str, message: str, words: str) -> None:
    aws.stub.add_client_error("describe_pipeline_execution", code, message, expected_params=ASKED)
    with pytest.raises(ResolutionError) as raised:
        resolve(aws, "Train", "properties.ModelName")
    assert words in str(raised.value)
    assert raised.value.todo


def test_a_job_that_was_deleted_is_told(aws: Aws) -> None:
    aws.summary()
    aws.steps(entry("Model", Metadata=job("Model", "model/m-1")))
    aws.stub.add_client_error("describe_model", "ValidationException", 'Could not find model "m-1".')
    with pytest.raises(ResolutionError, match="sagemaker:DescribeModel does not find what the step made"):
        resolve(aws, "Model", "properties.ModelName")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (exceptions.NoCredentialsError(), "no AWS credentials"),
        (exceptions.PartialCredentialsError(provider="env", cred_var="secret"), "no AWS credentials"),
        (exceptions.ProfileNotFound(profile="x"), "(x)"),
        (exceptions.NoRegionError(), "no AWS region"),
        (exceptions.EndpointConnectionError(endpoint_url="https://x"), "cannot be reached"),
        (exceptions.ConnectTimeoutError(endpoint_url="https://x"), "cannot be reached"),
        (exceptions.UnauthorizedSSOTokenError(), "the AWS credentials cannot be used"),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="x"), "the AWS credentials cannot be used"),
        (exceptions.ParamValidationError(report="x"), "failed: "),
    ],
)
def test_what_boto3_raises_by_itself_is_told_too(error: Exception, words: str) -> None:
    def fail(**asked: object) -> None:
        raise error

    client = SimpleNamespace(describe_pipeline_execution=fail)
    with pytest.raises(ResolutionError) as raised:
        LiveExecution(EXECUTION, client=client).describe_step("Train")
    assert words in str(raised.value)
    assert raised.value.__cause__ is error


@pytest.mark.parametrize("text", ["", "churn", arn("pipeline/churn"), EXECUTION + "/x", EXECUTION.replace(REGION, "")])
def test_what_is_no_arn_of_an_execution_is_refused_before_anything_is_asked(text: str) -> None:
    with pytest.raises(ResolutionError, match="is no ARN of a pipeline execution"):
        LiveExecution(text)


def test_the_region_is_the_arns(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ResolutionError, match="the execution is in region eu-west-1, not in us-east-1"):
        LiveExecution(EXECUTION, "us-east-1")
    made: dict[str, Any] = {}

    def client(service: str, **arguments: Any) -> object:
        made[service] = arguments
        return SimpleNamespace(describe_pipeline_execution=lambda **asked: {"PipelineExecutionStatus": "Failed"})

    monkeypatch.setattr(boto3, "client", client)
    assert LiveExecution(EXECUTION, REGION).status == "Failed"
    assert made["sagemaker"]["region_name"] == REGION
    assert made["sagemaker"]["config"].retries == {"mode": "standard", "total_max_attempts": 6}


def test_without_boto3_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    execution = LiveExecution(EXECUTION)
    with pytest.raises(ResolutionError, match=r"boto3 is not installed.*pip install 'pipeline-contract-lint\[aws\]'"):
        execution.describe_step("Train")


def test_an_older_boto3_is_named() -> None:
    with pytest.raises(ResolutionError, match="the installed boto3 does not know describe_pipeline_execution"):
        LiveExecution(EXECUTION, client=object()).describe_step("Train")


def test_the_sdks_own_execution_and_an_arn_are_contexts_too(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    of_the_sdk = SimpleNamespace(arn=EXECUTION, sagemaker_session=SimpleNamespace(sagemaker_client=aws.client))
    monkeypatch.setattr(boto3, "client", lambda *_, **__: aws.client)
    for given in (of_the_sdk, EXECUTION):
        aws.summary()
        aws.steps(entry("Good", Metadata={"Condition": {"Outcome": "True"}}))
        assert resolve(aws, "Good", "properties.Outcome", pipeline_execution=given) == "True"
    with pytest.raises(ResolutionError, match="has a client and no execution_arn"):
        resolve(aws, "Good", "properties.Outcome", client=aws.client)


def test_a_wrong_path_costs_no_call_about_the_job(aws: Aws) -> None:
    aws.summary()
    aws.steps(entry("Train", Metadata=job("TrainingJob", "training-job/t-1")))
    with pytest.raises(ResolutionError, match="cannot have this property"):
        resolve(aws, "Train", "properties.ModelArtifact.S3ModelArtifacts")
    with pytest.raises(ResolutionError, match="the path of step 'Train'"):
        resolve(aws, "Train", "properties..ModelArtifacts")


@pytest.mark.parametrize("code", ["ResourceNotFound", "ValidationException"])
def test_a_recorded_live_execution_tells_what_the_live_one_told(aws: Aws, code: str) -> None:
    metadata, operation, asked, answer, path, value = KINDS[0]
    aws.steps(entry("Train", Metadata=metadata), entry("Auto", Metadata=KINDS[5][0]))
    aws.summary()
    aws.definition()
    aws.answer(operation, answer, **asked)
    aws.answer(KINDS[5][1], KINDS[5][3], **KINDS[5][2])
    aws.stub.add_client_error("describe_auto_ml_job", code, "created by CreateAutoMLJobV2")
    made = json.loads(json.dumps(record_of(LiveSource(EXECUTION, client=aws.client))))
    recorded = RecordedExecution(made)
    assert recorded.describe_step("Train").get_property(path) == value
    assert recorded.describe_step("Auto").get_property(KINDS[5][4]) == KINDS[5][5]
    assert (recorded.arn, recorded.status) == (EXECUTION, "Succeeded")


def test_a_record_leaves_out_what_is_gone_and_what_failed(aws: Aws) -> None:
    metadata = [job("Model", "model/gone"), job("TrainingJob", "training-job/broken"), {"Condition": {"Outcome": "True"}}]
    gone = execution_arn("gone00000000")
    cached = entry("Cached", CacheHitResult={"SourcePipelineExecutionArn": gone})
    aws.steps(
        entry("Gone", Metadata=metadata[0]), entry("Broken", "Failed", Metadata=metadata[1]), entry("Good", Metadata=metadata[2]), cached
    )
    aws.summary("Failed")
    aws.definition()
    aws.stub.add_client_error("describe_model", "ValidationException", 'Could not find model "gone".')
    aws.stub.add_client_error("list_pipeline_execution_steps", "ResourceNotFound")
    made = record_of(LiveSource(EXECUTION, client=aws.client))
    assert (made["Described"], made["SourceExecutions"]) == ([], [])
    assert RecordedExecution(json.loads(json.dumps(made))).describe_step("Good").get_property("properties.Outcome") == "True"


def test_no_record_is_made_where_something_may_not_be_read(aws: Aws) -> None:
    aws.steps(entry("Model", Metadata=job("Model", "model/m-1")))
    aws.summary()
    aws.definition()
    aws.stub.add_client_error("describe_model", "AccessDeniedException", "no")
    with pytest.raises(ResolutionError, match="do not allow sagemaker:DescribeModel"):
        record_of(LiveSource(EXECUTION, client=aws.client))


def test_values_and_messages_of_a_failed_or_running_step_of_a_live_execution(aws: Aws) -> None:
    execution = LiveExecution(EXECUTION, client=aws.client)
    aws.summary("Executing")
    aws.steps(entry("Train", "Failed", FailureReason="AlgorithmError", Metadata=job("TrainingJob", "training-job/t-1")))
    with pytest.raises(ResolutionError, match="step 'Train' failed: AlgorithmError"):
        execution.describe_step("Train").get_property("properties.TrainingJobName")
    aws.summary("Executing")
    aws.steps(entry("Train", "Executing", Metadata=job("TrainingJob", "training-job/t-1")))
    answer = {key: value for key, value in KINDS[0][3].items() if key != "ModelArtifacts"}
    aws.answer("describe_training_job", {**answer, "ModelArtifacts": {"S3ModelArtifacts": "s3://b/m"}}, TrainingJobName="t-1")
    run = execution.describe_step("Train")
    assert run.get_property("properties.TrainingJobName") == "t-1"


def test_one_answer_serves_all_properties_that_stand_in_it(aws: Aws) -> None:
    metadata, operation, asked, answer, _, _ = KINDS[0]
    aws.summary()
    aws.steps(entry("Train", Metadata=metadata))
    aws.answer(operation, answer, **asked)
    execution = LiveExecution(EXECUTION, client=aws.client)
    assert execution.describe_step("Train").get_property("properties.TrainingJobName") == "t-1"
    assert execution.describe_step("Train").get_property("properties.ModelArtifacts.S3ModelArtifacts") == "s3://b/m"
    assert execution.describe_step("Train").get_property("properties")["TrainingJobStatus"] == "Completed"
