"""Functions and methods that nobody in the project calls: which they are, in which order, and how one is run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.python import summary as ir
from contract_lint.python.calls import NO_ARGUMENTS, call
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Diverges, Frame
from contract_lint.python.modules import Module
from contract_lint.python.values import BoundMethod, ClassObj, FunctionValue, InstanceObj, Ref, Unknown, Value, join
from contract_lint.python.walk import nodes


class Root(Struct, frozen=True):
    """A function, or a method of a class."""

    function: FunctionValue
    cls: Ref | None


def callers_of(vocabulary: Vocabulary, roots: Sequence[Root], makers: Sequence[Root]) -> list[Root]:
    """The roots that name one of the makers, or one that does, in the same module."""
    found: dict[int, Root] = {}
    known = {id(root.function.node) for root in makers}
    pending = list(makers)
    while pending:
        maker = pending.pop()
        for root in roots:
            node = id(root.function.node)
            if (
                node not in known
                and root.function.module is maker.function.module
                and vocabulary.holds(root.function, {maker.function.name})
            ):
                known.add(node)
                found[node] = root
                pending.append(root)
    return [root for root in roots if id(root.function.node) in found]


def callers_first(vocabulary: Vocabulary, roots: Sequence[Root]) -> Iterator[Root]:
    """The roots, each after those that name it; where they name each other, in the order of the code.

    What another module names may be something else of that name: then only the order is another.
    """
    called: dict[str, list[int]] = defaultdict(list)
    for number, root in enumerate(roots):
        called[root.function.name].append(number)
    callees = [
        {other for name in vocabulary.names(root.function) & called.keys() for other in called[name] if other != number}
        for number, root in enumerate(roots)
    ]
    waiting = Counter(other for others in callees for other in others)
    left = dict(enumerate(roots))
    while left:
        free = [number for number in left if not waiting[number]] or [next(iter(left))]
        while free:
            number = free.pop(0)
            yield left.pop(number)
            waiting.subtract(callees[number])
            free += sorted(other for other in callees[number] if other in left and other not in free and not waiting[other])


def _call_method(ev: Evaluator, cls: Ref, method: FunctionValue, constructed: bool, frame: Frame) -> Value:
    """Call a method on an instance of which nothing but its class is known; if ``constructed``, one that ``__init__`` has made."""
    receiver: Value = (
        cls if method.kind == "class" else _constructed(ev, cls, frame) if constructed else frame.new(InstanceObj(cls, {}, False))
    )
    given = ev.parameter_values(frame, method, 0 if method.kind == "static" else 1)
    if method.kind == "static":
        return call(frame, method, given, None)
    return call(frame, BoundMethod(method, receiver), given, None)


def _constructed(ev: Evaluator, cls: Ref, frame: Frame) -> Value:
    """An instance, perhaps of a subclass, whose constructor was given what nothing is known of, and whose other methods may have run."""
    made = _made(ev, cls, frame)
    obj = frame.read(made) if isinstance(made, Ref) else None
    if not isinstance(made, Ref) or not isinstance(obj, InstanceObj):
        return frame.new(InstanceObj(cls, {}, False))
    changed = _assigned(ev, cls)
    unknown = Unknown("set-by-another-method")
    attributes = {name: join(value, unknown) if name in changed else value for name, value in obj.attributes.items()}
    frame.write(made.address, replace(obj, attributes=attributes, exact=False))
    return made


def _made(ev: Evaluator, cls: Ref, frame: Frame) -> Value:
    init = ev.find_in_class(frame, cls, "__init__")
    if init is None and ev.is_model(frame, cls):
        return ev.assumed_instance(frame, cls)  # its fields may be required
    try:
        return ev.instantiate(frame, cls, ev.parameter_values(frame, init, 1) if isinstance(init, FunctionValue) else NO_ARGUMENTS, None)
    except Diverges:
        return Unknown("always-raises")


def _assigned(ev: Evaluator, cls: Ref) -> frozenset[str]:
    """The attributes that methods of a class other than its constructor assign: they may have been called before."""
    names: set[str] = set()
    for base in ev.lineage(cls):
        obj = ev.root.get(base.address)
        for name, method in obj.attributes.items() if isinstance(obj, ClassObj) else ():
            if isinstance(method, FunctionValue) and isinstance(method.node, ir.FunctionDef) and name != "__init__":
                for node in nodes(ev.body_of(method.module, method.node)):
                    targets = node.targets if isinstance(node, ir.Assign) else ()
                    names.update(target.name for target in targets if isinstance(target, ir.Attribute))
    return frozenset(names)


def run(ev: Evaluator, root: Root, budget: int, *, constructed: bool = False) -> Answer:
    """Run it with arguments of which nothing is known but their defaults and annotations."""
    if root.cls is None:
        return ev.query(root.function.module, partial(_call, ev, root.function), budget=budget)
    how = partial(_call_method, ev, root.cls, root.function, constructed)
    return ev.query(root.function.module, how, budget=budget)


def _call(ev: Evaluator, function: FunctionValue, frame: Frame) -> Value:
    return call(frame, function, ev.parameter_values(frame, function, 0), None)


class Vocabulary:
    """The names that the bodies of functions use, as variables or as attributes."""

    def __init__(self, ev: Evaluator) -> None:
        self._ev = ev
        self._names: dict[tuple[Module, int], frozenset[str]] = {}

    def holds(self, function: FunctionValue, names: Collection[str]) -> bool:
        """Whether a function's body uses one of ``names``."""
        return not self.names(function).isdisjoint(names)

    def names(self, function: FunctionValue) -> frozenset[str]:
        """The names that a function's body uses."""
        node = function.node
        if not isinstance(node, ir.FunctionDef):
            return frozenset()
        key = (function.module, node.body)
        if key not in self._names:
            self._names[key] = frozenset(_used_names(self._ev.body_of(function.module, node)))
        return self._names[key]


def _used_names(body: Iterable[object]) -> Iterator[str]:
    for node in nodes(body):
        if isinstance(node, ir.Name):
            yield node.id
        elif isinstance(node, ir.Attribute):
            yield node.name
