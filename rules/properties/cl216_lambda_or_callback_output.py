"""An output of a Lambda or Callback step is read in a way that it cannot be.

## What it reports

`step.properties.Outputs["name"]` of an output that the step does not declare; `step.Outputs` and `step.properties.OutputParameters`, which
do not exist; `….Outputs.name`, where a name in brackets is due; and a second index after the name (`….Outputs["name"]["key"]`). Also
outputs that are declared by texts: `outputs=["name"]`, or `LambdaOutput("name", "String")`.

## Why it matters

The outputs of these steps are a dict of Python, made of `outputs=[…]`. What it does not have raises a `KeyError`, an `AttributeError` or a
`TypeError` when the pipeline is put together; so does a text that stands for an output or its type. An output is one value: the parts of a
structure that the function returns cannot be read.

## Bad

```python
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.pipeline import Pipeline


def get_pipeline(deploy, report):
    endpoint = LambdaOutput(output_name="endpoint_name", output_type=LambdaOutputTypeEnum.String)
    step_deploy = LambdaStep(name="Deploy", lambda_func=deploy, outputs=[endpoint])
    step_report = LambdaStep(name="Report", lambda_func=report, inputs={"endpoint": step_deploy.properties.Outputs["endpoint"]})
    return Pipeline(name="Release", steps=[step_deploy, step_report])
```

## Good

```python
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.pipeline import Pipeline


def get_pipeline(deploy, report):
    endpoint = LambdaOutput(output_name="endpoint_name", output_type=LambdaOutputTypeEnum.String)
    step_deploy = LambdaStep(name="Deploy", lambda_func=deploy, outputs=[endpoint])
    step_report = LambdaStep(name="Report", lambda_func=report, inputs={"endpoint": step_deploy.properties.Outputs["endpoint_name"]})
    return Pipeline(name="Release", steps=[step_deploy, step_report])
```

## How to fix

Read `step.properties.Outputs["name"]` with a name that `outputs=[…]` declares. Declare each value that is needed as an output of its own.

## When it stays silent

Where the outputs of the step or the name are not all known, on what dicts have (`.items()`, `.get(…)`), and where the step may be one of
another kind.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    AttributeOnCollection,
    Draft,
    Literal,
    MemberOfOtherKind,
    NotSubscriptable,
    OperationView,
    PropertyReadView,
    Read,
    Related,
    SdkStep,
    SdkStepView,
    Severity,
    Span,
    UndeclaredOutput,
    UnknownMember,
    first_places,
    joined,
    nearest,
    rule,
)

from ._reads import WITH_DICTS, called, made_here, misread, outputs_of, read_scope, read_subject

#: What the outputs are taken for.
MISNAMED = frozenset({"Outputs", "OutputParameters"})


@dataclass(frozen=True, slots=True)
class WrongOutput:
    """``what`` is wrong with how an output of the step is read; ``near`` may be meant, ``declared`` are the outputs if they are known."""

    step: str
    what: str
    near: tuple[str, ...]
    declared: tuple[str, ...] | None

    def message(self) -> str:
        return f"the {self.step} {self.what}"

    def help(self) -> str:
        if self.near:
            return f"did you mean {joined(self.near)}?"
        names = f"; it declares {joined(self.declared, 'and')}" if self.declared else ""
        return f"read properties.Outputs['…']{names}"


@rule("CL216", "lambda-or-callback-output", Severity.ERROR, view=PropertyReadView, facts=WrongOutput, also=(OperationView, SdkStepView))
def lambda_or_callback_output(view: PropertyReadView | OperationView | SdkStepView) -> Iterator[Draft]:
    if isinstance(view, OperationView):
        yield from _without_properties(view)
        return
    if isinstance(view, SdkStepView):
        yield from _declared_by_texts(view)
        return
    found = misread(view)
    if found is None or found.kind.name not in WITH_DICTS:
        return
    verdict, declared = found.verdict, outputs_of(found.step)
    near: tuple[str, ...] = ()
    if isinstance(verdict, UndeclaredOutput):
        has = f"it has {joined(verdict.declared, 'and')}" if verdict.declared else "it declares none"
        what, near = f"has no output '{verdict.segment.key}'; {has}", verdict.candidates
    elif isinstance(verdict, NotSubscriptable) and found.before:
        what = f"gives '{found.before}' as one value: nothing can be read of it in brackets"
    elif isinstance(verdict, NotSubscriptable):
        what, near = "has no list or dict as its .properties: what is read of them is called 'Outputs'", ()
    elif isinstance(verdict, AttributeOnCollection):
        name = verdict.segment.name
        what, near = f"has its outputs in a dict: '.{name}' is not among them", nearest(name, declared or ())
        near = tuple(f"properties.Outputs['{one}']" for one in near)
    elif isinstance(verdict, UnknownMember | MemberOfOtherKind):
        what = f"has no property '{verdict.segment.name}': its properties are its 'Outputs'"
    else:
        return
    facts = WrongOutput(called(found.step), what, near, declared)
    yield Draft(facts, found.span, read_scope(view), read_subject(view), (*made_here(view), *_outputs(found.step)))


def _without_properties(view: OperationView) -> Iterator[Draft]:
    """``step.Outputs``: the attribute of the step is not there."""
    operation, read = view.operation, view.operation.operand
    step = view.scene.steps.get(read.of) if isinstance(read, Read) else None
    if step is None or not isinstance(read, Read) or operation.kind != "read" or read.path.removeprefix(".") not in MISNAMED:
        return
    if not step.kinds or set(step.kinds) - WITH_DICTS or not operation.certain:
        return
    facts = WrongOutput(called(step), f"has no '{operation.what}' itself: its outputs stand below .properties", (), outputs_of(step))
    span = operation.span
    start = max(span.end_column - len(operation.what), 1)
    place = Span(span.path, span.end_line, start, span.end_line, span.end_column, span.cell)
    related = (Related(step.span, f"the {called(step)} is made here"), *_outputs(step))
    yield Draft(facts, place, operation.scope or span.path, f"{step.name or step.sdk_class}{read.path}", related)


def _declared_by_texts(view: SdkStepView) -> Iterator[Draft]:
    """``outputs=["name"]``, and ``LambdaOutput(…, output_type="String")``."""
    step, scene = view.step, view.scene
    if not step.kinds or set(step.kinds) - WITH_DICTS:
        return
    takes = f"{step.kinds[0]}Output"
    for port in step.outputs:
        declared = scene.object(port.number)
        given = port.given if declared is None else declared.get("output_type")
        if not port.must or not isinstance(given, Literal) or not isinstance(given.value, str):
            continue
        if declared is None:
            what, near = f"is given the text '{given.value}' as an output", (f"{takes}('{given.value}', {takes}TypeEnum.String)",)
        else:
            what, near = f"declares the type of an output with the text '{given.value}'", (f"{takes}TypeEnum.{given.value.capitalize()}",)
        facts = WrongOutput(called(step), what, near, None)
        place = given.span or (declared.span if declared is not None else step.span)
        subject = f"{step.name or step.sdk_class}.{port.name or given.value}"
        yield Draft(
            facts,
            place,
            view.scene.objects[step.number].scope or place.path,
            subject,
            (Related(step.span, f"the {called(step)} is made here"),),
        )


def _outputs(step: SdkStep) -> tuple[Related, ...]:
    return first_places(Related(port.span, f"its output '{port.name}'") for port in step.outputs)
