"""``contract-lint why`` as JSON, version 1; its schema is ``why.schema.json`` beside this module."""

from __future__ import annotations

from typing import TypedDict

from contract_lint.api import shown_path
from contract_lint.model.contract import Port
from contract_lint.model.pipeline import GivenInput
from contract_lint.model.report import Sources
from contract_lint.model.span import Span
from contract_lint.model.wiring import Binding, Candidate, Claim, Outcome, Refusal, Wiring
from contract_lint.report.json_report import dumps, well_formed
from contract_lint.report.ports import EvidenceRow, Reference, evidence_rows, path_of, reference
from contract_lint.report.why import Asked, Loose, consumers, fix

VERSION = 1


class PlaceRow(TypedDict):
    path: str
    cell: int | None
    line: int
    column: int


class PipelineRow(PlaceRow):
    name: str


class PortRow(PlaceRow):
    name: str
    type: str
    rank: int | None
    evidence: list[EvidenceRow]


class OutputRow(TypedDict):
    step: str
    output: str


class JudgementRow(TypedDict):
    verdict: str
    reason: str
    row: int
    hint: str | None


class CandidateRow(OutputRow):
    type: str
    rank: int | None
    tier: int
    reach: int
    distance: int
    position: int
    via: str
    via_at: PlaceRow | None
    judgement: JudgementRow
    reference: str | None
    fix: str | None


class RefusalRow(OutputRow):
    tier: int
    reason: str
    says: str


class ClaimRow(TypedDict):
    input: str
    taken: bool
    outputs: list[OutputRow]


class GivenRow(PlaceRow):
    given: str
    producer: str | None
    output: str | None
    property_path: str | None
    type: str
    says: str | None


class InputRow(TypedDict):
    pipeline: PipelineRow
    step: str
    input: PortRow
    required: bool
    outcome: str
    decision: str
    says: str | None
    open: str | None
    doubt: str | None
    more: bool
    chosen: CandidateRow | None
    candidates: list[CandidateRow]
    claims: list[ClaimRow]
    refused: list[RefusalRow]
    elsewhere: list[CandidateRow]
    suggestions: list[CandidateRow]
    given: GivenRow | None


class ConsumerRow(TypedDict):
    role: str
    step: str
    input: str
    outcome: str
    tier: int
    says: str


class FedRow(TypedDict):
    pipeline: PipelineRow
    step: str
    output: PortRow
    property_path: str | None
    reference: str | None
    consumers: list[ConsumerRow]


class NamedPortRow(PlaceRow):
    step: str
    port: str


class LooseRow(TypedDict):
    step: str
    direction: str
    port: PortRow
    says: str
    same_name: list[NamedPortRow]


class Document(TypedDict):
    version: int
    inputs: list[InputRow]
    outputs: list[FedRow]
    unmatched: list[LooseRow]


def render(asked: Asked, sources: Sources) -> str:
    document: Document = {
        "version": VERSION,
        "inputs": [_input(wiring, binding, sources) for wiring, binding in asked.inputs],
        "outputs": [_fed(wiring, step, port, sources) for wiring, step, port in asked.outputs],
        "unmatched": [_loose(loose, sources) for loose in asked.loose],
    }
    return dumps(document)


def _place(span: Span, sources: Sources) -> PlaceRow:
    return {"path": well_formed(sources.shown(span.path)), "cell": span.cell, "line": span.line, "column": span.column}


def _pipeline(wiring: Wiring, sources: Sources) -> PipelineRow:
    return {"name": well_formed(wiring.pipeline.name), **_place(wiring.pipeline.span, sources)}


def _port(port: Port, sources: Sources) -> PortRow:
    return {
        "name": well_formed(port.name),
        "type": well_formed(str(port.typing.type)),
        "rank": _rank(port),
        "evidence": evidence_rows(port, sources),
        **_place(port.origin, sources),
    }


def _rank(port: Port) -> int | None:
    return None if port.typing.rank is None else int(port.typing.rank)


def _input(wiring: Wiring, binding: Binding, sources: Sources) -> InputRow:
    def row(candidate: Candidate) -> CandidateRow:
        return _candidate(wiring, binding, candidate, sources)

    return {
        "pipeline": _pipeline(wiring, sources),
        "step": well_formed(binding.step),
        "input": _port(binding.input, sources),
        "required": binding.input.required,
        "outcome": binding.outcome.value,
        "decision": binding.decision.value,
        "says": _optional(binding.says),
        "open": _optional(binding.open),
        "doubt": _optional(binding.doubt),
        "more": binding.more,
        "chosen": None if binding.chosen is None else row(binding.chosen),
        "candidates": list(map(row, binding.candidates)),
        "claims": list(map(_claim, binding.claims)),
        "refused": list(map(_refusal, binding.refused)),
        "elsewhere": list(map(row, binding.elsewhere)),
        "suggestions": list(map(row, binding.suggestions)),
        "given": None if binding.given is None else _given(binding.given, sources),
    }


def _candidate(wiring: Wiring, binding: Binding, candidate: Candidate, sources: Sources) -> CandidateRow:
    judgement, ambiguous = candidate.judgement, binding.outcome is Outcome.AMBIGUOUS and candidate in binding.candidates
    return {
        "step": well_formed(candidate.step),
        "output": well_formed(candidate.output.name),
        "type": well_formed(str(candidate.output.typing.type)),
        "rank": _rank(candidate.output),
        "tier": int(candidate.tier),
        "reach": int(candidate.reach),
        "distance": candidate.distance,
        "position": candidate.position,
        "via": well_formed(candidate.via),
        "via_at": None if candidate.via_at is None else _place(candidate.via_at, sources),
        "judgement": {
            "verdict": judgement.verdict.value,
            "reason": judgement.reason,
            "row": judgement.row,
            "hint": _optional(judgement.hint),
        },
        "reference": _reference(reference(wiring.step(candidate.step), candidate.output)),
        "fix": well_formed(fix(wiring, binding, candidate)) if ambiguous else None,
    }


def _claim(claim: Claim) -> ClaimRow:
    return {
        "input": well_formed(claim.input),
        "taken": claim.taken,
        "outputs": [{"step": well_formed(step), "output": well_formed(output)} for step, output in claim.outputs],
    }


def _refusal(refusal: Refusal) -> RefusalRow:
    return {
        "step": well_formed(refusal.step),
        "output": well_formed(refusal.output.name),
        "tier": int(refusal.tier),
        "reason": refusal.reason,
        "says": well_formed(refusal.says),
    }


def _given(given: GivenInput, sources: Sources) -> GivenRow:
    return {
        "given": given.given.value,
        "producer": _optional(given.producer),
        "output": _optional(given.output),
        "property_path": None if given.path is None else well_formed(shown_path(given.path)),
        "type": well_formed(str(given.typing.type)),
        "says": _optional(given.says),
        **_place(given.span, sources),
    }


def _fed(wiring: Wiring, step: str, port: Port, sources: Sources) -> FedRow:
    found = wiring.step(step)
    path = path_of(found.contract if found is not None else None, port)
    return {
        "pipeline": _pipeline(wiring, sources),
        "step": well_formed(step),
        "output": _port(port, sources),
        "property_path": None if path is None else well_formed(shown_path(path)),
        "reference": _reference(reference(found, port)),
        "consumers": [_consumer(*one) for one in consumers(wiring, step, port.name)],
    }


def _consumer(role: str, binding: Binding, one: Candidate | Refusal) -> ConsumerRow:
    return {
        "role": role.replace(" ", "-"),
        "step": well_formed(binding.step),
        "input": well_formed(binding.input.name),
        "outcome": binding.outcome.value,
        "tier": int(one.tier),
        "says": well_formed(one.says if isinstance(one, Refusal) else one.via),
    }


def _loose(loose: Loose, sources: Sources) -> LooseRow:
    return {
        "step": well_formed(loose.step),
        "direction": loose.port.direction.value,
        "port": _port(loose.port, sources),
        "says": well_formed(loose.says),
        "same_name": [
            {"step": well_formed(step), "port": well_formed(port.name), **_place(port.origin, sources)} for step, port in loose.same_name
        ],
    }


def _reference(found: Reference | None) -> str | None:
    return well_formed(found.text) if found is not None and found.complete else None


def _optional(text: str | None) -> str | None:
    return None if text is None else well_formed(text)
