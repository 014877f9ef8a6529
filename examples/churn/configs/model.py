"""Configurations of the steps that train, judge and apply the model."""

from __future__ import annotations

from pydantic import Field

from ..constants import CSV, EVALUATION_REPORT, LABEL_COLUMN, MODEL_ARTIFACTS, MODEL_NAME, OBJECTIVE_METRIC, PREDICTIONS, SCORED_HOLDOUT
from .base import ChurnConfig
from .processing import ProcessingConfig


class XGBoostTrainingConfig(ChurnConfig):
    """Boosted trees on the customer table; the names of inputs are the algorithm's channels."""

    instance_type: str = "ml.m5.2xlarge"
    instance_count: int = Field(default=1, ge=1)
    volume_size_gb: int = Field(default=50, ge=10)
    max_run_seconds: int = 4 * 60 * 60
    max_depth: int = 6
    rounds: int = 400
    learning_rate: float = 0.1
    objective_metric: str = OBJECTIVE_METRIC
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"training_data": "train", "validation_data": "validation"})
    output_names: dict[str, str] | None = Field(
        default_factory=lambda: {MODEL_ARTIFACTS: "ModelArtifacts", "job_output": "TrainingOutput", "final_score": "FinalScore"}
    )


class EvaluationConfig(ProcessingConfig):
    """Scores the holdout customers and writes the report for the registry."""

    entry_point: str = "evaluate.py"
    label_column: str = LABEL_COLUMN
    input_names: dict[str, str] | None = Field(default_factory=lambda: {MODEL_ARTIFACTS: "Model", "holdout_data": "Holdout"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {EVALUATION_REPORT: "EvaluationReport"})
    keep_scores: bool = True

    @property
    def scores_channel(self) -> str:
        return "".join(part.capitalize() for part in SCORED_HOLDOUT.split("_"))


class ChurnModelConfig(ChurnConfig):
    """The SageMaker model that serves the trained trees."""

    instance_type: str = "ml.m5.large"
    input_names: dict[str, str] | None = Field(default_factory=lambda: {MODEL_ARTIFACTS: "ModelData"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {MODEL_NAME: "ModelName"})


class BatchTransformConfig(ChurnConfig):
    """The weekly scoring of all customers."""

    instance_type: str = "ml.m5.xlarge"
    instance_count: int = Field(default=2, ge=1)
    content_type: str = CSV
    input_names: dict[str, str] | None = Field(default_factory=lambda: {MODEL_NAME: "ModelName", "scoring_data": "Customers"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {PREDICTIONS: "Predictions"})
