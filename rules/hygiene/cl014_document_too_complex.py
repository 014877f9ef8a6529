"""A declarative pipeline is too complex to be read.

## What it reports

A document of more than 500,000 values, with all aliases written out, or nested more than 100 levels deep; and an alias inside of its own
anchor.

## Why it matters

A few lines of aliases to aliases stand for more values than any memory holds: whatever walks through them never ends. Nobody writes a
pipeline that large by hand.

## Bad

```yaml
name: churn
steps:
  - name: prepare
    type: TabularPreprocessing
    config:
      a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
      b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
      c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
      d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
      e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
      f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
      g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f, *f]
      h: &h [*g, *g, *g, *g, *g, *g, *g, *g, *g, *g]
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

Write out what the aliases were to shorten, split the pipeline, or exclude the file in the configuration.

## When it stays silent

On YAML that is no pipeline, unless the file is named on the command line.
"""

from __future__ import annotations

from collections.abc import Iterator

from contract_lint.api import DocumentView, Draft, Severity, rule

from ._documents import DocumentFacts, drafts


@rule("CL014", "document-too-complex", Severity.ERROR, view=DocumentView, facts=DocumentFacts)
def document_too_complex(view: DocumentView) -> Iterator[Draft]:
    yield from drafts(view, "CL014")
