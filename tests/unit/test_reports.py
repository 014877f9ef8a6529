"""Reports of hand-built findings: exact text, valid JSON, counts and exit codes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.resources import files

import jsonschema
import pytest
from msgspec.structs import replace
from wirings import OTHER, WIRING

from contract_lint.model.contract import Contract, Direction, Mechanism, PathDeclaration, PathText, Port, StepMade
from contract_lint.model.evidence import Evidence, Rank, merge
from contract_lint.model.finding import Finding, Related, Severity
from contract_lint.model.project import Coverage, Project, UnknownFact
from contract_lint.model.report import Report, Tool
from contract_lint.model.span import Span
from contract_lint.model.types import parse_type
from contract_lint.report import contracts, json_report
from contract_lint.report.escape import escape
from contract_lint.report.text import TextOptions, render

BUILDER = 'class TrainStepBuilder:\n    def paths(self):\n        return {"model": "properties.TrainingMetrics"}'
CONFIG = '\tnames = {"modèle": "数据", "model": 1}'


@dataclass(frozen=True)
class FakeSources:
    texts: dict[str, str] = field(default_factory=dict)

    def lines(self, path: str, cell: int | None) -> Sequence[str]:
        return self.texts.get(path if cell is None else f"{path}#{cell}", "").split("\n")

    def shown(self, path: str) -> str:
        return f"../{path}"


SOURCES = FakeSources({"src/train.py": BUILDER, "src/config.py": CONFIG})


def finding(**changes: object) -> Finding:
    base = Finding(
        rule="CL201",
        name="unknown-property",
        severity=Severity.ERROR,
        span=Span("src/train.py", 3, 26, 3, 54),
        message="a training step has no property 'TrainingMetrics'",
        help="did you mean 'FinalMetricDataList'?",
        anchor="Train.model",
        related=(Related(Span("src/config.py", 1, 27, 1, 34), "'model' is declared here"),),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def contract(**changes: object) -> Contract:
    base = Contract("Train", "TrainStepBuilder", "src.train", Span("src/train.py", 1, 1, 1, 24), (), (), ())
    return replace(base, **changes)  # type: ignore[arg-type]


def report(*findings: Finding, sources: FakeSources = SOURCES, **changes: object) -> Report:
    empty = Project((), (), (), (), (), (), (), Coverage(scanned=4, parsed=2, ports=10, known_ports=9))
    tool = Tool("contract-lint", "0.1.0", "1.44.8")
    return Report(findings, replace(empty, **changes), sources, tool)  # type: ignore[arg-type]


def test_text_shows_both_ends_help_and_proof_of_work() -> None:
    assert render(report(finding(), contracts=(contract(), contract(open_outputs="unknown-key")))) == (
        "../src/train.py:3:26: error[CL201] unknown-property: a training step has no property 'TrainingMetrics'\n"
        "  |\n"
        '3 |         return {"model": "properties.TrainingMetrics"}\n'
        "  |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "  ../src/config.py:1:27: note: 'model' is declared here\n"
        "  |\n"
        '1 |     names = {"modèle": "数据", "model": 1}\n'
        "  |                                -------\n"
        "  help: did you mean 'FinalMetricDataList'?\n"
        "\n"
        "checked 2 steps in 4 files (2 parsed): 1 error; 1 contract partly unknown\n"
    )


def test_marks_stand_under_wide_characters_and_after_tabs() -> None:
    text = render(report(finding(span=Span("src/config.py", 1, 21, 1, 25), related=())))
    line, mark = text.splitlines()[2:4]
    # Both wide characters take two cells each and the tab four, so the mark is six cells long where four characters are marked.
    assert mark == "  |                        ^^^^^^"
    assert line.index('"数') == mark.index("^")


def test_a_mark_over_several_lines_ends_with_the_first() -> None:
    sources = FakeSources({"a.py": "x = {   \n 1}"})
    text = render(report(finding(span=Span("a.py", 1, 5, 2, 4), related=()), sources=sources))
    assert text.splitlines()[2:4] == ["1 | x = {", "  |     ^"]


def test_a_place_without_text_has_no_excerpt() -> None:
    text = render(report(finding(span=Span("gone.py", 1, 1, 1, 1), related=(), help=None)))
    assert text.splitlines()[1] == ""


def test_a_place_past_the_end_of_its_line_is_still_marked() -> None:
    sources = FakeSources({"a.py": "x = ("})
    text = render(report(finding(span=Span("a.py", 1, 9, 1, 9), related=()), sources=sources))
    assert text.splitlines()[2:4] == ["1 | x = (", "  |      ^"]


def test_long_lines_are_cut_around_the_mark() -> None:
    sources = FakeSources({"a.py": "a" * 5000 + "B" + "c" * 5000})
    line, mark = render(report(finding(span=Span("a.py", 1, 5001, 1, 5002), related=()), sources=sources)).splitlines()[2:4]
    assert len(line) < 200
    assert line[mark.index("^")] == "B"
    assert line.startswith("1 | ...a") and line.endswith("c...")


def test_control_and_bidi_characters_are_escaped() -> None:
    sources = FakeSources({"a.py": "x = '\x1b[31m\u202e'"})
    text = render(report(finding(span=Span("a.py", 1, 5, 1, 13), message="bad \x07name\nnext", related=()), sources=sources))
    assert "\x1b" not in text and "\u202e" not in text
    assert "bad \\x07name\\nnext" in text
    line, mark = text.splitlines()[2:4]
    assert line == "1 | x = '\\x1b[31m\\u202e'"
    assert mark.count("^") == len("'\\x1b[31m\\u202e'")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "no-such-encoding"])
def test_text_fits_the_encoding(encoding: str) -> None:
    text = render(report(finding(message="a → b … 数")), TextOptions(encoding=encoding))
    text.encode("ascii" if encoding == "no-such-encoding" else encoding)
    assert "a -> b" in text and "\\u6570" in text


def test_undecodable_file_names_are_escaped() -> None:
    text = render(report(finding(span=Span("\udcff.py", 1, 1, 1, 1), related=())))
    assert "\\udcff.py" in text


def test_markup_in_names_is_text() -> None:
    shown = render(report(finding(message="no '[/x]' or ':smile:' or [red]this[/red]")), TextOptions(color_system="standard"))
    assert "no '[/x]' or ':smile:' or [red]this[/red]" in shown


def test_colour_changes_no_text() -> None:
    import re

    both = report(finding(), finding(severity=Severity.NOTE, message="x" * 300))
    coloured = render(both, TextOptions(color_system="standard"))
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render(both)


def test_five_related_places_then_a_count() -> None:
    places = tuple(Related(Span("src/config.py", 1, 2, 1, 7), f"leaf {number}") for number in range(8))
    text = render(report(finding(related=places)))
    assert "leaf 4" in text and "leaf 5" not in text
    assert "  and 3 more places\n" in text


def test_quiet_is_one_line_a_finding() -> None:
    text = render(report(finding()), TextOptions(quiet=True))
    assert text == "../src/train.py:3:26: error[CL201] unknown-property: a training step has no property 'TrainingMetrics'\n"
    assert render(report(), TextOptions(quiet=True)) == ""


def test_what_stays_unknown_is_told_and_listed_on_demand() -> None:
    facts = tuple(UnknownFact(reason, Span("src/train.py", 1, 1, 1, 2), "keys of Train") for reason in ["b", "a", "b", "c", "d"])
    text = render(report(unknowns=facts))
    assert text.splitlines() == [
        "checked 0 steps in 4 files (2 parsed): no findings",
        "unknown because: b (2), a (1), c (1), ...; where: the same command with -v",
    ]
    verbose = render(report(unknowns=facts), TextOptions(verbose=True))
    assert "../src/train.py:1:1: unknown: keys of Train: b (b)\n" in verbose
    assert verbose.endswith("\nunknown because: b (2), a (1), c (1), ...\n")


def test_cells_are_named() -> None:
    sources = FakeSources({"n.ipynb#3": "x = 1"})
    text = render(report(finding(span=Span("n.ipynb", 1, 5, 1, 6, cell=3), related=()), sources=sources))
    assert text.startswith("../n.ipynb:cell 3:1:5: error")
    assert "1 | x = 1\n" in text


def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(files("contract_lint.report").joinpath("report.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_json_has_exactly_the_documented_shape() -> None:
    one = finding()
    text = json_report.render(report(one, unknowns=(UnknownFact("open-dict", Span("src/train.py", 2, 3, 2, 4), "Train.outputs"),)))
    assert json.loads(text) == {
        "version": 1,
        "tool": {"name": "contract-lint", "version": "0.1.0", "service_model": "1.44.8"},
        "summary": {"files": 4, "steps": 0, "edges": 0, "unknown": 0, "errors": 1, "warnings": 0, "notes": 0, "suppressed": 0},
        "findings": [
            {
                "rule": "CL201",
                "name": "unknown-property",
                "severity": "error",
                "message": "a training step has no property 'TrainingMetrics'",
                "help": "did you mean 'FinalMetricDataList'?",
                "path": "../src/train.py",
                "cell": None,
                "line": 3,
                "column": 26,
                "end_line": 3,
                "end_column": 54,
                "source": '        return {"model": "properties.TrainingMetrics"}',
                "anchor": "Train.model",
                "related": [
                    {
                        "path": "../src/config.py",
                        "cell": None,
                        "line": 1,
                        "column": 27,
                        "source": CONFIG,
                        "message": "'model' is declared here",
                    }
                ],
                "fix": None,
                "fingerprint": one.fingerprint,
            }
        ],
        "unknowns": [{"reason": "open-dict", "path": "../src/train.py", "cell": None, "line": 2, "column": 3, "subject": "Train.outputs"}],
    }
    assert text.endswith("}\n") and text.isascii()


def test_json_validates_whatever_the_names_are() -> None:
    odd = finding(message="\x7f\x1b\udcff数", help=None, span=Span("\udcff.py", 1, 1, 1, 1, cell=2), anchor="")
    text = json_report.render(report(odd, finding(severity=Severity.NOTE)))
    validator().validate(json.loads(text))
    assert text.isascii() and all(char.isprintable() or char == "\n" for char in text)
    json.loads(text)["findings"][0]["path"].encode("utf-8")  # no lone surrogate


def test_schema_refuses_unknown_and_missing_keys() -> None:
    document = json.loads(json_report.render(report(finding())))
    extra = document | {"more": 1}
    lacking = document | {"findings": [{key: value for key, value in document["findings"][0].items() if key != "cell"}]}
    assert not validator().is_valid(extra) and not validator().is_valid(lacking)


@pytest.mark.parametrize(
    ("severities", "fail_on", "code"),
    [
        ([], "note", 0),
        (["warning", "note"], "error", 0),
        (["warning"], "warning", 1),
        (["error"], "warning", 1),
        (["note"], "warning", 0),
        (["note"], "note", 1),
    ],
)
def test_exit_codes(severities: list[str], fail_on: str, code: int) -> None:
    assert report(*(finding(severity=Severity(level)) for level in severities)).exit_code(Severity(fail_on)) == code


def test_a_crashed_rule_is_no_verdict() -> None:
    assert report(finding(rule="CL008", severity=Severity.NOTE), finding()).exit_code() == 2


def shown_contract() -> Contract:
    here = Span("src/train.py", 3, 17, 3, 24)
    ports = (
        Port("data", Direction.INPUT, Span("src/config.py", 1, 11, 1, 19)),
        Port("dependencies", Direction.INPUT, here, required=False, pseudo=True),
        Port("model", Direction.OUTPUT, here, property_path=PathText("properties.X['\0']", here)),
        Port("metrics", Direction.OUTPUT, here, certain=False, aliases=("m",)),
    )
    path = PathDeclaration(Mechanism.METHOD, None, "m", PathText("properties.M", here), here, "Train", 0)
    return contract(ports=ports, paths=(path,), made=(StepMade("Training", "TrainingStep", here),), open_outputs="unknown-key")


def test_contract_as_json() -> None:
    document = json.loads(contracts.render_json([shown_contract()], SOURCES))
    assert document == {
        "steps": [
            {
                "name": "Train",
                "class": "TrainStepBuilder",
                "path": "../src/train.py",
                "cell": None,
                "line": 1,
                "kind": "Training",
                "inputs": [
                    {"name": "data", "required": True, "type": None, "evidence": None, "path": "../src/config.py", "cell": None, "line": 1},
                    {
                        "name": "dependencies",
                        "required": False,
                        "type": None,
                        "evidence": None,
                        "path": "../src/train.py",
                        "cell": None,
                        "line": 3,
                    },
                ],
                "outputs": [
                    {
                        "name": "model",
                        "property_path": "properties.X['{…}']",
                        "type": None,
                        "evidence": None,
                        "path": "../src/train.py",
                        "cell": None,
                        "line": 3,
                    },
                    {
                        "name": "metrics",
                        "property_path": "properties.M",
                        "type": None,
                        "evidence": None,
                        "path": "../src/train.py",
                        "cell": None,
                        "line": 3,
                    },
                ],
                "open_inputs": False,
                "open_outputs": True,
            }
        ]
    }


def test_contract_as_text() -> None:
    assert contracts.text_lines([shown_contract()], SOURCES) == [
        "Train (Training)",
        "  src.train:TrainStepBuilder, ../src/train.py:1:1",
        "inputs:",
        "  data          required                   ../src/config.py:1:11",
        "  dependencies  optional, framework's own  ../src/train.py:3:17",
        "outputs:",
        "  model    properties.X['{…}']                           ../src/train.py:3:17",
        "  metrics  properties.M (on some ways through the code)  ../src/train.py:3:17",
        "  there may be more outputs: a key is only known at run time",
    ]


def typed_contract() -> Contract:
    here, config = Span("src/train.py", 3, 17, 3, 24), Span("src/config.py", 1, 11, 1, 19)
    role = Evidence(Rank.ROLE, parse_type("S3Uri[content=model]"), "MODEL_ARTIFACTS", config)
    leaf = Evidence(Rank.PATH, parse_type("Name<model>"), "the property path ends at ModelName", here)
    assumed = Evidence(Rank.ASSUMED, parse_type("S3Uri"), "the default of its class", None)
    ports = (
        Port("data", Direction.INPUT, config, typing=merge([assumed])),
        Port("model", Direction.OUTPUT, here, property_path=PathText("properties.ModelName", here), typing=merge([role, leaf])),
        Port("notes", Direction.OUTPUT, here),
    )
    return contract(ports=ports, made=(StepMade("Model", "CreateModelStep", here),))


def test_types_of_ports_as_text() -> None:
    assert contracts.text_lines([typed_contract()], SOURCES)[2:] == [
        "inputs:",
        "  data  required  S3Uri  ../src/config.py:1:11",
        "    S3Uri (rank 6: the default of its class)",
        "outputs:",
        "  model  properties.ModelName  Name<model>  ../src/train.py:3:17",
        "    Name<model> (rank 2: the property path ends at ModelName, ../src/train.py:3:17)",
        "    S3Uri[content=model] (rank 3: MODEL_ARTIFACTS, ../src/config.py:1:11)",
        "    conflict: Name<model> (rank 2) against S3Uri[content=model] (rank 3); Name<model> is used",
        "  notes  no property path      Unknown      ../src/train.py:3:17",
    ]


def test_types_of_ports_as_json() -> None:
    (row,) = json.loads(contracts.render_json([typed_contract()], SOURCES))["steps"]
    said = {"rank": 6, "type": "S3Uri", "says": "the default of its class", "path": None, "cell": None, "line": None}
    assert row["inputs"][0]["evidence"] == [said]
    model, notes = row["outputs"]
    assert (model["type"], [one["rank"] for one in model["evidence"]]) == ("Name<model>", [2, 3])
    assert model["evidence"][1] == {
        "rank": 3,
        "type": "S3Uri[content=model]",
        "says": "MODEL_ARTIFACTS",
        "path": "../src/config.py",
        "cell": None,
        "line": 1,
    }
    assert (notes["type"], notes["evidence"]) == (None, None)


def test_contracts_follow_their_schema() -> None:
    schema = json.loads(files("contract_lint.report").joinpath("show.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    odd = typed_contract()
    odd = replace(odd, name="\udcff", ports=(*odd.ports, replace(odd.ports[0], name="\udcff")))
    document = json.loads(contracts.render_json([shown_contract(), odd], SOURCES))
    check.validate(document)
    lacking = {"steps": [{key: value for key, value in document["steps"][0].items() if key != "kind"}]}
    assert not check.is_valid(document | {"more": 1}) and not check.is_valid(lacking)


def test_the_summary_counts_what_outputs_feed() -> None:
    found = report(wirings=(WIRING, OTHER))
    assert (found.summary.edges, found.summary.pipelines) == (3, 2)
    assert render(found) == "checked 0 steps in 4 files (2 parsed), 3 edges in 2 pipelines: no findings\n"
    assert json_report.document(found)["summary"]["edges"] == 3
    one = report(wirings=(replace(WIRING, bindings=WIRING.bindings[:1]),))
    assert render(one) == "checked 0 steps in 4 files (2 parsed), 1 edge in 1 pipeline: no findings\n"
    assert "in 1 pipeline:" in render(report(wirings=(OTHER,))), "a pipeline without edges is proof of work too"


def test_an_empty_contract_says_so() -> None:
    lines = contracts.text_lines([contract(open_inputs="absent-base")], SOURCES)
    assert lines[0] == "Train (kind unknown: no step is made here)"
    assert "  there may be inputs: absent base" in lines and "  none" in lines


def test_escape_leaves_plain_text_alone() -> None:
    assert escape("properties.X['ü数']") == "properties.X['ü数']"
