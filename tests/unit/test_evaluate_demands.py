"""What a builder demands of its inputs, and what it takes instead: requiredness by the code."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from contract_lint.analysis import analyse
from contract_lint.config import Config
from contract_lint.model.contract import Port

BUILDER = """
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase

FIXED = "s3://example-bucket/data"


class TrainStepBuilder(StepBuilderBase):
    def __init__(self, config=None):
        self.config = config

    def get_input_requirements(self):
        return {{"data": {description!r}}}

    def get_output_properties(self):
        return {{}}

    def create_step(self, inputs, dependencies=None):
{body}
        return ProcessingStep(name="Train", processor=self.processor(), inputs=[data])
"""


def port(folder: Path, body: str, description: str = "S3 path of the data") -> Port:
    text = BUILDER.format(description=description, body=textwrap.indent(textwrap.dedent(body).strip(), " " * 8))
    (folder / "builders.py").write_text(text, encoding="utf-8")
    (contract,) = analyse(folder, [folder], Config()).project.contracts
    (found,) = contract.inputs
    return found


@pytest.mark.parametrize(
    "body",
    [
        'data = inputs["data"]',
        'if "data" not in inputs:\n    raise ValueError("no data")\ndata = inputs["data"]',
        'data = inputs.get("data")\nif data is None:\n    raise ValueError("no data")',
        'missing = [name for name in ["data"] if name not in inputs]\nif missing:\n    raise ValueError()\ndata = inputs.get("data")',
    ],
)
def test_what_the_code_fails_without_is_required_whatever_is_said(tmp_path: Path, body: str) -> None:
    assert port(tmp_path, body).required
    assert port(tmp_path, body, "Optional S3 path of the data").required


def test_a_loop_over_the_requirements_demands_what_they_do_not_call_optional(tmp_path: Path) -> None:
    body = """
    for name, text in self.get_input_requirements().items():
        if "optional" not in text.lower() and name not in inputs:
            raise ValueError(name)
    data = inputs.get("data")
    """
    assert port(tmp_path, body).required
    assert not port(tmp_path, body, "Optional S3 path of the data").required


@pytest.mark.parametrize(
    ("body", "fallback", "external"),
    [
        ('data = inputs.get("data")', None, None),
        ('data = inputs["data"] if "data" in inputs else None', None, None),
        ('data = inputs.get("data", "s3://example-bucket/data")', "s3://example-bucket/data", "a default in the code"),
        ('data = inputs.get("data", FIXED)', "s3://example-bucket/data", "a default in the code"),
        ('data = inputs.get("data", None)', None, None),
        ('data = inputs.get("data")\ninputs["data"] = data or FIXED', None, "its builder may fill it in itself"),
    ],
)
def test_what_the_code_only_asks_for_is_not(tmp_path: Path, body: str, fallback: str | None, external: str | None) -> None:
    found = port(tmp_path, body)
    assert not found.required
    assert (found.fallback.text if found.fallback is not None else None) == fallback
    assert found.external == external


def test_a_condition_on_something_else_leaves_what_the_description_says(tmp_path: Path) -> None:
    body = 'if self.config.strict and "data" not in inputs:\n    raise ValueError("no data")\ndata = inputs.get("data")'
    assert port(tmp_path, body).required
    assert not port(tmp_path, body, "Optional S3 path of the data").required
