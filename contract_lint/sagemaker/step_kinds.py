"""The kinds of pipeline step, as data: what `.properties` of each one is made of.

Facts from the SDK (`sagemaker.workflow` 2.257.7, `sagemaker.mlops.workflow` 1.27.0), except where a comment names another source.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from msgspec import Struct, field


class Extra(Enum):
    """How a property behaves that no service model describes."""

    LEAF = "a value"
    #: Indexed once, by any name, each item a leaf.
    NAMED_LEAVES = "a map"
    #: A plain Python dict, name -> leaf: the SDK raises KeyError for a name that the step does not declare.
    OUTPUTS = "the declared outputs"
    #: A structure of leaves: the dotted names of its members stand beside it in ``StepKind.extras``.
    GROUP = "a structure"
    #: It depends on the step's arguments or on other steps, or the SDK accepts anything.
    OPEN = "anything"
    #: The argument that the step was made with, not a reference.
    ARGUMENT = "a plain Python value"


class StepKind(Struct, frozen=True, eq=False):
    """One kind of step.

    ``name`` is the step's JSON type in a pipeline definition unless ``json_type`` says otherwise. ``shapes`` are the shapes of
    ``service`` whose members `.properties` has (more than one: merged). ``extras`` are the members beside them, which win over
    the shapes' own. ``definition_extras`` replaces ``extras`` in a definition's `Get` (`Steps.X.…`), if given, and
    ``definition_kind`` names the kind whose members count there. ``raises`` is the error that reading `.properties` raises.
    ``default_path`` is the property path of an output that gives none; ``{output}`` in it stands for the output's name, and with
    ``default_for_sole_output`` it is meant only for a step with one output.
    """

    name: str
    shapes: tuple[str, ...] = ()
    service: str = "sagemaker"
    extras: Mapping[str, Extra] = field(default_factory=lambda: MappingProxyType({}))
    definition_extras: Mapping[str, Extra] | None = None
    definition_kind: str | None = None
    json_type: str | None = None
    raises: str | None = None
    default_path: str | None = None
    default_for_sole_output: bool = False

    @property
    def type(self) -> str:
        """The step's ``Type`` in a pipeline definition."""
        return self.json_type or self.name

    @property
    def with_article(self) -> str:
        """The name in a sentence: `a Training`, `an AutoML`."""
        return f"{'an' if self.name[0] in 'AEIO' else 'a'} {self.name}"

    @property
    def root_name(self) -> str:
        """What to call the root of `.properties` in a message."""
        return " + ".join(self.shapes) or f"the properties of {self.with_article} step"


def _leaves(*names: str) -> Mapping[str, Extra]:
    return MappingProxyType(dict.fromkeys(names, Extra.LEAF))


_OUTPUTS = MappingProxyType({"Outputs": Extra.OUTPUTS})
_OUTPUT_PARAMETERS = MappingProxyType({"OutputParameters": Extra.OUTPUTS})
_FAIL = "RuntimeError: it ends the pipeline and has no properties"

_KINDS: tuple[StepKind, ...] = (
    StepKind("Processing", ("DescribeProcessingJobResponse",), default_path="ProcessingOutputConfig.Outputs['{output}'].S3Output.S3Uri"),
    StepKind("Training", ("DescribeTrainingJobResponse",), default_path="ModelArtifacts.S3ModelArtifacts", default_for_sole_output=True),
    StepKind("Tuning", ("DescribeHyperParameterTuningJobResponse", "ListTrainingJobsForHyperParameterTuningJobResponse")),
    StepKind("Transform", ("DescribeTransformJobResponse",), default_path="TransformOutput.S3OutputPath"),
    StepKind("Model", ("DescribeModelOutput",), default_path="ModelName"),
    StepKind("RegisterModel", ("DescribeModelPackageOutput",), default_path="ModelPackageArn"),
    StepKind(
        "AutoML",
        ("DescribeAutoMLJobResponse",),
        extras=MappingProxyType(
            {
                "BestCandidateProperties": Extra.GROUP,
                "BestCandidateProperties.ModelInsightsJsonReportPath": Extra.LEAF,
                "BestCandidateProperties.ExplainabilityJsonReportPath": Extra.LEAF,
            }
        ),
    ),
    StepKind(
        "EMR",
        ("Step",),
        service="emr",
        # The role is the plain argument where the step was given one, else a reference to the service's member.
        extras=MappingProxyType({"ClusterId": Extra.ARGUMENT, "ClusterConfig": Extra.ARGUMENT, "ExecutionRoleArn": Extra.OPEN}),
        # Nobody has seen whether the service knows it.
        definition_extras=MappingProxyType({"ClusterId": Extra.OPEN}),
    ),
    StepKind("EMRServerless"),
    StepKind("EndpointConfig", ("DescribeEndpointConfigOutput",)),
    StepKind("Endpoint", ("DescribeEndpointOutput",)),
    StepKind("InferenceComponent", ("DescribeInferenceComponentOutput",)),
    StepKind("Job", ("DescribeJobResponse",)),
    StepKind(
        "QualityCheck",
        extras=_leaves(
            "CalculatedBaselineConstraints",
            "CalculatedBaselineStatistics",
            "BaselineUsedForDriftCheckStatistics",
            "BaselineUsedForDriftCheckConstraints",
        ),
    ),
    StepKind("ClarifyCheck", extras=_leaves("CalculatedBaselineConstraints", "BaselineUsedForDriftCheckConstraints")),
    StepKind("Condition", extras=_leaves("Outcome")),
    StepKind(
        "NotebookJob",
        json_type="Training",
        # Aliases of members of the training job that runs the notebook; the job's own members are hidden.
        extras=_leaves(
            "ComputingJobName",
            "ComputingJobStatus",
            "NotebookJobInputLocation",
            "NotebookJobOutputLocationPrefix",
            "InputNotebookName",
            "OutputNotebookName",
        ),
        definition_kind="Training",
    ),
    StepKind(
        "Lineage",
        extras=MappingProxyType(
            {**dict.fromkeys(("ActionArns", "ArtifactArns", "ContextArns"), Extra.NAMED_LEAVES), "Associations": Extra.LEAF}
        ),
    ),
    StepKind(
        "ForEach",
        extras=MappingProxyType(
            {
                **_leaves("Status", "InputItemCount", "TotalStepCount", "SucceededStepCount", "FailedStepCount", "StoppedStepCount"),
                "IterationOutputs": Extra.OPEN,
                "Selected": Extra.OPEN,
            }
        ),
    ),
    StepKind("Lambda", extras=_OUTPUTS, definition_extras=_OUTPUT_PARAMETERS, default_path="Outputs['{output}']"),
    StepKind("Callback", extras=_OUTPUTS, definition_extras=_OUTPUT_PARAMETERS, default_path="Outputs['{output}']"),
    StepKind("Fail", raises=_FAIL),
    StepKind(
        "Function",
        json_type="Training",
        definition_kind="Training",
        raises="NotImplementedError: use the value that the decorated function returns",
    ),
    StepKind("Cleanup", raises=_FAIL),
)

_BY_NAME: Mapping[str, StepKind] = MappingProxyType({kind.name: kind for kind in _KINDS})

#: SDK class (v2 or v3, by its simple name) -> names of the kinds that its `.properties` may be.
_CLASSES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ProcessingStep": ("Processing",),
        "TrainingStep": ("Training",),
        "TuningStep": ("Tuning",),
        "TransformStep": ("Transform",),
        "CreateModelStep": ("Model",),
        # `.properties` of a step collection is that of its last step.
        "ModelStep": ("Model", "RegisterModel"),
        "RegisterModel": ("RegisterModel",),
        "EstimatorTransformer": ("Transform",),
        "MonitorBatchTransformStep": ("QualityCheck", "ClarifyCheck"),
        "AutoMLStep": ("AutoML",),
        "EMRStep": ("EMR",),
        "EMRServerlessStep": ("EMRServerless",),
        "EndpointConfigStep": ("EndpointConfig",),
        "EndpointStep": ("Endpoint",),
        "InferenceComponentStep": ("InferenceComponent",),
        "JobStep": ("Job",),
        "QualityCheckStep": ("QualityCheck",),
        "ClarifyCheckStep": ("ClarifyCheck",),
        "ConditionStep": ("Condition",),
        "NotebookJobStep": ("NotebookJob",),
        "LineageStep": ("Lineage",),
        "ForEachStep": ("ForEach",),
        "LambdaStep": ("Lambda",),
        "CallbackStep": ("Callback",),
        "FailStep": ("Fail",),
        "CleanupStep": ("Cleanup",),
        "_FunctionStep": ("Function",),
    }
)


def all_kinds() -> tuple[StepKind, ...]:
    """Every kind, the common ones first."""
    return _KINDS


def kind_named(name: str) -> StepKind | None:
    """The kind of this name: a JSON type such as ``Training``, or ``NotebookJob`` or ``Function``."""
    return _BY_NAME.get(name)


#: The names of all step classes; their objects have no truth value of their own, so that each is true.
STEP_CLASSES = frozenset(_CLASSES)


def kinds_of_class(name: str) -> tuple[StepKind, ...]:
    """The kinds that steps of an SDK class may be: two for ``ModelStep``, none if it is no step class of the SDK.

    ``name`` is fully qualified, from any module below ``sagemaker`` (the SDK exports its classes in several), or the simple name.
    """
    module, _, simple = name.rpartition(".")
    if module and module.split(".")[0] != "sagemaker":
        return ()
    return tuple(_BY_NAME[kind] for kind in _CLASSES.get(simple, ()))


def default_property_path(kind: StepKind, output: str, *, sole: bool) -> str | None:
    """The property path that an output of this kind of step has when none is given; ``sole`` if the step has no other output."""
    if kind.default_path is None or (kind.default_for_sole_output and not sole):
        return None
    return kind.default_path.replace("{output}", output)
