"""A text that is given as a property path is none.

## What it reports

A text that cannot be read as a path (the prefix twice, `Steps.X.properties.…`, brackets or quotation marks that do not pair, a
trailing dot), an index on what is neither a list nor a map, and a name after a list or map, which want an index.

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
`{output_descriptor}`, which they fill; and from the first part on that only the run tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    AttributeOnCollection,
    DeclarationView,
    Draft,
    Malformed,
    NotSubscriptable,
    Severity,
    UnquotedKey,
    place_within,
    rule,
    shown_path,
)

from ._judge import holds, judge, related_places, subject_of


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


@rule("CL206", "malformed-property-path", Severity.ERROR, view=DeclarationView, facts=MalformedPath)
def malformed_property_path(view: DeclarationView) -> Iterator[Draft]:
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
    suggestion = next((f"properties.{path}" for path in (holds(text, view) for text in mended) if path is not None), None)
    facts = MalformedPath(shown_path(written), reason, suggestion)
    yield Draft(facts, place_within(written, start, end), view.scope, subject_of(view), related_places(view))


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
