"""How the rules about types share the verdicts on edges among them."""

from __future__ import annotations

from contract_lint.api import BindingView, Judgement, Severity, TypeVerdict

#: An output that may be absent.
OPTIONAL = frozenset({"optional-source"})
#: A number, a truth value or a time where text is due.
NUMBERS = frozenset({"needs-to-string"})
#: Both are S3 URIs, and what they point at differs.
REFINEMENTS = frozenset(
    {"prefix-for-object", "prefix-for-manifest", "object-for-manifest", "content-mismatch", "parent-prefix", "format-mismatch"}
)

_SEVERITIES = {TypeVerdict.ERROR: Severity.ERROR, TypeVerdict.WARNING: Severity.WARNING}


def judged(view: BindingView) -> Judgement | None:
    """The verdict on an edge that is to be reported; None where the types fit, or nothing can be proved."""
    chosen = view.binding.chosen
    if chosen is None or not view.step.certain or chosen.judgement.verdict not in _SEVERITIES:
        return None
    return chosen.judgement


def severity_of(judgement: Judgement) -> Severity:
    return _SEVERITIES[judgement.verdict]
