"""Which registrations of property paths are made outside of the module that they belong to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from contract_lint.api import DeclarationView, Mechanism, PathDeclaration, PathText, RegistrationView


def foreign(view: RegistrationView) -> tuple[DeclarationView, ...]:
    """What modules register, at their own level, only for builders of other modules.

    A module that defines a builder of its own has no business there; another one (a list of all paths, say) has, unless the
    builder's own module gives the same key another path.
    """
    with_builders: dict[str, set[str]] = defaultdict(set)
    for contract in view.builders:
        with_builders[contract.span.path].add(contract.name)
    outside = [given for given in view.given if _is_outside(given, with_builders)]
    by_step_type = _by_step_type(view) if outside else {}
    return tuple(given for given in outside if _module(given) in with_builders or _contradicts(given, by_step_type))


def at_home(given: DeclarationView, view: RegistrationView) -> tuple[DeclarationView, ...]:
    """The registrations of the same key in the modules of its builders, at their own level."""
    return _at_home(given, _by_step_type(view))


def text_of(path: PathText | None) -> str | None:
    """A path's text, if it is known."""
    return path.text if path is not None and path.known else None


def missing_method(declarations: Iterable[PathDeclaration]) -> str | None:
    """The registering method that some of the statements call and their class does not have; None if all of them register."""
    return next((one.mechanism.value for one in declarations if not one.registers), None)


def _by_step_type(view: RegistrationView) -> Mapping[str | None, Sequence[DeclarationView]]:
    """The class registrations that modules make at their own level."""
    found: dict[str | None, list[DeclarationView]] = defaultdict(list)
    for given in view.given:
        if given.declaration.mechanism is Mechanism.CLASS_REGISTRY and not given.declaration.scope:
            found[given.declaration.step_type].append(given)
    return found


def _at_home(given: DeclarationView, by_step_type: Mapping[str | None, Sequence[DeclarationView]]) -> tuple[DeclarationView, ...]:
    homes = {owner.span.path for owner in given.owners}
    return tuple(other for other in by_step_type.get(given.declaration.step_type, ()) if _module(other) in homes)


def _is_outside(given: DeclarationView, with_builders: Mapping[str, set[str]]) -> bool:
    """Whether none of the builders stands in the module, not even under the same name."""
    declaration = given.declaration
    if declaration.mechanism is not Mechanism.CLASS_REGISTRY or declaration.scope or declaration.step_type is None or not given.owners:
        return False
    module = _module(given)
    at_home = any(owner.span.path == module for owner in given.owners)
    return not at_home and with_builders.get(module, set()).isdisjoint(declaration.owners)


def _contradicts(given: DeclarationView, by_step_type: Mapping[str | None, Sequence[DeclarationView]]) -> bool:
    text = text_of(given.declaration.path)
    others = {text_of(other.declaration.path) for other in _at_home(given, by_step_type)}
    return text is not None and bool(others) and None not in others and text not in others


def _module(given: DeclarationView) -> str:
    return given.declaration.span.path
