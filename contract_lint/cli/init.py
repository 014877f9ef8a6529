"""``contract-lint init``: look at a project and write a commented configuration."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from contract_lint.cli.survey import Survey

SHOWN_SHADOWS = 5


@click.command(short_help="Write a configuration for a project.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("path", metavar="[PATH]", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Print what would be written, and write nothing.")
def init(path: Path | None, dry_run: bool) -> int:
    """Look at the project below PATH (default: the project root) and write a configuration for it.

    It goes into pyproject.toml if there is one, else into contract-lint.toml. A configuration that exists is never changed.
    """
    from contract_lint.cli.output import write, write_lines
    from contract_lint.cli.survey import survey

    root = _root(path)
    _refuse_existing(root)
    found = survey(root)
    file, text, exists = _target(root, found)
    write_lines([*_told(found), ""])
    if dry_run:
        write_lines([f"would write to {file.name}:", ""])
        write(text)
    else:
        _write(file, exists, text)
        write_lines([f"wrote {'to ' if exists else ''}{file}"])
    return 0


def _root(path: Path | None) -> Path:
    from contract_lint.model.errors import UsageError
    from contract_lint.sources.discover import find_root

    if path is None:
        return find_root([])
    if not path.is_dir():
        raise UsageError(f"{'not a folder' if path.exists() else 'no such folder'}: {path}")
    return path.resolve()


def _refuse_existing(root: Path) -> None:
    """Raises UsageError where the project has a configuration, ConfigError where it has a broken one."""
    from contract_lint.model.errors import UsageError
    from contract_lint.sources.config_file import find_config

    existing = find_config(root)
    if existing is not None and existing.path.parent == root:
        raise UsageError(f"{existing.path} holds a configuration already: change it there, or delete it first")


def _target(root: Path, found: Survey) -> tuple[Path, str, bool]:
    """The file to write, the text to put at its end, and whether it exists already; the result is known to load."""
    from contract_lint.model.errors import UsageError
    from contract_lint.sources.config_file import OWN_FILE, PROJECT_FILE

    file = root / PROJECT_FILE
    if file.is_file():
        try:
            before = file.read_bytes()
        except OSError as error:
            raise UsageError(f"cannot read {file}: {error.strerror or error}") from error
        text = _appended(before, "\n".join(_lines(found, "tool.contract-lint")))
        if _loads(file, before + text.encode(), found):
            return file, text, True
    file = root / OWN_FILE
    text = "\n".join(_lines(found, None))
    if not _loads(file, text.encode(), found):
        raise UsageError("the configuration that was found out cannot be written as TOML: please report it")
    return file, text, False


def _appended(before: bytes, text: str) -> str:
    """The text with the line ends of what it is put behind, after an empty line."""
    gap = "" if not before else "\n" if before.endswith(b"\n") else "\n\n"
    return (gap + text).replace("\n", "\r\n" if b"\r\n" in before else "\n")


def _loads(file: Path, data: bytes, found: Survey) -> bool:
    """Whether the file would be read as TOML and say what was decided (a broken pyproject.toml, or one with ``tool = {}``, does not)."""
    import tomli

    from contract_lint.config import validate_config
    from contract_lint.model.errors import ConfigError
    from contract_lint.sources.config_file import PROJECT_FILE, ConfigFile

    try:
        text = data.decode()
        table = tomli.loads(text)
        if file.name == PROJECT_FILE:
            table = table["tool"]["contract-lint"]
        return validate_config(ConfigFile(file, table, text)) == found.config
    except (ValueError, KeyError, TypeError, ConfigError):
        return False


def _write(file: Path, exists: bool, text: str) -> None:
    from contract_lint.model.errors import UsageError

    try:
        with file.open("ab" if exists else "xb") as stream:
            stream.write(text.encode())
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror or error}") from error


# --- the file ---


def _lines(found: Survey, table: str | None) -> Iterator[str]:
    """The configuration, line by line; the last line is empty."""
    config = found.config
    if table is not None:
        yield f"[{table}]"
    yield "# Written by contract-lint init. What is read and why: contract-lint files; which rules run: contract-lint rules."
    yield ""
    yield "# Folders from which absolute imports start."
    yield f"src = {_array(config.src)}" if config.src else '# src = ["src"]'
    yield ""
    yield from _exclude_lines(found)
    yield ""
    yield "# Base classes whose subclasses are step builders, beside those of known frameworks (StepBuilderBase, ContractAwareStepBuilder)."
    own = [base.name for base in found.bases if not base.known]
    yield f"builder-bases = {_array(own)}" if own else '# builder-bases = ["MyStepBuilder"]'
    yield ""
    yield "# What makes a run fail: error, warning or note."
    yield 'fail-on = "error"'
    yield ""
    yield "# Rules that are off by default and should run, and rules that should not: ids, names, or areas such as CL2."
    yield '# extend-select = ["CL007"]'
    yield '# ignore = ["CL009"]'
    yield ""
    yield "# Other severities."
    yield f"# [{table}.severity]" if table is not None else "# [severity]"
    yield '# CL009 = "error"'
    yield ""


def _exclude_lines(found: Survey) -> Iterator[str]:
    yield "# Never read: globs relative to this file. What git ignores, virtual environments and build folders are left out anyway;"
    yield "# tests, backups and copies are looked at only when they are named."
    if not found.places:
        yield '# exclude = ["archive/**"]'
        return
    from contract_lint.cli.survey import counted

    excluded = set(found.config.exclude)
    yield "exclude = ["
    for place in found.places:
        why = f"{place.what}, {counted(place.files, 'file')}"
        if place.glob in excluded:
            yield f"    {_text(place.glob)}, # {why}"
        else:
            yield f"    # {_text(place.glob)}, # {why}: kept, {place.needed or 'they are needed'}"
    yield "]"


def _array(texts: tuple[str, ...] | list[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"


def _text(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


# --- what is said ---


def _told(found: Survey) -> Iterator[str]:
    from contract_lint.cli.survey import counted

    left = f", {counted(found.skipped, 'file or folder') if found.skipped == 1 else f'{found.skipped} files and folders'} left out"
    yield f"found {found.files} Python {'file or notebook' if found.files == 1 else 'files and notebooks'}{left if found.skipped else ''}"
    if found.src:
        names = f" ({', '.join(found.imported)})" if found.imported else ""
        yield f"imports: start from {', '.join(found.src)}{names}"
    else:
        yield "imports: start from the project root, or are relative"
    for base in found.bases:
        origin = f"of {base.origin}" if base.origin is not None else "of this project"
        how = "known already" if base.known else "added to builder-bases"
        yield f"framework: {base.name} {origin}, {counted(base.builders, 'builder class')}: {how}"
    excluded = set(found.config.exclude)
    for place in found.places:
        verdict = "excluded" if place.glob in excluded else f"kept, {place.needed or 'they are needed'}"
        yield f"{place.what}: {place.glob} ({counted(place.files, 'file')}): {verdict}"
    if found.shadows:
        shown = ", ".join(f"{name} ({counted(count, 'file')})" for name, count in found.shadows[:SHOWN_SHADOWS])
        more = f" and {len(found.shadows) - SHOWN_SHADOWS} more" if len(found.shadows) > SHOWN_SHADOWS else ""
        yield f"tests, backups and copies: {shown}{more}: reported only when named"
    yield _builders(found)
    yield f"pipelines: {found.pipelines}"


def _builders(found: Survey) -> str:
    from contract_lint.cli.survey import counted

    if not found.after and found.pipelines:
        return "step builders: none; if there are any, name their base class in builder-bases"
    if not found.after:
        return (
            "step builders: none was found (contract-lint files says which classes were looked at); name their base class in builder-bases"
        )
    more = f", {found.after - found.before} of them by this configuration" if found.after > found.before else ""
    return f"step builders: {counted(found.after, 'class')}{more}"
