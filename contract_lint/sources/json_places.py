"""JSON documents with the places of their values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

from contract_lint.model.errors import SourceError
from contract_lint.model.span import Span
from contract_lint.sources.read import Source

if TYPE_CHECKING:
    from tree_sitter import Node

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"
#: The keys and indices that lead to a value.
Pointer: TypeAlias = "tuple[str | int, ...]"


class Document(Struct, frozen=True):
    """A JSON document: ``value`` is what it holds, ``place`` tells where a value of it stands."""

    source: Source
    value: Json

    def places(self) -> Places:
        """The places of the values; the document is parsed a second time for them."""
        return Places(self.source)


def load(source: Source) -> Document:
    """Read a JSON document. Raises SourceError CL002 with the place where it is none."""
    try:
        value: Json = json.loads(source.text)
    except json.JSONDecodeError as error:
        span = Span(source.path, error.lineno, error.colno, error.lineno, error.colno + 1)
        raise SourceError("CL002", span, f"not valid JSON: {error.msg}") from None
    except ValueError:  # Python reads no numbers of thousands of digits
        raise SourceError("CL002", Span(source.path, 1, 1, 1, 1), "holds a number that is too long to be read") from None
    except RecursionError:
        raise SourceError("CL002", Span(source.path, 1, 1, 1, 1), "nested too deeply to be read") from None
    return Document(source, value)


class Places:
    """Where the values of one JSON document stand. The document is valid: `load` has read it."""

    def __init__(self, source: Source) -> None:
        import tree_sitter_json
        from tree_sitter import Language, Parser

        self._path = source.path
        self._lines = [line.encode("utf-8", "surrogatepass") for line in source.lines]
        tree = Parser(Language(tree_sitter_json.language())).parse(b"\n".join(self._lines))
        self._root = next(iter(tree.root_node.named_children), tree.root_node)
        self._children: dict[int, list[Node]] = {}

    def of(self, pointer: Pointer) -> Span:
        """The place of a value; of what is not there, that of the last part that is."""
        node = self._root
        for part in pointer:
            found = self._item(node, part) if isinstance(part, int) else self._member(node, part)
            if found is None:
                break
            node = found
        return self._span(node)

    def _inside(self, node: Node) -> list[Node]:
        """The nodes inside of one; asked once for each, as it takes long where there are many."""
        if node.id not in self._children:
            self._children[node.id] = [child for child in node.named_children if child.type != "comment"]
        return self._children[node.id]

    def _item(self, node: Node, index: int) -> Node | None:
        items = self._inside(node)
        return items[index] if node.type == "array" and index < len(items) else None

    def _member(self, node: Node, name: str) -> Node | None:
        """The value of a key; of one that stands there twice the last, which counts."""
        found: Node | None = None
        for pair in self._inside(node):
            key = pair.child_by_field_name("key") if pair.type == "pair" else None
            if key is not None and key.text is not None and json.loads(key.text) == name:
                found = pair.child_by_field_name("value")
        return found

    def _span(self, node: Node) -> Span:
        start, end = node.start_point, node.end_point
        return Span(self._path, start[0] + 1, self._column(*start), end[0] + 1, self._column(*end))

    def _column(self, row: int, column: int) -> int:
        """The column in code points of a place in bytes."""
        line = self._lines[row]
        return (column if line.isascii() else len(line[:column].decode("utf-8", "replace"))) + 1
