"""Makes features and divides the subscribers."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..configs.steps import PreprocessingConfig
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

PATHS = {
    "training_data": "properties.ProcessingOutputConfig.Outputs['TrainingData'].S3Uri",
    "validation_data": "properties.ProcessingOutputConfig.Outputs['ValidationData'].S3Output.S3Uri",
    "holdout_data": "properties.ProcessingOutputConfig.Outputs['HoldoutData].S3Output.S3Uri",
    "open_contracts": "properties.ProcessingOutputConfig.Outputs['OpenContracts'].S3Output.S3Uri",
}

for name, path in PATHS.items():
    StepBuilderBase.register_property_path("PreprocessingStep", name, path)


class PreprocessingStepBuilder(ProcessingStepBuilder):
    """Events in, four tables out."""

    config: PreprocessingConfig

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        return self._build(self._get_step_name("Preprocessing"), kwargs)
