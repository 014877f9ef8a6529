"""Where a list names what it holds: values know where they were made, which often is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from contract_lint.model.span import Span
from contract_lint.python import summary as ir
from contract_lint.python.evaluate import Evaluator
from contract_lint.python.values import Origin
from contract_lint.python.walk import module_nodes


def element_spans(ev: Evaluator, origin: Origin) -> Sequence[Span | None]:
    """The places of the elements of the list display that stands there; none after one with a star."""
    summary = ev.summary_of(origin[0]) if origin is not None else None
    if origin is None or summary is None:
        return ()
    places: list[Span | None] = []
    for node in module_nodes(summary):
        if isinstance(node, ir.Sequence) and node.at == origin[1]:
            for item in node.items:
                if isinstance(item, ir.Starred):
                    break
                places.append(ev.span((origin[0], item.at)))
            break
    return places
