"""Where something stands, as the user sees it."""

from __future__ import annotations

from contract_lint.model.report import Sources
from contract_lint.model.span import Span


def place_text(span: Span, sources: Sources) -> str:
    """``path:line:column``, not yet escaped; in a notebook with the cell."""
    cell = f":cell {span.cell}" if span.cell is not None else ""
    return f"{sources.shown(span.path)}{cell}:{span.line}:{span.column}"
