"""A job is meant for a pipeline, and its session starts it while the pipeline is defined.

## What it reports

A step whose `step_args` come from `.run()`, `.fit()`, `.transform()`, `.create()` or `.register()` of an object that was made with
`sagemaker.Session()`, or without any `sagemaker_session`. Also a pipeline variable that is given to such a method outside of any pipeline.

## Why it matters

Only a `PipelineSession` puts the call off until the pipeline runs. Any other session carries it out at once: a job starts and is paid
for whenever the pipeline is defined, its result is no `step_args`, and the step raises a ValueError afterwards. A call with a pipeline
variable fails before that, when the request is written.

## Bad

```python
import sagemaker
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep

session = sagemaker.Session()
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_type="ml.m5.large",
    instance_count=1,
    sagemaker_session=session,
)
step_clean = ProcessingStep(name="Clean", step_args=processor.run(code="s3://reports-bucket/code/clean.py"))
pipeline = Pipeline(name="Reports", steps=[step_clean])
```

## Good

```python
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

session = PipelineSession()
processor = ScriptProcessor(
    image_uri="111122223333.dkr.ecr.eu-west-1.amazonaws.com/clean:1",
    command=["python3"],
    role="arn:aws:iam::111122223333:role/PipelineRole",
    instance_type="ml.m5.large",
    instance_count=1,
    sagemaker_session=session,
)
step_clean = ProcessingStep(name="Clean", step_args=processor.run(code="s3://reports-bucket/code/clean.py"))
pipeline = Pipeline(name="Reports", steps=[step_clean], sagemaker_session=session)
```

## How to fix

Give the processor, estimator, model or transformer `sagemaker_session=PipelineSession()`.

## When it stays silent

Where the session is a parameter of a function that nothing calls, or not known; and for `processor=`, `estimator=`, `model=` of the older
form of the steps, which start nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Made,
    Related,
    SdkObject,
    SdkObjectView,
    SdkScene,
    SdkStep,
    SdkStepView,
    SdkValue,
    Severity,
    rule,
    titled,
)

from ._calls import DEFERRED, PlainSession, called, plain_session, step_of_source
from ._variables import Variable, variables_in


@dataclass(frozen=True, slots=True)
class StartsAtOnce:
    """``call`` starts at once; ``step`` takes its result, or else ``variable`` is among its arguments."""

    call: str
    runner: str
    session: str | None
    step: str | None
    variable: str | None

    def message(self) -> str:
        why = f"its session is a {self.session}" if self.session is not None else f"the {self.runner} has no sagemaker_session"
        if self.variable is not None:
            return f"{self.call} starts at once, since {why}, but {self.variable} has no value before a pipeline runs"
        return f"{self.call} for {self.step} starts while the pipeline is defined, since {why}"

    def help(self) -> str:
        if self.variable is not None:
            return "use a PipelineSession and make it a step of the pipeline, or give plain values"
        return f"give the {self.runner} sagemaker_session=PipelineSession()"


@rule("CL806", "plain-session-starts-a-job", Severity.ERROR, view=SdkStepView, facts=StartsAtOnce, also=(SdkObjectView,))
def plain_session_starts_a_job(view: SdkStepView | SdkObjectView) -> Iterator[Draft]:
    scene = view.scene
    if isinstance(view, SdkStepView):
        source = scene.objects.get(view.step.source) if view.step.source is not None else None
        if source is None or source.method not in DEFERRED:
            return
        related = (Related(view.step.span, "the step is defined here"),)
        yield from _drafts(scene, source, view.step, None, related)
    elif view.object.method in ("run", "fit", "transform", "train", "tune") and not step_of_source(scene, view.object.number):
        variable = _first_variable(scene, view.object)
        if variable is not None:
            yield from _drafts(scene, view.object, None, variable, variable.related())


def _drafts(
    scene: SdkScene, call: SdkObject, step: SdkStep | None, variable: Variable | None, related: tuple[Related, ...]
) -> Iterator[Draft]:
    runner = scene.object(call.receiver)
    session = plain_session(scene, runner)
    if runner is None or session is None:
        return
    shown = titled("step", step.name, step.span) if step is not None else None
    facts = StartsAtOnce(called(call), runner.name, _shown(session), shown, variable.label if variable is not None else None)
    places = [Related(runner.span, f"the {runner.name} is made here")]
    if session.span is not None:
        places.append(Related(session.span, "the session is made here"))
    subject = (step.name or step.sdk_class) if step is not None else called(call)
    yield Draft(facts, call.span, call.scope or call.span.path, subject, (*places, *related))


def _shown(session: PlainSession) -> str | None:
    return session.callee.replace("sagemaker.session.", "sagemaker.") if session.callee is not None else None


def _first_variable(scene: SdkScene, call: SdkObject) -> Variable | None:
    """A variable among the arguments, or in an object that is one of them."""
    for value in call.given:
        for inner in _with_objects(scene, value):
            found = next(variables_in(scene, inner), None)
            if found is not None:
                return found
    return None


def _with_objects(scene: SdkScene, value: SdkValue) -> Iterator[SdkValue]:
    yield value
    for inner in scene.inside(value):
        obj = scene.object(inner) if isinstance(inner, Made) else None
        if obj is not None and obj.method is None and ".workflow." not in obj.callee:
            yield from obj.arguments.values()
