"""Recorded executions for tests: one whose steps have met every fate."""

from __future__ import annotations

import copy
import json
from typing import Any

REGION, ACCOUNT = "eu-west-1", "123456789012"


def arn(resource: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{resource}"


def execution_arn(name: str) -> str:
    return arn(f"pipeline/churn/execution/{name}")


EXECUTION, EARLIER = execution_arn("a1b2c3d4e5f6"), execution_arn("earlier00000")


def entry(name: str, status: str = "Succeeded", **members: Any) -> dict[str, Any]:
    """One of the `PipelineExecutionSteps`; ``Metadata`` and the like as they are given."""
    return {"StepName": name, "StepStatus": status, "AttemptCount": 1, "StartTime": "2026-03-01T10:00:00+00:00", **members}


def job(key: str, resource: str) -> dict[str, Any]:
    return {key: {"Arn": arn(resource)}}


SPLIT = {
    "ProcessingJobName": "split-1",
    "ProcessingJobArn": arn("processing-job/split-1"),
    "TrainingJobArn": arn("training-job/train-2"),
    "ProcessingInputs": [{"InputName": "code", "S3Input": {"S3Uri": "s3://b/code/split.py", "LocalPath": "/opt/ml/processing/input/code"}}],
    "ProcessingOutputConfig": {
        "Outputs": [
            {"OutputName": "test", "S3Output": {"S3Uri": "s3://b/split/test", "LocalPath": "/opt/ml/processing/test"}},
            {"OutputName": "train", "S3Output": {"S3Uri": "s3://b/split/train", "LocalPath": "/opt/ml/processing/train"}},
        ]
    },
    "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.xlarge", "VolumeSizeInGB": 30}},
    "CreationTime": "2026-03-01T10:00:00+00:00",
}
TRAIN = {
    "TrainingJobName": "train-2",
    "TrainingJobArn": arn("training-job/train-2"),
    "ModelArtifacts": {"S3ModelArtifacts": "s3://b/train-2/output/model.tar.gz"},
    "FinalMetricDataList": [{"MetricName": "auc", "Value": 0.91}, {"MetricName": "logloss", "Value": 0.2}],
    "HyperParameters": {"eta": "0.3", "max depth": "5"},
    "InputDataConfig": [
        {"ChannelName": "train", "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/split/train"}}}
    ],
    "EnableNetworkIsolation": False,
}
TUNE = {
    "HyperParameterTuningJobName": "tune-1",
    "HyperParameterTuningJobArn": arn("hyper-parameter-tuning-job/tune-1"),
    "BestTrainingJob": {"TrainingJobName": "tune-1-007"},
    "TrainingJobSummaries": [{"TrainingJobName": "tune-1-007"}, {"TrainingJobName": "tune-1-003"}],
}
MODEL = {"ModelName": "model-1", "ModelArn": arn("model/model-1")}
PACKAGE = {"ModelPackageName": "churn", "ModelPackageArn": arn("model-package/churn/7"), "ModelApprovalStatus": "PendingManualApproval"}
TRANSFORM = {
    "TransformJobName": "score-1",
    "TransformJobArn": arn("transform-job/score-1"),
    "TransformOutput": {"S3OutputPath": "s3://b/scores"},
}
AUTOML = {
    "AutoMLJobName": "auto-1",
    "AutoMLJobArn": arn("automl-job/auto-1"),
    "BestCandidate": {"CandidateName": "best", "CandidateProperties": {"CandidateArtifactLocations": {"Explainability": "s3://b/x"}}},
    "ProblemType": "BinaryClassification",
}
CLUSTER_STEP = {"Step": {"Id": "s-1", "Name": "count", "Status": {"State": "COMPLETED"}, "Config": {"Args": ["a", "b"]}}}

DEFINITION = {
    "Version": "2020-12-01",
    "Steps": [
        *(
            {"Name": name, "Type": kind, "Arguments": {}}
            for name, kind in (("Split", "Processing"), ("Train", "Training"), ("Late", "Transform"))
        ),
        {
            "Name": "Good",
            "Type": "Condition",
            "Arguments": {
                "Conditions": [],
                "IfSteps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": {}}],
                "ElseSteps": [{"Name": "Retrain", "Type": "Training", "Arguments": {}}],
            },
        },
        {"Name": "Fan", "Type": "ForEach", "Arguments": {"ForEachBody": [{"Name": "Body", "Type": "Lambda", "Arguments": {}}]}},
    ],
}

_OUTPUTS = [{"Name": "rows", "Value": "42"}, {"Name": "table", "Value": "s3://b/table"}]

RECORD: dict[str, Any] = {
    "DescribePipelineExecution": {"PipelineExecutionArn": EXECUTION, "PipelineExecutionStatus": "Succeeded"},
    "DescribePipelineDefinitionForExecution": {"PipelineDefinition": json.dumps(DEFINITION)},
    "ListPipelineExecutionSteps": {
        "PipelineExecutionSteps": [
            entry("Split", Metadata=job("ProcessingJob", "processing-job/split-1")),
            entry("Train", StartTime="2026-03-01T12:00:00+00:00", AttemptCount=2, Metadata=job("TrainingJob", "training-job/train-2")),
            entry("Train", "Failed", FailureReason="CapacityError", Metadata=job("TrainingJob", "training-job/train-1")),
            entry("Tune", Metadata=job("TuningJob", "hyper-parameter-tuning-job/tune-1")),
            entry("Model", Metadata=job("Model", "model/model-1")),
            entry("Register", Metadata=job("RegisterModel", "model-package/churn/7")),
            entry("Score", Metadata=job("TransformJob", "transform-job/score-1")),
            entry("Auto", Metadata=job("AutoMLJob", "automl-job/auto-1")),
            entry("Count", Metadata={"Lambda": {"Arn": "arn:aws:lambda:x", "OutputParameters": _OUTPUTS}}),
            entry("Wait", Metadata={"Callback": {"SqsQueueUrl": "https://q", "OutputParameters": _OUTPUTS}}),
            entry("Good", Metadata={"Condition": {"Outcome": "True"}}),
            entry("Cluster", Metadata={"EMR": {"ClusterId": "j-1", "StepId": "s-1", "StepName": "count"}}),
            entry(
                "Quality",
                Metadata={"QualityCheck": {"CalculatedBaselineStatistics": "s3://b/stats.json", "CheckJobArn": arn("processing-job/q")}},
            ),
            entry("Clarify", Metadata={"ClarifyCheck": {"CalculatedBaselineConstraints": "s3://b/constraints.json"}}),
            entry("Lineage", Metadata={"Lineage": {"ActionArns": {"approve": arn("action/approve")}}}),
            entry("Fan", Metadata={"ForEach": {"Status": "Succeeded", "InputItemCount": 2}}),
            *(entry("Body", Metadata={"Lambda": {}}, IterationContext={"ParentStepName": "Fan", "Index": at}) for at in range(2)),
            entry("Broken", "Failed", FailureReason="AlgorithmError: out of memory", Metadata=job("TrainingJob", "training-job/broken")),
            entry("Running", "Executing", Metadata=job("TrainingJob", "training-job/running")),
            entry("Starting", "Starting"),
            entry("Halted", "Stopped"),
            entry("Serverless", Metadata={"EMRServerless": {"ApplicationId": "a"}}),
            entry("Bedrock", Metadata={"BedrockModelImport": {"Arn": arn("x/y")}}),
            entry("Silent"),
            entry("Unrecorded", Metadata=job("TrainingJob", "training-job/unrecorded")),
            entry("Cached", CacheHitResult={"SourcePipelineExecutionArn": EARLIER}),
            entry("Chosen", SelectiveExecutionResult={"SourcePipelineExecutionArn": EARLIER}),
            entry("Lost", CacheHitResult={"SourcePipelineExecutionArn": execution_arn("gone00000000")}),
            entry("Circle", CacheHitResult={"SourcePipelineExecutionArn": EXECUTION}),
        ]
    },
    "Described": [
        SPLIT,
        TRAIN,
        TUNE,
        MODEL,
        PACKAGE,
        TRANSFORM,
        AUTOML,
        CLUSTER_STEP,
        {"TrainingJobName": "running", "TrainingJobArn": arn("training-job/running")},
    ],
    "SourceExecutions": [
        {
            "DescribePipelineExecution": {"PipelineExecutionArn": EARLIER, "PipelineExecutionStatus": "Succeeded"},
            "ListPipelineExecutionSteps": {
                "PipelineExecutionSteps": [
                    entry("Cached", Metadata=job("Model", "model/cached")),
                    entry("Chosen", Metadata={"Condition": {"Outcome": "False"}}),
                    entry("Skipped", Metadata={"Condition": {"Outcome": "False"}}),
                ]
            },
            "Described": [{"ModelName": "cached", "ModelArn": arn("model/cached")}],
        }
    ],
}


def record(**changes: Any) -> dict[str, Any]:
    """The record, its own copy, with other members of these names; None takes a member away."""
    changed = copy.deepcopy({**RECORD, **changes})
    return {key: value for key, value in changed.items() if value is not None}
