"""The graph as JSON, version 1; its schema is ``graph.schema.json`` beside this module."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from contract_lint.model.report import Sources
from contract_lint.model.wiring import Binding
from contract_lint.report.graph.drawing import Drawing, Link, Node
from contract_lint.report.json_report import dumps, well_formed

VERSION = 1


class InputRow(TypedDict):
    name: str
    required: bool
    type: str
    outcome: str | None
    says: str | None


class OutputRow(TypedDict):
    name: str
    type: str


#: ``class`` is a keyword, hence the functional form.
StepRow = TypedDict(
    "StepRow",
    {
        "name": str,
        "class": str | None,
        "kinds": list[str],
        "variant": str | None,
        "path": str,
        "line": int,
        "declared": bool,
        "certain": bool,
        "lacks": str | None,
        "focused": bool,
        "inputs": list[InputRow],
        "outputs": list[OutputRow],
        "open_inputs": bool,
        "open_outputs": bool,
    },
)


class LinkRow(TypedDict):
    kind: str
    source: str
    output: str | None
    target: str
    input: str | None
    source_type: str | None
    target_type: str | None
    verdict: str | None
    tier: int | None
    broken: bool
    certain: bool


class PipelineRow(TypedDict):
    name: str
    path: str
    line: int
    open_steps: str | None
    open_edges: str | None
    cycles: list[list[str]]
    steps: list[StepRow]
    links: list[LinkRow]


class Document(TypedDict):
    version: int
    pipelines: list[PipelineRow]


def render(drawings: Sequence[Drawing], sources: Sources) -> str:
    document: Document = {"version": VERSION, "pipelines": [_pipeline(drawing, sources) for drawing in drawings]}
    return dumps(document)


def _pipeline(drawing: Drawing, sources: Sources) -> PipelineRow:
    pipeline = drawing.wiring.pipeline
    names = {node.id: well_formed(node.step.name) for node in drawing.nodes}
    bindings = {(binding.step, binding.input.name): binding for binding in drawing.wiring.bindings}
    shown = set(names.values())
    cycles = [list(map(well_formed, cycle)) for cycle in drawing.wiring.cycles]
    return {
        "name": well_formed(pipeline.name),
        "path": well_formed(sources.shown(pipeline.span.path)),
        "line": pipeline.span.line,
        "open_steps": pipeline.open_steps,
        "open_edges": pipeline.open_edges,
        "cycles": [cycle for cycle in cycles if shown.intersection(cycle)],
        "steps": [_step(node, bindings, sources) for node in drawing.nodes],
        "links": [_link(link, names) for link in drawing.links],
    }


def _step(node: Node, bindings: dict[tuple[str, str], Binding], sources: Sources) -> StepRow:
    step = node.step
    inputs: list[InputRow] = []
    for port in sorted(step.inputs, key=lambda one: one.name):
        binding = bindings.get((step.name, port.name))
        inputs.append(
            {
                "name": well_formed(port.name),
                "required": port.required,
                "type": well_formed(str(port.typing.type)),
                "outcome": None if binding is None else binding.outcome.value,
                "says": None if binding is None or binding.says is None else well_formed(binding.says),
            }
        )
    outputs = sorted(step.outputs, key=lambda one: one.name)
    return {
        "name": well_formed(step.name),
        "class": None if step.contract is None else step.contract.class_name,
        "kinds": list(step.kinds),
        "variant": None if step.variant is None else well_formed(step.variant),
        "path": well_formed(sources.shown(step.span.path)),
        "line": step.span.line,
        "declared": step.declared,
        "certain": step.certain,
        "lacks": None if step.lacks is None else step.lacks.value,
        "focused": node.focused,
        "inputs": inputs,
        "outputs": [{"name": well_formed(port.name), "type": well_formed(str(port.typing.type))} for port in outputs],
        "open_inputs": step.open_inputs is not None,
        "open_outputs": step.open_outputs is not None,
    }


def _link(link: Link, names: dict[str, str]) -> LinkRow:
    return {
        "kind": link.kind.value,
        "source": names[link.source],
        "output": None if link.output is None else well_formed(link.output),
        "target": names[link.target],
        "input": None if link.input is None else well_formed(link.input),
        "source_type": None if link.source_type is None else well_formed(link.source_type),
        "target_type": None if link.target_type is None else well_formed(link.target_type),
        "verdict": None if link.verdict is None else link.verdict.value,
        "tier": link.tier,
        "broken": link.broken,
        "certain": link.certain,
    }
