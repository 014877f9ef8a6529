"""Assembles the churn pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from churn.builders import BUILDER_MAP
from churn.configs import (
    BatchTransformConfig,
    ChurnModelConfig,
    DataLoadingConfig,
    EvaluationConfig,
    PayloadConfig,
    PreprocessingConfig,
    RegistrationConfig,
    XGBoostTrainingConfig,
)
from churn.framework.assembler import PipelineAssembler
from churn.framework.dag import PipelineDAG

if TYPE_CHECKING:
    from sagemaker.workflow.pipeline import Pipeline
    from sagemaker.workflow.pipeline_context import PipelineSession

PIPELINE_NAME = "customer-churn"

NODES = [
    "DataLoading",
    "Preprocessing",
    "XGBoostTraining",
    "Evaluation",
    "ChurnModel",
    "BatchTransform",
    "Payload",
    "Registration",
]

EDGES = [
    ("DataLoading", "Preprocessing"),
    ("Preprocessing", "XGBoostTraining"),
    ("Preprocessing", "Evaluation"),
    ("XGBoostTraining", "Evaluation"),
    ("XGBoostTraining", "ChurnModel"),
    ("Preprocessing", "BatchTransform"),
    ("ChurnModel", "BatchTransform"),
    ("Preprocessing", "Payload"),
    ("XGBoostTraining", "Registration"),
    ("Evaluation", "Registration"),
    ("Payload", "Registration"),
]


def get_pipeline(session: PipelineSession, role_arn: str, bucket: str, export_uri: str, region: str = "eu-west-1") -> Pipeline:
    """The pipeline as an SDK object; nothing is started and nothing is sent but the scripts."""
    place = {"role_arn": role_arn, "bucket": bucket, "region": region, "pipeline_name": PIPELINE_NAME}
    config_map = {
        "DataLoading": DataLoadingConfig(**place, export_uri=export_uri),
        "Preprocessing": PreprocessingConfig(**place),
        "XGBoostTraining": XGBoostTrainingConfig(**place),
        "Evaluation": EvaluationConfig(**place),
        "ChurnModel": ChurnModelConfig(**place),
        "BatchTransform": BatchTransformConfig(**place),
        "Payload": PayloadConfig(**place),
        "Registration": RegistrationConfig(**place),
    }
    dag = PipelineDAG(nodes=NODES, edges=EDGES)
    return PipelineAssembler(dag, config_map, BUILDER_MAP, session).assemble(PIPELINE_NAME)
