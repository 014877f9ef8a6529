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
    users,
)

SHOWN_NAMES = 3
#: From this likeness on two names are one name misspelt.
MISSPELT = 0.8
#: What pydantic gives every model.
OF_EVERY_MODEL = frozenset(
    "model_computed_fields model_config model_construct model_copy model_dump model_dump_json model_extra model_fields model_fields_set "
    "model_json_schema model_post_init model_rebuild model_validate model_validate_json model_validate_strings "
    "construct copy dict fields from_orm json parse_file parse_obj parse_raw schema schema_json update_forward_refs validate".split()
)
#: With which the names of methods begin.
VERBS = frozenset("add build check compute create derive from get initialize is load make parse print save set to update validate".split())


@dataclass(frozen=True, slots=True)
class MissingAttribute:
    name: str
    contracts: tuple[str, ...]
    configs: tuple[str, ...]
    attributes: tuple[str, ...]

    def message(self) -> str:
        has, needs = "has" if len(self.configs) == 1 else "have", "needs" if len(self.contracts) == 1 else "need"
        return f"{listed(self.configs)} {has} no attribute '{self.name}', which {listed(self.contracts)} {needs}"

    def help(self) -> str:
        near = [name for name in nearest(self.name, filter(_is_data, self.attributes), len(self.attributes)) if _alike(self.name, name)]
        return f"did you mean {joined(near[:SHOWN_NAMES])}?" if near else f"give {listed(self.configs)} the attribute, or do not use it"


@rule("CL117", "unknown-config-attribute", Severity.ERROR, view=AttributeView, facts=MissingAttribute)
def unknown_config_attribute(view: AttributeView) -> Iterator[Draft]:
    use = view.use
    lacking = [contract for contract in view.contracts if _lacks(contract, use.name)]
    shapes = [contract.config for contract in lacking if contract.config is not None]
    if not lacking or use.name.startswith("__"):
        return
    attributes = tuple(dict.fromkeys(name for shape in shapes for name in shape.attributes or () if not name.startswith("_")))
    contracts = tuple(dict.fromkeys(contract.name for contract in lacking))
    facts = MissingAttribute(use.name, contracts, tuple(dict.fromkeys(shape.name for shape in shapes)), attributes)
    configs = first_places(Related(shape.span, f"{shape.name} is declared here") for shape in shapes)
    again = {other.span for contract in lacking for other in contract.attribute_uses if other.name == use.name} - {use.span}
    others = first_places(Related(span, "used here too") for span in sorted(again))
    yield Draft(facts, use.span, scope_at(lacking, use.scope), use.name, (*configs, *others, *users(lacking, "needs it")))


def _is_data(name: str) -> bool:
    """Whether an attribute is, by its name, a field or a property."""
    verb, _, rest = name.partition("_")
    return name not in OF_EVERY_MODEL and not (rest and verb in VERBS)


def _alike(name: str, other: str) -> bool:
    """Whether two names differ by little in spelling, or have half of their words in common."""
    words, others = ({word.removesuffix("s") for word in one.casefold().split("_")} for one in (name, other))
    likeness = SequenceMatcher(None, name.casefold(), other.casefold(), autojunk=False).ratio()
    return likeness >= MISSPELT or 2 * len(words & others) >= len(words | others)


def _lacks(contract: Contract, name: str) -> bool:
    return contract.config is not None and contract.config.attributes is not None and name not in contract.config.attributes
