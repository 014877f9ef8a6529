"""A text that is given as a property path is none.

## What it reports

A text that cannot be read as a path (the prefix twice, `Steps.X.properties.…`, brackets or quotation marks that do not pair, a
trailing dot), an index on what is neither a list nor a map, and a name after a list or map, which want an index. In plain SDK code, such
an index or name that is read of a step, and a property that is read of the step itself (`step.ModelArtifacts` without `.properties`).

## Why it matters

No SDK and no service accepts it. The error shows only when a consumer resolves the path while the pipeline is assembled, or not
at all where the framework passes the text on as if it were a value.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def get_property_paths(self):
        return {"packaged_model": "properties.ProcessingOutputConfig.Outputs.packaged_model.S3Output.S3Uri"}

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

Write `properties.` once, then names joined by dots, and `['name']` after lists and maps. The step's own name is no part of it:
the framework knows the step.

## When it stays silent

On quotation marks of either sort, and on names in brackets without any, which frameworks accept; on placeholders such as
`{output_descriptor}`, which they fill; from the first part on that only the run tells; and in plain SDK code where the step may be one on
which it is right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    HOLE,
    AttributeOnCollection,
    DeclarationView,
    Draft,
    Malformed,
    NotSubscriptable,
    OperationView,
    PropertyPath,
    PropertyReadView,
    Reaches,
    Read,
    Related,
    Severity,
    Span,
    StopsEarly,
    UnquotedKey,
    kind_named,
    parse,
    place_within,
    rule,
    shown_path,
    walk,
)

from ._judge import holds, judge, kinds_of, related_places, subject_of
from ._reads import WITH_DICTS, called, made_here, misread, read_scope, read_subject


@dataclass(frozen=True, slots=True)
class MalformedPath:
    path: str
    reason: str
    suggestion: str | None

    def message(self) -> str:
        return f"'{self.path}' is no property path: {self.reason}"

    def help(self) -> str:
        if self.suggestion is not None:
            return f"did you mean '{self.suggestion}'?"
        return "write 'properties.', then names joined by dots, and ['name'] after lists and maps"


@rule("CL206", "malformed-property-path", Severity.ERROR, view=DeclarationView, facts=MalformedPath, also=(PropertyReadView, OperationView))
def malformed_property_path(view: DeclarationView | PropertyReadView | OperationView) -> Iterator[Draft]:
    if isinstance(view, PropertyReadView):
        yield from _misread(view)
        return
    if isinstance(view, OperationView):
        yield from _without_prefix(view)
        return
    judged, written = judge(view), view.declaration.path
    if written is None or judged is None:
        return
    instead: tuple[str, ...]
    if isinstance(judged, Malformed):
        reason, start, end, instead = judged.reason, judged.start, judged.end, ("",)
    elif isinstance(judged.wrong, NotSubscriptable | AttributeOnCollection | UnquotedKey):
        wrong = judged.wrong
        reason, start, end, instead = wrong.reason, wrong.segment.start, wrong.segment.end, _instead(wrong)
    else:
        return
    mended = (_replaced(written.text, start, end, part) for part in instead)
    suggestion = next((f"properties.{path}" for path in (holds(text, kinds_of(view)) for text in mended) if path is not None), None)
    facts = MalformedPath(shown_path(written), reason, suggestion)
    yield Draft(facts, place_within(written, start, end), view.scope, subject_of(view), related_places(view))


def _misread(view: PropertyReadView) -> Iterator[Draft]:
    """An index that code puts after what takes none, or a name after what takes an index."""
    found = misread(view)
    if found is None or not isinstance(found.verdict, NotSubscriptable | AttributeOnCollection) or found.kind.name in WITH_DICTS:
        return
    wrong, text = found.verdict, found.path.text
    mended = (_replaced(text, wrong.segment.start, wrong.segment.end, part) for part in _instead(wrong))
    suggestion = next((f"properties.{path}" for path in (holds(text, [found.kind]) for text in mended) if path is not None), None)
    facts = MalformedPath(view.read.path.removeprefix(".").replace(HOLE, "…"), wrong.reason, suggestion)
    yield Draft(facts, found.span, read_scope(view), read_subject(view), made_here(view))


def _without_prefix(view: OperationView) -> Iterator[Draft]:
    """``step.ModelArtifacts``: what stands below ``.properties`` is read of the step itself."""
    operation, read = view.operation, view.operation.operand
    step = view.scene.steps.get(read.of) if isinstance(read, Read) and operation.kind == "read" else None
    name = operation.what
    if step is None or not isinstance(read, Read) or read.path != f".{name}" or not name[:1].isupper() or not operation.certain:
        return
    kinds = [kind_named(kind) for kind in step.kinds if kind not in WITH_DICTS]
    path = parse(name)
    if not kinds or len(kinds) < len(step.kinds) or not isinstance(path, PropertyPath):
        return
    if not all(kind is not None and isinstance(walk(path, kind, strict=False), Reaches | StopsEarly) for kind in kinds):
        return
    facts = MalformedPath(name, f"the {called(step)} has it below its properties", f"properties.{name}")
    span = operation.span
    place = Span(span.path, span.end_line, max(span.end_column - len(name), 1), span.end_line, span.end_column, span.cell)
    related = (Related(step.span, f"the {called(step)} is made here"),)
    yield Draft(facts, place, operation.scope or span.path, f"{step.name or step.sdk_class}{read.path}", related)


def _instead(wrong: NotSubscriptable | AttributeOnCollection | UnquotedKey) -> tuple[str, ...]:
    """What may have been meant by the wrong segment, the likeliest first; the empty text leaves it out."""
    if isinstance(wrong, UnquotedKey):
        return (f"['{wrong.segment.key}']",)
    if isinstance(wrong, AttributeOnCollection):
        return (wrong.candidate,)
    if wrong.candidate is not None:
        return (f".{wrong.candidate}",)
    return (*(f".{member}{wrong.segment}" for member in wrong.members), "")


def _replaced(text: str, start: int, end: int, instead: str) -> str:
    before, after = text[:start], text[end:]
    if instead:
        return before.rstrip(".") + instead + after
    return before + (after.lstrip(".") if not before or before.endswith(".") else after)
