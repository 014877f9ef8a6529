"""One line of source with its mark underneath, aligned in terminal cells."""

from __future__ import annotations

from msgspec import Struct
from rich.cells import cell_len

from contract_lint.report.escape import escape

TAB_WIDTH = 4

#: Code points of a long line that are shown, and how many of them before the mark.
WINDOW = 160
BEFORE = 40
CUT = "..."


class Excerpt(Struct, frozen=True):
    """``text`` is printable; the mark covers ``width`` cells from cell ``offset`` on."""

    text: str
    offset: int
    width: int


def excerpt(line: str, column: int, end_column: int | None, encoding: str = "utf-8") -> Excerpt:
    """Columns are 1-based code points of ``line``; without ``end_column`` the mark runs to the end of the line."""
    line = line.rstrip()
    start = min(column - 1, len(line))
    end = len(line) if end_column is None else min(end_column - 1, len(line))
    first, last = _window(len(line), start)
    lead = CUT if first else ""
    before = lead + _printable(line[first:start], len(lead), encoding)
    offset = cell_len(before)
    marked = _printable(line[start : min(end, last)], offset, encoding)
    width = cell_len(marked)
    after = _printable(line[max(start, min(end, last)) : last], offset + width, encoding)
    return Excerpt(before + marked + after + (CUT if last < len(line) else ""), offset, max(width, 1))


def _window(length: int, start: int) -> tuple[int, int]:
    if length <= WINDOW:
        return 0, length
    first = 0 if start <= WINDOW - BEFORE else start - BEFORE
    return first, min(length, first + WINDOW)


def _printable(text: str, cell: int, encoding: str) -> str:
    """Tabs run to the next multiple of ``TAB_WIDTH`` cells; ``cell`` is where the text begins."""
    pieces: list[str] = []
    for number, piece in enumerate(text.split("\t")):
        if number:
            gap = TAB_WIDTH - cell % TAB_WIDTH
            pieces.append(" " * gap)
            cell += gap
        safe = escape(piece, encoding)
        pieces.append(safe)
        cell += cell_len(safe)
    return "".join(pieces)
