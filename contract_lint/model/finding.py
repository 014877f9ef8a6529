"""What a rule reports."""

from __future__ import annotations

import hashlib
from enum import Enum

from msgspec import Struct

from contract_lint.model.span import Span


class Severity(str, Enum):
    """How bad a finding is; ``rank`` orders the levels, higher is worse."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        return {"error": 3, "warning": 2, "note": 1}[self.value]


class Related(Struct, frozen=True):
    """A second place that a finding rests on."""

    span: Span
    message: str


class Finding(Struct, frozen=True):
    """One thing that is wrong, at one place.

    ``anchor`` is logical and survives moved lines: scope, then subject (``XGBoostTraining.model_output``). ``related`` names the
    other ends. The text comes from the rule's facts, so equal facts read alike everywhere.
    """

    rule: str
    name: str
    severity: Severity
    span: Span
    message: str
    help: str | None
    anchor: str
    related: tuple[Related, ...] = ()

    @property
    def fingerprint(self) -> str:
        """A hash of rule, file and anchor (``contractLint/v1``): it stays when lines move."""
        key = "\0".join(("contractLint/v1", self.rule, self.span.path, self.anchor))
        return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[Span, str, str, str]:
        return (self.span, self.rule, self.anchor, self.message)
