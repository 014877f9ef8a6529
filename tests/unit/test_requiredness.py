"""Whether an input is required, by what ``create_step`` does with it; and what the code takes where nobody gives it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from contract_lint.analysis import analyse
from contract_lint.config import Config
from contract_lint.model.contract import Port

# What it makes of the data is not followed, so that nobody sees what becomes of all inputs.
BUILDER = """
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {{"data": {description!r}}}

    def get_output_properties(self):
        return {{}}

    def create_step(self, inputs, dependencies=None):
{body}
        return TrainingStep(name="Train", step_args=self.fit(data))
"""
FIXED = "s3://example-bucket/data"


def port(folder: Path, body: str, description: str = "S3 path of the data") -> Port:
    text = BUILDER.format(description=description, body=textwrap.indent(textwrap.dedent(body).strip(), " " * 8))
    (folder / "builders.py").write_text(text, encoding="utf-8")
    (contract,) = analyse(folder, [folder], Config()).project.contracts
    assert contract.hands_inputs_on
    (found,) = contract.inputs
    return found


@pytest.mark.parametrize(
    "body",
    [
        f'data = inputs.get("data") or "{FIXED}"',
        f'data = inputs["data"] if "data" in inputs else "{FIXED}"',
        f'data = inputs.get("data")\ndata = data if data else "{FIXED}"',
        f'if "data" in inputs:\n    data = inputs["data"]\nelse:\n    data = "{FIXED}"',
        f'data = inputs.get("data")\nif data is None:\n    data = "{FIXED}"',
        f'data = "{FIXED}"\nif "data" in inputs:\n    data = inputs["data"]',
        f'inputs.setdefault("data", "{FIXED}")\ndata = inputs["data"]',
        f'data = inputs.pop("data", "{FIXED}")',
    ],
)
def test_what_stands_in_for_an_input_is_its_fallback(tmp_path: Path, body: str) -> None:
    found = port(tmp_path, body)
    assert (found.required, found.external) == (False, "a default in the code")
    assert found.fallback is not None and found.fallback.text == FIXED
    line = (tmp_path / "builders.py").read_text(encoding="utf-8").splitlines()[found.fallback.span.line - 1]
    assert line[found.fallback.span.column - 1 :].startswith(f'"{FIXED}"')


@pytest.mark.parametrize(
    "body",
    [
        'try:\n    data = inputs["data"]\nexcept KeyError:\n    data = None',
        'data = inputs["data"] if "data" in inputs else None',
        'data = {name: inputs[name] for name in ("data",) if name in inputs}',
        'data = inputs.get("data")\nif data:\n    self.log(data)',
    ],
)
def test_what_the_code_goes_on_without_is_not_required(tmp_path: Path, body: str) -> None:
    found = port(tmp_path, body)
    assert (found.required, found.fallback, found.external) == (False, None, None)


def test_what_is_taken_as_it_comes_is_as_described(tmp_path: Path) -> None:
    assert port(tmp_path, 'data = inputs.get("data")').required
    assert not port(tmp_path, 'data = inputs.get("data")', "Optional S3 path of the data").required


@pytest.mark.parametrize("check", ["not self.complete(inputs)", "self.complete(inputs) is False"])
def test_a_check_that_is_not_understood_leaves_what_is_described(tmp_path: Path, check: str) -> None:
    body = f"""
        if {check}:
            raise ValueError("an input is missing")
        data = inputs.get("data")
    """
    method = '    def complete(self, inputs):\n        return all(name in inputs for name in ("data",))\n'
    text = BUILDER.format(description="S3 path", body=textwrap.indent(textwrap.dedent(body).strip(), " " * 8)) + "\n" + method
    (tmp_path / "builders.py").write_text(text, encoding="utf-8")
    (contract,) = analyse(tmp_path, [tmp_path], Config()).project.contracts
    assert contract.inputs[0].required


def test_an_assertion_demands(tmp_path: Path) -> None:
    assert port(tmp_path, 'assert "data" in inputs\ndata = inputs.get("data")', "Optional S3 path of the data").required


def test_a_test_for_something_else_makes_no_fallback(tmp_path: Path) -> None:
    found = port(tmp_path, f'data = inputs.get("data")\nif self.dry_run:\n    data = "{FIXED}"')
    assert found.fallback is None


def test_what_the_builder_may_fill_in_itself_has_no_fallback(tmp_path: Path) -> None:
    found = port(tmp_path, f'if self.known:\n    inputs["data"] = self.known\ndata = inputs.get("data", "{FIXED}")')
    assert (found.required, found.fallback, found.external) == (False, None, "its builder may fill it in itself")
