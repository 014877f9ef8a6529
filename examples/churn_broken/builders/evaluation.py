"""Compares the new model with the baseline."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..configs.steps import EvaluationConfig
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

STEP = "EvaluationStep"
OUTPUTS = "properties.ProcessingOutputConfig.Outputs"

for logical_name, descriptor in (("report", "Report"), ("holdout_scores", "HoldoutScores")):
    StepBuilderBase.register_property_path(STEP, logical_name, f"{OUTPUTS}['{descriptor}'].S3Output.S3Uri")

StepBuilderBase.register_property_path(STEP, "holdout_scores", f"{OUTPUTS}['HoldoutScores'].S3Output.LocalPath")


class EvaluationStepBuilder(ProcessingStepBuilder):
    """Two models and the holdout subscribers in, the comparison out."""

    config: EvaluationConfig

    def get_input_requirements(self) -> dict[str, str]:
        requirements = super().get_input_requirements()
        requirements["holdout_data"] = "Location of the subscribers that no model has seen"
        return requirements

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        return self._build(self._get_step_name("Evaluation"), kwargs)
