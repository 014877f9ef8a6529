"""A step reads the S3 path that another one writes, and nothing puts the one behind the other.

## What it reports

An S3 path, written out or put together from the same parts, that one step of a pipeline writes (`ProcessingOutput(destination=…)`, the
`output_path` of a transformer) and another reads (`ProcessingInput(source=…)`, `TrainingInput`, `model_data=…`), or a path below it, while
neither step comes after the other. And a `model.tar.gz` below the `output_path` of an estimator: each job writes to a folder of its own
there.

## Why it matters

The service knows the order of steps from references and from `depends_on`, never from paths. The two steps run at the same time: the
reader finds nothing, or what the last execution left there.

## Bad

```python
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput, Processor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

ROLE = "arn:aws:iam::111122223333:role/PipelineRole"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"
session = PipelineSession()
processor = Processor(image_uri=IMAGE, role=ROLE, instance_count=1, instance_type="ml.m5.xlarge", sagemaker_session=session)
step_prepare = ProcessingStep(
    name="Prepare",
    step_args=processor.run(
        outputs=[
            ProcessingOutput(output_name="train", source="/opt/ml/processing/train", destination="s3://example-churn/prepared/train")
        ]
    ),
)
estimator = Estimator(image_uri=IMAGE, role=ROLE, instance_count=1, instance_type="ml.m5.xlarge", sagemaker_session=session)
step_train = TrainingStep(
    name="Train", step_args=estimator.fit({"train": TrainingInput("s3://example-churn/prepared/train/part-0.csv")})
)
pipeline = Pipeline(name="Churn", steps=[step_prepare, step_train], sagemaker_session=session)
```

## Good

```python
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput, Processor
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

ROLE = "arn:aws:iam::111122223333:role/PipelineRole"
IMAGE = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/churn:1"
session = PipelineSession()
processor = Processor(image_uri=IMAGE, role=ROLE, instance_count=1, instance_type="ml.m5.xlarge", sagemaker_session=session)
step_prepare = ProcessingStep(
    name="Prepare",
    step_args=processor.run(
        outputs=[
            ProcessingOutput(output_name="train", source="/opt/ml/processing/train", destination="s3://example-churn/prepared/train")
        ]
    ),
)
estimator = Estimator(image_uri=IMAGE, role=ROLE, instance_count=1, instance_type="ml.m5.xlarge", sagemaker_session=session)
prepared = step_prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
step_train = TrainingStep(name="Train", step_args=estimator.fit({"train": TrainingInput(prepared)}))
pipeline = Pipeline(name="Churn", steps=[step_prepare, step_train], sagemaker_session=session)
```

## How to fix

Read the path from the step that writes it (`step.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri`), or name this step in
`depends_on` of the reader.

## When it stays silent

Where a part of a path is only known at run time, but for what certainly is the same in both (a pipeline's parameter, the bucket of one
session); where the two steps are in opposite branches, or the one may come after the other by any way; for a reader of a whole folder in
which another step writes a part; and where a pipeline's steps are not all known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, Related, SdkPipelineView, Severity, rule

from ..properties._reads import called
from ._s3_paths import links_by_path
from ._sdk import label


@dataclass(frozen=True, slots=True)
class LinkedByPath:
    """``reader`` reads ``path``, which is what ``writer`` writes, or (``below``) a part of it."""

    reader: str
    writer: str
    path: str
    below: bool

    def message(self) -> str:
        what = "below what" if self.below else "which"
        return f"the {self.reader} reads {self.path}, {what} the {self.writer} writes, and nothing says that it comes after that step"

    def help(self) -> str:
        return f"read the path from `.properties` of the {self.writer}, or name that step in depends_on"


@rule("CL411", "path-links-steps-without-edge", Severity.WARNING, view=SdkPipelineView, facts=LinkedByPath)
def path_links_steps_without_edge(view: SdkPipelineView) -> Iterator[Draft]:
    for link in links_by_path(view.scene, view.pipeline):
        reader, writer = called(link.reader), called(link.writer)
        facts = LinkedByPath(reader, writer, link.read.shown, link.read.parts != link.written.parts)
        related = (Related(link.written.span, f"the {writer} writes it here"),)
        yield Draft(facts, link.read.span, view.pipeline.name, f"{label(link.reader)}.{label(link.writer)}", related)
