"""What the builders of all processing steps have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.sklearn.processing import SKLearnProcessor

from ..configs.processing import ProcessingConfig
from ..constants import PROCESSING_INPUT_ROOT, PROCESSING_OUTPUT_ROOT
from ..framework.base import StepBuilderBase

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


class ProcessingStepBuilder(StepBuilderBase):
    """Mounts each input and output of a processing job under its logical name."""

    config: ProcessingConfig

    def get_output_properties(self) -> dict[str, str]:
        return {name: f"S3 location of {channel}" for name, channel in (self.config.output_names or {}).items()}

    def _create_processor(self) -> ScriptProcessor:
        return SKLearnProcessor(
            framework_version=self.config.sklearn_version,
            role=self.config.role_arn,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            volume_size_in_gb=self.config.volume_size_gb,
            sagemaker_session=self.session,
        )

    def _processing_inputs(self, inputs: dict[str, Any]) -> list[ProcessingInput]:
        return [
            ProcessingInput(input_name=channel, source=inputs[name], destination=f"{PROCESSING_INPUT_ROOT}/{name}")
            for name, channel in (self.config.input_names or {}).items()
            if name in inputs
        ]

    def _processing_outputs(self) -> list[ProcessingOutput]:
        return [
            ProcessingOutput(
                output_name=channel,
                source=f"{PROCESSING_OUTPUT_ROOT}/{name}",
                destination=self.config.s3_uri(self.__class__.__name__, name),
            )
            for name, channel in (self.config.output_names or {}).items()
        ]

    def _script(self) -> str:
        return str(SCRIPTS / self.config.entry_point)
