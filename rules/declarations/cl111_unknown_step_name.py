"""A step name is looked up that its registry does not hold.

## What it reports

A key that is used with a registry of step names (`STEP_NAMES`, `BUILDER_MAP`, …), directly or through a function that looks it
up, and that is not among the registry's keys. What one builder looks up in several places is one finding.

## Why it matters

The lookup raises a KeyError when the pipeline is built, or falls back in silence to a default name such as `DefaultXStep`, so
that the step runs under a name that nothing else refers to.

## Bad

```python
from steps_framework import StepBuilderBase

STEP_NAMES = {"XGBoostTraining": "XGBoostTrainingStep", "TabularPreprocessing": "TabularPreprocessingStep"}


class TrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def step_name(self):
        return STEP_NAMES["XGBoostTrainning"]
```

## Good

```python
from steps_framework import StepBuilderBase

STEP_NAMES = {"XGBoostTraining": "XGBoostTrainingStep", "TabularPreprocessing": "TabularPreprocessingStep"}


class TrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def step_name(self):
        return STEP_NAMES["XGBoostTraining"]
```

## How to fix

Use a key that the registry holds, or add the step to the registry.

## When it stays silent

Where the key or one of the registry's keys is only known at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, LookupView, Related, Severity, first_places, joined, nearest, rule, scope_at

SHOWN_KEYS = 8


@dataclass(frozen=True, slots=True)
class UnknownStepName:
    key: str
    registry: str
    keys: tuple[str, ...]

    def message(self) -> str:
        return f"'{self.key}' is no key of {self.registry}"

    def help(self) -> str:
        near = nearest(self.key, self.keys)
        if near:
            return f"did you mean {joined(near)}?"
        if not self.keys:
            return f"{self.registry} is empty: add the step to it"
        more = f" and {len(self.keys) - SHOWN_KEYS} more" if len(self.keys) > SHOWN_KEYS else ""
        return f"{self.registry} holds {', '.join(sorted(self.keys)[:SHOWN_KEYS])}{more}"


@rule("CL111", "unknown-step-name", Severity.ERROR, view=LookupView, facts=UnknownStepName)
def unknown_step_name(view: LookupView) -> Iterator[Draft]:
    lookup = view.lookup
    if lookup.key in lookup.keys:
        return
    others = first_places(Related(other.span, "used here too") for other in view.others if other.span != lookup.span)
    related = (Related(lookup.registry_span, f"{lookup.registry} is declared here"), *others)
    facts = UnknownStepName(lookup.key, lookup.registry, lookup.keys)
    scope = scope_at(view.contracts, lookup.scope or lookup.span.path)
    yield Draft(facts, lookup.span, scope, f"{lookup.registry}.{lookup.key}", related)
