"""Configurations of the steps that fetch and divide the data."""

from __future__ import annotations

from pydantic import Field, model_validator
from typing_extensions import Self

from ..constants import EVENT_SCHEMA, LABEL_COLUMN, RAW_EVENTS, RAW_EVENTS_CHANNEL
from .base import Split
from .processing import ProcessingConfig


class DataLoadingConfig(ProcessingConfig):
    """Copies the customer events of the last months out of the warehouse's export."""

    entry_point: str = "load_events.py"
    export_uri: str
    months: int = Field(default=12, ge=1)
    output_names: dict[str, str] | None = Field(
        default_factory=lambda: {
            RAW_EVENTS: RAW_EVENTS_CHANNEL,
            EVENT_SCHEMA: "EventSchema",
        }
    )


class PreprocessingConfig(ProcessingConfig):
    """Aggregates events to one row a customer and divides the customers."""

    entry_point: str = "preprocess.py"
    instance_type: str = "ml.m5.4xlarge"
    label_column: str = LABEL_COLUMN
    splits: list[Split] = Field(default_factory=lambda: list(Split))
    input_names: dict[str, str] | None = Field(
        default_factory=lambda: {
            RAW_EVENTS: "Events",
            EVENT_SCHEMA: "Schema",
        }
    )

    @model_validator(mode="after")
    def set_default_outputs(self) -> Self:
        if not self.output_names:
            self.output_names = {
                f"{Split.TRAINING.value}_data": "TrainingData",
                f"{Split.VALIDATION.value}_data": "ValidationData",
                f"{Split.HOLDOUT.value}_data": "HoldoutData",
                f"{Split.SCORING.value}_data": "ScoringData",
            }
        return self
