"""Configurations of the steps that put the model into the registry."""

from __future__ import annotations

from pydantic import Field

from ..constants import CSV, EVALUATION_REPORT, MODEL_ARTIFACTS
from .base import ChurnConfig
from .processing import ProcessingConfig


class PayloadConfig(ProcessingConfig):
    """Packs a few customers as the sample request of the model package."""

    entry_point: str = "sample_payload.py"
    rows: int = Field(default=20, ge=1)
    input_names: dict[str, str] | None = Field(default_factory=lambda: {"scoring_data": "Customers"})
    output_names: dict[str, str] | None = Field(default_factory=lambda: {"payload_sample": "PayloadSample"})


class RegistrationConfig(ChurnConfig):
    """The entry in the model registry."""

    package_group: str = "customer-churn"
    approval_status: str = "PendingManualApproval"
    content_types: list[str] = Field(default_factory=lambda: [CSV])
    inference_instances: list[str] = Field(default_factory=lambda: ["ml.m5.large", "ml.m5.xlarge"])
    transform_instances: list[str] = Field(default_factory=lambda: ["ml.m5.xlarge"])
    input_names: dict[str, str] | None = Field(
        default_factory=lambda: {
            MODEL_ARTIFACTS: "ModelData",
            EVALUATION_REPORT: "ModelQuality",
        }
    )
