"""The step that puts the model into the registry."""

from __future__ import annotations

from typing import Any

from sagemaker import image_uris
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.workflow.functions import Join
from sagemaker.workflow.step_collections import RegisterModel

from ..configs.release import RegistrationConfig
from ..constants import EVALUATION_REPORT, MODEL_ARTIFACTS, MODEL_PACKAGE
from ..framework.base import StepBuilderBase

StepBuilderBase.register_property_path("RegistrationStep", MODEL_PACKAGE, "properties.ModelPackageArn")


class RegistrationStepBuilder(StepBuilderBase):
    """Registers the model with its report and its sample request."""

    config: RegistrationConfig

    def get_input_requirements(self) -> dict[str, str]:
        return {**super().get_input_requirements(), "payload_sample": "S3 prefix under which the sample request lies"}

    def get_output_properties(self) -> dict[str, str]:
        return {MODEL_PACKAGE: "ARN of the version in the model registry"}

    def create_step(self, **kwargs: Any) -> RegisterModel:
        inputs = self._collect_inputs(kwargs)
        model = Model(
            image_uri=image_uris.retrieve("xgboost", self.config.region, version=self.config.xgboost_version),
            model_data=inputs[MODEL_ARTIFACTS],
            role=self.config.role_arn,
            sagemaker_session=self.session,
        )
        report = Join(on="/", values=[inputs[EVALUATION_REPORT], "evaluation.json"])
        return RegisterModel(
            name=self._get_step_name("Registration"),
            model=model,
            content_types=self.config.content_types,
            response_types=self.config.content_types,
            inference_instances=self.config.inference_instances,
            transform_instances=self.config.transform_instances,
            model_package_group_name=self.config.package_group,
            approval_status=self.config.approval_status,
            model_metrics=ModelMetrics(model_statistics=MetricsSource(content_type="application/json", s3_uri=report)),
            domain="MACHINE_LEARNING",
            task="CLASSIFICATION",
            sample_payload_url=Join(on="/", values=[inputs["payload_sample"], "payload.tar.gz"]),
            depends_on=kwargs.get("dependencies"),
        )
