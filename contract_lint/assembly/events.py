"""Event-driven assembly: steps announce what they need and provide, and are wired to each other."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Literal, TypeAlias

from msgspec import Struct, field

from contract_lint.assembly.assembled import AssemblyProblem, assemble, assemble_seed, connected, problems_of
from contract_lint.assembly.options import DEFAULTS, MatchOptions
from contract_lint.assembly.registered import Registered
from contract_lint.assembly.seed import can_connect
from contract_lint.contracts import Schema, input_schema, output_schema
from contract_lint.model.pipeline import Pipeline
from contract_lint.model.spelling import nearest
from contract_lint.model.wiring import Binding, Wiring


class PipelineEvent(Struct, frozen=True):
    """Something that happened while a pipeline is assembled; ``timestamp`` is in seconds, the clock's at that moment."""

    event_type: str
    step_name: str
    data: Mapping[str, object]
    timestamp: float = field(default_factory=time.time)


Handler: TypeAlias = Callable[[PipelineEvent], None]
#: ``producer``, ``output``, ``consumer`` and ``input``.
Connection: TypeAlias = dict[str, str]


class HandlerError(Struct, frozen=True):
    """A handler that raised, and the event over which it did."""

    event: PipelineEvent
    handler: Handler
    error: Exception

    def __str__(self) -> str:
        name = getattr(self.handler, "__qualname__", type(self.handler).__qualname__)
        return f"{name} failed over {self.event.event_type} of {self.event.step_name}: {type(self.error).__name__}: {self.error}"


class PipelineEventBus:
    """Hands each event to those who subscribed to its type, in the order in which they did."""

    def __init__(self) -> None:
        self._handlers: dict[str, list[Handler]] = {}

    def subscribe(self, event_type: str, handler: Handler) -> None:
        """Call ``handler`` for every event of this type from now on; one that is being published is not among them."""
        self._handlers.setdefault(event_type, []).append(handler)

    def publish(self, event: PipelineEvent) -> list[HandlerError]:
        """Call the handlers of the event, all of them, and return what they raised.

        The first design logged errors and went on as if nothing had happened; here they come back to the publisher. Handlers may
        subscribe and publish; what they publish is handled at once, and its errors are theirs.
        """
        errors: list[HandlerError] = []
        for handler in tuple(self._handlers.get(event.event_type, ())):
            try:
                handler(event)
            except Exception as error:
                errors.append(HandlerError(event, handler, error))
        return errors


class EventDrivenPipelineBuilder:
    """Wires steps as they are registered; steps know nothing of each other, and the order of registration carries no meaning.

    With ``matcher="contract"`` each input gets the output that the linter's matcher finds for it among all other steps; what stays open
    is told by ``validate``, what was decided and why by ``explain``. With ``matcher="seed"`` every pair of an output and an input that
    share a word is connected, as in the first design, which saw the steps registered before only.

    Subscribers of ``event_bus`` get ``step_registered`` (``builder``, ``inputs`` and ``outputs`` with their descriptions, and
    ``input_schema`` and ``output_schema``), then ``output_declared`` for each output (``step``, ``output``, ``property_path``,
    ``type``). The wiring follows from the events alone: the same ones, published in any order, wire another builder alike.
    """

    def __init__(
        self, matcher: Literal["contract", "seed"] = "contract", *, options: MatchOptions = DEFAULTS, clock: Callable[[], float] = time.time
    ) -> None:
        """``options`` are what the project says of aliases, allow-lists and single inputs; ``clock`` gives the events' time."""
        if matcher not in ("contract", "seed"):
            raise ValueError(f"matcher is 'contract' or 'seed', not {matcher!r}")
        self.matcher, self.options = matcher, options
        self.event_bus = PipelineEventBus()
        self.steps: dict[str, object] = {}
        self._clock = clock
        self._schemas: dict[str, tuple[Schema, Schema]] = {}
        self._declared: dict[str, dict[str, set[Declared]]] = {}
        self._connections: list[Connection] = []
        self._wiring: Wiring | None = None
        self.event_bus.subscribe("step_registered", self._on_step_registered)
        self.event_bus.subscribe("output_declared", self._on_output_declared)

    def register_step(self, step_builder: object, step_name: str | None = None) -> list[HandlerError]:
        """Register a step and publish its events; gives what their handlers raised.

        Its name is ``step_name``, else the builder's ``step_name`` or ``name``, else the name of its class: the first design knew the
        last alone, and a second step of a class replaced the first. Raises ValueError if another builder has the name; registering
        the same one again does nothing.
        """
        name = step_name or _name_of(step_builder)
        if name in self.steps:
            _check_free(self.steps, name, step_builder)
            return []
        inputs, outputs = input_schema(step_builder), output_schema(step_builder)
        data = {
            "builder": step_builder,
            "inputs": {input: entry.get("description") for input, entry in inputs.items()},
            "outputs": {output: entry.get("description") for output, entry in outputs.items()},
            "input_schema": inputs,
            "output_schema": outputs,
        }
        errors = self._publish("step_registered", name, data)
        for output, entry in outputs.items():
            declared = {"step": name, "output": output, "property_path": entry.get("property_path"), "type": entry.get("type")}
            errors += self._publish("output_declared", name, declared)
        return errors

    @property
    def connections(self) -> list[Connection]:
        """What feeds what, by consumer and input: ``producer``, ``output``, ``consumer`` and ``input``."""
        self._wire()
        return list(self._connections)

    @property
    def wiring(self) -> Wiring:
        """What became of every input, with the reasons."""
        return self._wire()

    def explain(self, step: str, input: str) -> Binding:
        """What feeds an input, or why nothing does; ValueError for a step or an input that there is not, with the nearest names."""
        wiring = self._wire()
        binding = wiring.binding(step, input)
        if binding is None:
            found = wiring.step(step)
            near = nearest(input, (one.name for one in found.inputs)) if found is not None else nearest(step, self.steps)
            hint = f" (did you mean {' or '.join(map(repr, near))}?)" if near else ""
            raise ValueError(f"there is no input {step}.{input}{hint}")
        return binding

    def pipeline(self) -> Pipeline:
        """The pipeline as it is wired: the steps by name, and an edge for each pair of which one feeds the other."""
        return self._wire().pipeline

    def validate(self) -> list[AssemblyProblem]:
        """What is wrong with the wiring, by step and input: what is missing, ambiguous, of the wrong type, or would close a cycle."""
        return problems_of(self._wire())

    def _on_step_registered(self, event: PipelineEvent) -> None:
        builder = event.data["builder"]
        _check_free(self.steps, event.step_name, builder)
        inputs, outputs = event.data.get("input_schema"), event.data.get("output_schema")
        if not isinstance(inputs, Mapping) or not isinstance(outputs, Mapping):
            inputs, outputs = input_schema(builder), output_schema(builder)
        self.steps[event.step_name] = builder
        self._schemas[event.step_name] = (inputs, outputs)
        self._wiring = None

    def _on_output_declared(self, event: PipelineEvent) -> None:
        output, path, type = event.data["output"], event.data.get("property_path"), event.data.get("type")
        declared = Declared(path if isinstance(path, str) else None, type if isinstance(type, str) else None)
        known = self._declared.setdefault(event.step_name, {}).setdefault(str(output), set())
        known.add(declared)
        self._wiring = None
        if len(known) > 1:
            raise ValueError(f"output {event.step_name}.{output} is declared in {len(known)} different ways")

    def _publish(self, event_type: str, step_name: str, data: Mapping[str, object]) -> list[HandlerError]:
        return self.event_bus.publish(PipelineEvent(event_type, step_name, data, self._clock()))

    def _wire(self) -> Wiring:
        """The wiring of all that is registered; made anew when something was since."""
        if self._wiring is None:
            steps = [self._registered(name).step() for name in sorted(self._schemas)]
            if self.matcher == "seed":
                self._wiring = assemble_seed(steps, self._can_connect)
            else:
                self._wiring = assemble(steps, self.options)
            self._connections = []
            for binding in sorted(self._wiring.bindings, key=lambda one: (one.step, one.input.name)):
                for candidate in connected(binding):
                    self._create_connection(candidate.step, candidate.output.name, binding.step, binding.input.name)
        return self._wiring

    def _registered(self, name: str) -> Registered:
        """A step with the outputs of its schema, and those that were declared beside it."""
        inputs, outputs = self._schemas[name]
        beside = {
            output: next(iter(ways)).entry() if len(ways) == 1 else {"type": "Unknown"}
            for output, ways in self._declared.get(name, {}).items()
        }
        return Registered(name, self.steps[name], inputs, {**beside, **outputs})

    def _can_connect(self, input_name: str, input_desc: str, output_name: str, output_desc: str) -> bool:
        """The first design's predicate: the two names share a part between underscores. Asked with ``matcher="seed"`` only."""
        return can_connect(input_name, output_name)

    def _create_connection(self, producer_step: str, output_name: str, consumer_step: str, input_name: str) -> None:
        """Note a connection; called for each, in order, whenever the steps are wired anew."""
        self._connections.append({"producer": producer_step, "output": output_name, "consumer": consumer_step, "input": input_name})


class Declared(Struct, frozen=True):
    """What an ``output_declared`` event says of an output."""

    property_path: str | None
    type: str | None

    def entry(self) -> dict[str, object]:
        return {"property_path": self.property_path, "type": self.type}


def _name_of(builder: object) -> str:
    """The name of a step by its builder."""
    for attribute in ("step_name", "name"):
        name = getattr(builder, attribute, None)
        if isinstance(name, str) and name:
            return name
    return type(builder).__name__


def _check_free(steps: Mapping[str, object], name: str, builder: object) -> None:
    if steps.get(name, builder) is not builder:
        raise ValueError(f"the step name {name!r} is taken by another {type(steps[name]).__name__}; give step_name")
