"""Which call tells the properties of which step, as data; the keys are those of a step's `Metadata` in `ListPipelineExecutionSteps`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from contract_lint.resolution.answers import Answer, mapping, structures, text


class Asking(Struct, frozen=True):
    """How the properties of steps are asked for.

    ``kinds`` are names of step kinds, ``operation`` is the method of a boto3 client, ``argument`` its argument, made of the ARN that
    the metadata have (``whole`` if the ARN itself, else its last part). ``identity`` is the member of the answer that holds this ARN.
    ``changes`` if people or the service may change the answer after the step has ended. ``older`` is another operation for the members
    that only the older interface has.
    """

    kinds: tuple[str, ...]
    operation: str
    argument: str
    identity: str
    whole: bool = False
    changes: bool = False
    older: str | None = None
    older_members: frozenset[str] = frozenset()


class Asked(Struct, frozen=True):
    """One question: ``identity`` is the ARN of the job or resource, of an EMR step its id, ``cluster`` that of an EMR step's cluster."""

    how: Asking
    identity: str
    cluster: str | None = None

    @property
    def value(self) -> str:
        """What the operation's argument is."""
        return self.identity if self.how.whole else self.identity.rpartition("/")[2]

    def part(self, member: str | None) -> str:
        """Which of the answers tells a member (None: all members): members with the same part have the same answer."""
        if self.how.older is None and self.how is not TUNING:
            return ""
        if member is None:
            return "all"
        return "older" if member in self.how.older_members else "jobs" if self.how is TUNING and member == SUMMARIES else ""


EMR = Asking(("EMR",), "describe_step", "StepId", "Id", whole=True)
TUNING = Asking(("Tuning",), "describe_hyper_parameter_tuning_job", "HyperParameterTuningJobName", "HyperParameterTuningJobArn")
#: The list of a tuning job's training jobs is a call of its own; the SDK merges its answer into the properties.
SUMMARIES = "TrainingJobSummaries"

ASKINGS: Mapping[str, Asking] = MappingProxyType(
    {
        "TrainingJob": Asking(("Training", "NotebookJob", "Function"), "describe_training_job", "TrainingJobName", "TrainingJobArn"),
        "ProcessingJob": Asking(("Processing",), "describe_processing_job", "ProcessingJobName", "ProcessingJobArn"),
        "TransformJob": Asking(("Transform",), "describe_transform_job", "TransformJobName", "TransformJobArn"),
        "TuningJob": TUNING,
        "Model": Asking(("Model",), "describe_model", "ModelName", "ModelArn"),
        "RegisterModel": Asking(
            ("RegisterModel",), "describe_model_package", "ModelPackageName", "ModelPackageArn", whole=True, changes=True
        ),
        # Properties are those of DescribeAutoMLJob, which does not describe the jobs that CreateAutoMLJobV2 made; version 2 describes both.
        "AutoMLJob": Asking(
            ("AutoML",),
            "describe_auto_ml_job_v2",
            "AutoMLJobName",
            "AutoMLJobArn",
            older="describe_auto_ml_job",
            older_members=frozenset(
                {"AutoMLJobConfig", "GenerateCandidateDefinitionsOnly", "InputDataConfig", "ProblemType", "ResolvedAttributes"}
            ),
        ),
        "EndpointConfig": Asking(("EndpointConfig",), "describe_endpoint_config", "EndpointConfigName", "EndpointConfigArn"),
        "Endpoint": Asking(("Endpoint",), "describe_endpoint", "EndpointName", "EndpointArn", changes=True),
        "InferenceComponent": Asking(
            ("InferenceComponent",), "describe_inference_component", "InferenceComponentName", "InferenceComponentArn", changes=True
        ),
        "EMR": EMR,
    }
)

#: Steps whose properties stand in the metadata themselves: the kind has the key's name.
TOLD = frozenset({"Callback", "ClarifyCheck", "Condition", "ForEach", "Lambda", "Lineage", "QualityCheck"})
#: Steps that have properties of which neither the metadata nor a call that is known here tells.
UNTOLD = frozenset({"EMRServerless", "Fail", "Cleanup", "Job"})
#: Members of the metadata that tell more than the answer does.
BESIDE: Mapping[str, tuple[str, ...]] = MappingProxyType({"EMR": ("ClusterId",)})


def kinds_of(key: str) -> tuple[str, ...]:
    """The names of the kinds of step that have such metadata; none if it is not known here."""
    if key in ASKINGS:
        return ASKINGS[key].kinds
    return (key,) if key in TOLD | UNTOLD else ()


def told(key: str, metadata: Answer) -> Answer:
    """What the metadata tell of a step's properties; the output parameters of Lambda and Callback steps by their names."""
    if key in BESIDE:
        return {name: metadata[name] for name in BESIDE[key] if name in metadata}
    if key not in TOLD:
        return {}
    parameters = {str(one.get("Name")): one.get("Value") for one in structures(metadata.get("OutputParameters"))}
    return {**metadata, "OutputParameters": parameters} if key in ("Callback", "Lambda") else metadata


def asked(key: str, metadata: Answer) -> Asked | None:
    """What to ask for the properties that the metadata do not tell; None if nothing can be asked."""
    how = ASKINGS.get(key)
    identity = text(metadata.get("StepId" if how is EMR else "Arn"))
    if how is None or identity is None:
        return None
    return Asked(how, identity, text(metadata.get("ClusterId")))


#: The members that identify what an answer describes, in the order of asking: a processing job's answer may name a training job too,
#: a training job's an AutoML job, an inference component's its endpoint.
_IDENTITIES = (
    "ProcessingJobArn",
    "TransformJobArn",
    "TrainingJobArn",
    "InferenceComponentArn",
    "HyperParameterTuningJobArn",
    "ModelPackageArn",
    "ModelArn",
    "AutoMLJobArn",
    "EndpointConfigArn",
    "EndpointArn",
)


def identity_of(answer: Answer) -> str | None:
    """The ARN, or the EMR step's id, of what an answer of one of the calls describes; None for another answer."""
    if step := mapping(answer.get("Step")):
        return text(step.get("Id"))
    return next((found for member in _IDENTITIES if (found := text(answer.get(member))) is not None), None)
