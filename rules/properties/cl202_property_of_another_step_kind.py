"""A property path belongs to another kind of step than the builder makes.

## What it reports

A property path that is right on another kind of step (`ModelArtifacts` of a training job, say) and that no kind of step has
which this builder makes; in plain SDK code, one that is read of a step of another kind (`tuning_step.properties.ModelArtifacts`).

## Why it matters

The SDK raises an AttributeError, but only when a consumer resolves the path while the pipeline is assembled. It is the usual
remainder of a builder that was copied, or of a step that was changed from training to processing.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def get_property_paths(self):
        return {"packaged_model": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def get_property_paths(self):
        return {"packaged_model": "properties.ProcessingOutputConfig.Outputs['packaged_model'].S3Output.S3Uri"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))
```

## How to fix

Give the path that this kind of step has for the output, or make the step that the path was written for. A tuning step has its best model
in `get_top_model_s3_uri`.

## When it stays silent

Where the kind of step is unknown, or one of the kinds that the builder may make has the path; and where no kind of step has
the whole path (that is CL201).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    Malformed,
    MemberOfOtherKind,
    PropertyReadView,
    Severity,
    default_property_path,
    joined,
    kind_named,
    place_within,
    rule,
    step_of,
)

from ._judge import judge, related_places, subject_of
from ._reads import WITH_DICTS, made_here, misread, read_scope, read_subject, shown


@dataclass(frozen=True, slots=True)
class PropertyOfOtherKind:
    """``belongs`` are the kinds that have the path; ``instead`` is the path that the builder's own kind has for the output."""

    path: str
    segment: str
    kinds: tuple[str, ...]
    belongs: tuple[str, ...]
    instead: str | None
    candidates: tuple[str, ...]

    def message(self) -> str:
        return f"{step_of(self.kinds)} has no property '{self.segment}'; {step_of(self.belongs)} has '{self.path}'"

    def help(self) -> str:
        if self.instead is not None:
            return f"{step_of(self.kinds)} has this output at '{self.instead}'"
        if self.candidates:
            return f"did you mean {joined(self.candidates)}?"
        return f"take a property of {step_of(self.kinds)}"


@rule("CL202", "property-of-another-step-kind", Severity.ERROR, view=DeclarationView, facts=PropertyOfOtherKind, also=(PropertyReadView,))
def property_of_another_step_kind(view: DeclarationView | PropertyReadView) -> Iterator[Draft]:
    if isinstance(view, PropertyReadView):
        yield from _misread(view)
        return
    judged, written = judge(view), view.declaration.path
    if written is None or judged is None or isinstance(judged, Malformed):
        return
    wrong = judged.wrong
    if not isinstance(wrong, MemberOfOtherKind) or not judged.kind_known:
        return
    kind, name = kind_named(judged.kinds[0]), view.declaration.name
    default = default_property_path(kind, name, sole=True) if kind is not None and name is not None and len(judged.kinds) == 1 else None
    instead = f"properties.{default}" if default is not None else None
    facts = PropertyOfOtherKind(str(judged.path), wrong.segment.name, judged.kinds, wrong.kinds, instead, wrong.candidates)
    span = place_within(written, wrong.segment.start, wrong.segment.end)
    yield Draft(facts, span, view.scope, subject_of(view), related_places(view))


def _misread(view: PropertyReadView) -> Iterator[Draft]:
    """A property that code reads of a step."""
    found = misread(view)
    if found is None or not isinstance(found.verdict, MemberOfOtherKind) or found.kind.name in WITH_DICTS:
        return
    wrong = found.verdict
    facts = PropertyOfOtherKind(shown(found.path), wrong.segment.name, found.kinds, wrong.kinds, None, wrong.candidates)
    yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))
