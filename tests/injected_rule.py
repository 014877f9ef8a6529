"""A rule of nobody that takes the first output for granted: the trees of CL008 make it crash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import ContractView, Draft, Severity, rule


@dataclass(frozen=True, slots=True)
class FirstOutput:
    contract: str

    def message(self) -> str:
        return f"the first output of {self.contract} is not called 'model'"

    def help(self) -> str:
        return "rename it"


@rule("CL999", "first-output-named-model", Severity.WARNING, view=ContractView, facts=FirstOutput)
def first_output_named_model(view: ContractView) -> Iterator[Draft]:
    if view.contract.outputs[0].name != "model":
        yield Draft(FirstOutput(view.contract.name), view.contract.span, view.contract.name, "outputs")
