"""From the text of a notebook's cell to Python: what IPython adds to the language is taken out, line by line.

As IPython does: leading indentation and prompts come off, a cell magic takes its whole cell, then line magics (``%x``), shell
lines (``!x``), help (``?x``, ``x?``) and assignments of such. Every line keeps its number.
"""

from __future__ import annotations

import ast
import os
import re
import shlex
import warnings
from collections.abc import Sequence

from msgspec import Struct

#: Cell magics that run the rest of their cell as Python in the notebook's own namespace.
CODE_MAGICS = frozenset({"capture", "prun", "time", "timeit"})
#: Cell magics that write the rest of their cell to a file.
WRITING_MAGICS = frozenset({"file", "writefile"})

#: What stands for the value of ``x = !ls`` and ``x = %magic``: a name that no project binds, so the value is unknown.
UNKNOWN_VALUE = "get_ipython()"

#: Cell magics of one cell that are followed inwards.
MAX_CELL_MAGICS = 10
#: A longer line behind ``%time`` is data.
MAX_TIMED = 2_000

_INDENT = re.compile(r"[ \t\f]*")
_HELP_ON_MAGIC = re.compile(r"%%\w+\?")
_PYTHON_PROMPT = re.compile(r"\s*(?:>>>|\.\.\.)[ \t]?")
_FIRST_PROMPT = re.compile(r"\s*>>>")
_IPYTHON_PROMPT = re.compile(r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?")
#: A line that begins so is no Python. (``//``, ``!=`` and ``%=`` are operators.)
_ESCAPED = re.compile(r"[!%](?!=)|[?,;]|/(?![/=])")
_TIMED = re.compile(r"%time[ \t]+")
_MAGIC_VALUE = re.compile(r"(?:[ \t]|\\\n)*(?=!|%[ \t]*[^\W\d])")
_ASKED = re.compile(r"(?:[\w*]|\[-?\d+\])\?\??\Z")
_TOKEN = re.compile(
    r'''
    (?P<text>
        """ [^"\\]* (?: (?: \\. | "(?!"") ) [^"\\]* )* (?: """ | \\?\Z )
      | \'\'\' [^'\\]* (?: (?: \\. | '(?!\'\') ) [^'\\]* )* (?: \'\'\' | \\?\Z )
      | " [^"\\\n]* (?: \\. [^"\\\n]* )* "?
      | ' [^'\\\n]* (?: \\. [^'\\\n]* )* '?
      | \#[^\n]*
    )
  | (?P<open>[(\[{])
  | (?P<close>[)\]}])
  | \\\n
  | (?P<end>\n)
  | (?: // | \*\* | << | >> | [-+*/%@&|^<>=!:] )=
  | (?P<assign>=)
    ''',
    re.VERBOSE | re.DOTALL,
)


class Line(Struct, frozen=True):
    """One line as Python; in the cell it stands ``shift`` columns further right."""

    text: str
    shift: int = 0


BLANK = Line("")


class WrittenFile(Struct, frozen=True):
    """What a cell writes to a file: ``body`` are the lines from index ``first`` of the cell on."""

    name: str
    appends: bool
    first: int
    body: tuple[Line, ...]


class CellCode(Struct, frozen=True):
    """A cell as Python, as many lines as it has, all blank where it is none; ``written`` is the file that it writes."""

    lines: tuple[Line, ...]
    written: WrittenFile | None = None


def read_cell(lines: Sequence[str], depth: int = 0) -> CellCode:
    """The Python in the lines of one cell, or of what stands in ``depth`` cell magics."""
    plain = _without_prompts(_dedented([Line(text) for text in lines]))
    first = next((index for index, line in enumerate(plain) if line.text.strip()), len(plain))
    # Before IPython 9 a magic could be indented alone: the first line's indentation was taken away, and not what all lines share.
    head = plain[first].text.strip() if first < len(plain) else ""
    if not head.startswith("%%") or _HELP_ON_MAGIC.match(head):
        return CellCode(tuple(_without_magics(plain)))
    name, _, arguments = head[2:].partition(" ")
    body = plain[first + 1 :]
    if name in WRITING_MAGICS:
        return CellCode((BLANK,) * len(lines), _written(arguments, first + 1, body))
    if name not in CODE_MAGICS or depth == MAX_CELL_MAGICS:
        return CellCode((BLANK,) * len(lines))
    inner = read_cell([line.text for line in body], depth + 1)
    shifted = [Line(line.text, line.shift + before.shift) for line, before in zip(inner.lines, body, strict=True)]
    return CellCode((*[BLANK] * (first + 1), *shifted))


def _written(arguments: str, first: int, body: Sequence[Line]) -> WrittenFile | None:
    """None where no name is given."""
    try:
        words = shlex.split(arguments)
    except ValueError:
        return None
    names = [word for word in words if not word.startswith("-")]
    if len(names) != 1:
        return None
    return WrittenFile(names[0], bool({"-a", "--append"}.intersection(words)), first, tuple(body))


def _code_at(text: str, offset: int) -> int:
    """Where the indentation ends that begins at ``offset``."""
    found = _INDENT.match(text, offset)
    return found.end() if found is not None else offset


def _dedented(lines: list[Line]) -> list[Line]:
    """Without the indentation that all lines share; blank lines do not count, and are emptied."""
    indents = [line.text[: _code_at(line.text, 0)] for line in lines if line.text.strip()]
    margin = len(os.path.commonprefix(indents))  # noqa: RUF071 (of characters)
    return [Line(line.text[margin:], line.shift + margin) if line.text.strip() else BLANK for line in lines]


def _without_prompts(lines: list[Line]) -> list[Line]:
    """Without the prompts of a pasted session, ``>>>`` or ``In [1]:``."""
    first = next((line.text for line in lines if line.text.strip() and not line.text.lstrip().startswith("#")), "")
    if _FIRST_PROMPT.match(first):
        return _dedented(_stripped(lines, _PYTHON_PROMPT))
    return _stripped(lines, _IPYTHON_PROMPT) if _IPYTHON_PROMPT.match(first) else lines


def _stripped(lines: list[Line], prompt: re.Pattern[str]) -> list[Line]:
    ends = [found.end() if (found := prompt.match(line.text)) else 0 for line in lines]
    return [Line(line.text[end:], line.shift + end) for line, end in zip(lines, ends, strict=True)]


def _without_magics(lines: list[Line]) -> list[Line]:
    """The lines with a statement in place of each magic, as far as it is a line of its own or a value that is assigned."""
    text = "\n".join(line.text for line in lines)
    found = list(lines)
    offset = number = 0
    while number < len(lines):
        start = _code_at(text, offset)
        statement = _Statement(start, _end_of_chain(text, start), None, True) if _ESCAPED.match(text, start) else _statement(text, start)
        last = number + text.count("\n", offset, statement.end)
        if statement.value is not None:
            number += text.count("\n", offset, statement.value)
            offset = text.rfind("\n", 0, statement.value) + 1
            found[number] = Line(text[offset : statement.value] + UNKNOWN_VALUE, lines[number].shift)
            found[number + 1 : last + 1] = [BLANK] * (last - number)
        elif statement.magic:
            found[number : last + 1] = [_standing_in(lines[number], start - offset, last > number), *[BLANK] * (last - number)]
        number, offset = last + 1, statement.end + 1
    return found


def _standing_in(line: Line, indent: int, continued: bool) -> Line:
    """The Python for a magic: what ``%time`` runs, else ``pass``, since a block must hold something."""
    timed = _TIMED.match(line.text, indent)
    if timed is not None and not continued and _is_python(line.text[timed.end() :]):
        return Line(line.text[:indent] + line.text[timed.end() :], line.shift + timed.end() - indent)
    return Line(line.text[:indent] + "pass", line.shift)


def _is_python(text: str) -> bool:
    if len(text) > MAX_TIMED:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Statement(Struct, frozen=True):
    """A logical line from ``start`` to ``end`` (its newline, or the text's end).

    ``value`` is where a magic stands whose value is assigned, ``magic`` whether all of the statement is one.
    """

    start: int
    end: int
    value: int | None
    magic: bool


def _statement(text: str, start: int) -> _Statement:
    """The logical line that begins at ``start``."""
    depth, assigned, after_text, end = 0, False, start, len(text)
    for token in _TOKEN.finditer(text, start):
        kind = token.lastgroup
        if kind == "text":
            after_text = token.end()
        elif kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(depth - 1, 0)
        elif kind == "assign" and not depth and not assigned:
            assigned = True
            value = _MAGIC_VALUE.match(text, token.end())
            if value is not None:
                end = _end_of_chain(text, value.end())
                asks = "#" not in text[value.end() : end] and _asks(text[value.end() : end])
                return _Statement(start, end, None if asks else value.end(), asks)
        elif kind == "end" and not depth:
            end = token.start()
            break
    # What no bracket closes ends with the text, and its last newline counts for nothing.
    code_end = end - text[start:end].endswith("\n")
    asks = text[after_text:code_end].rstrip(" \t").endswith("?") and _asks(text[start:code_end])
    return _Statement(start, end, None, asks)


def _asks(code: str) -> bool:
    """Whether the code ends as ``x?`` does."""
    return _ASKED.search(code.rstrip(" \t")) is not None


def _end_of_chain(text: str, offset: int) -> int:
    """The end of the line at ``offset`` and of those that backslashes join to it."""
    while True:
        end = text.find("\n", offset)
        if end <= 0 or text[end - 1] != "\\":
            return len(text) if end < 0 else end
        offset = end + 1
