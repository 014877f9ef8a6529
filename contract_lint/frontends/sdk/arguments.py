"""Which parameters the arguments of the SDK's classes and methods are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")

ORDER: Mapping[str, tuple[str, ...]] = {
    "Pipeline": ("name", "parameters", "pipeline_experiment_config", "steps", "sagemaker_session"),
    "ProcessingStep": ("name", "step_args", "processor", "display_name", "description", "inputs", "outputs"),
    "TrainingStep": ("name", "step_args", "estimator", "display_name", "description", "inputs"),
    "TransformStep": ("name", "step_args", "transformer", "inputs"),
    "TuningStep": ("name", "step_args", "tuner"),
    "ModelStep": ("name", "step_args", "depends_on"),
    "ConditionStep": ("name", "depends_on", "display_name", "description", "conditions", "if_steps", "else_steps"),
    "ParameterString": ("name", "default_value", "enum_values"),
    "ParameterInteger": ("name", "default_value"),
    "ParameterFloat": ("name", "default_value"),
    "ParameterBoolean": ("name", "default_value"),
    "PropertyFile": ("name", "output_name", "path"),
    "JsonGet": ("step_name", "property_file", "json_path", "s3_uri"),
    "ProcessingInput": ("source", "destination", "input_name"),
    "ProcessingOutput": ("source", "destination", "output_name"),
    "TrainingInput": ("s3_data",),
    "TransformInput": ("data",),
    "Join": ("on", "values"),
    "CacheConfig": ("enable_caching", "expire_after"),
    "LambdaOutput": ("output_name", "output_type"),
    "CallbackOutput": ("output_name", "output_type"),
    "fit": ("inputs", "wait", "logs", "job_name"),
    "add_depends_on": ("step_names",),
    "append": ("value",),
    "extend": ("values",),
}


def bind(callee: str, args: Sequence[T], kwargs: Mapping[str, T]) -> tuple[dict[str, T], tuple[T, ...]]:
    """The arguments by name, and the positional ones that have none."""
    order = ORDER.get(callee.rpartition(".")[2], ())
    return {**dict(zip(order, args, strict=False)), **kwargs}, tuple(args[len(order) :])
