"""What the rules about parameters, property files and conditions read alike from SDK code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contract_lint.api import Listing, Literal, Made, Read, Related, SdkObject, SdkPipeline, SdkScene, SdkStep, SdkValue, Span

JSON_GET = "JsonGet"
#: The deprecated ``JsonGet`` takes the step itself.
OLD_JSON_GET = "sagemaker.workflow.condition_step.JsonGet"


@dataclass(frozen=True, slots=True)
class Declared:
    """An entry of ``Pipeline(parameters=[…])``: ``name`` is None where it is not known, ``listed`` the place in the list."""

    number: int
    name: str | None
    span: Span
    must: bool
    listed: Span | None


def scope_of_object(obj: SdkObject) -> str:
    """The anchor's scope: the function in which it is made, else the module."""
    return obj.scope or obj.span.path


def span_of(value: SdkValue | None, fallback: Span) -> Span:
    """The place of a value, if it has one."""
    found: Span | None = getattr(value, "span", None)
    return found if found is not None else fallback


def written(value: SdkValue | None, obj: SdkObject) -> tuple[Related, ...]:
    """Where an argument is written that does not stand in the call."""
    span = span_of(value, obj.span)
    return () if span.is_within(obj.span) else (Related(span, "the value is written here"),)


def is_absent(value: SdkValue | None) -> bool:
    """Whether an argument is certainly left out, or None."""
    return value is None or (isinstance(value, Literal) and value.value is None and not value.soft)


def pipeline_of(scene: SdkScene, obj: SdkObject) -> SdkPipeline:
    """The pipeline that an object is; of one that another scene made only the parameters are known."""
    found = next((one for one in scene.pipelines if one.number == obj.number), None)
    if found is not None:
        return found
    given = scene.resolve(obj.get("parameters"))
    members = given.members if isinstance(given, Listing) else ()
    opened = given.open if isinstance(given, Listing) else None if is_absent(given) else "unknown-list"
    return SdkPipeline(obj.number, scene.text(obj.get("name")) or "pipeline", obj.span, (), parameters=members, open_parameters=opened)


def declared(scene: SdkScene, pipeline: SdkPipeline) -> tuple[Declared, ...]:
    """The parameters in the pipeline's list."""
    found = [(scene.object(member.value), member) for member in pipeline.parameters]
    return tuple(
        Declared(obj.number, scene.text(obj.get("name")), obj.span, member.must, member.span)
        for obj, member in found
        if obj is not None and obj.is_parameter
    )


def is_closed(scene: SdkScene, pipeline: SdkPipeline) -> bool:
    """Whether all that may be among the pipeline's parameters is known by name, and nothing is added to the list later."""
    if pipeline.open_parameters is not None or any(one.name is None for one in declared(scene, pipeline)):
        return False
    if not all(_is_known(scene, member.value) for member in pipeline.parameters):
        return False
    added = (obj.receiver for obj in scene.objects.values() if isinstance(obj.receiver, Read))
    return not any(one.of == pipeline.number and one.path == ".parameters" for one in added)


def _is_known(scene: SdkScene, value: SdkValue) -> bool:
    obj = scene.object(value)
    return obj.is_parameter if obj is not None else isinstance(value, Literal)


def list_span(scene: SdkScene, pipeline: SdkPipeline) -> Span:
    """Where the pipeline's parameters are listed, if that is in its file, else where it is made."""
    given = scene.resolve(scene.objects[pipeline.number].get("parameters"))
    span = given.span if isinstance(given, Listing) else None
    return span if span is not None and (span.path, span.cell) == (pipeline.span.path, pipeline.span.cell) else pipeline.span


def property_file(scene: SdkScene, value: SdkValue | None) -> SdkObject | None:
    """The property file that a value certainly is."""
    obj = scene.object(value) if isinstance(value, Made) else None
    return obj if obj is not None and obj.name == "PropertyFile" and obj.method is None else None


def file_names(scene: SdkScene, step: SdkStep) -> Mapping[int, str | None] | None:
    """The property files of a step by their numbers, with their names; None where they are not all known."""
    if step.open_property_files is not None:
        return None
    found: dict[int, str | None] = {}
    for member in step.property_files:
        obj = property_file(scene, member.value)
        if obj is None:
            return None
        found[obj.number] = scene.text(obj.get("name"))
    return found


def is_json_get(obj: SdkObject) -> bool:
    """Whether an object reads a property file."""
    return obj.name == JSON_GET and obj.method is None and ".workflow." in obj.callee


def step_value(scene: SdkScene, obj: SdkObject) -> SdkValue | None:
    """The step that a ``JsonGet`` names or is given; a step's name stands for the step."""
    given = obj.get("step_name") if not is_absent(obj.get("step_name")) else obj.get("step") if obj.callee == OLD_JSON_GET else None
    if isinstance(given, Read) and given.path == ".name" and given.of in scene.steps:
        return Made(given.of)
    return scene.resolve(given)


def steps_read(scene: SdkScene, obj: SdkObject) -> Iterator[SdkStep]:
    """The steps of which a ``JsonGet`` reads a file, one for each pipeline that uses it by the step's name."""
    given = step_value(scene, obj)
    if isinstance(given, Made) and given.number in scene.steps:
        yield scene.steps[given.number]
        return
    name = scene.text(given)
    for pipeline in scene.pipelines if name is not None else ():
        if any(use.number == obj.number for use in pipeline.uses):
            named = [one.number for one in pipeline.steps if scene.steps[one.number].name == name]
            if len(named) == 1:
                yield scene.steps[named[0]]
