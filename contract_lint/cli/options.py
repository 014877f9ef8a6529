"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from contract_lint.model.finding import Severity

Command = TypeVar("Command", bound=Callable[..., int])

FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class Output:
    """One report to write: to ``file``, or to standard output without one."""

    format: str
    file: Path | None


def outputs(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[Output, ...]:
    """Each ``FORMAT`` or ``FORMAT=FILE``."""
    return tuple(map(_output, values))


def _output(value: str) -> Output:
    name, equals, file = value.partition("=")
    if name not in FORMATS:
        raise click.BadParameter(f"unknown format '{name}'; there are {' and '.join(FORMATS)}")
    if equals and not file:
        raise click.BadParameter(f"'{value}' names no file")
    return Output(name, Path(file) if file else None)


def split_names(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...]:
    """Repeated and comma-separated values, in order."""
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


LEVELS = ("error", "warning", "note")


def severities(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each ``RULE=LEVEL``, repeated or with commas, in order."""
    found: list[tuple[str, str]] = []
    for value in split_names(_ctx, _param, values):
        name, _, level = (part.strip() for part in value.partition("="))
        if not name or level not in LEVELS:
            raise click.BadParameter(f"'{value}' is not RULE=LEVEL; the levels are {', '.join(LEVELS[:-1])} and {LEVELS[-1]}")
        found.append((name, level))
    return tuple(found)


def levels(severity: tuple[tuple[str, str], ...]) -> tuple[tuple[str, Severity], ...]:
    """What ``--severity`` says, for a request."""
    from contract_lint.model.finding import Severity

    return tuple((name, Severity(level)) for name, level in severity)


def paths(command: Command) -> Command:
    return click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))(command)


def config(command: Command) -> Command:
    """``--config``, ``--isolated``, ``--root``."""
    for option in (
        click.option(
            "--root", type=click.Path(path_type=Path), metavar="DIR", help="Where the project begins (imports are followed below it)."
        ),
        click.option("--isolated", is_flag=True, help="Read no configuration file."),
        click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE", help="Read this configuration, no other."),
    ):
        command = option(command)
    return command


def plain_output(command: Command) -> Command:
    """``--output text|json`` of the commands that only print."""
    return click.option("--output", "output", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")(command)


def pipeline(command: Command) -> Command:
    """``--pipeline NAME``."""
    return click.option("--pipeline", metavar="NAME", help="Only the pipeline of this name.")(command)


def rule_names(command: Command) -> Command:
    """``--select``, ``--extend-select``, ``--ignore`` and ``--severity``."""
    for option in (
        click.option(
            "--severity",
            "severity",
            multiple=True,
            metavar="RULE=LEVEL",
            callback=severities,
            help="Give a rule another severity: error, warning or note.",
        ),
        click.option(
            "--ignore",
            multiple=True,
            metavar="RULES",
            callback=split_names,
            help="Leave these out; the narrower name wins over --select's, and of equals --ignore.",
        ),
        click.option(
            "--extend-select",
            multiple=True,
            metavar="RULES",
            callback=split_names,
            help="Run these too; a rule that is off by default runs only if it is named.",
        ),
        click.option(
            "--select",
            multiple=True,
            metavar="RULES",
            callback=split_names,
            help="Run these alone: ids, names or areas, with commas or repeated.",
        ),
    ):
        command = option(command)
    return command
