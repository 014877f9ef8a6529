"""What the SDK's classes take, as it is shipped: names that are imported in pipeline code, positional orders, inherited methods."""

from __future__ import annotations

import subprocess
import sys
import zlib

import msgspec
import pytest

from contract_lint.sagemaker.argument_types import arguments_of
from contract_lint.sagemaker.signatures import (
    Parameter,
    Passed,
    SdkClass,
    SdkFunction,
    bind,
    module_names,
    positional,
    resolve,
    sdk_versions,
)
from scripts import make_sdk_signatures


def sdk_class(dotted: str, version: str | None = None) -> SdkClass:
    found = resolve(dotted, version)
    assert isinstance(found, SdkClass), dotted
    return found


@pytest.mark.parametrize(
    ("dotted", "name", "versions"),
    [
        ("sagemaker.Session", "sagemaker.session.Session", ("2",)),
        ("sagemaker.workflow.steps.ProcessingStep", "sagemaker.workflow.steps.ProcessingStep", ("2",)),
        ("sagemaker.workflow.pipeline.ProcessingStep", "sagemaker.workflow.steps.ProcessingStep", ("2",)),
        ("sagemaker.xgboost.XGBoost", "sagemaker.xgboost.estimator.XGBoost", ("2",)),
        ("sagemaker.workflow.parameters.ParameterBoolean", "sagemaker.workflow.parameters.ParameterBoolean", ("2",)),
        ("sagemaker.image_uris.retrieve", "sagemaker.image_uris.retrieve", ("2",)),
        ("sagemaker.mlops.workflow.ConditionStep", "sagemaker.mlops.workflow.condition_step.ConditionStep", ("3",)),
        ("sagemaker.core.workflow.ParameterBoolean", "sagemaker.core.workflow.parameters.ParameterBoolean", ("3",)),
        ("sagemaker.core.shapes.ProcessingS3Output", "sagemaker.core.shapes.shapes.ProcessingS3Output", ("3",)),
        # Imported by a `__getattr__` of the package.
        ("sagemaker.train.ModelTrainer", "sagemaker.train.model_trainer.ModelTrainer", ("3",)),
        ("sagemaker.serve.ModelBuilder", "sagemaker.serve.model_builder.ModelBuilder", ("3", "2")),
        # Another name than its own, and a class that only others export.
        ("sagemaker.core.training.configs.TrainingJobCompute", "sagemaker.core.training.configs.Compute", ("3",)),
        ("sagemaker.core.resources.Pipeline", "sagemaker.core.resources.Pipeline", ("3",)),
        # In modules that the versions read do not have, or not there.
        ("sagemaker.workflow.monitoring.QualityCheckStep", "sagemaker.workflow.quality_check_step.QualityCheckStep", ("2",)),
        ("sagemaker.mlops.steps.ProcessingStep", "sagemaker.mlops.workflow.steps.ProcessingStep", ("3",)),
        # Methods.
        ("sagemaker.xgboost.XGBoost().fit", "sagemaker.estimator.EstimatorBase.fit", ("2",)),
        ("sagemaker.estimator.Estimator.attach", "sagemaker.estimator.EstimatorBase.attach", ("2",)),
        ("sagemaker.workflow.steps.TrainingStep().add_depends_on", "sagemaker.workflow.steps.Step.add_depends_on", ("2",)),
    ],
)
def test_names_that_are_imported(dotted: str, name: str, versions: tuple[str, ...]) -> None:
    found = resolve(dotted)
    assert found is not None
    assert (found.name, found.versions) == (name, versions)


@pytest.mark.parametrize(
    "dotted",
    [
        "",
        "sagemaker",
        "sagemaker.workflow",
        "sagemaker.processing.logger",
        "sagemaker.workflow.steps.ProcessingStep().nothing",
        "sagemaker.image_uris.retrieve().name",
        "sagemaker.processing.Processor().run().wait",
        "sagemaker.nowhere.Nothing",
        # Only version 3 has the class, only version 2 the package.
        "sagemaker.workflow.CleanupStep",
        # Several classes are called so.
        "sagemaker.nowhere.DataConfig",
        # Of a package that is not read: it may have one of its own.
        "sagemaker.local.nowhere.Pipeline",
        "sagemakerish.processing.Processor",
        "os.path.join",
    ],
)
def test_what_is_not_known(dotted: str) -> None:
    assert resolve(dotted) is None
    assert bind(dotted, ["x"], {"y": "z"}) == {"y": "z"}


def test_parameters_of_all_kinds() -> None:
    step = resolve("sagemaker.workflow.function_step.step")
    assert isinstance(step, SdkFunction)
    assert step.parameters[:2] == (Parameter("_func", Passed.EITHER, True), Parameter("name", Passed.NAME, True))
    xgboost = sdk_class("sagemaker.xgboost.estimator.XGBoost")
    assert xgboost.parameters[0] == Parameter("entry_point", Passed.EITHER, False)
    assert xgboost.parameters[-1] == Parameter("kwargs", Passed.MORE, False)
    assert xgboost.bases == ("Framework", "EstimatorBase")
    deploy = sdk_class("sagemaker.serve.builder.model_builder.ModelBuilder").method("deploy")
    assert deploy is not None
    assert [one.passed for one in deploy.parameters] == [Passed.REST, Passed.MORE]
    assert {one.passed for one in sdk_class("sagemaker.train.ModelTrainer").parameters} == {Passed.NAME}


def test_a_method_of_an_instance_has_no_self_and_one_of_the_class_has_unless_it_needs_none() -> None:
    assert positional("sagemaker.workflow.pipeline.Pipeline().upsert")[:2] == ("role_arn", "description")
    assert positional("sagemaker.workflow.pipeline.Pipeline.upsert")[:2] == ("self", "role_arn")
    assert positional("sagemaker.estimator.Estimator.attach")[:1] == ("training_job_name",)


@pytest.mark.parametrize(
    ("callee", "names"),
    [
        ("sagemaker.processing.ProcessingInput", "source destination input_name"),
        ("sagemaker.processing.ScriptProcessor().run", "code inputs outputs arguments"),
        ("sagemaker.processing.Processor().run", "inputs outputs arguments"),
        ("sagemaker.sklearn.processing.SKLearnProcessor().run", "code inputs outputs arguments"),
        ("sagemaker.pytorch.PyTorchProcessor().run", "code source_dir dependencies git_config inputs outputs arguments"),
        (
            "sagemaker.spark.processing.PySparkProcessor().run",
            "submit_app submit_py_files submit_jars submit_files inputs",
        ),
        ("sagemaker.workflow.condition_step.ConditionStep", "name depends_on display_name description conditions if_steps else_steps"),
        ("sagemaker.workflow.steps.ProcessingStep", "name step_args processor display_name description inputs outputs job_arguments code"),
        ("sagemaker.workflow.pipeline.Pipeline", "name parameters pipeline_experiment_config steps"),
        ("sagemaker.workflow.functions.JsonGet", "step_name property_file json_path s3_uri"),
        ("sagemaker.transformer.Transformer().transform", "data data_type content_type compression_type split_type"),
        # Version 3 has another order, or none.
        ("sagemaker.mlops.workflow.steps.ProcessingStep", "name step_args display_name description property_files"),
        ("sagemaker.mlops.workflow.pipeline.Pipeline", "name parameters pipeline_experiment_config mlflow_config steps"),
        ("sagemaker.core.processing.FrameworkProcessor().run", "code source_dir dependencies requirements inputs outputs arguments"),
        ("sagemaker.core.shapes.ProcessingInput", ""),
    ],
)
def test_positional_orders(callee: str, names: str) -> None:
    expected = tuple(names.split())
    assert positional(callee)[: len(expected)] == expected
    assert bool(positional(callee)) == bool(expected)


def test_a_name_that_both_versions_have_binds_as_far_as_they_agree() -> None:
    second, third = (sdk_class("sagemaker.serve.ModelBuilder", version) for version in ("2", "3"))
    orders = [[one.name for one in cls.parameters if one.passed is Passed.EITHER] for cls in (second, third)]
    agreed = positional("sagemaker.serve.ModelBuilder")
    assert list(agreed) == orders[0][: len(agreed)] == orders[1][: len(agreed)]
    assert orders[0][: len(agreed) + 1] != orders[1][: len(agreed) + 1]
    assert (second.versions, third.versions) == (("2", "3"), ("3", "2"))


def test_bind() -> None:
    bound = bind("sagemaker.processing.ProcessingInput", [1, 2], {"input_name": 3})
    assert bound == {"source": 1, "destination": 2, "input_name": 3}
    assert bind("sagemaker.workflow.properties.PropertyFile", range(9), {}) == {"name": 0, "output_name": 1, "path": 2}
    assert bind("sagemaker.workflow.function_step.step", [], {"name": "x"}) == {"name": "x"}


def test_names_of_modules() -> None:
    assert set(module_names("sagemaker.workflow.steps")) == {"2"}
    assert {"ProcessingStep", "CacheConfig", "Properties"} <= module_names("sagemaker.workflow.steps")["2"]
    assert "ModelTrainer" in module_names("sagemaker.train")["3"]
    assert not module_names("sagemaker.mlops.pipeline")
    assert set(sdk_versions()) == {"2", "3"}
    assert sdk_versions()["3"]["sagemaker"].startswith("3.")


#: Arguments that the tables give to whole families of classes, and that these do not have.
NOT_THERE = {("SKLearnProcessor", "image_uri"), ("SageMakerClarifyProcessor", "image_uri"), ("AlgorithmEstimator", "image_uri")}


@pytest.mark.parametrize(
    "dotted",
    [
        "sagemaker.processing.ProcessingInput",
        "sagemaker.processing.ProcessingOutput",
        "sagemaker.sklearn.SKLearnProcessor",
        "sagemaker.estimator.Estimator",
        "sagemaker.xgboost.XGBoost",
        "sagemaker.pytorch.PyTorch",
        "sagemaker.algorithm.AlgorithmEstimator",
        "sagemaker.model.Model",
        "sagemaker.pipeline.PipelineModel",
        "sagemaker.transformer.Transformer",
        "sagemaker.inputs.TrainingInput",
        "sagemaker.inputs.TransformInput",
        "sagemaker.workflow.step_collections.RegisterModel",
        "sagemaker.workflow.quality_check_step.QualityCheckStep",
        "sagemaker.lambda_helper.Lambda",
    ],
)
def test_arguments_with_types_are_parameters(dotted: str) -> None:
    cls = sdk_class(dotted)
    taken: set[str] = set()
    for one in (cls, *(sdk_class(base) for base in cls.mro)):
        taken |= {parameter.name for parameter in one.parameters}
        if one.parameters[-1:] and one.parameters[-1].passed is not Passed.MORE:
            break
    assert {(cls.name.rpartition(".")[2], name) for name in set(arguments_of(dotted)) - taken} <= NOT_THERE


def test_every_base_and_every_definition_is_described() -> None:
    raw = msgspec.json.decode(zlib.decompress(make_sdk_signatures.TARGET.read_bytes(), 31))
    for sdk in raw["sdks"].values():
        for name, described in sdk["classes"].items():
            assert set(described.get("mro", ())) <= sdk["classes"].keys(), name
        for module, text in sdk["modules"].items():
            for word in text.split():
                home, colon, names = word.partition(":")
                own = [] if word.startswith(".") else [f"{module}.{word}"]
                for dotted in [f"{home}.{one.partition('>')[0]}" for one in names.split(",")] if colon else own:
                    assert dotted in sdk["classes"] or dotted in sdk["functions"], (module, dotted)


def test_is_made_of_the_same_bytes_again() -> None:
    raw = msgspec.json.decode(zlib.decompress(make_sdk_signatures.TARGET.read_bytes(), 31))
    assert zlib.decompress(make_sdk_signatures.render(raw["sdks"]), 31) == zlib.decompress(make_sdk_signatures.TARGET.read_bytes(), 31)


def test_nothing_is_read_before_it_is_needed() -> None:
    code = "import contract_lint.sagemaker.signatures as s; print(s._sdks.cache_info().currsize)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True).stdout == "0\n"
