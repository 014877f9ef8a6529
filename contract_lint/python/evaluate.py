"""Abstract evaluation of a project's modules: the face that frontends ask.

``Evaluator.load`` runs module bodies (each once, imports first); ``Evaluator.query`` asks a question about what they define,
in a scratch heap that is dropped afterwards. Nothing is imported or executed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from contract_lint.model.span import Span
from contract_lint.python import summary as ir
from contract_lint.python.annotations import annotation_names
from contract_lint.python.attributes import (
    attribute,
    blur,
    call_absent,
    call_attribute,
    find_in_class,
    has_attribute,
    is_instance,
    is_plainly_true,
    is_subclass,
    store_attribute,
    store_directly,
    super_value,
)
from contract_lint.python.builtin_functions import NAMES, call_builtin
from contract_lint.python.calls import Arguments, call
from contract_lint.python.classes import define_class
from contract_lint.python.decorators import decorate
from contract_lint.python.enums import enum_by_name, enum_members
from contract_lint.python.expressions import evaluate
from contract_lint.python.frame import Diverges, Frame, Guard
from contract_lint.python.instances import instantiate
from contract_lint.python.iteration import iterate
from contract_lint.python.models import is_model, make_model, model_method
from contract_lint.python.modules import Ambiguous, Missing, Module, ModuleIndex
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
    ModuleValue,
    Origin,
    Ref,
    Text,
    Unknown,
    Value,
    join_all,
    soften,
)

__all__ = ["Answer", "Evaluator", "ImportProblem", "Lookup", "Options", "Statistics", "annotation_names"]


class Exhausted(Exception):
    """The budget of a query is spent."""


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """An import of a project module that leads nowhere: the module is ``Missing``, or it lacks ``name``."""

    importer: Module
    dotted: str
    name: str | None
    at: ir.At
    missing: Missing | None
    target: Module | None
    near: tuple[str, ...]


@dataclass(slots=True)
class Options:
    """What to watch while evaluating, and the methods of base classes outside the project that return mappings.

    Budgets count abstract steps.
    """

    watched_calls: frozenset[str] = frozenset()
    watched_dicts: frozenset[str] = frozenset()
    absent_mappings: frozenset[str] = frozenset()
    module_budget: int = 200_000
    query_budget: int = 60_000


@dataclass(slots=True)
class Answer:
    """The value of a query and the state to read it in; ``value`` is Unknown if the query failed."""

    value: Value
    frame: Frame

    def read(self, value: Value) -> HeapObject | None:
        """The object that a reference stands for."""
        return self.frame.read(value) if isinstance(value, Ref) else None


@dataclass(slots=True)
class Statistics:
    """Work done, for tests and ``files -v``."""

    steps: int = 0
    queries: int = 0
    exhausted: int = 0
    given_up: dict[str, int] = field(default_factory=dict)


class Evaluator:
    """Evaluates one universe of modules. ``summaries`` gives a module's summary, or None where it cannot be parsed."""

    def __init__(self, index: ModuleIndex, summaries: Callable[[str], ir.ModuleSummary | None], options: Options) -> None:
        self.index, self.options = index, options
        self._summaries = summaries
        self.root = Heap()
        self.guards: list[Guard] = []
        self.stack: list[ir.FunctionDef | ir.Lambda] = []
        self.classes: list[Ref] = []
        self.observed = Observations()
        self.tables: set[Address] = set()
        self.watches_all = False
        self.registries: dict[Address, tuple[str, Origin]] = {}
        self.executed: set[int] = set()
        self.constructions: dict[Ref, list[Arguments]] = {}
        self.import_problems: list[ImportProblem] = []
        self.import_edges: dict[Module, set[Module]] = {}
        self.statistics = Statistics()
        self.watched = options.watched_calls
        self.observer: Observer | None = None
        self.writer: Module | None = None
        self._state: dict[Module, str] = {}
        self._loaded: dict[Module, ir.ModuleSummary | None] = {}
        self._dynamic: set[Module] = set()
        self._closure: dict[Module, frozenset[Module]] = {}
        self._fields: dict[int, dict[str, FieldSpec]] = {}
        self._field_frames: list[Frame] = []
        self._seen_imports: set[tuple[Module, ir.At, str | None]] = set()
        self._models: dict[Ref, Ref] = {}
        self._number = 0
        self._budget = 0
        self._tolerant_imports = 0

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
        """Run the body of a file's module, once."""
        module = self.index.by_path(path)
        self.ensure(module)
        return module

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
        summary = self.summary_of(module)
        if summary is not None:
            self._run_module(module, summary)
        self._state[module] = "done"

    def _run_module(self, module: Module, summary: ir.ModuleSummary) -> None:
        saved = (self._budget, self.guards, self.stack, self.writer, self._tolerant_imports)
        self._budget, self.guards, self.stack, self.writer, self._tolerant_imports = self.options.module_budget, [], [], module, 0
        frame = Frame(self, module, self.root, None, "")
        try:
            execute_block(frame, summary.body)
        except (Exhausted, RecursionError):
            self.statistics.exhausted += 1
        if frame.heap is not self.root:
            self.root.own.update(frame.heap.since(self.root))
        self.statistics.steps += self.options.module_budget - self._budget
        self._budget, self.guards, self.stack, self.writer, self._tolerant_imports = saved

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
            return Unknown("import-cycle" if self._state.get(module) == "running" else "unset-variable")
        if name in NAMES:
            return Builtin(name)
        if name == "Ellipsis":
            return Unknown("ellipsis")
        if name == "__name__":
            return Text((None, module.ident.rpartition("/")[2]))  # a module is imported here, never run as a script
        if name.startswith("__") and name.endswith("__"):
            return Unknown("module-attribute")
        if module in self._dynamic:
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
        submodule = self.index.submodule(module, name)
        if submodule is not None:
            return ModuleValue(submodule)
        return Unknown("module-attribute", origin)

    def imports(self, importer: Module, imported: Module) -> bool:
        """Whether ``importer`` imports ``imported``, directly or not."""
        if importer is imported:
            return True
        seen, todo = {importer}, [importer]
        while todo:
            for module in self.import_edges.get(todo.pop(), ()):
                if module is imported:
                    return True
                if module not in seen:
                    seen.add(module)
                    todo.append(module)
        return False

    # --- imports ---

    def imports_project(self, importer: Module, node: ir.Import | ir.ImportFrom) -> bool:
        """Whether the statement imports modules of this project that exist."""
        if isinstance(node, ir.Import):
            return all(isinstance(self.index.resolve(importer, n.name, 0), Module) for n in node.names)
        return isinstance(self.index.resolve(importer, node.module, node.level), Module)

    def execute_import(self, frame: Frame, node: ir.Import) -> None:
        frame.may_raise()
        for name in node.names:
            found = self.index.resolve(frame.module, name.name, 0)
            first = name.name.partition(".")[0]
            if isinstance(found, Module):
                self._link(frame.module, found)
                self.ensure(found)
            elif isinstance(found, Missing):
                self._report_missing(frame, name.name, name.at, found)
            if name.alias is not None or "." not in name.name:
                value: Value = ModuleValue(found) if isinstance(found, Module) else self._outside(found, name.name, (frame.module, name.at))
            else:
                top = self.index.resolve(frame.module, first, 0)
                value = ModuleValue(top) if isinstance(top, Module) else self._outside(top, first, (frame.module, name.at))
            frame.bind(name.alias or first, value)

    def _outside(self, found: object, name: str, origin: Origin) -> Value:
        if isinstance(found, Ambiguous):
            return Unknown("ambiguous-import", origin)
        if isinstance(found, Missing):
            return Unknown("missing-module", origin)
        return External(name, origin)

    def execute_import_from(self, frame: Frame, node: ir.ImportFrom) -> None:
        frame.may_raise()
        found = self.index.resolve(frame.module, node.module, node.level)
        dotted = "." * node.level + node.module
        if node.level and isinstance(found, (Module, Missing)):
            dotted = found.ident.replace("/", ".")
        if isinstance(found, Missing):
            self._report_missing(frame, dotted, node.at, found)
            if self.guards:
                raise Diverges
        if not isinstance(found, Module):
            for name in node.names:
                if name.name == "*":
                    self._dynamic.add(frame.module)
                else:
                    outside = node.module if node.level == 0 else dotted
                    frame.bind(name.alias or name.name, self._outside(found, f"{outside}.{name.name}", (frame.module, name.at)))
            return
        self._link(frame.module, found)
        self.ensure(found)
        for name in node.names:
            if name.name == "*":
                self._import_star(frame, found)
            else:
                frame.bind(name.alias or name.name, self._imported(frame, found, name, dotted))

    def _import_star(self, frame: Frame, module: Module) -> None:
        if module in self._dynamic or self._state.get(module) == "running" or self.summary_of(module) is None:
            self._dynamic.add(frame.module)
        listed = self.root.get((module, "__all__"))
        names: set[str] | None = None
        if isinstance(listed, CellObj) and isinstance(listed.value, Ref):
            found = iterate(frame, listed.value, None)
            if found.exact:
                names = {str(item.value.value) for item in found.items if isinstance(item.value, Const)}
        for address, cell in list(self.root.own.items()):
            if isinstance(address, tuple) and len(address) == 2 and address[0] is module and isinstance(cell, CellObj):
                name = str(address[1])
                if (name in names) if names is not None else not name.startswith("_"):
                    frame.bind(name, cell.value)

    def _imported(self, frame: Frame, module: Module, name: ir.ImportedName, dotted: str) -> Value:
        cell = self.root.get((module, name.name))
        if isinstance(cell, CellObj):
            return cell.value
        submodule = self.index.submodule(module, name.name)
        if submodule is not None:
            self._link(frame.module, submodule)
            self.ensure(submodule)
            return ModuleValue(submodule)
        summary = self.summary_of(module)
        if module.path is not None and summary is None:
            return Unknown("unreadable-module", (frame.module, name.at))
        if summary is not None and name.name in summary.bindings:
            return Alias(module, name.name)
        if summary is not None and self._has_dynamic_names(module, summary):
            return Unknown("star-import", (frame.module, name.at))
        bindings = summary.bindings if summary is not None else ()
        self._report_import(ImportProblem(frame.module, dotted, name.name, name.at, None, module, tuple(bindings)))
        return Unknown("missing-name", (frame.module, name.at))

    def _has_dynamic_names(self, module: Module, summary: ir.ModuleSummary) -> bool:
        return (
            module in self._dynamic
            or "__getattr__" in summary.bindings
            or bool({"globals", "exec", "setattr", "vars"} & set(summary.calls))
        )

    def _link(self, importer: Module, imported: Module) -> None:
        self.import_edges.setdefault(importer, set()).add(imported)

    def _report_missing(self, frame: Frame, dotted: str, at: ir.At, found: Missing) -> None:
        self._report_import(ImportProblem(frame.module, dotted, None, at, found, None, found.near))

    def _report_import(self, problem: ImportProblem) -> None:
        if not self.guards:
            self.import_problems.append(problem)

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
    define_class = staticmethod(define_class)
    is_model = staticmethod(is_model)
    model_method = staticmethod(model_method)

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

    def query(self, module: Module, question: Callable[[Frame], Value], heap: Heap | None = None) -> Answer:
        """Evaluate ``question`` with a budget of its own, in a scratch heap on top of ``heap`` (an earlier answer's, say)."""
        saved = (self._budget, self.guards, self.stack, self.writer)
        self._budget, self.guards, self.stack, self.writer = self.options.query_budget, [], [], None
        frame = Frame(self, module, Heap(heap or self.root), {}, "")
        self.statistics.queries += 1
        try:
            value = question(frame)
        except Diverges:
            value = Unknown("always-raises")
        except (Exhausted, RecursionError):
            self.statistics.exhausted += 1
            value = Unknown("budget")
        self.statistics.steps += self.options.query_budget - self._budget
        self._budget, self.guards, self.stack, self.writer = saved
        return Answer(value, frame)

    def class_of_annotation(self, frame: Frame, annotation: ir.Expr | None) -> Ref | None:
        """The project class that an annotation names, through ``Optional`` and quotes; None if there is not exactly one."""
        found: list[Ref] = []
        for name in annotation_names(annotation):
            value = self._name_in_module(frame, name)
            if isinstance(value, Ref) and isinstance(frame.read(value), ClassObj) and value not in found:
                found.append(value)
        return found[0] if len(found) == 1 else None

    def _name_in_module(self, frame: Frame, dotted: str) -> Value | None:
        first, *rest = dotted.split(".")
        value = frame.lookup(first)
        for name in rest:
            if value is None:
                return None
            value = self.attribute(frame, value, name, None)
        return value

    def assumed_instance(self, frame: Frame, cls: Ref) -> Ref:
        """An instance of a class as a parameter's annotation promises it: all defaults, possibly of a subclass."""
        known = self._models.get(cls)
        if known is not None:
            return known
        if not self.is_model(frame, cls) or self.root.get(cls.address) is None:
            obj = frame.read(cls)
            assert isinstance(obj, ClassObj)
            return frame.new(InstanceObj(cls, {}, False, obj.origin))
        made = self._made_once(frame, cls)
        return made if made is not None else make_model(frame, cls, Arguments((), {}), None, assumed=True)

    def _made_once(self, frame: Frame, cls: Ref) -> Ref | None:
        """An instance that all queries share; None if making it changes what was there before."""
        obj = frame.read(cls)
        assert isinstance(obj, ClassObj)
        scratch = Frame(self, obj.module, Heap(self.root), {}, "")
        saved = (self._budget, self.guards, self.stack, self.writer)
        self._budget, self.guards, self.stack, self.writer = self.options.query_budget, [], [], None
        try:
            made = make_model(scratch, cls, Arguments((), {}), None, assumed=True)
        except (Diverges, Exhausted, RecursionError):
            made = scratch.new(InstanceObj(cls, {}, False, obj.origin))
        self._budget, self.guards, self.stack, self.writer = saved
        written = scratch.heap.since(self.root)
        if any(self.root.get(address) is not None for address in written):
            return None
        self.root.own.update(written)
        self._models[cls] = made
        instance = self.root.get(made.address)
        for value in instance.attributes.values() if isinstance(instance, InstanceObj) else ():
            if isinstance(value, Ref) and isinstance(self.root.get(value.address), DictObj):
                self.tables.add(value.address)
        return made

    def parameter_values(self, frame: Frame, function: FunctionValue, skip: int) -> Arguments:
        """What a root's parameters are: an instance for an annotated project class, else the (soft) default, else unknown."""
        kwargs: dict[str, Value] = {}
        scope = Frame(self, function.module, frame.heap, {}, function.qualname)
        args: list[Value] = []
        rest: Unknown | None = None
        more: Unknown | None = None
        for parameter, default in list(zip(function.node.parameters, function.defaults, strict=True))[skip:]:
            value: Value = Unknown("parameter", (function.module, parameter.at))
            cls = self.class_of_annotation(scope, parameter.annotation)
            if cls is not None:
                value = self.assumed_instance(frame, cls)
            elif default is not None:
                value = join_all([soften(default), Unknown("parameter", (function.module, parameter.at))])
            if parameter.kind == "args":
                rest = Unknown("parameter", (function.module, parameter.at))
            elif parameter.kind == "kwargs":
                more = Unknown("parameter", (function.module, parameter.at))
            elif parameter.kind == "positional":
                args.append(value)
            else:
                kwargs[parameter.name] = value
        return Arguments(tuple(args), kwargs, rest, more)

    def was_executed(self, function: FunctionValue) -> bool:
        """Whether some evaluated code has called the function."""
        return id(function.node) in self.executed

    def functions(self, module: Module) -> list[FunctionValue]:
        """The functions that a module defines at its own level and keeps under their own name."""
        found: list[FunctionValue] = []
        for address, cell in self.root.own.items():
            if isinstance(address, tuple) and address[0] is module and isinstance(cell, CellObj) and isinstance(cell.value, FunctionValue):
                if cell.value.module is module and cell.value.name == address[1]:
                    found.append(cell.value)
        return found

    # --- places ---

    def span(self, origin: Origin) -> Span | None:
        if origin is None or origin[0].path is None:
            return None
        module, at = origin
        return Span(str(module.path), at[0], at[1], at[2], at[3])
