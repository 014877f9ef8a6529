"""Property path texts: what is read, what is malformed and where, and the printing."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contract_lint.model.contract import HOLE
from contract_lint.model.property_path import Attribute, Defect, Form, Index, Key, Malformed, Placeholder, PropertyPath, parse


def read(text: str) -> PropertyPath:
    parsed = parse(text)
    assert isinstance(parsed, PropertyPath), parsed
    return parsed


def parts(path: PropertyPath) -> list[tuple[str, type, Key]]:
    """The segments without their offsets, each key with its type (True equals 1)."""
    return [
        ("." if isinstance(s, Attribute) else "[]", type(k), k)
        for s in path.segments
        for k in [s.name if isinstance(s, Attribute) else s.key]
    ]


@pytest.mark.parametrize(
    ("text", "form", "step"),
    [
        ("A.B['x'].C", Form.BARE, None),
        ("properties.A.B['x'].C", Form.PROPERTIES, None),
        ("steps.My-Step_1.properties.A.B['x'].C", Form.STEP, "My-Step_1"),
        ("Steps.My-Step_1.A.B['x'].C", Form.GET, "My-Step_1"),
        ("Steps.{name}.A.B['x'].C", Form.GET, "{name}"),
        ("Steps.{self.name}.A.B['x'].C", Form.GET, "{self.name}"),
    ],
)
def test_forms(text: str, form: Form, step: str | None) -> None:
    path = read(text)
    assert (path.form, path.step, str(path)) == (form, step, "A.B['x'].C")


def test_offsets_point_into_the_text() -> None:
    text = 'properties.Outputs["train"].S3Output[0]'
    spans = [text[segment.start : segment.end] for segment in read(text).segments]
    assert spans == ["Outputs", '["train"]', "S3Output", "[0]"]


@pytest.mark.parametrize(
    ("key", "value", "quote"),
    [
        ("'x'", "x", "'"),
        ('"x"', "x", '"'),
        ("x", "x", ""),
        ("my-name", "my-name", ""),
        ("'0'", "0", "'"),
        ("'a.b]c d'", "a.b]c d", "'"),
        ('"it\'s"', "it's", '"'),
        ("0", 0, ""),
        ("-1", -1, ""),
        ("1.5", 1.5, ""),
        ("None", None, ""),
        ("True", True, ""),
        ("'None'", "None", "'"),
    ],
)
def test_indices(key: str, value: Key, quote: str) -> None:
    index = read(f"A[{key}]").segments[1]
    assert isinstance(index, Index)
    assert (type(index.key), index.key, index.quote) == (type(value), value, quote)


def test_prints_as_the_sdk_does() -> None:
    assert str(read('properties.A["x"][y][0][None][True][1.5].B')) == "A['x']['y'][0][None][True][1.5].B"
    assert str(read('A["it\'s"]')) == "A['it's']"  # the SDK escapes nothing


def test_all_properties() -> None:
    assert read("properties").segments == read("Steps.X").segments == read("steps.X.properties").segments == ()


@pytest.mark.parametrize(
    ("text", "defect", "where"),
    [
        ("", Defect.EMPTY, ""),
        ("properties.properties.A", Defect.PREFIX_TWICE, "properties"),
        ("steps.X.properties.properties.A", Defect.PREFIX_TWICE, "properties"),
        ("Properties.A", Defect.PREFIX_CASE, "Properties"),
        ("Steps.X.properties.A", Defect.STEPS_AND_PROPERTIES, "properties"),
        ("steps.X.A", Defect.STEP_WITHOUT_PROPERTIES, "steps.X."),
        ("Steps..A", Defect.STEP_WITHOUT_NAME, "."),
        ("Steps.My Step.A", Defect.SPACE, " "),
        ("properties.", Defect.TRAILING_DOT, "."),
        ("A.B.", Defect.TRAILING_DOT, "."),
        ("A..B", Defect.EMPTY_SEGMENT, ".."),
        (".A", Defect.EMPTY_SEGMENT, "."),
        ("properties..A", Defect.EMPTY_SEGMENT, ".."),
        ("A.['x']", Defect.EMPTY_SEGMENT, ".["),
        ("A['x']B", Defect.MISSING_DOT, "B"),
        ("A B", Defect.SPACE, " "),
        ("A ", Defect.SPACE, " "),
        ("A[ 'x' ]", Defect.SPACE, " 'x' "),
        ("A['x' ]", Defect.SPACE, " "),
        ("A['x]", Defect.QUOTE, "'"),
        ("A['x\"]", Defect.QUOTE, "'"),
        ("A[x']", Defect.QUOTE, "x'"),
        ("A['a'b']", Defect.QUOTE, "b"),
        ("'A.B'", Defect.QUOTE, "'"),
        ("A[0", Defect.UNBALANCED_BRACKET, "["),
        ("A['x'", Defect.UNBALANCED_BRACKET, "["),
        ("A0]", Defect.UNBALANCED_BRACKET, "]"),
        ("A[]", Defect.EMPTY_INDEX, "[]"),
        ("A['']", Defect.EMPTY_INDEX, "['']"),
        ("A[*]", Defect.INDEX, "*"),
        ("A[0:2]", Defect.INDEX, "0:2"),
        ("A[1e999]", Defect.INDEX, "1e999"),
        ("A{b", Defect.BRACE, "{"),
    ],
)
def test_malformed(text: str, defect: Defect, where: str) -> None:
    parsed = parse(text)
    assert isinstance(parsed, Malformed)
    assert parsed.defect is defect
    assert text[parsed.start : parsed.end].startswith(where)


def test_placeholders() -> None:
    text = "properties.Outputs['{output_descriptor}'].{source_output}.S3Uri"
    path = read(text)
    assert path.placeholders == (Placeholder("output_descriptor", 20, 39), Placeholder("source_output", 42, 57))
    assert [segment.known for segment in path.segments] == [True, False, False, True]
    assert str(path) == "Outputs['{output_descriptor}'].{source_output}.S3Uri"
    assert read("A{suffix}.B[{i}]").known is False


@pytest.mark.parametrize(
    "text", [f"A.{HOLE}", f"A['{HOLE}']", f"A[{HOLE}]", f"{HOLE}['x'].B", f"A['x{HOLE}", f"A[{HOLE}", f"A.B{HOLE}", f"A{HOLE} b"]
)
def test_what_only_the_run_tells_is_never_malformed(text: str) -> None:
    assert read(text).known is False


@pytest.mark.parametrize("text", [f"A..{HOLE}", f"properties.properties.{HOLE}", f"A b{HOLE}", f"A['a'b{HOLE}']"])
def test_a_defect_before_the_hole_stands(text: str) -> None:
    assert isinstance(parse(text), Malformed)


names = st.from_regex(r"\A[A-Za-z_][A-Za-z0-9_]{0,12}\Z").filter(lambda n: n.lower() not in ("properties", "steps"))
strings = st.text(min_size=1).filter(lambda text: "'" not in text)
keys = st.one_of(
    strings, st.integers(-(10**17), 10**17), st.floats(allow_nan=False, allow_infinity=False, width=32), st.none(), st.booleans()
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """A path as the SDK prints it."""
    printed = draw(names)
    for segment in draw(st.lists(st.one_of(names.map(lambda n: ("name", n)), keys.map(lambda k: ("key", k))), max_size=6)):
        printed += f".{segment[1]}" if segment[0] == "name" else f"['{segment[1]}']" if isinstance(segment[1], str) else f"[{segment[1]}]"
    return printed


@given(texts(), st.sampled_from(["", "properties.", "steps.S.properties.", "Steps.S."]))
@example("A[0.0001399941829731688]", "")
def test_printing_what_was_read_gives_the_text(text: str, prefix: str) -> None:
    path = read(prefix + text)
    assert str(path) == text
    assert parts(read(str(path))) == parts(path)


fragments = st.lists(
    st.one_of(
        st.sampled_from([*".[]'\"{} \n*:-", HOLE, "properties", "Properties", "steps.", "Steps.", "A", "S3Uri", "0", "None"]),
        st.text(max_size=3),
    ),
    max_size=14,
).map("".join)


@given(st.one_of(st.text(), fragments))
def test_any_text_is_read_or_malformed(text: str) -> None:
    parsed = parse(text)
    if isinstance(parsed, Malformed):
        assert 0 <= parsed.start <= parsed.end <= len(text)
        assert parsed.reason
        assert HOLE not in text[: parsed.end]
    else:
        assert all(0 <= s.start < s.end <= len(text) or not s.known for s in parsed.segments)
        assert parsed.known or HOLE in text or parsed.placeholders or "{" in text
