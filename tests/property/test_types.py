"""The laws of the type language, on generated types."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_lint.model.evidence import Evidence, Rank, Typing, judge, merge
from contract_lint.model.span import Span
from contract_lint.model.types import (
    ANY,
    BOOLEAN,
    CONTENT_TYPE,
    FLOAT,
    IMAGE_URI,
    INTEGER,
    JSON,
    KMS_KEY,
    PATH,
    STRING,
    TIMESTAMP,
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
    Verdict,
    check,
    is_below,
    join,
    meet,
    optional,
    parse_type,
    union,
)

#: The same examples in every run.
lawful = settings(max_examples=250, deadline=None, database=None, derandomize=True)

TAGS = ("code", "dataset", "model")
RESOURCES = ("model", "role", "key")


def tags() -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(TAGS), max_size=2).map(tuple)


def maybe(*values: str) -> st.SearchStrategy[str | None]:
    return st.sampled_from((None, *values))


def s3_uris() -> st.SearchStrategy[PortType]:
    kinds, origins = maybe("object", "prefix", "manifest"), maybe("result", "echo", "parent")
    return st.builds(S3Uri, kinds, tags(), maybe("csv", "json"), origins)


def arns() -> st.SearchStrategy[PortType]:
    made = [Arn(), Arn("sagemaker"), Arn("sagemaker", "model"), Arn("sagemaker", "job"), Arn("iam", "role"), Arn("kms"), Arn("kms", "key")]
    return st.sampled_from(made)


def leaves() -> st.SearchStrategy[PortType]:
    basics = (ANY, BOOLEAN, CONTENT_TYPE, FLOAT, IMAGE_URI, INTEGER, JSON, KMS_KEY, PATH, STRING, TIMESTAMP, UNKNOWN)
    literals = st.lists(st.text(max_size=3), min_size=1, max_size=3).map(lambda values: Literals(tuple(values)))
    return st.one_of(
        st.sampled_from(basics), s3_uris(), arns(), st.builds(Name, maybe(*RESOURCES)), st.builds(ArnOrName, maybe(*RESOURCES)), literals
    )


def grown(inner: st.SearchStrategy[PortType]) -> st.SearchStrategy[PortType]:
    fields = st.dictionaries(st.sampled_from(("a", "b", "ä:")), inner, min_size=1, max_size=2)
    return st.one_of(
        st.builds(ListOf, inner),
        st.builds(MapOf, inner, inner),
        fields.map(lambda given: Record(tuple(given.items()))),
        inner.map(optional),
        st.lists(inner, min_size=1, max_size=3).map(union),
    )


def types() -> st.SearchStrategy[PortType]:
    return st.recursive(leaves(), grown, max_leaves=5)


def parts(type: PortType) -> list[PortType]:
    """The type and all types in it."""
    below: tuple[PortType, ...] = ()
    if isinstance(type, ListOf):
        below = (type.item,)
    elif isinstance(type, MapOf):
        below = (type.key, type.value)
    elif isinstance(type, Record):
        below = tuple(field for _, field in type.fields)
    elif isinstance(type, OptionalOf):
        below = (type.type,)
    elif isinstance(type, UnionOf):
        below = type.members
    return [type, *(part for one in below for part in parts(one))]


def settled(type: PortType) -> bool:
    """Whether it leaves nothing open: no parameter, no shape, no field, no second tag."""
    for part in parts(type):
        if part in (UNKNOWN, ANY, JSON) or isinstance(part, Record):
            return False
        if isinstance(part, S3Uri) and (None in (part.kind, part.format, part.origin) or len(part.content) != 1):
            return False
        if isinstance(part, Arn) and part.resource is None:
            return False
        if isinstance(part, Name | ArnOrName) and part.resource is None:
            return False
    return True


def settled_types() -> list[PortType]:
    """Types that leave nothing open."""
    uris: list[PortType] = [
        S3Uri(kind, (tag,), form, origin)
        for kind in ("manifest", "object", "prefix")
        for tag in ("dataset", "model")
        for form in ("csv", "json")
        for origin in ("parent", "result")
    ]
    resources: list[PortType] = [
        Arn("sagemaker", "model"),
        Arn("kms", "key"),
        Name("model"),
        Name("key"),
        ArnOrName("model"),
        ArnOrName("key"),
    ]
    texts: list[PortType] = [STRING, KMS_KEY, PATH, IMAGE_URI, CONTENT_TYPE, Literals(("a",)), Literals(("b",)), Literals(("a", "b"))]
    values: list[PortType] = [INTEGER, FLOAT, BOOLEAN, TIMESTAMP]
    few = [uris[0], uris[-1], *resources[:3], *texts[:2], texts[-1], *values[:2]]
    unions = [union((one, other)) for one in few for other in few if one != other]
    made: list[PortType] = [*uris, *resources, *texts, *values, *unions]
    made += [kind for one in [*few, *unions[:12]] for kind in (ListOf(one), MapOf(STRING, one), optional(one))]
    return sorted(set(made), key=str)


@lawful
@given(types())
def test_a_type_prints_as_it_is_read(type: PortType) -> None:
    assert parse_type(str(type)) == type
    assert hash(parse_type(str(type))) == hash(type)


@lawful
@given(st.text(alphabet='SLMstringURIpad<>[]{}|?,:="\\/ -_7', max_size=30))
def test_any_text_is_a_type_or_a_value_error(text: str) -> None:
    try:
        read = parse_type(text)
    except ValueError as error:
        assert repr(text) in str(error)
    else:
        assert parse_type(str(read)) == read


@lawful
@given(types())
def test_the_order_is_reflexive_and_joins_and_meets_are_idempotent(type: PortType) -> None:
    assert is_below(type, type)
    assert meet(type, type) == type
    assert join(type, type) == type


@lawful
@given(types(), types())
def test_the_order_is_antisymmetric(a: PortType, b: PortType) -> None:
    if is_below(a, b) and is_below(b, a):
        assert a == b


@settings(lawful, max_examples=800)
@given(types(), types(), types())
def test_the_order_is_transitive(a: PortType, b: PortType, c: PortType) -> None:
    """Any three, and a chain made of them, so that the law is met often."""
    if is_below(a, b) and is_below(b, c):
        assert is_below(a, c)
    assert is_below(a, join(a, b))
    assert is_below(a, join(join(a, b), c))
    low = meet(a, b)
    lower = None if low is None else meet(low, c)
    if lower is not None:
        assert is_below(lower, a)


@lawful
@given(types(), types())
def test_a_join_is_above_and_a_meet_below_both(a: PortType, b: PortType) -> None:
    assert join(a, b) == join(b, a)
    assert is_below(a, join(a, b))
    assert is_below(b, join(a, b))
    both = meet(a, b)
    assert both == meet(b, a)
    if both is not None:
        assert is_below(both, a)
        assert is_below(both, b)


@lawful
@given(types(), types())
def test_comparable_types_have_a_meet_and_a_join_of_their_own(a: PortType, b: PortType) -> None:
    if is_below(a, b):
        assert meet(a, b) == a
        assert join(a, b) == b


@lawful
@given(types(), types(), types())
def test_a_join_is_the_least_type_above_both(a: PortType, b: PortType, c: PortType) -> None:
    if is_below(a, c) and is_below(b, c):
        assert is_below(join(a, b), c)
    above = join(join(a, b), c)
    assert is_below(join(a, b), above)


@lawful
@given(types())
def test_unknown_absorbs(type: PortType) -> None:
    assert check(UNKNOWN, type).verdict is Verdict.UNKNOWN
    assert check(type, UNKNOWN).verdict is Verdict.UNKNOWN
    assert join(type, UNKNOWN) == UNKNOWN
    assert meet(type, UNKNOWN) == type


@settings(lawful, max_examples=800)
@given(types(), types())
def test_what_is_below_may_flow(a: PortType, b: PortType) -> None:
    """But for what is not known, and for the parent of an output: nobody is to read that, whoever takes any S3 URI."""
    for low, high in ((a, b), (a, join(a, b)), (meet(a, b), b)):
        if low is None or not is_below(low, high):
            continue
        verdict = check(low, high).verdict
        if UNKNOWN in parts(low) + parts(high):
            assert verdict in (Verdict.OK, Verdict.UNKNOWN, Verdict.NOTE)
        elif not any(isinstance(part, S3Uri) and part.origin == "parent" for part in parts(low)):
            assert verdict is Verdict.OK


@lawful
@given(types())
def test_a_type_flows_into_itself(type: PortType) -> None:
    expected = (Verdict.OK, Verdict.UNKNOWN) if UNKNOWN in parts(type) else (Verdict.OK,)
    assert check(type, type).verdict in expected


def test_ok_is_transitive_where_nothing_is_left_open() -> None:
    types = settled_types()
    assert all(settled(type) for type in types)
    flows = {one: [other for other in types if check(one, other).verdict is Verdict.OK] for one in types}
    chains = [(a, b, c) for a in types for b in flows[a] for c in flows[b] if a != b != c]
    assert any(check(a, c).row == 20 for a, _, c in chains)
    for a, b, c in chains:
        assert c in flows[a], f"{a} -> {b} -> {c}"


#: Where something is left open: each middle type is consistent with both ends, which are not with each other.
INTRANSITIVE = [
    ("S3Uri[content=model]", "S3Uri", "S3Uri[content=dataset]"),
    ("S3Uri[content=model]", "S3Uri[content=code+model]", "S3Uri[content=code]"),
    ("Name<model>", "Name", "Name<role>"),
    ("List<String>", "Json", "Map<String,String>"),
    ("Json{a:String,b:S3Uri}", "Json{b:S3Uri}", "Json{a:Integer?,b:S3Uri}"),
    ("Integer", "Any", "S3Uri"),
]


@pytest.mark.parametrize(("first", "middle", "last"), INTRANSITIVE)
def test_ok_is_not_transitive_over_what_is_left_open(first: str, middle: str, last: str) -> None:
    a, b, c = parse_type(first), parse_type(middle), parse_type(last)
    assert check(a, b).verdict is Verdict.OK
    assert check(b, c).verdict in (Verdict.OK, Verdict.NOTE)
    assert check(a, c).verdict in (Verdict.WARNING, Verdict.ERROR)


@lawful
@given(types(), types(), st.booleans())
def test_every_verdict_has_a_row_and_a_reason(a: PortType, b: PortType, flag: bool) -> None:
    found = check(a, b, conditional=flag, into_text=flag)
    assert 1 <= found.row <= 24
    assert (found.reason == "") == (found.verdict is Verdict.OK)


def evidence() -> st.SearchStrategy[Evidence]:
    few = st.one_of(s3_uris(), st.sampled_from((STRING, INTEGER, Name("model"), UNKNOWN, ANY, OptionalOf(STRING))))
    spans = st.sampled_from((None, Span("a.py", 1, 1, 1, 5), Span("a.py", 1, 1, 1, 9), Span("n.ipynb", 1, 1, 1, 5, cell=2)))
    return st.builds(Evidence, st.sampled_from(Rank), few, st.sampled_from(("one", "two")), spans)


@lawful
@given(st.lists(evidence(), max_size=5), st.randoms(use_true_random=False))
def test_merging_depends_on_no_order(given_evidence: list[Evidence], random: object) -> None:
    expected = merge(given_evidence)
    shuffled = list(given_evidence)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert merge(shuffled) == expected
    assert merge(shuffled + shuffled) == expected
    assert expected.evidence == tuple(sorted(expected.evidence, key=lambda one: one.rank))


@lawful
@given(st.lists(evidence(), max_size=5))
def test_a_merged_type_contradicts_nothing_but_its_conflicts(given_evidence: list[Evidence]) -> None:
    found = merge(given_evidence)
    assert (found.type == UNKNOWN) == (found.rank is None)
    against = {one for conflict in found.conflicts for one in (conflict.first, conflict.second)}
    for one in given_evidence:
        if one.rank <= Rank.ROLE and one.type != UNKNOWN and one not in against and not found.conflicts:
            assert meet(one.type, found.type) is not None


@lawful
@given(st.lists(evidence(), max_size=4), st.lists(evidence(), max_size=4), st.sampled_from(Rank))
def test_weak_evidence_proves_nothing(one: list[Evidence], other: list[Evidence], trusted: Rank) -> None:
    source, target = merge(one), merge(other)
    found = judge(source, target, trusted=trusted).verdict
    if found is Verdict.ERROR:
        assert check(strong(source), strong(target)).verdict is Verdict.ERROR
    if not any(evidence.rank <= trusted for evidence in one):
        assert found is Verdict.UNKNOWN


def strong(typing: Typing) -> PortType:
    return merge(one for one in typing.evidence if one.rank <= Rank.ROLE).type
