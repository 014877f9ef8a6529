"""What the configurations of all processing steps have."""

from __future__ import annotations

from pydantic import Field

from .base import ChurnConfig


class ProcessingConfig(ChurnConfig):
    """The machine and the script of a processing job."""

    entry_point: str
    instance_type: str = "ml.m5.xlarge"
    instance_count: int = Field(default=1, ge=1)
    volume_size_gb: int = Field(default=30, ge=10, le=1024)
    sklearn_version: str = "1.2-1"
