"""Contracts: what one step needs, what it provides, and under which property paths."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct

from contract_lint.model.evidence import UNTYPED, Typing
from contract_lint.model.script import Script
from contract_lint.model.span import Span


class Direction(str, Enum):
    INPUT = "input"
    OUTPUT = "output"


class PathText(Struct, frozen=True):
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


class Port(Struct, frozen=True):
    """One input or output of a step.

    ``origin`` is where its name stands (the dict key in a config class, say); ``certain`` is false where the port exists only on
    some paths through the code; ``aliases`` are the other names that the project's own mapping gives it (its descriptor, the
    key in ``output_names``). ``pseudo`` marks what frameworks pass beside data (``dependencies``, ``enable_caching``).
    ``typing`` is what is known of its type. ``external`` says, for an input, where its value comes from if no step gives one
    (``a default in the code``); ``sources`` are the steps that alone may feed it, None if any may, and
    ``fallback`` is what the code takes where nobody gives it; its text is None unless it is written out.
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
    typing: Typing = UNTYPED
    external: str | None = None
    sources: tuple[str, ...] | None = None
    fallback: Written | None = None


class Mechanism(str, Enum):
    """How a builder gives a property path."""

    CLASS_REGISTRY = "register_property_path"
    INSTANCE_REGISTRY = "register_instance_property_path"
    METHOD = "get_property_paths"
    OUTPUT_PROPERTIES = "OUTPUT_PROPERTIES"


class PathDeclaration(Struct, frozen=True):
    """One property path given to one output, by any of the mechanisms.

    ``step_type`` is the registry key for the class registry (None where it is unknown, or has no key), ``name`` the output it is
    given to (None if unknown), ``span`` the whole declaration and ``scope`` the qualified name of the function or class that
    holds it (``""`` at module level). ``order`` counts declarations in the order in which one module makes them.
    ``owners`` are the names (``Contract.name``) of the contracts that the declaration is meant for, ``component`` names the
    import-connected part of the project: registries of different components are different registries. ``registers`` is false for
    a call of a method that its class does not have: it fails, whatever it says.
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
    registers: bool = True


class Written(Struct, frozen=True):
    """A text that the code gives to the SDK, and where it stands; ``text`` is as in ``PathText``, None if nothing of it is known."""

    text: str | None
    span: Span

    @property
    def known(self) -> bool:
        return self.text is not None and HOLE not in self.text


class Mount(Struct, frozen=True):
    """One input or output of a processing job, or one channel of a training job: its name and its folder in the container."""

    name: Written
    container_path: Written


class Setting(Struct, frozen=True):
    """An environment variable or a hyperparameter that the code sets."""

    name: Written
    value: Written


class Launch(Struct, frozen=True):
    """How a step runs its script, as far as the code says.

    ``open_*`` say that more inputs, outputs, environment variables or arguments may be given than are listed. ``arguments`` are
    the words in order. Hyperparameters of a training job are arguments of the script: ``--name value``. ``environment_at`` and
    ``arguments_at`` are where the respective dict or list is written, or else the call that should be given it.
    ``script`` is the one that the entry point names, None if that is not known.
    """

    entry_point: Written | None
    source_dir: Written | None
    environment_at: Span
    arguments_at: Span
    inputs: tuple[Mount, ...] = ()
    outputs: tuple[Mount, ...] = ()
    environment: tuple[Setting, ...] = ()
    arguments: tuple[Written, ...] = ()
    hyperparameters: tuple[Setting, ...] = ()
    script: Script | None = None
    open_inputs: bool = True
    open_outputs: bool = True
    open_environment: bool = True
    open_arguments: bool = True


class StepMade(Struct, frozen=True):
    """The SDK step that a builder creates: ``kind`` names its step kind (``Training``), ``sdk_class`` its class, ``span`` the call.

    ``outputs`` are the names of the outputs that it is given; None where they are not all known.
    """

    kind: str
    sdk_class: str
    span: Span
    outputs: tuple[str, ...] | None = None
    launch: Launch | None = None


class Table(str, Enum):
    """Where a builder looks a name up."""

    INPUT_NAMES = "input_names"
    OUTPUT_NAMES = "output_names"
    INPUTS = "inputs"
    OUTPUTS = "outputs"


class NameUse(Struct, frozen=True):
    """A name that a builder looks up, in its configuration's names or in what ``create_step`` is given.

    ``demanded``: the builder fails without it (it is indexed, or a check raises when it is absent). ``validated``: it is
    ``validate_configuration`` that fails. ``span`` is where the name is written, ``scope`` the function that looks it up,
    ``fallback`` what it takes instead; its text is None unless it is written out. ``guarded``: the code goes on without it; false
    where it only takes what it gets, None where a check that may raise is not understood.
    """

    table: Table
    name: str
    span: Span
    scope: str
    demanded: bool
    validated: bool = False
    fallback: Written | None = None
    guarded: bool | None = False


class Sink(Struct, frozen=True):
    """An argument of the SDK that an input is given to: ``Transformer(model_name=…)`` at ``span``."""

    input: str
    sdk_class: str
    argument: str
    span: Span


class InputReference(Struct, frozen=True):
    """An input named where a step is made, ``builder.create_step(inputs={"name": …})``: ``span`` is the name's place.

    ``class_name`` and ``builder`` (the place of the class) say which builder is asked, ``declared`` are the names and aliases of all
    inputs that it declares, as it was constructed there.
    """

    name: str
    span: Span
    scope: str
    class_name: str
    builder: Span
    declared: tuple[str, ...]


class AttributeUse(Struct, frozen=True):
    """An attribute that a builder demands of its configuration, read without a guard or required by a check that raises."""

    name: str
    span: Span
    scope: str


class Named(Struct, frozen=True):
    """A name and where it is written."""

    name: str
    span: Span


class ConfigShape(Struct, frozen=True):
    """The configuration class of a builder.

    ``input_names`` and ``output_names`` are the keys of its defaults with the descriptors they map to; None where they are not
    known. ``attributes`` are all that its instances have; None where more may be inherited than is seen. ``methods`` are those of
    them that are no data.
    """

    name: str
    span: Span
    input_names: tuple[tuple[Named, str | None], ...] | None
    output_names: tuple[tuple[Named, str | None], ...] | None
    attributes: tuple[str, ...] | None
    methods: frozenset[str] = frozenset()


class MethodProblem(Struct, frozen=True):
    """A contract method that is missing (``got`` is None, ``span`` is its abstract declaration) or returns what is no mapping."""

    method: str
    span: Span
    got: str | None


class DuplicateKey(Struct, frozen=True):
    """A key that stands twice in one dict display of a contract or a configuration; the later one counts."""

    name: str
    span: Span
    first: Span
    scope: str


class Contract(Struct, frozen=True):
    """What one step builder promises.

    ``name`` is the step's name: the registry's if there is one, else the class name less ``StepBuilder``/``Builder``; it need not
    be unique. ``kinds`` are the SDK step kinds it can make; empty if unknown. ``open_inputs``, ``open_outputs`` and ``open_paths``
    say why more ports or paths may exist than are listed (an unknown key, an absent base class); None if the list is closed.

    ``name_uses`` and ``attribute_uses`` are what its methods look up; ``hands_inputs_on`` is true where the inputs go, as a whole,
    to code that is not followed. ``paths_looked_up`` are the step types under which ``get_property_paths`` looks (None if it
    looks in no registry, or that is not known), each with the place of the lookup. ``bases_seen``: all base classes are in the project.
    ``sinks`` are the arguments of the SDK that its inputs end up in. ``component`` names the import-connected part of the project
    that the builder belongs to. ``attaches``: it sets attributes of its own on the step that it makes, which later steps may read.
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
    config: ConfigShape | None = None
    name_uses: tuple[NameUse, ...] = ()
    attribute_uses: tuple[AttributeUse, ...] = ()
    problems: tuple[MethodProblem, ...] = ()
    hands_inputs_on: bool = True
    paths_looked_up: tuple[Named, ...] | None = None
    bases_seen: bool = False
    sinks: tuple[Sink, ...] = ()
    component: str = ""
    attaches: bool = False

    @property
    def inputs(self) -> tuple[Port, ...]:
        return tuple(p for p in self.ports if p.direction is Direction.INPUT)

    @property
    def outputs(self) -> tuple[Port, ...]:
        return tuple(p for p in self.ports if p.direction is Direction.OUTPUT)

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(sorted({m.kind for m in self.made})) if self.made_unknown is None else ()
