"""Python goes through a list of properties, which has no end.

## What it reports

A loop over a list or map of a step's properties (`for output in step.properties.ProcessingOutputConfig.Outputs`), a `list(…)` or `*` of
one, and `"name" in …Outputs`.

## Why it matters

What the list holds is known only when the pipeline runs. Python asks the SDK's object for item 0, 1, 2 and so on, and gets a reference for
each number: the program hangs and uses up the memory. Unpacking into a fixed number of names fails.

## Bad

```python
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep


def get_pipeline(processor, estimator):
    outputs = [ProcessingOutput(output_name=name, source=f"/opt/ml/processing/{name}") for name in ("train", "test")]
    prepare = ProcessingStep(name="Prepare", processor=processor, outputs=outputs)
    channels = {}
    for number, output in enumerate(prepare.properties.ProcessingOutputConfig.Outputs):
        channels[f"channel-{number}"] = TrainingInput(s3_data=output.S3Output.S3Uri)
    train = TrainingStep(name="Train", estimator=estimator, inputs=channels)
    return Pipeline(name="Train", steps=[prepare, train])
```

## Good

```python
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep


def get_pipeline(processor, estimator):
    outputs = [ProcessingOutput(output_name=name, source=f"/opt/ml/processing/{name}") for name in ("train", "test")]
    prepare = ProcessingStep(name="Prepare", processor=processor, outputs=outputs)
    channels = {}
    for name in ("train", "test"):
        channels[name] = TrainingInput(s3_data=prepare.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri)
    train = TrainingStep(name="Train", estimator=estimator, inputs=channels)
    return Pipeline(name="Train", steps=[prepare, train])
```

## How to fix

Go through the names that the step was given, and read each output by its name.

## When it stays silent

On the outputs of Lambda and Callback steps, which are a dict of Python; where the list is one of several values that are read, or the
loop runs on some paths only; and where the path before it is wrong (CL201, CL202).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    HOLE,
    Draft,
    OperationView,
    PropertyPath,
    Read,
    Related,
    Severity,
    StopsEarly,
    joined,
    kind_named,
    parse,
    rule,
    walk,
)

from ._reads import called, outputs_of, shown


@dataclass(frozen=True, slots=True)
class Endless:
    """``kind`` is the kind of operation; ``outputs`` are the names that could be gone through instead."""

    path: str
    type: str
    kind: str
    what: str
    outputs: tuple[str, ...]

    def message(self) -> str:
        if self.what in ("unpack", "**"):
            return f"'{self.path}' is a {self.type} of properties, known only to the run: it cannot be unpacked"
        verb = "searching it" if self.kind == "contains" else "going through it"
        return f"'{self.path}' is a {self.type} of properties, known only to the run: {verb} never ends"

    def help(self) -> str:
        if self.outputs:
            return f"use the names that the step is given: {joined(self.outputs, 'and')}"
        return "name the items that are meant"


@rule("CL213", "iterates-properties", Severity.ERROR, view=OperationView, facts=Endless)
def iterates_properties(view: OperationView) -> Iterator[Draft]:
    operation = view.operation
    read = operation.operand
    if operation.kind not in ("iterate", "contains") or not operation.certain or not isinstance(read, Read):
        return
    step = view.scene.steps.get(read.of)
    path = parse(read.property_path) if step is not None and read.property_path else None
    if step is None or not isinstance(path, PropertyPath):
        return
    kinds = [kind_named(name) for name in step.kinds]
    verdicts = [walk(path, kind, strict=False) for kind in kinds if kind is not None]
    stops = [one for one in verdicts if isinstance(one, StopsEarly) and one.type in ("list", "map")]
    if not stops or len(stops) < len(kinds):
        return
    outputs = (outputs_of(step) or ()) if str(path) == "ProcessingOutputConfig.Outputs" else ()
    facts = Endless(shown(path), stops[0].type, operation.kind, operation.what, outputs)
    scope = operation.scope or operation.span.path
    related = (Related(step.span, f"the {called(step)} is made here"),)
    yield Draft(facts, operation.span, scope, f"{step.name or step.sdk_class}{read.path}".replace(HOLE, "*"), related)
