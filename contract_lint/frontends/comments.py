"""What comments beside ports declare: ``# contract-lint: type=Name<model>`` and ``# contract-lint: external``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from contract_lint.model.contract import Direction, Port
from contract_lint.model.evidence import Evidence, Rank, merge
from contract_lint.model.span import Span
from contract_lint.model.types import parse_type
from contract_lint.python.evaluate import Evaluator

_COMMENT = re.compile(r"#\s*contract-lint:\s*(?P<words>.*)")
_TYPE = re.compile(r"\btype=(?P<type>.+?)(?:\s+--.*)?$")
_EXTERNAL = re.compile(r"(?<![\w=<])external(?![\w=>])")


def commented(ev: Evaluator, ports: Iterable[Port]) -> Iterator[Port]:
    """The ports with what a comment in the line of their name declares; a type that cannot be read declares nothing."""
    for port in ports:
        found = _in_line(ev, port.origin)
        if found is None:
            yield port
            continue
        text, span = found
        written = _TYPE.search(text)
        if written is not None:
            try:
                type = parse_type(written["type"].strip())
            except ValueError:
                yield port
                continue
            declared = Evidence(Rank.DECLARED, type, f"declared as {written['type'].strip()} in a comment", span)
            yield replace(port, typing=merge([*port.typing.evidence, declared]))
        elif port.direction is Direction.INPUT and _EXTERNAL.search(text):
            yield replace(port, external="a comment says that it comes from outside")
        else:
            yield port


def _in_line(ev: Evaluator, place: Span) -> tuple[str, Span] | None:
    """The words of a comment for this tool in a line, and where it stands."""
    for span, text in ev.comments(place.path):
        words = _COMMENT.search(text)
        if (span.cell, span.line) == (place.cell, place.line) and words is not None:
            return words["words"], span
    return None
