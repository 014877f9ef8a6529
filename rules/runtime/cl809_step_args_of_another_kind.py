"""What a step, or a pipeline, is given was made for another kind of step, or is none.

## What it reports

`step_args` that come from the wrong method: `TrainingStep(step_args=processor.run(…))`, or what `processor.get_run_args(…)` returned;
an object whose method was not called (`step_args=estimator`, `step_args=estimator.fit`), or another step; a step with `step_args` and
`processor=` (`estimator=`, …) at once, or with neither; and in `Pipeline(steps=[…])` or a branch of a condition the result of `.fit()`,
`.run()`, `.deploy()` where a step is due.

## Why it matters

The SDK raises a ValueError or TypeError when it comes to the step. Often a variable of the step before is used once more, and the call that
was meant is lost.

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
step_train = TrainingStep(name="Train", step_args=estimator)
pipeline = Pipeline(name="Reports", steps=[step_train], sagemaker_session=session)
```

## Good

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
step_train = TrainingStep(name="Train", step_args=estimator.fit({"train": TrainingInput("s3://reports-bucket/daily/train")}))
pipeline = Pipeline(name="Reports", steps=[step_train], sagemaker_session=session)
```

## How to fix

Call the method that belongs to the step: `processor.run` for a `ProcessingStep`, `estimator.fit` (v3: `model_trainer.train`) for a
`TrainingStep`, `tuner.fit` (v3: `tuner.tune`) for a `TuningStep`, `transformer.transform` for a `TransformStep`, `model.create` or
`model.register` (v3: `model_builder.build` or `.register`) for a `ModelStep`, `automl.fit` for an `AutoMLStep`.

## When it stays silent

Where `step_args` may be one of several values, or is not known, and for methods that are not listed above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Listing,
    Literal,
    Made,
    Mapped,
    Read,
    Related,
    SdkNamed,
    SdkObject,
    SdkObjectView,
    SdkScene,
    SdkValue,
    Severity,
    is_none,
    rule,
    titled,
)

from ._calls import DEFERRED, called, is_given

#: What each step takes, and the older argument that stands for it.
EXPECTED: Mapping[str, tuple[frozenset[str], str, str]] = {
    "ProcessingStep": (frozenset({"run"}), "processor.run()", "processor"),
    "TrainingStep": (frozenset({"fit", "train"}), "estimator.fit()", "estimator"),
    "TransformStep": (frozenset({"transform"}), "transformer.transform()", "transformer"),
    "TuningStep": (frozenset({"fit", "tune"}), "tuner.fit()", "tuner"),
    "ModelStep": (frozenset({"create", "register", "build"}), "model.create() or model.register()", ""),
    "AutoMLStep": (frozenset({"fit"}), "automl.fit()", ""),
}
V3 = {
    "TrainingStep": "model_trainer.train()", "TuningStep": "tuner.tune()", "ModelStep": "model_builder.build() or model_builder.register()",
}  # fmt: skip
#: Methods that certainly return something else than the ``step_args`` of another step.
OTHERS = frozenset({"get_run_args", "deploy", "create_model", "transformer", "set_hyperparameters"})
#: Arguments that all of these steps take; with any other, it is not known what was meant.
COMMON = frozenset(
    """name step_args display_name description cache_config depends_on retry_policies property_files inputs outputs job_arguments code
    kms_key""".split()
)
LISTS = {"Pipeline": ("steps",), "ConditionStep": ("if_steps", "else_steps")}


@dataclass(frozen=True, slots=True)
class OfAnotherKind:
    """``given`` is what the step got, ``wanted`` what it takes."""

    step: str
    given: str
    wanted: str

    def message(self) -> str:
        return f"{self.step} is given {self.given}, but takes what {self.wanted} returns"

    def help(self) -> str:
        return f"give step_args={self.wanted.partition(' or ')[0][:-1]}…)"


@dataclass(frozen=True, slots=True)
class NotOne:
    """The step has both ``step_args`` and the ``older`` argument, or neither."""

    step: str
    older: str
    both: bool

    def message(self) -> str:
        what = f"both step_args and {self.older}" if self.both else f"neither step_args nor {self.older}"
        return f"{self.step} is given {what}: the SDK takes exactly one of them"

    def help(self) -> str:
        return f"take {self.older} away, the step_args are enough" if self.both else "give it step_args"


@dataclass(frozen=True, slots=True)
class NoStep:
    """``given`` stands among the ``argument`` of ``holder``; ``makes_args`` says that a step could take it as its ``step_args``."""

    holder: str
    argument: str
    given: str
    foreign: bool
    makes_args: bool

    def message(self) -> str:
        what = "a step of another SDK" if self.foreign else "no step"
        return f"{self.argument} of {self.holder} holds {self.given}, which is {what}"

    def help(self) -> str:
        if self.foreign:
            return "make the step with sagemaker.workflow"
        if self.makes_args:
            return "give it to a step as its step_args, and list the step"
        return "take it out of the list: do it in a step of its own (a LambdaStep, say), or after the run"


@rule("CL809", "step-args-of-another-kind", Severity.ERROR, view=SdkObjectView, facts=OfAnotherKind)
def step_args_of_another_kind(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if obj.method is not None or ".workflow." not in obj.callee:
        return
    if obj.name in EXPECTED:
        yield from _of_step(scene, obj)
    for argument in LISTS.get(obj.name, ()):
        value = obj.get(argument)
        for inner in scene.inside(value) if value is not None else ():
            yield from _of_list(scene, obj, argument, inner)


def _of_step(scene: SdkScene, obj: SdkObject) -> Iterator[Draft]:
    methods, wanted, older = EXPECTED[obj.name]
    wanted = V3.get(obj.name, wanted) if obj.is_v3 else wanted
    name, scope = scene.text(obj.get("name")), obj.scope or obj.span.path
    step, subject = titled(obj.name, name, obj.span), name or obj.name
    given = scene.resolve(obj.get("step_args"))
    if older and not obj.is_v3 and obj.open is None and not obj.extra:
        both = is_given(scene, given) and is_given(scene, obj.get(older))
        neither = is_none(given) and is_none(obj.get(older)) and obj.arguments.keys() <= COMMON | {older}
        if both or neither:
            yield Draft(NotOne(step, older, both), obj.span, scope, subject)
            return
    wrong = _wrong(scene, obj, given, methods)
    if wrong is not None:
        shown, related = wrong
        yield Draft(OfAnotherKind(step, shown, wanted), obj.span, scope, subject, related)


def _wrong(scene: SdkScene, obj: SdkObject, given: SdkValue | None, methods: frozenset[str]) -> tuple[str, tuple[Related, ...]] | None:
    """What the ``step_args`` are that certainly are of another kind, and where that comes from."""
    if isinstance(given, Read) and given.path.removeprefix(".") in methods and given.of in scene.objects:
        runner = scene.objects[given.of]
        return f"the method {runner.name}{given.path} itself, which is not called", (Related(runner.span, f"the {runner.name} is here"),)
    source = scene.object(given)
    if source is None:
        if isinstance(given, (Listing, Mapped)) or (isinstance(given, Literal) and isinstance(given.value, str)):
            what = "a dict" if isinstance(given, Mapped) else f"a {given.kind}" if isinstance(given, Listing) else "a text"
            return None if obj.is_v3 and obj.name == "ModelStep" else (what, ())
        return None
    step = scene.steps.get(source.number)
    if step is not None and step.sdk_class != "@step":
        shown = f"the {step.sdk_class} '{step.name}'" if step.name is not None else f"a {step.sdk_class}"
    elif source.method is None and not source.callee.startswith("sagemaker.workflow.") and source.name[:1].isupper():
        shown = f"the {source.name} itself"
    elif source.method is not None and _is_wrong(scene, obj, source, methods):
        shown = f"the result of {called(source)}"
    else:
        return None
    return shown, (Related(source.span, f"{shown.removeprefix('the result of ')} is here"),)


def _is_wrong(scene: SdkScene, step: SdkObject, source: SdkObject, methods: frozenset[str]) -> bool:
    if source.method in OTHERS or (source.method in DEFERRED and source.method not in methods):
        return True
    runner = scene.object(source.receiver)
    if source.method != "fit" or runner is None or runner.method is not None:
        return False
    expected = (
        "TuningStep" if runner.name == "HyperparameterTuner" else "AutoMLStep" if runner.name.startswith("AutoML") else "TrainingStep"
    )
    return step.name != expected


def _of_list(scene: SdkScene, holder: SdkObject, argument: str, value: SdkValue) -> Iterator[Draft]:
    name = scene.text(holder.get("name"))
    shown = titled(holder.name, name, holder.span)
    scope = holder.scope or holder.span.path
    found = scene.object(value) if isinstance(value, Made) else None
    if found is not None and found.method in DEFERRED | OTHERS and not found.callee.startswith("sagemaker.workflow."):
        facts = NoStep(shown, argument, f"the result of {called(found)}", False, found.method in DEFERRED)
        yield Draft(facts, holder.span, scope, f"{argument}.{called(found)}", (Related(found.span, f"{called(found)} is called here"),))
    elif isinstance(value, SdkNamed) and value.what == "external" and value.name.startswith("stepfunctions."):
        facts = NoStep(shown, argument, f"a {value.name.removesuffix('()')}", True, False)
        span = value.span if value.span is not None and value.span.path == holder.span.path else holder.span
        yield Draft(facts, span, scope, f"{argument}.{value.name}", (Related(holder.span, "the list is given here"),))
