"""Functions and methods that nobody in the project calls: they too register paths and look up step names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from contract_lint.frontends import profile
from contract_lint.frontends.subject import Subject
from contract_lint.frontends.uncalled import Root, Vocabulary, callers_first, callers_of, run
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.modules import Module
from contract_lint.python.values import ClassObj, FunctionValue, Ref

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
            ends.append(run(ev, Root(function, None), ev.options.query_budget))
    return [*ends, *_run_assemblers(ev, vocabulary, [one.builder.ref for one in subjects], modules, graphs)]


def _run_assemblers(
    ev: Evaluator, vocabulary: Vocabulary, builders: Sequence[Ref], modules: set[Module], graphs: set[str]
) -> Iterator[Answer]:
    """Run what names builder classes or graphs outside of builders, callers first: it may map names to builders, or have steps made."""
    names = {obj.name for cls in builders if isinstance(obj := ev.root.get(cls.address), ClassObj)} | graphs
    known = {base for cls in builders for base in ev.lineage(cls)}
    roots = [Root(function, None) for function in ev.functions(modules)]
    for cls in ev.classes:
        obj = ev.root.get(cls.address)
        if isinstance(obj, ClassObj) and cls not in known and obj.module in modules and not _is_graph(obj):
            methods = [value for name, value in obj.attributes.items() if isinstance(value, FunctionValue) and name != "__init__"]
            roots += [Root(method, cls) for method in methods]
    chosen = [root for root in roots if vocabulary.holds(root.function, names)]
    makers = [root for root in chosen if vocabulary.holds(root.function, {*graphs, profile.CREATE_STEP})]
    for root in callers_first(vocabulary, [*chosen, *callers_of(vocabulary, roots, makers)]):
        if not ev.was_executed(root.function):
            yield run(ev, root, ASSEMBLER_BUDGET)


def _is_graph(cls: ClassObj) -> bool:
    """Whether a class is a graph itself, and not what makes one."""
    return profile.ADD_NODE in cls.attributes or profile.ADD_EDGE in cls.attributes


def _methods(ev: Evaluator, cls: Ref) -> Iterator[FunctionValue]:
    obj = ev.root.get(cls.address)
    for base in obj.lineage if isinstance(obj, ClassObj) else ():
        there = ev.root.get(base.address)
        for name, value in there.attributes.items() if isinstance(there, ClassObj) else ():
            if isinstance(value, FunctionValue) and value.validator is None and not name.startswith("__"):
                yield value
