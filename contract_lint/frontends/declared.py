"""The contract that one builder declares: its ports, its property paths, the step it makes, and what it looks up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from contract_lint.frontends import profile
from contract_lint.frontends.comments import commented
from contract_lint.frontends.configs import config_shape
from contract_lint.frontends.ports import Naming, input_ports, output_ports, schema_ports
from contract_lint.frontends.registrations import method_paths, output_property_paths
from contract_lint.frontends.self_fed import stored_names
from contract_lint.frontends.sinks import sinks
from contract_lint.frontends.steps import attaches_attributes, steps_made, takes_inputs_whole
from contract_lint.frontends.subject import Subject
from contract_lint.frontends.typing import typed_ports
from contract_lint.frontends.uses import Tables, attribute_uses, name_uses, parameter_uses, required_by_code, step_arguments, validation
from contract_lint.model.contract import Contract, Mechanism, MethodProblem, Named, PathDeclaration, Port
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.observations import GIVEN_ARGUMENTS, GIVEN_INPUTS
from contract_lint.python.values import (
    Address,
    ClassObj,
    Const,
    DictObj,
    InstanceObj,
    ListObj,
    Origin,
    Ref,
    TupleValue,
    Value,
    alternatives,
    origin_of,
)


def declared_inputs(subject: Subject) -> tuple[list[Port], str | None]:
    """The inputs of a builder as it was constructed, and why there may be more."""
    return _inputs(subject, _naming(subject))


def declared_ports(subject: Subject, contract: Contract) -> tuple[tuple[Port, ...], str | None, str | None]:
    """The ports of a builder as it was constructed, and why there may be more inputs and outputs; ``contract`` tells its paths."""
    naming = _naming(subject)
    declared, open_inputs = _inputs(subject, naming)
    outputs, open_outputs, _ = _outputs(subject, naming)
    looked_up = [use for use in contract.name_uses if use.scope != profile.CREATE_STEP]  # less its parameters
    stored = stored_names(subject)
    inputs = [required_by_code(port, looked_up, stored, hands_on=contract.hands_inputs_on) for port in declared]
    return typed_ports(commented(subject.ev, (*inputs, *outputs)), contract), open_inputs, open_outputs


def contract_of(subject: Subject) -> Contract:
    """Ask the builder for all that it declares."""
    ev, builder = subject.ev, subject.builder
    naming = _naming(subject)
    inputs, open_inputs = _inputs(subject, naming)
    outputs, open_outputs, listed = _outputs(subject, naming)
    paths = output_property_paths(ev, listed, builder.span) if listed is not None else []
    paths += _schema_paths(outputs, paths)
    answer, lookups = _ask_for_paths(subject)
    by_method, open_paths = method_paths(ev, answer, builder.span)
    with ev.observing() as seen:
        created = subject.ask(profile.CREATE_STEP, step_arguments)
    create = subject.method(profile.CREATE_STEP)
    made, made_unknown = steps_made(ev, created, create)
    config = subject.attribute("config")
    tables = Tables.of(config)
    validated = validation(subject, tables)
    name = _registry_name(ev, builder.ref) or profile.short_name(builder.cls.name)
    looked_up = name_uses(ev, tables, ev.observed.lookups, validated, builder.ref)
    hands_on = created is None or not seen.handed_on.isdisjoint((GIVEN_INPUTS, GIVEN_ARGUMENTS)) or takes_inputs_whole(created)
    stored = stored_names(subject)
    inputs = [required_by_code(port, looked_up, stored, hands_on=hands_on) for port in inputs]
    uses = (*looked_up, *parameter_uses(ev, create))
    return Contract(
        name=name,
        class_name=builder.cls.name,
        module=builder.cls.module.name,
        span=builder.span,
        ports=tuple(commented(ev, (*inputs, *outputs))),
        paths=tuple(replace(path, owners=(name,)) for path in (*paths, *by_method)),
        made=made,
        open_inputs=open_inputs,
        open_outputs=open_outputs,
        open_paths=open_paths,
        made_unknown=made_unknown,
        config=config_shape(ev, config),
        name_uses=uses,
        attribute_uses=attribute_uses(ev, _configs(config), frozenset(_class_names(subject))),
        problems=tuple(_problems(subject)),
        hands_inputs_on=hands_on,
        paths_looked_up=lookups,
        bases_seen=builder.cls.open is None,
        sinks=sinks(ev, created, uses),
        attaches=attaches_attributes(created),
    )


def _inputs(subject: Subject, naming: Naming) -> tuple[list[Port], str | None]:
    ev, span = subject.ev, subject.builder.span
    if _is_abstract(subject, profile.INPUTS_METHOD):
        return [], "abstract-method"
    answer = subject.ask(profile.INPUTS_METHOD)
    if answer is not None:
        return input_ports(ev, answer, span, naming)
    schema = subject.ask(profile.INPUT_SCHEMA)
    return schema_ports(ev, schema, span, naming, inputs=True) if schema is not None else ([], _why_absent(subject))


def _outputs(subject: Subject, naming: Naming) -> tuple[list[Port], str | None, Answer | None]:
    """The outputs, why there may be more, and the ``OUTPUT_PROPERTIES`` of the class if it has them."""
    ev, span = subject.ev, subject.builder.span
    answer = subject.ask(profile.OUTPUTS_METHOD)
    schema = subject.ask(profile.OUTPUT_SCHEMA) if answer is None else None
    declared = subject.attribute(profile.OUTPUT_PROPERTIES)
    listed = declared if isinstance(declared.read(declared.value), DictObj) else None
    if _is_abstract(subject, profile.OUTPUTS_METHOD):
        return [], "abstract-method", listed
    if schema is not None:
        return *schema_ports(ev, schema, span, naming, inputs=False), listed
    if listed is not None and (answer is None or answer.read(answer.value) is None):
        answer = listed
    ports, opened = output_ports(ev, answer, span, naming) if answer is not None else ([], _why_absent(subject))
    return ports, opened, listed


def _why_absent(subject: Subject) -> str:
    """Why a method of the contract is not found: where all bases are seen, it is nowhere."""
    return "no-such-method" if subject.builder.cls.open is None else "base-class-outside"


def _is_abstract(subject: Subject, name: str) -> bool:
    method = subject.method(name)
    return method is not None and method.abstract


def _schema_paths(ports: Iterable[Port], known: Iterable[PathDeclaration]) -> list[PathDeclaration]:
    """The property paths that ``get_output_schema`` gives, less those that ``OUTPUT_PROPERTIES`` holds already."""
    places = {one.path.origin for one in known if one.path is not None}
    given = [(port, port.property_path) for port in ports if port.property_path is not None and port.property_path.origin not in places]
    return [
        PathDeclaration(Mechanism.METHOD, None, port.name, path, path.origin, profile.OUTPUT_SCHEMA, order)
        for order, (port, path) in enumerate(given)
    ]


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


def _registry_name(ev: Evaluator, builder: Ref) -> str | None:
    """The one step name that the builder looks up for itself."""
    found = [one for one in ev.observed.lookups if one.present and one.receiver == builder and one.address in ev.registries]
    keys = {str(one.key.value) for one in found}
    return keys.pop() if len(keys) == 1 else None


def _configs(config: Answer) -> list[Ref]:
    """The classes that the configuration may be of."""
    objects = [config.read(one) for one in alternatives(config.value)]
    return [obj.cls for obj in objects if isinstance(obj, InstanceObj)]


def _class_names(subject: Subject) -> Iterator[str]:
    for base in subject.builder.cls.lineage:
        obj = subject.made.frame.read(base)
        if isinstance(obj, ClassObj):
            yield obj.qualname.partition(".")[0]


def _ask_for_paths(subject: Subject) -> tuple[Answer | None, tuple[Named, ...] | None]:
    """What ``get_property_paths`` returns, and the step types under which it looks; None if it looks in no registry."""
    ev = subject.ev
    ev.watches_all = True
    with ev.observing() as observed:
        answer = subject.ask(profile.PATHS_METHOD)
    ev.watches_all = False
    looked_up: dict[Named, None] = {}
    for lookup in observed.lookups:
        span = ev.span(lookup.origin)
        if span is not None and isinstance(lookup.key.value, str) and _holds_dicts(ev, lookup.address):
            looked_up[Named(lookup.key.value, span)] = None
    return answer, tuple(looked_up) or None


def _holds_dicts(ev: Evaluator, address: Address) -> bool:
    """Whether a dict maps to dicts, as a registry of property paths does."""
    obj = ev.root.get(address)
    values = [entry.value for entry in obj.entries.values()] if isinstance(obj, DictObj) else []
    return bool(values) and all(isinstance(v, Ref) and isinstance(ev.root.get(v.address), DictObj) for v in values)


def _problems(subject: Subject) -> Iterator[MethodProblem]:
    """Methods that are abstract still, and contract methods that return what is no mapping."""
    frame = subject.made.frame
    names = dict.fromkeys(name for base in subject.builder.cls.lineage for name in _attributes(frame, base))
    for name in names:
        method = subject.method(name)
        span = subject.ev.span((method.module, method.node.at)) if method is not None else None
        if method is None or span is None:
            continue
        if method.abstract:
            yield MethodProblem(name, span, None)
        elif name in (*profile.CONTRACT_METHODS, profile.INPUT_SCHEMA, profile.OUTPUT_SCHEMA):
            answer = subject.ask(name)
            got, place = _wrong_shape(answer) if answer is not None else (None, None)
            if got is not None:
                yield MethodProblem(name, subject.ev.span(place) or span, got)


def _attributes(frame: Frame, cls: Ref) -> Iterable[str]:
    obj = frame.read(cls)
    return obj.attributes if isinstance(obj, ClassObj) else ()


def _wrong_shape(answer: Answer) -> tuple[str | None, Origin]:
    """What is returned instead of a mapping, and where; None if it is one, or not known."""
    kinds: set[str | None] = set()
    place: Origin = None
    for one in alternatives(answer.value):
        obj = answer.read(one)
        place = place or origin_of(one) or (obj.origin if isinstance(obj, (DictObj, ListObj)) else None)
        if isinstance(one, Const):
            kinds.add("None" if one.value is None else f"a {type(one.value).__name__}")
        elif isinstance(one, TupleValue):
            kinds.add("a tuple")
        elif isinstance(obj, ListObj) and obj.kind in ("list", "tuple"):
            kinds.add(f"a {obj.kind}")
        elif isinstance(obj, DictObj) and obj.kind == "set":
            kinds.add("a set")
        else:
            kinds.add(None)
    return (kinds.pop() if len(kinds) == 1 else None), place
