"""A plain value of Python stands where a reference to another step is meant.

## What it reports

The name of a step (`step.name`) given to an argument that takes what the step makes: the name of a model, an ARN, an S3 URI. `ClusterId`
or `ClusterConfig` of an `EMRStep`, given to a step that nothing puts after it. And `.path` or `.step_name` of a property, which are texts
about the reference.

## Why it matters

These are values that the program has before any step runs. The definition holds them as they are: no dependency comes of them, and the
service looks for a model that is called like the step.

## Bad

```python
from sagemaker.transformer import Transformer
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TransformStep


def get_pipeline(model, session):
    create = ModelStep(name="CreateModel", step_args=model.create(instance_type="ml.m5.large"))
    transformer = Transformer(model_name=create.name, instance_count=1, instance_type="ml.m5.large", sagemaker_session=session)
    score = TransformStep(name="Score", step_args=transformer.transform(data="s3://bucket/batch/"))
    return Pipeline(name="Batch", steps=[create, score], sagemaker_session=session)
```

## Good

```python
from sagemaker.transformer import Transformer
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.steps import TransformStep


def get_pipeline(model, session):
    create = ModelStep(name="CreateModel", step_args=model.create(instance_type="ml.m5.large"))
    transformer = Transformer(
        model_name=create.properties.ModelName, instance_count=1, instance_type="ml.m5.large", sagemaker_session=session
    )
    score = TransformStep(name="Score", step_args=transformer.transform(data="s3://bucket/batch/"))
    return Pipeline(name="Batch", steps=[create, score], sagemaker_session=session)
```

## How to fix

Read what the step makes below its `.properties`. Where the plain value is meant, say with `depends_on` that the step comes after the other.

## When it stays silent

On names in texts and in arguments that are free to be chosen (job names, tags, prefixes); on values of an EMR step, where the step that
takes them comes after it anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    InternalAttribute,
    Made,
    PlainValue,
    PropertyReadView,
    Read,
    Reference,
    Related,
    SdkObjectView,
    SdkPipeline,
    SdkScene,
    SdkStep,
    Severity,
    default_property_path,
    kind_named,
    options,
    rule,
    type_of_argument,
    walk,
)

from ._reads import called, is_absent, made_here, misread, path_of, read_scope, read_subject, shown

#: Texts about a reference, which every property has.
ABOUT = frozenset({"path", "step_name", "shape_name", "service_name"})


@dataclass(frozen=True, slots=True)
class NameOfStep:
    """``argument`` takes what a step makes; ``instead`` is the property that it has of the kind."""

    step: str
    argument: str
    wanted: str
    instead: str | None

    def message(self) -> str:
        return f"{self.argument} is given the name of the {self.step}, a plain text, and takes {self.wanted}"

    def help(self) -> str:
        return f"give it {self.instead}" if self.instead is not None else "read what the step makes below its .properties"


@dataclass(frozen=True, slots=True)
class PlainProperty:
    step: str
    path: str
    what: str
    takers: str

    def message(self) -> str:
        return f"'{self.path}' of the {self.step} is {self.what}: it does not put {self.takers} after it"

    def help(self) -> str:
        return "add depends_on, or give a property that is a reference"


@rule(
    "CL215",
    "plain-value-used-as-reference",
    Severity.WARNING,
    view=SdkObjectView,
    facts=NameOfStep,
    also=(PropertyReadView,),
)
def plain_value_used_as_reference(view: SdkObjectView | PropertyReadView) -> Iterator[Draft]:
    if isinstance(view, SdkObjectView):
        yield from _names(view)
    elif view.references:
        yield from _plain(view)


def _names(view: SdkObjectView) -> Iterator[Draft]:
    """The names of steps among the arguments of one object."""
    made, scene = view.object, view.scene
    owner = made.name if made.method in (None, "") else str(made.method)
    for argument, value in made.arguments.items():
        step = scene.steps.get(value.of) if isinstance(value, Read) and value.path == ".name" else None
        wanted = type_of_argument(owner, argument)
        if step is None or not isinstance(value, Read) or wanted is None or not _is_never(step, str(wanted)):
            continue
        facts = NameOfStep(called(step), f"{owner}({argument}=…)", str(wanted), _instead(step))
        related = (Related(step.span, f"the {called(step)} is made here"),)
        yield Draft(facts, value.span or made.span, made.scope or made.span.path, f"{owner}.{argument}", related)


def _is_never(step: SdkStep, wanted: str) -> bool:
    """Whether the step's name is nothing of the type that is due: the name of a resource may be that of one which is there already."""
    if wanted == "Name<model>":
        return bool(step.kinds) and set(step.kinds) <= {"Model", "RegisterModel"}
    return wanted.startswith(("S3Uri", "Arn<")) or wanted == "Arn"


def _instead(step: SdkStep) -> str | None:
    kind = kind_named(step.kinds[0]) if len(step.kinds) == 1 else None
    default = default_property_path(kind, "", sole=True) if kind is not None and not step.outputs else None
    return f".properties.{default}" if default is not None else None


def _plain(view: PropertyReadView) -> Iterator[Draft]:
    """What is read below ``.properties`` and is no reference."""
    path, step = path_of(view), view.steps[0]
    if path is None or len(view.steps) > 1:
        return
    found = misread(view)
    if found is not None and isinstance(found.verdict, PlainValue) and found.kind.name == "EMR" and not is_absent(view, found):
        late = [one for one in view.references if one.certain and not _comes_after(view.scene, one)]
        what, span = "a plain value of Python, no reference", found.span
    elif _is_about(view):
        late = [one for one in view.references if one.certain]
        what, span = "a text about the reference, and none itself", view.span
    else:
        return
    if late:
        takers = sorted({called(view.scene.steps[one.consumer]) for one in late})
        facts = PlainProperty(called(step), shown(path), what, f"the {takers[0]}")
        given = tuple(Related(view.scene.steps[one.consumer].span, "this step is given it") for one in late[:1])
        yield Draft(facts, span, read_scope(view), read_subject(view), (*made_here(view), *given))


def _is_about(view: PropertyReadView) -> bool:
    path, (step, *_) = path_of(view), view.steps
    kinds = [kind_named(name) for name in step.kinds]
    verdicts = [walk(path, kind, strict=False) for kind in kinds if kind is not None] if path is not None else []
    return bool(verdicts) and all(isinstance(one, InternalAttribute) and one.segment.name in ABOUT for one in verdicts)


def _comes_after(scene: SdkScene, reference: Reference) -> bool:
    """Whether something else puts the step that takes the value after the one that it is read of, in one of the pipelines."""
    return any(_leads(scene, one, reference) for one in scene.pipelines if reference in one.references)


def _leads(scene: SdkScene, pipeline: SdkPipeline, plain: Reference) -> bool:
    pending, seen = [plain.consumer], {plain.consumer}
    while pending:
        for number in _before(scene, pipeline, pending.pop(), plain):
            if number is None or number == plain.producer:
                return True
            if number not in seen:
                seen.add(number)
                pending.append(number)
    return False


def _before(scene: SdkScene, pipeline: SdkPipeline, number: int, plain: Reference) -> Iterator[int | None]:
    """The steps that certainly or perhaps run before one; None stands for any."""
    for reference in pipeline.references:
        if reference.consumer == number and (reference.producer, reference.read.path) != (plain.producer, plain.read.path):
            yield reference.producer
    for placed in pipeline.steps:
        if placed.number == number:
            yield from (condition for condition, _ in placed.branches)
    step = scene.steps[number]
    if step.open_depends_on is not None:
        yield None
    for value in (one for dependency in step.depends_on for one in options(dependency.value)):
        name = scene.text(value)
        yield from (other.number for other in scene.steps.values() if name is not None and name in (other.name, *other.names))
        if isinstance(value, Made):
            yield value.number
