"""Which SDK step a builder makes."""

from __future__ import annotations

from contract_lint.frontends.launches import launch_of
from contract_lint.model.contract import StepMade
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Answer, Evaluator, annotation_names
from contract_lint.python.frame import Frame
from contract_lint.python.iteration import iterate
from contract_lint.python.summary import FunctionDef
from contract_lint.python.values import Const, External, ForeignObj, FunctionValue, Unknown, Value, alternatives
from contract_lint.sagemaker.step_kinds import StepKind, kinds_of_class

#: What ``ModelStep`` makes of the method whose result it is given.
MODEL_METHODS = {"create": "Model", "register": "RegisterModel"}

#: The arguments of a step that hold all of its inputs.
HOLDING_INPUTS = ("inputs", "step_args")


def steps_made(ev: Evaluator, answer: Answer | None, create: FunctionValue | None) -> tuple[tuple[StepMade, ...], str | None]:
    """The steps that ``create_step`` may return, and why they are not known; its return annotation stands in for its body."""
    if answer is None:
        return (), "no-create-step"
    made: list[StepMade] = []
    reason: str | None = None
    for one in alternatives(answer.value):
        obj = answer.read(one)
        if isinstance(obj, ForeignObj):
            span = ev.span(obj.origin)
            kinds = _kinds(obj, answer)
            if kinds and span is not None:
                made += [_made(ev, obj, kind, span, answer) for kind in kinds]
            else:
                reason = reason or "unknown-step-class"
        else:
            reason = reason or (one.reason if isinstance(one, Unknown) else "not-a-step")
    if reason is not None and create is not None:
        annotated = _annotated(ev, create)
        if annotated is not None and not made:
            return annotated, None
    return tuple(dict.fromkeys(made)), reason


#: What the SDK's own steps have: to set it hands nothing on.
OF_EVERY_STEP = frozenset({"name", "display_name", "description", "depends_on", "cache_config", "retry_policies", "property_files"})


def attaches_attributes(answer: Answer | None) -> bool:
    """Whether a step that is made is given attributes of the project's own: ``step.model_path = …``."""
    steps = [answer.read(one) for one in alternatives(answer.value)] if answer is not None else []
    return any(isinstance(step, ForeignObj) and set(step.attributes) - OF_EVERY_STEP for step in steps)


def takes_inputs_whole(answer: Answer) -> bool:
    """Whether a step that is made, or what runs it, is not known, or takes what is not known as all of its inputs."""
    steps = [answer.read(one) for one in alternatives(answer.value)]
    return any(
        not isinstance(step, ForeignObj) or any(_unknown(answer, step.kwargs.get(name)) for name in HOLDING_INPUTS) for step in steps
    )


def _unknown(answer: Answer, value: Value | None) -> bool:
    return value is not None and any(isinstance(one, Unknown) for one in alternatives(value))


def _made(ev: Evaluator, obj: ForeignObj, kind: StepKind, span: Span, answer: Answer) -> StepMade:
    launch = launch_of(ev, obj, kind.name, answer)
    outputs = _outputs(obj, answer)
    if outputs is None and launch is not None and kind.name == "Processing" and not launch.open_outputs:
        names = [mount.name.text for mount in launch.outputs if mount.name is not None and mount.name.known]
        outputs = tuple(name for name in names if name is not None) if len(names) == len(launch.outputs) else None
    return StepMade(kind.name, obj.callee.rpartition(".")[2], span, outputs, launch)


def _kinds(obj: ForeignObj, answer: Answer) -> tuple[StepKind, ...]:
    """The kinds of an SDK class; ``ModelStep`` is told apart by what its ``step_args`` come from."""
    kinds = tuple(kinds_of_class(obj.callee))
    if len(kinds) < 2 or "step_args" not in obj.kwargs:
        return kinds
    wanted: set[str | None] = set()
    for one in alternatives(obj.kwargs["step_args"]):
        source = answer.read(one)
        wanted.add(MODEL_METHODS.get(source.callee.rpartition(".")[2]) if isinstance(source, ForeignObj) else None)
    return tuple(kind for kind in kinds if kind.name in wanted) if None not in wanted else kinds


def _outputs(obj: ForeignObj, answer: Answer) -> tuple[str, ...] | None:
    """The names of the outputs that the step is given; None if they are not all known."""
    given = obj.kwargs.get("outputs")
    found = iterate(answer.frame, given, obj.origin) if given is not None else None
    if found is None or not found.exact:
        return None
    names: list[str] = []
    for item in found.items:
        output = answer.read(item.value)
        name = output.kwargs.get("output_name") if isinstance(output, ForeignObj) else None
        if not isinstance(name, Const) or not isinstance(name.value, str):
            return None
        names.append(name.value)
    return tuple(names)


def _annotated(ev: Evaluator, create: FunctionValue) -> tuple[StepMade, ...] | None:
    node = create.node
    if not isinstance(node, FunctionDef) or node.returns is None:
        return None
    frame = Frame(ev, create.module, ev.root, {}, "")
    for name in annotation_names(node.returns):
        first, *rest = name.split(".")
        value = frame.lookup(first)
        if isinstance(value, External):
            dotted = ".".join((value.name, *rest))
            kinds = tuple(kinds_of_class(dotted))
            span = ev.span((create.module, node.returns.at))
            if len(kinds) == 1 and span is not None:
                return (StepMade(kinds[0].name, dotted.rpartition(".")[2], span),)
    return None
