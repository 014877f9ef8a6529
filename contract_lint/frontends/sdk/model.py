"""The SDK's pipelines in the form that all pipelines have: steps with ports, edges, and what the code gives to single inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from msgspec import Struct

from contract_lint.model.contract import Direction, PathText, Port
from contract_lint.model.evidence import Evidence, Rank, merge
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Repeated, Step
from contract_lint.model.property_path import Malformed, parse
from contract_lint.model.sdk import Member, Placed, Read, Reference, SdkPipeline, SdkScene, SdkStep, SdkValue, is_none
from contract_lint.model.span import Span
from contract_lint.model.types import UNKNOWN, PortType
from contract_lint.sagemaker.argument_types import REPACKED, REPACKED_ARGUMENT, REPACKING_STEPS, type_of_argument, type_of_element
from contract_lint.sagemaker.leaf_types import type_of_path
from contract_lint.sagemaker.step_kinds import default_property_path, kind_named

#: Objects that make up an input are entered so deep.
DEPTH = 4
#: What the read of a step itself is called: the result of a function.
RESULT = "result"


def general_pipelines(scenes: Sequence[SdkScene]) -> tuple[Pipeline, ...]:
    """All pipelines of all scenes."""
    return tuple(_General(scene, one).pipeline() for scene in scenes for one in scene.pipelines)


class _Taken(Struct, frozen=True):
    """The input that takes a reference, and where it is declared."""

    name: str
    declared: Span


class _General:
    """One pipeline on its way to the general form."""

    def __init__(self, scene: SdkScene, pipeline: SdkPipeline) -> None:
        self._scene, self._pipeline = scene, pipeline
        self._names = step_names(scene, pipeline)
        self._taken = dict(self._labelled())

    def pipeline(self) -> Pipeline:
        found = self._pipeline
        given = tuple(self._given(reference, taken) for reference, taken in self._taken.items())
        steps = tuple(self._step(placed) for placed in found.steps)
        return Pipeline(
            name=found.name,
            span=found.span,
            steps=steps,
            edges=tuple(self._edges()),
            given=given,
            open_steps=found.open_steps,
            repeated=tuple(self._repeated()),
            parameters=tuple(name for name in map(self._parameter, found.parameters) if name is not None),
        )

    # --- steps and ports ---

    def _step(self, placed: Placed) -> Step:
        step = self._scene.steps[placed.number]
        name = self._names[placed.number]
        inputs = [self._input(reference, taken) for reference, taken in self._taken.items() if reference.consumer == placed.number]
        outputs = [self._output(step, port.name, port.span, port.must) for port in step.outputs if port.name is not None]
        return Step(
            name=name,
            span=step.span,
            ports=(*inputs, *outputs),
            open_inputs=step.open_inputs,
            open_outputs=step.open_outputs,
            kinds=step.kinds,
            certain=placed.must,
            sdk_class=step.sdk_class,
        )

    def _input(self, reference: Reference, taken: _Taken) -> Port:
        wanted = self._wanted(reference)
        evidence = (
            [Evidence(Rank.PATH, wanted, f"it is given to {reference.sdk_class}({reference.argument}=…)", reference.span)]
            if wanted is not None and wanted != UNKNOWN
            else []
        )
        return Port(taken.name, Direction.INPUT, taken.declared, required=False, certain=reference.certain, typing=merge(evidence))

    def _wanted(self, reference: Reference) -> PortType | None:
        """The type that the argument takes which a reference is given to."""
        found = type_of_argument(reference.sdk_class, reference.argument) or type_of_element(reference.sdk_class, reference.argument)
        repacks = reference.argument == REPACKED_ARGUMENT and self._scene.steps[reference.consumer].sdk_class in REPACKING_STEPS
        return REPACKED if found is not None and repacks and self._has_script(reference) else found

    def _has_script(self, reference: Reference) -> bool:
        """Whether an object that takes the reference is given a script too."""
        takers = (obj for obj in self._scene.objects.values() if obj.name == reference.sdk_class)
        return any(obj.get(reference.argument) == reference.read and not is_none(obj.get("entry_point")) for obj in takers)

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

    def _labelled(self) -> Iterator[tuple[Reference, _Taken]]:
        """Every reference between steps of the pipeline, with the input that takes it; a second one of a name gets a number."""
        counts: Counter[tuple[int, str]] = Counter()
        for reference in self._pipeline.references:
            if reference.consumer in self._names and reference.producer in self._names:
                taken = self._taker(reference)
                counts[reference.consumer, taken.name] += 1
                count = counts[reference.consumer, taken.name]
                yield reference, taken if count == 1 else _Taken(f"{taken.name}#{count}", taken.declared)

    def _taker(self, reference: Reference) -> _Taken:
        """The input that takes a value: the port that holds it, else the argument."""
        step = self._scene.steps[reference.consumer]
        for port in step.inputs:
            if port.name is not None and port.given is not None and self._holds(port.given, reference.read):
                return _Taken(port.name, port.span)
        name = ".".join(word for word in (reference.sdk_class, reference.argument) if word)
        return _Taken(name or RESULT, step.span)

    def _holds(self, value: SdkValue, read: Read, depth: int = 0) -> bool:
        """Whether an input is made of what is read; objects inside of it are entered."""
        for one in self._scene.inside(value):
            if one == read:
                return True
            obj = self._scene.object(one)
            if obj is not None and obj.number not in self._scene.steps and depth < DEPTH:
                if any(self._holds(given, read, depth + 1) for given in (*obj.arguments.values(), *obj.attributes.values())):
                    return True
        return False

    def _given(self, reference: Reference, taken: _Taken) -> GivenInput:
        producer = self._scene.steps[reference.producer]
        path = self._path(reference)
        return GivenInput(
            step=self._names[reference.consumer],
            input=taken.name,
            span=reference.span,
            given=Given.REFERENCE,
            producer=self._names[reference.producer],
            path=path,
            typing=merge(self._evidence(producer, path)),
        )

    def _path(self, reference: Reference) -> PathText:
        return PathText(reference.read.path.removeprefix(".") or RESULT, reference.span)

    def _edges(self) -> Iterator[Edge]:
        found: dict[tuple[str, str, bool], Edge] = {}
        for reference in self._taken:
            source, target = self._names[reference.producer], self._names[reference.consumer]
            at = self._scene.steps[reference.consumer].span
            edge = Edge(source, target, reference.span, reference.span, at, certain=reference.certain)
            found.setdefault((source, target, True), edge)
        for placed in self._pipeline.steps:
            for condition, _ in placed.branches[-1:]:
                source, target = self._names[condition], self._names[placed.number]
                at, span = self._scene.steps[condition].span, self._scene.steps[placed.number].span
                found[source, target, False] = Edge(source, target, at, at, span, data=False, certain=placed.must)
        for wait in self._pipeline.waits:
            if wait.producer is not None:
                source, target = self._names[wait.producer], self._names[wait.consumer]
                at = self._scene.steps[wait.consumer].span
                edge = Edge(source, target, wait.span, wait.span, at, data=False, certain=wait.certain)
                found.setdefault((source, target, False), edge)
        yield from found.values()

    # --- names ---

    def _repeated(self) -> Iterator[Repeated]:
        """Names that two steps certainly have: a collection has its own as well as those of its steps."""
        first: dict[str, tuple[SdkStep, bool]] = {}
        for placed in sorted(self._pipeline.steps, key=lambda one: not one.listed):
            step = self._scene.steps[placed.number]
            own = (step.name,) if step.name is not None and step.names else ()
            for name in dict.fromkeys((*own, *step.names)) if placed.must else ():
                if name in first:
                    before, listed = first[name]
                    yield Repeated(name, step.span, before.span, taken_in=not (placed.listed and listed))
                    break
                first[name] = step, placed.listed

    def _parameter(self, member: Member) -> str | None:
        obj = self._scene.object(member.value)
        return self._scene.text(obj.get("name")) if obj is not None else None


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
