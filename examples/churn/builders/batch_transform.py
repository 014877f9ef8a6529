"""The step that scores all customers."""

from __future__ import annotations

from typing import Any, ClassVar

from sagemaker.transformer import Transformer
from sagemaker.workflow.steps import TransformStep

from ..configs.model import BatchTransformConfig
from ..constants import MODEL_NAME, PREDICTIONS
from ..framework.base import StepBuilderBase


class BatchTransformStepBuilder(StepBuilderBase):
    """A sink of the pipeline; the dashboards read its predictions."""

    OUTPUT_PROPERTIES: ClassVar[dict[str, str]] = {PREDICTIONS: "properties.TransformOutput.S3OutputPath"}

    config: BatchTransformConfig

    def get_input_requirements(self) -> dict[str, str]:
        requirements = super().get_input_requirements()
        requirements[MODEL_NAME] = "Name of the SageMaker model to apply"
        return requirements

    def get_output_properties(self) -> dict[str, str]:
        return dict.fromkeys(self.OUTPUT_PROPERTIES, "S3 location of one line a customer")

    def create_step(self, **kwargs: Any) -> TransformStep:
        inputs = self._collect_inputs(kwargs)
        transformer = Transformer(
            model_name=inputs[MODEL_NAME],
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            output_path=self.config.s3_uri("predictions"),
            assemble_with="Line",
            accept=self.config.content_type,
            sagemaker_session=self.session,
        )
        step_args = transformer.transform(data=inputs["scoring_data"], content_type=self.config.content_type, split_type="Line")
        return TransformStep(
            name=self._get_step_name("BatchTransform"),
            step_args=step_args,
            depends_on=kwargs.get("dependencies"),
            cache_config=self._cache_config(kwargs),
        )
