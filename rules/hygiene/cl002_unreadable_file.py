"""A file cannot be read or analysed at all.

## What it reports

A file whose bytes do not decode in the encoding that it declares (UTF-8 by default), that the system refuses to open, or that
is nested so deeply that no parser survives it; a notebook that is no JSON, or holds no cells.

## Why it matters

Nothing in the file was checked, and everything that other files take from it is unknown.

## Bad

```python
# -*- coding: utf-9 -*-
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}
```

## Good

```python
# -*- coding: utf-8 -*-
from steps_framework import StepBuilderBase


class TrainingStepBuilder(StepBuilderBase):
    def get_output_properties(self):
        return {"model_output": "S3 path of the model"}
```

## How to fix

Save the file as UTF-8, or declare its encoding in the first or second line. Move generated literals out of Python, or exclude
the file in the configuration.

## When it stays silent

For files that nothing asked to be read, and for every encoding that Python itself accepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from contract_lint.api import Draft, FileView, Severity, rule


@dataclass(frozen=True, slots=True)
class UnreadableFileFacts:
    reason: str
    is_notebook: bool = False

    def message(self) -> str:
        return f"the file cannot be analysed: {self.reason}"

    def help(self) -> str:
        if self.is_notebook:
            return "nothing in this notebook was checked; mend it, or exclude it"
        return "nothing in this file was checked; save it as UTF-8 or declare its encoding, or exclude it"


@rule("CL002", "unreadable-file", Severity.ERROR, view=FileView, facts=UnreadableFileFacts)
def unreadable_file(view: FileView) -> Iterator[Draft]:
    file = view.unreadable
    if file.rule == "CL002":
        yield Draft(UnreadableFileFacts(file.message, file.span.path.endswith(".ipynb")), file.span, file.span.path, "file")
