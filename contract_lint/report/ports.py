"""What reports say of a port: where its type comes from, and what the SDK calls its value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from msgspec import Struct

from contract_lint.model.contract import HOLE, Contract, PathDeclaration, PathText, Port
from contract_lint.model.evidence import Conflict, Evidence
from contract_lint.model.pipeline import Step
from contract_lint.model.property_path import PropertyPath, parse
from contract_lint.model.report import Sources
from contract_lint.model.span import Span
from contract_lint.report.json_report import well_formed
from contract_lint.report.places import place_text
from contract_lint.sagemaker.definition import reference_text


class EvidenceRow(TypedDict):
    rank: int
    type: str
    says: str
    path: str | None
    cell: int | None
    line: int | None


def evidence_rows(port: Port, sources: Sources) -> list[EvidenceRow]:
    return [_evidence_row(one, sources) for one in port.typing.evidence]


def _evidence_row(evidence: Evidence, sources: Sources) -> EvidenceRow:
    return {
        "rank": int(evidence.rank),
        "type": well_formed(str(evidence.type)),
        "says": well_formed(evidence.says),
        "path": None if evidence.span is None else well_formed(sources.shown(evidence.span.path)),
        "cell": None if evidence.span is None else evidence.span.cell,
        "line": None if evidence.span is None else evidence.span.line,
    }


def evidence_text(evidence: Evidence, sources: Sources) -> str:
    """``rank 2: the property path ends at ModelName, steps/model.py:3:5``."""
    at = "" if evidence.span is None else f", {place_text(evidence.span, sources)}"
    return f"rank {int(evidence.rank)}: {evidence.says}{at}"


def conflict_text(conflict: Conflict) -> str:
    """What two pieces of evidence disagree on, and which one counts."""
    first, second, used = conflict.first, conflict.second, conflict.used
    outcome = "neither is used" if used is None else f"{used.type} is used"
    return f"conflict: {first.type} (rank {int(first.rank)}) against {second.type} (rank {int(second.rank)}); {outcome}"


def path_of(contract: Contract | None, port: Port) -> PathText | None:
    """The path of an output as its builder gives it: the port's own, else the last one declared for its name or an alias."""
    path = port.property_path
    for name in (port.name, *port.aliases):
        path = path or _declared(contract.paths if contract is not None else (), name)
    return path


def _declared(paths: Sequence[PathDeclaration], name: str) -> PathText | None:
    given = [declaration.path for declaration in paths if declaration.name == name and declaration.path is not None]
    return given[-1] if given else None


class Reference(Struct, frozen=True):
    """What stands for an output in a pipeline definition's ``Get``, with the pipeline's name of the step.

    ``at`` is where the path is written. With ``complete`` false, what is in braces is only known at run time.
    """

    text: str
    at: Span
    complete: bool


def reference(step: Step | None, port: Port) -> Reference | None:
    """The reference to an output; None if its path is not known, or is none."""
    written = None if step is None else path_of(step.contract, port)
    path = None if written is None else parse(written.text)
    if step is None or written is None or not isinstance(path, PropertyPath):
        return None
    return Reference(reference_text(step.name, path).replace(HOLE, "{…}"), written.origin, path.known)
