"""Where the code makes a value of what the clock gave, or a random identifier."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contract_lint.model.sdk import clock_in
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Evaluator
from contract_lint.python.values import Part, Ref

#: What is done to a moment that makes another value of it.
MAKING = frozenset({"text", "arithmetic", "convert", "call-method"})


def moments(ev: Evaluator) -> Mapping[Span, str]:
    """The places of these values, each with the function that was asked."""
    names = {one.object.address: f"{one.made.callee}()" for one in ev.observed.outside}
    found: dict[Span, str] = {}
    for one in ev.observed.operations:
        value = one.operand
        name = value.name if isinstance(value, Part) else names.get(value.address, "") if isinstance(value, Ref) else ""
        clock = clock_in(name) if one.kind in MAKING else None
        span = ev.span(one.origin) if clock is not None else None
        if clock is not None and span is not None:
            found[span] = clock
    return MappingProxyType(found)
