"""Trains the boosted trees."""

from __future__ import annotations

from typing import Any

from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.steps import TrainingStep

from ..configs.steps import XGBoostTrainingConfig
from ..constants import CSV, IMAGE_URI
from ..framework.base import StepBuilderBase

STEP = "XGBoostTrainingStep"

StepBuilderBase.register_property_path(STEP, "model_artifacts", "properties.ModelArtifacts.S3ModelArtifacts")
StepBuilderBase.register_property_path(STEP, "training_output", "properties.OutputDataConfig.S3OutputPath")
StepBuilderBase.register_property_path(STEP, "training_metrics", "properties.TrainingMetrics")


class XGBoostTrainingStepBuilder(StepBuilderBase):
    """The model that competes for production."""

    config: XGBoostTrainingConfig

    def create_step(self, **kwargs: Any) -> TrainingStep:
        inputs = kwargs.get("inputs") or {}
        estimator = Estimator(
            image_uri=IMAGE_URI,
            role=self.config.role_arn,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            output_path=f"s3://{self.config.bucket}/models",
            hyperparameters={"objective": "binary:logistic", "num_round": self.config.rounds},
            sagemaker_session=self.session,
        )
        channels = {channel: TrainingInput(inputs[name], content_type=CSV) for name, channel in (self.config.input_names or {}).items()}
        return TrainingStep(
            name=self._get_step_name("XGBostTraining"),
            estimator=estimator,
            inputs=channels,
            depends_on=kwargs.get("dependencies"),
        )


StepBuilderBase.register_property_path("XGBoostTrainingStep", "training_output", "properties.CheckpointConfig.S3Uri")
