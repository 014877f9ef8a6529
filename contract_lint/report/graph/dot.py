"""The graph in Graphviz's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contract_lint.model.wiring import Outcome
from contract_lint.report.escape import backslash, encodable, escape
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
    Node,
    Note,
    kind_of,
    link_lines,
    node_lines,
    note_lines,
)

_HEAD = (
    "digraph pipelines {",
    "  rankdir=LR;",
    '  graph [fontname="Helvetica"];',
    '  node [shape=box, style="rounded,filled", fontname="Helvetica"];',
    '  edge [fontname="Helvetica", fontsize=10];',
)


def render(drawings: Sequence[Drawing], encoding: str = "utf-8") -> str:
    """One digraph with a cluster for each pipeline."""
    lines = [*_HEAD, *(line for drawing in drawings for line in _pipeline(drawing, encoding)), "}"]
    return "".join(f"{line}\n" for line in lines)


def _pipeline(drawing: Drawing, encoding: str) -> Iterator[str]:
    yield f"  subgraph cluster_{drawing.id} {{"
    yield f"    label={_label([drawing.title], encoding)};"
    for node in drawing.nodes:
        yield f"    {node.id} [{_node(node, encoding)}];"
    for note in drawing.notes:
        yield f"    {note.id} [{_note(note, encoding)}];"
    yield "  }"
    for link in drawing.links:
        yield f"  {link.source} -> {link.target} [{_link(link, encoding)}];"
    for note in drawing.notes:
        yield f"  {note.id} -> {note.target} [style=dotted, arrowhead=none];"


def _node(node: Node, encoding: str) -> str:
    kind = kind_of(node)
    look = KIND_LOOKS[kind] if kind is not None else OTHER_LOOK
    attributes = {"label": _label(node_lines(node), encoding), "fillcolor": f'"{look.fill}"', "color": f'"{look.stroke}"'}
    if not node.step.declared:
        attributes["style"] = '"rounded,filled,dashed"'
    if node.focused:
        attributes["penwidth"] = "3"
    return _attributes(attributes)


def _note(note: Note, encoding: str) -> str:
    look = NOTE_LOOKS[note.outcome]
    attributes = {
        "label": _label(note_lines(note), encoding),
        "shape": "note",
        "style": "filled",
        "fontsize": "10",
        "fillcolor": f'"{look.fill}"',
        "color": f'"{look.stroke}"',
    }
    if note.outcome is Outcome.MISSING:
        attributes["fontcolor"] = f'"{BROKEN}"'
    return _attributes(attributes)


def _link(link: Link, encoding: str) -> str:
    attributes: dict[str, str] = {}
    lines = link_lines(link)
    if lines:
        attributes["label"] = _label(lines, encoding)
    if link.kind is LinkKind.ORDER:
        attributes |= {"style": "dashed", "color": f'"{ORDER}"'}
    elif link.broken:
        attributes |= {"color": f'"{BROKEN}"', "fontcolor": f'"{BROKEN}"'}
    elif link.kind is LinkKind.CANDIDATE:
        attributes |= {"color": f'"{CANDIDATE}"'}
    if link.kind is LinkKind.CANDIDATE:
        attributes["style"] = "dashed"
    if link.kind is LinkKind.MISSING_EDGE:
        attributes |= {"style": "dashed", "arrowhead": "tee", "constraint": "false"}
    return _attributes(attributes)


def _attributes(attributes: Mapping[str, str]) -> str:
    return ", ".join(f"{name}={value}" for name, value in attributes.items())


def _label(lines: Iterable[str], encoding: str) -> str:
    return '"' + "\\n".join(quoted(line, encoding) for line in lines) + '"'


def quoted(text: str, encoding: str = "utf-8") -> str:
    """The text as a part of a quoted label, where Graphviz reads backslashes and HTML's entities."""
    return "".join(_quoted(char, encoding) for char in escape(text))


#: The last character that Graphviz finds behind an entity.
_LAST_ENTITY = "\uffff"


def _quoted(char: str, encoding: str) -> str:
    if not encodable(char, encoding):
        return f"&#{ord(char)};" if char <= _LAST_ENTITY else f"\\{backslash(char)}"
    return {"\\": "\\\\", '"': '\\"', "&": "&amp;"}.get(char, char)
