"""The step that trains the boosted trees."""

from __future__ import annotations

from typing import Any, ClassVar

from sagemaker import image_uris
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.steps import TrainingStep

from ..configs.model import XGBoostTrainingConfig
from ..constants import CSV, MODEL_ARTIFACTS
from ..framework.base import StepBuilderBase

StepBuilderBase.register_property_path("XGBoostTrainingStep", MODEL_ARTIFACTS, "properties.ModelArtifacts.S3ModelArtifacts")


class XGBoostTrainingStepBuilder(StepBuilderBase):
    """Trains SageMaker's own XGBoost; the score's path depends on the configured metric."""

    JOB_OUTPUT: ClassVar[str] = "job_output"
    FINAL_SCORE: ClassVar[str] = "final_score"

    def __init__(self, config: XGBoostTrainingConfig, session: Any) -> None:
        if not isinstance(config, XGBoostTrainingConfig):
            raise TypeError(f"XGBoostTrainingStepBuilder takes an XGBoostTrainingConfig, not {type(config).__name__}")
        super().__init__(config, session)
        self.config: XGBoostTrainingConfig = config
        self.register_instance_property_path(self.JOB_OUTPUT, "properties.OutputDataConfig.S3OutputPath")
        self.register_instance_property_path(self.FINAL_SCORE, f"properties.FinalMetricDataList['{config.objective_metric}'].Value")

    def get_output_properties(self) -> dict[str, str]:
        properties: dict[str, str] = {}
        for name, channel in (self.config.output_names or {}).items():
            if "model" in name.lower():
                properties[name] = f"S3 location of the archive with the trees ({channel})"
                break
        if not properties:
            properties[MODEL_ARTIFACTS] = "S3 location of the archive with the trees"
        properties.update({self.JOB_OUTPUT: "S3 prefix of all that the job writes"})
        properties[self.FINAL_SCORE] = f"Last value of {self.config.objective_metric}"
        return properties

    def _hyperparameters(self) -> dict[str, str | int | float]:
        return {
            "objective": "binary:logistic",
            "eval_metric": self.config.objective_metric.partition(":")[2],
            "num_round": self.config.rounds,
            "max_depth": self.config.max_depth,
            "eta": self.config.learning_rate,
        }

    def create_step(self, **kwargs: Any) -> TrainingStep:
        inputs = self._collect_inputs(kwargs)
        channels = {
            channel: TrainingInput(s3_data=inputs[name], content_type=CSV) for name, channel in (self.config.input_names or {}).items()
        }
        estimator = Estimator(
            image_uri=image_uris.retrieve("xgboost", self.config.region, version=self.config.xgboost_version),
            role=self.config.role_arn,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            volume_size=self.config.volume_size_gb,
            max_run=self.config.max_run_seconds,
            output_path=self.config.s3_uri("models"),
            hyperparameters=self._hyperparameters(),
            sagemaker_session=self.session,
        )
        return TrainingStep(
            name=self._get_step_name("XGBoostTraining"),
            step_args=estimator.fit(inputs=channels),
            depends_on=kwargs.get("dependencies"),
            cache_config=self._cache_config(kwargs),
        )
