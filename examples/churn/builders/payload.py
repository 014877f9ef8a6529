"""The step that packs a sample request for the model package."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..configs.release import PayloadConfig
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

StepBuilderBase.register_property_path(
    "PayloadStep", "payload_sample", "properties.ProcessingOutputConfig.Outputs['PayloadSample'].S3Output.S3Uri"
)


class PayloadStepBuilder(ProcessingStepBuilder):
    """Reads the customers that wait for a score."""

    config: PayloadConfig

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        inputs = self._collect_inputs(kwargs)
        step_args = self._create_processor().run(
            code=self._script(),
            inputs=self._processing_inputs(inputs),
            outputs=self._processing_outputs(),
            arguments=["--rows", str(self.config.rows)],
        )
        return ProcessingStep(
            name=self._get_step_name("Payload"),
            step_args=step_args,
            depends_on=kwargs.get("dependencies"),
            cache_config=self._cache_config(kwargs),
        )
