"""What every step's configuration has."""

from __future__ import annotations

from enum import Enum

from pydantic import BaseModel, ConfigDict, Field


class Split(str, Enum):
    """The parts into which the customers are divided."""

    TRAINING = "training"
    VALIDATION = "validation"
    HOLDOUT = "holdout"
    SCORING = "scoring"


class ChurnConfig(BaseModel):
    """Where a step runs; `input_names` and `output_names` map logical names to channel names."""

    model_config = ConfigDict(extra="forbid")

    region: str = "eu-west-1"
    role_arn: str
    bucket: str
    pipeline_name: str = "customer-churn"
    xgboost_version: str = "1.7-1"
    input_names: dict[str, str] | None = Field(default_factory=dict)
    output_names: dict[str, str] | None = Field(default_factory=dict)

    def s3_uri(self, *parts: str) -> str:
        return "/".join([f"s3://{self.bucket}", self.pipeline_name, *parts])
