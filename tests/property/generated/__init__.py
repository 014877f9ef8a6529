"""Strategies for small projects in the subset of Python that step builders and their configurations use."""

from __future__ import annotations

from property.generated.project import Project, projects

__all__ = ["Project", "projects"]
