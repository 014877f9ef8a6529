"""Each rule on model objects built by hand: where it fires, and every case in which its page promises silence."""

from __future__ import annotations

import pytest
from hand_built import BUILDER, contract, declare, output, output_with_path, path_text, project, span
from msgspec.structs import replace

from contract_lint.engine import check, load_rules
from contract_lint.model.contract import HOLE, Contract, Mechanism, PathDeclaration, PathText, Port
from contract_lint.model.finding import Finding
from contract_lint.model.project import Project, RegistryLookup, UnreadableFile, UnresolvedImport
from contract_lint.model.span import Span, whole_file

RULES = load_rules()
MODEL = "properties.ModelArtifacts.S3ModelArtifacts"
NAMED = "properties.ProcessingOutputConfig.Outputs['PackagedModel'].S3Output.S3Uri"
FIRST = "properties.ProcessingOutputConfig.Outputs['ModelPackage'].S3Output.S3Uri"
METHOD = Mechanism.METHOD
INSTANCE = Mechanism.INSTANCE_REGISTRY


def run(seen: Project) -> tuple[Finding, ...]:
    outcome = check(seen, RULES)
    assert outcome.crashed == ()
    return outcome.findings


def rules_of(seen: Project) -> list[str]:
    return [finding.rule for finding in run(seen)]


def only(seen: Project) -> Finding:
    (finding,) = run(seen)
    return finding


def with_path(text: str, *kinds: str, name: str = "result") -> Project:
    """One builder that makes steps of these kinds (unknown if none) and gives one path."""
    declared = declare(
        name, text, 5, mechanism=METHOD, step_type=None, scope="XGBoostTrainingStepBuilder.get_property_paths", owners=("XGBoostTraining",)
    )
    return project(contracts=(contract(kinds=kinds, paths=(declared,)),), declarations=(declared,))


# --- CL001, CL002, CL008, CL009


def test_unreadable_files_are_reported_under_their_own_rule() -> None:
    syntax = UnreadableFile("CL001", Span("a.py", 7, 3, 7, 4), "expected ':'")
    encoding = UnreadableFile("CL002", whole_file("b.py"), "byte 0xe9 is not valid utf-8")
    findings = run(project(unreadable=(encoding, syntax)))
    assert [(f.rule, str(f.span), f.anchor) for f in findings] == [("CL001", "a.py:7:3", "a.py.syntax"), ("CL002", "b.py:1:1", "b.py.file")]
    assert findings[0].message == "not valid Python: expected ':'"
    assert findings[1].message == "the file cannot be analysed: byte 0xe9 is not valid utf-8"


def test_a_missing_module_names_the_nearest() -> None:
    missing = UnresolvedImport(
        "steps.config_training_xgb", None, span(3), ("steps.config_training_xgboost", "steps.builder_packaging"), None
    )
    finding = only(project(unresolved_imports=(missing,)))
    assert (finding.rule, finding.message) == ("CL009", "this project has no module 'steps.config_training_xgb'")
    assert finding.help == "did you mean 'steps.config_training_xgboost'?"
    assert finding.related == ()


def test_a_missing_name_points_at_the_module() -> None:
    target = whole_file("steps/configs.py")
    missing = UnresolvedImport("steps.configs", "XGBoostTrainConfig", span(3), ("XGBoostTrainingConfig", "PackageConfig"), target)
    finding = only(project(unresolved_imports=(missing,)))
    assert finding.message == "the module 'steps.configs' has no 'XGBoostTrainConfig'"
    assert finding.help == "did you mean 'XGBoostTrainingConfig'?"
    assert [related.span for related in finding.related] == [target]


def test_an_import_without_neighbours_still_has_help() -> None:
    finding = only(project(unresolved_imports=(UnresolvedImport("steps.configs", "Qqq", span(3), (), None),)))
    assert finding.help is not None and "ImportError" in finding.help


# --- CL101


def processing(
    *outputs: Port, paths: tuple[PathDeclaration, ...] = (), open_paths: str | None = None, open_outputs: str | None = None
) -> Project:
    one = contract("Packaging", kinds=("Processing",), outputs=outputs, paths=paths, open_paths=open_paths, open_outputs=open_outputs)
    return project(contracts=(one,))


def given(name: str | None, text: str = NAMED) -> PathDeclaration:
    return declare(name, text, 5, step_type="PackagingStep", owners=("Packaging",))


def test_an_output_is_forgotten_where_others_have_paths() -> None:
    finding = only(processing(output("PackagedModel"), output("Payload", 21), paths=(given("PackagedModel"),)))
    assert (finding.rule, finding.span, finding.anchor) == ("CL101", span(21), "Packaging.Payload")
    assert finding.message == "output 'Payload' of Packaging has no property path; 'PackagedModel' has one"
    assert finding.help == "give it a path, such as properties.ProcessingOutputConfig.Outputs['Payload'].S3Output.S3Uri"
    assert [related.span for related in finding.related] == [span(10), span(5)]


@pytest.mark.parametrize(
    ("kinds", "outputs", "expected"),
    [
        (("Processing",), 2, []),
        (("Training",), 1, []),
        (("Training",), 2, ["CL101", "CL101"]),
        (("Tuning",), 1, ["CL101"]),
        (("Model",), 2, []),
        (("RegisterModel",), 1, []),
        (("Transform",), 1, []),
        (("Model", "RegisterModel"), 1, []),
        (("Tuning", "Processing"), 1, []),
        (("Tuning", "AutoML"), 1, ["CL101"]),
        (("SomethingNew",), 1, []),
        ((), 2, []),
    ],
)
def test_without_any_path_the_kind_has_to_have_a_default(kinds: tuple[str, ...], outputs: int, expected: list[str]) -> None:
    ports = tuple(output(f"out{number}", 20 + number) for number in range(outputs))
    assert rules_of(project(contracts=(contract(kinds=kinds, outputs=ports),))) == expected


def test_a_path_counts_under_the_name_or_an_alias_or_on_the_port() -> None:
    assert rules_of(processing(output("PackagedModel"), paths=(given("PackagedModel"),))) == []
    assert rules_of(processing(output("packaged", aliases=("PackagedModel",)), paths=(given("PackagedModel"),))) == []
    assert rules_of(processing(output("PackagedModel"), output_with_path("Payload", NAMED), paths=(given("PackagedModel"),))) == []


def test_no_output_is_forgotten_where_more_may_exist_than_is_known() -> None:
    two = (output("PackagedModel"), output("Payload", 21))
    assert rules_of(processing(*two, paths=(given("PackagedModel"),), open_paths="absent-base")) == []
    assert rules_of(processing(*two, paths=(given("PackagedModel"), given(None)))) == []
    assert rules_of(processing(two[0], output("Payload", 21, certain=False), paths=(given("PackagedModel"),))) == []
    assert rules_of(processing(two[0], output("dependencies", 21, pseudo=True), paths=(given("PackagedModel"),))) == []


def test_an_unknown_kind_with_one_output_may_have_a_default() -> None:
    path = declare("other", MODEL, 5, scope="X.paths")
    assert rules_of(project(contracts=(contract("X", kinds=(), outputs=(output("model"),), paths=(path,)),))) == []
    two = (output("model"), output("metrics", 21))
    assert rules_of(project(contracts=(contract("X", kinds=(), outputs=two, paths=(path,)),))) == ["CL101", "CL101"]


def test_a_training_builder_may_have_more_outputs_than_are_certain() -> None:
    outputs = (output("model"), output("metrics", 21, certain=False))
    assert rules_of(project(contracts=(contract(outputs=outputs),))) == []


# --- CL103


def registered(*paths: str | None, step_type: str | None = "PackagingStep", start: int = 1, **more: str) -> tuple[PathDeclaration, ...]:
    return tuple(declare("PackagedModel", text, start + number, step_type=step_type, **more) for number, text in enumerate(paths))


def test_the_last_of_two_registrations_wins() -> None:
    finding = only(project(declarations=registered(NAMED, FIRST)))
    assert (finding.rule, finding.span.line, finding.anchor) == ("CL103", 2, f"{BUILDER}.PackagingStep.PackagedModel")
    assert (
        finding.message == f"'PackagedModel' of 'PackagingStep' is registered with 2 different property paths; the last one wins: {FIRST}"
    )
    assert [(related.span.line, related.message) for related in finding.related] == [(1, f"registers {NAMED}")]


def test_the_order_of_registration_counts_not_that_of_the_project() -> None:
    first, second, third = registered(NAMED, FIRST, NAMED)
    finding = only(project(declarations=(third, first, second)))
    assert finding.span.line == 3 and finding.message.endswith(f"wins: {NAMED}")
    assert [related.span.line for related in finding.related] == [1, 2]


def test_a_loop_over_step_types_is_one_defect() -> None:
    looped = [d for step in ("PayloadStep", "Payload") for d in registered(NAMED, FIRST, step_type=step)]
    finding = only(project(declarations=tuple(looped)))
    assert finding.message.startswith("'PackagedModel' of 'Payload' and 'PayloadStep' is registered with 2 different")
    assert len(finding.related) == 1
    before = registered("properties.ProcessingOutputConfig.Outputs['x'].S3Output.S3Uri", step_type="Payload", start=0)
    assert len(run(project(declarations=(*before, *looped)))) == 1


def test_registrations_of_two_step_types_are_two_defects() -> None:
    seen = project(declarations=(*registered(NAMED, FIRST), *registered(NAMED, FIRST, step_type="Package", start=11)))
    assert [(f.rule, f.span.line) for f in run(seen)] == [("CL103", 2), ("CL103", 12)]


@pytest.mark.parametrize(
    "declarations",
    [
        registered(NAMED, NAMED),
        registered(NAMED, None),
        registered(NAMED, f"properties.ProcessingOutputConfig.Outputs['{HOLE}'].S3Output.S3Uri"),
        registered(NAMED, FIRST, step_type=None),
        (*registered(NAMED), *registered(FIRST, start=2, scope="PackagingStepBuilder.create_step")),
        (*registered(NAMED, scope="A.create_step"), *registered(FIRST, start=2, scope="B.create_step")),
        (declare("a", NAMED, 1), declare("b", FIRST, 2)),
        (declare(None, NAMED, 1), declare(None, FIRST, 2)),
        (declare("a", NAMED, 1, mechanism=METHOD), declare("a", FIRST, 2, mechanism=METHOD)),
        (declare("a", NAMED, 1, scope="Base.register"), declare("a", FIRST, 1, scope="Base.register")),
    ],
    ids=["equal", "unknown", "hole", "step-type", "module-and-function", "two-functions", "names", "no-name", "method", "inherited"],
)
def test_what_is_no_proven_conflict(declarations: tuple[PathDeclaration, ...]) -> None:
    assert rules_of(project(declarations=declarations)) == []


def test_an_unknown_registration_at_the_end_leaves_the_winner_open() -> None:
    finding = only(project(declarations=registered(NAMED, FIRST, None)))
    assert finding.message.endswith("which one wins is not fixed")


def test_modules_that_disagree_are_reported_at_the_later_path() -> None:
    here, there = registered(NAMED, path="steps/a.py"), registered(FIRST, path="steps/b.py")
    finding = only(project(declarations=(*there, *here)))
    assert finding.span.path == "steps/b.py" and [related.span.path for related in finding.related] == ["steps/a.py"]
    assert "in 2 modules; which one wins is not fixed" in finding.message


def test_a_module_that_disagrees_with_itself_speaks_for_all() -> None:
    here, there = registered(NAMED, FIRST, path="steps/a.py"), registered(FIRST, path="steps/b.py")
    assert [(f.rule, f.span.path) for f in run(project(declarations=(*here, *there)))] == [("CL103", "steps/a.py")]


def test_instance_registrations_conflict_within_one_contract() -> None:
    def instance(text: str, line: int, owner: str) -> PathDeclaration:
        return declare("model", text, line, mechanism=INSTANCE, step_type=None, scope="B.__init__", owners=(owner,))

    assert rules_of(project(declarations=(instance(NAMED, 1, "B"), instance(FIRST, 2, "B")))) == ["CL103"]
    assert rules_of(project(declarations=(instance(NAMED, 1, "B"), instance(FIRST, 2, "C")))) == []


# --- CL111


def lookup(key: str, *keys: str) -> Project:
    return project(lookups=(RegistryLookup(key, span(30), "XStepBuilder.create_step", "STEP_NAMES", span(2), keys),))


def test_an_unknown_step_name_suggests_the_nearest_whatever_its_case() -> None:
    finding = only(lookup("xgboosttrainning", "XGBoostTraining", "Package"))
    assert (finding.rule, finding.message) == ("CL111", "'xgboosttrainning' is no key of STEP_NAMES")
    assert finding.help == "did you mean 'XGBoostTraining'?"
    assert finding.anchor == "XStepBuilder.create_step.STEP_NAMES.xgboosttrainning"
    assert [related.span for related in finding.related] == [span(2)]


def test_an_unknown_step_name_like_no_other_lists_what_there_is() -> None:
    finding = only(lookup("Qqq", *(f"Step{number}" for number in range(10))))
    assert finding.help is not None and finding.help.endswith("Step7 and 2 more")
    assert only(lookup("Qqq")).help == "STEP_NAMES is empty: add the step to it"


def test_an_unknown_step_name_is_one_defect_of_each_builder() -> None:
    def at(line: int, scope: str, path: str = BUILDER) -> RegistryLookup:
        return RegistryLookup("Pakage", span(line, path), scope, "STEP_NAMES", span(2), ("Package",))

    one, other = contract("One"), contract("Other", line=60)
    lookups = (at(30, "OneStepBuilder.create_step"), at(20, "OneStepBuilder.__init__"), at(70, "OtherStepBuilder.create_step"))
    findings = run(project(contracts=(one, other), lookups=(*lookups, at(1, "", "steps/x.py"))))
    assert [(f.anchor, f.span.line) for f in findings if f.rule == "CL111"] == [
        ("One.STEP_NAMES.Pakage", 20),
        ("Other.STEP_NAMES.Pakage", 70),
        ("steps/x.py.STEP_NAMES.Pakage", 1),
    ]
    assert [(note.span, note.message) for note in findings[0].related[1:]] == [(span(30), "used here too")]


def test_a_known_step_name_is_fine() -> None:
    assert rules_of(lookup("Package", "XGBoostTraining", "Package")) == []


# --- CL201, CL202, CL206


def test_an_unknown_property_is_shown_within_its_text() -> None:
    finding = only(with_path("properties.TrainingMetrics", "Training"))
    assert finding.rule == "CL201"
    assert finding.message == "a Training step has no property 'TrainingMetrics' (DescribeTrainingJobResponse)"
    assert finding.help is not None and finding.help.startswith("did you mean 'FinalMetricDataList'")
    assert finding.span == Span(BUILDER, 5, 17, 5, 32), "the text begins at column 5, behind a quotation mark"
    assert finding.anchor == "XGBoostTraining.result"
    assert [related.span for related in finding.related] == [span(5), span(10), span(90)]


def test_a_text_that_is_no_plain_literal_is_shown_whole() -> None:
    seen = with_path("properties.TrainingMetrics", "Training")
    written = PathText("properties.TrainingMetrics", Span("steps/constants.py", 3, 1, 4, 9))
    declared = replace(seen.declarations[0], path=written)
    finding = only(project(contracts=(replace(seen.contracts[0], paths=(declared,)),), declarations=(declared,)))
    assert finding.span == written.origin


@pytest.mark.parametrize(
    ("text", "kinds", "rule", "message"),
    [
        ("properties.ModelArtifacts.S3Model", ("Training",), "CL201", "'ModelArtifacts' of a Training step has no member 'S3Model'"),
        (f"{MODEL}.Uri", ("Training",), "CL201", "'ModelArtifacts.S3ModelArtifacts' of a Training step is a string"),
        ("properties.model_artifacts", ("Training",), "CL201", "a Training step has no property 'model_artifacts'"),
        ("properties.Nothing", ("Training", "Processing"), "CL201", "a Processing or Training step has no property 'Nothing'"),
        ("properties.TrainingMetrics", (), "CL201", "no kind of step has a property 'TrainingMetrics'"),
        ("properties.ModelArtifacts.S3Model", (), "CL201", "'ModelArtifacts' of a "),
        (MODEL, ("Processing",), "CL202", "a Processing step has no property 'ModelArtifacts'; a Training step has 'ModelArtifacts.S3Mod"),
        ("properties.properties.ModelName", ("Model",), "CL206", "'properties.properties.ModelName' is no property path: the prefix"),
        ("Steps.Train.properties.ModelName", ("Model",), "CL206", "'Steps.Train.properties.ModelName' is no property path: after 'St"),
        ("properties.ModelName.", ("Model",), "CL206", "'properties.ModelName.' is no property path: it ends with a dot"),
        ("S3 path of the model", (), "CL206", "'S3 path of the model' is no property path: it contains a space"),
        ("properties.ModelName['x']", ("Model",), "CL206", "'properties.ModelName['x']' is no property path: ModelName is a string"),
        ("properties.ModelArtifacts['S3ModelArtifacts']", ("Training",), "CL206", "'properties.ModelArtifacts['S3Mo"),
        ("properties.ProcessingOutputConfig.Outputs.x.S3Output.S3Uri", ("Processing",), "CL206", "'properties.ProcessingOutputConfig.Outp"),
        ("properties.ProcessingOutputConfig['x'].S3Output", (), "CL206", "'properties.ProcessingOutputConfig['x'].S3Output' is no"),
    ],
)
def test_one_rule_speaks_of_a_wrong_path(text: str, kinds: tuple[str, ...], rule: str, message: str) -> None:
    finding = only(with_path(text, *kinds))
    assert finding.rule == rule
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (MODEL, ("Training",)),
        (MODEL, ()),
        (MODEL, ("Processing", "Training")),
        (MODEL, ("SomethingNew",)),
        (NAMED, ("Processing",)),
        (FIRST, ("Processing",)),
        ("properties.ProcessingOutputConfig.Outputs[PackagedModel].S3Output.S3Uri", ("Processing",)),
        ('properties.ProcessingOutputConfig.Outputs["PackagedModel"].S3Output.S3Uri', ("Processing",)),
        ("properties.ProcessingOutputConfig.Outputs['{output_descriptor}'].S3Output.S3Uri", ("Processing",)),
        (f"properties.ProcessingOutputConfig.Outputs['{HOLE}'].S3Output.S3Uri", ("Processing",)),
        (f"{HOLE}.TrainingMetrics", ("Training",)),
        (f"properties.{HOLE}", ("Training",)),
        ("properties.Anything", ("Fail",)),
    ],
)
def test_paths_that_hold_or_cannot_be_judged(text: str, kinds: tuple[str, ...]) -> None:
    assert rules_of(with_path(text, *kinds)) == []


def test_what_stands_before_a_hole_is_judged() -> None:
    assert only(with_path(f"properties.ProcessingOutputs['{HOLE}'].S3Uri", "Processing")).rule == "CL201"


def test_the_path_of_the_own_kind_is_suggested() -> None:
    finding = only(with_path(MODEL, "Processing", name="packaged"))
    assert finding.help == "a Processing step has this output at 'properties.ProcessingOutputConfig.Outputs['packaged'].S3Output.S3Uri'"


@pytest.mark.parametrize(
    ("text", "kind", "mended"),
    [
        ("properties.properties.ModelName", "Model", "properties.ModelName"),
        ("Steps.Train.properties.ModelName", "Model", "properties.ModelName"),
        ("Properties.ModelName", "Model", "properties.ModelName"),
        ("properties.ModelName.", "Model", "properties.ModelName"),
        ("properties.ModelName['x']", "Model", "properties.ModelName"),
        ("properties.ModelArtifacts['S3ModelArtifacts']", "Training", MODEL),
        ("properties.ProcessingOutputConfig.Outputs.x.S3Output.S3Uri", "Processing", NAMED.replace("PackagedModel", "x")),
    ],
)
def test_a_mended_path_is_offered(text: str, kind: str, mended: str) -> None:
    assert only(with_path(text, kind)).help == f"did you mean '{mended}'?"


def test_a_text_beyond_repair_gets_the_general_form() -> None:
    finding = only(with_path("properties.Outputs['x", "Processing"))
    assert finding.help == "write 'properties.', then names joined by dots, and ['name'] after lists and maps"


def owned(text: str, *owners: Contract) -> Project:
    declared = declare("result", text, 5, owners=tuple(dict.fromkeys(owner.name for owner in owners)))
    return project(contracts=owners, declarations=(declared,))


def test_a_path_for_several_builders_is_wrong_only_if_all_reject_it() -> None:
    training, packaging = contract("A"), contract("B", kinds=("Processing",), line=30)
    assert rules_of(owned(MODEL, training, packaging)) == []
    assert rules_of(owned(MODEL, replace(training, made=packaging.made), packaging)) == ["CL202"]
    assert rules_of(owned(MODEL, contract("C", kinds=()), packaging)) == []


def test_of_two_builders_with_one_name_the_one_that_holds_the_path_counts() -> None:
    declared = declare("result", MODEL, 5, owners=("A",))
    copy = contract("A", kinds=("Processing",), line=70, path="steps/copy.py")
    assert rules_of(project(contracts=(contract("A"), copy), declarations=(declared,))) == []
    assert rules_of(project(contracts=(contract("A"), replace(copy, paths=(declared,))), declarations=(declared,))) == ["CL202"]


def test_a_path_that_only_a_contract_holds_is_judged_too() -> None:
    declared = declare("result", "properties.TrainingMetrics", 5, owners=("XGBoostTraining",))
    assert rules_of(project(contracts=(contract(paths=(declared,)),))) == ["CL201"]


def test_a_declaration_without_a_known_path_is_silent() -> None:
    assert rules_of(project(declarations=(replace(declare("a", MODEL), path=None),))) == []


def test_the_path_s_own_place_is_reported_and_the_use_related() -> None:
    written = path_text("properties.TrainingMetrics", 3, "steps/constants.py")
    declared = replace(declare("metrics", MODEL, 5, owners=("XGBoostTraining",)), path=written)
    finding = only(project(contracts=(contract(),), declarations=(declared,)))
    assert finding.span.path == "steps/constants.py"
    assert finding.related[0].span == span(5) and finding.related[0].message == "the path is given to 'metrics' here"
