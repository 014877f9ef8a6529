"""How a step runs its script: what its processor or estimator, and the call that starts it, are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from contract_lint.model.contract import HOLE, Launch, Mount, Setting, Written
from contract_lint.model.script import CHANNELS
from contract_lint.model.span import Span
from contract_lint.python.evaluate import Answer, Evaluator
from contract_lint.python.iteration import iterate
from contract_lint.python.paths import path_of
from contract_lint.python.values import (
    UNSET,
    Const,
    DictObj,
    ForeignObj,
    ListObj,
    Origin,
    Ref,
    Text,
    TupleValue,
    Value,
    alternatives,
    join_all,
    origin_of,
)

#: A method of estimators that gives more hyperparameters than the constructor was given; the evaluator is to watch it.
LATER_HYPERPARAMETERS = "set_hyperparameters"

#: The parameters of ``run`` in order: of a plain ``Processor``, and of all that run a script.
RUN_PLAIN = ("inputs", "outputs", "arguments")
RUN_SCRIPT = ("code", "inputs", "outputs", "arguments")
INPUT_PARAMETERS = ("source", "destination", "input_name")
OUTPUT_PARAMETERS = ("source", "destination", "output_name")


def launch_of(ev: Evaluator, step: ForeignObj, kind: str, answer: Answer) -> Launch | None:
    """How a Processing or Training step runs its script; None for other kinds and where nothing is known of it."""
    reader = _Reader(ev, answer)
    span = ev.span(step.origin)
    if span is None or kind not in ("Processing", "Training"):
        return None
    runner: Value | None
    if "step_args" in step.kwargs:
        started = [answer.read(one) for one in alternatives(step.kwargs["step_args"])]
        calls = [obj for obj in started if isinstance(obj, ForeignObj)]
        if len(calls) != 1 or len(started) != 1 or calls[0].receiver is None:
            return None
        given, runner = _arguments(calls[0], kind), calls[0].receiver
        opened = calls[0].open is not None
        span = ev.span(calls[0].origin) or span
    else:
        given, opened = dict(step.kwargs), step.open is not None
        if "job_arguments" in given:
            given["arguments"] = given["job_arguments"]
        runner = given.get("processor") or given.get("estimator")
    engines = [answer.read(one) for one in alternatives(runner)] if runner is not None else []
    known = [obj for obj in engines if isinstance(obj, ForeignObj) and obj.callee.startswith("sagemaker.")]
    if not known:
        return None
    complete = len(known) == len(engines) and not opened and all(obj.open is None for obj in known)
    return _Launching(reader, given, known, span, complete).launch(kind)


def _arguments(call: ForeignObj, kind: str) -> dict[str, Value]:
    """The arguments of ``run`` or ``fit`` by name."""
    if kind == "Training":
        order: tuple[str, ...] = ("inputs",)
    else:
        order = RUN_PLAIN if call.callee.endswith(".Processor().run") else RUN_SCRIPT
    return {**dict(zip(order, call.args, strict=False)), **call.kwargs}


class _Reader(Struct):
    """Turns values into what is written."""

    ev: Evaluator
    answer: Answer

    def written(self, value: Value | None, fallback: Span) -> Written:
        if value is None:
            return Written(None, fallback)
        shown = path_of(self.answer.frame, value)
        span = self.ev.span(origin_of(value if shown is None else shown)) or fallback
        if isinstance(shown, Const):
            return Written(str(shown.value), span)
        if isinstance(shown, Text):
            return Written(shown.joined(HOLE), span)
        if isinstance(value, Const) and isinstance(value.value, (int, float)) and not isinstance(value.value, bool):
            return Written(str(value.value), span)
        return Written(None, span)

    def origin(self, value: Value | None) -> Span | None:
        """Where a list or a dict is written; of several, the first."""
        for one in alternatives(value) if value is not None else ():
            obj = self.answer.read(one)
            origin: Origin = obj.origin if isinstance(obj, (ListObj, DictObj)) else one.origin if isinstance(one, TupleValue) else None
            span = self.ev.span(origin)
            if span is not None:
                return span
        return None

    def objects(self, value: Value | None) -> tuple[list[ForeignObj], bool]:
        """The SDK objects in a list, and whether there may be others."""
        found: dict[int, ForeignObj] = {}
        opened = False
        for one in _some(value):
            listed = iterate(self.answer.frame, one, None)
            opened = opened or listed.open is not None
            for item in listed.items:
                for option in alternatives(item.value):
                    obj = self.answer.read(option)
                    if isinstance(obj, ForeignObj) and obj.open is None:
                        found[id(obj)] = obj
                    else:
                        opened = True
        return list(found.values()), opened

    def entries(self, value: Value | None, fallback: Span) -> tuple[list[tuple[Written, Value]], bool]:
        """The entries of a dict, and whether there may be others."""
        found: dict[str, tuple[Written, Value]] = {}
        opened = False
        for one in _some(value):
            obj = self.answer.read(one)
            if not isinstance(obj, DictObj) or obj.kind != "dict":
                opened = True
                continue
            opened = opened or obj.open is not None
            for entry in obj.entries.values():
                if isinstance(entry.key, Const) and isinstance(entry.key.value, str):
                    found.setdefault(entry.key.value, (self.written(entry.key, fallback), entry.value))
                else:
                    opened = True
        return list(found.values()), opened

    def settings(self, value: Value | None, fallback: Span) -> tuple[tuple[Setting, ...], bool]:
        found, opened = self.entries(value, fallback)
        return tuple(Setting(name, self.written(one, name.span)) for name, one in found), opened

    def words(self, value: Value | None, fallback: Span) -> tuple[tuple[Written, ...], bool]:
        """The words of a list of arguments, one alternative of the list after the other."""
        words: dict[tuple[int, int], Written] = {}
        opened = False
        for number, one in enumerate(_some(value)):
            listed = iterate(self.answer.frame, one, None)
            opened = opened or listed.open is not None
            for index, item in enumerate(listed.items):
                options = [self.written(option, fallback) for option in alternatives(item.value)]
                flags = [option for option in options if (option.text or "").startswith("-")]
                chosen = flags or (options if len(options) == 1 else [Written(None, options[0].span)])
                words.update({(number, index * 16 + offset): option for offset, option in enumerate(chosen)})
        return tuple(words.values()), opened


def _some(value: Value | None) -> Iterator[Value]:
    """What a value may be, but for None."""
    for one in alternatives(value) if value is not None else ():
        if not (isinstance(one, Const) and one.value is None):
            yield one


class _Launching(Struct):
    """One launch: what the starting call is given, and the processors or estimators that it may be called on."""

    reader: _Reader
    given: Mapping[str, Value]
    engines: list[ForeignObj]
    span: Span
    complete: bool

    @property
    def engine_span(self) -> Span:
        return self.reader.ev.span(self.engines[0].origin) or self.span

    def of_engine(self, *names: str) -> Value | None:
        """An argument of the constructor, or the attribute that was set since."""
        found: list[Value] = []
        for engine in self.engines:
            for name in names:
                later = engine.attributes.get(name)
                if later is not None:
                    found += [one for one in alternatives(later) if one != UNSET]
                if (later is None or UNSET in alternatives(later)) and name in engine.kwargs:
                    found.append(engine.kwargs[name])
        return join_all(found) if found else None

    def launch(self, kind: str) -> Launch:
        reader, closed = self.reader, self.complete
        variables = self.of_engine("env", "environment")
        environment, open_environment = reader.settings(variables, self.engine_span)
        words, open_words = reader.words(self.given.get("arguments"), self.span)
        hyperparameters = self.of_engine("hyperparameters")
        settings, open_settings = reader.settings(hyperparameters, self.engine_span)
        called_later = any(event.name == LATER_HYPERPARAMETERS for event in reader.ev.observed.calls)
        outputs: tuple[Mount, ...]
        if kind == "Training":
            inputs, open_inputs = self.channels()
            outputs, open_outputs = (), True
            arguments_at = reader.origin(hyperparameters) or self.engine_span
        else:
            inputs, open_inputs = self.mounts("inputs", INPUT_PARAMETERS)
            outputs, open_outputs = self.mounts("outputs", OUTPUT_PARAMETERS)
            arguments_at = reader.origin(self.given.get("arguments")) or self.span
        code = self.given.get("code") or self.of_engine("entry_point")
        source = self.given.get("source_dir") or self.of_engine("source_dir")
        return Launch(
            entry_point=self.entry_point(code),
            source_dir=reader.written(source, self.engine_span) if source is not None else None,
            environment_at=reader.origin(variables) or self.engine_span,
            arguments_at=arguments_at,
            inputs=inputs,
            outputs=outputs,
            environment=environment,
            arguments=words,
            hyperparameters=settings,
            open_inputs=open_inputs or not closed,
            open_outputs=open_outputs or not closed,
            open_environment=open_environment or not closed,
            open_arguments=open_words or open_settings or called_later or not closed,
        )

    def entry_point(self, code: Value | None) -> Written | None:
        """The script's name, or path; None if several are possible. What is not known may be overridden, and does not count."""
        found: dict[str, Written] = {}
        for one in alternatives(code) if code is not None else ():
            written = self.reader.written(one, self.span)
            name = (written.text or HOLE).rpartition("/")[2]
            if name and HOLE not in name:
                better = found.get(name)
                found[name] = written if better is None or (written.known and not better.known) else better
        return next(iter(found.values())) if len(found) == 1 else None

    def mounts(self, name: str, parameters: tuple[str, ...]) -> tuple[tuple[Mount, ...], bool]:
        """The inputs or outputs of a processing job."""
        objects, opened = self.reader.objects(self.given.get(name))
        mounts: dict[Mount, None] = {}
        folder = parameters[1] if name == "inputs" else parameters[0]
        for obj in objects:
            given = {**dict(zip(parameters, obj.args, strict=False)), **obj.kwargs, **obj.attributes}
            span = self.reader.ev.span(obj.origin) or self.span
            path = given.get(folder) or self._local_path(given)
            written = self.reader.written(path, span)
            opened = opened or not written.known
            mounts[Mount(self.reader.written(given.get(parameters[2]), span), written)] = None
        return tuple(mounts), opened

    def _local_path(self, given: Mapping[str, Value]) -> Value | None:
        """The folder of ``s3_input=ProcessingS3Input(local_path=…)`` and the like."""
        for value in given.values():
            obj = self.reader.answer.read(value) if isinstance(value, Ref) else None
            if isinstance(obj, ForeignObj) and "local_path" in obj.kwargs:
                return obj.kwargs["local_path"]
        return None

    def channels(self) -> tuple[tuple[Mount, ...], bool]:
        """The channels of a training job."""
        given = self.given.get("inputs")
        mounts: dict[Mount, None] = {}
        opened = False
        for one in _some(given):
            obj = self.reader.answer.read(one)
            if isinstance(obj, DictObj):
                found, more = self.reader.entries(one, self.span)
                opened = opened or more
                for name, _ in found:
                    mounts[Mount(name, Written(f"{CHANNELS}/{name.text}", name.span))] = None
            else:
                opened = True
        return tuple(mounts), opened
