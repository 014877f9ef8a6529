"""Which builder makes the step of a node, and how it is configured there.

The evidence, strongest first: a dict from nodes to builders; a dict from nodes to configurations, whose class leads to the builder
through the registries or by what builders say of their configuration; the node's name, which is a step's name with or without a
job type. What two pieces of evidence of the same strength say differently is not known.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.frontends import profile
from contract_lint.frontends.configs import config_classes
from contract_lint.frontends.declared import declared_ports
from contract_lint.frontends.registrations import Components
from contract_lint.frontends.registries import class_name, registries_of
from contract_lint.frontends.subject import Subject, configured
from contract_lint.model.contract import Contract, Direction, Named, Port
from contract_lint.model.names import canonical, job_type
from contract_lint.model.pipeline import Lack, Step
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.values import Const, DictObj, ForeignObj, InstanceObj, Ref, Value, alternatives


class Bound(Struct, frozen=True):
    """What the code says of the nodes of one graph: dicts from nodes to builders or configurations, and from step names to builders."""

    frame: Frame
    builders: tuple[DictObj, ...]
    configs: tuple[DictObj, ...]
    maps: tuple[DictObj, ...]


class Nodes:
    """Finds the steps of nodes among the builders of a universe."""

    def __init__(self, ev: Evaluator, subjects: Sequence[Subject], contracts: Sequence[Contract]) -> None:
        self._ev = ev
        self._builders = {subject.builder.ref: subject for subject in subjects}
        self._contracts = {subject.builder.ref: contract for subject, contract in zip(subjects, contracts, strict=True)}
        self._registries = list(registries_of(ev))
        self._components = Components(ev)
        self._by_config: dict[Ref, list[Ref]] | None = None
        self._by_name: dict[str, list[Ref]] | None = None
        self._ports: dict[tuple[Ref, Value], tuple[tuple[Port, ...], str | None, str | None]] = {}

    # --- what was handed over with a graph ---

    def bound(self, frame: Frame, tables: Iterable[DictObj], names: Sequence[str]) -> Bound:
        """Sort the dicts that go with a graph by what they map to what."""
        known = set(names)
        builders: list[DictObj] = []
        configs: list[DictObj] = []
        maps: list[DictObj] = []
        for table in tables:
            keys = {entry.key.value for entry in table.entries.values() if isinstance(entry.key, Const)}
            classes = [entry for entry in table.entries.values() if any(self._is_builder(frame, one) for one in alternatives(entry.value))]
            about_nodes = bool(known & keys)
            if classes and len(classes) * 2 >= len(table.entries):
                (builders if about_nodes else maps).append(table)
                if about_nodes:
                    maps.append(table)
            elif about_nodes and table.kind == "dict":
                configs.append(table)
        return Bound(frame, tuple(builders), tuple(configs), tuple(maps))

    def _is_builder(self, frame: Frame, value: Value) -> bool:
        return self._builder_of(frame, value) is not None

    def _builder_of(self, frame: Frame, value: Value) -> Ref | None:
        """The builder class that a value is, or is an instance of."""
        if not isinstance(value, Ref):
            return None
        obj = frame.heap.get(value.address)
        ref = obj.cls if isinstance(obj, InstanceObj) else value
        return ref if ref in self._builders else None

    # --- steps ---

    def knows(self, builder: Ref) -> bool:
        return builder in self._contracts

    def contract(self, builder: Ref) -> Contract:
        """What a builder promises."""
        return self._contracts[builder]

    def configured(self, bound: Bound) -> tuple[Named, ...]:
        """The names under which steps are configured, each where it is written.

        An entry is a step's if the class of its configuration leads to a builder; not so what holds settings in common, whose class
        others inherit from, nor a second name for a configuration.
        """
        entries = [entry for table in bound.configs for entry in table.entries.values() if entry.must and isinstance(entry.key, Const)]
        classes = [(entry, cls) for entry in entries for cls in self._classes(bound.frame, entry.value)]
        inherited = {base for _, cls in classes for base in self._ev.lineage(cls) if base != cls}
        values = Counter(entry.value for entry in entries)
        found: dict[Named, None] = {}
        for entry, cls in classes:
            span = self._ev.span(entry.key.origin) if isinstance(entry.key, Const) else None
            name = entry.key.value if isinstance(entry.key, Const) else None
            if span is not None and isinstance(name, str) and cls not in inherited and values[entry.value] == 1:
                if self._of_class(bound, cls)[0]:
                    found[Named(name, span)] = None
        return tuple(found)

    @staticmethod
    def _classes(frame: Frame, value: Value) -> list[Ref]:
        """The classes of the configuration that a value is; none where it may be something else."""
        objects = [frame.heap.get(one.address) if isinstance(one, Ref) else None for one in alternatives(value)]
        found = [obj.cls for obj in objects if isinstance(obj, InstanceObj)]
        return found if len(found) == len(objects) else []

    def step(self, bound: Bound, name: str, span: Span, *, declared: bool, certain: bool) -> Step:
        """The step of a node."""
        builder, config, lacks, lacks_at = self._builder(bound, name, span.path)
        step = Step(name, span, declared=declared, certain=certain, lacks=lacks, lacks_at=lacks_at, variant=job_type(name))
        return step if builder is None else self.made_by(step, builder, bound.frame, config)

    def by_name(self, name: str, span: Span, declared: bool) -> Step:
        """The step of a node of which the code says nothing but its name."""
        nothing = Bound(Frame(self._ev, self._ev.modules()[0], self._ev.root, {}, ""), (), (), ())
        return self.step(nothing, name, span, declared=declared, certain=True)

    def made_by(self, step: Step, builder: Ref, frame: Frame, config: Value | None) -> Step:
        """The step with what its builder promises, as the builder is configured there."""
        contract = self._contracts[builder]
        ports, open_inputs, open_outputs = contract.ports, contract.open_inputs, contract.open_outputs
        if config is not None and self.is_made_here(frame, config):
            ports, open_inputs, open_outputs = self._configured_ports(builder, frame, config)
        ports = tuple(_or_from_config(ports, self._settings(frame, contract, config)))
        if config is not None and not self._classes(frame, config):
            ports = tuple(_or_from_any_config(ports))
        open_outputs = open_outputs or ("step-attributes" if contract.attaches else None)
        return Step(
            step.name,
            step.span,
            contract,
            ports,
            open_inputs,
            open_outputs,
            contract.kinds,
            step.variant,
            step.declared,
            step.certain,
            step.lacks,
            step.lacks_at,
        )

    @staticmethod
    def _settings(frame: Frame, contract: Contract, config: Value | None) -> frozenset[str]:
        """The attributes that the configuration of a step has."""
        obj = frame.heap.get(config.address) if isinstance(config, Ref) else None
        own = obj.attributes if isinstance(obj, (InstanceObj, ForeignObj)) else ()
        shape = contract.config.attributes if contract.config is not None else None
        return frozenset((*own, *(shape or ())))

    @staticmethod
    def is_made_here(frame: Frame, config: Value) -> bool:
        """Whether a configuration was made by the code that is seen, and does not merely have a known class."""
        obj = frame.heap.get(config.address) if isinstance(config, Ref) else None
        return isinstance(obj, InstanceObj) and obj.exact

    def _configured_ports(self, builder: Ref, frame: Frame, config: Value) -> tuple[tuple[Port, ...], str | None, str | None]:
        key = (builder, config)
        if key not in self._ports:
            subject = configured(self._builders[builder], Answer(config, frame))
            with self._ev.unobserved(True):
                self._ports[key] = declared_ports(subject, self._contracts[builder])
        return self._ports[key]

    # --- which builder ---

    def _builder(self, bound: Bound, name: str, path: str) -> tuple[Ref | None, Value | None, Lack | None, Span | None]:
        """The builder of a node, its configuration there, and what the code certainly does not have for it."""
        configs = [entry.value for table in bound.configs if (entry := table.entries.get(("const", name))) is not None]
        config = configs[0] if len(configs) == 1 else None
        direct = {
            ref
            for table in bound.builders
            if (entry := table.entries.get(("const", name))) is not None
            for one in alternatives(entry.value)
            if (ref := self._builder_of(bound.frame, one)) is not None
        }
        lacks, lacks_at = self._lack_of_config(bound, name)
        if direct:
            return (direct.pop() if len(direct) == 1 else None), config, lacks, lacks_at
        if configs:
            found, unmapped = self._by_configs(bound, configs)
            if unmapped is not None:
                return None, config, Lack.BUILDER, unmapped
            if found:
                return (found.pop() if len(found) == 1 else None), config, None, None
        named = self._named(name, path)
        return named, config, lacks, lacks_at

    def _lack_of_config(self, bound: Bound, name: str) -> tuple[Lack | None, Span | None]:
        tables = bound.configs
        if not tables or any(table.open is not None or ("const", name) in table.entries for table in tables):
            return None, None
        entries = [entry for table in tables for entry in table.entries.values()]
        if not all(isinstance(entry.key, Const) and self._classes(bound.frame, entry.value) for entry in entries):
            return None, None  # a key that is not known, or a dict that maps nodes to something else
        return Lack.CONFIG, self._ev.span(tables[-1].origin)

    def _by_configs(self, bound: Bound, configs: Iterable[Value]) -> tuple[set[Ref], Span | None]:
        """The builders of configurations, and where one is looked for in vain."""
        found: set[Ref] = set()
        for value in configs:
            for one in alternatives(value):
                obj = bound.frame.heap.get(one.address) if isinstance(one, Ref) else None
                if not isinstance(obj, InstanceObj):
                    return set(), None
                builders, unmapped = self._of_class(bound, obj.cls)
                if unmapped is not None and obj.exact:
                    return set(), unmapped
                found.update(builders)
        return found, None

    def _of_class(self, bound: Bound, cls: Ref) -> tuple[list[Ref], Span | None]:
        """The builders of a configuration class: by the step name that a registry gives it, else by what builders say of themselves."""
        names = self._registered_names(cls)
        for table in bound.maps if len(names) == 1 else ():
            entry = table.entries.get(("const", names[0]))
            if entry is not None:
                return [ref for one in alternatives(entry.value) if (ref := self._builder_of(bound.frame, one)) is not None], None
            closed = table.open is None and all(isinstance(one.key, Const) for one in table.entries.values())
            span = self._ev.span(table.origin)
            if closed and len(bound.maps) == 1 and span is not None:
                return [], span
        offered = {ref for table in bound.maps for entry in table.entries.values() if (ref := self._builder_of(bound.frame, entry.value))}
        builders = self._of_configs().get(cls, [])
        return ([ref for ref in builders if ref in offered] or builders) if offered else builders, None

    def _registered_names(self, cls: Ref) -> list[str]:
        """The step names that registries of configurations give a class."""
        own = class_name(self._ev, cls)
        found: dict[str, None] = {}
        for registry in self._registries:
            for key in (("ref", cls.address), ("const", own)):
                entry = registry.contents.entries.get(key)
                if entry is not None and isinstance(entry.value, Const) and isinstance(entry.value.value, str):
                    found[entry.value.value] = None
        return list(found)

    def _of_configs(self) -> Mapping[Ref, list[Ref]]:
        if self._by_config is None:
            self._by_config = {}
            for ref, subject in self._builders.items():
                frame = subject.made.frame
                for cls in config_classes(self._ev, frame, ref) or ():
                    self._by_config.setdefault(cls, []).append(ref)
        return self._by_config

    def _named(self, name: str, path: str) -> Ref | None:
        """The only builder whose step is called as the node is, without regard to its job type; of several, the one that the file knows."""
        if self._by_name is None:
            self._by_name = {}
            for ref, contract in self._contracts.items():
                names = {contract.name, profile.short_name(contract.class_name), *self._mapped_names(ref)}
                for one in sorted({canonical(each) for each in names}):
                    self._by_name.setdefault(one, []).append(ref)
        found = self._by_name.get(canonical(name), [])
        if len(found) > 1:
            found = [ref for ref in found if self._components.share(path, self._contracts[ref].span.path)]
        return found[0] if len(found) == 1 else None

    def _mapped_names(self, builder: Ref) -> list[str]:
        """The step names under which dicts hold a builder."""
        return [
            entry.key.value
            for registry in self._registries
            for entry in registry.contents.entries.values()
            if entry.value == builder and isinstance(entry.key, Const) and isinstance(entry.key.value, str)
        ]


def _or_from_config(ports: Iterable[Port], settings: frozenset[str]) -> Iterator[Port]:
    """The ports; an input that the configuration has an attribute for may come from there, if no step gives it."""
    for port in ports:
        named = port.direction is Direction.INPUT and port.external is None and not settings.isdisjoint((port.name, *port.aliases))
        yield replace(port, external="its configuration has an attribute of this name") if named else port


def _or_from_any_config(ports: Iterable[Port]) -> Iterator[Port]:
    """The ports of a step of whose configuration nothing is known: it may have anything."""
    for port in ports:
        unfed = port.direction is Direction.INPUT and port.external is None
        yield replace(port, external="its configuration is only known at run time, and may have it") if unfed else port
