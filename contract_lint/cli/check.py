"""``contract-lint check``: lint and report."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_lint import __version__
from contract_lint.cli import options
from contract_lint.cli.options import Output

if TYPE_CHECKING:
    from contract_lint.model.report import Report
    from contract_lint.report.text import TextOptions

#: The rule for what stays unknown, which ``--strict`` selects.
NOT_KNOWN = "CL007"


@click.command(short_help="Check a project and report (the default).", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@options.rule_names
@click.option(
    "--fail-on",
    type=click.Choice(("error", "warning", "note")),
    help="The least severity that makes exit 1.  [default: the configuration's, else error]",
)
@click.option("--strict", is_flag=True, help="Warnings fail too (unless --fail-on says what fails), and --extend-select CL007.")
@click.option("--exit-zero", is_flag=True, help="Findings do not fail the run; what keeps it from checking still does.")
@click.option("--allow-empty", is_flag=True, help="Nothing to check does not fail the run.")
@click.option(
    "--output",
    "outputs",
    metavar="FORMAT[=FILE]",
    multiple=True,
    callback=options.outputs,
    help="text or json, to a file if one is given; repeatable.  [default: text]",
)
@options.config
@click.option("-q", "--quiet", is_flag=True, help="Text: one line a finding, nothing else.")
@click.option("-v", "--verbose", is_flag=True, help="Text: also every fact that stayed unknown.")
@click.option(
    "--color",
    type=click.Choice(("auto", "always", "never")),
    default="auto",
    show_default=True,
    help="auto heeds NO_COLOR and FORCE_COLOR.",
)
@click.version_option(__version__, prog_name="contract-lint", message="%(prog)s %(version)s")
def check(
    paths: tuple[Path, ...],
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[tuple[str, str], ...],
    fail_on: str | None,
    strict: bool,
    exit_zero: bool,
    allow_empty: bool,
    outputs: tuple[Output, ...],
    config_file: Path | None,
    isolated: bool,
    root: Path | None,
    quiet: bool,
    verbose: bool,
    color: str,
) -> int:
    """Check step builders, SDK pipelines and YAML pipelines, and report what does not fit (the default command).

    PATHs say what is reported; imports are followed anywhere in the project. Without PATH the project root is checked.
    """
    if sum(output.file is None for output in outputs) > 1:
        raise click.UsageError("only one report can go to standard output; give the others a file: --output json=report.json")
    if quiet and verbose:
        raise click.UsageError("--quiet and --verbose exclude each other")

    from contract_lint.model.finding import Severity
    from contract_lint.model.report import EXIT_FINDINGS, EXIT_NOT_CHECKED
    from contract_lint.report.text import TextOptions
    from contract_lint.run import Request, run

    _spell(paths)
    if strict:
        extend_select = (*extend_select, NOT_KNOWN)
    outcome = run(
        Request(
            paths=paths,
            config_file=config_file,
            isolated=isolated,
            root=root,
            select=select,
            ignore=ignore,
            extend_select=extend_select,
            severity=options.levels(severity),
        )
    )
    report = outcome.report
    not_checked = outcome.nothing is not None and not allow_empty
    wanted = outputs or (Output("text", None),)
    if not_checked:  # the error below is all that a person has to read
        wanted = tuple(output for output in wanted if output != Output("text", None))
    _write(report, wanted, TextOptions(quiet=quiet, verbose=verbose), color)
    if not_checked:
        from contract_lint.cli.output import complain

        complain(f"error: {outcome.nothing}")
        return EXIT_NOT_CHECKED
    least = Severity(fail_on) if fail_on else outcome.fail_on
    if strict and not fail_on:  # never milder than the configuration
        least = min(least, Severity.WARNING, key=lambda level: level.rank)
    code = report.exit_code(least)
    return 0 if exit_zero and code == EXIT_FINDINGS else code


def _spell(paths: tuple[Path, ...]) -> None:
    """A misspelt command arrives here as a path: say so, where the path does not exist."""
    from contract_lint.api import joined, nearest
    from contract_lint.model.errors import UsageError

    group = click.get_current_context().find_root().command
    if paths and isinstance(group, click.Group) and not os.path.exists(paths[0]):  # noqa: PTH110 (never raises)
        near = nearest(str(paths[0]), group.commands)
        if near:
            raise UsageError(f"no such file or folder: {paths[0]} (did you mean the command {joined(near)}?)")


def _write(report: Report, outputs: tuple[Output, ...], text: TextOptions, color: str) -> None:
    """Files first: standard output may belong to a reader that leaves early."""
    from contract_lint.cli.output import write, write_file

    for output in sorted(outputs, key=lambda output: output.file is None):
        if output.file is not None:
            write_file(output.file, _render(report, output.format, text, "always" if color == "always" else "never", to_file=True))
        else:
            write(_render(report, output.format, text, color, to_file=False))


def _render(report: Report, format_name: str, text: TextOptions, color: str, *, to_file: bool) -> str:
    if format_name == "json":
        from contract_lint.report import json_report

        return json_report.render(report)
    from msgspec.structs import replace

    from contract_lint.cli.output import color_system, encoding
    from contract_lint.report.text import render

    system = color_system(color) if report.findings else None  # rich is imported for findings only
    return render(report, replace(text, encoding="utf-8" if to_file else encoding(), color_system=system))
