"""The default of a pipeline parameter is the time at which the pipeline was defined.

## What it reports

`default_value` (or the name) of a parameter that comes from the clock or is a random identifier: `datetime.now()`, `time.time()`,
`strftime(…)`, `uuid.uuid4()`, also inside a text.

## Why it matters

The code runs when the pipeline is created or updated, not when it is started: each later run gets the same old value. Runs then write
over each other, or read the data of another day. A name that changes makes each start with the old one fail.

## Bad

```python
from datetime import datetime

from sagemaker.workflow.parameters import ParameterString

run_date = ParameterString(name="RunDate", default_value=datetime.now().strftime("%Y-%m-%d"))
```

## Good

```python
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join

run_prefix = Join(on="/", values=["s3://example-bucket/runs", ExecutionVariables.START_DATETIME])
```

## How to fix

Take what the run knows: `ExecutionVariables.START_DATETIME` or `PIPELINE_EXECUTION_ID`, in a `Join` where it is part of a text. Or leave
the default out, so that each start gives the value.

## When it stays silent

Where the value comes from elsewhere, where it is one of several, and on S3 URIs: a place that was made for the definition may well be
fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Pieces, SdkObjectView, Severity, rule

from ._variables import scope_of_object, written

ARGUMENTS = {"default_value": "default", "name": "name"}


@dataclass(frozen=True, slots=True)
class FrozenValue:
    """``what`` is the default or the name, ``source`` the call that it comes from."""

    parameter: str | None
    what: str
    source: str

    def message(self) -> str:
        name = f" '{self.parameter}'" if self.parameter is not None else ""
        return (
            f"the {self.what} of the parameter{name} comes from {self.source}(), when the pipeline is defined: all runs get the same value"
        )

    def help(self) -> str:
        return "use ExecutionVariables.START_DATETIME or PIPELINE_EXECUTION_ID in the steps, or leave the default to each start"


@rule("CL513", "frozen-default", Severity.WARNING, view=SdkObjectView, facts=FrozenValue)
def frozen_default(view: SdkObjectView) -> Iterator[Draft]:
    obj, scene = view.object, view.scene
    if not obj.is_parameter:
        return
    for argument, what in ARGUMENTS.items():
        value = obj.get(argument)
        source = scene.moment(value)
        if source is None or (isinstance(value, Pieces) and (value.parts[0] or "").startswith("s3://")):
            continue
        name = scene.text(obj.get("name"))
        facts = FrozenValue(name, what, source)
        yield Draft(facts, obj.place_of(value), scope_of_object(obj), f"{name or obj.name}.{argument}", written(value, obj))
