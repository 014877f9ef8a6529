"""What a builder looks up: names of its configuration, attributes of its configuration, and what ``create_step`` is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from contract_lint.frontends import profile
from contract_lint.model.contract import AttributeUse, NameUse, Table
from contract_lint.model.span import Span
from contract_lint.python.calls import Arguments
from contract_lint.python.dicts import set_item
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.observations import GIVEN_ARGUMENTS, GIVEN_INPUTS, GIVEN_OUTPUTS, Lookup, MissingAttribute
from contract_lint.python.values import Const, DictObj, InstanceObj, Ref, Unknown, Value, alternatives

VALIDATE = "validate_configuration"
TABLES = (Table.INPUT_NAMES, Table.OUTPUT_NAMES)

#: Asks the builder for a method's result, after the given preparation of its state.
Ask = Callable[[str, Arguments, Callable[[Frame], None] | None], Answer | None]


def step_arguments(frame: Frame) -> Arguments:
    """What a pipeline passes to ``create_step``: inputs and outputs by name, and whatever else it likes."""
    inputs = frame.new(DictObj({}, Unknown(GIVEN_INPUTS)))
    outputs = frame.new(DictObj({}, Unknown(GIVEN_OUTPUTS)))
    return Arguments((), {"inputs": inputs, "outputs": outputs}, None, Unknown(GIVEN_ARGUMENTS), frozenset({"inputs", "outputs"}))


@dataclass(frozen=True, slots=True)
class Tables:
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


def name_uses(ev: Evaluator, tables: Tables, lookups: Sequence[Lookup], validated: Iterable[Lookup], builder: Ref) -> tuple[NameUse, ...]:
    """The names that the builder looks up in its tables and in what it is given, each place once."""
    checked = set(validated)
    uses: dict[NameUse, None] = {}
    for lookup in lookups:
        if lookup.receiver != builder or not isinstance(lookup.key.value, str):
            continue
        table = tables.by_address.get(lookup.address) or _given(lookup)
        span = ev.span(lookup.key.origin) or ev.span(lookup.origin)
        if table is None or span is None:
            continue
        if table in TABLES:
            demanded = lookup in checked or (lookup.how == "index" and not lookup.guarded)
        else:
            demanded = ev.observed.is_demanded(lookup)
            if lookup.key.value in profile.PSEUDO_INPUTS and lookup.opened == GIVEN_ARGUMENTS:
                continue
        uses[NameUse(table, lookup.key.value, span, lookup.scope, demanded, lookup in checked)] = None
    return tuple(_strongest(uses))


def _strongest(uses: Iterable[NameUse]) -> list[NameUse]:
    """One use for each name and place, the one that demands it if there is one."""
    best: dict[tuple[Table, str, Span], NameUse] = {}
    for use in uses:
        key = (use.table, use.name, use.span)
        old = best.get(key)
        if old is None or (use.demanded, use.validated) > (old.demanded, old.validated):
            best[key] = use
    return sorted(best.values(), key=lambda use: (use.span, use.table.value, use.name))


def _given(lookup: Lookup) -> Table | None:
    return {GIVEN_INPUTS: Table.INPUTS, GIVEN_ARGUMENTS: Table.INPUTS, GIVEN_OUTPUTS: Table.OUTPUTS}.get(lookup.opened or "")


def attribute_uses(
    ev: Evaluator,
    missing: Sequence[MissingAttribute],
    validated: Iterable[MissingAttribute],
    configs: Iterable[Ref],
    builder_scopes: frozenset[str],
) -> tuple[AttributeUse, ...]:
    """The attributes that the builder demands of its configuration and that its class lacks."""
    checked, classes = set(validated), set(configs)
    found: dict[AttributeUse, None] = {}
    for event in missing:
        if event.cls not in classes or event.scope.partition(".")[0] not in builder_scopes:
            continue
        if event in checked or (event.how == "read" and not event.guarded):
            span = ev.span(event.name_origin) or ev.span(event.origin)
            if span is not None and event.name not in ev.observed.assigned:
                found[AttributeUse(event.name, span, event.scope)] = None
    return tuple(sorted(found, key=lambda use: (use.span, use.name)))


# --- what validation demands ---


@dataclass(frozen=True, slots=True)
class Validation:
    """The lookups and attributes without which ``validate_configuration`` raises."""

    lookups: tuple[Lookup, ...] = ()
    attributes: tuple[MissingAttribute, ...] = ()


def validation(ev: Evaluator, ask: Ask, tables: Tables, config: Answer) -> Validation:
    """What ``validate_configuration`` fails for: it raises as things are, and would not if the names were there.

    Decided by trying: all missing names are added, then each is left out in turn.
    """
    lookups: dict[Lookup, None] = {}
    attributes: dict[MissingAttribute, None] = {}
    for _ in range(8):
        with ev.observing() as observed:
            answer = ask(VALIDATE, Arguments((), {}), _adding(tables, lookups, attributes, config))
        if answer is None or answer.value == Unknown("budget"):
            return Validation()
        if answer.value != Unknown("always-raises"):
            break
        found = [one for one in observed.lookups if one.address in tables.by_address and not one.present and one.closed]
        lacking = observed.missing
        if set(found) <= set(lookups) and set(lacking) <= set(attributes):
            return Validation()
        lookups.update(dict.fromkeys(found))
        attributes.update(dict.fromkeys(lacking))
    else:
        return Validation()

    def needed(kept_lookups: Iterable[Lookup], kept_attributes: Iterable[MissingAttribute]) -> bool:
        again = ask(VALIDATE, Arguments((), {}), _adding(tables, kept_lookups, kept_attributes, config))
        return again is not None and again.value == Unknown("always-raises")

    return Validation(
        tuple(one for one in lookups if needed([o for o in lookups if not _same_key(o, one)], attributes)),
        tuple(one for one in attributes if needed(lookups, [o for o in attributes if o.name != one.name])),
    )


def _same_key(first: Lookup, second: Lookup) -> bool:
    return first.address == second.address and first.key == second.key


def _adding(tables: Tables, lookups: Iterable[Lookup], attributes: Iterable[MissingAttribute], config: Answer) -> Callable[[Frame], None]:
    """Put the missing names and attributes into the configuration."""
    keys, names = list(lookups), [event.name for event in attributes]

    def prepare(frame: Frame) -> None:
        for lookup in keys:
            set_item(frame, Ref(lookup.address), lookup.key, Const("supplied"))
        for one in alternatives(config.value):
            obj = frame.read(one) if isinstance(one, Ref) else None
            if isinstance(one, Ref) and isinstance(obj, InstanceObj):
                supplied: dict[str, Value] = {name: Unknown("supplied") for name in names}
                frame.write(one.address, InstanceObj(obj.cls, {**obj.attributes, **supplied}, obj.exact, obj.origin))

    return prepare
