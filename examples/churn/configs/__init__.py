"""The configuration of each step."""

from .base import ChurnConfig, Split
from .data import DataLoadingConfig, PreprocessingConfig
from .model import BatchTransformConfig, ChurnModelConfig, EvaluationConfig, XGBoostTrainingConfig
from .processing import ProcessingConfig
from .release import PayloadConfig, RegistrationConfig

__all__ = [
    "BatchTransformConfig",
    "ChurnConfig",
    "ChurnModelConfig",
    "DataLoadingConfig",
    "EvaluationConfig",
    "PayloadConfig",
    "PreprocessingConfig",
    "ProcessingConfig",
    "RegistrationConfig",
    "Split",
    "XGBoostTrainingConfig",
]
