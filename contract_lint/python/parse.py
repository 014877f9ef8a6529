"""Parsing of Python text in a way that cannot kill the process."""

from __future__ import annotations

import ast
import contextvars
import sys
import threading
import warnings
from collections.abc import Callable
from typing import TypeVar

import libcst
from msgspec import Struct

from contract_lint.model.errors import SourceError
from contract_lint.model.span import Span, whole_file
from contract_lint.python.nesting import Text, check_text, check_tree

T = TypeVar("T")

#: Texts from this length on are measured before CPython's own parser sees them; shorter ones cannot exhaust a 32 MB stack.
#: (A sum of a million terms kills every CPython from 3.10 to 3.13 on 256 MB; 100,000 terms do not.)
LONG_TEXT = 50_000

#: A longer text is data, not a pipeline, and costs libcst minutes.
MAX_CHARACTERS = 3_000_000

#: Errors of ``ast`` that no newer Python takes back, although libcst, which does not decode literals, accepts the text.
_DEFINITE = ("(unicode error)", "(value error)", "bytes can only contain ASCII")

_MB = 1024 * 1024
_STACKS = (256 * _MB, 128 * _MB, 64 * _MB, 32 * _MB)
#: What one Python call may take of the C stack; Python 3.10 takes some for each.
_BYTES_PER_CALL = 16 * 1024


class Parsed(Struct, frozen=True):
    """One parsed file; ``tree`` is None where the running Python is older than the file's syntax.

    With a ``tree``, no expression or block is deeper than ``nesting.MAX_DEPTH`` levels, a chain counted once, and no chain is
    longer than ``nesting.MAX_CHAIN`` links; without one, ``nesting.check_text`` alone bounds both.
    """

    module: libcst.Module
    tree: ast.Module | None
    text: str


def parse(source: Text) -> Parsed:
    """Parse a file; call it inside ``run_with_deep_stack``, because libcst recurses on the C stack.

    Raises SourceError: CL001 for a syntax error, CL002 for a text that is too long or too deep, or that libcst refuses.
    """
    text = source.text
    try:
        tree = _checked(source)
    except SyntaxError as error:
        return Parsed(_parse_newer(source, error), None, text)
    return Parsed(_parse_cst(source), tree, text)


def check(source: Text) -> None:
    """Raise what ``parse`` raises, as far as Python's own parser tells; it takes a tenth of the time."""
    try:
        _checked(source)
    except SyntaxError as error:
        _parse_newer(source, error)


def _checked(source: Text) -> ast.Module:
    """The tree that Python itself makes of a text.

    Raises SyntaxError for what Python does not take, SourceError CL002 for what is too long or too deep.
    """
    path, text = source.path, source.text
    if len(text) > MAX_CHARACTERS:
        raise SourceError("CL002", whole_file(path), f"too long to be parsed: {len(text):,} characters, the limit is {MAX_CHARACTERS:,}")
    if len(text) >= LONG_TEXT:
        check_text(text, path)
    try:
        tree = _parse_ast(text)
    except (RecursionError, MemoryError):
        check_text(text, path)
        raise SourceError("CL002", _longest_line(source), "too complex to be parsed") from None
    except SyntaxError:
        raise
    except ValueError as error:
        raise SourceError("CL002", whole_file(path), f"cannot be parsed: {error}") from None
    check_tree(tree, source)
    return tree


def run_with_deep_stack(run: Callable[[], T]) -> T:
    """Call ``run`` in a thread with a stack of 256 MB of address space (less where the system refuses), the recursion limit
    raised to match, and return or raise what it returns or raises. Meant for the whole analysis, once a run.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    context = contextvars.copy_context()

    def work() -> None:
        try:
            results.append(context.run(run))
        except BaseException as error:  # it is raised again in the caller's thread
            errors.append(error)

    before_size, before_limit = threading.stack_size(), sys.getrecursionlimit()
    try:
        _start(work, before_limit).join()
    finally:
        sys.setrecursionlimit(before_limit)
        threading.stack_size(before_size)
    if errors:
        raise errors[0]
    return results[0]


def _start(work: Callable[[], None], limit: int) -> threading.Thread:
    for size in _STACKS:
        # A daemon, so that Ctrl-C, which reaches the main thread alone, ends the process.
        thread = threading.Thread(target=work, name="contract-lint", daemon=True)
        try:
            threading.stack_size(size)
            sys.setrecursionlimit(max(limit, size // _BYTES_PER_CALL))
            thread.start()
        except (RuntimeError, ValueError):
            if size == _STACKS[-1]:
                raise
            continue
        return thread
    raise AssertionError("unreachable")


def _parse_ast(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _parse_newer(source: Text, error: SyntaxError) -> libcst.Module:
    """Parse with libcst what this Python's grammar refused; where that fails as well, raise CL001 with ``ast``'s reason."""
    syntax = SourceError("CL001", _place(source, error.lineno, error.offset), error.msg)
    check_text(source.text, source.path)
    if isinstance(error, IndentationError) or error.msg.startswith(_DEFINITE):
        raise syntax from None
    try:
        return _parse_cst(source)
    except SourceError:
        raise syntax from None


def _parse_cst(source: Text) -> libcst.Module:
    try:
        return libcst.parse_module(source.text)
    except libcst.ParserSyntaxError as error:
        place = _place(source, error.editor_line, error.editor_column)
        raise SourceError("CL002", place, "cannot be parsed, although Python's own parser accepts it") from None
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic in libcst's native parser is no Exception
        raise SourceError("CL002", _longest_line(source), f"too complex to be parsed ({type(error).__name__})") from None


def _place(source: Text, line: int | None, column: int | None) -> Span:
    """A parser's place, moved into the text where it lies outside (at the end of the file, or inside an f-string)."""
    lines = source.text.split("\n")
    at_line = min(max(line or 1, 1), len(lines))
    width = len(lines[at_line - 1])
    at_column = width + 1 if line is not None and line > len(lines) else min(max(column or 1, 1), width + 1)
    return Span(source.path, at_line, at_column, at_line, at_column)


def _longest_line(source: Text) -> Span:
    lines = source.text.split("\n")
    number = max(range(len(lines)), key=lambda index: len(lines[index])) + 1
    return Span(source.path, number, 1, number, 1)
