"""``contract-lint init`` on projects of several layouts: what it finds, what it writes, and that a run is no worse for it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import tomli

from contract_lint.cli import main
from contract_lint.config import load_config
from contract_lint.run import Request, Run, read, run

PROJECTS = Path(__file__).parent / "fixtures" / "projects"

BUILDER = """\
from acme.steps import PipelineStep
from sagemaker.workflow.steps import TrainingStep


class Train(PipelineStep):
    def get_output_properties(self):
        return {"model": "S3 location of the model"}

    def create_step(self, inputs):
        return TrainingStep(name="train", step_args=self.estimator.fit(inputs))
"""
PLAIN = """\
from acme.steps import PipelineStep
from sagemaker.workflow.steps import ProcessingStep


class PrepareBuilder(PipelineStep):
    def create_step(self, inputs):
        return ProcessingStep(name="prepare", step_args=self.processor.run())
"""
RETIRED = BUILDER.replace("PipelineStep", "StepBuilderBase")


def copied(style: str, target: Path) -> Path:
    ignored = shutil.ignore_patterns("expected.txt", "__pycache__")
    return Path(shutil.copytree(PROJECTS / style / "clean", target / style, ignore=ignored))


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


def outcome(root: Path) -> Run:
    return run(Request(paths=(root,)))


def builders(root: Path, *, isolated: bool = False) -> list[str]:
    return [contract.class_name for contract in read(Request(paths=(root,), root=root, isolated=isolated)).project.contracts]


@pytest.fixture
def flat(tmp_path: Path) -> Path:
    """Builders whose base is not known, among files that are none of the project's own."""
    return write(
        tmp_path,
        {
            "train.py": BUILDER,
            "prepare.py": PLAIN,
            "templates/builder.py": "class {Name}StepBuilder:\n    def get_output_properties(self): ...\n",
            "vendor/yamlish/__init__.py": "VERSION = 1\n",
            "archive/old_train.py": RETIRED,
            "api/step_pb2.py": "DESCRIPTOR = None\n",
            "tests/test_train.py": "def test_it(): ...\n",
            "train_backup.py": BUILDER,
        },
    )


def test_a_src_layout_with_a_pyproject(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = copied("src_layout", tmp_path)
    before, seen = (root / "pyproject.toml").read_bytes(), outcome(root)
    assert main(["init", str(root)]) == 0
    out = capsys.readouterr().out
    assert "imports: start from src (loan_steps)\n" in out
    assert "framework: StepBuilderBase of this project, 7 builder classes: known already\n" in out
    assert out.endswith(f"wrote to {root / 'pyproject.toml'}\n")
    after = (root / "pyproject.toml").read_bytes()
    assert after.startswith(before + b"\n[tool.contract-lint]\n") and not (root / "contract-lint.toml").exists()
    loaded = load_config(root)
    assert (loaded.path, loaded.config.src, loaded.config.exclude) == (root / "pyproject.toml", ("src",), ())
    assert outcome(root).report.findings == seen.report.findings
    assert outcome(root).report.summary == seen.report.summary


def test_a_flat_layout_with_an_unknown_framework(flat: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert builders(flat, isolated=True) == ["Train"] and "CL001" in {f.rule for f in outcome(flat).report.findings}
    assert main(["init", str(flat)]) == 0
    out = capsys.readouterr().out
    for line in (
        "imports: start from the project root, or are relative",
        "framework: PipelineStep of acme.steps, 2 builder classes: added to builder-bases",
        "templates: templates/** (1 file): excluded",
        "code of others: vendor/** (1 file): excluded",
        "generated code: **/*_pb2.py (1 file): excluded",
        "retired code: archive/** (1 file): kept, 1 step builder in there",
        "tests, backups and copies: tests (1 file), train_backup.py (1 file): reported only when named",
        "step builders: 3 classes, 2 of them by this configuration",
        f"wrote {flat / 'contract-lint.toml'}",
    ):
        assert f"{line}\n" in out
    text = (flat / "contract-lint.toml").read_text(encoding="utf-8")
    assert '    # "archive/**", # retired code, 1 file: kept, 1 step builder in there\n' in text
    config = load_config(flat).config
    assert config.builder_bases[-1] == "PipelineStep"
    assert config.exclude == ("**/*_pb2.py", "templates/**", "vendor/**")
    assert builders(flat) == ["Train", "PrepareBuilder", "Train"]
    assert "CL001" not in {f.rule for f in outcome(flat).report.findings}


def test_namespace_packages_with_a_base_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = copied("namespace", tmp_path)
    seen = builders(root)
    assert main(["init", str(root)]) == 0
    assert "framework: DemandStepBuilder of this project, 4 builder classes: added to builder-bases\n" in capsys.readouterr().out
    assert load_config(root).config.builder_bases[-1] == "DemandStepBuilder"
    assert builders(root) == seen and outcome(root).report.findings == ()


def test_several_source_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(
        tmp_path,
        {
            "packages/core/src/acme_core/__init__.py": "",
            "packages/core/src/acme_core/names.py": 'MODEL = "model"\n',
            "packages/train/src/acme_train/__init__.py": "",
            "packages/train/src/acme_train/builder.py": f"from acme_core.names import MODEL\n{RETIRED}",
        },
    )
    assert main(["init", str(tmp_path)]) == 0
    assert load_config(tmp_path).config.src == ("packages/core/src",)
    assert builders(tmp_path) == ["Train"]


def test_a_class_that_is_extended_stays_a_builder(tmp_path: Path) -> None:
    child = "from train import Train\n\n\nclass Tune(Train):\n    def get_output_properties(self):\n        return {}\n"
    first = BUILDER.replace("(PipelineStep)", "").replace("def create_step", "def get_input_requirements(self): ...\n\n    def create_step")
    write(tmp_path, {"train.py": first, "tune.py": child})
    seen = builders(tmp_path)
    assert main(["init", str(tmp_path)]) == 0
    assert seen == builders(tmp_path) == ["Train", "Tune"]


def test_a_dry_run_writes_nothing(flat: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(flat.rglob("*"))
    assert main(["init", "--dry-run", str(flat)]) == 0
    shown = capsys.readouterr().out.partition("would write to contract-lint.toml:\n\n")[2]
    assert sorted(flat.rglob("*")) == files
    assert main(["init", str(flat)]) == 0
    assert (flat / "contract-lint.toml").read_text(encoding="utf-8") == shown


@pytest.mark.parametrize(
    ("name", "text"),
    [("contract-lint.toml", 'fail-on = "note"\n'), ("pyproject.toml", "[tool.contract-lint]\n"), ("contract-lint.toml", "")],
)
def test_what_exists_is_not_overwritten(name: str, text: str, flat: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(flat, {name: text})
    for args in (["init", str(flat)], ["init", "--dry-run", str(flat)]):
        assert main(args) == 2
        assert f"{flat / name} holds a configuration already" in capsys.readouterr().err
    assert (flat / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("text", ["tool = {black = {line-length = 100}}\n", "[tool.black\n"])
def test_a_pyproject_that_takes_no_table_is_left_alone(text: str, flat: Path) -> None:
    write(flat, {"pyproject.toml": text})
    assert main(["init", str(flat)]) == 0
    assert (flat / "pyproject.toml").read_text(encoding="utf-8") == text
    assert load_config(flat).path == flat / "contract-lint.toml"


@pytest.mark.parametrize("before", [b"[project]\r\nname = 'x'\r\n", b"[project]\nname = 'x'", b"# caf\xc3\xa9\n[tool.black]\n", b""])
def test_the_rest_of_a_pyproject_stays_as_it_is(before: bytes, flat: Path) -> None:
    (flat / "pyproject.toml").write_bytes(before)
    assert main(["init", str(flat)]) == 0
    after = (flat / "pyproject.toml").read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in before) == (b"\r\n" in after) and after.count(b"\r\n") in (0, after.count(b"\n"))
    assert tomli.loads(after.decode())["tool"]["contract-lint"]["builder-bases"] == ["PipelineStep"]


def test_without_a_path_it_is_the_project_root(flat: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "-q", str(flat)], check=True)
    monkeypatch.chdir(flat / "vendor")
    assert main(["init"]) == 0
    assert (flat / "contract-lint.toml").exists()


def test_a_project_without_builders_is_told_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {"app.py": "x = 1\n"})
    assert main(["init", str(tmp_path)]) == 0
    assert "step builders: none was found" in capsys.readouterr().out
    load_config(tmp_path)


def test_pipelines_without_builders_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = "from sagemaker.workflow.fail_step import FailStep\nfrom sagemaker.workflow.pipeline import Pipeline\n\n"
    write(tmp_path, {"app.py": f'{code}pipeline = Pipeline(name="Stop", steps=[FailStep(name="Halt")])\n'})
    assert main(["init", str(tmp_path)]) == 0
    told = capsys.readouterr().out
    assert "found 1 Python file or notebook\n" in told
    assert "pipelines: 1\n" in told and "none was found" not in told


def test_a_path_that_is_no_folder_is_exit_2(flat: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["init", str(flat / "nowhere")]) == 2
    assert "no such folder" in capsys.readouterr().err
    assert main(["init", str(flat / "train.py")]) == 2
    assert "not a folder" in capsys.readouterr().err
