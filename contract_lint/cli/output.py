"""Write to the terminal, a pipe or a file, whatever its encoding and however early the reader leaves."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from contract_lint.model.errors import UsageError
from contract_lint.report.escape import escape

if TYPE_CHECKING:
    from contract_lint.report.text import ColorSystem

PROGRAM = "contract-lint"


def encoding() -> str:
    """The encoding of standard output."""
    return getattr(sys.stdout, "encoding", None) or "utf-8"


def write(text: str) -> None:
    """Write to standard output; a reader that has left (``| head``) is no error.

    Raises UsageError where the output cannot be written (a full disk).
    """
    if sys.stdout is None:  # started with a closed standard output
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _abandon()
    except OSError as error:
        _abandon()
        raise UsageError(f"cannot write the report: {error.strerror or error}") from error


def write_lines(lines: list[str]) -> None:
    """Write lines made of text from the code, escaped for the output's encoding."""
    write("".join(escape(line, encoding()) + "\n" for line in lines))


def write_file(path: Path, text: str) -> None:
    """Write a report to a file in UTF-8. Raises UsageError where that is impossible."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"cannot write the report to {path}: {error.strerror or error}") from error


def complain(message: str) -> None:
    """Say on standard error why something failed."""
    if sys.stderr is None:
        return
    lines = f"{PROGRAM}: {message}".splitlines()
    sys.stderr.write("".join(escape(line, getattr(sys.stderr, "encoding", None) or "utf-8") + "\n" for line in lines))


def color_system(choice: str) -> ColorSystem | None:
    """The colours to use on standard output: ``auto`` follows NO_COLOR, FORCE_COLOR, TERM and whether it is a terminal."""
    if choice == "never":
        return None
    from rich.console import Console

    if choice == "always":
        # Outside a terminal rich would have to guess; these sixteen colours work everywhere.
        return _system(Console(force_terminal=True).color_system) or "standard"
    console = Console(file=sys.stdout)
    return _system(console.color_system) if console.is_terminal and not console.no_color else None


def _system(name: str | None) -> ColorSystem | None:
    match name:
        case "standard" | "256" | "truecolor" | "windows":
            return name
        case _:
            return None


def _abandon() -> None:
    """Send what is still buffered to nowhere, or the interpreter complains about it at exit."""
    try:
        descriptor = sys.stdout.fileno()
    except (OSError, ValueError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, descriptor)
    os.close(nowhere)
