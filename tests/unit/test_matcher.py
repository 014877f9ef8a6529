"""Who feeds whom: every tier, gate, scope, tie-break and outcome on small pipelines, and the lessons that shaped them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace
from wired import binding, contract, edges, given, names, need, out, pipeline, reference, step, stranger, verdict, wired

from contract_lint.assembly.candidates import NONE_CERTAIN, REFUSED_LISTED
from contract_lint.assembly.matcher import match, match_project, redecide
from contract_lint.assembly.options import AllowList, MatchOptions, Override
from contract_lint.assembly.seed import Connection, can_connect, match_seed
from contract_lint.assembly.selection import unique_matching
from contract_lint.model.contract import Contract, Port
from contract_lint.model.evidence import Rank
from contract_lint.model.pipeline import Edge, Given, Step
from contract_lint.model.types import Verdict
from contract_lint.model.wiring import Binding, Claim, Decision, Outcome, Reach, Tier, Wiring

DATASET, MODEL, SETTINGS = "S3Uri[content=dataset]", "S3Uri[content=model]", "S3Uri[content=hyperparameters]"


def reasons(found: Binding) -> dict[str, str]:
    """Why outputs were refused, by ``Step.output``."""
    return {f"{one.step}.{one.output.name}": f"T{int(one.tier)} {one.reason}" for one in found.refused}


# --- T0: what the code or the configuration says ---


def test_a_reference_binds_whatever_else_would_fit() -> None:
    steps = [step("A", out("data")), step("B", out("other")), step("C", need("data"))]
    wiring = wired(steps, "A -> C", given=[reference("C.data", "B", "other")])
    found = binding(wiring, "C.data")
    assert verdict(wiring, "C.data") == "bound T0 B.other (stated)"
    assert found.chosen is not None and (found.chosen.reach, found.chosen.via_at) == (Reach.EXPLICIT, wiring.pipeline.given[0].span)


@pytest.mark.parametrize(
    ("ref", "output"),
    [
        (reference("C.data", "P", "table"), "table"),
        (reference("C.data", "P", "Table"), "table"),  # an alias
        (reference("C.data", "P", path="ProcessingOutputConfig.Outputs['Table'].S3Output.S3Uri"), "table"),
        (reference("C.data", "P", path="properties.ProcessingOutputConfig.Outputs['t'].S3Output.S3Uri"), "log"),  # its own path
        (reference("C.data", "P", path='ProcessingOutputConfig.Outputs["t"].S3Output.S3Uri'), "log"),
        # A property that is no output is read from this step all the same.
        (reference("C.data", "P", path="ProcessingJobArn"), "ProcessingJobArn"),
    ],
)
def test_what_a_reference_leads_to(ref: object, output: str) -> None:
    log = out("log", path="properties.ProcessingOutputConfig.Outputs['t'].S3Output.S3Uri")
    wiring = wired([step("P", out("table", aliases=["Table"]), log), step("C", need("data"))], given=[ref])  # type: ignore[list-item]
    assert verdict(wiring, "C.data") == f"bound T0 P.{output} (stated)"


def test_the_path_that_a_kind_of_step_gives_its_only_output() -> None:
    train = step("Train", out("model"), kind="Training")
    wiring = wired([train, step("C", need("x"))], given=[reference("C.x", "Train", path="ModelArtifacts.S3ModelArtifacts")])
    assert verdict(wiring, "C.x") == "bound T0 Train.model (stated)"


def test_a_reference_to_what_does_not_exist_is_missing() -> None:
    steps = [step("P", out("processed_data")), step("C", need("a"), need("b"), need("c"))]
    refs = [reference("C.a", "Ghost", "x"), reference("C.b", "P", "ProcessedData"), reference("C.c", "C", "x")]
    wiring = wired(steps, "P -> C", given=refs)
    assert [verdict(wiring, f"C.{name}") for name in "abc"] == ["missing"] * 3
    assert binding(wiring, "C.a").says == "'Ghost' is no step of the pipeline"
    assert binding(wiring, "C.b").says == "'P' has no output 'ProcessedData'"
    assert reasons(binding(wiring, "C.b")) == {"P.processed_data": "T0 name"}
    assert binding(wiring, "C.c").says == "it refers to its own step"
    assert [one.given for one in wiring.bindings] == refs


@pytest.mark.parametrize(
    ("steps", "ref", "open_steps"),
    [
        ([step("P", open_outputs="unknown-key")], reference("C.a", "P", "x"), None),
        ([stranger("P")], reference("C.a", "P", "x"), None),
        ([step("P", out("x"))], reference("C.a", "P"), None),
        ([step("P", out("x"))], reference("C.a", "P", path="Outputs['\0']"), None),
        ([step("P", out("x"))], reference("C.a", None, "x"), None),
        ([step("P", out("x"))], reference("C.a", "Ghost", "x"), "unknown-name"),
    ],
)
def test_a_reference_that_leads_where_not_all_is_known_is_unknown(steps: list[Step], ref: object, open_steps: str | None) -> None:
    wiring = wired([*steps, step("C", need("a"))], given=[ref], open_steps=open_steps)  # type: ignore[list-item]
    assert verdict(wiring, "C.a") == "unknown"
    assert binding(wiring, "C.a").decision is Decision.NOT_KNOWN
    assert binding(wiring, "C.a").says


def test_what_comes_from_outside_is_external_and_what_is_not_known_unknown() -> None:
    steps = [step("P", out("a"), out("b")), step("C", need("a"), need("b"))]
    says = [given("C.a", Given.EXTERNAL, "a pipeline parameter"), given("C.b", Given.UNKNOWN, "a call")]
    wiring = wired(steps, "P -> C", given=says)
    assert [(verdict(wiring, f"C.{name}"), binding(wiring, f"C.{name}").says) for name in "ab"] == [
        ("external", "a pipeline parameter"),
        ("unknown", "a call"),
    ]


def test_different_values_at_different_places_are_not_known() -> None:
    steps = [step("P", out("a"), out("b")), step("C", need("a"))]
    same = [reference("C.a", "P", "b", line=50), reference("C.a", "P", "b", line=51)]
    assert verdict(wired(steps, "P -> C", given=same), "C.a") == "bound T0 P.b (stated)"
    differing = [reference("C.a", "P", "b"), reference("C.a", "P", "a", line=51)]
    assert verdict(wired(steps, "P -> C", given=differing), "C.a") == "unknown"


def test_an_input_may_be_given_by_its_other_name() -> None:
    wiring = wired([step("P", out("x")), step("C", need("data", aliases=["Data"]))], given=[reference("C.Data", "P", "x")])
    assert verdict(wiring, "C.data") == "bound T0 P.x (stated)"
    assert wiring.unplaced == ()


def test_what_is_given_to_no_input_is_kept_apart() -> None:
    stray = [reference("C.dta", "P", "x"), given("Ghost.data", Given.EXTERNAL)]
    wiring = wired([step("P", out("x")), step("C", need("data"))], "P -> C", given=stray)
    assert wiring.unplaced == tuple(stray)
    assert verdict(wiring, "C.data") == "missing"


def test_the_configuration_may_say_what_feeds_an_input() -> None:
    steps = [step("Prep", out("x"), out("data")), step("Train", need("data"), need("label"), need("free"))]
    options = MatchOptions(
        overrides=(Override("train", "data", "prep", "x"), Override("Train", "free"), Override("Other", "data", "P", "x"))
    )
    wiring = wired(steps, "Prep -> Train", options=options, given=[reference("Train.data", "Prep", "data")])
    assert verdict(wiring, "Train.data") == "bound T0 Prep.x (stated)"
    assert verdict(wiring, "Train.free") == "external"
    assert verdict(wiring, "Train.label") == "missing"


# --- T1 and T2: names ---


@pytest.mark.parametrize("name", ["processed_data", "processedData", "Processed-Data", "PROCESSED_DATA"])
def test_t1_the_same_name_however_it_is_spelled(name: str) -> None:
    wiring = wired([step("P", out(name), out("log")), step("C", need("processed_data"))], "P -> C")
    assert verdict(wiring, "C.processed_data") == f"bound T1 P.{name} (only-candidate)"


@pytest.mark.parametrize(
    ("port", "via"),
    [
        (out("table", aliases=["InputPath"]), "alias 'InputPath'"),
        (
            out("table", path="properties.ProcessingOutputConfig.Outputs['input_path'].S3Output.S3Uri"),
            "key 'input_path' of its property path",
        ),
    ],
)
def test_t2_another_name_of_the_output(port: Port, via: str) -> None:
    wiring = wired([step("P", port), step("C", need("input_path"))], "P -> C")
    assert verdict(wiring, "C.input_path") == "bound T2 P.table (only-candidate)"
    chosen = binding(wiring, "C.input_path").chosen
    assert chosen is not None and chosen.via == via and chosen.via_at is not None


def test_t2_a_name_that_the_project_calls_the_same() -> None:
    steps = [step("P", out("processed_data")), step("C", need("input_path"))]
    options = MatchOptions(aliases=(("inputPath", "ProcessedData"),))
    assert verdict(wired(steps, "P -> C"), "C.input_path") == "missing"
    wiring = wired(steps, "P -> C", options=options)
    assert verdict(wiring, "C.input_path") == "bound T2 P.processed_data (only-candidate)"


def test_t2_another_name_of_the_input() -> None:
    wiring = wired([step("P", out("ModelArtifacts")), step("C", need("model_input", aliases=["ModelArtifacts"]))], "P -> C")
    assert verdict(wiring, "C.model_input") == "bound T2 P.ModelArtifacts (only-candidate)"


def test_another_name_of_the_input_counts_for_the_step_right_before_alone() -> None:
    steps = [step("P", out("DATA")), step("Q", out("clean")), step("C", need("input_path", aliases=["DATA"]))]
    assert wired(steps, "P -> Q", "Q -> C").bindings[-1].outcome is Outcome.MISSING


def test_a_name_comes_before_an_alias() -> None:
    steps = [step("A", out("table", aliases=["data"])), step("B", out("data")), step("C", need("data"))]
    assert verdict(wired(steps, "A -> C", "B -> C"), "C.data") == "bound T1 B.data (only-candidate)"


def test_a_name_binds_even_where_the_types_contradict_each_other() -> None:
    """The mismatch is a finding on this edge, not a reason to look elsewhere."""
    steps = [step("A", out("data", "Name<model>")), step("B", out("table", DATASET)), step("C", need("data", DATASET))]
    wiring = wired(steps, "A -> C", "B -> C")
    assert verdict(wiring, "C.data") == "bound T1 A.data (only-candidate)"
    chosen = binding(wiring, "C.data").chosen
    assert chosen is not None and chosen.judgement.verdict is Verdict.ERROR


# --- T3 and T4: allow-lists and types ---


def test_t3_the_only_output_of_an_allowed_step() -> None:
    wiring = wired([step("A", out("x")), step("B", out("y")), step("C", need("data", sources=["B"]))], "A -> C", "B -> C")
    assert verdict(wiring, "C.data") == "bound T3 B.y (only-candidate)"
    assert reasons(binding(wiring, "C.data")) == {"A.x": "T3 not-allowed"}


@pytest.mark.parametrize("token", ["TabularPreprocessing", "tabular-preprocessing-step", "TabularPreprocessing_training", "ProcessingStep"])
def test_t3_an_allow_list_may_call_a_step_by_its_builder_or_its_kind(token: str) -> None:
    prep = step("TabularPreprocessing_training", out("x"), builder="TabularPreprocessing")
    wiring = wired([prep, step("C", need("data", sources=[token]))], f"{prep.name} -> C")
    assert verdict(wiring, "C.data") == f"bound T3 {prep.name}.x (only-candidate)"


def test_t3_another_job_type_is_another_step() -> None:
    prep = step("Tabular_training", out("x"), builder="Tabular")
    wiring = wired([prep, step("C", need("data", sources=["Tabular_validation", "C"]))], "Tabular_training -> C")
    assert verdict(wiring, "C.data") == "missing"


def test_t3_types_that_contradict_each_other_are_refused_and_unknown_ones_pass() -> None:
    need_it = need("data", DATASET, sources=["B"])
    wiring = wired([step("B", out("x", "Name<model>"), out("y")), step("C", need_it)], "B -> C")
    assert verdict(wiring, "C.data") == "bound T3 B.y (only-candidate)"
    assert reasons(binding(wiring, "C.data")) == {"B.x": "T4 type"}
    chosen = binding(wiring, "C.data").chosen
    assert chosen is not None and chosen.judgement.verdict is Verdict.UNKNOWN


def test_t3_a_list_of_dead_words_counts_as_none() -> None:
    steps = [step("A", out("x", MODEL), out("y", DATASET)), step("C", need("data", DATASET, sources=["Preprocesing", "S3Source"]))]
    wiring = wired(steps, "A -> C")
    assert verdict(wiring, "C.data") == "bound T4 A.y (only-candidate)"
    assert "not-allowed" not in str(reasons(binding(wiring, "C.data")))


def test_t3_the_configuration_may_allow_steps() -> None:
    steps = [step("A", out("x")), step("B", out("y")), step("C", need("data", sources=["A"]))]
    options = MatchOptions(allow_lists=(AllowList("data", ("B",), "C"),))
    assert verdict(wired(steps, "A -> C", "B -> C", options=options), "C.data") == "bound T3 B.y (only-candidate)"


def test_t4_the_only_output_of_the_type() -> None:
    steps = [step("A", out("name", "Name<model>"), out("log", "S3Uri")), step("C", need("model_name", "Name<model>"))]
    assert verdict(wired(steps, "A -> C"), "C.model_name") == "bound T4 A.name (only-candidate)"


def test_t4_the_only_output_with_the_content() -> None:
    steps = [step("A", out("x", DATASET), out("y", "S3Uri[kind=object,content=model]")), step("C", need("artifact", MODEL))]
    wiring = wired(steps, "A -> C")
    assert verdict(wiring, "C.artifact") == "bound T4 A.y (only-candidate)"


@pytest.mark.parametrize(
    "type", ["Name<model>", "Name<model>?", "Arn<sagemaker/model>", "ArnOrName<model>", "ImageUri", "KmsKey", "List<Name<model>>"]
)
def test_t4_a_type_that_says_which_thing_is_meant(type: str) -> None:
    wiring = wired([step("A", out("x", type), out("y", DATASET)), step("C", need("thing", type))], "A -> C")
    assert verdict(wiring, "C.thing") == "bound T4 A.x (only-candidate)"


@pytest.mark.parametrize(
    "type",
    [
        *("S3Uri", "S3Uri[kind=prefix]", "S3Uri[format=csv]", "S3Uri[origin=result]", "List<S3Uri>", "Arn", "Arn<sagemaker>", "Name"),
        *("ArnOrName", "String", "Integer", "Float", "Boolean", "Timestamp", "Json", "Path", "ContentType", '"a"|"b"', "Map<String,S3Uri>"),
        *("Any", "Unknown", "S3Uri|Name<model>"),
    ],
)
def test_t4_a_type_that_most_ports_have_joins_nothing(type: str) -> None:
    """Not even where there is only one such output: that another has the same kind of text is no reason to take it."""
    wiring = wired([step("A", out("metadata", type)), step("C", need("weights", type))], "A -> C")
    assert verdict(wiring, "C.weights") == "missing"
    farther = binding(wired([step("A", out("metadata", type)), step("B"), step("C", need("weights", type))], "A -> B -> C"), "C.weights")
    assert (farther.outcome, farther.suggestions) == (Outcome.MISSING, ())


def test_t4_and_t5_take_nothing_of_steps_that_an_allow_list_leaves_out() -> None:
    steps = [step("A", out("eval_report", DATASET)), step("B", out("y", "Name<model>"))]
    for texts in (["A -> C", "B -> C"], ["A -> C"], ["A -> B -> C"]):
        found = binding(wired([*steps, step("C", need("report", DATASET, sources=["B"]))], *texts), "C.report")
        assert (found.outcome, found.suggestions) == (Outcome.MISSING, ())
    wiring = wired([*steps, step("C", need("report", DATASET, sources=["B"]))], "A -> C", "B -> C")
    assert reasons(binding(wiring, "C.report")) == {"B.y": "T4 type", "A.eval_report": "T3 not-allowed"}


def test_an_allow_list_is_no_bar_to_a_name() -> None:
    steps = [step("A", out("data")), step("B", out("y")), step("C", need("data", sources=["B"]))]
    assert verdict(wired(steps, "A -> C", "B -> C"), "C.data") == "bound T1 A.data (only-candidate)"


@pytest.mark.parametrize("rank", [Rank.DESCRIPTION, Rank.NAME, Rank.ASSUMED])
def test_t4_needs_evidence_on_both_sides(rank: Rank) -> None:
    for ours, theirs in ((rank, Rank.ROLE), (Rank.ROLE, rank)):
        wiring = wired([step("A", out("x", DATASET, rank=theirs)), step("C", need("data", DATASET, rank=ours))], "A -> C")
        assert verdict(wiring, "C.data") == "missing"


def test_t4_content_may_be_told_by_the_configuration() -> None:
    steps = [step("A", out("x"), out("y")), step("C", need("artifact", MODEL))]
    wiring = wired(steps, "A -> C", options=MatchOptions(tags=(("Y", "model"),)))
    assert verdict(wiring, "C.artifact") == "bound T4 A.y (only-candidate)"


def test_t4_is_no_way_round_a_contradiction() -> None:
    """One common tag does not help where another parameter is wrong."""
    steps = [step("A", out("x", "S3Uri[kind=prefix,content=model]")), step("C", need("artifact", "S3Uri[kind=object,content=model]"))]
    wiring = wired(steps, "A -> C")
    assert verdict(wiring, "C.artifact") == "missing"
    assert reasons(binding(wiring, "C.artifact")) == {"A.x": "T4 type"}


# --- T5 and T6: words ---


def test_t5_words_suggest_and_bind_nothing() -> None:
    steps = [step("A", out("eval_metrics"), out("s3_data_path")), step("C", need("metrics_input_path"))]
    wiring = wired(steps, "A -> C")
    found = binding(wiring, "C.metrics_input_path")
    assert verdict(wiring, "C.metrics_input_path") == "missing"
    assert names(found.suggestions) == ["A.eval_metrics"]
    assert (found.suggestions[0].tier, found.suggestions[0].via) == (Tier.KEYWORDS, "words metrics")


def test_t5_another_name_of_the_output_counts_too() -> None:
    steps = [step("A", out("x", aliases=["eval_metrics"])), *(step(f"B{number}", out("metrics_log")) for number in range(8))]
    wiring = wired([*steps, step("C", need("metrics_of_eval"))], "A -> C", *(f"B{number} -> C" for number in range(8)))
    assert names(binding(wiring, "C.metrics_of_eval").suggestions) == ["A.x"]


def test_t5_only_a_unique_best_is_suggested() -> None:
    two = [step("A", out("eval_metrics"), out("train_metrics")), step("C", need("metrics"))]
    assert binding(wired(two, "A -> C"), "C.metrics").suggestions == ()
    better = [step("A", out("eval_metrics"), out("metrics_train")), step("C", need("metrics_of_eval"))]
    assert names(binding(wired(better, "A -> C"), "C.metrics_of_eval").suggestions) == ["A.eval_metrics"]


def test_t5_stop_words_are_data() -> None:
    steps = [step("A", out("raw_x")), step("C", need("raw_y"))]
    assert names(binding(wired(steps, "A -> C"), "C.raw_y").suggestions) == ["A.raw_x"]
    assert binding(wired(steps, "A -> C", options=MatchOptions(stop_words=("raw",))), "C.raw_y").suggestions == ()


def test_t5_no_suggestion_against_the_types() -> None:
    steps = [step("A", out("eval_metrics", "Name<model>")), step("C", need("metrics", DATASET))]
    assert binding(wired(steps, "A -> C"), "C.metrics").suggestions == ()


@pytest.mark.parametrize(
    ("input", "output", "expected"),
    [
        ("training_data", "validation_data", True),
        ("Model_Path", "s3_model", True),
        ("model", "models", False),
        ("inputPath", "input_path", False),
        ("input-path", "input_path", False),
        ("_a", "b_", True),
    ],
)
def test_t6_the_predicate_of_the_seed(input: str, output: str, expected: bool) -> None:
    assert can_connect(input, output) is expected


def test_t6_connects_whatever_shares_a_word() -> None:
    steps = [step("A", out("train_data"), out("test_data")), step("B", need("data"), out("data_report")), step("C", need("data_path"))]
    every = [
        Connection("A", "train_data", "B", "data"),
        Connection("A", "test_data", "B", "data"),
        Connection("A", "train_data", "C", "data_path"),
        Connection("A", "test_data", "C", "data_path"),
        Connection("B", "data_report", "C", "data_path"),
    ]
    assert match_seed(steps) == every
    assert match_seed(pipeline(steps)) == every
    assert match_seed(list(reversed(steps)), earlier_only=True) == []
    assert match_seed(steps, earlier_only=True) == every


# --- scopes ---


def test_scope_1_other_steps_do_not_count() -> None:
    steps = [step("A", out("data")), step("B", out("x")), step("C", need("data"))]
    wiring = wired(steps, "B -> C")
    found = binding(wiring, "C.data")
    assert verdict(wiring, "C.data") == "missing"
    assert names(found.elsewhere) == ["A.data"]
    assert (found.elsewhere[0].tier, found.elsewhere[0].distance) == (Tier.NAME, 0)


def test_scope_2_binds_one_tier_lower_and_says_what_joins() -> None:
    wiring = wired([step("A", out("data")), step("B", out("x")), step("C", need("data"))], "A -> B -> C")
    found = binding(wiring, "C.data").chosen
    assert verdict(wiring, "C.data") == "bound T2 A.data (only-candidate)"
    assert found is not None and (found.reach, found.distance, found.via) == (Reach.TRANSITIVE, 2, "name 'data'")


def test_scope_2_only_where_scope_1_holds_no_candidate() -> None:
    steps = [step("A", out("data", DATASET)), step("B", out("x", DATASET)), step("C", need("data", DATASET))]
    assert verdict(wired(steps, "A -> B -> C"), "C.data") == "bound T4 B.x (only-candidate)"


def test_scope_2_every_tier_is_one_lower() -> None:
    steps = [step("A", out("x", aliases=["one"]), out("y", MODEL)), step("B"), step("C", need("one"), need("two", MODEL))]
    wiring = wired(steps, "A -> B -> C")
    assert verdict(wiring, "C.one") == "bound T3 A.x (only-candidate)"
    assert verdict(wiring, "C.two") == "missing"
    assert [(one.tier, one.reach) for one in binding(wiring, "C.two").suggestions] == [(Tier.KEYWORDS, Reach.TRANSITIVE)]
    allowed = wired([step("A", out("x")), step("B"), step("C", need("one", sources=["A"]))], "A -> B -> C")
    assert verdict(allowed, "C.one") == "bound T4 A.x (only-candidate)"


def test_scope_2_the_surest_tier_first_however_far() -> None:
    steps = [step("A", out("data")), step("B", out("x", aliases=["data"])), step("D"), step("C", need("data"))]
    assert verdict(wired(steps, "A -> B -> D -> C"), "C.data") == "bound T2 A.data (only-candidate)"


def test_scope_3_existence_alone_is_judged() -> None:
    contracts = [
        contract("A", out("table", aliases=["data"]), line=1),
        contract("B", need("data"), need("nothing"), need("maybe", required=False), need("dependencies", pseudo=True), line=2),
    ]
    found = {(one.name, two.input.name): two for one, two in match_project(contracts)}
    assert {key: (one.outcome, names(one.candidates)) for key, one in found.items()} == {
        ("B", "data"): (Outcome.UNKNOWN, ["A.table"]),
        ("B", "nothing"): (Outcome.MISSING, []),
        ("B", "maybe"): (Outcome.MISSING, []),
    }
    assert found["B", "data"].candidates[0].reach is Reach.PROJECT


def project(*contracts: Contract) -> dict[str, Outcome]:
    return {f"{one.name}.{two.input.name}": two.outcome for one, two in match_project(contracts)}


def test_scope_3_a_type_or_an_allowed_step_is_enough() -> None:
    found = project(contract("A", out("x", MODEL)), contract("B", need("m", MODEL), need("d", DATASET), need("s", sources=["A"]), line=2))
    assert found == {"B.m": Outcome.UNKNOWN, "B.d": Outcome.MISSING, "B.s": Outcome.UNKNOWN}


def test_scope_3_a_type_that_most_ports_have_is_not_enough() -> None:
    found = project(contract("A", out("x", "S3Uri"), out("y", "Name")), contract("B", need("d", "S3Uri"), need("n", "Name"), line=2))
    assert found == {"B.d": Outcome.MISSING, "B.n": Outcome.MISSING}


def test_scope_3_a_contract_does_not_feed_itself() -> None:
    assert project(contract("A", need("data"), out("data"))) == {"A.data": Outcome.MISSING}


def test_scope_3_where_outputs_are_not_known_nothing_is_missing() -> None:
    assert project(contract("A", open_outputs="unknown-key"), contract("B", need("data"), line=2)) == {"B.data": Outcome.UNKNOWN}


def test_scope_3_what_comes_from_outside_or_is_not_certain_is_not_missing() -> None:
    found = project(contract("B", need("free", external="a default in the code"), need("perhaps", certain=False)))
    assert found == {"B.free": Outcome.EXTERNAL, "B.perhaps": Outcome.UNKNOWN}


# --- gates ---


def test_a_step_does_not_feed_itself() -> None:
    wiring = wired([step("A", need("data"), out("data"))], "A -> A")
    assert verdict(wiring, "A.data") == "missing"
    assert binding(wiring, "A.data").elsewhere == ()


def test_a_later_step_feeds_nothing() -> None:
    wiring = wired([step("A", need("data")), step("B"), step("C", out("data"))], "A -> B -> C")
    found = binding(wiring, "A.data")
    assert (verdict(wiring, "A.data"), found.elsewhere, reasons(found)) == ("missing", (), {"C.data": "T1 order"})


def test_a_pseudo_port_is_matched_to_nothing() -> None:
    steps = [step("A", out("dependencies", pseudo=True)), step("B", need("dependencies", pseudo=True), need("inputs"), out("x"))]
    assert [one.input.name for one in wired(steps, "A -> B").bindings] == ["inputs"]


@pytest.mark.parametrize("wanted", ["data_training", "data"])
def test_names_that_say_the_job_type_take_the_right_one(wanted: str) -> None:
    consumer = step("Train", need(wanted), variant="training")
    wiring = wired([step("P", out("data_validation"), out("data_training")), consumer], "P -> Train")
    assert verdict(wiring, f"Train.{wanted}") == "bound T1 P.data_training (only-candidate)"
    assert reasons(binding(wiring, f"Train.{wanted}")) == {"P.data_validation": "T1 job-type"}


def test_a_name_in_full_comes_before_one_less_its_job_type() -> None:
    wiring = wired([step("P", out("data"), out("data_training")), step("C", need("data"), need("data_training"))], "P -> C")
    assert verdict(wiring, "C.data") == "bound T1 P.data (only-candidate)"
    assert verdict(wiring, "C.data_training") == "bound T1 P.data_training (only-candidate)"


def test_a_job_type_on_one_side_alone_is_the_same_name() -> None:
    wiring = wired([step("P", out("data_training")), step("C", need("data"))], "P -> C")
    assert verdict(wiring, "C.data") == "bound T1 P.data_training (only-candidate)"


def test_names_for_different_job_types_are_refused_at_every_tier() -> None:
    consumer = step("C", need("data_training", DATASET, sources=["P"]))
    wiring = wired([step("P", out("data_validation", DATASET)), consumer], "P -> C")
    assert verdict(wiring, "C.data_training") == "missing"
    assert reasons(binding(wiring, "C.data_training")) == {"P.data_validation": "T1 job-type"}


def job_types(*texts: str) -> str:
    """What feeds the evaluation of the validation data, in a pipeline with a preparation for each job type."""
    steps = [
        step("Prep_training", out("table"), builder="Prep"),
        step("Prep_validation", out("table"), builder="Prep"),
        step("Train", out("model")),
        step("Eval_validation", need("table"), builder="Eval"),
    ]
    return verdict(wired(steps, *texts), "Eval_validation.table")


def test_steps_of_the_right_job_type_come_first() -> None:
    both = job_types("Prep_training -> Eval_validation", "Prep_validation -> Eval_validation")
    assert both == "bound T1 Prep_validation.table (only-candidate)"


def test_an_edge_between_job_types_is_drawn_on_purpose() -> None:
    assert job_types("Prep_training -> Eval_validation") == "bound T1 Prep_training.table (only-candidate)"


def test_without_an_edge_another_job_type_is_none() -> None:
    assert job_types("Prep_training -> Train -> Eval_validation") == "missing"


def test_a_name_that_ends_like_a_job_type_need_not_have_one() -> None:
    steps = [
        step("model-training", out("model"), builder="ModelTraining"),
        step("packaging"),
        step("model-validation", need("model"), builder="ModelValidation"),
    ]
    wiring = wired(steps, "model-training -> packaging -> model-validation")
    assert verdict(wiring, "model-validation.model") == "bound T2 model-training.model (only-candidate)"


# --- selection ---


def test_several_candidates_are_ambiguous_and_all_listed() -> None:
    steps = [step("B", out("data")), step("A", out("data")), step("C", need("data"))]
    wiring = wired(steps, "A -> C", "B -> C")
    assert verdict(wiring, "C.data") == "ambiguous T1 A.data, B.data"
    assert binding(wiring, "C.data").decision is Decision.SEVERAL


def test_a_tie_is_never_broken_by_a_lower_tier() -> None:
    steps = [step("A", out("data", MODEL)), step("B", out("data", DATASET)), step("C", need("data", DATASET))]
    assert verdict(wired(steps, "A -> C", "B -> C"), "C.data") == "ambiguous T1 A.data, B.data"


def test_a_unique_matching_decides() -> None:
    """`second` may take both; but `first` can only take the training set."""
    prep = step("P", out("a", "S3Uri[content=dataset+report]"), out("b", "S3Uri[content=report]"))
    wiring = wired([prep, step("C", need("first", DATASET), need("second", "S3Uri[content=report]"))], "P -> C")
    assert verdict(wiring, "C.first") == "bound T4 P.a (only-candidate)"
    assert verdict(wiring, "C.second") == "bound T4 P.b (unique-matching)"
    assert binding(wiring, "C.second").claims == (Claim("first", (("P", "a"),)),)


def test_a_matching_that_is_not_the_only_one_decides_nothing() -> None:
    steps = [step("P", out("a", DATASET), out("b", DATASET)), step("C", need("first", DATASET), need("second", DATASET))]
    wiring = wired(steps, "P -> C")
    assert [verdict(wiring, f"C.{name}") for name in ("first", "second")] == ["ambiguous T4 P.a, P.b"] * 2


def test_what_a_surer_tier_took_is_not_eliminated() -> None:
    """`named` takes P.named; that leaves one output for `other`, which proves nothing."""
    steps = [step("P", out("named", DATASET), out("x", DATASET)), step("C", need("named", DATASET), need("other", DATASET))]
    wiring = wired(steps, "P -> C")
    assert verdict(wiring, "C.named") == "bound T1 P.named (only-candidate)"
    assert verdict(wiring, "C.other") == "ambiguous T4 P.named, P.x"
    assert binding(wiring, "C.other").claims == (Claim("named", (("P", "named"),), taken=True),)


def test_a_tie_break_gives_no_output_that_is_taken() -> None:
    prep = step("P", out("a", "S3Uri[content=dataset+report]"), out("b", "S3Uri[content=report]"))
    consumer = step("C", need("b"), need("first", DATASET), need("second", "S3Uri[content=report]"))
    wiring = wired([prep, consumer], "P -> C")
    assert verdict(wiring, "C.b") == "bound T1 P.b (only-candidate)"
    assert verdict(wiring, "C.second") == "ambiguous T4 P.a, P.b"


def test_the_nearest_decides() -> None:
    steps = [step("Far", out("data")), step("Near", out("data")), step("D"), step("C", need("data"))]
    wiring = wired(steps, "Far -> Near -> D -> C")
    assert verdict(wiring, "C.data") == "bound T2 Near.data (nearest)"
    assert [(one.step, one.distance) for one in binding(wiring, "C.data").candidates] == [("Near", 2), ("Far", 3)]


def test_equally_near_is_ambiguous() -> None:
    steps = [step("A", out("data")), step("B", out("data")), step("D"), step("C", need("data"))]
    assert verdict(wired(steps, "A -> D -> C", "B -> D"), "C.data") == "ambiguous T2 A.data, B.data"


def test_what_another_input_may_take_is_not_given_as_the_nearest() -> None:
    steps = [
        step("Far", out("x", aliases=["one", "two"])),
        step("Near", out("y", aliases=["one", "two"])),
        step("D"),
        step("C", need("one"), need("two")),
    ]
    wiring = wired(steps, "Far -> Near -> D -> C")
    assert [verdict(wiring, f"C.{name}") for name in ("one", "two")] == ["ambiguous T3 Near.y, Far.x"] * 2


def test_of_very_many_transitive_candidates_the_nearest_are_listed() -> None:
    steps = [step(f"S{number:03}", out("data")) for number in range(100)] + [step("T"), step("U", need("data"))]
    wiring = wired(steps, " -> ".join(one.name for one in steps))
    found = binding(wiring, "U.data")
    assert verdict(wiring, "U.data") == "bound T2 S099.data (nearest)"
    assert (len(found.candidates), found.more) == (20, True)


def test_very_many_of_another_job_type_hide_none() -> None:
    steps = [step("First", out("data"), variant="training")]
    steps += [step(f"S{number:03}", out("data"), variant="validation") for number in range(100)]
    steps += [step("T"), step("U", need("data"), variant="training")]
    wiring = wired(steps, " -> ".join(one.name for one in steps))
    assert verdict(wiring, "U.data") == "bound T2 First.data (only-candidate)"


@pytest.mark.parametrize(
    ("wants", "expected"),
    [
        ({"a": "xy", "b": "x"}, {"a": "y", "b": "x"}),
        ({"a": "xyz", "b": "xy", "c": "x"}, {"a": "z", "b": "y", "c": "x"}),
        ({"a": "xy", "b": "xy"}, None),  # turned round
        ({"a": "xy"}, None),  # an output is left over
        ({"a": "x", "b": "x"}, None),  # an input is left over
        ({"a": "xy", "b": "x", "c": "z"}, {"a": "y", "b": "x", "c": "z"}),
        ({"a": "xy", "b": "yz", "c": "zx"}, None),
        ({"a": "x", "b": ""}, {"a": "x"}),
    ],
)
def test_unique_matching(wants: dict[str, str], expected: dict[str, str] | None) -> None:
    found = unique_matching({name: [("P", output) for output in outputs] for name, outputs in wants.items()})
    assert found == (None if expected is None else {name: ("P", output) for name, output in expected.items()})


# --- outcomes without a producer ---


def test_a_missing_input_names_its_near_misses() -> None:
    prep = step("P", out("table", "Name<model>"), out("log"))
    wiring = wired([prep, step("C", need("dataset", DATASET))], "P -> C")
    assert verdict(wiring, "C.dataset") == "missing"
    assert reasons(binding(wiring, "C.dataset")) == {"P.table": "T4 type", "P.log": "T1 name"}


def test_near_misses_come_before_what_is_unrelated() -> None:
    """Whoever shows a few only shows those that nearly fit."""
    prep = step(
        "A_prep",
        *(out(f"log_{number}") for number in range(20)),
        out("log_10a", "Name<model>"),
        out("eval_scores"),
        out("scores_validation"),
        out("z_scores", "Name<model>"),
        out("zz", "S3Uri[kind=prefix,content=model]"),
    )
    consumer = step("C", need("scores_training", "S3Uri[kind=object,content=model]"))
    wiring = wired([prep, consumer, step("Later", out("scores"))], "A_prep -> C -> Later")
    found = binding(wiring, "C.scores_training")
    assert verdict(wiring, "C.scores_training") == "missing"
    listed = [(f"{one.step}.{one.output.name}", one.reason) for one in found.refused]
    assert listed[:6] == [
        ("Later.scores", "order"),
        ("A_prep.scores_validation", "job-type"),
        ("A_prep.zz", "type"),  # what it holds would have been right
        ("A_prep.z_scores", "type"),  # a common word
        ("A_prep.log_10a", "type"),
        ("A_prep.log_0", "name"),
    ]
    assert {reason for _, reason in listed[6:]} == {"name"}
    assert len(listed) == REFUSED_LISTED
    assert names(found.suggestions) == ["A_prep.eval_scores"]


def test_an_optional_input_is_missing_too() -> None:
    """Whether that is a defect says the input."""
    found = binding(wired([step("C", need("extra", required=False))]), "C.extra")
    assert (found.outcome, found.input.required) == (Outcome.MISSING, False)


def test_external_only_where_no_step_gives_it() -> None:
    port = need("data", external="a default in the code")
    assert verdict(wired([step("C", port)]), "C.data") == "external"
    assert binding(wired([step("C", port)]), "C.data").says == "a default in the code"
    assert verdict(wired([step("A", out("data")), step("C", port)], "A -> C"), "C.data") == "bound T1 A.data (only-candidate)"
    assert verdict(wired([stranger("A"), step("C", port)], "A -> C"), "C.data") == "external"


OPEN: list[tuple[Sequence[Step], Sequence[str]]] = [
    ([step("A", open_outputs="unknown-key")], ["A -> C"]),
    ([stranger("A")], ["A -> C"]),
    ([stranger("A", declared=False)], ["A -> C"]),
    ([], ["Ghost -> C"]),
    ([stranger("A"), step("B")], ["A -> B -> C"]),
]


@pytest.mark.parametrize(("steps", "texts"), OPEN)
def test_where_a_predecessor_is_not_known_nothing_is_missing(steps: Sequence[Step], texts: Sequence[str]) -> None:
    wiring = wired([*steps, step("C", need("data"))], *texts)
    found = binding(wiring, "C.data")
    assert (verdict(wiring, "C.data"), found.decision, found.says) == ("unknown", Decision.NOT_KNOWN, found.open)
    assert found.open


def test_where_a_predecessor_is_not_known_a_name_binds_and_a_type_does_not() -> None:
    consumer = step("C", need("data", DATASET), need("other", MODEL))
    wiring = wired([stranger("A"), step("B", out("data", DATASET), out("x", MODEL)), consumer], "A -> C", "B -> C")
    assert verdict(wiring, "C.data") == "bound T1 B.data (only-candidate)"
    assert verdict(wiring, "C.other") == "unknown T4 B.x"


def test_where_a_direct_predecessor_is_not_known_no_edge_is_missing() -> None:
    """The unknown one may give it, so that the edge to the other would be no help."""
    wiring = wired([step("A", out("data")), stranger("B"), step("C", need("data"))], "A -> B -> C")
    assert verdict(wiring, "C.data") == "unknown"


def test_an_unknown_step_beside_changes_nothing() -> None:
    assert verdict(wired([stranger("A"), step("C", need("data"))]), "C.data") == "missing"


def test_a_step_without_outputs_is_known() -> None:
    assert verdict(wired([step("A"), step("C", need("data"))], "A -> C"), "C.data") == "missing"


def test_where_edges_or_steps_may_be_more_nothing_is_missing() -> None:
    steps = [step("A", out("data", DATASET)), step("B", out("x", DATASET)), step("C", need("data"), need("other", DATASET))]
    for wiring in (wired(steps, open_edges="unknown-name"), wired(steps, open_steps="unknown-name")):
        assert verdict(wiring, "C.data") == "unknown"
        assert "unknown" not in (binding(wiring, "C.data").says or "unknown")
    assert verdict(wired(steps, "B -> C", open_edges="unknown-name"), "C.other") == "unknown T4 B.x"


def test_an_uncertain_edge_leads_to_candidates_and_proves_no_absence() -> None:
    steps = [step("A", out("data")), step("C", need("data"), need("other"))]
    wiring = wired(steps, edges("A -> C", certain=False))
    assert verdict(wiring, "C.data") == "bound T1 A.data (only-candidate)"
    assert verdict(wiring, "C.other") == "unknown"
    assert verdict(wired([*steps, step("Z")], "A -> C", edges("A -> Z", certain=False)), "C.other") == "missing"


def branches(*texts: str | Sequence[Edge]) -> Wiring:
    """Two steps that both have the input's name."""
    return wired([step("A", out("data")), step("B", out("data")), step("D"), step("C", need("data"))], *texts)


def test_the_edges_of_two_branches_are_no_tie() -> None:
    """`if quick: edge(A, C)`, `else: edge(B, C)`: in each run there is one."""
    wiring = branches(edges("A -> C", "B -> C", certain=False))
    found = binding(wiring, "C.data")
    assert verdict(wiring, "C.data") == "unknown T1 A.data, B.data"
    assert (found.decision, found.says) == (Decision.NOT_KNOWN, NONE_CERTAIN)
    assert verdict(branches("A -> D -> C", edges("B -> D", certain=False)), "C.data") == "unknown T2 A.data, B.data"


def test_what_joins_a_certain_one_on_some_paths_is_a_tie_there() -> None:
    wiring = branches("A -> C", edges("B -> C", certain=False))
    assert verdict(wiring, "C.data") == "ambiguous T1 A.data, B.data"
    assert [one.certain for one in binding(wiring, "C.data").candidates] == [True, False]
    # An edge that is drawn twice, once for certain, is certain.
    assert verdict(branches("A -> C", "B -> C", edges("A -> C", "B -> C", certain=False)), "C.data") == "ambiguous T1 A.data, B.data"


def test_outputs_and_steps_that_may_exclude_each_other_are_no_tie() -> None:
    consumer = step("C", need("data"))
    outputs = [step("A", out("data", certain=False)), step("B", out("data", certain=False)), consumer]
    assert verdict(wired(outputs, "A -> C", "B -> C"), "C.data") == "unknown T1 A.data, B.data"
    steps = [step("A", out("data"), certain=False), step("B", out("data"), certain=False), consumer]
    assert verdict(wired(steps, "A -> C", "B -> C"), "C.data") == "unknown T1 A.data, B.data"


def test_what_exists_on_some_paths_only_is_not_missing() -> None:
    assert verdict(wired([step("C", need("data", certain=False))]), "C.data") == "unknown"
    assert verdict(wired([step("C", need("data"), certain=False)]), "C.data") == "unknown"


def test_an_output_that_may_exist_is_a_candidate() -> None:
    wiring = wired([step("A", out("data", certain=False)), step("C", need("data"))], "A -> C")
    assert verdict(wiring, "C.data") == "bound T1 A.data (only-candidate)"


def test_a_consumer_without_known_inputs_is_not_judged() -> None:
    assert wired([step("A", out("data")), stranger("C")], "A -> C").bindings == ()


# --- the graph ---


def test_cycles_are_reported_and_stop_nothing() -> None:
    steps = [step("A", out("a"), need("b")), step("B", out("b"), need("a")), step("C", need("a"), need("c"), out("x"))]
    wiring = wired(steps, "A -> B -> A", "B -> C", "C -> C")
    assert wiring.cycles == (("A", "B"), ("C",))
    assert [verdict(wiring, where) for where in ("A.b", "B.a", "C.a", "C.c")] == [
        "bound T1 B.b (only-candidate)",
        "bound T1 A.a (only-candidate)",
        "bound T2 A.a (only-candidate)",
        "missing",
    ]


def test_edges_to_what_is_no_step_are_reported() -> None:
    steps = [step("A", out("x")), stranger("Typo", declared=False), step("C", need("x"))]
    wiring = wired(steps, "A -> Typo", "Ghost -> C", "A -> C")
    assert [(edge.source, edge.target) for edge in wiring.dangling] == [("A", "Typo"), ("Ghost", "C")]
    assert verdict(wiring, "C.x") == "bound T1 A.x (only-candidate)"


def test_a_reference_makes_its_step_a_predecessor() -> None:
    steps = [step("A", out("x"), out("data")), step("C", need("data"), need("other"))]
    wiring = wired(steps, given=[reference("C.other", "A", "x")])
    assert verdict(wiring, "C.data") == "bound T1 A.data (only-candidate)"


def test_bindings_stand_in_the_order_of_the_edges() -> None:
    steps = [step("A", need("z"), need("b")), step("B", need("x"), out("b")), step("C", need("y"))]
    wiring = wired(steps, "C -> B -> A")
    assert [f"{one.step}.{one.input.name}" for one in wiring.bindings] == ["C.y", "B.x", "A.b", "A.z"]
    chosen = binding(wiring, "A.b").chosen
    assert chosen is not None and chosen.position == 1


# --- the decision is in the record ---


def test_the_decision_is_made_from_the_record() -> None:
    steps = [step("P", out("a", DATASET), out("b", DATASET)), step("C", need("a"), need("first", DATASET), need("none", external="it"))]
    for one in wired(steps, "P -> C", given=[given("P.x", Given.EXTERNAL)]).bindings:
        blank = replace(one, outcome=Outcome.UNKNOWN, decision=Decision.NOT_KNOWN, chosen=None)
        assert redecide(blank) == one


def test_a_changed_record_changes_the_decision() -> None:
    wiring = wired([step("A", out("x")), step("B", out("x")), step("C", need("x"))], "A -> C", "B -> C")
    one = binding(wiring, "C.x")
    fewer = redecide(replace(one, candidates=one.candidates[:1]))
    assert (fewer.outcome, fewer.decision, fewer.chosen) == (Outcome.BOUND, Decision.ONLY_CANDIDATE, one.candidates[0])
    none = redecide(replace(one, candidates=()))
    assert (none.outcome, none.chosen) == (Outcome.MISSING, None)


# --- lessons ---


def test_lesson_a_resolved_link_is_not_a_correct_link() -> None:
    """Names that share neither a word nor an alias are not joined, though any similarity of types and texts would join them."""
    for type in (None, "S3Uri", "S3Uri[kind=prefix]"):
        steps = [step("Load", out("METADATA", type)), step("Train", need("input_path", type))]
        assert verdict(wired(steps, "Load -> Train"), "Train.input_path") == "missing"
    several = [step("Load", out("METADATA", DATASET), out("SIGNATURE", DATASET)), step("Train", need("input_path", DATASET))]
    assert verdict(wired(several, "Load -> Train"), "Train.input_path") == "ambiguous T4 Load.METADATA, Load.SIGNATURE"


def test_lesson_one_output_is_not_argmax_of_two_inputs() -> None:
    steps = [step("P", out("data", DATASET), out("more", DATASET)), step("C", need("left", DATASET), need("right", DATASET))]
    assert {one.outcome for one in wired(steps, "P -> C").bindings} == {Outcome.AMBIGUOUS}


def test_lesson_not_every_input_has_a_producer() -> None:
    consumer = step("Package", need("model"), need("inference_scripts_input", external="a default in the code"), need("region"))
    wiring = wired([step("Train", out("model")), consumer], "Train -> Package", given=[given("Package.region", Given.EXTERNAL, "a text")])
    assert [one.outcome for one in wiring.bindings] == [Outcome.EXTERNAL, Outcome.BOUND, Outcome.EXTERNAL]


def test_lesson_names_are_canonical_before_they_are_compared() -> None:
    steps = [step("P", out("ProcessedData")), step("C", need("processed-data"))]
    assert verdict(wired(steps, "P -> C"), "C.processed-data") == "bound T1 P.ProcessedData (only-candidate)"


def test_lesson_may_is_enough_for_an_output_and_must_is_demanded_of_an_input() -> None:
    """A job-type variant may have an output that others lack; what only some variants need is not provably missing."""
    steps = [step("P", out("scores", certain=False)), step("C", need("scores"), need("labels", certain=False), need("rows"))]
    wiring = wired(steps, "P -> C")
    assert [(one.input.name, one.outcome) for one in wiring.bindings] == [
        ("labels", Outcome.UNKNOWN),
        ("rows", Outcome.MISSING),
        ("scores", Outcome.BOUND),
    ]


def test_lesson_a_fallback_does_not_hide_an_error() -> None:
    """The only output there is no answer to a name that it does not have; neither is a path written out, which stands for no step."""
    wiring = wired([step("P", out("train")), step("C", need("test"))], "P -> C", given=[reference("C.test", "P", "test")])
    assert verdict(wiring, "C.test") == "missing"
    written = wired([step("P", out("data")), step("C", need("data"))], "P -> C", given=[given("C.data", Given.EXTERNAL, "a text")])
    assert (verdict(written, "C.data"), binding(written, "C.data").says) == ("external", "a text")


def test_lesson_a_typo_in_an_edge_creates_a_node() -> None:
    steps = [step("Preprocess", out("data")), stranger("Preproces", declared=False), step("Train", need("data"))]
    wiring = wired(steps, "Preproces -> Train")
    assert verdict(wiring, "Train.data") == "unknown"
    assert [edge.source for edge in wiring.dangling] == ["Preproces"]


def test_lesson_a_step_without_its_producer_is_told_where_the_edge_is_missing() -> None:
    steps = [step("Load", out("raw")), step("Prep", need("raw"), out("data")), step("Train", need("data"))]
    wiring = match(pipeline(steps, "Load -> Prep"))
    assert names(binding(wiring, "Train.data").elsewhere) == ["Prep.data"]
