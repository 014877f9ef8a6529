"""A key stands twice in one mapping of a declarative pipeline.

## What it reports

A key that stands twice in one mapping, anywhere in the document. What a merge key (`<<`) brings may be overridden, and is no second key.

## Why it matters

YAML readers keep the last of the two and say nothing: an input, an output or a setting is lost.

## Bad

```yaml
name: churn
steps:
  - name: prepare
    type: TabularPreprocessing
    outputs:
      train_data: TrainingTable
      train_data: ValidationTable
  - name: train
    type: XGBoostTraining
    inputs:
      train_data: {from_step: prepare, output: train_data}
    depends_on: [prepare]
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

Keep one of the two, or rename one.

## When it stays silent

On YAML that is no pipeline, unless the file is named on the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.api import DocumentView, Draft, Severity, rule

from ._documents import DocumentFacts, drafts


@rule("CL012", "duplicate-key", Severity.ERROR, view=DocumentView, facts=DocumentFacts)
def duplicate_key(view: DocumentView) -> Iterator[Draft]:
    yield from drafts(view, "CL012")
