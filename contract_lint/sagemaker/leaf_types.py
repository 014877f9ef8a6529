"""The types of what SageMaker returns: of the leaves of the service model, and of the paths that lead to them.

The rows claim leaves by their botocore type, their pattern and their name; each leaf is claimed by exactly one of them, so their
order carries no meaning. Where a shape is too weak to tell (plain strings that may hold S3 URIs), its type is `Unknown`, not `String`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from msgspec import Struct

from contract_lint.model.property_path import Form, Index, PropertyPath
from contract_lint.model.types import (
    ARN,
    ARN_OR_NAME,
    BOOLEAN,
    CONTENT_TYPE,
    FLOAT,
    IMAGE_URI,
    INTEGER,
    JSON,
    KMS_KEY,
    NAME,
    PATH,
    S3_URI,
    STRING,
    TIMESTAMP,
    UNKNOWN,
    Arn,
    ArnOrName,
    ListOf,
    Literals,
    MapOf,
    Name,
    PortType,
    S3Uri,
)
from contract_lint.sagemaker.argument_types import type_of_argument
from contract_lint.sagemaker.service_model import Shape, service_model
from contract_lint.sagemaker.step_kinds import StepKind
from contract_lint.sagemaker.verdicts import Reaches, StopsEarly
from contract_lint.sagemaker.walk import walk

__all__ = ["PATHS", "ROWS", "Row", "type_of_argument", "type_of_path", "type_of_shape"]

_URI = re.compile(r"\(https\|s3\)://")
#: An ARN that must be there, and one that may be left out in favour of a name.
_ARN_PATTERN = re.compile(r"\(?arn:.*?:(?P<service>[a-z]+):.*?(?:(?<=[:}])|(?<=\):))(?P<resource>[a-z]+(?:-[a-z]+)*)\\?[/:]")
_ARN_SERVICE = re.compile(r"\(?arn:[^:]*:(?P<service>[a-z]+):")
_EITHER = re.compile(r"\(arn:.*?\)\?\(")


def _words(name: str) -> str:
    """`HyperParameterTuningJob` as ARNs write it: `hyper-parameter-tuning-job`."""
    name = name.replace("AutoML", "Automl").replace("MlFlow", "Mlflow")
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def _literals(shape: Shape) -> PortType:
    return Literals(shape.enum)


def _arn_by_pattern(shape: Shape) -> PortType:
    """The service, and the resource where the pattern spells it out."""
    pattern = shape.pattern or ""
    service, resource = _ARN_SERVICE.match(pattern), _ARN_PATTERN.match(pattern)
    return Arn(service["service"], resource["resource"] if resource else None) if service else ARN


#: ARNs whose shapes have no telling pattern; what they name is in the API reference.
_ARNS: Mapping[str, PortType] = MappingProxyType(
    {
        "EvaluatorArn": ARN,
        "HubContentArn": Arn("sagemaker", "hub-content"),
        "InferenceComponentArn": Arn("sagemaker", "inference-component"),
        "MonitoringScheduleArn": Arn("sagemaker", "monitoring-schedule"),
        "OptionalArnType": ARN,
        "RepositoryCredentialsProviderArn": Arn("lambda", "function"),
    }
)


def _arn_by_name(shape: Shape) -> PortType:
    return _ARNS[shape.name]


def _name(shape: Shape) -> PortType:
    return Name(_words(shape.name.removesuffix("Name")))


class Row(Struct, frozen=True):
    """One row of the table: which leaves it claims, and what they are.

    A leaf is claimed if its botocore type is among ``types``; of the strings, if its ``form`` (see `_form`) is the row's and, with
    ``names``, one of them is its name.
    """

    title: str
    type: PortType | Callable[[Shape], PortType]
    types: tuple[str, ...] = ("string",)
    form: str = ""
    names: frozenset[str] = frozenset()

    def claims(self, shape: Shape) -> bool:
        if shape.type not in self.types:
            return False
        return shape.type != "string" or (self.form == _form(shape) and (not self.names or shape.name in self.names))

    def type_of(self, shape: Shape) -> PortType:
        return self.type(shape) if callable(self.type) else self.type


def _form(shape: Shape) -> str:
    """How a string gives itself away; empty where only its name tells."""
    pattern = shape.pattern or ""
    if shape.enum:
        return "enum"
    if _URI.match(pattern):
        return "uri"
    if _EITHER.match(pattern):
        return "either"
    if _ARN_SERVICE.match(pattern):
        return "arn"
    return "name" if shape.name.endswith("Name") and shape.name not in _WEAK_NAMES else ""


#: Names of several kinds of things: what each one names is said by the member that has it.
_WEAK_NAMES = frozenset({"EntityName", "ExperimentEntityName"})


def _named(title: str, type: PortType, *names: str) -> Row:
    return Row(title, type, names=frozenset(names))


ROWS: tuple[Row, ...] = (
    Row("whole numbers", INTEGER, ("integer", "long")),
    Row("numbers", FLOAT, ("float", "double")),
    Row("booleans", BOOLEAN, ("boolean",)),
    Row("times", TIMESTAMP, ("timestamp",)),
    Row("enums", _literals, form="enum"),
    Row("URIs by their pattern", S3_URI, form="uri"),
    Row("ARNs by their pattern", _arn_by_pattern, form="arn"),
    Row("ARNs by their name", _arn_by_name, names=frozenset(_ARNS)),
    Row("an ARN or a name", ARN_OR_NAME, form="either"),
    Row("names of one kind of thing", _name, form="name"),
    _named("names of several kinds of things", NAME, *_WEAK_NAMES),
    _named("keys", KMS_KEY, "KmsKeyId"),
    _named("images", IMAGE_URI, "AlgorithmImage", "ContainerImage", "ImageUri"),
    _named("content types", CONTENT_TYPE, "Accept", "ClarifyMimeType", "ContentType", "CsvContentType", "JsonContentType"),
    _named("content types of responses", CONTENT_TYPE, "ResponseMIMEType"),
    _named("folders in a container", PATH, "DirectoryPath", "ProcessingLocalPath"),
    _named(
        "messages", STRING, "AutoMLFailureReason", "ExitMessage", "FailureReason", "StatusDetails", "StatusMessage", "VariantStatusMessage"
    ),
    _named("descriptions", STRING, "ApprovalDescription", "EntityDescription", "StageDescription"),
    _named("hostnames and paths of URLs", STRING, "ContainerHostname", "MetricsEndpointPath"),
    _named(
        "identifiers",
        STRING,
        "Ec2CapacityReservationId",
        "FileSystemId",
        "MlflowExperimentId",
        "MlflowRunId",
        "ProductId",
        "RedshiftClusterId",
        "SecurityGroupId",
        "StepId",
        "SubnetId",
    ),
    _named("digests", STRING, "ContentDigest", "ImageDigest"),
    _named(
        "versions and sizes",
        STRING,
        "AcceleratorPartitionType",
        "HubContentVersion",
        "JobSchemaVersion",
        "ModelPackageFrameworkVersion",
        "SequenceLength",
        "TransformAmiVersion",
    ),
    _named("places of queries", STRING, "AthenaCatalog", "AthenaDatabase", "AthenaWorkGroup", "RedshiftDatabase"),
    _named("queries and filters", STRING, "AthenaQueryString", "JsonPath", "MetricRegex", "RedshiftQueryString"),
    _named("expressions of Clarify", STRING, "ClarifyContentTemplate", "ClarifyEnableExplanations", "ClarifyShapBaseline"),
    _named(
        "columns by Clarify's expressions",
        STRING,
        "ClarifyFeaturesAttribute",
        "ClarifyHeader",
        "ClarifyLabelAttribute",
        "ClarifyProbabilityAttribute",
    ),
    _named("keys of hyperparameters", STRING, "ParameterKey"),
    _named("page tokens", STRING, "NextToken"),
    _named("tags", UNKNOWN, "TagKey", "TagValue"),
    _named(
        "what the user sets, whatever it is",
        UNKNOWN,
        "ConfigValue",
        "ContainerArgument",
        "ContainerEntrypointString",
        "CustomerMetadataValue",
        "EnvironmentValue",
        "HyperParameterTrainingJobEnvironmentValue",
        "HyperParameterValue",
        "MetadataPropertyValue",
        "ParameterValue",
        "ProcessingEnvironmentValue",
        "TrainingContainerArgument",
        "TrainingContainerEntrypointString",
        "TrainingEnvironmentValue",
        "TransformEnvironmentValue",
    ),
    _named(
        "places without a pattern",
        UNKNOWN,
        "BacktestResultsLocation",
        "CandidateDefinitionNotebookLocation",
        "DataExplorationNotebookLocation",
        "ExplainabilityLocation",
        "ModelInsightsLocation",
        "ModelPackageSourceUri",
    ),
    _named("documents", UNKNOWN, "DataInputConfig", "JobConfigDocument", "ModelCardContent"),
    _named("plain strings", UNKNOWN, "String", "String256"),
)


def type_of_shape(shape: Shape) -> PortType:
    """The type of a shape: of a leaf by its row, of a structure `Json`, of a list or map by its items; Unknown if no row claims it."""
    return _type_of_shape(shape, ())


def _type_of_shape(shape: Shape, above: tuple[str, ...]) -> PortType:
    if shape.type == "structure":
        return JSON
    if shape.type in ("list", "map"):
        if shape.item is None or shape.name in above:
            return UNKNOWN
        item = _type_of_shape(service_model().shape(shape.service, shape.item), (*above, shape.name))
        return ListOf(item) if shape.type == "list" else MapOf(STRING, item)
    return next((row.type_of(shape) for row in ROWS if row.claims(shape)), UNKNOWN)


_ECHO = S3Uri(origin="echo")
_ECHOED_PREFIX = S3Uri(kind="prefix", origin="echo")
#: Each job writes to a folder of its own below it.
_PARENT = S3Uri(kind="prefix", origin="parent")
_MODEL = S3Uri(kind="object", content=("model",), origin="result")
_GIVEN_MODEL = S3Uri(kind="object", content=("model",), origin="echo")
_JSON_OBJECT = S3Uri(kind="object", format="json")
_REPORT = S3Uri(kind="object", content=("report",), format="json", origin="result")

#: What the shape cannot say: kind of step -> path, with `[]` for each index -> type.
PATHS: Mapping[str, Mapping[str, PortType]] = MappingProxyType(
    {
        "Processing": {
            "ProcessingOutputConfig.Outputs[].S3Output.S3Uri": _ECHOED_PREFIX,
            "ProcessingInputs[].S3Input.S3Uri": _ECHO,
        },
        "Training": {
            "ModelArtifacts.S3ModelArtifacts": _MODEL,
            "OutputDataConfig.S3OutputPath": _PARENT,
            "InputDataConfig[].DataSource.S3DataSource.S3Uri": _ECHO,
            "CheckpointConfig.S3Uri": _ECHOED_PREFIX,
            "AlgorithmSpecification.AlgorithmName": ArnOrName("algorithm"),
        },
        "Tuning": {
            "TrainingJobDefinition.OutputDataConfig.S3OutputPath": _PARENT,
            "TrainingJobDefinitions[].OutputDataConfig.S3OutputPath": _PARENT,
            "TrainingJobDefinition.AlgorithmSpecification.AlgorithmName": ArnOrName("algorithm"),
            "TrainingJobDefinitions[].AlgorithmSpecification.AlgorithmName": ArnOrName("algorithm"),
        },
        "Transform": {
            "TransformOutput.S3OutputPath": _ECHOED_PREFIX,
            "TransformInput.DataSource.S3DataSource.S3Uri": _ECHO,
        },
        "Model": {
            "PrimaryContainer.ModelDataUrl": _GIVEN_MODEL,
            "PrimaryContainer.ModelPackageName": ArnOrName("model-package"),
            "Containers[].ModelDataUrl": _GIVEN_MODEL,
            "Containers[].ModelPackageName": ArnOrName("model-package"),
        },
        "RegisterModel": {
            "InferenceSpecification.Containers[].ModelDataUrl": _GIVEN_MODEL,
            "ModelPackageGroupName": Name("model-package-group"),
            "ModelPackageName": Name("model-package"),
        },
        "AutoML": {
            "OutputDataConfig.S3OutputPath": _PARENT,
            "BestCandidate.InferenceContainers[].ModelDataUrl": _MODEL,
            "BestCandidateProperties.ModelInsightsJsonReportPath": _REPORT,
            "BestCandidateProperties.ExplainabilityJsonReportPath": _REPORT,
        },
        "QualityCheck": {
            "CalculatedBaselineConstraints": _JSON_OBJECT,
            "CalculatedBaselineStatistics": _JSON_OBJECT,
            "BaselineUsedForDriftCheckStatistics": _JSON_OBJECT,
            "BaselineUsedForDriftCheckConstraints": _JSON_OBJECT,
        },
        "ClarifyCheck": {
            "CalculatedBaselineConstraints": _JSON_OBJECT,
            "BaselineUsedForDriftCheckConstraints": _JSON_OBJECT,
        },
        "NotebookJob": {
            "ComputingJobName": Name("training-job"),
            "NotebookJobInputLocation": _ECHO,
            "NotebookJobOutputLocationPrefix": _PARENT,
            "InputNotebookName": STRING,
            "OutputNotebookName": STRING,
        },
        "Lineage": {
            "ActionArns[]": Arn("sagemaker", "action"),
            "ActionArns": MapOf(STRING, Arn("sagemaker", "action")),
            "ArtifactArns[]": Arn("sagemaker", "artifact"),
            "ArtifactArns": MapOf(STRING, Arn("sagemaker", "artifact")),
            "ContextArns[]": Arn("sagemaker", "context"),
            "ContextArns": MapOf(STRING, Arn("sagemaker", "context")),
        },
    }
)


def type_of_path(path: PropertyPath, kind: StepKind) -> PortType:
    """The type of the value that a property path leads to on a kind of step.

    `Json`, `List<…>` or `Map<…>` where it stops at a structure, list or map; Unknown where it is not valid, not wholly known, or
    leads to what nothing describes (the outputs of Lambda and Callback steps).
    """
    end = walk(path, kind, strict=False)
    if not isinstance(end, Reaches | StopsEarly):
        return UNKNOWN
    in_definition = path.form is Form.GET and kind.definition_kind is not None
    special = PATHS.get((kind.definition_kind or kind.name) if in_definition else kind.name, {}).get(_normal(path))
    if special is not None:
        return special
    name = end.shape
    if name is None:
        return UNKNOWN
    if isinstance(end, StopsEarly) and end.type == "structure":
        return JSON
    try:
        return type_of_shape(service_model().shape(kind.service, name))
    except KeyError:
        return UNKNOWN


def _normal(path: PropertyPath) -> str:
    """The path without its prefix, each index as `[]`."""
    return "".join("[]" if isinstance(segment, Index) else f".{segment.name}" for segment in path.segments).removeprefix(".")
