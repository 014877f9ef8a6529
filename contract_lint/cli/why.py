"""``contract-lint why``: why an input is fed as it is, and whom an output feeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_lint.cli import options

if TYPE_CHECKING:
    from contract_lint.model.contract import Contract, Port
    from contract_lint.model.pipeline import Step
    from contract_lint.model.wiring import Wiring
    from contract_lint.report.why import Asked, Loose
    from contract_lint.run import Reading


@click.command(short_help="What feeds an input, and why.", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("port", metavar="STEP.PORT")
@options.paths
@options.pipeline
@options.plain_output
@options.config
def why(
    port: str, paths: tuple[Path, ...], pipeline: str | None, output: str, config_file: Path | None, isolated: bool, root: Path | None
) -> int:
    """Print what feeds the input STEP.PORT, or what the output STEP.PORT feeds, in each pipeline, and why.

    The rule that decided, the types of both ends and how they are known, the outputs that were refused, and, where several would
    do, the line that settles it. STEP is the pipeline's name of the step, or any name that `show` knows.
    """
    from contract_lint.cli.naming import as_typed, chosen_wirings
    from contract_lint.cli.output import write, write_lines
    from contract_lint.report import why_json
    from contract_lint.report.why import text_lines
    from contract_lint.run import Request, read

    reading = read(Request(paths=paths, config_file=config_file, isolated=isolated, root=root))
    asked = _asked(as_typed(port), chosen_wirings(reading.project.wirings, pipeline), reading, project_too=pipeline is None)
    if output == "json":
        write(why_json.render(asked, reading.sources))
    else:
        write_lines(text_lines(asked, reading.sources))
    return 0


def _asked(text: str, wirings: Sequence[Wiring], reading: Reading, *, project_too: bool) -> Asked:
    """All ports of this name. Raises UsageError where there is none, with the names that are near."""
    from contract_lint.model.errors import UsageError
    from contract_lint.report.why import Asked

    steps = [(wiring, step) for wiring in wirings for step in wiring.pipeline.steps]
    held = {step.contract.span for _, step in steps if step.contract is not None}
    contracts = [one for one in reading.project.contracts if one.span not in held] if project_too else []
    if not steps and not contracts:
        raise UsageError(f"no step has a port '{text}': {reading.nothing or 'there is no step builder'}")
    for step_name, port_name in _splits(text):
        in_pipelines = _in_pipelines(step_name, port_name, steps)
        loose = (*in_pipelines.loose, *_outside(step_name, port_name, contracts, reading))
        if in_pipelines.inputs or in_pipelines.outputs or loose:
            return Asked(in_pipelines.inputs, in_pipelines.outputs, loose)
    raise UsageError(_unknown(text, steps, contracts))


def _splits(text: str) -> Iterator[tuple[str, str]]:
    """All ways to read STEP.PORT: both names may hold dots."""
    for at, char in reversed(list(enumerate(text))):
        if char == ".":
            yield text[:at], text[at + 1 :]


def _in_pipelines(step_name: str, port_name: str, steps: Sequence[tuple[Wiring, Step]]) -> Asked:
    from contract_lint.cli.naming import outputs_of, step_names
    from contract_lint.report.why import Asked, Loose

    matching = [(wiring, step) for wiring, step in steps if step_name in step_names(step)]
    inputs = [(wiring, step, port) for wiring, step in matching for port in step.inputs if port.name == port_name]
    bindings = [(wiring, step.name, port, wiring.binding(step.name, port.name)) for wiring, step, port in inputs]
    return Asked(
        tuple((wiring, binding) for wiring, _, _, binding in bindings if binding is not None),
        tuple((wiring, step.name, port) for wiring, step in matching for port in outputs_of(wiring, step) if port.name == port_name),
        tuple(
            Loose(step, port, f"the framework's own input: no output feeds it in pipeline {wiring.pipeline.name}")
            for wiring, step, port, binding in bindings
            if binding is None
        ),
    )


def _outside(step_name: str, port_name: str, contracts: Sequence[Contract], reading: Reading) -> tuple[Loose, ...]:
    """The ports of builders that no pipeline holds, each with the ports that it might meet."""
    from contract_lint.api import listed
    from contract_lint.cli.naming import names
    from contract_lint.report.why import Loose

    pipelines = [wiring.pipeline.name for wiring in reading.project.wirings]
    among = f"; there are {listed(pipelines)}" if len(pipelines) > 1 else f"; there is {pipelines[0]}" if pipelines else " (none was found)"
    return tuple(
        Loose(contract.name, port, f"no pipeline holds {contract.name}{among}", tuple(_meeting(contract, port, reading)))
        for contract in contracts
        if step_name in names(contract)
        for port in contract.ports
        if port.name == port_name
    )


def _meeting(contract: Contract, port: Port, reading: Reading) -> Iterator[tuple[str, Port]]:
    """The ports of the other direction, of other steps of the project, that share a name with this one."""
    wanted = _all_names(port)
    for other in reading.project.contracts:
        if other is not contract:
            yield from ((other.name, one) for one in other.ports if one.direction is not port.direction and wanted & _all_names(one))


def _all_names(port: Port) -> set[str]:
    return {name.casefold().replace("-", "_") for name in (port.name, *port.aliases)}


def _unknown(text: str, steps: Sequence[tuple[Wiring, Step]], contracts: Sequence[Contract]) -> str:
    from contract_lint.api import joined, listed, nearest
    from contract_lint.cli.naming import candidates, names, outputs_of, step_names

    known = [
        *((set(step_names(step)), step.name, (*step.inputs, *outputs_of(wiring, step))) for wiring, step in steps),
        *((set(names(one)), one.name, one.ports) for one in contracts),
    ]
    for step_name, port_name in [*_splits(text), (text, "")]:
        ports = list(dict.fromkeys(port.name for answers, _, those in known if step_name in answers for port in those))
        if any(step_name in answers for answers, _, _ in known):
            near = nearest(port_name, ports) if port_name else ()
            hint = f" (did you mean {joined(near)}?)" if near else f"; it has {listed(ports, 8) or 'none'}"
            return f"'{step_name}' has no port '{port_name}'{hint}" if port_name else f"'{text}' names no port: say {text}.PORT{hint}"
    step_name, _, port_name = text.rpartition(".")
    every = {step.name for _, step in steps} | candidates(step_name or text, contracts)
    near = nearest(step_name or text, every)
    hint = f" (did you mean {joined(near)}?)" if near else ""
    if not step_name:
        return f"'{text}' is not STEP.PORT{hint}"
    return f"no step '{step_name}' among {len({name for _, name, _ in known})}{hint}"
