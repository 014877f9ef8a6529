"""Step-builder classes: which classes they are, and the contract that each declares."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from contract_lint.frontends import profile
from contract_lint.frontends.created import created_pipelines
from contract_lint.frontends.dag import dag_pipelines
from contract_lint.frontends.declared import contract_of
from contract_lint.frontends.fillers import fillers
from contract_lint.frontends.nodes import Nodes
from contract_lint.frontends.references import input_references
from contract_lint.frontends.registrations import assign_owners, registered_paths
from contract_lint.frontends.registries import builder_maps
from contract_lint.frontends.roots import run_roots
from contract_lint.frontends.subject import Builder, make_subject
from contract_lint.frontends.typing import typed
from contract_lint.model.contract import Contract, DuplicateKey, InputReference, PathDeclaration
from contract_lint.model.pipeline import Pipeline
from contract_lint.model.project import BuilderMap, Declarative, RegistryLookup, SkippedClass, UnknownFact
from contract_lint.model.sdk import SdkScene
from contract_lint.python.classes import find_in_class
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.values import NONE, ClassObj, FunctionValue, Ref


class Extraction(Struct, frozen=True):
    """What the step-builder code of one universe says."""

    contracts: tuple[Contract, ...] = ()
    declarations: tuple[PathDeclaration, ...] = ()
    lookups: tuple[RegistryLookup, ...] = ()
    skipped: tuple[SkippedClass, ...] = ()
    unknowns: tuple[UnknownFact, ...] = ()
    builder_maps: tuple[BuilderMap, ...] = ()
    duplicates: tuple[DuplicateKey, ...] = ()
    fillers: tuple[str, ...] = ()
    references: tuple[InputReference, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()
    scenes: tuple[SdkScene, ...] = ()
    declaratives: tuple[Declarative, ...] = ()


class BuilderCode(Struct, frozen=True):
    """What was found of step builders: who finds steps, the builder classes, and the functions outside of them that were run."""

    found: Extraction
    nodes: Nodes
    classes: tuple[Ref, ...]
    ends: tuple[Answer, ...]


def extract_builders(ev: Evaluator, base_names: frozenset[str], starting: Sequence[Module]) -> BuilderCode:
    """What the builder classes say that the evaluator has seen; ``starting`` are the modules with telling words."""
    builders, skipped = find_builders(ev, base_names)
    subjects = [make_subject(ev, builder) for builder in builders]
    contracts = [contract_of(subject) for subject in subjects]
    ends = run_roots(ev, subjects, starting)
    declarations = registered_paths(ev)
    contracts, owned = assign_owners(ev, contracts, [b.ref for b in builders], declarations)
    contracts = [typed(contract) for contract in contracts]
    module = Answer(NONE, Frame(ev, starting[0], ev.root, {}, "")) if starting else None
    scenes = [*([module] if module is not None else []), *ends]
    others = [path for contract in contracts for path in contract.paths if path not in owned]
    every = tuple(dict.fromkeys((*owned, *others)))
    nodes = Nodes(ev, subjects, contracts)
    found = Extraction(
        tuple(contracts),
        every,
        _lookups(ev),
        tuple(skipped),
        tuple(u for c in contracts for u in unknown_facts(c)),
        builder_maps(ev, [b.ref for b in builders]),
        _duplicates(ev, contracts),
        fillers(ev, every),
        input_references(ev, [scene.frame for scene in scenes], builders),
        (*dag_pipelines(ev, nodes, scenes), *created_pipelines(ev, nodes, scenes)),
    )
    return BuilderCode(found, nodes, tuple(builder.ref for builder in builders), tuple(ends))


# --- which classes are builders ---


def find_builders(ev: Evaluator, base_names: frozenset[str]) -> tuple[list[Builder], list[SkippedClass]]:
    """Concrete builder classes in the order of their files, and those that look like one but are none."""
    frame = Frame(ev, ev.modules()[0], ev.root, {}, "") if ev.modules() else None
    found: list[Builder] = []
    skipped: list[SkippedClass] = []
    if frame is None:
        return found, skipped
    extended = {base for ref in ev.classes for base in _read(ev, ref).lineage[1:]}
    for ref in ev.classes:
        cls = _read(ev, ref)
        span = ev.span(cls.origin)
        if span is None:
            continue
        reason = _why_not(ev, frame, ref, cls, base_names, ref in extended)
        if reason is None:
            found.append(Builder(ref, cls, span))
        elif reason:
            skipped.append(SkippedClass(cls.name, span, reason))
    return sorted(found, key=lambda b: (b.span, b.cls.name)), sorted(skipped, key=lambda s: s.span)


def _read(ev: Evaluator, ref: Ref) -> ClassObj:
    obj = ev.root.get(ref.address)
    assert isinstance(obj, ClassObj)
    return obj


def _why_not(ev: Evaluator, frame: Frame, ref: Ref, cls: ClassObj, base_names: frozenset[str], extended: bool) -> str | None:
    """Why a class is no builder; None if it is one, empty if it does not even look like one."""
    methods = [name for name in profile.CONTRACT_METHODS if find_in_class(frame, ref, name) is not None]
    own = [name for name in (*profile.CONTRACT_METHODS, profile.OUTPUT_PROPERTIES) if name in cls.attributes]
    schemas = [name for name in (profile.INPUT_SCHEMA, profile.OUTPUT_SCHEMA) if find_in_class(frame, ref, name) is not None]
    if "typing.Protocol" in cls.externals or "typing_extensions.Protocol" in cls.externals:
        return "a protocol" if methods or schemas else ""
    if cls.name in base_names:
        return "the framework's base class"
    bases = {_read(ev, base).name for base in cls.lineage[1:]} | {name.rpartition(".")[2] for name in cls.externals}
    by_base = bool(bases & base_names)
    if not by_base and len(methods) < 2 and len(schemas) < 2:
        if own:
            return f"it defines {own[0]} alone, and none of its bases is a builder (config: builder-bases)"
        looks = cls.name.endswith(profile.SUFFIXES)
        return "no builder base and no contract method (config: builder-bases)" if looks else ""
    if extended and find_in_class(frame, ref, profile.CREATE_STEP) is None:
        return "a base of other builders that makes no step"
    if extended and _has_abstract_methods(frame, ref, cls):
        return "an abstract base of other builders"
    return None


def _has_abstract_methods(frame: Frame, ref: Ref, cls: ClassObj) -> bool:
    names = {name for base in cls.lineage for name in _read(frame.ev, base).attributes}
    for name in names:
        value = find_in_class(frame, ref, name)
        if isinstance(value, FunctionValue) and value.abstract:
            return True
    return False


# --- registries and unknowns ---


def _lookups(ev: Evaluator) -> tuple[RegistryLookup, ...]:
    """Constant keys that were looked up in a registry whose keys are all known."""
    found: dict[RegistryLookup, None] = {}
    for lookup in ev.observed.lookups:
        if lookup.address not in ev.registries or not lookup.closed or not isinstance(lookup.key.value, str):
            continue
        if lookup.default is not None and lookup.default == lookup.key:
            continue  # a key that is its own fallback names anything
        name, place = ev.registries[lookup.address]
        span, registry = ev.span(lookup.key.origin) or ev.span(lookup.origin), ev.span(place)
        if span is not None and registry is not None:
            keys = tuple(str(key.value) for key in lookup.keys)
            found[RegistryLookup(lookup.key.value, span, lookup.scope, name, registry, keys)] = None
    return tuple(sorted(found, key=lambda one: (one.span, one.key, one.registry)))


def _duplicates(ev: Evaluator, contracts: Sequence[Contract]) -> tuple[DuplicateKey, ...]:
    """Keys that stand twice in a dict of a builder's contract or of a configuration class of one."""
    classes = {c.class_name for c in contracts} | {c.config.name for c in contracts if c.config is not None}
    parts = (*profile.CONTRACT_METHODS, profile.INPUT_SCHEMA, profile.OUTPUT_SCHEMA, "<lambda>")
    found: list[DuplicateKey] = []
    for one in ev.observed.duplicates:
        outer, _, inner = one.scope.partition(".")
        span, first = ev.span(one.key.origin), ev.span(one.first.origin)
        relevant = outer in classes and (not inner or inner.rpartition(".")[2] in parts)
        if relevant and span is not None and first is not None and isinstance(one.key.value, str):
            found.append(DuplicateKey(one.key.value, span, first, one.scope))
    return tuple(sorted(found, key=lambda d: (d.span, d.name)))


def unknown_facts(contract: Contract) -> tuple[UnknownFact, ...]:
    """What stayed unknown of a contract."""
    facts = (
        ("inputs", contract.open_inputs),
        ("outputs", contract.open_outputs),
        ("property paths", contract.open_paths),
        ("step", contract.made_unknown),
    )
    return tuple(UnknownFact(reason, contract.span, f"{contract.name}: {what}") for what, reason in facts if reason is not None)
