"""A script demands an environment variable that its step does not set.

## What it reports

A variable without which the script fails (`os.environ["X"]`, or `os.environ.get("X")` and an error where it is missing), and that is
not among the variables which the builder gives to the processor or the estimator. The script is the one that the builder's entry
point names.

## Why it matters

The job starts, is paid for, and ends with a KeyError or the script's own complaint.

## Bad

```python
# builders.py
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PreprocessingStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        processor = SKLearnProcessor(framework_version="1.2-1", role=self.role, env={"TARGET_COLUMN": "churned"})
        return ProcessingStep(name="Preprocessing", processor=processor, code="scripts/preprocess.py")

# scripts/preprocess.py
import os

LABEL_FIELD = os.environ.get("LABEL_FIELD")
if not LABEL_FIELD:
    raise RuntimeError("LABEL_FIELD must be set")
```

## Good

```python
# builders.py
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PreprocessingStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        processor = SKLearnProcessor(framework_version="1.2-1", role=self.role, env={"LABEL_FIELD": "churned"})
        return ProcessingStep(name="Preprocessing", processor=processor, code="scripts/preprocess.py")

# scripts/preprocess.py
import os

LABEL_FIELD = os.environ.get("LABEL_FIELD")
if not LABEL_FIELD:
    raise RuntimeError("LABEL_FIELD must be set")
```

## How to fix

Set the variable in the builder, or let the script do without it.

## When it stays silent

Where more variables may be set than are known; for variables with a default or behind a check; for those that the containers and
AWS set themselves (`SM_…`, `AWS_…`, `PATH`, …), and those that the script sets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, LaunchView, Related, Severity, joined, nearest, rule

#: Set by SageMaker's containers, AWS, the shell, Python, and the launchers of distributed jobs.
STANDARD = re.compile(
    r"(SM|AWS|SAGEMAKER|ECS|TRAINING_JOB|PROCESSING_JOB|PYTHON|CUDA|NVIDIA|NCCL|LD|LC|XDG|OMPI|PMI|SLURM|CONDA|JAVA|SPARK|HADOOP)_?.*"
    r"|PATH|HOME|USER|LOGNAME|PWD|SHELL|LANG|HOSTNAME|TERM|TMPDIR|TMP|TEMP|TZ|DEBIAN_FRONTEND"
    r"|RANK|LOCAL_RANK|WORLD_SIZE|LOCAL_WORLD_SIZE|NODE_RANK|GROUP_RANK|MASTER_ADDR|MASTER_PORT"
)


@dataclass(frozen=True, slots=True)
class VariableNotSet:
    variable: str
    contract: str
    script: str
    names: tuple[str, ...]

    def message(self) -> str:
        return f"{self.contract} does not set the environment variable {self.variable}, without which {self.script} fails"

    def help(self) -> str:
        near = nearest(self.variable, self.names)
        if near:
            return f"it sets {joined(near)}; is that meant?"
        return f"it sets {', '.join(sorted(self.names))}" if self.names else "it sets none"


@rule("CL603", "environment-variable-not-in-contract", Severity.ERROR, view=LaunchView, facts=VariableNotSet)
def environment_variable_not_in_contract(view: LaunchView) -> Iterator[Draft]:
    launch = view.launch
    if launch.open_environment:
        return
    names = {setting.name.text: setting.name.span for setting in launch.environment if setting.name.text is not None}
    for read in view.script.environment:
        if not read.demanded or read.name in names or STANDARD.fullmatch(read.name):
            continue
        facts = VariableNotSet(read.name, view.contract.name, view.script.path, tuple(names))
        near = tuple(Related(names[name], f"sets {name}") for name in nearest(read.name, names, 1))
        related = (Related(read.span, f"the script demands {read.name}"), *near, Related(view.made.span, "the step"))
        yield Draft(facts, launch.environment_at, view.contract.name, read.name, related)
