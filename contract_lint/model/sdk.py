"""Plain SageMaker SDK code: the objects that it makes, what they were given, and the pipelines that they belong to.

Everything here is a frozen copy of what the evaluator knew at the end of one scene (a module, or a function that nobody calls):
objects are numbered in the order in which the code makes them, and refer to each other by these numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct, field

from contract_lint.model.span import Span


class Literal(Struct, frozen=True):
    """A constant; ``soft`` where it is a default that a caller may replace."""

    value: bool | int | float | str | bytes | None
    span: Span | None = None
    soft: bool = False


class Pieces(Struct, frozen=True):
    """A text of which some parts (None) are only known at run time.

    ``holes`` tell apart what stands there, one for each such part: equal ones are the same object; None where nothing is known of it.
    """

    parts: tuple[str | None, ...]
    span: Span | None = None
    holes: tuple[str | None, ...] = ()


class Member(Struct, frozen=True):
    """What a list or dict holds; ``must`` is false where it is there on some paths only, ``key`` is None in lists.

    ``span`` is where the code names it in the list; only the parameters of pipelines have one.
    """

    value: SdkValue
    must: bool = True
    key: SdkValue | None = None
    span: Span | None = None


class Listing(Struct, frozen=True):
    """A list, tuple or set; ``open`` says why it may hold more."""

    members: tuple[Member, ...]
    open: str | None = None
    kind: str = "list"
    span: Span | None = None


class Mapped(Struct, frozen=True):
    """A dict; ``open`` says why it may hold more."""

    members: tuple[Member, ...]
    open: str | None = None
    span: Span | None = None


class Made(Struct, frozen=True):
    """The object with this number."""

    number: int


#: The last step of a step collection, whose properties the collection has as its own.
LAST_STEP = ".steps[-1]"


class Read(Struct, frozen=True):
    """What is read of an object: ``train.properties.ModelArtifacts`` is ``.properties.ModelArtifacts`` of ``train``.

    ``path`` starts with a dot; a hole in it stands for an index that is only known at run time.
    """

    of: int
    path: str
    span: Span | None = None

    @property
    def property_path(self) -> str | None:
        """The path below ``.properties``, empty for all of them; None where something else is read."""
        own = self.path.removeprefix(LAST_STEP)
        rest = own.removeprefix(".properties")
        return rest.removeprefix(".") if rest != own and rest[:1] in ("", ".", "[") else None


class Named(Struct, frozen=True):
    """Something of which only the name counts: a class or function from outside (``sagemaker.…``), or one of the project's own.

    ``what`` is ``external``, ``function``, ``class`` or ``instance``.
    """

    name: str
    what: str
    span: Span | None = None


class Hidden(Struct, frozen=True):
    """A value that is not known, and why."""

    reason: str
    span: Span | None = None


class Either(Struct, frozen=True):
    """One of several values."""

    values: tuple[SdkValue, ...]


SdkValue: TypeAlias = Literal | Pieces | Listing | Mapped | Made | Read | Named | Hidden | Either

NOTHING = Literal(None)


def is_none(value: SdkValue | None) -> bool:
    """Whether a value is certainly None, or is not there at all."""
    return value is None or (isinstance(value, Literal) and value.value is None)


def options(value: SdkValue) -> tuple[SdkValue, ...]:
    """The values that it may be."""
    return value.values if isinstance(value, Either) else (value,)


#: Functions that give another value each time.
CLOCKS = (
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.strftime",
    "time.gmtime",
    "time.localtime",
    "time.ctime",
    "uuid.uuid1",
    "uuid.uuid4",
)


def clock_in(name: str) -> str | None:
    """The function that gives another value each time, of the name of what was made with it: ``datetime.datetime.now().isoformat()``."""
    return next((clock for clock in CLOCKS if name.startswith(f"{clock}()")), None)


PIPELINE_PARAMETERS = frozenset({"ParameterString", "ParameterInteger", "ParameterFloat", "ParameterBoolean"})


class SdkObject(Struct, frozen=True):
    """An object that the SDK made: of a class of its own, or what a method of one returned.

    ``callee`` is the dotted name as it was imported (``sagemaker.workflow.steps.ProcessingStep``,
    ``sagemaker.processing.ScriptProcessor().run``), ``name`` the class or function without its module, ``method`` the method.
    ``arguments`` are by name, positional ones too; ``extra`` are positional ones without a known name. ``open``: why more may have been
    given. ``attributes`` were set later. ``receiver`` is the object whose method it came from. ``scope`` is the qualified name of the
    function that made it; ``must`` is false where that happens on some paths only.
    """

    number: int
    callee: str
    name: str
    span: Span
    arguments: Mapping[str, SdkValue] = field(default_factory=lambda: MappingProxyType({}))
    extra: tuple[SdkValue, ...] = ()
    attributes: Mapping[str, SdkValue] = field(default_factory=lambda: MappingProxyType({}))
    method: str | None = None
    receiver: SdkValue | None = None
    open: str | None = None
    scope: str = ""
    must: bool = True

    def get(self, name: str) -> SdkValue | None:
        """What it has under a name: set later, or given."""
        return self.attributes.get(name, self.arguments.get(name))

    @property
    def is_v3(self) -> bool:
        """Whether the class is one of the SDK's third version (by where it was imported from)."""
        return self.callee.startswith(("sagemaker.core.", "sagemaker.mlops.", "sagemaker.train.", "sagemaker.serve."))

    @property
    def given(self) -> tuple[SdkValue, ...]:
        """All arguments of the call that made it."""
        return (*self.arguments.values(), *self.extra)

    @property
    def parts(self) -> tuple[SdkValue, ...]:
        """All that it holds: what it was given, what was set later, and what its method was called on."""
        return (*self.given, *self.attributes.values(), *((self.receiver,) if self.receiver is not None else ()))

    def place_of(self, value: SdkValue | None) -> Span:
        """Where an argument is written, if it stands in the call, else the call."""
        span: Span | None = getattr(value, "span", None)
        return span if span is not None and span.is_within(self.span) else self.span

    @property
    def is_pipeline(self) -> bool:
        """Whether it is a pipeline."""
        return self.method is None and self.name == "Pipeline" and ".workflow" in self.callee

    @property
    def is_parameter(self) -> bool:
        """Whether it is a parameter of pipelines; tuning jobs have others."""
        return self.method is None and self.name in PIPELINE_PARAMETERS and ".workflow" in self.callee


class Operation(Struct, frozen=True):
    """Something that Python does to an object of the SDK, or to what is read of one: ``kind`` and ``what`` as the evaluator names them.

    ``operand_span`` is where the operand stands, if that is known.
    """

    kind: str
    what: str
    operand: SdkValue
    others: tuple[SdkValue, ...]
    span: Span
    scope: str
    certain: bool
    operand_span: Span | None = None


class SdkPort(Struct, frozen=True):
    """An input or output of a step: ``name`` is None where it is not known, ``number`` the object that declares it, if one does.

    ``given`` is what an input takes; ``automatic`` says that the SDK makes up the name (``output-1``) or the port (``code``).
    """

    name: str | None
    span: Span
    number: int | None = None
    given: SdkValue | None = None
    automatic: bool = False
    must: bool = True


class Dependency(Struct, frozen=True):
    """One entry of ``depends_on`` or ``add_depends_on``."""

    value: SdkValue
    span: Span
    must: bool = True


class SdkStep(Struct, frozen=True):
    """A step: ``number`` is its object.

    ``names`` are those that it has in the compiled pipeline, more than one for what the SDK calls a step collection; none where they are
    not known. ``name`` is what the code calls it. ``kinds`` are the kinds of step that its ``.properties`` may be. ``source`` is the
    object given as ``step_args``, ``runner`` what that came from: a processor, an estimator, a model. The ``open_…`` say why there may be
    more.
    """

    number: int
    sdk_class: str
    name: str | None
    span: Span
    names: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    inputs: tuple[SdkPort, ...] = ()
    outputs: tuple[SdkPort, ...] = ()
    property_files: tuple[Member, ...] = ()
    depends_on: tuple[Dependency, ...] = ()
    source: int | None = None
    runner: int | None = None
    open_inputs: str | None = None
    open_outputs: str | None = None
    open_property_files: str | None = None
    open_depends_on: str | None = None


class Placed(Struct, frozen=True):
    """A step in a pipeline: ``branches`` are the conditions around it, outermost first, each with ``if`` or ``else``.

    ``listed`` is false for one that the SDK takes in because another refers to it. ``must`` is false where it is there on some paths.
    """

    number: int
    branches: tuple[tuple[int, str], ...] = ()
    listed: bool = True
    must: bool = True

    def shares_path_with(self, other: Placed) -> bool:
        """Whether both can run in one execution, as far as the conditions tell."""
        taken = dict(self.branches)
        return all(taken.get(condition, side) == side for condition, side in other.branches)


class Reference(Struct, frozen=True):
    """A step that reads a property or output of another.

    ``consumer`` and ``producer`` are numbers of steps; ``read`` is what is read. ``sdk_class`` and ``argument`` say what takes it, the
    innermost object first found. ``certain`` is false where it is one of several values, or given on some paths only.
    """

    consumer: int
    producer: int
    read: Read
    sdk_class: str
    argument: str
    span: Span
    certain: bool = True


class Wait(Struct, frozen=True):
    """An entry of ``depends_on`` as a pipeline has it: ``consumer`` waits for ``producer``, both numbers of steps.

    ``name`` is the text, where the step is given by name; ``producer`` is None where no step of the pipeline has it.
    """

    consumer: int
    producer: int | None
    span: Span
    name: str | None = None
    certain: bool = True


class VariableUse(Struct, frozen=True):
    """A parameter or ``JsonGet`` (``number``) that a pipeline holds: ``consumer`` is the step that does, None for the pipeline itself.

    ``sdk_class`` and ``argument`` are the innermost that take it. ``certain``: it is surely part of the pipeline's definition.
    """

    number: int
    consumer: int | None
    sdk_class: str
    argument: str
    span: Span
    certain: bool


class Stray(Struct, frozen=True):
    """A reference that the code spells out, to a step by a name (``step``) that no step of the pipeline has; ``consumer`` holds it."""

    consumer: int
    step: str
    path: str
    sdk_class: str
    argument: str
    span: Span
    certain: bool = True


class SdkPipeline(Struct, frozen=True):
    """One ``Pipeline(…)`` of a scene; the ``open_…`` say why there may be more of each.

    ``parameters`` are the members of the list as it is given, ``uses`` the parameters and ``JsonGet`` that its steps hold.
    ``waits`` is the order that ``depends_on`` makes, ``again`` are further places of steps that ``steps`` have already, ``strays``
    are references that the code spells out and that lead nowhere.
    """

    number: int
    name: str
    span: Span
    steps: tuple[Placed, ...]
    references: tuple[Reference, ...] = ()
    parameters: tuple[Member, ...] = ()
    uses: tuple[VariableUse, ...] = ()
    open_steps: str | None = None
    open_parameters: str | None = None
    open_uses: str | None = None
    waits: tuple[Wait, ...] = ()
    again: tuple[Placed, ...] = ()
    strays: tuple[Stray, ...] = ()


class SdkScene(Struct, frozen=True):
    """What one module, or one function that nobody calls, makes: ``objects`` by number, ``own`` those that it made itself, in order.

    ``objects`` and ``steps`` hold what other scenes made as well, where it can be reached from here. ``given_away`` are objects that
    calls outside of the SDK were given: what became of them is not known. ``held`` are those that
    lists, dicts or instances hold, that the function returns, or that any call outside of the SDK was given. ``unplaced_uses`` are the
    variables of steps that are in no pipeline. ``moments`` are the places where a value is made of what the clock or a random identifier
    gave, with the function that was asked.
    """

    objects: Mapping[int, SdkObject]
    own: tuple[int, ...]
    steps: Mapping[int, SdkStep] = field(default_factory=lambda: MappingProxyType({}))
    pipelines: tuple[SdkPipeline, ...] = ()
    operations: tuple[Operation, ...] = ()
    given_away: frozenset[int] = frozenset()
    unplaced_uses: tuple[VariableUse, ...] = ()
    moments: Mapping[Span, str] = field(default_factory=lambda: MappingProxyType({}))
    held: frozenset[int] = frozenset()

    @property
    def path(self) -> str:
        """The file of the first object that it made."""
        return self.objects[self.own[0]].span.path if self.own else ""

    def object(self, value: SdkValue | int | None) -> SdkObject | None:
        """The object that a value is."""
        number = value.number if isinstance(value, Made) else value
        return self.objects.get(number) if isinstance(number, int) else None

    def resolve(self, value: SdkValue | None) -> SdkValue | None:
        """The value, with what is read of an object replaced by what that object was given under the name."""
        if isinstance(value, Read) and "." not in value.path[1:] and "[" not in value.path:
            owner = self.objects.get(value.of)
            found = owner.get(value.path[1:]) if owner is not None else None
            return self.resolve(found) if found is not None else value
        return value

    def text(self, value: SdkValue | None) -> str | None:
        """The text that a value certainly is."""
        found = self.resolve(value)
        return found.value if isinstance(found, Literal) and isinstance(found.value, str) else None

    def moment(self, value: SdkValue | None) -> str | None:
        """The function of the clock, or of random identifiers, that a value comes from."""
        named = clock_in(value.name) if isinstance(value, Named) and value.what == "external" else None
        if named is not None:
            return named
        span: Span | None = value.span if isinstance(value, (Pieces, Hidden, Named)) else None
        return self.moments.get(span) if span is not None else None

    def inside(self, value: SdkValue) -> Iterator[SdkValue]:
        """All values in a value, itself first: members of lists and dicts, and one of several; objects are not entered."""
        yield value
        if isinstance(value, Either):
            for one in value.values:
                yield from self.inside(one)
        elif isinstance(value, (Listing, Mapped)):
            for member in value.members:
                if member.key is not None:
                    yield from self.inside(member.key)
                yield from self.inside(member.value)
