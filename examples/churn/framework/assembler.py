"""Builds the steps of a DAG and hands each the outputs of the steps before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sagemaker.workflow.pipeline import Pipeline

from .base import StepBuilderBase
from .dag import PipelineDAG

if TYPE_CHECKING:
    from sagemaker.workflow.pipeline_context import PipelineSession

    from ..configs.base import ChurnConfig

_PATH_PART = re.compile(r"\.(?P<member>\w+)|\['(?P<key>[^']+)'\]")


def resolve_property(step: Any, property_path: str) -> Any:
    """Follow a path such as `properties.ModelArtifacts.S3ModelArtifacts` from a step."""
    value = step.properties
    for part in _PATH_PART.finditer(property_path.removeprefix("properties")):
        value = value[part["key"]] if part["key"] else getattr(value, part["member"])
    return value


class PipelineAssembler:
    """Connects builders along the edges of a DAG, by logical name."""

    def __init__(
        self,
        dag: PipelineDAG,
        config_map: dict[str, ChurnConfig],
        builder_map: dict[str, type[StepBuilderBase]],
        session: PipelineSession,
    ) -> None:
        self.dag = dag
        self.session = session
        self.builders = {name: builder_map[name](config_map[name], session) for name in dag.nodes}
        self.steps: dict[str, Any] = {}

    def assemble(self, pipeline_name: str) -> Pipeline:
        for name in self.dag.build_order():
            upstream = self.dag.dependencies(name)
            self.steps[name] = self.builders[name].create_step(
                inputs=self._find_inputs(name, upstream),
                dependencies=[self.steps[source] for source in upstream],
            )
        return Pipeline(name=pipeline_name, steps=list(self.steps.values()), sagemaker_session=self.session)

    def _find_inputs(self, name: str, upstream: list[str]) -> dict[str, Any]:
        wanted = self.builders[name].get_input_requirements()
        found: dict[str, Any] = {}
        for source in upstream:
            for output, path in self.builders[source].get_property_paths().items():
                if output in wanted and output not in found:
                    found[output] = resolve_property(self.steps[source], path)
        return found
