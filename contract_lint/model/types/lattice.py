"""The order of types: which says more, what two have in common, what covers both.

A type is a set of alternatives, of which none is below another, perhaps with the chance of absence (`?`). `is_below` compares
alternative by alternative, and is a partial order. `Unknown` stands at its top, above `Any`: it says least.
"""

from __future__ import annotations

from collections.abc import Iterable

from contract_lint.model.types.grammar import (
    ANY,
    FLOAT,
    INTEGER,
    JSON,
    KMS_KEY,
    STRING,
    UNKNOWN,
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


def optional(type: PortType) -> PortType:
    """`T?`; `Any` and `Unknown` hold absence already."""
    return type if type in (ANY, UNKNOWN) or isinstance(type, OptionalOf) else OptionalOf(type)


def required(type: PortType) -> PortType:
    """The type without `?`."""
    return type.type if isinstance(type, OptionalOf) else type


def union(types: Iterable[PortType]) -> PortType:
    """The normal form of `a|b|…`: what is below another member is left out; `Unknown`, then `Any`, swallows the rest.

    ValueError if there are no types.
    """
    given = tuple(types)
    for top in (UNKNOWN, ANY):
        if top in given:
            return top
    absent = any(isinstance(type, OptionalOf) for type in given)
    made = _from_alternatives(alternative for type in given for alternative in _alternatives(type))
    return optional(made) if absent else made


def is_below(a: PortType, b: PortType) -> bool:
    """Whether ``a`` says all that ``b`` says: it is the same, or more special."""
    if a == b or b == UNKNOWN:
        return True
    if a in (ANY, UNKNOWN) or b == ANY:
        return a != UNKNOWN and b == ANY
    if isinstance(a, OptionalOf) and not isinstance(b, OptionalOf):
        return False
    above = _alternatives(b)
    return all(any(_below(one, other) for other in above) for one in _alternatives(a))


def meet(a: PortType, b: PortType) -> PortType | None:
    """The type that says what both say; None if they contradict each other. It is below both."""
    if is_below(a, b):
        return a
    if is_below(b, a):
        return b
    both = [found for one in _alternatives(a) for other in _alternatives(b) if (found := _meet(one, other)) is not None]
    if not both:
        return None
    made = _from_alternatives(both)
    return optional(made) if isinstance(a, OptionalOf) and isinstance(b, OptionalOf) else made


def join(a: PortType, b: PortType) -> PortType:
    """The least type above both: the higher one, or their union."""
    return union((a, b))


def _alternatives(type: PortType) -> list[PortType]:
    """The smallest parts: single literals, and an ARN or a name for either."""
    type = required(type)
    if isinstance(type, UnionOf):
        return [alternative for member in type.members for alternative in _alternatives(member)]
    if isinstance(type, Literals):
        return [Literals((value,)) for value in type.values]
    return [type.arn, type.name] if isinstance(type, ArnOrName) else [type]


def _from_alternatives(alternatives: Iterable[PortType]) -> PortType:
    distinct = list(dict.fromkeys(alternatives))
    kept = [one for one in distinct if not any(one != other and _below(one, other) for other in distinct)]
    texts = [value for one in kept if isinstance(one, Literals) for value in one.values]
    members = [one for one in kept if not isinstance(one, Literals)] + ([Literals(tuple(texts))] if texts else [])
    for name in [one for one in kept if isinstance(one, Name)]:
        either = ArnOrName(name.resource)
        if either.arn in members:
            members = [one for one in members if one not in (either.arn, name)] + [either]
    if not members:
        raise ValueError("a union needs a member")
    return members[0] if len(members) == 1 else UnionOf(tuple(sorted(members, key=str)))


def _below(a: PortType, b: PortType) -> bool:
    """`is_below` for two alternatives."""
    if a == b or b in (ANY, UNKNOWN):
        return True
    if b == STRING:
        return is_refined_text(a) or isinstance(a, Literals)
    if b == JSON:
        return isinstance(a, ListOf | MapOf | Record)
    if b == KMS_KEY:
        return isinstance(a, Arn) and a.service == "kms"
    if isinstance(a, S3Uri) and isinstance(b, S3Uri):
        given = ((a.kind, b.kind), (a.format, b.format), (a.origin, b.origin))
        return all(theirs in (None, ours) for ours, theirs in given) and set(a.content) >= set(b.content)
    if isinstance(a, Arn) and isinstance(b, Arn):
        return b.service in (None, a.service) and b.resource in (None, a.resource)
    if isinstance(a, Name) and isinstance(b, Name):
        return b.resource is None
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        return is_below(a.item, b.item)
    if isinstance(a, MapOf) and isinstance(b, MapOf):
        return is_below(a.key, b.key) and is_below(a.value, b.value)
    if isinstance(a, Record) and isinstance(b, Record):
        fields = dict(a.fields)
        return all(name in fields and is_below(fields[name], type) for name, type in b.fields)
    return a == INTEGER and b == FLOAT


def _meet(a: PortType, b: PortType) -> PortType | None:
    """`meet` for two alternatives."""
    if _below(a, b):
        return a
    if _below(b, a):
        return b
    if isinstance(a, S3Uri) and isinstance(b, S3Uri):
        return _meet_s3(a, b)
    if KMS_KEY in (a, b) and Arn() in (a, b):
        return Arn("kms")
    if isinstance(a, ListOf) and isinstance(b, ListOf):
        item = meet(a.item, b.item)
        return None if item is None else ListOf(item)
    if isinstance(a, MapOf) and isinstance(b, MapOf):
        key, value = meet(a.key, b.key), meet(a.value, b.value)
        return None if key is None or value is None else MapOf(key, value)
    if isinstance(a, Record) and isinstance(b, Record):
        fields = dict(a.fields)
        for name, type in b.fields:
            both = meet(fields[name], type) if name in fields else type
            if both is None:
                return None
            fields[name] = both
        return Record(tuple(fields.items()))
    return None


def _meet_s3(a: S3Uri, b: S3Uri) -> S3Uri | None:
    """Tags that are given on both sides must share one: a model is no dataset, but a model with code is a model."""
    for ours, theirs in ((a.kind, b.kind), (a.format, b.format), (a.origin, b.origin)):
        if ours is not None and theirs is not None and ours != theirs:
            return None
    if a.content and b.content and not set(a.content) & set(b.content):
        return None
    return S3Uri(a.kind or b.kind, a.content + b.content, a.format or b.format, a.origin or b.origin)
