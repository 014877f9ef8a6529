"""What the words beside a port say about its type: its role, its description, its name.

A description counts only where its head is one of a few phrases and nothing else of the kind stands in it; a miss costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from contract_lint.model.types import (
    ARN,
    BOOLEAN,
    IMAGE_URI,
    INTEGER,
    PATH,
    S3_URI,
    ArnOrName,
    Name,
    PortType,
    S3Uri,
    union,
)

_ROLES: Mapping[str, PortType] = MappingProxyType(
    {
        "model_artifacts": S3Uri(content=("model",)),
        "training_data": S3Uri(content=("dataset",)),
        "processing_output": S3_URI,
        "hyperparameters": S3Uri(content=("hyperparameters",)),
        "payload_samples": S3Uri(content=("payload",)),
    }
)

#: How people call a resource, in lower case -> the word that ARNs have for it.
_RESOURCES: Mapping[str, str] = MappingProxyType(
    {
        **{
            name.replace("-", " "): name
            for name in (
                "training-job",
                "processing-job",
                "transform-job",
                "hyper-parameter-tuning-job",
                "automl-job",
                "labeling-job",
                "compilation-job",
                "model",
                "model-package",
                "model-package-group",
                "endpoint",
                "endpoint-config",
                "feature-group",
                "inference-component",
            )
        },
        "batch transform job": "transform-job",
        "tuning job": "hyper-parameter-tuning-job",
        "hyperparameter tuning job": "hyper-parameter-tuning-job",
        "hyper-parameter tuning job": "hyper-parameter-tuning-job",
        "autopilot job": "automl-job",
        "endpoint configuration": "endpoint-config",
        "role": "role",
        "iam role": "role",
        "execution role": "role",
        "lambda function": "function",
        "kms key": "key",
        "sns topic": "topic",
    }
)
_RESOURCE = "|".join(sorted(map(re.escape, _RESOURCES), key=lambda phrase: (-len(phrase), phrase)))
#: Words that may stand before a resource and do not make another thing of it.
_QUALIFIER = (
    "the|an?|this|its|your|our|amazon|aws|sagemaker|created|trained|registered|deployed|launched|completed|generated|resulting|existing|new|"
    "upstream|previous|best|final|output|input"
)
#: After the head of a description there is nothing, a new clause, or a word that goes on about the same thing.
_AFTER_NAME = r"(?=$|[.,;:()\[\]]|\s+[-–—]|\s+(?:in|that|which|created|used|for|from|with|on|by|produced|registered|when|where|is)\b)"
_AFTER_PLACE = r"(?=$|[.,;:()\[\]]|\s+[-–—]|\s+(?:of|to|for|where|in|from|containing|that|which|with|under|on|holding|used|at|when|is)\b)"

_START = re.compile(r"^(?:[(\[]?(?:optional|required)[)\]]?[:,]?\s+)?(?:(?:the|an?)\s+)?")
_S3 = re.compile(
    rf"(?!(?:list|dict|map|mapping|set|tuple|name|arn|number)\b)(?:(?!(?:of|to|for|in|or|and|with|from|by|as)\b)[\w'’-]+\s+){{0,3}}"
    rf"s3[\s_-]?(?:uri|url|path|location){_AFTER_PLACE}"
)
_IN_S3 = re.compile(
    r"(?:(?:uri|url|path|location)\s+(?:of|to|for|where)|location\s+in)\b[^.;]*\b(?:in|on)\s+(?:amazon\s+|aws\s+)?s3(?=$|[.,;:()]|\s+(?:where|that|which|for)\b)"
)
_IMAGE = re.compile(rf"(?:(?:docker|ecr|container|training|processing|inference|sagemaker)\s+)*image\s+uri{_AFTER_PLACE}")
_NUMBER = re.compile(r"(?:(?:total|maximum|max|minimum|min|expected)\s+)?(?:number|count)\s+of\s+(?!(?:the|an?|this)\b)[\w-]+")
_OF = re.compile(rf"(?P<what>arn|name)\s+(?:of|for)\s+(?:(?:{_QUALIFIER})\s+)*(?P<resource>{_RESOURCE}){_AFTER_NAME}")
_BEFORE = re.compile(rf"(?:(?:{_QUALIFIER})\s+)*(?P<resource>{_RESOURCE})\s+(?P<what>arn|name){_AFTER_NAME}")
_OTHER_ARN = re.compile(r"arn\s+(?:of|for)\b")

#: Everything that a description can be of: two of them, whichever, and it tells nothing.
_KINDS = re.compile(
    r"\bs3[\s_-]?(?:uri|url|path|location)s?\b|\barns?\b|\bnames?\b|\b(?:number|count)\s+of\b|\blocal\b|\bimage\s+uris?\b|\bids?\b|\bjson\b"
)
_DENIAL = re.compile(r"\b(?:not|no|non|never|instead|without|whether|rather|either|neither)\b|n['’]t\b")
_ANOTHER = re.compile(r"[\s,;]*(?:\b(?:or|and|plus)\b|/)")
_URL = re.compile(r"\b\w+://\S*")


def type_of_role(role: str) -> PortType | None:
    """The type by a `DependencyType` or an `output_type`: the member's name, qualified or not, or its value."""
    return _ROLES.get(role.rpartition(".")[2].lower())


def type_of_description(text: str) -> PortType | None:
    """The type by the head of a description: "S3 path of …", "ARN of …", "Name of the training job", "Number of …"."""
    plain = " ".join(_URL.sub(" ", text).lower().split())
    if _DENIAL.search(plain):
        return None
    start = _START.match(plain)
    head = plain[start.end() :] if start else plain
    for pattern in (_S3, _IN_S3, _IMAGE, _NUMBER, _OF, _BEFORE, _OTHER_ARN):
        if (found := pattern.match(head)) is not None:
            break
    else:
        return None
    kinds = _KINDS.findall(plain)
    if len(kinds) > (0 if pattern is _IN_S3 else 1) or _ANOTHER.match(head, found.end()):
        return None
    if pattern in (_S3, _IN_S3):
        return S3_URI
    if pattern is _IMAGE:
        return IMAGE_URI
    if pattern is _NUMBER:
        return INTEGER
    return ARN if pattern is _OTHER_ARN else _identity(found["what"], _RESOURCES[found["resource"]])


def _identity(what: str, resource: str) -> PortType:
    return ArnOrName(resource).arn if what == "arn" else Name(resource)


_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_.\s]+")
_NO_S3_URI = frozenset({"git", "mlflow", "registry", "repo", "repository", "tracking"})
_NO_PATH = frozenset({"class", "import", "json", "module", "property", "python", "url", "xml"})
_IN_CONTAINER = frozenset({"container", "local"})


def type_of_name(name: str) -> PortType | None:
    """The type by a port's name: `*_s3_uri`, `*_uri`, `*_path`, `*_arn`, `*_name`, `n_*`, `num_*`, `*_count`, `enable_*`."""
    words = [word.lower() for word in _WORD_START.split(name) if word]
    if len(words) < 2:
        return None
    first, last, before = words[0], words[-1], words[:-1]
    if first == "enable":
        return BOOLEAN
    if first in ("n", "num") or last == "count":
        return INTEGER
    if last == "uri":
        if not _NO_S3_URI.isdisjoint(before):
            return None
        return IMAGE_URI if before[-1] == "image" else S3_URI
    if last == "path":
        return _path(before)
    if last == "arn":
        resource = _resource(before, any_prefix=True)
        return ARN if resource is None else _identity("arn", resource)
    resource = _resource(before, any_prefix=False) if last == "name" else None
    return None if resource is None else Name(resource)


def _path(before: list[str]) -> PortType | None:
    if not _NO_PATH.isdisjoint(before):
        return None
    if "s3" in before:
        return S3_URI
    return PATH if not _IN_CONTAINER.isdisjoint(before) else union((PATH, S3_URI))


_QUALIFIERS = frozenset({"sagemaker", "created", "trained", "registered", "deployed", "best", "output", "input"})


def _resource(words: list[str], *, any_prefix: bool) -> str | None:
    """The resource that the last of the words name, the longest; a `base_model` is no model, unless ``any_prefix``."""
    for start in range(len(words)):
        resource = _RESOURCES.get(" ".join(words[start:]))
        if resource is not None:
            return resource if any_prefix or _QUALIFIERS.issuperset(words[:start]) else None
    return None
