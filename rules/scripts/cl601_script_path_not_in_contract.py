"""A script uses a container path that its step does not mount.

## What it reports

A path below `/opt/ml/processing` that the script reads and no input of the step is mounted at, or that it writes and no output
of the step is collected from; in a training script, a folder below `/opt/ml/input/data` that is no channel of the step. The
script is the one that the builder's entry point names. A path inside a mounted folder is fine, and so is a folder above one.

## Why it matters

The script finds nothing where it reads and fails in a paid run; what it writes elsewhere is thrown away with the container, and the
next step reads an empty prefix.

## Bad

```python
# builders.py
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class EvaluationStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        return ProcessingStep(
            name="Evaluation",
            processor=SKLearnProcessor(framework_version="1.2-1", role=self.role),
            inputs=[ProcessingInput(source=inputs["data"], destination="/opt/ml/processing/input/validation")],
            outputs=[ProcessingOutput(source="/opt/ml/processing/output", destination=outputs["report"])],
            code="scripts/evaluate.py",
        )

# scripts/evaluate.py
import pandas as pd

frame = pd.read_csv("/opt/ml/processing/input/eval_data/holdout.csv")
frame.describe().to_csv("/opt/ml/processing/output/report.csv")
```

## Good

```python
# builders.py
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class EvaluationStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        return ProcessingStep(
            name="Evaluation",
            processor=SKLearnProcessor(framework_version="1.2-1", role=self.role),
            inputs=[ProcessingInput(source=inputs["data"], destination="/opt/ml/processing/input/eval_data")],
            outputs=[ProcessingOutput(source="/opt/ml/processing/output", destination=outputs["report"])],
            code="scripts/evaluate.py",
        )

# scripts/evaluate.py
import pandas as pd

frame = pd.read_csv("/opt/ml/processing/input/eval_data/holdout.csv")
frame.describe().to_csv("/opt/ml/processing/output/report.csv")
```

## How to fix

Mount the input, or collect the output, at the path that the script uses, or change the path in the script.

## When it stays silent

Where more inputs or outputs may be mounted than are known; where the entry point names no file of the project, or one of several;
for paths that are only known at run time, that the script only uses if they exist, or that it may both read and write; and for the
folders that SageMaker always has (`/opt/ml/model`, `/opt/ml/output`, `/opt/ml/code`, …).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, LaunchView, Related, Severity, joined, rule

from ._paths import Mismatch, mismatches


@dataclass(frozen=True, slots=True)
class PathNotMounted:
    path: str
    reads: bool
    contract: str
    script: str
    instead: str | None
    mounted: tuple[str, ...]

    def message(self) -> str:
        if self.instead is not None:
            verb, does = ("reads", "mounts") if self.reads else ("writes", "collects")
            return f"{self.contract} {does} '{self.instead}', but {self.script} {verb} '{self.path}'"
        if self.reads:
            return f"{self.script} reads '{self.path}', which {self.contract} does not mount"
        return f"{self.script} writes '{self.path}', which {self.contract} does not collect"

    def help(self) -> str:
        if self.instead is not None:
            return "use one path at both ends"
        if not self.mounted:
            return f"give the step an {'input' if self.reads else 'output'} at this path"
        return f"the step {'mounts' if self.reads else 'collects'} {joined(self.mounted, 'and')}"


@rule("CL601", "script-path-not-in-contract", Severity.ERROR, view=LaunchView, facts=PathNotMounted)
def script_path_not_in_contract(view: LaunchView) -> Iterator[Draft]:
    for found in mismatches(view):
        facts = _facts(view, found)
        step = Related(view.made.span, f"{view.contract.class_name} makes the step")
        use = Related(found.use.span, f"the script {'reads' if found.reads else 'writes'} '{found.use.path}'")
        if found.mount is not None:
            yield Draft(facts, found.mount.container_path.span, view.contract.name, found.use.path, (use, step))
            continue
        mounts = view.launch.inputs if found.reads else view.launch.outputs
        others = tuple(Related(mount.container_path.span, f"'{mount.container_path.text}'") for mount in mounts[:2])
        yield Draft(facts, found.use.span, view.contract.name, found.use.path, (step, *others))


def _facts(view: LaunchView, found: Mismatch) -> PathNotMounted:
    mounts = view.launch.inputs if found.reads else view.launch.outputs
    texts = tuple(sorted({mount.container_path.text for mount in mounts if mount.container_path.text is not None}))
    instead = found.mount.container_path.text if found.mount is not None else None
    return PathNotMounted(found.use.path, found.reads, view.contract.name, view.script.path, instead, texts)
