"""Step-builder classes: which classes they are, and the contract that each declares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from contract_lint.frontends import profile
from contract_lint.frontends.configs import config_value
from contract_lint.frontends.ports import Naming, input_ports, output_ports, schema_ports
from contract_lint.frontends.registrations import assign_owners, method_paths, output_property_paths, registered_paths
from contract_lint.frontends.roots import run_roots
from contract_lint.frontends.steps import steps_made
from contract_lint.model.contract import Contract, PathDeclaration, Port, StepMade
from contract_lint.model.project import RegistryLookup, SkippedClass, UnknownFact
from contract_lint.model.span import Span
from contract_lint.python.calls import Arguments
from contract_lint.python.classes import find_in_class
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.values import ClassObj, Const, DictObj, FunctionValue, InstanceObj, Ref, Unknown, Value, alternatives


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the step-builder code of one universe says."""

    contracts: tuple[Contract, ...]
    declarations: tuple[PathDeclaration, ...]
    lookups: tuple[RegistryLookup, ...]
    skipped: tuple[SkippedClass, ...]
    unknowns: tuple[UnknownFact, ...]


@dataclass(frozen=True, slots=True)
class Builder:
    """A class that was taken for a builder."""

    ref: Ref
    cls: ClassObj
    span: Span


def extract_builders(ev: Evaluator, base_names: frozenset[str], starting: Sequence[Module]) -> Extraction:
    """The contracts of all builder classes that the evaluator has seen; ``starting`` are the modules with telling words."""
    builders, skipped = find_builders(ev, base_names)
    subjects = [_subject(ev, builder) for builder in builders]
    contracts = [_contract(subject) for subject in subjects]
    run_roots(ev, [(s.builder.ref, s.ask) for s in subjects], starting)
    declarations = registered_paths(ev)
    contracts, owned = assign_owners(ev, contracts, [b.ref for b in builders], declarations)
    others = [path for contract in contracts for path in contract.paths if path not in owned]
    every = tuple(dict.fromkeys((*owned, *others)))
    return Extraction(tuple(contracts), every, _lookups(ev), tuple(skipped), tuple(u for c in contracts for u in unknown_facts(c)))


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


# --- one contract ---


@dataclass(frozen=True, slots=True)
class Subject:
    """A builder's instance, and the heap in which it was made."""

    ev: Evaluator
    builder: Builder
    instance: Value
    made: Answer

    def ask(self, method: str, arguments: Arguments) -> Answer | None:
        """Call a method of the builder; None if neither it nor its bases in the project define it."""
        if find_in_class(self.made.frame, self.builder.ref, method) is None:
            return None

        def question(frame: Frame) -> Value:
            from contract_lint.python.calls import call

            callee = self.ev.attribute(frame, self.instance, method, None)
            return call(frame, callee, arguments, self.builder.cls.origin, (self.instance, method))

        return self.ev.query(self.builder.cls.module, question, self.made.frame.heap)

    def attribute(self, *names: str) -> Answer:
        """The value of ``builder.a.b``."""

        def question(frame: Frame) -> Value:
            value = self.instance
            for name in names:
                value = self.ev.attribute(frame, value, name, None)
            return value

        return self.ev.query(self.builder.cls.module, question, self.made.frame.heap)


def _subject(ev: Evaluator, builder: Builder) -> Subject:
    """The builder as its constructor leaves it, with the configuration that it is meant for."""

    def question(frame: Frame) -> Value:
        config = config_value(ev, frame, builder.ref)
        init = find_in_class(frame, builder.ref, "__init__")
        arguments = Arguments((), {} if config is None else {"config": config})
        if isinstance(init, FunctionValue):
            given = ev.parameter_values(frame, init, 1)
            known = {} if config is None else {"config": config}
            arguments = replace(given, kwargs={**given.kwargs, **{n: v for n, v in known.items() if n in given.kwargs}})
        return ev.instantiate(frame, builder.ref, arguments, builder.cls.origin)

    made = ev.query(builder.cls.module, question)
    if isinstance(made.value, Ref):
        return Subject(ev, builder, made.value, made)

    def bare(frame: Frame) -> Value:
        config = config_value(ev, frame, builder.ref)
        return frame.new(InstanceObj(builder.ref, {} if config is None else {"config": config}, False, builder.cls.origin))

    made = ev.query(builder.cls.module, bare)
    return Subject(ev, builder, made.value, made)


def _contract(subject: Subject) -> Contract:
    ev, builder = subject.ev, subject.builder
    naming = _naming(subject)
    ports: list[Port] = []
    open_inputs: str | None
    open_outputs: str | None
    answer = subject.ask(profile.INPUTS_METHOD, Arguments((), {}))
    schema = subject.ask(profile.INPUT_SCHEMA, Arguments((), {})) if answer is None else None
    if schema is not None:
        found, open_inputs = schema_ports(ev, schema, builder.span, naming, inputs=True)
    else:
        found, open_inputs = input_ports(ev, answer, builder.span, naming)
    ports += found
    answer = subject.ask(profile.OUTPUTS_METHOD, Arguments((), {}))
    schema = subject.ask(profile.OUTPUT_SCHEMA, Arguments((), {})) if answer is None else None
    declared = subject.attribute(profile.OUTPUT_PROPERTIES)
    listed = declared if isinstance(declared.read(declared.value), DictObj) else None
    if schema is not None:
        found, open_outputs = schema_ports(ev, schema, builder.span, naming, inputs=False)
    elif answer is not None and not (listed is not None and _is_unknown(answer)):
        found, open_outputs = output_ports(ev, answer, builder.span, naming)
    else:
        found, open_outputs = output_ports(ev, listed or answer, builder.span, naming)
    ports += found
    paths: list[PathDeclaration] = []
    if listed is not None:
        paths += output_property_paths(ev, listed, builder.span)
    by_method, open_paths = method_paths(ev, subject.ask(profile.PATHS_METHOD, Arguments((), {})), builder.span)
    paths += by_method
    made, made_unknown = _made(subject)
    name = _registry_name(ev, builder) or profile.short_name(builder.cls.name)
    return Contract(
        name=name,
        class_name=builder.cls.name,
        module=builder.cls.module.name,
        span=builder.span,
        ports=tuple(ports),
        paths=tuple(replace(path, owners=(name,)) for path in paths),
        made=made,
        open_inputs=open_inputs,
        open_outputs=open_outputs,
        open_paths=open_paths,
        made_unknown=made_unknown,
    )


def _is_unknown(answer: Answer) -> bool:
    return answer.read(answer.value) is None


def _made(subject: Subject) -> tuple[tuple[StepMade, ...], str | None]:
    more = Unknown("caller-arguments")
    answer = subject.ask(profile.CREATE_STEP, Arguments((), {}, None, more))
    create = find_in_class(subject.made.frame, subject.builder.ref, profile.CREATE_STEP)
    return steps_made(subject.ev, answer, create if isinstance(create, FunctionValue) else None)


def _naming(subject: Subject) -> Naming:
    """The names that the configuration maps onto each other."""
    tables: list[tuple[tuple[Const, Value], ...]] = []
    for field in ("input_names", "output_names"):
        answer = subject.attribute("config", field)
        pairs: list[tuple[Const, Value]] = []
        for one in alternatives(answer.value):
            obj = answer.read(one)
            if isinstance(obj, DictObj):
                pairs += [(entry.key, entry.value) for entry in obj.entries.values() if isinstance(entry.key, Const)]
        tables.append(tuple(pairs))
    return Naming(tables[0], tables[1])


def _registry_name(ev: Evaluator, builder: Builder) -> str | None:
    """The one step name that the builder looks up for itself."""
    keys = {str(lookup.key.value) for lookup in ev.lookups if lookup.present and lookup.receiver == builder.ref}
    return keys.pop() if len(keys) == 1 else None


# --- registries and unknowns ---


def _lookups(ev: Evaluator) -> tuple[RegistryLookup, ...]:
    """Constant keys that were looked up in a registry whose keys are all known."""
    found: dict[RegistryLookup, None] = {}
    for lookup in ev.lookups:
        if not lookup.closed or not isinstance(lookup.key.value, str):
            continue
        if lookup.default is not None and lookup.default == lookup.key:
            continue  # a key that is its own fallback names anything
        name, place = ev.registries[lookup.address]
        span, registry = ev.span(lookup.key.origin) or ev.span(lookup.origin), ev.span(place)
        if span is not None and registry is not None:
            keys = tuple(str(key.value) for key in lookup.keys)
            found[RegistryLookup(lookup.key.value, span, lookup.scope, name, registry, keys)] = None
    return tuple(sorted(found, key=lambda one: (one.span, one.key, one.registry)))


def unknown_facts(contract: Contract) -> tuple[UnknownFact, ...]:
    """What stayed unknown of a contract."""
    facts = (
        ("inputs", contract.open_inputs),
        ("outputs", contract.open_outputs),
        ("property paths", contract.open_paths),
        ("step", contract.made_unknown),
    )
    return tuple(UnknownFact(reason, contract.span, f"{contract.name}: {what}") for what, reason in facts if reason is not None)
