"""A declared output has no property path.

## What it reports

An output that a builder declares, and that nothing says how to read from the finished step: the builder gives property paths to
other outputs and not to this one, or it gives none and its kind of step has no default.

Defaults: Processing, by the output's name, `properties.ProcessingOutputConfig.Outputs['…'].S3Output.S3Uri` (only where the
builder gives no path at all); Training, `properties.ModelArtifacts.S3ModelArtifacts` for a sole output; Model,
`properties.ModelName`; RegisterModel, `properties.ModelPackageArn`; Transform, `properties.TransformOutput.S3OutputPath`; Lambda
and Callback, `properties.Outputs['…']`, unless the step is given outputs and none has that name.

## Why it matters

A consumer that asks for the output gets nothing, or a guess, when the pipeline is assembled: its input stays empty, and a
paid run fails or reads the wrong data.

## Bad

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model", "evaluation_output": "S3 path of the evaluation"}

    def get_property_paths(self):
        return {"model_output": "properties.ModelArtifacts.S3ModelArtifacts"}

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## Good

```python
from sagemaker.workflow.steps import TrainingStep
from steps_framework import StepBuilderBase


class XGBoostTrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model", "evaluation_output": "S3 path of the evaluation"}

    def get_property_paths(self):
        return {
            "model_output": "properties.ModelArtifacts.S3ModelArtifacts",
            "evaluation_output": "properties.OutputDataConfig.S3OutputPath",
        }

    def create_step(self, **kwargs):
        return TrainingStep(name="XGBoostTraining", step_args=self.train(kwargs["inputs"]))
```

## How to fix

Give the output a property path where the builder gives the others, under the output's name or one of its aliases (its key or
its value in `output_names`), or by a path that reads the output of that name (`Outputs['…']`). If nothing can be read from the
step under that name, do not declare it.

## When it stays silent

Where more property paths may exist than are known (an unknown key, a base class that is not in the project, a registration
under a name that is only known at run time); where the output exists only on some ways through the code; where the kind of
step is unknown and either no path is given or there is only this output; for what frameworks declare beside data; and where the
output's name is itself a property path (CL120).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Contract,
    ContractView,
    Draft,
    Index,
    PathDeclaration,
    Port,
    PropertyPath,
    Related,
    Severity,
    default_property_path,
    joined,
    kind_named,
    parse,
    rule,
    step_of,
)

from ._names import is_property_path


@dataclass(frozen=True, slots=True)
class OutputWithoutPath:
    """``others`` have a property path; ``made`` are the outputs that the step is given, where this one is not among them."""

    output: str
    contract: str
    kinds: tuple[str, ...]
    others: tuple[str, ...]
    suggestion: str | None
    made: tuple[str, ...]

    def message(self) -> str:
        if self.others:
            more = f" and {len(self.others) - 3} more" if len(self.others) > 3 else ""
            have = "has" if len(self.others) == 1 else "have"
            return f"output '{self.output}' of {self.contract} has no property path; {joined(self.others[:3], 'and')}{more} {have} one"
        return f"output '{self.output}' of {self.contract} has no property path, and {step_of(self.kinds)} has no default for it"

    def help(self) -> str:
        if self.made:
            return f"the step makes only {joined(self.made, 'and')}: do not declare this output, or give the step one of that name"
        if self.suggestion is not None:
            return f"give it a path, such as {self.suggestion}"
        return "give it a path where the builder gives the others, or do not declare it"


@rule("CL101", "output-without-property-path", Severity.ERROR, view=ContractView, facts=OutputWithoutPath)
def output_without_property_path(view: ContractView) -> Iterator[Draft]:
    contract = view.contract
    if contract.open_paths is not None or any(path.name is None for path in contract.paths):
        return
    outputs = [port for port in contract.outputs if not port.pseudo]
    sole = sum(port.certain for port in outputs) <= 1
    if not contract.kinds and (not contract.paths or len(outputs) == 1):
        return
    given = {path.name for path in contract.paths if path.name is not None}
    others = tuple(sorted(given))
    given |= {key for path in contract.paths for key in _keys(path)}
    for port in outputs:
        if not port.certain or is_property_path(port.name) or _has_path(port, given) or _has_default(contract, port, sole):
            continue
        facts = OutputWithoutPath(port.name, contract.name, contract.kinds, others, _suggestion(contract, port), _made(contract, port))
        yield Draft(facts, port.origin, contract.name, port.name, _related(contract))


def _keys(declaration: PathDeclaration) -> set[str]:
    """The outputs that a path reads by name, as in ``Outputs['model']``."""
    path = parse(declaration.path.text) if declaration.path is not None and declaration.path.known else None
    if not isinstance(path, PropertyPath):
        return set()
    return {segment.key for segment in path.segments if isinstance(segment, Index) and isinstance(segment.key, str)}


def _has_path(port: Port, given: set[str]) -> bool:
    return port.property_path is not None or not given.isdisjoint((port.name, *port.aliases))


def _has_default(contract: Contract, port: Port, sole: bool) -> bool:
    """Whether one of the kinds has a default; one by the output's name is for builders that leave all paths to it."""
    for made in contract.made:
        kind = kind_named(made.kind)
        if kind is None:
            return True
        if default_property_path(kind, port.name, sole=sole) is None:
            continue
        if kind.name == "Processing" and contract.paths:
            continue
        if (
            kind.name in ("Lambda", "Callback")
            and made.outputs is not None
            and made.outputs
            and {port.name, *port.aliases}.isdisjoint(made.outputs)
        ):
            continue
        return True
    return False


def _suggestion(contract: Contract, port: Port) -> str | None:
    """The path that outputs of the only kind have by their name."""
    kind = kind_named(contract.kinds[0]) if len(contract.kinds) == 1 else None
    path = default_property_path(kind, port.name, sole=False) if kind is not None else None
    return f"properties.{path}" if path is not None else None


def _made(contract: Contract, port: Port) -> tuple[str, ...]:
    """The outputs of the steps made, where they are known and the declared one is none of them."""
    outputs = [made.outputs for made in contract.made]
    names = dict.fromkeys(name for given in outputs if given is not None for name in given)
    known = contract.made_unknown is None and None not in outputs
    return tuple(names) if known and names.keys().isdisjoint((port.name, *port.aliases)) else ()


def _related(contract: Contract) -> tuple[Related, ...]:
    first = min(contract.paths, key=lambda path: (path.span.path, path.order), default=None)
    given = (Related(first.span, f"gives '{first.name}' its path"),) if first is not None else ()
    return (Related(contract.span, f"{contract.class_name} declares the output"), *given)
