"""Reads a type from its text."""

from __future__ import annotations

import json
import re

from contract_lint.model.spelling import nearest
from contract_lint.model.types.grammar import (
    BASICS,
    JSON,
    S3_KINDS,
    S3_ORIGINS,
    Arn,
    ArnOrName,
    ListOf,
    Literals,
    MapOf,
    Name,
    PortType,
    Record,
    S3Uri,
)
from contract_lint.model.types.lattice import optional, union

_WORD = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*")
_SPACE = re.compile(r"\s*")
#: Deeper than anything that is meant, and far from the limit of Python's stack.
_DEPTH = 50
_JSON_TEXT = json.JSONDecoder()


def parse_type(text: str) -> PortType:
    """The type that a text stands for, in its normal form; ValueError, with the column, if it stands for none."""
    reader = _Reader(text)
    type = reader.alternatives()
    if reader.at < len(text):
        raise reader.failure("the type ends here, but the text goes on")
    return type


class _Reader:
    """Reads from ``at`` on; between any two words there may be space."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.depth = text, 0, 0
        self._skip_space()

    def failure(self, what: str, at: int | None = None) -> ValueError:
        column = (self.at if at is None else at) + 1
        return ValueError(f"{what} (column {column} of {self.text!r})")

    def alternatives(self) -> PortType:
        self.depth += 1
        if self.depth > _DEPTH:
            raise self.failure(f"types are nested more than {_DEPTH} deep")
        members = [self._alternative()]
        while self._takes("|"):
            members.append(self._alternative())
        self.depth -= 1
        return union(members)

    def _alternative(self) -> PortType:
        type = self._primary()
        while self._takes("?"):
            type = optional(type)
        return type

    def _primary(self) -> PortType:
        if self._takes("("):
            type = self.alternatives()
            self._expect(")")
            return type
        if self.text.startswith('"', self.at):
            return Literals((self._quoted(),))
        start = self.at
        word = self._word("a type")
        if word == "List":
            self._expect("<")
            item = self.alternatives()
            self._expect(">")
            return ListOf(item)
        if word == "Map":
            self._expect("<")
            key = self.alternatives()
            self._expect(",")
            value = self.alternatives()
            self._expect(">")
            return MapOf(key, value)
        if word == "Json" and self._takes("{"):
            return self._record()
        if word == "S3Uri":
            return self._s3_uri()
        if word in ("Arn", "Name", "ArnOrName"):
            return self._resource(word)
        if word not in BASICS:
            meant = nearest(word, (*BASICS, "List", "Map", "S3Uri", "Arn", "Name", "ArnOrName"), limit=1)
            raise self.failure(f"{word!r} is no type" + (f"; did you mean {meant[0]}?" if meant else ""), start)
        return BASICS[word]

    def _resource(self, word: str) -> PortType:
        given = [self._word("a service" if word == "Arn" else "a resource")] if self._takes("<") else []
        if given and word == "Arn" and self._takes("/"):
            given.append(self._word("a resource"))
        if given:
            self._expect(">")
        if word == "Arn":
            return Arn(*given)
        return Name(*given) if word == "Name" else ArnOrName(*given)

    def _s3_uri(self) -> PortType:
        if not self._takes("["):
            return S3Uri()
        given: dict[str, str] = {}
        content: list[str] = []
        while True:
            start = self.at
            name = self._word("a parameter of S3Uri")
            if name not in ("kind", "content", "format", "origin"):
                raise self.failure(f"S3Uri has no parameter {name!r}; it has kind, content, format and origin", start)
            if name in given:
                raise self.failure(f"{name!r} is given twice", start)
            self._expect("=")
            start = self.at
            given[name] = self._word(f"a value of {name!r}")
            allowed = {"kind": S3_KINDS, "origin": S3_ORIGINS}.get(name)
            if allowed is not None and given[name] not in allowed:
                raise self.failure(f"{given[name]!r} is no {name}; it is one of {', '.join(allowed)}", start)
            if name == "content":
                content.append(given[name])
                while self._takes("+"):
                    content.append(self._word("a content tag"))
            if not self._takes(","):
                break
        self._expect("]")
        return S3Uri(given.get("kind"), tuple(content), given.get("format"), given.get("origin"))

    def _record(self) -> PortType:
        fields: dict[str, PortType] = {}
        if self._takes("}"):
            return JSON
        while True:
            start = self.at
            name = self._quoted() if self.text.startswith('"', self.at) else self._word("a field")
            if name in fields:
                raise self.failure(f"the field {name!r} is given twice", start)
            self._expect(":")
            fields[name] = self.alternatives()
            if not self._takes(","):
                break
        self._expect("}")
        return Record(tuple(fields.items()))

    def _quoted(self) -> str:
        try:
            value, end = _JSON_TEXT.raw_decode(self.text, self.at)
        except ValueError:
            raise self.failure("this literal has no end, or holds what must be escaped") from None
        self.at = end
        self._skip_space()
        return str(value)

    def _word(self, what: str) -> str:
        found = _WORD.match(self.text, self.at)
        if found is None:
            raise self.failure(f"{what} is expected")
        self.at = found.end()
        self._skip_space()
        return found[0]

    def _takes(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += 1
        self._skip_space()
        return True

    def _expect(self, sign: str) -> None:
        if not self._takes(sign):
            raise self.failure(f"{sign!r} is expected")

    def _skip_space(self) -> None:
        found = _SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at
