"""An index that the list or map cannot have.

## What it reports

A number in brackets that is negative, a fraction, `None` or `True`, that is larger than the list can be long, or that stands for a key of
a map; and `get_top_model_s3_uri(top_k=…)` with a `top_k` outside of 0 to 49.

## Why it matters

The SDK checks no index: it writes whatever stands in the brackets into the pipeline definition. What it refers to never exists, and the
run fails at the step that reads it, after the steps before it were paid for.

## Bad

```python
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep, TuningStep


def get_pipeline(tuner, estimator):
    tune = TuningStep(name="Tune", tuner=tuner)
    best = tune.properties.TrainingJobSummaries[-1].TrainingJobName
    retrain = TrainingStep(name="Retrain", estimator=estimator(best), inputs={"train": TrainingInput(s3_data="s3://bucket/train/")})
    return Pipeline(name="Tuning", steps=[tune, retrain])
```

## Good

```python
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TrainingStep, TuningStep


def get_pipeline(tuner, estimator):
    tune = TuningStep(name="Tune", tuner=tuner)
    best = tune.properties.TrainingJobSummaries[0].TrainingJobName
    retrain = TrainingStep(name="Retrain", estimator=estimator(best), inputs={"train": TrainingInput(s3_data="s3://bucket/train/")})
    return Pipeline(name="Tuning", steps=[tune, retrain])
```

## How to fix

Count from 0 at the best or first item; write names in quotation marks.

## When it stays silent

Where the service sets no limit to the length of the list, and where only the run tells the index. Names that a step does not have are
CL204.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    Literal,
    NegativeIndex,
    OddIndex,
    PositionOutOfRange,
    PropertyReadView,
    Related,
    SdkObjectView,
    Severity,
    place_within,
    rule,
    walk,
)

from ._judge import kinds_of, readable, related_places, subject_of
from ._reads import called, made_here, misread, read_scope, read_subject, shown

#: The tuning step keeps as many of its best jobs (developer guide, "Tuning step").
BEST = 50
TOP_MODEL = "get_top_model_s3_uri"

Wrong = NegativeIndex | PositionOutOfRange | OddIndex


@dataclass(frozen=True, slots=True)
class WrongIndex:
    """``path`` is what is read, ``reason`` what is wrong with the index."""

    path: str
    reason: str

    def message(self) -> str:
        return f"'{self.path}' leads nowhere: {self.reason}"

    def help(self) -> str:
        return "positions begin at 0, names and keys stand in quotation marks"


@dataclass(frozen=True, slots=True)
class WrongRank:
    top_k: object

    def message(self) -> str:
        return f"top_k={self.top_k!r} is no place among the best jobs"

    def help(self) -> str:
        return f"a tuning step keeps the {BEST} best jobs: 0 is the best, {BEST - 1} the last"


@rule("CL212", "index-out-of-range", Severity.ERROR, view=PropertyReadView, facts=WrongIndex, also=(DeclarationView, SdkObjectView))
def index_out_of_range(view: PropertyReadView | DeclarationView | SdkObjectView) -> Iterator[Draft]:
    if isinstance(view, DeclarationView):
        yield from _declared(view)
    elif isinstance(view, SdkObjectView):
        yield from _top_model(view)
    elif (found := misread(view)) is not None and isinstance(found.verdict, Wrong):
        facts = WrongIndex(shown(found.path), found.verdict.reason)
        yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))


def _declared(view: DeclarationView) -> Iterator[Draft]:
    """A path that a step builder gives to an output."""
    path, written = readable(view), view.declaration.path
    if path is None or written is None or not view.declaration.registers:
        return
    verdicts = [walk(path, kind) for kind in kinds_of(view)]
    wrong = [one for one in verdicts if isinstance(one, Wrong)]
    if not wrong or any(one.accepted_by_sdk and not isinstance(one, Wrong) for one in verdicts):
        return
    segment = wrong[0].segment
    facts = WrongIndex(str(path), wrong[0].reason)
    yield Draft(facts, place_within(written, segment.start, segment.end), view.scope, subject_of(view), related_places(view))


def _top_model(view: SdkObjectView) -> Iterator[Draft]:
    """``tuning_step.get_top_model_s3_uri(top_k=…)``."""
    made = view.object
    tuned = view.scene.object(made.receiver)
    given = view.scene.resolve(made.get("top_k"))
    if made.method != TOP_MODEL or tuned is None or tuned.number not in view.scene.steps or not isinstance(given, Literal):
        return
    rank = given.value
    if isinstance(rank, int) and not isinstance(rank, bool) and 0 <= rank < BEST:
        return
    step = view.scene.steps[tuned.number]
    related = (Related(step.span, f"the {called(step)} is made here"),)
    yield Draft(WrongRank(rank), given.span or made.span, made.scope or made.span.path, f"{step.name or tuned.name}.{TOP_MODEL}", related)
