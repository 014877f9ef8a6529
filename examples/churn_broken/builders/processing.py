"""The common part of the processing steps."""

from __future__ import annotations

from typing import Any

from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.workflow.steps import ProcessingStep

from ..configs.base import ProcessingConfig
from ..constants import IMAGE_URI, INPUT_ROOT, OUTPUT_ROOT
from ..framework.base import StepBuilderBase


class ProcessingStepBuilder(StepBuilderBase):
    """Runs the config's script on its named inputs."""

    config: ProcessingConfig

    def _build(self, step_name: str, kwargs: dict[str, Any], arguments: list[str] | None = None) -> ProcessingStep:
        inputs = kwargs.get("inputs") or {}
        processor = ScriptProcessor(
            image_uri=IMAGE_URI,
            command=["python3"],
            role=self.config.role_arn,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            volume_size_in_gb=self.config.volume_size_gb,
            sagemaker_session=self.session,
        )
        return ProcessingStep(
            name=step_name,
            processor=processor,
            code=self.config.code_uri(),
            inputs=[
                ProcessingInput(input_name=channel, source=inputs[name], destination=f"{INPUT_ROOT}/{name}")
                for name, channel in (self.config.input_names or {}).items()
            ],
            outputs=[
                ProcessingOutput(output_name=channel, source=f"{OUTPUT_ROOT}/{name}")
                for name, channel in (self.config.output_names or {}).items()
            ],
            job_arguments=arguments,
            depends_on=kwargs.get("dependencies"),
        )
