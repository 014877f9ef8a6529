"""The types that arguments of the SDK's classes want, as data; only what is certain.

Facts from the SDK (`sagemaker` 2.257.7, `sagemaker-core` and `sagemaker-train` of v3) and the request members that the arguments become.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from contract_lint.model.types import (
    CONTENT_TYPE,
    IMAGE_URI,
    INTEGER,
    JSON,
    KMS_KEY,
    PATH,
    S3_URI,
    STRING,
    UNKNOWN,
    Arn,
    ArnOrName,
    ListOf,
    MapOf,
    Name,
    PortType,
    S3Uri,
)

#: The tarball of a model; a folder of uncompressed files is given as a dict, not as a URI.
_TARBALL = S3Uri(kind="object", content=("model",))
_OBJECT = S3Uri(kind="object")
#: The same for a step that packs the model anew with a script: the SDK makes it from all that lies below the URI.
REPACKED = S3Uri(content=("model",))
#: Steps that do so where an ``entry_point`` is given, and the argument that is packed anew.
REPACKING_STEPS = frozenset({"ModelStep", "RegisterModel", "EstimatorTransformer"})
REPACKED_ARGUMENT = "model_data"
#: Where a job writes: no data input, so the parent of another job's output serves as well.
_DESTINATION = S3Uri(kind="prefix", origin="parent")
#: The SDK expands the name of a role.
_ROLE = ArnOrName("role")
_GROUP = ArnOrName("model-package-group")

_PROCESSOR: Mapping[str, PortType] = MappingProxyType(
    {
        "role": _ROLE,
        "image_uri": IMAGE_URI,
        "instance_count": INTEGER,
        "volume_size_in_gb": INTEGER,
        "max_runtime_in_seconds": INTEGER,
        "output_kms_key": KMS_KEY,
        "volume_kms_key": KMS_KEY,
    }
)
_ESTIMATOR: Mapping[str, PortType] = MappingProxyType(
    {
        "role": _ROLE,
        "image_uri": IMAGE_URI,
        "instance_count": INTEGER,
        "volume_size": INTEGER,
        "max_run": INTEGER,
        "max_wait": INTEGER,
        "output_path": _DESTINATION,
        "output_kms_key": KMS_KEY,
        "volume_kms_key": KMS_KEY,
        "model_uri": S3Uri(content=("model",)),
        "checkpoint_s3_uri": S3Uri(kind="prefix"),
        "code_location": _DESTINATION,
        "training_repository_credentials_provider_arn": Arn("lambda", "function"),
    }
)
_MODEL: Mapping[str, PortType] = MappingProxyType(
    {
        "model_data": _TARBALL,
        "image_uri": IMAGE_URI,
        "role": _ROLE,
        "model_kms_key": KMS_KEY,
    }
)
_CHECK_CONFIG: Mapping[str, PortType] = MappingProxyType({"baseline_dataset": S3_URI, "output_s3_uri": _DESTINATION})
_CHECK_STEP: Mapping[str, PortType] = MappingProxyType({"supplied_baseline_constraints": _OBJECT, "model_package_group_name": _GROUP})

_PROCESSORS = (
    "Processor",
    "ScriptProcessor",
    "FrameworkProcessor",
    "SKLearnProcessor",
    "PyTorchProcessor",
    "TensorFlowProcessor",
    "HuggingFaceProcessor",
    "MXNetProcessor",
    "XGBoostProcessor",
    "PySparkProcessor",
    "SparkJarProcessor",
    "SageMakerClarifyProcessor",
)
_ESTIMATORS = ("Estimator", "Framework", "PyTorch", "TensorFlow", "HuggingFace", "MXNet", "Chainer", "XGBoost", "SKLearn", "RLEstimator")
_MODELS = (
    "Model",
    "FrameworkModel",
    "PyTorchModel",
    "TensorFlowModel",
    "HuggingFaceModel",
    "MXNetModel",
    "ChainerModel",
    "XGBoostModel",
    "SKLearnModel",
)

#: Classes (by their simple names), and methods by theirs -> argument -> type.
_TABLE: tuple[tuple[tuple[str, ...], Mapping[str, PortType]], ...] = (
    # A local path may be written here too; a reference to another step cannot be one.
    (("ProcessingInput",), {"source": S3_URI, "destination": PATH}),
    (("ProcessingOutput",), {"source": PATH, "destination": _DESTINATION}),
    (("S3Input", "ProcessingS3Input"), {"s3_uri": S3_URI, "local_path": PATH}),
    (("ProcessingS3Output",), {"s3_uri": _DESTINATION, "local_path": PATH}),
    (("TrainingInput",), {"s3_data": S3_URI, "content_type": CONTENT_TYPE}),
    (("InputData",), {"data_source": S3_URI}),
    (("S3DataSource", "TransformS3DataSource"), {"s3_uri": S3_URI}),
    (("OutputDataConfig",), {"s3_output_path": _DESTINATION, "kms_key_id": KMS_KEY}),
    (("TransformInput", "transform"), {"data": S3_URI, "content_type": CONTENT_TYPE}),
    (("register",), {"model_package_group_name": _GROUP}),
    (("CheckpointConfig",), {"s3_uri": S3Uri(kind="prefix"), "local_path": PATH}),
    (_PROCESSORS, _PROCESSOR),
    (_ESTIMATORS, _ESTIMATOR),
    (("AlgorithmEstimator",), {**_ESTIMATOR, "algorithm_arn": ArnOrName("algorithm")}),
    (("ModelTrainer",), {"role": _ROLE, "training_image": IMAGE_URI}),
    (_MODELS, _MODEL),
    (("PipelineModel",), {"role": _ROLE}),
    (("MultiDataModel",), {"model_data_prefix": S3Uri(kind="prefix"), "role": _ROLE, "image_uri": IMAGE_URI}),
    (("ModelBuilder",), {"s3_model_data_url": S3Uri(content=("model",)), "role_arn": Arn("iam", "role"), "image_uri": IMAGE_URI}),
    (("ContainerDefinition", "ModelPackageContainerDefinition"), {"model_data_url": _TARBALL, "image": IMAGE_URI}),
    (("AutoMLInput",), {"inputs": S3_URI}),
    (("AutoML",), {"role": _ROLE, "output_path": _DESTINATION, "output_kms_key": KMS_KEY, "volume_kms_key": KMS_KEY}),
    (("ModelPackage",), {"role": _ROLE, "model_data": _TARBALL, "model_package_arn": Arn("sagemaker", "model-package")}),
    (
        ("RegisterModel",),
        {
            "model_data": _TARBALL,
            "image_uri": IMAGE_URI,
            "model_package_group_name": _GROUP,
            "content_types": ListOf(CONTENT_TYPE),
            "response_types": ListOf(CONTENT_TYPE),
        },
    ),
    (
        ("Transformer",),
        {
            "model_name": Name("model"),
            "instance_count": INTEGER,
            "max_concurrent_transforms": INTEGER,
            "max_payload": INTEGER,
            "output_path": _DESTINATION,
            "output_kms_key": KMS_KEY,
            "volume_kms_key": KMS_KEY,
            "accept": CONTENT_TYPE,
        },
    ),
    (("EstimatorTransformer",), {"model_data": _TARBALL, "image_uri": IMAGE_URI, "output_path": _DESTINATION}),
    (("MetricsSource", "FileSource"), {"s3_uri": _OBJECT, "content_type": CONTENT_TYPE}),
    (("DataQualityCheckConfig", "ModelQualityCheckConfig"), _CHECK_CONFIG),
    (("QualityCheckStep",), {**_CHECK_STEP, "supplied_baseline_statistics": _OBJECT}),
    (("ClarifyCheckStep",), _CHECK_STEP),
    (("DataConfig",), {"s3_data_input_path": S3_URI, "s3_output_path": _DESTINATION}),
    (("ModelConfig",), {"model_name": Name("model")}),
    (("Lambda",), {"function_arn": Arn("lambda", "function"), "execution_role_arn": Arn("iam", "role")}),
)

#: The same, with the types of what the lists and dicts hold that are given. The SDK of the second version makes texts of
#: hyperparameters by itself (`to_string`); what it passes on as it is, the service checks (#4867).
_ELEMENTS_TABLE: tuple[tuple[tuple[str, ...], Mapping[str, PortType]], ...] = (
    (_PROCESSORS, {"env": STRING, "entrypoint": STRING}),
    (("run", "get_run_args"), {"arguments": STRING}),
    (("ProcessingStep",), {"job_arguments": STRING}),
    ((*_ESTIMATORS, "AlgorithmEstimator"), {"environment": STRING, "container_arguments": STRING, "container_entry_point": STRING}),
    (("ModelTrainer",), {"environment": STRING, "hyperparameters": STRING}),
    ((*_MODELS, "Transformer"), {"env": STRING}),
)

#: What takes single values of any type, also inside of a list: `Std:Join` and conditions in the schema of pipeline definitions.
_VALUES: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "Join": frozenset({"values"}),
        "FailStep": frozenset({"error_message"}),
        **dict.fromkeys(
            (
                "ConditionEquals",
                "ConditionGreaterThan",
                "ConditionGreaterThanOrEqualTo",
                "ConditionLessThan",
                "ConditionLessThanOrEqualTo",
                "ConditionIn",
            ),
            frozenset({"left", "right", "value", "in_values"}),
        ),
    }
)


def _by_class(table: Iterable[tuple[tuple[str, ...], Mapping[str, PortType]]]) -> Mapping[str, Mapping[str, PortType]]:
    return MappingProxyType({name: MappingProxyType(dict(arguments)) for names, arguments in table for name in names})


_ARGUMENTS = _by_class(_TABLE)
_ELEMENTS = _by_class(_ELEMENTS_TABLE)


def type_of_argument(sdk_class: str, argument: str) -> PortType | None:
    """The type that a reference to another step must have where it is given as this argument; None if that is not certain.

    ``sdk_class`` is fully qualified, from any module below ``sagemaker``, or the simple name.
    """
    return arguments_of(sdk_class).get(argument)


def type_of_element(sdk_class: str, argument: str) -> PortType | None:
    """The type of what the list or dict holds that is given as this argument; None if that is not certain."""
    return _of_class(_ELEMENTS, sdk_class).get(argument)


def takes_a_value(sdk_class: str, argument: str) -> bool:
    """Whether what is given there certainly has to be one value, and no structure, list or map."""
    if argument in _VALUES.get(sdk_class, ()):
        return True
    wanted = type_of_argument(sdk_class, argument) or type_of_element(sdk_class, argument)
    return wanted is not None and wanted not in (JSON, UNKNOWN) and not isinstance(wanted, ListOf | MapOf)


def arguments_of(sdk_class: str) -> Mapping[str, PortType]:
    """All arguments of a class whose types are certain; empty if it is no class of the SDK that is known here."""
    return _of_class(_ARGUMENTS, sdk_class)


def _of_class(table: Mapping[str, Mapping[str, PortType]], sdk_class: str) -> Mapping[str, PortType]:
    module, _, simple = sdk_class.rpartition(".")
    if module and module.split(".")[0] != "sagemaker":
        return MappingProxyType({})
    return table.get(simple, MappingProxyType({}))
