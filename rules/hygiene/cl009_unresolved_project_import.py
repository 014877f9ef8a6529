"""An import of this project's own code leads nowhere.

## What it reports

`import` and `from … import` of a module that belongs to this project and does not exist, or that lacks the name.

## Why it matters

The module fails as soon as it is imported, so no pipeline that needs it can be built; and what the linter would have learned
from it is unknown. It is the usual remainder of a renamed file, or of a class that was renamed at its definition only.

## Bad

```python
from steps_framework import StepBuilderBase

from .config_training import TrainingConfig


class TrainingStepBuilder(StepBuilderBase):
    def __init__(self, config: TrainingConfig):
        self.config = config

    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}
```

## Good

```python
from dataclasses import dataclass

from steps_framework import StepBuilderBase


@dataclass
class TrainingConfig:
    instance_type: str = "ml.m5.xlarge"


class TrainingStepBuilder(StepBuilderBase):
    def __init__(self, config: TrainingConfig):
        self.config = config

    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}
```

## How to fix

Correct the module or the name; the nearest ones that exist are suggested. If the module is generated, add it to the
configuration's `exclude`, or guard the import with `try … except ImportError`.

## When it stays silent

For installed packages; for imports under `try … except ImportError`; where a module could be one of several files; for names
from a top-level folder without `__init__.py`, since an installed package of its name comes first; for modules beside one that a notebook
writes; and where the target makes its names itself (`__getattr__`, `import *` from elsewhere).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, ImportView, Related, Severity, joined, nearest, rule


@dataclass(frozen=True, slots=True)
class UnresolvedImportFacts:
    module: str
    name: str | None
    near: tuple[str, ...]

    def message(self) -> str:
        if self.name is None:
            return f"this project has no module '{self.module}'"
        return f"the module '{self.module}' has no '{self.name}'"

    def help(self) -> str:
        if self.near:
            return f"did you mean {joined(self.near)}?"
        return "correct the import, or guard it with 'try … except ImportError' if it may be absent"


@rule("CL009", "unresolved-project-import", Severity.WARNING, view=ImportView, facts=UnresolvedImportFacts)
def unresolved_project_import(view: ImportView) -> Iterator[Draft]:
    found = view.unresolved
    sought = found.name if found.name is not None else found.module
    # The last part is what was mistyped or renamed; the folders before it would drown the likeness.
    near = nearest(sought, found.candidates) or nearest(sought.rpartition(".")[2], found.candidates)
    subject = found.module if found.name is None else f"{found.module}.{found.name}"
    related = (Related(found.target, f"'{found.module}' is this module"),) if found.target is not None else ()
    yield Draft(UnresolvedImportFacts(found.module, found.name, near), found.span, found.span.path, subject, related)
