"""Registers the model."""

from __future__ import annotations

from typing import Any

from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.workflow.functions import Join
from sagemaker.workflow.step_collections import RegisterModel

from ..configs.steps import RegistrationConfig
from ..constants import CSV, IMAGE_URI
from ..framework.base import StepBuilderBase

StepBuilderBase.register_property_path("RegistrationStep", "package_arn", "properties.model_package_arn")
StepBuilderBase.register_property_path("RegistrationStep", "registered_model", "properties.ModelName")


class RegistrationStepBuilder(StepBuilderBase):
    """The end of the pipeline."""

    config: RegistrationConfig

    def create_step(self, **kwargs: Any) -> RegisterModel:
        inputs = kwargs.get("inputs") or {}
        model = Model(
            image_uri=IMAGE_URI,
            model_data=inputs["model_artifacts"],
            role=self.config.role_arn,
            sagemaker_session=self.session,
        )
        report = Join(on="/", values=[inputs["report"], "report.json"])
        return RegisterModel(
            name=self._get_step_name("ModelRegistration"),
            model=model,
            content_types=[CSV],
            response_types=[CSV],
            inference_instances=[self.config.instance_type],
            transform_instances=[self.config.instance_type],
            model_package_group_name=self.config.package_group,
            model_metrics=ModelMetrics(model_statistics=MetricsSource(content_type="application/json", s3_uri=report)),
            domain="MACHINE_LEARNING",
            task="CLASSIFICATION",
            sample_payload_url=Join(on="/", values=[inputs["sample_request"], "sample.tar.gz"]),
            depends_on=kwargs.get("dependencies"),
        )
