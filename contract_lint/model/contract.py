"""Contracts: what one step needs, what it provides, and under which property paths."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from contract_lint.model.span import Span


class Direction(str, Enum):
    INPUT = "input"
    OUTPUT = "output"


@dataclass(frozen=True, slots=True)
class PathText:
    """A property path as it is written.

    ``text`` is the whole text if it is statically known; otherwise the known parts with a NUL character for each part that is
    only known at run time. ``origin`` is where the text stands.
    """

    text: str
    origin: Span

    @property
    def known(self) -> bool:
        return HOLE not in self.text


#: Stands in a ``PathText`` for what is only known at run time.
HOLE = "\0"


@dataclass(frozen=True, slots=True)
class Port:
    """One input or output of a step.

    ``origin`` is where its name stands (the dict key in a config class, say); ``certain`` is false where the port exists only on
    some paths through the code; ``aliases`` are the other names that the project's own mapping gives it (its descriptor, the
    key in ``output_names``). ``pseudo`` marks what frameworks pass beside data (``dependencies``, ``enable_caching``).
    """

    name: str
    direction: Direction
    origin: Span
    description: str | None = None
    required: bool = True
    certain: bool = True
    pseudo: bool = False
    aliases: tuple[str, ...] = ()
    property_path: PathText | None = None


class Mechanism(str, Enum):
    """How a builder gives a property path."""

    CLASS_REGISTRY = "register_property_path"
    INSTANCE_REGISTRY = "register_instance_property_path"
    METHOD = "get_property_paths"
    OUTPUT_PROPERTIES = "OUTPUT_PROPERTIES"


@dataclass(frozen=True, slots=True)
class PathDeclaration:
    """One property path given to one output, by any of the mechanisms.

    ``step_type`` is the registry key for the class registry (None where it is unknown, or has no key), ``name`` the output it is
    given to (None if unknown), ``span`` the whole declaration and ``scope`` the qualified name of the function or class that
    holds it (``""`` at module level). ``order`` counts declarations in the order in which one module makes them.
    ``owners`` are the names (``Contract.name``) of the contracts that the declaration is meant for, ``component`` names the
    import-connected part of the project: registries of different components are different registries.
    """

    mechanism: Mechanism
    step_type: str | None
    name: str | None
    path: PathText | None
    span: Span
    scope: str
    order: int
    owners: tuple[str, ...] = ()
    component: str = ""


@dataclass(frozen=True, slots=True)
class StepMade:
    """The SDK step that a builder creates: ``kind`` names its step kind (``Training``), ``sdk_class`` its class, ``span`` the call.

    ``outputs`` are the names of the outputs that it is given; None where they are not all known.
    """

    kind: str
    sdk_class: str
    span: Span
    outputs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """What one step builder promises.

    ``name`` is the step's name: the registry's if there is one, else the class name less ``StepBuilder``/``Builder``; it need not
    be unique. ``kinds`` are the SDK step kinds it can make; empty if unknown. ``open_inputs``, ``open_outputs`` and ``open_paths``
    say why more ports or paths may exist than are listed (an unknown key, an absent base class); None if the list is closed.
    """

    name: str
    class_name: str
    module: str
    span: Span
    ports: tuple[Port, ...]
    paths: tuple[PathDeclaration, ...]
    made: tuple[StepMade, ...]
    open_inputs: str | None = None
    open_outputs: str | None = None
    open_paths: str | None = None
    made_unknown: str | None = None

    @property
    def inputs(self) -> tuple[Port, ...]:
        return tuple(p for p in self.ports if p.direction is Direction.INPUT)

    @property
    def outputs(self) -> tuple[Port, ...]:
        return tuple(p for p in self.ports if p.direction is Direction.OUTPUT)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted({m.kind for m in self.made})) if self.made_unknown is None else ()
