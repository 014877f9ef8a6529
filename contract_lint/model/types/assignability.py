"""Whether a value of one type may flow into a place of another: the 24 rows of the table in docs/types.md."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import Enum

from msgspec import Struct

from contract_lint.model.types.grammar import (
    ANY,
    ARN,
    CONTENT_TYPE,
    FLOAT,
    IMAGE_URI,
    INTEGER,
    JSON,
    KMS_KEY,
    PATH,
    S3_KINDS,
    STRING,
    UNKNOWN,
    VALUES,
    Arn,
    ArnOrName,
    ListOf,
    Literals,
    MapOf,
    Name,
    OptionalOf,
    PortType,
    Record,
    S3Uri,
    UnionOf,
    is_refined_text,
)
from contract_lint.model.types.lattice import required


class Verdict(str, Enum):
    """What is said about an edge; ``rank`` orders the verdicts, the worse the higher."""

    UNKNOWN = "unknown"
    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"

    @property
    def rank(self) -> int:
        return list(Verdict).index(self)


class Judgement(Struct, frozen=True):
    """A verdict, why, and the row of the table that decided; ``hint`` says what to write instead.

    ``reason`` is a code in kebab case, empty for ok.
    """

    verdict: Verdict
    reason: str
    row: int
    hint: str | None = None


def check(source: PortType, target: PortType, *, conditional: bool = False, into_text: bool = False) -> Judgement:
    """Whether a value of the type ``source`` may flow into a place of the type ``target``.

    ``conditional``: where the source is a `T?`, it is so because the producer may not run, or its output is declared optional.
    ``into_text``: the value goes into container arguments, an environment or hyperparameters, without `.to_string()` or `Join`.

    Ok is not transitive in general: an open parameter is consistent with each of its values (`S3Uri[content=model]` → `S3Uri` →
    `S3Uri[content=dataset]`), `Any` and bare `Json` take what they do not hand on, tags need only overlap, and a field that may be
    missing may be of another type where it is there. Over types without these it is.
    """
    if UNKNOWN in (source, target):
        return Judgement(Verdict.UNKNOWN, "unknown", 1)
    if target == ANY:
        return _ok(2)
    if source == ANY:
        return Judgement(Verdict.NOTE, "narrowing", 3)
    if isinstance(target, OptionalOf):
        inner = check(required(source), target.type, conditional=conditional, into_text=into_text)
        return _ok(5) if inner.verdict is Verdict.OK else inner
    if isinstance(source, OptionalOf):
        absent = Judgement(Verdict.ERROR if conditional else Verdict.WARNING, "optional-source", 6)
        return certain_worst((absent, check(source.type, target, into_text=into_text)))

    def again(one: PortType, other: PortType) -> Judgement:
        return check(one, other, conditional=conditional, into_text=into_text)

    if isinstance(source, ArnOrName) and isinstance(target, UnionOf):
        return _each([again(source.arn, target), again(source.name, target)])
    if isinstance(source, UnionOf):
        return _each([again(member, target) for member in source.members])
    if isinstance(target, UnionOf):
        best = min((again(source, member) for member in target.members), key=lambda judgement: _HOPE.index(judgement.verdict))
        return _ok(8) if best.verdict is Verdict.OK else best
    return _container(source, target, again) or _scalar(source, target, into_text=into_text)


def certain_worst(judgements: Iterable[Judgement]) -> Judgement:
    """The worst of several, the first among equals; where nothing is wrong with any, unknown comes before ok."""
    given = tuple(judgements)
    worst = max(given, key=lambda judgement: judgement.verdict.rank)
    unknown = next((judgement for judgement in given if judgement.verdict is Verdict.UNKNOWN), None)
    return unknown if worst.verdict is Verdict.OK and unknown is not None else worst


#: The verdicts on the members of a target, the best first.
_HOPE = (Verdict.OK, Verdict.UNKNOWN, Verdict.NOTE, Verdict.WARNING, Verdict.ERROR)


def _ok(row: int) -> Judgement:
    return Judgement(Verdict.OK, "", row)


def _error(reason: str, row: int, hint: str | None = None) -> Judgement:
    return Judgement(Verdict.ERROR, reason, row, hint)


def _warning(reason: str, row: int, hint: str | None = None) -> Judgement:
    return Judgement(Verdict.WARNING, reason, row, hint)


def _mismatch() -> Judgement:
    return _error("kind-mismatch", 24)


def _each(members: list[Judgement]) -> Judgement:
    """Row 7, over the members of a source."""
    worst = certain_worst(members)
    if worst.verdict is Verdict.ERROR and any(member.verdict is not Verdict.ERROR for member in members):
        return _warning("some-members-fail", 7, worst.hint)
    return Judgement(worst.verdict, worst.reason, 7, worst.hint)


def _container(source: PortType, target: PortType, again: Callable[[PortType, PortType], Judgement]) -> Judgement | None:
    """Rows 9 and 10; bare `Json` is a container that leaves its shape open. None where neither side is a container."""
    open_shape = JSON in (source, target)
    if open_shape and all(type == JSON or isinstance(type, ListOf | MapOf | Record) for type in (source, target)):
        return _ok(4)
    if isinstance(target, ListOf):
        if isinstance(source, ListOf):
            inner = again(source.item, target.item)
            return _ok(9) if inner.verdict is Verdict.OK else inner
        return certain_worst((_warning("array-promotion", 9), again(source, target.item)))
    if isinstance(source, ListOf):
        return _error("list-for-value", 9)
    if isinstance(source, MapOf | Record) and isinstance(target, MapOf | Record):
        return _fields(source, target, again)
    return _mismatch() if any(type == JSON or isinstance(type, MapOf | Record) for type in (source, target)) else None


def _fields(source: MapOf | Record, target: MapOf | Record, again: Callable[[PortType, PortType], Judgement]) -> Judgement:
    """Row 10; a map does not say which keys it has, so nothing is known where fields are wanted of it."""
    if isinstance(target, MapOf):
        if isinstance(source, MapOf):
            found = [again(source.key, target.key), again(source.value, target.value)]
        else:
            names = Literals(tuple(name for name, _ in source.fields))
            found = [again(names, target.key)] + [again(required(type), target.value) for _, type in source.fields]
    elif isinstance(source, MapOf):
        found = [again(source.value, type) for _, type in target.fields if not isinstance(type, OptionalOf)]
        found.append(Judgement(Verdict.UNKNOWN, "unknown", 10))
    else:
        given = dict(source.fields)
        found = [again(given[name], type) if name in given else _absent(name, type) for name, type in target.fields]
    worst = certain_worst(found)
    return _ok(10) if worst.verdict is Verdict.OK else worst


def _absent(name: str, type: PortType) -> Judgement:
    if type == UNKNOWN:
        return Judgement(Verdict.UNKNOWN, "unknown", 1)
    return _ok(10) if type == ANY or isinstance(type, OptionalOf) else _error("missing-field", 10, f"give the field {name!r}")


def _scalar(source: PortType, target: PortType, *, into_text: bool) -> Judgement:
    """Rows 4 and 11 to 24, for two types that are no containers."""
    if isinstance(source, S3Uri) and isinstance(target, S3Uri):
        return _s3(source, target)
    if isinstance(source, Literals) or isinstance(target, Literals):
        return _literals(source, target)
    if source == target:
        return _ok(4)
    if source in VALUES:
        return _from_value(source, target, into_text=into_text)
    if target in VALUES:
        return _error("text-for-value", 14) if source == STRING else _mismatch()
    if source == STRING:
        return _warning("unrefined-string", 15)
    return _ok(16) if target == STRING else _identity(source, target) or _mismatch()


def _from_value(source: PortType, target: PortType, *, into_text: bool) -> Judgement:
    if (source, target) == (INTEGER, FLOAT):
        return _ok(12)
    if (source, target) == (FLOAT, INTEGER):
        return _warning("float-for-integer", 12)
    if target == STRING:
        return (_error if into_text else _warning)("needs-to-string", 13, "use .to_string() or Join")
    return _mismatch()


def _literals(source: PortType, target: PortType) -> Judgement:
    """Row 11, and what becomes of a known text elsewhere: its form tells what it cannot be."""
    if isinstance(source, Literals) and isinstance(target, Literals):
        fitting = set(source.values) & set(target.values)
        if len(fitting) == len(source.values):
            return _ok(11)
        return _warning("other-literal", 11) if fitting else _error("other-literal", 11)
    if isinstance(target, Literals):
        if source == STRING:
            return _warning("unrefined-string", 11)
        possible = is_refined_text(source) and any(_can_be(value, source) for value in target.values)
        return _warning("unrefined-string", 11) if possible else _mismatch()
    if target == STRING:
        return _ok(16)
    if target in VALUES:
        return _error("text-for-value", 14)
    values = source.values if isinstance(source, Literals) else ()
    return _warning("unrefined-string", 15) if any(_can_be(value, target) for value in values) else _mismatch()


_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?")


def _can_be(text: str, type: PortType) -> bool:
    """Whether a known text has the form of a type."""
    if isinstance(type, S3Uri):
        return text.startswith(("s3://", "https://"))
    if isinstance(type, Arn):
        return text.startswith("arn:")
    if isinstance(type, Name):
        return _NAME.fullmatch(text) is not None
    if isinstance(type, ArnOrName):
        return _can_be(text, type.arn) or _can_be(text, type.name)
    if type == CONTENT_TYPE:
        return "/" in text
    return type in (PATH, IMAGE_URI, KMS_KEY)


def _s3(source: S3Uri, target: S3Uri) -> Judgement:
    """Rows 20 to 23, all of them: the worst counts."""
    found = [judgement for judge in (_s3_kind, _s3_content, _s3_origin, _s3_format) if (judgement := judge(source, target)) is not None]
    return certain_worst(found) if found else _ok(4)


def _s3_kind(source: S3Uri, target: S3Uri) -> Judgement | None:
    if source.kind is None or target.kind is None or source.kind == target.kind:
        return None
    if S3_KINDS.index(source.kind) < S3_KINDS.index(target.kind):
        return _ok(20)
    tarball = source.kind == "prefix" and target.kind == "object" and "model" in target.content
    return (_error if tarball else _warning)(f"{source.kind}-for-{target.kind}", 20)


def _s3_content(source: S3Uri, target: S3Uri) -> Judgement | None:
    if not source.content or not target.content or set(source.content) & set(target.content):
        return None
    return (_error if "dataset" in source.content and "model" in target.content else _warning)("content-mismatch", 21)


def _s3_origin(source: S3Uri, target: S3Uri) -> Judgement | None:
    """A place that takes a parent is itself no data input: the destination of a job, say."""
    return _warning("parent-prefix", 22) if source.origin == "parent" and target.origin != "parent" else None


def _s3_format(source: S3Uri, target: S3Uri) -> Judgement | None:
    if source.format is None or target.format is None or source.format == target.format:
        return None
    return _warning("format-mismatch", 23)


def _identity(source: PortType, target: PortType) -> Judgement | None:
    """Rows 17 to 19, and row 4 among them: ARNs, names, keys. None for anything else."""
    if isinstance(source, Arn):
        return _from_arn(source, target)
    if isinstance(source, Name):
        if isinstance(target, Name | ArnOrName):
            return _same_resource(source.resource, target.resource, 4 if isinstance(target, Name) else 17)
        same = isinstance(target, Arn) and _agree(source.resource, target.resource)
        return _error("name-for-arn", 18, "use the …Arn of the same step") if same else None
    if isinstance(source, ArnOrName):
        if isinstance(target, ArnOrName):
            return _same_resource(source.resource, target.resource, 4)
        halves = [_scalar(half, target, into_text=False) for half in (source.arn, source.name)]
        return _each(halves) if any(half.reason != "kind-mismatch" for half in halves) else None
    if source == KMS_KEY and isinstance(target, Arn | ArnOrName):
        # The ARN of a key is one way to write it, so it may be one.
        arn = target if isinstance(target, Arn) else target.arn
        return _warning("some-members-fail", 7) if arn.service in (None, "kms") else None
    return None


def _from_arn(source: Arn, target: PortType) -> Judgement | None:
    if isinstance(target, Arn):
        return _same_arn(source, target, 4)
    if isinstance(target, ArnOrName):
        return _same_arn(source, target.arn, 17)
    if target == KMS_KEY:
        return _same_arn(source, Arn("kms"), 17)
    if isinstance(target, Name) and _agree(source.resource, target.resource):
        return _error("arn-for-name", 18, "use the …Name of the same step")
    return None


def _same_arn(source: Arn, target: Arn, row: int) -> Judgement:
    same = ARN in (source, target) or (_agree(source.service, target.service) and _agree(source.resource, target.resource))
    return _ok(row) if same else _error("other-resource", 19)


def _same_resource(source: str | None, target: str | None, row: int) -> Judgement:
    return _ok(row) if _agree(source, target) else _error("other-resource", 19)


def _agree(one: str | None, other: str | None) -> bool:
    """Whether two parameters are the same, or one is left open."""
    return one is None or other is None or one == other
