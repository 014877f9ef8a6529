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

Read the property that points at what is due (`ModelArtifacts.S3ModelArtifacts`, not `OutputDataConfig.S3OutputPath`).

## When it stays silent

Where one side leaves open what it points at, and where that is only guessed from a description or a name. What certainly cannot work is
CL208.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import BindingView, Draft, Severity, TypeVerdict, rule

from ..connections._edges import ends, evidence, sides, where
from ._types import REFINEMENTS, judged, severity_of

WORDS = {
    "prefix-for-object": "a prefix where one object is due",
    "prefix-for-manifest": "a prefix where a manifest is due",
    "object-for-manifest": "an object where a manifest is due",
    "content-mismatch": "it holds something else",
    "parent-prefix": "it is the folder above what the job wrote, and holds the output of every run",
    "format-mismatch": "it is written in another format",
}


@dataclass(frozen=True, slots=True)
class RefinementMismatch:
    """``source`` and ``target`` are types; ``sides`` the two contracts side by side."""

    output: str
    input: str
    source: str
    target: str
    reason: str
    hint: str | None
    sides: str

    def message(self) -> str:
        return f"{self.output} is {self.source}, but {self.input} takes {self.target}: {WORDS[self.reason]}"

    def help(self) -> str:
        return "\n".join([self.hint or "read the property that points at what is due", self.sides])


@rule("CL209", "refinement-mismatch", Severity.WARNING, view=BindingView, facts=RefinementMismatch)
def refinement_mismatch(view: BindingView) -> Iterator[Draft]:
    judgement, chosen = judged(view), view.binding.chosen
    if judgement is None or chosen is None or judgement.reason not in REFINEMENTS or judgement.verdict is not TypeVerdict.WARNING:
        return
    port = view.binding.input
    facts = RefinementMismatch(
        f"{chosen.step}.{chosen.output.name}",
        where(view),
        str(chosen.output.typing.type),
        str(port.typing.type),
        judgement.reason,
        judgement.hint,
        sides(view.producer, view.step),
    )
    related = (*ends(view), *evidence(view))
    yield Draft(facts, view.place, view.wiring.pipeline.name, where(view), related, severity_of(judgement))
