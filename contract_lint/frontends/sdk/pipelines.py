"""The pipelines of a scene: which steps they have, in which branches, and what the steps read of each other."""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.frontends.sdk.reach import STATIC_READS, Held, Reach
from contract_lint.frontends.sdk.steps import StepReader
from contract_lint.model.sdk import (
    Listing,
    Literal,
    Made,
    Placed,
    Read,
    Reference,
    SdkObject,
    SdkPipeline,
    SdkScene,
    SdkValue,
    options,
)

BRANCHES = (("if_steps", "if"), ("else_steps", "else"))
#: What is done to a list that a pipeline holds: ``pipeline.steps.append(step)``.
GROWING = frozenset({"append", "extend", "insert"})

Branches = tuple[tuple[int, str], ...]


class PipelineReader:
    """Reads the pipelines of a scene whose steps are known."""

    def __init__(self, scene: SdkScene, reader: StepReader) -> None:
        self._scene, self._reader = scene, reader
        self._reach = Reach(scene, reader.calls)

    def pipelines(self) -> tuple[SdkPipeline, ...]:
        """All pipelines that the scene makes, in order."""
        made = (self._scene.objects[number] for number in self._scene.own)
        return tuple(self._pipeline(obj) for obj in made if is_pipeline(obj))

    def _pipeline(self, obj: SdkObject) -> SdkPipeline:
        placing = _Placing(self._scene, self._reader)
        placing.place(obj.get("steps"), (), True)
        for call, what in self._grown(obj):
            if what == "steps":
                for value in (*call.arguments.values(), *call.extra):
                    placing.place(value, (), True)
        references = self._references(placing)
        parameters, open_parameters = self._reader.members(obj.get("parameters"))
        return SdkPipeline(
            number=obj.number,
            name=self._scene.text(obj.get("name")) or _place_name(obj),
            span=obj.span,
            steps=tuple(placing.placed.values()),
            references=references,
            parameters=parameters,
            open_steps=placing.open or (obj.open if obj.get("steps") is None else None),
            open_parameters=open_parameters or (obj.open if obj.get("parameters") is None else None),
        )

    def _grown(self, pipeline: SdkObject) -> Iterator[tuple[SdkObject, str]]:
        """The calls that add to a list which the pipeline holds, and the list's name."""
        for obj in self._scene.objects.values():
            receiver = obj.receiver
            if isinstance(receiver, Read) and receiver.of == pipeline.number and obj.callee.rpartition(".")[2] in GROWING:
                yield obj, receiver.path.removeprefix(".")

    def _references(self, placing: _Placing) -> tuple[Reference, ...]:
        """What the steps read of each other; a step that is read and not listed is taken in, as the SDK does."""
        found: dict[Reference, None] = {}
        pending = list(placing.placed)
        while pending:
            number = pending.pop(0)
            for held in self._reach.of(self._scene.objects[number]):
                reference = self._reference(number, held)
                if reference is not None:
                    found[reference] = None
                    pending += placing.take_in(reference.producer)
            for dependency in self._scene.steps[number].depends_on:
                for one in options(dependency.value):
                    if isinstance(one, Made):
                        pending += placing.take_in(one.number)
        return tuple(sorted(found, key=lambda one: (one.span, one.consumer, one.producer, one.argument)))

    def _reference(self, consumer: int, held: Held) -> Reference | None:
        value = self._json_step(held.value) or held.value
        if isinstance(value, Made) and value.number in self._scene.steps and value.number != consumer:
            read = Read(value.number, "", held.span)  # the result of a function step, or a step where its value is due
        elif isinstance(value, Read) and value.of in self._scene.steps and not value.path.startswith(STATIC_READS):
            read = value
        else:
            return None
        return Reference(consumer, read.of, read, held.sdk_class, held.argument, held.span, held.certain)

    def _json_step(self, value: SdkValue) -> SdkValue | None:
        """The step from whose property file a ``JsonGet`` reads."""
        obj = self._scene.object(value)
        if obj is None or obj.name != "JsonGet" or obj.method is not None:
            return None
        given = self._scene.resolve(obj.get("step_name") or obj.get("step"))
        if isinstance(given, Made):
            return given
        named = [number for number, step in self._scene.steps.items() if step.name is not None and step.name == self._scene.text(given)]
        return Made(named[-1]) if named else None


class _Placing:
    """Puts steps in their places."""

    def __init__(self, scene: SdkScene, reader: StepReader) -> None:
        self._scene, self._reader = scene, reader
        self.placed: dict[int, Placed] = {}
        self.open: str | None = None

    def place(self, value: SdkValue | None, branches: Branches, must: bool) -> None:
        """Place the steps that a list holds, and those inside of the conditions among them."""
        resolved = self._scene.resolve(value)
        ways = options(resolved) if resolved is not None else ()
        for one in ways:
            sure = must and len(ways) == 1
            if isinstance(one, Listing):
                self.open = self.open or one.open
                for member in one.members:
                    self.place(member.value, branches, sure and member.must)
            elif isinstance(one, Made) and one.number in self._scene.steps:
                self._place(one.number, branches, sure)
            elif isinstance(one, Made):
                self.open = self.open or "unknown-step"
            elif not isinstance(one, Literal):
                self.open = self.open or getattr(one, "reason", "unknown-step")

    def _place(self, number: int, branches: Branches, must: bool) -> None:
        if number in self.placed:
            return
        self.placed[number] = Placed(number, branches, True, must)
        obj = self._scene.objects[number]
        for name, side in BRANCHES:
            self.place(obj.get(name), (*branches, (number, side)), must)

    def take_in(self, number: int) -> list[int]:
        """Take a step in that another refers to, if it is not there; those that are new."""
        if number in self.placed or number not in self._scene.steps:
            return []
        before = set(self.placed)
        self.placed[number] = Placed(number, (), False, True)
        obj = self._scene.objects[number]
        for name, side in BRANCHES:
            self.place(obj.get(name), ((number, side),), True)
        return [one for one in self.placed if one not in before]


def is_pipeline(obj: SdkObject) -> bool:
    """Whether an object is a pipeline of the SDK."""
    return obj.name == "Pipeline" and obj.method is None and ".workflow" in obj.callee


def _place_name(obj: SdkObject) -> str:
    return obj.scope.rpartition(".")[2] or obj.span.path.rpartition("/")[2].partition(".")[0]
