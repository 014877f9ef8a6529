"""An argument that this class, or this value, does not take.

## What it reports

* `cache_config` of a `ConditionStep`, `FailStep` or `ModelStep`, and `retry_policies` of a `LambdaStep`;
* a `SageMakerJobStepRetryPolicy` for a `ModelStep`, and more than 20 `max_attempts`;
* `model.register(model_package_name=…)` and `Model(additional_model_data_sources=…)` in a pipeline;
* a pipeline variable where the SDK needs a plain value while the pipeline is defined: `entry_point`, `code`, `base_job_name`, `git_config`,
  `CacheConfig(expire_after=…)`, and `fit(inputs=…)`, which takes it in a `TrainingInput` only;
* `CategoricalParameter` over pipeline variables for the tuner of a framework's estimator, which writes the values as JSON.

## Why it matters

The SDK raises a TypeError or ValueError, often only when the definition is written, far from this line; the service refuses what it
does not know in a pipeline ("Unknown Argument member").

## Bad

```python
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.parameters import ParameterInteger
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import CacheConfig

rows = ParameterInteger(name="Rows", default_value=1000)
step_check = ConditionStep(
    name="EnoughRows",
    conditions=[ConditionGreaterThan(left=rows, right=100)],
    if_steps=[],
    else_steps=[],
    cache_config=CacheConfig(enable_caching=True, expire_after="P7D"),
)
pipeline = Pipeline(name="Reports", parameters=[rows], steps=[step_check])
```

## Good

```python
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThan
from sagemaker.workflow.parameters import ParameterInteger
from sagemaker.workflow.pipeline import Pipeline

rows = ParameterInteger(name="Rows", default_value=1000)
step_check = ConditionStep(
    name="EnoughRows",
    conditions=[ConditionGreaterThan(left=rows, right=100)],
    if_steps=[],
    else_steps=[],
)
pipeline = Pipeline(name="Reports", parameters=[rows], steps=[step_check])
```

## How to fix

Take the argument away, or give what the message names instead.

## When it stays silent

Where the value is only known at run time, or may be None.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import Draft, Literal, Made, Related, SdkObject, SdkObjectView, SdkScene, SdkValue, Severity, Span, rule

from ._calls import is_given, step_of_source
from ._variables import PLAIN, Variable, variable, variables_in

#: Arguments that a step does not have.
LACKING: Mapping[str, frozenset[str]] = {
    "ConditionStep": frozenset({"cache_config"}),
    "FailStep": frozenset({"cache_config"}),
    "ModelStep": frozenset({"cache_config"}),
    "LambdaStep": frozenset({"retry_policies"}),
}
MAX_ATTEMPTS = 20
FRAMEWORKS = ("pytorch", "tensorflow", "huggingface", "mxnet", "sklearn", "xgboost", "chainer")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """``taker`` does not take ``argument``; ``why`` goes on from there."""

    taker: str
    argument: str
    why: str
    advice: str

    def message(self) -> str:
        return f"'{self.argument}' of {self.taker} {self.why}"

    def help(self) -> str:
        return self.advice


@rule("CL810", "unsupported-argument", Severity.ERROR, view=SdkObjectView, facts=Unsupported)
def unsupported_argument(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    for facts, span, related in (*_of_step(scene, obj), *_of_model(scene, obj), *_of_variable(scene, obj), *_of_tuner(scene, obj)):
        # Before the parameters of texts were no texts any more, the older form of the step took one for the code.
        milder = Severity.WARNING if (facts.taker, facts.argument) == ("ProcessingStep", "code") else None
        yield Draft(facts, span, obj.scope or obj.span.path, f"{facts.taker}.{facts.argument}", related, milder)


_Found = tuple[Unsupported, Span, tuple[Related, ...]]


def _of_step(scene: SdkScene, obj: SdkObject) -> Iterator[_Found]:
    if obj.method is not None or ".workflow." not in obj.callee:
        return
    for argument in sorted(LACKING.get(obj.name, frozenset()) & obj.arguments.keys()):
        advice = "take it away: this kind of step is not " + ("cached" if argument == "cache_config" else "tried again")
        yield Unsupported(obj.name, argument, "does not exist: the SDK raises a TypeError", advice), obj.span, ()
    policies = obj.get("retry_policies")
    for value in scene.inside(policies) if policies is not None else ():
        policy = scene.object(value) if isinstance(value, Made) else None
        if policy is None or policy.method is not None:
            continue
        related = (Related(policy.span, "the policy is made here"),)
        if obj.name == "ModelStep" and policy.name == "SageMakerJobStepRetryPolicy":
            why = "takes no SageMakerJobStepRetryPolicy: making a model is no job"
            yield Unsupported("ModelStep", "retry_policies", why, "use a StepRetryPolicy"), obj.span, related
    attempts = scene.resolve(obj.get("max_attempts")) if obj.name.endswith("RetryPolicy") else None
    if isinstance(attempts, Literal) and isinstance(attempts.value, int) and attempts.value > MAX_ATTEMPTS:
        why = f"is {attempts.value}, and may be {MAX_ATTEMPTS} at most"
        yield (
            Unsupported(obj.name, "max_attempts", why, f"give {MAX_ATTEMPTS} or less, or expire_after_mins"),
            attempts.span or obj.span,
            (),
        )


def _of_model(scene: SdkScene, obj: SdkObject) -> Iterator[_Found]:
    """What a pipeline's definition cannot say of a model."""
    if obj.method not in ("register", "create") or not step_of_source(scene, obj.number):
        return
    refused = "is refused by the service in a pipeline (Unknown Argument member)"
    if obj.method == "register" and is_given(scene, obj.get("model_package_name")):
        advice = "register the model in a group: model_package_group_name=…"
        yield Unsupported("register", "model_package_name", refused, advice), obj.span, ()
    model = scene.object(obj.receiver)
    if model is not None and model.method is None and is_given(scene, model.get("additional_model_data_sources")):
        related = (Related(obj.span, f".{obj.method}() is called here"),)
        yield Unsupported(model.name, "additional_model_data_sources", refused, "put all of it into model_data"), model.span, related


def _of_variable(scene: SdkScene, obj: SdkObject) -> Iterator[_Found]:
    """Pipeline variables where a plain value is due."""
    taker = obj.method or obj.name
    for argument, value in obj.arguments.items():
        due = (
            argument in PLAIN and (obj.method is None or argument == "code") and (argument != "code" or taker in ("run", "ProcessingStep"))
        )
        if due or (obj.name == "CacheConfig" and argument == "expire_after"):
            found = next(variables_in(scene, value), None)
            if found is not None:
                why = f"is {found.label}, but the SDK needs it while the pipeline is defined"
                yield Unsupported(taker, argument, why, "give a plain value"), obj.place_of(value), found.related()
    inputs = scene.resolve(obj.get("inputs")) if obj.method == "fit" else None
    for taken in _bare(scene, inputs) if inputs is not None else ():
        why = f"is {taken.label} itself, which the SDK does not take"
        yield Unsupported("fit", "inputs", why, "give it as TrainingInput(s3_data=…)"), obj.place_of(inputs), taken.related()


def _bare(scene: SdkScene, inputs: SdkValue) -> Iterator[Variable]:
    found = variable(scene, inputs)
    if found is not None and found.kind != "result":
        yield found


def _of_tuner(scene: SdkScene, obj: SdkObject) -> Iterator[_Found]:
    if obj.name != "HyperparameterTuner" or obj.method is not None:
        return
    estimator = scene.object(scene.resolve(obj.get("estimator") or next(iter(obj.extra), None)))
    if estimator is None or estimator.method is not None or estimator.callee.split(".")[1] not in FRAMEWORKS:
        return
    ranges = obj.get("hyperparameter_ranges")
    for value in scene.inside(ranges) if ranges is not None else ():
        category = scene.object(value) if isinstance(value, Made) else None
        if category is None or category.name != "CategoricalParameter" or category.method is not None:
            continue
        for given in category.given:
            found = next(variables_in(scene, given), None)
            if found is not None:
                why = f"holds {found.label}, but the {estimator.name} estimator writes the values as JSON while the pipeline is defined"
                advice = "give plain values, or use the plain Estimator, which takes variables"
                yield Unsupported("CategoricalParameter", "values", why, advice), category.span, found.related()
                break
