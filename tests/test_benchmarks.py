"""The benchmarks take paths, and refuse what would give worthless figures. Nothing is timed here."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from benchmarks import matching
from benchmarks.__main__ import BenchmarkError, cost, main, parser
from contract_lint.model.wiring import Outcome


def test_trees_are_paths() -> None:
    assert parser().parse_args(["a", "b", "--runs", "1"]).trees == [Path("a"), Path("b")]
    assert parser().parse_args([]).trees == []


def test_a_tree_with_nothing_to_check_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "plain.py").write_text("x = 1\n")
    assert main([str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"error: nothing to compare: no file under {tmp_path.resolve()} is parsed\n"


def test_a_missing_tree_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "nowhere")]) == 1
    assert "error: " in capsys.readouterr().err


def test_a_program_that_gives_up_is_not_timed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import sys; sys.exit('no such thing')"]
    with pytest.raises(BenchmarkError, match=r"exit code 1 of .*no such thing"):
        cost(command, tmp_path, tmp_path)
    assert cost(command, tmp_path, tmp_path, accepted=(0, 1)) >= 0


def test_matching_is_measured_on_pipelines_in_which_something_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    assert matching.main(["--steps", "120", "60"]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    sizes = [("60", "steps"), ("120", "steps"), ("2.0", "x")]
    assert [tuple(line[:3]) for line in lines] == [(shape, *size) for shape in matching.SHAPES for size in sizes]
    for shape in matching.SHAPES.values():
        *_, outcomes = matching.measure(shape(120))
        assert outcomes[Outcome.BOUND] and outcomes[Outcome.MISSING]
        assert set(outcomes) == {Outcome.BOUND, Outcome.MISSING}
