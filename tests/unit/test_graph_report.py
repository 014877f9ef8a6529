"""What the graph of a pipeline shows, in all formats; whether it is valid, tests/test_graph_parsers.py asks."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from msgspec.structs import replace
from wirings import DAG, EVENTS, LOAD, OTHER, SOURCES, WIRING, at, bound, candidate, edge, needed, output, reading, step

from contract_lint.cli import main
from contract_lint.model.pipeline import Lack, Pipeline, Step
from contract_lint.model.types import Judgement, Verdict
from contract_lint.model.wiring import Binding, Decision, Outcome, Tier, Wiring
from contract_lint.report.graph import dot, json_graph, mermaid
from contract_lint.report.graph.drawing import Drawing, Link, LinkKind, draw, link_lines, node_lines, note_lines


def named(drawing: Drawing) -> dict[str, str]:
    return {node.id: node.step.name for node in drawing.nodes}


def links(drawing: Drawing) -> list[tuple[str, str, str, str | None, str | None]]:
    names = named(drawing)
    return [(link.kind.value, names[link.source], names[link.target], link.output, link.input) for link in drawing.links]


def link(wiring: Wiring, input: str) -> Link:
    (drawing,) = draw([wiring])
    return next(link for link in drawing.links if link.input == input)


(MAIN,) = draw([WIRING])


def test_what_feeds_what_and_what_only_orders() -> None:
    assert links(MAIN) == [
        ("data", "Load", "Prepare", "events", "raw"),
        ("data", "Prepare", "Train", "train_set", "input_path"),
        ("candidate", "Prepare", "Evaluate", "train_set", "data"),
        ("candidate", "Prepare", "Evaluate", "test_set", "data"),
        ("data", "Train", "Evaluate", "model", "model_name"),
        ("missing-edge", "Load", "Evaluate", "events", "events"),
        ("order", "Evaluate", "Stop", None, None),
    ]


def test_an_edge_over_which_nothing_runs_only_orders() -> None:
    wiring = replace(WIRING, bindings=WIRING.bindings[:1])
    (drawing,) = draw([wiring])
    assert [(kind, source, target) for kind, source, target, *_ in links(drawing)] == [
        ("data", "Load", "Prepare"),
        ("order", "Prepare", "Train"),
        ("order", "Prepare", "Evaluate"),
        ("order", "Train", "Evaluate"),
        ("order", "Evaluate", "Stop"),
    ]


def test_what_is_broken() -> None:
    assert [link.input for link in MAIN.links if link.broken] == ["model_name", "events"]
    for verdict in Verdict:
        chosen = candidate("Load", EVENTS, Tier.NAME, "name", judgement=Judgement(verdict, "x", 1))
        wiring = replace(WIRING, bindings=(bound("Prepare", needed("raw"), chosen),))
        assert link(wiring, "raw").broken == (verdict is Verdict.ERROR)


def test_what_stands_on_the_links() -> None:
    assert [link_lines(link) for link in MAIN.links] == [
        ("events → raw", "S3Uri[content=dataset]"),
        ("train_set → input_path", "S3Uri[content=dataset]"),
        ("train_set → data", "S3Uri[content=dataset]", "one of 2"),
        ("test_set → data", "S3Uri[content=dataset]", "one of 2"),
        ("model → model_name", "S3Uri[content=model] → Name<model>", "the types do not fit"),
        ("events → events", "S3Uri[content=dataset] → Unknown", "no edge"),
        (),
    ]
    untyped = replace(WIRING, bindings=(bound("Train", needed("x"), candidate("Load", output("y"), Tier.NAME, "name")),))
    assert link_lines(link(untyped, "x")) == ("y → x",)


def test_inputs_that_no_step_feeds_are_noted() -> None:
    assert [(named(MAIN)[note.target], *note_lines(note)) for note in MAIN.notes] == [
        ("Train", "from outside", "settings: the code gives it a pipeline parameter"),
        ("Evaluate", "missing", "baseline"),
        ("Evaluate", "not known", "alien: the outputs of Prepare are not all known"),
    ]


def test_what_stands_on_the_steps() -> None:
    assert [node_lines(node) for node in MAIN.nodes][2:] == [
        ("Train", "Training"),
        ("Evaluate", "Processing"),
        ("Stop", "not declared"),
    ]
    odd = Step("X", at(1), kinds=("Model", "RegisterModel"), variant="training", certain=False, lacks=Lack.CONFIG)
    (drawing,) = draw([Wiring(Pipeline("p", at(1), (odd, replace(odd, name="Y", kinds=(), variant=None, lacks=None, certain=True))), ())])
    assert [node_lines(node) for node in drawing.nodes] == [
        ("X", "Model or RegisterModel (training)", "no configuration", "on some ways through the code"),
        ("Y", "kind unknown"),
    ]


def test_names_that_only_edges_and_bindings_use_are_steps_too() -> None:
    fed = bound("Load", needed("x"), candidate("Elsewhere", EVENTS, Tier.EXPLICIT, "explicit"))
    wiring = Wiring(Pipeline("p", at(1), (LOAD, LOAD), (edge("Laod", "Load", 2),)), (fed,))
    (drawing,) = draw([wiring])
    assert [(node.step.name, node.step.declared) for node in drawing.nodes] == [("Load", True), ("Laod", False), ("Elsewhere", False)]


def test_a_pipeline_that_may_be_larger_says_so() -> None:
    assert draw([OTHER])[0].title == "pipeline other (there may be more edges: a key is only known at run time)"


def test_focus_keeps_the_step_and_what_is_linked_to_it() -> None:
    (train,) = draw([WIRING, OTHER], frozenset({"Train"}))
    assert set(named(train).values()) == {"Prepare", "Train", "Evaluate"}
    assert [node.step.name for node in train.nodes if node.focused] == ["Train"]
    assert ("candidate", "Prepare", "Evaluate", "test_set", "data") in links(train)
    assert [note.outcome for note in train.notes] == [Outcome.EXTERNAL]
    (stop,) = draw([WIRING], frozenset({"Stop"}))
    assert set(named(stop).values()) == {"Evaluate", "Stop"} and stop.notes == ()
    both = draw([WIRING, OTHER], frozenset({"Load"}))
    assert [set(named(one).values()) for one in both] == [{"Load", "Prepare", "Evaluate"}, {"Load"}]


def test_mermaid_marks_links_by_their_numbers() -> None:
    twice = mermaid.render(draw([WIRING, WIRING])).splitlines()
    arrows = [line for line in twice if line.startswith("  p")]
    styled = {colour: [int(n) for n in found.split(",")] for _, found, colour in (ln.split() for ln in twice if "linkStyle" in ln)}
    assert [arrows[number].split()[0] for number in styled["stroke:#b91c1c"]] == ["p0s2", "p0s0", "p1s2", "p1s0"]
    assert all(" -.->|" in arrows[number] for number in styled["stroke:#b45309"])
    assert all(" -.-> " in arrows[number] for number in styled["stroke:#94a3b8"])


def test_mermaid_and_graphviz_paint_by_kind_and_focus() -> None:
    drawings = draw([WIRING], frozenset({"Train"}))
    text = mermaid.render(drawings)
    assert 'p0s2["Train<br/>Training"]:::TrainingFocus' in text and "classDef TrainingFocus fill:#dcfce7," in text
    assert 'p0s1["Prepare<br/>Processing"]:::Processing' in text and "classDef Model " not in text
    (line,) = [line for line in dot.render(drawings).splitlines() if line.startswith("    p0s2 ")]
    assert 'fillcolor="#dcfce7"' in line and "penwidth=3" in line


@pytest.mark.parametrize(
    ("name", "mermaid_s", "dot_s"),
    [
        ('a"b', "a#34;b", 'a\\"b'),
        ("a]b#c;", "a#93;b#35;c#59;", "a]b#c;"),
        ("a\nb", "a#92;nb", "a\\\\nb"),
        ("`a`\\", "#96;a#96;#92;", "`a`\\\\"),
        ("<b> &amp;", "#60;b#62; #38;amp#59;", "<b> &amp;amp;"),
        ("1. a", "1#46; a", "1. a"),
        ("__a__", "#95;#95;a#95;#95;", "__a__"),
        (" a  b ", "#32;a#32;#32;b#32;", " a  b "),
    ],
)
def test_names_are_quoted(name: str, mermaid_s: str, dot_s: str) -> None:
    assert (mermaid.quoted(name), dot.quoted(name)) == (mermaid_s, dot_s)


def test_what_is_said_in_words_is_left_readable() -> None:
    assert mermaid.quoted("input_path a-b v1.2 données 数据") == "input_path a-b v1.2 données 数据"
    assert mermaid.quoted("_x a. é数", "cp1252") == "#95;x a#46; é#25968;"
    assert dot.quoted("é数🙂", "cp1252") == "é&#25968;\\\\U0001f642"


# JSON


def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(files("contract_lint.report.graph").joinpath("graph.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_json_holds_steps_links_and_outcomes() -> None:
    document = json.loads(json_graph.render(draw([WIRING, OTHER]), SOURCES))
    validator().validate(document)
    main_, other = document["pipelines"]
    assert (main_["name"], main_["path"], main_["line"], main_["open_edges"]) == ("main", f"../{DAG}", 1, None)
    assert (other["open_steps"], other["open_edges"], other["links"]) == (None, "unknown-key", [])
    steps = {row["name"]: row for row in main_["steps"]}
    assert list(steps) == ["Load", "Prepare", "Train", "Evaluate", "Stop"]
    assert (steps["Train"]["class"], steps["Train"]["kinds"], steps["Stop"]["declared"]) == ("TrainStepBuilder", ["Training"], False)
    assert {row["name"]: row["outcome"] for row in steps["Prepare"]["inputs"]} == {"raw": "bound", "dependencies": None}
    assert [(row["name"], row["outcome"]) for row in steps["Evaluate"]["inputs"]] == [
        ("alien", "unknown"),
        ("baseline", "missing"),
        ("data", "ambiguous"),
        ("events", "missing"),
        ("model_name", "bound"),
        ("notes", "missing"),
    ]
    assert main_["links"][4] == {
        "kind": "data",
        "source": "Train",
        "output": "model",
        "target": "Evaluate",
        "input": "model_name",
        "source_type": "S3Uri[content=model]",
        "target_type": "Name<model>",
        "verdict": "error",
        "tier": 1,
        "broken": True,
        "certain": True,
    }
    assert [row["kind"] for row in main_["links"]] == [link.kind.value for link in MAIN.links]


def test_json_validates_whatever_the_names_are() -> None:
    odd = "\x7f\x1b\udcff数\n"
    wiring = Wiring(
        Pipeline(odd, at(1), (step(odd, output(odd), needed(odd)),), (edge(odd, odd, 2),), open_steps="x"),
        (Binding(odd, needed(odd), Outcome.UNKNOWN, Decision.NOT_KNOWN, says=odd),),
        ((odd,),),
    )
    text = json_graph.render(draw([wiring]), SOURCES)
    validator().validate(json.loads(text))
    assert text.isascii() and json.loads(text)["pipelines"][0]["cycles"] == [[json.loads(text)["pipelines"][0]["name"]]]


def test_the_schema_refuses_unknown_and_missing_keys() -> None:
    document = json.loads(json_graph.render([MAIN], SOURCES))
    lacking = {"version": 1, "pipelines": [{key: value for key, value in document["pipelines"][0].items() if key != "links"}]}
    assert not validator().is_valid(document | {"more": 1}) and not validator().is_valid(lacking)


# The command


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    reading(monkeypatch, (), (WIRING, OTHER))


def ask(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(["graph", *args])
    return code, *capsys.readouterr()


@pytest.mark.usefixtures("project")
def test_each_format(capsys: pytest.CaptureFixture[str]) -> None:
    drawings = draw([WIRING, OTHER])
    assert ask(capsys) == ask(capsys, "--format", "mermaid") == (0, mermaid.render(drawings), "")
    assert ask(capsys, "--format", "dot") == (0, dot.render(drawings), "")
    assert ask(capsys, "--format", "json") == (0, json_graph.render(drawings, SOURCES), "")


@pytest.mark.usefixtures("project")
def test_one_pipeline_and_one_step(capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, "--pipeline", "other")[1] == mermaid.render(draw([OTHER]))
    for name in ("Train", "TrainStepBuilder", "train:TrainStepBuilder"):
        assert ask(capsys, "--focus", name)[1] == mermaid.render(draw([WIRING], frozenset({"Train"})))


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--pipeline", "mian"], "no pipeline 'mian' among 2 (did you mean 'main'?)"),
        (["--focus", "Trian"], "no step 'Trian' among 5 (did you mean 'Train'?)"),
        (["--focus", "Train", "--pipeline", "other"], "no step 'Train' among 1"),
        (["--format", "svg"], "'svg' is not one of 'mermaid', 'dot', 'json'"),
    ],
)
def test_what_is_not_there_is_exit_2_with_what_is_near(args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, *args)
    assert (code, out) == (2, "") and said in err


def test_no_pipeline_is_exit_2_and_says_what_was_looked_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    reading(monkeypatch, (), ())
    code, out, err = ask(capsys, "src")
    assert (
        (code, out) == (2, "")
        and "no pipeline in 7 files under src: looked for PipelineDAG(nodes=" in err
        and "add_node and add_edge" in err
    )


def test_kinds_of_links_are_all_drawn() -> None:
    assert {link.kind for link in MAIN.links} == set(LinkKind)
