"""What is named where a step is made does not exist: an input of its own, or an output of another step.

## What it reports

A name in `builder.create_step(inputs={…})` that is none of the inputs which the builder declares, as it was constructed there, and
that no code of the builder looks up. And what an input is given there: a property of another step that steps of its kind do not have, or
an output that it certainly does not have. In plain SDK code, a reference that the code spells out, `Properties(step_name="Trian", …)` or
`{"Get": "Steps.Trian.…"}`, to a step that the pipeline lacks; and one to a step that the body of a loop lacks
(`loop.properties.IterationOutputs[0].Trian`). In declarative pipelines: a `from_step` or an `output` that does not exist, an input that the
builder of the step's type does not have, and, as a warning, an entry of `outputs` that stands for none of the builder's.

## Why it matters

What the pipeline hands over goes nowhere: the step runs without it, or the builder fails over the name that it does expect. A property
that the other step lacks fails when the pipeline is put together; an output that it lacks only when the consumer starts, after the job was
paid for.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def __init__(self, config):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs):
        return TrainingStep(name="Train", estimator=self.estimator(), inputs={"train": inputs.get("train_data")})


def make_training(config, prepared):
    return TrainingStepBuilder(config).create_step(inputs={"training_data": prepared})
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def __init__(self, config):
        self.config = config

    def get_input_requirements(self):
        return {"train_data": "S3 path of the training data"}

    def get_output_properties(self):
        return {"model": "S3 path of the model"}

    def create_step(self, inputs):
        return TrainingStep(name="Train", estimator=self.estimator(), inputs={"train": inputs.get("train_data")})


def make_training(config, prepared):
    return TrainingStepBuilder(config).create_step(inputs={"train_data": prepared})
```

## How to fix

Use the name that the builder declares, or have the builder declare and use this one. Read an output that the other step has.

## When it stays silent

Where the builder may have more inputs than are known (its names come from a configuration that is only known at run time, say); where
it takes whatever it is given, as a whole; on aliases of declared inputs (the key or the value in `input_names`) and what frameworks pass
beside data; where the kind or the outputs of the other step are not all known; on the property paths that its own builder gives, of
which CL201 to CL206 speak; and where a step of the pipeline or its compiled name is not known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    BindingView,
    DeclarativeView,
    Draft,
    Given,
    GivenInput,
    Index,
    MemberOfOtherKind,
    Outcome,
    PropertyPath,
    PropertyReadView,
    ReferenceView,
    Related,
    SdkPipeline,
    SdkPipelineView,
    SdkScene,
    Severity,
    Step,
    Table,
    UndeclaredOutput,
    UnknownMember,
    Verdict,
    joined,
    kind_named,
    nearest,
    parse,
    place_within,
    rule,
    some,
    walk,
)

from ..declarations._names import names_of
from ..graph._names import builder_at
from ..properties._reads import called, made_here, path_of, read_scope, read_subject
from ._inputs import declared_input

#: Before what is read of a step at run time.
PREFIX = "properties."
#: What a loop's step has of the steps in its body: `IterationOutputs[0].Body.…`.
ITERATIONS = "IterationOutputs"


@dataclass(frozen=True, slots=True)
class UnknownInput:
    name: str
    contract: str
    declared: tuple[str, ...]

    def message(self) -> str:
        return f"{self.contract} has no input '{self.name}'"

    def help(self) -> str:
        near = nearest(self.name, self.declared)
        if near:
            return f"did you mean {joined(near)}?"
        return f"declared: {some(self.declared)}" if self.declared else f"{self.contract} declares no inputs"


@dataclass(frozen=True, slots=True)
class UnknownOutput:
    """``input`` of ``step`` is given ``read`` of ``producer``, and ``why`` it does not exist; ``near`` may be meant, ``known`` exist."""

    step: str
    input: str
    producer: str
    read: str
    why: str
    near: tuple[str, ...]
    known: tuple[str, ...]

    def message(self) -> str:
        return f"'{self.input}' of {self.step} is given {self.read} of {self.producer}: {self.why}"

    def help(self) -> str:
        if self.near:
            return f"did you mean {joined(self.near)}?"
        return f"{self.producer} has {some(self.known)}" if self.known else f"read something that {self.producer} has"


@dataclass(frozen=True, slots=True)
class UnknownStep:
    """``where`` has no step of the name; ``steps`` are those that it has."""

    name: str
    where: str
    steps: tuple[str, ...]

    def message(self) -> str:
        return f"the reference names a step '{self.name}', which {self.where} does not have"

    def help(self) -> str:
        near = nearest(self.name, self.steps)
        if near:
            return f"did you mean {joined(near)}?"
        return f"it has {some(self.steps)}" if self.steps else "it has no steps"


@dataclass(frozen=True, slots=True)
class UnlistedOutput:
    """A declarative step lists an output; its builder has the ``known`` ones."""

    name: str
    step: str
    builder: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"{self.step} lists the output '{self.name}', which {self.builder} does not have"

    def help(self) -> str:
        near = nearest(self.name, self.known)
        if near:
            return f"did you mean {joined(near)}?"
        return f"{self.builder} has {some(self.known)}" if self.known else f"{self.builder} has no outputs"


@rule(
    "CL306",
    "unknown-reference",
    Severity.ERROR,
    view=ReferenceView,
    facts=UnknownInput,
    also=(BindingView, SdkPipelineView, PropertyReadView, DeclarativeView),
)
def unknown_reference(view: ReferenceView | BindingView | SdkPipelineView | PropertyReadView | DeclarativeView) -> Iterator[Draft]:
    if isinstance(view, DeclarativeView):
        yield from _listed_outputs(view)
        return
    if isinstance(view, BindingView):
        yield from _unknown_output(view)
        return
    if isinstance(view, SdkPipelineView):
        yield from _strays(view)
        return
    if isinstance(view, PropertyReadView):
        yield from _outside_of_the_body(view)
        return
    reference, contract = view.reference, view.contract
    read = {use.name for use in contract.name_uses if use.table is Table.INPUTS}
    if contract.hands_inputs_on or reference.name in {*reference.declared, *names_of(contract.inputs), *read}:
        return
    facts = UnknownInput(reference.name, contract.name, reference.declared)
    related = Related(contract.span, f"{contract.class_name} declares its inputs")
    yield Draft(facts, reference.span, contract.name, f"{reference.scope}.{reference.name}", (related,))


def _listed_outputs(view: DeclarativeView) -> Iterator[Draft]:
    """Outputs that a declarative step lists, and that its builder does not have; their texts may mean something else."""
    for one in view.declarative.outputs:
        facts = UnlistedOutput(one.output.name, one.step, one.builder, one.known)
        related = (Related(one.builder_at, f"{one.builder} declares its outputs"),)
        yield Draft(facts, one.output.span, view.declarative.pipeline, f"{one.step}.{one.output.name}", related, Severity.WARNING)


def _unknown_output(view: BindingView) -> Iterator[Draft]:
    given = view.binding.given
    producer = view.wiring.step(given.producer) if given is not None and given.producer is not None else None
    if given is None or given.given is not Given.REFERENCE or _is_told(view, given):
        return
    if view.binding.outcome is Outcome.MISSING:
        facts, span = _nowhere(view, given, producer), given.span
    elif producer is not None and given.path is not None and (found := _wrong(view, given, producer)) is not None:
        verdict, path = found
        facts, span = _read(view, producer, verdict, path), given.path.origin
        segment = getattr(verdict, "segment", None)
        span = place_within(given.path, segment.start, segment.end) if segment is not None else span
    else:
        return
    related = (
        Related(given.span, f"it is given to {view.step.name}.{view.binding.input.name} here"),
        declared_input(view),
        *(() if producer is None else (Related(producer.span, f"the step {producer.name} is here"), *builder_at(producer))),
    )
    yield Draft(facts, span, view.wiring.pipeline.name, f"{view.step.name}.{view.binding.input.name}", related)


def _is_told(view: BindingView, given: GivenInput) -> bool:
    """Whether the same text is given to an input before this one."""
    for one in view.wiring.bindings if given.path is not None else ():
        if one is view.binding:
            return False
        if one.given is not None and one.given.path == given.path:
            return True
    return False


def _nowhere(view: BindingView, given: GivenInput, producer: Step | None) -> UnknownOutput:
    """A reference that names a step or an output which the pipeline does not have."""
    known = tuple(port.name for port in producer.outputs) if producer is not None else tuple(one.name for one in view.wiring.pipeline.steps)
    named = given.output if producer is not None else given.producer
    read = f"'{given.output}'" if given.output is not None else "something"
    why = "there is no such output" if producer is not None else "there is no such step"
    near = nearest(named, known) if named is not None else ()
    return UnknownOutput(view.step.name, view.binding.input.name, given.producer or "no step", read, why, near, known)


def _wrong(view: BindingView, given: GivenInput, producer: Step) -> tuple[Verdict, PropertyPath] | None:
    """What is wrong with the property that is read, on whatever the builder of the other step makes; None if nothing certainly is."""
    if given.of_sdk:
        return None  # the rules on properties tell what is wrong with the read itself
    text = given.path.text if given.path is not None else ""
    path = parse(text) if text.startswith(PREFIX) else None  # a step has other attributes too
    contract, chosen = producer.contract, view.binding.chosen
    if not isinstance(path, PropertyPath) or not path.known or contract is None or contract.made_unknown is not None:
        return None
    own = [parse(port.property_path.text) for port in producer.outputs if port.property_path is not None]
    if any(isinstance(one, PropertyPath) and str(one) == str(path) for one in own):
        return None
    verdicts: list[Verdict] = []
    for made in contract.made:
        kind = kind_named(made.kind)
        verdict = walk(path, kind, outputs=made.outputs) if kind is not None else None
        if isinstance(verdict, UndeclaredOutput):
            declared = chosen is not None and chosen.output in producer.outputs
            if declared or producer.open_outputs is not None:
                return None
        elif verdict is None or verdict.accepted_by_sdk:
            return None
        verdicts.append(verdict)
    return (verdicts[0], path) if verdicts else None


def _read(view: BindingView, producer: Step, verdict: Verdict, path: PropertyPath) -> UnknownOutput:
    names = (view.step.name, view.binding.input.name, producer.name)
    if isinstance(verdict, UndeclaredOutput):
        return UnknownOutput(*names, f"the output '{verdict.segment.key}'", "it has no such output", verdict.candidates, verdict.declared)
    near = verdict.candidates if isinstance(verdict, (UnknownMember, MemberOfOtherKind)) else ()
    return UnknownOutput(*names, str(path), verdict.reason, near, ())


def _strays(view: SdkPipelineView) -> Iterator[Draft]:
    """References that the code spells out, to steps that the pipeline does not have."""
    names = _names(view.scene, view.pipeline, [one.number for one in view.pipeline.steps])
    if names is None or view.pipeline.open_steps is not None:
        return
    for stray in view.pipeline.strays:
        if stray.certain:
            consumer = view.scene.steps[stray.consumer]
            facts = UnknownStep(stray.step, f"pipeline '{view.pipeline.name}'", names)
            related = (
                Related(consumer.span, f"the {called(consumer)} holds it"),
                Related(view.pipeline.span, "the pipeline is put together here"),
            )
            yield Draft(facts, stray.span, view.pipeline.name, f"{consumer.name or consumer.sdk_class}.{stray.step}", related)


def _outside_of_the_body(view: PropertyReadView) -> Iterator[Draft]:
    """``loop.properties.IterationOutputs[0].Name…``: the body of the loop has no step of the name."""
    path, (step, *others) = path_of(view), view.steps
    if path is None or others or step.kinds != ("ForEach",) or len(path.segments) < 3:
        return
    first, index, named, *_ = path.segments
    holders = [one for one in view.scene.pipelines if any(placed.number == step.number for placed in one.steps)]
    if str(first) != ITERATIONS or not isinstance(index, Index) or isinstance(named, Index) or not named.known or not holders:
        return
    bodies = [
        _names(view.scene, one, [placed.number for placed in one.steps if (step.number, "each") in placed.branches]) for one in holders
    ]
    if any(one.open_steps is not None for one in holders) or any(not names or named.name in names for names in bodies):
        return
    facts = UnknownStep(named.name, f"the body of the {called(step)}", bodies[0] or ())
    yield Draft(facts, view.span, read_scope(view), read_subject(view), made_here(view))


def _names(scene: SdkScene, pipeline: SdkPipeline, numbers: list[int]) -> tuple[str, ...] | None:
    """The names that steps of a pipeline have when it is compiled; None if one of them is not known."""
    placed = {one.number for one in pipeline.steps}
    steps = [scene.steps[number] for number in numbers if number in placed]
    return tuple(name for step in steps for name in step.names) if all(step.names for step in steps) else None
