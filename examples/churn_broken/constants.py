"""Names that several modules need."""

RAW_EVENTS_TABLE = "billing.subscriber_events"
IMAGE_URI = "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"
INPUT_ROOT = "/opt/ml/processing/input"
OUTPUT_ROOT = "/opt/ml/processing/output"
CSV = "text/csv"
