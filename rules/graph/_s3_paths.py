"""The S3 paths that steps of plain SDK pipelines read and write, as far as they are known before the pipeline runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import (
    PIPELINE_PARAMETERS,
    Listing,
    Literal,
    Made,
    Pieces,
    Read,
    SdkNamed,
    SdkObject,
    SdkPipeline,
    SdkScene,
    SdkStep,
    SdkValue,
    Span,
)

from ._sdk import earlier

SCHEME = "s3://"
#: A part of a path that is known at run time only.
UNKNOWN = "{…}"
#: One that can be told apart from others.
_OBJECT = re.compile(r"\{…[^{}]*\}")
#: Where objects of the SDK say what they read; ``*`` stands for any class.
READ: Mapping[str, tuple[str, ...]] = {
    "ProcessingInput": ("source",),
    "ProcessingS3Input": ("s3_uri",),
    "TrainingInput": ("s3_data",),
    "TransformInput": ("data",),
    "transform": ("data",),
    "InputData": ("data_source",),
    "S3DataSource": ("s3_uri",),
    "fit": ("inputs",),
    "*": ("model_data", "model_uri"),
}
#: Where they say what they write: all below the path is theirs.
WRITTEN: Mapping[str, tuple[str, ...]] = {"ProcessingOutput": ("destination",), "ProcessingS3Output": ("s3_uri",)}
OUTPUT_PATHS = ("output_path", "s3_output_path")
#: Objects that are no part of what a step reads or writes.
OUTSIDE = frozenset({"Pipeline", "Session", "PipelineSession", "LocalPipelineSession", "LocalSession"})
MODEL = "model.tar.gz"
#: A session's method.
BUCKET = "default_bucket"
EXECUTION = ".execution_variables.ExecutionVariables."
DEPTH = 6


@dataclass(frozen=True, slots=True)
class Path:
    """``parts`` are what stands between slashes, the bucket first; what holds a place there begins with ``{``.

    ``hidden``: what is written goes to folders below the path whose names are made up for each job.
    """

    parts: tuple[str, ...]
    shown: str
    span: Span
    hidden: bool = False

    def is_part_of(self, written: Path) -> bool:
        """Whether it is the path that a step writes, or one below it; below one with hidden folders only a model can be meant."""
        below = self.parts[: len(written.parts)] == written.parts
        return below and (not written.hidden or (self.parts[-1] == MODEL and self.parts != written.parts))


@dataclass(frozen=True, slots=True)
class PathLink:
    """``reader`` reads what ``writer`` writes, and neither of them comes after the other."""

    reader: SdkStep
    writer: SdkStep
    read: Path
    written: Path


def links_by_path(scene: SdkScene, pipeline: SdkPipeline) -> Iterator[PathLink]:
    """The steps of a pipeline that only a path links, each pair once."""
    if pipeline.open_steps is not None:
        return
    before = earlier(pipeline)
    writers = [(placed, path) for placed in pipeline.steps if placed.must for path in written_by(scene, scene.steps[placed.number])]
    for placed in pipeline.steps:
        step, told = scene.steps[placed.number], {placed.number}
        for path in read_by(scene, step) if placed.must and step.open_depends_on is None else ():
            alike = [(writer, written) for writer, written in writers if path.is_part_of(written)]
            if any(writer.number in before[placed.number] for writer, _ in alike):
                continue
            for writer, written in alike:
                if writer.number not in told and placed.number not in before[writer.number] and placed.shares_path_with(writer):
                    told.add(writer.number)
                    yield PathLink(step, scene.steps[writer.number], path, written)


def read_by(scene: SdkScene, step: SdkStep) -> Iterator[Path]:
    """The paths that a step reads."""
    for obj in _objects(scene, scene.objects[step.number], DEPTH, set()):
        word = obj.method or obj.name
        for name in (*READ.get(word, ()), *READ["*"]):
            value = obj.get(name)
            for one in scene.inside(value) if value is not None else ():
                yield from _paths(scene, one, obj.span)


def written_by(scene: SdkScene, step: SdkStep) -> Iterator[Path]:
    """The paths that a step writes."""
    runner = scene.object(step.runner)
    if step.kinds == ("Processing",):
        for obj in _objects(scene, scene.objects[step.number], DEPTH, set()):
            for name in WRITTEN.get(obj.method or obj.name, ()):
                value = obj.get(name)
                yield from _paths(scene, value, obj.span) if value is not None else ()
    elif runner is not None and step.kinds in (("Training",), ("Transform",)):
        configured = scene.object(runner.get("output_data_config"))
        for obj in (runner, configured) if configured is not None else (runner,):
            for name in OUTPUT_PATHS:
                value = obj.get(name)
                yield from _paths(scene, value, obj.span, hidden=step.kinds == ("Training",)) if value is not None else ()


def _objects(scene: SdkScene, obj: SdkObject, depth: int, seen: set[int]) -> Iterator[SdkObject]:
    """An object, and those that it is made of; other steps are not entered."""
    seen.add(obj.number)
    yield obj
    for value in obj.parts if depth else ():
        for one in scene.inside(value):
            inner = scene.object(one)
            if inner is not None and inner.number not in seen and inner.number not in scene.steps and inner.name not in OUTSIDE:
                yield from _objects(scene, inner, depth - 1, seen)


def _paths(scene: SdkScene, value: SdkValue, fallback: Span, hidden: bool = False) -> Iterator[Path]:
    """The path that a value is, if at least one part below the bucket is known, and what else it is made of can be told apart."""
    found = scene.resolve(value)
    text = _spelled(scene, found, DEPTH) if found is not None else None
    if text is None:
        return
    bare = text.removeprefix(SCHEME)
    parts = tuple(part for part in bare.split("/") if part)
    is_path = bare != text or bool(parts and parts[0].startswith("{"))
    named = any(not part.startswith("{") for part in parts[1:]) or (len(parts) == 1 and text == bare)
    if is_path and named and not any(UNKNOWN in part for part in parts):
        span: Span | None = getattr(found, "span", None)
        yield Path(parts, _OBJECT.sub(UNKNOWN, text), span if span is not None and span.is_within(fallback) else fallback, hidden)


def _spelled(scene: SdkScene, value: SdkValue, depth: int) -> str | None:
    """A text; None for what is none. ``{Name}`` stands for a parameter in it, ``{…12}`` for an object, ``{…}`` for what is not known."""
    if isinstance(value, Literal):
        return str(value.value) if isinstance(value.value, str) else None
    if isinstance(value, Pieces):
        holes = iter((*value.holes, *(None for _ in value.parts)))
        return "".join(part if part is not None else _object(scene, next(holes)) for part in value.parts)
    if isinstance(value, SdkNamed) and EXECUTION in value.name:
        return f"{{{value.name.rpartition('.')[2]}}}"
    obj = scene.object(value) if isinstance(value, Made) else None
    if obj is not None and obj.name in PIPELINE_PARAMETERS and obj.method is None:
        return f"{{{scene.text(obj.get('name')) or obj.number}}}"
    if obj is not None and obj.name == "Join" and obj.method is None and depth:
        return _joined(scene, obj, depth - 1)
    if depth == DEPTH or isinstance(value, Read):
        return None
    return _object(scene, str(obj.number) if obj is not None and obj.number not in scene.steps else None)


def _object(scene: SdkScene, told: str | None) -> str:
    """What stands for an object, ``told`` apart from others; a session gives one bucket however often it is asked."""
    made = scene.objects.get(int(told)) if told is not None and told.isdecimal() else None
    if made is not None and made.method == BUCKET and isinstance(made.receiver, Made):
        told = f"{made.receiver.number}.{BUCKET}"
    return f"{{…{told or ''}}}"


def _joined(scene: SdkScene, join: SdkObject, depth: int) -> str | None:
    separator = join.get("on")
    values = scene.resolve(join.get("values"))
    between = "" if separator is None else scene.text(separator)
    if between is None or not isinstance(values, Listing) or values.open is not None or not all(one.must for one in values.members):
        return None
    parts = [_spelled(scene, scene.resolve(one.value) or one.value, depth) for one in values.members]
    return between.join(part for part in parts if part is not None) if None not in parts else None
