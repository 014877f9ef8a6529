"""Which members a wrong name may have meant."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
#: From this likeness on two names are one name misspelt.
_MISSPELT = 0.9


def stems(name: str) -> frozenset[str]:
    """The words of a name, lower case, in the singular: `TrainingMetrics` is training and metric."""
    return frozenset(_singular(word.lower()) for word in _WORDS.findall(name))


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _plain(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()


def nearest(name: str, members: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The members that resemble a name, best first.

    One name misspelt comes first, then names that share a word (a rare word counts more than one that many members have), then
    names that merely look alike.
    """
    pool = sorted(set(members))
    words = {member: stems(member) for member in pool}
    spread = Counter(stem for member in pool for stem in words[member])
    wanted, plain = stems(name), _plain(name)
    ranked: list[tuple[bool, float, float, str]] = []
    for member in pool:
        likeness = SequenceMatcher(None, plain, _plain(member), autojunk=False).ratio()
        shared = sum(sorted(math.log1p(len(pool) / spread[stem]) for stem in wanted & words[member]))
        if shared or likeness >= 0.6:
            ranked.append((likeness < _MISSPELT, -shared if likeness < _MISSPELT else 0.0, -likeness, member))
    return tuple(member for *_, member in sorted(ranked)[:limit])
