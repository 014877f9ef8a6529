"""A step mounts a folder that its script never uses.

## What it reports

An input of a processing step, or a channel of a training step, that the script does not name, directly, by a folder above it, or by a
path that is computed from one; and an output that the script never writes to.

## Why it matters

Data is copied into the container for nothing, an output stays empty and is handed to the next step, or one of the two ends was
renamed and the other forgotten.

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
            inputs=[
                ProcessingInput(source=inputs["data"], destination="/opt/ml/processing/input/data"),
                ProcessingInput(source=inputs["labels"], destination="/opt/ml/processing/input/labels"),
            ],
            outputs=[ProcessingOutput(source="/opt/ml/processing/output", destination=outputs["report"])],
            code="scripts/evaluate.py",
        )

# scripts/evaluate.py
import pandas as pd

frame = pd.read_csv("/opt/ml/processing/input/data/holdout.csv")
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
            inputs=[ProcessingInput(source=inputs["data"], destination="/opt/ml/processing/input/data")],
            outputs=[ProcessingOutput(source="/opt/ml/processing/output", destination=outputs["report"])],
            code="scripts/evaluate.py",
        )

# scripts/evaluate.py
import pandas as pd

frame = pd.read_csv("/opt/ml/processing/input/data/holdout.csv")
frame.describe().to_csv("/opt/ml/processing/output/report.csv")
```

## How to fix

Remove the input or output from the builder, or use it in the script.

## When it stays silent

Where the script's paths are not all known, or it names no container path at all; where the path is handed to it as an argument, a
hyperparameter or an environment variable; and where CL601 already reports the folder as the counterpart of another path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, LaunchView, Related, Severity, rule

from ._paths import mismatches, unused


@dataclass(frozen=True, slots=True)
class PathNotUsed:
    path: str
    reads: bool
    contract: str
    script: str

    def message(self) -> str:
        if self.reads:
            return f"{self.contract} mounts '{self.path}', which {self.script} never reads"
        return f"{self.contract} collects '{self.path}', which {self.script} never writes"

    def help(self) -> str:
        return f"remove the {'input' if self.reads else 'output'}, or use it in the script"


@rule("CL602", "contract-path-not-used-by-script", Severity.WARNING, view=LaunchView, facts=PathNotUsed)
def contract_path_not_used_by_script(view: LaunchView) -> Iterator[Draft]:
    if view.script.open_paths or not view.script.mentioned:
        return
    taken = {found.mount for found in mismatches(view) if found.mount is not None}
    for reads in (True, False):
        for mount in unused(view, reads, above=True):
            if mount in taken or mount.container_path.text is None:
                continue
            facts = PathNotUsed(mount.container_path.text, reads, view.contract.name, view.script.path)
            related = (Related(view.script.span, "the script"), Related(view.made.span, f"{view.contract.class_name} makes the step"))
            yield Draft(facts, mount.container_path.span, view.contract.name, mount.container_path.text, related)
