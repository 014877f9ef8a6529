"""Property paths are registered under keys that `get_property_paths` does not look up.

## What it reports

A builder whose property paths are all registered under other step types than those under which its `get_property_paths` looks:
it derives `XGBoostTrainingStepStep` from the class name, say, where `XGBoostTrainingStep` is registered.

## Why it matters

The lookup finds nothing and gives an empty dict, without an error. What asks the builder for its property paths gets none, and what
works does so by a fallback that guesses, or by reading the registry itself under the other key.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep


class StepBuilderBase:
    _PATHS = {}

    @classmethod
    def register_property_path(cls, step_type, logical_name, property_path):
        cls._PATHS.setdefault(step_type, {})[logical_name] = property_path

    def get_property_paths(self):
        step_type = self.__class__.__name__.replace("Builder", "Step")
        return self._PATHS.get(step_type, {})


StepBuilderBase.register_property_path("XGBoostTrainingStep", "model_output", "properties.ModelArtifacts.S3ModelArtifacts")


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep


class StepBuilderBase:
    _PATHS = {}

    @classmethod
    def register_property_path(cls, step_type, logical_name, property_path):
        cls._PATHS.setdefault(step_type, {})[logical_name] = property_path

    def get_property_paths(self):
        step_type = self.__class__.__name__.replace("Builder", "")
        return self._PATHS.get(step_type, {})


StepBuilderBase.register_property_path("XGBoostTrainingStep", "model_output", "properties.ModelArtifacts.S3ModelArtifacts")


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Let the lookup and the registrations use one key: correct the expression that derives it, which mends all builders at once.

## When it stays silent

Where the key that is looked up is not known, or the class that looks it up is not in the project; where one of the builder's
registrations is found; and where a registration's step type is only known at run time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Contract,
    Draft,
    Mechanism,
    PathDeclaration,
    PathLookupView,
    Related,
    Severity,
    first_places,
    joined,
    listed,
    nearest,
    rule,
    scope_at,
    step_names,
)

METHOD = "get_property_paths"


@dataclass(frozen=True, slots=True)
class NeverLookedUp:
    """``looked_up`` are the keys for the first contract, ``registered`` those that are registered for it, the nearest first."""

    contracts: tuple[str, ...]
    looked_up: tuple[str, ...]
    registered: tuple[str, ...]

    def message(self) -> str:
        where = f"for {self.contracts[0]} it looks" if len(self.contracts) > 1 else "it looks"
        is_ = "is" if len(self.registered) == 1 else "are"
        return (
            f"{METHOD} finds no path of {listed(self.contracts)}: {where} under {joined(self.looked_up)}, "
            f"registered {is_} {joined(self.registered[:3], 'and')}"
        )

    def help(self) -> str:
        return f"derive the key so that it is '{self.registered[0]}', or register the paths under the key that is looked up"


@rule("CL119", "unreachable-registration", Severity.ERROR, view=PathLookupView, facts=NeverLookedUp)
def unreachable_registration(view: PathLookupView) -> Iterator[Draft]:
    lost = [contract for contract in view.contracts if _all_lost(contract)]
    if not lost or view.strays:
        return
    first = lost[0]
    looked_up = tuple(dict.fromkeys(found.name for found in first.paths_looked_up or ()))
    step_types = sorted({declaration.step_type or "" for declaration in _registrations(first)})
    near = nearest(looked_up[0], step_types)
    registered = tuple(dict.fromkeys((*near, *step_types)))
    facts = NeverLookedUp(step_names(lost), looked_up, registered)
    places = (Related(d.span, f"registered under '{d.step_type}'") for contract in lost for d in _registrations(contract))
    yield Draft(facts, view.span, scope_at(lost, METHOD), METHOD, first_places(places))


def _registrations(contract: Contract) -> tuple[PathDeclaration, ...]:
    return tuple(path for path in contract.paths if path.mechanism is Mechanism.CLASS_REGISTRY and path.step_type is not None)


def _all_lost(contract: Contract) -> bool:
    looked_up = {found.name for found in contract.paths_looked_up or ()}
    step_types = {declaration.step_type for declaration in _registrations(contract)}
    return bool(looked_up and step_types) and looked_up.isdisjoint(step_types)
