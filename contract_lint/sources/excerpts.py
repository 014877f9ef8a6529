"""The lines of text around a place, cut to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contract_lint.model.span import Span

#: Lines shown of one span.
MAX_LINES = 3


@dataclass(frozen=True, slots=True)
class ExcerptLine:
    """One line to show.

    ``text[start:end]`` is what the caret marks (``end`` may lie one past the text, at the end of a line); ``cut_left`` and
    ``cut_right`` say that the line goes on there. Tabs and wide characters are as in the file.
    """

    number: int
    text: str
    start: int
    end: int
    cut_left: bool = False
    cut_right: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The lines to show; ``hidden`` counts those of the span that are left out after them."""

    lines: tuple[ExcerptLine, ...]
    hidden: int = 0


def excerpt(lines: Sequence[str], span: Span, *, width: int = 160) -> Excerpt:
    """The first lines of ``span``, at most three, each cut to ``width`` code points around what is marked.

    ``lines`` are those of the file (``Source.lines``); a span that lies outside them gives fewer lines, or none.
    """
    last = min(max(span.end_line, span.line), len(lines))
    if span.end_column <= 1 and last > span.line:
        last -= 1  # it ends before the first character of its last line
    shown = range(span.line, min(last, span.line + MAX_LINES - 1) + 1)
    pieces = tuple(_piece(number, lines[number - 1], *_marked(number, lines[number - 1], span), width) for number in shown if number >= 1)
    return Excerpt(pieces, max(0, last - span.line + 1 - len(shown)))


def _marked(number: int, text: str, span: Span) -> tuple[int, int]:
    """The marked part of one line of a span, 0-based; at least one column wide."""
    start = span.column - 1 if number == span.line else len(text) - len(text.lstrip())
    end = span.end_column - 1 if number == span.end_line else len(text)
    start = min(max(start, 0), len(text))
    return start, max(min(end, len(text)), start + 1)


def _piece(number: int, text: str, start: int, end: int, width: int) -> ExcerptLine:
    if len(text) <= width:
        return ExcerptLine(number, text, start, end)
    context = max((width - min(end - start, width)) // 2, 0)
    left = min(max(start - context, 0), len(text) - width)
    right = left + width
    return ExcerptLine(number, text[left:right], start - left, max(min(end, right) - left, start - left + 1), left > 0, right < len(text))
