"""Contracts of steps at build time, in the style of a user's own framework."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import pytest

from contract_lint.contracts import ContractAwareStepBuilder, ContractValidator, StepContract, input_schema, output_schema, typing_of
from contract_lint.model.evidence import Rank
from contract_lint.model.types import Verdict, parse_type


class StepBuilderBase:
    """What a user's framework has: configuration, and three methods."""

    def __init__(self, **config: str) -> None:
        self.config = config

    def get_input_requirements(self) -> dict[str, str | None]:
        raise NotImplementedError

    def get_output_properties(self) -> dict[str, str | None]:
        raise NotImplementedError

    def get_property_paths(self) -> dict[str, str]:
        return {}


class TrainingStepBuilder(ContractAwareStepBuilder, StepBuilderBase):
    def get_input_requirements(self) -> dict[str, str | None]:
        return {
            "train_data": "S3 path of the training data",
            "hyperparameters": "S3 URI of the hyperparameters (optional)",
            "checkpoint": "The checkpoint to go on from, not optional",
            "base_model_arn": None,
            "seed": None,
            "dependencies": "Steps that must have run",
            "enable_caching": "Whether results are kept",
        }

    def get_output_properties(self) -> dict[str, str | None]:
        return {"model": "S3 path of the model", "job": "Name of the training job", "settings": None}

    def get_property_paths(self) -> dict[str, str]:
        return {"model": "properties.ModelArtifacts.S3ModelArtifacts", "job": "properties.TrainingJobName"}


class ModelStepBuilder(ContractAwareStepBuilder, StepBuilderBase):
    def get_input_requirements(self) -> dict[str, str | None]:
        return {"model_data": "S3 path of the model", "inputs": "Dictionary containing model_data, notes"}

    def get_output_properties(self) -> dict[str, str | None]:
        return {"model_name": None, "again": "properties.ModelName"}

    def get_property_paths(self) -> dict[str, str]:
        return {"model_name": "properties.ModelName"}


class Declared:
    """A contract written by hand, which shares nothing with ours but the two methods."""

    def __init__(self, inputs: Mapping[str, object] | None = None, outputs: Mapping[str, object] | None = None) -> None:
        self.inputs, self.outputs = inputs or {}, outputs or {}

    def get_input_schema(self) -> dict[str, dict[str, object]]:
        return {name: {"type": type, "required": True} for name, type in self.inputs.items()}

    def get_output_schema(self) -> dict[str, dict[str, object]]:
        return {name: {"type": type} for name, type in self.outputs.items()}


def connect(provided: object, wanted: object, **options: str) -> bool:
    return ContractValidator.validate_connection(Declared(outputs={"a": provided}), Declared(inputs={"b": wanted}), "a", "b", **options)  # type: ignore[arg-type]


# --- schemas ---


def test_an_input_has_the_first_designs_keys_and_more() -> None:
    schema = TrainingStepBuilder().get_input_schema()
    assert schema["train_data"] == {
        "description": "S3 path of the training data",
        "type": "S3Uri",
        "required": True,
        "evidence": "description",
    }
    assert schema["base_model_arn"] == {"description": None, "type": "Arn<sagemaker/model>", "required": True, "evidence": "name"}
    assert schema["seed"] == {"description": None, "type": "S3Uri", "required": True, "evidence": "assumed", "assumed": True}


def test_what_is_passed_beside_data_is_no_input() -> None:
    assert list(TrainingStepBuilder().get_input_schema()) == ["train_data", "hyperparameters", "checkpoint", "base_model_arn", "seed"]


def test_the_inputs_that_a_description_lists_are_inputs() -> None:
    schema = ModelStepBuilder().get_input_schema()
    assert list(schema) == ["model_data", "notes"]
    assert schema["model_data"]["description"] == "S3 path of the model"


def test_the_word_optional_counts_unless_it_is_denied() -> None:
    schema = TrainingStepBuilder().get_input_schema()
    assert {name: entry["required"] for name, entry in schema.items()} == {
        "train_data": True,
        "hyperparameters": False,
        "checkpoint": True,
        "base_model_arn": True,
        "seed": True,
    }


def test_an_output_has_the_type_at_the_end_of_its_path() -> None:
    schema = TrainingStepBuilder().get_output_schema()
    assert list(schema) == ["model", "job", "settings"]
    assert list(schema["model"]) == ["description", "type", "property_path", "evidence"]
    assert schema["model"]["property_path"] == "properties.ModelArtifacts.S3ModelArtifacts"
    assert "content=model" in str(schema["model"]["type"])
    assert (schema["job"]["type"], schema["job"]["evidence"]) == ("Name<training-job>", "path")
    assert schema["settings"] == {
        "description": None,
        "type": "S3Uri",
        "property_path": None,
        "evidence": "assumed",
        "assumed": True,
    }


def test_a_path_where_the_description_is_due_is_the_path() -> None:
    again = ModelStepBuilder().get_output_schema()["again"]
    assert (again["property_path"], again["type"]) == ("properties.ModelName", "Name<model>")


def test_a_placeholder_in_the_path_is_the_outputs_own_name() -> None:
    class Split(ContractAwareStepBuilder):
        def get_output_properties(self) -> dict[str, str]:
            return {"train": "The rows to train on", "other": "Anything"}

        def get_property_paths(self) -> dict[str, str]:
            return {
                "train": "properties.ProcessingOutputConfig.Outputs['{output_descriptor}'].S3Output.S3Uri",
                "other": "properties..Nothing",
            }

    schema = Split().get_output_schema()
    assert schema["train"]["evidence"] == "path"
    assert str(schema["train"]["type"]).startswith("S3Uri[")
    assert schema["other"]["evidence"] == "assumed"


@pytest.mark.parametrize("schema", [StepBuilderBase, object])
def test_missing_methods_say_nothing(schema: type) -> None:
    class Silent(ContractAwareStepBuilder, schema):  # type: ignore[misc]
        pass

    assert Silent().get_input_schema() == Silent().get_output_schema() == {}


def test_none_says_nothing_and_a_list_is_a_mistake() -> None:
    class Odd(ContractAwareStepBuilder):
        def get_input_requirements(self) -> None:
            return None

        def get_output_properties(self) -> list[str]:
            return ["model"]

    assert Odd().get_input_schema() == {}
    with pytest.raises(TypeError, match=r"Odd\.get_output_properties gives list, not a mapping of names"):
        Odd().get_output_schema()


def test_a_default_beside_the_description_makes_an_input_optional() -> None:
    class WithDefault(ContractAwareStepBuilder):
        def get_input_requirements(self) -> dict[str, object]:
            return {"limit": ("Number of rows", 10), "empty": ()}

    schema = WithDefault().get_input_schema()
    assert schema["limit"] == {"description": "Number of rows", "type": "Integer", "required": False, "evidence": "description"}
    assert schema["empty"]["required"] is False


def test_an_error_in_the_users_own_method_is_not_hidden() -> None:
    class Broken(ContractAwareStepBuilder):
        def get_input_requirements(self) -> dict[str, str]:
            raise KeyError("region")

    with pytest.raises(KeyError, match="region"):
        Broken().get_input_schema()


def test_every_type_of_a_schema_can_be_read_again() -> None:
    for builder in (TrainingStepBuilder(), ModelStepBuilder()):
        for entry in (*builder.get_input_schema().values(), *builder.get_output_schema().values()):
            assert str(parse_type(str(entry["type"]))) == entry["type"]


def test_schemas_of_any_builder() -> None:
    class Plain:
        def get_input_requirements(self) -> dict[str, str]:
            return {"data": "S3 path of the data"}

    assert not isinstance(Plain(), StepContract)
    assert list(input_schema(Plain())) == ["data"]
    assert output_schema(Plain()) == {}
    assert input_schema(Declared({"x": "String"})) == {"x": {"type": "String", "required": True}}
    assert isinstance(TrainingStepBuilder(), StepContract) and isinstance(Declared(), StepContract)


# --- connections ---


def test_what_fits_is_true() -> None:
    train, model = TrainingStepBuilder(), ModelStepBuilder()
    assert ContractValidator.validate_connection(train, model, "model", "model_data") is True
    assert ContractValidator().validate_connection(train, model, "model", "model_data") is True


def test_unknown_ends_are_told_in_the_first_designs_words() -> None:
    train, model = TrainingStepBuilder(), ModelStepBuilder()
    with pytest.raises(ValueError, match=r"^Producer does not provide output: modle$"):
        ContractValidator.validate_connection(train, model, "modle", "model_data")
    with pytest.raises(ValueError, match=r"^Consumer does not expect input: model_dta$"):
        ContractValidator.validate_connection(train, model, "model", "model_dta")
    with pytest.raises(ValueError, match=r"^Producer does not provide output: x$"):
        ContractValidator.judge_connection(train, model, "x", "y")


@pytest.mark.parametrize(
    ("provided", "wanted"),
    [("S3Uri", "Name<model>"), ("Name<model>", "Arn<sagemaker/model>"), ("String", "Integer"), ("DataFrame", "Tensor"), (int, str)],
)
def test_what_cannot_fit_is_a_type_mismatch(provided: object, wanted: object) -> None:
    with pytest.raises(TypeError) as raised:
        connect(provided, wanted)
    assert str(raised.value) == f"Type mismatch: {provided} -> {wanted}"


@pytest.mark.parametrize(
    ("provided", "wanted"),
    [
        ("S3Uri[content=model]", "S3Uri"),
        ("S3Uri", "S3Uri[content=model]"),
        ("Integer", "Float"),
        ("String", "S3Uri"),
        ("DataFrame", "DataFrame"),
        ("DataFrame", "S3Uri"),
        ("Any", "Integer"),
        ("Unknown", "DataFrame"),
        (None, "Integer"),
        ("Integer", None),
        ("", "Integer"),
    ],
)
def test_what_may_fit_is_no_error(provided: object, wanted: object) -> None:
    assert connect(provided, wanted) is True


@pytest.mark.parametrize(("provided", "wanted"), [("S3Uri[content=model]", "S3Uri"), ("Integer", "Float"), ("DataFrame", "S3Uri")])
def test_nominal_compares_as_the_first_design_did(provided: str, wanted: str) -> None:
    with pytest.raises(TypeError) as raised:
        connect(provided, wanted, strict="nominal")
    assert str(raised.value) == f"Type mismatch: {provided} -> {wanted}"
    assert connect(provided, provided, strict="nominal") is True
    assert connect(None, wanted, strict="nominal") is connect(provided, "", strict="nominal") is True
    with pytest.raises(ValueError, match=r"^Consumer does not expect input: c$"):
        ContractValidator.validate_connection(Declared(outputs={"a": provided}), Declared(), "a", "c", strict="nominal")


def test_any_other_strictness_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="strict is 'assignable' or 'nominal', not 'exact'"):
        connect("S3Uri", "S3Uri", strict="exact")


def test_an_assumed_type_is_never_a_mismatch() -> None:
    train, model = TrainingStepBuilder(), ModelStepBuilder()
    assert ContractValidator.validate_connection(train, Declared({"n": "Integer"}), "settings", "n") is True
    assert ContractValidator.validate_connection(model, train, "model_name", "seed") is True
    assert ContractValidator.judge_connection(model, train, "model_name", "seed").verdict is Verdict.UNKNOWN
    with pytest.raises(TypeError):
        ContractValidator.validate_connection(train, Declared({"n": "Integer"}), "job", "n")


def test_the_judgement_says_why() -> None:
    judgement = ContractValidator.judge_connection(
        Declared(outputs={"a": "Name<model>"}), Declared({"b": "Arn<sagemaker/model>"}), "a", "b"
    )
    assert (judgement.verdict, judgement.reason) == (Verdict.ERROR, "name-for-arn")
    assert judgement.hint is not None
    assert (
        ContractValidator.judge_connection(Declared(outputs={"a": "String"}), Declared({"b": "S3Uri"}), "a", "b").verdict is Verdict.WARNING
    )


def test_an_optional_input_takes_what_may_be_absent() -> None:
    class Optional(Declared):
        def get_input_schema(self) -> dict[str, dict[str, object]]:
            return {"b": {"type": "S3Uri", "required": False}}

    producer = Declared(outputs={"a": "S3Uri?"})
    assert ContractValidator.judge_connection(producer, Optional(), "a", "b").verdict is Verdict.OK
    assert ContractValidator.judge_connection(producer, Declared({"b": "S3Uri"}), "a", "b").verdict is Verdict.WARNING


def test_without_a_type_the_path_the_description_and_the_name_speak() -> None:
    assert str(typing_of("x", {"property_path": "properties.ModelName"}).type) == "Name<model>"
    assert typing_of("x", {"description": "Name of the model"}).rank is Rank.DESCRIPTION
    assert typing_of("model_arn", {}).rank is Rank.NAME
    assert typing_of("x", {}).rank is Rank.ASSUMED
    assert typing_of("model_arn", {"type": "S3Uri"}).rank is Rank.DECLARED


@pytest.mark.parametrize(
    "module", ["contract_lint", "contract_lint.contracts", "contract_lint.references", "contract_lint.assembly.events"]
)
def test_importing_the_library_is_light(module: str) -> None:
    heavy = ("libcst", "networkx", "pydantic", "click", "rich", "sagemaker", "boto3", "botocore")
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_the_public_names_are_loaded_when_they_are_asked_for() -> None:
    code = (
        "import sys, contract_lint\n"
        "assert 'msgspec' not in sys.modules\n"
        "names = [name for name in contract_lint.__all__ if getattr(contract_lint, name) is None]\n"
        "from contract_lint import *\n"
        "print(names, PropertyReference.__module__, ContractValidator.__module__, EventDrivenPipelineBuilder.__module__)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert printed == ["[]", "contract_lint.references", "contract_lint.contracts", "contract_lint.assembly.events"]
