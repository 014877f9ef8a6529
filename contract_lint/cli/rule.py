"""``contract-lint rule``: the page of one rule."""

from __future__ import annotations

import click


@click.command(short_help="Explain one rule.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", metavar="RULE")
def rule(name: str) -> int:
    """Explain RULE, given by its id or its name."""
    from contract_lint.api import joined, nearest
    from contract_lint.cli.output import write_lines
    from contract_lint.engine import load_rules
    from contract_lint.model.errors import UsageError

    rules = load_rules()
    folded = name.casefold()
    for one in rules:
        if folded in (one.id.casefold(), one.name.casefold()):
            off = ", off: it runs only when selected" if one.off else ""
            write_lines([f"{one.id} {one.name} ({one.severity.value}{off})", "", *one.page.splitlines()])
            return 0
    near = nearest(name, [word for one in rules for word in (one.id, one.name)])
    hint = f" (did you mean {joined(near)}?)" if near else ""
    raise UsageError(f"no rule '{name}'{hint}; all of them: contract-lint rules")
