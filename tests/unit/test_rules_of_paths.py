"""The rules about where property paths are given, to what, and where they lead, on model objects built by hand."""

from __future__ import annotations

import pytest
from hand_built import BUILDER, config, contract, declare, output, project, span
from msgspec.structs import replace

from contract_lint.engine import check, load_rules, select
from contract_lint.model.contract import HOLE, Contract, Mechanism, Named, PathDeclaration, PathText, StepMade
from contract_lint.model.finding import Finding
from contract_lint.model.project import Project
from contract_lint.model.span import Span

RULES = load_rules()
MODEL = "properties.ModelArtifacts.S3ModelArtifacts"
OUTPUTS = "properties.ProcessingOutputConfig.Outputs"
THERE = "steps/builder_registration.py"


def run(seen: Project, *ids: str) -> tuple[Finding, ...]:
    outcome = check(seen, select(RULES, ids))
    assert outcome.crashed == ()
    return outcome.findings


def only(seen: Project, *ids: str) -> Finding:
    (finding,) = run(seen, *ids)
    return finding


def owning(*declarations: PathDeclaration, outputs: tuple[str, ...] = ("model",), **more: object) -> Contract:
    """A training builder with these outputs and paths."""
    one = contract(outputs=tuple(output(name, 20 + n) for n, name in enumerate(outputs)), paths=declarations)
    return replace(one, **more)  # type: ignore[arg-type]


def given(
    name: str | None, line: int = 5, *, step_type: str = "XGBoostTrainingStep", path: str = BUILDER, text: str = MODEL
) -> PathDeclaration:
    return declare(name, text, line, step_type=step_type, path=path, owners=("XGBoostTraining",))


# --- CL102


def test_a_path_for_an_output_that_is_not_declared() -> None:
    finding = only(project(contracts=(owning(given("model"), given("modle", 6), given("modle", 7, step_type="XGBoostTraining")),)))
    assert (finding.rule, finding.span, finding.anchor) == ("CL102", span(6), "XGBoostTraining.modle")
    assert finding.message == "a property path is given to 'modle', but XGBoostTraining declares no such output"
    assert finding.help == "did you mean 'model'?"
    assert [related.span for related in finding.related] == [span(10), span(7)]


def test_paths_for_outputs_that_exist_or_may_exist() -> None:
    one = owning(given("model"), given("other", 6))
    aliased = (output("model", aliases=("other",)),)
    for silent in (
        replace(one, open_outputs="unknown-key"),
        replace(one, ports=()),
        replace(one, ports=(output("ModelArtifacts.S3ModelArtifacts"),)),
        replace(one, ports=aliased),
        replace(one, config=config(outputs={"other": "Other"})),
        replace(one, config=config(outputs={"key": "other"})),
        replace(one, config=config(outputs=None)),
    ):
        assert run(project(contracts=(silent,)), "CL102") == ()
    assert only(project(contracts=(replace(one, config=config(outputs={})),)), "CL102").rule == "CL102"
    assert run(project(declarations=(declare("other", MODEL),)), "CL102") == (), "nobody's"


def test_a_path_for_several_builders_needs_one_that_declares_it() -> None:
    shared = declare("other", MODEL, 5, step_type="TrainingStep", owners=("A", "B"))
    first, second = contract("A", outputs=(output("model"),)), contract("B", outputs=(output("other"),), line=30)
    assert run(project(contracts=(first, second), declarations=(shared,)), "CL102") == ()
    finding = only(project(contracts=(first, replace(second, ports=(output("model"),))), declarations=(shared,)), "CL102")
    assert finding.message == "a property path is given to 'other', but A and B declare no such output"


# --- CL103 and CL118


def two_modules(here: str | None, there: str | None, *, builder_there: bool = True, step_type: str = "XGBoostTrainingStep") -> Project:
    """A key registered beside its builder (if ``here``), and in another module, which may have a builder of its own."""
    mine = (given("model", 5, text=here, step_type=step_type),) if here is not None else ()
    theirs = (given("model", 3, text=there, step_type=step_type, path=THERE),) if there is not None else ()
    others = (contract("Registration", kinds=("Processing",), path=THERE),) if builder_there else ()
    return project(contracts=(owning(*mine, *theirs), *others))


OTHER = "properties.OutputDataConfig.S3OutputPath"


def test_a_module_registers_for_the_builder_of_another() -> None:
    finding = only(two_modules(MODEL, OTHER))
    assert (finding.rule, finding.span) == ("CL118", span(3, THERE))
    assert finding.anchor == "XGBoostTraining.XGBoostTrainingStep.model"
    assert finding.message == (
        "'model' of 'XGBoostTrainingStep' is registered here, but the step is that of XGBoostTrainingStepBuilder, "
        "which registers another path; which one wins depends on the order of imports"
    )
    assert [related.span for related in finding.related] == [span(10), span(5)]


def test_a_module_without_builders_may_list_paths_but_not_contradict() -> None:
    assert only(two_modules(MODEL, OTHER, builder_there=False)).rule == "CL118"
    assert run(two_modules(MODEL, MODEL, builder_there=False)) == ()
    assert run(two_modules(None, OTHER, builder_there=False)) == ()
    assert only(two_modules(None, OTHER)).message.endswith("the step is that of XGBoostTrainingStepBuilder")
    assert only(two_modules(MODEL, MODEL)).rule == "CL118"


def test_registrations_that_are_nobody_s_business_elsewhere() -> None:
    inside = replace(given("model", 3, path=THERE), scope="RegistrationStepBuilder.create_step")
    nobody = replace(given("model", 3, path=THERE), owners=())
    there = contract("Registration", kinds=("Processing",), path=THERE)
    namesake = contract("XGBoostTraining", path=THERE)
    assert run(project(contracts=(owning(given("model")), there), declarations=(inside,))) == ()
    assert run(project(contracts=(owning(given("model")), there), declarations=(nobody,))) == ()
    assert run(project(contracts=(owning(given("model"), given("model", 3, path=THERE)), namesake)), "CL118") == ()


def test_modules_that_register_for_nobody_in_particular_conflict() -> None:
    here = replace(given("model", 5), owners=())
    there = replace(given("model", 3, path=THERE, text=OTHER), owners=())
    assert [finding.rule for finding in run(project(declarations=(here, there)))] == ["CL103"]


def test_a_foreign_module_that_contradicts_itself_has_two_defects() -> None:
    twice = (given("model", 3, path=THERE), given("model", 4, path=THERE, text=OTHER))
    there = contract("Registration", kinds=("Processing",), path=THERE)
    findings = run(project(contracts=(owning(given("model"), *twice), there)))
    assert [(finding.rule, finding.span.line) for finding in findings] == [("CL118", 3), ("CL103", 4)]


def test_a_foreign_loop_over_step_types_is_one_defect() -> None:
    looped = tuple(given("model", 3, path=THERE, step_type=step) for step in ("XGBoostTrainingStep", "XGBoostTraining"))
    there = contract("Registration", kinds=("Processing",), path=THERE)
    finding = only(project(contracts=(owning(*looped), there)))
    assert finding.message.startswith("'model' of 'XGBoostTraining' and 'XGBoostTrainingStep' is registered here")


# --- CL109


def templated(text: str, *, looked_up: bool = True, fillers: tuple[str, ...] = (), names: tuple[str, ...] = ("model",)) -> Project:
    written = PathText(text, Span("steps/constants.py", 3, 5, 3, 7 + len(text)))
    paths = tuple(replace(given(name, 5 + n), path=written) for n, name in enumerate(names))
    lookups = (Named("XGBoostTrainingStep", span(1)),) if looked_up else None
    return project(contracts=(owning(*paths, outputs=names, paths_looked_up=lookups),), fillers=fillers)


TEMPLATE = f"{OUTPUTS}['{{output_descriptor}}'].S3Output.S3Uri"


def test_a_placeholder_that_nothing_fills_is_reported_where_it_is_written() -> None:
    finding = only(templated(TEMPLATE, names=("a", "b", "c", "d", "e", "f", "g")), "CL109")
    start = 6 + TEMPLATE.index("{")
    assert (finding.rule, finding.span) == ("CL109", Span("steps/constants.py", 3, start, 3, start + 19))
    assert finding.message == "nothing fills the placeholder '{output_descriptor}'"
    assert len(finding.related) == 5 and finding.related[-1].message == "given to 'e' here (and 2 more)"


@pytest.mark.parametrize(
    ("placeholder", "looked_up", "expression"),
    [
        ("self.config.name", False, True),
        ("self", False, True),
        ("name.upper()", False, True),
        ("config.name", True, True),
        ("name", True, False),
    ],
)
def test_what_stands_in_braces_for_ever(placeholder: str, looked_up: bool, expression: bool) -> None:
    finding = only(templated(TEMPLATE.replace("output_descriptor", placeholder), looked_up=looked_up), "CL109")
    assert ("no f-string" in finding.message) is expression


@pytest.mark.parametrize("placeholder", ["name", "config.name", "", "0", "!r", "a b"])
def test_placeholders_that_somebody_may_fill(placeholder: str) -> None:
    assert run(templated(TEMPLATE.replace("output_descriptor", placeholder), looked_up=False), "CL109") == ()


def test_a_placeholder_that_the_project_fills() -> None:
    assert run(templated(TEMPLATE, fillers=("output_descriptor",)), "CL109") == ()
    assert run(templated(TEMPLATE.replace("output_descriptor", "step.name"), fillers=("step",)), "CL109") == ()
    assert run(project(declarations=(declare("model", TEMPLATE),)), "CL109") == (), "nobody's"


# --- CL119


def looking_up(*keys: str, registered: tuple[str, ...] = ("XGBoostTrainingStep",), strays: tuple[PathDeclaration, ...] = ()) -> Project:
    paths = tuple(given("model", 5 + n, step_type=step_type) for n, step_type in enumerate(registered))
    looked_up = tuple(Named(key, span(80 + n, "steps/base.py")) for n, key in enumerate(keys))
    return project(contracts=(owning(*paths, paths_looked_up=looked_up or None),), declarations=(*paths, *strays))


def test_registrations_that_nobody_looks_up() -> None:
    finding = only(looking_up("XGBoostTrainingStepStep", registered=("Training", "XGBoostTrainingStep")), "CL119")
    assert (finding.rule, finding.span, finding.anchor) == ("CL119", span(80, "steps/base.py"), "XGBoostTraining.get_property_paths")
    assert finding.message == (
        "get_property_paths finds no path of XGBoostTraining: it looks under 'XGBoostTrainingStepStep', "
        "registered are 'XGBoostTrainingStep' and 'Training'"
    )
    assert [related.span.line for related in finding.related] == [5, 6]


def test_registrations_that_are_found_or_may_be() -> None:
    assert run(looking_up("XGBoostTrainingStep"), "CL119") == ()
    assert run(looking_up("Other", "XGBoostTrainingStep"), "CL119") == ()
    assert run(looking_up("XGBoostTrainingStep", registered=("XGBoostTrainingStep", "Other")), "CL119") == ()
    assert run(looking_up(), "CL119") == ()
    assert run(looking_up("Other", registered=()), "CL119") == ()
    assert run(looking_up("Other", strays=(declare("model", MODEL, 9, step_type=None),)), "CL119") == ()


def test_a_lookup_of_the_base_class_is_one_finding() -> None:
    def one(name: str) -> Contract:
        path = declare("model", MODEL, 5, step_type=f"{name}Step", path=f"steps/{name}.py", owners=(name,))
        looked_up = (Named(f"{name}StepStep", span(80, "steps/base.py")),)
        return replace(contract(name, outputs=(output("model"),), paths=(path,), path=f"steps/{name}.py"), paths_looked_up=looked_up)

    finding = only(project(contracts=tuple(one(f"S{number}") for number in range(7))), "CL119")
    assert finding.message.startswith("get_property_paths finds no path of S0, S1, S2 and 4 more: for S0 it looks under 'S0StepStep'")
    assert finding.anchor == "get_property_paths.get_property_paths"
    assert len(finding.related) == 5 and finding.related[-1].message == "registered under 'S4Step' (and 2 more)"


# --- CL203, CL204, CL205


def with_path(text: str, *made: StepMade, name: str = "result", outputs: tuple[str, ...] = ("result",)) -> Project:
    declared = declare(name, text, 5, mechanism=Mechanism.METHOD, step_type=None, owners=("XGBoostTraining",))
    return project(contracts=(owning(declared, outputs=outputs, made=made, made_unknown=None if made else "no-create-step"),))


def step(kind: str, *outputs: str, known: bool = True) -> StepMade:
    return StepMade(kind, f"{kind}Step", span(90), outputs if known else None)


TRAINING, PROCESSING = StepMade("Training", "TrainingStep", span(90)), StepMade("Processing", "ProcessingStep", span(91))


@pytest.mark.parametrize(
    ("text", "made", "message", "help"),
    [
        (
            "properties.ModelArtifacts",
            (TRAINING,),
            "'ModelArtifacts' of a Training step is a structure (ModelArtifacts), where a value is due",
            f"did you mean '{MODEL}'?",
        ),
        (
            "properties.ModelArtifacts",
            (TRAINING, PROCESSING),
            "'ModelArtifacts' of a Training step is a structure (ModelArtifacts), where a value is due",
            f"did you mean '{MODEL}'?",
        ),
        (
            "properties.ModelArtifacts",
            (),
            "'ModelArtifacts' of a Training step is a structure (ModelArtifacts), where a value is due",
            f"did you mean '{MODEL}'?",
        ),
        (
            f"{OUTPUTS}['x']",
            (PROCESSING,),
            "'ProcessingOutputConfig.Outputs['x']' of a Processing step is a structure (ProcessingOutput), where a value is due",
            "go on to one of its members, such as 'AppManaged', 'FeatureStoreOutput' or 'OutputName'",
        ),
        (
            OUTPUTS,
            (PROCESSING,),
            "'ProcessingOutputConfig.Outputs' of a Processing step is a list (ProcessingOutputs), where a value is due",
            f"did you mean '{OUTPUTS}['result'].S3Output.S3Uri'?",
        ),
        ("properties", (TRAINING,), "the path stops at the properties of a Training step as a whole; a value is due", None),
    ],
)
def test_a_path_that_stops_early(text: str, made: tuple[StepMade, ...], message: str, help: str | None) -> None:
    finding = only(with_path(text, *made), "CL203")
    assert finding.message == message
    assert help is None or finding.help == help


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (MODEL, (TRAINING,)),
        (f"properties.ModelArtifacts.{HOLE}", (TRAINING,)),
        ("properties.{member}", (TRAINING,)),
        ("properties.ModelArtifacts", (PROCESSING,)),
        ("properties.ModelArtifacts", (StepMade("SomethingNew", "NewStep", span(9)),)),
        ("properties.ModelArtifacts", (StepMade("Fail", "FailStep", span(9)),)),
        ("properties.Outputs", (StepMade("Lambda", "LambdaStep", span(9)),)),
    ],
)
def test_paths_that_reach_a_value_or_cannot_be_judged(text: str, made: tuple[StepMade, ...]) -> None:
    assert run(with_path(text, *made), "CL203") == ()


def test_an_output_that_the_step_does_not_have() -> None:
    finding = only(with_path(f"{OUTPUTS}['trian'].S3Output.S3Uri", step("Processing", "train", "test")))
    start = 6 + len(OUTPUTS)
    assert (finding.rule, finding.span) == ("CL204", Span(BUILDER, 5, start, 5, start + len("['trian']")))
    assert finding.message == "the Processing step has no output 'trian'; it has 'test' and 'train'"
    assert finding.help == "did you mean 'train'?"
    assert only(with_path("properties.Outputs['x']", step("Lambda", "uri"))).message == "the Lambda step has no output 'x'; it has 'uri'"
    assert only(with_path("properties.Outputs['x']", step("Callback"))).message.endswith("it has none")


def test_the_declared_name_is_meant_if_the_step_has_it() -> None:
    finding = only(with_path(f"{OUTPUTS}['payload'].S3Output.S3Uri", step("Processing", "Metadata", "result")))
    assert finding.help == "did you mean 'result'?"


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (f"{OUTPUTS}['train'].S3Output.S3Uri", (step("Processing", "train"),)),
        (f"{OUTPUTS}['other'].S3Output.S3Uri", (step("Processing", known=False),)),
        (f"{OUTPUTS}['other'].S3Output.S3Uri", (step("Processing", "train"), step("Processing", "other"))),
        (f"{OUTPUTS}['other'].S3Output.S3Uri", (step("Processing", "train"), step("Processing", known=False))),
        (f"{OUTPUTS}['{{descriptor}}'].S3Output.S3Uri", (step("Processing", "train"),)),
        (f"{OUTPUTS}['{HOLE}'].S3Output.S3Uri", (step("Processing", "train"),)),
        (f"{OUTPUTS}['other'].S3Output.S3Uri", ()),
        (f"{OUTPUTS}['other'].S3Output.S3Uri", (step("SomethingNew", "train"),)),
        ("properties.ProcessingInputs['other'].S3Input.S3Uri", (step("Processing", "train"),)),
    ],
)
def test_outputs_that_exist_or_may_exist(text: str, made: tuple[StepMade, ...]) -> None:
    assert run(with_path(text, *made), "CL204") == ()


def test_an_undeclared_output_speaks_before_an_early_end() -> None:
    assert only(with_path(f"{OUTPUTS}['trian']", step("Processing", "train"))).rule == "CL204"


def test_an_output_by_position_is_named() -> None:
    text = f"{OUTPUTS}[1].S3Output.S3Uri"
    finding = only(with_path(text, step("Processing", "train", "test")))
    assert (finding.rule, finding.help) == ("CL205", "write Outputs['test']")
    assert finding.span.column == 6 + len(OUTPUTS)
    declared = only(with_path(text, step("Processing", known=False), outputs=("result", "report")), "CL205")
    assert declared.help == "write the output's name; the builder declares 'result' and 'report'"
    differs = only(with_path(text, step("Processing", "a", "b"), step("Processing", "b", "a")), "CL205")
    assert differs.help == "write the output's name; the builder declares 'result'"
    assert only(project(declarations=(declare("x", text),)), "CL205").help == "write the output's name: Outputs['…']"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"{OUTPUTS}['a'].S3Output.S3Uri", "Processing"),
        (f"{OUTPUTS}[{HOLE}].S3Output.S3Uri", "Processing"),
        (f"{OUTPUTS}[{{n}}].S3Output.S3Uri", "Processing"),
        (f"{OUTPUTS}[0].S3Output", "Processing"),
        ("properties.TrainingJobSummaries[0].TrainingJobName", "Tuning"),
    ],
)
def test_positions_that_are_none_or_of_other_lists(text: str, kind: str) -> None:
    assert run(with_path(text, step(kind, known=False)), "CL205") == ()


def test_a_statement_for_several_step_types_is_judged_for_its_builders() -> None:
    text = f"{OUTPUTS}[0].S3Output.S3Uri"
    looped = (given("model", 5, text=text), replace(given("model", 5, text=text, step_type="ProcessingStep"), owners=()))
    one = owning(*looped, made=(PROCESSING,))
    assert [finding.anchor for finding in run(project(contracts=(one,), declarations=looped), "CL205")] == ["XGBoostTraining.model"]
