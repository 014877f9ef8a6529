"""Every leaf that a property path can reach has one type; paths and arguments have theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from contract_lint.model.property_path import PropertyPath, parse
from contract_lint.model.types import INTEGER, JSON, STRING, UNKNOWN, Literals, Verdict, check, parse_type
from contract_lint.sagemaker.argument_types import arguments_of
from contract_lint.sagemaker.leaf_types import PATHS, ROWS, type_of_argument, type_of_path, type_of_shape
from contract_lint.sagemaker.service_model import Shape, service_model
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, default_property_path, kind_named
from contract_lint.sagemaker.verdicts import Reaches, StopsEarly
from contract_lint.sagemaker.walk import walk

CONTAINERS = ("structure", "list", "map")


def shapes_of(kind: StepKind) -> Iterator[Shape]:
    """All shapes below the roots of a kind, each once, whatever refers to what."""
    seen, waiting = set[str](), list(kind.shapes)
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = service_model().shape(kind.service, name)
        yield shape
        waiting += [*shape.members.values(), *([shape.item] if shape.item else [])]


REACHABLE = {(shape.service, shape.name): shape for kind in all_kinds() for shape in shapes_of(kind)}
LEAVES = [shape for _, shape in sorted(REACHABLE.items()) if shape.type not in CONTAINERS]


def kind(name: str) -> StepKind:
    found = kind_named(name)
    assert found is not None
    return found


def path(text: str) -> PropertyPath:
    found = parse(text)
    assert isinstance(found, PropertyPath)
    return found


def typed(kind_name: str, text: str) -> str:
    return str(type_of_path(path(text), kind(kind_name)))


def test_each_leaf_is_claimed_by_one_row() -> None:
    claims = {f"{leaf.service}.{leaf.name}": [row.title for row in ROWS if row.claims(leaf)] for leaf in LEAVES}
    assert {name: titles for name, titles in claims.items() if len(titles) != 1} == {}


def test_each_row_claims_a_leaf() -> None:
    assert [row.title for row in ROWS if not any(row.claims(leaf) for leaf in LEAVES)] == []


def test_each_name_in_the_table_is_that_of_a_leaf() -> None:
    names = {leaf.name for leaf in LEAVES}
    assert {name for row in ROWS for name in row.names} - names == set()


@pytest.mark.parametrize(
    "root", ["CreateAutoMLJobRequest", "CreateProcessingJobRequest", "CreateTrainingJobRequest", "CreateTransformJobRequest"]
)
def test_no_two_rows_claim_a_leaf_of_a_request_either(root: str) -> None:
    claims = {shape.name: [row.title for row in ROWS if row.claims(shape)] for shape in shapes_of(StepKind("Request", (root,)))}
    assert {name: titles for name, titles in claims.items() if len(titles) > 1} == {}


def test_what_the_leaves_are() -> None:
    """Of each type more than a few, and of a good part something is known that is more than text."""
    kinds = Counter(type(type_of_shape(leaf)).__name__ for leaf in LEAVES)
    basics = Counter(str(type_of_shape(leaf)) for leaf in LEAVES if type(type_of_shape(leaf)).__name__ == "Basic")
    assert kinds["Literals"] > 90
    assert kinds["Arn"] > 20
    assert kinds["Name"] > 25
    assert kinds["S3Uri"] >= 4
    assert basics["Unknown"] / len(LEAVES) < 0.1
    assert basics["String"] / len(LEAVES) < 0.15


SHAPES = [
    ("ModelName", "Name<model>"),
    ("HyperParameterTuningJobName", "Name<hyper-parameter-tuning-job>"),
    ("AutoMLJobName", "Name<automl-job>"),
    ("EntityName", "Name"),
    ("TrainingJobArn", "Arn<sagemaker/training-job>"),
    ("AutoMLJobArn", "Arn<sagemaker/automl-job>"),
    ("ModelPackageGroupArn", "Arn<sagemaker/model-package-group>"),
    ("RoleArn", "Arn<iam/role>"),
    ("SnsTopicArn", "Arn<sns>"),
    ("CandidateStepArn", "Arn<sagemaker>"),
    ("HubDataSetArn", "Arn<sagemaker/hub-content>"),
    ("TrainingRepositoryCredentialsProviderArn", "Arn<lambda/function>"),
    ("InferenceComponentArn", "Arn<sagemaker/inference-component>"),
    ("VersionedArnOrName", "ArnOrName"),
    ("KmsKeyId", "KmsKey"),
    ("S3Uri", "S3Uri"),
    ("Url", "S3Uri"),
    ("S3ModelUri", "S3Uri"),
    ("DestinationS3Uri", "S3Uri"),
    ("ContainerImage", "ImageUri"),
    ("ContentType", "ContentType"),
    ("ProcessingLocalPath", "Path"),
    ("FailureReason", "String"),
    ("ProcessingJobStatus", '"Completed"|"Failed"|"InProgress"|"Stopped"|"Stopping"'),
    ("MetricValue", "Float"),
    ("Timestamp", "Timestamp"),
    ("EnableCapture", "Boolean"),
    ("String", "Unknown"),
    ("ExplainabilityLocation", "Unknown"),
    ("HyperParameterValue", "Unknown"),
    ("ModelArtifacts", "Json"),
    ("HyperParameters", "Map<String,Unknown>"),
    ("ContentTypes", "List<ContentType>"),
    ("ProcessingOutputs", "List<Json>"),
]


@pytest.mark.parametrize(("name", "type"), SHAPES)
def test_shapes(name: str, type: str) -> None:
    assert str(type_of_shape(service_model().shape("sagemaker", name))) == type


def test_a_shape_that_no_row_knows_is_unknown() -> None:
    assert type_of_shape(Shape("sagemaker", "BrandNewThing", "string")) == UNKNOWN
    assert type_of_shape(Shape("sagemaker", "BrandNewBlob", "blob")) == UNKNOWN


TYPED_PATHS = [
    ("Training", "properties.ModelArtifacts.S3ModelArtifacts", "S3Uri[kind=object,content=model,origin=result]"),
    ("Training", "properties.OutputDataConfig.S3OutputPath", "S3Uri[kind=prefix,origin=parent]"),
    ("Training", "properties.TrainingJobName", "Name<training-job>"),
    ("Training", "properties.RoleArn", "Arn<iam/role>"),
    ("Training", "properties.BillableTimeInSeconds", "Integer"),
    ("Training", "properties.FinalMetricDataList['loss'].Value", "Float"),
    ("Training", "properties.AlgorithmSpecification.AlgorithmName", "ArnOrName<algorithm>"),
    ("Training", "properties.ModelArtifacts", "Json"),
    ("Training", "properties.HyperParameters", "Map<String,Unknown>"),
    ("Training", "properties.HyperParameters['depth']", "Unknown"),
    ("Training", "properties.TrainingMetrics", "Unknown"),
    ("Training", "Steps.Train.ModelArtifacts.S3ModelArtifacts", "S3Uri[kind=object,content=model,origin=result]"),
    ("Processing", "properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "S3Uri[kind=prefix,origin=echo]"),
    ("Processing", 'properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri', "S3Uri[kind=prefix,origin=echo]"),
    ("Processing", "properties.ProcessingOutputConfig.Outputs[0].S3Output.S3Uri", "S3Uri[kind=prefix,origin=echo]"),
    ("Processing", "properties.ProcessingOutputConfig.Outputs['train'].S3Output.LocalPath", "Path"),
    ("Processing", "properties.ProcessingOutputConfig.Outputs['train']", "Json"),
    ("Processing", "properties.ProcessingOutputConfig.Outputs", "List<Json>"),
    ("Processing", "properties.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri", "S3Uri[kind=prefix,origin=echo]"),
    ("Processing", "properties.ModelArtifacts.S3ModelArtifacts", "Unknown"),
    ("Tuning", "properties.BestTrainingJob.TrainingJobName", "Name<training-job>"),
    ("Tuning", "properties.TrainingJobSummaries[0].TrainingJobArn", "Arn<sagemaker/training-job>"),
    ("Tuning", "properties.TrainingJobDefinition.OutputDataConfig.S3OutputPath", "S3Uri[kind=prefix,origin=parent]"),
    ("Transform", "properties.TransformOutput.S3OutputPath", "S3Uri[kind=prefix,origin=echo]"),
    ("Transform", "properties.ModelName", "Name<model>"),
    ("Model", "properties.ModelName", "Name<model>"),
    ("Model", "properties.PrimaryContainer.ModelDataUrl", "S3Uri[kind=object,content=model,origin=echo]"),
    ("RegisterModel", "properties.ModelPackageArn", "Arn<sagemaker/model-package>"),
    ("RegisterModel", "properties.ModelPackageGroupName", "Name<model-package-group>"),
    ("AutoML", "properties.BestCandidate.InferenceContainers[0].ModelDataUrl", "S3Uri[kind=object,content=model,origin=result]"),
    (
        "AutoML",
        "properties.BestCandidateProperties.ModelInsightsJsonReportPath",
        "S3Uri[kind=object,content=report,format=json,origin=result]",
    ),
    ("AutoML", "properties.BestCandidateProperties", "Json"),
    ("QualityCheck", "properties.CalculatedBaselineStatistics", "S3Uri[kind=object,format=json]"),
    ("ClarifyCheck", "properties.CalculatedBaselineStatistics", "Unknown"),
    ("Lambda", "properties.Outputs['rows']", "Unknown"),
    ("Lambda", "properties.Outputs", "Unknown"),
    ("Callback", "properties.Outputs['rows']", "Unknown"),
    ("Condition", "properties.Outcome", "Unknown"),
    ("NotebookJob", "properties.ComputingJobName", "Name<training-job>"),
    ("NotebookJob", "properties.TrainingJobName", "Unknown"),
    ("NotebookJob", "Steps.NB.TrainingJobName", "Name<training-job>"),
    ("NotebookJob", "Steps.NB.ModelArtifacts.S3ModelArtifacts", "S3Uri[kind=object,content=model,origin=result]"),
    ("Lineage", "properties.ArtifactArns['data']", "Arn<sagemaker/artifact>"),
    ("Lineage", "properties.ArtifactArns", "Map<String,Arn<sagemaker/artifact>>"),
    ("EMR", "properties.Status.State", '"CANCELLED"|"CANCEL_PENDING"|"COMPLETED"|"FAILED"|"INTERRUPTED"|"PENDING"|"RUNNING"'),
    ("EMR", "properties.ExecutionRoleArn", "Unknown"),
    ("EMR", "properties.ClusterId", "Unknown"),
    ("Fail", "properties.Anything", "Unknown"),
    ("EMRServerless", "properties.Anything", "Unknown"),
]


@pytest.mark.parametrize(("kind_name", "text", "type"), TYPED_PATHS)
def test_paths(kind_name: str, text: str, type: str) -> None:
    assert typed(kind_name, text) == type


def test_each_special_path_leads_somewhere_and_says_no_more_than_its_shape_allows() -> None:
    for kind_name, paths in PATHS.items():
        for text, special in paths.items():
            end = walk(path(text.replace("[]", "['x']")), kind(kind_name))
            assert isinstance(end, Reaches | StopsEarly), text
            if isinstance(end, Reaches) and end.shape is not None:
                general = type_of_shape(service_model().shape("sagemaker", end.shape))
                assert check(special, general).verdict in (Verdict.OK, Verdict.UNKNOWN) or "parent" in str(special), text


def test_the_default_paths_have_types() -> None:
    found = {
        made.name: typed(made.name, f"properties.{default}")
        for made in all_kinds()
        if (default := default_property_path(made, "out", sole=True)) is not None
    }
    assert found == {
        "Processing": "S3Uri[kind=prefix,origin=echo]",
        "Training": "S3Uri[kind=object,content=model,origin=result]",
        "Transform": "S3Uri[kind=prefix,origin=echo]",
        "Model": "Name<model>",
        "RegisterModel": "Arn<sagemaker/model-package>",
        "Lambda": "Unknown",
        "Callback": "Unknown",
    }


ARGUMENTS = [
    ("Transformer", "model_name", "Name<model>"),
    ("sagemaker.transformer.Transformer", "model_name", "Name<model>"),
    ("Model", "model_data", "S3Uri[kind=object,content=model]"),
    ("sagemaker.xgboost.model.XGBoostModel", "model_data", "S3Uri[kind=object,content=model]"),
    ("Model", "image_uri", "ImageUri"),
    ("XGBoost", "role", "ArnOrName<role>"),
    ("Estimator", "output_path", "S3Uri[kind=prefix,origin=parent]"),
    ("ProcessingInput", "source", "S3Uri"),
    ("ProcessingInput", "destination", "Path"),
    ("ProcessingOutput", "source", "Path"),
    ("TrainingInput", "s3_data", "S3Uri"),
    ("MetricsSource", "s3_uri", "S3Uri[kind=object]"),
    ("SKLearnProcessor", "instance_count", "Integer"),
    # Free to be chosen, or not certain.
    ("Model", "name", None),
    ("Model", "env", None),
    ("Estimator", "hyperparameters", None),
    ("ScriptProcessor", "command", None),
    ("Nothing", "model_data", None),
    ("mylib.Model", "model_data", None),
]


@pytest.mark.parametrize(("sdk_class", "argument", "type"), ARGUMENTS)
def test_arguments(sdk_class: str, argument: str, type: str | None) -> None:
    found = type_of_argument(sdk_class, argument)
    assert (None if found is None else str(found)) == type


def test_types_of_arguments_are_in_their_normal_form() -> None:
    for name in ("Model", "Estimator", "Transformer", "ProcessingInput", "RegisterModel", "Lambda"):
        assert arguments_of(name)
        for type in arguments_of(name).values():
            assert parse_type(str(type)) == type


#: The usual edges of a pipeline, right and wrong: kind, path, class, argument.
EDGES = [
    ("Training", "ModelArtifacts.S3ModelArtifacts", "Model", "model_data", Verdict.OK, ""),
    ("Processing", "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "TrainingInput", "s3_data", Verdict.OK, ""),
    ("Processing", "ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri", "ProcessingInput", "source", Verdict.OK, ""),
    ("Training", "ModelArtifacts.S3ModelArtifacts", "ProcessingInput", "source", Verdict.OK, ""),
    ("Model", "ModelName", "Transformer", "model_name", Verdict.OK, ""),
    ("Transform", "TransformOutput.S3OutputPath", "ProcessingInput", "source", Verdict.OK, ""),
    ("Training", "OutputDataConfig.S3OutputPath", "Estimator", "output_path", Verdict.OK, ""),
    ("Training", "RoleArn", "Model", "role", Verdict.OK, ""),
    ("Model", "ModelArn", "Transformer", "model_name", Verdict.ERROR, "arn-for-name"),
    ("Training", "ModelArtifacts.S3ModelArtifacts", "Transformer", "model_name", Verdict.ERROR, "kind-mismatch"),
    ("Training", "OutputDataConfig.S3OutputPath", "ProcessingInput", "source", Verdict.WARNING, "parent-prefix"),
    ("Processing", "ProcessingOutputConfig.Outputs['m'].S3Output.S3Uri", "Model", "model_data", Verdict.ERROR, "prefix-for-object"),
    ("Training", "TrainingJobName", "TrainingInput", "s3_data", Verdict.ERROR, "kind-mismatch"),
    ("Training", "FailureReason", "TrainingInput", "s3_data", Verdict.WARNING, "unrefined-string"),
    ("Lambda", "Outputs['anything']", "Model", "model_data", Verdict.UNKNOWN, "unknown"),
]


@pytest.mark.parametrize(("kind_name", "text", "sdk_class", "argument", "verdict", "reason"), EDGES)
def test_edges(kind_name: str, text: str, sdk_class: str, argument: str, verdict: Verdict, reason: str) -> None:
    target = type_of_argument(sdk_class, argument)
    assert target is not None
    found = check(type_of_path(path(f"properties.{text}"), kind(kind_name)), target)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_numbers_enums_and_structures_are_what_botocore_says() -> None:
    for leaf in LEAVES:
        if leaf.type in ("integer", "long"):
            assert type_of_shape(leaf) == INTEGER
        if leaf.enum:
            assert type_of_shape(leaf) == Literals(leaf.enum)
        if leaf.type == "string":
            assert check(type_of_shape(leaf), STRING).verdict in (Verdict.OK, Verdict.UNKNOWN)
    for shape in REACHABLE.values():
        if shape.type == "structure":
            assert type_of_shape(shape) == JSON
