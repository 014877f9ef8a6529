"""The JSON report, version 1; its schema is ``report.schema.json`` beside this module."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TypedDict

from contract_lint.model.finding import Finding, Related
from contract_lint.model.project import UnknownFact
from contract_lint.model.report import Report

VERSION = 1


class ToolRow(TypedDict):
    name: str
    version: str
    service_model: str


class SummaryRow(TypedDict):
    files: int
    steps: int
    edges: int
    unknown: int
    errors: int
    warnings: int
    notes: int
    suppressed: int


class RelatedRow(TypedDict):
    path: str
    cell: int | None
    line: int
    column: int
    source: str
    message: str


class FindingRow(TypedDict):
    rule: str
    name: str
    severity: str
    message: str
    help: str | None
    path: str
    cell: int | None
    line: int
    column: int
    end_line: int
    end_column: int
    source: str
    anchor: str
    related: list[RelatedRow]
    fix: None
    fingerprint: str


class UnknownRow(TypedDict):
    reason: str
    path: str
    cell: int | None
    line: int
    column: int
    subject: str


class Document(TypedDict):
    version: int
    tool: ToolRow
    summary: SummaryRow
    findings: list[FindingRow]
    unknowns: list[UnknownRow]


def render(report: Report) -> str:
    """The report as pure ASCII with a final newline."""
    return dumps(document(report))


def dumps(document: Mapping[str, object]) -> str:
    """JSON as pure printable ASCII with a final newline (``json`` leaves DEL alone, which stands inside strings only)."""
    return json.dumps(document, indent=2).replace("\x7f", "\\u007f") + "\n"


def well_formed(text: str) -> str:
    """The text with lone surrogates (undecodable file names, odd literals) as backslash escapes: strict JSON readers refuse them."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def document(report: Report) -> Document:
    summary, tool = report.summary, report.tool
    return {
        "version": VERSION,
        "tool": {"name": tool.name, "version": tool.version, "service_model": tool.service_model},
        "summary": {
            "files": summary.files,
            "steps": summary.steps,
            "edges": summary.edges,
            "unknown": summary.unknown,
            "errors": summary.errors,
            "warnings": summary.warnings,
            "notes": summary.notes,
            "suppressed": summary.suppressed,
        },
        "findings": [_finding(report, finding) for finding in report.findings],
        "unknowns": [_unknown(report, fact) for fact in report.project.unknowns],
    }


def _finding(report: Report, finding: Finding) -> FindingRow:
    span = finding.span
    return {
        "rule": finding.rule,
        "name": finding.name,
        "severity": finding.severity.value,
        "message": well_formed(finding.message),
        "help": None if finding.help is None else well_formed(finding.help),
        "path": well_formed(report.sources.shown(span.path)),
        "cell": span.cell,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "source": well_formed(report.source_line(span.path, span.line, span.cell)),
        "anchor": well_formed(finding.anchor),
        "related": [_related(report, place) for place in finding.related],
        "fix": None,
        "fingerprint": finding.fingerprint,
    }


def _related(report: Report, place: Related) -> RelatedRow:
    span = place.span
    return {
        "path": well_formed(report.sources.shown(span.path)),
        "cell": span.cell,
        "line": span.line,
        "column": span.column,
        "source": well_formed(report.source_line(span.path, span.line, span.cell)),
        "message": well_formed(place.message),
    }


def _unknown(report: Report, fact: UnknownFact) -> UnknownRow:
    return {
        "reason": fact.reason,
        "path": well_formed(report.sources.shown(fact.span.path)),
        "cell": fact.span.cell,
        "line": fact.span.line,
        "column": fact.span.column,
        "subject": well_formed(fact.subject),
    }
