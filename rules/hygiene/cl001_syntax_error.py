"""A file is not valid Python.

## What it reports

A file that the run had to parse and could not. Only files that can matter are parsed: those that look like step builders,
what they import, and those that are named on the command line. In a notebook each cell that is no Python is a finding of its own;
the other cells are checked as usual.

## Why it matters

Nothing in the file was checked, and everything that other files take from it is unknown. A run that passed over such a file
in silence would be green by accident.

## Bad

```python
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self)
        return {"model_output": "S3 path of the model"}
```

## Good

```python
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}
```

## How to fix

Mend the syntax at the place shown. If the file is no Python (a template, say), exclude it in the configuration.

## When it stays silent

For files that nothing asked to be parsed, and for syntax that is only newer than the Python that runs the tool.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, FileView, Severity, rule


@dataclass(frozen=True, slots=True)
class SyntaxErrorFacts:
    error: str
    in_cell: bool = False

    def message(self) -> str:
        return f"not valid Python: {self.error}"

    def help(self) -> str:
        if self.in_cell:
            return "nothing in this cell was checked; mend the syntax, or exclude the notebook if it is no Python"
        return "nothing in this file was checked; mend the syntax, or exclude the file if it is no Python"


@rule("CL001", "syntax-error", Severity.ERROR, view=FileView, facts=SyntaxErrorFacts)
def syntax_error(view: FileView) -> Iterator[Draft]:
    file = view.unreadable
    if file.rule == "CL001":
        yield Draft(SyntaxErrorFacts(file.message, file.span.cell is not None), file.span, file.span.path, "syntax")
