"""Declarative pipelines at build time of a pipeline: parse a text, and say what is wrong with what it defines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from contract_lint.frontends.dsl.document import PARAMETER, read_pipeline
from contract_lint.model.errors import SourceError
from contract_lint.model.project import DocumentProblem
from contract_lint.model.spelling import nearest
from contract_lint.sources.read import Source
from contract_lint.sources.yaml_places import compose, value_of

#: Stands for the file in places of a text.
_NAME = "pipeline.yaml"
#: What keeps a definition from being made; of the rest ``validate_definition`` tells.
_FATAL = ("CL011", "CL012")


@dataclass
class PipelineStepDefinition:
    """One step: ``inputs`` are values, or references ``{"from_step": …, "output": …}``; ``outputs`` map names to descriptions."""

    name: str
    type: str
    config: dict[str, object]
    inputs: dict[str, object] | None = None
    outputs: dict[str, str] | None = None
    depends_on: list[str] | None = None


@dataclass
class PipelineDefinition:
    """A pipeline: its steps in the order of the text, and the parameters with their defaults."""

    name: str
    description: str
    steps: list[PipelineStepDefinition]
    parameters: dict[str, object] | None = None


class DeclarativePipelineParser:
    """Makes definitions of YAML and judges them."""

    @staticmethod
    def from_yaml(yaml_content: str) -> PipelineDefinition:
        """The pipeline that a YAML text defines; values are those of ``yaml.safe_load``.

        Raises ValueError with the line for a text that is no YAML, has a key twice or aliases without end, and for what has not the
        shape of a pipeline. Where the first design raised KeyError, TypeError or AttributeError, or kept a wrong value, this one tells
        where the mistake is.
        """
        text = yaml_content.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        source = Source(_NAME, text, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())
        try:
            document = compose(source)
        except SourceError as error:
            raise ValueError(_told(error.span.line, error.span.column, error.message)) from None
        problems = [one for one in read_pipeline(document).problems if one.rule in _FATAL and not _is_semantic(one)]
        if problems:
            first = min(problems, key=lambda one: one.span)
            raise ValueError(_told(first.span.line, first.span.column, first.message))
        try:
            value = value_of(document)
        except yaml.MarkedYAMLError as error:  # a tag of plain YAML on what it does not fit
            mark = error.problem_mark
            raise ValueError(_told(mark.line + 1 if mark else 1, mark.column + 1 if mark else 1, str(error.problem))) from None
        assert isinstance(value, dict)
        return PipelineDefinition(
            name=value["name"],
            description=value.get("description") or "",
            steps=[_step(one) for one in value["steps"]],
            parameters=value.get("parameters") or {},
        )

    @staticmethod
    def validate_definition(definition: PipelineDefinition) -> list[str]:
        """Everything that is wrong with what a definition says, in the order of its steps; empty if nothing is."""
        return list(_errors(definition))


def _told(line: int, column: int, message: str) -> str:
    return f"line {line}, column {column}: {message}"


def _is_semantic(problem: DocumentProblem) -> bool:
    """Whether the shape is right, and only what it says is not: a reference that does not name the output."""
    return problem.rule == "CL011" and problem.subject.endswith(".output")


def _step(value: dict[str, object]) -> PipelineStepDefinition:
    return PipelineStepDefinition(
        name=str(value["name"]),
        type=str(value["type"]),
        config=_mapping(value.get("config")),
        inputs=_mapping(value.get("inputs")),
        outputs={name: str(text) for name, text in _mapping(value.get("outputs")).items()},
        depends_on=[str(one) for one in _items(value.get("depends_on"))],
    )


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> list[object]:
    return value if isinstance(value, list) else []


# --- what is wrong with a definition ---


def _errors(definition: PipelineDefinition) -> Iterator[str]:
    steps: dict[str, PipelineStepDefinition] = {}
    for step in definition.steps:
        if step.name in steps:
            yield f"Two steps have the name '{step.name}'"
        steps.setdefault(step.name, step)
    for step in definition.steps:
        for before in step.depends_on or ():
            if before not in steps:
                yield f"Step '{step.name}' depends on non-existent step '{before}'{_hint(before, steps)}"
        for name, value in (step.inputs or {}).items():
            if isinstance(value, dict) and "from_step" in value:
                yield from _reference_errors(step, name, value, steps)
        for parameter in dict.fromkeys(_used((step.config, step.inputs))):
            if parameter not in (definition.parameters or {}):
                hint = _hint(parameter, definition.parameters or {})
                yield f"Step '{step.name}' uses parameter '{parameter}', which the pipeline does not declare{hint}"
    circle = _circle(steps)
    if circle:
        yield f"Steps wait for each other in a circle: {' -> '.join(circle)}"


def _reference_errors(
    step: PipelineStepDefinition, name: str, value: dict[str, object], steps: dict[str, PipelineStepDefinition]
) -> Iterator[str]:
    source, output = value["from_step"], value.get("output")
    said = f"Step '{step.name}' input '{name}'"
    if not isinstance(source, str) or source not in steps:
        yield f"{said} references non-existent step '{source}'{_hint(str(source), steps)}"
    elif output is None:
        yield f"{said} references step '{source}' without an output"
    elif (known := steps[source].outputs) and output not in known:
        yield f"{said} references non-existent output '{output}' of step '{source}'{_hint(str(output), known)}"


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known, limit=1)
    return f" (did you mean '{near[0]}'?)" if near else ""


def _used(value: object) -> Iterator[str]:
    """The parameters in the texts of a value, which may hold itself."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield from PARAMETER.findall(one)
        elif isinstance(one, (dict, list, tuple)) and id(one) not in seen:
            seen.add(id(one))
            waiting += reversed(list(one.values() if isinstance(one, dict) else one))


def _circle(steps: dict[str, PipelineStepDefinition]) -> list[str]:
    """The names of one circle, its first step at both ends; empty if there is none."""
    before = {name: list(dict.fromkeys(_predecessors(step, steps))) for name, step in steps.items()}
    done: set[str] = set()
    for start in steps:
        path: list[str] = [start]
        waiting = [iter(before[start])]
        on_path = {start}
        while waiting:
            following = next((one for one in waiting[-1] if one not in done), None)
            if following is None:
                waiting.pop()
                on_path.discard(path[-1])
                done.add(path.pop())
            elif following in on_path:
                circle = path[path.index(following) :]
                return [circle[0], *reversed(circle)]
            else:
                path.append(following)
                on_path.add(following)
                waiting.append(iter(before[following]))
    return []


def _predecessors(step: PipelineStepDefinition, steps: dict[str, PipelineStepDefinition]) -> Iterator[str]:
    yield from (name for name in step.depends_on or () if name in steps)
    for value in (step.inputs or {}).values():
        source = value.get("from_step") if isinstance(value, dict) else None
        if isinstance(source, str) and source in steps:
            yield source
