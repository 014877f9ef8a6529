"""The inputs that a pipeline names where it has a step made: ``builder.create_step(inputs={"train_data": uri})``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contract_lint.frontends import profile
from contract_lint.frontends.declared import declared_inputs
from contract_lint.frontends.subject import Builder, Subject
from contract_lint.model.contract import InputReference
from contract_lint.model.conventions import PSEUDO_INPUTS
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.frame import Frame
from contract_lint.python.observations import CallEvent
from contract_lint.python.values import BoundMethod, Const, DictObj, InstanceObj, Ref


def input_references(ev: Evaluator, ends: Sequence[Frame], builders: Iterable[Builder]) -> tuple[InputReference, ...]:
    """The names in calls whose builder, as it was constructed there, declares a known set of inputs.

    ``ends`` are the states in which the calling functions ended.
    """
    by_class = {builder.ref: builder for builder in builders}
    found = dict.fromkeys(reference for call in ev.observed.calls for reference in _of_call(ev, call, ends, by_class))
    return tuple(sorted(found, key=lambda reference: (reference.span, reference.name)))


def _of_call(ev: Evaluator, call: CallEvent, ends: Sequence[Frame], builders: Mapping[Ref, Builder]) -> Iterator[InputReference]:
    given = _inputs_given(call)
    if given is None or not isinstance(call.callee, BoundMethod) or not isinstance(instance := call.callee.receiver, Ref):
        return
    end = next((frame for frame in ends if frame.heap.get(instance.address) is not None), None)
    obj = end.heap.get(instance.address) if end is not None else None
    if end is None or not isinstance(obj, InstanceObj) or obj.cls not in builders or not _is_known(end, obj):
        return
    builder = builders[obj.cls]
    with ev.unobserved(True):
        ports, opened = declared_inputs(Subject(ev, builder, instance, Answer(instance, end)))
    if opened is not None or any(port.pseudo and port.name == "inputs" for port in ports):  # which stands for any number
        return
    declared = {name for port in ports for name in (port.name, *port.aliases)}
    for entry in given.entries.values():
        key = entry.key
        span = ev.span(key.origin) if isinstance(key, Const) and isinstance(key.value, str) else None
        if isinstance(key, Const) and span is not None and key.value not in PSEUDO_INPUTS:
            yield InputReference(str(key.value), span, call.scope, builder.cls.name, builder.span, tuple(sorted(declared)))


def _is_known(end: Frame, instance: InstanceObj) -> bool:
    """Whether neither the builder nor its configuration came from outside: only its type would be known, and not what it was given."""
    parts = (end.heap.get(value.address) for value in instance.attributes.values() if isinstance(value, Ref))
    return all(obj.exact for obj in (instance, *parts) if isinstance(obj, InstanceObj))


def _inputs_given(call: CallEvent) -> DictObj | None:
    """The dict that a call of ``create_step`` gives for the parameter ``inputs``, as it was then."""
    if call.name != profile.CREATE_STEP or not isinstance(call.callee, BoundMethod):
        return None
    parameters = [one.name for one in call.callee.function.node.parameters[1:] if one.kind in ("plain", "positional")]
    at = parameters.index("inputs") if "inputs" in parameters else len(call.args)
    value = call.args[at] if at < len(call.args) else call.kwargs.get("inputs")
    return call.tables.get(value) if isinstance(value, Ref) else None
