"""A builder under examination: its instance as the constructor leaves it, and the questions that can be put to it."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from msgspec.structs import replace

from contract_lint.frontends.configs import config_value
from contract_lint.model.span import Span
from contract_lint.python.calls import NO_ARGUMENTS, Arguments, call
from contract_lint.python.classes import find_in_class
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.state import Heap
from contract_lint.python.values import ClassObj, FunctionValue, InstanceObj, Ref, Value

#: Arguments, or how to make them in the frame of the call.
Given = Arguments | Callable[[Frame], Arguments]


class Builder(Struct, frozen=True):
    """A class that was taken for a builder."""

    ref: Ref
    cls: ClassObj
    span: Span


class Subject(Struct, frozen=True):
    """A builder's instance, and the heap in which it was made."""

    ev: Evaluator
    builder: Builder
    instance: Value
    made: Answer

    def method(self, name: str) -> FunctionValue | None:
        """The method by resolution order; None if neither the class nor its bases in the project define it."""
        found = find_in_class(self.made.frame, self.builder.ref, name)
        return found if isinstance(found, FunctionValue) else None

    def ask(self, method: str, given: Given = NO_ARGUMENTS, prepare: Callable[[Frame], None] | None = None) -> Answer | None:
        """Call a method, after ``prepare`` has changed the state; None if the project does not define it."""
        if find_in_class(self.made.frame, self.builder.ref, method) is None:
            return None

        def question(frame: Frame) -> Value:
            if prepare is not None:
                prepare(frame)
            callee = self.ev.attribute(frame, self.instance, method, None)
            arguments = given if isinstance(given, Arguments) else given(frame)
            return call(frame, callee, arguments, self.builder.cls.origin, (self.instance, method))

        return self.ev.query(self.builder.cls.module, question, self.made.frame.heap)

    def attribute(self, *names: str) -> Answer:
        """The value of ``builder.a.b``."""

        def question(frame: Frame) -> Value:
            value = self.instance
            for name in names:
                value = self.ev.attribute(frame, value, name, None)
            return value

        with self.ev.unobserved(True):
            return self.ev.query(self.builder.cls.module, question, self.made.frame.heap)


def make_subject(ev: Evaluator, builder: Builder) -> Subject:
    """Construct the builder with the configuration that it is meant for; where that certainly fails, with that alone."""
    return _made(ev, builder, lambda frame: config_value(ev, frame, builder.ref), None)


def configured(subject: Subject, config: Answer) -> Subject:
    """The builder as it is constructed with a certain configuration."""
    return _made(subject.ev, subject.builder, lambda frame: config.value, config.frame.heap)


def _made(ev: Evaluator, builder: Builder, choose: Callable[[Frame], Value | None], heap: Heap | None) -> Subject:
    def question(frame: Frame) -> Value:
        config = choose(frame)
        init = find_in_class(frame, builder.ref, "__init__")
        known = {} if config is None else {"config": config}
        arguments = Arguments((), known)
        if isinstance(init, FunctionValue):
            given = ev.parameter_values(frame, init, 1)
            arguments = replace(given, kwargs={**given.kwargs, **{n: v for n, v in known.items() if n in given.kwargs}})
        return ev.instantiate(frame, builder.ref, arguments, builder.cls.origin)

    made = ev.query(builder.cls.module, question, heap)
    if isinstance(made.value, Ref):
        return Subject(ev, builder, made.value, made)

    def bare(frame: Frame) -> Value:
        config = choose(frame)
        return frame.new(InstanceObj(builder.ref, {} if config is None else {"config": config}, False, builder.cls.origin))

    made = ev.query(builder.cls.module, bare, heap)
    return Subject(ev, builder, made.value, made)
