"""What it costs to match pipelines of growing size: seconds, and the most memory that was held meanwhile.

Five shapes. `chain`: each step takes from the three before it, one input by a transitive predecessor, one from nowhere. `wide`: steps
in layers that know nothing of each other, each fed by two of the layer before. `far`: a chain in which every step needs what the first
one makes, and what a step just out of reach makes. `back`: a chain in which every step needs what the one a hundred steps before it
makes. `gather`: one step that takes from all others, and needs as much again that nobody makes. Seconds are processor seconds of a run
without tracing; memory is that of Python's own allocator, from a second run with it. The last line of a shape compares its largest
pipeline with its smallest.
"""

from __future__ import annotations

import argparse
import sys
import time
import tracemalloc
from collections import Counter
from collections.abc import Callable, Sequence

from contract_lint.assembly.matcher import match
from contract_lint.model.contract import Contract, Direction, Port, StepMade
from contract_lint.model.evidence import Evidence, Rank, merge
from contract_lint.model.pipeline import Edge, Pipeline, Step
from contract_lint.model.span import Span
from contract_lint.model.types import S3Uri
from contract_lint.model.wiring import Outcome

_LAYER = 50
_BACK = 100


def _span(line: int) -> Span:
    return Span("pipeline.py", line, 1, line, 10)


def _step(number: int, inputs: Sequence[str], outputs: Sequence[str], content: tuple[str, ...] = ()) -> Step:
    evidence = [Evidence(Rank.DECLARED, S3Uri(content=content), "it says so", _span(number + 1))] if content else []
    typing = merge(evidence)
    ports = [Port(name, Direction.INPUT, _span(number + 1), typing=typing) for name in inputs]
    ports += [Port(name, Direction.OUTPUT, _span(number + 1), typing=typing) for name in outputs]
    made = (StepMade("Processing", "ProcessingStep", _span(number + 1)),)
    contract = Contract(f"Step{number}", f"Step{number}Builder", "steps", _span(number + 1), tuple(ports), (), made)
    return Step(f"Step{number}", _span(number + 1), contract, tuple(ports), kinds=("Processing",))


def _pipeline(steps: Sequence[Step], pairs: Sequence[tuple[int, int]]) -> Pipeline:
    edges = tuple(Edge(f"Step{a}", f"Step{b}", _span(b), _span(b), _span(b)) for a, b in pairs if a >= 0)
    return Pipeline("pipeline", _span(1), tuple(steps), edges)


def chain(size: int) -> Pipeline:
    """Each step takes from the three before it."""
    steps = [
        _step(n, [f"table_{n - 1}", f"rows_{n - 3}", f"table_{n - 5}", f"nowhere_{n}"], [f"table_{n}", f"rows_{n}"]) for n in range(size)
    ]
    return _pipeline(steps, [(n - back, n) for n in range(size) for back in (1, 2, 3)])


def wide(size: int) -> Pipeline:
    """Layers of steps that all make outputs of the same names."""
    steps = [_step(n, ["table", "report"], ["table" if n % 2 else "report", "log"], ("dataset",)) for n in range(size)]
    pairs = [(n - _LAYER - n % 2 + back, n) for n in range(size) for back in (0, 1) if n >= _LAYER + 1]
    return _pipeline(steps, pairs)


def far(size: int) -> Pipeline:
    """Every step needs what the first one makes, and what one behind it makes."""
    steps = [_step(n, ["settings", f"table_{n - 1}", f"late_{n + 1}"], [f"table_{n}", f"late_{n}"]) for n in range(size)]
    steps[0] = _step(0, [], ["settings", "table_0"])
    return _pipeline(steps, [(n - 1, n) for n in range(size)])


def back(size: int) -> Pipeline:
    """Every step needs what the one a hundred steps before it makes: each has a far producer of its own."""
    steps = [_step(n, [f"table_{n - _BACK}" if n >= _BACK else "nowhere"], [f"table_{n}"]) for n in range(size)]
    return _pipeline(steps, [(n - 1, n) for n in range(size)])


def gather(size: int) -> Pipeline:
    """One step takes from all others, and needs as much that nobody makes."""
    steps = [_step(n, [], [f"table_{n}"]) for n in range(size - 1)]
    last = _step(size - 1, [f"{what}_{n}" for n in range(size - 1) for what in ("table", "nowhere")], [])
    return _pipeline([*steps, last], [(n, size - 1) for n in range(size - 1)])


SHAPES: dict[str, Callable[[int], Pipeline]] = {"chain": chain, "wide": wide, "far": far, "back": back, "gather": gather}


def measure(pipeline: Pipeline) -> tuple[float, float, Counter[Outcome]]:
    """Processor seconds, megabytes at most, and the outcomes."""
    start = time.process_time()
    wiring = match(pipeline)
    seconds = time.process_time() - start
    outcomes = Counter(binding.outcome for binding in wiring.bindings)
    del wiring
    tracemalloc.start()
    wiring = match(pipeline)  # held until the peak is read
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    del wiring
    return seconds, peak, outcomes


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    made.add_argument("--steps", type=int, nargs="+", default=[1_000, 10_000], metavar="N", help="numbers of steps, 2 at least")
    made.add_argument("--shapes", nargs="+", choices=sorted(SHAPES), default=list(SHAPES))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    for shape in options.shapes:
        measured: list[tuple[float, float]] = []
        for size in sorted(options.steps):
            pipeline = SHAPES[shape](size)
            seconds, peak, outcomes = measure(pipeline)
            measured.append((seconds, peak))
            counted = ", ".join(f"{outcomes[outcome]} {outcome.value}" for outcome in Outcome if outcomes[outcome])
            print(f"{shape:6} {size:7} steps {len(pipeline.edges):7} edges {seconds:7.2f} s {peak:7.1f} MB   {counted}")
        if len(measured) > 1:
            growth = max(options.steps) / min(options.steps)
            times, memory = (measured[-1][what] / max(measured[0][what], 1e-9) for what in (0, 1))
            print(f"{shape:6} {growth:7.1f} x as many steps: {times:.1f} x the time, {memory:.1f} x the memory")
    return 0


if __name__ == "__main__":
    sys.exit(main())
