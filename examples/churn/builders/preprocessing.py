"""The step that turns events into one row a customer and divides the customers."""

from __future__ import annotations

from typing import Any

from sagemaker.workflow.steps import ProcessingStep

from ..configs.base import Split
from ..configs.data import PreprocessingConfig
from ..constants import EVENT_SCHEMA
from ..framework.base import StepBuilderBase
from .processing import ProcessingStepBuilder

OUTPUT_PATH = "properties.ProcessingOutputConfig.Outputs['{output_descriptor}'].S3Output.S3Uri"

for split in (Split.TRAINING, Split.VALIDATION, Split.HOLDOUT, Split.SCORING):
    StepBuilderBase.register_property_path("PreprocessingStep", f"{split.value}_data", OUTPUT_PATH)


class PreprocessingStepBuilder(ProcessingStepBuilder):
    """Needs the raw events; without a schema the script infers the column types."""

    def __init__(self, config: PreprocessingConfig, session: Any) -> None:
        if not isinstance(config, PreprocessingConfig):
            raise TypeError(f"PreprocessingStepBuilder takes a PreprocessingConfig, not {type(config).__name__}")
        super().__init__(config, session)
        self.config: PreprocessingConfig = config

    def get_input_requirements(self) -> dict[str, str]:
        requirements = super().get_input_requirements()
        requirements[EVENT_SCHEMA] = "Optional S3 location of the schema of the events"
        return requirements

    def get_property_paths(self) -> dict[str, str]:
        descriptors = self.config.output_names or {}
        return {
            name: path.format(output_descriptor=descriptors[name])
            for name, path in super().get_property_paths().items()
            if name in descriptors
        }

    def create_step(self, **kwargs: Any) -> ProcessingStep:
        inputs = self._collect_inputs(kwargs)
        step_args = self._create_processor().run(
            code=self._script(),
            inputs=self._processing_inputs(inputs),
            outputs=self._processing_outputs(),
            arguments=["--label", self.config.label_column, "--splits", *[split.value for split in self.config.splits]],
        )
        return ProcessingStep(
            name=self._get_step_name("Preprocessing"),
            step_args=step_args,
            depends_on=kwargs.get("dependencies"),
            cache_config=self._cache_config(kwargs),
        )
