"""The command line as users meet it: routing, exit codes, what is printed where, and what is not imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import contract_lint
from contract_lint.cli import commands, main
from contract_lint.model.errors import ContractLintError

ROOT = Path(__file__).resolve().parent.parent

BUILDER = """\
from framework import StepBuilderBase


class ModelTrainingStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"training_data": "S3 prefix of the données"}

    def get_output_properties(self):
        return {"metrics": "évaluation"}

    def get_property_paths(self):
        return {"metrics": "properties.TrainingMetrics"}

    def create_step(self, **kwargs):
        from sagemaker.workflow.steps import TrainingStep

        return TrainingStep(name="train", step_args=kwargs["args"])
"""

CLEAN = BUILDER.replace("properties.TrainingMetrics", "properties.FinalMetricDataList['auc'].Value")


def environment(**changes: str) -> dict[str, str]:
    """Our surroundings, with this tree first and without the colours and encodings that they may ask for."""
    clean = {key: value for key, value in os.environ.items() if key not in ("FORCE_COLOR", "NO_COLOR", "PYTHONIOENCODING", "PYTHONUTF8")}
    return clean | {"PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), clean.get("PYTHONPATH")]))} | changes


def command(*args: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run the tool in a process of its own."""
    program = [sys.executable, "-m", "contract_lint", *args]
    return subprocess.run(program, cwd=cwd, env=environment(**env), capture_output=True, timeout=120)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one broken builder, and the working directory."""
    (tmp_path / "pyproject.toml").write_text("[tool.contract-lint]\n", encoding="utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "train.py").write_text(BUILDER, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for name in ("FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def lint_json(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, dict[str, list[dict[str, str]]]]:
    code = main(["--output", "json", *args])
    return code, json.loads(capsys.readouterr().out)


# Without an analysis


@pytest.mark.parametrize("argument", ["--version", "--help", "-h"])
def test_version_and_help_import_click_alone(argument: str) -> None:
    program = (
        "import sys\n"
        "from contract_lint.cli import main\n"
        f"code = main([{argument!r}])\n"
        "heavy = {'libcst', 'pydantic', 'networkx', 'rich', 'msgspec', 'tomli', 'pathspec', 'wcmatch', 'contract_lint.model'}\n"
        "print(sorted(heavy & set(sys.modules)), code, file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.stderr == "[] 0\n"
    assert done.stdout


def test_version_is_the_package_s(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"contract-lint {contract_lint.__version__}\n"
    assert f'\nversion = "{contract_lint.__version__}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("args", "name", "rest"),
    [
        ([], "check", []),
        (["src"], "check", ["src"]),
        (["--output", "json", "."], "check", ["--output", "json", "."]),
        (["-q"], "check", ["-q"]),
        (["--", "rules"], "check", ["--", "rules"]),
        (["./rules"], "check", ["./rules"]),
        (["Rules"], "check", ["Rules"]),
        (["rules"], "rules", []),
        (["check", "rules"], "check", ["rules"]),
        (["show", "Train", "src"], "show", ["Train", "src"]),
    ],
)
def test_an_exact_command_wins_and_anything_else_is_checked(args: list[str], name: str, rest: list[str]) -> None:
    context = commands.make_context("contract-lint", list(args))
    assert [*context._protected_args, *context.args] == [name, *rest]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--no-such-option"], "No such option"),
        (["--output", "xml"], "unknown format 'xml'; there are text and json"),
        (["--output", "json="], "names no file"),
        (["--output", "text", "--output", "json"], "only one report can go to standard output"),
        (["-q", "-v"], "--quiet and --verbose exclude each other"),
        (["--fail-on", "never"], "'never' is not one of"),
        (["--severity", "CL201"], "'CL201' is not RULE=LEVEL; the levels are error, warning and note"),
        (["--severity", "CL201=fatal"], "'CL201=fatal' is not RULE=LEVEL"),
        (["--severity", "CL2O1=note"], "severity: unknown rule 'CL2O1' (did you mean 'CL201'?)"),
        (["show"], "Missing argument 'STEP'"),
        (["no/such/path"], "contract-lint: error: no such file or folder: no/such/path"),
        (["x" * 5000], "no such file or folder: xxx"),
        (["chek"], "no such file or folder: chek (did you mean the command 'check'?)"),
        (["--root", "nowhere"], "no such folder: nowhere"),
    ],
)
def test_bad_usage_is_exit_2(args: list[str], said: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(args) == 2
    out, err = capsys.readouterr()
    assert said in err and not out


def test_interrupt_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fail_with(monkeypatch, KeyboardInterrupt())
    assert main([]) == 130
    assert capsys.readouterr().err.strip() == "contract-lint: interrupted"


def test_a_bug_is_a_short_message(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    fail_with(monkeypatch, KeyError("se\x1bcret"))
    monkeypatch.delenv("CONTRACT_LINT_DEBUG", raising=False)
    assert main([]) == 2
    err = capsys.readouterr().err
    assert err.startswith("contract-lint: internal error: KeyError: ") and "please report it" in err
    assert "Traceback" not in err and "\x1b" not in err
    monkeypatch.setenv("CONTRACT_LINT_DEBUG", "1")
    assert main([]) == 2
    assert "Traceback" in capsys.readouterr().err


def fail_with(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    import contract_lint.run

    def run(request: contract_lint.run.Request) -> contract_lint.run.Run:
        raise error

    monkeypatch.setattr(contract_lint.run, "run", run)


# Rules


def test_rules_are_listed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules"]) == 0
    assert any(line.split()[:4] == ["CL201", "unknown-property", "error", "on"] for line in capsys.readouterr().out.splitlines())
    assert main(["rules", "--output", "json", "--ignore", "CL2,CL101"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["rules"]}
    assert set(rows["CL201"]) == {"id", "name", "severity", "on", "summary"}
    assert not rows["CL201"]["on"] and not rows["CL101"]["on"] and rows["CL103"]["on"]


@pytest.mark.parametrize("name", ["CL201", "cl201", "unknown-property"])
def test_a_rule_s_page(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", name]) == 0
    out = capsys.readouterr().out
    assert out.startswith("CL201 unknown-property (error)\n") and "When it stays silent" in out


def test_an_unknown_rule_is_exit_2_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rule", "unknown-propertie"]) == 2
    assert "no rule 'unknown-propertie' (did you mean 'unknown-property'" in capsys.readouterr().err


# With an analysis


def test_a_finding_is_exit_1(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("src/train.py:12:40: error[CL201] unknown-property: ")
    assert "\nchecked 1 step in 1 file (1 parsed): 1 error" in out and not err


def test_json_is_valid_and_the_same_each_time(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    code, document = lint_json(capsys, "src")
    jsonschema.validate(document, json.loads((ROOT / "contract_lint/report/report.schema.json").read_text(encoding="utf-8")))
    assert code == 1
    assert [(row["rule"], row["path"], row["line"], row["column"]) for row in document["findings"]] == [("CL201", "src/train.py", 12, 40)]
    assert lint_json(capsys, "src") == (code, document)


def test_paths_are_relative_to_the_working_directory(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, here = lint_json(capsys)
    (project / "other").mkdir()
    monkeypatch.chdir(project / "other")
    _, there = lint_json(capsys, "../src")
    assert [row["path"] for row in there["findings"]] == ["../src/train.py"]
    assert [row["fingerprint"] for row in there["findings"]] == [row["fingerprint"] for row in here["findings"]]


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--exit-zero"], 0),
        (["--ignore", "CL201"], 0),
        (["--ignore", "CL1,CL2"], 0),
        (["--ignore", "CL101", "--ignore", "unknown-property"], 0),
        (["--select", "CL1"], 0),
        (["--select", "CL1,CL201"], 1),
        (["--fail-on", "note"], 1),
        (["--select", "CL999"], 2),
        (["--extend-select", "CL999"], 2),
        (["--severity", "CL999=note"], 2),
        (["--severity", "CL201=warning"], 0),
        (["--severity", "CL201=warning", "--strict"], 1),
        (["--severity", "CL201=note", "--strict"], 0),
        (["--severity", "CL2=note,unknown-property=error"], 1),
        (["--strict", "--fail-on", "error", "--ignore", "CL201"], 0),
        (["--ignore", "unknown-propertie"], 2),
    ],
)
def test_which_rules_run_and_what_fails(args: list[str], code: int, project: Path) -> None:
    assert main(args) == code


UNKNOWN = CLEAN.replace('{"metrics": "évaluation"}', "load_names()")


def found(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, list[tuple[str, str]]]:
    code, document = lint_json(capsys, *args)
    return code, [(row["rule"], row["severity"]) for row in document["findings"]]


def test_a_rule_that_is_off_runs_only_when_it_is_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "train.py").write_text(UNKNOWN, encoding="utf-8")
    assert found(capsys) == (0, [])
    for args in (["--select", "CL007"], ["--select", "contract-not-statically-known"], ["--select", "CL0"], ["--extend-select", "CL007"]):
        assert found(capsys, *args) == (0, [("CL007", "note")])
    assert found(capsys, "--extend-select", "CL007", "--fail-on", "note") == (1, [("CL007", "note")])
    assert found(capsys, "--extend-select", "CL007", "--ignore", "CL007") == (0, [])
    (project / "pyproject.toml").write_text('[tool.contract-lint]\nextend-select = ["CL007"]\n', encoding="utf-8")
    assert found(capsys) == (0, [("CL007", "note")])
    assert found(capsys, "--select", "CL2") == (0, []), "a selection on the command line stands for itself"


def test_extend_select_adds_to_the_default_rules(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    both = BUILDER.replace('{"training_data": "S3 prefix of the données"}', "load_names()")
    (project / "src" / "train.py").write_text(both, encoding="utf-8")
    assert found(capsys, "--extend-select", "CL007") == (1, [("CL007", "note"), ("CL201", "error")])
    assert found(capsys, "--select", "CL1", "--extend-select", "CL007") == (0, [("CL007", "note")])


def test_strict_is_two_options(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "train.py").write_text(UNKNOWN, encoding="utf-8")
    assert found(capsys, "--strict") == found(capsys, "--fail-on", "warning", "--extend-select", "CL007") == (0, [("CL007", "note")])
    assert found(capsys, "--strict", "--severity", "CL007=warning") == (1, [("CL007", "warning")])
    assert found(capsys, "--strict", "--fail-on", "note")[0] == 1


def test_strict_is_never_less_strict_than_the_configuration(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "train.py").write_text(UNKNOWN, encoding="utf-8")
    (project / "pyproject.toml").write_text('[tool.contract-lint]\nfail-on = "note"\nextend-select = ["CL007"]\n', encoding="utf-8")
    assert found(capsys) == found(capsys, "--strict") == (1, [("CL007", "note")])
    assert found(capsys, "--strict", "--fail-on", "warning") == (0, [("CL007", "note")])


def test_severities_from_the_configuration_and_the_command_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = project / "pyproject.toml"
    config.write_text('[tool.contract-lint.severity]\nCL2 = "note"\n', encoding="utf-8")
    assert found(capsys) == (0, [("CL201", "note")])
    assert found(capsys, "--severity", "CL201=warning") == (0, [("CL201", "warning")])
    assert found(capsys, "--severity", "CL2=error") == (1, [("CL201", "error")])
    config.write_text('[tool.contract-lint.severity]\nunknown-property = "warning"\nCL2 = "note"\n', encoding="utf-8")
    assert found(capsys) == (0, [("CL201", "warning")]), "the narrower name counts"
    assert main(["rules", "--severity", "CL103=note"]) == 0
    lines = {line.split()[0]: line.split()[2] for line in capsys.readouterr().out.splitlines()}
    assert (lines["CL201"], lines["CL202"], lines["CL103"], lines["CL101"]) == ("warning", "note", "note", "error")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('severity = {CL201 = "fatal"}', "pyproject.toml:2: severity[CL201]: must be one of 'error', 'warning', 'note'"),
        ('severity = "note"', "pyproject.toml:2: severity: must be a table of rules and severities"),
        ('severity = {CL2O1 = "note"}', "pyproject.toml:2: severity: unknown rule 'CL2O1' (did you mean 'CL201'?)"),
        ('extend-select = ["CL2O1"]', "pyproject.toml:2: extend-select: unknown rule 'CL2O1' (did you mean 'CL201'?)"),
        ('ignore = [\n  "CL7",\n]', "pyproject.toml:3: ignore: unknown rule 'CL7'"),
    ],
)
def test_a_rule_misspelt_in_the_configuration_is_shown_there(
    setting: str, said: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "pyproject.toml").write_text(f"[tool.contract-lint]\n{setting}\n", encoding="utf-8")
    assert main([]) == 2
    assert said in capsys.readouterr().err


def test_clean_code_is_exit_0(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "train.py").write_text(CLEAN, encoding="utf-8")
    assert main([]) == 0
    assert capsys.readouterr().out.startswith("checked 1 step in 1 file (1 parsed): no findings")


def test_nothing_to_check_is_exit_2_and_still_reported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "train.py").write_text("x = 1\n", encoding="utf-8")
    (project / "empty").mkdir()
    code, document = lint_json(capsys, "src")
    assert code == 2 and document["findings"] == []
    assert main(["src"]) == 2
    assert "error: nothing to check: no step builder and no SageMaker pipeline in 1 file under src" in capsys.readouterr().err
    assert main(["empty"]) == 2
    assert "nothing to check: no Python file, notebook or YAML pipeline under empty" in capsys.readouterr().err
    assert main(["--allow-empty", "src"]) == 0
    assert main(["--exit-zero", "src"]) == 2


def test_a_file_that_is_named_is_always_parsed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "broken.py").write_text("def f(:\n", encoding="utf-8")
    (project / "notes.md").write_text("# Not Python\n", encoding="utf-8")
    assert main(["src/broken.py"]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("src/broken.py:1:7: error[CL001] syntax-error: ") and not err
    assert main(["--ignore", "CL001", "src/broken.py"]) == 2
    assert "no step builder and no SageMaker pipeline in 1 file (1 not readable) under src/broken.py" in capsys.readouterr().err
    assert found(capsys, "src/train.py", "src/broken.py", "notes.md") == (1, [("CL001", "error"), ("CL201", "error")])
    assert found(capsys, "src") == (1, [("CL201", "error")]), "of a folder only what can matter is parsed"


def test_reports_to_files(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--output", "text", "--output", "json=report.json", "--output", "text=report.txt"]) == 1
    assert capsys.readouterr().out == (project / "report.txt").read_text(encoding="utf-8")
    assert len(json.loads((project / "report.json").read_text(encoding="utf-8"))["findings"]) == 1
    assert main(["--output", "json=no/such/folder.json"]) == 2
    assert "cannot write the report to no/such/folder.json" in capsys.readouterr().err.replace("\\", "/")


def test_a_bad_configuration_is_exit_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text("[tool.contract-lint]\nselekt = []\n", encoding="utf-8")
    assert main([]) == 2
    assert "select" in capsys.readouterr().err
    assert main(["--isolated"]) == 1
    (project / "other.toml").write_text('ignore = ["CL201"]\n', encoding="utf-8")
    assert main(["--config", "other.toml"]) == 0
    assert main(["--config", "missing.toml"]) == 2


def test_a_configuration_that_is_to_be_ignored_is_not_read(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "contract-lint.toml").write_text("= broken\n", encoding="utf-8")
    (project / "other").mkdir()
    (project / "other" / "mine.toml").write_text('ignore = ["CL201"]\n', encoding="utf-8")
    assert main(["src"]) == 2
    assert "contract-lint.toml:1: is not valid TOML" in capsys.readouterr().err
    assert main(["--isolated", "src"]) == 1
    assert main(["--config", "other/mine.toml", "src"]) == 0
    assert main(["files", "--isolated", "src"]) == 0
    assert "configuration: none\n" in capsys.readouterr().out
    for args in (["src"], ["nowhere"]):
        assert main(["--isolated", "--config", "other/mine.toml", *args]) == 2
        assert "--isolated and --config cannot be combined" in capsys.readouterr().err


@pytest.mark.parametrize(
    "step", ["ModelTrainingStepBuilder", "ModelTraining", "train:ModelTrainingStepBuilder", "src.train:ModelTrainingStepBuilder"]
)
def test_show_a_step(step: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", step, "--output", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["steps"]
    assert (row["class"], row["path"], row["line"], row["kind"]) == ("ModelTrainingStepBuilder", "src/train.py", 4, "Training")
    (needed,) = row["inputs"]
    assert (needed["name"], needed["required"], needed["path"], needed["line"]) == ("training_data", True, "src/train.py", 6)
    assert (needed["type"], [one["rank"] for one in needed["evidence"]]) == ("S3Uri", [6]), "assumed, as the evidence says"
    (output,) = row["outputs"]
    assert (output["name"], output["property_path"], output["line"]) == ("metrics", "properties.TrainingMetrics", 9)


def test_show_an_unknown_step_is_exit_2_with_the_nearest(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "ModelTrainning"]) == 2
    assert "no step 'ModelTrainning' among 1 (did you mean 'ModelTraining'" in capsys.readouterr().err


def test_show_all_that_share_a_name(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "again.py").write_text(CLEAN, encoding="utf-8")
    assert main(["show", "ModelTraining"]) == 0
    out = capsys.readouterr().out
    assert "src/again.py:4:" in out and "src/train.py:4:" in out


def test_files_says_what_was_seen(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["files"]) == 0
    assert "src/train.py:4: ModelTrainingStepBuilder" in capsys.readouterr().out
    assert main(["files", "-v", "src"]) == 0
    out = capsys.readouterr().out
    assert "\n  src/train.py\n" in out and "ports known: " in out


def test_files_lists_what_stayed_unknown_as_check_does(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "src" / "données.py").write_text(UNKNOWN, encoding="utf-8")
    assert main(["-v", "src/données.py"]) == 0
    checked = capsys.readouterr().out
    unknown = [line for line in checked.splitlines() if ": unknown: " in line]
    assert unknown and all(line.startswith("src/données.py:") for line in unknown)
    assert "the same command with -v" not in checked
    for args, hint in ((["src"], "; where: the same command with -v\n"), (["files", "src"], "; where and why: the same command with -v\n")):
        main(args)
        out = capsys.readouterr().out
        assert hint in out and ": unknown: " not in out
    assert main(["files", "-v", "src/données.py"]) == 0
    assert [line for line in capsys.readouterr().out.splitlines() if ": unknown: " in line] == unknown


def test_files_tells_what_the_configuration_names_in_vain(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "old").mkdir()
    (project / "old" / "train.py").write_text(BUILDER, encoding="utf-8")
    (project / "pyproject.toml").write_text(
        '[tool.contract-lint]\nexclude = ["old/**", "odl/**"]\nsrc = ["src", "scr", "src/train.py", "."]\n', encoding="utf-8"
    )
    assert main(["files"]) == 0
    out = capsys.readouterr().out
    assert [line.strip() for line in out.splitlines() if "note:" in line] == [
        "note: exclude: 'odl/**' leaves out nothing that would be read without it",
        "note: src: there is no folder 'scr'",
        "note: src: there is no folder 'src/train.py'",
    ]
    (project / "pyproject.toml").write_text("[tool.contract-lint]\n", encoding="utf-8")
    assert main(["files"]) == 0
    assert "note:" not in capsys.readouterr().out


CHURN = str(ROOT / "examples" / "churn")


def test_why_and_graph_follow_the_pipeline_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "Evaluation.model_artifacts", CHURN, "--output", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["inputs"]
    chosen = row["chosen"]
    assert (row["step"], row["outcome"], chosen["step"], chosen["output"]) == ("Evaluation", "bound", "XGBoostTraining", "model_artifacts")
    assert chosen["judgement"]["verdict"] == "ok"
    assert main(["why", "XGBoostTraining.model_artifacts", CHURN, "--output", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["outputs"]
    fed = [(one["step"], one["input"]) for one in row["consumers"] if one["role"] == "feeds"]
    assert fed == [("ChurnModel", "model_artifacts"), ("Evaluation", "model_artifacts"), ("Registration", "model_artifacts")]
    assert main(["graph", CHURN, "--format", "json"]) == 0
    (pipeline,) = json.loads(capsys.readouterr().out)["pipelines"]
    assert len(pipeline["steps"]) == 8
    assert {(link["source"], link["target"]) for link in pipeline["links"]} >= {
        ("DataLoading", "Preprocessing"),
        ("ChurnModel", "BatchTransform"),
    }
    assert not any(link["broken"] for link in pipeline["links"])


def test_the_summary_counts_the_edges_that_the_graph_draws(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph", CHURN, "--format", "json"]) == 0
    drawn = [link for one in json.loads(capsys.readouterr().out)["pipelines"] for link in one["links"] if link["kind"] == "data"]
    _, document = lint_json(capsys, CHURN)
    assert document["summary"]["edges"] == len(drawn) > 0
    assert main([CHURN]) == 0
    assert f"parsed), {len(drawn)} edges in 1 pipeline: " in capsys.readouterr().out


def test_paths_say_which_pipelines_are_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["graph"]) == 2
    assert "no pipeline in 1 file under .: looked for PipelineDAG(" in capsys.readouterr().err
    assert main(["why", "ModelTraining.training_data"]) == 0
    assert capsys.readouterr().out.startswith("ModelTraining.training_data: no pipeline holds ModelTraining (none was found)\n")


def test_a_pipeline_without_a_known_step_is_neither_checked_nor_drawn(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "from sagemaker.workflow.pipeline import Pipeline\nimport loader\np = Pipeline(name='P', steps=loader.steps())\n"
    (project / "src" / "train.py").write_text(text, encoding="utf-8")
    assert main(["src"]) == 2
    assert "nothing to check: no step builder, and no step of a SageMaker pipeline that is known, in 1 file" in capsys.readouterr().err
    assert main(["graph"]) == 2
    assert "no pipeline whose steps are known in 1 file under .: " in capsys.readouterr().err


# Streams


@pytest.mark.parametrize(
    "env", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "cp1252"}, {"PYTHONIOENCODING": "ascii"}]
)
@pytest.mark.parametrize(
    "args",
    [
        ["check"],
        ["show", "ModelTraining"],
        ["why", "ModelTraining.数据"],
        ["graph", CHURN],
        ["graph", "--format", "dot", CHURN],
        ["files", "-v"],
        ["rules"],
        ["rule", "CL201"],
        ["--output", "json"],
    ],
)
def test_no_encoding_stops_it(env: dict[str, str], args: Sequence[str], project: Path) -> None:
    odd = BUILDER.replace("metrics", "数据").replace("TrainingMetrics", "Métriques数据")
    (project / "src" / "train.py").write_text(odd, encoding="utf-8")
    (project / "src" / "données.py").write_text(CLEAN.replace("ModelTraining", "Daten"), encoding="utf-8")
    done = command(*args, cwd=project, **env)
    assert b"Traceback" not in done.stderr and b"internal error" not in done.stderr
    assert done.returncode == (1 if args[0] in ("check", "--output") else 0), done.stderr
    if args == ["check"]:
        assert b"\\u6570\\u636e" in done.stdout


def test_colour_follows_the_option_and_the_environment(project: Path) -> None:
    def coloured(*args: str, **env: str) -> bool:
        return b"\x1b[" in command(*args, cwd=project, TERM="xterm", **env).stdout

    assert not coloured()
    assert coloured("--color", "always")
    assert coloured("--color", "always", NO_COLOR="1")
    assert coloured(FORCE_COLOR="1")
    assert not coloured(FORCE_COLOR="1", NO_COLOR="1")
    assert not coloured("--color", "never", FORCE_COLOR="1")


@pytest.mark.skipif(os.name != "posix", reason="pipes are closed otherwise elsewhere")
@pytest.mark.parametrize("args", [["check"], ["--output", "json"], ["files", "-v"], ["rules"], ["--help"]])
def test_a_reader_that_leaves_is_no_error(args: Sequence[str], project: Path) -> None:
    process = closed_pipe(args, project)
    assert process.stderr == b""


def closed_pipe(args: Sequence[str], cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run with a standard output that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        return subprocess.run(
            [sys.executable, "-m", "contract_lint", *args], cwd=cwd, env=environment(), stdout=writing, stderr=subprocess.PIPE, timeout=120
        )
    finally:
        os.close(writing)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a full device")
def test_a_full_disk_is_exit_2(project: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "contract_lint"], cwd=project, env=environment(), stdout=full, stderr=subprocess.PIPE, timeout=120
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"contract-lint: error: cannot write the report: ") and done.stderr.count(b"\n") == 1


def test_a_clean_run_needs_no_rich(project: Path) -> None:
    (project / "src" / "train.py").write_text(CLEAN, encoding="utf-8")
    program = "import sys; from contract_lint.cli import main; code = main([]); sys.exit(code or ('rich' in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], cwd=project, env=environment(), capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_lint_is_a_function(project: Path) -> None:
    report = contract_lint.lint(["src"])
    assert [finding.rule for finding in report.findings] == ["CL201"]
    with pytest.raises(ContractLintError, match="no such file or folder: nowhere"):
        contract_lint.lint(["nowhere"])


def test_the_project_is_never_run(tmp_path: Path) -> None:
    """``python -m`` looks into the working directory first: a module there that is named like one of ours must not be found."""
    for name in ("typing", "json", "tomllib", "tomli", "click", "libcst", "pydantic", "ast", "re", "dataclasses"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the project was run')\n", encoding="utf-8")
    (tmp_path / "train.py").write_text(CLEAN, encoding="utf-8")
    done = subprocess.run([sys.executable, "-m", "contract_lint", "train.py"], cwd=tmp_path, capture_output=True, timeout=120, env=safe())
    assert (done.returncode, done.stderr) == (0, b""), done.stdout


def safe() -> dict[str, str]:
    """Our surroundings without a PYTHONPATH: the package is installed."""
    return {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
