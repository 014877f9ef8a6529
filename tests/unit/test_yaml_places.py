"""YAML with places: what is refused, where, and in bounded time."""

from __future__ import annotations

import time

import pytest
import yaml

from contract_lint.model.errors import SourceError
from contract_lint.sources.read import Source
from contract_lint.sources.yaml_places import YamlDocument, compose, looks_like_steps, may_hold_steps, value_of


def composed(text: str) -> YamlDocument:
    return compose(Source("p.yaml", text, ""))


def refused(text: str) -> SourceError:
    with pytest.raises(SourceError) as caught:
        composed(text)
    return caught.value


def problems(text: str) -> list[str]:
    return [f"{one.rule} {one.span.line}:{one.span.column} {one.message}" for one in composed(text).problems]


def places(document: YamlDocument) -> dict[str, tuple[int, int, int]]:
    assert document.root is not None
    entries = document.entries(document.root)
    spans = {one.name or "": document.span(one.value) for one in entries}
    return {name: (span.line, span.column, span.end_column) for name, span in spans.items()}


def test_places_count_code_points_and_lines_as_editors_do() -> None:
    document = composed('a: "é𝒳"\nb: "x\u2028y"\nc: 𝒳𝒳\n𝒳: d\n')
    assert places(document) == {"a": (1, 4, 8), "b": (2, 4, 9), "c": (3, 4, 6), "𝒳": (4, 4, 5)}


def test_an_alias_is_where_its_anchor_is() -> None:
    found = places(composed("a: &x one\nb: *x\n"))
    assert found["a"] == found["b"] and found["b"][0] == 1


def test_merge_keys_are_followed_as_safe_load_does() -> None:
    text = "one: &one {a: 1, b: 1}\ntwo: &two {b: 2, c: 2}\nall: {<<: [*one, *two], c: 3, d: 4}\n"
    document = composed(text)
    assert document.root is not None
    merged = next(one.value for one in document.entries(document.root) if one.name == "all")
    found = {one.name: one.value.value for one in document.entries(merged)}
    assert found == {key: str(value) for key, value in yaml.safe_load(text)["all"].items()}
    assert value_of(document) == yaml.safe_load(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: {c: 1, d: 2, c: 3}\n", ["CL012 2:17 the key 'c' stands twice in one mapping; the last one counts"]),
        ("a: !Ref x\n", ["CL011 1:4 the tag !Ref is none that plain YAML has"]),
        ("a: !!python/name:os.system ''\n", ["CL011 1:4 the tag !!python/name:os.system is none that plain YAML has"]),
        ("a: 2020-99-99\n", ["CL011 1:4 '2020-99-99' cannot be read as a date"]),
        ("? [a]\n: 1\n", ["CL011 1:3 a key is to be a text, not a list"]),
        ("a: {<<: 5}\n", ["CL011 1:9 '<<' takes a mapping or a list of mappings"]),
        ("a: 1\n---\nb: 2\n", ["CL011 3:1 a second document begins here: one file holds one pipeline"]),
        ("a: 1\n---\n", []),
        ("a: 1\n...\n", []),
    ],
)
def test_problems(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("a: [1\nb: 2\n", "CL011", 2),
        ("a: 'open\n", "CL011", 2),
        ("a:\n\t- 1\n", "CL011", 2),
        ("a: *nothing\n", "CL011", 1),
        ("a: 1\nb: \x07\n", "CL011", 2),
        ("a: " + "[" * 2000 + "]" * 2000, "CL014", 1),
        ("a:\n" + "".join(" " * depth + "- \n" for depth in range(1, 200)), "CL014", 101),
        ("a: &a [*a]\n", "CL014", 1),
        ("a: &a\n  <<: *a\n", "CL014", 1),
    ],
)
def test_what_cannot_be_read(text: str, rule: str, line: int) -> None:
    error = refused(text)
    assert (error.rule, error.span.line) == (rule, line)


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 40)]
    began = time.perf_counter()
    error = refused("\n".join(lines))
    assert error.rule == "CL014" and error.span.line == 7
    assert time.perf_counter() - began < 2


def test_many_values_are_refused_while_they_are_read() -> None:
    assert refused("a: [" + "1," * 600_000 + "1]").rule == "CL014"


def test_a_thousand_aliases_are_fine() -> None:
    assert problems("x: &x {a: 1}\nall: [" + ", ".join(["*x"] * 1000) + "]\n") == []


def test_an_empty_document_has_no_root() -> None:
    assert composed("").root is None
    assert composed("# nothing\n").root is None


def test_what_is_worth_reading() -> None:
    assert may_hold_steps(b"steps: [{name: a, type: b}]")
    assert not may_hold_steps(b"jobs: {}")
    assert looks_like_steps(b"name: x\nsteps:\n  - name: a\n    type: [b\n")
    assert not looks_like_steps(b"steps:\n  - name: {{ a }}\n    type: b\n")
    assert not looks_like_steps(b"jobs:\n  steps:\n  - name: a\n    type: b\n")
