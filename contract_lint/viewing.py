"""How the views that rules look at are made from a project: one function for each, in ``MAKERS``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from msgspec.structs import replace

from contract_lint.model.contract import AttributeUse, Contract, Mechanism, NameUse, PathDeclaration, PathText, Table
from contract_lint.model.pipeline import Lack
from contract_lint.model.project import Project, RegistryLookup
from contract_lint.model.sdk import Operation, Read, Reference, SdkPipeline
from contract_lint.model.span import Span
from contract_lint.views import (
    AttributeView,
    BindingView,
    ContractView,
    DeclarationView,
    DeclarativeView,
    DocumentView,
    DuplicateKeyView,
    ExistenceView,
    FileView,
    ImportView,
    LaunchView,
    LookupView,
    MappedBuilder,
    MappedNameView,
    NameUseView,
    NamingView,
    OperationView,
    PathLookupView,
    PathTextView,
    PipelineView,
    PortView,
    ProblemView,
    ProjectView,
    PropertyReadView,
    ReferenceView,
    RegistrationView,
    SdkObjectView,
    SdkPipelineView,
    SdkStepView,
    StepView,
    UnknownView,
    View,
)


def views_of(kind: type[View], project: Project) -> Iterator[View]:
    """All views of one kind, in a fixed order."""
    maker = MAKERS.get(kind)
    return iter(maker(project)) if maker is not None else iter(())


def _declaration_views(project: Project) -> Iterator[View]:
    """A statement that is made for several step types is not seen as nobody's where it is somebody's."""
    views = _owned_declarations(project)
    owned = {_statement(view.declaration) for view in views if view.owners}
    yield from (view for view in views if view.owners or _statement(view.declaration) not in owned)


def _statement(declaration: PathDeclaration) -> Hashable:
    return declaration.mechanism, declaration.name, declaration.path, declaration.span


def _owned_declarations(project: Project) -> list[DeclarationView]:
    by_name: dict[str, list[Contract]] = defaultdict(list)
    holders: dict[tuple[str, PathDeclaration], list[Contract]] = defaultdict(list)
    for contract in project.contracts:
        by_name[contract.name].append(contract)
        for path in contract.paths:
            holders[contract.name, path].append(contract)
    views: list[DeclarationView] = []
    for declaration in _declarations(project):
        owners = [holders.get((owner, declaration)) or by_name[owner] for owner in declaration.owners]
        views.append(DeclarationView(declaration, tuple(contract for group in owners for contract in group)))
    return views


def _registration_views(project: Project) -> Iterator[View]:
    groups: dict[tuple[str, str], list[DeclarationView]] = defaultdict(list)
    for view in _owned_declarations(project):
        if view.declaration.name is not None:
            groups[view.declaration.name, view.declaration.component].append(view)
    by_module: dict[str, list[Contract]] = defaultdict(list)
    for contract in _sorted(project.contracts):
        by_module[contract.span.path].append(contract)
    for (name, _), given in sorted(groups.items(), key=lambda group: group[0]):
        modules = sorted({view.declaration.span.path for view in given})
        yield RegistrationView(name, tuple(given), tuple(contract for module in modules for contract in by_module[module]))


def _path_text_views(project: Project) -> Iterator[View]:
    groups: dict[PathText, list[DeclarationView]] = defaultdict(list)
    for view in _owned_declarations(project):
        if view.declaration.path is not None:
            groups[view.declaration.path].append(view)
    for path, given in sorted(groups.items(), key=lambda group: (group[0].origin, group[0].text)):
        yield PathTextView(path, tuple(given), project.fillers)


def _declarations(project: Project) -> list[PathDeclaration]:
    """Every declaration once, those that only contracts hold included, sorted by module, order and place."""
    found = dict.fromkeys(project.declarations)
    found.update(dict.fromkeys(path for contract in project.contracts for path in contract.paths))
    return sorted(found, key=lambda d: (d.span.path, d.order, d.span, d.step_type or "", d.name or ""))


def _sorted(contracts: Iterable[Contract]) -> list[Contract]:
    return sorted(contracts, key=lambda c: (c.span, c.name, c.class_name))


def _contract_views(project: Project) -> Iterable[View]:
    return map(ContractView, _sorted(project.contracts))


F = TypeVar("F", bound=Hashable)


def _by_source(project: Project, facts: Callable[[Contract], Iterable[F]]) -> Iterator[tuple[F, tuple[Contract, ...]]]:
    """Each fact once, with all contracts that have it: what many classes inherit has one place."""
    held: dict[F, list[Contract]] = defaultdict(list)
    for contract in _sorted(project.contracts):
        for fact in dict.fromkeys(facts(contract)):
            held[fact].append(contract)
    for fact, contracts in held.items():
        yield fact, tuple(contracts)


def _port_views(project: Project) -> list[PortView]:
    views = [PortView(port, contracts) for port, contracts in _by_source(project, lambda contract: contract.ports)]
    return sorted(views, key=lambda view: (view.place, view.port.direction.value, view.port.name))


def _name_use_views(project: Project) -> list[NameUseView]:
    views = [NameUseView(use, contracts) for use, contracts in _by_source(project, _strongest)]
    return sorted(views, key=lambda view: (view.place, view.use.table.value, view.use.name))


def _naming_views(project: Project) -> Iterator[View]:
    yield from (NamingView(view.contracts, view.use) for view in _name_use_views(project))
    yield from (NamingView((contract,), None) for contract in _sorted(project.contracts) if contract.outputs)


def _strongest(contract: Contract) -> Iterable[NameUse]:
    chosen: dict[tuple[Table, str], NameUse] = {}
    for use in sorted(contract.name_uses, key=lambda use: (not use.demanded, not use.validated, use.span)):
        chosen.setdefault((use.table, use.name), use)
    return chosen.values()


def _attribute_views(project: Project) -> list[AttributeView]:
    views = [AttributeView(use, contracts) for use, contracts in _by_source(project, _first)]
    return sorted(views, key=lambda view: (view.place, view.use.name))


def _first(contract: Contract) -> Iterable[AttributeUse]:
    chosen: dict[str, AttributeUse] = {}
    for use in sorted(contract.attribute_uses, key=lambda use: use.span):
        chosen.setdefault(use.name, use)
    return chosen.values()


def _problem_views(project: Project) -> list[ProblemView]:
    views = [ProblemView(problem, contracts) for problem, contracts in _by_source(project, lambda contract: contract.problems)]
    return sorted(views, key=lambda view: (view.place, view.problem.method, view.problem.got or ""))


def _path_lookup_views(project: Project) -> Iterator[View]:
    strays = [d for d in _declarations(project) if d.mechanism is Mechanism.CLASS_REGISTRY and d.step_type is None]
    for span, contracts in sorted(_by_source(project, _lookup_place), key=lambda found: found[0]):
        components = {path.component for contract in contracts for path in contract.paths}
        yield PathLookupView(span, contracts, tuple(stray for stray in strays if stray.component in components))


def _lookup_place(contract: Contract) -> Iterable[Span]:
    """The first lookup stands for all that one contract makes."""
    return (min(found.span for found in contract.paths_looked_up),) if contract.paths_looked_up else ()


def _duplicate_key_views(project: Project) -> Iterable[View]:
    return map(DuplicateKeyView, sorted(project.duplicate_keys, key=lambda duplicate: (duplicate.span, duplicate.name)))


def _mapped_name_views(project: Project) -> Iterator[View]:
    by_class: dict[str, list[Contract]] = defaultdict(list)
    for contract in project.contracts:
        by_class[contract.class_name].append(contract)
    by_name: dict[str, list[MappedBuilder]] = defaultdict(list)
    for found in sorted(project.builder_maps, key=lambda found: (found.span, found.name)):
        for key, builder in zip(found.entries, found.builders, strict=True):
            named = by_class[builder]
            by_name[key.name].append(MappedBuilder(found, key, builder, named[0] if len(named) == 1 else None))
    views = [MappedNameView(name, tuple(sorted(entries, key=lambda entry: entry.key.span))) for name, entries in by_name.items()]
    yield from sorted(views, key=lambda view: (view.place, view.name))


def _lookup_views(project: Project) -> Iterator[View]:
    by_module: dict[str, list[Contract]] = defaultdict(list)
    for contract in _sorted(project.contracts):
        by_module[contract.span.path].append(contract)
    held: dict[tuple[str, RegistryLookup, tuple[Contract, ...]], list[RegistryLookup]] = defaultdict(list)
    for lookup in sorted(project.lookups, key=lambda lookup: (lookup.span, lookup.key, lookup.registry)):
        contracts = _lookers(lookup, by_module[lookup.span.path])
        held[lookup.span.path, replace(lookup, span=lookup.registry_span, scope=""), contracts].append(lookup)
    for (_, _, contracts), (first, *others) in held.items():
        yield LookupView(first, tuple(others), contracts)


def _lookers(lookup: RegistryLookup, there: Sequence[Contract]) -> tuple[Contract, ...]:
    """The contracts of the class that holds the lookup; outside of builders, all that its module has."""
    holder = lookup.scope.partition(".")[0]
    return tuple(contract for contract in there if contract.class_name == holder) or tuple(there)


def _import_views(project: Project) -> Iterable[View]:
    return map(ImportView, sorted(project.unresolved_imports, key=lambda found: (found.span, found.module, found.name or "")))


def _file_views(project: Project) -> Iterable[View]:
    return map(FileView, sorted(project.unreadable, key=lambda file: (file.span, file.rule, file.message)))


def _document_views(project: Project) -> Iterable[View]:
    return map(DocumentView, project.problems)


def _declarative_views(project: Project) -> Iterable[View]:
    return map(DeclarativeView, project.declaratives)


def _project_views(project: Project) -> Iterable[View]:
    return (ProjectView(project),)


def _launch_views(project: Project) -> Iterator[View]:
    for contract in _sorted(project.contracts):
        for made in contract.made:
            if made.launch is not None and made.launch.script is not None:
                yield LaunchView(contract, made, made.launch, made.launch.script)


def _unknown_views(project: Project) -> Iterable[View]:
    return map(UnknownView, sorted(project.unknowns, key=lambda fact: (fact.span, fact.subject, fact.reason)))


def _pipeline_views(project: Project) -> Iterable[View]:
    return map(PipelineView, project.wirings)


def _binding_views(project: Project) -> Iterator[View]:
    for wiring in project.wirings:
        steps = {step.name: step for step in wiring.pipeline.steps}
        for binding in wiring.bindings:
            if binding.step in steps:
                yield BindingView(wiring, steps[binding.step], binding)


def _step_views(project: Project) -> Iterator[View]:
    maps = {found.span: found for found in project.builder_maps}
    for wiring in project.wirings:
        for step in wiring.pipeline.steps:
            yield StepView(wiring, step, maps.get(step.lacks_at) if step.lacks is Lack.BUILDER and step.lacks_at is not None else None)


def _existence_views(project: Project) -> Iterator[View]:
    offered: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    taken = {
        (contract.component, name) for contract in project.contracts for port in contract.inputs for name in (port.name, *port.aliases)
    }
    for contract in _sorted(project.contracts):
        for port in contract.outputs:
            if all((contract.component, name) not in taken for name in (port.name, *port.aliases)):
                offered[contract.component][port.name].append(contract.class_name)
    for found in project.existence:
        own = found.contract
        outputs = (name for name, owners in offered[own.component].items() if owners != [own.class_name])
        yield ExistenceView(own, found.binding, tuple(outputs))


def _reference_views(project: Project) -> Iterator[View]:
    by_class = {(contract.span, contract.class_name): contract for contract in project.contracts}
    for reference in sorted(project.references, key=lambda one: (one.span, one.name, one.class_name)):
        contract = by_class.get((reference.builder, reference.class_name))
        if contract is not None:
            yield ReferenceView(reference, contract)


def _sdk_pipeline_views(project: Project) -> Iterator[View]:
    views = (SdkPipelineView(pipeline, scene) for scene in project.scenes for pipeline in scene.pipelines)
    yield from sorted(views, key=lambda view: (view.place, view.pipeline.number))


def _sdk_step_views(project: Project) -> Iterator[View]:
    views: list[SdkStepView] = []
    in_pipelines = (scene.steps[one.number] for scene in project.scenes for pipeline in scene.pipelines for one in pipeline.steps)
    used = {(step.span, step.name) for step in in_pipelines}
    for scene in project.scenes:
        holders: dict[int, list[SdkPipeline]] = defaultdict(list)
        for pipeline in scene.pipelines:
            for placed in pipeline.steps:
                holders[placed.number].append(pipeline)
        steps = (scene.steps[one] for one in scene.own if one in scene.steps)
        views += [SdkStepView(one, scene, tuple(holders[one.number]), (one.span, one.name) in used) for one in steps]
    yield from sorted(views, key=lambda view: (view.place, view.step.number))


def _sdk_object_views(project: Project) -> Iterator[View]:
    views = (SdkObjectView(scene.objects[number], scene) for scene in project.scenes for number in scene.own)
    yield from sorted(views, key=lambda view: (view.place, view.object.number))


def _operation_views(project: Project) -> Iterator[View]:
    views = (OperationView(operation, scene) for scene in project.scenes for operation in scene.operations)
    yield from sorted(views, key=lambda view: (view.place, view.operation.kind, view.operation.what))


def _property_read_views(project: Project) -> Iterator[View]:
    """The longest reads: ``a.properties.B`` is not looked at where ``a.properties.B.C`` stands."""
    for scene in project.scenes:
        places: dict[Span, list[Operation]] = defaultdict(list)
        for one in scene.operations:
            if (
                one.kind == "read"
                and isinstance(one.operand, Read)
                and one.operand.of in scene.steps
                and one.operand.property_path is not None
            ):
                places[one.span].append(one)
        longest: dict[tuple[str, int | None, int, int], Span] = {}
        for span in sorted(places):
            longest[span.path, span.cell, span.line, span.column] = span  # of those that start here, the one that ends last
        used: dict[Span | None, list[Reference]] = defaultdict(list)
        for pipeline in scene.pipelines:
            for reference in pipeline.references:
                used[reference.read.span].append(reference)
        for span in sorted(longest.values()):
            first, *_ = there = places[span]
            assert isinstance(first.operand, Read)
            by_path: dict[str, list[Read]] = defaultdict(list)
            for one in there:
                if isinstance(one.operand, Read):
                    by_path[one.operand.path].append(one.operand)
            for path, reads in by_path.items():
                if any(other.startswith((f"{path}.", f"{path}[")) for other in by_path):
                    continue  # all that stands in an f-string has the place of the f-string
                steps = tuple(scene.steps[read.of] for read in reads)
                yield PropertyReadView(reads[0], span, steps, scene, tuple(used[span]), first.scope)


#: Crashes are no part of a project: the engine makes their views.
MAKERS: dict[type[View], Callable[[Project], Iterable[View]]] = {
    DeclarationView: _declaration_views,
    RegistrationView: _registration_views,
    PathTextView: _path_text_views,
    ContractView: _contract_views,
    PortView: _port_views,
    NamingView: _naming_views,
    NameUseView: _name_use_views,
    AttributeView: _attribute_views,
    ReferenceView: _reference_views,
    PipelineView: _pipeline_views,
    BindingView: _binding_views,
    StepView: _step_views,
    ExistenceView: _existence_views,
    ProblemView: _problem_views,
    PathLookupView: _path_lookup_views,
    DuplicateKeyView: _duplicate_key_views,
    MappedNameView: _mapped_name_views,
    LaunchView: _launch_views,
    LookupView: _lookup_views,
    ImportView: _import_views,
    FileView: _file_views,
    ProjectView: _project_views,
    UnknownView: _unknown_views,
    DocumentView: _document_views,
    DeclarativeView: _declarative_views,
    SdkPipelineView: _sdk_pipeline_views,
    SdkStepView: _sdk_step_views,
    SdkObjectView: _sdk_object_views,
    PropertyReadView: _property_read_views,
    OperationView: _operation_views,
}
