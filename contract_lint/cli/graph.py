"""``contract-lint graph``: the steps of a pipeline and what they hand to each other, as a picture or as data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from contract_lint.cli import options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from contract_lint.model.wiring import Wiring
    from contract_lint.report.graph.drawing import Drawing
    from contract_lint.run import Reading


@click.command(short_help="Draw each pipeline as a graph.", context_settings={"help_option_names": ["-h", "--help"]})
@options.paths
@click.option(
    "--format", "format_name", type=click.Choice(("mermaid", "dot", "json")), default="mermaid", show_default=True, help="How to print."
)
@options.pipeline
@click.option("--focus", metavar="STEP", help="Only this step and those that are linked to it.")
@options.config
def graph(
    paths: tuple[Path, ...],
    format_name: str,
    pipeline: str | None,
    focus: str | None,
    config_file: Path | None,
    isolated: bool,
    root: Path | None,
) -> int:
    """Print the graph of each pipeline below PATH: steps, which output feeds which input, and what is broken.

    Solid lines hand data on, grey dashed ones only order the steps. What does not fit is red, an input with several possible
    outputs has an orange dashed line to each. Mermaid draws at most 500 links: of a larger pipeline take one --focus.
    """
    from contract_lint.cli.naming import chosen_wirings
    from contract_lint.cli.output import encoding, write
    from contract_lint.model.errors import UsageError
    from contract_lint.report.graph import dot, json_graph, mermaid
    from contract_lint.run import Request, read

    reading = read(Request(paths=paths, config_file=config_file, isolated=isolated, root=root))
    if not reading.project.wirings:
        raise UsageError(_no_pipeline(reading, paths))
    drawings = _drawn(chosen_wirings(reading.project.wirings, pipeline), focus)
    if format_name == "json":
        write(json_graph.render(drawings, reading.sources))
    else:
        write((mermaid if format_name == "mermaid" else dot).render(drawings, encoding()))
    return 0


def _no_pipeline(reading: Reading, paths: tuple[Path, ...]) -> str:
    from contract_lint.frontends import profile
    from contract_lint.model.reasons import sentence

    looked = ", ".join(map(str, paths)) or reading.sources.shown(".")
    scanned = reading.project.coverage.scanned
    files = f"{scanned} file{'' if scanned == 1 else 's'}"
    unknown = next((one.open_steps for scene in reading.project.scenes for one in scene.pipelines if one.open_steps is not None), None)
    if unknown is not None:
        return f"no pipeline whose steps are known in {files} under {looked}: {sentence(unknown)}"
    wanted = " or ".join(f"{name}(nodes=…, edges=…)" for name in sorted(profile.DAG_CLASSES))
    return f"no pipeline in {files} under {looked}: looked for {wanted}, {profile.ADD_NODE} and {profile.ADD_EDGE}, Pipeline(steps=…)"


def _drawn(wirings: Sequence[Wiring], focus: str | None) -> list[Drawing]:
    from contract_lint.api import joined, nearest
    from contract_lint.cli.naming import as_typed, candidates, step_names
    from contract_lint.model.errors import UsageError
    from contract_lint.report.graph.drawing import draw

    if focus is None:
        return draw(wirings)
    focus = as_typed(focus)
    steps = [step for wiring in wirings for step in wiring.pipeline.steps]
    found = frozenset(step.name for step in steps if focus in step_names(step))
    if not found:
        every = {step.name for step in steps} | candidates(focus, [step.contract for step in steps if step.contract is not None])
        near = nearest(focus, every)
        hint = f" (did you mean {joined(near)}?)" if near else ""
        raise UsageError(f"no step '{focus}' among {len({step.name for step in steps})}{hint}")
    return draw(wirings, found)
