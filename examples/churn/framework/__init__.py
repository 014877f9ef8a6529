"""The step-builder framework under the churn pipeline."""

from .base import STEP_NAMES, StepBuilderBase
from .dag import PipelineDAG

__all__ = ["STEP_NAMES", "PipelineDAG", "StepBuilderBase"]
