"""Recorded executions: the answers of the services in a JSON file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from contract_lint.resolution.answers import Answer, mapping, plain, structures, text
from contract_lint.resolution.asking import Asked, asked, identity_of
from contract_lint.resolution.errors import Missing, ResolutionError
from contract_lint.resolution.source import Source

#: The members of a record, named by the operations whose answers they hold.
STEPS = "ListPipelineExecutionSteps"
SUMMARY = "DescribePipelineExecution"
DEFINITION = "DescribePipelineDefinitionForExecution"
#: A list of the answers of DescribeTrainingJob and its like, in any order.
DESCRIBED = "Described"
#: A list of records of the executions whose results this one took over.
OTHERS = "SourceExecutions"

_MEMBERS = (STEPS, SUMMARY, DEFINITION, DESCRIBED, OTHERS)
_LISTED = "PipelineExecutionSteps"
_HOW = "docs/resolution.md says how to make one"


class RecordedSource:
    """The answers that a record holds.

    ``record`` is an object with ``ListPipelineExecutionSteps`` and, where there are any, the other members; or the bare answer of
    `aws sagemaker list-pipeline-execution-steps`, from which the values follow that stand in it: outputs of Lambda and Callback steps,
    outcomes of conditions, baselines of checks. ``others`` are records beside it that may hold the executions whose results it took
    over. Raises ResolutionError for anything else.
    """

    fixed = True

    def __init__(self, record: object, name: str = "the record", others: Sequence[Answer] = ()) -> None:
        self._name = name
        if not isinstance(record, Mapping):
            raise ResolutionError(f"{name} holds no JSON object", _HOW)
        answers: Answer = {STEPS: record} if _LISTED in record else record
        listed = mapping(answers.get(STEPS)).get(_LISTED)
        if not isinstance(listed, list) or not all(isinstance(one, Mapping) and text(one.get("StepName")) for one in listed):
            raise ResolutionError(f"{name} holds no {STEPS} with a list of {_LISTED}", _HOW)
        self._check(answers)
        self._steps = listed
        self._record = answers
        self._others = [*structures(answers.get(OTHERS)), *others]
        self._described = {found.casefold(): one for one in structures(answers.get(DESCRIBED)) if (found := identity_of(one)) is not None}

    def _check(self, answers: Answer) -> None:
        if unknown := [key for key in answers if key not in _MEMBERS]:
            raise ResolutionError(f"{self._name} has a member {unknown[0]!r}; there are {', '.join(_MEMBERS)}", _HOW)
        for key in (DESCRIBED, OTHERS):
            listed = answers.get(key, [])
            if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
                raise ResolutionError(f"{key} of {self._name} is no list of objects", _HOW)
        if mapping(answers.get(STEPS)).get("NextToken"):
            raise ResolutionError(f"{self._name} holds only the first page of {STEPS}", "record it without --no-paginate and --max-items")

    @property
    def arn(self) -> str:
        return text(self.summary().get("PipelineExecutionArn")) or ""

    def summary(self) -> Answer:
        return mapping(self._record.get(SUMMARY))

    def steps(self) -> Sequence[Answer]:
        return self._steps

    def definition(self) -> str | None:
        return text(mapping(self._record.get(DEFINITION)).get("PipelineDefinition"))

    def describe(self, asked: Asked, member: str | None, step: str) -> Answer:
        found = self._described.get(asked.identity.casefold())
        if found is None:
            answer = "".join(map(str.capitalize, asked.how.operation.split("_")))
            raise Missing(
                f"{self._name} does not say what step '{step}' made: there is no answer about {asked.identity}",
                f"add the answer of {answer} to its {DESCRIBED}",
            )
        return mapping(found["Step"]) if "Step" in found and asked.how.argument == "StepId" else found

    def other(self, arn: str) -> Source:
        for one in self._others:
            if mapping(one.get(SUMMARY)).get("PipelineExecutionArn") == arn:
                return RecordedSource(one, f"{self._name}, {OTHERS}", self._others)
        raise Missing(
            f"{self._name} does not hold execution {arn}, whose results were taken over",
            f"record that one too, with its {SUMMARY}, and add it to {OTHERS}",
        )


def read_record(path: str | os.PathLike[str]) -> RecordedSource:
    """The record in a file (JSON, UTF-8). Raises ResolutionError for a file that cannot be read or is no record."""
    name = os.fspath(path)
    try:
        return RecordedSource(json.loads(Path(path).read_text(encoding="utf-8-sig")), name)
    except OSError as error:
        raise ResolutionError(f"cannot read the record {name}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, ResolutionError):
            raise
        what = f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else type(error).__name__
        raise ResolutionError(f"{name} is no JSON text ({what})", _HOW) from error


def record_of(source: Source, known: frozenset[str] = frozenset()) -> dict[str, object]:
    """All that can be told of an execution, as the JSON object of a record; with the executions whose results it took over.

    Jobs of steps that failed or were stopped are left out, since no property of theirs has a value, and so is what does not exist
    any more. Raises ResolutionError for everything else that the source refuses: a record with unknown gaps would be worth little.
    """
    steps, summary = source.steps(), source.summary()
    definition = source.definition()
    known |= {source.arn}
    taken = sorted(found for found in _taken_over(steps, summary) if found not in known)
    return {
        SUMMARY: plain(summary),
        STEPS: {_LISTED: plain(steps)},
        **({DEFINITION: {"PipelineDefinition": definition}} if definition is not None else {}),
        DESCRIBED: [plain(one) for step in steps for one in _described(source, step)],
        OTHERS: [one for arn in taken if (one := _other(source, arn, known | set(taken))) is not None],
    }


def _other(source: Source, arn: str, known: frozenset[str]) -> dict[str, object] | None:
    try:
        return record_of(source.other(arn), known)
    except Missing:
        return None


def _described(source: Source, step: Answer) -> list[Answer]:
    """The answer about what a step made, in a list; nothing for a step that made nothing, or nothing that is left."""
    if step.get("StepStatus") in ("Failed", "Stopped"):
        return []
    for key, metadata in mapping(step.get("Metadata")).items():
        question = asked(key, mapping(metadata))
        if question is not None:
            try:
                answer = source.describe(question, None, str(step.get("StepName")))
            except Missing:
                return []
            return [{"Step": answer} if question.how.argument == "StepId" else answer]
    return []


def _taken_over(steps: Sequence[Answer], summary: Answer) -> set[str]:
    holders = [mapping(summary.get("SelectiveExecutionConfig"))]
    for step in steps:
        holders += [mapping(step.get("CacheHitResult")), mapping(step.get("SelectiveExecutionResult"))]
    return {arn for holder in holders if (arn := text(holder.get("SourcePipelineExecutionArn"))) is not None}
