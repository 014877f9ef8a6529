"""The outcome of one run: findings, what they rest on, and the counts that prove the work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from msgspec import Struct

from contract_lint.model.contract import Contract
from contract_lint.model.finding import Finding, Severity
from contract_lint.model.project import Project
from contract_lint.model.wiring import Outcome

#: The finding for a rule that crashed: such a run judged less than it was asked to.
RULE_CRASHED = "CL008"

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_NOT_CHECKED = 2


class Sources(Protocol):
    """What reports need of the files; ``path`` is relative to the project root, as in ``Span``."""

    def lines(self, path: str, cell: int | None) -> Sequence[str]:
        """The lines without their ends, of a notebook's cell if one is given; none if they cannot be read."""
        ...

    def shown(self, path: str) -> str:
        """The path as the user sees it: relative to the working directory, with ``/``."""
        ...


class Tool(Struct, frozen=True):
    """Who reports; ``service_model`` is the version of the botocore model that the data was taken from."""

    name: str
    version: str
    service_model: str


class Summary(Struct, frozen=True):
    """The counts of a run; ``files`` were scanned, ``unknown`` contracts are known in part only.

    ``edges`` are the inputs that an output feeds, for certain, in the ``pipelines`` that were asked for.
    """

    files: int
    parsed: int
    steps: int
    edges: int
    unknown: int
    errors: int
    warnings: int
    notes: int
    suppressed: int
    pipelines: int = 0


def partly_unknown(contract: Contract) -> bool:
    """Whether more may belong to the contract than is listed."""
    return any(reason is not None for reason in (contract.open_inputs, contract.open_outputs, contract.open_paths, contract.made_unknown))


class Report(Struct, frozen=True):
    """One run's outcome; ``findings`` are sorted, ``project`` holds what was asked for, not all that was analysed."""

    findings: tuple[Finding, ...]
    project: Project
    sources: Sources
    tool: Tool
    suppressed: int = 0

    @property
    def summary(self) -> Summary:
        levels = [finding.severity for finding in self.findings]
        return Summary(
            files=self.project.coverage.scanned,
            parsed=self.project.coverage.parsed,
            steps=len(self.project.contracts) + self._plain_steps(),
            edges=sum(binding.outcome is Outcome.BOUND for wiring in self.project.wirings for binding in wiring.bindings),
            unknown=sum(map(partly_unknown, self.project.contracts)),
            errors=levels.count(Severity.ERROR),
            warnings=levels.count(Severity.WARNING),
            notes=levels.count(Severity.NOTE),
            suppressed=self.suppressed,
            pipelines=len(self.project.wirings),
        )

    def _plain_steps(self) -> int:
        """The steps of pipelines that no builder makes, and those that documents declare."""
        return sum(
            step.declared if wiring.pipeline.explicit else step.contract is None and bool(step.kinds)
            for wiring in self.project.wirings
            for step in wiring.pipeline.steps
        )

    def exit_code(self, fail_on: Severity = Severity.ERROR) -> int:
        """0 if nothing is as bad as ``fail_on``, 1 if something is, 2 if a rule crashed."""
        if any(finding.rule == RULE_CRASHED for finding in self.findings):
            return EXIT_NOT_CHECKED
        return EXIT_FINDINGS if any(finding.severity.rank >= fail_on.rank for finding in self.findings) else EXIT_CLEAN

    def source_line(self, path: str, line: int, cell: int | None) -> str:
        """The text of one line; empty where the file has none (it cannot be read, or is empty)."""
        lines = self.sources.lines(path, cell)
        return lines[line - 1] if 1 <= line <= len(lines) else ""
