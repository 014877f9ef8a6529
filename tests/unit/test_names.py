"""Names are compared in one form, and by nothing else."""

from __future__ import annotations

import pytest

from contract_lint.assembly.names import STOP_WORDS, Canonical, canonical, form, job_type, keywords, parse_name, words


@pytest.mark.parametrize("name", ["input_path", "inputPath", "InputPath", "INPUT_PATH", "input-path", "Input Path", "_input__path_"])
def test_spellings_of_one_name_have_one_form(name: str) -> None:
    assert form(name) == "inputpath"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fold_1_2", "fold_12"),
        ("v1_1", "v11"),
        ("model", "models"),
        ("processed_data", "procesed_data"),
        ("ModelArtifacts.S3ModelArtifacts", "ModelArtifacts"),
        ("-", "_"),
    ],
)
def test_different_names_have_different_forms(one: str, other: str) -> None:
    assert form(one) != form(other)


def test_letters_that_only_look_different_are_the_same() -> None:
    assert form("ｄａｔａ") == form("data")
    assert form("STRASSE") == form("straße")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("data_training", Canonical("data", "training")),
        ("data-Validation", Canonical("data", "validation")),
        ("TabularPreprocessing_calibration", Canonical("tabularpreprocessing", "calibration")),
        ("data_testing_training", Canonical("datatesting", "training")),
        ("training", Canonical("training")),
        ("_training", Canonical("training")),
        ("XGBoostTraining", Canonical("xgboosttraining")),
        ("training_data", Canonical("trainingdata")),
        ("data_train", Canonical("datatrain")),
        ("time_step", Canonical("timestep")),
    ],
)
def test_a_job_type_is_the_last_word_that_stands_apart(name: str, expected: Canonical) -> None:
    assert parse_name(name) == expected


def test_job_types_are_data() -> None:
    assert parse_name("data_shadow", job_types=("shadow",)) == Canonical("data", "shadow")
    assert parse_name("data_training", job_types=("shadow",)) == Canonical("datatraining")


@pytest.mark.parametrize(
    ("name", "stem", "kind"),
    [
        ("XGBoostTrainingStep", "xgboosttraining", None),
        ("xgboost-training-step", "xgboost", "training"),
        ("TabularPreprocessing_Training", "tabularpreprocessing", "training"),
        ("TabularPreprocessingStep_training", "tabularpreprocessing", "training"),
        ("Tabular_training_step", "tabular", "training"),
        ("Step", "step", None),
        ("Footstep", "footstep", None),
        ("XGBoostTraining", "xgboosttraining", None),
    ],
)
def test_names_of_steps_lose_the_word_step(name: str, stem: str, kind: str | None) -> None:
    assert (canonical(name), job_type(name)) == (stem, kind)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("modelArtifacts_s3", ("model", "artifacts", "s3")),
        ("XGBoostModel", ("xg", "boost", "model")),
        ("hyperparameters_s3_uri", ("hyperparameters", "s3", "uri")),
        ("fold_12", ("fold", "12")),
        ("prix_été", ("prix", "été")),
        ("__", ()),
    ],
)
def test_words(name: str, expected: tuple[str, ...]) -> None:
    assert words(name) == expected


def test_keywords_are_the_words_that_say_which_data_is_meant() -> None:
    assert keywords("input_data_s3_uri") == frozenset()
    assert keywords("hyperparameters_s3_uri") == {"hyperparameters"}
    assert keywords("evalMetrics_path") == {"eval", "metrics"}
    assert set(STOP_WORDS) == {"data", "input", "output", "path", "model", "s3", "uri", "dir", "file"}


def test_stop_words_are_data() -> None:
    assert keywords("raw_data", ("raw",)) == {"data"}
