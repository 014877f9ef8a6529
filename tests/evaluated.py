"""Small projects, evaluated: questions and answers as the tests of the evaluator write them."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import dedent

from lowered import lowered

from contract_lint.python.calls import Arguments, call
from contract_lint.python.evaluate import Answer, Evaluator, Options
from contract_lint.python.frame import Frame
from contract_lint.python.modules import ModuleIndex
from contract_lint.python.values import (
    BoundMethod,
    ClassObj,
    Const,
    DictObj,
    DictView,
    External,
    ForeignObj,
    FunctionValue,
    InstanceObj,
    ListObj,
    OneOf,
    Ref,
    Text,
    TupleValue,
    Unknown,
    Value,
)


class Evaluated:
    """A project from its files; all modules are loaded, in the order of their names or in the one given."""

    def __init__(self, files: dict[str, str], roots: Sequence[str] = (), order: Sequence[str] | None = None, **options: int) -> None:
        self.texts = {path: dedent(text) for path, text in files.items()}
        summaries = {path: lowered(text) for path, text in self.texts.items()}
        self.ev = Evaluator(ModuleIndex(files, roots), summaries.get, Options(**options))  # type: ignore[arg-type]
        for path in order if order is not None else sorted(files):
            self.ev.load(path)

    def answer(self, path: str, name: str, *args: Value) -> Answer:
        """The result of calling a function of a module; parameters that are not given are unknown."""

        def question(frame: Frame) -> Value:
            function = frame.lookup(name)
            assert isinstance(function, FunctionValue), function
            missing = len([d for d in function.defaults if d is None]) - len(args)
            return call(frame, function, Arguments((*args, *[Unknown("parameter")] * missing), {}), None)

        return self.ev.query(self.ev.index.by_path(path), question)

    def call(self, path: str, name: str, *args: Value) -> str:
        answer = self.answer(path, name, *args)
        return brief(answer, answer.value)

    def value(self, path: str, name: str) -> str:
        """A module's variable."""
        answer = self.ev.query(self.ev.index.by_path(path), lambda frame: frame.lookup(name) or Unknown("unbound"))
        return brief(answer, answer.value)

    def source(self, value: Value) -> str:
        """The text at the place where a value was written, as ``path: text``."""
        origin = getattr(value, "origin", None)
        assert origin is not None
        module, (line, column, end_line, end_column) = origin
        assert line == end_line
        return f"{module.path}: {self.texts[module.path].splitlines()[line - 1][column - 1 : end_column - 1]}"


def brief(answer: Answer, value: Value) -> str:
    """A value as short text: ``?`` after what may be absent, ``…reason`` for more that may be there, ``~`` for a soft constant."""
    if isinstance(value, Const):
        return ("~" if value.soft else "") + repr(value.value)
    if isinstance(value, Text):
        return "text(" + "".join("*" if part is None else part for part in value.parts) + ")"
    if isinstance(value, Unknown):
        return f"unknown({value.reason})"
    if isinstance(value, OneOf):
        return " or ".join(brief(answer, one) for one in value.values)
    if isinstance(value, TupleValue):
        return "(" + ", ".join(brief(answer, item) for item in value.items) + ")"
    if isinstance(value, DictView):
        return f"{value.kind} of {brief(answer, value.dict)}"
    if isinstance(value, External):
        return value.name
    if isinstance(value, (FunctionValue, BoundMethod)):
        return (value if isinstance(value, FunctionValue) else value.function).qualname
    return _brief_object(answer, value) if isinstance(value, Ref) else type(value).__name__


def _brief_object(answer: Answer, value: Ref) -> str:
    obj = answer.read(value)
    if isinstance(obj, DictObj):
        entries = [
            brief(answer, e.key) + ("" if e.must else "?") + ("" if obj.kind != "dict" else f": {brief(answer, e.value)}")
            for e in obj.entries.values()
        ]
        return "{" + ", ".join(entries + ([f"…{obj.open.reason}"] if obj.open else [])) + "}"
    if isinstance(obj, ListObj):
        items = [brief(answer, item.value) + ("" if item.must else "?") for item in obj.items]
        return "[" + ", ".join(items + ([f"…{obj.open.reason}"] if obj.open else [])) + "]"
    if isinstance(obj, InstanceObj):
        cls = answer.read(obj.cls)
        return f"{getattr(cls, 'name', '')}({', '.join(f'{n}={brief(answer, v)}' for n, v in obj.attributes.items())})"
    if isinstance(obj, ClassObj):
        return f"class {obj.qualname}"
    return f"{obj.callee}(…)" if isinstance(obj, ForeignObj) else type(obj).__name__


def result(body: str, *args: Value, header: str = "") -> str:
    """What ``f`` returns: ``body`` is its body, in which ``unknown`` is a parameter that nobody knows."""
    lines = "\n".join("    " + line for line in dedent(body).strip().splitlines())
    return Evaluated({"m.py": f"import outside\n{dedent(header)}\ndef f(unknown):\n{lines}\n"}).call("m.py", "f", *args)
