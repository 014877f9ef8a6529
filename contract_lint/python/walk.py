"""Every node of lowered code, whatever it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from contract_lint.python.summary import ModuleSummary

#: What most parts of a node are, and holds none: told apart before ``isinstance`` has to ask.
_LEAVES = frozenset({str, int, bool, type(None)})


def nodes(parts: Iterable[object], skip: Callable[[object], bool] | None = None) -> Iterator[msgspec.Struct]:
    """All nodes in statements and expressions, less those that ``skip`` refuses and what is in them; bodies of functions are no part."""
    todo: list[object] = list(parts)
    while todo:
        part = todo.pop()
        if type(part) in _LEAVES:
            continue
        if isinstance(part, tuple):
            todo += part
        elif isinstance(part, msgspec.Struct) and (skip is None or not skip(part)):
            yield part
            todo += [getattr(part, field) for field in part.__struct_fields__ if field != "at"]


def module_nodes(summary: ModuleSummary, skip: Callable[[object], bool] | None = None) -> Iterator[msgspec.Struct]:
    """All nodes of a module, those of its functions included."""
    return nodes((summary.body, *summary.bodies.functions()), skip)
