"""The pipelines of a scene: which steps they have, in which branches, and what the steps read of each other."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence

from contract_lint.frontends.sdk.handwritten import written_reference
from contract_lint.frontends.sdk.order import COLLECTION, step_in, waits
from contract_lint.frontends.sdk.reach import STATIC_READS, Held, Reach
from contract_lint.frontends.sdk.steps import StepReader
from contract_lint.frontends.sdk.variables import VariableReader
from contract_lint.model.contract import HOLE
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
    Stray,
    VariableUse,
    options,
)

#: The arguments that hold steps inside of a step, and what each is called.
BRANCHES = (("if_steps", "if"), ("else_steps", "else"), ("for_each_body", "each"))
#: What is done to a list that a pipeline holds: ``pipeline.steps.append(step)``.
GROWING = frozenset({"append", "extend", "insert"})

OUTPUT_OBJECTS = frozenset({"LambdaOutput", "CallbackOutput"})

Branches = tuple[tuple[int, str], ...]


class PipelineReader:
    """Reads the pipelines of a scene whose steps are known."""

    def __init__(self, scene: SdkScene, reader: StepReader) -> None:
        self._scene, self._reader = scene, reader
        self._reach = Reach(scene, reader.calls)
        self._variables = VariableReader(scene, self._reach, reader.calls)

    def pipelines(self) -> tuple[SdkPipeline, ...]:
        """All pipelines that the scene makes, in order."""
        made = (self._scene.objects[number] for number in self._scene.own)
        return tuple(self._pipeline(obj) for obj in made if obj.is_pipeline)

    def unplaced_uses(self, pipelines: Iterable[SdkPipeline]) -> tuple[VariableUse, ...]:
        """The variables of steps that none of the pipelines has."""
        placed = {one.number for pipeline in pipelines for one in pipeline.steps}
        return self._variables.of_steps(number for number in self._scene.own if number in self._scene.steps and number not in placed)

    def _pipeline(self, obj: SdkObject) -> SdkPipeline:
        placing = _Placing(self._scene)
        placing.place_list(obj, "steps", (), True)
        references = self._references(placing)
        parameters, open_parameters = self._reader.members(obj.get("parameters"))
        open_steps = placing.open or (obj.open if obj.get("steps") is None else None)
        uses, open_uses = self._variables.read(obj, placing.placed.values(), open_steps)
        return SdkPipeline(
            number=obj.number,
            name=self._name(obj) or _place_name(obj),
            span=obj.span,
            steps=tuple(placing.placed.values()),
            references=references,
            parameters=parameters,
            uses=uses,
            open_steps=open_steps,
            open_parameters=open_parameters or (obj.open if obj.get("parameters") is None else None),
            open_uses=open_uses,
            waits=tuple(waits(self._scene, placing.placed, placing.collected)),
            again=tuple(placing.again),
            strays=self._strays(placing),
        )

    def _name(self, obj: SdkObject) -> str | None:
        """The name, or the one that a caller may replace."""
        given = self._scene.resolve(obj.get("name"))
        texts = (one.value for one in (options(given) if given is not None else ()) if isinstance(one, Literal))
        return next((text for text in texts if isinstance(text, str)), None)

    def _references(self, placing: _Placing) -> tuple[Reference, ...]:
        """What the steps read of each other; a step that is read and not listed is taken in, as the SDK does."""
        found: dict[Reference, None] = {}
        pending = list(placing.placed)
        while pending:
            number = pending.pop(0)
            for held in self._reach.of(self._scene.objects[number]):
                reference = self._reference(number, held, placing)
                if reference is not None:
                    found[reference] = None
                    pending += placing.take_in(reference.producer)
            for dependency in self._scene.steps[number].depends_on:
                for one in options(dependency.value):
                    step = step_in(self._scene, one)
                    if isinstance(step, Made):
                        pending += placing.take_in(step.number)
        return tuple(sorted(found, key=lambda one: (one.span, one.consumer, one.producer, one.argument)))

    def _strays(self, placing: _Placing) -> tuple[Stray, ...]:
        """The references that the code spells out to steps which the pipeline does not have."""
        found: dict[Stray, None] = {}
        for number in placing.placed:
            for held in self._reach.of(self._scene.objects[number]):
                written = written_reference(self._scene, held.value)
                if written is not None and placing.named(written.step) is None:
                    found[Stray(number, written.step, written.path, held.sdk_class, held.argument, held.span, held.certain)] = None
        return tuple(sorted(found, key=lambda one: (one.span, one.consumer, one.step)))

    def _written(self, value: SdkValue, placing: _Placing) -> SdkValue | None:
        """What a reference that the code spells out stands for."""
        written = written_reference(self._scene, value)
        number = placing.named(written.step) if written is not None else None
        return Read(number, written.path, getattr(value, "span", None)) if written is not None and number is not None else None

    def _reference(self, consumer: int, held: Held, placing: _Placing) -> Reference | None:
        meant = self._json_step(held.value, placing) or self._declared_output(held.value) or self._written(held.value, placing)
        value = meant or held.value
        if isinstance(value, (Made, Read)) and (value.number if isinstance(value, Made) else value.of) == consumer:
            return None
        if isinstance(value, Made) and value.number in self._scene.steps:
            read = Read(value.number, "", held.span)  # the result of a function step, or a step where its value is due
        elif isinstance(value, Read) and value.of in self._scene.steps and not value.path.startswith(STATIC_READS):
            read = value
        else:
            return None
        return Reference(consumer, read.of, read, held.sdk_class, held.argument, held.span, held.certain)

    def _json_step(self, value: SdkValue, placing: _Placing) -> SdkValue | None:
        """The step from whose property file a ``JsonGet`` reads; a name stands for a step of the pipeline."""
        obj = self._scene.object(value)
        if obj is None or obj.name != "JsonGet" or obj.method is not None:
            return None
        written = obj.get("step_name") or obj.get("step")
        if isinstance(written, Read) and written.path == ".name" and written.of in placing.placed:
            return Made(written.of)
        given = self._scene.resolve(written)
        if isinstance(given, Made):
            return given
        name = self._scene.text(given)
        named = [number for number in placing.placed if name is not None and self._scene.steps[number].name == name]
        listed = [number for number in named if placing.placed[number].listed]
        return Made((listed or named)[-1]) if named else None

    def _declared_output(self, value: SdkValue) -> SdkValue | None:
        """The output of a Lambda or Callback step that an object declares: such an object may be given in place of its value."""
        obj = self._scene.object(value)
        if obj is None or obj.name not in OUTPUT_OBJECTS or obj.method is not None:
            return None
        owners = [step.number for step in self._scene.steps.values() for port in step.outputs if port.number == obj.number]
        name = self._scene.text(obj.get("output_name")) or HOLE
        return Read(owners[0], f".properties.Outputs['{name}']", obj.span) if owners else None


class _Placing:
    """Puts steps in their places."""

    def __init__(self, scene: SdkScene) -> None:
        self._scene = scene
        self.placed: dict[int, Placed] = {}
        self.again: list[Placed] = []
        #: The steps of plain collections, by the collections' names.
        self.collected: dict[str, list[int]] = {}
        self.open: str | None = None
        self._grown: dict[tuple[int, str], list[SdkObject]] = {}
        for obj in scene.objects.values():
            if isinstance(obj.receiver, Read) and obj.callee.rpartition(".")[2] in GROWING:
                self._grown.setdefault((obj.receiver.of, obj.receiver.path), []).append(obj)

    def place_list(self, holder: SdkObject, name: str, branches: Branches, must: bool) -> None:
        """Place the steps of a list that a pipeline or condition holds, and what is added to this list later."""
        self.place(holder.get(name), branches, must)
        for call in self._grown.get((holder.number, f".{name}"), ()):
            for value in call.given:
                self.place(value, branches, must and call.must)

    def named(self, name: str) -> int | None:
        """The step of a name, as the code or the compiled pipeline has it."""
        return next((one for one in self.placed if name in (self._scene.steps[one].name, *self._scene.steps[one].names)), None)

    def place(self, value: SdkValue | None, branches: Branches, must: bool) -> None:
        """Place the steps that a list holds, and those inside of the conditions among them."""
        resolved = self._scene.resolve(value)
        ways = options(resolved) if resolved is not None else ()
        always, before = _in_all(ways), set(self.placed)
        for one in ways:
            sure = must and len(ways) == 1
            if isinstance(one, Listing):
                self.open = self.open or one.open
                for member in one.members:
                    if isinstance(member.value, Made) and member.value.number in always:
                        if len(ways) == 1 or member.value.number in before or member.value.number not in self.placed:
                            self.place(member.value, branches, must)
                    else:
                        self.place(member.value, branches, sure and member.must)
            elif isinstance(one, Made) and one.number in self._scene.steps:
                self._place(one.number, branches, sure)
            elif isinstance(one, Made):
                self._collection(one.number, branches, sure)
            elif isinstance(one, Read) and one.of in self._scene.steps and one.path.startswith(".steps["):
                self._place(one.of, branches, False)
            elif not isinstance(one, Literal):
                self.open = self.open or getattr(one, "reason", "unknown-step")

    def _place(self, number: int, branches: Branches, must: bool) -> None:
        if number in self.placed:
            self.again.append(Placed(number, branches, True, must))
            return
        self.placed[number] = Placed(number, branches, True, must)
        obj = self._scene.objects[number]
        for name, side in BRANCHES:
            self.place_list(obj, name, (*branches, (number, side)), must)

    def _collection(self, number: int, branches: Branches, must: bool) -> None:
        """Place the steps that a collection holds, or note that it is not known which they are."""
        obj = self._scene.objects.get(number)
        steps = obj.get("steps") if obj is not None and obj.name == COLLECTION else None
        if obj is None or steps is None:
            self.open = self.open or "unknown-step"
            return
        before = len(self.placed)
        self.place(steps, branches, must)
        name = self._scene.text(obj.get("name"))
        if name is not None:
            self.collected[name] = list(self.placed)[before:]

    def take_in(self, number: int) -> list[int]:
        """Take a step in that another refers to, if it is not there; those that are new."""
        if number in self.placed or number not in self._scene.steps:
            return []
        before = set(self.placed)
        self.placed[number] = Placed(number, (), False, True)
        obj = self._scene.objects[number]
        for name, side in BRANCHES:
            self.place_list(obj, name, ((number, side),), True)
        return [one for one in self.placed if one not in before]


def _in_all(ways: Sequence[SdkValue]) -> frozenset[int]:
    """The objects that certainly are in each of several lists."""
    held = [
        {one.value.number for one in way.members if one.must and isinstance(one.value, Made)} if isinstance(way, Listing) else set[int]()
        for way in ways
    ]
    return frozenset.intersection(*map(frozenset, held)) if held else frozenset()


def _place_name(obj: SdkObject) -> str:
    return obj.scope.rpartition(".")[2] or posixpath.splitext(posixpath.basename(obj.span.path))[0]
