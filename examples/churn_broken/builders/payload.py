"""Packs a sample request for the registry."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..configs.steps import PayloadConfig
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

SAMPLE_PATH = "Steps.PayloadStep.properties.ProcessingOutputConfig.Outputs['SampleRequest'].S3Output.S3Uri"

StepBuilderBase.register_property_path("PayloadStep", "sample_request", SAMPLE_PATH)


class PayloadStepBuilder(ProcessingStepBuilder):
    """Takes the first open contracts."""

    config: PayloadConfig

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        return self._build(self._get_step_name("Payload"), kwargs)
