"""An estimator, or the dict of its hyperparameters, is changed after the call that a step puts off.

## What it reports

`estimator.set_hyperparameters(…)`, `estimator.attribute = …` and `hyperparameters[…] = …` after `estimator.fit(…)` was given to a step as
its `step_args`; for processors, transformers and tuners likewise. The dict is reported for the estimators of frameworks (`PyTorch`,
`TensorFlow`, `HuggingFace`, …), which keep the one that they are given.

## Why it matters

Under a pipeline session the call is put off until the definition is written, and reads what the object holds then. Every step that was made
with it gets the last values, also the ones that were defined before the change. Nothing says so.

## Bad

```python
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

session = PipelineSession()
estimator = Estimator(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1",
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_count=1,
    instance_type="ml.m5.xlarge",
    sagemaker_session=session,
)
inputs = {"train": TrainingInput("s3://reports-bucket/daily/train")}
estimator.set_hyperparameters(depth=4)
step_small = TrainingStep(name="TrainSmall", step_args=estimator.fit(inputs))
estimator.set_hyperparameters(depth=12)
step_large = TrainingStep(name="TrainLarge", step_args=estimator.fit(inputs), depends_on=[step_small])
pipeline = Pipeline(name="Reports", steps=[step_small, step_large], sagemaker_session=session)
```

## Good

```python
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

session = PipelineSession()


def train(name, depth, depends_on):
    estimator = Estimator(
        image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/train:1",
        role="arn:aws:iam::111122223333:role/PipelineRole",
        instance_count=1,
        instance_type="ml.m5.xlarge",
        sagemaker_session=session,
    )
    estimator.set_hyperparameters(depth=depth)
    inputs = {"train": TrainingInput("s3://reports-bucket/daily/train")}
    return TrainingStep(name=name, step_args=estimator.fit(inputs), depends_on=depends_on)


step_small = train("TrainSmall", 4, [])
step_large = train("TrainLarge", 12, [step_small])
pipeline = Pipeline(name="Reports", steps=[step_small, step_large], sagemaker_session=session)
```

## How to fix

Make an object for each step, and give each a dict of its own (`dict(hyperparameters)`).

## When it stays silent

For copies of the dict, for the plain `Estimator`, which copies it, where the change happens on some paths only, where the result of the
call is not given to a step, and where the definition was written in between (`pipeline.upsert(…)`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Literal,
    Made,
    Operation,
    OperationView,
    Related,
    SdkObject,
    SdkObjectView,
    SdkScene,
    SdkValue,
    Severity,
    Span,
    rule,
    titled,
)

from ._calls import DEFERRED, called

FRAMEWORKS = ("pytorch", "tensorflow", "huggingface", "mxnet", "sklearn", "xgboost", "chainer", "rl")
WRITING = frozenset({"definition", "create", "upsert", "update", "start"})
#: What a session, or the SDK itself, sets in an object that was called.
OWN = frozenset({"sagemaker_session", "latest_training_job", "jobs", "latest_job"})


@dataclass(frozen=True, slots=True)
class ChangedLater:
    """``what`` of the object is changed after ``call``, whose result the ``step`` got."""

    what: str
    call: str
    step: str

    def message(self) -> str:
        return f"{self.what} changes what {self.step} runs with: {self.call} is put off until the definition is written"

    def help(self) -> str:
        return "make an object of its own for each step, with a dict of its own"


@rule("CL828", "mutated-after-deferred-call", Severity.ERROR, view=OperationView, facts=ChangedLater, also=(SdkObjectView,))
def mutated_after_deferred_call(view: OperationView | SdkObjectView) -> Iterator[Draft]:
    if isinstance(view, OperationView):
        if view.operation.kind == "changed" and view.operation.certain:
            yield from _of_change(view.scene, view.operation)
    elif view.object.method == "set_hyperparameters" and view.object.must:
        yield from _of_call(view.scene, view.object)


def _of_change(scene: SdkScene, change: Operation) -> Iterator[Draft]:
    call, runner = scene.object(change.others[0]), scene.object(change.operand)
    if call is None or runner is None or change.what in OWN or change.what.startswith("_"):
        return
    is_dict = change.what in runner.arguments and change.what not in runner.attributes
    if is_dict and (change.what != "hyperparameters" or runner.method is not None or runner.callee.split(".")[1] not in FRAMEWORKS):
        return
    what = "this change of the dict of hyperparameters" if is_dict else f"setting '{change.what}'"
    written = (one for one in _definitions(scene) if one.number > call.number)
    if not any(one.span.path == change.span.path and one.span < change.span for one in written):
        yield from _draft(scene, call, what, change.span, change.scope)


def _of_call(scene: SdkScene, later: SdkObject) -> Iterator[Draft]:
    """``set_hyperparameters`` after a call of the same object: objects are numbered as they are made."""
    given = {name: value for name, value in later.arguments.items() if name}
    for call in scene.objects.values():
        if call.receiver == later.receiver and isinstance(call.receiver, Made) and call.number < later.number and given:
            written = any(call.number < one.number < later.number for one in _definitions(scene))
            if not written and not _sets_the_same(scene, later, call):
                yield from _draft(scene, call, "set_hyperparameters()", later.span, later.scope)


def _definitions(scene: SdkScene) -> Iterator[SdkObject]:
    """The calls that write the definition of a pipeline: what is changed behind one is for the next."""
    return (obj for obj in scene.objects.values() if obj.name == "Pipeline" and obj.method in WRITING)


def _sets_the_same(scene: SdkScene, later: SdkObject, call: SdkObject) -> bool:
    """Whether the same was set before the call."""
    before: dict[str, SdkValue] = {}
    for obj in scene.objects.values():
        if obj.method == "set_hyperparameters" and obj.receiver == later.receiver and obj.number < call.number:
            before.update(obj.arguments)
    return all(_is_same(before.get(name), value) for name, value in later.arguments.items())


def _is_same(first: SdkValue | None, second: SdkValue) -> bool:
    return isinstance(first, Literal) and isinstance(second, Literal) and first.value == second.value


def _draft(scene: SdkScene, call: SdkObject, what: str, span: Span, scope: str) -> Iterator[Draft]:
    step = next((one for one in scene.steps.values() if one.source == call.number), None)
    if step is None or call.method not in DEFERRED:
        return
    name = step.name or step.sdk_class
    related = (Related(call.span, f"{called(call)} is called here"), Related(step.span, "the step is defined here"))
    facts = ChangedLater(what, called(call), titled("step", step.name, step.span))
    yield Draft(facts, span, scope or span.path, f"{name}.{what}", related)
