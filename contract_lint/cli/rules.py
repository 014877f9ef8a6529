"""``contract-lint rules``: all rules, their severity, and whether they run here."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import click

from contract_lint.cli import options


class RuleRow(TypedDict):
    id: str
    name: str
    severity: str
    on: bool
    summary: str


@click.command(short_help="List all rules.", context_settings={"help_option_names": ["-h", "--help"]})
@options.rule_names
@options.plain_output
@options.config
def rules(
    select: tuple[str, ...],
    extend_select: tuple[str, ...],
    ignore: tuple[str, ...],
    severity: tuple[tuple[str, str], ...],
    output: str,
    config_file: Path | None,
    isolated: bool,
    root: Path | None,
) -> int:
    """Print all rules, their severities and whether they are on, as the configuration and the options say."""
    from contract_lint.cli.output import write, write_lines
    from contract_lint.report.json_report import dumps
    from contract_lint.run import Request, choose

    every, chosen = choose(
        Request(
            config_file=config_file,
            isolated=isolated,
            root=root,
            select=select,
            ignore=ignore,
            extend_select=extend_select,
            severity=options.levels(severity),
        )
    )
    on = {rule.id for rule in chosen}
    rows: list[RuleRow] = [
        {"id": rule.id, "name": rule.name, "severity": rule.severity.value, "on": rule.id in on, "summary": rule.summary} for rule in every
    ]
    if output == "json":
        write(dumps({"rules": rows}))
    else:
        write_lines(_table(rows))
    return 0


def _table(rows: list[RuleRow]) -> list[str]:
    width = max(len(row["name"]) for row in rows)
    return [f"{row['id']}  {row['name']:{width}}  {row['severity']:7}  {'on ' if row['on'] else 'off'}  {row['summary']}" for row in rows]
