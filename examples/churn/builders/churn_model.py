"""The step that makes a SageMaker model of the trained trees."""

from __future__ import annotations

from typing import Any

from sagemaker import image_uris
from sagemaker.inputs import CreateModelInput
from sagemaker.model import Model
from sagemaker.workflow.steps import CreateModelStep

from ..configs.model import ChurnModelConfig
from ..constants import MODEL_ARTIFACTS, MODEL_NAME
from ..framework.base import StepBuilderBase

StepBuilderBase.register_property_path("ChurnModelStep", MODEL_NAME, "properties.ModelName")


class ChurnModelStepBuilder(StepBuilderBase):
    """Provides the model under the one name that the config gives it."""

    config: ChurnModelConfig

    def get_output_properties(self) -> dict[str, str]:
        output = next(iter((self.config.output_names or {}).keys()), MODEL_NAME)
        return {output: "Name of the SageMaker model"}

    def create_step(self, **kwargs: Any) -> CreateModelStep:
        inputs = self._collect_inputs(kwargs)
        model = Model(
            image_uri=image_uris.retrieve("xgboost", self.config.region, version=self.config.xgboost_version),
            model_data=inputs[MODEL_ARTIFACTS],
            role=self.config.role_arn,
            sagemaker_session=self.session,
        )
        return CreateModelStep(
            name=self._get_step_name("ChurnModel"),
            model=model,
            inputs=CreateModelInput(instance_type=self.config.instance_type),
            depends_on=kwargs.get("dependencies"),
        )
