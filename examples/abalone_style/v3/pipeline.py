"""Tomorrow's heating demand of a building: a pipeline for version 3 of the SageMaker SDK."""

from pathlib import Path

from sagemaker.core import image_uris
from sagemaker.core.model_metrics import MetricsSource, ModelMetrics
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output
from sagemaker.core.workflow.conditions import ConditionLessThanOrEqualTo
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.steps import CacheConfig, ProcessingStep, TrainingStep
from sagemaker.serve import ModelBuilder
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, SourceCode

JOBS = Path(__file__).resolve().parent.parent / "jobs"


def read_from(name: str, uri: object, folder: str) -> ProcessingInput:
    """An input whose files stand in a folder of the container."""
    return ProcessingInput(
        input_name=name,
        s3_input=ProcessingS3Input(s3_uri=uri, local_path=folder, s3_data_type="S3Prefix", s3_input_mode="File"),
    )


def write_to(name: str, uri: str, folder: str) -> ProcessingOutput:
    """An output that is uploaded from a folder of the container when the job ends."""
    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(s3_uri=uri, local_path=folder, s3_upload_mode="EndOfJob"),
    )


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
    region = session.boto_region_name
    xgboost = image_uris.retrieve("xgboost", region, version="1.7-1")

    sklearn = ScriptProcessor(
        image_uri=image_uris.retrieve("sklearn", region, version="1.2-1", instance_type="ml.m5.large"),
        command=["python3"],
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
            inputs=[read_from("readings", readings, "/opt/ml/processing/input")],
            outputs=[
                write_to("train", f"s3://{bucket}/heating/train", "/opt/ml/processing/output/train"),
                write_to("validation", f"s3://{bucket}/heating/validation", "/opt/ml/processing/output/validation"),
                write_to("test", f"s3://{bucket}/heating/test", "/opt/ml/processing/output/test"),
            ],
            arguments=["--holdout-percent", "20"],
        ),
        cache_config=cache,
    )
    sets = preprocess.properties.ProcessingOutputConfig.Outputs

    trainer = ModelTrainer(
        training_image=xgboost,
        source_code=SourceCode(source_dir=str(JOBS), entry_script="train.py"),
        compute=Compute(instance_type=training_type, instance_count=1),
        hyperparameters={"max-depth": 6, "eta": 0.15, "num-round": 120},
        output_data_config=OutputDataConfig(s3_output_path=f"s3://{bucket}/heating/models"),
        role=role,
        base_job_name="heating-train",
        sagemaker_session=session,
    )
    train = TrainingStep(
        name="Train",
        step_args=trainer.train(
            input_data_config=[
                InputData(channel_name="train", data_source=sets["train"].S3Output.S3Uri, content_type="text/csv"),
                InputData(channel_name="validation", data_source=sets["validation"].S3Output.S3Uri, content_type="text/csv"),
            ]
        ),
        cache_config=cache,
    )
    artifacts = train.properties.ModelArtifacts.S3ModelArtifacts

    evaluator = ScriptProcessor(
        image_uri=xgboost,
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
                read_from("model", artifacts, "/opt/ml/processing/model"),
                read_from("test", sets["test"].S3Output.S3Uri, "/opt/ml/processing/test"),
            ],
            outputs=[write_to("report", f"s3://{bucket}/heating/report", "/opt/ml/processing/report")],
        ),
        property_files=[report],
        cache_config=cache,
    )

    reports = evaluate.properties.ProcessingOutputConfig.Outputs["report"].S3Output.S3Uri
    metrics = ModelMetrics(
        model_statistics=MetricsSource(s3_uri=Join(on="/", values=[reports, "evaluation.json"]), content_type="application/json")
    )
    builder = ModelBuilder(image_uri=xgboost, s3_model_data_url=artifacts, role_arn=role, sagemaker_session=session)
    register = ModelStep(
        name="Register",
        step_args=builder.register(
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
