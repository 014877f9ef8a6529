"""The errors that end or bend a run; only the command line catches them."""

from __future__ import annotations

from contract_lint.model.span import Span


class ContractLintError(Exception):
    """Anything that keeps the tool from judging what it was asked to judge."""


class UsageError(ContractLintError):
    """The request itself cannot be met: a path that is missing, nothing to check."""


class ConfigError(ContractLintError):
    """A configuration that cannot be accepted.

    ``path`` is the file (or None for an option), ``key`` the dotted key, ``near`` the closest accepted name.
    """

    def __init__(
        self, message: str, *, path: str | None = None, key: str | None = None, near: str | None = None, line: int | None = None
    ) -> None:
        super().__init__(message)
        self.message, self.path, self.key, self.near, self.line = message, path, key, near, line

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}: " if self.path and self.line else f"{self.path}: " if self.path else ""
        hint = f" (did you mean '{self.near}'?)" if self.near else ""
        return f"{where}{self.message}{hint}"


class SourceError(ContractLintError):
    """A file that cannot be analysed: ``rule`` is CL001 (syntax) or CL002 (unreadable), ``span`` its place."""

    def __init__(self, rule: str, span: Span, message: str) -> None:
        super().__init__(f"{span}: {message}")
        self.rule, self.span, self.message = rule, span, message
