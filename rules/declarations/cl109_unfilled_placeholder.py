"""A property path has a placeholder that nothing fills.

## What it reports

`{name}` in a property path, where no code of the project fills in that name (`.format(name=…)`, `.replace("{name}", …)`); and an
expression in braces, such as `{self.config.name}`, in a text that is no f-string.

## Why it matters

The braces stay in the path. The framework looks for an output that is really called `{name}`, finds none, and leaves the consumer's
input empty or guesses.

## Bad

```python
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def get_property_paths(self):
        return {"packaged_model": "properties.ProcessingOutputConfig.Outputs['{self.config.output_name}'].S3Output.S3Uri"}

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
        return {"packaged_model": f"properties.ProcessingOutputConfig.Outputs['{self.config.output_name}'].S3Output.S3Uri"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))
```

## How to fix

Write the name of the output, make the text an f-string, or fill the placeholder where the paths are looked up.

## When it stays silent

On a plain name in braces, where the class that looks paths up is not in the project (it may fill it), and where it is not known
for which builder the path is meant; and on empty or numbered braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Mechanism,
    PathTextView,
    PropertyPath,
    Related,
    Severity,
    first_places,
    parse,
    place_within,
    rule,
    scope_of,
)

#: What `str.format` takes: a name, then members and indices of it.
_FIELD = re.compile(r"(?P<name>[^\W\d]\w*)(?P<more>[.\[(].*)?")


@dataclass(frozen=True, slots=True)
class Unfilled:
    placeholder: str
    expression: bool

    def message(self) -> str:
        if self.expression:
            return f"'{{{self.placeholder}}}' stands in a text that is no f-string, and stays as it is"
        return f"nothing fills the placeholder '{{{self.placeholder}}}'"

    def help(self) -> str:
        return "put an f before the text" if self.expression else "write the name, or fill it in where paths are looked up"


@rule("CL109", "unfilled-placeholder", Severity.ERROR, view=PathTextView, facts=Unfilled)
def unfilled_placeholder(view: PathTextView) -> Iterator[Draft]:
    path = parse(view.path.text)
    if not isinstance(path, PropertyPath):
        return
    first = view.given[0].declaration
    places = (Related(d.span, f"given to '{d.name}' here") for d in (given.declaration for given in view.given) if d.name is not None)
    related = first_places(place for place in places if place.span != view.path.origin)
    reported: set[str] = set()
    for placeholder in path.placeholders:
        field = _FIELD.fullmatch(placeholder.name)
        if field is None or field["name"] in view.fillers or placeholder.name in reported:
            continue
        expression = field["name"] == "self" or "(" in (field["more"] or "")
        if not expression and not _looked_up_here(view):
            continue
        reported.add(placeholder.name)
        facts = Unfilled(placeholder.name, expression or field["more"] is not None)
        span = place_within(view.path, placeholder.start, placeholder.end)
        yield Draft(facts, span, scope_of(first), f"{first.name or 'path'}.{placeholder.name}", related)


def _looked_up_here(view: PathTextView) -> bool:
    """Whether the project itself looks the paths up, or gives them out, for all that they are meant for."""
    direct = (Mechanism.METHOD, Mechanism.OUTPUT_PROPERTIES)
    return all(
        given.owners
        and all(owner.paths_looked_up is not None or (owner.bases_seen and given.declaration.mechanism in direct) for owner in given.owners)
        for given in view.given
    )
