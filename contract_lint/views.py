"""The views that rules look at.

A new view is a frozen struct below ``View``, with a ``place`` (where a crash of a rule over it is reported); ``viewing`` says how
it is made from a project.
"""

from __future__ import annotations

from abc import abstractmethod

from msgspec import Struct

from contract_lint.model.contract import (
    AttributeUse,
    Contract,
    DuplicateKey,
    InputReference,
    Launch,
    MethodProblem,
    Named,
    NameUse,
    PathDeclaration,
    PathText,
    Port,
    StepMade,
)
from contract_lint.model.pipeline import Edge, Pipeline, Step
from contract_lint.model.project import (
    BuilderMap,
    Declarative,
    DocumentProblem,
    Project,
    RegistryLookup,
    UnknownFact,
    UnreadableFile,
    UnresolvedImport,
)
from contract_lint.model.script import Script
from contract_lint.model.sdk import Operation, Read, Reference, SdkObject, SdkPipeline, SdkScene, SdkStep
from contract_lint.model.span import Span, whole_file
from contract_lint.model.wiring import Binding, Wiring


class View(Struct, frozen=True):
    """What a rule looks at."""

    @property
    @abstractmethod
    def place(self) -> Span:
        """Where a reader would look for it."""


class DeclarationView(View, frozen=True):
    """One property path given to one output, with the contracts that it is meant for (none if unknown)."""

    declaration: PathDeclaration
    owners: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.declaration.span

    @property
    def kinds(self) -> tuple[str, ...]:
        """The step kinds that the path may be resolved on; empty if one of them is not known."""
        if not all(owner.kinds for owner in self.owners):
            return ()
        return tuple(sorted({kind for owner in self.owners for kind in owner.kinds}))

    @property
    def scope(self) -> str:
        return scope_of(self.declaration)


class RegistrationView(View, frozen=True):
    """All property paths given to one output name in any module of a component, sorted by place and order.

    ``given`` holds each with the contracts that it is meant for; ``builders`` are the contracts of the modules that give one.
    """

    name: str
    given: tuple[DeclarationView, ...]
    builders: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.given[0].declaration.span


class PathTextView(View, frozen=True):
    """One text written as a property path, with all that it is given to, and the placeholder names that the project fills."""

    path: PathText
    given: tuple[DeclarationView, ...]
    fillers: tuple[str, ...]

    @property
    def place(self) -> Span:
        return self.path.origin


class ContractView(View, frozen=True):
    """One contract."""

    contract: Contract

    @property
    def place(self) -> Span:
        return self.contract.span


class LaunchView(View, frozen=True):
    """One step that a builder makes, how it runs its script, and that script."""

    contract: Contract
    made: StepMade
    launch: Launch
    script: Script

    @property
    def place(self) -> Span:
        return self.made.span


class PortView(View, frozen=True):
    """One input or output, with the contracts that have it from this place."""

    port: Port
    contracts: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.port.origin


class NameUseView(View, frozen=True):
    """A name that contracts look up at one place.

    Each contract has one place for each name and table: where ``validate_configuration`` demands it, else where other code does,
    else where it is looked up first.
    """

    use: NameUse
    contracts: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.use.span


class NamingView(View, frozen=True):
    """The names of contracts against those of their configurations: one that is looked up, or the outputs of one contract.

    ``use`` is the name that is looked up, with contracts as in ``NameUseView``; None for the outputs as a whole.
    """

    contracts: tuple[Contract, ...]
    use: NameUse | None

    @property
    def place(self) -> Span:
        return self.use.span if self.use is not None else self.contracts[0].span


class AttributeView(View, frozen=True):
    """An attribute that contracts demand of their configurations; each contract has one place for each attribute, the first."""

    use: AttributeUse
    contracts: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.use.span


class ProblemView(View, frozen=True):
    """Something wrong with a method of the contract, and the contracts that have it from this place."""

    problem: MethodProblem
    contracts: tuple[Contract, ...]

    @property
    def place(self) -> Span:
        return self.problem.span


class PathLookupView(View, frozen=True):
    """A place where ``get_property_paths`` looks in a registry, with the contracts that have it from there and look there alone.

    ``strays`` are registrations of the same component whose step type is only known at run time.
    """

    span: Span
    contracts: tuple[Contract, ...]
    strays: tuple[PathDeclaration, ...]

    @property
    def place(self) -> Span:
        return self.span


class DuplicateKeyView(View, frozen=True):
    """One key that stands twice in a dict display."""

    duplicate: DuplicateKey

    @property
    def place(self) -> Span:
        return self.duplicate.span


class MappedBuilder(Struct, frozen=True):
    """One entry of a dict from step names to builder classes; ``contract`` is what the class promises, None if that is not known."""

    map: BuilderMap
    key: Named
    builder: str
    contract: Contract | None


class MappedNameView(View, frozen=True):
    """One step name, with the entries of all dicts from step names to builder classes that have it as a key, sorted by place."""

    name: str
    entries: tuple[MappedBuilder, ...]

    @property
    def place(self) -> Span:
        return self.entries[0].key.span


class LookupView(View, frozen=True):
    """One key looked up in a registry of step names, by the contracts of one module that look it up.

    ``lookup`` is the first place, ``others`` are the further ones.
    """

    lookup: RegistryLookup
    others: tuple[RegistryLookup, ...] = ()
    contracts: tuple[Contract, ...] = ()

    @property
    def place(self) -> Span:
        return self.lookup.span


class ReferenceView(View, frozen=True):
    """One input that is named where a step is made, and the contract of the builder that makes it."""

    reference: InputReference
    contract: Contract

    @property
    def place(self) -> Span:
        return self.reference.span


class PipelineView(View, frozen=True):
    """One pipeline, with what became of the inputs of its steps."""

    wiring: Wiring

    @property
    def pipeline(self) -> Pipeline:
        return self.wiring.pipeline

    @property
    def place(self) -> Span:
        return self.wiring.pipeline.span


class BindingView(View, frozen=True):
    """One input of a step of a pipeline, and what became of it."""

    wiring: Wiring
    step: Step
    binding: Binding

    @property
    def place(self) -> Span:
        """Where the code gives the input, else where the pipeline has the edge that it came over, else where it names the step."""
        if self.binding.given is not None:
            return self.binding.given.span
        return self.edge.span if self.edge is not None else self.step.span

    @property
    def producer(self) -> Step | None:
        """The step that feeds it."""
        return self.wiring.step(self.binding.chosen.step) if self.binding.chosen is not None else None

    @property
    def edge(self) -> Edge | None:
        """The edge from the producer, if the pipeline has one."""
        chosen = self.binding.chosen
        return self.wiring.edge(chosen.step, self.step.name) if chosen is not None else None


class StepView(View, frozen=True):
    """One step of a pipeline; ``map`` is the dict of builders in which its builder is looked for in vain, if it is."""

    wiring: Wiring
    step: Step
    map: BuilderMap | None = None

    @property
    def place(self) -> Span:
        return self.step.span


class ExistenceView(View, frozen=True):
    """One input of a builder that is in no pipeline: whether anything in the project could feed it.

    ``outputs`` are the names of what the other builders of its component provide, and no input is called like.
    """

    contract: Contract
    binding: Binding
    outputs: tuple[str, ...]

    @property
    def place(self) -> Span:
        return self.binding.input.origin


class SdkPipelineView(View, frozen=True):
    """One pipeline of plain SDK code, with all that its scene makes."""

    pipeline: SdkPipeline
    scene: SdkScene

    @property
    def place(self) -> Span:
        return self.pipeline.span


class SdkStepView(View, frozen=True):
    """One step of plain SDK code, and the pipelines that have it.

    ``placed``: some pipeline of the project, or of another way through the code, has a step of this name that is made at this place.
    """

    step: SdkStep
    scene: SdkScene
    pipelines: tuple[SdkPipeline, ...]
    placed: bool = False

    @property
    def place(self) -> Span:
        return self.step.span

    @property
    def object(self) -> SdkObject:
        """What the step was made with."""
        return self.scene.objects[self.step.number]


class SdkObjectView(View, frozen=True):
    """One object that the SDK made, or what a method of one returned."""

    object: SdkObject
    scene: SdkScene

    @property
    def place(self) -> Span:
        return self.object.span


class PropertyReadView(View, frozen=True):
    """A place where code reads below ``.properties`` of a step, as far as it goes; ``steps`` are those that it may be.

    ``references`` are the uses of what is read by steps of pipelines.
    """

    read: Read
    span: Span
    steps: tuple[SdkStep, ...]
    scene: SdkScene
    references: tuple[Reference, ...]
    scope: str

    @property
    def place(self) -> Span:
        return self.span


class OperationView(View, frozen=True):
    """Something that Python does to an object of the SDK, or to what is read of one."""

    operation: Operation
    scene: SdkScene

    @property
    def place(self) -> Span:
        return self.operation.span


class ImportView(View, frozen=True):
    """One import of the project's own modules that leads nowhere."""

    unresolved: UnresolvedImport

    @property
    def place(self) -> Span:
        return self.unresolved.span


class FileView(View, frozen=True):
    """One file that could not be read or parsed."""

    unreadable: UnreadableFile

    @property
    def place(self) -> Span:
        return self.unreadable.span


class DocumentView(View, frozen=True):
    """Something wrong with a document that is a pipeline, or is named as one."""

    problem: DocumentProblem

    @property
    def place(self) -> Span:
        return self.problem.span


class DeclarativeView(View, frozen=True):
    """One pipeline that is written as data."""

    declarative: Declarative

    @property
    def place(self) -> Span:
        return self.declarative.span


class UnknownView(View, frozen=True):
    """One fact that stayed unknown."""

    fact: UnknownFact

    @property
    def place(self) -> Span:
        return self.fact.span


class ProjectView(View, frozen=True):
    """The whole project."""

    project: Project

    @property
    def place(self) -> Span:
        return min((contract.span for contract in self.project.contracts), default=whole_file("."))


class CrashView(View, frozen=True):
    """One rule that crashed: ``trace`` is the last line of the traceback inside the rule, ``places`` where it was looking."""

    rule: str
    name: str
    exception: str
    trace: str
    places: tuple[Span, ...]

    @property
    def place(self) -> Span:
        return self.places[0]


def scope_of(declaration: PathDeclaration) -> str:
    """The anchor's scope of a declaration: its only owner, else what holds it, else its module."""
    if len(declaration.owners) == 1:
        return declaration.owners[0]
    return declaration.scope or declaration.span.path
