"""The SDK's pipelines in the form that all pipelines have: steps with ports, edges, and what the code gives to single inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from contract_lint.model.contract import Direction, Named, PathText, Port
from contract_lint.model.evidence import Evidence, Rank, merge
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Repeated, Step
from contract_lint.model.property_path import Malformed, parse
from contract_lint.model.sdk import Literal, Made, Member, Placed, Reference, SdkPipeline, SdkScene, SdkStep, SdkValue, options
from contract_lint.model.span import Span
from contract_lint.model.types import UNKNOWN
from contract_lint.sagemaker.leaf_types import type_of_argument, type_of_path
from contract_lint.sagemaker.step_kinds import default_property_path, kind_named

#: What the read of a step itself is called: the result of a function.
RESULT = "result"


def general_pipelines(scenes: Sequence[SdkScene]) -> tuple[Pipeline, ...]:
    """All pipelines of all scenes."""
    return tuple(_General(scene, one).pipeline() for scene in scenes for one in scene.pipelines)


class _General:
    """One pipeline on its way to the general form."""

    def __init__(self, scene: SdkScene, pipeline: SdkPipeline) -> None:
        self._scene, self._pipeline = scene, pipeline
        self._names = step_names(scene, pipeline)

    def pipeline(self) -> Pipeline:
        found = self._pipeline
        given = tuple(self._given(reference) for reference in found.references if self._is_data(reference))
        steps = tuple(self._step(placed, given) for placed in found.steps)
        return Pipeline(
            name=found.name,
            span=found.span,
            steps=steps,
            edges=tuple(self._edges()),
            given=given,
            open_steps=found.open_steps,
            repeated=tuple(self._repeated()),
            parameters=tuple(name for name in map(self._parameter, found.parameters) if name is not None),
            left_out=tuple(self._left_out()),
        )

    def _is_data(self, reference: Reference) -> bool:
        return reference.consumer in self._names and reference.producer in self._names

    # --- steps and ports ---

    def _step(self, placed: Placed, given: Sequence[GivenInput]) -> Step:
        step = self._scene.steps[placed.number]
        name = self._names[placed.number]
        inputs = {one.input: self._input(one) for one in given if one.step == name}
        outputs = [self._output(step, port.name, port.span, port.must) for port in step.outputs if port.name is not None]
        return Step(
            name=name,
            span=step.span,
            ports=(*inputs.values(), *outputs),
            open_inputs=step.open_inputs,
            open_outputs=step.open_outputs,
            kinds=step.kinds,
            declared=placed.listed,
            certain=placed.must,
        )

    def _input(self, given: GivenInput) -> Port:
        reference = self._references[given.step, given.input]
        wanted = type_of_argument(reference.sdk_class, reference.argument)
        evidence = (
            [Evidence(Rank.PATH, wanted, f"it is given to {reference.sdk_class}({reference.argument}=…)", reference.span)]
            if wanted is not None and wanted != UNKNOWN
            else []
        )
        return Port(given.input, Direction.INPUT, given.span, required=False, certain=reference.certain, typing=merge(evidence))

    def _output(self, step: SdkStep, name: str, span: Span, certain: bool) -> Port:
        kind = kind_named(step.kinds[0]) if len(step.kinds) == 1 else None
        default = default_property_path(kind, name, sole=len(step.outputs) == 1) if kind is not None else None
        path = PathText(f"properties.{default}", span) if default is not None else None
        return Port(name, Direction.OUTPUT, span, certain=certain, property_path=path, typing=merge(self._evidence(step, path)))

    def _evidence(self, step: SdkStep, path: PathText | None) -> Iterator[Evidence]:
        parsed = parse(path.text) if path is not None else None
        if path is None or parsed is None or isinstance(parsed, Malformed):
            return
        for name in step.kinds:
            kind = kind_named(name)
            found = type_of_path(parsed, kind) if kind is not None else UNKNOWN
            if found != UNKNOWN:
                yield Evidence(Rank.PATH, found, f"the property path ends at {parsed}", path.origin)

    # --- what steps read of each other ---

    @property
    def _references(self) -> dict[tuple[str, str], Reference]:
        return {(self._names[one.consumer], self._label(one)): one for one in self._pipeline.references if self._is_data(one)}

    def _label(self, reference: Reference) -> str:
        """What the input is called: the port that takes the value, else the argument."""
        step = self._scene.steps[reference.consumer]
        for port in step.inputs:
            declared = self._scene.object(port.number) if port.number is not None else None
            values = (*declared.arguments.values(), *declared.attributes.values()) if declared is not None else (port.given,)
            if port.name is not None and any(reference.read in self._scene.inside(one) for one in values if one is not None):
                return port.name
        return ".".join(word for word in (reference.sdk_class, reference.argument) if word) or RESULT

    def _given(self, reference: Reference) -> GivenInput:
        producer = self._scene.steps[reference.producer]
        path = self._path(reference)
        return GivenInput(
            step=self._names[reference.consumer],
            input=self._label(reference),
            span=reference.span,
            given=Given.REFERENCE if reference.certain else Given.UNKNOWN,
            producer=self._names[reference.producer],
            path=path,
            typing=merge(self._evidence(producer, path)),
        )

    def _path(self, reference: Reference) -> PathText:
        text = reference.read.property_path
        return PathText(f"properties.{text}" if text is not None else reference.read.path.removeprefix("."), reference.span)

    def _edges(self) -> Iterator[Edge]:
        found: dict[tuple[str, str, bool], Edge] = {}
        for reference in self._pipeline.references:
            if self._is_data(reference):
                source, target = self._names[reference.producer], self._names[reference.consumer]
                at = self._scene.steps[reference.consumer].span
                edge = Edge(source, target, reference.span, reference.span, at, certain=reference.certain)
                found.setdefault((source, target, True), edge)
        for placed in self._pipeline.steps:
            for condition, _ in placed.branches[-1:]:
                source, target = self._names[condition], self._names[placed.number]
                at, span = self._scene.steps[condition].span, self._scene.steps[placed.number].span
                found[source, target, False] = Edge(source, target, at, at, span, data=False, certain=placed.must)
        for number, target in self._names.items():
            step = self._scene.steps[number]
            for dependency in step.depends_on:
                certain = dependency.must and not isinstance(dependency.value, tuple)
                for name in self._meant(dependency.value):
                    edge = Edge(name, target, dependency.span, dependency.span, step.span, data=False, certain=certain)
                    found.setdefault((name, target, False), edge)
        yield from found.values()

    def _meant(self, value: SdkValue) -> Iterator[str]:
        """The names of the steps that an entry of ``depends_on`` means."""
        for one in options(self._scene.resolve(value) or value):
            if isinstance(one, Literal) and isinstance(one.value, str):
                compiled = [name for number, name in self._names.items() if one.value in self._scene.steps[number].names]
                yield compiled[0] if compiled else one.value
            elif isinstance(one, Made) and one.number in self._names:
                yield self._names[one.number]

    # --- names ---

    def _repeated(self) -> Iterator[Repeated]:
        """Compiled names that two listed steps certainly have."""
        first: dict[str, SdkStep] = {}
        for placed in self._pipeline.steps:
            step = self._scene.steps[placed.number]
            for name in step.names if placed.listed and placed.must else ():
                if name in first:
                    yield Repeated(name, step.span, first[name].span)
                else:
                    first[name] = step

    def _parameter(self, member: Member) -> str | None:
        obj = self._scene.object(member.value)
        return self._scene.text(obj.get("name")) if obj is not None else None

    def _left_out(self) -> Iterator[Named]:
        """Steps that are made in the same function as the pipeline, and that no pipeline of the scene has."""
        if self._pipeline.open_steps is not None:
            return
        placed = {one.number for pipeline in self._scene.pipelines for one in pipeline.steps}
        obj = self._scene.objects[self._pipeline.number]
        for number in self._scene.own:
            step = self._scene.steps.get(number)
            made = self._scene.objects[number]
            if step is not None and number not in placed and step.name is not None and made.scope == obj.scope:
                if step.span.path == self._pipeline.span.path and number < self._pipeline.number:
                    yield Named(step.name, step.span)


def step_names(scene: SdkScene, pipeline: SdkPipeline) -> dict[int, str]:
    """What each step of a pipeline is called there: its own name, else its class and line; the second of a name gets a number."""
    counts: Counter[str] = Counter()
    names: dict[int, str] = {}
    for placed in pipeline.steps:
        step = scene.steps[placed.number]
        name = step.name or f"{step.sdk_class}@{step.span.line}"
        counts[name] += 1
        names[placed.number] = name if counts[name] == 1 else f"{name}#{counts[name]}"
    return names
