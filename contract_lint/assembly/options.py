"""What a project may say about matching."""

from __future__ import annotations

from msgspec import Struct

from contract_lint.assembly.names import JOB_TYPES, STOP_WORDS


class Override(Struct, frozen=True):
    """The configuration's word on one input: it gets this output of ``producer``, or comes from outside (both None)."""

    step: str
    input: str
    producer: str | None = None
    output: str | None = None


class AllowList(Struct, frozen=True):
    """The steps that alone may feed an input, by their names, kinds or builders; ``step`` None stands for all steps."""

    input: str
    sources: tuple[str, ...]
    step: str | None = None


class MatchOptions(Struct, frozen=True):
    """How to match.

    ``aliases`` are groups of port names that mean the same. ``tags`` are (name of a port, content tag): a port of this name holds such
    content, whatever its type says. ``stop_words`` and ``job_types`` are in lower case. With ``everyone`` every other step counts as a
    direct predecessor, whatever the edges say: for steps whose order follows from the wiring.
    """

    aliases: tuple[tuple[str, ...], ...] = ()
    allow_lists: tuple[AllowList, ...] = ()
    overrides: tuple[Override, ...] = ()
    tags: tuple[tuple[str, str], ...] = ()
    stop_words: tuple[str, ...] = STOP_WORDS
    job_types: tuple[str, ...] = JOB_TYPES
    everyone: bool = False


DEFAULTS = MatchOptions()
