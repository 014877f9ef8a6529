"""Watches the nightly scores for drift."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

StepBuilderBase.register_property_path(
    "MonitoringStep", "drift_report", "properties.ProcessingOutputConfig.Outputs['DriftReport'].S3Output.S3Uri"
)


class MonitoringStepBuilder(ProcessingStepBuilder):
    """Compares this week's scores with last week's."""

    def get_output_properties(self) -> dict[str, str]:
        return {"drift_report": "Location of the drift report"

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        return self._build("MonitoringStep", kwargs)
