"""References to what a step will have made, and a registry of them: at build time of a pipeline, without the SageMaker SDK."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.model.property_path import Form, Malformed, PropertyPath, parse
from contract_lint.model.spelling import nearest
from contract_lint.model.types import UNKNOWN, PortType
from contract_lint.sagemaker.definition import in_definition, reference_text
from contract_lint.sagemaker.leaf_types import type_of_path
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds, kind_named, kinds_of_class
from contract_lint.sagemaker.verdicts import Reaches, StopsEarly, Unknown, Verdict
from contract_lint.sagemaker.walk import walk

#: Where a Processing step has the output that a descriptor names.
_OUTPUT_OF_PROCESSING = "ProcessingOutputConfig.Outputs['{output_descriptor}'].S3Output.S3Uri"
_DESCRIPTOR = "output_descriptor"


class PathProblem(Struct, frozen=True):
    """What is wrong with a reference's path.

    ``start`` and ``end`` are offsets into ``text``, ``near`` are the names that were perhaps meant.
    """

    text: str
    start: int
    end: int
    message: str
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The message with its place in the text, 1-based, and the names that were perhaps meant."""
        part = self.text[self.start : self.end]
        where = f"at character {self.start + 1} of {self.text!r}" + (f", {part!r}" if part and part != self.text else "")
        hint = f" (did you mean {_one_of(self.near)}?)" if self.near else ""
        return f"{self.message}, {where}{hint}"


class PropertyReference(Struct, frozen=True):
    """A property of a step that has not run yet.

    ``property_path`` is written as in Python or as step builders do, with or without ``properties.`` before it. An
    ``output_descriptor`` fills the path's placeholder ``{output_descriptor}`` (or its only placeholder, whatever that is called); in a
    path without placeholders it stands in for the whole path and means the output of this name of a Processing step.

    References are lazy: making one never fails, using one raises ValueError for a path that is none, with the place in its text;
    ``check`` tells the same without raising. Equal are references with equal fields.

    One defect of the first design is mended: ``properties.`` is how Python reaches the properties, and no part of the reference.
    ``Steps.Train.properties.ModelName`` is unknown to the service; here it becomes ``Steps.Train.ModelName``.
    """

    step_name: str
    property_path: str
    output_descriptor: str | None = None

    @property
    def path(self) -> PropertyPath:
        """The path, parsed, the descriptor filled in.

        Raises ValueError for a text that is no path, a placeholder that nothing fills, and a path that names another step.
        """
        read = self._read()
        if isinstance(read, PathProblem):
            raise ValueError(f"{self}: {read}")
        return read

    def to_sagemaker_reference(self) -> dict[str, str]:
        """What stands for the value in a pipeline definition, as the SDK prints it: ``{"Get": "Steps.<name>.<path>"}``.

        Raises ValueError as ``path`` does.
        """
        return {"Get": reference_text(self.step_name, self.path)}

    @property
    def type(self) -> PortType:
        """The type of the value, whatever the kind of step: Unknown where kinds that have such a property disagree.

        Raises ValueError as ``path`` does.
        """
        return _type(self.path, all_kinds())

    def type_on(self, kind: str | StepKind) -> PortType:
        """The type of the value on one kind of step: ``Training``, or an SDK class such as ``TrainingStep``.

        Unknown where such a step has no such property. Raises ValueError as ``path`` does, and for a kind that is not known.
        """
        return _type(self.path, _kinds(kind))

    def check(self, kind: str | StepKind | None = None, *, outputs: Collection[str] | None = None) -> list[PathProblem]:
        """What is wrong with the path, and with ``kind`` whether such a step has this property; empty if nothing is.

        ``kind`` is as in ``type_on``; of a class that makes several kinds of step, one that has the property is enough. ``outputs`` are
        the names of all outputs that the step declares, None if they are not all known. Raises ValueError for a kind that is not known.
        """
        kinds = _kinds(kind) if kind is not None else ()
        read = self._read()
        if isinstance(read, PathProblem):
            return [read]
        problems = [_problem(read, walk(_as_builders_write(read), one, outputs=outputs)) for one in kinds]
        return [] if None in problems else [problem for problem in problems[:1] if problem is not None]

    def __str__(self) -> str:
        return f"PropertyReference({self.step_name}.{self.property_path})"

    def _read(self) -> PropertyPath | PathProblem:
        text = self._text()
        path = parse(text)
        if isinstance(path, Malformed):
            return PathProblem(text, path.start, path.end, path.reason)
        if not path.known:
            first = next(segment for segment in path.segments if not segment.known)
            return PathProblem(text, first.start, first.end, "nothing fills the placeholder")
        if path.step is not None and path.step != self.step_name:
            start = text.index(path.step)
            return PathProblem(text, start, start + len(path.step), f"the path is one of another step than {self.step_name!r}")
        return path

    def _text(self) -> str:
        """The path's text with the descriptor filled in."""
        if not self.output_descriptor:
            return self.property_path
        written = parse(self.property_path) if "{" in self.property_path else None
        names = {placeholder.name for placeholder in written.placeholders} if isinstance(written, PropertyPath) else set[str]()
        if not names and not isinstance(written, Malformed):
            return _OUTPUT_OF_PROCESSING.replace(f"{{{_DESCRIPTOR}}}", self.output_descriptor)
        name = _DESCRIPTOR if _DESCRIPTOR in names or len(names) != 1 else names.pop()
        return self.property_path.replace(f"{{{name}}}", self.output_descriptor)


class StepOutputRegistry:
    """The outputs of the steps by their logical names, each as a lazy reference."""

    def __init__(self) -> None:
        self._outputs: dict[str, dict[str, PropertyReference]] = {}

    def register_output(self, step_name: str, logical_name: str, property_path: str, output_descriptor: str | None = None) -> None:
        """Say under which property a step will have an output.

        The first design let a second registration win silently. Here the same place may be registered again, in any spelling; another
        one raises ValueError, and the first stays.
        """
        reference = PropertyReference(step_name, property_path, output_descriptor)
        known = self._outputs.setdefault(step_name, {}).setdefault(logical_name, reference)
        if _place(known) != _place(reference):
            raise ValueError(f"Output {step_name}.{logical_name} is registered as {_shown(known)}; it cannot be {_shown(reference)} too")

    def get_output_reference(self, step_name: str, logical_name: str) -> PropertyReference:
        """The reference to an output; raises ValueError for one that is not registered, with the nearest names."""
        found = self._outputs.get(step_name, {}).get(logical_name)
        if found is None:
            near = nearest(logical_name, self._outputs[step_name]) if step_name in self._outputs else nearest(step_name, self._outputs)
            raise ValueError(f"Output {step_name}.{logical_name} not registered{_hint(near)}")
        return found

    def outputs_of(self, step_name: str) -> dict[str, PropertyReference]:
        """The outputs of a step, in the order of registration; raises ValueError for a step that has none, with the nearest names."""
        if step_name not in self._outputs:
            raise ValueError(f"Step {step_name} has no registered outputs{_hint(nearest(step_name, self._outputs))}")
        return dict(self._outputs[step_name])

    def steps(self) -> tuple[str, ...]:
        """The steps that have outputs, in the order of registration."""
        return tuple(self._outputs)


def _kinds(kind: str | StepKind) -> tuple[StepKind, ...]:
    if isinstance(kind, StepKind):
        return (kind,)
    named = kind_named(kind)
    found = (named,) if named is not None else kinds_of_class(kind)
    if not found:
        raise ValueError(f"{kind!r} is no kind of step{_hint(nearest(kind, (one.name for one in all_kinds())))}")
    return found


def _type(path: PropertyPath, kinds: Iterable[StepKind]) -> PortType:
    """The type on which all kinds agree that have such a property."""
    written = _as_builders_write(path)
    found = {type_of_path(written, kind) for kind in kinds if walk(written, kind, strict=False).accepted_by_sdk}
    return found.pop() if len(found) == 1 else UNKNOWN


def _as_builders_write(path: PropertyPath) -> PropertyPath:
    """The path in the form in which keys may stand without quotation marks: the reference gets them anyway."""
    return replace(path, form=Form.PROPERTIES) if path.form is Form.BARE else path


def _problem(path: PropertyPath, verdict: Verdict) -> PathProblem | None:
    """What a verdict has against the path; None where the path holds, or where nothing can be told."""
    if isinstance(verdict, Reaches | Unknown):
        return None
    segment = getattr(verdict, "segment", None)
    start, end = (segment.start, segment.end) if segment is not None else (0, len(path.text))
    near: tuple[str, ...] = getattr(verdict, "candidates", ())
    if isinstance(verdict, StopsEarly) and len(verdict.members) == 1:
        near = verdict.members
    return PathProblem(path.text, start, end, verdict.reason, near)


def _place(reference: PropertyReference) -> object:
    """What tells two references apart: where they lead, or the fields of one that leads nowhere."""
    path = reference._read()
    return in_definition(path) if isinstance(path, PropertyPath) else (reference.property_path, reference.output_descriptor)


def _shown(reference: PropertyReference) -> str:
    descriptor = f" ({reference.output_descriptor})" if reference.output_descriptor else ""
    return f"{reference.property_path!r}{descriptor}"


def _one_of(names: Iterable[str]) -> str:
    *others, last = map(repr, names)
    return f"{', '.join(others)} or {last}" if others else last


def _hint(near: tuple[str, ...]) -> str:
    return f" (did you mean {_one_of(near)}?)" if near else ""
