"""Jupyter notebooks as Python: one module of all code cells, and the modules that cells write (``%%writefile train.py``).

Read with ``json`` alone; formats 3 and 4. Whatever is no code (magics, shell lines, other languages) is blank, and every line of
the Python knows the cell and the line that it stands in.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from contract_lint.model.errors import SourceError
from contract_lint.model.span import Span, whole_file
from contract_lint.sources.json_places import Json, load
from contract_lint.sources.magics import CellCode, Line, read_cell
from contract_lint.sources.read import Source

#: How names of languages begin that are Python: ``python``, ``ipython``, ``pyspark``, ``Python_Glue_Session``.
_PYTHON = ("py", "ipy")


#: What IPython replaces by the value of a variable, or by a user's folder.
_VARIABLE = re.compile(r"\{[^{}]*\}|\$\w+|^~")


class Place(Struct, frozen=True):
    """Where a line of Python stands: its columns are ``shift`` further right in the cell."""

    cell: int
    line: int
    shift: int


class Code(Struct, frozen=True):
    """Python text whose lines stand in the cells of a notebook.

    ``path`` names it as a module: the notebook's own path, or for a module that the notebook writes a path below it.
    """

    path: str
    notebook: str
    text: str
    places: tuple[Place, ...]

    def located(self, span: Span) -> Span:
        """The place in the notebook of a place in the text."""
        if not self.places:
            return whole_file(self.notebook)
        start, end = (self.places[min(line, len(self.places)) - 1] for line in (span.line, span.end_line))
        return Span(self.notebook, start.line, span.column + start.shift, end.line, span.end_column + end.shift, start.cell)


class Cell(Struct, frozen=True):
    """A code cell: ``number`` counts all cells from 1, ``lines`` are as they stand in the notebook, ``code`` is its Python."""

    number: int
    lines: tuple[str, ...]
    code: Code


class Notebook(Struct, frozen=True):
    """A notebook. ``written`` are the modules that its cells write, by their path in the project."""

    path: str
    cells: tuple[Cell, ...]
    written: Mapping[str, Code]

    def lines(self, number: int) -> Sequence[str]:
        """The lines of a cell; none if there is no such code cell."""
        return next((cell.lines for cell in self.cells if cell.number == number), ())

    def code(self, broken: Container[int] = ()) -> Code:
        """All cells in order; those with ``broken`` numbers are blank."""
        texts = ["\n" * (len(cell.lines) - 1) if cell.number in broken else cell.code.text for cell in self.cells]
        return Code(self.path, self.path, "\n".join(texts), tuple(place for cell in self.cells for place in cell.code.places))


def read_notebook(source: Source) -> Notebook:
    """Read a notebook; one in another language than Python has no cells. Raises SourceError CL002 where it is none."""
    document = load(source).value
    if not isinstance(document, dict):
        raise SourceError("CL002", whole_file(source.path), "not a notebook: it is no JSON object")
    cells = _cells(document)
    if cells is None:
        raise SourceError("CL002", whole_file(source.path), "not a notebook: it has no list of cells")
    if not _is_python(document):
        return Notebook(source.path, (), {})
    read = [(number, lines, read_cell(lines)) for number, lines in _sources(cells)]
    return Notebook(
        source.path,
        tuple(Cell(number, lines, _code(source.path, source.path, _placed(number, 1, code.lines))) for number, lines, code in read),
        _modules(source.path, ((number, code) for number, _, code in read)),
    )


def _cells(document: dict[str, Json]) -> list[Json] | None:
    """The cells of all kinds; before format 4 they stood in worksheets."""
    cells = document.get("cells")
    if isinstance(cells, list):
        return cells
    sheets = document.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _is_python(document: dict[str, Json]) -> bool:
    """Whether the kernel speaks Python; a notebook that does not say so does."""
    metadata = document.get("metadata")
    for name, key in (("kernelspec", "language"), ("language_info", "name")):
        section = metadata.get(name) if isinstance(metadata, dict) else None
        language = section.get(key) if isinstance(section, dict) else None
        if isinstance(language, str) and language:
            return language.lower().startswith(_PYTHON)
    return True


def _sources(cells: list[Json]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The number and the lines of each code cell."""
    for number, cell in enumerate(cells, start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code" and cell.get("language", "python") == "python":
            source = cell.get("source", cell.get("input"))
            pieces = source if isinstance(source, list) else [source]
            text = "".join(piece for piece in pieces if isinstance(piece, str))
            yield number, tuple(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def _modules(notebook: str, cells: Iterable[tuple[int, CellCode]]) -> dict[str, Code]:
    """The Python modules that cells write, relative to the notebook's folder; of several with one name the last, with what is appended."""
    bodies: dict[str, list[tuple[Place, str]]] = {}
    for number, cell in cells:
        written = cell.written
        path = _path_of(notebook, written.name) if written is not None else None
        if written is not None and path is not None:
            before = bodies.get(path, []) if written.appends else []
            bodies[path] = before + _placed(number, written.first + 1, written.body)
    return {path: _code(f"{notebook}/{path}", notebook, body) for path, body in bodies.items()}


def _path_of(notebook: str, name: str) -> str | None:
    """The path in the project of a module that a notebook writes; None for what is none.

    Where its folder is a variable (``{folder}/train.py``), or lies outside, it stands for itself in the notebook's own folder.
    """
    folder = posixpath.dirname(notebook)
    known = "/".join(part for part in name.split("/") if not _VARIABLE.search(part))
    path = posixpath.normpath(posixpath.join(folder, known))
    if path.startswith(("/", "../")):
        path = posixpath.join(folder, posixpath.basename(path))
    return path if path.endswith(".py") else None


def _placed(number: int, first: int, lines: Iterable[Line]) -> list[tuple[Place, str]]:
    return [(Place(number, index, line.shift), line.text) for index, line in enumerate(lines, start=first)]


def _code(path: str, notebook: str, lines: Sequence[tuple[Place, str]]) -> Code:
    return Code(path, notebook, "\n".join(text for _, text in lines), tuple(place for place, _ in lines))
