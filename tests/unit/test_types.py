"""What may flow into what, row by row; how types are read and ordered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from contract_lint.model.types import (
    ANY,
    JSON,
    S3_URI,
    STRING,
    UNKNOWN,
    Arn,
    ArnOrName,
    ListOf,
    Literals,
    Name,
    Record,
    S3Uri,
    Verdict,
    check,
    is_below,
    join,
    meet,
    optional,
    parse_type,
    required,
    union,
)

OK, NOTE, WARNING, ERROR = Verdict.OK, Verdict.NOTE, Verdict.WARNING, Verdict.ERROR

#: row, source, target, verdict, reason
ROWS = [
    (1, "Unknown", "Name<model>", Verdict.UNKNOWN, "unknown"),
    (1, "S3Uri", "Unknown", Verdict.UNKNOWN, "unknown"),
    (1, "Unknown", "Any", Verdict.UNKNOWN, "unknown"),
    (1, "List<Unknown>", "List<String>", Verdict.UNKNOWN, "unknown"),
    (2, "Integer", "Any", OK, ""),
    (2, "S3Uri?", "Any", OK, ""),
    (2, "Any", "Any", OK, ""),
    (3, "Any", "S3Uri", NOTE, "narrowing"),
    (3, "Any", "S3Uri?", NOTE, "narrowing"),
    (4, "Boolean", "Boolean", OK, ""),
    (4, "S3Uri", "S3Uri[content=model]", OK, ""),
    (4, "S3Uri[content=model]", "S3Uri", OK, ""),
    (4, "S3Uri[content=code+model]", "S3Uri[content=model]", OK, ""),
    (4, "Arn<sagemaker>", "Arn<sagemaker/model>", OK, ""),
    (4, "Name<model>", "Name", OK, ""),
    (4, "ArnOrName<model>", "ArnOrName", OK, ""),
    (4, "List<String>", "Json", OK, ""),
    (4, "Json", "Map<String,Integer>", OK, ""),
    (5, "S3Uri", "S3Uri?", OK, ""),
    (5, "S3Uri?", "S3Uri?", OK, ""),
    (24, "S3Uri", "Name<model>?", ERROR, "kind-mismatch"),
    (6, "S3Uri?", "S3Uri", WARNING, "optional-source"),
    (24, "S3Uri?", "Name<model>", ERROR, "kind-mismatch"),
    (7, "Name<model>|S3Uri", "S3Uri", WARNING, "some-members-fail"),
    (7, "Name<model>|S3Uri", "Integer", ERROR, "kind-mismatch"),
    (7, "Name<model>|S3Uri", "String", OK, ""),
    (7, "S3Uri|List<Unknown>", "S3Uri|List<String>", Verdict.UNKNOWN, "unknown"),
    (7, "ArnOrName<model>", "Arn<sagemaker/model>", WARNING, "some-members-fail"),
    (7, "ArnOrName<model>", "Arn<sagemaker>|Name<model>", OK, ""),
    (7, "KmsKey", "Arn<kms>", WARNING, "some-members-fail"),
    (8, "S3Uri", "Path|S3Uri", OK, ""),
    (8, "Arn", "Arn<iam>|KmsKey", OK, ""),
    (15, "String", "Path|S3Uri", WARNING, "unrefined-string"),
    (24, "Integer", "Path|S3Uri", ERROR, "kind-mismatch"),
    (9, "List<S3Uri>", "List<String>", OK, ""),
    (24, "List<S3Uri>", "List<Name>", ERROR, "kind-mismatch"),
    (9, "S3Uri", "List<S3Uri>", WARNING, "array-promotion"),
    (24, "S3Uri", "List<Name>", ERROR, "kind-mismatch"),
    (9, "List<S3Uri>", "S3Uri", ERROR, "list-for-value"),
    (10, "Json{a:S3Uri,b:Integer}", "Json{a:String}", OK, ""),
    (10, "Json{b:Integer}", "Json{a:String,b:Integer}", ERROR, "missing-field"),
    (10, "Json{b:Integer}", "Json{a:String?,b:Integer}", OK, ""),
    (13, "Json{a:Integer}", "Json{a:String}", WARNING, "needs-to-string"),
    (10, "Map<String,S3Uri>", "Map<String,String>", OK, ""),
    (24, "Map<String,S3Uri>", "Map<String,Name>", ERROR, "kind-mismatch"),
    (10, "Json{a:S3Uri}", "Map<String,S3Uri>", OK, ""),
    (10, "Map<String,S3Uri>", "Json{a:S3Uri}", Verdict.UNKNOWN, "unknown"),
    (24, "Map<String,S3Uri>", "Json{a:Integer}", ERROR, "kind-mismatch"),
    (11, '"Gzip"', '"Gzip"|"None"', OK, ""),
    (11, '"Zip"', '"Gzip"|"None"', ERROR, "other-literal"),
    (11, '"Gzip"|"Zip"', '"Gzip"|"None"', WARNING, "other-literal"),
    (11, "String", '"Gzip"|"None"', WARNING, "unrefined-string"),
    (24, "S3Uri", '"Gzip"|"None"', ERROR, "kind-mismatch"),
    (11, "S3Uri", '"None"|"s3://bucket/key"', WARNING, "unrefined-string"),
    (12, "Integer", "Float", OK, ""),
    (12, "Float", "Integer", WARNING, "float-for-integer"),
    (13, "Integer", "String", WARNING, "needs-to-string"),
    (13, "Timestamp", "String", WARNING, "needs-to-string"),
    (14, "String", "Integer", ERROR, "text-for-value"),
    (14, "String", "Boolean", ERROR, "text-for-value"),
    (14, '"5"', "Integer", ERROR, "text-for-value"),
    (15, "String", "S3Uri", WARNING, "unrefined-string"),
    (15, "String", "ArnOrName<role>", WARNING, "unrefined-string"),
    (15, "String", "ContentType", WARNING, "unrefined-string"),
    (15, '"s3://bucket/key"', "S3Uri", WARNING, "unrefined-string"),
    (24, '"InService"', "S3Uri", ERROR, "kind-mismatch"),
    (24, '"InService"', "Arn", ERROR, "kind-mismatch"),
    (15, '"my-model"', "Name<model>", WARNING, "unrefined-string"),
    (16, "ImageUri", "String", OK, ""),
    (16, "Arn<iam/role>", "String", OK, ""),
    (16, '"Gzip"', "String", OK, ""),
    (17, "Arn<iam/role>", "ArnOrName<role>", OK, ""),
    (17, "Name<model>", "ArnOrName<model>", OK, ""),
    (17, "Arn", "ArnOrName<model>", OK, ""),
    (17, "Arn<kms/key>", "KmsKey", OK, ""),
    (18, "Arn<sagemaker/model>", "Name<model>", ERROR, "arn-for-name"),
    (18, "Name<model>", "Arn<sagemaker/model>", ERROR, "name-for-arn"),
    (24, "Arn<sagemaker/model>", "Name<training-job>", ERROR, "kind-mismatch"),
    (19, "Arn<sagemaker/model>", "Arn<sagemaker/endpoint>", ERROR, "other-resource"),
    (19, "Arn<sagemaker>", "Arn<iam/role>", ERROR, "other-resource"),
    (19, "Name<training-job>", "Name<model>", ERROR, "other-resource"),
    (19, "Arn<sagemaker/model>", "ArnOrName<role>", ERROR, "other-resource"),
    (19, "Arn<iam/role>", "KmsKey", ERROR, "other-resource"),
    (20, "S3Uri[kind=object]", "S3Uri[kind=prefix]", OK, ""),
    (20, "S3Uri[kind=prefix]", "S3Uri[kind=object]", WARNING, "prefix-for-object"),
    (20, "S3Uri[kind=object]", "S3Uri[kind=manifest]", WARNING, "object-for-manifest"),
    (20, "S3Uri[kind=prefix]", "S3Uri[kind=object,content=model]", ERROR, "prefix-for-object"),
    (4, "S3Uri", "S3Uri[kind=object,content=model]", OK, ""),
    (21, "S3Uri[content=report]", "S3Uri[content=model]", WARNING, "content-mismatch"),
    (21, "S3Uri[content=model]", "S3Uri[content=dataset]", WARNING, "content-mismatch"),
    (21, "S3Uri[content=dataset]", "S3Uri[content=model]", ERROR, "content-mismatch"),
    (22, "S3Uri[origin=parent]", "S3Uri", WARNING, "parent-prefix"),
    (22, "S3Uri[content=model,origin=parent]", "S3Uri[content=model]", WARNING, "parent-prefix"),
    (4, "S3Uri[origin=parent]", "S3Uri[origin=parent]", OK, ""),
    (4, "S3Uri[origin=result]", "S3Uri[origin=echo]", OK, ""),
    (23, "S3Uri[format=csv]", "S3Uri[format=parquet]", WARNING, "format-mismatch"),
    (4, "S3Uri[format=csv]", "S3Uri", OK, ""),
    (21, "S3Uri[content=dataset,format=csv]", "S3Uri[content=model,format=json]", ERROR, "content-mismatch"),
    (24, "S3Uri", "Name<model>", ERROR, "kind-mismatch"),
    (24, "S3Uri", "Path", ERROR, "kind-mismatch"),
    (24, "Integer", "S3Uri", ERROR, "kind-mismatch"),
    (24, "ImageUri", "Integer", ERROR, "kind-mismatch"),
    (24, "Json", "String", ERROR, "kind-mismatch"),
    (24, "String", "Json", ERROR, "kind-mismatch"),
    (24, "Boolean", "Integer", ERROR, "kind-mismatch"),
]


@pytest.mark.parametrize(("row", "source", "target", "verdict", "reason"), ROWS)
def test_the_rows(row: int, source: str, target: str, verdict: Verdict, reason: str) -> None:
    found = check(parse_type(source), parse_type(target))
    assert (found.verdict, found.reason, found.row) == (verdict, reason, row)


def test_each_row_has_a_case() -> None:
    assert {row for row, *_ in ROWS} == set(range(1, 25))


def test_an_output_that_may_well_be_absent_is_an_error() -> None:
    found = check(optional(S3_URI), S3_URI, conditional=True)
    assert (found.verdict, found.reason, found.row) == (ERROR, "optional-source", 6)
    assert check(optional(S3_URI), optional(S3_URI), conditional=True).verdict is OK
    assert check(S3_URI, S3_URI, conditional=True).verdict is OK, "the output itself is always there"


def test_a_number_in_a_text_needs_to_be_made_one() -> None:
    for number in ("Integer", "Float", "Boolean", "Timestamp"):
        found = check(parse_type(number), STRING, into_text=True)
        assert (found.verdict, found.reason, found.row) == (ERROR, "needs-to-string", 13)
    assert check(S3_URI, STRING, into_text=True).verdict is OK
    assert check(ListOf(parse_type("Integer")), ListOf(STRING), into_text=True).verdict is ERROR


def test_an_arn_where_a_name_is_due_says_which_member_to_take() -> None:
    assert check(Arn("sagemaker", "model"), Name("model")).hint == "use the …Name of the same step"
    assert check(Name("model"), Arn("sagemaker", "model")).hint == "use the …Arn of the same step"
    assert check(Arn("sagemaker", "model"), Name("endpoint")).hint is None


def test_a_missing_field_is_named() -> None:
    assert check(parse_type("Json{b:String}"), parse_type("Json{a:String}")).hint == "give the field 'a'"


def test_verdicts_are_ordered_from_unknown_to_error() -> None:
    assert sorted(Verdict, key=lambda verdict: verdict.rank) == [Verdict.UNKNOWN, OK, NOTE, WARNING, ERROR]


NORMAL = [
    ("S3Uri[ content = model+code, kind=object ]", "S3Uri[kind=object,content=code+model]"),
    ("S3Uri[content=model+model]", "S3Uri[content=model]"),
    ("Path|Integer|Path", "Integer|Path"),
    ("String|S3Uri|Name<model>", "String"),
    ("S3Uri|S3Uri[content=model]", "S3Uri"),
    ('"b"|"a"|"b"', '"a"|"b"'),
    ('"a\\"b"', '"a\\"b"'),
    ("Arn<sagemaker/model>|Name<model>", "ArnOrName<model>"),
    ("Arn<iam/role>|Name<role>", "ArnOrName<role>"),
    ("Arn|Name", "ArnOrName"),
    ("String??", "String?"),
    ("Integer?|Path", "(Integer|Path)?"),
    ('("a"|"b")?', '("a"|"b")?'),
    ('"a"?', '"a"?'),
    ("Any?", "Any"),
    ("Unknown?", "Unknown"),
    ("Any|S3Uri", "Any"),
    ("Any|Unknown", "Unknown"),
    ("List< Map<String , S3Uri?> >", "List<Map<String,S3Uri?>>"),
    ("Json{ b: Integer?, a: String }", 'Json{"a":String,"b":Integer?}'),
    ("Json{}", "Json"),
    ("  Arn<lambda/function>  ", "Arn<lambda/function>"),
]


@pytest.mark.parametrize(("text", "normal"), NORMAL)
def test_types_have_a_normal_form(text: str, normal: str) -> None:
    assert str(parse_type(text)) == normal
    assert parse_type(normal) == parse_type(text)


BAD = [
    ("", 1, "a type is expected"),
    ("S3URI", 1, "did you mean S3Uri?"),
    ("List<Foo>", 6, "'Foo' is no type"),
    ("List<String", 12, "'>' is expected"),
    ("List", 5, "'<' is expected"),
    ("Map<String>", 11, "',' is expected"),
    ("String Integer", 8, "the text goes on"),
    ("String|", 8, "a type is expected"),
    ("S3Uri[kind=folder]", 12, "'folder' is no kind; it is one of manifest, object, prefix"),
    ("S3Uri[origin=there]", 14, "'there' is no origin"),
    ("S3Uri[size=3]", 7, "S3Uri has no parameter 'size'"),
    ("S3Uri[format=csv,format=json]", 18, "'format' is given twice"),
    ("S3Uri[]", 7, "a parameter of S3Uri is expected"),
    ("S3Uri[content=]", 15, "a value of 'content' is expected"),
    ("Arn<>", 5, "a service is expected"),
    ("Name<a/b>", 7, "'>' is expected"),
    ('"open', 1, "this literal has no end"),
    ("Json{a:String,a:Path}", 15, "the field 'a' is given twice"),
    ("(String", 8, "')' is expected"),
    ("List<" * 60 + "String" + ">" * 60, 251, "nested more than 50 deep"),
]


@pytest.mark.parametrize(("text", "column", "message"), BAD)
def test_a_bad_text_is_refused_with_its_place(text: str, column: int, message: str) -> None:
    with pytest.raises(ValueError, match="column") as raised:
        parse_type(text)
    assert message in str(raised.value)
    assert f"(column {column} of {text!r})" in str(raised.value)


def test_many_types_side_by_side_are_not_deep() -> None:
    assert isinstance(parse_type("|".join(f'"{number}"' for number in range(200))), Literals)


#: a, b, their meet, their join
PAIRS = [
    ("S3Uri[content=model]", "S3Uri[kind=object]", "S3Uri[kind=object,content=model]", "S3Uri[content=model]|S3Uri[kind=object]"),
    ("S3Uri[content=model]", "S3Uri[content=dataset]", None, "S3Uri[content=dataset]|S3Uri[content=model]"),
    ("S3Uri[kind=object]", "S3Uri[kind=prefix]", None, "S3Uri[kind=object]|S3Uri[kind=prefix]"),
    ("S3Uri", "String", "S3Uri", "String"),
    ("S3Uri", "Name", None, "Name|S3Uri"),
    ("Integer", "Float", "Integer", "Float"),
    ("Arn", "ArnOrName<role>", "Arn<iam/role>", "Arn|Name<role>"),
    ("Arn", "KmsKey", "Arn<kms>", "Arn|KmsKey"),
    ("Path|S3Uri", "ImageUri|S3Uri[format=csv]", "S3Uri[format=csv]", "ImageUri|Path|S3Uri"),
    ("String?", "S3Uri", "S3Uri", "String?"),
    ("String?", "S3Uri?", "S3Uri?", "String?"),
    ("List<String>", "List<S3Uri>", "List<S3Uri>", "List<String>"),
    ("List<Path>", "List<S3Uri>", None, "List<Path>|List<S3Uri>"),
    ("Json{a:String}", "Json{b:Path}", 'Json{"a":String,"b":Path}', 'Json{"a":String}|Json{"b":Path}'),
    ("Json{a:Path}", "Json{a:S3Uri}", None, 'Json{"a":Path}|Json{"a":S3Uri}'),
    ("Map<String,String>", "Json", "Map<String,String>", "Json"),
    ('"a"|"b"', '"b"|"c"', '"b"', '"a"|"b"|"c"'),
    ("Any", "S3Uri?", "S3Uri?", "Any"),
    ("Unknown", "Any", "Any", "Unknown"),
]


@pytest.mark.parametrize(("a", "b", "low", "high"), PAIRS)
def test_meets_and_joins(a: str, b: str, low: str | None, high: str) -> None:
    found = meet(parse_type(a), parse_type(b))
    assert (None if found is None else str(found)) == low
    assert str(join(parse_type(a), parse_type(b))) == high


def test_the_order() -> None:
    assert is_below(parse_type("S3Uri[kind=object,content=model]"), parse_type("S3Uri[content=model]"))
    assert is_below(ArnOrName("model"), union((Arn("sagemaker"), Name("model"))))
    assert not is_below(S3_URI, parse_type("S3Uri[content=model]"))
    assert not is_below(optional(S3_URI), S3_URI)
    assert is_below(ANY, UNKNOWN)
    assert not is_below(UNKNOWN, ANY)
    assert is_below(Record((("a", S3_URI),)), JSON)


def test_structs_written_by_hand_are_normal_too() -> None:
    assert S3Uri(content=("model", "code", "model")) == parse_type("S3Uri[content=code+model]")
    assert Literals(("b", "a", "b")) == parse_type('"a"|"b"')
    assert required(optional(STRING)) == STRING
    with pytest.raises(ValueError, match="union"):
        union(())


def test_the_page_on_types_has_the_same_rows_and_reasons() -> None:
    page = (Path(__file__).parents[2] / "docs" / "types.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| .* \|([^|]*)\|$", page.partition("## What may flow")[2].partition("\n## ")[0], flags=re.MULTILINE)
    assert [int(row) for row, _ in rows] == list(range(1, 25))
    documented = {reason for _, cell in rows for reason in re.findall(r"`([a-z-]+)`", cell)}
    assert {reason for *_, reason in ROWS if reason} <= documented
    for row, cell in rows:
        own = {reason for number, *_, reason in ROWS if number == int(row) and reason and reason not in ("unknown", "kind-mismatch")}
        assert own <= set(re.findall(r"`([a-z-]+)`", cell)), row
