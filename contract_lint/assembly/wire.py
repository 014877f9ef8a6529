"""The wiring of a whole project: each pipeline by itself, and what is in no pipeline by what the project offers."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from contract_lint.assembly.matcher import match, match_project
from contract_lint.assembly.options import DEFAULTS, MatchOptions
from contract_lint.model.contract import Contract
from contract_lint.model.pipeline import Pipeline
from contract_lint.model.project import Existence
from contract_lint.model.wiring import Wiring


def wire(
    contracts: Sequence[Contract], pipelines: Iterable[Pipeline], options: MatchOptions = DEFAULTS
) -> tuple[tuple[Wiring, ...], tuple[Existence, ...]]:
    """Match the inputs of all pipelines, sorted by place; and where a component has no pipeline, look for what could feed its inputs."""
    wirings = tuple(match(one, options) for one in named_apart(pipelines))
    seen = {step.contract.component for wiring in wirings for step in wiring.pipeline.steps if step.contract is not None}
    components: dict[str, list[Contract]] = defaultdict(list)
    for contract in contracts:
        if contract.component not in seen:
            components[contract.component].append(contract)
    existence: list[Existence] = []
    for _, those in sorted(components.items()):
        for contract, binding in match_project(those, options):
            existence.append(Existence(contract, binding))
    return wirings, tuple(existence)


def named_apart(pipelines: Iterable[Pipeline]) -> Iterator[Pipeline]:
    """The pipelines sorted by place, each once; those of the same name are told apart by their file, its path, and then by number."""
    every = sorted(set(pipelines), key=lambda one: (one.span, one.name))
    counts = [Counter(name(one) for one in every) for name in _NAMES]
    taken: Counter[str] = Counter()
    for one in every:
        known = (name(one) for name, count in zip(_NAMES, counts, strict=True) if count[name(one)] == 1)
        chosen = next(known, None) or _with_path(one)
        taken[chosen] += 1
        yield replace(one, name=chosen if taken[chosen] == 1 else f"{chosen}#{taken[chosen]}")


def _with_file(pipeline: Pipeline) -> str:
    return f"{pipeline.span.path.rpartition('/')[2].partition('.')[0]}.{pipeline.name}"


def _with_path(pipeline: Pipeline) -> str:
    return f"{pipeline.span.path}:{pipeline.name}"


#: What a pipeline may be called, the shortest first.
_NAMES: tuple[Callable[[Pipeline], str], ...] = (lambda pipeline: pipeline.name, _with_file, _with_path)
