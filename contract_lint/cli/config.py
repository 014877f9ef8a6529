"""``contract-lint config``: what may be written where."""

from __future__ import annotations

import click


@click.command(short_help="Print the JSON Schema of YAML pipelines.", context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--schema", type=click.Choice(("dsl",)), required=True, help="dsl: the declarative pipelines in YAML.")
def config(schema: str) -> int:
    """Print a JSON Schema that editors and validators understand."""
    from contract_lint.cli.output import write
    from contract_lint.frontends.dsl.schema import pipeline_schema
    from contract_lint.report.json_report import dumps

    del schema  # there is one so far
    write(dumps(pipeline_schema()))
    return 0
