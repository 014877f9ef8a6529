"""What `contract-lint resolve` found, as text and as JSON; the schema of the JSON is ``resolve.schema.json`` beside this module."""

from __future__ import annotations

import json

from msgspec import Struct

from contract_lint.report.json_report import dumps

VERSION = 1


class Resolved(Struct, frozen=True):
    """A value of one property, or at definition time its reference (``value`` is what stands for it in a definition).

    ``world`` is ``definition``, ``record`` or ``live``. ``execution`` is the ARN of the execution that was asked (None for a record
    that does not tell it), ``made_by`` that of the one that made the value. ``type`` is in the type language, None if unknown.
    """

    step: str
    path: str
    reference: str
    world: str
    value: object
    kind: str | None = None
    type: str | None = None
    status: str | None = None
    execution: str | None = None
    execution_status: str | None = None
    made_by: str | None = None


#: So long may a line with a whole structure be.
_LINE = 100


def text_lines(resolved: Resolved) -> list[str]:
    """The value alone, for use in a shell: texts as they are, everything else as JSON."""
    if isinstance(resolved.value, str):
        return [resolved.value]
    line = json.dumps(resolved.value)
    return [line] if len(line) <= _LINE else json.dumps(resolved.value, indent=2).splitlines()


def render(resolved: Resolved) -> str:
    """All that is known of the value, as JSON."""
    return dumps(
        {
            "version": VERSION,
            "step": resolved.step,
            "path": resolved.path,
            "reference": resolved.reference,
            "world": resolved.world,
            "kind": resolved.kind,
            "type": resolved.type,
            "status": resolved.status,
            "execution": resolved.execution,
            "execution_status": resolved.execution_status,
            "made_by": resolved.made_by,
            "value": resolved.value,
        }
    )
