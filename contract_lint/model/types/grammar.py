"""The types of ports: what kind of value crosses an edge, as plain values that print as they are written.

Almost everything that crosses an edge is text, so the types say which text: an S3 URI, an ARN, the name of a model.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import force_setattr

#: What an S3 URI may point at, from the narrowest: a manifest is an object, and an object can be read as a prefix.
S3_KINDS = ("manifest", "object", "prefix")
#: Where an S3 URI comes from: the job wrote it, the step repeats what it was given, or the job writes somewhere below it.
S3_ORIGINS = ("echo", "parent", "result")
#: The service that owns a kind of resource, where it is not SageMaker.
_SERVICES: Mapping[str, str] = MappingProxyType({"role": "iam", "function": "lambda", "key": "kms", "topic": "sns", "bucket": "s3"})


class Basic(Struct, frozen=True):
    """A type of one word: `String`, `Integer`, `ImageUri`, `Any`, `Unknown`."""

    word: str

    def __str__(self) -> str:
        return self.word


class S3Uri(Struct, frozen=True):
    """An S3 URI; a parameter that is None or empty is left open.

    ``kind`` is one of `S3_KINDS`, ``origin`` one of `S3_ORIGINS`. ``content`` are tags of which all hold (`model`, `dataset`),
    ``format`` is that of the data (`csv`).
    """

    kind: str | None = None
    content: tuple[str, ...] = ()
    format: str | None = None
    origin: str | None = None

    def __post_init__(self) -> None:
        force_setattr(self, "content", tuple(sorted(set(self.content))))

    def __str__(self) -> str:
        written = (("kind", self.kind), ("content", "+".join(self.content)), ("format", self.format), ("origin", self.origin))
        parameters = ",".join(f"{name}={value}" for name, value in written if value)
        return f"S3Uri[{parameters}]" if parameters else "S3Uri"


class Arn(Struct, frozen=True):
    """An ARN; ``resource`` (`training-job`) is known only where ``service`` (`sagemaker`) is."""

    service: str | None = None
    resource: str | None = None

    def __str__(self) -> str:
        if self.service is None:
            return "Arn"
        return f"Arn<{self.service}/{self.resource}>" if self.resource else f"Arn<{self.service}>"


class Name(Struct, frozen=True):
    """The name of a resource; the words for resources are those of ARNs (`training-job`)."""

    resource: str | None = None

    def __str__(self) -> str:
        return f"Name<{self.resource}>" if self.resource else "Name"


class ArnOrName(Struct, frozen=True):
    """What takes the ARN of a resource and its name alike."""

    resource: str | None = None

    @property
    def arn(self) -> Arn:
        return Arn() if self.resource is None else Arn(_SERVICES.get(self.resource, "sagemaker"), self.resource)

    @property
    def name(self) -> Name:
        return Name(self.resource)

    def __str__(self) -> str:
        return f"ArnOrName<{self.resource}>" if self.resource else "ArnOrName"


class Literals(Struct, frozen=True):
    """One of these texts."""

    values: tuple[str, ...]

    def __post_init__(self) -> None:
        force_setattr(self, "values", tuple(sorted(set(self.values))))

    def __str__(self) -> str:
        return "|".join(json.dumps(value, ensure_ascii=False) for value in self.values)


class ListOf(Struct, frozen=True):
    item: PortType

    def __str__(self) -> str:
        return f"List<{self.item}>"


class MapOf(Struct, frozen=True):
    key: PortType
    value: PortType

    def __str__(self) -> str:
        return f"Map<{self.key},{self.value}>"


class Record(Struct, frozen=True):
    """A JSON object with at least these fields, by name; a field of a type `T?` may be missing."""

    fields: tuple[tuple[str, PortType], ...]

    def __post_init__(self) -> None:
        force_setattr(self, "fields", tuple(sorted(dict(self.fields).items())))

    def __str__(self) -> str:
        return f"Json{{{','.join(f'{json.dumps(name, ensure_ascii=False)}:{type}' for name, type in self.fields)}}}"


class OptionalOf(Struct, frozen=True):
    """`T?`: an output that may be absent, an input that is not required. Made by `optional`."""

    type: PortType

    def __str__(self) -> str:
        several = isinstance(self.type, UnionOf) or (isinstance(self.type, Literals) and len(self.type.values) > 1)
        return f"({self.type})?" if several else f"{self.type}?"


class UnionOf(Struct, frozen=True):
    """`a|b`. Made by `union`, which brings it to its normal form: no member below another, sorted as they print."""

    members: tuple[PortType, ...]

    def __str__(self) -> str:
        return "|".join(map(str, self.members))


PortType = Basic | S3Uri | Arn | Name | ArnOrName | Literals | ListOf | MapOf | Record | OptionalOf | UnionOf

#: Nothing is known: consistent with everything.
UNKNOWN = Basic("Unknown")
#: Declared: takes, or may be, everything.
ANY = Basic("Any")
STRING = Basic("String")
INTEGER = Basic("Integer")
FLOAT = Basic("Float")
BOOLEAN = Basic("Boolean")
TIMESTAMP = Basic("Timestamp")
JSON = Basic("Json")
#: A folder or file in a container.
PATH = Basic("Path")
CONTENT_TYPE = Basic("ContentType")
IMAGE_URI = Basic("ImageUri")
KMS_KEY = Basic("KmsKey")
S3_URI = S3Uri()
ARN = Arn()
NAME = Name()
ARN_OR_NAME = ArnOrName()

#: All types of one word, by it.
BASICS: Mapping[str, Basic] = MappingProxyType(
    {
        basic.word: basic
        for basic in (
            STRING,
            INTEGER,
            FLOAT,
            BOOLEAN,
            TIMESTAMP,
            JSON,
            PATH,
            CONTENT_TYPE,
            IMAGE_URI,
            KMS_KEY,
            ANY,
            UNKNOWN,
        )
    }
)
#: What is sent as a value of its own, not as text.
VALUES = frozenset({INTEGER, FLOAT, BOOLEAN, TIMESTAMP})


def is_refined_text(type: PortType) -> bool:
    """A text of which it is known what it stands for; literals are known, but not what for."""
    return isinstance(type, S3Uri | Arn | Name | ArnOrName) or type in (IMAGE_URI, KMS_KEY, CONTENT_TYPE, PATH)
