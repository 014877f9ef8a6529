"""The words by which two names may be about the same thing: for suggestions alone, no name is bound by them."""

from __future__ import annotations

from collections.abc import Collection

from contract_lint.model.names import JOB_TYPES, Canonical, canonical, form, job_type, parse_name, words

__all__ = ["JOB_TYPES", "STOP_WORDS", "Canonical", "canonical", "form", "job_type", "keywords", "parse_name", "words"]

#: Words that say nothing about which data is meant.
STOP_WORDS = ("data", "input", "output", "path", "model", "s3", "uri", "dir", "file")


def keywords(name: str, stop_words: Collection[str] = STOP_WORDS) -> frozenset[str]:
    """The words of a name without stop words; ``stop_words`` are in lower case."""
    return frozenset(words(name)).difference(stop_words)
