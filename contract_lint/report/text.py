"""The report for people: excerpts with marks, related places, help, and a summary that proves the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct

from contract_lint.model.finding import Finding, Related
from contract_lint.model.project import UnknownFact
from contract_lint.model.reasons import sentence
from contract_lint.model.report import Report, Sources, Summary
from contract_lint.model.span import Span
from contract_lint.report.escape import escape
from contract_lint.report.places import place_text

#: Related places shown in full; the rest is a count.
MAX_RELATED = 5

#: Reasons for unknowns named in the summary.
MAX_REASONS = 3


ColorSystem = Literal["standard", "256", "truecolor", "windows"]


class TextOptions(Struct, frozen=True):
    """How to print: ``color_system`` is rich's name for the terminal's (None: no colour); ``quiet`` gives one line a finding alone."""

    encoding: str = "utf-8"
    color_system: ColorSystem | None = None
    quiet: bool = False
    verbose: bool = False


PLAIN = TextOptions()


class Piece(Struct, frozen=True):
    """Printable text in one style (a rich style; empty: plain)."""

    text: str
    style: str = ""


Line = tuple[Piece, ...]

BLANK: Line = ()
STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}


def render(report: Report, options: TextOptions = PLAIN) -> str:
    """The whole text with a final newline; empty if there is nothing to say."""
    lines = tuple(_lines(report, options))
    if options.color_system is None or not report.findings:
        return "".join("".join(piece.text for piece in line) + "\n" for line in lines)
    return _coloured(lines, options.color_system)


def _lines(report: Report, options: TextOptions) -> Iterator[Line]:
    for finding in report.findings:
        yield _header(report, finding, options)
        if not options.quiet:
            yield from _body(report, finding, options)
            yield BLANK
    if options.verbose:
        yield from _unknowns(report, options)
    if not options.quiet:
        yield from _summary(report, options)


def _header(report: Report, finding: Finding, options: TextOptions) -> Line:
    style = STYLES[finding.severity.value]
    return (
        Piece(_place(report, finding.span, options), "bold"),
        Piece(": "),
        Piece(f"{finding.severity.value}[{finding.rule}]", style),
        Piece(f" {finding.name}: "),
        Piece(escape(finding.message, options.encoding), "bold"),
    )


def _body(report: Report, finding: Finding, options: TextOptions) -> Iterator[Line]:
    shown = finding.related[:MAX_RELATED]
    gutter = max(len(str(span.line)) for span in (finding.span, *(place.span for place in shown)))
    yield from _excerpt(report, finding.span, "^", STYLES[finding.severity.value], gutter, options)
    for place in shown:
        yield from _related(report, place, gutter, options)
    if len(finding.related) > MAX_RELATED:
        yield (Piece(f"  and {_count(len(finding.related) - MAX_RELATED, 'more place')}"),)
    for number, part in enumerate((finding.help or "").splitlines()):
        label = Piece("  help: ", "bold green") if number == 0 else Piece("        ")
        yield (label, Piece(escape(part, options.encoding)))


def _related(report: Report, place: Related, gutter: int, options: TextOptions) -> Iterator[Line]:
    yield (
        Piece(f"  {_place(report, place.span, options)}: "),
        Piece("note", STYLES["note"]),
        Piece(f": {escape(place.message, options.encoding)}"),
    )
    yield from _excerpt(report, place.span, "-", STYLES["note"], gutter, options)


def _excerpt(report: Report, span: Span, mark: str, style: str, gutter: int, options: TextOptions) -> Iterator[Line]:
    from contract_lint.report.excerpt import excerpt  # rich, only once there is a finding

    source = report.source_line(span.path, span.line, span.cell)
    if not source.strip():
        return
    part = excerpt(source, span.column, span.end_column if span.end_line == span.line else None, options.encoding)
    empty = Piece(f"{'':{gutter}} |", "blue")
    yield (empty,)
    yield (Piece(f"{span.line:>{gutter}} |", "blue"), Piece(f" {part.text}"))
    yield (empty, Piece(" " * (part.offset + 1)), Piece(mark * part.width, style))


def _unknowns(report: Report, options: TextOptions) -> Iterator[Line]:
    for fact in report.project.unknowns:
        yield (Piece(escape(unknown_text(fact, report.sources), options.encoding)),)
    if report.project.unknowns:
        yield BLANK


def unknown_text(fact: UnknownFact, sources: Sources) -> str:
    """One fact that stayed unknown, with its place and why; not yet escaped."""
    return f"{place_text(fact.span, sources)}: unknown: {fact.subject}: {sentence(fact.reason)} ({fact.reason})"


def _summary(report: Report, options: TextOptions) -> Iterator[Line]:
    yield (Piece(summary_line(report.summary), "bold"),)
    reasons = Counter(fact.reason for fact in report.project.unknowns)
    if reasons:
        ranked = sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
        named = ", ".join(f"{escape(reason, options.encoding)} ({count})" for reason, count in ranked[:MAX_REASONS])
        more = ", ..." if len(ranked) > MAX_REASONS else ""
        hint = "" if options.verbose else "; where: the same command with -v"
        yield (Piece(f"unknown because: {named}{more}{hint}"),)


def summary_line(summary: Summary) -> str:
    """``checked 41 steps in 214 files (63 parsed), 126 edges in 2 pipelines: 3 errors, 1 warning; 3 contracts partly unknown``."""
    levels = ((summary.errors, "error"), (summary.warnings, "warning"), (summary.notes, "note"))
    found = ", ".join(_count(number, noun) for number, noun in levels if number) or "no findings"
    suppressed = f" ({summary.suppressed} suppressed)" if summary.suppressed else ""
    unknown = f"; {_count(summary.unknown, 'contract')} partly unknown" if summary.unknown else ""
    edges = f", {_count(summary.edges, 'edge')} in {_count(summary.pipelines, 'pipeline')}" if summary.pipelines else ""
    work = f"{_count(summary.steps, 'step')} in {_count(summary.files, 'file')} ({summary.parsed} parsed){edges}"
    return f"checked {work}: {found}{suppressed}{unknown}"


def _place(report: Report, span: Span, options: TextOptions) -> str:
    return escape(place_text(span, report.sources), options.encoding)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _coloured(lines: Iterable[Line], color_system: ColorSystem) -> str:
    import io

    from rich.console import Console
    from rich.text import Text

    buffer = io.StringIO()
    console = Console(
        file=buffer,
        force_terminal=True,
        color_system=color_system,
        no_color=False,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        soft_wrap=True,
    )
    for line in lines:
        console.print(Text.assemble(*((piece.text, piece.style) for piece in line)))
    return buffer.getvalue()
