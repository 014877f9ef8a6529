"""Make text from the code safe to print: no control or bidi characters, nothing that the output's encoding lacks."""

from __future__ import annotations

import unicodedata

#: Characters of our own messages, with what stands for them where the encoding has none.
ASCII = {
    "→": "->",
    "←": "<-",
    "…": "...",
    "–": "-",
    "—": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "×": "x",
    "≤": "<=",
    "≥": ">=",
    "·": "-",
}

#: Control, format (bidi controls, zero-width characters), surrogate, line and paragraph separator.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def escape(text: str, encoding: str = "utf-8") -> str:
    """Replace what could move the cursor, hide text or break the output by backslash escapes.

    Tabs are escaped too: expand them first where they are indentation. Unknown encodings count as ASCII.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char, encoding) for char in text)


def _escaped(char: str, encoding: str) -> str:
    if unicodedata.category(char) in _UNSAFE:
        return backslash(char)
    if encodable(char, encoding):
        return char
    return ASCII.get(char) or backslash(char)


def backslash(char: str) -> str:
    """The escape of one character: ``\\n``, ``\\x1b``, ``\\u2028``."""
    code = ord(char)
    named = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(char)
    if named:
        return named
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def encodable(char: str, encoding: str) -> bool:
    """Whether the encoding has the character; one that is not known counts as ASCII."""
    try:
        return char.isascii() or bool(char.encode(encoding))
    except (UnicodeError, LookupError):
        return False
