"""Which name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, names: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The names most like ``name``, case and ``_`` against ``-`` aside, best first; none if nothing is near."""
    folded: dict[str, str] = {}
    for known in sorted(names):
        folded.setdefault(_fold(known), known)
    return tuple(folded[match] for match in difflib.get_close_matches(_fold(name), list(folded), n=limit, cutoff=0.6))


def _fold(name: str) -> str:
    return name.casefold().replace("_", "-")
