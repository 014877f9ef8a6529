"""The step that scores the holdout customers."""

from __future__ import annotations

from typing import Any

from sagemaker import image_uris
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.steps import ProcessingStep

from ..configs.model import EvaluationConfig
from ..constants import EVALUATION_REPORT, PROCESSING_OUTPUT_ROOT, SCORED_HOLDOUT
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder


def _register_outputs(descriptors: dict[str, str]) -> None:
    for logical_name, descriptor in descriptors.items():
        StepBuilderBase.register_property_path(
            "EvaluationStep", logical_name, f"properties.ProcessingOutputConfig.Outputs['{descriptor}'].S3Output.S3Uri"
        )


_register_outputs({EVALUATION_REPORT: "EvaluationReport", SCORED_HOLDOUT: "ScoredHoldout"})


class EvaluationStepBuilder(ProcessingStepBuilder):
    """Runs in the image of the algorithm, so that the model can be loaded."""

    config: EvaluationConfig

    def get_output_properties(self) -> dict[str, str]:
        return super().get_output_properties() | {SCORED_HOLDOUT: "S3 location of one score a holdout customer"}

    def _create_processor(self) -> ScriptProcessor:
        return ScriptProcessor(
            image_uri=image_uris.retrieve("xgboost", self.config.region, version=self.config.xgboost_version),
            command=["python3"],
            role=self.config.role_arn,
            instance_type=self.config.instance_type,
            instance_count=self.config.instance_count,
            volume_size_in_gb=self.config.volume_size_gb,
            sagemaker_session=self.session,
        )

    def _processing_outputs(self) -> list[ProcessingOutput]:
        scores = ProcessingOutput(
            output_name=self.config.scores_channel,
            source=f"{PROCESSING_OUTPUT_ROOT}/{SCORED_HOLDOUT}",
            destination=self.config.s3_uri("scores", "holdout"),
        )
        return [*super()._processing_outputs(), scores]

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        inputs = self._collect_inputs(kwargs)
        arguments = ["--label", self.config.label_column]
        if self.config.keep_scores:
            arguments.append("--keep-scores")
        step_args = self._create_processor().run(
            code=self._script(),
            inputs=self._processing_inputs(inputs),
            outputs=self._processing_outputs(),
            arguments=arguments,
        )
        return ProcessingStep(
            name=self._get_step_name("Evaluation"),
            step_args=step_args,
            depends_on=kwargs.get("dependencies"),
            cache_config=self._cache_config(kwargs),
        )
