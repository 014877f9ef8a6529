"""Pipelines that code puts together call by call: ``builder.create_step(inputs={…}, dependencies=[…])``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from contract_lint.frontends.nodes import Nodes
from contract_lint.model.contract import HOLE, Contract, Direction, Named, PathText, Port, Table
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Repeated, Step
from contract_lint.model.span import NOTEBOOK, Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.journals import JournalAddress
from contract_lint.python.observations import CallResult
from contract_lint.python.values import (
    BoundMethod,
    Const,
    DictObj,
    ForeignObj,
    InstanceObj,
    Part,
    Ref,
    Text,
    Unknown,
    Value,
    alternatives,
    origin_of,
)

DEPENDENCIES = "dependencies"
INPUTS = "inputs"
#: The SDK's own way to say that a step comes after others.
ADD_DEPENDS_ON = "add_depends_on"
PIPELINE_CLASS = "sagemaker.workflow.pipeline.Pipeline"
#: Why a question was not answered to the end.
UNFINISHED = frozenset({"always-raises", "budget"})
PARAMETERS = "sagemaker.workflow.parameters."
#: What the SDK makes.
SDK = "sagemaker."


class Created(Struct):
    """A step that a call of ``create_step`` made: ``made`` are the SDK's objects that it may be, ``given`` its arguments by name."""

    step: Step
    made: frozenset[Ref]
    given: Mapping[str, Value]
    span: Span
    tables: Mapping[Ref, DictObj] = field(default_factory=dict)


def created_pipelines(ev: Evaluator, nodes: Nodes, scenes: Sequence[Answer]) -> tuple[Pipeline, ...]:
    """The pipelines of functions that have builders make their steps themselves, two or more."""
    found: dict[Pipeline, None] = {}
    taken: set[int] = set()
    for scene in scenes:
        if isinstance(scene.value, Unknown) and scene.value.reason in UNFINISHED:
            continue  # what it would have made after that is not known
        results = [(n, one) for n, one in enumerate(ev.observed.results) if n not in taken and _belongs(ev, scene.frame, one)]
        if any(scene.frame.heap.get(JournalAddress(made.object.address)) is not None for made in ev.observed.made):
            continue  # a graph says which steps there are, and in which order
        taken.update(n for n, _ in results)
        created = _once([one for _, result in results if (one := _created(ev, nodes, scene.frame, result)) is not None])
        pipeline = _pipeline(ev, scene.frame, _named_apart(created), results) if len(created) > 1 else None
        if pipeline is not None:
            found[pipeline] = None
    return tuple(sorted(found, key=lambda one: (one.span, one.name)))


def _once(created: Sequence[Created]) -> list[Created]:
    """Of calls that made the same, the last: a builder's ``create_step`` may call that of its base."""
    last = {one.made: number for number, one in enumerate(created) if one.made}
    return [one for number, one in enumerate(created) if last.get(one.made, number) == number]


def _belongs(ev: Evaluator, frame: Frame, result: CallResult) -> bool:
    receiver = result.receiver
    return (
        isinstance(receiver, Ref) and isinstance(frame.heap.get(receiver.address), InstanceObj) and ev.span(result.event.origin) is not None
    )


def _created(ev: Evaluator, nodes: Nodes, frame: Frame, result: CallResult) -> Created | None:
    assert isinstance(result.receiver, Ref)
    builder = frame.heap.get(result.receiver.address)
    span = ev.span(result.event.origin)
    if not isinstance(builder, InstanceObj) or span is None or not nodes.knows(builder.cls):
        return None
    contract = nodes.contract(builder.cls)
    config = builder.attributes.get("config")
    step = nodes.made_by(Step(contract.name, span, variant=_variant(frame, config)), builder.cls, frame, config)
    made = frozenset(one for one in alternatives(result.value) if isinstance(one, Ref))
    given = _arguments(result)
    certain = builder.exact and (config is None or nodes.is_made_here(frame, config))
    return Created(replace(step, ports=tuple(_as_called(step, contract, certain=certain))), made, given, span, result.event.tables)


def _arguments(result: CallResult) -> dict[str, Value]:
    """What the call gives, by the names of the method's parameters."""
    event = result.event
    names: list[str] = []
    if isinstance(event.callee, BoundMethod):
        names = [one.name for one in event.callee.function.node.parameters[1:] if one.kind in ("plain", "positional")]
    return {**dict(zip(names, event.args, strict=False)), **event.kwargs}


def _as_called(step: Step, contract: Contract, *, certain: bool) -> Iterator[Port]:
    """The ports of a step that code makes: an input that the builder does not demand need not be given.

    Which inputs a builder has may depend on a configuration that comes from elsewhere: then none of them is ``certain``.
    """
    demanded = {use.name for use in contract.name_uses if use.table is Table.INPUTS and use.demanded}
    for port in step.ports:
        names = {port.name, *port.aliases}
        required = port.required and bool(names & demanded) and not contract.hands_inputs_on
        yield port if port.direction is Direction.OUTPUT else replace(port, required=required, certain=port.certain and certain)


def _variant(frame: Frame, config: Value | None) -> str | None:
    """The job type in a configuration."""
    obj = frame.heap.get(config.address) if isinstance(config, Ref) else None
    value = obj.attributes.get("job_type") if isinstance(obj, InstanceObj) else None
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def _named_apart(created: Sequence[Created]) -> list[Created]:
    """Steps of one builder are told apart by their job types, or else by number."""
    counts = Counter(one.step.name for one in created)
    taken: Counter[str] = Counter()
    named: list[Created] = []
    for one in created:
        name = one.step.name
        if counts[name] > 1 and one.step.variant is not None:
            name = f"{name}_{one.step.variant}"
        taken[name] += 1
        name = name if taken[name] == 1 else f"{name}#{taken[name]}"
        named.append(Created(replace(one.step, name=name), one.made, one.given, one.span, one.tables))
    return named


def _pipeline(ev: Evaluator, frame: Frame, created: list[Created], results: Sequence[tuple[int, CallResult]]) -> Pipeline:
    reader = _Reader(ev, frame, {ref: one.step.name for one in created for ref in one.made})
    edges: dict[tuple[str, str, bool], Edge] = {}
    given: list[GivenInput] = []
    opened: str | None = None
    for one in created:
        producers, unknown = reader.producers(one.given.get(DEPENDENCIES), one.span)
        later, unknown_later = reader.later_dependencies(one)
        opened = opened or unknown or unknown_later
        inputs, unknown = reader.inputs(one)
        given += inputs
        references = [(value.producer, value.span) for value in inputs if value.producer is not None]
        for producer, span in (*producers, *later):
            edges.setdefault((producer, one.step.name, False), Edge(producer, one.step.name, span, span, one.span, data=False))
        for producer, span in references:
            edges.setdefault((producer, one.step.name, True), Edge(producer, one.step.name, span, span, one.span))
    name, members, at = reader.pipeline_object()
    steps = [one.step for one in created]
    left_out: list[Named] = []
    if members is not None:
        kept = set(reader.held(ref for ref, _ in members))
        while added := {edge.source for edge in edges.values() if edge.target in kept} - kept:
            kept |= added  # the SDK takes in what a step of the pipeline refers to
        known = {one.step.name for one in created if one.made}  # of the others nobody knows what is listed
        left_out = [Named(step.name, step.span) for step in steps if step.name not in kept and step.name in known] if kept else []
    scope = results[0][1].event.scope.partition(".")[0] or steps[0].span.path.rpartition("/")[2].removesuffix(".py").removesuffix(NOTEBOOK)
    return Pipeline(
        name=name or scope,
        span=at or steps[0].span,
        steps=tuple(steps),
        edges=tuple(edges.values()),
        given=tuple(given),
        open_edges=opened,
        repeated=tuple(reader.repeated(created, members or ())),
        left_out=tuple(left_out),
    )


class _Reader(Struct):
    """Reads what calls are given, in the state in which their function ended; ``steps`` are names by the SDK's objects."""

    ev: Evaluator
    frame: Frame
    steps: Mapping[Ref, str]

    def producers(self, value: Value | None, fallback: Span) -> tuple[list[tuple[str, Span]], str | None]:
        """The steps in a list, and why there may be others."""
        found: list[tuple[str, Span]] = []
        opened: str | None = None
        for one in alternatives(value) if value is not None else ():
            if isinstance(one, Const) and one.value is None:
                continue
            listed = iterate(self.frame, one, None)
            opened = opened or (listed.open.reason if listed.open is not None else None)
            for item in listed.items:
                for step in alternatives(item.value):
                    name = self.steps.get(step) if isinstance(step, Ref) else None
                    if name is not None:
                        found.append((name, fallback))
                    else:
                        opened = opened or "unknown-step"
        return found, opened

    def later_dependencies(self, created: Created) -> tuple[list[tuple[str, Span]], str | None]:
        """What ``step.add_depends_on([…])`` names, wherever that is called."""
        found: list[tuple[str, Span]] = []
        opened: str | None = None
        for obj in self.frame.heap.since(self.ev.root).values():
            if isinstance(obj, ForeignObj) and obj.callee.endswith(f"().{ADD_DEPENDS_ON}") and obj.receiver in created.made:
                span = self.ev.span(obj.origin) or created.span
                names, unknown = self.producers(obj.args[0] if obj.args else next(iter(obj.kwargs.values()), None), span)
                found += names
                opened = opened or unknown
        return found, opened

    def inputs(self, created: Created) -> tuple[list[GivenInput], str | None]:
        """The inputs that the call gives: in the dict of inputs, and as arguments that are called as an input is."""
        found: list[GivenInput] = []
        names = {name for port in created.step.inputs if not port.pseudo for name in (port.name, *port.aliases)}
        whole = created.given.get(INPUTS)
        table = created.tables.get(whole) if isinstance(whole, Ref) else None
        for entry in table.entries.values() if table is not None else ():
            if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
                span = self.ev.span(entry.key.origin) or created.span
                found.append(self.given(created, entry.key.value, entry.value, span))
        for name, value in created.given.items():
            if name in names and name not in (INPUTS, DEPENDENCIES):
                found.append(self.given(created, name, value, self.ev.span(origin_of(value)) or created.span))
        unknown = "unknown-inputs" if whole is not None and (table is None or table.open is not None) else None
        if unknown is not None:
            taken = {one.input for one in found}
            found += [
                GivenInput(created.step.name, port.name, created.span, Given.UNKNOWN)
                for port in created.step.inputs
                if not port.pseudo and taken.isdisjoint((port.name, *port.aliases))
            ]
        return found, unknown

    def given(self, created: Created, name: str, value: Value, span: Span) -> GivenInput:
        own = next((port.name for port in created.step.inputs if name in (port.name, *port.aliases)), name)
        step = created.step.name
        if isinstance(value, Part) and value.whole in self.steps:
            place = self.ev.span(value.origin) or span
            path = PathText(value.path.removeprefix(".").replace("\0", HOLE), place)
            read = self.frame.heap.get(value.whole.address)
            of_sdk = isinstance(read, ForeignObj) and read.callee.startswith(SDK)
            return GivenInput(step, own, span, Given.REFERENCE, producer=self.steps[value.whole], path=path, of_sdk=of_sdk)
        says = self.outside(value)
        if says is not None:
            return GivenInput(step, own, span, Given.EXTERNAL, says=says)
        return GivenInput(step, own, span, Given.UNKNOWN)

    def outside(self, value: Value) -> str | None:
        """What a value from outside the pipeline is; None if it is none, or not known."""
        if isinstance(value, (Const, Text)):
            return "a text"
        obj = self.frame.heap.get(value.address) if isinstance(value, Ref) else None
        if isinstance(obj, ForeignObj) and obj.callee.startswith(PARAMETERS):
            return "a pipeline parameter"
        return None

    def held(self, members: Iterable[Ref]) -> Iterator[str]:
        """The steps among the members, and those that a member holds or refers to: a condition has steps of its own."""
        pending: list[Value] = list(members)
        seen: set[Value] = set()
        while pending:
            one = pending.pop()
            one = one.whole if isinstance(one, Part) else one
            if one in seen or not isinstance(one, Ref):
                continue
            seen.add(one)
            if one in self.steps:
                yield self.steps[one]
            pending += [each for value in self._inside(one) for each in alternatives(value)]

    def _inside(self, ref: Ref) -> Iterable[Value]:
        """What an object of the SDK was given, or what a collection holds."""
        obj = self.frame.heap.get(ref.address)
        if isinstance(obj, ForeignObj):
            receiver = () if obj.receiver is None else (obj.receiver,)
            return (*obj.args, *obj.kwargs.values(), *obj.attributes.values(), *receiver)
        if isinstance(obj, DictObj):
            return [entry.value for entry in obj.entries.values()]
        return [item.value for item in iterate(self.frame, ref, None).items]

    def repeated(self, created: Sequence[Created], members: Sequence[tuple[Ref, bool]]) -> Iterator[Repeated]:
        """The names that the SDK's steps of a pipeline certainly have in common."""
        spans = {ref: one.span for one in created if len(one.made) == 1 for ref in one.made}
        seen: dict[str, Span] = {}
        for ref, sure in members:
            step = self.frame.heap.get(ref.address)
            name = {**step.kwargs, **step.attributes}.get("name") if isinstance(step, ForeignObj) and sure and ref in spans else None
            if isinstance(name, Const) and isinstance(name.value, str) and not name.soft:
                if name.value in seen:
                    yield Repeated(name.value, spans[ref], seen[name.value])
                seen.setdefault(name.value, spans[ref])

    def _is_changed(self, pipeline: ForeignObj) -> bool:
        """Whether the steps of a pipeline object are set, or added to, after it was made."""
        later = f"{PIPELINE_CLASS}().steps."
        calls = (obj.callee for obj in self.frame.heap.since(self.ev.root).values() if isinstance(obj, ForeignObj))
        return "steps" in pipeline.attributes or any(callee.startswith(later) for callee in calls)

    def pipeline_object(self) -> tuple[str | None, list[tuple[Ref, bool]] | None, Span | None]:
        """Name, steps and place of the one ``Pipeline(name=…, steps=[…])`` that the function makes; each None if not known.

        Each step stands with whether it is certainly in the list.
        """
        found = [
            obj for obj in self.frame.heap.since(self.ev.root).values() if isinstance(obj, ForeignObj) and obj.callee == PIPELINE_CLASS
        ]
        if len(found) != 1:
            return None, None, None
        given = found[0].kwargs
        name = given.get("name")
        named = name.value if isinstance(name, Const) and isinstance(name.value, str) else None
        span = self.ev.span(found[0].origin)
        steps = given.get("steps")
        if self._is_changed(found[0]):
            return named, None, span
        listed = iterate(self.frame, steps, None) if steps is not None else None
        if listed is None or listed.open is not None:
            return named, None, span
        refs = [(one, item.must and one == item.value) for item in listed.items for one in alternatives(item.value)]
        known = [(one, sure) for one, sure in refs if isinstance(one, Ref)]
        return named, known if len(known) == len(refs) else None, span
