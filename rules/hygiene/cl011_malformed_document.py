"""A declarative pipeline has not the shape of one.

## What it reports

A YAML file that is a pipeline (its top level has a list `steps` whose items have a `name` and a `type`), or that is named on the command
line, and is no valid YAML, has a tag, a second document, another kind of value where a text, a list or a mapping is due, or lacks a `name`,
a `type`, or the `output` of a reference with `from_step`. A name that YAML 1.1 reads as something else (`on`, `yes`, `012`) is told to be
quoted.

## Why it matters

The pipeline cannot be made: the parser fails, often far from the mistake, or makes steps of what was meant otherwise.

## Bad

```yaml
name: churn
steps:
  - name: prepare
    type: TabularPreprocessing
    outputs:
      train_data: TrainingTable
  - name: train
    type: XGBoostTraining
    inputs:
      train_data: {from_step: prepare, output: train_data}
    depends_on: prepare
```

## Good

```yaml
name: churn
steps:
  - name: prepare
    type: TabularPreprocessing
    outputs:
      train_data: TrainingTable
  - name: train
    type: XGBoostTraining
    inputs:
      train_data: {from_step: prepare, output: train_data}
    depends_on: [prepare]
```

## How to fix

Write what the message says is due; [the format](../declarative.md) has a JSON Schema for editors.

## When it stays silent

On YAML that is no pipeline (workflows, templates, manifests), unless the file is named on the command line; and on what the values of
`config`, of inputs without `from_step` and of parameters hold.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.api import DocumentView, Draft, Severity, rule

from ._documents import DocumentFacts, drafts


@rule("CL011", "malformed-document", Severity.ERROR, view=DocumentView, facts=DocumentFacts)
def malformed_document(view: DocumentView) -> Iterator[Draft]:
    yield from drafts(view, "CL011")
