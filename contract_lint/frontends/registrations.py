"""Property paths: what registering calls, ``get_property_paths`` and ``OUTPUT_PROPERTIES`` give, and for which builder."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from contract_lint.frontends import profile
from contract_lint.frontends.ports import path_text
from contract_lint.model.contract import Contract, Mechanism, PathDeclaration
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.observations import CallEvent
from contract_lint.python.values import (
    BoundMethod,
    Const,
    DictObj,
    FunctionValue,
    Ref,
    Unknown,
    Value,
    alternatives,
    origin_of,
)
from contract_lint.sagemaker.step_kinds import kinds_of_class


def registered_paths(ev: Evaluator) -> list[tuple[PathDeclaration, Ref | None]]:
    """What every evaluated registering call gives, with the builder class in whose method it ran.

    So does a call of a method that the class does not have: what it says is wrong or right all the same once the method is back.
    """
    found: list[tuple[PathDeclaration, Ref | None]] = []
    for order, event in enumerate(ev.observed.calls):
        if event.name in profile.REGISTERING_CALLS and not _inside_registry(event):
            found += _declarations(ev, event, order)
    return found


def _inside_registry(event: CallEvent) -> bool:
    """A registering method that calls another one (``super()``): the outer call was recorded."""
    return event.scope.rpartition(".")[2] in profile.REGISTERING_CALLS


def _declarations(ev: Evaluator, event: CallEvent, order: int) -> list[tuple[PathDeclaration, Ref | None]]:
    span = ev.span(event.origin)
    if span is None:
        return []
    given = bind(event)
    mechanism = Mechanism.CLASS_REGISTRY if event.name == profile.REGISTER_CLASS_PATH else Mechanism.INSTANCE_REGISTRY
    receiver = event.receiver_class
    step_types = [_text(one) for one in alternatives(given["step_type"])] if "step_type" in given else [None]
    names = [_text(one) for one in alternatives(given.get("logical_name", Unknown("missing-argument")))]
    paths = [path_text(ev, one, span) for one in alternatives(given.get("property_path", Unknown("missing-argument")))]
    registers = not (isinstance(event.callee, Unknown) and event.callee.reason == "missing-attribute")
    return [
        (PathDeclaration(mechanism, step_type, name, path, span, event.scope, order, registers=registers), receiver)
        for step_type in step_types
        for name in names
        for path in (paths if len(paths) == 1 else [None])
    ]


def bind(event: CallEvent) -> Mapping[str, Value]:
    """The arguments by role; a registering method of the project may order and name its parameters in its own way."""
    roles = profile.REGISTERING_CALLS[event.name]
    names: Sequence[str] = roles
    function = event.callee.function if isinstance(event.callee, BoundMethod) else event.callee
    if isinstance(function, FunctionValue):
        own = [p.name for p in function.node.parameters if p.kind in ("plain", "positional", "keyword")]
        own = own[1:] if isinstance(event.callee, BoundMethod) or own[:1] in (["self"], ["cls"]) else own
        if len(own) >= len(roles):
            names = own
    by_name = {**dict(zip(names, event.args, strict=False)), **event.kwargs}
    result: dict[str, Value] = {}
    for index, role in enumerate(roles):
        known = next((name for name in (role, names[index] if index < len(names) else role) if name in by_name), None)
        if known is not None:
            result[role] = by_name[known]
    return result


def _text(value: Value) -> str | None:
    return value.value if isinstance(value, Const) and isinstance(value.value, str) else None


def method_paths(ev: Evaluator, answer: Answer | None, fallback: Span) -> tuple[list[PathDeclaration], str | None]:
    """What ``get_property_paths`` returns, and why there may be more."""
    if answer is None:
        return [], None
    declarations: list[PathDeclaration] = []
    opened: str | None = None
    for one in alternatives(answer.value):
        obj = answer.read(one)
        if not isinstance(obj, DictObj):
            if not (isinstance(one, Const) and one.value is None):
                opened = opened or (one.reason if isinstance(one, Unknown) else "not-a-mapping")
            continue
        opened = opened or (obj.open.reason if obj.open is not None else None)
        for entry in obj.entries.values():
            name = _text(entry.key)
            for value in alternatives(entry.value):
                path = path_text(ev, value, fallback)
                span = path.origin if path is not None else ev.span(origin_of(entry.key)) or fallback
                scope = profile.PATHS_METHOD
                declarations.append(PathDeclaration(Mechanism.METHOD, None, name, path, span, scope, len(declarations)))
    return declarations, opened


def output_property_paths(ev: Evaluator, answer: Answer, fallback: Span) -> list[PathDeclaration]:
    """The entries of ``OUTPUT_PROPERTIES`` that are property paths."""
    obj = answer.read(answer.value)
    assert isinstance(obj, DictObj)
    declarations: list[PathDeclaration] = []
    for entry in obj.entries.values():
        path = path_text(ev, entry.value, fallback)
        if path is not None and path.text.startswith("properties."):
            mechanism = Mechanism.OUTPUT_PROPERTIES
            declarations.append(PathDeclaration(mechanism, None, _text(entry.key), path, path.origin, mechanism.value, len(declarations)))
    return declarations


# --- who they are for ---


def assign_owners(
    ev: Evaluator, contracts: list[Contract], refs: list[Ref], declarations: list[tuple[PathDeclaration, Ref | None]]
) -> tuple[list[Contract], list[PathDeclaration]]:
    """Give each registration to the contracts whose step type it names, and each contract its paths."""
    components = Components(ev)
    by_type: dict[str, list[int]] = defaultdict(list)
    for index, contract in enumerate(contracts):
        for name in step_types(ev, contract, refs[index]):
            if index not in by_type[name]:
                by_type[name].append(index)
    by_module: dict[str, list[int]] = defaultdict(list)
    for index, contract in enumerate(contracts):
        by_module[contract.span.path].append(index)
    reserved = _reserved(ev)
    owned: list[PathDeclaration] = []
    paths: dict[int, list[PathDeclaration]] = defaultdict(list)
    for declaration, receiver in declarations:
        indices = _owners(declaration, receiver, refs, by_type, by_module, reserved)
        indices = [i for i in indices if components.share(declaration.span.path, contracts[i].span.path)]
        owners = tuple(dict.fromkeys(contracts[i].name for i in indices))
        given = replace(declaration, owners=owners, component=components.of(declaration.span.path))
        owned.append(given)
        for i in indices:
            paths[i].append(given)
    result: list[Contract] = []
    for index, contract in enumerate(contracts):
        registered = paths[index]
        texts = {p.path.origin for p in registered if p.path is not None}
        own = [p for p in contract.paths if p.path is None or p.mechanism is not Mechanism.METHOD or p.path.origin not in texts]
        opened = contract.open_paths or ("unknown-name" if any(p.name is None for p in registered) else None)
        if not own and not registered and opened is None and contract.open_outputs == "base-class-outside":
            opened = "base-class-outside"
        component = components.of(contract.span.path)
        result.append(replace(contract, paths=(*own, *registered), open_paths=opened, component=component))
    return result, owned


def _owners(
    declaration: PathDeclaration,
    receiver: Ref | None,
    refs: list[Ref],
    by_type: Mapping[str, list[int]],
    by_module: Mapping[str, list[int]],
    reserved: frozenset[str],
) -> list[int]:
    if declaration.mechanism is Mechanism.INSTANCE_REGISTRY:
        return [refs.index(receiver)] if receiver in refs else []
    step_type = declaration.step_type
    if step_type is None:
        return []
    if step_type in by_type:
        return by_type[step_type]
    if step_type in reserved or kinds_of_class(f"sagemaker.workflow.steps.{step_type}"):
        return []
    beside = by_module.get(declaration.span.path, [])
    return beside if len(beside) == 1 and not declaration.scope else []


def step_types(ev: Evaluator, contract: Contract, ref: Ref) -> list[str]:
    """The step types under which paths may be registered for a builder: spellings of its class, and its names in registries."""
    names = dict.fromkeys(profile.spellings(contract.class_name))
    names[contract.name] = None
    for lookup in ev.observed.lookups:
        if lookup.present and lookup.receiver == ref and lookup.address in ev.registries:
            names[str(lookup.key.value)] = None
            obj = ev.root.get(lookup.address)
            entry = obj.entries.get(("const", lookup.key.value)) if isinstance(obj, DictObj) else None
            if entry is not None and isinstance(entry.value, Const) and isinstance(entry.value.value, str):
                names[entry.value.value] = None
    return list(names)


def _reserved(ev: Evaluator) -> frozenset[str]:
    """Names that step-name registries give to some step: they are nobody else's."""
    names: set[str] = set()
    for address in ev.registries:
        obj = ev.root.get(address)
        if isinstance(obj, DictObj):
            for entry in obj.entries.values():
                names.update(v.value for v in (entry.key, entry.value) if isinstance(v, Const) and isinstance(v.value, str))
    return frozenset(names)


class Components:
    """The import-connected parts of the project: what is registered in one says nothing of another."""

    def __init__(self, ev: Evaluator) -> None:
        self._leader: dict[str, str] = {}
        for module in ev.modules():
            self._leader.setdefault(module.path or module.ident, module.path or module.ident)
        for importer, imported in ev.import_edges.items():
            for module in imported:
                self._join(importer.path or importer.ident, module.path or module.ident)

    def _find(self, name: str) -> str:
        leader = self._leader.setdefault(name, name)
        while leader != self._leader.setdefault(leader, leader):
            leader = self._leader[leader]
        self._leader[name] = leader
        return leader

    def _join(self, first: str, second: str) -> None:
        a, b = sorted((self._find(first), self._find(second)))
        self._leader[b] = a

    def of(self, path: str) -> str:
        """The component of a module's file, by the first of its files."""
        return self._find(path)

    def share(self, first: str, second: str) -> bool:
        return self._find(first) == self._find(second)
