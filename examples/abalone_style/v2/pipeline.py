"""Tomorrow's heating demand of a building: a pipeline for version 2 of the SageMaker SDK."""

from pathlib import Path

from sagemaker import image_uris
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep
from sagemaker.xgboost import XGBoost

JOBS = Path(__file__).resolve().parent.parent / "jobs"
XGBOOST_VERSION = "1.7-1"


def get_pipeline(session: PipelineSession, role: str, bucket: str) -> Pipeline:
    """The pipeline; ``session`` must be a PipelineSession, so that no job starts before the pipeline does."""
    readings = ParameterString(name="MeterReadings", default_value=f"s3://{bucket}/heating/readings")
    processing_count = ParameterInteger(name="ProcessingInstanceCount", default_value=1)
    training_type = ParameterString(name="TrainingInstanceType", default_value="ml.m5.xlarge")
    approval = ParameterString(
        name="ApprovalStatus", default_value="PendingManualApproval", enum_values=["PendingManualApproval", "Approved"]
    )
    largest_error = ParameterFloat(name="LargestError", default_value=4.5)
    cache = CacheConfig(enable_caching=True, expire_after="P14D")

    sklearn = SKLearnProcessor(
        framework_version="1.2-1",
        role=role,
        instance_type="ml.m5.large",
        instance_count=processing_count,
        base_job_name="heating-preprocess",
        sagemaker_session=session,
    )
    preprocess = ProcessingStep(
        name="Preprocess",
        step_args=sklearn.run(
            code=str(JOBS / "preprocess.py"),
            inputs=[ProcessingInput(source=readings, destination="/opt/ml/processing/input", input_name="readings")],
            outputs=[
                ProcessingOutput(output_name="train", source="/opt/ml/processing/output/train"),
                ProcessingOutput(output_name="validation", source="/opt/ml/processing/output/validation"),
                ProcessingOutput(output_name="test", source="/opt/ml/processing/output/test"),
            ],
            arguments=["--holdout-percent", "20"],
        ),
        cache_config=cache,
    )
    sets = preprocess.properties.ProcessingOutputConfig.Outputs

    estimator = XGBoost(
        entry_point="train.py",
        source_dir=str(JOBS),
        framework_version=XGBOOST_VERSION,
        hyperparameters={"max-depth": 6, "eta": 0.15, "num-round": 120},
        role=role,
        instance_type=training_type,
        instance_count=1,
        output_path=f"s3://{bucket}/heating/models",
        base_job_name="heating-train",
        sagemaker_session=session,
    )
    train = TrainingStep(
        name="Train",
        step_args=estimator.fit(
            {
                "train": TrainingInput(sets["train"].S3Output.S3Uri, content_type="text/csv"),
                "validation": TrainingInput(sets["validation"].S3Output.S3Uri, content_type="text/csv"),
            }
        ),
        cache_config=cache,
    )
    artifacts = train.properties.ModelArtifacts.S3ModelArtifacts

    image = image_uris.retrieve("xgboost", session.boto_region_name, version=XGBOOST_VERSION)
    evaluator = ScriptProcessor(
        image_uri=image,
        command=["python3"],
        role=role,
        instance_type="ml.m5.large",
        instance_count=1,
        base_job_name="heating-evaluate",
        sagemaker_session=session,
    )
    report = PropertyFile(name="EvaluationReport", output_name="report", path="evaluation.json")
    evaluate = ProcessingStep(
        name="Evaluate",
        step_args=evaluator.run(
            code=str(JOBS / "evaluate.py"),
            inputs=[
                ProcessingInput(source=artifacts, destination="/opt/ml/processing/model", input_name="model"),
                ProcessingInput(source=sets["test"].S3Output.S3Uri, destination="/opt/ml/processing/test", input_name="test"),
            ],
            outputs=[ProcessingOutput(output_name="report", source="/opt/ml/processing/report")],
        ),
        property_files=[report],
        cache_config=cache,
    )

    reports = evaluate.properties.ProcessingOutputConfig.Outputs["report"].S3Output.S3Uri
    metrics = ModelMetrics(
        model_statistics=MetricsSource(s3_uri=Join(on="/", values=[reports, "evaluation.json"]), content_type="application/json")
    )
    model = Model(image_uri=image, model_data=artifacts, role=role, sagemaker_session=session)
    register = ModelStep(
        name="Register",
        step_args=model.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.xlarge"],
            model_package_group_name="heating-demand",
            approval_status=approval,
            model_metrics=metrics,
        ),
    )
    reject = FailStep(name="Reject", error_message=Join(on=" ", values=["The error is larger than", largest_error]))
    good_enough = ConditionLessThanOrEqualTo(
        left=JsonGet(step_name=evaluate.name, property_file=report, json_path="regression_metrics.rmse.value"),
        right=largest_error,
    )
    decide = ConditionStep(name="IsGoodEnough", conditions=[good_enough], if_steps=[register], else_steps=[reject])

    return Pipeline(
        name="HeatingDemand",
        parameters=[readings, processing_count, training_type, approval, largest_error],
        steps=[preprocess, train, evaluate, decide],
        sagemaker_session=session,
    )
