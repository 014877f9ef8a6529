"""Scripts, the files that entry points name, and the rules on both, on small projects."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract_lint.frontends.entry_points import ScriptFiles
from contract_lint.frontends.scripts import Provided, ScriptReader
from contract_lint.model.contract import HOLE, Launch, Written
from contract_lint.model.script import Access, Script
from contract_lint.model.span import Span
from contract_lint.python.lower import lower
from contract_lint.python.modules import ModuleIndex
from contract_lint.python.parse import parse
from contract_lint.python.summary import ModuleSummary
from contract_lint.run import Request, read
from contract_lint.sources.read import read as read_source

HERE = Span("src/steps/builder.py", 1, 1, 1, 2)


def launch(entry_point: str, source_dir: str | None = None) -> Launch:
    return Launch(Written(entry_point, HERE), Written(source_dir, HERE) if source_dir else None, HERE, HERE)


@pytest.mark.parametrize(
    ("entry_point", "source_dir", "files", "found"),
    [
        ("scripts/run.py", None, ["scripts/run.py", "src/steps/scripts/run.py"], "scripts/run.py"),
        ("run.py", "jobs", ["jobs/run.py", "run.py"], "jobs/run.py"),
        ("run.py", None, ["src/steps/run.py", "src/scripts/run.py"], "src/steps/run.py"),
        ("run.py", None, ["src/scripts/run.py", "docker/run.py"], "src/scripts/run.py"),
        (f"{HOLE}/run.py", None, ["src/scripts/run.py", "docker/run.py"], "src/scripts/run.py"),
        (f"{HOLE}/jobs/run.py", None, ["src/scripts/run.py", "docker/jobs/run.py"], "docker/jobs/run.py"),
        ("run.py", None, ["src/a/run.py", "src/b/run.py"], None),
        ("run.py", None, ["src/a/other.py"], None),
        ("s3://bucket/run.py", None, ["run.py"], None),
        (
            "model_evaluation_xgboost.py",
            None,
            ["src/scripts/model_evaluation_xgb.py", "docker/model_eval_xgb.py"],
            "src/scripts/model_evaluation_xgb.py",
        ),
        ("train_xgboost.py", None, ["src/scripts/train_torch.py", "src/scripts/train.py"], None),
        ("train_model_a.py", None, ["src/scripts/train_model_ab.py"], None),
    ],
)
def test_the_file_that_an_entry_point_names(entry_point: str, source_dir: str | None, files: list[str], found: str | None) -> None:
    assert ScriptFiles.of(files).find(launch(entry_point, source_dir), HERE.path) == found


def script(tmp_path: Path, text: str, provided: Provided = Provided(), **others: str) -> Script:
    for name, content in {"job": text, **others}.items():
        (tmp_path / f"{name}.py").write_text(content, encoding="utf-8")

    def summary(path: str) -> ModuleSummary | None:
        return lower(parse(read_source(tmp_path, path)))

    found = ScriptReader(ModuleIndex([f"{name}.py" for name in ("job", *others)]), summary).script("job.py", provided)
    assert found is not None
    return found


def demanded(tmp_path: Path, text: str, **others: str) -> list[str]:
    return [read.name for read in script(tmp_path, f"import os, sys\n{text}", **others).environment if read.demanded]


@pytest.mark.parametrize(
    "text",
    [
        "os.environ['X']",
        "x = os.environ.get('X')\nif not x:\n    raise ValueError('X')",
        "x = os.getenv('X')\nif x is None:\n    sys.exit('set X')",
        "assert os.environ.get('X')",
        "if 'X' not in os.environ:\n    raise KeyError('X')",
        "missing = [n for n in ('X',) if n not in os.environ]\nif missing:\n    raise KeyError(missing)",
        "def main():\n    return os.environ['X']\nif __name__ == '__main__':\n    main()",
        "try:\n    os.environ['X']\nexcept KeyError:\n    sys.exit(1)",
        "from os import environ\nenviron['X']",
    ],
)
def test_a_demanded_variable(tmp_path: Path, text: str) -> None:
    assert demanded(tmp_path, text) == ["X"]


@pytest.mark.parametrize(
    "text",
    [
        "os.environ.get('X', 'd')",
        "x = os.environ.get('X') or 'd'",
        "if 'X' in os.environ:\n    os.environ['X']",
        "if len(sys.argv) > 2:\n    os.environ['X']",
        "try:\n    os.environ['X']\nexcept KeyError:\n    pass",
        "def never():\n    return os.environ['X']",
        "os.environ['X'] = 'd'\nos.environ['X']",
        "from dotenv import load_dotenv\nload_dotenv()\nos.environ['X']",
        "if not os.environ.get('X'):\n    print('no X')\n    sys.exit(0)",
    ],
)
def test_a_variable_that_the_script_can_do_without(tmp_path: Path, text: str) -> None:
    assert demanded(tmp_path, text) == []


def test_a_helper_beside_the_script_is_followed(tmp_path: Path) -> None:
    helper = "import os\nINPUT = '/opt/ml/processing/input/data'\ndef label():\n    return os.environ['LABEL']\n"
    text = "import pandas as pd\nfrom helper import INPUT, label\npd.read_csv(INPUT + '/a.csv', usecols=[label()])\n"
    found = script(tmp_path, text, helper=helper)
    assert [(read.name, read.demanded, read.span.path) for read in found.environment] == [("LABEL", True, "helper.py")]
    assert [(use.path, use.access) for use in found.paths] == [("/opt/ml/processing/input/data/a.csv", Access.READ)]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("open('/opt/ml/processing/output/a', 'w')", {"/opt/ml/processing/output/a": Access.WRITTEN}),
        ("open('/opt/ml/processing/input/a')", {"/opt/ml/processing/input/a": Access.READ}),
        ("with Path('/opt/ml/processing/output', 'a').open('wb') as f:\n    pass", {"/opt/ml/processing/output/a": Access.WRITTEN}),
        ("(Path('/opt/ml') / 'processing').joinpath('x').mkdir()", {"/opt/ml/processing/x": Access.WRITTEN}),
        ("run(str(Path('/opt/ml/processing/input/a')))", {"/opt/ml/processing/input/a": Access.UNKNOWN}),
        ("shutil.copy('/opt/ml/processing/input/a', '/opt/ml/processing/output/b')",
         {"/opt/ml/processing/input/a": Access.READ, "/opt/ml/processing/output/b": Access.WRITTEN}),
        ("print('/opt/ml/processing/input/a')", {}),
        ("p = '/opt/ml/processing/input/a'\nif os.path.exists(p):\n    open(p)", {}),
        ("p = '/opt/ml/processing/input/a'\nif not os.path.exists(p):\n    raise OSError(p)\nopen(p)",
         {"/opt/ml/processing/input/a": Access.READ}),
        ("for p in Path('/opt/ml/processing/input/a').glob('*'):\n    open(p)", {}),
        ("found = os.listdir('/opt/ml/processing/input/a')\nif not found:\n    raise OSError",
         {"/opt/ml/processing/input/a": Access.READ}),
        ("d = os.environ.get('D', '/opt/ml/processing/input/a')\nopen(d)", {}),
        ("open(os.path.join('/opt/ml/processing/input', x, 'a'))", {}),
    ],
)  # fmt: skip
def test_paths(tmp_path: Path, text: str, paths: dict[str, Access]) -> None:
    found = script(tmp_path, f"import os, shutil\nfrom pathlib import Path\nfrom somewhere import run, x\n{text}\n")
    assert {use.path: use.access for use in found.paths} == paths
    assert not found.open_paths


def test_a_computed_path_is_mentioned_by_its_beginning(tmp_path: Path) -> None:
    found = script(tmp_path, "import sys\nopen(f'/opt/ml/processing/input/{sys.argv[1]}/a')\n")
    assert f"/opt/ml/processing/input/{HOLE}" in found.mentioned


def parsed(tmp_path: Path, text: str) -> Script:
    return script(tmp_path, f"import argparse\np = argparse.ArgumentParser()\n{text}\n")


def test_arguments(tmp_path: Path) -> None:
    text = "p.add_argument('-a', '--alpha', required=True, choices=['x', 'y'])\np.add_argument('--flag', action='store_true')"
    arguments = parsed(tmp_path, f"{text}\np.add_argument('file')\np.parse_args()").arguments
    assert arguments is not None
    assert [(a.flags, a.required, a.choices, a.takes_value, a.positional) for a in arguments] == [
        (("-a", "--alpha"), True, ("x", "y"), True, False),
        (("--flag",), False, None, False, False),
        (("file",), True, None, True, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "p.add_argument('--a')",
        "p.add_subparsers()\np.parse_args()",
        "p.add_argument(unknown)\np.parse_args()",
        "p.add_argument('--a')\np.parse_args(['--a', '1'])",
        "p.parse_args()\nq = argparse.ArgumentParser()\nq.parse_args()",
        "from lib import add_flags\nadd_flags(p)\np.add_argument('--a')\np.parse_args()",
    ],
)
def test_a_parser_that_is_not_known_in_full(tmp_path: Path, text: str) -> None:
    assert parsed(tmp_path, text).arguments is None


def launches(tmp_path: Path, step: str, extra: str = "") -> list[Launch]:
    text = f"""
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from framework import StepBuilderBase

class XStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs, **kwargs):
        processor = SKLearnProcessor(role=self.role, env={{"A": "1"}})
{extra}
        return ProcessingStep(name="X", {step})
"""
    (tmp_path / "builder.py").write_text(text, encoding="utf-8")
    reading = read(Request(paths=(tmp_path,), root=tmp_path, isolated=True))
    return [made.launch for contract in reading.whole.contracts for made in contract.made if made.launch is not None]


def test_a_launch_through_run_and_one_of_the_step_say_the_same(tmp_path: Path) -> None:
    given = "inputs=[ProcessingInput(source=inputs['a'], destination='/opt/ml/processing/input/a')], code='x.py'"
    legacy = launches(tmp_path, f"processor=processor, {given}, job_arguments=['--n', '1']")
    now = launches(tmp_path, f"step_args=processor.run({given}, arguments=['--n', '1'])")
    for (one,) in (legacy, now):
        assert one.entry_point is not None and one.entry_point.text == "x.py"
        assert [mount.container_path.text for mount in one.inputs] == ["/opt/ml/processing/input/a"]
        assert [word.text for word in one.arguments] == ["--n", "1"]
        assert [setting.name.text for setting in one.environment] == ["A"]
        assert not (one.open_inputs or one.open_outputs or one.open_environment or one.open_arguments)


def test_what_is_not_known_opens_its_list_alone(tmp_path: Path) -> None:
    (one,) = launches(tmp_path, "processor=processor, code='x.py', inputs=kwargs['more'], job_arguments=['--n']")
    assert one.open_inputs and not (one.open_outputs or one.open_environment or one.open_arguments)
    (one,) = launches(tmp_path, "processor=processor, code='x.py', job_arguments=['--n']", "        processor.env = self.config.env")
    assert one.open_environment and not (one.open_inputs or one.open_arguments)
    (one,) = launches(tmp_path, "processor=processor, code='x.py', **kwargs")
    assert one.open_inputs and one.open_outputs and one.open_environment and one.open_arguments


def test_what_every_launch_provides_is_not_tried(tmp_path: Path) -> None:
    text = (
        "import os\nfolder = '/opt/ml/processing/input/a'\nif os.path.exists(folder):\n    open(folder + '/x')\nelse:\n    raise OSError\n"
    )
    text += "print(os.environ['REGION'])\n"
    alone = script(tmp_path, text)
    assert "/opt/ml/processing/input/a/x" in [use.path for use in alone.paths]
    assert [read.demanded for read in alone.environment] == [True]
    given = script(tmp_path, text, Provided(frozenset({"REGION"}), frozenset({"/opt/ml/processing/input/a/"})))
    assert not given.paths
    assert [read.demanded for read in given.environment] == [False]
