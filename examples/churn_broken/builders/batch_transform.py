"""Scores all open contracts."""

from __future__ import annotations

from typing import Any, ClassVar

from sagemaker.inputs import TransformInput
from sagemaker.transformer import Transformer
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TransformStep

from ..configs.steps import BatchTransformConfig
from ..constants import CSV
from ..framework.base import StepBuilderBase

STEP_TYPE = "BatchTranform"


class BatchTransformStepBuilder(StepBuilderBase):
    """Runs every night."""

    OUTPUT_PROPERTIES: ClassVar[dict[str, str]] = {
        "predictions": "properties.properties.TransformOutput.S3OutputPath",
    }

    def __init__(self, config: BatchTransformConfig, session: PipelineSession) -> None:
        super().__init__(config, session)
        self.config: BatchTransformConfig = config
        skipped = "properties.ProcessingOutputConfig.Outputs['SkippedRows'].S3Output.S3Uri"
        self.register_instance_property_path("skipped_rows", skipped)

    def create_step(self, **kwargs: Any) -> TransformStep:
        inputs = kwargs.get("inputs") or {}
        transformer = Transformer(
            model_name=inputs["model_name"],
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            output_path=f"s3://{self.config.bucket}/predictions",
            sagemaker_session=self.session,
        )
        return TransformStep(
            name=self._get_step_name(STEP_TYPE),
            transformer=transformer,
            inputs=TransformInput(data=inputs["open_contracts"], content_type=CSV, split_type="Line"),
            depends_on=kwargs.get("dependencies"),
        )
