"""What evidence comes to: each rule of merging, each cap on a verdict, and what words say."""

from __future__ import annotations

import pytest

from contract_lint.model.evidence import (
    UNTYPED,
    Conflict,
    Evidence,
    Rank,
    Typing,
    assumed,
    evidenced,
    from_description,
    from_name,
    from_role,
    judge,
    merge,
)
from contract_lint.model.span import Span
from contract_lint.model.types import UNKNOWN, Verdict, check, parse_type

HERE = Span("builder.py", 3, 5, 3, 20)


def said(rank: Rank, text: str, says: str = "") -> Evidence:
    return Evidence(rank, parse_type(text), says or f"{rank.name.lower()} says {text}", HERE)


def merged(*given: tuple[Rank, str]) -> Typing:
    return merge(said(rank, text) for rank, text in given)


DECLARED, PATH, ROLE, DESCRIPTION, NAME, ASSUMED = Rank

#: What is given, the type it comes to, and the rank that decided.
COMPARABLE = [
    ([(DECLARED, "String")], "String", DECLARED),
    ([(DECLARED, "String"), (PATH, "S3Uri")], "S3Uri", PATH),
    ([(DECLARED, "S3Uri"), (PATH, "S3Uri")], "S3Uri", DECLARED),
    ([(PATH, "S3Uri[kind=object]"), (ROLE, "S3Uri[content=model]")], "S3Uri[kind=object,content=model]", ROLE),
    ([(PATH, "S3Uri[content=model]"), (ROLE, "S3Uri")], "S3Uri[content=model]", PATH),
    ([(ROLE, "S3Uri"), (DESCRIPTION, "S3Uri")], "S3Uri", ROLE),
    ([(DECLARED, "String"), (DESCRIPTION, "S3Uri")], "S3Uri", DESCRIPTION),
    ([(DECLARED, "Any"), (PATH, "Name<model>")], "Name<model>", PATH),
    ([(PATH, "Unknown"), (NAME, "Integer")], "Integer", NAME),
    ([(ASSUMED, "S3Uri")], "S3Uri", ASSUMED),
    ([(ASSUMED, "S3Uri"), (DECLARED, "String")], "String", DECLARED),
    ([(ASSUMED, "S3Uri"), (DECLARED, "Integer")], "Integer", DECLARED),
    ([(PATH, "S3Uri"), (PATH, "S3Uri[content=model]")], "S3Uri[content=model]", PATH),
]


@pytest.mark.parametrize(("given", "type", "rank"), COMPARABLE)
def test_comparable_facts_meet(given: list[tuple[Rank, str]], type: str, rank: Rank) -> None:
    found = merged(*given)
    assert (str(found.type), found.rank, found.conflicts) == (type, rank, ())
    assert {(one.rank, str(one.type)) for one in found.evidence} == set(given), "all of it is remembered"


#: The two, how loud their conflict is, and the type that edges use.
CONFLICTS = [
    ((DECLARED, "Name<model>"), (PATH, "S3Uri"), Verdict.WARNING, "S3Uri"),
    ((DECLARED, "Name<model>"), (ROLE, "S3Uri"), Verdict.WARNING, "Name<model>"),
    ((PATH, "Name<model>"), (ROLE, "S3Uri[content=model]"), Verdict.WARNING, "Name<model>"),
    ((DECLARED, "Name<model>"), (DESCRIPTION, "S3Uri"), Verdict.NOTE, "Name<model>"),
    ((PATH, "S3Uri"), (DESCRIPTION, "Integer"), Verdict.NOTE, "S3Uri"),
    ((ROLE, "S3Uri"), (DESCRIPTION, "Arn"), Verdict.NOTE, "S3Uri"),
]


@pytest.mark.parametrize(("first", "second", "verdict", "used"), CONFLICTS)
def test_of_two_that_contradict_each_other_one_is_used(
    first: tuple[Rank, str], second: tuple[Rank, str], verdict: Verdict, used: str
) -> None:
    one, other = said(*first), said(*second)
    expected = Conflict(one, other, verdict, one if str(one.type) == used else other)
    for given in ((one, other), (other, one)):
        found = merge(given)
        assert str(found.type) == used
        assert expected.used is not None
        assert found.rank is expected.used.rank
        assert found.conflicts == (expected,)


@pytest.mark.parametrize("stronger", [DECLARED, PATH, ROLE, DESCRIPTION])
def test_a_name_contradicts_in_silence(stronger: Rank) -> None:
    found = merged((stronger, "Integer"), (NAME, "S3Uri"))
    assert (str(found.type), found.rank, found.conflicts) == ("Integer", stronger, ())


@pytest.mark.parametrize("rank", [DECLARED, PATH, ROLE])
def test_a_rank_that_contradicts_itself_leaves_the_port_unknown(rank: Rank) -> None:
    one, other = said(rank, "Integer"), said(rank, "S3Uri")
    found = merge((other, one))
    assert (found.type, found.rank) == (UNKNOWN, None)
    assert found.conflicts == (Conflict(one, other, Verdict.WARNING, None),)
    assert merged((DECLARED, "S3Uri"), (rank, "Integer"), (rank, "Name")).type == UNKNOWN


def test_a_weak_rank_that_contradicts_itself_counts_only_where_nothing_stronger_speaks() -> None:
    weak = [(DESCRIPTION, "Integer"), (DESCRIPTION, "S3Uri")]
    assert merged(*weak).type == UNKNOWN
    assert merged(*weak, (NAME, "S3Uri")).type == UNKNOWN
    found = merged(*weak, (PATH, "Name<model>"))
    assert (str(found.type), found.rank) == ("Name<model>", PATH)
    assert [conflict.verdict for conflict in found.conflicts] == [Verdict.NOTE]
    names = merged((NAME, "Integer"), (NAME, "S3Uri"))
    assert (names.type, names.conflicts) == (UNKNOWN, ())


def test_a_conflict_does_not_keep_others_from_being_used() -> None:
    found = merged((DECLARED, "Name<model>"), (PATH, "S3Uri"), (ROLE, "S3Uri[content=model]"))
    assert (str(found.type), found.rank) == ("S3Uri[content=model]", ROLE)
    assert [(conflict.first.rank, conflict.second.rank) for conflict in found.conflicts] == [(DECLARED, PATH)]


def test_absence_is_kept_though_the_path_is_silent_about_it() -> None:
    found = merged((DECLARED, "String?"), (PATH, "S3Uri"))
    assert (str(found.type), found.rank) == ("S3Uri?", PATH)
    assert merged((DECLARED, "Integer?"), (PATH, "S3Uri")).type == parse_type("S3Uri"), "what is not used says nothing"


def test_nothing_comes_to_nothing() -> None:
    assert merge(()) == UNTYPED
    assert merge([said(PATH, "Unknown")]).rank is None


def test_a_type_is_evidenced_by_rank_three_or_better() -> None:
    assert [evidenced(merged((rank, "S3Uri"))) for rank in Rank] == [True, True, True, False, False, False]
    assert not evidenced(UNTYPED)


S3, MODEL_NAME = "S3Uri", "Name<model>"


@pytest.mark.parametrize("weaker", [DECLARED, PATH, ROLE])
def test_strong_evidence_on_both_ends_may_carry_an_error(weaker: Rank) -> None:
    found = judge(merged((PATH, S3)), merged((weaker, MODEL_NAME)))
    assert (found.verdict, found.reason, found.row) == (Verdict.ERROR, "kind-mismatch", 24)


@pytest.mark.parametrize(("weaker", "verdict"), [(DESCRIPTION, Verdict.WARNING), (NAME, Verdict.NOTE), (ASSUMED, Verdict.UNKNOWN)])
def test_the_weaker_end_caps_the_verdict(weaker: Rank, verdict: Verdict) -> None:
    strong, weak = merged((PATH, S3)), merged((weaker, MODEL_NAME))
    for ends in ((strong, weak), (merged((weaker, S3)), merged((PATH, MODEL_NAME)))):
        assert judge(*ends, trusted=Rank.ASSUMED).verdict is verdict
        assert judge(*ends).verdict is Verdict.UNKNOWN, "not measured, so not said"


def test_a_cap_makes_nothing_worse() -> None:
    source, target = merged((DESCRIPTION, "Float")), merged((PATH, "Integer"))
    assert judge(source, target, trusted=DESCRIPTION).verdict is Verdict.WARNING
    assert judge(merged((DESCRIPTION, S3)), merged((PATH, S3)), trusted=DESCRIPTION).verdict is Verdict.OK


def test_flags_reach_the_check() -> None:
    assert judge(merged((PATH, "Integer")), merged((DECLARED, "String")), into_text=True).verdict is Verdict.ERROR
    assert judge(merged((DECLARED, "S3Uri?")), merged((PATH, S3)), conditional=True).verdict is Verdict.ERROR


def test_nothing_known_at_one_end_is_unknown() -> None:
    assert judge(UNTYPED, merged((PATH, S3))).verdict is Verdict.UNKNOWN
    assert judge(merged((PATH, S3)), UNTYPED, trusted=Rank.ASSUMED).verdict is Verdict.UNKNOWN


def test_a_weak_refinement_hides_no_proof() -> None:
    source = merged((PATH, S3), (DESCRIPTION, "S3Uri[content=model]"))
    assert source.rank is DESCRIPTION
    assert judge(source, merged((PATH, MODEL_NAME))).verdict is Verdict.ERROR
    assert judge(source, merged((PATH, "S3Uri[content=model]"))).verdict is Verdict.OK


def test_a_weak_refinement_may_excuse() -> None:
    plain, described = merged((DECLARED, "String")), merged((DECLARED, "String"), (DESCRIPTION, S3))
    target = merged((PATH, S3))
    assert judge(plain, target).reason == "unrefined-string"
    assert judge(described, target).verdict is Verdict.UNKNOWN
    assert judge(described, target, trusted=DESCRIPTION).verdict is Verdict.OK


def test_a_weak_refinement_accuses_only_as_far_as_it_is_trusted() -> None:
    source = merged((PATH, S3), (DESCRIPTION, "S3Uri[content=dataset]"))
    target = merged((PATH, "S3Uri[content=model]"))
    assert check(source.type, target.type).verdict is Verdict.ERROR
    assert judge(source, target).verdict is Verdict.OK
    assert judge(source, target, trusted=DESCRIPTION).verdict is Verdict.WARNING


ROLES = [
    ("MODEL_ARTIFACTS", "S3Uri[content=model]"),
    ("DependencyType.TRAINING_DATA", "S3Uri[content=dataset]"),
    ("processing_output", "S3Uri"),
    ("hyperparameters", "S3Uri[content=hyperparameters]"),
    ("PAYLOAD_SAMPLES", "S3Uri[content=payload]"),
    ("CUSTOM_PROPERTY", None),
    ("something_else", None),
    ("", None),
]


@pytest.mark.parametrize(("role", "type"), ROLES)
def test_what_a_role_says(role: str, type: str | None) -> None:
    found = from_role(role, HERE)
    assert (None if found is None else str(found.type)) == type
    if found is not None:
        assert (found.rank, found.span) == (ROLE, HERE)


DESCRIPTIONS = [
    ("S3 URI", "S3Uri"),
    ("S3 path of the processed data", "S3Uri"),
    ("The S3 location for the archive.", "S3Uri"),
    ("Optional S3 path to hyperparameters", "S3Uri"),
    ("(optional) S3 URI", "S3Uri"),
    ("Model artifacts S3 URI", "S3Uri"),
    ("Evaluation data S3 path", "S3Uri"),
    ("s3 uri where the metrics are written", "S3Uri"),
    ("S3 URI of the model (s3://bucket/name/model.tar.gz)", "S3Uri"),
    ("Path to the data in S3", "S3Uri"),
    ("Location of the model artifacts in Amazon S3", "S3Uri"),
    ("Docker image URI for inference", "ImageUri"),
    ("Number of instances", "Integer"),
    ("Total number of rows", "Integer"),
    ("ARN of the model package", "Arn<sagemaker/model-package>"),
    ("IAM role ARN", "Arn<iam/role>"),
    ("ARN of the queue", "Arn"),
    ("Name of the training job", "Name<training-job>"),
    ("Name of the hyperparameter tuning job that was run", "Name<hyper-parameter-tuning-job>"),
    ("Name of the created SageMaker model", "Name<model>"),
    ("SageMaker model name", "Name<model>"),
    ("Name of the endpoint configuration", "Name<endpoint-config>"),
    # Another thing altogether.
    ("", None),
    ("Model artifacts", None),
    ("Path to the data", None),
    ("Optional list of steps", None),
    ("List of S3 paths", None),
    ("S3 URIs of the data", None),
    ("Dictionary of S3 path by channel", None),
    ("Names of the training jobs", None),
    ("Number of the version", None),
    ("A steady number of rows", None),
    ("Name of the column", None),
    ("Name of the model file", None),
    ("Name of the training job definition", None),
    ("Name of the S3 bucket", None),
    ("S3 bucket name", None),
    ("S3 path prefix", None),
    ("S3 path template", None),
    ("Trained model, see the model name", None),
    ("File that lists the S3 path of each part", None),
    # Two things.
    ("Name or ARN of the model", None),
    ("S3 path or local path", None),
    ("S3 URI of the data, or of the model", "S3Uri"),
    ("S3 URI of the model or ARN of the model package", None),
    ("Name of the training job or the processing job", None),
    ("Name of the training job, or None", None),
    ("S3 path to a file with the name of the model", None),
    # Denied.
    ("Not an S3 path", None),
    ("S3 path of the data, but without a bucket", None),
    ("Name of the model if there is no default", None),
]


@pytest.mark.parametrize(("text", "type"), DESCRIPTIONS)
def test_what_a_description_says(text: str, type: str | None) -> None:
    found = from_description(text, HERE)
    assert (None if found is None else str(found.type)) == type
    if found is not None:
        assert (found.rank, found.span) == (DESCRIPTION, HERE)
        assert text[:20] in found.says


def test_a_long_description_is_cut_and_put_on_one_line() -> None:
    found = from_description("S3 path\n   of " + "the data " * 40, HERE)
    assert found is not None
    assert found.says.startswith("described as 'S3 path of the data the data")
    assert found.says.endswith("…'")
    assert len(found.says) < 80


NAMES = [
    ("data_s3_uri", "S3Uri"),
    ("evaluationS3Uri", "S3Uri"),
    ("model_uri", "S3Uri"),
    ("image_uri", "ImageUri"),
    ("tracking_uri", None),
    ("input_path", "Path|S3Uri"),
    ("output_s3_path", "S3Uri"),
    ("local_path", "Path"),
    ("json_path", None),
    ("model_arn", "Arn<sagemaker/model>"),
    ("execution_role_arn", "Arn<iam/role>"),
    ("queue_arn", "Arn"),
    ("model_name", "Name<model>"),
    ("ModelName", "Name<model>"),
    ("training-job-name", "Name<training-job>"),
    ("model_package_group_name", "Name<model-package-group>"),
    ("base_model_name", None),
    ("column_name", None),
    ("step_name", None),
    ("n_estimators", "Integer"),
    ("num_rounds", "Integer"),
    ("instance_count", "Integer"),
    ("enable_tuning", "Boolean"),
    ("DATA", None),
    ("uri", None),
    ("name", None),
    ("", None),
    ("_", None),
]


@pytest.mark.parametrize(("name", "type"), NAMES)
def test_what_a_name_says(name: str, type: str | None) -> None:
    found = from_name(name, HERE)
    assert (None if found is None else str(found.type)) == type
    if found is not None:
        assert (found.rank, found.span, found.says) == (NAME, HERE, f"named '{name}'")


def test_the_default_is_assumed() -> None:
    found = assumed(None)
    assert (found.rank, str(found.type), found.span) == (ASSUMED, "S3Uri", None)
