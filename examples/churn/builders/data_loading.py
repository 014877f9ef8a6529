"""The step that copies customer events out of the warehouse's export."""

from __future__ import annotations

from typing import Any

from sagemaker.processing import ProcessingInput
from sagemaker.workflow.steps import ProcessingStep

from ..configs.data import DataLoadingConfig
from ..constants import EVENT_SCHEMA, PROCESSING_INPUT_ROOT, RAW_EVENTS, RAW_EVENTS_CHANNEL
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

STEP_TYPE = "DataLoadingStep"

StepBuilderBase.register_property_path(
    STEP_TYPE, RAW_EVENTS, f"properties.ProcessingOutputConfig.Outputs['{RAW_EVENTS_CHANNEL}'].S3Output.S3Uri"
)
StepBuilderBase.register_property_path(STEP_TYPE, EVENT_SCHEMA, "properties.ProcessingOutputConfig.Outputs['EventSchema'].S3Output.S3Uri")


class DataLoadingStepBuilder(ProcessingStepBuilder):
    """A source: it needs no other step."""

    config: DataLoadingConfig

    def validate_configuration(self) -> None:
        super().validate_configuration()
        if not self.config.export_uri.startswith("s3://"):
            raise ValueError(f"export_uri must be an S3 URI, not {self.config.export_uri!r}")

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        export = ProcessingInput(
            input_name="Export",
            source=self.config.export_uri,
            destination=f"{PROCESSING_INPUT_ROOT}/export",
        )
        step_args = self._create_processor().run(
            code=self._script(),
            inputs=[export],
            outputs=self._processing_outputs(),
            arguments=["--months", str(self.config.months)],
        )
        return ProcessingStep(
            name=self._get_step_name("DataLoading"),
            step_args=step_args,
            depends_on=kwargs.get("dependencies"),
            cache_config=self._cache_config(kwargs),
        )
