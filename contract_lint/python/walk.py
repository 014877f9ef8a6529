"""Every node of lowered code, whatever it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from contract_lint.python.summary import ModuleSummary


def nodes(parts: Iterable[object], skip: Callable[[object], bool] = lambda part: False) -> Iterator[msgspec.Struct]:
    """All nodes in statements and expressions, less those that ``skip`` refuses and what is in them; bodies of functions are no part."""
    todo: list[object] = list(parts)
    while todo:
        part = todo.pop()
        if isinstance(part, tuple):
            todo.extend(part)
        elif isinstance(part, msgspec.Struct) and not skip(part):
            yield part
            todo.extend(getattr(part, field) for field in part.__struct_fields__ if field != "at")


def module_nodes(summary: ModuleSummary, skip: Callable[[object], bool] = lambda part: False) -> Iterator[msgspec.Struct]:
    """All nodes of a module, those of its functions included."""
    return nodes((summary.body, *summary.bodies.functions()), skip)
