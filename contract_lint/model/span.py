"""Places in files."""

from __future__ import annotations

from msgspec import Struct

#: How the names of notebooks end.
NOTEBOOK = ".ipynb"


class Span(Struct, frozen=True):
    """A stretch of one file.

    ``path`` is relative to the project root, with ``/``. Lines and columns are 1-based, columns count code points, and the
    end column is exclusive. In a notebook ``cell`` is the 1-based number among all cells and lines count within it;
    elsewhere it is None. Spans are ordered as one reads, a notebook's cell by cell.
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

    def __lt__(self, other: Span) -> bool:
        return self._order < other._order

    def is_within(self, other: Span) -> bool:
        """Whether it begins in the other stretch and ends on its lines."""
        same = (self.path, self.cell) == (other.path, other.cell)
        return same and (other.line, other.column) <= (self.line, self.column) and self.end_line <= other.end_line

    @property
    def _order(self) -> tuple[str, int, int, int, int, int]:
        return self.path, self.cell or 0, self.line, self.column, self.end_line, self.end_column


def whole_file(path: str) -> Span:
    """The first character of a file, for findings about the file itself."""
    return Span(path, 1, 1, 1, 1)
