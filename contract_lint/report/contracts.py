"""The contracts of steps, as text and as JSON (``contract-lint show``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from contract_lint.api import shown_path
from contract_lint.model.contract import Contract, PathDeclaration, PathText, Port
from contract_lint.model.reasons import sentence
from contract_lint.model.report import Sources
from contract_lint.model.span import Span
from contract_lint.report.json_report import dumps, well_formed


class InputRow(TypedDict):
    name: str
    required: bool
    type: None
    evidence: None
    path: str
    line: int


class OutputRow(TypedDict):
    name: str
    property_path: str | None
    type: None
    evidence: None
    path: str
    line: int


#: A step's row; ``class`` is a keyword, hence the functional form.
StepRow = TypedDict(
    "StepRow",
    {
        "name": str,
        "class": str,
        "path": str,
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


def _step(contract: Contract, sources: Sources) -> StepRow:
    return {
        "name": well_formed(contract.name),
        "class": contract.class_name,
        "path": well_formed(sources.shown(contract.span.path)),
        "line": contract.span.line,
        "kind": kind(contract),
        "inputs": [_input(port, sources) for port in contract.inputs],
        "outputs": [_output(contract, port, sources) for port in contract.outputs],
        "open_inputs": contract.open_inputs is not None,
        "open_outputs": contract.open_outputs is not None,
    }


def _input(port: Port, sources: Sources) -> InputRow:
    path, line = well_formed(sources.shown(port.origin.path)), port.origin.line
    return {"name": well_formed(port.name), "required": port.required, "type": None, "evidence": None, "path": path, "line": line}


def _output(contract: Contract, port: Port, sources: Sources) -> OutputRow:
    path, line = well_formed(sources.shown(port.origin.path)), port.origin.line
    found = property_path(contract, port)
    shown = None if found is None else well_formed(found)
    return {"name": well_formed(port.name), "property_path": shown, "type": None, "evidence": None, "path": path, "line": line}


def kind(contract: Contract) -> str | None:
    """The SDK step kind, several joined by ``|``; None if it is not known."""
    return "|".join(contract.kinds) or None


def property_path(contract: Contract, port: Port) -> str | None:
    """The path of an output as its builder gives it: the port's own, else the last one declared for its name or an alias."""
    path = port.property_path
    for name in (port.name, *port.aliases):
        path = path or _declared(contract.paths, name)
    return None if path is None else shown_path(path)


def _declared(paths: Sequence[PathDeclaration], name: str) -> PathText | None:
    given = [declaration.path for declaration in paths if declaration.name == name and declaration.path is not None]
    return given[-1] if given else None


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
    lines = [f"{contract.name} ({what})", f"  {contract.module}:{contract.class_name}, {_place(contract.span, sources)}"]
    inputs = [(port.name, _need(port), _place(port.origin, sources)) for port in contract.inputs]
    lines += ["inputs:", *_table(inputs), *_open(contract.open_inputs, "inputs", inputs)]
    outputs = [(port.name, _provided(contract, port), _place(port.origin, sources)) for port in contract.outputs]
    lines += ["outputs:", *_table(outputs), *_open(contract.open_outputs, "outputs", outputs)]
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


def _open(reason: str | None, noun: str, rows: Sequence[tuple[str, str, str]]) -> list[str]:
    if reason is not None:
        return [f"  there may be {'more ' if rows else ''}{noun}: {sentence(reason)}"]
    return [] if rows else ["  none"]


def _table(rows: Sequence[tuple[str, str, str]]) -> list[str]:
    first = max((len(row[0]) for row in rows), default=0)
    second = max((len(row[1]) for row in rows), default=0)
    return [f"  {name:{first}}  {what:{second}}  {place}" for name, what, place in rows]


def _place(span: Span, sources: Sources) -> str:
    return f"{sources.shown(span.path)}:{span.line}:{span.column}"
