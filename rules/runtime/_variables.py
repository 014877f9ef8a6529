"""What stands for a value that is only known while the pipeline runs: the SDK's pipeline variables, and how a finding names one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import PIPELINE_PARAMETERS, Made, Operation, Read, Related, SdkNamed, SdkObject, SdkScene, SdkValue, Span, options

FUNCTIONS = frozenset({"Join", "JsonGet"})
EXECUTION = ".execution_variables.ExecutionVariables."
#: Classes whose objects can be keys: those with a ``__hash__`` of the object. In v3 all parameters have one.
HASHABLE = frozenset({"ParameterString"})
#: What nodes of properties have as Python objects, which is no reference.
INTERNALS = frozenset({".path", ".step_name", ".expr", ".to_string", ".default_value"})
#: Arguments that are read while the pipeline is defined.
PLAIN = frozenset({"entry_point", "base_job_name", "git_config", "code"})
#: Steps whose ``properties.Outputs`` is a dict of the SDK.
WITH_DICTS = frozenset({"LambdaStep", "CallbackStep"})
#: Steps whose properties hold what the step was given, and nothing that is known later.
PLAIN_PROPERTIES = {"EMRStep": ("ClusterId", "ExecutionRoleArn", "ClusterConfig")}


@dataclass(frozen=True, slots=True)
class Variable:
    """``kind`` is the SDK's class, or ``property``, ``result`` (of a ``@step`` function) or ``execution``.

    ``label`` is what a message calls it, ``span`` where it is defined (None for an execution variable), ``object`` what the SDK made.
    """

    kind: str
    label: str
    span: Span | None
    object: SdkObject | None = None

    @property
    def is_parameter(self) -> bool:
        return self.kind in PIPELINE_PARAMETERS

    @property
    def hashable(self) -> bool:
        """Whether it can be a key of a dict."""
        v3 = self.object is not None and self.object.is_v3
        return self.kind in HASHABLE or self.kind in ("property", "result") or (v3 and self.is_parameter)

    def related(self) -> tuple[Related, ...]:
        """Where it is defined."""
        words = {"property": "the step is defined here", "result": "the step is called here", "Join": "the text is put together here"}
        word = "the parameter is defined here" if self.is_parameter else words.get(self.kind, f"the {self.kind} is made here")
        return (Related(self.span, word),) if self.span is not None else ()


def variable(scene: SdkScene, value: SdkValue | None) -> Variable | None:
    """The pipeline variable that a value certainly is."""
    if isinstance(value, Made):
        obj = scene.objects.get(value.number)
        return _made(scene, obj) if obj is not None else None
    if isinstance(value, Read):
        return _read(scene, value)
    if isinstance(value, SdkNamed) and EXECUTION in value.name and value.name.startswith("sagemaker."):
        return Variable("execution", f"ExecutionVariables.{value.name.rpartition('.')[2]}", None)
    return None


def variables_in(scene: SdkScene, value: SdkValue) -> Iterator[Variable]:
    """The pipeline variables in lists and dicts; of what may be one of several values, none."""
    if len(options(value)) > 1:
        return
    found = variable(scene, value)
    if found is not None:
        yield found
    for inner in scene.inside(value):
        one = variable(scene, inner) if inner is not value else None
        if one is not None:
            yield one


def _made(scene: SdkScene, obj: SdkObject) -> Variable | None:
    if obj.method is None and ".workflow." in obj.callee:
        if obj.name in PIPELINE_PARAMETERS:
            name = scene.text(obj.get("name"))
            return Variable(obj.name, f"the pipeline parameter '{name}'" if name is not None else f"a {obj.name}", obj.span, obj)
        if obj.name in FUNCTIONS:
            return Variable(obj.name, f"a {obj.name}", obj.span, obj)
    if obj.method == "" and obj.number in scene.steps:
        name = scene.steps[obj.number].name
        return Variable("result", f"the result of the step function '{name}'" if name else "the result of a step function", obj.span, obj)
    if obj.method == "to_string" and variable(scene, obj.receiver) is not None:
        return Variable("Join", "what to_string() returned", obj.span, obj)
    if obj.method == "get_top_model_s3_uri" and obj.name == "TuningStep":
        return Variable("Join", "what get_top_model_s3_uri() returned", obj.span, obj)
    return None


def _read(scene: SdkScene, read: Read) -> Variable | None:
    step = scene.steps.get(read.of)
    if step is None:
        return None
    if step.sdk_class == "@step":
        if not read.path.startswith("["):
            return None
        return Variable("result", f"{_step(step.name)}{read.path}", step.span, scene.objects[step.number])
    path = read.property_path
    if path is None and read.path != ".properties":
        return None
    path = path or ""
    if path.startswith(PLAIN_PROPERTIES.get(step.sdk_class, ("\0",))) or (path == "Outputs" and step.sdk_class in WITH_DICTS):
        return None
    if any(f".{path}".endswith(one) for one in INTERNALS):
        return None
    shown = f"properties.{path}" if path else "properties"
    return Variable("property", f"'{shown}' of {_step(step.name)}", step.span, scene.objects[step.number])


def _step(name: str | None) -> str:
    return f"step '{name}'" if name is not None else "a step"


def scope_of_operation(operation: Operation) -> str:
    """The anchor's scope: the function in which it is done, else the module."""
    return operation.scope or operation.span.path
