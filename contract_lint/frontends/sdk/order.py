"""The order that ``depends_on`` makes between the steps of a pipeline."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contract_lint.frontends.sdk.steps import COLLECTIONS
from contract_lint.model.sdk import NOTHING, Made, Placed, Read, SdkObject, SdkScene, SdkStep, SdkValue, Wait, options

#: A plain list of steps that has a name.
COLLECTION = "StepCollection"
#: In v3, a step and how it has to end.
TRIGGERED = "StepDependency"


def waits(scene: SdkScene, placed: Mapping[int, Placed], collected: Mapping[str, Sequence[int]]) -> Iterator[Wait]:
    """All entries of ``depends_on`` of the steps in a pipeline, for each step that they mean; ``collected`` are those of collections."""
    for number in placed:
        for dependency in scene.steps[number].depends_on:
            ways = options(dependency.value)
            for one in ways:
                named = collected.get(scene.text(step_in(scene, one)) or "")
                meant: Iterable[tuple[int | None, str | None]] = (
                    [(number, None) for number in named] if named is not None else _meant(scene, placed, one)
                )
                for producer, name in meant:
                    yield Wait(number, producer, dependency.span, name, dependency.must and len(ways) == 1)


def step_in(scene: SdkScene, value: SdkValue) -> SdkValue:
    """The step that an entry is, without what says how it has to end."""
    obj = scene.object(value)
    if obj is None or obj.name != TRIGGERED:
        return value
    return obj.get("step") or next(iter(obj.extra), NOTHING)


def _meant(scene: SdkScene, placed: Mapping[int, Placed], value: SdkValue) -> Iterator[tuple[int | None, str | None]]:
    """The steps that an entry means, each with its text if it is given by name; nothing for what is not known."""
    obj = scene.object(step_in(scene, value))
    if isinstance(value, Read) and value.of in placed and value.path.startswith((".name", ".steps[")):
        yield value.of, None
    elif obj is not None and obj.number in placed:
        yield obj.number, None
    elif obj is not None and obj.name == COLLECTION:
        for one in scene.inside(obj.get("steps") or NOTHING):
            if isinstance(one, Made):
                yield from _meant(scene, placed, one)
    else:
        name = scene.text(step_in(scene, value))
        if name is not None:
            yield _named(scene, placed, name), name


def _named(scene: SdkScene, placed: Mapping[int, Placed], name: str) -> int | None:
    """The step of the pipeline that a name means, listed ones first."""
    found = [number for number in placed if _is_called(scene.steps[number], scene.objects[number], name)]
    return min(found, key=lambda number: not placed[number].listed) if found else None


def _is_called(step: SdkStep, obj: SdkObject, name: str) -> bool:
    """Whether the SDK finds a step under a name: its own, or one of those that a collection gives to what it holds."""
    if name == step.name or name in step.names:
        return True
    collects = obj.name in COLLECTIONS or (obj.name == "ModelStep" and not obj.is_v3)
    return collects and step.name is not None and name.startswith(f"{step.name}-")
