"""What steps and pipelines answer to on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contract_lint.model.contract import Contract, Port
    from contract_lint.model.pipeline import Step
    from contract_lint.model.wiring import Wiring

SUFFIXES = ("StepBuilder", "Builder")


def as_typed(name: str) -> str:
    """A name as it was typed: where the locale knows ASCII alone, Python hides the other bytes of an argument."""
    try:
        return os.fsencode(name).decode("utf-8")
    except UnicodeError:
        return name


def names(contract: Contract) -> Iterator[str]:
    """All that a builder's step answers to; a module answers to each dotted suffix of its name."""
    yield contract.name
    yield contract.class_name
    for suffix in SUFFIXES:
        if contract.class_name.endswith(suffix) and contract.class_name != suffix:
            yield contract.class_name.removesuffix(suffix)
    parts = contract.module.split(".")
    for start in range(len(parts)):
        yield f"{'.'.join(parts[start:])}:{contract.class_name}"


def step_names(step: Step) -> Iterator[str]:
    """All that a step of a pipeline answers to."""
    yield step.name
    if step.contract is not None:
        yield from names(step.contract)


def outputs_of(wiring: Wiring, step: Step) -> tuple[Port, ...]:
    """The outputs of a step, and those of its properties that other steps of the pipeline read without any being declared."""
    chosen = (binding.chosen for binding in wiring.bindings)
    read = (one.output for one in chosen if one is not None and one.step == step.name)
    return tuple({port.name: port for port in (*step.outputs, *read)}.values())


def candidates(step: str, contracts: Sequence[Contract]) -> set[str]:
    """The names to suggest: those with a module only where one was given, or every class would be suggested several times."""
    return {name for contract in contracts for name in names(contract) if (":" in name) == (":" in step)}


def chosen_wirings(wirings: Sequence[Wiring], name: str | None) -> tuple[Wiring, ...]:
    """The pipelines of this name, all without one. Raises UsageError where there is none, with the names that are near."""
    from contract_lint.api import joined, nearest
    from contract_lint.model.errors import UsageError

    name = as_typed(name) if name is not None else None
    found = tuple(wiring for wiring in wirings if name is None or wiring.pipeline.name == name)
    if not found and name is not None:
        near = nearest(name, {wiring.pipeline.name for wiring in wirings})
        hint = f" (did you mean {joined(near)}?)" if near else ""
        raise UsageError(f"no pipeline '{name}' among {len(wirings)}{hint}")
    return found
