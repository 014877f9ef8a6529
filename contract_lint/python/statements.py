"""Execution of statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from contract_lint.python import summary as ir
from contract_lint.python.expressions import assign, captured_by, defaults_of, delete, evaluate, narrowed
from contract_lint.python.frame import Diverges, Frame, Guard, Loop
from contract_lint.python.iteration import iterate
from contract_lint.python.methods import extend, update
from contract_lint.python.operations import binary, compare, truth
from contract_lint.python.state import Heap, join_environments, join_heaps, join_objects, widen
from contract_lint.python.values import (
    NONE,
    Const,
    DictObj,
    External,
    FunctionValue,
    InstanceObj,
    ListObj,
    Ref,
    Unknown,
    Value,
    alternatives,
    join,
)

Execution: TypeAlias = Callable[[Frame, Any], bool]

#: How often a ``while`` whose condition is known is run as it stands.
MAX_ROUNDS = 64
#: How often an unknown loop is run before everything that still changes is given up.
MAX_WIDENINGS = 8


def execute_block(frame: Frame, body: ir.Body) -> bool:
    """Run statements; returns whether the block falls through (it may also return, break, raise on some or all paths)."""
    ev = frame.ev
    for statement in body:
        ev.tick()
        try:
            if not EXECUTIONS[type(statement)](frame, statement):
                return False
        except Diverges:
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
    origin = (frame.module, node.at)
    current = evaluate(frame, node.target)
    operand = evaluate(frame, node.value)
    options = alternatives(current)
    if len(options) == 1 and isinstance(current, Ref):
        obj = frame.read(current)
        if isinstance(obj, ListObj) and node.op == "+":
            extend(frame, current, operand, origin)
            assign(frame, node.target, current, origin)
            return True
        if isinstance(obj, DictObj) and node.op == "|":
            update(frame, current, operand, origin)
            assign(frame, node.target, current, origin)
            return True
        if isinstance(obj, DictObj) and obj.kind == "set" and isinstance(operand, Ref):
            result = binary(frame, node.op, current, operand, origin)
            if isinstance(result, Ref):
                frame.write(current.address, frame.read(result))
                assign(frame, node.target, current, origin)
                return True
    elif any(isinstance(one, Ref) for one in options):
        from contract_lint.python.methods import spoil

        for one in options:
            if isinstance(one, Ref):
                spoil(frame, one, Unknown("one-of-several", origin))
        return True
    assign(frame, node.target, binary(frame, node.op, current, operand, origin), origin)
    return True


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
    known = truth(frame, evaluate(frame, branch.test))
    if known is not None:
        return execute_block(frame, branch.body) if known else _branch(frame, node, index + 1)

    def taken() -> bool:
        refine(frame, branch.test, True)
        return execute_block(frame, branch.body)

    def skipped() -> bool:
        refine(frame, branch.test, False)
        return _branch(frame, node, index + 1)

    return frame.fork([taken, skipped])


def is_type_checking(test: ir.Expr) -> bool:
    """``if TYPE_CHECKING``: its imports count, since annotations name them."""
    return (isinstance(test, ir.Name) and test.id == "TYPE_CHECKING") or (isinstance(test, ir.Attribute) and test.name == "TYPE_CHECKING")


def refine(frame: Frame, test: ir.Expr, outcome: bool) -> None:
    """Keep of each tested variable or attribute only what agrees with the outcome of the test."""
    if isinstance(test, ir.Unary) and test.op == "not":
        refine(frame, test.operand, not outcome)
    elif isinstance(test, ir.BoolOp) and outcome is (test.op == "and"):
        for operand in test.operands:
            refine(frame, operand, outcome)
    elif isinstance(test, ir.Compare) and len(test.rest) == 1 and test.rest[0][0] in ("is", "is not", "==", "!="):
        op, other = test.rest[0]
        _refine_compared(frame, test.first, op, other, outcome)
    elif isinstance(test, (ir.Name, ir.Attribute)):
        _keep(frame, test, lambda value: narrowed(frame, value, outcome))


def _refine_compared(frame: Frame, tested: ir.Expr, op: str, other: ir.Expr, outcome: bool) -> None:
    if not isinstance(tested, (ir.Name, ir.Attribute)) or not isinstance(other, ir.Const):
        return
    wanted = outcome if op in ("is", "==") else not outcome
    constant = Const(other.value)
    relation = "is" if op in ("is", "is not") else "=="

    def keep(value: Value) -> Value | None:
        kept: list[Value] = []
        for one in alternatives(value):
            answer = truth(frame, compare(frame, relation, one, constant, None))
            if answer is None or answer is wanted:
                kept.append(one)
        result: Value | None = None
        for one in kept:
            result = one if result is None else join(result, one)
        return result

    _keep(frame, tested, keep)


def _keep(frame: Frame, tested: ir.Name | ir.Attribute, keep: Callable[[Value], Value | None]) -> None:
    if isinstance(tested, ir.Name):
        value = frame.lookup(tested.id)
        if value is None or len(alternatives(value)) == 1:
            return
        kept = keep(value)
        if kept is None:
            raise Diverges
        if frame.variables is not None and tested.id in frame.variables:
            frame.variables[tested.id] = kept
        return
    receiver = _stable_receiver(frame, tested.value)
    if receiver is None:
        return
    obj = frame.read(receiver)
    if isinstance(obj, InstanceObj) and tested.name in obj.attributes and len(alternatives(obj.attributes[tested.name])) > 1:
        kept = keep(obj.attributes[tested.name])
        if kept is None:
            raise Diverges
        frame.write(receiver.address, InstanceObj(obj.cls, {**obj.attributes, tested.name: kept}, obj.exact, obj.origin))


def _stable_receiver(frame: Frame, node: ir.Expr) -> Ref | None:
    """The object that a chain of names and plain attributes stands for."""
    if isinstance(node, ir.Name):
        value = frame.lookup(node.id)
        return value if isinstance(value, Ref) else None
    if isinstance(node, ir.Attribute):
        outer = _stable_receiver(frame, node.value)
        obj = frame.read(outer) if outer is not None else None
        value = obj.attributes.get(node.name) if isinstance(obj, InstanceObj) else None
        return value if isinstance(value, Ref) else None
    return None


# --- loops ---


def _for(frame: Frame, node: ir.For) -> bool:
    origin = (frame.module, node.at)
    found = iterate(frame, evaluate(frame, node.iter), origin)
    base, before = frame.heap, frame.captured
    frame.enter()
    loop = Loop()
    frame.loops.append(loop)
    alive = True

    def bound(value: Value) -> Callable[[], bool]:
        def run() -> bool:
            assign(frame, node.target, value, origin)
            return _run_body(frame, node.body, loop)

        return run

    if node.is_async:
        alive = _unknown_rounds(frame, bound(Unknown("async-for", origin)), loop)
    else:
        shuffled = found.unordered and len(found.items) > 1
        for item in found.items:
            certain = item.must and not shuffled
            alive = _guarded(bound(item.value)) if certain else frame.fork([bound(item.value), lambda: True])
            if not alive:
                break
            _compact(frame, base)
        if alive and shuffled and len(found.items) > 1 and _has_exit(node.body):
            alive = _unknown_rounds(frame, bound(Unknown("any-order", origin)), loop)
        if alive and found.open is not None:
            alive = _unknown_rounds(frame, bound(found.open), loop)
    frame.loops.pop()
    return _leave(frame, loop, alive and execute_block(frame, node.orelse), base, before)


def _has_exit(body: ir.Body) -> bool:
    """Whether a statement in the body may leave the loop early."""
    for statement in body:
        if isinstance(statement, (ir.Break, ir.Return, ir.Continue)):
            return True
        if isinstance(statement, ir.If) and (any(_has_exit(b.body) for b in statement.branches) or _has_exit(statement.orelse)):
            return True
        if isinstance(statement, (ir.Try, ir.With)) and _has_exit(statement.body):
            return True
    return False


def _guarded(run: Callable[[], bool]) -> bool:
    try:
        return run()
    except Diverges:
        return False


def _run_body(frame: Frame, body: ir.Body, loop: Loop) -> bool:
    """One round; returns whether the next one may follow."""
    start = frame.heap
    frame.enter()
    own = Loop()
    outer, frame.loops[-1] = frame.loops[-1], own
    before = frame.captured
    try:
        alive = execute_block(frame, body)
    finally:
        frame.loops[-1] = outer
    loop.breaks.extend(own.breaks)
    states = list(own.continues)
    if alive:
        states.append(frame.state())
    if not states:
        return False
    frame.settle(states, start, frame.captured != before)
    return True


def _leave(frame: Frame, loop: Loop, alive: bool, base: Heap, before: int) -> bool:
    states = list(loop.breaks)
    if alive:
        states.append(frame.state())
    if not states:
        return False
    frame.settle(states, base, frame.captured - len(loop.breaks) > before)
    return True


def _compact(frame: Frame, base: Heap) -> None:
    """Keep the chain of heap layers short."""
    depth = 0
    layer: Heap | None = frame.heap
    while layer is not None and layer is not base:
        depth += 1
        layer = layer.parent
    if depth > 16:
        merged = Heap(base)
        merged.own = frame.heap.since(base)
        frame.heap = merged


def _unknown_rounds(frame: Frame, run: Callable[[], bool], loop: Loop) -> bool:
    """Any number of rounds, none included: repeat until nothing changes, giving up what keeps changing."""
    for round_number in range(MAX_WIDENINGS):
        head, variables = frame.state()
        returned, broken = len(frame.returns), len(loop.breaks)
        frame.heap = Heap(head)
        try:
            alive = run()
        except Diverges:
            alive = False
        if not alive:
            frame.restore((head, variables))
            frame.enter()
            return True
        after, after_variables = frame.state()
        stable_heap, changes = _changes(head, after, round_number > 0)
        stable, next_variables = _changed_variables(variables, after_variables, round_number)
        if stable_heap and stable:
            frame.restore((head, variables))
            target = Heap(head)
            join_heaps([Heap(head), after], head, target)
            frame.heap = target
            if frame.variables is not None:
                frame.variables = join_environments([dict(variables), after_variables])
            return True
        del frame.returns[returned:], loop.breaks[broken:]
        frame.restore((head, next_variables))
        frame.heap = Heap(head)
        frame.heap.own.update(changes)
    frame.ev.give_up("loop")
    return True


def _changes(head: Heap, after: Heap, give_up: bool) -> tuple[bool, dict[Any, Any]]:
    changes = {}
    stable = True
    for address, obj in after.since(head).items():
        before = head.get(address)
        if before is None:
            changes[address] = obj
            continue
        if before is obj:
            continue
        joined = join_objects(before, obj)
        if joined != before:
            stable = False
            changes[address] = widen(before, obj) if give_up else joined
    return stable, changes


def _changed_variables(before: dict[str, Value], after: dict[str, Value], round_number: int) -> tuple[bool, dict[str, Value]]:
    stable = True
    merged = dict(before)
    for name, value in after.items():
        old = before.get(name)
        if old is None:
            continue
        joined = old if old is value else join(old, value)
        if joined != old:
            stable = False
            merged[name] = joined if round_number == 0 else Unknown("loop")
    return stable, merged


def _while(frame: Frame, node: ir.While) -> bool:
    base, before = frame.heap, frame.captured
    frame.enter()
    loop = Loop()
    frame.loops.append(loop)
    alive = True
    ended = False
    for _ in range(MAX_ROUNDS):
        known = truth(frame, evaluate(frame, node.test))
        if known is None:
            break
        if not known:
            ended = True
            break
        alive = _run_body(frame, node.body, loop)
        if not alive:
            break
        _compact(frame, base)
    if alive and not ended:

        def run() -> bool:
            known = truth(frame, evaluate(frame, node.test))
            return known is not False and _run_body(frame, node.body, loop)

        alive = _unknown_rounds(frame, run, loop)
        always = isinstance(node.test, ir.Const) and bool(node.test.value)
        alive = alive and not always
    frame.loops.pop()
    return _leave(frame, loop, alive and execute_block(frame, node.orelse), base, before)


def _break(frame: Frame, node: ir.Break) -> bool:
    if frame.loops:
        frame.loops[-1].breaks.append(frame.state())
        frame.captured += 1
    return False


def _continue(frame: Frame, node: ir.Continue) -> bool:
    if frame.loops:
        frame.loops[-1].continues.append(frame.state())
        frame.captured += 1
    return False


# --- leaving ---


def _return(frame: Frame, node: ir.Return) -> bool:
    value = NONE if node.value is None else evaluate(frame, node.value)
    frame.returns.append((frame.heap, value))
    frame.captured += 1
    return False


def _raise(frame: Frame, node: ir.Raise) -> bool:
    if node.value is not None:
        evaluate(frame, node.value)
    return False


def _assert(frame: Frame, node: ir.Assert) -> bool:
    if truth(frame, evaluate(frame, node.test)) is False:
        return False
    refine(frame, node.test, True)
    return True


# --- try, with, match ---


def _try(frame: Frame, node: ir.Try) -> bool:
    if _never_raises(frame, node):
        return execute_block(frame, node.body) and execute_block(frame, node.orelse) and execute_block(frame, node.final)
    guard = Guard(frame)
    ev = frame.ev

    def body() -> bool:
        ev.guards.append(guard)
        try:
            alive = execute_block(frame, node.body)
        finally:
            ev.guards.remove(guard)
        return alive and execute_block(frame, node.orelse)

    def handling(handler: ir.Handler) -> Callable[[], bool]:
        def run() -> bool:
            frame.apply(guard)
            if handler.type is not None:
                evaluate(frame, handler.type)
            if handler.name is not None:
                frame.bind(handler.name, Unknown("exception", (frame.module, node.at)))
            return execute_block(frame, handler.body)

        return run

    alive = frame.fork([body, *(handling(handler) for handler in node.handlers)])
    if not alive and not node.handlers:
        return False
    if alive and only_import_error(node):
        prefer_literals(frame, node.handlers)
    if node.final:
        return execute_block(frame, node.final) and alive
    return alive


def _never_raises(frame: Frame, node: ir.Try) -> bool:
    """A ``try`` around imports of this project's own modules: its handlers are for another installation."""
    return only_import_error(node) and all(
        isinstance(s, (ir.Import, ir.ImportFrom)) and frame.ev.imports_project(frame.module, s) for s in node.body
    )


def only_import_error(node: ir.Try) -> bool:
    """Whether all handlers are for a missing module (or for anything), around a body that begins with an import."""
    if not node.body or not any(isinstance(s, (ir.Import, ir.ImportFrom)) for s in node.body):
        return False
    return all(_catches_import_error(handler.type) for handler in node.handlers)


def _catches_import_error(kind: ir.Expr | None) -> bool:
    if kind is None:
        return True
    if isinstance(kind, ir.Name):
        return kind.id in ("ImportError", "ModuleNotFoundError", "Exception", "AttributeError")
    return isinstance(kind, ir.Sequence) and any(_catches_import_error(item) for item in kind.items)


def prefer_literals(frame: Frame, handlers: tuple[ir.Handler, ...]) -> None:
    """``try: from sdk import X / except ImportError: X = "DATA"``: the literal is the best that can be known of ``X``."""
    for handler in handlers:
        for statement in handler.body:
            if not isinstance(statement, ir.Assign):
                continue
            for target in statement.targets:
                value = frame.lookup(target.id) if isinstance(target, ir.Name) else None
                if not isinstance(target, ir.Name) or value is None:
                    continue
                known = [one for one in alternatives(value) if isinstance(one, Const) and one.value is not None]
                outside = [one for one in alternatives(value) if isinstance(one, (External, Unknown))]
                if len(known) == 1 and outside and len(alternatives(value)) == 2:
                    frame.bind(target.id, Const(known[0].value, known[0].origin))


def _with(frame: Frame, node: ir.With) -> bool:
    suppresses = False
    for item in node.items:
        value = evaluate(frame, item.value)
        entered: Value = value
        if isinstance(value, Ref) and isinstance(frame.read(value), InstanceObj):
            entered = frame.ev.call_attribute(frame, value, "__enter__", [], {}, (frame.module, node.at))
        elif isinstance(value, Ref):
            obj = frame.read(value)
            suppresses = suppresses or getattr(obj, "callee", "").endswith("suppress")
        if item.target is not None:
            assign(frame, item.target, entered, (frame.module, node.at))
    if suppresses:
        handler = ir.Handler(None, None, ())
        return _try(frame, ir.Try(node.body, (handler,), (), (), node.at))
    return execute_block(frame, node.body)


def _match(frame: Frame, node: ir.Match) -> bool:
    return _case(frame, node, evaluate(frame, node.subject), 0)


def _case(frame: Frame, node: ir.Match, subject: Value, index: int) -> bool:
    if index == len(node.cases):
        return True
    case = node.cases[index]
    origin = (frame.module, node.at)
    applies: bool | None = True if case.irrefutable else None
    if case.values is not None and not case.irrefutable:
        answers = [truth(frame, compare(frame, "==", subject, evaluate(frame, value), origin)) for value in case.values]
        applies = True if True in answers else None if None in answers else False
        if case.guard is not None and applies is True:
            applies = None

    def taken() -> bool:
        for name in case.captures:
            frame.bind(name, subject if case.irrefutable else Unknown("pattern", origin))
        if case.guard is not None and truth(frame, evaluate(frame, case.guard)) is False:
            return False
        return execute_block(frame, case.body)

    if applies is True:
        return taken()
    if applies is False:
        return _case(frame, node, subject, index + 1)
    return frame.fork([taken, lambda: _case(frame, node, subject, index + 1)])


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
    frame.ev.execute_import(frame, node)
    return True


def _import_from(frame: Frame, node: ir.ImportFrom) -> bool:
    frame.ev.execute_import_from(frame, node)
    return True


EXECUTIONS: Mapping[type, Execution] = {
    ir.Assign: _assign,
    ir.AnnAssign: _ann_assign,
    ir.AugAssign: _aug_assign,
    ir.ExprStmt: _expr,
    ir.If: _if,
    ir.For: _for,
    ir.While: _while,
    ir.Try: _try,
    ir.With: _with,
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
