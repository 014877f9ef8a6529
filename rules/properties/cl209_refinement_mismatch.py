"""An S3 URI points at something else than what is due.

## What it reports

An edge over which an S3 URI goes that does not point at what the input takes: the folder above a job's output, a prefix where one object
is due, data of another kind or format.

## Why it matters

Both are S3 URIs, so nobody complains. The job starts and finds no file, or reads the output of every run that ever wrote there.

## Bad

```python
from sagemaker.processing import ProcessingInput
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"model": "What the training made"}

    def get_property_paths(self):
        return {"model": "properties.OutputDataConfig.S3OutputPath"}

    def create_step(self, **kwargs):
        return TrainingStep(name="Train", estimator=self.estimator())


class ReportStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model": "What the training made"}

    def get_output_properties(self):
        return {}

    def create_step(self, inputs, **kwargs):
        mounted = ProcessingInput(source=inputs["model"], destination="/opt/ml/processing/input")
        return ProcessingStep(name="Report", processor=self.processor(), inputs=[mounted])


dag = PipelineDAG(nodes=["Train", "Report"], edges=[("Train", "Report")])
```

## Good

```python
from sagemaker.processing import ProcessingInput
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from steps_framework import PipelineDAG, StepBuilderBase


class TrainStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {}

    def get_output_properties(self):
        return {"model": "What the training made"}

    def get_property_paths(self):
        return {"model": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, **kwargs):
        return TrainingStep(name="Train", estimator=self.estimator())


class ReportStepBuilder(StepBuilderBase):
    def get_input_requirements(self):
        return {"model": "What the training made"}

    def get_output_properties(self):
        return {}

    def create_step(self, inputs, **kwargs):
        mounted = ProcessingInput(source=inputs["model"], destination="/opt/ml/processing/input")
        return ProcessingStep(name="Report", processor=self.processor(), inputs=[mounted])


dag = PipelineDAG(nodes=["Train", "Report"], edges=[("Train", "Report")])
```

## How to fix

Read the property that points at what is due (`ModelArtifacts.S3ModelArtifacts`, not `OutputDataConfig.S3OutputPath`), or name the object
below the prefix: `Join(on="/", values=[….S3Output.S3Uri, "report.json"])`.

## When it stays silent

Where one side leaves open what it points at, and where that is only guessed from a description or a name; where the step, the edge or
one of the two ends exists on some paths through the code only. What certainly cannot work is CL208.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Severity, TypeVerdict, rule

from ._types import REFINEMENTS, Mismatch, judged, mismatch


@dataclass(frozen=True, slots=True)
class RefinementMismatch(Mismatch):
    """Two S3 URIs of which one points at something else."""

    def advice(self) -> str:
        if self.hint is not None:
            return self.hint
        if self.reason == "prefix-for-object" and "origin=parent" not in self.source:
            return "name the object below the prefix, as in Join(on='/', values=[…, 'report.json'])"
        return "read the property that points at what is due"


@rule("CL209", "refinement-mismatch", Severity.WARNING, view=BindingView, facts=RefinementMismatch)
def refinement_mismatch(view: BindingView) -> Iterator[Draft]:
    judgement = judged(view)
    if judgement is not None and judgement.reason in REFINEMENTS and judgement.verdict is TypeVerdict.WARNING:
        yield from mismatch(view, RefinementMismatch)
