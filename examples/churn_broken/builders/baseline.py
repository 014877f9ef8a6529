"""Trains a few shallow trees, to have something to compare with."""

from __future__ import annotations

from typing import Any

from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.steps import TrainingStep

from ..configs.steps import BaselineTrainingConfig
from ..constants import CSV, IMAGE_URI
from ..framework.base import StepBuilderBase
from ..framework.retry import default_retries

StepBuilderBase.register_property_path("BaselineTrainingStep", "baseline_model", "properties.ModelArtifact.S3ModelArtifacts")


class BaselineTrainingStepBuilder(StepBuilderBase):
    """Runs on spot machines, therefore with checkpoints."""

    config: BaselineTrainingConfig

    def create_step(self, **kwargs: Any) -> TrainingStep:
        inputs = kwargs.get("inputs") or {}
        estimator = Estimator(
            image_uri=IMAGE_URI,
            role=self.config.role_arn,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            use_spot_instances=True,
            max_run=3600,
            max_wait=7200,
            output_path=f"s3://{self.config.bucket}/baseline",
            checkpoint_s3_uri=f"s3://{self.config.bucket}/checkpoints",
            hyperparameters={"objective": "binary:logistic", "num_round": self.config.rounds, "max_depth": 2},
            sagemaker_session=self.session,
        )
        return TrainingStep(
            name=self._get_step_name("BaselineTraining"),
            estimator=estimator,
            inputs={"train": TrainingInput(inputs["training_data"], content_type=CSV)},
            retry_policies=default_retries(),
            depends_on=kwargs.get("dependencies"),
        )
