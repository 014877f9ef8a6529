"""A declarative pipeline has a key that nothing reads.

## What it reports

A key of the pipeline, of one of its steps or of a reference to a step that is none of those which [the format](../declarative.md) has. The
nearest one is named.

## Why it matters

The key is passed over: what it says does not happen, most often because another was meant.

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
    depend_on: [prepare]
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

Write the key that was meant. What only anchors are for belongs under a key that begins with `x-`, at the top.

## When it stays silent

On keys inside of `config`, `parameters` and inputs without `from_step`, which mean what the builders make of them; on keys at the top that
begin with `x-`; and on YAML that is no pipeline, unless the file is named on the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.api import DocumentView, Draft, Severity, rule

from ._documents import DocumentFacts, drafts


@rule("CL013", "unknown-key", Severity.WARNING, view=DocumentView, facts=DocumentFacts)
def unknown_key(view: DocumentView) -> Iterator[Draft]:
    yield from drafts(view, "CL013")
