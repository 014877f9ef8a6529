"""How step-builder frameworks write contracts: what reading their code and calling their methods have in common."""

from __future__ import annotations

import re

#: What callers pass to a step's builder beside data.
PSEUDO_INPUTS = frozenset({"dependencies", "enable_caching", "inputs", "outputs"})

#: "optional" says so, unless it is denied or tells how something is done.
OPTIONAL = re.compile(r"(?<!not )(?<!non-)(?<!non)\boptional\b", re.IGNORECASE)

_LISTED = re.compile(r"^\s*dict(?:ionary)?\s+containing\s+(?P<names>[\w.\-]+(?:\s*,\s*[\w.\-]+)*)", re.IGNORECASE)
_WORD = re.compile(r"\w+")


def says_optional(description: str) -> bool:
    """Whether a description makes its input optional."""
    return OPTIONAL.search(description) is not None


def listed_names(description: str | None) -> tuple[str, ...]:
    """The inputs that ``"inputs": "Dictionary containing a, b S3 paths"`` stands for: a and b."""
    found = _LISTED.match(description or "")
    return tuple(re.split(r"\s*,\s*", found["names"])) if found else ()


def is_descriptor(description: str | None, name: str) -> bool:
    """Whether a description is one word that is no repetition of the name: then it is another name of the port."""
    return description is not None and description != name and _WORD.fullmatch(description) is not None
