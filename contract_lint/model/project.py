"""What the frontends found in a project: the only thing that rules, reports and commands look at."""

from __future__ import annotations

from msgspec import Struct

from contract_lint.model.contract import Contract, DuplicateKey, InputReference, Named, PathDeclaration
from contract_lint.model.sdk import SdkScene
from contract_lint.model.span import Span
from contract_lint.model.wiring import Binding, Wiring


class UnknownFact(Struct, frozen=True):
    """Something that stayed unknown: ``reason`` is a short kebab-case code, ``subject`` what it would have told."""

    reason: str
    span: Span
    subject: str


class RegistryLookup(Struct, frozen=True):
    """A key looked up in a registry of step names whose keys are all known.

    ``key`` is looked up at ``span``; ``registry`` names it, ``registry_span`` is where it is written, ``keys`` all it holds.
    """

    key: str
    span: Span
    scope: str
    registry: str
    registry_span: Span
    keys: tuple[str, ...]


class BuilderMap(Struct, frozen=True):
    """A dict from step names to builder classes.

    ``registered`` are the step names that the project's registries of configurations know; None if there is no such registry, or
    its names are not all known. ``registry`` is where that registry is written.
    """

    name: str
    span: Span
    entries: tuple[Named, ...]
    builders: tuple[str, ...]
    registered: tuple[str, ...] | None
    registry: Span | None


class UnresolvedImport(Struct, frozen=True):
    """An import of this project's own modules that leads nowhere.

    ``name`` is None where the module itself is missing; ``near`` are names that exist there.
    """

    module: str
    name: str | None
    span: Span
    candidates: tuple[str, ...]
    target: Span | None


class UnreadableFile(Struct, frozen=True):
    """A file that could not be parsed (``rule`` CL001) or read (CL002)."""

    rule: str
    span: Span
    message: str


class DocumentProblem(Struct, frozen=True):
    """Something wrong with a document that is a pipeline, or is named as one: ``rule`` (CL011 to CL014) tells what.

    ``subject`` is the key or part that is meant, ``help`` what to do, ``related`` are other places, each with what stands there.
    """

    rule: str
    span: Span
    subject: str
    message: str
    help: str | None = None
    related: tuple[tuple[Span, str], ...] = ()


class ParameterUse(Struct, frozen=True):
    """A parameter that a step of a declarative pipeline takes a value from: ``${parameters.name}`` at ``span``."""

    name: str
    span: Span
    step: str


class UnknownType(Struct, frozen=True):
    """A step whose type no builder of the project has; ``types`` are those that they have.

    ``others_known``: the types of other steps of the pipeline are builders of the project.
    """

    step: str
    type: Named
    types: tuple[str, ...]
    others_known: bool


class UnknownOutput(Struct, frozen=True):
    """An output that a declarative step lists, and that its builder certainly does not have."""

    step: str
    output: Named
    builder: str
    builder_at: Span
    known: tuple[str, ...]


class Declarative(Struct, frozen=True):
    """What a declarative pipeline says beyond its graph. ``parameters`` are those that it declares; None if they cannot be read."""

    pipeline: str
    span: Span
    parameters: tuple[Named, ...] | None = ()
    uses: tuple[ParameterUse, ...] = ()
    types: tuple[UnknownType, ...] = ()
    outputs: tuple[UnknownOutput, ...] = ()


class SkippedClass(Struct, frozen=True):
    """A class that looked like a builder and was not taken for one, with the reason (for ``files``)."""

    name: str
    span: Span
    reason: str


class Coverage(Struct, frozen=True):
    """What was done: the proof of work in the summary.

    ``scanned`` files were looked at for telling words, ``parsed`` were parsed; ``ports`` and ``known_ports`` count the ports that
    were asked for and those whose name is known.
    """

    scanned: int
    parsed: int
    ports: int
    known_ports: int


class Existence(Struct, frozen=True):
    """One input of a contract that is in no pipeline: ``binding`` tells whether anything in the project could feed it."""

    contract: Contract
    binding: Binding


class Project(Struct, frozen=True):
    """All facts. ``fillers`` are the placeholder names that some code of the project fills in (``.format(output_descriptor=…)``,

    ``.replace("{output_descriptor}", …)``). ``wirings`` are the pipelines, each with what became of its inputs,
    ``existence`` the inputs of contracts that are in none. ``scenes`` hold what plain SDK code makes. ``declaratives`` are pipelines that
    are written as data, ``problems`` what is wrong with such documents.
    """

    contracts: tuple[Contract, ...]
    declarations: tuple[PathDeclaration, ...]
    lookups: tuple[RegistryLookup, ...]
    unresolved_imports: tuple[UnresolvedImport, ...]
    unreadable: tuple[UnreadableFile, ...]
    unknowns: tuple[UnknownFact, ...]
    skipped: tuple[SkippedClass, ...]
    coverage: Coverage
    builder_maps: tuple[BuilderMap, ...] = ()
    duplicate_keys: tuple[DuplicateKey, ...] = ()
    fillers: tuple[str, ...] = ()
    references: tuple[InputReference, ...] = ()
    wirings: tuple[Wiring, ...] = ()
    existence: tuple[Existence, ...] = ()
    scenes: tuple[SdkScene, ...] = ()
    problems: tuple[DocumentProblem, ...] = ()
    declaratives: tuple[Declarative, ...] = ()
