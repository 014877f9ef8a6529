"""The JSON Schema of declarative pipelines, for editors and validators."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter

Name = Annotated[str, Field(min_length=1)]


class InputReference(BaseModel):
    """An output of another step."""

    model_config = ConfigDict(extra="forbid")

    from_step: Annotated[Name, Field(description="The step that makes the value.")]
    output: Annotated[Name, Field(description="Which of its outputs the value is.")]


class _Literal(BaseModel):
    """A value that is written out."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"not": {"required": ["from_step"]}})


class StepSchema(BaseModel):
    """One step."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Name, Field(description="What the pipeline calls the step; no two steps share it.")]
    type: Annotated[Name, Field(description="The step type of the builder that makes the step.")]
    config: Annotated[dict[str, JsonValue] | None, Field(description="What the builder is configured with.")] = None
    inputs: Annotated[
        dict[str, InputReference | _Literal | str | float | bool | list[JsonValue] | None] | None,
        Field(description="What each input gets: an output of another step, or a value that is written out."),
    ] = None
    outputs: Annotated[dict[str, str] | None, Field(description="The outputs of the step, each with what it is.")] = None
    depends_on: Annotated[list[str] | None, Field(description="Steps that run before this one, beside those whose outputs it gets.")] = None


class PipelineSchema(BaseModel):
    """A declarative SageMaker pipeline."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"patternProperties": {"^x-": {}}})

    name: Annotated[Name, Field(description="The name of the pipeline.")]
    description: Annotated[str | None, Field(description="What the pipeline is for.")] = None
    parameters: Annotated[
        dict[str, JsonValue] | None, Field(description="Parameters with their defaults: ${parameters.name} in config and inputs.")
    ] = None
    steps: Annotated[list[StepSchema], Field(min_length=1, description="The steps, in any order.")]


def pipeline_schema() -> dict[str, object]:
    """The schema, as of draft 2020-12."""
    schema = TypeAdapter(PipelineSchema).json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
