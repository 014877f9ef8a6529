"""Steps of plain SDK pipelines: what the rules about their order and their places share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import (
    NOTHING,
    Literal,
    Made,
    Placed,
    Read,
    Related,
    SdkObject,
    SdkPipeline,
    SdkScene,
    SdkStep,
    SdkValue,
    Span,
    in_line,
)

from ..properties._reads import called

ADD_DEPENDS_ON = "add_depends_on"


@dataclass(frozen=True, slots=True)
class Link:
    """``consumer`` reads something of ``producer``, or (``read`` is None) is told to wait for it; both are steps of the pipeline."""

    consumer: int
    producer: int
    span: Span
    read: Read | None
    certain: bool

    @property
    def waits(self) -> bool:
        """Whether the consumer is only told to wait."""
        return self.read is None


def places_of(pipeline: SdkPipeline) -> Mapping[int, Placed]:
    """Where each step of a pipeline stands."""
    return {placed.number: placed for placed in pipeline.steps}


def links_of(pipeline: SdkPipeline) -> Iterator[Link]:
    """All that puts one step of a pipeline behind another, branches aside; in the order of the code."""
    places = places_of(pipeline)
    found = [Link(one.consumer, one.producer, one.span, one.read, one.certain) for one in pipeline.references if one.producer in places]
    found += [Link(one.consumer, one.producer, one.span, None, one.certain) for one in pipeline.waits if one.producer is not None]
    yield from sorted(found, key=lambda one: (one.span, one.consumer, one.producer, one.waits))


def earlier(pipeline: SdkPipeline) -> Mapping[int, frozenset[int]]:
    """The steps that come before each, as far as anything may put them there: over any number of steps, conditions included."""
    direct: dict[int, set[int]] = {placed.number: {condition for condition, _ in placed.branches} for placed in pipeline.steps}
    for link in links_of(pipeline):
        direct[link.consumer].add(link.producer)
    return {number: frozenset(_reached(number, direct)) for number in direct}


def _reached(start: int, direct: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    pending = [start]
    while pending:
        for number in direct[pending.pop()] - found:
            found.add(number)
            pending.append(number)
    return found


def label(step: SdkStep) -> str:
    """A step in an anchor."""
    return step.name or step.sdk_class


def which(step: SdkStep) -> str:
    """What tells a step from others of its kind: ``'Train'``, or ``in line 12`` where its name is not known."""
    return f"'{step.name}'" if step.name is not None else in_line(step.span)


def step_at(step: SdkStep) -> Related:
    """Where a step is made."""
    return Related(step.span, f"the {called(step)} is made here")


def pipeline_at(pipeline: SdkPipeline) -> Related:
    """Where a pipeline is put together."""
    return Related(pipeline.span, f"pipeline '{pipeline.name}' is put together here")


def orders(scene: SdkScene, step: SdkStep) -> Iterator[tuple[str, SdkValue, SdkObject]]:
    """What is given as ``depends_on``, or to ``add_depends_on``: the value, after what it is given to, and the call that takes it."""
    made = scene.objects[step.number]
    if "depends_on" in made.arguments or "depends_on" in made.attributes:
        yield "depends_on", made.get("depends_on") or NOTHING, made
    for obj in scene.objects.values():
        if obj.method == ADD_DEPENDS_ON and obj.receiver == Made(step.number):
            for value in obj.given:
                yield ADD_DEPENDS_ON, value, obj


def single(scene: SdkScene, value: SdkValue) -> SdkValue | None:
    """The text or object that stands where a list is due; None where there is a list, or where nothing certain is known."""
    found = scene.resolve(value)
    if isinstance(found, Literal) and isinstance(found.value, str) and found.value:
        return found
    return found if isinstance(found, Made) and found.number in scene.objects else None


def steps_above(scene: SdkScene, number: int) -> Iterator[int]:
    """The other steps that hold a step, or something that is read of it."""
    holders: dict[int, set[int]] = {}
    for obj in scene.objects.values():
        for value in obj.parts:
            for one in scene.inside(value):
                if isinstance(one, (Made, Read)):
                    holders.setdefault(one.number if isinstance(one, Made) else one.of, set()).add(obj.number)
    seen, pending = {number}, [number]
    while pending:
        for holder in holders.get(pending.pop(), set()) - seen:
            seen.add(holder)
            if holder in scene.steps:
                yield holder
            else:
                pending.append(holder)
