"""A step passes arguments that its script's parser refuses, or leaves out one that it requires.

## What it reports

A flag, or a hyperparameter of a training step, that the script's `argparse` parser does not know; a required argument that is not
passed; and a value that is not among an argument's choices. Names count exactly as argparse takes them: `--job-type` is not
`--job_type`, but an unambiguous beginning of a flag stands for it. The script is the one that the builder's entry point names.

## Why it matters

argparse prints its usage and ends the job with exit code 2, after the machines were started and paid for.

## Bad

```python
# builders.py
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PreprocessingStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        return ProcessingStep(
            name="Preprocessing",
            processor=SKLearnProcessor(framework_version="1.2-1", role=self.role),
            code="scripts/preprocess.py",
            job_arguments=["--job-type", "training"],
        )

# scripts/preprocess.py
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--job_type", required=True)
args = parser.parse_args()
```

## Good

```python
# builders.py
from sagemaker.sklearn import SKLearnProcessor
from sagemaker.workflow.steps import ProcessingStep
from steps_framework import StepBuilderBase


class PreprocessingStepBuilder(StepBuilderBase):
    def create_step(self, inputs, outputs):
        return ProcessingStep(
            name="Preprocessing",
            processor=SKLearnProcessor(framework_version="1.2-1", role=self.role),
            code="scripts/preprocess.py",
            job_arguments=["--job_type", "training"],
        )

# scripts/preprocess.py
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--job_type", required=True)
args = parser.parse_args()
```

## How to fix

Use the parser's spelling in the builder, pass what is required, or change the parser.

## When it stays silent

Where the script has no parser, several, or one that is not known in full (sub-commands, computed flags); about unknown flags under
`parse_known_args`; and about required arguments where more may be passed than is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, LaunchView, Related, Severity, joined, nearest, rule

from ._arguments import Passed, passed_to, resolve


@dataclass(frozen=True, slots=True)
class ArgumentMismatch:
    problem: str
    hint: str | None

    def message(self) -> str:
        return self.problem

    def help(self) -> str | None:
        return self.hint


@rule("CL605", "argument-mismatch", Severity.ERROR, view=LaunchView, facts=ArgumentMismatch)
def argument_mismatch(view: LaunchView) -> Iterator[Draft]:
    arguments = view.script.arguments
    if arguments is None:
        return
    passed = passed_to(view.launch, arguments, view.script.abbreviates)
    step = Related(view.made.span, f"{view.contract.class_name} makes the step")
    excused: set[str] = set()
    for flag in passed.unknown if not view.script.accepts_unknown else ():
        near = nearest(flag.text or "", [name for argument in arguments if not argument.positional for name in argument.flags], 1)
        meant = resolve(near[0], arguments, False) if near else None
        excused |= set(meant.flags) if meant is not None else set()
        declared = (Related(meant.span, f"declares {near[0]}"),) if meant is not None else (Related(view.script.span, "the script"),)
        hint = f"did you mean {joined(near)}?" if near else "the parser would have to declare it"
        facts = ArgumentMismatch(f"{view.contract.name} passes '{flag.text}', which {view.script.path} does not accept", hint)
        yield Draft(facts, flag.span, view.contract.name, flag.text or "", (*declared, step))
    yield from _refused(view, passed, step)
    if view.launch.open_arguments or passed.uncertain:
        return
    for argument in arguments:
        if not argument.required or argument.positional or argument in passed.given or excused.intersection(argument.flags):
            continue
        name = argument.flags[-1]
        facts = ArgumentMismatch(
            f"{view.contract.name} does not pass '{name}', which {view.script.path} requires", "pass it in the step's arguments"
        )
        yield Draft(facts, view.launch.arguments_at, view.contract.name, name, (Related(argument.span, f"requires {name}"), step))


def _refused(view: LaunchView, passed: Passed, step: Related) -> Iterator[Draft]:
    """Values that are none of the choices."""
    for argument, value in passed.values:
        if argument.choices is None or not value.known or value.text is None or value.text in argument.choices:
            continue
        name = argument.flags[-1]
        facts = ArgumentMismatch(
            f"{view.contract.name} passes '{value.text}' for '{name}', which {view.script.path} does not accept",
            f"the choices are {joined(argument.choices)}",
        )
        yield Draft(facts, value.span, view.contract.name, f"{name}.{value.text}", (Related(argument.span, f"the choices of {name}"), step))
