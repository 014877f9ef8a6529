"""Something is called while the pipeline is defined that needs what only a run brings.

## What it reports

`model.deploy(…)`, `predictor.predict(…)` and the like on a model whose data is a pipeline variable, or with one among their arguments;
`pd.read_csv(…)` and other readers of a pipeline variable.

## Why it matters

While the pipeline is defined, no step has run: there is no model to deploy and no file to read, and a pipeline variable has no value. The
call raises a TypeError, or fails when its request is written.

## Bad

```python
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1"
ROLE = "arn:aws:iam::111122223333:role/PipelineRole"
session = PipelineSession()
estimator = Estimator(image_uri=IMAGE, role=ROLE, instance_count=1, instance_type="ml.m5.xlarge", sagemaker_session=session)
step_train = TrainingStep(name="Train", step_args=estimator.fit({"train": TrainingInput("s3://reports-bucket/daily/train")}))
pipeline = Pipeline(name="Reports", steps=[step_train], sagemaker_session=session)
model = Model(image_uri=IMAGE, model_data=step_train.properties.ModelArtifacts.S3ModelArtifacts, role=ROLE, sagemaker_session=session)
model.deploy(initial_instance_count=1, instance_type="ml.m5.large")
```

## Good

```python
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import TrainingStep

IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/score:1"
ROLE = "arn:aws:iam::111122223333:role/PipelineRole"
session = PipelineSession()
estimator = Estimator(image_uri=IMAGE, role=ROLE, instance_count=1, instance_type="ml.m5.xlarge", sagemaker_session=session)
step_train = TrainingStep(name="Train", step_args=estimator.fit({"train": TrainingInput("s3://reports-bucket/daily/train")}))
model = Model(image_uri=IMAGE, model_data=step_train.properties.ModelArtifacts.S3ModelArtifacts, role=ROLE, sagemaker_session=session)
step_model = ModelStep(name="ScoreModel", step_args=model.create(instance_type="ml.m5.large"))
pipeline = Pipeline(name="Reports", steps=[step_train, step_model], sagemaker_session=session)
```

## How to fix

Make it a step of the pipeline (a `ModelStep`, a `LambdaStep`, a `ProcessingStep`), or do it after a run, with what `describe` of its
execution says.

## When it stays silent

In the bodies of `@step` functions and in scripts, which run in the pipeline; and where the value is a pipeline variable on some paths only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Made, OperationView, SdkObject, SdkObjectView, SdkScene, Severity, rule

from ._variables import Variable, scope_of_operation, variable, variables_in

#: Methods that work on what is there, and that no pipeline session puts off.
AT_ONCE = frozenset({"deploy", "predict", "delete_endpoint", "delete_model", "logs", "wait", "attach", "download", "evaluate"})
#: What such an object was made with, where it says what it works on.
DATA = ("model_data", "model_name", "endpoint_name", "image_uri", "model_package_arn", "models")
READERS = ("pandas.read_", "numpy.load", "numpy.genfromtxt", "joblib.load", "pyarrow.", "s3fs.", "requests.")


@dataclass(frozen=True, slots=True)
class RuntimeCall:
    """``call`` needs the value of ``label``, which ``argument`` holds (None: it is an argument of the call)."""

    call: str
    label: str
    argument: str | None

    def message(self) -> str:
        held = f"whose {self.argument} is {self.label}" if self.argument is not None else f"with {self.label}"
        return f"{self.call} is called while the pipeline is defined, {held}: there is nothing before a run"

    def help(self) -> str:
        return "make it a step of the pipeline, or do it after a run with what its steps describe"


@rule("CL827", "runtime-call-at-definition", Severity.ERROR, view=SdkObjectView, facts=RuntimeCall, also=(OperationView,))
def runtime_call_at_definition(view: SdkObjectView | OperationView) -> Iterator[Draft]:
    if isinstance(view, OperationView):
        operation = view.operation
        found = variable(view.scene, operation.operand) if operation.kind == "convert" and operation.certain else None
        if found is not None and operation.what.startswith(READERS):
            facts = RuntimeCall(f"{operation.what}()", found.label, None)
            span = operation.operand_span or operation.span
            yield Draft(facts, span, scope_of_operation(operation), operation.what, found.related())
    elif view.object.method in AT_ONCE and view.object.must and not _is_listed(view.scene, view.object.number):
        obj, receiver = view.object, view.scene.object(view.object.receiver)
        held = _held(view.scene, obj, receiver) if receiver is not None and ".workflow." not in receiver.callee else None
        if receiver is not None and held is not None:
            argument, found = held
            facts = RuntimeCall(f"{receiver.name}.{obj.method}()", found.label, argument)
            yield Draft(facts, obj.span, obj.scope or obj.span.path, f"{receiver.name}.{obj.method}", found.related())


def _is_listed(scene: SdkScene, number: int) -> bool:
    """Whether the result stands where a step is due, which is another mistake (CL809)."""
    lists = (obj.get(name) for obj in scene.objects.values() for name in ("steps", "if_steps", "else_steps"))
    return any(inner == Made(number) for value in lists if value is not None for inner in scene.inside(value))


def _held(scene: SdkScene, call: SdkObject, receiver: SdkObject) -> tuple[str | None, Variable] | None:
    """The variable that the call needs the value of."""
    for value in call.given:
        found = next(variables_in(scene, value), None)
        if found is not None:
            return None, found
    for name in DATA:
        given = receiver.get(name)
        found = next(variables_in(scene, given), None) if given is not None else None
        if found is not None:
            return name, found
    return None
