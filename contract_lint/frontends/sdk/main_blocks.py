"""What modules do as scripts: the blocks below ``if __name__ == "__main__":`` that handle pipelines."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import partial

from contract_lint.frontends.sdk.snapshot import is_sdk
from contract_lint.python import summary as ir
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.statements import execute_block
from contract_lint.python.values import Const, Ref, Value
from contract_lint.python.walk import nodes

DONE = Const(None)


def run_main_blocks(ev: Evaluator, modules: Sequence[Module], names: Collection[str], budget: int) -> Iterator[Answer]:
    """Run the blocks of modules that use one of ``names``, or a variable that holds an object of the SDK, after the rest of the module."""
    for module in modules:
        summary = None if module.is_script else ev.summary_of(module)
        for body in _blocks(summary) if summary is not None else ():
            if _handles_pipelines(ev, module, body, names):
                yield ev.query(module, partial(_run, ev, body), budget=budget)


def _blocks(summary: ir.ModuleSummary) -> Iterator[Sequence[ir.Stmt]]:
    for statement in summary.body:
        if isinstance(statement, ir.If):
            yield from (branch.body for branch in statement.branches[:1] if _asks_for_main(branch.test))


def _asks_for_main(test: ir.Expr) -> bool:
    if not isinstance(test, ir.Compare) or len(test.rest) != 1 or test.rest[0][0] != "==":
        return False
    sides = (test.first, test.rest[0][1])
    names = any(isinstance(side, ir.Name) and side.id == "__name__" for side in sides)
    return names and any(isinstance(side, ir.Const) and side.value == "__main__" for side in sides)


def _handles_pipelines(ev: Evaluator, module: Module, body: Sequence[ir.Stmt], names: Collection[str]) -> bool:
    used = {node.id if isinstance(node, ir.Name) else node.name for node in nodes(body) if isinstance(node, (ir.Name, ir.Attribute))}
    if not used.isdisjoint(names):
        return True
    values = (ev.global_value(module, name, ev.root) for name in used)
    return any(isinstance(value, Ref) and is_sdk(ev.root.get(value.address)) for value in values)


def _run(ev: Evaluator, body: Sequence[ir.Stmt], frame: Frame) -> Value:
    main = Frame(ev, frame.module, frame.heap, None, "")
    execute_block(main, tuple(body))
    frame.heap = main.heap
    return DONE
