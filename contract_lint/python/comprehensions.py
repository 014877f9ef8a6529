"""Comprehensions and generator expressions."""

from __future__ import annotations

from contract_lint.python import summary as ir
from contract_lint.python.assignment import assign, target_names
from contract_lint.python.dicts import DictBuilder, set_from
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.iteration import Iteration, iterate
from contract_lint.python.operations import decided
from contract_lint.python.operations_observed import on_iterate, on_key
from contract_lint.python.refinement import refine
from contract_lint.python.values import Item, ListObj, Origin, Unknown, Value, join, key_of


class Collector:
    """Gathers what a comprehension yields."""

    __slots__ = ("builder", "items", "node", "open", "origin", "unordered")

    def __init__(self, node: ir.Comprehension, origin: Origin) -> None:
        self.node, self.origin = node, origin
        self.items: list[Item] = []
        self.builder = DictBuilder()
        self.open: Unknown | None = None
        self.unordered = False

    def take(self, frame: Frame, must: bool) -> None:
        element = frame.ev.evaluate(frame, self.node.element)
        if frame.ev.observes and self.node.kind in ("dict", "set"):
            on_key(frame, self.node.kind, element, self.origin, frame.origin(self.node.element.at))
        if self.node.kind == "dict" and self.node.value is not None:
            value = frame.ev.evaluate(frame, self.node.value)
            old = self.builder.entries.get(key_of(element)) if self.unordered else None
            self.builder.put(element, value if old is None else join(old.value, value), must)
        elif self.open is None or self.unordered or self.node.kind == "set":
            self.items.append(Item(element, must))

    def stop(self, reason: Unknown) -> None:
        """From here on there may be more."""
        self.open = self.open or reason
        if self.node.kind == "dict":
            self.builder.put_unknown(reason, reason)

    def result(self, frame: Frame) -> Value:
        kind = self.node.kind
        if kind == "dict":
            self.builder.shuffled = self.builder.shuffled or (self.unordered and len(self.builder.entries) > 1)
            return frame.new(self.builder.result("dict", self.origin))
        if kind == "set":
            return frame.new(set_from(Iteration(tuple(self.items), self.open), self.origin))
        kind = "iterator" if kind == "generator" else "list"
        return frame.new(ListObj(tuple(self.items), self.open, kind, self.origin, self.unordered))


def comprehension(frame: Frame, node: ir.Comprehension) -> Value:
    """The value of a comprehension; its variables are its own. A generator is read at once, as if by its only reader."""
    collector = Collector(node, (frame.module, node.at))
    outermost = frame.ev.evaluate(frame, node.clauses[0].iter)
    names = sorted({name for clause in node.clauses for name in target_names(clause.target)})
    scoped = frame
    if frame.variables is None or frame.in_class_body:  # which sees no variable of the class
        scoped = Frame(frame.ev, frame.module, frame.heap, {}, frame.scope)
        scoped.cells = dict(frame.cells)
        scoped.receiver, scoped.owner = frame.receiver, frame.owner
    assert scoped.variables is not None
    hidden = {name: scoped.variables.pop(name) for name in names if name in scoped.variables}
    cells = {name: scoped.cells.pop(name) for name in names if name in scoped.cells}
    before, scoped.temporary = scoped.temporary, scoped.temporary | set(names)
    try:
        _clause(scoped, collector, 0, True, outermost)
    except Diverges:
        if node.kind != "generator":
            raise
        collector.stop(Unknown("raises", collector.origin))  # if it is read that far
    finally:
        for name in names:
            scoped.variables.pop(name, None)
        scoped.variables.update(hidden)
        scoped.cells.update(cells)
        scoped.temporary = before
        if scoped is not frame:
            frame.heap = scoped.heap
            for name, value in scoped.variables.items():
                frame.bind(name, value)
    return collector.result(frame)


def _clause(frame: Frame, collector: Collector, index: int, must: bool, outermost: Value | None = None) -> None:
    clauses = collector.node.clauses
    if index == len(clauses):
        collector.take(frame, must)
        return
    iterable = frame.ev.evaluate(frame, clauses[index].iter) if outermost is None else outermost
    if frame.ev.observes:
        on_iterate(frame, "for", iterable, frame.origin(clauses[index].iter.at), frame.origin(clauses[index].iter.at))
    found = iterate(frame, iterable, collector.origin)
    collector.unordered = collector.unordered or found.unordered
    for item in found.items:
        if item.must and must:
            _element(frame, collector, index, item.value, True)
        else:
            _maybe(frame, collector, index, item.value)
    if found.open is not None:
        collector.stop(found.open)
        _maybe(frame, collector, index, found.open)


def _maybe(frame: Frame, collector: Collector, index: int, value: Value) -> None:
    """One element that is there on some paths only: what evaluating it does is undone on the others."""

    def there() -> bool:
        _element(frame, collector, index, value, False)
        return True

    frame.fork([there, lambda: True])


def _element(frame: Frame, collector: Collector, index: int, value: Value, must: bool) -> None:
    assign(frame, collector.node.clauses[index].target, value, collector.origin)
    _filtered(frame, collector, index, 0, must)


def _filtered(frame: Frame, collector: Collector, index: int, number: int, must: bool) -> None:
    """Go on behind the conditions from ``number`` on; behind one that is not known, on one of two ways."""
    conditions = collector.node.clauses[index].conditions
    if number == len(conditions):
        _clause(frame, collector, index + 1, must)
        return
    known = decided(frame, "if", conditions[number], frame.ev.evaluate(frame, conditions[number]))

    def there() -> bool:
        refine(frame, conditions[number], True)
        _filtered(frame, collector, index, number + 1, False)
        return True

    if known is True:
        _filtered(frame, collector, index, number + 1, must)
    elif known is None:
        frame.fork([there, lambda: True])
