"""One execution of a pipeline, recorded or live: what its steps have made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from contract_lint.model.spelling import nearest
from contract_lint.resolution.answers import Absent, Answer, follow, mapping, plain, text
from contract_lint.resolution.asking import ASKINGS, UNTOLD, Asked, asked, kinds_of, told
from contract_lint.resolution.defined import DefinedStep, defined_steps
from contract_lint.resolution.errors import ResolutionError
from contract_lint.resolution.paths import check_on_kinds, reference_of
from contract_lint.resolution.source import Source
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, kind_named

#: Statuses of executions that no step changes any more. One that failed or was stopped can be retried (RetryPipelineExecution).
_FINAL = frozenset({"Succeeded"})
_ENDED = frozenset({"Succeeded", "CompletedWithFailures", "Failed", "Stopped"})
_SHOWN = 8
#: Members that the SDK has and no answer holds -> where something of the kind stands.
_ELSEWHERE = {"BestCandidateProperties": "look at BestCandidate.CandidateProperties.CandidateArtifactLocations"}


class StepRun:
    """A step in one execution.

    ``status`` is the service's (`Succeeded`, `Failed`, `Executing`, …), or None for a step that has not started. ``kinds`` are the
    kinds of step that it may be, the common one first; none if nothing tells. ``execution`` is the ARN of the execution that
    made the results: another one for cached steps and steps that a selective execution took over.
    """

    def __init__(
        self,
        step_name: str,
        source: Source,
        entry: Answer,
        kinds: Sequence[StepKind],
        *,
        obstacle: ResolutionError | None = None,
        answers: dict[tuple[Asked, str], Answer] | None = None,
    ) -> None:
        self.step_name, self.kinds = step_name, tuple(kinds)
        self.status = text(entry.get("StepStatus"))
        self.execution = source.arn
        self._source, self._entry, self._obstacle, self._answers = source, entry, obstacle, answers
        self._key, self._metadata = _metadata(entry)

    @property
    def changes(self) -> bool:
        """Whether the answers about what the step made may change after it has ended: an endpoint, a model package's approval."""
        return self._key in ASKINGS and ASKINGS[self._key].changes

    def get_property(self, property_path: str) -> object:
        """The value of a property; structures and lists are returned whole, times as texts (ISO 8601).

        The path is written as in Python or as in a definition. Raises ResolutionError for a path that no step of this kind has, for
        a step that has not run, has failed or was stopped, and for a property that the answer lacks.
        """
        path = reference_of(self.step_name, property_path)
        check_on_kinds(self.step_name, property_path, self.kinds)
        self._check_status()
        try:
            return plain(follow(self._properties(str(path.segments[0]) if path.segments else None), path))
        except Absent as absent:
            todo = _ELSEWHERE.get(str(path.segments[0]) if path.segments else "", absent.todo)
            if self.status in ("Starting", "Executing"):
                todo = f"the step is still {self.status.lower()}: ask again when it has ended"
            raise ResolutionError(f"step '{self.step_name}': {absent.problem}", todo, near=absent.near) from absent

    def _properties(self, member: str | None) -> Answer:
        known = told(self._key, self._metadata)
        question = asked(self._key, self._metadata)
        if question is None:
            if not known:
                raise self._silent()
            return known
        if member in known:
            return known
        held = self._answers.get((question, question.part(member))) if self._answers is not None else None
        answer = held if held is not None else self._source.describe(question, member, self.step_name)
        if self._answers is not None and not self.changes:
            self._answers[question, question.part(member)] = answer
        return {**answer, **known}

    def _silent(self) -> ResolutionError:
        if self.status in ("Starting", "Executing"):
            return ResolutionError(f"step '{self.step_name}' is still {self.status.lower()} and has made nothing yet", "ask again later")
        if self._key:
            why = "tell no value" if self._key in UNTOLD or kinds_of(self._key) else "are of a kind that is not known here"
            return ResolutionError(f"step '{self.step_name}': its metadata ({self._key}) {why}", "ask the service that ran it")
        return ResolutionError(f"step '{self.step_name}' has no metadata: nothing tells what it made", "look at it in SageMaker Studio")

    def _check_status(self) -> None:
        if self._obstacle is not None:
            raise self._obstacle
        if self.status in ("Failed", "Stopping", "Stopped"):
            reason = text(self._entry.get("FailureReason"))
            made = text(self._metadata.get("Arn"))
            ended = "failed" if self.status == "Failed" else "was stopped"
            raise ResolutionError(
                f"step '{self.step_name}' {ended}{f': {reason}' if reason else ''}, and no later step can read its properties",
                f"{made} shows what it left" if made else "mend it and run the pipeline again",
            )


class Execution:
    """An execution of a pipeline, as the first design's ``pipeline_execution``: ``describe_step(name).get_property(path)``.

    What cannot change any more is asked for once: everything of a record, and of a live execution once it has succeeded.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self._summary: Answer | None = None
        self._steps: Sequence[Answer] | None = None
        self._defined: dict[str, DefinedStep] | None = None
        self._answers: dict[tuple[Asked, str], Answer] = {}

    @property
    def arn(self) -> str:
        """The execution's ARN; empty for a record that does not tell it."""
        return self.source.arn

    @property
    def status(self) -> str | None:
        """The execution's status; None for a record that does not tell it."""
        return text(self._summarised().get("PipelineExecutionStatus"))

    @property
    def final(self) -> bool:
        """Whether its steps cannot change any more."""
        return self.source.fixed or self.status in _FINAL

    def is_final(self, step_name: str) -> bool:
        """Whether a step's values may be kept: nothing of the execution changes, nor what this step made."""
        if not self.final:
            return False
        entries = [entry for entry in self._listed(final=True) if entry.get("StepName") == step_name]
        changing = {key for entry in entries for key in mapping(entry.get("Metadata")) if key in ASKINGS and ASKINGS[key].changes}
        return bool(entries) and not (changing and not self.source.fixed)

    def steps(self) -> tuple[str, ...]:
        """The names of the steps that have started, each once, in the order in which they are listed."""
        return tuple(dict.fromkeys(str(entry.get("StepName")) for entry in self._listed(final=self.final)))

    def describe_step(self, step_name: str) -> StepRun:
        """A step of this execution: the last attempt, and for results that were taken over the execution that made them.

        Raises ResolutionError for a name that no step has, with the names that are near.
        """
        return self._run(step_name, frozenset())

    def _run(self, step_name: str, seen: frozenset[str]) -> StepRun:
        final = self.final
        listed = self._listed(final=final)
        entries = [entry for entry in listed if entry.get("StepName") == step_name]
        single = [entry for entry in entries if not entry.get("IterationContext")]
        if not entries:
            return self._not_listed(step_name, listed, seen)
        if not single:
            loop = text(mapping(entries[0].get("IterationContext")).get("ParentStepName"))
            problem = f"step '{step_name}' ran {len(entries)} times in the body of '{loop}': it has no value of its own"
            obstacle = ResolutionError(problem, f"describe the items one by one, or read a count of '{loop}'")
            return StepRun(step_name, self.source, {}, _kinds(entries[-1]), obstacle=obstacle)
        last = max(enumerate(single), key=lambda one: (_started(one[1]), _attempt(one[1]), one[0]))[1]
        key, _ = _metadata(last)
        other = _taken_from(last)
        if not key and other is not None:
            return self._taken_over(step_name, other, seen)
        return StepRun(step_name, self.source, last, _kinds(last), answers=self._answers if final else None)

    def _taken_over(self, step_name: str, arn: str, seen: frozenset[str]) -> StepRun:
        if arn in seen or arn == self.arn:
            raise ResolutionError(f"step '{step_name}' was taken over from {arn}, which took it over in turn", "describe its job directly")
        return Execution(self.source.other(arn))._run(step_name, seen | {self.arn})

    def _not_listed(self, step_name: str, listed: Sequence[Answer], seen: frozenset[str]) -> StepRun:
        """A step that has not started: named by the definition, left to another execution, or by nobody."""
        summary = self._summarised()
        selective = mapping(summary.get("SelectiveExecutionConfig"))
        other = text(selective.get("SourcePipelineExecutionArn"))
        defined = self._definition()
        if defined is None and other is None:
            raise _unknown(step_name, listed, None)
        step = (defined or {}).get(step_name)
        if defined is not None and step is None:
            raise _unknown(step_name, listed, defined)
        selected = selective.get("SelectedSteps")
        names = {text(mapping(one).get("StepName")) for one in selected} if isinstance(selected, Sequence) else set()
        if other is not None and step_name not in names:
            return self._taken_over(step_name, other, seen)
        if step is None:
            raise _unknown(step_name, listed, None)
        kinds = tuple(kind for kind in all_kinds() if kind.type == step.type)
        return StepRun(step_name, self.source, {}, kinds, obstacle=_why_not(step, listed, text(summary.get("PipelineExecutionStatus"))))

    def _summarised(self) -> Answer:
        if self._summary is not None:
            return self._summary
        summary = self.source.summary()
        if self.source.fixed or summary.get("PipelineExecutionStatus") in _FINAL:
            self._summary = summary
        return summary

    def _listed(self, *, final: bool) -> Sequence[Answer]:
        if self._steps is not None:
            return self._steps
        steps = self.source.steps()
        if final:
            self._steps = steps
        return steps

    def _definition(self) -> dict[str, DefinedStep] | None:
        """An execution keeps the definition with which it was started."""
        if self._defined is None:
            self._defined = defined_steps(self.source.definition())
        return self._defined


def _why_not(step: DefinedStep, listed: Sequence[Answer], status: str | None) -> ResolutionError:
    conditions = [entry for entry in listed if entry.get("StepName") == step.condition]
    outcomes = [text(mapping(mapping(entry.get("Metadata")).get("Condition")).get("Outcome")) for entry in conditions]
    outcome = outcomes[-1] if outcomes else None
    if step.condition and outcome is not None and outcome != step.outcome:
        problem = f"step '{step.name}' did not run: '{step.condition}' came out {outcome}, and its branch is that of {step.outcome}"
        return ResolutionError(problem, "look at an execution that took the branch")
    if status in _ENDED:
        failed = [str(one.get("StepName")) for one in listed if one.get("StepStatus") == "Failed"]
        why = f" after {', '.join(map(repr, failed))} failed" if failed else ""
        return ResolutionError(f"step '{step.name}' did not run: the execution ended ({status}){why}", "look at another execution")
    return ResolutionError(f"step '{step.name}' has not run yet", "ask again when it has")


def _unknown(step_name: str, listed: Sequence[Answer], defined: dict[str, DefinedStep] | None) -> ResolutionError:
    known = [*(str(entry.get("StepName")) for entry in listed), *(defined or {})]
    names = list(dict.fromkeys(known))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    has = f"it has {', '.join(map(repr, names[:_SHOWN])) or 'none'}{more}"
    if defined is not None:
        return ResolutionError(f"the execution has no step '{step_name}'", has, near=nearest(step_name, names))
    todo = f"{has}; whether others are still to run, only the definition tells"
    return ResolutionError(f"no step '{step_name}' has started in the execution", todo, near=nearest(step_name, names))


def _metadata(entry: Answer) -> tuple[str, Answer]:
    """What stands under the first member of a step's metadata, and the member's name; empty where there is nothing."""
    return next(((str(key), mapping(held)) for key, held in mapping(entry.get("Metadata")).items() if mapping(held)), ("", {}))


def _kinds(entry: Answer) -> tuple[StepKind, ...]:
    return tuple(kind for name in kinds_of(_metadata(entry)[0]) if (kind := kind_named(name)) is not None)


def _taken_from(entry: Answer) -> str | None:
    holders = (mapping(entry.get("CacheHitResult")), mapping(entry.get("SelectiveExecutionResult")))
    return next((arn for one in holders if (arn := text(one.get("SourcePipelineExecutionArn"))) is not None), None)


def _attempt(entry: Answer) -> int:
    count = entry.get("AttemptCount")
    return count if isinstance(count, int) else 0


def _started(entry: Answer) -> float:
    """When the step started, in seconds; 0 where a record does not tell it in a way that can be compared."""
    at = entry.get("StartTime")
    try:
        if isinstance(at, datetime):
            return at.timestamp()
        if isinstance(at, str):
            return datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp()
        return float(at) if isinstance(at, int | float) else 0.0
    except (ValueError, OverflowError, OSError):
        return 0.0
