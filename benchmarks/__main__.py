"""Times whole processes against each other: the linter, bare ``libcst.parse_module`` over the files that it parses, and mypy.

Seconds are processor seconds (user and system) of the finished child, so that a busy machine disturbs them little; the figure to
read is the ratio of the medians, taken from runs in turn.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.project import write_project

PARSE = "import sys, libcst\nfor name in sys.argv[1:]:\n    libcst.parse_module(open(name, 'rb').read())\n"


def cost(command: Sequence[str], folder: Path) -> float:
    """Processor seconds of a child process; its findings do not matter."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parsed_files(tree: Path) -> list[str]:
    """The files that a run on the tree parses."""
    from contract_lint.analysis import analyse
    from contract_lint.config import load_config

    found = analyse(tree, [], load_config(tree, isolated=False).config)
    return sorted(str(tree / path) for path, summary in found.files.summaries.items() if summary is not None)


def compare(tree: Path, runs: int, with_mypy: bool) -> None:
    files = parsed_files(tree)
    lines = sum(Path(name).read_bytes().count(b"\n") for name in files)
    commands = {
        "contract-lint, cold": [sys.executable, "-m", "contract_lint", "--exit-zero", "--output", "json", "."],
        "bare libcst": [sys.executable, "-c", PARSE, *files],
    }
    if with_mypy and shutil.which("mypy", path=str(Path(sys.executable).parent)):
        cache = tempfile.mkdtemp()
        commands["mypy, cold"] = [
            sys.executable,
            "-m",
            "mypy",
            "--cache-dir",
            cache,
            "--ignore-missing-imports",
            "--no-incremental",
            "--explicit-package-bases",
            *files,
        ]
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            seconds[name].append(cost(command, tree))
    print(f"{tree.name}: {len(files)} files parsed, {lines} lines, median of {runs}")
    base = statistics.median(seconds["bare libcst"])
    for name, values in seconds.items():
        median = statistics.median(values)
        print(f"  {name:20} {median:6.2f} s  ({min(values):.2f} to {max(values):.2f})  {median / base:5.2f} x bare libcst")


def scale(sizes: Sequence[int]) -> None:
    """One run on generated projects of growing size: the cost is to grow with the number of modules, and no faster."""
    first: tuple[int, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            tree = Path(name)
            write_project(tree, size)
            seconds = cost([sys.executable, "-m", "contract_lint", "--exit-zero", "--output", "json", "."], tree)
        first = first or (size, seconds)
        print(f"  {size:6} builders {seconds:7.2f} s  {seconds / first[1]:6.2f} x the cost for {size / first[0]:6.2f} x the builders")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--tree", type=Path, action="append", help="a project to run on (default: a generated one of 100 builders)")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-mypy", action="store_true")
    parser.add_argument("--scale", type=int, nargs="+", metavar="N", help="also run on generated projects of N builders each")
    options = parser.parse_args()
    if options.tree:
        for tree in options.tree:
            compare(tree.resolve(), options.runs, not options.no_mypy)
    else:
        with tempfile.TemporaryDirectory(prefix="generated-") as name:
            write_project(Path(name), 100)
            compare(Path(name), options.runs, not options.no_mypy)
    if options.scale:
        scale(options.scale)


if __name__ == "__main__":
    main()
