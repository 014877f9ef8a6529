"""YAML documents with the places of their nodes, and what is wrong with them as YAML.

Values mean what ``yaml.safe_load`` makes of them (YAML 1.1). Aliases share the node of their anchor, so that a place is where a value is
written, however often it is used; merge keys are followed. Time and memory are bounded: nodes are counted while they are composed, and
the size that a document has with all aliases written out is computed without writing any out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import yaml
from msgspec import Struct
from yaml.composer import Composer
from yaml.constructor import SafeConstructor

from contract_lint.model.errors import SourceError
from contract_lint.model.project import DocumentProblem
from contract_lint.model.span import Span
from contract_lint.sources.read import Source

if TYPE_CHECKING:

    class _Parser:
        """What is used of PyYAML's loaders."""

        def __init__(self, stream: str) -> None: ...
        def get_event(self) -> yaml.Event: ...
        def peek_event(self) -> yaml.Event: ...
        def check_event(self, *kinds: type[yaml.Event]) -> bool: ...
else:
    _Parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: How the names of such documents end.
YAML = (".yaml", ".yml")

#: More nodes, aliases written out, or levels are not read.
MAX_NODES = 500_000
MAX_DEPTH = 100

MALFORMED, DUPLICATE, COMPLEX = "CL011", "CL012", "CL014"

_TAG = "tag:yaml.org,2002:"
TEXT, MAPPING, LIST, NULL = (f"{_TAG}{kind}" for kind in ("str", "map", "seq", "null"))
_MERGE = f"{_TAG}merge"
_CONVERTED = frozenset(f"{_TAG}{kind}" for kind in ("int", "float", "bool", "timestamp", "binary"))
_KNOWN = frozenset({TEXT, MAPPING, LIST, NULL, _MERGE, *_CONVERTED, *(f"{_TAG}{kind}" for kind in ("set", "omap", "pairs"))})
_KINDS = {
    TEXT: "a text",
    MAPPING: "a mapping",
    LIST: "a list",
    NULL: "nothing",
    f"{_TAG}int": "a number",
    f"{_TAG}float": "a number",
    f"{_TAG}bool": "true or false",
    f"{_TAG}timestamp": "a date",
}
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_STEPS = re.compile(rb"""^["']?steps["']?[ \t]*:[ \t\r]*(?:#.*)?$""", re.MULTILINE)
_NAMES = re.compile(rb"""^[ \t]+(?:-[ \t]+)?["']?name["']?[ \t]*:""", re.MULTILINE)
_TYPES = re.compile(rb"""^[ \t]+(?:-[ \t]+)?["']?type["']?[ \t]*:""", re.MULTILINE)
#: What engines of templates fill in: such a file is no YAML yet.
_TEMPLATE = (b"{{", b"{%")


def may_hold_steps(data: bytes) -> bool:
    """Whether a file has the words of a pipeline, so that it is worth reading."""
    return b"steps" in data and b"name" in data and b"type" in data


def looks_like_steps(data: bytes) -> bool:
    """Whether a file that may not be readable looks as if it were meant as a pipeline: no template, and steps at the top."""
    patterns = (_STEPS, _NAMES, _TYPES)
    return not any(mark in data for mark in _TEMPLATE) and all(pattern.search(data) is not None for pattern in patterns)


#: What libyaml says of more than a thousand levels, which it may look ahead through.
_TOO_DEEP = "exceeded maximum nesting depth"


class _TooComplex(Exception):
    def __init__(self, index: int, message: str) -> None:
        super().__init__(message)
        self.index, self.message = index, message


class _Loader(Composer, _Parser):
    """Events of the C parser, nodes of the Python composer, which is told when to stop."""

    def __init__(self, text: str) -> None:
        _Parser.__init__(self, text)
        Composer.__init__(self)
        self._depth = self._nodes = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        self._nodes += 1
        self._depth += 1
        if self._nodes > MAX_NODES:
            raise _TooComplex(self._place(), f"more than {MAX_NODES:,} values")
        if self._depth > MAX_DEPTH:
            raise _TooComplex(self._place(), f"nested more than {MAX_DEPTH} levels deep")
        node: yaml.Node | None = super().compose_node(parent, index)
        self._depth -= 1
        return node

    def _place(self) -> int:
        mark = self.peek_event().start_mark
        return mark.index if mark is not None else 0


class Entry(Struct, frozen=True):
    """One key of a mapping with its value; ``name`` is None where the key is no text."""

    name: str | None
    key: yaml.Node
    value: yaml.Node


class YamlDocument(Struct, frozen=True, dict=True):
    """A document: its nodes, and what is wrong with it apart from what it says. ``root`` is None where there is nothing in it."""

    source: Source
    root: yaml.Node | None
    problems: tuple[DocumentProblem, ...] = ()

    @cached_property
    def _starts(self) -> Sequence[int]:
        return _line_starts(self.source.text)

    def span(self, node: yaml.Node) -> Span:
        """Where a node is written: its first line, if it has several."""
        return self.between(node.start_mark.index, node.end_mark.index)

    def between(self, start: int, end: int) -> Span:
        """A stretch of the text, up to the end of its first line."""
        return _between(self.source, self._starts, start, end)

    def written(self, node: yaml.Node) -> str:
        """A node as it is written."""
        return self.source.text[node.start_mark.index : node.end_mark.index]

    def entries(self, node: yaml.Node) -> list[Entry]:
        """The entries of a mapping, those that are merged in last; of equal keys the one that counts."""
        found: dict[tuple[str, object], Entry] = {}
        for key, value in _pairs(node, set()):
            name = key.value if key.tag == TEXT and isinstance(key, yaml.ScalarNode) else None
            found.setdefault(_identity(key), Entry(name, key, value))
        return list(found.values())


def compose(source: Source) -> YamlDocument:
    """Read a document. Raises SourceError CL011 or CL014 with the place where that cannot be done."""
    starts = _line_starts(source.text)
    odd = _UNPRINTABLE.search(source.text)
    if odd is not None:
        text = f"the character {odd.group()!a} may not stand in YAML"
        raise SourceError(MALFORMED, _between(source, starts, odd.start(), odd.end()), text)
    try:
        loader = _Loader(source.text)
        root: yaml.Node | None = _first(loader)
        more = _more(loader)
    except _TooComplex as error:
        raise SourceError(
            COMPLEX, _between(source, starts, error.index, error.index + 1), f"the document is too complex: {error.message}"
        ) from None
    except RecursionError:
        raise SourceError(COMPLEX, Span(source.path, 1, 1, 1, 2), "the document is too complex: nested too deeply") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = " ".join(part for part in (error.context, error.problem) if part)
        if _TOO_DEEP in said:
            raise SourceError(COMPLEX, _at(source, starts, mark), "the document is too complex: nested too deeply") from None
        raise SourceError(MALFORMED, _at(source, starts, mark), f"not valid YAML: {said or 'it cannot be read'}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise SourceError(MALFORMED, Span(source.path, 1, 1, 1, 2), f"not valid YAML: {' '.join(str(error).split())}") from None
    document = YamlDocument(source, root)
    problems = list(_problems(document)) if root is not None else []
    if more is not None:
        where = _between(source, starts, more.start_mark.index, more.start_mark.index + 1)
        problems.append(DocumentProblem(MALFORMED, where, "documents", "a second document begins here: one file holds one pipeline"))
    return YamlDocument(source, root, tuple(problems))


def value_of(document: YamlDocument) -> object:
    """What ``yaml.safe_load`` makes of a document without problems."""
    return SafeConstructor().construct_document(document.root) if document.root is not None else None


def kind_of(node: yaml.Node) -> str:
    """What a node is, in words."""
    return _KINDS.get(node.tag, "a value of another kind")


def _first(loader: _Loader) -> yaml.Node | None:
    loader.get_event()  # the start of the stream
    return None if loader.check_event(yaml.StreamEndEvent) else loader.compose_document()


def _more(loader: _Loader) -> yaml.Node | None:
    """The second document, if there is one that holds anything."""
    while not loader.check_event(yaml.StreamEndEvent):
        node = loader.compose_document()
        if node is not None and not (node.tag == NULL and node.start_mark.index == node.end_mark.index):
            return node
    return None


# --- places ---


def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _between(source: Source, starts: Sequence[int], start: int, end: int) -> Span:
    start = min(start, len(source.text))
    line = bisect_right(starts, start)
    first = starts[line - 1]
    stop = source.text.find("\n", start)
    end = min(end, stop if stop >= 0 else len(source.text))
    return Span(source.path, line, start - first + 1, line, max(end, start + 1) - first + 1)


def _at(source: Source, starts: Sequence[int], mark: yaml.Mark | None) -> Span:
    return _between(source, starts, mark.index, mark.index + 1) if mark is not None else Span(source.path, 1, 1, 1, 2)


# --- what is wrong ---


def _pairs(node: yaml.Node, merging: set[int]) -> Iterator[tuple[yaml.Node, yaml.Node]]:
    """The pairs of a mapping, its own from the last to the first, then those that are merged in, the first that counts first."""
    if not isinstance(node, yaml.MappingNode) or id(node) in merging:
        return
    own = [(key, value) for key, value in node.value if key.tag != _MERGE]
    latest = {_identity(key): (key, value) for key, value in own}
    yield from latest.values()
    for key, value in node.value:
        if key.tag == _MERGE:
            for merged in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                yield from _pairs(merged, merging | {id(node)})


def _identity(key: yaml.Node) -> tuple[str, object]:
    return key.tag, key.value if isinstance(key, yaml.ScalarNode) else id(key)


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [one for pair in node.value for one in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def _problems(document: YamlDocument) -> Iterator[DocumentProblem]:
    """Duplicate keys, tags, values that cannot be converted, and what would not end. Raises SourceError CL014 for the last."""
    constructor = SafeConstructor()
    for node in _measured(document):
        if node.tag not in _KNOWN:
            says = f"the tag {_shown_tag(node.tag)} is none that plain YAML has"
            yield DocumentProblem(MALFORMED, document.span(node), "tag", says, "write the value without a tag")
        elif isinstance(node, yaml.MappingNode):
            yield from _keys(document, node)
        elif isinstance(node, yaml.ScalarNode) and node.tag in _CONVERTED:
            try:
                SafeConstructor.yaml_constructors[node.tag](constructor, node)
            except (ValueError, KeyError, IndexError, OverflowError, yaml.YAMLError):
                says = f"'{_short(node.value)}' cannot be read as {_KINDS.get(node.tag, 'a value of its tag')}"
                yield DocumentProblem(MALFORMED, document.span(node), "value", says, "quote it if it is meant as a text")


def _measured(document: YamlDocument) -> list[yaml.Node]:
    """All nodes in the order of the text, each once. Raises SourceError CL014 where aliases make too many of them, or a circle."""
    assert document.root is not None
    sizes: dict[int, int] = {}
    open_: set[int] = set()
    nodes: list[yaml.Node] = []
    waiting: list[tuple[yaml.Node, bool]] = [(document.root, False)]
    while waiting:
        node, left = waiting.pop()
        if left:
            open_.discard(id(node))
            sizes[id(node)] = 1 + sum(sizes[id(one)] for one in _children(node))
            if sizes[id(node)] > MAX_NODES:
                says = f"the document is too complex: its aliases stand for more than {MAX_NODES:,} values"
                raise SourceError(COMPLEX, document.span(node), says)
        elif id(node) in open_:
            raise SourceError(COMPLEX, document.span(node), "the document is too complex: an alias stands inside of its own anchor")
        elif id(node) not in sizes:
            nodes.append(node)
            open_.add(id(node))
            waiting.append((node, True))
            waiting += [(one, False) for one in reversed(_children(node))]
    return nodes


def _keys(document: YamlDocument, node: yaml.MappingNode) -> Iterator[DocumentProblem]:
    first: dict[tuple[str, object], yaml.Node] = {}
    for key, value in node.value:
        if key.tag == _MERGE:
            merged = value.value if isinstance(value, yaml.SequenceNode) else [value]
            if not all(isinstance(one, yaml.MappingNode) for one in merged):
                yield DocumentProblem(MALFORMED, document.span(value), "<<", "'<<' takes a mapping or a list of mappings")
        elif not isinstance(key, yaml.ScalarNode):
            yield DocumentProblem(MALFORMED, document.span(key), "key", f"a key is to be a text, not {kind_of(key)}")
        elif (before := first.setdefault(_identity(key), key)) is not key:
            says = f"the key '{_short(key.value)}' stands twice in one mapping; the last one counts"
            related = ((document.span(before), f"the first '{_short(key.value)}' is here"),)
            yield DocumentProblem(DUPLICATE, document.span(key), key.value, says, "keep one of the two, or rename one", related)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


def _shown_tag(tag: str) -> str:
    return _short(f"!!{tag.removeprefix(_TAG)}" if tag.startswith(_TAG) else tag)
