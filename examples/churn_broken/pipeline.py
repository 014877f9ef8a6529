"""Puts the subscriber pipeline together."""

from __future__ import annotations

import re
from typing import Any

from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

from churn_broken.builders import BUILDER_MAP
from churn_broken.configs.steps import (
    BaselineTrainingConfig,
    BatchTransformConfig,
    DataLoadingConfig,
    EvaluationConfig,
    PayloadConfig,
    PreprocessingConfig,
    RegistrationConfig,
    SubscriberModelConfig,
    XGBoostTrainingConfig,
)
from churn_broken.framework.dag import PipelineDAG
from churn_broken.settings import PIPELINE_NAME

_PART = re.compile(r"\.(\w+)|\['([^']+)'\]")


def create_dag() -> PipelineDAG:
    dag = PipelineDAG()
    dag.add_node("DataLoading")
    dag.add_node("Preprocessing")
    dag.add_node("XGBoostTraining")
    dag.add_node("BaselineTraining")
    dag.add_node("Evaluation")
    dag.add_node("SubscriberModel")
    dag.add_node("BatchTransform")
    dag.add_node("Payload")
    dag.add_node("Registration")
    dag.add_edge("DataLoading", "Preprocessing")
    dag.add_edge("Preprocessing", "XGBoostTraining")
    dag.add_edge("Preprocessing", "BaselineTraining")
    dag.add_edge("Preprocessing", "Evaluation")
    dag.add_edge("XGBoostTraining", "Evaluation")
    dag.add_edge("BaselineTraining", "Evaluation")
    dag.add_edge("XGBoostTraining", "SubscriberModel")
    dag.add_edge("SubscriberModel", "BatchTransform")
    dag.add_edge("Preprocessing", "BatchTransform")
    dag.add_edge("Preprocessing", "Payload")
    dag.add_edge("XGBoostTraining", "Registration")
    dag.add_edge("Evaluation", "Registration")
    dag.add_edge("Payload", "Registration")
    return dag


def follow(step: Any, property_path: str) -> Any:
    value = step.properties
    for member, key in _PART.findall(property_path.removeprefix("properties")):
        value = value[key] if key else getattr(value, member)
    return value


def get_pipeline(session: PipelineSession, role_arn: str, bucket: str) -> Pipeline:
    account = {"role_arn": role_arn, "bucket": bucket}
    config_map = {
        "DataLoading": DataLoadingConfig(**account),
        "Preprocessing": PreprocessingConfig(**account),
        "XGBoostTraining": XGBoostTrainingConfig(**account),
        "BaselineTraining": BaselineTrainingConfig(**account),
        "Evaluation": EvaluationConfig(**account),
        "SubscriberModel": SubscriberModelConfig(**account),
        "BatchTransform": BatchTransformConfig(**account),
        "Payload": PayloadConfig(**account),
        "Registration": RegistrationConfig(**account),
    }
    dag = create_dag()
    builders = {name: BUILDER_MAP[name](config, session) for name, config in config_map.items()}
    steps: dict[str, Any] = {}
    for name in dag.order():
        parents = dag.parents(name)
        wanted = builders[name].get_input_requirements()
        inputs = {
            output: follow(steps[parent], path)
            for parent in parents
            for output, path in builders[parent].get_property_paths().items()
            if output in wanted
        }
        steps[name] = builders[name].create_step(inputs=inputs, dependencies=[steps[parent] for parent in parents])
    return Pipeline(name=PIPELINE_NAME, steps=list(steps.values()), sagemaker_session=session)
