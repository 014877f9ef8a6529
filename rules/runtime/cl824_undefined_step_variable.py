"""A name that nothing defines is used in building a pipeline.

## What it reports

A variable that neither the function, nor what is around it, nor the module, nor Python defines, where it is given to an object of the SDK
or stands in a function (or module) that makes steps or pipelines.

## Why it matters

Python raises a NameError when it comes to the line. Mostly a step or parameter was renamed and one use was forgotten, its definition was
commented out, or an import is missing.

## Bad

```python
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline


def get_pipeline(name):
    input_data = ParameterString(name="InputData", default_value="s3://reports-bucket/daily")
    return Pipeline(name=name, parameters=[input_dta], steps=[])
```

## Good

```python
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline


def get_pipeline(name):
    input_data = ParameterString(name="InputData", default_value="s3://reports-bucket/daily")
    return Pipeline(name=name, parameters=[input_data], steps=[])
```

## How to fix

Use the name that is defined, or define this one.

## When it stays silent

After an `import *` of what cannot be read, where the name is set on some paths or deleted, and in a `try`. In modules that bind names
unseen, with `exec`, `globals()`, `vars()`, `builtins` or `sys.modules`. In notebooks, and scripts made from them, whose variables may come
from other notebooks, magics, or cells that were taken out.
"""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import (
    Draft,
    Hidden,
    Literal,
    Operation,
    Project,
    ProjectView,
    Related,
    Severity,
    Span,
    first_places,
    joined,
    nearest,
    rule,
)

#: Names that are there without being written.
IMPLICIT = frozenset(dir(builtins)) | set(
    """__annotations__ __builtins__ __cached__ __class__ __file__ __path__ __module__ __qualname__ reveal_type WindowsError
    aiter anext BaseExceptionGroup EncodingWarning ExceptionGroup PythonFinalizationError
    copyright credits display dbutils exit license quit""".split()
)


@dataclass(frozen=True, slots=True)
class Undefined:
    """``candidates`` are names like it that are defined there."""

    name: str
    candidates: tuple[str, ...]

    def message(self) -> str:
        return f"'{self.name}' is used in building the pipeline, but nothing defines it"

    def help(self) -> str:
        return f"did you mean {joined(self.candidates)}?" if self.candidates else "define or import it"


@rule("CL824", "undefined-step-variable", Severity.ERROR, view=ProjectView, facts=Undefined)
def undefined_step_variable(view: ProjectView) -> Iterator[Draft]:
    project = view.project
    undefined = [one for scene in project.scenes for one in scene.operations if one.kind == "undefined" and one.certain]
    uses: dict[tuple[str, str, str], list[Operation]] = defaultdict(list)
    for one in sorted(undefined, key=lambda one: one.span):
        if one.span.cell is None and one.what not in IMPLICIT:
            uses[one.span.path, one.scope, one.what].append(one)
    places, given = (_building(project), _given(project)) if uses else (frozenset(), frozenset())
    for (path, scope, name), there in uses.items():
        if (path, scope) in places or any(one.span in given for one in there):
            first, *others = there
            related = first_places(Related(one.span, "it is used here too") for one in others if one.span != first.span)
            yield Draft(Undefined(name, _near(first)), first.span, scope or path, name, related)


def _building(project: Project) -> frozenset[tuple[str, str]]:
    """The functions and modules that make steps, pipelines, or what belongs to these."""
    made = (scene.objects[number] for scene in project.scenes for number in scene.own)
    return frozenset((obj.span.path, obj.scope) for obj in made if ".workflow." in obj.callee)


def _given(project: Project) -> frozenset[Span]:
    """Where the undefined names stand that objects of the SDK are given."""
    found: set[Span] = set()
    for scene in project.scenes:
        for number in scene.own:
            obj = scene.objects[number]
            for value in obj.given:
                for inner in scene.inside(value):
                    if isinstance(inner, Hidden) and inner.reason == "undefined-name" and inner.span is not None:
                        found.add(inner.span)
    return frozenset(found)


def _near(operation: Operation) -> tuple[str, ...]:
    names = [one.value for one in operation.others if isinstance(one, Literal) and isinstance(one.value, str)]
    if operation.what[:1].islower():
        names = [one for one in names if not one[:1].isupper()]  # no class is meant by `train_step`
    return nearest(operation.what, names, cutoff=0.7) or _reordered(operation.what, names)


def _reordered(name: str, names: list[str]) -> tuple[str, ...]:
    """``training_step`` for ``step_train``: names of words that begin alike, in another order."""
    wanted = sorted(word[:4] for word in name.casefold().split("_"))
    alike = [one for one in names if sorted(word[:4] for word in one.casefold().split("_")) == wanted]
    return tuple(sorted(alike)[:3])
