"""The base of all step builders."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from sagemaker.workflow.pipeline_context import PipelineSession

    from ..configs.base import BaseConfig

STEP_NAMES = {
    "DataLoading": "DataLoadingStep",
    "Preprocessing": "PreprocessingStep",
    "XGBoostTraining": "XGBoostTrainingStep",
    "BaselineTraining": "BaselineTrainingStep",
    "Evaluation": "EvaluationStep",
    "SubscriberModel": "SubscriberModelStep",
    "BatchTransform": "BatchTransformStep",
    "Payload": "PayloadStep",
    "Registration": "RegistrationStep",
}


class StepBuilderBase(ABC):
    """Builds one step from one config."""

    STEP_NAMES: ClassVar[dict[str, str]] = STEP_NAMES
    OUTPUT_PROPERTIES: ClassVar[dict[str, str]] = {}
    _registered_paths: ClassVar[dict[str, dict[str, str]]] = {}

    def __init__(self, config: BaseConfig, session: PipelineSession) -> None:
        self.config = config
        self.session = session
        self._own_paths: dict[str, str] = {}

    @classmethod
    def register_property_path(cls, step_type: str, logical_name: str, property_path: str) -> None:
        cls._registered_paths.setdefault(step_type, {})[logical_name] = property_path

    def register_instance_property_path(self, logical_name: str, property_path: str) -> None:
        self._own_paths[logical_name] = property_path

    def get_property_paths(self) -> dict[str, str]:
        step_type = type(self).__name__.removesuffix("Builder")
        return {**self.OUTPUT_PROPERTIES, **self._registered_paths.get(step_type, {}), **self._own_paths}

    def _get_step_name(self, step_type: str) -> str:
        return self.STEP_NAMES.get(step_type, f"Default{step_type}Step")

    def get_input_requirements(self) -> dict[str, str]:
        return {name: f"Location of {channel}" for name, channel in (self.config.input_names or {}).items()}

    def get_output_properties(self) -> dict[str, str]:
        return {name: f"Reference to {channel}" for name, channel in (self.config.output_names or {}).items()}

    @abstractmethod
    def create_step(self, **kwargs: Any) -> Any:
        """The step for `inputs` (logical name to reference) after `dependencies`."""
