"""The pre-commit hook as users get it: pre-commit clones a commit of this tree, builds it and runs it in their repository."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from snapshot import clean_environment, commit_all, copy_project

pytestmark = pytest.mark.slow

BUILDER = '''\
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    """Trains the model."""

    def get_input_requirements(self):
        return {"input_path": "S3 prefix of the training data"}

    def get_output_properties(self):
        return {"model_output": "S3 location of the model", "metrics": "the final metrics"}

    def create_step(self, **kwargs):
        return TrainingStep(name="Training", step_args=self.estimator.fit(inputs=kwargs["inputs"]))


StepBuilderBase.register_property_path("TrainingStep", "model_output", "properties.ModelArtifacts.S3ModelArtifacts")
StepBuilderBase.register_property_path("TrainingStep", "metrics", "properties.@METRICS@")
'''
IMPORTS = "from sagemaker.workflow.steps import TrainingStep\n"
NO_BUILDER = "def main():\n    return 0\n"


@pytest.fixture(scope="module")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return commit_all(copy_project(tmp_path_factory.mktemp("hook")))


def try_repository(hook_repository: Path, user: Path, **files: str) -> subprocess.CompletedProcess[str]:
    """Run the hook in a new repository that holds ``files`` (module name to text)."""
    user.mkdir()
    for name, text in files.items():
        (user / f"{name}.py").write_text(text, encoding="utf-8")
    commit_all(user)
    command = [
        sys.executable,
        "-m",
        "pre_commit",
        "try-repo",
        str(hook_repository),
        "contract-lint",
        "--all-files",
        "--color=never",
        "--verbose",
    ]
    return subprocess.run(command, cwd=user, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")


def test_a_broken_builder_fails_and_the_finding_is_shown(hook_repository: Path, tmp_path: Path) -> None:
    broken = IMPORTS + BUILDER.replace("@METRICS@", "TrainingMetrics")
    ran = try_repository(hook_repository, tmp_path / "user", builder_training=broken, unrelated=NO_BUILDER)

    assert ran.returncode == 1, ran.stdout
    assert "- exit code: 1" in ran.stdout
    line = next(number for number, text in enumerate(broken.splitlines(), start=1) if "TrainingMetrics" in text)
    assert re.search(rf"^builder_training\.py:{line}:\d+: error\[CL201\]", ran.stdout, flags=re.MULTILINE)
    assert "FinalMetricDataList" in ran.stdout


def test_a_clean_builder_passes_with_proof_of_work(hook_repository: Path, tmp_path: Path) -> None:
    clean = IMPORTS + BUILDER.replace("@METRICS@", "FinalMetricDataList['auc'].Value")
    ran = try_repository(hook_repository, tmp_path / "user", builder_training=clean)

    assert ran.returncode == 0, ran.stdout
    assert "Passed" in ran.stdout
    assert "checked 1 step in 1 file" in ran.stdout


def test_nothing_to_check_fails_and_says_so(hook_repository: Path, tmp_path: Path) -> None:
    ran = try_repository(hook_repository, tmp_path / "user", unrelated=NO_BUILDER)

    assert ran.returncode == 1, ran.stdout
    assert "- exit code: 2" in ran.stdout
    assert "nothing to check" in ran.stdout
