"""Makes a SageMaker model of the trained trees."""

from __future__ import annotations

from typing import Any

from sagemaker.inputs import CreateModelInput
from sagemaker.model import Model
from sagemaker.workflow.steps import CreateModelStep

from ..configs.steps import SubscriberModelConfig
from ..constants import IMAGE_URI
from ..framework.base import StepBuilderBase

StepBuilderBase.register_property_path("SubscriberModelStep", "model_name", "properties.ModelArtifacts.S3ModelArtifacts")


class SubscriberModelStepBuilder(StepBuilderBase):
    """The model behind the nightly scores."""

    config: SubscriberModelConfig

    def create_step(self, **kwargs: Any) -> CreateModelStep:
        inputs = kwargs.get("inputs") or {}
        model = Model(
            image_uri=IMAGE_URI,
            model_data=inputs["model_artifacts"],
            role=self.config.role_arn,
            sagemaker_session=self.session,
        )
        return CreateModelStep(
            name=self._get_step_name("SubscriberModel"),
            model=model,
            inputs=CreateModelInput(instance_type=self.config.instance_type),
            depends_on=kwargs.get("dependencies"),
        )
