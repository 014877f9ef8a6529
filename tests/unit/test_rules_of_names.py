"""The rules about names that builders declare, look up and demand, on model objects built by hand."""

from __future__ import annotations

import pytest
from hand_built import BUILDER, CONFIG, config, contract, needed, output, project, span, use
from msgspec.structs import replace

from contract_lint.engine import check, load_rules, select
from contract_lint.model.contract import AttributeUse, Contract, DuplicateKey, MethodProblem, Named, NameUse, Port, Table
from contract_lint.model.finding import Finding
from contract_lint.model.project import BuilderMap, Project

RULES = load_rules()
BASE = "steps/base.py"


def run(seen: Project, *ids: str) -> tuple[Finding, ...]:
    outcome = check(seen, select(RULES, ids))
    assert outcome.crashed == ()
    return outcome.findings


def only(seen: Project, *ids: str) -> Finding:
    (finding,) = run(seen, *ids)
    return finding


def named(*names: str, **more: object) -> tuple[Contract, ...]:
    """Contracts with one fact each in common, every one in its module."""
    made = [contract(name, line=10 * (n + 1), path=f"steps/{name.lower()}.py") for n, name in enumerate(names)]
    return tuple(replace(one, **more) for one in made)  # type: ignore[arg-type]


# --- CL104


def test_a_key_that_stands_twice_names_both_lines() -> None:
    twice = DuplicateKey("model_input", span(9), span(7), "XStepBuilder.get_input_requirements")
    finding = only(project(duplicate_keys=(twice,)))
    assert (finding.rule, finding.span, finding.anchor) == ("CL104", span(9), "XStepBuilder.get_input_requirements.model_input")
    assert finding.message == "'model_input' stands twice in one dict (lines 7 and 9); line 9 counts"
    assert [related.span for related in finding.related] == [span(7)]
    inline = only(project(duplicate_keys=(DuplicateKey("a", span(9, column=30), span(9, column=10), ""),)))
    assert inline.message == "'a' stands twice in one dict (line 9); the later entry counts"
    assert inline.anchor == f"{BUILDER}.a"


# --- CL106, CL110: names looked up


def looking(*uses: NameUse, **tables: dict[str, str | None] | None) -> Project:
    return project(contracts=(replace(contract(outputs=()), config=config(**tables), name_uses=uses),))  # type: ignore[arg-type]


def in_config(name: str, line: int = 40, *, validated: bool = False, demanded: bool = True, outputs: bool = False) -> NameUse:
    table = Table.OUTPUT_NAMES if outputs else Table.INPUT_NAMES
    scope = "XGBoostTrainingStepBuilder.validate_configuration" if validated else "XGBoostTrainingStepBuilder.create_step"
    return use(name, line, table=table, scope=scope, demanded=demanded, validated=validated)


def test_validation_demands_a_name_that_the_default_lacks() -> None:
    finding = only(looking(in_config("train", validated=True), inputs={"training": "TrainingData", "val": "ValidationData"}))
    assert (finding.rule, finding.span, finding.anchor) == ("CL106", span(40), "XGBoostTraining.input_names.train")
    assert finding.message == (
        "validate_configuration of XGBoostTraining demands 'train' in input_names, but the default of TrainingConfig has no such key"
    )
    assert finding.help == "did you mean 'training'?"
    assert [related.span for related in finding.related] == [span(10, CONFIG), span(10)]


def test_a_lookup_of_a_name_that_the_default_lacks() -> None:
    finding = only(looking(in_config("evaluation", outputs=True), outputs={"scores": "EvalScores"}))
    assert (finding.rule, finding.message) == (
        "CL110",
        "XGBoostTraining demands 'evaluation' in output_names, but the default of TrainingConfig has no such key",
    )
    assert finding.help == "the default has 'scores'"


def test_a_descriptor_used_as_a_key_is_recognised() -> None:
    finding = only(looking(in_config("TrainingData"), inputs={"training": "TrainingData"}))
    assert finding.help == "did you mean 'training', whose value is 'TrainingData'?"


def test_validation_speaks_for_all_places_of_a_name() -> None:
    uses = (in_config("train", 30), in_config("train", 40, validated=True), in_config("train", 50, demanded=False))
    finding = only(looking(*uses, inputs={"training": None}))
    assert (finding.rule, finding.span) == ("CL106", span(40))
    assert [(r.span, r.message) for r in finding.related][1] == (span(30), "demanded here too")
    assert span(50) not in [related.span for related in finding.related]


@pytest.mark.parametrize(
    ("made", "tables"),
    [
        (in_config("training"), {"inputs": {"training": None}}),
        (in_config("train", demanded=False), {"inputs": {"training": None}}),
        (in_config("train"), {"inputs": None}),
        (in_config("train"), {"inputs": {}}),
        (in_config("train", validated=True), {"inputs": {}}),
        (in_config("train", outputs=True), {"inputs": {"training": None}}),
    ],
    ids=["held", "tolerated", "unknown", "no-default", "no-default-validated", "other-table"],
)
def test_names_that_are_no_proven_disagreement(made: NameUse, tables: dict[str, dict[str, str | None] | None]) -> None:
    assert run(looking(made, **tables)) == ()
    assert run(project(contracts=(replace(contract(), name_uses=(made,)),))) == (), "no configuration is known"


def test_a_demand_of_a_base_class_is_one_finding() -> None:
    demand = use("train", 4, table=Table.INPUT_NAMES, path=BASE, scope="Base.validate_configuration", validated=True)
    seven = named(*(f"Step{number}" for number in range(7)), config=config(inputs={"val": None}), name_uses=(demand,))
    right = replace(seven[0], config=config(inputs={"train": None}))
    finding = only(project(contracts=(right, *seven[1:])))
    assert (finding.rule, finding.span, finding.anchor) == ("CL106", span(4, BASE), "Base.validate_configuration.input_names.train")
    assert "of Step1, Step2, Step3 and 3 more demands" in finding.message
    leaves = [related.message for related in finding.related if "Builder" in related.message]
    assert len(leaves) == 5 and leaves[-1] == "Step5StepBuilder demands it (and 1 more)"


# --- CL110: two vocabularies


def vocabulary(*outputs: Port, open_outputs: str | None = None, known: dict[str, str | None] | None = None) -> Project:
    return project(
        contracts=(replace(contract("X", kinds=("Model",), outputs=outputs, open_outputs=open_outputs), config=config(outputs=known)),)
    )


def test_outputs_that_share_no_name_with_the_configuration() -> None:
    finding = only(vocabulary(output("ModelName"), known={"model_artifacts_path": "Path", "model": "Model"}))
    assert (finding.rule, finding.span, finding.anchor) == ("CL110", span(20), "X.output_names")
    assert finding.message == (
        "X declares 'ModelName', the output_names of TrainingConfig are 'model_artifacts_path' and 'model': they share no name"
    )
    assert [related.span for related in finding.related] == [span(20, CONFIG), span(10)]


def test_vocabularies_that_may_meet() -> None:
    known: dict[str, str | None] = {"model": "ModelArtifacts"}
    assert run(vocabulary(output("model"), output("job", 21), known=known)) == ()
    assert run(vocabulary(output("ModelArtifacts"), known=known)) == ()
    assert run(vocabulary(output("ModelName", aliases=("model",)), known=known)) == ()
    assert run(vocabulary(output("ModelName"), known=known, open_outputs="unknown-key")) == ()
    assert run(vocabulary(output("ModelName"), known={})) == ()
    assert run(vocabulary(output("ModelName"), known=None)) == ()
    assert run(vocabulary(known=known)) == ()
    path = "ModelArtifacts.S3ModelArtifacts"
    assert [finding.rule for finding in run(vocabulary(output(path), known=known))] == ["CL120"]


# --- CL107, CL108


def reading(*uses: NameUse, inputs: tuple[Port, ...], **more: object) -> Project:
    one = replace(contract(), ports=inputs, name_uses=uses, hands_inputs_on=False)
    return project(contracts=(replace(one, **more),))  # type: ignore[arg-type]


def test_an_input_that_is_needed_and_not_declared() -> None:
    finding = only(reading(use("modl"), use("data", 41), inputs=(needed("data"), needed("model", required=False))))
    assert (finding.rule, finding.span, finding.anchor) == ("CL107", span(40), "XGBoostTraining.modl")
    assert finding.message == "XGBoostTraining needs the input 'modl' and does not declare it"
    assert finding.help == "did you mean 'model'?"


def test_inputs_that_are_read_rightly_or_cannot_be_judged() -> None:
    data = needed("data", aliases=("TrainingData",))
    assert run(reading(use("data"), inputs=(data,))) == ()
    assert run(reading(use("TrainingData"), inputs=(data,))) == ()
    assert run(reading(use("data"), use("other", demanded=False), inputs=(data,))) == ()
    assert run(reading(use("data"), use("dependencies"), inputs=(data, needed("dependencies", pseudo=True)))) == ()
    assert run(reading(use("data"), use("other"), inputs=(data,), open_inputs="unknown-key")) == ()
    assert run(reading(use("data"), use("other", table=Table.OUTPUTS), inputs=(data,))) == ()


def test_inputs_that_are_declared_as_one_have_to_be_named() -> None:
    together = needed("inputs", pseudo=True)
    seen = (use("data"), use("other"))
    assert run(reading(*seen, inputs=(needed("data"), together))) == ()
    assert run(reading(*seen, inputs=(needed("data"), replace(together, description="Dictionary of channels")))) == ()
    named = replace(together, description="Dictionary containing data S3 paths")
    assert only(reading(*seen, inputs=(needed("data"), named))).rule == "CL107"


def test_a_builder_without_any_declared_input_needs_one() -> None:
    finding = only(reading(use("data"), inputs=()))
    assert (finding.rule, finding.help) == ("CL107", "declare it in get_input_requirements")


def test_an_input_that_is_declared_and_never_read() -> None:
    finding = only(reading(use("model"), inputs=(needed("model"), needed("eval_data", 31))))
    assert (finding.rule, finding.span, finding.anchor) == ("CL108", span(31), "XGBoostTraining.eval_data")
    assert finding.message == "the input 'eval_data' of XGBoostTraining is required, but its builder never reads it"
    near = only(reading(use("evaldata", demanded=False), inputs=(needed("eval_data"),)))
    assert near.help == "did you mean 'evaldata', which is read and not declared?"


def test_unread_inputs_that_are_right_or_cannot_be_judged() -> None:
    assert run(reading(inputs=(needed("data"),), hands_inputs_on=True)) == ()
    assert run(reading(inputs=(needed("data"),), made_unknown="unknown-step-class")) == ()
    assert run(reading(inputs=(needed("data"),), made=())) == ()
    assert run(reading(inputs=(needed("data", required=False),))) == ()
    assert run(reading(inputs=(replace(needed("data"), certain=False),))) == ()
    assert run(reading(inputs=(needed("inputs", pseudo=True),))) == ()
    assert run(reading(use("data", demanded=False), inputs=(needed("data"),))) == ()
    assert run(reading(use("TrainingData"), inputs=(needed("data", aliases=("TrainingData",)),))) == ()


def test_a_misspelt_input_is_one_defect() -> None:
    assert only(reading(use("eval_dta"), inputs=(needed("eval_data"),))).rule == "CL107"


def test_an_input_beside_a_key_that_the_table_lacks_is_no_second_defect() -> None:
    shape = config(inputs={"artifacts": None})
    demand = use("model_input", table=Table.INPUT_NAMES)
    made = replace(contract(), config=shape, name_uses=(demand,), hands_inputs_on=False)
    of_the_table, own = needed("artifacts", 10, path=CONFIG), needed("artifacts")
    assert [finding.rule for finding in run(project(contracts=(replace(made, ports=(of_the_table,)),)))] == ["CL110"]
    assert run(project(contracts=(replace(made, ports=(own,)),)), "CL108") != ()
    assert run(project(contracts=(replace(made, ports=(of_the_table,), name_uses=()),)), "CL108") != ()


def test_an_input_that_two_builders_inherit_and_one_reads() -> None:
    port = needed("data", 3, path=BASE)
    idle, active, other = named("Idle", "Active", "Other", ports=(port,), hands_inputs_on=False)
    reads = replace(active, name_uses=(use("data"),))
    finding = only(project(contracts=(idle, reads, other)))
    assert (finding.rule, finding.span) == ("CL108", span(3, BASE))
    assert finding.message == "the input 'data' of Idle and Other is required, but their builders never read it"


# --- CL115, CL116


def test_each_class_lacks_a_method_for_itself() -> None:
    problem = MethodProblem("validate_configuration", span(4, BASE), None)
    findings = run(project(contracts=named("A", "B", problems=(problem,))))
    assert [(f.rule, f.span.path, f.anchor) for f in findings] == [
        ("CL115", "steps/a.py", "A.validate_configuration"),
        ("CL115", "steps/b.py", "B.validate_configuration"),
    ]
    assert findings[0].message == "AStepBuilder does not implement the abstract method validate_configuration"
    assert [related.span for related in findings[0].related] == [span(4, BASE)]


def test_a_class_that_lacks_several_methods_is_one_defect() -> None:
    missing = (MethodProblem("validate_configuration", span(4, BASE), None), MethodProblem("create_step", span(8, BASE), None))
    finding = only(project(contracts=named("A", problems=missing)))
    assert (finding.rule, finding.anchor) == ("CL115", "A.create_step+validate_configuration")
    assert finding.message == "AStepBuilder does not implement the abstract methods create_step and validate_configuration"
    assert finding.help == "define create_step and validate_configuration, or correct the names under which they are defined"
    assert [related.span for related in finding.related] == [span(8, BASE), span(4, BASE)]


@pytest.mark.parametrize(("got", "said"), [("list", "a list"), ("a list", "a list"), ("None", "None"), ("int", "an int")])
def test_a_wrong_shape_is_reported_where_it_is_returned(got: str, said: str) -> None:
    problem = MethodProblem("get_property_paths", span(4, BASE), got)
    finding = only(project(contracts=named("A", "B", problems=(problem,))))
    assert (finding.rule, finding.span) == ("CL116", span(4, BASE))
    assert finding.message == f"get_property_paths of A and B returns no mapping, but {said}"
    assert finding.help == "return a dict of names and property paths"
    assert [related.span.path for related in finding.related] == ["steps/a.py", "steps/b.py"]


# --- CL117


def demanding(*names: str, attributes: tuple[str, ...] | None, methods: frozenset[str] = frozenset()) -> Project:
    uses = tuple(AttributeUse(name, span(40 + n), "XGBoostTrainingStepBuilder.create_step") for n, name in enumerate(names))
    return project(contracts=(replace(contract(), config=config(attributes=attributes, methods=methods), attribute_uses=uses),))


def test_an_attribute_that_the_configuration_lacks() -> None:
    finding = only(demanding("instance_typ", "instance_typ", attributes=("instance_type", "region")))
    assert (finding.rule, finding.span, finding.anchor) == ("CL117", span(40), "XGBoostTraining.instance_typ")
    assert finding.message == "TrainingConfig has no attribute 'instance_typ', which XGBoostTraining needs"
    assert finding.help == "did you mean 'instance_type'?"
    assert [related.span for related in finding.related] == [span(5, CONFIG), span(41), span(10)]


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("instance_type", "inference_instance_type"), ("region", "aws_region"), ("output_name", "output_names"), ("regoin", "region")],
)
def test_an_attribute_that_is_meant(name: str, attribute: str) -> None:
    assert only(demanding(name, attributes=(attribute,))).help == f"did you mean '{attribute}'?"


@pytest.mark.parametrize(
    ("name", "attribute"),
    [("job_name", "output_names"), ("model_name", "get_model_name"), ("model_field", "model_fields"), ("validate_model", "model_validate")],
)
def test_an_attribute_that_is_not_meant(name: str, attribute: str) -> None:
    methods = frozenset(["get_model_name", "model_fields", "model_validate"])
    assert only(demanding(name, attributes=(attribute,), methods=methods)).help == "give TrainingConfig the attribute, or do not use it"


def test_attributes_that_exist_or_may_exist() -> None:
    assert run(demanding("region", attributes=("region",))) == ()
    assert run(demanding("zone", attributes=None)) == ()
    assert run(demanding("__class__", attributes=("region",))) == ()
    assert run(project(contracts=(replace(contract(), attribute_uses=(AttributeUse("zone", span(40), "f"),)),))) == ()


# --- CL120


@pytest.mark.parametrize(
    "name",
    ["ModelArtifacts.S3ModelArtifacts", "ModelArtifacts", "properties.Whatever", "ProcessingOutputConfig.Outputs[0].S3Output.S3Uri"],
)
def test_a_property_path_is_no_name(name: str) -> None:
    findings = run(project(contracts=(contract(outputs=(output(name), output("other", 21))),)), "CL101", "CL120")
    by_rule = {(finding.rule, finding.span.line) for finding in findings}
    assert (("CL120", 20) in by_rule) is (name != "ModelArtifacts")
    assert ("CL101", 20) not in by_rule or name == "ModelArtifacts"


@pytest.mark.parametrize("name", ["report.html", "metrics.v2", "ModelName", "model output", "a['b']", "x.[", ""])
def test_other_names_are_names(name: str) -> None:
    assert run(project(contracts=(contract(outputs=(output(name),)),)), "CL120") == ()


def test_an_input_named_by_a_path_is_told_as_such() -> None:
    finding = only(project(contracts=(replace(contract(), ports=(needed("properties.ModelArtifacts.S3ModelArtifacts"),)),)))
    assert finding.rule == "CL120" and finding.message.startswith("the input 'properties.ModelArtifacts")


# --- CL409


def mapped(*keys: str, registered: tuple[str, ...] | None) -> Project:
    entries = tuple(Named(key, span(50 + n, "steps/template.py")) for n, key in enumerate(keys))
    made = BuilderMap(
        "BUILDER_MAP", span(49, "steps/template.py"), entries, tuple("XStepBuilder" for _ in keys), registered, span(3, CONFIG)
    )
    return project(contracts=(contract("X"),), builder_maps=(made,))


def test_a_key_that_no_configuration_leads_to() -> None:
    finding = only(mapped("Package", "PayloadStep", registered=("Package", "Payload")))
    assert (finding.rule, finding.span, finding.anchor) == (
        "CL409",
        span(51, "steps/template.py"),
        "steps/template.py.BUILDER_MAP.PayloadStep",
    )
    assert finding.message == "no configuration has the step name 'PayloadStep', under which BUILDER_MAP holds XStepBuilder"
    assert finding.help == "did you mean 'Payload'?"
    assert [related.span for related in finding.related] == [span(3, CONFIG), span(10)]


def test_a_key_of_several_maps_is_one_defect() -> None:
    (first,) = mapped("PayloadStep", registered=("Payload",)).builder_maps
    there = "steps/template_two.py"
    second = replace(first, name="BUILDERS", span=span(49, there), entries=(Named("PayloadStep", span(50, there)),))
    finding = only(project(contracts=(contract("X"),), builder_maps=(second, first)))
    assert (finding.span, finding.anchor) == (span(50, "steps/template.py"), "steps/template.py.BUILDER_MAP.PayloadStep")
    assert [related.span for related in finding.related] == [span(3, CONFIG), span(50, there), span(10)]
    assert finding.related[1].message == "BUILDERS holds XStepBuilder under it"


def test_a_map_without_a_known_registry_is_not_judged() -> None:
    assert run(mapped("Package", registered=None)) == ()
    assert only(mapped("Package", registered=())).help == "the registry is empty: add the configuration to it"
    far = only(mapped("Qqq", registered=tuple(f"Step{number}" for number in range(10))))
    assert far.help is not None and far.help.endswith("Step7 and 2 more")
