"""What the SDK's step objects are: their names, kinds, inputs, outputs and dependencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from contract_lint.model.sdk import (
    Dependency,
    Listing,
    Literal,
    Made,
    Mapped,
    Member,
    Named,
    Read,
    SdkObject,
    SdkPort,
    SdkScene,
    SdkStep,
    SdkValue,
    is_none,
    options,
)
from contract_lint.model.span import Span
from contract_lint.sagemaker.step_kinds import kinds_of_class

ADD_DEPENDS_ON = "add_depends_on"
#: What gives the step behind the result of a function step.
GET_STEP = ".step_outputs.get_step"
#: Where a step's runner is given, where it is not what made its ``step_args``.
RUNNERS = ("processor", "estimator", "model", "transformer", "tuner")
#: What ``ModelStep`` makes of the method whose result it is given: the kind, and what v2 adds to the name.
MODEL_METHODS = {
    "create": ("Model", "-CreateModel"),
    "build": ("Model", "-CreateModel"),
    "register": ("RegisterModel", "-RegisterModel"),
}
#: What v2 adds to the names of step collections.
COLLECTIONS: Mapping[str, tuple[str, ...]] = {
    "RegisterModel": ("-RegisterModel",),
    "EstimatorTransformer": ("CreateModelStep", "TransformStep"),
    "MonitorBatchTransformStep": ("-transform", "-monitoring"),
}
#: Processors that only take what they are given.
PLAIN_PROCESSORS = frozenset(
    """
    Processor ScriptProcessor SKLearnProcessor FrameworkProcessor PyTorchProcessor TensorFlowProcessor HuggingFaceProcessor MXNetProcessor
    XGBoostProcessor
""".split()
)
FUNCTION_STEP = "sagemaker.workflow.function_step.step"
FUNCTION_STEPS = (FUNCTION_STEP, "sagemaker.mlops.workflow.function_step.step")


def is_step(obj: SdkObject) -> bool:
    """Whether an object is a step of a pipeline."""
    return is_function_step(obj) or (obj.method is None and bool(kinds_of_class(obj.callee)))


def is_function_step(obj: SdkObject) -> bool:
    """Whether it is what a function decorated with ``@step`` returned."""
    return obj.method == "" and obj.callee[:-2] in FUNCTION_STEPS


class StepReader:
    """Reads the steps of a scene; ``calls`` are the methods called on each object, in order."""

    def __init__(self, scene: SdkScene) -> None:
        self._scene = scene
        self.calls = calls_by_receiver(scene.objects.values())
        self._handles: dict[int, list[int]] = {}
        for obj in scene.objects.values():
            for given in _all(obj) if obj.callee.endswith(GET_STEP) else ():
                if isinstance(given, Made):
                    self._handles.setdefault(given.number, []).append(obj.number)
        self._appended: dict[int, list[SdkObject]] = {}
        for obj in scene.objects.values():
            if isinstance(obj.receiver, Read) and obj.receiver.path == ".depends_on" and obj.callee.endswith((".append", ".extend")):
                self._appended.setdefault(obj.receiver.of, []).append(obj)

    def steps(self) -> dict[int, SdkStep]:
        """All steps by the numbers of their objects."""
        return {number: self._step(obj) for number, obj in sorted(self._scene.objects.items()) if is_step(obj)}

    def _step(self, obj: SdkObject) -> SdkStep:
        source = self._source(obj)
        runner = self._runner(obj, source)
        name = self._name(obj)
        kinds, names = self._kinds(obj, source, name)
        inputs, open_inputs = self._inputs(obj, source, runner, kinds)
        outputs, open_outputs = self._outputs(obj, source, runner, kinds)
        files, open_files = self.members(obj.get("property_files"))
        depends_on, open_depends_on = self._depends_on(obj)
        return SdkStep(
            number=obj.number,
            sdk_class=obj.name if not is_function_step(obj) else "@step",
            name=name,
            span=obj.span,
            names=names,
            kinds=kinds,
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            property_files=files,
            depends_on=tuple(depends_on),
            source=source.number if source is not None else None,
            runner=runner.number if runner is not None else None,
            open_inputs=obj.open or open_inputs,
            open_outputs=obj.open or open_outputs,
            open_property_files=obj.open or open_files,
            open_depends_on=obj.open or open_depends_on,
        )

    # --- name and kind ---

    def _name(self, obj: SdkObject) -> str | None:
        if not is_function_step(obj):
            return self._scene.text(obj.get("name"))
        decorated = self._scene.object(obj.receiver)
        if decorated is None:
            return None
        given = decorated.arguments.get("name")
        if not is_none(given):
            return self._scene.text(given)
        function = next((one for one in (*decorated.extra, *decorated.arguments.values()) if isinstance(one, Named)), None)
        return function.name.rpartition(".")[2] if function is not None else None

    def _source(self, obj: SdkObject) -> SdkObject | None:
        """The object given as ``step_args``, if it is certain which."""
        return self._scene.object(self._scene.resolve(obj.get("step_args")))

    def _runner(self, obj: SdkObject, source: SdkObject | None) -> SdkObject | None:
        if source is not None:
            return self._scene.object(source.receiver)
        return next((found for name in RUNNERS if (found := self._scene.object(self._scene.resolve(obj.get(name)))) is not None), None)

    def _kinds(self, obj: SdkObject, source: SdkObject | None, name: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The kinds of step that ``.properties`` may be, and the names in the compiled pipeline."""
        if is_function_step(obj):
            given = self._scene.object(obj.receiver)
            own = given is not None and not is_none(given.arguments.get("name"))
            return ("Function",), (name,) if name is not None and own else ()
        kinds = tuple(kind.name for kind in kinds_of_class(obj.callee))
        names = (name,) if name is not None else ()
        if obj.is_v3:
            if obj.name == "ModelStep" and source is not None and source.method in MODEL_METHODS:
                return (MODEL_METHODS[source.method][0],), names
            return kinds, names
        if obj.name == "ModelStep":
            made = MODEL_METHODS.get(source.method or "") if source is not None else None
            if made is None:
                return kinds, ()
            return (made[0],), tuple(one + made[1] for one in names)
        if obj.name in COLLECTIONS:
            return kinds, tuple(one + suffix for one in names for suffix in COLLECTIONS[obj.name])
        return kinds, names

    # --- inputs and outputs ---

    def _given(self, obj: SdkObject, source: SdkObject | None, name: str) -> SdkValue | None:
        """An argument of what made the ``step_args``, or of the step itself."""
        holder = source if source is not None else obj
        return self._scene.resolve(holder.get(name))

    def _unread(self, obj: SdkObject, source: SdkObject | None) -> str | None:
        """Why it is not known what the step runs with."""
        if source is None and obj.get("step_args") is not None:
            return "unknown-step-args"
        return source.open if source is not None else None

    def _inputs(
        self, obj: SdkObject, source: SdkObject | None, runner: SdkObject | None, kinds: Sequence[str]
    ) -> tuple[list[SdkPort], str | None]:
        value = self._given(obj, source, "inputs") or self._given(obj, source, "input_data_config")
        unread = self._unread(obj, source)
        if value is None or not {"Processing", "Training"} & set(kinds) or isinstance(value, Mapped):
            if isinstance(value, Mapped):
                ports = [
                    SdkPort(self._scene.text(one.key), _span(one.key, obj.span), _number(one.value), one.value, must=one.must)
                    for one in value.members
                ]
                return ports, unread or value.open
            return [], unread
        members, opened = self.members(value)
        return self._ports(members, "input" if "Processing" in kinds else "channel", obj), unread or opened

    def _outputs(
        self, obj: SdkObject, source: SdkObject | None, runner: SdkObject | None, kinds: Sequence[str]
    ) -> tuple[list[SdkPort], str | None]:
        if set(kinds) & {"Lambda", "Callback"}:
            members, opened = self.members(obj.get("outputs"))
            return self._ports(members, "output", obj), opened
        if "Processing" not in kinds:
            return [], None
        members, opened = self.members(self._given(obj, source, "outputs"))
        unread = self._unread(obj, source) or ("unknown-processor" if self._adds_outputs(obj, source, runner) else None)
        return self._ports(members, "output", obj), opened or unread

    def _adds_outputs(self, obj: SdkObject, source: SdkObject | None, runner: SdkObject | None) -> bool:
        """Whether the processor may add outputs to those that it is given: one of a class that does, or of one of the project's own."""
        if source is not None:
            return runner is None or runner.name not in PLAIN_PROCESSORS or source.method not in ("run", "get_run_args")
        given = self._scene.resolve(obj.get("processor"))
        for one in options(given) if given is not None else ():
            made = self._scene.object(one)
            if isinstance(one, Named) or (made is not None and made.name not in PLAIN_PROCESSORS):
                return True
        return False

    def _ports(self, members: Sequence[Member], kind: str, step: SdkObject) -> list[SdkPort]:
        """The ports of a list; one without a name is called by its position."""
        ports: list[SdkPort] = []
        for position, member in enumerate(members, 1):
            declared = self._scene.object(member.value)
            given = declared.get(f"{kind}_name") if declared is not None else None
            automatic = declared is not None and declared.open is None and is_none(given)
            known = self._scene.text(given) if not automatic else f"{kind}-{position}" if _sure(members[:position]) else None
            span = _span(given, (declared or step).span)
            ports.append(SdkPort(known, span, _number(member.value), member.value, automatic, member.must))
        return ports

    # --- order ---

    def _depends_on(self, obj: SdkObject) -> tuple[list[Dependency], str | None]:
        found: list[Dependency] = []
        opened: str | None = None
        values = [(obj.get("depends_on"), obj.span, True)]
        calls = [call for number in (obj.number, *self._handles.get(obj.number, ())) for call in self.calls.get(number, ())]
        values += [(value, call.span, call.must) for call in calls if call.method == ADD_DEPENDS_ON for value in _all(call)]
        values += [(value, call.span, call.must) for call in self._appended.get(obj.number, ()) for value in _all(call)]
        for value, span, must in values:
            members, unknown = self.members(value)
            opened = opened or unknown
            found += [Dependency(member.value, _span(member.value, span), member.must and must) for member in members]
        return found, opened

    def members(self, value: SdkValue | None) -> tuple[tuple[Member, ...], str | None]:
        """What a list holds, and why it may hold more; a value that is no list holds itself."""
        resolved = self._scene.resolve(value)
        found: list[Member] = []
        opened: str | None = None
        ways = options(resolved) if resolved is not None else ()
        for one in ways:
            if isinstance(one, Listing):
                found += [Member(each.value, each.must and len(ways) == 1, span=each.span) for each in one.members]
                opened = opened or one.open
            elif not is_none(one) and isinstance(one, (Made, Literal)):
                found.append(Member(one, len(ways) == 1))
            elif not isinstance(one, Literal):
                opened = opened or getattr(one, "reason", "unknown-list")
        return tuple(found), opened


def calls_by_receiver(objects: Iterable[SdkObject]) -> dict[int, list[SdkObject]]:
    """The results of methods, by the object whose methods they are, in the order of the calls."""
    found: dict[int, list[SdkObject]] = {}
    for obj in sorted(objects, key=lambda one: one.number):
        if isinstance(obj.receiver, Made):
            found.setdefault(obj.receiver.number, []).append(obj)
    return found


def _all(call: SdkObject) -> Iterator[SdkValue]:
    yield from call.arguments.values()
    yield from call.extra


def _number(value: SdkValue) -> int | None:
    return value.number if isinstance(value, Made) else None


def _sure(members: Sequence[Member]) -> bool:
    return all(member.must for member in members)


def _span(value: SdkValue | None, fallback: Span) -> Span:
    span: Span | None = getattr(value, "span", None)
    return span if span is not None else fallback
