"""A builder uses an attribute that its configuration does not have.

## What it reports

An attribute that a builder reads from its configuration, or that its validation demands (`required_attrs`), and that neither the
configuration class nor one of its bases has.

## Why it matters

An AttributeError, or the validation's ValueError, when the builder is made or makes its step. It is the usual trace of a field that
was renamed in the configuration, or of a builder that was copied from another step.

## Bad

```python
from pydantic import BaseModel
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackageConfig(BaseModel):
    packaging_entry_point: str = "package.py"


class PackagingStepBuilder(StepBuilderBase):
    def __init__(self, config: PackageConfig):
        self.config = config

    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def create_step(self, **kwargs):
        code = self.config.processing_entry_point
        return ProcessingStep(name="Packaging", processor=self.processor(), code=code)
```

## Good

```python
from pydantic import BaseModel
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PackageConfig(BaseModel):
    packaging_entry_point: str = "package.py"


class PackagingStepBuilder(StepBuilderBase):
    def __init__(self, config: PackageConfig):
        self.config = config

    def get_output_properties(self):
        return {"packaged_model": "S3 path of the packaged model"}

    def create_step(self, **kwargs):
        code = self.config.packaging_entry_point
        return ProcessingStep(name="Packaging", processor=self.processor(), code=code)
```

## How to fix

Use the attribute that the configuration has, or give the configuration this one.

## When it stays silent

Where the configuration class of the builder is not known, or may inherit attributes from a class that is not in the project or
take any (`extra="allow"`, `__getattr__`); and where the read is guarded (`getattr` with a default, `hasattr`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from contract_lint.api import (
    AttributeView,
    Contract,
    Draft,
    Related,
    Severity,
    first_places,
    joined,
    listed,
    nearest,
    rule,
    scope_at,
    step_names,
    users,
)

SHOWN_NAMES = 3
#: From this likeness on two names are one name misspelt.
MISSPELT = 0.8


@dataclass(frozen=True, slots=True)
class MissingAttribute:
    """``data`` are the attributes that there are, less the methods."""

    name: str
    contracts: tuple[str, ...]
    configs: tuple[str, ...]
    data: tuple[str, ...]

    def message(self) -> str:
        has, needs = "has" if len(self.configs) == 1 else "have", "needs" if len(self.contracts) == 1 else "need"
        return f"{listed(self.configs)} {has} no attribute '{self.name}', which {listed(self.contracts)} {needs}"

    def help(self) -> str:
        near = [name for name in nearest(self.name, self.data, max(len(self.data), 1)) if _alike(self.name, name)]
        return f"did you mean {joined(near[:SHOWN_NAMES])}?" if near else f"give {listed(self.configs)} the attribute, or do not use it"


@rule("CL117", "unknown-config-attribute", Severity.ERROR, view=AttributeView, facts=MissingAttribute)
def unknown_config_attribute(view: AttributeView) -> Iterator[Draft]:
    use = view.use
    lacking = [contract for contract in view.contracts if _lacks(contract, use.name)]
    shapes = [contract.config for contract in lacking if contract.config is not None]
    if not lacking or use.name.startswith("__"):
        return
    every = (name for shape in shapes for name in shape.attributes or () if name not in shape.methods)
    data = tuple(dict.fromkeys(name for name in every if not name.startswith("_")))
    facts = MissingAttribute(use.name, step_names(lacking), tuple(dict.fromkeys(shape.name for shape in shapes)), data)
    configs = first_places(Related(shape.span, f"{shape.name} is declared here") for shape in shapes)
    again = {other.span for contract in lacking for other in contract.attribute_uses if other.name == use.name} - {use.span}
    others = first_places(Related(span, "used here too") for span in sorted(again))
    yield Draft(facts, use.span, scope_at(lacking, use.scope), use.name, (*configs, *others, *users(lacking, "needs it")))


def _alike(name: str, other: str) -> bool:
    """Whether two names differ by little in spelling, or have half of their words in common."""
    words, others = ({word.removesuffix("s") for word in one.casefold().split("_")} for one in (name, other))
    likeness = SequenceMatcher(None, name.casefold(), other.casefold(), autojunk=False).ratio()
    return likeness >= MISSPELT or 2 * len(words & others) >= len(words | others)


def _lacks(contract: Contract, name: str) -> bool:
    return contract.config is not None and contract.config.attributes is not None and name not in contract.config.attributes
