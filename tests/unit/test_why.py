"""What `why` says of an input and of an output, in text and as JSON, and which ports it finds."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from msgspec.structs import replace
from wirings import (
    BINDINGS,
    EVAL_DATA,
    EVENTS,
    INPUT_PATH,
    LOAD,
    METADATA,
    MODEL,
    MODEL_NAME,
    OTHER,
    SOURCES,
    TEST_SET,
    TRAIN_SET,
    WIRING,
    at,
    candidate,
    contract,
    needed,
    output,
    reading,
    step,
)

from contract_lint.cli import main
from contract_lint.model.contract import Mechanism, PathDeclaration, PathText, Port
from contract_lint.model.pipeline import Given, GivenInput, Pipeline
from contract_lint.model.wiring import Binding, Claim, Decision, Outcome, Reach, Tier, Wiring
from contract_lint.report import why_json
from contract_lint.report.why import Asked, Loose, fed_lines, fix, text_lines, why_lines


def lines_of(input: Port) -> list[str]:
    step = next(binding.step for binding in BINDINGS if binding.input is input)
    binding = WIRING.binding(step, input.name)
    assert binding is not None
    return why_lines(WIRING, binding, SOURCES)


def words(lines: list[str]) -> list[str]:
    """Lines with single spaces: the layout has a test of its own."""
    return [" ".join(line.split()) for line in lines]


def test_a_bound_input_in_full() -> None:
    assert lines_of(INPUT_PATH) == [
        "Train.input_path  <-  Prepare.train_set      bound, T2 (alias)",
        "  in         pipeline main                                     ../pipelines/main.py:1:5",
        "  declared   required                                          ../steps/train.py:31:5",
        "  by         alias 'input_path'                                ../steps/train.py:88:5",
        "  scope      direct predecessors                               ../pipelines/main.py:11:5",
        "  type       S3Uri[content=dataset] -> S3Uri[content=dataset]  ok (ranks 3, 3)",
        "  reference  Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri  ../steps/train.py:20:5",
        "  refused    Load.METADATA                                     T3: not among compatible_sources",
        "             Prepare.test_set                                  T2: it is of another job type",
    ]


def test_types_that_do_not_fit_are_shown_with_what_they_rest_on() -> None:
    shown = words(lines_of(MODEL_NAME))
    assert shown[0] == "Evaluate.model_name <- Train.model bound, T1 (name): the nearest of several"
    assert "type S3Uri[content=model] -> Name<model> error (ranks 3, 3): kind-mismatch; use the …Name of the same step" in shown
    assert "evidence Train.model: S3Uri[content=model] rank 3: says S3Uri[content=model], ../steps/train.py:30:5" in shown
    assert "model_name: Name<model> rank 3: says Name<model>, ../steps/train.py:42:5" in shown


def test_an_ambiguous_input_has_a_fix_for_each_candidate() -> None:
    shown = words(lines_of(EVAL_DATA))
    assert shown[0] == "Evaluate.data <- ? ambiguous, T4 (type): 2 candidates"
    start = shown.index("candidate Prepare.train_set T4 (type): S3Uri[content=dataset]")
    assert shown[start + 1 :] == [
        "type S3Uri[content=dataset] -> S3Uri[content=dataset]: ok (ranks 3, 3)",
        "fix call the input 'train_set'",
        "Prepare.test_set T4 (type): S3Uri[content=dataset]",
        "type S3Uri[content=dataset] -> S3Uri[content=dataset]: ok (ranks 3, 3)",
        "fix call the input 'test_set'",
        "competing Evaluate.baseline may take Prepare.train_set",
    ]


def test_outputs_of_one_name_are_told_apart_by_handing_one_over() -> None:
    first, second = candidate("Load", TRAIN_SET, Tier.NAME, "name"), candidate("Prepare", TRAIN_SET, Tier.NAME, "name")
    binding = Binding("Train", needed("train_set"), Outcome.AMBIGUOUS, Decision.SEVERAL, candidates=(first, second))
    value = "Steps.Prepare.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri"
    assert fix(WIRING, binding, second) == f"hand it over by name where Train is created: inputs={{'train_set': <{value}>}}"


@pytest.mark.parametrize(
    ("name", "head", "more"),
    [
        ("settings", "Train.settings <- outside the pipeline external", "given a pipeline parameter ../pipelines/main.py:50:5"),
        ("baseline", "Evaluate.baseline <- nothing missing (required)", "perhaps Load.METADATA T5 (keywords): base; this binds nothing"),
        (
            "events",
            "Evaluate.events <- nothing missing (required)",
            "elsewhere Load.events T1 (name); no edge leads from there: add ('Load', 'Evaluate')",
        ),
        ("notes", "Evaluate.notes <- nothing missing (optional: no defect)", "declared optional ../steps/train.py:45:5"),
        ("alien", "Evaluate.alien <- ? unknown", "because the outputs of Prepare are not all known"),
    ],
)
def test_an_input_that_no_output_feeds(name: str, head: str, more: str) -> None:
    shown = words(lines_of(next(binding.input for binding in BINDINGS if binding.input.name == name)))
    assert shown[0] == head and more in shown


def test_a_transitive_predecessor_is_told_with_its_distance() -> None:
    far = candidate("Load", EVENTS, Tier.ALLOWED, "alias 'x'", reach=Reach.TRANSITIVE, distance=2)
    binding = Binding("Train", needed("events"), Outcome.BOUND, Decision.ONLY_CANDIDATE, far, (far,))
    shown = words(why_lines(WIRING, binding, SOURCES))
    assert shown[0] == "Train.events <- Load.events bound, T3 (alias, one lower)"
    assert "scope transitive predecessors 2 edges away: add ('Load', 'Train')" in shown


def test_what_keeps_it_from_being_certain() -> None:
    one = candidate("Load", EVENTS, Tier.TYPE, "type")
    binding = Binding(
        "Train",
        needed("x"),
        Outcome.UNKNOWN,
        Decision.NOT_KNOWN,
        candidates=(one, candidate("Load", METADATA, Tier.TYPE, "type")),
        claims=(Claim("y", (("Load", "events"),), taken=True),),
        says="Load may have more outputs",
        open="Load may have more outputs",
        doubt="there may be more edges",
        more=True,
    )
    assert words(why_lines(WIRING, binding, SOURCES)) == [
        "Train.x <- ? unknown",
        "in pipeline main ../pipelines/main.py:1:5",
        "declared required ../steps/train.py:1:5",
        "because Load may have more outputs",
        "no defect there may be more edges",
        "candidate Load.events T4 (type): type",
        "type S3Uri[content=dataset] -> Unknown: ok (ranks 3, -)",
        "Load.METADATA T4 (type): type",
        "type Unknown -> Unknown: ok (ranks -, -)",
        "there are more, farther away",
        "competing Train.y has taken Load.events",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (GivenInput("Train", "x", at(9), Given.REFERENCE, producer="Load", output="events"), "given Load.events"),
        (GivenInput("Train", "x", at(9), Given.REFERENCE, path=EVENTS.property_path), "given a step that is not known.properties."),
        (GivenInput("Train", "x", at(9), Given.REFERENCE, producer="Load"), "given Load.something that is not known"),
        (GivenInput("Train", "x", at(9), Given.UNKNOWN), "given a value that is not known"),
    ],
)
def test_what_the_code_gives(given: GivenInput, said: str) -> None:
    binding = Binding("Train", needed("x"), Outcome.UNKNOWN, Decision.NOT_KNOWN, given=given)
    assert any(line.startswith(said) for line in words(why_lines(WIRING, binding, SOURCES)))


def test_an_output_names_its_consumers_and_those_that_refused_it() -> None:
    def shown(step: str, port: Port) -> list[str]:
        return words(fed_lines(WIRING, step, port, SOURCES))[3:]

    assert shown("Prepare", TRAIN_SET)[2:] == [
        "feeds Train.input_path bound, T2 (alias); alias 'input_path'; types: ok (ranks 3, 3)",
        "may feed Evaluate.data ambiguous, T4 (type): 2 candidates; S3Uri[content=dataset]",
    ]
    assert shown("Load", EVENTS)[2:] == [
        "feeds Prepare.raw bound, T4 (type); the only S3Uri[content=dataset]; types: ok (ranks 3, 3)",
        "would fit Evaluate.events T1 (name); no edge leads there: add ('Load', 'Evaluate')",
    ]
    assert shown("Load", METADATA) == [
        "type Unknown",
        "feeds nothing",
        "refused for Train.input_path T3: not among compatible_sources",
        "perhaps for Evaluate.baseline T5 (keywords): base; this binds nothing",
    ]


def test_a_reference_of_which_only_the_run_knows_a_part_says_so() -> None:
    remark = "what is in braces is only known at run time, ../steps/train.py:21:5"
    reference = "Steps.Prepare.ProcessingOutputConfig.Outputs['{…}'].S3Output.S3Uri"
    assert f"reference {reference} {remark}" in words(fed_lines(WIRING, "Prepare", TEST_SET, SOURCES))
    nowhere = replace(MODEL, property_path=PathText("properties..x", at(1)))
    assert not any("reference" in line for line in fed_lines(WIRING, "Train", nowhere, SOURCES))


def test_a_reference_may_rest_on_a_path_that_is_registered_elsewhere() -> None:
    made = output("report", aliases=("Report",))
    path = PathText("properties.ModelArtifacts.S3ModelArtifacts", at(99))
    builder = replace(
        contract("Train", (made,)), paths=(PathDeclaration(Mechanism.CLASS_REGISTRY, "Train", "Report", path, at(99), "", 1),)
    )
    wiring = Wiring(Pipeline("p", at(1), (replace(step("Train", made), contract=builder),)), ())
    expected = "reference Steps.Train.ModelArtifacts.S3ModelArtifacts ../steps/train.py:99:5"
    assert expected in words(fed_lines(wiring, "Train", made, SOURCES))


def test_a_lambda_s_output_is_called_as_in_the_definition() -> None:
    made = output("count", path="properties.Outputs['count']")
    wiring = Wiring(Pipeline("p", at(1), (step("Count", made, kind="Lambda"),)), ())
    assert "reference Steps.Count.OutputParameters['count'] ../steps/train.py:1:5" in words(fed_lines(wiring, "Count", made, SOURCES))


def validator() -> jsonschema.Draft202012Validator:
    schema = json.loads(files("contract_lint.report").joinpath("why.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


EVERYTHING = Asked(
    tuple((WIRING, binding) for binding in BINDINGS),
    tuple((WIRING, step.name, port) for step in WIRING.pipeline.steps for port in step.outputs),
    (Loose("Lone", needed("events"), "no pipeline holds Lone", (("Load", EVENTS),)),),
)


def test_json_holds_the_whole_record() -> None:
    document = json.loads(why_json.render(EVERYTHING, SOURCES))
    validator().validate(document)
    rows = {row["input"]["name"]: row for row in document["inputs"]}
    assert document["version"] == 1 and len(rows) == len(BINDINGS)
    row = rows["input_path"]
    assert (row["outcome"], row["decision"], row["pipeline"]["name"]) == ("bound", "only-candidate", "main")
    chosen = row["chosen"]
    assert (chosen["step"], chosen["output"], chosen["tier"], chosen["reach"], chosen["rank"]) == ("Prepare", "train_set", 2, 1, 3)
    assert chosen["via_at"] == {"path": "../steps/train.py", "cell": None, "line": 88, "column": 5}
    assert chosen["judgement"] == {"verdict": "ok", "reason": "", "row": 4, "hint": None}
    assert [one["reason"] for one in row["refused"]] == ["not-allowed", "job-type"]
    assert [one["fix"] for one in rows["data"]["candidates"]] == ["call the input 'train_set'", "call the input 'test_set'"]
    assert rows["data"]["claims"] == [{"input": "baseline", "taken": False, "outputs": [{"step": "Prepare", "output": "train_set"}]}]
    assert rows["settings"]["given"]["says"] == "a pipeline parameter"
    assert rows["events"]["elsewhere"][0]["step"] == "Load"
    fed = {(row["step"], row["output"]["name"]): row for row in document["outputs"]}
    assert [one["role"] for one in fed["Load", "METADATA"]["consumers"]] == ["refused-for", "perhaps-for"]
    assert fed["Prepare", "test_set"]["reference"] is None and fed["Prepare", "test_set"]["property_path"].count("{…}") == 1
    assert document["unmatched"][0]["same_name"][0]["step"] == "Load"


def test_json_validates_whatever_the_names_are() -> None:
    odd = "\x7f\x1b\udcff数\n"
    binding = replace(BINDINGS[1], step=odd, input=replace(INPUT_PATH, name=odd), says=odd)
    text = why_json.render(Asked(inputs=((WIRING, binding),)), SOURCES)
    validator().validate(json.loads(text))
    assert text.isascii() and all(char.isprintable() or char == "\n" for char in text)


def test_the_schema_refuses_unknown_and_missing_keys() -> None:
    document = json.loads(why_json.render(EVERYTHING, SOURCES))
    lacking = document | {"inputs": [{key: value for key, value in document["inputs"][0].items() if key != "chosen"}]}
    assert not validator().is_valid(document | {"more": 1}) and not validator().is_valid(lacking)


# The command


@pytest.fixture
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two pipelines, and a builder that neither holds."""
    lone = contract("Lone", (needed("events"), output("report"), output("raw")), line=70)
    held = [step.contract for step in WIRING.pipeline.steps if step.contract is not None]
    reading(monkeypatch, (*held, lone), (WIRING, OTHER))


def ask(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(["why", *args])
    return code, *capsys.readouterr()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", ["Train", "TrainStepBuilder", "train:TrainStepBuilder", "steps.train:TrainStepBuilder"])
def test_a_step_answers_to_all_its_names(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask(capsys, f"{name}.input_path") == (0, "\n".join(lines_of(INPUT_PATH)) + "\n", "")


@pytest.mark.usefixtures("project")
def test_each_pipeline_answers_for_itself(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ask(capsys, "Load.events")
    assert (code, out.count("Load.events\n"), "pipeline main" in out, "pipeline other" in out) == (0, 2, True, True)
    code, out, _ = ask(capsys, "Load.events", "--pipeline", "other")
    assert (code, "pipeline main" in out, "pipeline other" in out) == (0, False, True)


@pytest.mark.usefixtures("project")
def test_a_step_that_no_pipeline_holds(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = ask(capsys, "Lone.events")
    assert code == 0
    assert words(out.splitlines()) == [
        "Lone.events: no pipeline holds Lone; there are main and other",
        "declared required ../steps/train.py:1:5",
        "type Unknown",
        "same name Load.events ../steps/train.py:10:5",
    ]
    code, out, _ = ask(capsys, "Lone.raw", "--output", "json")
    document = json.loads(out)
    validator().validate(document)
    assert [row["step"] for row in document["unmatched"][0]["same_name"]] == ["Prepare"]


@pytest.mark.usefixtures("project")
def test_an_input_that_is_no_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert "the framework's own input: no output feeds it in pipeline main" in ask(capsys, "Prepare.dependencies")[1]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["Trian.input_path"], "no step 'Trian' among 6 (did you mean 'Train'?)"),
        (["Train.input_pth"], "'Train' has no port 'input_pth' (did you mean 'input_path'?)"),
        (["Train.zzz"], "'Train' has no port 'zzz'; it has input_path, settings and model"),
        (["Train"], "'Train' names no port: say Train.PORT; it has input_path, settings and model"),
        (["Lone"], "'Lone' names no port: say Lone.PORT; it has events, report and raw"),
        (["Lone.events", "--pipeline", "main"], "no step 'Lone' among 5"),
        (["zzz"], "'zzz' is not STEP.PORT"),
        (["Train.input_path", "--pipeline", "mian"], "no pipeline 'mian' among 2 (did you mean 'main'?)"),
    ],
)
def test_what_is_not_there_is_exit_2_with_what_is_near(args: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = ask(capsys, *args)
    assert (code, out) == (2, "") and said in err


def test_names_may_hold_dots(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    wiring = Wiring(Pipeline("p", at(1), (step("a.b", output("c.d")),)), ())
    reading(monkeypatch, (), (wiring,))
    assert ask(capsys, "a.b.c.d")[1].startswith("a.b.c.d\n")


def test_the_step_s_own_pipeline_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert LOAD.contract is not None
    reading(monkeypatch, (LOAD.contract,), ())
    assert ask(capsys, "Load.events")[1].startswith("Load.events: no pipeline holds Load (none was found)\n")
    reading(monkeypatch, (), ())
    code, _, err = ask(capsys, "Load.events")
    assert code == 2 and "no step has a port 'Load.events'" in err


def test_all_answers_are_parted_by_empty_lines() -> None:
    lines = text_lines(EVERYTHING, SOURCES)
    assert lines.count("") == len(EVERYTHING.inputs) + len(EVERYTHING.outputs)
