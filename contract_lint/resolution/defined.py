"""The steps that a pipeline definition has, and under which condition each one stands."""

from __future__ import annotations

import json

from msgspec import Struct

from contract_lint.resolution.answers import Answer, mapping, structures, text

_BRANCHES = {"IfSteps": "True", "ElseSteps": "False"}
_BODY = "ForEachBody"


class DefinedStep(Struct, frozen=True):
    """A step of a definition: ``type`` is its `Type`, ``condition`` the innermost condition step whose ``outcome`` lets it run.

    ``loop`` is the ForEach step whose body holds it.
    """

    name: str
    type: str
    condition: str | None = None
    outcome: str = ""
    loop: str | None = None


def defined_steps(definition: str | None) -> dict[str, DefinedStep] | None:
    """The steps by name, those in branches and bodies too; None for no definition, or one that cannot be read."""
    if definition is None:
        return None
    try:
        read = json.loads(definition)
    except (ValueError, RecursionError):
        return None
    found: dict[str, DefinedStep] = {}
    todo: list[tuple[Answer, DefinedStep]] = [(step, DefinedStep("", "")) for step in structures(mapping(read).get("Steps"))]
    while todo:
        step, place = todo.pop(0)
        name, arguments = text(step.get("Name")) or "", mapping(step.get("Arguments"))
        found[name] = DefinedStep(name, text(step.get("Type")) or "", place.condition, place.outcome, place.loop)
        for branch, outcome in _BRANCHES.items():
            todo += [(one, DefinedStep("", "", name, outcome, place.loop)) for one in structures(arguments.get(branch))]
        body = arguments.get(_BODY)
        held = structures(body) if isinstance(body, list) else structures(mapping(body).get("Steps"))
        todo += [(one, DefinedStep("", "", place.condition, place.outcome, name)) for one in held]
    return found
