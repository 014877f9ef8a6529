"""Ask registered strategies for the values of properties."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Hashable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

from contract_lint.resolution.errors import ResolutionError

#: Where a context may hold an execution, in the order of looking.
EXECUTION_KEYS = ("pipeline_execution", "record", "client")
_KEPT = (str, int, float, bool, type(None), list, dict)


class PropertyResolutionStrategy(ABC):
    """One way to resolve properties."""

    @abstractmethod
    def can_resolve(self, step_name: str, property_path: str, context: dict[str, Any]) -> bool:
        """Whether this strategy is the one to ask."""

    @abstractmethod
    def resolve(self, step_name: str, property_path: str, context: dict[str, Any]) -> Any:  # noqa: ANN401
        """The value of the property, or a reference to it; raises ResolutionError where there is none."""


class PropertyResolutionService:
    """Resolves properties by the first strategy, in the order of registration, that says it can.

    Two defects of the first design are mended. Its cache was keyed by step and path alone, so that the value of one execution was
    given for another. Here a value is kept with the execution that it belongs to, as long as that object lives, and only if the
    execution says that the step's values are final (``is_final(step_name)``, which recorded and live executions have); contexts
    that differ in anything else do not share it, and what is resolved without an execution is never kept.
    And ``resolve_property`` says why nothing was resolved: no strategy is registered, or none of them can.
    """

    def __init__(self) -> None:
        self._resolution_strategies: list[PropertyResolutionStrategy] = []
        self._cache: WeakKeyDictionary[object, dict[Hashable, Any]] = WeakKeyDictionary()

    def register_strategy(self, strategy: PropertyResolutionStrategy) -> None:
        """Add a strategy, to be asked after those that are registered."""
        self._resolution_strategies.append(strategy)

    def resolve_property(self, step_name: str, property_path: str, context: dict[str, Any]) -> Any:  # noqa: ANN401
        """The value of a property in a context.

        Raises ResolutionError, a ValueError, where no strategy can resolve it; what a strategy raises is passed on.
        """
        key = _cache_key(step_name, property_path, context)
        execution = _keeper(context, step_name) if key is not None else None
        if execution is not None and key in (kept := self._cache.get(execution, {})):
            return copy.deepcopy(kept[key])
        for strategy in self._resolution_strategies:
            if strategy.can_resolve(step_name, property_path, context):
                value = strategy.resolve(step_name, property_path, context)
                if execution is not None and isinstance(value, _KEPT):
                    self._cache.setdefault(execution, {})[key] = copy.deepcopy(value)
                return value
        count = len(self._resolution_strategies)
        why = f"none of {count} strategies can" if count else "register a strategy first"
        raise ResolutionError(f"Cannot resolve property: {step_name}.{property_path}", why)


def _cache_key(step_name: str, property_path: str, context: Mapping[str, object]) -> Hashable | None:
    """Step, path and all that the context holds beside the execution; None where that is more than plain values."""
    beside = [(key, type(value).__name__, value) for key, value in context.items() if key not in EXECUTION_KEYS]
    if not all(isinstance(value, str | int | float | bool | None) for _, _, value in beside):
        return None
    return step_name, property_path, tuple(sorted(beside, key=lambda one: str(one[0])))


def _keeper(context: Mapping[str, object], step_name: str) -> object | None:
    """The context's only execution, if it says that the step's values are final and can be told from others."""
    executions = [context[key] for key in EXECUTION_KEYS if context.get(key) is not None]
    if len(executions) != 1:
        return None
    (execution,) = executions
    kind = type(execution)
    # Only what compares by identity: an equal execution is not the same one.
    if not callable(getattr(kind, "is_final", None)) or kind.__eq__ is not object.__eq__ or kind.__hash__ is not object.__hash__:
        return None
    return execution if execution.is_final(step_name) is True and _weak(execution) else None  # type: ignore[attr-defined]


def _weak(execution: object) -> bool:
    return hasattr(type(execution), "__weakref__")
