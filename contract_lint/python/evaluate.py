"""Abstract evaluation of a project's modules: the face that frontends ask.

``Evaluator.load`` runs module bodies (each once, imports first); ``Evaluator.query`` asks a question about what they define,
in a scratch heap that is dropped afterwards. Nothing is imported or executed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager

from msgspec import Struct, field

from contract_lint.model.span import Span
from contract_lint.python import summary as ir
from contract_lint.python.annotations import annotation_names
from contract_lint.python.assumptions import assumed_instance, class_of_annotation, parameter_values
from contract_lint.python.attributes import (
    attribute,
    blur,
    call_absent,
    call_attribute,
    find_in_class,
    has_attribute,
    is_plainly_true,
    remove_attribute,
    remove_directly,
    store_attribute,
    store_directly,
    super_value,
)
from contract_lint.python.builtin_functions import NAMES, call_builtin
from contract_lint.python.calls import Arguments, call
from contract_lint.python.classes import define_class
from contract_lint.python.decorators import call_cached, decorate
from contract_lint.python.enums import enum_by_name, enum_members
from contract_lint.python.expressions import evaluate
from contract_lint.python.frame import Diverges, Exhausted, Frame, Guard
from contract_lint.python.importing import ImportProblem, Imports
from contract_lint.python.instances import instantiate
from contract_lint.python.kinds import is_instance, is_subclass
from contract_lint.python.methods import spoil
from contract_lint.python.models import is_model, model_method
from contract_lint.python.modules import Module, ModuleIndex
from contract_lint.python.observations import GIVEN, Lookup, MissingAttribute, Observations
from contract_lint.python.observer import Observer
from contract_lint.python.paths import path_of
from contract_lint.python.state import Heap
from contract_lint.python.statements import execute_block
from contract_lint.python.values import (
    Address,
    Alias,
    Builtin,
    CellObj,
    ClassObj,
    Const,
    DictObj,
    External,
    FieldSpec,
    FunctionValue,
    HeapObject,
    InstanceObj,
    ListObj,
    ModuleValue,
    Origin,
    Ref,
    Text,
    Unknown,
    Value,
    join_all,
)
from contract_lint.python.walk import module_nodes

#: What a module names that binds names unseen: by ``exec``, ``globals()``, ``sys.modules``, or in the shell that runs it.
BINDING = frozenset({"exec", "globals", "locals", "vars", "get_ipython", "builtins", "__builtins__", "modules"})

__all__ = ["Answer", "Evaluator", "ImportProblem", "Lookup", "Options", "Statistics", "annotation_names"]


class Options(Struct):
    """What to watch while evaluating, and the methods of base classes outside the project that return mappings.

    Objects of the ``journaled_classes`` (by name), and of project classes with all ``journaled_methods``, get journals of what these
    methods are given. The results of the ``answered_calls``, which are watched too, are kept with them. Budgets count abstract steps.

    What is done to objects is kept if the dotted names of their callees begin with one of ``observed_objects``, and to other things from
    outside (constants, say) whose names begin with one of ``observed_names``. Of the observed objects, those of the ``true_classes`` (names
    without their modules) always count as true. A function with one of the ``kept_decorators`` (dotted
    names) becomes an object that the decorator made.
    """

    watched_calls: frozenset[str] = frozenset()
    answered_calls: frozenset[str] = frozenset()
    watched_dicts: frozenset[str] = frozenset()
    absent_mappings: frozenset[str] = frozenset()
    journaled_classes: frozenset[str] = frozenset()
    journaled_methods: frozenset[str] = frozenset()
    observed_objects: frozenset[str] = frozenset()
    observed_names: frozenset[str] = frozenset()
    true_classes: frozenset[str] = frozenset()
    kept_decorators: frozenset[str] = frozenset()
    module_budget: int = 200_000
    query_budget: int = 60_000


class Answer(Struct):
    """The value of a query and the state to read it in; ``value`` is Unknown if the query failed."""

    value: Value
    frame: Frame

    def read(self, value: Value) -> HeapObject | None:
        """The object that a reference stands for."""
        return self.frame.read(value) if isinstance(value, Ref) else None


class Statistics(Struct):
    """Work done, for tests and ``files -v``."""

    steps: int = 0
    queries: int = 0
    exhausted: int = 0
    given_up: dict[str, int] = field(default_factory=dict)


class Evaluator:
    """Evaluates one universe of modules.

    ``summaries`` gives a module's summary, or None where it cannot be parsed; ``located`` turns a place in the text that was
    summarised into the one in the file (of a notebook's Python into a cell's).
    """

    def __init__(
        self,
        index: ModuleIndex,
        summaries: Callable[[str], ir.ModuleSummary | None],
        options: Options,
        located: Callable[[Span], Span] = lambda span: span,
    ) -> None:
        self.index, self.options = index, options
        self._summaries, self._located = summaries, located
        self.root = Heap()
        self.guards: list[Guard] = []
        self.stack: list[ir.FunctionDef | ir.Lambda] = []
        self.classes: list[Ref] = []
        self.observed = Observations()
        self.tables: set[Address] = set()
        #: The lists that ``iter`` was called of, by the iterator's address, each as it was then.
        self.sources: dict[Address, tuple[Ref, ListObj]] = {}
        self.watches_all = False
        self.registries: dict[Address, tuple[str, Origin]] = {}
        self.executed: set[int] = set()
        self.constructions: dict[Ref, list[Arguments]] = {}
        self.importing = Imports(self)
        self.import_problems, self.import_edges = self.importing.problems, self.importing.edges
        self.imports = self.importing.reaches
        self.statistics = Statistics()
        self.watched = options.watched_calls
        self.observer: Observer | None = None
        self.writer: Module | None = None
        self._state: dict[Module, str] = {}
        self._loaded: dict[Module, ir.ModuleSummary | None] = {}
        self._fields: dict[int, dict[str, FieldSpec]] = {}
        self._field_frames: list[Frame] = []
        self._binding_unseen: dict[Module, bool] = {}
        self.assumed: dict[Ref, Ref] = {}
        self.journaled_classes: dict[Ref, bool] = {}
        self.keeps_journals = False
        self.observed_objects, self.observed_names = tuple(options.observed_objects), tuple(options.observed_names)
        self.true_classes = options.true_classes
        self.observes = bool(self.observed_objects or self.observed_names)
        #: In how many branches the evaluation stands that are taken on some paths only.
        self.forks = 0
        #: How many tests of what an object is have left a function, or a round of a loop, that is running.
        self.doubts = 0
        #: The objects whose watched methods are running.
        self.journaling: frozenset[Address] = frozenset()
        self._unread: list[Module] = []
        self._number = 0
        self._budget = 0

    # --- budget and addresses ---

    def tick(self) -> None:
        self._budget -= 1
        if self._budget < 0:
            raise Exhausted

    def new_number(self) -> int:
        self._number += 1
        return self._number

    def new_address(self) -> Address:
        self._number += 1
        return self._number

    def give_up(self, what: str) -> None:
        """Something did not settle: the query's answer would not be sound."""
        self.statistics.given_up[what] = self.statistics.given_up.get(what, 0) + 1
        raise Exhausted

    # --- modules ---

    def load(self, path: str) -> Module:
        """Run the body of a file's module, once, and all that it imports, in functions too."""
        module = self.index.by_path(path)
        self.ensure(module)
        self._load_later_imports()
        return module

    def _load_later_imports(self) -> None:
        """Run what functions import, so that no query has to: its answer would depend on which came first."""
        while self._unread:
            module = self._unread.pop(0)
            summary = self.summary_of(module)
            for node in summary.imports if summary is not None else ():
                for target in self.importing.targets(module, node):
                    if isinstance(target, Module):
                        self.ensure(target)

    def load_package(self, ident: str) -> None:
        """Run the ``__init__.py`` of a folder, if it has one."""
        package = self.index.package(ident)
        if package is not None and package.path is not None:
            self.ensure(package)

    def summary_of(self, module: Module) -> ir.ModuleSummary | None:
        if module not in self._loaded:
            self._loaded[module] = self._summaries(module.path) if module.path is not None else None
        return self._loaded[module]

    def modules(self) -> list[Module]:
        """The modules that were run, in that order."""
        return list(self._state)

    def ensure(self, module: Module) -> None:
        if module in self._state:
            return
        self._state[module] = "running"
        self._unread.append(module)
        summary = self.summary_of(module)
        if summary is not None:
            self._run_module(module, summary)
        self._state[module] = "done"

    def _run_module(self, module: Module, summary: ir.ModuleSummary) -> None:
        frame = Frame(self, module, self.root, None, "")
        before, classes = self._number, len(self.classes)
        complete = True
        with self.apart(self.options.module_budget, module):
            try:
                execute_block(frame, summary.body)
            except (Exhausted, RecursionError):
                self.statistics.exhausted += 1
                complete = False
        if frame.heap is not self.root:
            self.root.own.update(frame.heap.since(self.root))
        if not complete:
            self._distrust(module, before)
        self.classes[classes:] = [ref for ref in self.classes[classes:] if self.root.get(ref.address) is not None]

    @contextmanager
    def apart(self, budget: int, writer: Module | None) -> Iterator[None]:
        """Evaluate something with a budget of its own, outside of whatever is being evaluated."""
        saved = (self._budget, self.guards, self.stack, self.writer, self.forks, self.doubts)
        self._budget, self.guards, self.stack, self.writer, self.forks, self.doubts = budget, [], [], writer, 0, 0
        try:
            yield
        finally:
            self.statistics.steps += budget - self._budget
            self._budget, self.guards, self.stack, self.writer, self.forks, self.doubts = saved

    def _distrust(self, module: Module, before: int) -> None:
        """The module was not run to its end: what it made (since address ``before``) may be otherwise, functions and classes aside."""
        reason = Unknown("budget")
        for address, obj in list(self.root.own.items()):
            if isinstance(obj, CellObj) and isinstance(address, tuple) and address[0] is module:
                is_class = isinstance(obj.value, Ref) and isinstance(self.root.get(obj.value.address), ClassObj)
                if not is_class and not isinstance(obj.value, (FunctionValue, ModuleValue, External, Alias)):
                    self.root.own[address] = CellObj(join_all([obj.value, reason]))
            elif isinstance(obj, (DictObj, ListObj)) and (address in self.registries or (isinstance(address, int) and address > before)):
                spoil(Frame(self, module, self.root, {}, ""), Ref(address), reason)

    def body_of(self, module: Module, node: ir.FunctionDef) -> ir.Body:
        summary = self.summary_of(module)
        assert summary is not None
        return summary.function_body(node.body)

    def global_value(self, module: Module, name: str, heap: Heap) -> Value | None:
        """A module-level variable, else a builtin, else None."""
        cell = heap.get((module, name))
        if type(cell) is CellObj:
            return self.resolve_alias(cell.value) if type(cell.value) is Alias else cell.value
        summary = self._loaded.get(module)
        if summary is not None and name in summary.bindings:
            return Unknown("import-cycle" if self.is_running(module) else "unset-variable")
        if name in NAMES:
            return Builtin(name)
        if name == "Ellipsis":
            return Unknown("ellipsis")
        if name == "__name__":
            # A module is imported here, never run as a script; a notebook is nothing else.
            return Const("__main__") if module.is_script else Text((None, module.ident.rpartition("/")[2]))
        if name.startswith("__") and name.endswith("__"):
            return Unknown("module-attribute")
        if module in self.importing.dynamic:
            return Unknown("star-import")
        return None

    def resolve_alias(self, value: Value) -> Value:
        seen: set[Value] = set()
        while isinstance(value, Alias) and value not in seen:
            seen.add(value)
            cell = self.root.get((value.module, value.name))
            value = cell.value if isinstance(cell, CellObj) else Unknown("import-cycle")
        return Unknown("import-cycle") if isinstance(value, Alias) else value

    def module_attribute(self, frame: Frame, module: Module, name: str, origin: Origin) -> Value:
        self.ensure(module)
        cell = frame.heap.get((module, name))
        if isinstance(cell, CellObj):
            return self.resolve_alias(cell.value)
        submodule = self.index.submodule(module, name, frame.module)
        if submodule is not None:
            return ModuleValue(submodule)
        return Unknown("module-attribute", origin)

    def is_running(self, module: Module) -> bool:
        """Whether the module's body is being run, so that not all its names are bound yet."""
        return self._state.get(module) == "running"

    # --- watching ---

    def lineage(self, cls: Ref) -> tuple[Ref, ...]:
        """A class and its bases in the project, in method resolution order."""
        obj = self.root.get(cls.address)
        return obj.lineage if isinstance(obj, ClassObj) else ()

    def class_of(self, frame: Frame, receiver: Value | None) -> Ref | None:
        obj = frame.read(receiver) if isinstance(receiver, Ref) else None
        return obj.cls if isinstance(obj, InstanceObj) else None

    def on_bind(self, frame: Frame, target: ir.Name, value: Value) -> None:
        """A name was bound: remember the dicts that are bound to watched names."""
        if target.id in self.options.watched_dicts and isinstance(value, Ref) and isinstance(frame.read(value), DictObj):
            self.registries.setdefault(value.address, (target.id, (frame.module, target.at)))

    def on_lookup(self, frame: Frame, ref: Ref, obj: DictObj, key: Value, how: str, origin: Origin, default: Value | None) -> None:
        """A key is looked up in a dict: remembered where the dict is watched, or is what the caller gives."""
        given = obj.open is not None and obj.open.reason in GIVEN
        watched = given or self.watches_all or ref.address in self.registries or ref.address in self.tables
        if not watched:
            return
        if not isinstance(key, Const) or key.soft:
            return
        entry = obj.entries.get(("const", key.value))
        keys = () if given else tuple(e.key for e in obj.entries.values() if isinstance(e.key, Const))
        opened = obj.open.reason if obj.open is not None else None
        receiver = self.class_of(frame, frame.receiver)
        self.observed.add_lookup(
            Lookup(ref.address, key, how, entry is not None, opened, keys, origin, frame.scope, default, receiver, bool(self.guards))
        )

    def on_missing(self, frame: Frame, cls: Ref, name: str, how: str, origin: Origin) -> None:
        """An instance is asked for an attribute that its class does not have."""
        self.observed.add_missing(MissingAttribute(cls, name, how, origin, frame.scope, bool(self.guards)))

    @contextmanager
    def unobserved(self, quiet: bool) -> Iterator[None]:
        """With ``quiet``, what is observed meanwhile is forgotten: the code is ready for its absence."""
        before = self.observed
        if quiet:
            self.observed = Observations()
        try:
            yield
        finally:
            self.observed = before

    @contextmanager
    def observing(self) -> Iterator[Observations]:
        """Collect what is observed meanwhile apart, and add it to the rest afterwards."""
        before, self.observed = self.observed, Observations()
        try:
            yield self.observed
        finally:
            before.update(self.observed)
            self.observed = before

    def binds_unseen(self, module: Module) -> bool:
        """Whether a module may bind names in ways that are not followed."""
        if module not in self._binding_unseen:
            summary = self.summary_of(module)
            used = module_nodes(summary) if summary is not None else iter(())
            names = (one.id if isinstance(one, ir.Name) else one.name for one in used if isinstance(one, (ir.Name, ir.Attribute)))
            self._binding_unseen[module] = not BINDING.isdisjoint(names)
        return self._binding_unseen[module]

    def on_annotation(self, frame: Frame, node: ir.AnnAssign) -> None:
        """A class body annotates a name: a field."""
        if self._field_frames and self._field_frames[-1] is frame and isinstance(node.target, ir.Name):
            self._fields[id(frame)][node.target.id] = FieldSpec(node.annotation, frame.module, node.value is not None)

    def begin_fields(self, frame: Frame) -> int:
        self._field_frames.append(frame)
        self._fields[id(frame)] = {}
        return len(self._field_frames)

    def end_fields(self, frame: Frame, depth: int) -> Mapping[str, FieldSpec]:
        del self._field_frames[depth - 1 :]
        return self._fields.pop(id(frame))

    def annotated_value(self, frame: Frame, node: ir.AnnAssign, value: Value) -> Value:
        """``self.config: XConfig = config``: the annotation tells what an unknown value is."""
        if isinstance(value, Unknown) and isinstance(node.target, ir.Attribute):
            cls = self.class_of_annotation(frame, node.annotation)
            if cls is not None:
                return self.assumed_instance(frame, cls)
        return value

    # --- what the parts of the interpreter ask of each other ---

    evaluate = staticmethod(evaluate)
    execute = staticmethod(execute_block)
    call_builtin = staticmethod(call_builtin)
    call_absent = staticmethod(call_absent)
    attribute = staticmethod(attribute)
    call_attribute = staticmethod(call_attribute)
    store_attribute = staticmethod(store_attribute)
    store_directly = staticmethod(store_directly)
    remove_attribute = staticmethod(remove_attribute)
    remove_directly = staticmethod(remove_directly)
    find_in_class = staticmethod(find_in_class)
    blur = staticmethod(blur)
    has_attribute = staticmethod(has_attribute)
    is_plainly_true = staticmethod(is_plainly_true)
    is_instance = staticmethod(is_instance)
    is_subclass = staticmethod(is_subclass)
    super_value = staticmethod(super_value)
    enum_members = staticmethod(enum_members)
    enum_by_name = staticmethod(enum_by_name)
    decorate = staticmethod(decorate)
    call_cached = staticmethod(call_cached)
    define_class = staticmethod(define_class)
    is_model = staticmethod(is_model)
    model_method = staticmethod(model_method)
    class_of_annotation = staticmethod(class_of_annotation)
    assumed_instance = staticmethod(assumed_instance)
    parameter_values = staticmethod(parameter_values)

    def call_value(self, frame: Frame, callee: Value, args: list[Value], origin: Origin) -> Value:
        return call(frame, callee, Arguments(tuple(args), {}), origin)

    def instantiate(self, frame: Frame, cls: Ref, arguments: Arguments, origin: Origin) -> Value:
        if self.writer is not None or self.stack:
            self.constructions.setdefault(cls, []).append(arguments)
        return instantiate(frame, cls, arguments, origin)

    def text_of(self, frame: Frame, value: Value) -> Value:
        """What ``str(value)`` shows where a class says so itself."""
        obj = frame.read(value) if isinstance(value, Ref) else None
        if not isinstance(obj, InstanceObj):
            return (path_of(frame, value) if obj is not None else None) or value
        if isinstance(find_in_class(frame, obj.cls, "__str__"), FunctionValue) and find_in_class(frame, obj.cls, "__format__") is None:
            return call_attribute(frame, value, "__str__", [], {}, None)
        cls = frame.read(obj.cls)
        return obj.attributes["value"] if isinstance(cls, ClassObj) and "enum.StrEnum" in cls.externals else value

    # --- questions ---

    def query(self, module: Module, question: Callable[[Frame], Value], heap: Heap | None = None, budget: int | None = None) -> Answer:
        """Evaluate ``question`` with a budget of its own, in a scratch heap on top of ``heap`` (an earlier answer's, say).

        ``budget`` is in steps (default: the options' ``query_budget``).
        """
        frame = Frame(self, module, Heap(heap or self.root), {}, "")
        self.statistics.queries += 1
        with self.apart(budget or self.options.query_budget, None):
            try:
                value = question(frame)
            except Diverges:
                value = Unknown("always-raises")
            except (Exhausted, RecursionError):
                self.statistics.exhausted += 1
                value = Unknown("budget")
        return Answer(value, frame)

    def was_executed(self, function: FunctionValue) -> bool:
        """Whether some evaluated code has called the function."""
        return id(function.node) in self.executed

    def functions(self, modules: Collection[Module]) -> list[FunctionValue]:
        """The functions that modules define at their own level and keep under their own name, in the order of their definition."""
        found: list[FunctionValue] = []
        for address, cell in self.root.own.items():
            if isinstance(address, tuple) and address[0] in modules and isinstance(cell, CellObj) and isinstance(cell.value, FunctionValue):
                if cell.value.module is address[0] and cell.value.name == address[1]:
                    found.append(cell.value)
        return found

    # --- places ---

    def span(self, origin: Origin) -> Span | None:
        if origin is None or origin[0].path is None:
            return None
        module, at = origin
        return self._located(Span(str(module.path), at[0], at[1], at[2], at[3]))

    def comments(self, path: str) -> Iterator[tuple[Span, str]]:
        """The comments for this tool in a file, with their places."""
        for module in self.index.in_file(path):
            summary = self.summary_of(module)
            for line, column, text in summary.comments if summary is not None else ():
                yield self._located(Span(str(module.path), line, column, line, column + len(text))), text
