"""Whether a step can have a property at all, before anybody is asked for its value."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from contract_lint.model.property_path import Malformed, PropertyPath, parse
from contract_lint.references import PathProblem, PropertyReference
from contract_lint.resolution.errors import ResolutionError
from contract_lint.sagemaker.definition import reference_text
from contract_lint.sagemaker.service_model import service_model
from contract_lint.sagemaker.step_kinds import StepKind, all_kinds
from contract_lint.sagemaker.walk import walk

_PREFIX = re.compile(r"properties(?=[.\[]|\Z)|[sS]teps\.")
_GRAMMAR = "write it as in Python, properties.ModelArtifacts.S3ModelArtifacts, or as in a definition"


def reference_of(step_name: str, property_path: str) -> PropertyPath:
    """The path as a pipeline definition has it: `Steps.Train.ModelArtifacts.S3ModelArtifacts`.

    Raises ResolutionError for a text that is no path, that has placeholders, or that names another step.
    """
    reference = PropertyReference(step_name, property_path)
    if problems := reference.check():
        raise ResolutionError(f"the path of step '{step_name}': {problems[0]}", _GRAMMAR)
    printed = reference_text("S", reference.path)
    read = parse(printed)
    if isinstance(read, Malformed):
        raise ResolutionError(f"the path of step '{step_name}': {printed!r} cannot be read: {read.reason}", _GRAMMAR)
    return PropertyPath(reference_text(step_name, reference.path), read.segments, read.form, step_name)


def is_property_path(property_path: str) -> bool:
    """Whether a text is meant as a path of a step's properties.

    It begins with ``properties``, ``steps.`` or ``Steps.``, or with a member that some kind of step has.
    """
    if _PREFIX.match(property_path):
        return True
    read = parse(property_path)
    return isinstance(read, PropertyPath) and any(walk(read, kind, strict=False).accepted_by_sdk for kind in all_kinds())


def check_on_kinds(step_name: str, property_path: str, kinds: Sequence[StepKind]) -> None:
    """Raise ResolutionError if no step of these kinds has the property; nothing is said of no kinds.

    What the SDK accepts passes, and what only a definition may say; whether the value exists is for the answer to tell.
    """
    if kinds and not any(_possible(step_name, property_path, kind) for kind in kinds):
        kind = kinds[0]
        problem = PropertyReference(step_name, property_path).check(kind)[0]
        what = f"step '{step_name}' is {kind.with_article} step and cannot have this property: {_without_hint(problem)}"
        raise ResolutionError(what, _page(), near=problem.near)


def check_on_any_kind(step_name: str, property_path: str) -> None:
    """Raise ResolutionError if no kind of step has the property; the kind that goes furthest along the path says why."""
    if any(_possible(step_name, property_path, kind) for kind in all_kinds()):
        return
    reference = PropertyReference(step_name, property_path)
    problem = max((reference.check(kind)[0] for kind in all_kinds() if not kind.raises), key=lambda one: (one.start, len(one.near)))
    raise ResolutionError(f"no kind of step has this property of '{step_name}': {_without_hint(problem)}", _page(), near=problem.near)


def _possible(step_name: str, property_path: str, kind: StepKind) -> bool:
    """Whether the SDK accepts the path, or a definition may hold it, or step builders write it so."""
    reference = PropertyReference(step_name, property_path)
    written = (reference.path, reference_of(step_name, property_path))
    return any(walk(path, kind, strict=False).accepted_by_sdk for path in written) or not reference.check(kind)


def _without_hint(problem: PathProblem) -> str:
    return str(replace(problem, near=()))


def _page() -> str:
    return f"contract-lint rule CL201 explains it (properties as in {service_model().version})"
