"""``contract-lint show``: the contract of a step, with the origin of each port."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_lint.cli import options

if TYPE_CHECKING:
    from contract_lint.model.pipeline import Pipeline, Step


@click.command(short_help="One step's inputs and outputs.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("step")
@options.paths
@options.plain_output
@options.config
def show(step: str, paths: tuple[Path, ...], output: str, config_file: Path | None, isolated: bool, root: Path | None) -> int:
    """Print what STEP needs and provides, and where each port is declared.

    STEP is the step's name in the registry, its class, the class less StepBuilder or Builder, or module:Class; of a step that the code
    makes without a builder, or a YAML pipeline declares, its name. Where several share it, all are shown.
    """
    from contract_lint.api import joined, nearest
    from contract_lint.cli.naming import candidates, names, outputs_of
    from contract_lint.cli.output import write, write_lines
    from contract_lint.model.errors import UsageError
    from contract_lint.report.contracts import contract_of, render_json, text_lines
    from contract_lint.run import Request, read

    reading = read(Request(paths=paths, config_file=config_file, isolated=isolated, root=root))
    plain = [(wiring, one) for wiring in reading.project.wirings for one in wiring.pipeline.steps if _own(wiring.pipeline, one)]
    made = (contract_of(one, wiring.pipeline.name, outputs_of(wiring, one)) for wiring, one in plain)
    contracts = (*reading.project.contracts, *made)
    found = [contract for contract in contracts if step in names(contract)]
    if not found:
        if not contracts:
            raise UsageError(f"no step '{step}': {reading.nothing or 'no step is known by name'}")
        near = nearest(step, candidates(step, contracts))
        hint = f" (did you mean {joined(near)}?)" if near else ""
        raise UsageError(f"no step '{step}' among {len(contracts)}{hint}")
    if output == "json":
        write(render_json(found, reading.sources))
    else:
        write_lines(text_lines(found, reading.sources))
    return 0


def _own(pipeline: Pipeline, step: Step) -> bool:
    """Whether a step is known by what the pipeline says of it, and not by its builder alone."""
    return step.sdk_class is not None or (pipeline.explicit and step.declared)
