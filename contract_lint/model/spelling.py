"""Which name was meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

#: So many names that are equally near are put in order.
_TIES = 5


#: How like two names are, from 0 to 1, of which one is likely a misspelling of the other.
MISSPELT = 0.85


def nearest(name: str, names: Iterable[str], limit: int = 3, cutoff: float = 0.6) -> tuple[str, ...]:
    """The names most like ``name``, case and ``_`` against ``-`` aside, best first; none if nothing is as like as ``cutoff``."""
    folded: dict[str, str] = {}
    for known in sorted(names):
        folded.setdefault(_fold(known), known)
    wanted = _fold(name)
    near = difflib.get_close_matches(wanted, list(folded), n=limit + _TIES, cutoff=cutoff)
    near.sort(key=lambda match: (-difflib.SequenceMatcher(None, match, wanted).ratio(), match))
    return tuple(folded[match] for match in near[:limit])


def _fold(name: str) -> str:
    return name.casefold().replace("_", "-")
