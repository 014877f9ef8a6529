"""Pipelines: the steps, the order between them, and what the code says of single inputs."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from contract_lint.model.contract import Contract, Direction, Named, PathText, Port
from contract_lint.model.evidence import UNTYPED, Typing
from contract_lint.model.span import Span


class Lack(str, Enum):
    """What a step of a pipeline has not, where the code says that it needs it."""

    CONFIG = "configuration"
    BUILDER = "builder"


class Step(Struct, frozen=True):
    """One step of a pipeline.

    ``name`` is what the pipeline calls it, ``span`` where it does so first. ``contract`` is what its builder promises (None: the
    builder is not known), ``ports`` are those of the builder as it is configured here, and ``open_inputs``, ``open_outputs`` say why
    more of them may exist. ``kinds`` are the SDK step kinds it may be. ``variant`` is its job type (``training``), ``declared`` is
    false for a name that only edges use, ``certain`` for a step that the pipeline has on some paths through the code only.
    ``lacks`` says what the code certainly does not give it, ``lacks_at`` where that would have to stand.
    ``sdk_class`` is the class of a step that the code makes itself, without a builder.
    """

    name: str
    span: Span
    contract: Contract | None = None
    ports: tuple[Port, ...] = ()
    open_inputs: str | None = None
    open_outputs: str | None = None
    kinds: tuple[str, ...] = ()
    variant: str | None = None
    declared: bool = True
    certain: bool = True
    lacks: Lack | None = None
    lacks_at: Span | None = None
    sdk_class: str | None = None

    @property
    def inputs(self) -> tuple[Port, ...]:
        return tuple(port for port in self.ports if port.direction is Direction.INPUT)

    @property
    def outputs(self) -> tuple[Port, ...]:
        return tuple(port for port in self.ports if port.direction is Direction.OUTPUT)


class Edge(Struct, frozen=True):
    """``target`` comes after ``source``; with ``data``, what the source makes is handed to the target as well.

    ``certain`` is false for an edge that exists on some paths through the code only; ``source_at`` and ``target_at`` are where the two
    names are written.
    """

    source: str
    target: str
    span: Span
    source_at: Span
    target_at: Span
    data: bool = True
    certain: bool = True


class Given(str, Enum):
    """What kind of value the code gives to an input."""

    #: An output or a property of another step.
    REFERENCE = "reference"
    #: From outside the pipeline: a text, a parameter, a configuration's value.
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class GivenInput(Struct, frozen=True):
    """An input of ``step`` that the code gives a value explicitly, named at ``span``.

    A reference names the ``producer``, and the ``output`` or the property ``path`` that is read (each None where it is not known, or not
    said); of what comes from outside, ``says`` tells what it is (``a text``, ``a pipeline parameter``). ``typing`` is what is known of
    the type of the value: it counts where a path is read that is no output's. ``of_sdk``: the code reads the path of a step of the SDK
    itself, whose reads are looked at one by one.
    """

    step: str
    input: str
    span: Span
    given: Given
    producer: str | None = None
    output: str | None = None
    path: PathText | None = None
    says: str | None = None
    typing: Typing = UNTYPED
    of_sdk: bool = False


class Repeated(Struct, frozen=True):
    """A name that a pipeline certainly gives to a second step, at ``span``; ``first`` is where it was given before.

    ``taken_in``: one of the two is in the pipeline only because another step refers to it, and nothing checks its name.
    """

    name: str
    span: Span
    first: Span
    taken_in: bool = False


class Pipeline(Struct, frozen=True):
    """One pipeline; it is judged by itself.

    ``open_steps`` and ``open_edges`` say why there may be more steps or edges than are listed; None if there are not. ``repeated`` are
    the names that are declared a second time (those of the SDK's steps, where code makes them), ``left_out`` steps that are made or
    configured and are not in the pipeline. ``explicit``: an input gets what is written for it, and nothing else.
    """

    name: str
    span: Span
    steps: tuple[Step, ...]
    edges: tuple[Edge, ...] = ()
    given: tuple[GivenInput, ...] = ()
    open_steps: str | None = None
    open_edges: str | None = None
    repeated: tuple[Repeated, ...] = ()
    parameters: tuple[str, ...] = ()
    left_out: tuple[Named, ...] = ()
    explicit: bool = False
