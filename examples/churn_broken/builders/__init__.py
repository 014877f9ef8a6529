"""One builder a step."""

from .baseline import BaselineTrainingStepBuilder
from .batch_transform import BatchTransformStepBuilder
from .data_loading import DataLoadingStepBuilder
from .evaluation import EvaluationStepBuilder
from .payload import PayloadStepBuilder
from .preprocessing import PreprocessingStepBuilder
from .registration import RegistrationStepBuilder
from .subscriber_model import SubscriberModelStepBuilder
from .training import XGBoostTrainingStepBuilder

BUILDER_MAP = {
    "DataLoading": DataLoadingStepBuilder,
    "Preprocessing": PreprocessingStepBuilder,
    "XGBoostTraining": XGBoostTrainingStepBuilder,
    "BaselineTraining": BaselineTrainingStepBuilder,
    "Evaluation": EvaluationStepBuilder,
    "SubscriberModel": SubscriberModelStepBuilder,
    "BatchTransform": BatchTransformStepBuilder,
    "Payload": PayloadStepBuilder,
    "Registration": RegistrationStepBuilder,
}
