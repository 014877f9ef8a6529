"""Pulls subscriber events out of the billing database."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..configs.steps import DataLoadingConfig
from ..constants import RAW_EVENT_TABLE
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

EVENTS_PATH = "properties.ProcessingOutputConfig.Outputs['RawEvents'].S3Output.S3Uri"

StepBuilderBase.register_property_path("DataLoadingStep", "raw_events", EVENTS_PATH)
StepBuilderBase.register_property_path("DataLoadingStep", "schema", "properties.OutputDataConfig.S3OutputPath")


class DataLoadingStepBuilder(ProcessingStepBuilder):
    """The source of the pipeline."""

    config: DataLoadingConfig

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        return self._build(self._get_step_name("DataLoading"), kwargs, ["--table", RAW_EVENT_TABLE])
