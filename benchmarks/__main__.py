"""Times whole processes against each other: the linter, bare ``libcst.parse_module`` over the files that it parses, and mypy.

Seconds are processor seconds (user and system) of the finished child, so that a busy machine disturbs them little; the figure to
read is the median of the ratios within one round, in which each command runs once. A round goes before that does not count, so that
all have their bytecode, as an installed program has.
"""

from __future__ import annotations

import argparse
import os
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


class BenchmarkError(Exception):
    """What makes a figure worthless."""


def cost(command: Sequence[str], folder: Path, bytecode: Path, accepted: tuple[int, ...] = (0,)) -> float:
    """Processor seconds of a child process; compiled modules are kept in the folder ``bytecode``.

    Raises BenchmarkError for an exit code that is not ``accepted``: a program that gave up is quick.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(bytecode)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in accepted:
        said = done.stderr.decode(errors="replace").strip()[-1000:]
        raise BenchmarkError(f"exit code {done.returncode} of {' '.join(command[:4])} ... in {folder}{': ' if said else ''}{said}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def parsed_files(tree: Path) -> list[str]:
    """The files that a run on the tree parses."""
    from contract_lint.analysis import analyse
    from contract_lint.config import load_config

    found = analyse(tree, [], load_config(tree, isolated=False).config)
    return sorted(str(tree / path) for path, summary in found.files.summaries.items() if summary is not None)


def compare(tree: Path, runs: int, with_mypy: bool, scratch: Path) -> None:
    files = parsed_files(tree)
    if not files:
        raise BenchmarkError(f"nothing to compare: no file under {tree} is parsed")
    lines = sum(Path(name).read_bytes().count(b"\n") for name in files)
    commands = {
        "contract-lint, cold": [sys.executable, "-m", "contract_lint", "--exit-zero", "--output", "json", "."],
        "bare libcst": [sys.executable, "-c", PARSE, *files],
    }
    if with_mypy and shutil.which("mypy", path=str(Path(sys.executable).parent)):
        commands["mypy, cold"] = [
            sys.executable,
            "-m",
            "mypy",
            "--cache-dir",
            str(scratch / "mypy"),
            "--ignore-missing-imports",
            "--no-incremental",
            "--explicit-package-bases",
            *files,
        ]
    accepted = {"mypy, cold": (0, 1)}  # its errors do not matter
    rounds = [
        {name: cost(command, tree, scratch, accepted.get(name, (0,))) for name, command in commands.items()} for _ in range(runs + 1)
    ][1:]
    print(f"{tree.name}: {len(files)} files parsed, {lines} lines, median of {runs}")
    for name in commands:
        seconds = [one[name] for one in rounds]
        ratio = statistics.median(one[name] / one["bare libcst"] for one in rounds)
        print(f"  {name:20} {statistics.median(seconds):6.2f} s  ({min(seconds):.2f} to {max(seconds):.2f})  {ratio:5.2f} x bare libcst")


def scale(sizes: Sequence[int], scratch: Path) -> None:
    """One run on generated projects of growing size: the cost is to grow with the number of modules, and no faster."""
    first: tuple[int, float] | None = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            tree = Path(name)
            write_project(tree, size)
            seconds = cost([sys.executable, "-m", "contract_lint", "--exit-zero", "--output", "json", "."], tree, scratch)
        first = first or (size, seconds)
        print(f"  {size:6} builders {seconds:7.2f} s  {seconds / first[1]:6.2f} x the cost for {size / first[0]:6.2f} x the builders")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    made.add_argument("trees", type=Path, nargs="*", metavar="PATH", help="a project to run on (default: a generated one of 100 builders)")
    made.add_argument("--runs", type=int, default=5)
    made.add_argument("--no-mypy", action="store_true")
    made.add_argument("--scale", type=int, nargs="+", metavar="N", help="also run on generated projects of N builders each")
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    from contract_lint.model.errors import ContractLintError

    options = parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        if not options.trees:
            write_project(scratch / "generated", 100)
        try:
            for tree in options.trees or [scratch / "generated"]:
                compare(tree.resolve(), options.runs, not options.no_mypy, scratch)
            if options.scale:
                scale(options.scale, scratch)
        except (BenchmarkError, ContractLintError) as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
