"""The graph as Mermaid text, which Git hosts and wikis draw."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from contract_lint.report.escape import encodable, escape
from contract_lint.report.graph.drawing import (
    BROKEN,
    CANDIDATE,
    KIND_LOOKS,
    NOTE_LOOKS,
    ORDER,
    OTHER_LOOK,
    Drawing,
    Link,
    LinkKind,
    Look,
    Node,
    kind_of,
    link_lines,
    node_lines,
    note_lines,
)

_ARROWS = {LinkKind.DATA: "-->", LinkKind.CANDIDATE: "-.->", LinkKind.MISSING_EDGE: "--x", LinkKind.ORDER: "-.->"}

FOCUS = "Focus"


def render(drawings: Sequence[Drawing], encoding: str = "utf-8") -> str:
    """One flowchart with a subgraph for each pipeline."""
    lines = ["flowchart LR"]
    for drawing in drawings:
        lines += _pipeline(drawing, encoding)
    # The lines of notes come last: styles count the links from the first one on.
    lines += [f"  {note.id} -.- {note.target}" for drawing in drawings for note in drawing.notes]
    links = [link for drawing in drawings for link in drawing.links]
    lines += [*_link_styles(links), *_classes(drawings)]
    return "".join(f"{line}\n" for line in lines)


def _pipeline(drawing: Drawing, encoding: str) -> Iterator[str]:
    yield f"  subgraph {drawing.id}[{_label([drawing.title], encoding)}]"
    for node in drawing.nodes:
        yield f"    {node.id}[{_label(node_lines(node), encoding)}]:::{_class(node)}"
    for note in drawing.notes:
        yield f"    {note.id}([{_label(note_lines(note), encoding)}]):::{note.outcome.value}"
    yield "  end"
    for link in drawing.links:
        lines = link_lines(link)
        label = f"|{_label(lines, encoding)}|" if lines else ""
        yield f"  {link.source} {_ARROWS[link.kind]}{label} {link.target}"


def _class(node: Node) -> str:
    kind = (kind_of(node) or "Other") if node.step.declared else "Undeclared"
    return f"{kind}{FOCUS}" if node.focused else kind


def _classes(drawings: Sequence[Drawing]) -> Iterator[str]:
    """The classes that are used; without a semicolon at the end: before one, Mermaid takes a colour for an entity."""
    styles = {kind: _style(look) for kind, look in KIND_LOOKS.items()}
    styles |= {"Other": _style(OTHER_LOOK), "Undeclared": f"{_style(OTHER_LOOK)},stroke-dasharray:6 3"}
    styles |= {f"{name}{FOCUS}": f"{style},stroke-width:4px" for name, style in styles.items()}
    styles |= {outcome.value: f"{_style(look)},stroke-dasharray:3 3" for outcome, look in NOTE_LOOKS.items()}
    used = {_class(node) for drawing in drawings for node in drawing.nodes}
    used |= {note.outcome.value for drawing in drawings for note in drawing.notes}
    yield from (f"  classDef {name} {style}" for name, style in styles.items() if name in used)


def _style(look: Look) -> str:
    return f"fill:{look.fill},stroke:{look.stroke},color:#0f172a"


def _link_styles(links: Sequence[Link]) -> Iterator[str]:
    for stroke, chosen in (
        (BROKEN, [number for number, link in enumerate(links) if link.broken]),
        (CANDIDATE, [number for number, link in enumerate(links) if link.kind is LinkKind.CANDIDATE and not link.broken]),
        (ORDER, [number for number, link in enumerate(links) if link.kind is LinkKind.ORDER]),
    ):
        if chosen:
            yield f"  linkStyle {','.join(map(str, chosen))} stroke:{stroke}"


def _label(lines: Iterable[str], encoding: str) -> str:
    return f'"{"<br/>".join(quoted(line, encoding) for line in lines)}"'


#: Letters that Mermaid itself puts in the place of ``#`` and ``;`` while it works.
_RESERVED = frozenset("ﬂß")
#: Punctuation that means nothing to Mermaid or Markdown within a word.
_WITHIN_WORDS = frozenset("_.-/=")


def quoted(text: str, encoding: str = "utf-8") -> str:
    """The text as a part of a quoted label.

    Labels are read as Markdown and shown as HTML: whatever is no letter, digit, single space or punctuation within a word is an
    entity, ``#34;``.
    """
    safe = escape(text)
    neighbours = zip(f" {safe}", f"{safe[1:]} ", strict=False)
    return "".join(
        char if _plain(char, before, after, encoding) else f"#{ord(char)};" for char, (before, after) in zip(safe, neighbours, strict=False)
    )


def _plain(char: str, before: str, after: str, encoding: str) -> bool:
    if char == " ":
        return " " not in (before, after)  # at the ends, Mermaid cuts it off
    if char in _WITHIN_WORDS:
        return _word(before) and _word(after)
    return char not in _RESERVED and unicodedata.category(char)[0] in "LN" and encodable(char, encoding)


def _word(char: str) -> bool:
    return char.isascii() and char.isalnum()
