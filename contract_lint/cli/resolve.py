"""``contract-lint resolve``: the value that a property of a step has in an execution."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_lint.cli import options

if TYPE_CHECKING:
    from contract_lint.report.resolved import Resolved
    from contract_lint.resolution import Execution


@click.command(short_help="The value of a step's property in an execution.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("path", metavar="[STEP.PATH]", required=False)
@click.option("--execution", "arn", metavar="ARN", help="Ask AWS for this execution of a pipeline; needs boto3 (the extra 'aws').")
@click.option("--record", type=click.Path(path_type=Path), metavar="FILE", help="Read a recorded execution (docs/resolution.md).")
@click.option("--region", metavar="REGION", help="The execution's region; its ARN has it, another one is an error.")
@click.option(
    "--write-record", "target", type=click.Path(path_type=Path), metavar="FILE", help="Write all that the execution tells to a record."
)
@options.plain_output
def resolve(path: str | None, arn: str | None, record: Path | None, region: str | None, target: Path | None, output: str) -> int:
    """Print the value that the property STEP.PATH has in an execution of a pipeline.

    \b
    contract-lint resolve Train.ModelArtifacts.S3ModelArtifacts --execution arn:aws:sagemaker:…
    contract-lint resolve "Split.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri" --record run.json

    STEP is the step's name in the pipeline; PATH is written as in Python, with or without `properties.`, or as in a definition. A path
    that a step of its kind cannot have is refused before anything is asked. Without an execution the reference is printed that
    stands for the value in a pipeline definition.

    Exit codes: 0 the value was printed, 2 there is none.
    """
    from contract_lint.cli.naming import as_typed
    from contract_lint.cli.output import write, write_lines
    from contract_lint.report.resolved import render, text_lines

    execution = _execution(arn, record, region)
    if target is not None:
        _write_record(execution, target)
    if path is None:
        if target is not None:
            return 0
        raise click.UsageError("say which property: STEP.PATH")
    found = _resolved(*_split(as_typed(path)), execution, "record" if record else "live")
    if output == "json":
        write(render(found))
    else:
        write_lines(text_lines(found))
    return 0


def _execution(arn: str | None, record: Path | None, region: str | None) -> Execution | None:
    from contract_lint.resolution import LiveExecution, RecordedExecution

    if arn is not None and record is not None:
        raise click.UsageError("--execution and --record exclude each other")
    if region is not None and arn is None:
        raise click.UsageError("--region goes with --execution")
    if arn is not None:
        return LiveExecution(arn, region)
    return RecordedExecution(record) if record is not None else None


def _write_record(execution: Execution | None, target: Path) -> None:
    from contract_lint.cli.output import write_file
    from contract_lint.report.json_report import dumps
    from contract_lint.resolution import record_of

    if execution is None:
        raise click.UsageError("--write-record goes with --execution")
    write_file(target, dumps(record_of(execution.source)))


def _split(text: str) -> tuple[str, str]:
    """The step's name and the path. A step's name holds no dot (service model: `StepName`)."""
    prefix, _, rest = text.partition(".")
    if prefix in ("Steps", "steps") and rest:
        return rest.partition(".")[0], text
    if not prefix or not rest:
        raise click.UsageError(f"'{text}' is not STEP.PATH")
    return prefix, rest


def _resolved(step: str, path: str, execution: Execution | None, world: str) -> Resolved:
    from contract_lint.references import PropertyReference
    from contract_lint.report.resolved import Resolved
    from contract_lint.resolution.paths import check_on_any_kind, reference_of

    reference = reference_of(step, path).text
    if execution is None:
        check_on_any_kind(step, path)
        return Resolved(step, path, reference, "definition", {"Get": reference}, type=_known(PropertyReference(step, path).type))
    run = execution.describe_step(step)
    value = run.get_property(path)
    kind = run.kinds[0] if run.kinds else None
    return Resolved(
        step,
        path,
        reference,
        world,
        value,
        kind=kind.name if kind is not None else None,
        type=_known(PropertyReference(step, path).type_on(kind)) if kind is not None else None,
        status=run.status,
        execution=execution.arn or None,
        execution_status=execution.status,
        made_by=run.execution or None,
    )


def _known(type_: object) -> str | None:
    from contract_lint.model.types import UNKNOWN

    return None if type_ == UNKNOWN else str(type_)
