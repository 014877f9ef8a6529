from __future__ import annotations

import ast
import re
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import libcst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_lint.model.errors import SourceError
from contract_lint.python.nesting import MAX_BRACKETS, MAX_CHAIN, MAX_DEPTH, check_text
from contract_lint.python.parse import Parsed, parse, run_with_deep_stack
from contract_lint.sources.read import Source


def parsed(text: str) -> Parsed:
    return run_with_deep_stack(lambda: parse(Source("a.py", text, "")))


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        parsed(text)
    return caught.value


def place(error: SourceError) -> tuple[str, int, int]:
    return error.rule, error.span.line, error.span.column


def test_parse() -> None:
    found = parsed("a = 1\n")
    assert isinstance(found.module, libcst.Module)
    assert isinstance(found.tree, ast.Module)
    assert found.text == found.module.code == "a = 1\n"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("x = = 1\n", 1, 5),
        ("x = 1\né + = 1\n", 2, 5),
        ("def f():\nx = 1\n", 2, 1),
        ("if a:\n    b\n  c\n", 3, 4),
        ("x = 'abc\n", 1, 5),
        ("x = (1,\n", 1, 5),
        ("x = (1]\n", 1, 7),
        ("print 'x'\n", 1, 1),
        ("b = b'é'\n", 1, 5),
    ],
)
def test_syntax_errors(text: str, line: int, column: int) -> None:
    error = refused(text)
    assert (error.rule, error.span.line) == ("CL001", line)
    # Pythons differ by a few columns.
    assert abs(error.span.column - column) <= 4
    assert error.message


@pytest.mark.parametrize("text", ["f'{a b}'\n", "x = '''abc\n", "x = 1\n\n\nif x:\n", "class A:", "\\", "f'''\n\n{1 +}'''\n"])
def test_places_lie_within_the_text(text: str) -> None:
    error = refused(text)
    lines = text.split("\n")
    assert error.rule == "CL001"
    assert 1 <= error.span.line <= len(lines)
    assert 1 <= error.span.column <= len(lines[error.span.line - 1]) + 1


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert parsed("x = '\\d'\nassert (1, 2)\n1 is 1\n").tree is not None
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python knows the syntax")
def test_syntax_newer_than_the_interpreter_is_no_finding() -> None:
    found = parsed("try:\n    a\nexcept A, B:\n    pass\n")
    assert found.tree is None
    assert found.module.code.startswith("try")


def test_text_that_only_libcst_refuses() -> None:
    error = refused("x = (" + "'a'\n" * 5_000 + ")\n")
    assert error.rule == "CL002"


# --- texts that kill parsers ---

BOMBS = {
    "brackets, 1,500": ("x = " + "[" * 1_500 + "]" * 1_500, "CL002"),
    "brackets, 2,000, never closed": ("x = " + "({[" * 700, "CL002"),
    "brackets, 190": ("x = " + "[" * 190 + "]" * 190, None),
    "brackets within an f-string": ("x = f'{" + "[" * 1_500 + "]" * 1_500 + "}'", "CL002 CL001"),
    "brackets after newer syntax": ("try:\n  a\nexcept A, B: pass\nx = f'{" + "[" * 1_500 + "]" * 1_500 + "}'", "CL002"),
    "+, 8,000": ("+".join("a" * 8_000), "CL002"),
    "+, 1,900": ("+".join("a" * 1_900), None),
    "+, a million": ("+".join("a" * 1_000_000), "CL002"),
    "+, 20,000 after newer syntax": ("try:\n  a\nexcept A, B: pass\n" + "+".join("a" * 20_000), "CL002"),
    "and, 100,000": (" and ".join("a" * 100_000), "CL002"),
    "and, 5,000": (" and ".join("a" * 5_000), "CL002"),
    "attributes, 8,000": ("a" + ".b" * 8_000, "CL002"),
    "attributes, 1,900": ("a" + ".b" * 1_900, None),
    "calls, 8,000": ("f" + "()" * 8_000, "CL002"),
    "subscripts, 8,000": ("f" + "[0]" * 8_000, "CL002"),
    "calls of methods, 900": ("a" + ".b()" * 900, None),
    "elif, 3,000": ("if a: pass\n" + "elif a: pass\n" * 3_000, "CL002"),
    "elif, 1,900": ("if a: pass\n" + "elif a: pass\n" * 1_900, None),
    "elif, 100,000": ("if a: pass\n" + "elif a: pass\n" * 100_000, "CL002"),
    "strings, 2,500": ("x = (" + "'a'\n" * 2_500 + ")", None),
    "strings, 100,000": ("x = (" + "'a'\n" * 100_000 + ")", "CL002"),
    "not, 3,000": ("not " * 3_000 + "a", "CL002"),
    "not, 300": ("not " * 300 + "a", None),
    "minus, 100,000": ("-" * 100_000 + "a", "CL002"),
    "lambda, 1,000": ("lambda: " * 1_000 + "a", "CL002"),
    "lambda with commas, 50,000": ("lambda a, b: " * 50_000 + "a", "CL002"),
    "conditions, 2,000": ("a if b else " * 2_000 + "c", "CL002"),
    "powers, 3,000": (" ** ".join("a" * 3_000), "CL002"),
    "comprehension, 3,000 for": ("[a " + "for a in b " * 3_000 + "]", "CL002"),
    "dotted import, 8,000": ("import a" + ".b" * 8_000, "CL002"),
    "pattern, 5,000": ("match x:\n  case a" + ".b" * 5_000 + ": pass", "CL002"),
    "blocks, 95": ("".join(" " * i + "if a:\n" for i in range(95)) + " " * 95 + "pass", None),
    "blocks, 150": ("".join(" " * i + "if a:\n" for i in range(150)) + " " * 150 + "pass", "CL001"),
    "targets, 50,000": ("a = " * 50_000 + "1", "CL002"),
    "list of 100,000 on one line": ("x = [" + "1, " * 100_000 + "]", None),
    "list of a million": ("x = [" + "1, " * 1_000_000 + "]", "CL002"),
    "strings, unterminated": ("'" * 3_001 + '"' * 50_001, "CL001 CL002"),
    "dict of 20,000 lines": ("x = {\n" + "".join(f"  'k{i}': {i},\n" for i in range(20_000)) + "}", None),
}

RUN = """
import sys
from contract_lint.model.errors import SourceError
from contract_lint.python.parse import parse, run_with_deep_stack
from contract_lint.sources.read import Source
def work():
    try:
        parse(Source("a.py", sys.stdin.read(), ""))
    except SourceError as error:
        assert error.span.line > 0 and error.span.column > 0
        return error.rule
    return "parsed"
print(run_with_deep_stack(work))
"""


@pytest.mark.parametrize("name", BOMBS)
def test_no_text_kills_the_process(name: str) -> None:
    text, rules = BOMBS[name]
    done = subprocess.run([sys.executable, "-c", RUN], input=text + "\n", text=True, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.strip() in (rules or "parsed").split()


def test_where_a_refusal_points() -> None:
    assert place(refused("a = 1\nb = é(\n" + "[" * 400 + "]" * 400 + ")")) == ("CL002", 3, MAX_BRACKETS)
    assert place(refused("a = 1\n'é'; b = " + "+".join("a" * (MAX_CHAIN + 2)))) == ("CL002", 2, 10)
    assert place(refused("a = 1\nb = " + "-" * (MAX_DEPTH + 10) + "a"))[:2] == ("CL002", 2)


def test_chains_count_once() -> None:
    for text in ("+".join("a" * 1_000), "a" + ".b()[0]" * 600, "if a: pass\n" + "elif a: pass\n" * 1_000):
        assert parsed(text).tree is not None
    # A chain in each link of a chain is a level more.
    text = "a"
    for _ in range(150):
        text = f"f({text}).b.c + 1"
    assert parsed(text).tree is not None


STRINGS = r"""
x = f'{a!r:>{w}} {{}} {b}' + '(((([[[[' + '\\' + r'\\(' + '\'(' + "\"[" + '''(
'( \''' (((''' + b'((' + "{" '{'  # (((( '
"""


@pytest.mark.parametrize(
    "text",
    [
        "x = {" + "'a': [1, -2 + 3 * 4], 'b': {'c': (1.5, f(x.y))},\n" * 2_000 + "}",
        "def f(a, b):\n    return a.b(c) + d[1:2] == 3 and not e if f else lambda x: x\n" * 2_000,
        STRINGS * 1_000,
        "a = 1; b = 2; " * 2_000,
        "if a and b or c:\n    x = 1\nelif d:\n    y = 2\nelse:\n    z = 3\n" * 1_000,
    ],
)
def test_long_ordinary_texts_pass(text: str) -> None:
    assert ast.parse(text)
    check_text(text, "a.py")


def test_a_misread_string_does_not_spoil_the_rest() -> None:
    # Only Python 3.12 and later read these; a scan without a grammar sees a bracket between two strings.
    check_text('def f():\n    return f"{x.split("(")[0]}"\n' * 1_000, "a.py")


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab'\"\\\n ()[]{}#,;:+=.frélambdif", max_size=80))
def test_any_text(text: str) -> None:
    try:
        check_text(text, "a.py")
        found = parse(Source("a.py", text, ""))
    except SourceError as error:
        lines = text.split("\n")
        assert error.rule in ("CL001", "CL002")
        assert 1 <= error.span.line <= len(lines)
        assert 1 <= error.span.column <= len(lines[error.span.line - 1]) + 1
    else:
        # libcst drops a joining at the start of a text, and the end of a last line that is a comment ending with a backslash.
        assert re.sub(r"[\\\n]", "", found.module.code) == re.sub(r"[\\\n]", "", text)


def test_our_own_sources_parse() -> None:
    for file in sorted((Path(__file__).parents[2] / "contract_lint").rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        check_text(text, str(file))
        assert parse(Source(str(file), text, "")).tree is not None


# --- the deep stack ---


def test_results_and_errors_come_back() -> None:
    assert run_with_deep_stack(lambda: 42) == 42
    with pytest.raises(KeyError, match="gone"):
        run_with_deep_stack(lambda: {}["gone"])
    with pytest.raises(SystemExit):
        run_with_deep_stack(sys.exit)


def test_the_stack_is_deep_and_the_limits_are_restored() -> None:
    def depth(count: int) -> int:
        return 0 if count == 0 else 1 + depth(count - 1)

    before = sys.getrecursionlimit(), threading.stack_size()
    assert run_with_deep_stack(lambda: depth(10_000)) == 10_000
    assert (sys.getrecursionlimit(), threading.stack_size()) == before


def test_a_system_that_refuses_the_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    real = threading.Thread.start

    def start(thread: threading.Thread) -> None:
        sizes.append(threading.stack_size())
        if sizes[-1] > 64 * 1024 * 1024:
            raise RuntimeError("can't start new thread")
        real(thread)

    monkeypatch.setattr(threading.Thread, "start", start)
    assert run_with_deep_stack(lambda: 1) == 1
    assert [size >> 20 for size in sizes] == [256, 128, 64]
