from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contract_lint.config import Config, check_rules, load_config
from contract_lint.model.errors import ConfigError, UsageError
from contract_lint.model.finding import Severity
from contract_lint.sources.config_file import find_config, read_config

KNOWN = {"CL201": "missing-output", "CL202": "missing-input", "CL301": "type-mismatch"}


def failure(folder: Path, text: str, name: str = "pyproject.toml") -> ConfigError:
    (folder / name).write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_config(folder)
    assert caught.value.path == str(folder / name)
    return caught.value


def test_defaults(tmp_path: Path) -> None:
    loaded = load_config(tmp_path, isolated=True)
    assert loaded.path is None
    assert loaded.config == Config()
    assert loaded.config.builder_bases == ("StepBuilderBase", "ContractAwareStepBuilder")
    assert loaded.config.fail_on is Severity.ERROR


def test_all_keys(tmp_path: Path) -> None:
    (tmp_path / "contract-lint.toml").write_text(
        'exclude = ["a/**"]\nsrc = ["src"]\nselect = ["CL2"]\nignore = ["CL301"]\nbuilder-bases = ["Base"]\nfail-on = "warning"\n'
    )
    loaded = load_config(tmp_path)
    assert loaded.path == tmp_path / "contract-lint.toml"
    assert loaded.config == Config(
        exclude=("a/**",), src=("src",), select=("CL2",), ignore=("CL301",), builder_bases=("Base",), fail_on=Severity.WARNING
    )


def test_which_rules_run_and_how_severe_they_are(tmp_path: Path) -> None:
    (tmp_path / "contract-lint.toml").write_text('extend-select = ["CL007"]\n[severity]\nCL009 = "error"\nCL2 = "note"\n')
    config = load_config(tmp_path).config
    assert config.extend_select == ("CL007",)
    assert config.severity == {"CL009": Severity.ERROR, "CL2": Severity.NOTE}


def test_base_classes_are_added_to_those_of_known_frameworks(tmp_path: Path) -> None:
    (tmp_path / "contract-lint.toml").write_text('builder-bases = ["Base", "StepBuilderBase"]\n')
    assert load_config(tmp_path).config.builder_bases == ("StepBuilderBase", "ContractAwareStepBuilder", "Base")


def test_the_nearest_file_wins(tmp_path: Path) -> None:
    deep = tmp_path / "a/b/c"
    deep.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("[tool.contract-lint]\nsrc = ['top']\n")
    (tmp_path / "a/b/pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert load_config(deep).config.src == ("top",)
    (tmp_path / "a/pyproject.toml").write_text("[tool.contract-lint]\nsrc = ['a']\n")
    assert load_config(deep).config.src == ("a",)
    (tmp_path / "a/contract-lint.toml").write_text("src = ['own']\n")
    assert load_config(deep).config.src == ("own",)
    assert load_config(deep, isolated=True).config.src == ()


def test_an_empty_table_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.contract-lint]\n")
    assert load_config(tmp_path).path == tmp_path / "pyproject.toml"


def test_a_named_file(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text("src = ['x']\n")
    assert load_config(tmp_path, config_file=file).config.src == ("x",)
    with pytest.raises(UsageError, match="--isolated"):
        load_config(tmp_path, config_file=file, isolated=True)
    with pytest.raises(ConfigError, match="cannot be read"):
        load_config(tmp_path, config_file=tmp_path / "gone.toml")
    (tmp_path / "pyproject.toml").write_text("[tool.other]\n")
    with pytest.raises(ConfigError, match=r"no table \[tool.contract-lint\]"):
        load_config(tmp_path, config_file=tmp_path / "pyproject.toml")


@pytest.mark.parametrize(
    ("key", "near"),
    [("builder_bases", "builder-bases"), ("Exclude", "exclude"), ("excludes", "exclude"), ("failon", "fail-on"), ("zzz", None)],
)
def test_unknown_keys(tmp_path: Path, key: str, near: str | None) -> None:
    error = failure(tmp_path, f"[project]\n{key} = 1\n\n[tool.contract-lint]\nsrc = []\n{key} = []\n")
    assert (error.key, error.near, error.line) == (key, near, 6)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tool.contract-lint.slect = []\n", 1),
        ("[tool]\ncontract-lint = {src = [], slect = []}\n", 2),
        ('[tool.contract-lint]\n"slect" = []\n', 2),
        ("[tool.contract-lint.slect]\nx = 1\n", 1),
    ],
)
def test_where_an_unknown_key_stands(tmp_path: Path, text: str, line: int) -> None:
    error = failure(tmp_path, text)
    assert (error.near, error.line) == ("select", line)


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("exclude = 'a'", "exclude: must be a list of strings"),
        ("exclude = ['a', 1]", "exclude[1]: must be a string"),
        ("fail-on = 'never'", "fail-on: must be one of 'error', 'warning', 'note'"),
        ("fail-on = 3", "fail-on: must be one of 'error', 'warning', 'note'"),
        ("src = 1979-05-27", "src: must be a list of strings"),
        ("src = ['src', '']", "src: must not hold an empty string"),
        ("exclude = ['']", "exclude: must not hold an empty string"),
        ("select = [' ']", "select: must not hold an empty string"),
        ("extend-select = ['']", "extend-select: must not hold an empty string"),
        ("ignore = ['CL2', '']", "ignore: must not hold an empty string"),
        ("builder-bases = ['']", "builder-bases: must not hold an empty string"),
    ],
)
def test_wrong_values(tmp_path: Path, setting: str, message: str) -> None:
    error = failure(tmp_path, f"[tool.contract-lint]\n\n{setting}\n")
    assert (error.message, error.line) == (message, 3)


def test_what_is_not_toml(tmp_path: Path) -> None:
    assert failure(tmp_path, "src = []\nsrc = 3 3\n", "contract-lint.toml").line == 2
    (tmp_path / "contract-lint.toml").write_bytes(b"\n# caf\xe9\n")
    with pytest.raises(ConfigError, match="UTF-8") as caught:
        load_config(tmp_path)
    assert caught.value.line == 2


def test_a_broken_pyproject_counts_only_if_it_mentions_us(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.other\n")
    assert find_config(tmp_path) is None or find_config(tmp_path) != tmp_path / "pyproject.toml"
    failure(tmp_path, "[tool.contract-lint\n")
    assert failure(tmp_path, "[tool]\ncontract-lint = 3\n").message == "tool.contract-lint must be a table"


def test_rules_are_named_by_id_name_or_area() -> None:
    check_rules(["CL201", "missing-input", "CL2", "CL30", "cl202", "Missing-Input"], KNOWN, key="select")


@pytest.mark.parametrize(("rule", "near"), [("CL203", "CL201"), ("Missing_Output", "missing-output"), ("CL9", None), ("CL2O1", "CL201")])
def test_unknown_rules(rule: str, near: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        check_rules(["CL201", rule], KNOWN, key="ignore")
    error = caught.value
    assert error.key == "ignore"
    assert rule in error.message
    assert error.near == near or (rule == "CL203" and error.near in KNOWN)


def test_where_an_unknown_rule_stands(tmp_path: Path) -> None:
    file = tmp_path / "contract-lint.toml"
    file.write_text('select = [\n  "CL201",\n  "CL999",\n]\n')
    with pytest.raises(ConfigError) as caught:
        check_rules(["CL201", "CL999"], KNOWN, key="select", file=read_config(file))
    assert (caught.value.path, caught.value.line) == (str(file), 3)


def test_the_root_is_found_without_pydantic() -> None:
    code = (
        "import sys, contract_lint.sources.discover as d; d.find_root([]); sys.exit('pydantic' in sys.modules or 'libcst' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
