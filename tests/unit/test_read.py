from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_lint.model.errors import SourceError
from contract_lint.model.span import Span
from contract_lint.sources import read as module
from contract_lint.sources.read import decode, read


def refused(data: bytes) -> SourceError:
    with pytest.raises(SourceError) as caught:
        decode(data, "a.py")
    assert caught.value.rule == "CL002"
    return caught.value


def test_read(tmp_path: Path) -> None:
    data = "a = 'é'\r\nb = 2\r\n".encode()
    (tmp_path / "p").mkdir()
    (tmp_path / "p/a.py").write_bytes(data)
    source = read(tmp_path, "p/a.py")
    assert (source.path, source.text, source.lines) == ("p/a.py", "a = 'é'\nb = 2\n", ("a = 'é'", "b = 2", ""))
    assert source.digest == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", ""),
        (b"a\nb", "a\nb"),
        (b"a\r\nb\rc\n\rd", "a\nb\nc\n\nd"),
        ("\ufeffa = 'é'".encode(), "a = 'é'"),
        ("\ufeff# coding: utf-8\na".encode(), "# coding: utf-8\na"),
        (b"# -*- coding: latin-1 -*-\na = '\xe9'", "# -*- coding: latin-1 -*-\na = 'é'"),
        (
            b"#!/usr/bin/python\r# vim: set fileencoding=cp1252 :\ra = '\x80'",
            "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\na = '€'",
        ),
        ("# coding: shift_jis\na = '表'".encode("shift_jis"), "# coding: shift_jis\na = '表'"),
        (b"a = 1 \r# hello\rb = '# coding: latin-1'", "a = 1 \n# hello\nb = '# coding: latin-1'"),
        (b"\n\n# coding: nonsense", "\n\n# coding: nonsense"),
    ],
)
def test_decode(data: bytes, text: str) -> None:
    assert decode(data, "a.py") == text


def test_only_line_feeds_end_a_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes("a\x0cb\x0bc\x85d\u2028e\x1cf\ng".encode())
    assert len(read(tmp_path, "a.py").lines) == 2


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"\xff", 1, 1),
        ("ok = 1\nname = 'é".encode() + b"\xe9'", 2, 10),
        (b"a\r\nb\rcd\x80", 3, 3),
        (b"\xef\xbb\xbfa\x80", 1, 2),
        (b"\n\n\n  \xc3", 4, 3),
        (b"\xff\xfea\x00", 1, 4),
        (b"# coding: ascii\n\xc3\xa9", 2, 1),
        (b"# coding: cp1252\na\x81", 2, 2),
    ],
)
def test_bytes_that_are_no_text(data: bytes, line: int, column: int) -> None:
    assert refused(data).span == Span("a.py", line, column, line, column + 1)


def test_nul_bytes() -> None:
    error = refused(b"a = 1\nb = '\0'")
    assert (error.span.line, error.span.column) == (2, 6)
    assert "NUL" in error.message


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"# coding: nonsense\n", 1),
        (b"#!x\n# coding: nonsense\n\xff", 2),
        (b"\xef\xbb\xbf# coding: latin-1\n", 1),
        (b"# coding: hex\n", 1),
        (b"# coding: unicode_escape\n\\ud800", 1),
        (b"# coding: unicode_escape\na\\0", 1),
        (b"# coding: undefined\n", 1),
    ],
)
def test_encodings_that_are_refused(data: bytes, line: int) -> None:
    assert refused(data).span.line == line


@given(
    st.binary(max_size=200)
    | st.builds(lambda c, d: b"# coding: " + c + b"\n" + d, st.sampled_from([b"utf-16", b"utf-7", b"idna"]), st.binary())
)
def test_any_bytes(data: bytes) -> None:
    try:
        text = decode(data, "a.py")
    except SourceError as error:
        assert error.rule == "CL002"
        assert error.span.line >= 1 and error.span.column >= 1
    else:
        assert not {"\r", "\0"} & set(text)
        text.encode("utf-8")


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "folder.py").mkdir()
    (tmp_path / "big.py").write_bytes(b"#" * 3_000)
    monkeypatch.setattr(module, "MAX_BYTES", 2_000)
    for name, part in (
        ("gone.py", "cannot be read"),
        ("folder.py", "regular|read"),
        ("big.py", "too large"),
        ("nul\0.py", "cannot be read"),
    ):
        with pytest.raises(SourceError, match=part) as caught:
            read(tmp_path, name)
        assert caught.value.rule == "CL002"
        assert caught.value.span == Span(name, 1, 1, 1, 1)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs FIFOs")
def test_a_fifo_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    with pytest.raises(SourceError, match="not a regular file"):
        read(tmp_path, "pipe.py")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs permissions that hold")
def test_a_file_without_permission(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("a = 1")
    (tmp_path / "a.py").chmod(0)
    with pytest.raises(SourceError, match="Permission denied"):
        read(tmp_path, "a.py")
