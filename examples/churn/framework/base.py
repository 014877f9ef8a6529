"""The base class of all step builders, with the registry of property paths."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from sagemaker.workflow.steps import CacheConfig

if TYPE_CHECKING:
    from sagemaker.workflow.pipeline_context import PipelineSession
    from sagemaker.workflow.step_collections import StepCollection
    from sagemaker.workflow.steps import Step

    from ..configs.base import ChurnConfig

STEP_NAMES = {
    "DataLoading": "DataLoadingStep",
    "Preprocessing": "PreprocessingStep",
    "XGBoostTraining": "XGBoostTrainingStep",
    "Evaluation": "EvaluationStep",
    "ChurnModel": "ChurnModelStep",
    "BatchTransform": "BatchTransformStep",
    "Payload": "PayloadStep",
    "Registration": "RegistrationStep",
}


class StepBuilderBase(ABC):
    """Turns one config into one SageMaker step and says what the step needs and provides."""

    STEP_NAMES: ClassVar[dict[str, str]] = STEP_NAMES
    COMMON_INPUTS: ClassVar[dict[str, str]] = {
        "dependencies": "Optional list of steps that must finish first",
        "enable_caching": "Optional switch for step caching (default: True)",
    }
    OUTPUT_PROPERTIES: ClassVar[dict[str, str]] = {}

    _property_paths: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, config: ChurnConfig, session: PipelineSession) -> None:
        self.config = config
        self.session = session
        self._instance_property_paths: dict[str, str] = {}
        self.validate_configuration()

    @classmethod
    def register_property_path(cls, step_type: str, logical_name: str, property_path: str) -> None:
        """Say under which property of a step of this type an output can be found at run time."""
        cls._property_paths.setdefault(step_type, {})[logical_name] = property_path

    def register_instance_property_path(self, logical_name: str, property_path: str) -> None:
        """Like `register_property_path`, for this builder alone; wins over the class's path."""
        self._instance_property_paths[logical_name] = property_path

    def get_property_paths(self) -> dict[str, str]:
        """Logical output name to property path."""
        step_type = self.__class__.__name__.replace("Builder", "")
        paths = dict(self.OUTPUT_PROPERTIES)
        paths.update(self._property_paths.get(step_type, {}))
        paths.update(self._instance_property_paths)
        return paths

    def _get_step_name(self, step_type: str) -> str:
        if step_type not in self.STEP_NAMES:
            raise ValueError(f"unknown step type {step_type!r}, known: {', '.join(sorted(self.STEP_NAMES))}")
        return self.STEP_NAMES[step_type]

    def _cache_config(self, kwargs: dict[str, Any]) -> CacheConfig:
        return CacheConfig(enable_caching=kwargs.get("enable_caching", True), expire_after="P30D")

    def _collect_inputs(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """The inputs that the caller found; raises ValueError where a required one is missing."""
        inputs = kwargs.get("inputs") or {}
        for name, description in self.get_input_requirements().items():
            if "optional" not in description.lower() and name not in inputs:
                raise ValueError(f"{self.__class__.__name__} needs the input {name!r}: {description}")
        return inputs

    def validate_configuration(self) -> None:
        """Raises ValueError where the config lacks what every step needs."""
        for attribute in ("role_arn", "bucket", "pipeline_name"):
            if not getattr(self.config, attribute):
                raise ValueError(f"{self.config.__class__.__name__} lacks {attribute}")

    def get_input_requirements(self) -> dict[str, str]:
        """Logical input name to description; inputs whose description says "optional" may be missing."""
        requirements = {name: f"S3 location of {channel}" for name, channel in (self.config.input_names or {}).items()}
        requirements.update(self.COMMON_INPUTS)
        return requirements

    @abstractmethod
    def get_output_properties(self) -> dict[str, str]:
        """Logical output name to description."""

    @abstractmethod
    def create_step(self, **kwargs: Any) -> Step | StepCollection:
        """The SageMaker step; takes `inputs`, `dependencies` and `enable_caching`."""
