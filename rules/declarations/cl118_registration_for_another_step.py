"""A module registers property paths for a step that another module builds.

## What it reports

A registration at a module's own level under a step type whose builder stands in another module, although this module has a builder
of its own; and any such registration that gives a key another path than the builder's own module does.

## Why it matters

The registry keeps one path for a key, and the module that is imported last wins. Whether the consumer's module or the producer's
is imported first is an accident; so is, then, which output the pipeline reads. And whoever changes the builder does not see the
line that depends on it.

## Bad

```python
# packaging_step.py
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"PackagedModel": "S3 path of the packaged model"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))


# registration_step.py
from packaging_step import PackagingStepBuilder
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase

StepBuilderBase.register_property_path(
    "PackagingStep",
    "PackagedModel",
    "properties.ProcessingOutputConfig.Outputs['PackagedModel'].S3Output.S3Uri",
)


class RegistrationStepBuilder(StepBuilderBase):
    producers = (PackagingStepBuilder,)

    def get_output_properties(self):
        return {"registered": "ARN of the model package"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Registration", step_args=self.run(kwargs["inputs"]))
```

## Good

```python
# packaging_step.py
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase

StepBuilderBase.register_property_path(
    "PackagingStep",
    "PackagedModel",
    "properties.ProcessingOutputConfig.Outputs['PackagedModel'].S3Output.S3Uri",
)


class PackagingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"PackagedModel": "S3 path of the packaged model"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Packaging", step_args=self.run(kwargs["inputs"]))


# registration_step.py
from packaging_step import PackagingStepBuilder
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class RegistrationStepBuilder(StepBuilderBase):
    producers = (PackagingStepBuilder,)

    def get_output_properties(self):
        return {"registered": "ARN of the model package"}

    def create_step(self, **kwargs):
        return ProcessingStep(name="Registration", step_args=self.run(kwargs["inputs"]))
```

## How to fix

Move the registration beside the builder that makes the step, and keep one path for the key. If the consumer only needs another
name for the output, declare an alias.

## When it stays silent

Where it is not known whose step type it is; where one of several builders with that step type stands in the module; in functions
and methods, which may never run; and in a module without builders that lists the paths of others, as long as it contradicts none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contract_lint.api import (
    DeclarationView,
    Draft,
    RegistrationView,
    Related,
    Severity,
    Span,
    first_places,
    joined,
    listed,
    rule,
    scope_of,
    shown_path,
)

from ._registrations import at_home, foreign, text_of


@dataclass(frozen=True, slots=True)
class RegisteredElsewhere:
    """``builders`` make the step; ``contradicts`` is true where their own module gives the key another path."""

    name: str
    step_types: tuple[str, ...]
    builders: tuple[str, ...]
    contradicts: bool

    def message(self) -> str:
        text = f"'{self.name}' of {joined(self.step_types, 'and')} is registered here, but the step is that of {listed(self.builders)}"
        return f"{text}, which registers another path; which one wins depends on the order of imports" if self.contradicts else text

    def help(self) -> str:
        return "register it in the module of the builder, once"


@rule("CL118", "registration-for-another-step", Severity.WARNING, view=RegistrationView, facts=RegisteredElsewhere)
def registration_for_another_step(view: RegistrationView) -> Iterator[Draft]:
    keys: dict[tuple[str, str | None], list[DeclarationView]] = defaultdict(list)
    for given in foreign(view):
        keys[given.declaration.span.path, given.declaration.step_type].append(given)
    merged: dict[tuple[Span, ...], list[DeclarationView]] = defaultdict(list)
    for givens in keys.values():  # a loop over step types makes one registration for each, and is one defect
        merged[tuple(dict.fromkeys(given.declaration.span for given in givens))] += givens
    for givens in merged.values():
        yield _draft(view, givens)


def _draft(view: RegistrationView, givens: Sequence[DeclarationView]) -> Draft:
    first = givens[0].declaration
    owners = tuple(dict.fromkeys(owner for given in givens for owner in given.owners))
    theirs = tuple(dict.fromkeys(other.declaration for given in givens for other in at_home(given, view)))
    step_types = tuple(dict.fromkeys(given.declaration.step_type or "" for given in givens))
    texts = {text_of(given.declaration.path) for given in givens} | {text_of(declaration.path) for declaration in theirs}
    contradicts = bool(theirs) and len(texts) > 1 and None not in texts
    facts = RegisteredElsewhere(view.name, step_types, tuple(dict.fromkeys(owner.class_name for owner in owners)), contradicts)
    builders = first_places(Related(owner.span, f"{owner.class_name} makes the step") for owner in owners)
    again = [given.declaration for given in givens if given.declaration.span != first.span]
    registered = [Related(d.span, f"registers {shown_path(d.path)}") for d in (*theirs, *again) if d.path is not None]
    related = (*builders, *first_places(registered))
    return Draft(facts, first.span, scope_of(first), f"{'+'.join(step_types)}.{view.name}", related)
