"""Registries: dicts from step names to builders, and from configuration classes to step names, whatever they are called."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import Struct

from contract_lint.model.contract import Named
from contract_lint.model.project import BuilderMap
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Evaluator
from contract_lint.python.values import CellObj, ClassObj, Const, DictObj, Ref


class Registry(Struct, frozen=True):
    """A dict that a module or a class keeps under a name."""

    name: str
    span: Span
    contents: DictObj


def builder_maps(ev: Evaluator, builders: Iterable[Ref]) -> tuple[BuilderMap, ...]:
    """The dicts that map texts to builder classes, each with the step names that registries of configurations know."""
    classes = set(builders)
    registries = list(registries_of(ev))
    found: list[BuilderMap] = []
    known = _registered(ev, registries)
    places = {registry.span for registry in registries}
    for registry in (*registries, *(local for local in _displays(ev) if local.span not in places)):
        entries = [entry for entry in registry.contents.entries.values() if isinstance(entry.value, Ref) and entry.value in classes]
        keys = [entry.key for entry in entries if isinstance(entry.key, Const) and isinstance(entry.key.value, str)]
        if not keys or len(keys) != len(registry.contents.entries):
            continue
        named = tuple(Named(str(key.value), ev.span(key.origin) or registry.span) for key in keys)
        names = tuple(class_name(ev, entry.value) for entry in entries)
        registered, place = known if known is not None else (None, None)
        found.append(BuilderMap(registry.name, registry.span, named, names, registered, place))
    return tuple(sorted(found, key=lambda one: (one.span, one.name)))


def _displays(ev: Evaluator) -> Iterator[Registry]:
    """The dicts that functions make, under the function's name."""
    for display in ev.observed.displays:
        span = ev.span(display.contents.origin)
        if span is not None:
            yield Registry(display.scope.rpartition(".")[2] or "a dict", span, display.contents)


def registries_of(ev: Evaluator) -> Iterator[Registry]:
    """The dicts that modules and classes keep under a name, each once."""
    seen: set[object] = set()
    for address, obj in ev.root.own.items():
        if isinstance(obj, CellObj) and isinstance(address, tuple):
            yield from _registry(ev, str(address[1]), obj.value, seen)
        elif isinstance(obj, ClassObj):
            for name, value in obj.attributes.items():
                yield from _registry(ev, name, value, seen)


def _registry(ev: Evaluator, name: str, value: object, seen: set[object]) -> Iterator[Registry]:
    contents = ev.root.get(value.address) if isinstance(value, Ref) else None
    if isinstance(value, Ref) and isinstance(contents, DictObj) and value.address not in seen:
        span = ev.span(contents.origin)
        if span is not None and contents.kind == "dict":
            seen.add(value.address)
            yield Registry(name, span, contents)


def _registered(ev: Evaluator, registries: Iterable[Registry]) -> tuple[tuple[str, ...] | None, Span | None] | None:
    """The step names of the registries that map configuration classes, or their names, to step names; None if there is none."""
    class_names = {class_name(ev, ref) for ref in ev.classes}
    names: set[str] = set()
    place: Span | None = None
    closed = True
    for registry in registries:
        entries = list(registry.contents.entries.values())
        keyed = [
            entry for entry in entries if isinstance(entry.key, Ref) or (isinstance(entry.key, Const) and entry.key.value in class_names)
        ]
        values = [entry.value for entry in entries if isinstance(entry.value, Const) and isinstance(entry.value.value, str)]
        if not entries or len(keyed) * 2 < len(entries) or len(values) != len(entries):
            continue
        place = place or registry.span
        closed = closed and registry.contents.open is None
        names.update(str(value.value) for value in values)
    if place is None:
        return None
    return (tuple(sorted(names)) if closed else None), place


def class_name(ev: Evaluator, value: object) -> str:
    """The name of a class; empty for anything else."""
    obj = ev.root.get(value.address) if isinstance(value, Ref) else None
    return obj.name if isinstance(obj, ClassObj) else ""
