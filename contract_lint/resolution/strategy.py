"""Resolve the properties of SageMaker steps: a reference at definition time, a value from a recorded or a live execution."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from contract_lint.references import PropertyReference
from contract_lint.resolution.errors import ResolutionError
from contract_lint.resolution.execution import Execution
from contract_lint.resolution.live import LiveSource
from contract_lint.resolution.paths import is_property_path, reference_of
from contract_lint.resolution.record import RecordedSource, read_record
from contract_lint.resolution.service import EXECUTION_KEYS, PropertyResolutionStrategy

_CONTEXT = (
    "give a RecordedExecution, a LiveExecution, the SDK's execution, an ARN, or an object with describe_step(name).get_property(path)"
)


class RecordedExecution(Execution):
    """An execution in a file, or in an object of the same shape (docs/resolution.md). Raises ResolutionError for what is none."""

    def __init__(self, record: str | os.PathLike[str] | dict[str, Any]) -> None:
        super().__init__(read_record(record) if isinstance(record, str | os.PathLike) else RecordedSource(record))


class LiveExecution(Execution):
    """An execution that AWS is asked for through boto3 (the extra ``aws``); ``client`` and ``emr`` are its clients, if not new ones.

    The region is the ARN's. Making one asks nothing; raises ResolutionError for what is no ARN of an execution.
    """

    def __init__(self, arn: str, region: str | None = None, *, client: object = None, emr: object = None) -> None:
        super().__init__(LiveSource(arn, region, client=client, emr=emr))


class SageMakerPropertyStrategy(PropertyResolutionStrategy):
    """Resolves properties of SageMaker steps, written as in Python or as in a definition.

    The context tells the world: nothing of an execution means definition time, and the answer is what stands in the definition,
    ``{"Get": "Steps.<name>.<path>"}``. ``context["pipeline_execution"]`` is any object with ``describe_step(name).get_property(path)``
    (ours: ``RecordedExecution`` and ``LiveExecution``), the SDK's own execution, as ``pipeline.start()`` returns it, or an ARN;
    ``context["record"]`` is a record or its path; ``context["client"]`` is a ``LiveExecution``, or a boto3 client beside
    ``context["execution_arn"]``. An ARN may have ``context["region"]`` beside it.

    The first design's reference kept the prefix: ``Steps.Train.properties.ModelName`` is unknown to the service. It goes here.
    """

    def can_resolve(self, step_name: str, property_path: str, context: dict[str, Any]) -> bool:
        """Whether the path begins as one of a step's properties: with ``properties.``, with a step, or with a member of some kind."""
        return is_property_path(property_path)

    def resolve(self, step_name: str, property_path: str, context: dict[str, Any]) -> Any:  # noqa: ANN401
        """The value, or at definition time a reference. Raises ResolutionError where there is neither."""
        reference_of(step_name, property_path)
        execution = _execution(context)
        if execution is None:
            return PropertyReference(step_name, property_path).to_sagemaker_reference()
        return execution(step_name).get_property(property_path)


def _execution(context: dict[str, Any]) -> Callable[[str], Any] | None:
    """The ``describe_step`` of the context's execution; None at definition time."""
    key = next((key for key in EXECUTION_KEYS if context.get(key) is not None), None)
    if key is None:
        return None
    given = context[key]
    if key == "record" and isinstance(given, str | os.PathLike | dict):
        return RecordedExecution(given).describe_step
    if key == "client" and not isinstance(given, Execution):
        return LiveExecution(_arn(context), _region(context), client=given).describe_step
    if isinstance(given, str):
        return LiveExecution(given, _region(context)).describe_step
    if callable(describe_step := getattr(given, "describe_step", None)):
        return describe_step  # type: ignore[no-any-return]
    client = getattr(getattr(given, "sagemaker_session", None), "sagemaker_client", None)
    if client is not None and isinstance(arn := getattr(given, "arn", None), str):
        return LiveExecution(arn, client=client).describe_step
    raise ResolutionError(f"the context's {key} is {type(given).__name__}, which is no execution", _CONTEXT)


def _arn(context: dict[str, Any]) -> str:
    arn = context.get("execution_arn")
    if not isinstance(arn, str):
        raise ResolutionError("the context has a client and no execution_arn", "say which execution it is to be asked for")
    return arn


def _region(context: dict[str, Any]) -> str | None:
    region = context.get("region")
    return region if isinstance(region, str) else None
