"""An S3 prefix that a step reads also matches another output beside it.

## What it reports

A step that takes an output of a processing step by its S3 prefix, where the URI does not end in a slash and the URI of another output of
the same step begins with it: `…/output/test` and `…/output/test_labels`.

## Why it matters

A prefix is compared letter by letter. Training, transform and processing jobs that read the one output get the objects of the other with
it: labels among the features, a test set in the training data. No step fails.

## Bad

```python
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep


def get_pipeline(processor, estimator):
    outputs = [
        ProcessingOutput(output_name="train", source="/opt/ml/processing/train"),
        ProcessingOutput(output_name="train_labels", source="/opt/ml/processing/labels"),
    ]
    prepare = ProcessingStep(name="Prepare", processor=processor, outputs=outputs)
    data = prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    train = TrainingStep(name="Train", estimator=estimator, inputs={"train": TrainingInput(s3_data=data)})
    return Pipeline(name="Train", steps=[prepare, train])
```

## Good

```python
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import ProcessingStep, TrainingStep


def get_pipeline(processor, estimator):
    outputs = [
        ProcessingOutput(output_name="train", source="/opt/ml/processing/train"),
        ProcessingOutput(output_name="labels", source="/opt/ml/processing/labels"),
    ]
    prepare = ProcessingStep(name="Prepare", processor=processor, outputs=outputs)
    data = prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri
    train = TrainingStep(name="Train", estimator=estimator, inputs={"train": TrainingInput(s3_data=data)})
    return Pipeline(name="Train", steps=[prepare, train])
```

## How to fix

Rename one of the outputs, or give both a `destination` that ends in a slash.

## When it stays silent

Where the folder of one of the two is not known or another one; where the URI ends in a slash, or the other lies in a folder below it; and
where a manifest or a single file is read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Literal,
    PropertyReadView,
    Reference,
    Related,
    SdkPort,
    SdkScene,
    SdkValue,
    Severity,
    first_places,
    rule,
)

from ..properties._reads import called, path_of, read_scope, read_subject
from ..properties._uris import Uri, merged, uri_of

#: Arguments that take an S3 prefix: class or method, argument, and the one that says what the URI is.
PREFIXES = {
    ("ProcessingInput", "source"): "s3_data_type",
    ("TrainingInput", "s3_data"): "s3_data_type",
    ("TransformInput", "data"): "data_type",
    ("transform", "data"): "data_type",
    ("S3DataSource", "s3_uri"): "s3_data_type",
    ("InputData", "data_source"): "",
}
OUTPUT = ("ProcessingOutputConfig.Outputs['", "'].S3Output.S3Uri")


@dataclass(frozen=True, slots=True)
class Captured:
    output: str
    others: tuple[str, ...]
    taker: str

    def message(self) -> str:
        others = " and ".join(f"'{one}'" for one in self.others)
        return f"the prefix of output '{self.output}', given to {self.taker}, also matches what stands under {others}"

    def help(self) -> str:
        return "rename one of the outputs, or give each a destination that ends in '/'"


@rule("CL312", "prefix-captures-sibling", Severity.WARNING, view=PropertyReadView, facts=Captured)
def prefix_captures_sibling(view: PropertyReadView) -> Iterator[Draft]:
    path, (step, *others) = path_of(view), view.steps
    before, after = OUTPUT
    text = str(path) if path is not None else ""
    if others or step.kinds != ("Processing",) or not (text.startswith(before) and text.endswith(after)):
        return
    taken = [one for one in view.references if one.certain and _is_prefix(view.scene, one)]
    name = text[len(before) : -len(after)]
    own = next((port for port in step.outputs if port.name == name and port.must), None)
    if not taken or own is None:
        return
    caught = [port for port in step.outputs if port.must and _begins_with(view.scene, port, own)]
    if caught:
        taker = f"{taken[0].sdk_class}({taken[0].argument}=…)"
        facts = Captured(name, tuple(str(port.name) for port in caught), taker)
        related = first_places((Related(own.span, f"output '{name}'"), *(Related(port.span, f"output '{port.name}'") for port in caught)))
        made = Related(step.span, f"the {called(step)} is made here")
        yield Draft(facts, view.span, read_scope(view), read_subject(view), (*related, made))


def _is_prefix(scene: SdkScene, reference: Reference) -> bool:
    """Whether the argument takes a prefix: what says otherwise is not given, or is the default."""
    says = PREFIXES.get((reference.sdk_class, reference.argument))
    if says is None:
        return False
    holders = [
        made
        for made in scene.objects.values()
        if (made.method or made.name) == reference.sdk_class
        and reference.argument in made.arguments
        and reference.read in scene.inside(made.arguments[reference.argument])
    ]
    return bool(holders) and all(made.open is None and _says_prefix(scene.resolve(made.get(says))) for made in holders)


def _says_prefix(value: SdkValue | None) -> bool:
    return value is None or (isinstance(value, Literal) and value.value in (None, "S3Prefix"))


def _begins_with(scene: SdkScene, port: SdkPort, own: SdkPort) -> bool:
    """Whether the URI of one output certainly begins with that of the other, and goes on in the same name."""
    first, second = _place(scene, own), _place(scene, port)
    if first is None or second is None or port is own or port.name is None or len(second) < len(first):
        return False
    *parent, last = first
    other = second[len(parent)]
    if None in first or list(second[: len(parent)]) != parent or not isinstance(last, str) or not isinstance(other, str):
        return False
    rest = other.removeprefix(last)
    return rest not in ("", other) and not last.endswith("/") and not rest.startswith("/")


def _place(scene: SdkScene, port: SdkPort) -> Uri | None:
    """Where an output is written to; by itself the SDK writes all outputs of a step into one folder, each under its name."""
    declared = scene.object(port.number)
    if declared is None or declared.open is not None:
        return None
    holder = scene.object(scene.resolve(declared.get("s3_output"))) or declared
    given = scene.resolve(holder.get("destination") or holder.get("s3_uri"))
    if given is None or (isinstance(given, Literal) and given.value is None):
        return (0, f"/{port.name}") if holder is declared or holder.open is None else None
    uri = uri_of(scene, given)
    return merged(uri) if uri is not None else None
