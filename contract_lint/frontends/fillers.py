"""Which placeholders in property paths some code of the project fills in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from contract_lint.model.contract import PathDeclaration
from contract_lint.python import summary as ir
from contract_lint.python.evaluate import Evaluator
from contract_lint.python.walk import module_nodes

PLACEHOLDER = re.compile(r"\{(\w+)\}")
#: Methods and functions that put values into templates.
FILLING = frozenset({"format", "format_map", "replace", "sub", "substitute", "safe_substitute"})


def fillers(ev: Evaluator, declarations: Iterable[PathDeclaration]) -> tuple[str, ...]:
    """The placeholder names among the paths that a ``.format(name=…)``, a ``.replace("{name}", …)`` or the like may fill.

    ``.format(**values)`` may fill any of them.
    """
    wanted = {name for one in declarations if one.path is not None for name in PLACEHOLDER.findall(one.path.text)}
    if not wanted:
        return ()
    filled: set[str] = set()
    for module in ev.modules():
        summary = ev.summary_of(module)
        if summary is not None and FILLING & set(summary.calls):
            for call in module_nodes(summary):
                if isinstance(call, ir.Call):
                    filled |= _filled(call, wanted)
    return tuple(sorted(filled))


def _filled(call: ir.Call, wanted: set[str]) -> set[str]:
    if not isinstance(call.func, ir.Attribute) or call.func.name not in FILLING:
        return set()
    if call.func.name == "format_map" or any(argument.stars == 2 for argument in call.args):
        return wanted
    texts = [a.value.value for a in call.args if isinstance(a.value, ir.Const) and isinstance(a.value.value, str)]
    named = {argument.name for argument in call.args if argument.name is not None}
    return {name for name in wanted if name in named or any(name in text for text in texts)}
