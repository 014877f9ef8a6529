"""Whole projects: constants, helpers, two generations of configurations and of builders, registrations."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from hypothesis import strategies as st
from property.generated.choices import Choices
from property.generated.expressions import DICT, FLAG, KEYS, LIST, MAYBE, NUMBER, TEXT, WORDS, Expressions, Scope
from property.generated.statements import Lines, Statements, indented

PACKAGE = "steps"


@dataclass(frozen=True)
class Question:
    """``builder().method(*arguments)``, or ``function(*arguments)`` of a module where ``builder`` is None.

    ``arguments`` counts the parameters that the world fills in.
    """

    module: str
    builder: str | None
    config: str | None
    name: str
    arguments: int


@dataclass(frozen=True)
class Project:
    """``files`` by path; ``modules`` are their dotted names in the order in which they are imported."""

    files: dict[str, str]
    modules: tuple[str, ...]
    questions: tuple[Question, ...]

    def __repr__(self) -> str:
        shown = "\n".join(f"# --- {path}\n{text}" for path, text in self.files.items())
        return f"{shown}\n# {self.questions}"


@cache
def _below(n: int) -> st.SearchStrategy[int]:
    return st.integers(0, n - 1)


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Half of them drawn choice by choice, so that a failing one shrinks; half from a random seed, since those are larger."""
    if draw(st.booleans()):
        generator = draw(st.randoms(use_true_random=True))
        return Writer(Choices(generator.randrange)).project()
    return Writer(Choices(lambda n: draw(_below(n)))).project()


IMPORTS = ["from __future__ import annotations", "import contextlib", "import copy", "import os", "import outside_sdk"]


class Writer:
    def __init__(self, choices: Choices) -> None:
        self.c = choices
        self.e = Expressions(choices)
        self.s = Statements(choices, self.e)
        self.questions: list[Question] = []
        self.enums: list[tuple[str, tuple[str, ...], bool]] = []
        self.constants: list[tuple[str, str]] = []
        self.helpers: list[tuple[str, str]] = []
        self.fields: dict[str, str] = {}
        self.inherited: list[str] = []
        self.unknowns = choices.pick([40, 80])  # per cent of the functions that use what nobody knows

    def project(self) -> Project:
        files = {
            f"{PACKAGE}/constants.py": self._constants(),
            f"{PACKAGE}/words.py": [f"OTHER = {self.c.pick(WORDS)!r}"],
            f"{PACKAGE}/helpers.py": self._helpers(),
            f"{PACKAGE}/__init__.py": [
                "from .constants import *" if self.c.chance(50) else "from .constants import NAMES, LABEL",
                "from .helpers import Closing",
            ],
            f"{PACKAGE}/config_base.py": self._config_base(),
            f"{PACKAGE}/config_step.py": self._config_step(),
            f"{PACKAGE}/builder_base.py": self._builder_base(),
            f"{PACKAGE}/builder_step.py": self._builder_step(),
            f"{PACKAGE}/registrations.py": self._registrations("registrations"),
            f"{PACKAGE}/more_registrations.py": self._registrations("more_registrations"),
        }
        modules = tuple(sorted(path[:-3].replace("/__init__", "").replace("/", ".") for path in files))
        return Project({path: "\n".join(lines) + "\n" for path, lines in files.items()}, modules, tuple(self.questions))

    # --- constants and helpers ---

    def _constants(self) -> Lines:
        scope = Scope(unknowns=False)
        lines = [*IMPORTS, "from enum import Enum", ""]
        bases = self.c.pick([("Enum", False), ("str, Enum", True)])
        members = self.c.some(["TRAIN", "EVAL", "TEST"], 1, 3)
        lines += [f"class Kind({bases[0]}):", *[f"    {name} = {self.c.pick([*WORDS[:3], name.lower()])!r}" for name in members], ""]
        self.enums.append(("Kind", tuple(members), bases[1]))
        lines += [
            f"LABEL = {self.c.pick(WORDS)!r}",
            f"NAMES = {self.e.expression(scope, DICT, 1)}",
            f"ORDER = {self.e.expression(scope, LIST, 1)}",
        ]
        self.constants = [("LABEL", TEXT), ("NAMES", DICT), ("ORDER", LIST)]
        scope.fixed = self.constants
        scope.enums = self.enums
        lines += ["try:", "    from absent_sdk import DATA_TYPE", "except ImportError:", f"    DATA_TYPE = {self.c.pick(KEYS)!r}"]
        self.constants.append(("DATA_TYPE", TEXT))
        if self.c.chance(20):
            lines += ["try:", "    from .absent import OTHER", "except ImportError:", "    from .words import OTHER"]
            self.constants.append(("OTHER", TEXT))
        scope.unknowns = self.c.chance(30)
        for _ in range(self.c.below(4)):
            kind = self.c.pick([TEXT, DICT, LIST, FLAG, NUMBER])
            name = self.c.fresh("CONST_")
            lines.append(f"{name} = {self.e.expression(scope, kind, 2)}")
            self.constants.append((name, kind))
        if self.c.chance(30):
            lines += [f"for name in {self.e.expression(scope, LIST, 1)}:", "    NAMES[name] = f'{LABEL}/{name}'"]
        if self.c.chance(30):
            lines += [
                f"if {self.e.expression(scope, FLAG)}:",
                f"    EXTRA = {self.e.expression(scope, DICT, 1)}",
                "else:",
                "    EXTRA = {}",
            ]
            self.constants.append(("EXTRA", DICT))
        return lines

    def _scope(self, **options: bool) -> Scope:
        scope = Scope(fixed=list(self.constants), functions=list(self.helpers), enums=self.enums, unknowns=self.c.chance(self.unknowns))
        scope.in_method = options.get("method", False)
        return scope

    def _helpers(self) -> Lines:
        names = ", ".join(name for name, _ in self.constants)
        lines = [
            *IMPORTS,
            "import functools",
            "import logging",
            "from dataclasses import dataclass, field",
            f"from {PACKAGE}.constants import Kind, {names}",
            "",
            "logger = logging.getLogger(__name__)",
            "",
        ]
        lines += [
            "class Closing:",
            "    def __init__(self, target):", "        self.target = target",
            "    def __enter__(self):", "        self.target['entered'] = 'yes'", "        return self",
            "    def __exit__(self, *error):", f"        self.target['left'] = {self.c.pick(WORDS)!r}",
            f"        return {self.c.pick(['False', 'None', 'True'])}", "",
        ]  # fmt: skip
        lines += [
            "@dataclass", "class Record:", f"    name: str = {self.c.pick(WORDS)!r}", "    tags: dict = field(default_factory=lambda: {'tag': LABEL})",
            "    title: str = ''", "    def __post_init__(self):", "        self.title = self.title or self.name.upper()",
            "    @property", "    def first(self):", "        return next(iter(self.tags), self.name)", "",
            "def loud(function):", "    @functools.wraps(function)", "    def wrapper(*args, **kwargs):",
            f"        return {self.c.pick(['function(*args, **kwargs)', 'function(*args, **kwargs).upper()'])}", "    return wrapper", "",
            "@loud", "def shout(text='s'):", f"    return text + {self.c.pick(WORDS)!r}", "",
            "def each_name(given):", "    for name in given:", "        yield name", "",
        ]  # fmt: skip
        self.helpers += [("shout(<text>)", TEXT)] + ([("list(each_name(<dict>))", LIST)] if self.c.chance(15) else [])
        for result in (TEXT, DICT, LIST):
            if self.c.chance(80):
                lines += self._helper(result)
        return lines

    def _helper(self, result: str) -> Lines:
        name = self.c.fresh("helper")
        scope = self._scope()
        shape = self.c.below(4)
        if shape == 0:
            parameters, template = "first, second='s'", f"{name}(<text>)"
            scope.variables.update(first=TEXT, second=TEXT)
        elif shape == 1:
            parameters, template = "*names, **more", self.c.pick([f"{name}(<text>, <text>, key=<text>)", f"{name}(*['a'], **<dict>)"])
            scope.variables.update(names=LIST, more=DICT)
        elif shape == 2:
            parameters, template = "given, *, label='l'", self.c.pick([f"{name}(<dict>)", f"{name}(<dict>, label=<text>)"])
            scope.variables.update(given=DICT, label=TEXT)
        else:
            parameters, template = (
                "first, given=None",
                self.c.pick([f"{name}(<text>)", f"{name}(<text>, <dict>)", f"{name}(given=<dict>, first=<text>)"]),
            )
            scope.variables.update(first=TEXT, given=MAYBE)
        if shape == 1:
            scope.variables["names"] = "tuple"
        body = self.s.body(scope, result)
        self.helpers.append((template, result))
        if shape == 0:
            self.questions.append(Question(f"{PACKAGE}.helpers", None, None, name, 1))
        return [f"def {name}({parameters}):", *indented(body), ""]

    # --- configurations ---

    def _default(self, kind: str) -> str:
        scope = Scope(fixed=list(self.constants), enums=self.enums, unknowns=False)
        if kind == DICT:
            literal = "{" + ", ".join(f"{k!r}: {self.c.pick(WORDS)!r}" for k in self.c.some(KEYS, 1, 3)) + "}"
            return self.c.weighted([
                (3, f"Field(default_factory=lambda: {literal})"), (2, "None"), (2, "Field(default_factory=dict)"), (1, literal),
                (1, f"Field(default={literal}, description='d')"), (1, "Field(default_factory=lambda: dict(NAMES))"),
                (1, f"Field(default_factory=lambda: {self.e.expression(scope, DICT, 1)})"), (1, "Field(None, description='d')"),
            ])  # fmt: skip
        if kind == TEXT:
            return self.c.pick(
                [repr(self.c.pick(WORDS)), f"Field(default={self.c.pick(WORDS)!r})", f"Field({self.c.pick(WORDS)!r}, description='d')"]
            )
        return {LIST: "Field(default_factory=lambda: ['data', 'model'])", NUMBER: "3", FLAG: "True"}[kind]

    def _field_lines(self, names: list[tuple[str, str]]) -> Lines:
        annotations = {DICT: "Optional[Dict[str, str]]", TEXT: "str", LIST: "List[str]", NUMBER: "int", FLAG: "bool"}
        lines = []
        for name, kind in names:
            self.fields[name] = MAYBE if kind == DICT else kind
            lines.append(f"{name}: {annotations[kind]} = {self._default(kind)}")
        return lines

    def _config_scope(self) -> Scope:
        scope = self._scope()
        scope.unknowns = self.c.chance(15)
        scope.fixed += [(f"self.{name}", kind) for name, kind in self.fields.items()]
        return scope

    def _after_validator(self, name: str) -> Lines:
        scope = self._config_scope()
        field = self.c.pick(["input_names", "output_names"])
        value = self.e.expression(scope, DICT, 1)
        store = self.c.pick(
            [f"self.{field} = {value}", f"self.__dict__[{field!r}] = {value}", f"object.__setattr__(self, {field!r}, {value})"]
        )
        key = self.c.pick(KEYS)
        bodies = [
            [f"if not self.{field}:", f"    {store}"],
            [f"if self.{field} is None:", f"    {store}"],
            [f"if self.{field} is None or len(self.{field}) == 0:", f"    {store}"],
            [f"self.{field} = {{**(self.{field} or {{}}), {key!r}: {self.e.leaf(scope, TEXT)}}}"],
            [f"if self.{field} is not None:", f"    self.{field}[{key!r}] = {self.e.leaf(scope, TEXT)}"],
            [f"required = {{{key!r}}}", f"if not all(name in (self.{field} or {{}}) for name in required):", f"    {store}"],
            [f"self.region = self.region.{self.c.pick(['lower()', 'upper()'])}", f"if {self.e.expression(scope, FLAG)}:", f"    {store}"],
        ]
        return ["@model_validator(mode='after')", f"def {name}(self):", *indented(self.c.pick(bodies)), "    return self"]

    def _before_validator(self) -> Lines:
        body = self.c.pick([
            ["if isinstance(data, dict) and 'region' not in data:", "    data = {**data, 'region': 'before'}"],
            ["data.setdefault('output_names', {'metrics': 'before'})"],
            ["data = dict(data)", f"data['job_type'] = data.get('job_type', {self.c.pick(WORDS)!r})"],
        ])  # fmt: skip
        return ["@model_validator(mode='before')", "@classmethod", "def prepare(cls, data):", *indented(body), "    return data"]

    def _config_methods(self) -> Lines:
        lines: Lines = []
        if self.c.chance(50):
            lines += ["@property", "def channel(self):", f"    return {self.e.expression(self._config_scope(), TEXT)}"]
        if self.c.chance(50):
            lines += ["def get_names(self):", f"    return {self.e.expression(self._config_scope(), DICT)}"]
        return lines

    def _helper_names(self) -> str:
        names = [template.partition("(")[0] for template, _ in self.helpers]
        return ", ".join(["Record", *("each_name" if name == "list" else name for name in names)])

    def _config_head(self) -> Lines:
        names = ", ".join(name for name, _ in self.constants)
        helpers = self._helper_names()
        lines = [*IMPORTS, "import logging", "from typing import ClassVar, Dict, List, Optional"]
        lines += ["from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator"]
        lines += [f"from {self.c.pick([PACKAGE, ''])}.constants import Kind, {names}"]
        return [*lines, f"from .helpers import {helpers}", "logger = logging.getLogger(__name__)", ""]

    def _config_base(self) -> Lines:
        names = [
            ("region", TEXT),
            ("job_type", TEXT),
            ("input_names", DICT),
            ("output_names", DICT),
            ("parts", LIST),
            ("count", NUMBER),
            ("active", FLAG),
        ]
        body = self._field_lines(names)
        body += [f"CHANNELS: ClassVar[Dict[str, str]] = {self.e.expression(Scope(fixed=list(self.constants), unknowns=False), DICT, 1)}"]
        if self.c.chance(50):
            body += self._after_validator("fill")
        if self.c.chance(25):
            body += self._before_validator()
        body += ["@property", "def channel_name(self):", "    return f'{self.region}-{self.count}'"]
        body += self._config_methods()
        return [*self._config_head(), "class BaseConfig(BaseModel):", *indented(body)]

    def _config_step(self) -> Lines:
        chosen = self.c.some(
            [("region", TEXT), ("input_names", DICT), ("output_names", DICT), ("extra_names", DICT), ("suffix", TEXT)], 1, 3
        )
        body = self._field_lines(chosen)
        if self.c.chance(60):
            body += self._after_validator(self.c.pick(["fill", "fill_step"]))
        if self.c.chance(20):
            body += self._before_validator()
        if self.c.chance(20):
            body += ["@field_validator('job_type')", "@classmethod", "def check(cls, value):", "    return value.upper()"]
        body += self._config_methods()
        return [*self._config_head(), "from .config_base import BaseConfig", "", "class StepConfig(BaseConfig):", *indented(body)]

    # --- builders ---

    def _builder_head(self) -> Lines:
        names = ", ".join(name for name, _ in self.constants)
        helpers = f"Closing, {self._helper_names()}"
        lines = [*IMPORTS, "import logging", f"from {PACKAGE}.constants import Kind, {names}", f"from .helpers import {helpers}"]
        return [
            *lines,
            f"from {self.c.pick([PACKAGE + '.config_step', '.config_step'])} import StepConfig",
            "logger = logging.getLogger(__name__)",
            "",
        ]

    def _method_scope(self, methods: list[tuple[str, str]]) -> Scope:
        scope = self._scope(method=True)
        scope.fixed += [(f"self.config.{name}", kind) for name, kind in self.fields.items()]
        scope.functions += [("self.suffixed(<text>)", TEXT)]
        scope.fixed += [
            ("self.KINDS", DICT),
            ("self.COMMON", DICT),
            ("self.NAME", TEXT),
            ("self.extra", DICT),
            ("self.config.CHANNELS", DICT),
            ("self.label", TEXT),
        ]
        scope.fixed += [("self.COMMON['data']", TEXT)] if self.c.chance(30) else []
        scope.functions += methods
        return scope

    def _method(self, name: str, result: str, methods: list[tuple[str, str]], above: bool) -> Lines:
        scope = self._method_scope(methods)
        if above:
            scope.functions = [*scope.functions, *[(f"super().{name}()", result)] * 3]
        parameters = ""
        if self.c.chance(15):
            parameters = ", given"
            scope.variables["given"] = TEXT
        body = self.s.body(scope, result)
        return [f"def {name}(self{parameters}):", *indented(body), ""]

    def _methods(
        self, module: str, builder: str, names: list[tuple[str, str]], inherited: list[str]
    ) -> tuple[Lines, list[tuple[str, str]]]:
        lines: Lines = []
        known: list[tuple[str, str]] = []
        for name, result in names:
            made = self._method(name, result, known, name in inherited)
            lines += made
            takes = ", given" in made[0]
            if not takes:
                known.append((f"self.{name}()", result))
            self.questions.append(Question(module, builder, "StepConfig", name, int(takes)))
        return lines, known

    def _builder_base(self) -> Lines:
        scope = Scope(fixed=list(self.constants), enums=self.enums, unknowns=False)
        body = [f"COMMON = {self.e.expression(scope, DICT, 1)}", f"NAME = {self.e.leaf(scope, TEXT)}", "REGISTRY: dict = {}", ""]
        annotation = self.c.pick([": StepConfig", "", ": 'StepConfig'"])
        body += [f"def __init__(self, config{annotation}, role=None):", "    self.config = config", "    self.role = role"]
        body += [f"    self.extra = {self.e.expression(scope, DICT, 1)}", f"    self.label = {self.e.leaf(scope, TEXT)}", ""]
        body += ["@property", "def title(self):", "    return self._title", "@title.setter", "def title(self, value):"]
        body += [f"    self._title = {self.c.pick(['value', 'value.upper()', 'self.NAME + value'])}", ""]
        body += ["KINDS: dict = {}", "def __init_subclass__(cls, **options):", "    cls.KINDS[cls.__name__] = cls.NAME", ""]
        body += ["@staticmethod", "def suffixed(text, suffix='_s'):", "    return text + suffix", ""]
        body += [
            "@classmethod", "def register(cls, step, name, path):",
            *indented(self.c.pick([
                ["if step not in cls.REGISTRY:", "    cls.REGISTRY[step] = {}", "cls.REGISTRY[step][name] = path"],
                ["cls.REGISTRY.setdefault(step, {})[name] = path"],
                ["cls.REGISTRY[step, name] = path"],
            ])), "",
            "def get_property_paths(self):", "    return self.REGISTRY.get(type(self).__name__, {})", "",
        ]  # fmt: skip
        names = [("get_outputs", DICT)] + ([("get_label", TEXT)] if self.c.chance(60) else [])
        methods, _ = self._methods(f"{PACKAGE}.builder_step", "StepBuilder", names, [])
        self.questions = [q for q in self.questions if q.builder is None]
        self.inherited = [name for name, _ in names]
        mixin = [
            "class Mixin:",
            "    NAME = 'mixin'",
            "    def describe(self):",
            f"        return {self.e.expression(self._method_scope([]), TEXT)}",
        ]
        if self.c.chance(40):
            mixin += [
                "    def get_outputs(self):",
                "        found = super().get_outputs()",
                "        found['mixed'] = self.NAME",
                "        return found",
            ]
        return [*self._builder_head(), "class BuilderBase:", *indented(body), *indented(methods), *mixin]

    def _builder_step(self) -> Lines:
        module = f"{PACKAGE}.builder_step"
        lines = [*self._builder_head(), f"from {self.c.pick(['.', PACKAGE + '.'])}builder_base import BuilderBase, Mixin", ""]
        bases = self.c.pick(["BuilderBase", "Mixin, BuilderBase", "BuilderBase, Mixin"])
        names = self.c.some(
            [("get_outputs", DICT), ("get_inputs", DICT), ("get_list", LIST), ("get_text", TEXT), ("get_label", TEXT)], 2, 4
        )
        methods, known = self._methods(module, "StepBuilder", names, self.inherited)
        own = [f"COMMON = {{**BuilderBase.COMMON, 'own': {self.c.pick(WORDS)!r}}}"] if self.c.chance(40) else []
        if self.c.chance(40):
            own += [
                "def __init__(self, config, role=None):",
                "    if not isinstance(config, StepConfig):",
                "        raise TypeError('config')",
            ]
            own += [f"    {self.c.pick(['super()', 'super(StepBuilder, self)'])}.__init__(config, role=role)"]
            own += [f"    self.label = {self.c.pick(['config.region', repr('own'), 'self.label.upper()'])}"]
        lines += [f"class StepBuilder({bases}):", *indented(own), *indented(methods)]
        for name in ("get_property_paths", "get_outputs", *(["describe"] if "Mixin" in bases else [])):
            self.questions.append(Question(module, "StepBuilder", "StepConfig", name, 0))
        if self.c.chance(50):
            replaced = self.c.pick([name for name, _ in names])
            inherited = [t.partition(".")[2].partition("(")[0] for t, _ in known]
            kind = dict(names)[replaced]
            more, _ = self._methods(module, "OtherBuilder", [(replaced, kind)], inherited)
            lines += ["class OtherBuilder(StepBuilder):", f"    NAME = {self.c.pick(WORDS)!r}", *indented(more)]
            self.questions.append(Question(module, "OtherBuilder", "StepConfig", "get_outputs", 0))
        return lines

    def _registrations(self, name: str) -> Lines:
        lines = ["from steps.builder_base import BuilderBase", f"from {PACKAGE}.builder_step import StepBuilder"]
        if name == "registrations" and self.c.chance(30):
            lines.append("from . import more_registrations")
        for _ in range(self.c.below(3)):
            step, key, path = self.c.pick(["StepBuilder", "OtherBuilder"]), self.c.pick(KEYS), self.c.pick(["properties.A", "properties.B"])
            lines.append(f"{self.c.pick(['BuilderBase', 'StepBuilder'])}.register({step!r}, {key!r}, {path!r})")
        if self.c.chance(40):
            lines += ["for key in ['data', 'metrics']:", f"    BuilderBase.register('StepBuilder', key, f'properties.{{key}}.{name}')"]
        return lines
