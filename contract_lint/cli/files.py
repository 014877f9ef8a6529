"""``contract-lint files``: what was discovered, what was skipped, and which step builders and pipelines were found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_lint.cli import options

if TYPE_CHECKING:
    from contract_lint.model.pipeline import Pipeline
    from contract_lint.model.project import Project
    from contract_lint.model.report import Sources
    from contract_lint.model.span import Span
    from contract_lint.run import Reading


@click.command(short_help="Which files were read, and what is in them.", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option("-v", "--verbose", is_flag=True, help="Also every file, and every fact that stayed unknown.")
@options.config
def files(paths: tuple[Path, ...], verbose: bool, config_file: Path | None, isolated: bool, root: Path | None) -> int:
    """Print which files were found or skipped, and which step builders and pipelines they hold, with the reasons."""
    from contract_lint.cli.output import write_lines
    from contract_lint.run import Request, read

    reading = read(Request(paths=paths, config_file=config_file, isolated=isolated, root=root))
    write_lines(_lines(reading, verbose))
    return 0


def _lines(reading: Reading, verbose: bool) -> list[str]:
    project, shown = reading.project, reading.sources.shown
    config = "none" if reading.config_path is None else shown(str(reading.config_path))
    lines = [f"project root: {shown('.')}", f"configuration: {config}", *(f"  note: {note}" for note in reading.notes), ""]

    lines.append(f"files: {project.coverage.scanned} found, {project.coverage.parsed} parsed")
    if verbose:
        lines += [f"  {shown(path)}" for path in reading.files]
    lines += [f"  {_line(file.span, reading.sources)}: not read: {file.message}" for file in project.unreadable]
    lines += [f"  {shown(path)}: skipped: {reason}" for path, reason in reading.skipped]

    lines += ["", f"step builders: {len(project.contracts)}"]
    for contract in project.contracts:
        lines.append(f"  {_line(contract.span, reading.sources)}: {contract.class_name} (step {contract.name})")
    from contract_lint.cli.survey import counted

    pipelines = [wiring.pipeline for wiring in project.wirings]
    lines += ["", f"pipelines: {len(pipelines)}"]
    for pipeline in pipelines:
        lines.append(f"  {_line(pipeline.span, reading.sources)}: {pipeline.name}, {counted(len(pipeline.steps), 'step')}{_open(pipeline)}")
    if project.skipped:
        lines += ["", f"not taken for step builders: {len(project.skipped)}"]
        lines += [f"  {_line(one.span, reading.sources)}: {one.name}: {one.reason}" for one in project.skipped]
    return [*lines, "", *_knowledge(project, reading.sources, verbose)]


def _open(pipeline: Pipeline) -> str:
    from contract_lint.model.reasons import sentence

    return f" (there may be more: {sentence(pipeline.open_steps)})" if pipeline.open_steps is not None else ""


def _line(span: Span, sources: Sources) -> str:
    from contract_lint.report.places import place_text

    return place_text(span, sources).rpartition(":")[0]


def _knowledge(project: Project, sources: Sources, verbose: bool) -> list[str]:
    from contract_lint.model.reasons import sentence
    from contract_lint.report.text import unknown_text

    reasons = Counter(fact.reason for fact in project.unknowns)
    known, asked = project.coverage.known_ports, project.coverage.ports
    share = f" ({100 * known / asked:.1f} %)" if asked else ""
    lines = [f"ports known: {known} of {asked}{share}"]
    if not verbose:
        more = "; where and why: the same command with -v" if reasons else ""
        return [*lines, f"facts that stayed unknown: {reasons.total()}{more}"]
    lines.append(f"facts that stayed unknown: {reasons.total()}")
    width = max((len(str(count)) for count in reasons.values()), default=0)
    lines += [
        f"  {count:{width}}  {reason}: {sentence(reason)}"
        for reason, count in sorted(reasons.items(), key=lambda item: (-item[1], item[0]))
    ]
    if project.unknowns:
        lines += ["", *(unknown_text(fact, sources) for fact in project.unknowns)]
    return lines
