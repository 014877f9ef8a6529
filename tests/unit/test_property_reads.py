"""The SDK's own verdicts on properties that code reads: what it rejects is an error at the place, what it accepts is none."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import TypedDict

import pytest

from contract_lint.engine import check, load_rules, select
from contract_lint.run import Request, read


class Case(TypedDict):
    """One path on one step of the SDK: what it raised, and what sort of case it is."""

    kind: str
    path: str
    error: str | None
    category: str


CASES: list[Case] = json.loads((Path(__file__).parent.parent / "data" / "property_cases.json").read_text(encoding="utf-8"))
#: What is no Python: the paths of step builders' texts, and a name that stands for a variable.
NO_CODE = ("valid:string-form", "near:unquoted-name")
#: What the SDK accepts, and we report.
STRICTER = {
    "odd:negative-index": "CL212",
    "odd:int-index-on-map": "CL212",
    "odd:none-index": "CL212",
    "odd:index-out-of-range": "CL212",
    "odd:undeclared-output": "CL204",
}
HEADER = """
from sagemaker.processing import ProcessingOutput, ScriptProcessor
from sagemaker.workflow.automl_step import AutoMLStep
from sagemaker.workflow.callback_step import CallbackOutput, CallbackStep
from sagemaker.workflow.clarify_check_step import ClarifyCheckStep
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.emr_step import EMRStep
from sagemaker.workflow.endpoint_config_step import EndpointConfigStep
from sagemaker.workflow.endpoint_step import EndpointStep
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.inference_component_step import InferenceComponentStep
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.monitor_batch_transform_step import MonitorBatchTransformStep
from sagemaker.workflow.notebook_job_step import NotebookJobStep
from sagemaker.workflow.step_collections import RegisterModel
from sagemaker.workflow.steps import CreateModelStep, ProcessingStep, TrainingStep, TransformStep, TuningStep
from sagemaker.model import Model

model = Model()
use = print
"""
#: The cases' names of steps -> how code makes one; the names of outputs stand behind a colon.
MADE = {
    "automl": "AutoMLStep(name='{name}')",
    "callback": "CallbackStep(name='{name}', outputs=[{outputs}])",
    "clarify_check": "ClarifyCheckStep(name='{name}')",
    "condition": "ConditionStep(name='{name}')",
    "create_model": "CreateModelStep(name='{name}', model=model)",
    "emr": "EMRStep(name='{name}', cluster_id='j-1')",
    "emr_cluster_config": "EMRStep(name='{name}', cluster_id=None, cluster_config={{}})",
    "endpoint": "EndpointStep(name='{name}')",
    "endpoint_config": "EndpointConfigStep(name='{name}')",
    "fail": "FailStep(name='{name}')",
    "inference_component": "InferenceComponentStep(name='{name}')",
    "lambda": "LambdaStep(name='{name}', outputs=[{outputs}])",
    "model_step_create": "ModelStep(name='{name}', step_args=model.create())",
    "model_step_register": "ModelStep(name='{name}', step_args=model.register())",
    "monitor_batch_transform": "MonitorBatchTransformStep(name='{name}')",
    "notebook_job": "NotebookJobStep(name='{name}')",
    "processing": "ProcessingStep(name='{name}', processor=ScriptProcessor(), outputs=[{outputs}])",
    "register_model": "RegisterModel(name='{name}')",
    "training": "TrainingStep(name='{name}')",
    "transform": "TransformStep(name='{name}')",
    "tuning": "TuningStep(name='{name}')",
}
OUTPUTS = {
    "lambda": "LambdaOutput(output_name='{0}')",
    "callback": "CallbackOutput(output_name='{0}')",
    "processing": "ProcessingOutput(output_name='{0}')",
}


def _made(kind: str, number: int) -> str:
    base, _, names = kind.partition(":")
    outputs = ", ".join(OUTPUTS[base].format(name) for name in names.split(",")) if names else "*outputs()"
    return MADE[base].format(name=f"Step{number}", outputs=outputs)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, str]]:
    """The errors and warnings on the case of each number: ids of rules and messages."""
    root = tmp_path_factory.mktemp("reads")
    steps = {kind: f"step{number}" for number, kind in enumerate(sorted({case["kind"] for case in CASES}))}
    lines = HEADER.splitlines() + [f"{name} = {_made(kind, number)}" for number, (kind, name) in enumerate(steps.items())]
    places: dict[int, int] = {}
    for number, case in enumerate(CASES):
        if case["category"] not in NO_CODE:
            lines.append(f"use({steps[case['kind']]}.properties.{case['path']})")
            places[len(lines)] = number
    (root / "pipeline.py").write_text("\n".join(lines) + "\n", encoding="utf-8")
    reading = read(Request(paths=(root,), root=root, isolated=True))
    by_case: dict[int, dict[str, str]] = defaultdict(dict)
    for finding in check(reading.whole, select(load_rules(), select=["CL2"]), reading.scope).findings:
        by_case[places[finding.span.line]][finding.rule] = finding.message
    return by_case


@pytest.mark.parametrize("number", [n for n, case in enumerate(CASES) if case["category"] not in NO_CODE], ids=lambda n: CASES[n]["path"])
def test_what_the_sdk_says(number: int, found: dict[int, dict[str, str]]) -> None:
    case = CASES[number]
    rules = set(found.get(number, ()))
    if case["error"] is not None:
        assert len(rules) == 1 and rules <= {"CL201", "CL202", "CL206", "CL214", "CL216"}
    elif case["category"] in STRICTER:
        assert rules == {STRICTER[case["category"]]}
    else:
        assert rules <= {"CL205"}
