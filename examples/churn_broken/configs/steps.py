"""The config of each step."""

from __future__ import annotations

from pydantic import Field, model_validator
from typing_extensions import Self

from .base import BaseConfig, ProcessingConfig


class DataLoadingConfig(ProcessingConfig):
    script: str = "pull_events.py"
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"raw_events": "RawEvents", "schema": "Schema"})


class PreprocessingConfig(ProcessingConfig):
    script: str = "make_features.py"
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"raw_events": "RawEvents", "schema": "Schema"})

    @model_validator(mode="after")
    def fill_outputs(self) -> Self:
        if not self.output_names:
            self.output_names = {
                "training_data": "TrainingData",
                "validation_data": "ValidationData",
                "holdout_data": "HoldoutData",
                "open_contracts": "OpenContracts",
            }
        return self


class XGBoostTrainingConfig(BaseConfig):
    rounds: int = 300
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"training_data": "train", "validation_data": "validation"})
    output_names: dict[str, str] | None = Field(
        default_factory=lambda: {"model_artifacts": "ModelArtifacts", "training_output": "Output", "training_metrics": "Metrics"}
    )


class BaselineTrainingConfig(BaseConfig):
    rounds: int = 20
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"training_data": "train"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"baseline_model": "Model", "checkpoints": "Checkpoints"})


class EvaluationConfig(ProcessingConfig):
    script: str = "compare_models.py"
    input_names: dict[str, str] | None = Field(
        default_factory=lambda: {"model_artifacts": "Model", "baseline_model": "Baseline", "holdout_data": "Holdout"}
    )
    output_names: dict[str, str] | None = Field(
        default_factory=lambda: {"report": "Report", "holdout_scores": "HoldoutScores", "feature_importance": "FeatureImportance"}
    )


class SubscriberModelConfig(BaseConfig):
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"model_artifacts": "ModelData"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"model_name": "ModelName"})


class BatchTransformConfig(BaseConfig):
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"model_name": "ModelName", "open_contracts": "Contracts"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"predictions": "Predictions", "skipped_rows": "SkippedRows"})


class PayloadConfig(ProcessingConfig):
    script: str = "sample_request.py"
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"open_contracts": "Contracts"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"sample_request": "SampleRequest"})


class RegistrationConfig(BaseConfig):
    package_group: str = "subscriber-churn"
    input_names: dict[str, str] | None = Field(
        default_factory=lambda: {"model_artifacts": "ModelData", "report": "Report", "sample_request": "SampleRequest"}
    )
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"package_arn": "PackageArn", "registered_model": "ModelName"})
