"""What all configs share."""

from __future__ import annotations

from pydantic import BaseModel, Field


class BaseConfig(BaseModel):
    """Account, place and channel names of a step."""

    role_arn: str
    bucket: str
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = 1
    input_names: dict[str, str] | None = Field(default_factory=dict)
    output_names: dict[str, str] | None = Field(default_factory=dict)


class ProcessingConfig(BaseConfig):
    """A step that runs a script which the release job uploads."""

    script: str
    volume_size_gb: int = 30

    def code_uri(self) -> str:
        return f"s3://{self.bucket}/code/{self.script}"
