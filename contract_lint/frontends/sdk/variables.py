"""Which parameters and ``JsonGet`` a pipeline holds, and whether they are surely part of its definition."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType

from msgspec.structs import replace

from contract_lint.frontends.sdk.reach import ORDER, Held, Reach, Via
from contract_lint.frontends.sdk.snapshot import numbers_in
from contract_lint.frontends.sdk.steps import is_function_step
from contract_lint.model.sdk import NOTHING, Hidden, Listing, Made, Mapped, Named, Placed, SdkObject, SdkScene, VariableUse

#: What of a pipeline is no part of its definition, or is looked at elsewhere.
ELSEWHERE = frozenset({"steps", "parameters", "sagemaker_session", "pipeline_definition_config"})
#: Methods whose results are given to steps: what they are given does not change the object that they belong to.
PRODUCING = frozenset({"run", "get_run_args", "fit", "tune", "train", "transform", "register", "create", "build", "deploy", "to_string"})
#: Unknown values that can be no parameter that the code makes, nor hold one.
HARMLESS = frozenset({"parameter", "environment", "text", "given-by-caller", "required-field", "unknown-number", "unknown-comparison"})
#: Of these, what callers give.
BY_CALLERS = frozenset({"parameter", "given-by-caller"})

_PROCESSORS = """
    Processor ScriptProcessor FrameworkProcessor SKLearnProcessor PyTorchProcessor TensorFlowProcessor HuggingFaceProcessor MXNetProcessor
    XGBoostProcessor PySparkProcessor SparkJarProcessor
"""
_ESTIMATORS = "Estimator Framework PyTorch TensorFlow HuggingFace MXNet Chainer XGBoost SKLearn RLEstimator AlgorithmEstimator"
_MODELS = "Model FrameworkModel PyTorchModel TensorFlowModel HuggingFaceModel MXNetModel ChainerModel XGBoostModel SKLearnModel"
_COMPARISONS = """
    ConditionEquals ConditionGreaterThan ConditionGreaterThanOrEqualTo ConditionLessThan ConditionLessThanOrEqualTo
"""

#: Classes and methods -> the arguments that are surely sent as they are given; of a method ``self`` is the object that it belongs to.
_SENT: tuple[tuple[str, str], ...] = (
    ("ProcessingStep", "step_args processor inputs outputs job_arguments"),
    ("TrainingStep", "step_args estimator inputs"),
    ("TuningStep", "step_args tuner inputs"),
    ("TransformStep", "step_args transformer inputs"),
    ("ModelStep", "step_args"),
    ("RegisterModel", "content_types response_types inference_instances transform_instances model_data model_package_group_name"),
    ("RegisterModel", "approval_status image_uri description model_metrics"),
    ("LambdaStep", "inputs"),
    ("CallbackStep", "inputs sqs_queue_url"),
    ("ConditionStep", "conditions"),
    ("FailStep", "error_message"),
    ("run get_run_args", "self inputs outputs arguments"),
    ("fit tune", "self inputs"),
    ("train", "self input_data_config"),
    ("transform", "self data content_type split_type compression_type input_filter output_filter join_source"),
    ("register", "self content_types response_types inference_instances transform_instances model_package_group_name approval_status"),
    ("register", "description model_metrics"),
    ("create to_string", "self"),
    ("set_hyperparameters", "*"),
    (_PROCESSORS, "role image_uri instance_count instance_type entrypoint volume_size_in_gb volume_kms_key output_kms_key"),
    (_PROCESSORS, "max_runtime_in_seconds env"),
    (_ESTIMATORS, "role image_uri instance_count instance_type volume_size volume_kms_key max_run output_path output_kms_key"),
    (_ESTIMATORS, "hyperparameters environment subnets security_group_ids"),
    (_MODELS, "image_uri model_data env"),
    ("PipelineModel", "models"),
    ("HyperparameterTuner", "estimator hyperparameter_ranges objective_metric_name max_jobs max_parallel_jobs"),
    ("IntegerParameter ContinuousParameter", "min_value max_value"),
    ("CategoricalParameter", "values"),
    ("Transformer", "model_name instance_count instance_type output_path accept env max_payload max_concurrent_transforms"),
    ("ModelTrainer", "role training_image compute hyperparameters environment input_data_config output_data_config stopping_condition"),
    ("Compute", "instance_type instance_count volume_size_in_gb"),
    ("InputData", "data_source"),
    ("OutputDataConfig", "s3_output_path"),
    ("StoppingCondition", "max_runtime_in_seconds"),
    ("ProcessingInput", "source destination s3_input"),
    ("ProcessingOutput", "destination s3_output"),
    ("S3Input ProcessingS3Input ProcessingS3Output S3DataSource MetricsSource", "s3_uri"),
    ("ModelMetrics", "model_statistics model_constraints bias explainability"),
    ("TrainingInput", "s3_data content_type"),
    ("TransformInput", "data content_type"),
    (_COMPARISONS, "left right"),
    ("ConditionIn", "value in_values"),
    ("ConditionNot", "expression"),
    ("ConditionOr", "conditions"),
    ("Join", "values"),
    ("JsonGet", "s3_uri"),
)


def _by_name() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for names, arguments in _SENT:
        for name in names.split():
            found[name] = found.get(name, frozenset()) | {"" if argument == "self" else argument for argument in arguments.split()}
    return MappingProxyType(found)


SENT = _by_name()


class VariableReader:
    """Finds the variables of pipelines; ``calls`` are the methods called on each object, in order."""

    def __init__(self, scene: SdkScene, reach: Reach, calls: Mapping[int, list[SdkObject]]) -> None:
        self._scene, self._reach, self._calls = scene, reach, calls

    def read(self, pipeline: SdkObject, placed: Iterable[Placed], open_steps: str | None) -> tuple[tuple[VariableUse, ...], str | None]:
        """The uses of all variables by a pipeline with these steps, and why there may be more."""
        opened = open_steps
        uses = {
            VariableUse(number, None, "", "", obj.span, False): None
            for number in sorted(self._scene.given_away)
            if is_variable(obj := self._scene.objects[number])
        }
        # a caller may have made what it gives of parameters that were there before
        before = numbers_in(self._scene.resolve(pipeline.get("parameters")) or NOTHING) - set(self._scene.own)
        harmless = HARMLESS - (BY_CALLERS if before else frozenset())
        own = {name: value for name, value in pipeline.arguments.items() if name not in ELSEWHERE}
        holders: list[tuple[int | None, bool, SdkObject]] = [(None, True, replace(pipeline, arguments=own, attributes={}))]
        for one in placed:
            step = self._scene.objects[one.number]
            holders += [(one.number, one.must, holder) for holder in self._parts(step)]
            opened = opened or self._unread(step)
        reached: set[int] = set()
        opened = opened or next((reason for _, _, holder in holders if (reason := self._holds_more(holder, harmless)) is not None), None)
        for consumer, must, holder in holders:
            for held in (*self._reach.of(holder), *self._added(holder)):
                opened = opened or self._hides(held, harmless)
                reached |= {held.value.number} if isinstance(held.value, Made) else set()
                use = self._use(held, consumer, must)
                if use is not None:
                    uses[use] = None
        order = sorted(uses, key=lambda use: (use.span, use.number, use.consumer or 0, use.argument))
        return tuple(order), opened or self._stored(reached)

    def of_steps(self, numbers: Iterable[int]) -> tuple[VariableUse, ...]:
        """The uses by these steps, wherever they are."""
        held = ((number, one) for number in numbers for part in self._parts(self._scene.objects[number]) for one in self._reach.of(part))
        uses = (self._use(one, number, False) for number, one in held)
        return tuple(dict.fromkeys(use for use in uses if use is not None))

    def _parts(self, step: SdkObject) -> Iterator[SdkObject]:
        """The step, and the decorated function that it is a call of."""
        yield step
        decorated = self._scene.object(step.receiver) if is_function_step(step) else None
        if decorated is not None:
            yield decorated

    def _added(self, holder: SdkObject) -> Iterator[Held]:
        """What the objects below a holder may send besides: what their methods are given, and arguments that were replaced later."""
        pending = [held.value.number for held in self._reach.of(holder) if isinstance(held.value, Made)]
        seen: set[int] = set()
        while pending:
            number = pending.pop()
            if number in seen or number in self._scene.steps:
                continue
            seen.add(number)
            obj = self._scene.objects[number]
            replaced = {name: value for name, value in obj.arguments.items() if name in obj.attributes}
            if replaced:
                yield from (replace(held, certain=False) for held in self._reach.of(replace(obj, arguments=replaced, attributes={})))
            for call in self._calls.get(number, ()):
                if call.method not in PRODUCING and call.number not in seen:
                    pending.append(call.number)
                    yield from (replace(held, certain=False) for held in self._reach.of(replace(call, receiver=None)))

    def _use(self, held: Held, consumer: int | None, must: bool) -> VariableUse | None:
        obj = self._scene.object(held.value)
        if obj is None or not is_variable(obj):
            return None
        certain = held.certain and must and is_sent(held.via)
        return VariableUse(obj.number, consumer, held.sdk_class, held.argument, held.span, certain)

    # --- what may hold more ---

    def _unread(self, step: SdkObject) -> str | None:
        """Why it is not known what a step holds."""
        given = self._scene.resolve(step.get("step_args"))
        if given is not None and not isinstance(given, Made):
            return "unknown-step-args"
        return step.open

    def _hides(self, held: Held, harmless: Collection[str]) -> str | None:
        """Why a value may hold what cannot be seen."""
        value = held.value
        if isinstance(value, Hidden):
            return value.reason if value.reason not in harmless else None
        if isinstance(value, Named):
            return "unknown-object" if value.what == "instance" else None
        obj = self._scene.object(value)
        return self._holds_more(obj, harmless) if obj is not None and obj.number not in self._scene.steps else None

    def _holds_more(self, obj: SdkObject, harmless: Collection[str]) -> str | None:
        """Why an object may have been given more: arguments, or entries of lists and dicts."""
        given = [value for name, value in {**obj.arguments, **obj.attributes}.items() if name not in ORDER]
        for value in (*given, *obj.extra):
            for one in self._scene.inside(value):
                if isinstance(one, (Listing, Mapped)) and one.open is not None and one.open not in harmless:
                    return one.open
        return obj.open

    def _stored(self, reached: Collection[int]) -> str | None:
        """Items of what is read of an object are set: ``estimator.environment["KEY"] = parameter``."""
        stores = (one.operand for one in self._scene.operations if one.kind == "store" and one.what == "[]")
        return "changed-unseen" if any(numbers_in(one) & set(reached) for one in stores) else None


def is_sent(via: Via) -> bool:
    """Whether what is given on this way surely gets into the request; a tuner drops the hyperparameters for which it has ranges."""
    if ("HyperparameterTuner", "estimator") in via and any(name.endswith("hyperparameters") for pair in via for name in pair):
        return False
    return all(argument in SENT.get(owner, ()) or "*" in SENT.get(owner, ()) for owner, argument in via)


def is_variable(obj: SdkObject) -> bool:
    """Whether an object is a parameter of pipelines, or reads a property file."""
    return obj.is_parameter or (obj.method is None and obj.name == "JsonGet")
