"""A property path is given to an output that the builder does not declare.

## What it reports

A registration, or an entry of `get_property_paths`, under a name that is no output of the builder that it is meant for: neither
one of the names that `get_output_properties` declares, nor an alias of one (its key or its value in `output_names`).

## Why it matters

Consumers look for outputs among those that are declared. Nothing ever asks for this path, or it is the path of an output that is
declared under another name: a rename that was done by half, or a typing error.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def get_property_paths(self):
        return {
            "model_output": "properties.ModelArtifacts.S3ModelArtifacts",
            "checkpoints": "properties.CheckpointConfig.S3Uri",
        }

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model", "checkpoints": "S3 path of the checkpoints"}

    def get_property_paths(self):
        return {
            "model_output": "properties.ModelArtifacts.S3ModelArtifacts",
            "checkpoints": "properties.CheckpointConfig.S3Uri",
        }

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Declare the output, correct the name, or delete the path. A name that only consumers use for an output (`model_input`, say) is an
alias: let the project's mapping of names say so, or declare it.

## When it stays silent

Where the builder may declare more outputs than are known, or declares none; where the configuration may map the name, because
its `output_names` are not known; where one of several builders that the path is meant for declares it; where it is not known for
which builder the path is meant; where the registration stands in the wrong module (CL118); and where the only outputs are named by
property paths (CL120).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Contract,
    DeclarationView,
    Draft,
    RegistrationView,
    Related,
    Severity,
    Span,
    Table,
    first_places,
    joined,
    listed,
    nearest,
    rule,
    scope_at,
    some,
    step_names,
)

from ._names import is_property_path, names_of, table_of
from ._registrations import foreign, missing_method


@dataclass(frozen=True, slots=True)
class PathForNothing:
    name: str
    contracts: tuple[str, ...]
    outputs: tuple[str, ...]
    missing: str | None

    def message(self) -> str:
        declares = "declares" if len(self.contracts) == 1 else "declare"
        by = f", by a call of '{self.missing}', which does not exist," if self.missing is not None else ","
        return f"a property path is given to '{self.name}'{by} but {listed(self.contracts)} {declares} no such output"

    def help(self) -> str:
        near = nearest(self.name, self.outputs)
        if near:
            return f"did you mean {joined(near)}?"
        return f"declared: {some(self.outputs)}; declare this output too, or delete the path"


@rule("CL102", "property-path-for-undeclared-output", Severity.WARNING, view=RegistrationView, facts=PathForNothing)
def property_path_for_undeclared_output(view: RegistrationView) -> Iterator[Draft]:
    elsewhere = {given.declaration for given in foreign(view)}
    groups: dict[tuple[Span, ...], list[DeclarationView]] = defaultdict(list)
    for given in view.given:
        if given.owners and given.declaration not in elsewhere and all(_lacks(owner, view.name) for owner in given.owners):
            groups[tuple(owner.span for owner in given.owners)].append(given)
    for givens in groups.values():
        owners = givens[0].owners
        first, *others = (given.declaration for given in givens)
        outputs = tuple(dict.fromkeys(port.name for owner in owners for port in owner.outputs if not port.pseudo))
        facts = PathForNothing(view.name, step_names(owners), outputs, missing_method([one.declaration for one in givens]))
        builders = first_places(Related(owner.span, f"{owner.class_name} declares the outputs") for owner in owners)
        again = first_places(Related(other.span, "given again here") for other in others if other.span != first.span)
        yield Draft(facts, first.span, scope_at(owners, first.scope or first.span.path), view.name, (*builders, *again))


def _lacks(contract: Contract, name: str) -> bool:
    """Whether the contract certainly knows no output of this name."""
    if contract.open_outputs is not None or name in names_of(contract.outputs):
        return False
    if all(port.pseudo or is_property_path(port.name) for port in contract.outputs):
        return False
    if contract.config is None:
        return True
    table = table_of(contract, Table.OUTPUT_NAMES)
    return table is not None and all(name not in (key.name, descriptor) for key, descriptor in table)
