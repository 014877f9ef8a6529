"""The built wheel holds what the tree holds, and works from there."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

import pytest
from snapshot import clean_environment, copy_project

import contract_lint

pytestmark = pytest.mark.slow

LOAD_ALL = """
import importlib, pkgutil, sys
sys.path.insert(0, sys.argv[1])
import contract_lint
rules = importlib.import_module("contract_lint.rules")
assert contract_lint.__file__.startswith(sys.argv[1]), contract_lint.__file__
for module in pkgutil.walk_packages(rules.__path__, "contract_lint.rules."):
    loaded = importlib.import_module(module.name)
    assert loaded.__file__.startswith(sys.argv[1]), loaded.__file__
    print(module.name)
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(target), str(tree)]
    built = subprocess.run(command, env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")
    assert built.returncode == 0, built.stdout
    (found,) = target.glob("*.whl")
    return found


def files_below(folder: Path, prefix: str) -> set[str]:
    """The files that a package is made of, as the wheel names them."""
    kept = (path for path in folder.rglob("*") if path.is_file() and (path.suffix in {".py", ".json", ".gz"} or path.name == "py.typed"))
    return {str(PurePosixPath(prefix, path.relative_to(folder).as_posix())) for path in kept if "__pycache__" not in path.parts}


def test_the_wheel_holds_all_rules_and_all_of_the_engine(tree: Path, wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    rules = files_below(tree / "rules", "contract_lint/rules")

    assert any("cl201" in name for name in rules)
    assert {name for name in names if name.startswith("contract_lint/rules/")} == rules
    assert names == rules | files_below(tree / "contract_lint", "contract_lint")


@pytest.mark.parametrize(
    "name",
    [
        "py.typed",
        "sagemaker/service_model.json",
        "sagemaker/data/sdk_signatures.json.gz",
        "report/report.schema.json",
        "report/why.schema.json",
        "report/resolve.schema.json",
        "report/graph/graph.schema.json",
    ],
)
def test_the_wheel_holds_the_data(wheel: Path, name: str) -> None:
    assert f"contract_lint/{name}" in zipfile.ZipFile(wheel).namelist()


def test_every_rule_module_loads_from_the_wheel(tree: Path, wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    ran = subprocess.run([sys.executable, "-I", "-c", LOAD_ALL, str(tmp_path)], capture_output=True, encoding="utf-8")
    assert ran.returncode == 0, ran.stderr

    paths = {name.removesuffix(".py").removesuffix("/__init__") for name in files_below(tree / "rules", "contract_lint/rules")}
    assert set(ran.stdout.split()) == {path.replace("/", ".") for path in paths} - {"contract_lint.rules"}


def test_the_metadata_agrees_with_the_code(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        folder = f"pipeline_contract_lint-{contract_lint.__version__}.dist-info"
        metadata = HeaderParser().parsestr(archive.read(f"{folder}/METADATA").decode())
        scripts = archive.read(f"{folder}/entry_points.txt").decode()
    assert metadata["Name"] == "pipeline-contract-lint"
    assert metadata["Version"] == contract_lint.__version__
    assert metadata["License-Expression"] == "Apache-2.0"
    assert "contract-lint = contract_lint.cli:console" in scripts
