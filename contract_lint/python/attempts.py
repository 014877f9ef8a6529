"""``try`` and ``with``: what runs when a block is left in whatever way."""

from __future__ import annotations

from collections.abc import Callable

from contract_lint.python import summary as ir
from contract_lint.python.assignment import assign
from contract_lint.python.frame import Diverges, Frame, Guard, State
from contract_lint.python.operations import truth
from contract_lint.python.values import NONE, Const, External, ForeignObj, InstanceObj, Ref, Unknown, Value, alternatives
from contract_lint.python.walk import nodes

#: What operations raise on values that do not take part in them.
WRONG_VALUES = frozenset({"TypeError", "AttributeError", "NotImplementedError"})


def run_try(frame: Frame, node: ir.Try) -> bool:
    """Run a ``try`` statement; returns whether it falls through."""
    if not node.final:
        return _handled(frame, node)

    def final() -> bool:
        return frame.ev.execute(frame, node.final)

    def raised() -> bool:
        final()
        return False

    return _and_finally(frame, lambda: _handled(frame, node), final, raised)


def _handled(frame: Frame, node: ir.Try) -> bool:
    """The body with its handlers and ``else``. A handler may start from any state that the body goes through."""
    ev = frame.ev
    if not node.handlers or _never_raises(frame, node):
        return ev.execute(frame, node.body) and ev.execute(frame, node.orelse)
    guard = Guard(frame)
    tried = _tries_values(node)

    def body() -> bool:
        ev.guards.append(guard)
        ev.doubts += tried
        try:
            alive = ev.execute(frame, node.body)
        finally:
            ev.guards.remove(guard)
            ev.doubts -= tried
        return alive and ev.execute(frame, node.orelse)

    def handling(handler: ir.Handler) -> Callable[[], bool]:
        def run() -> bool:
            if not guard.risky:
                return False
            frame.apply(guard)
            if handler.type is not None:
                ev.evaluate(frame, handler.type)
            if handler.name is not None:
                frame.bind(handler.name, Unknown("exception", (frame.module, node.at)))
            return ev.execute(frame, handler.body)

        return run

    alive = frame.fork([body, *(handling(handler) for handler in node.handlers)], certain=1)
    if alive and only_import_error(node):
        prefer_literals(frame, node.handlers)
    return alive


def _and_finally(frame: Frame, body: Callable[[], bool], final: Callable[[], bool], raised: Callable[[], bool]) -> bool:
    """Run ``body``, then ``final`` whichever way it was left, or ``raised`` (which may fall through) where it raised."""
    start = frame.state()
    frame.enter()
    kept = frame.set_aside()
    guard = Guard(frame)
    frame.ev.guards.append(guard)
    try:
        alive = body()
    except Diverges:
        alive = False
    finally:
        frame.ev.guards.remove(guard)
    end = frame.state()
    left = frame.taken_back(kept)
    frame.restore(start)

    def ending() -> bool:
        frame.restore(end)
        frame.enter()
        return final()

    def leaving(state: State, go_on: Callable[[], None]) -> Callable[[], bool]:
        def run() -> bool:
            frame.restore(state)
            frame.enter()
            if final():
                go_on()
            return False

        return run

    def raising() -> bool:
        if not guard.risky:
            return False
        frame.apply(guard)
        return raised()

    branches = [leaving(state, go_on) for state, go_on in left]
    return frame.fork([*([ending] if alive else []), *branches, raising], certain=int(alive))


def _never_raises(frame: Frame, node: ir.Try) -> bool:
    """A ``try`` around imports of this project's own modules: its handlers are for another installation."""
    return only_import_error(node) and all(
        isinstance(s, (ir.Import, ir.ImportFrom)) and frame.ev.importing.imports_project(frame.module, s) for s in node.body
    )


def _tries_values(node: ir.Try) -> bool:
    """Whether the handlers are for values that the body cannot work with: they name a TypeError, or only give another value."""
    for handler in node.handlers:
        named = {one.id for one in nodes((handler.type,)) if isinstance(one, ir.Name)}
        if named & WRONG_VALUES or (named <= {"Exception"} and all(_gives_value(one) for one in handler.body)):
            return True
    return False


def _gives_value(statement: ir.Stmt) -> bool:
    if isinstance(statement, ir.Return):
        return statement.value is not None and not isinstance(statement.value, ir.Const)
    return isinstance(statement, ir.Assign)


def only_import_error(node: ir.Try) -> bool:
    """Whether all handlers are for a missing module (or for anything), around a body that begins with an import."""
    if not any(isinstance(s, (ir.Import, ir.ImportFrom)) for s in node.body):
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


# --- with ---


def run_with(frame: Frame, node: ir.With) -> bool:
    """Run a ``with`` statement; returns whether it falls through."""
    return _with(frame, node, 0)


def _with(frame: Frame, node: ir.With, index: int) -> bool:
    if index == len(node.items):
        return frame.ev.execute(frame, node.body)
    item, origin = node.items[index], (frame.module, node.at)
    manager = frame.ev.evaluate(frame, item.value)
    obj = frame.read(manager) if isinstance(manager, Ref) else None
    entered: Value = manager
    if isinstance(obj, InstanceObj):
        entered = frame.ev.call_attribute(frame, manager, "__enter__", [], {}, origin)
    if item.target is not None:
        assign(frame, item.target, entered, origin)
    if isinstance(obj, ForeignObj) and obj.callee.endswith(("suppress", "pytest.raises")):
        frame.ev.doubts += 1
        try:
            return _and_finally(frame, lambda: _with(frame, node, index + 1), lambda: True, lambda: True)
        finally:
            frame.ev.doubts -= 1
    if not isinstance(obj, InstanceObj):
        return _with(frame, node, index + 1)

    def leave(error: Value) -> Value:
        return frame.ev.call_attribute(frame, manager, "__exit__", [error] * 3, {}, origin)

    def final() -> bool:
        leave(NONE)
        return True

    def raised() -> bool:
        return truth(frame, leave(Unknown("exception", origin))) is not False

    return _and_finally(frame, lambda: _with(frame, node, index + 1), final, raised)
