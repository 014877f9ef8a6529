"""Reading of files as text, with the lines and columns that an editor shows."""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import tokenize
from functools import cached_property
from pathlib import Path

from msgspec import Struct

from contract_lint.model.errors import SourceError
from contract_lint.model.span import NOTEBOOK, Span, whole_file

#: Larger files are not read. Most of a notebook is what its cells put out.
MAX_BYTES = 10 * 1024 * 1024
MAX_NOTEBOOK_BYTES = 100 * 1024 * 1024

_BOM = b"\xef\xbb\xbf"
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+", re.ASCII)


class Source(Struct, frozen=True, dict=True):
    """One file as text.

    ``path`` is relative to the project root, with ``/``. In ``text`` every line ends with ``\\n`` whatever the file has, and a
    BOM is gone; ``digest`` is the SHA-256 of the file's bytes, in hex.
    """

    path: str
    text: str
    digest: str

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines as Python counts them (form feeds and U+2028 end none), without their ends; never empty."""
        return tuple(self.text.split("\n"))


def read(root: Path, path: str) -> Source:
    """Read one file below ``root``. Raises SourceError CL002 where it cannot be read or decoded."""
    data = read_bytes(root, path)
    return Source(path, decode(data, path), hashlib.sha256(data).hexdigest())


def decode(data: bytes, path: str) -> str:
    """The text of a Python file, by its BOM or its encoding cookie (PEP 263). Raises SourceError CL002."""
    # Line ends first: the encoding cookie is looked for by lines, and detect_encoding knows no lone CR.
    data = _unix_ends(data.removeprefix(_BOM) if (marked := data.startswith(_BOM)) else data)
    nul = data.find(b"\0")
    if nul >= 0:
        raise SourceError("CL002", _place(data, nul, "latin-1", path), "contains a NUL byte")
    encoding = _encoding(data, marked, path)
    try:
        text = data.decode(encoding)
        if encoding != "utf-8":
            text.encode("utf-8")  # odd codecs can make lone surrogates
    except UnicodeDecodeError as error:
        raise SourceError("CL002", _place(data, error.start, encoding, path), f"not valid {encoding} text") from None
    except (LookupError, ValueError) as error:
        raise SourceError("CL002", whole_file(path), f"cannot be decoded as {encoding}: {error}") from None
    if encoding != "utf-8":
        text = text.replace("\r\n", "\n").replace("\r", "\n")
        if "\0" in text:
            raise SourceError("CL002", whole_file(path), "contains a NUL character")
    return text


def read_bytes(root: Path, path: str) -> bytes:
    """The bytes of one file below ``root``. Raises SourceError CL002 for what is unreadable, too large or no regular file."""
    try:
        # Not to wait for ever at a FIFO that has no writer.
        descriptor = os.open(root / path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SourceError("CL002", whole_file(path), "not a regular file")
            limit = MAX_NOTEBOOK_BYTES if path.endswith(NOTEBOOK) else MAX_BYTES
            if status.st_size > limit:
                size, limit = status.st_size / 1024 / 1024, limit // 1024 // 1024
                raise SourceError("CL002", whole_file(path), f"too large: {size:.1f} MB, the limit is {limit} MB")
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                return stream.read()
        finally:
            os.close(descriptor)
    except OSError as error:
        raise SourceError("CL002", whole_file(path), f"cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise SourceError("CL002", whole_file(path), f"cannot be read: {error}") from None


def _unix_ends(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in data else data


def _encoding(data: bytes, marked: bool, path: str) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO((_BOM if marked else b"") + data).readline)
    except SyntaxError as error:
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as bad:
            if not any(_COOKIE.match(line) for line in data.split(b"\n", 2)[:2]):
                raise SourceError("CL002", _place(data, bad.start, "utf-8", path), "not valid utf-8 text") from None
        line = 1 if _COOKIE.match(data.split(b"\n", 1)[0]) else 2
        raise SourceError("CL002", Span(path, line, 1, line, 1), str(error.msg or error).removesuffix(f" for {path!r}")) from None
    return "utf-8" if encoding in ("utf-8-sig", "utf-8") else encoding


def _place(data: bytes, offset: int, encoding: str, path: str) -> Span:
    """The place of one byte, in code points of ``encoding``."""
    start = data.rfind(b"\n", 0, offset) + 1
    line = data.count(b"\n", 0, offset) + 1
    try:
        column = len(data[start:offset].decode(encoding, "replace")) + 1
    except ValueError:  # a codec that cannot replace, such as idna
        column = offset - start + 1
    return Span(path, line, column, line, column + 1)
