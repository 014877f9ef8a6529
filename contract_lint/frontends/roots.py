"""Functions and methods that nobody in the project calls: they too register paths and look up step names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from contract_lint.frontends import profile
from contract_lint.frontends.subject import Subject
from contract_lint.python import summary as ir
from contract_lint.python.calls import call
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.values import BoundMethod, ClassObj, FunctionValue, InstanceObj, Ref, Value
from contract_lint.python.walk import nodes

#: Steps in which a function puts a map of builders together; what it then does with the map may take any number.
ASSEMBLER_BUDGET = 40_000


def run_roots(ev: Evaluator, subjects: Sequence[Subject], starting: Sequence[Module]) -> list[Answer]:
    """Run what no evaluated code has called, if it names a registry, or a function that does; and what names builders or graphs outside
    of them.

    The rest can tell nothing that this frontend asks for. The answers are those of the functions outside of builders.
    """
    modules = set(starting)
    vocabulary = Vocabulary(ev)
    graphs = {*profile.DAG_CLASSES, profile.ADD_EDGE}
    methods = [(one, value) for one in subjects for value in _methods(ev, one.builder.ref) if value.module in modules]
    functions = ev.functions(modules)
    telling = {*profile.REGISTERING_CALLS, *profile.STEP_NAME_REGISTRIES}
    telling |= {f.name for f in (*functions, *(value for _, value in methods)) if vocabulary.holds(f, telling)}
    for subject, method in methods:
        if not ev.was_executed(method) and vocabulary.holds(method, telling):
            frame = Frame(ev, method.module, ev.root, {}, "")
            own = subject.method(method.name)
            if own is not None and own.node is method.node:
                subject.ask(method.name, ev.parameter_values(frame, method, 0 if method.kind == "static" else 1))
    ends: list[Answer] = []
    for function in functions:
        if not ev.was_executed(function) and vocabulary.holds(function, telling):
            ends.append(ev.query(function.module, partial(_call, ev, function)))
    return [*ends, *_run_assemblers(ev, vocabulary, [one.builder.ref for one in subjects], modules, graphs)]


def _run_assemblers(
    ev: Evaluator, vocabulary: Vocabulary, builders: Sequence[Ref], modules: set[Module], graphs: set[str]
) -> Iterator[Answer]:
    """Run what names builder classes or graphs outside of builders, callers first: it may map names to builders, or have steps made."""
    names = {obj.name for cls in builders if isinstance(obj := ev.root.get(cls.address), ClassObj)} | graphs
    known = {base for cls in builders for base in ev.lineage(cls)}
    roots = [_Root(function, None) for function in ev.functions(modules)]
    for cls in ev.classes:
        obj = ev.root.get(cls.address)
        if isinstance(obj, ClassObj) and cls not in known and obj.module in modules and not _is_graph(obj):
            methods = [value for name, value in obj.attributes.items() if isinstance(value, FunctionValue) and name != "__init__"]
            roots += [_Root(method, cls) for method in methods]
    chosen = [root for root in roots if vocabulary.holds(root.function, names)]
    makers = [root for root in chosen if vocabulary.holds(root.function, {*graphs, profile.CREATE_STEP})]
    for root in _callers_first(vocabulary, [*chosen, *_callers(vocabulary, roots, makers)]):
        if not ev.was_executed(root.function):
            run = partial(_call, ev, root.function) if root.cls is None else partial(_call_method, ev, root.cls, root.function)
            yield ev.query(root.function.module, run, budget=ASSEMBLER_BUDGET)


class _Root(Struct, frozen=True):
    """A function, or a method of a class."""

    function: FunctionValue
    cls: Ref | None


def _callers(vocabulary: Vocabulary, roots: Sequence[_Root], makers: Sequence[_Root]) -> list[_Root]:
    """The roots that name one of the makers, or one that does, in the same module."""
    found: dict[int, _Root] = {}
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


def _callers_first(vocabulary: Vocabulary, roots: Sequence[_Root]) -> Iterator[_Root]:
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


def _is_graph(cls: ClassObj) -> bool:
    """Whether a class is a graph itself, and not what makes one."""
    return profile.ADD_NODE in cls.attributes or profile.ADD_EDGE in cls.attributes


def _call_method(ev: Evaluator, cls: Ref, method: FunctionValue, frame: Frame) -> Value:
    """Call a method on an instance of which nothing but its class is known."""
    receiver: Value = cls if method.kind == "class" else frame.new(InstanceObj(cls, {}, False))
    given = ev.parameter_values(frame, method, 0 if method.kind == "static" else 1)
    if method.kind == "static":
        return call(frame, method, given, None)
    return call(frame, BoundMethod(method, receiver), given, None)


def _methods(ev: Evaluator, cls: Ref) -> Iterator[FunctionValue]:
    obj = ev.root.get(cls.address)
    for base in obj.lineage if isinstance(obj, ClassObj) else ():
        there = ev.root.get(base.address)
        for name, value in there.attributes.items() if isinstance(there, ClassObj) else ():
            if isinstance(value, FunctionValue) and value.validator is None and not name.startswith("__"):
                yield value


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
