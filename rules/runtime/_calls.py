"""Methods of the SDK's objects that start work, and the session in which they would."""

from __future__ import annotations

from dataclasses import dataclass

from contract_lint.api import Hidden, Literal, Made, Read, SdkObject, SdkScene, SdkValue, Span, is_none, options

#: Methods that a pipeline session defers, and any other session carries out at once.
DEFERRED = frozenset({"run", "fit", "transform", "create", "register", "build", "train", "tune"})
#: Methods that return an object with the session of the one that they are called on.
MAKING = frozenset({"create_model", "transformer"})
#: Sessions that carry out what they are asked for.
PLAIN_SESSIONS = frozenset(
    {
        "sagemaker.Session", "sagemaker.session.Session", "sagemaker.local.LocalSession", "sagemaker.local.local_session.LocalSession",
        "sagemaker.LocalSession", "sagemaker.core.helper.session_helper.Session",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlainSession:
    """A session that is certainly no pipeline session: ``span`` is where it is made, None where none is given."""

    callee: str | None
    span: Span | None


def plain_session(scene: SdkScene, runner: SdkObject | None, depth: int = 0) -> PlainSession | None:
    """The session of a processor, estimator, model, …, if it certainly is none of a pipeline."""
    if runner is None or runner.open is not None or depth > 3:
        return None
    if runner.method in MAKING:
        return plain_session(scene, scene.object(runner.receiver), depth + 1)
    if runner.method is not None or ".workflow." in runner.callee:
        return None
    if runner.name == "HyperparameterTuner":
        given = runner.get("estimator") or next(iter(runner.extra), None)
        return plain_session(scene, scene.object(scene.resolve(given)), depth + 1)
    if any(not isinstance(one, Literal) for one in runner.extra):
        return None  # it may be among the positional arguments
    given = scene.resolve(runner.get("sagemaker_session"))
    if given is None or is_none(given):
        return PlainSession(None, None)
    found = [_plain(scene, one) for one in options(given)]
    return found[0] if found and all(one is not None for one in found) else None


def _plain(scene: SdkScene, value: SdkValue) -> PlainSession | None:
    obj = scene.object(value)
    if obj is None or obj.method is not None or obj.callee not in PLAIN_SESSIONS:
        return None
    return PlainSession(obj.callee, obj.span)


def is_given(scene: SdkScene, value: SdkValue | None) -> bool:
    """Whether an argument is certainly there, and not None."""
    found = scene.resolve(value)
    return found is not None and all(not is_none(one) and not isinstance(one, Hidden) for one in options(found))


def called(obj: SdkObject) -> str:
    """``processor.run()`` as a message shows it."""
    return f"{obj.name}.{obj.method}()" if obj.method else f"{obj.name}()"


def step_of_source(scene: SdkScene, number: int) -> bool:
    """Whether some step takes the result as its ``step_args``."""
    return any(obj.get("step_args") == Made(number) for obj in scene.objects.values())


def used_by_steps(scene: SdkScene) -> frozenset[int]:
    """The objects that steps hold, and the steps."""
    found: set[int] = set()
    pending = list(scene.steps)
    while pending:
        number = pending.pop()
        obj = scene.objects.get(number)
        if number in found or obj is None:
            continue
        found.add(number)
        for value in obj.parts:
            for inner in scene.inside(value):
                if isinstance(inner, Made):
                    pending.append(inner.number)
                elif isinstance(inner, Read):
                    pending.append(inner.of)
    return frozenset(found)
