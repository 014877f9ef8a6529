"""Names that configs, builders and scripts of the churn pipeline share."""

from __future__ import annotations

try:
    from churn_platform.channels import RAW_EVENTS_CHANNEL
except ImportError:
    RAW_EVENTS_CHANNEL = "RawEvents"

RAW_EVENTS = "raw_events"
EVENT_SCHEMA = "event_schema"

MODEL_ARTIFACTS = "model_artifacts"
MODEL_NAME = "model_name"
MODEL_PACKAGE = "model_package_arn"

EVALUATION_REPORT = "evaluation_report"
SCORED_HOLDOUT = "scored_holdout"

BATCH_PREFIX = "weekly"
PREDICTIONS = f"{BATCH_PREFIX}_predictions"

OBJECTIVE_METRIC = "validation:auc"
LABEL_COLUMN = "churned"
CSV = "text/csv"

PROCESSING_INPUT_ROOT = "/opt/ml/processing/input"
PROCESSING_OUTPUT_ROOT = "/opt/ml/processing/output"
