"""The bundled examples: they are clean, but for the one that has the mistakes which its README lists, and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from contract_lint import lint
from contract_lint.cli import main

EXAMPLES = Path(__file__).parent.parent / "examples"
HEADER = re.compile(r"^\S+:\d+:\d+: \w+\[CL\d{3}\] ")
NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| (?P<line>\d+) \| (?P<rule>CL\d{3}) \|", re.MULTILINE)


def test_churn_is_clean() -> None:
    report = lint([EXAMPLES / "churn"])
    assert report.findings == ()
    assert report.summary.steps == 8
    assert report.summary.unknown == 0


def test_churn_broken_has_the_planted_mistakes() -> None:
    folder = EXAMPLES / "churn_broken"
    report = lint([folder])
    planted = {(row["file"], int(row["line"]), row["rule"]) for row in ROW.finditer((folder / "README.md").read_text(encoding="utf-8"))}
    found = [(f.span.path.removeprefix("churn_broken/"), f.span.line, f.rule) for f in report.findings]
    assert len(planted) >= 10
    assert sorted(found) == sorted(planted)


def test_plain_sdk_code_is_clean() -> None:
    assert lint([EXAMPLES / "abalone_style"]).findings == ()


def test_properties_that_nobody_declares_are_shown_where_they_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    notebook, port = str(EXAMPLES / "abalone_style" / "notebook.ipynb"), "Train.ModelArtifacts.S3ModelArtifacts"
    assert main(["show", "Train", notebook, "--output", "json"]) == 0
    (train,) = json.loads(capsys.readouterr().out)["steps"]
    assert (train["class"], train["cell"]) == ("TrainingStep", 7)
    (model,) = train["outputs"]
    assert (f"Train.{model['name']}", model["cell"], model["evidence"][0]["cell"]) == (port, 11, 11)
    assert main(["why", port, notebook, "--output", "json"]) == 0
    (fed,) = json.loads(capsys.readouterr().out)["outputs"]
    assert [one["step"] for one in fed["consumers"]] == ["Evaluate", "Register"]


def test_both_examples_at_once_do_not_disturb_each_other() -> None:
    apart = [finding for name in ("churn", "churn_broken") for finding in lint([EXAMPLES / name]).findings]
    assert list(lint([EXAMPLES]).findings) == apart


def test_the_readme_shows_what_the_user_sees(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES.parent)
    assert main(["examples/churn_broken"]) == 1
    printed = capsys.readouterr().out.splitlines()
    readme = (EXAMPLES.parent / "README.md").read_text(encoding="utf-8")
    before, _, after = readme.partition("<!-- broken example -->")[2].partition("```text\n")
    shown = after.partition("\n```")[0].splitlines()
    headers, total = (sum(HEADER.match(line) is not None for line in lines) for lines in (shown, printed))
    assert headers
    assert before.strip() == f"{NUMBERS[headers]} of its {total} findings, and the last line:"
    assert [line for line in shown if line not in printed] == []
    assert main(["examples/churn"]) == 0
    assert f"`{capsys.readouterr().out.strip()}`" in readme


SHOWN = re.compile(
    r"(?<=```console\n)\.venv/bin/contract-lint (?P<args>.*)\n```\n\n```(?P<format>text|mermaid)\n(?P<output>(?:.*\n)*?)(?=```\n)"
)


def test_the_readme_shows_what_why_and_graph_print(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, rewrite: bool
) -> None:
    monkeypatch.chdir(EXAMPLES.parent)
    page = EXAMPLES.parent / "README.md"
    before, mark, rest = page.read_text(encoding="utf-8").partition("<!-- shown -->\n")
    shown, end, after = rest.partition("<!-- /shown -->\n")

    def printed(found: re.Match[str]) -> str:
        assert main(found["args"].split()) == 0
        return f".venv/bin/contract-lint {found['args']}\n```\n\n```{found['format']}\n{capsys.readouterr().out}"

    expected, count = SHOWN.subn(printed, shown)
    assert count == 2
    if rewrite:
        page.write_text(before + mark + expected + end + after, encoding="utf-8")
    else:
        assert shown == expected
