"""Declarative documents as pipelines of the model: steps with the contracts of the builders that their types name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.frontends.dag_json import StepMaker
from contract_lint.frontends.dsl.document import PipelineDocument, StepEntry
from contract_lint.model.contract import Contract, Direction, InputReference, Named, Port
from contract_lint.model.pipeline import Edge, Given, GivenInput, Lack, Pipeline, Repeated, Step
from contract_lint.model.project import Declarative, UnknownOutput, UnknownType

#: Why more may be there than is seen, where a part of the document cannot be read.
UNREADABLE = "malformed-document"
UNLISTED = "outputs-not-listed"


class DeclaredPipeline(Struct, frozen=True):
    """A pipeline, what its document says beyond it, and the inputs that builders do not have as far as their contracts say."""

    pipeline: Pipeline
    declarative: Declarative
    references: tuple[InputReference, ...] = ()


def declared_pipeline(document: PipelineDocument, make: StepMaker, contracts: Sequence[Contract]) -> DeclaredPipeline:
    """The pipeline of a document. ``make`` finds the builder of a type, ``contracts`` are those of the builders that could be meant."""
    steps: dict[str, Step] = {}
    entries: dict[str, StepEntry] = {}
    repeated: list[Repeated] = []
    references: list[InputReference] = []
    outputs: list[UnknownOutput] = []
    for entry in document.steps:
        if entry.name.name in steps:
            repeated.append(Repeated(entry.name.name, entry.name.span, entries[entry.name.name].name.span))
            continue
        entries[entry.name.name] = entry
        step = steps[entry.name.name] = _step(entry, make)
        references += _unknown_inputs(entry, step)
        outputs += _unknown_outputs(entry, step)
    edges = list(_edges(entries))
    declared = set(steps)
    for edge in edges:
        if edge.source not in declared:
            steps.setdefault(edge.source, Step(edge.source, edge.source_at, declared=False, lacks=Lack.BUILDER))
    file = document.span.path.rpartition("/")[2]
    name = document.name.name if document.name is not None else file.rpartition(".")[0]
    span = document.name.span if document.name is not None else document.span
    unreadable = UNREADABLE if any({"inputs", "depends_on"} & one.broken for one in entries.values()) else None
    pipeline = Pipeline(
        name,
        span,
        tuple(steps.values()),
        tuple(edges),
        tuple(_given(entries)),
        open_steps=UNREADABLE if document.open_steps else None,
        open_edges=unreadable,
        repeated=tuple(repeated),
        parameters=tuple(one.name for one in document.parameters or ()),
        explicit=True,
    )
    declarative = Declarative(
        name,
        span,
        document.parameters,
        tuple(use for entry in document.steps for use in entry.uses),
        tuple(_unknown_types(entries, steps, contracts)),
        tuple(outputs),
    )
    return DeclaredPipeline(pipeline, declarative, tuple(references))


# --- steps ---


def _step(entry: StepEntry, make: StepMaker) -> Step:
    made = make(entry.type.name, entry.type.span, True) if entry.type is not None else Step(entry.name.name, entry.name.span)
    ports = [_configured(port, entry) for port in made.ports]
    listed = entry.outputs or ()
    known = made.contract is not None
    for name, descriptor in listed:
        place = _place(ports, Direction.OUTPUT, name.name)
        meant = place if place is not None else _place(ports, Direction.OUTPUT, descriptor)
        if meant is None:
            ports.append(Port(name.name, Direction.OUTPUT, name.span, descriptor or None))
        elif place is None:
            ports[meant] = replace(ports[meant], aliases=(*ports[meant].aliases, name.name))
    for one in entry.inputs:
        if _place(ports, Direction.INPUT, one.name.name) is None:
            ports.append(Port(one.name.name, Direction.INPUT, one.name.span, required=False))
    unlisted = None if known or entry.outputs is not None else UNLISTED
    broken = UNREADABLE if "outputs" in entry.broken else None
    return replace(
        made,
        name=entry.name.name,
        span=entry.name.span,
        ports=tuple(ports),
        open_inputs=made.open_inputs or (UNREADABLE if "inputs" in entry.broken else None),
        open_outputs=broken or made.open_outputs or unlisted,
        lacks=None,
        lacks_at=None,
    )


def _place(ports: Sequence[Port], direction: Direction, name: str) -> int | None:
    """Which port has the name, or else has it as another name."""
    ours = [(number, port) for number, port in enumerate(ports) if port.direction is direction]
    exact = [number for number, port in ours if port.name == name]
    other = [number for number, port in ours if name in port.aliases]
    return exact[0] if exact else other[0] if len(other) == 1 else None


def _configured(port: Port, entry: StepEntry) -> Port:
    """The port; an input may come from the step's configuration, where that has a key of its name or cannot be read."""
    named = "config" in entry.broken or not {port.name, *port.aliases}.isdisjoint(entry.config)
    unread = "inputs" in entry.broken
    if port.direction is not Direction.INPUT or port.external is not None or not (named or unread):
        return port
    return replace(port, external="the document may give it a value that cannot be read" if unread else "its configuration may have it")


# --- edges ---


def _edges(entries: dict[str, StepEntry]) -> Iterator[Edge]:
    """An edge for each reference to a step of the pipeline, and for each name in ``depends_on``.

    Of a reference to what is no step, the rule on references tells.
    """
    found: dict[tuple[str, str], None] = {}
    for name, entry in entries.items():
        for one in entry.inputs:
            if one.from_step is not None and one.from_step.name in entries and (one.from_step.name, name) not in found:
                found[one.from_step.name, name] = None
                yield Edge(one.from_step.name, name, one.from_step.span, one.from_step.span, entry.name.span, data=False)
        for before in entry.depends_on:
            if (before.name, name) not in found:
                found[before.name, name] = None
                yield Edge(before.name, name, before.span, before.span, entry.name.span, data=False)


def _given(entries: dict[str, StepEntry]) -> Iterator[GivenInput]:
    for name, entry in entries.items():
        for one in entry.inputs:
            step, output = one.from_step, one.output
            itself = step is not None and step.name == name  # the circle is told
            if one.broken and step is not None and step.name not in entries:
                yield GivenInput(name, one.name.name, step.span, Given.REFERENCE, producer=step.name)
            elif one.broken or itself:
                yield GivenInput(name, one.name.name, one.name.span, Given.UNKNOWN, says="the document does not say what it gets")
            elif step is None:
                yield GivenInput(name, one.name.name, one.name.span, Given.EXTERNAL, says=one.literal)
            else:
                there = output.span if output is not None and step.name in entries else step.span
                yield GivenInput(
                    name, one.name.name, there, Given.REFERENCE, producer=step.name, output=output.name if output is not None else None
                )


# --- what is not there ---


def _unknown_types(entries: dict[str, StepEntry], steps: dict[str, Step], contracts: Iterable[Contract]) -> Iterator[UnknownType]:
    types = tuple(sorted({one.name for one in contracts}))
    known = any(steps[name].contract is not None for name in entries)
    names = {name for one in contracts for name in (one.name, one.class_name)}
    for name, entry in entries.items():
        if entry.type is not None and steps[name].contract is None and types and entry.type.name not in names:
            yield UnknownType(name, entry.type, types, known)


def _unknown_inputs(entry: StepEntry, step: Step) -> Iterator[InputReference]:
    contract = step.contract
    if contract is None or step.open_inputs is not None:
        return
    declared = tuple(port.name for port in contract.inputs)
    others = tuple(alias for port in contract.inputs for alias in port.aliases)
    for one in entry.inputs:
        if one.name.name not in (*declared, *others):
            yield InputReference(one.name.name, one.name.span, entry.name.name, contract.class_name, contract.span, declared)


def _unknown_outputs(entry: StepEntry, step: Step) -> Iterator[UnknownOutput]:
    contract = step.contract
    if contract is None or step.open_outputs is not None:
        return
    known = [(port.name, *port.aliases) for port in contract.outputs]
    for name, descriptor in entry.outputs or ():
        if not any(name.name in names or descriptor in names for names in known):
            output = Named(name.name, name.span)
            yield UnknownOutput(entry.name.name, output, contract.class_name, contract.span, tuple(names[0] for names in known))
