"""The rules about pipelines, their edges and what feeds their inputs, on pipelines built by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hand_built import project
from msgspec.structs import replace
from wired import PIPELINE, at, contract, edges, need, out, pipeline, reference, step, stranger, wired

from contract_lint.assembly.matcher import match, match_project
from contract_lint.engine import check, load_rules, select, with_severities
from contract_lint.model.contract import Contract, Named
from contract_lint.model.finding import Finding, Severity
from contract_lint.model.pipeline import Edge, Given, GivenInput, Lack, Pipeline, Repeated, Step
from contract_lint.model.project import BuilderMap, Existence
from contract_lint.model.wiring import Wiring

OURS = ("CL301", "CL302", "CL304", "CL306", "CL401", "CL402", "CL403", "CL404", "CL405", "CL409")
RULES = select(load_rules(), OURS)


def found(wiring: Wiring | Pipeline, *, maps: tuple[BuilderMap, ...] = ()) -> tuple[Finding, ...]:
    seen = wiring if isinstance(wiring, Wiring) else match(wiring)
    outcome = check(replace(project(builder_maps=maps), wirings=(seen,)), RULES)
    assert outcome.crashed == ()
    return outcome.findings


def said(wiring: Wiring | Pipeline) -> list[str]:
    """Each finding in short: ``CL304 error pipe.Train``."""
    return [f"{one.rule} {one.severity.value} {one.anchor}" for one in found(wiring)]


def only(wiring: Wiring | Pipeline) -> Finding:
    (finding,) = found(wiring)
    return finding


def shown(finding: Finding) -> list[str]:
    return [one.message for one in finding.related]


PREPARE = step("Prepare", out("train_data", line=3))
TRAIN = step("Train", need("train_data", line=7), out("model", line=8))
EVALUATE = step("Evaluate", need("model"), need("train_data"), out("report"))


# --- CL301


def test_a_missing_input_shows_what_was_refused_and_both_sides() -> None:
    finding = only(wired([step("Prepare", out("training_data")), TRAIN], "Prepare -> Train"))
    assert (finding.rule, finding.severity, finding.anchor) == ("CL301", Severity.ERROR, "pipe.Train.train_data")
    assert finding.span == TRAIN.span
    assert finding.message == "nothing feeds the required input 'train_data' of Train: no step before it provides it (Prepare)"
    assert finding.help is not None
    first, second, *sides = finding.help.splitlines()
    assert first == "did you mean 'training_data'? give both ends one name"
    assert second == "refused: Prepare.training_data: another name"
    assert "Prepare provides" in sides[0] and "Train needs" in sides[0] and "training_data" in sides[1] and "train_data" in sides[1]
    assert shown(finding) == [
        "input declared here: Train.train_data",
        "refused: Prepare.training_data: another name",
        "the edge is here: Prepare -> Train",
    ]


def test_a_missing_input_tells_of_another_job_type_and_of_a_later_step() -> None:
    other = only(wired([step("Load", out("raw_training")), step("Clean", need("raw_calibration"))], "Load -> Clean"))
    assert other.help is not None and "refused: Load.raw_training: for the job type 'training', not 'calibration'" in other.help
    later = found(wired([step("Prepare", need("model"), out("train_data")), TRAIN], "Prepare -> Train"))
    assert [(one.rule, one.message) for one in later] == [
        ("CL301", "nothing feeds the required input 'model' of Prepare: no step comes before it")
    ]
    assert later[0].help is not None and "refused: Train.model: 'Train' comes later" in later[0].help


@pytest.mark.parametrize(
    "consumer",
    [
        step("Train", need("train_data", required=False)),
        step("Train", need("train_data", certain=False)),
        step("Train", need("train_data", external="a default in the code")),
        step("Train", need("train_data"), certain=False),
    ],
    ids=["optional", "uncertain input", "external", "uncertain step"],
)
def test_an_input_that_may_do_without_is_not_missing(consumer: Step) -> None:
    assert said(wired([step("Prepare", out("other")), consumer], "Prepare -> Train")) == []


def test_nothing_is_missing_where_more_may_be_there() -> None:
    unknown = step("Prepare", out("other"), open_outputs="unknown-key")
    assert said(wired([unknown, TRAIN], "Prepare -> Train")) == []
    known = step("Prepare", out("other"))
    assert said(wired([stranger("Prepare"), TRAIN], "Prepare -> Train")) == []
    assert said(wired([known, TRAIN], "Prepare -> Train", open_edges="unknown-edge")) == []
    assert said(wired([known, TRAIN], "Prepare -> Train", open_steps="unknown-name")) == []
    assert said(wired([known, TRAIN], edges("Prepare -> Train", certain=False))) == []


def existing(*contracts: Contract) -> list[str]:
    existence = tuple(Existence(one, binding) for one, binding in match_project(contracts))
    outcome = check(replace(project(contracts=contracts), existence=existence), RULES)
    return [f"{one.rule} {one.severity.value} {one.anchor}: {one.help}" for one in outcome.findings]


def test_without_a_pipeline_only_what_looks_misspelt_is_missing() -> None:
    train = contract("Train", need("train_data"), line=20)
    assert existing(contract("Prepare", out("training_data")), train) == [
        "CL301 warning Train.train_data: did you mean 'training_data'? give both ends one name"
    ]
    assert existing(contract("Prepare", out("features")), train) == [], "it may come from outside"
    assert existing(contract("Prepare", out("train_data")), train) == []
    taken = contract("Fit", need("training_data"), line=30)
    assert existing(contract("Prepare", out("training_data")), taken, train) == [], "the output has its own taker"
    assert existing(contract("Prepare", out("training_data"), open_outputs="unknown-key"), train) == []


def test_a_severity_that_is_set_is_the_worst_that_a_finding_can_have() -> None:
    missing = wired([step("Prepare", out("other")), TRAIN], "Prepare -> Train")
    rules = with_severities(RULES, {"CL301": Severity.NOTE})
    outcome = check(replace(project(), wirings=(missing,)), rules)
    assert [one.severity for one in outcome.findings] == [Severity.NOTE]


# --- CL302


def test_each_candidate_of_an_ambiguous_input_has_its_fix() -> None:
    finding = only(wired([PREPARE, step("Sample", out("train_data")), TRAIN], "Prepare -> Train", "Sample -> Train"))
    assert (finding.rule, finding.severity, finding.anchor) == ("CL302", Severity.WARNING, "pipe.Train.train_data")
    assert finding.help == (
        "say which one:\n"
        "for Prepare.train_data: take away the edge ('Sample', 'Train'), which carries nothing else\n"
        "for Sample.train_data: take away the edge ('Prepare', 'Train'), which carries nothing else"
    )


def test_an_edge_that_carries_something_else_is_kept() -> None:
    sample = step("Sample", out("train_data"), out("weights"))
    train = step("Train", need("train_data"), need("weights"))
    finding = only(wired([PREPARE, sample, train], "Prepare -> Train", "Sample -> Train"))
    assert finding.help is not None
    assert "for Prepare.train_data: hand it over where Train is created, inputs={'train_data': <Prepare.train_data>}" in finding.help
    assert "for Sample.train_data: take away the edge ('Prepare', 'Train')" in finding.help


def test_an_optional_input_is_ambiguous_by_its_name_alone() -> None:
    several = [step("Prepare", out("train_data")), step("Sample", out("train_data"))]
    assert said(wired([*several, step("Train", need("train_data", required=False))], "Prepare -> Train", "Sample -> Train")) == [
        "CL302 warning pipe.Train.train_data"
    ]
    typed = [step("Prepare", out("a", "S3Uri[content=report]")), step("Sample", out("b", "S3Uri[content=report]"))]
    wanted = need("c", "S3Uri[content=report]", required=False)
    assert said(wired([*typed, step("Train", wanted)], "Prepare -> Train", "Sample -> Train")) == []
    assert said(wired([*typed, step("Train", replace(wanted, required=True))], "Prepare -> Train", "Sample -> Train")) == [
        "CL302 warning pipe.Train.c"
    ]


# --- CL304


def test_one_missing_edge_is_one_finding_for_all_its_inputs() -> None:
    prepare = step("Prepare", out("train_data"), out("schema"))
    check_ = step("Check", need("train_data"), need("schema"))
    finding = only(wired([prepare, check_, step("Report", need("train_data"))], "Prepare -> Report"))
    assert (finding.rule, finding.severity, finding.anchor) == ("CL304", Severity.ERROR, "pipe.Prepare->Check")
    assert finding.message == "Prepare has the required inputs 'schema' and 'train_data' of Check, but no edge leads from it to Check"
    assert finding.help is not None and finding.help.startswith("add the edge ('Prepare', 'Check')\n")


def test_an_edge_over_another_step_is_a_warning_at_the_edge_that_leads_there() -> None:
    wiring = wired([PREPARE, TRAIN, EVALUATE], "Prepare -> Train", "Train -> Evaluate")
    finding = only(wiring)
    assert (finding.rule, finding.severity, finding.anchor) == ("CL304", Severity.WARNING, "pipe.Prepare->Evaluate")
    assert finding.span == wiring.pipeline.edges[1].span
    assert "output declared here: Prepare.train_data" in shown(finding) and "input declared here: Evaluate.train_data" in shown(finding)


def test_of_several_producers_elsewhere_all_are_named() -> None:
    wiring = wired([PREPARE, step("Sample", out("train_data")), TRAIN, step("Report", need("model"))], "Train -> Report")
    finding = only(wiring)
    assert finding.message == "no edge leads to Train from a step that has its required input 'train_data': Prepare or Sample"
    assert finding.help == "add the edge ('Prepare', 'Train') or ('Sample', 'Train')"


def test_where_code_makes_the_steps_the_value_is_to_be_handed_over() -> None:
    train = step("Train", need("train_data"), need("schema"), out("model"))
    load = step("Load", out("schema"))
    finding = only(wired([PREPARE, load, train], "Load -> Train", given=[reference("Train.schema", "Load", "schema")]))
    assert finding.anchor == "pipe.Prepare->Train" and finding.span == train.span
    assert finding.help is not None
    assert finding.help.startswith("hand it over where Train is created: inputs={'train_data': …}, or make Prepare one of its dependencies")


# --- CL306


def test_a_reference_to_nothing_is_told_where_it_is_given() -> None:
    wiring = wired([PREPARE, TRAIN], "Prepare -> Train", given=[reference("Train.train_data", "Prepare", "trian_data")])
    finding = only(wiring)
    assert (finding.rule, finding.span) == ("CL306", at(50, PIPELINE))
    assert finding.message == "'train_data' of Train is given 'trian_data' of Prepare: there is no such output"
    assert finding.help == "did you mean 'train_data'?"
    nobody = only(wired([PREPARE, TRAIN], "Prepare -> Train", given=[reference("Train.train_data", "Prepar", "train_data")]))
    assert (nobody.message.rpartition(": ")[2], nobody.help) == ("there is no such step", "did you mean 'Prepare'?")


def with_outputs(one: Step, *names: str) -> Step:
    """The step, of which it is known which outputs the SDK is given."""
    assert one.contract is not None
    made = tuple(replace(each, outputs=names) for each in one.contract.made)
    return replace(one, contract=replace(one.contract, made=made))


def path_to(key: str) -> GivenInput:
    path = f"properties.ProcessingOutputConfig.Outputs['{key}'].S3Output.S3Uri"
    return reference("Train.train_data", "Prepare", path=path)


def test_a_property_path_to_an_output_that_the_sdk_is_not_given() -> None:
    known = with_outputs(PREPARE, "train_data")
    finding = only(wired([known, TRAIN], "Prepare -> Train", given=[path_to("holdout")]))
    assert finding.message == "'train_data' of Train is given the output 'holdout' of Prepare: it has no such output"
    assert said(wired([known, TRAIN], "Prepare -> Train", given=[path_to("train_data")])) == []
    assert said(wired([PREPARE, TRAIN], "Prepare -> Train", given=[path_to("holdout")])) == [], "its outputs are not known"
    assert said(wired([replace(known, open_outputs="unknown-key"), TRAIN], "Prepare -> Train", given=[path_to("holdout")])) == []


def test_a_property_that_is_no_output_may_be_read() -> None:
    read = reference("Train.train_data", "Prepare", path="properties.ProcessingJobName")
    assert said(wired([with_outputs(PREPARE, "train_data"), TRAIN], "Prepare -> Train", given=[read])) == []
    wrong = reference("Train.train_data", "Prepare", path="properties.ProcessingJobNam")
    assert "did you mean 'ProcessingJobName'" in str(only(wired([PREPARE, TRAIN], "Prepare -> Train", given=[wrong])).help)


def test_the_path_that_the_builder_itself_gives_is_judged_elsewhere() -> None:
    written = "properties.ProcessingOutputConfig.Outputs['x'].S3Output.S3Ur"
    prepare = step("Prepare", out("train_data", path=written))
    given = reference("Train.train_data", "Prepare", path=written)
    assert said(wired([prepare, TRAIN], "Prepare -> Train", given=[given])) == []


# --- CL401


def test_a_circle_is_told_at_its_last_edge() -> None:
    steps = [step(name, out(f"out_of_{name}")) for name in "abc"]
    wiring = wired(steps, "a -> b", "b -> c", "c -> a")
    finding = only(wiring)
    assert finding.message == "steps wait for each other in a circle: a -> b -> c -> a"
    assert finding.span == wiring.pipeline.edges[2].span
    assert shown(finding) == ["the edge is here: a -> b", "the edge is here: b -> c"]
    assert finding.anchor == "pipe.a->b->c"


def test_a_step_after_itself_and_a_circle_on_some_paths() -> None:
    steps = [step("a", out("x")), step("b", out("y"))]
    assert only(wired(steps, "a -> b", "b -> b")).message == "b comes after itself"
    assert said(wired(steps, edges("a -> b"), edges("b -> a", certain=False))) == []


def test_a_long_circle_is_cut() -> None:
    names = [f"s{number:02}" for number in range(30)]
    wiring = wired(
        [step(name, out(f"o_{name}")) for name in names], *(f"{a} -> {b}" for a, b in zip(names, [*names[1:], names[0]], strict=True))
    )
    assert only(wiring).message.endswith("s06 -> … 22 more … -> s29 -> s00")


# --- CL402


def undeclared(name: str, *, lacks: Lack | None = None) -> Step:
    return replace(stranger(name, declared=False), lacks=lacks)


def test_a_typo_in_edges_is_one_finding_whatever_follows_from_it() -> None:
    wiring = wired([PREPARE, TRAIN, EVALUATE, undeclared("Trian")], "Prepare -> Trian", "Trian -> Evaluate", "Prepare -> Evaluate")
    finding = only(wiring)
    assert (finding.rule, finding.anchor, finding.help) == ("CL402", "pipe.Trian", "did you mean 'Train'?")
    assert finding.span == wiring.pipeline.edges[0].target_at
    assert shown(finding) == ["the step Train is declared here", "the edge is here: Trian -> Evaluate"]


def test_a_name_with_a_builder_of_its_own_is_meant_unless_a_step_has_lost_its_edges() -> None:
    own = replace(step("Evaluate_testing", builder="Evaluate"), declared=False)
    linked = [PREPARE, TRAIN, step("Evaluate_validation", need("model", required=False), builder="Evaluate")]
    joined = ("Prepare -> Train", "Train -> Evaluate_testing")
    assert said(wired([*linked, own], *joined, "Train -> Evaluate_validation")) == []
    assert said(wired([*linked, own], *joined)) == ["CL402 error pipe.Evaluate_testing"]
    other_case = replace(step("evaluate", builder="Evaluate"), declared=False)
    spelled = [PREPARE, TRAIN, step("Evaluate", need("model", required=False))]
    assert said(wired([*spelled, other_case], "Prepare -> Train", "Train -> Evaluate", "Train -> evaluate")) == [
        "CL402 error pipe.evaluate"
    ]


def test_an_unlike_name_is_told_where_the_other_steps_are_known() -> None:
    known = [PREPARE, TRAIN, step("Report", need("model", required=False))]
    edges_ = ("Prepare -> Train", "Train -> Report", "Train -> Shipment")
    finding = only(wired([*known, undeclared("Shipment")], *edges_))
    assert (finding.rule, finding.severity) == ("CL402", Severity.WARNING), "a framework might add the node"
    assert finding.help == "its steps are 'Prepare', 'Train' and 'Report'"
    strangers = [stranger("Prepare"), stranger("Train"), stranger("Report")]
    assert said(wired([*strangers, undeclared("Shipment")], *edges_)) == []
    assert said(wired([*strangers, undeclared("Shipment", lacks=Lack.CONFIG)], *edges_)) == ["CL402 error pipe.Shipment"]


def test_names_are_meant_where_more_of_them_stand_in_edges_than_are_declared() -> None:
    steps: Iterable[Step] = [PREPARE, undeclared("Prepare_a"), undeclared("Prepare_b"), undeclared("Prepare_c")]
    assert said(wired(steps, "Prepare -> Prepare_a", "Prepare_a -> Prepare_b", "Prepare_b -> Prepare_c")) == []


def test_an_edge_on_some_paths_and_nodes_of_run_time_prove_nothing() -> None:
    steps = [PREPARE, TRAIN, undeclared("Trian")]
    assert said(wired(steps, "Prepare -> Train", edges("Prepare -> Trian", certain=False))) == []
    assert said(wired(steps, "Prepare -> Train", "Prepare -> Trian", open_steps="unknown-name")) == []


# --- CL403


def test_a_repeated_name_shows_the_first() -> None:
    twice = replace(pipeline([PREPARE, TRAIN], "Prepare -> Train"), repeated=(Repeated("Train", at(9, PIPELINE), at(4, PIPELINE)),))
    finding = only(match(twice))
    assert (finding.rule, finding.span, finding.related[0].span) == ("CL403", at(9, PIPELINE), at(4, PIPELINE))


# --- CL404


def test_what_is_left_out_is_told_once_for_each_name() -> None:
    left = (Named("Report", at(30, PIPELINE)), Named("Report", at(31, PIPELINE)))
    finding = only(match(replace(pipeline([PREPARE, TRAIN], "Prepare -> Train"), left_out=left)))
    assert (finding.rule, finding.severity, finding.span, finding.anchor) == ("CL404", Severity.WARNING, at(30, PIPELINE), "pipe.Report")
    assert said(match(replace(pipeline([PREPARE, TRAIN], "Prepare -> Train", open_steps="unknown-name"), left_out=left))) == []


def test_a_step_that_is_left_out_is_no_orphan_too() -> None:
    spare = step("Spare", out("spare"))
    left = (Named("Spare", spare.span),)
    finding = only(match(replace(pipeline([PREPARE, TRAIN, spare], "Prepare -> Train"), left_out=left)))
    assert finding.message == "the step 'Spare' is made, and pipeline 'pipe' does not have it"


def test_a_configuration_under_a_misspelt_name_is_told_at_the_node() -> None:
    lacking = replace(TRAIN, lacks=Lack.CONFIG, lacks_at=at(20, PIPELINE))
    found_ = only(match(replace(pipeline([PREPARE, lacking], "Prepare -> Train"), left_out=(Named("Trian", at(21, PIPELINE)),))))
    assert (found_.rule, found_.help) == ("CL409", "did you mean 'Trian'?")


# --- CL405


def test_a_step_without_edges_is_an_orphan() -> None:
    spare = step("Spare", need("hint", required=False), out("spare"))
    finding = only(wired([PREPARE, TRAIN, spare], "Prepare -> Train"))
    assert (finding.rule, finding.severity, finding.anchor, finding.span) == ("CL405", Severity.WARNING, "pipe.Spare", spare.span)
    assert said(wired([PREPARE, TRAIN, stranger("Spare")], "Prepare -> Train")) == ["CL405 warning pipe.Spare"]


def test_no_orphans_where_edges_are_not_known_or_nobody_has_any() -> None:
    spare = step("Spare", out("spare"))
    optional = step("Train", need("train_data", required=False))
    assert said(wired([PREPARE, TRAIN, spare], "Prepare -> Train", open_edges="unknown-edge")) == []
    assert said(wired([PREPARE, optional, spare])) == []
    assert said(wired([PREPARE, TRAIN, replace(spare, certain=False)], "Prepare -> Train")) == []
    assert said(wired([PREPARE, TRAIN, spare], "Prepare -> Train", edges("Train -> Spare", certain=False))) == []


def test_a_step_that_needs_and_provides_nothing_is_no_orphan() -> None:
    assert said(wired([PREPARE, TRAIN, step("Notify")], "Prepare -> Train")) == []
    assert said(wired([PREPARE, TRAIN, step("Notify", need("dependencies", pseudo=True))], "Prepare -> Train")) == []


def test_an_orphan_that_lacks_or_has_an_input_is_told_as_that() -> None:
    lacks = wired([PREPARE, TRAIN, step("Report", need("score"), out("report"))], "Prepare -> Train")
    assert said(lacks) == ["CL301 error pipe.Report.score"]
    has = wired([step("Load", out("schema")), PREPARE, step("Train", need("train_data"), need("schema"))], "Prepare -> Train")
    assert said(has) == ["CL304 error pipe.Load->Train"]


# --- CL409


def test_a_node_that_lacks_its_configuration() -> None:
    lacking = replace(TRAIN, lacks=Lack.CONFIG, lacks_at=at(20, PIPELINE))
    finding = only(wired([PREPARE, lacking], "Prepare -> Train"))
    assert (finding.rule, finding.span, finding.anchor) == ("CL409", TRAIN.span, "pipe.Train")
    assert finding.message == "the step 'Train' of pipeline 'pipe' has no configuration"
    assert shown(finding) == ["the configurations are here", "its builder is here: TrainStepBuilder"]
    assert said(wired([PREPARE, replace(lacking, certain=False)], "Prepare -> Train")) == []


@pytest.mark.parametrize(
    ("registered", "ours"),
    [(("Load", "Fit"), True), (("Load",), False), (None, True)],
    ids=["all keys are registered", "a key is told by itself", "no registry"],
)
def test_a_node_that_lacks_its_builder_is_told_once(registered: tuple[str, ...] | None, ours: bool) -> None:
    lacking = replace(stranger("fit"), lacks=Lack.BUILDER, lacks_at=at(20, PIPELINE))
    keys = (Named("Load", at(21, PIPELINE)), Named("Fit", at(22, PIPELINE)))
    built = BuilderMap("BUILDER_MAP", at(20, PIPELINE), keys, ("LoadStepBuilder", "FitStepBuilder"), registered, None)
    findings = found(wired([PREPARE, lacking], "Prepare -> fit"), maps=(built,))
    assert [(one.rule, one.anchor) for one in findings] == [("CL409", "pipe.fit" if ours else "pipeline.py.BUILDER_MAP.Fit")]
    if ours:
        assert findings[0].help == "did you mean 'Fit'?"


# --- all together


def test_a_sound_pipeline_has_no_findings() -> None:
    assert said(wired([PREPARE, TRAIN, EVALUATE], "Prepare -> Train", "Prepare -> Evaluate", "Train -> Evaluate")) == []


def test_given_values_of_all_kinds_are_no_defects() -> None:
    outside = [GivenInput("Train", "train_data", at(60, PIPELINE), kind, says="a text") for kind in (Given.EXTERNAL, Given.UNKNOWN)]
    for one in outside:
        assert said(wired([PREPARE, TRAIN], "Prepare -> Train", given=[one])) == []


def test_findings_do_not_depend_on_the_order_of_steps_and_edges() -> None:
    steps = [PREPARE, TRAIN, EVALUATE, undeclared("Trian"), step("Spare", out("spare"))]
    links: list[Edge] = list(edges("Prepare -> Trian", "Trian -> Evaluate", "Evaluate -> Prepare"))
    first = found(match(pipeline(steps, links)))
    assert {one.rule for one in first} >= {"CL401", "CL402", "CL405"}
    assert found(match(pipeline(steps[::-1], links[::-1]))) == first
