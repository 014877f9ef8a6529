"""A rule failed while it was running.

## What it reports

A rule, built in or of a plugin, that raised an exception: which rule, at which place it was looking, the exception, and the
last line of the rule that it came through. It is reported whichever rules are selected and wherever the place is, and the run
ends with exit code 2.

## Why it matters

That rule's verdict is missing. All other rules, and this rule at all other places, have run.

## Bad

A rule that takes for granted what need not be there:

```python
from contract_lint.api import ContractView, Draft, Severity, rule


@rule("CL999", "first-output-named-model", Severity.WARNING, view=ContractView, facts=FirstOutput)
def first_output_named_model(view):
    if view.contract.outputs[0].name != "model":
        yield Draft(FirstOutput(view.contract.name), view.contract.span, view.contract.name, "outputs")
```

## Good

```python
from contract_lint.api import ContractView, Draft, Severity, rule


@rule("CL999", "first-output-named-model", Severity.WARNING, view=ContractView, facts=FirstOutput)
def first_output_named_model(view):
    outputs = view.contract.outputs
    if outputs and outputs[0].name != "model":
        yield Draft(FirstOutput(view.contract.name), view.contract.span, view.contract.name, "outputs")
```

## How to fix

If the rule is your own, mend it at the line shown. If it is built in, please report it with the code at the place shown; until
it is mended, `--ignore` that rule.

## When it stays silent

While every rule runs to its end.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import CrashView, Draft, Related, Severity, rule

SHOWN_PLACES = 5


@dataclass(frozen=True, slots=True)
class RuleCrash:
    rule: str
    name: str
    exception: str
    trace: str
    places: int

    def message(self) -> str:
        more = f" (and at {self.places - 1} more)" if self.places > 1 else ""
        return f"the rule {self.rule} ({self.name}) crashed here{more}: {self.exception}, at {self.trace}"

    def help(self) -> str:
        return f"this is a defect of the rule, not of your code; until it is mended, run with --ignore {self.rule}"


@rule("CL008", "rule-crashed", Severity.ERROR, view=CrashView, facts=RuleCrash)
def rule_crashed(view: CrashView) -> Iterator[Draft]:
    facts = RuleCrash(view.rule, view.name, view.exception, view.trace, len(view.places))
    others = tuple(Related(place, "the rule crashed here too") for place in view.places[1 : SHOWN_PLACES + 1])
    yield Draft(facts, view.place, view.rule, view.exception.partition(":")[0], others)
