"""Property paths: where in a step's properties a value stands, read from a text and printed as the SDK prints it."""

from __future__ import annotations

import math
import re
from enum import Enum

from msgspec import Struct

from contract_lint.model.contract import HOLE

Key = str | int | float | bool | None

_PLACEHOLDER = re.compile(r"\{[^{}\0]*\}")


class Form(str, Enum):
    """How a path is written."""

    #: As after `.properties.` in Python: `ModelArtifacts.S3ModelArtifacts`.
    BARE = "bare"
    #: The texts of step builders: `properties.ModelArtifacts.S3ModelArtifacts`.
    PROPERTIES = "properties"
    #: `steps.Train.properties.ModelArtifacts.S3ModelArtifacts`.
    STEP = "steps"
    #: What stands in a pipeline definition's `Get`: `Steps.Train.ModelArtifacts.S3ModelArtifacts`.
    GET = "Get"


class Placeholder(Struct, frozen=True):
    """`{name}` in a text that is no f-string; the name is what stands between the braces."""

    name: str
    start: int
    end: int


class Attribute(Struct, frozen=True):
    """`.Name`; ``start`` and ``end`` are offsets of the name into the text."""

    name: str
    start: int
    end: int

    @property
    def known(self) -> bool:
        """False where the run decides what stands here: perhaps several segments, perhaps only a part of this one."""
        return HOLE not in self.name and "{" not in self.name

    def __str__(self) -> str:
        return self.name


class Index(Struct, frozen=True):
    """`[key]`; ``quote`` is the quotation mark around a string key, empty where there is none. The offsets include the brackets."""

    key: Key
    quote: str
    start: int
    end: int

    @property
    def known(self) -> bool:
        """False where only the run tells the key; without quotation marks its type is unknown too."""
        return not isinstance(self.key, str) or (HOLE not in self.key and _PLACEHOLDER.search(self.key) is None)

    @property
    def position(self) -> int | None:
        """The key if it is a whole number (True is none)."""
        return self.key if isinstance(self.key, int) and not isinstance(self.key, bool) else None

    def __str__(self) -> str:
        """As the SDK prints it: strings in single quotation marks, whatever is in them."""
        if isinstance(self.key, str) and (self.quote or self.known):
            return f"['{self.key}']"
        return f"[{self.key}]"


Segment = Attribute | Index


class PropertyPath(Struct, frozen=True):
    """A property path; no segments mean all the properties of the step. ``step`` is the step's name where the text gives one."""

    text: str
    segments: tuple[Segment, ...]
    form: Form = Form.BARE
    step: str | None = None

    @property
    def known(self) -> bool:
        return all(segment.known for segment in self.segments)

    @property
    def placeholders(self) -> tuple[Placeholder, ...]:
        """All `{name}` in the text, in order."""
        return tuple(Placeholder(m[0][1:-1], m.start(), m.end()) for m in _PLACEHOLDER.finditer(self.text))

    def __str__(self) -> str:
        """The path as the SDK prints it, without prefix: a `Get` needs only `Steps.<name>.` before it."""
        printed = "".join(str(segment) if isinstance(segment, Index) else f".{segment}" for segment in self.segments)
        return printed.removeprefix(".")


class Defect(Enum):
    """What keeps a text from being a property path."""

    EMPTY = "it is empty"
    PREFIX_TWICE = "the prefix 'properties.' stands twice"
    PREFIX_CASE = "the prefix is written in lower case: 'properties.'"
    STEPS_AND_PROPERTIES = "after 'Steps.<name>.' there is no 'properties.'"
    STEP_WITHOUT_PROPERTIES = "after 'steps.<name>.' comes 'properties.'"
    STEP_WITHOUT_NAME = "the step has no name"
    EMPTY_SEGMENT = "a name is missing between the dots"
    TRAILING_DOT = "it ends with a dot"
    MISSING_DOT = "a dot is missing after the bracket"
    SPACE = "it contains a space"
    QUOTE = "the quotation marks do not pair"
    UNBALANCED_BRACKET = "the brackets do not pair"
    EMPTY_INDEX = "the brackets are empty"
    INDEX = "what is in the brackets is neither a name nor a number"
    BRACE = "the braces do not pair"


class Malformed(Struct, frozen=True):
    """A text that is no property path: no SDK and no service accepts it. ``start`` and ``end`` are offsets of what is wrong."""

    text: str
    defect: Defect
    start: int
    end: int

    @property
    def reason(self) -> str:
        return self.defect.value


def parse(text: str) -> PropertyPath | Malformed:
    """Read a property path.

    Tolerant where step-builder frameworks are: names in brackets may stand without or in double quotation marks. ``text`` may hold
    NUL characters (``contract.HOLE``) for parts that only the run tells: from the first one on nothing is malformed, since the
    missing part may complete it.
    """
    parser = _Parser(text)
    try:
        form, step = parser.prefix()
        parser.path()
    except _Stop as stop:
        if HOLE not in text[: stop.detected]:
            return Malformed(text, stop.defect, stop.start, stop.end)
        form, step = parser.form, parser.step
        parser.segments.append(Attribute(HOLE, parser.at, len(text)))
    return PropertyPath(text, tuple(parser.segments), form, step)


class _Stop(Exception):
    """Ends the parsing; ``detected`` is how far the text was read when the defect was certain."""

    def __init__(self, defect: Defect, start: int, end: int, detected: int | None = None) -> None:
        super().__init__(defect)
        self.defect, self.start, self.end, self.detected = defect, start, end, end if detected is None else detected


_BOUNDARY = r"(?=[.\[]|\Z)"
_PROPERTIES = re.compile(r"properties" + _BOUNDARY)
_PROPERTIES_ANY_CASE = re.compile(r"properties" + _BOUNDARY, re.IGNORECASE)
_STEPS = re.compile(r"(?P<word>[sS]teps)\.(?P<name>(?:[^.\[\]{}]|\{[^{}]*\})*)")
_NAME = re.compile(r"(?:[^\s.\[\]'\"{}]|\{[^{}]*\})+")
_NUMBER = re.compile(r"-?[0-9]{1,18}(?P<fraction>\.[0-9]{1,30})?(?P<exponent>[eE][+-]?[0-9]{1,3})?")
_WORD = re.compile(r"[^\W\d][\w-]*")
_WORDS: dict[str, bool | None] = {"None": None, "True": True, "False": False}


class _Parser:
    """One pass over one text; ``at`` is the first character that is not understood yet."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.segments: list[Segment] = []
        self.form = Form.BARE
        self.step: str | None = None

    def prefix(self) -> tuple[Form, str | None]:
        """Step over what stands before the path itself."""
        if not self.text:
            raise _Stop(Defect.EMPTY, 0, 0)
        steps = _STEPS.match(self.text)
        if steps is not None:
            self._step(steps)
        elif self._skip_properties():
            self.form = Form.PROPERTIES
        elif capital := _PROPERTIES_ANY_CASE.match(self.text):
            raise _Stop(Defect.PREFIX_CASE, 0, capital.end())
        if self.form is not Form.BARE and (twice := _PROPERTIES.match(self.text, self.at)):
            defect = Defect.STEPS_AND_PROPERTIES if self.form is Form.GET else Defect.PREFIX_TWICE
            raise _Stop(defect, self.at, twice.end())
        return self.form, self.step

    def _step(self, steps: re.Match[str]) -> None:
        self.step, self.at = steps["name"], steps.end()
        self.form = Form.GET if steps["word"] == "Steps" else Form.STEP
        if not self.step:
            raise _Stop(Defect.STEP_WITHOUT_NAME, steps.end("word"), max(steps.end(), steps.end("word") + 1))
        if space := re.search(r"\s", self.step):
            raise _Stop(Defect.SPACE, steps.start("name") + space.start(), steps.start("name") + space.end())
        self._skip_dot()
        if self.form is Form.STEP and not self._skip_properties():
            raise _Stop(Defect.STEP_WITHOUT_PROPERTIES, steps.start(), self.at)

    def _skip_properties(self) -> bool:
        found = _PROPERTIES.match(self.text, self.at)
        if found is None:
            return False
        self.at = found.end()
        self._skip_dot()
        return True

    def _skip_dot(self) -> None:
        """Step over the dot after a prefix; after the last one something must follow."""
        if self.text.startswith(".", self.at):
            if self.at + 1 == len(self.text):
                raise _Stop(Defect.TRAILING_DOT, self.at, self.at + 1)
            self.at += 1
            if self.text[self.at] in ".[":
                raise _Stop(Defect.EMPTY_SEGMENT, self.at - 1, self.at + 1)

    def path(self) -> None:
        """Read segments to the end of the text."""
        text, end = self.text, len(self.text)
        if self.at < end and text[self.at] != "[":
            self._attribute()
        while self.at < end:
            char = text[self.at]
            if char == "[":
                self._index()
            elif char == ".":
                if self.at + 1 == end:
                    raise _Stop(Defect.TRAILING_DOT, self.at, end)
                self.at += 1
                self._attribute()
            elif char == HOLE or _PLACEHOLDER.match(text, self.at):
                self._attribute()
            else:
                self._reject(after_bracket=bool(self.segments) and isinstance(self.segments[-1], Index))

    def _attribute(self) -> None:
        found = _NAME.match(self.text, self.at)
        if found is None:
            self._reject(after_bracket=False)
            return
        self.segments.append(Attribute(found[0], found.start(), found.end()))
        self.at = found.end()

    def _reject(self, *, after_bracket: bool) -> None:
        """Say what is wrong with the character where no segment can begin or go on."""
        char, here = self.text[self.at], (self.at, self.at + 1)
        if char.isspace():
            raise _Stop(Defect.SPACE, *here)
        if char in "'\"":
            raise _Stop(Defect.QUOTE, *here)
        if char == "]":
            raise _Stop(Defect.UNBALANCED_BRACKET, *here)
        if after_bracket:
            raise _Stop(Defect.MISSING_DOT, *here)
        if char in "{}":
            raise _Stop(Defect.BRACE, *here, detected=len(self.text))
        raise _Stop(Defect.EMPTY_SEGMENT, max(self.at - 1, 0), self.at + 1)

    def _index(self) -> None:
        start, text = self.at, self.text
        quote = text[start + 1 : start + 2]
        if quote in ("'", '"'):
            close = text.find(quote, start + 2)
            if close == -1:
                raise _Stop(Defect.QUOTE, start + 1, start + 2, detected=len(text))
            key: Key = text[start + 2 : close]
            after = close + 1
            if not text.startswith("]", after):
                raise self._after_quote(start, after)
            if not key:
                raise _Stop(Defect.EMPTY_INDEX, start, after + 1)
            self.segments.append(Index(key, quote, start, after + 1))
            self.at = after + 1
            return
        close = text.find("]", start)
        if close == -1:
            raise _Stop(Defect.UNBALANCED_BRACKET, start, start + 1, detected=len(text))
        self.segments.append(Index(self._bare_key(start + 1, close), "", start, close + 1))
        self.at = close + 1

    def _after_quote(self, start: int, after: int) -> _Stop:
        if after >= len(self.text):
            return _Stop(Defect.UNBALANCED_BRACKET, start, start + 1, detected=after)
        defect = Defect.SPACE if self.text[after].isspace() else Defect.QUOTE
        return _Stop(defect, after, after + 1)

    def _bare_key(self, start: int, end: int) -> Key:
        """The key between brackets without quotation marks."""
        raw = self.text[start:end]
        if not raw:
            raise _Stop(Defect.EMPTY_INDEX, start - 1, end + 1)
        if HOLE in raw or _PLACEHOLDER.fullmatch(raw):
            return raw
        if number := _NUMBER.fullmatch(raw):
            value = float(raw) if number["fraction"] or number["exponent"] else int(raw)
            if math.isfinite(value):
                return value
        if raw in _WORDS:
            return _WORDS[raw]
        if _WORD.fullmatch(raw):
            return raw
        if any(char.isspace() for char in raw):
            raise _Stop(Defect.SPACE, start, end)
        raise _Stop(Defect.QUOTE if raw[-1] in "'\"" else Defect.INDEX, start, end)
