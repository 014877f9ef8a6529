"""The contracts of steps, as text and as JSON (``contract-lint show``)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypedDict

from contract_lint.api import shown_path
from contract_lint.model.contract import Contract, Port, StepMade
from contract_lint.model.evidence import Rank
from contract_lint.model.pipeline import Step
from contract_lint.model.reasons import sentence
from contract_lint.model.report import Sources
from contract_lint.model.types import UNKNOWN
from contract_lint.report.json_report import dumps, well_formed
from contract_lint.report.places import place_text
from contract_lint.report.ports import EvidenceRow, conflict_text, evidence_rows, evidence_text, path_of

#: What stands before the pipeline's name in place of a module, where there is no builder.
IN_PIPELINE = "pipeline "


class InputRow(TypedDict):
    name: str
    required: bool
    type: str | None
    evidence: list[EvidenceRow] | None
    path: str
    cell: int | None
    line: int


class OutputRow(TypedDict):
    name: str
    property_path: str | None
    type: str | None
    evidence: list[EvidenceRow] | None
    path: str
    cell: int | None
    line: int


#: A step's row; ``class`` is a keyword, hence the functional form.
StepRow = TypedDict(
    "StepRow",
    {
        "name": str,
        "class": str,
        "path": str,
        "cell": int | None,
        "line": int,
        "kind": str | None,
        "inputs": list[InputRow],
        "outputs": list[OutputRow],
        "open_inputs": bool,
        "open_outputs": bool,
    },
)


def render_json(contracts: Sequence[Contract], sources: Sources) -> str:
    return dumps({"steps": [_step(contract, sources) for contract in contracts]})


def contract_of(step: Step, pipeline: str, outputs: Sequence[Port]) -> Contract:
    """What a step without a builder needs and provides, in the form of a contract."""
    made = tuple(StepMade(kind, step.sdk_class or "", step.span) for kind in step.kinds)
    return Contract(
        name=step.name,
        class_name=step.sdk_class or "",
        module=f"{IN_PIPELINE}{pipeline}",
        span=step.span,
        ports=(*step.inputs, *outputs),
        paths=(),
        made=made,
        open_inputs=step.open_inputs,
        open_outputs=step.open_outputs,
    )


def _step(contract: Contract, sources: Sources) -> StepRow:
    return {
        "name": well_formed(contract.name),
        "class": contract.class_name,
        "path": well_formed(sources.shown(contract.span.path)),
        "cell": contract.span.cell,
        "line": contract.span.line,
        "kind": kind(contract),
        "inputs": [_input(port, sources) for port in contract.inputs],
        "outputs": [_output(contract, port, sources) for port in contract.outputs],
        "open_inputs": contract.open_inputs is not None,
        "open_outputs": contract.open_outputs is not None,
    }


def _input(port: Port, sources: Sources) -> InputRow:
    return {
        "name": well_formed(port.name),
        "required": port.required,
        "type": _type(port),
        "evidence": evidence_rows(port, sources) or None,
        "path": well_formed(sources.shown(port.origin.path)),
        "cell": port.origin.cell,
        "line": port.origin.line,
    }


def _output(contract: Contract, port: Port, sources: Sources) -> OutputRow:
    found = property_path(contract, port)
    return {
        "name": well_formed(port.name),
        "property_path": None if found is None else well_formed(found),
        "type": _type(port),
        "evidence": evidence_rows(port, sources) or None,
        "path": well_formed(sources.shown(port.origin.path)),
        "cell": port.origin.cell,
        "line": port.origin.line,
    }


def _type(port: Port) -> str | None:
    return None if port.typing.type == UNKNOWN else well_formed(str(port.typing.type))


def kind(contract: Contract) -> str | None:
    """The SDK step kind, several joined by ``|``; None if it is not known."""
    return "|".join(contract.kinds) or None


def property_path(contract: Contract, port: Port) -> str | None:
    """The path of an output as its builder gives it, for people."""
    path = path_of(contract, port)
    return None if path is None else shown_path(path)


def text_lines(contracts: Sequence[Contract], sources: Sources) -> list[str]:
    """Lines that are not escaped yet."""
    lines: list[str] = []
    for contract in contracts:
        if lines:
            lines.append("")
        lines += _contract_lines(contract, sources)
    return lines


def _contract_lines(contract: Contract, sources: Sources) -> list[str]:
    why = sentence(contract.made_unknown) if contract.made_unknown else "no step is made here"
    what = kind(contract) or f"kind unknown: {why}"
    plain = contract.module.startswith(IN_PIPELINE)
    home = f"{contract.class_name} of {contract.module}" if plain else f"{contract.module}:{contract.class_name}"
    lines = [f"{contract.name} ({what})", f"  {home}, {place_text(contract.span, sources)}"]
    needs = [(port, _need(port)) for port in contract.inputs]
    lines += ["inputs:", *_table(needs, sources), *_open(contract.open_inputs, "inputs", needs)]
    provided = [(port, _provided(contract, port)) for port in contract.outputs]
    lines += ["outputs:", *_table(provided, sources), *_open(contract.open_outputs, "outputs", provided)]
    if contract.open_paths is not None:
        lines.append(f"  there may be more property paths: {sentence(contract.open_paths)}")
    return lines


def _need(port: Port) -> str:
    words = ["required" if port.required else "optional"]
    if port.pseudo:
        words.append("framework's own")
    return ", ".join(words) + _doubt(port)


def _provided(contract: Contract, port: Port) -> str:
    return (property_path(contract, port) or "no property path") + _doubt(port)


def _doubt(port: Port) -> str:
    return "" if port.certain else " (on some ways through the code)"


def _open(reason: str | None, noun: str, rows: Sequence[tuple[Port, str]]) -> list[str]:
    if reason is not None:
        return [f"  there may be {'more ' if rows else ''}{noun}: {sentence(reason)}"]
    return [] if rows else ["  none"]


def _table(rows: Sequence[tuple[Port, str]], sources: Sources) -> list[str]:
    """One line for each port, with its type where any of them has one, and below it what the type rests on."""
    typed = any(port.typing.evidence for port, _ in rows)
    cells = [(port.name, what, *((str(port.typing.type),) if typed else ()), place_text(port.origin, sources)) for port, what in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)][:-1]
    lines: list[str] = []
    for (port, _), texts in zip(rows, cells, strict=True):
        lines.append("  ".join(["", *(f"{text:{width}}" for text, width in zip(texts, widths, strict=False)), texts[-1]]))
        lines += [f"    {line}" for line in _evidence(port, sources)]
    return lines


def _evidence(port: Port, sources: Sources) -> Iterator[str]:
    """What the type rests on, and what contradicts what; what was only assumed is told where nothing else is known."""
    for evidence in port.typing.evidence:
        if evidence.rank is not Rank.ASSUMED or port.typing.rank is Rank.ASSUMED:
            yield f"{evidence.type} ({evidence_text(evidence, sources)})"
    yield from map(conflict_text, port.typing.conflicts)
