"""Places in files."""

from __future__ import annotations

from msgspec import Struct


class Span(Struct, frozen=True, order=True):
    """A stretch of one file.

    ``path`` is relative to the project root, with ``/``. Lines and columns are 1-based, columns count code points, and the
    end column is exclusive. In a notebook ``cell`` is the 1-based number among all cells and lines count within it;
    elsewhere it is None.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    cell: int | None = None

    def __str__(self) -> str:
        where = f"{self.path}:cell {self.cell}" if self.cell is not None else self.path
        return f"{where}:{self.line}:{self.column}"


def whole_file(path: str) -> Span:
    """The first character of a file, for findings about the file itself."""
    return Span(path, 1, 1, 1, 1)
