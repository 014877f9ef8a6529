"""What a builder looks up: names of its configuration, attributes of its configuration, and what ``create_step`` is given."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.frontends import profile
from contract_lint.frontends.self_fed import ANY
from contract_lint.frontends.subject import Subject
from contract_lint.model.contract import AttributeUse, NameUse, Port, Table, Written
from contract_lint.model.conventions import PSEUDO_INPUTS
from contract_lint.model.span import Span
from contract_lint.python.calls import NO_ARGUMENTS, Arguments
from contract_lint.python.dicts import set_item
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.observations import GIVEN, GIVEN_ARGUMENTS, GIVEN_INPUTS, GIVEN_OUTPUTS, Lookup
from contract_lint.python.values import Const, DictObj, FunctionValue, InstanceObj, Ref, Unknown, alternatives, origin_of

VALIDATE = "validate_configuration"
TABLES = (Table.INPUT_NAMES, Table.OUTPUT_NAMES)


def step_arguments(frame: Frame) -> Arguments:
    """What a pipeline passes to ``create_step``: inputs and outputs by name, and whatever else it likes."""
    inputs = frame.new(DictObj({}, Unknown(GIVEN_INPUTS)))
    outputs = frame.new(DictObj({}, Unknown(GIVEN_OUTPUTS)))
    return Arguments((), {"inputs": inputs, "outputs": outputs}, None, Unknown(GIVEN_ARGUMENTS), frozenset({"inputs", "outputs"}))


class Tables(Struct, frozen=True):
    """The dicts of names that a configuration instance holds, by address."""

    by_address: dict[object, Table]

    @classmethod
    def of(cls, config: Answer) -> Tables:
        found: dict[object, Table] = {}
        for one in alternatives(config.value):
            obj = config.read(one)
            if isinstance(obj, InstanceObj):
                for table in TABLES:
                    value = obj.attributes.get(table.value)
                    if isinstance(value, Ref):
                        found[value.address] = table
        return cls(found)


def name_uses(ev: Evaluator, tables: Tables, lookups: Sequence[Lookup], validated: Sequence[Lookup], builder: Ref) -> tuple[NameUse, ...]:
    """The names that the builder looks up in its tables and in what it is given, each place once."""
    checked = set(validated)
    uses: dict[NameUse, None] = {}
    mine = [lookup for lookup in (*lookups, *(one for one in validated if one not in lookups)) if lookup.receiver == builder]
    optional = {one.key.value for one in mine if one.how != "index" and one.opened in GIVEN and not ev.observed.is_demanded(one)}
    for lookup in mine:
        if not isinstance(lookup.key.value, str):
            continue
        table = tables.by_address.get(lookup.address) or _given(lookup)
        span = ev.span(lookup.key.origin) or ev.span(lookup.origin)
        if table is None or span is None:
            continue
        if table in TABLES:
            demanded = lookup in checked or (lookup.how == "index" and not lookup.guarded)
        else:
            if lookup.key.value in PSEUDO_INPUTS:
                continue
            # A keyword argument need not be data. And what is asked for elsewhere may be absent: the index stands behind a check that
            # was not understood.
            behind_check = lookup.how == "index" and lookup.key.value in optional
            demanded = lookup.opened != GIVEN_ARGUMENTS and ev.observed.is_demanded(lookup) and not behind_check
        fallback, guarded = _fallback(ev, lookup), ev.observed.goes_on_without(lookup)
        uses[NameUse(table, lookup.key.value, span, lookup.scope, demanded, lookup in checked, fallback, guarded)] = None
    return tuple(_strongest(uses))


def _fallback(ev: Evaluator, lookup: Lookup) -> Written | None:
    """What a lookup falls back to: the text, unless a configuration gives it; None if it falls back to nothing."""
    default = lookup.default
    if default is None or (isinstance(default, Const) and not default.value):
        default = ev.observed.fallbacks.get(lookup.key.origin)
    if default is None:
        return None
    span = ev.span(origin_of(default)) or ev.span(lookup.origin)
    text = default.value if isinstance(default, Const) and isinstance(default.value, str) and not default.soft else None
    return Written(text, span) if span is not None else None


def required_by_code(port: Port, uses: Sequence[NameUse], stored: Collection[str], *, hands_on: bool) -> Port:
    """The input as the code treats it where the step is made, which says more than its description.

    What is demanded anywhere is required; what has something to fall back to, or is left out where it is absent, is not. What is taken as
    it comes is not either, but for two cases, in which nobody sees what becomes of it: where the inputs go on as a whole (``hands_on``),
    and behind a check that is not understood. What the builder stores under the name of an input (``stored``) may be that input.
    """
    names = (port.name, *port.aliases)
    if not port.pseudo and any(name in stored for name in (*names, ANY)):
        port = replace(port, external="its builder may fill it in itself")
    mine = [use for use in uses if use.table is Table.INPUTS and use.name in names]
    if port.pseudo or not mine:
        return port
    if any(use.demanded for use in mine):
        return replace(port, required=True)
    guarded = {use.guarded for use in mine}
    if True not in guarded and (hands_on or None in guarded):
        return port
    fallback = next((use.fallback for use in mine if use.fallback is not None), None)
    if fallback is None or port.external is not None:
        return replace(port, required=False)
    return replace(port, required=False, fallback=fallback, external="a default in the code")


def parameter_uses(ev: Evaluator, create: FunctionValue | None) -> Iterator[NameUse]:
    """The parameters of ``create_step``, which frameworks fill with the inputs of the same names."""
    for parameter in create.node.parameters if create is not None else ():
        span = ev.span((create.module, parameter.at)) if create is not None else None
        if span is not None and parameter.kind in ("plain", "keyword"):
            yield NameUse(Table.INPUTS, parameter.name, span, profile.CREATE_STEP, False, False)


def _strongest(uses: Iterable[NameUse]) -> list[NameUse]:
    """One use for each name and place, the one that demands it if there is one."""
    best: dict[tuple[Table, str, Span], NameUse] = {}
    for use in uses:
        key = (use.table, use.name, use.span)
        old = best.get(key)
        if old is None or _strength(use) > _strength(old):
            best[key] = use
    return sorted(best.values(), key=lambda use: (use.span, use.table.value, use.name))


def _strength(use: NameUse) -> tuple[bool, bool, bool, bool]:
    return use.demanded, use.validated, use.fallback is not None, use.guarded is not False


def _given(lookup: Lookup) -> Table | None:
    return {GIVEN_INPUTS: Table.INPUTS, GIVEN_ARGUMENTS: Table.INPUTS, GIVEN_OUTPUTS: Table.OUTPUTS}.get(lookup.opened or "")


def attribute_uses(ev: Evaluator, configs: Iterable[Ref], builders: frozenset[str]) -> tuple[AttributeUse, ...]:
    """The attributes that methods of the classes named ``builders`` demand of their configuration, and that its class lacks."""
    classes = set(configs)
    found: dict[AttributeUse, None] = {}
    for event in ev.observed.missing:
        if event.cls not in classes or event.scope.partition(".")[0] not in builders or event.name in ev.observed.assigned:
            continue
        if event in ev.observed.demanded_attributes or (event.how == "read" and not event.guarded):
            span = ev.span(event.origin)
            if span is not None:
                found[AttributeUse(event.name, span, event.scope)] = None
    return tuple(sorted(found, key=lambda use: (use.span, use.name)))


# --- what validation demands ---


def validation(subject: Subject, tables: Tables) -> tuple[Lookup, ...]:
    """The lookups for which ``validate_configuration`` fails: it raises as things are, and would not if the names were there.

    Decided by trying: all missing names are added, then each is taken out again that is not needed, the last ones first (where one of
    several would do, the first stays). Names that the code itself found to be missing (``wanted - set(names)``) are tried in each
    table.
    """
    ev, builder = subject.ev, subject.builder.ref
    lookups: dict[Lookup, None] = {}
    answer: Answer | None = None
    for _ in range(8):
        with ev.observing() as observed:
            answer = subject.ask(VALIDATE, NO_ARGUMENTS, _adding(lookups))
        if answer is None or answer.value != Unknown("always-raises"):
            break
        found = [one for one in observed.lookups if one.address in tables.by_address and not one.present and one.closed]
        found = found or [_refused(name, address, builder) for name in observed.refused for address in tables.by_address]
        if set(found) <= set(lookups):
            return ()
        lookups.update(dict.fromkeys(found))
    if answer is None or isinstance(answer.value, Unknown):
        return ()

    kept = list(lookups)
    for one in reversed(list(lookups)):
        rest = [other for other in kept if not _same_key(other, one)]
        with ev.unobserved(True):
            again = subject.ask(VALIDATE, NO_ARGUMENTS, _adding(rest))
        if again is None or again.value != Unknown("always-raises"):
            kept = rest
    return tuple(kept)


def _refused(name: Const, address: object, builder: Ref) -> Lookup:
    return Lookup(address, name, "in", False, None, (), name.origin, VALIDATE, None, builder, False)


def _same_key(first: Lookup, second: Lookup) -> bool:
    return first.address == second.address and first.key == second.key


def _adding(lookups: Iterable[Lookup]) -> Callable[[Frame], None]:
    """Put the missing names into the configuration's tables."""
    keys = list(lookups)

    def prepare(frame: Frame) -> None:
        for lookup in keys:
            set_item(frame, Ref(lookup.address), lookup.key, Const("supplied"))

    return prepare
