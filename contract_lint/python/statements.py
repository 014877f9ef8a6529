"""Execution of statements."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.assignment import assign, assign_item, delete, key_of_target, set_attribute, spoil_all
from contract_lint.python.attempts import run_try, run_with
from contract_lint.python.comparison import compare
from contract_lint.python.dicts import update
from contract_lint.python.expressions import captured_by, defaults_of, evaluate, subscript, values_of
from contract_lint.python.frame import Diverges, Frame, each
from contract_lint.python.lists import extend
from contract_lint.python.loops import run_for, run_while
from contract_lint.python.observations import tested_names
from contract_lint.python.operations import METHODS, binary, decided, has_method, settled, truth
from contract_lint.python.operations_observed import asks_what_it_is, holds_observed, observe, on_augmented, on_store, on_store_item
from contract_lint.python.refinement import refine
from contract_lint.python.values import (
    NONE,
    Const,
    DictObj,
    FunctionValue,
    ListObj,
    Origin,
    Ref,
    Unknown,
    Value,
    alternatives,
    join_all,
    unknown,
)
from contract_lint.python.walk import nodes

Execution: TypeAlias = Callable[[Frame, Any], bool]


def execute_block(frame: Frame, body: ir.Body) -> bool:
    """Run statements; returns whether the block falls through (it may also return, break, raise on some or all paths)."""
    ev = frame.ev
    for statement in body:
        ev.tick()
        try:
            if not EXECUTIONS[type(statement)](frame, statement):
                return False
        except Diverges:
            frame.may_raise()
            return False
    return True


def _assign(frame: Frame, node: ir.Assign) -> bool:
    value = evaluate(frame, node.value)
    for target in node.targets:
        assign(frame, target, value, (frame.module, node.at))
        if isinstance(target, ir.Name):
            frame.ev.on_bind(frame, target, value)
    return True


def _ann_assign(frame: Frame, node: ir.AnnAssign) -> bool:
    frame.ev.on_annotation(frame, node)
    if node.value is not None:
        value = evaluate(frame, node.value)
        value = frame.ev.annotated_value(frame, node, value)
        assign(frame, node.target, value, (frame.module, node.at))
        if isinstance(node.target, ir.Name):
            frame.ev.on_bind(frame, node.target, value)
    return True


def _aug_assign(frame: Frame, node: ir.AugAssign) -> bool:
    """``target op= value``; the target's own parts are evaluated once."""
    origin = (frame.module, node.at)
    target = node.target
    if isinstance(target, ir.Subscript):
        receiver, key = evaluate(frame, target.value), key_of_target(frame, target)
        current = subscript(frame, receiver, key or frame.unknown("slice", target.at), origin)
        value = _operand_added(frame, node, current)
        if frame.ev.observes:
            on_store_item(frame, target, receiver, key, value, origin)
        assign_item(frame, receiver, key, value, origin)
    elif isinstance(target, ir.Attribute):
        receiver = evaluate(frame, target.value)
        value = _operand_added(frame, node, frame.ev.attribute(frame, receiver, target.name, origin))
        if frame.ev.observes:
            on_store(frame, target.name, receiver, value, origin, frame.origin(target.value.at))
        set_attribute(frame, receiver, target.name, value)
    else:
        assign(frame, target, _operand_added(frame, node, evaluate(frame, target)), origin)
    return True


def _operand_added(frame: Frame, node: ir.AugAssign, current: Value) -> Value:
    """What the target is after the statement, given what it is before."""
    operand = evaluate(frame, node.value)
    origin = (frame.module, node.at)
    if frame.ev.observes:
        on_augmented(frame, node.op, current, operand, origin, (frame.origin(node.target.at), frame.origin(node.value.at)))
    return _augmented(frame, node.op, current, operand, origin)


def _augmented(frame: Frame, op: str, current: Value, operand: Value, origin: Origin) -> Value:
    """The value after ``op=``: lists, dicts and sets change in place."""
    options = alternatives(current)
    method = f"__i{METHODS[op]}__"
    if any(has_method(frame, one, method) for one in options):
        if len(options) > 1:
            return frame.fork_values([partial(_augmented, frame, op, one, operand, origin) for one in options])
        return settled(frame.ev.call_attribute(frame, current, method, [operand], {}, origin), origin)
    if len(options) > 1:
        changed = tuple(one for one in options if isinstance(one, Ref))
        spoil_all(frame, changed, Unknown("one-of-several", origin))
        others = [one for one in options if not isinstance(one, Ref)]
        computed = [each(frame, others, lambda one: binary(frame, op, one, operand, origin))] if others else []
        return join_all([*changed, *computed])
    obj = frame.read(current) if isinstance(current, Ref) else None
    if isinstance(current, Ref) and isinstance(obj, ListObj) and obj.kind == "list" and op == "+":
        extend(frame, current, operand, origin)
        return current
    if isinstance(current, Ref) and isinstance(obj, ListObj) and obj.kind == "list" and op == "*":
        repeated = binary(frame, op, current, operand, origin)
        made = frame.read(repeated) if isinstance(repeated, Ref) else None
        frame.write(current.address, made if isinstance(made, ListObj) else ListObj((), unknown(repeated, "unknown-operand", origin)))
        return current
    if isinstance(current, Ref) and isinstance(obj, DictObj) and obj.kind != "frozenset" and op == "|":
        update(frame, current, operand, origin)
        return current
    if isinstance(current, Ref) and isinstance(obj, DictObj) and obj.kind == "set":
        result = binary(frame, op, current, operand, origin)
        new = frame.read(result) if isinstance(result, Ref) else DictObj({}, unknown(result, "unknown-operand", origin), "set")
        frame.write(current.address, new)
        return current
    return binary(frame, op, current, operand, origin)


def _expr(frame: Frame, node: ir.ExprStmt) -> bool:
    if not isinstance(node.value, ir.Const):
        evaluate(frame, node.value)
    return True


def _if(frame: Frame, node: ir.If) -> bool:
    return _branch(frame, node, 0)


def _branch(frame: Frame, node: ir.If, index: int) -> bool:
    if index == len(node.branches):
        return execute_block(frame, node.orelse)
    branch = node.branches[index]
    if is_type_checking(branch.test):
        execute_block(frame, branch.body)
        return _branch(frame, node, index + 1)
    observed = frame.ev.observed
    since = len(observed.trail)
    tested = evaluate(frame, branch.test)
    known = decided(frame, "elif" if index else "if", branch.test, tested)
    names = frame.read(tested) if isinstance(tested, Ref) else None
    if known is not None:
        before = frame.captured
        alive = execute_block(frame, branch.body) if known else _branch(frame, node, index + 1)
        if known and not alive and frame.captured == before and isinstance(names, (ListObj, DictObj)):
            observed.on_refused(names)
        return alive
    raises = any(isinstance(statement, ir.Raise) for statement in branch.body)
    undecided = _undecided(frame, branch.test) if raises else branch.test
    names_tested = tuple(tested_names(undecided))
    values = values_of(frame, names_tested)
    asks = observed.on_test(values, since)

    def way(outcome: bool) -> bool:
        refine(frame, branch.test, outcome)
        before = frame.captured
        alive = execute_block(frame, branch.body) if outcome else _branch(frame, node, index + 1)
        if not alive and frame.captured == before:
            observed.on_raise(undecided, outcome, since, values)
            if outcome and isinstance(names, ListObj):
                observed.on_missing_names(names)
        return alive

    kept = frame.set_aside()
    alive = frame.fork([lambda: way(True), lambda: way(False)])
    if frame.ev.observes and alive and frame.set_aside() != kept and asks_what_it_is(frame, branch.test):
        frame.doubt(kept)
    if asks and alive:
        chosen = (*names_tested, *assigned_in(branch.body), *(assigned_in(node.orelse) if index + 1 == len(node.branches) else ()))
        observed.on_joined(values_of(frame, chosen))
    return alive


def assigned_in(body: ir.Body) -> Iterator[ir.Name]:
    """The variables that the statements of a block themselves assign."""
    for statement in body:
        if isinstance(statement, ir.Assign):
            yield from (target for target in statement.targets if isinstance(target, ir.Name))


#: Methods of texts that change nothing.
_PLAIN_METHODS = frozenset({"lower", "upper", "casefold", "strip", "startswith", "endswith", "split", "get", "keys"})


def _undecided(frame: Frame, test: ir.Expr) -> ir.Expr:
    """The part of a test on which its outcome still hangs: an ``and`` less what is certainly true, an ``or`` less what is false."""
    if not isinstance(test, ir.BoolOp):
        return test
    neutral = test.op == "and"
    with frame.ev.unobserved(True):
        left = [one for one in test.operands if not (_is_plain(one) and truth(frame, evaluate(frame, one)) is neutral)]
    if len(left) == 1:
        return left[0]
    return replace(test, operands=tuple(left)) if left else test


def _is_plain(node: ir.Expr) -> bool:
    """Whether evaluating an expression a second time changes nothing."""
    calls = (one for one in nodes((node,)) if isinstance(one, ir.Call))
    return all(isinstance(one.func, ir.Attribute) and one.func.name in _PLAIN_METHODS for one in calls)


def is_type_checking(test: ir.Expr) -> bool:
    """``if TYPE_CHECKING``: its imports count, since annotations name them."""
    return (isinstance(test, ir.Name) and test.id == "TYPE_CHECKING") or (isinstance(test, ir.Attribute) and test.name == "TYPE_CHECKING")


# --- leaving ---


def _return(frame: Frame, node: ir.Return) -> bool:
    frame.leave(NONE if node.value is None else evaluate(frame, node.value))
    return False


def _break(frame: Frame, node: ir.Break) -> bool:
    frame.break_()
    return False


def _continue(frame: Frame, node: ir.Continue) -> bool:
    frame.continue_()
    return False


def _raise(frame: Frame, node: ir.Raise) -> bool:
    if node.value is not None:
        evaluate(frame, node.value)
    frame.may_raise()
    return False


def _assert(frame: Frame, node: ir.Assert) -> bool:
    observed = frame.ev.observed
    since = len(observed.trail)
    known = decided(frame, "assert", node.test, evaluate(frame, node.test))
    if known is not True:
        frame.may_raise()
    if known is False:
        return False
    if known is None:
        observed.on_raise(node.test, False, since, values_of(frame, tested_names(node.test)))
    refine(frame, node.test, True)
    return True


# --- match ---


def _match(frame: Frame, node: ir.Match) -> bool:
    return _case(frame, node, evaluate(frame, node.subject), 0)


def _matches(frame: Frame, subject: Value, pattern: Value, origin: Origin) -> bool | None:
    """Whether a value pattern fits; None, True and False fit themselves alone."""
    single = isinstance(pattern, Const) and (pattern.value is None or isinstance(pattern.value, bool))
    return truth(frame, compare(frame, "is" if single else "==", subject, pattern, origin))


def _case(frame: Frame, node: ir.Match, subject: Value, index: int) -> bool:
    if index == len(node.cases):
        return True
    case = node.cases[index]
    origin = (frame.module, node.at)
    applies: bool | None = True if case.irrefutable else None
    if case.values is not None and not case.irrefutable:
        patterns = [evaluate(frame, value) for value in case.values]
        if frame.ev.observes:
            observe(frame, "compare", "match", subject, frame.origin(node.subject.at), tuple(patterns), frame.origin(node.subject.at))
        answers = [_matches(frame, subject, pattern, origin) for pattern in patterns]
        applies = True if True in answers else None if None in answers else False
    if applies is False:
        return _case(frame, node, subject, index + 1)

    def next_case() -> bool:
        return _case(frame, node, subject, index + 1)

    def guarded() -> bool:
        if case.guard is not None:
            refine(frame, case.guard, True)
        return execute_block(frame, case.body)

    def matched() -> bool:
        for name in case.captures:
            frame.bind(name, subject if case.irrefutable else Unknown("pattern", origin))
        known = True if case.guard is None else decided(frame, "if", case.guard, evaluate(frame, case.guard))
        if known is None:
            return frame.fork([guarded, next_case])
        return guarded() if known else next_case()

    if applies is True:
        return matched()
    kept = frame.set_aside()
    alive = frame.fork([matched, next_case])
    if frame.ev.observes and alive and frame.set_aside() != kept and holds_observed(frame, subject):
        frame.doubt(kept)
    return alive


# --- definitions and imports ---


def _delete(frame: Frame, node: ir.Delete) -> bool:
    for target in node.targets:
        delete(frame, target)
    return True


def _scope(frame: Frame, node: ir.Scope) -> bool:
    if node.kind == "global":
        frame.declared_global = frame.declared_global | frozenset(node.names)
    return True


def _unmodelled(frame: Frame, node: ir.Unmodelled) -> bool:
    for name in node.names:
        frame.bind(name, frame.unknown(node.reason, node.at))
    return True


def _function(frame: Frame, node: ir.FunctionDef) -> bool:
    qualname = f"{frame.scope}.{node.name}".lstrip(".")
    reason = "generator" if node.is_generator else "async-function" if node.is_async else None
    function = FunctionValue(
        node, frame.module, qualname, defaults_of(frame, node.parameters), captured_by(frame), frame.owner, "function", reason
    )
    frame.bind(node.name, frame.ev.decorate(frame, function, node.decorators, (frame.module, node.at)))
    return True


def _class(frame: Frame, node: ir.ClassDef) -> bool:
    frame.bind(node.name, frame.ev.define_class(frame, node))
    return True


def _import(frame: Frame, node: ir.Import) -> bool:
    frame.ev.importing.run(frame, node)
    return True


def _import_from(frame: Frame, node: ir.ImportFrom) -> bool:
    frame.ev.importing.run_from(frame, node)
    return True


EXECUTIONS: Mapping[type, Execution] = {
    ir.Assign: _assign,
    ir.AnnAssign: _ann_assign,
    ir.AugAssign: _aug_assign,
    ir.ExprStmt: _expr,
    ir.If: _if,
    ir.For: run_for,
    ir.While: run_while,
    ir.Try: run_try,
    ir.With: run_with,
    ir.Match: _match,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Assert: _assert,
    ir.Delete: _delete,
    ir.Break: _break,
    ir.Continue: _continue,
    ir.Import: _import,
    ir.ImportFrom: _import_from,
    ir.FunctionDef: _function,
    ir.ClassDef: _class,
    ir.Scope: _scope,
    ir.Unmodelled: _unmodelled,
}
