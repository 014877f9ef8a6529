"""A project of any size, in the house style of step-builder frameworks."""

from __future__ import annotations

from pathlib import Path

BASE = """
from abc import ABC

STEP_NAMES = {{{names}}}


class StepBuilderBase(ABC):
    STEP_NAMES = STEP_NAMES
    COMMON = {{"dependencies": "Optional list of steps", "enable_caching": "Whether to cache (optional)"}}
    _PATHS = {{}}

    def __init__(self, config, session=None, role=None):
        self.config = config
        self.session = session
        self.role = role
        self.validate_configuration()

    def validate_configuration(self):
        pass

    @classmethod
    def register_property_path(cls, step_type, logical_name, property_path):
        cls._PATHS.setdefault(step_type, {{}})[logical_name] = property_path

    def get_property_paths(self):
        return dict(self._PATHS.get(type(self).__name__.replace("Builder", ""), {{}}))

    def get_input_requirements(self):
        return {{name: f"S3 URI of {{name}}" for name in (self.config.input_names or {{}})}}

    def get_output_properties(self):
        return {{name: text for name, text in (self.config.output_names or {{}}).items()}}

    def _get_step_name(self, step_type):
        if step_type not in self.STEP_NAMES:
            return f"Default{{step_type}}Step"
        return self.STEP_NAMES[step_type]
"""

CONFIG = """
from typing import Dict, Optional

from pydantic import BaseModel, Field, model_validator


class Step{n}Config(BaseModel):
    region: str = "us-east-1"
    instance_type: str = Field(default="ml.m5.xlarge", description="The instance to run on.")
    input_names: Optional[Dict[str, str]] = Field(default_factory=lambda: {{"table_{n}": "Table", "schema_{n}": "Schema"}})
    output_names: Optional[Dict[str, str]] = None

    @model_validator(mode="after")
    def fill(self):
        if not self.output_names:
            self.output_names = {{"features_{n}": "Features{n}", "report_{n}": "Report{n}"}}
        return self
"""

BUILDER = """
import logging

from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.workflow.steps import ProcessingStep

from .base import StepBuilderBase
from .config_{n} import Step{n}Config

logger = logging.getLogger(__name__)

for name, key in (("features_{n}", "Features{n}"), ("report_{n}", "Report{n}")):
    StepBuilderBase.register_property_path(
        "Step{n}", name, f"properties.ProcessingOutputConfig.Outputs['{{key}}'].S3Output.S3Uri"
    )


class Step{n}Builder(StepBuilderBase):
    def __init__(self, config: Step{n}Config, session=None, role=None):
        super().__init__(config, session, role)

    def validate_configuration(self):
        for name in ("region", "instance_type"):
            if not getattr(self.config, name, None):
                raise ValueError(f"missing {{name}}")

    def get_input_requirements(self):
        requirements = super().get_input_requirements()
        requirements["dependencies"] = self.COMMON["dependencies"]
        return requirements

    def _inputs(self, inputs):
        found = []
        for name, channel in self.config.input_names.items():
            if name not in inputs:
                raise ValueError(f"missing input {{name}}")
            found.append(ProcessingInput(input_name=channel, source=inputs[name], destination=f"/opt/ml/processing/input/{{channel}}"))
        return found

    def _outputs(self, outputs):
        found = []
        for name, channel in self.config.output_names.items():
            logger.info("output %s", name)
            found.append(ProcessingOutput(output_name=channel, source=f"/opt/ml/processing/output/{{name}}", destination=outputs.get(name)))
        return found

    def create_step(self, **kwargs):
        inputs = kwargs.get("inputs") or {{}}
        outputs = kwargs.get("outputs") or {{}}
        return ProcessingStep(
            name=self._get_step_name("Step{n}"),
            processor=None,
            inputs=self._inputs(inputs),
            outputs=self._outputs(outputs),
            depends_on=kwargs.get("dependencies") or [],
        )
"""


def write_project(folder: Path, builders: int) -> None:
    """Write ``builders`` builder modules, as many config modules, and their base."""
    package = folder / "steps"
    package.mkdir(parents=True, exist_ok=True)
    (folder / "contract-lint.toml").write_text("", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    names = ", ".join(f'"Step{n}": "Step{n}Step"' for n in range(builders))
    (package / "base.py").write_text(BASE.format(names=names), encoding="utf-8")
    for n in range(builders):
        (package / f"config_{n}.py").write_text(CONFIG.format(n=n), encoding="utf-8")
        (package / f"builder_{n}.py").write_text(BUILDER.format(n=n), encoding="utf-8")
