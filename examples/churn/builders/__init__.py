"""One builder a step of the churn pipeline."""

from .batch_transform import BatchTransformStepBuilder
from .churn_model import ChurnModelStepBuilder
from .data_loading import DataLoadingStepBuilder
from .evaluation import EvaluationStepBuilder
from .payload import PayloadStepBuilder
from .preprocessing import PreprocessingStepBuilder
from .registration import RegistrationStepBuilder
from .training import XGBoostTrainingStepBuilder

BUILDER_MAP = {
    "DataLoading": DataLoadingStepBuilder,
    "Preprocessing": PreprocessingStepBuilder,
    "XGBoostTraining": XGBoostTrainingStepBuilder,
    "Evaluation": EvaluationStepBuilder,
    "ChurnModel": ChurnModelStepBuilder,
    "BatchTransform": BatchTransformStepBuilder,
    "Payload": PayloadStepBuilder,
    "Registration": RegistrationStepBuilder,
}

__all__ = ["BUILDER_MAP", *sorted(builder.__name__ for builder in BUILDER_MAP.values())]
