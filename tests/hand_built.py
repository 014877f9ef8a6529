"""Short ways to build model objects by hand in tests of rules and the engine."""

from __future__ import annotations

from contract_lint.model.contract import (
    ConfigShape,
    Contract,
    Direction,
    DuplicateKey,
    Mechanism,
    Named,
    NameUse,
    PathDeclaration,
    PathText,
    Port,
    StepMade,
    Table,
)
from contract_lint.model.project import BuilderMap, Coverage, Project, RegistryLookup, UnreadableFile, UnresolvedImport
from contract_lint.model.span import Span

BUILDER = "steps/builder_training.py"


def span(line: int, path: str = BUILDER, column: int = 1, width: int = 10) -> Span:
    return Span(path, line, column, line, column + width)


def path_text(text: str, line: int = 1, path: str = BUILDER, column: int = 5) -> PathText:
    """A path written as a plain one-line literal: the span holds the text and two quotes."""
    return PathText(text, span(line, path, column, len(text) + 2))


def declare(
    name: str | None,
    text: str | None,
    line: int = 1,
    *,
    step_type: str | None = "XGBoostTrainingStep",
    mechanism: Mechanism = Mechanism.CLASS_REGISTRY,
    path: str = BUILDER,
    scope: str = "",
    order: int | None = None,
    owners: tuple[str, ...] = (),
) -> PathDeclaration:
    written = path_text(text, line, path) if text is not None else None
    return PathDeclaration(mechanism, step_type, name, written, span(line, path), scope, line if order is None else order, owners)


def output(
    name: str, line: int = 20, *, path: str = BUILDER, certain: bool = True, pseudo: bool = False, aliases: tuple[str, ...] = ()
) -> Port:
    return Port(name, Direction.OUTPUT, span(line, path), certain=certain, pseudo=pseudo, aliases=aliases)


def needed(
    name: str, line: int = 30, *, path: str = BUILDER, required: bool = True, pseudo: bool = False, aliases: tuple[str, ...] = ()
) -> Port:
    return Port(name, Direction.INPUT, span(line, path), required=required, pseudo=pseudo, aliases=aliases)


def use(
    name: str,
    line: int = 40,
    *,
    table: Table = Table.INPUTS,
    path: str = BUILDER,
    scope: str = "XGBoostTrainingStepBuilder.create_step",
    demanded: bool = True,
    validated: bool = False,
) -> NameUse:
    return NameUse(table, name, span(line, path), scope, demanded, validated)


CONFIG = "steps/config_training.py"


def config(
    *,
    inputs: dict[str, str | None] | None = None,
    outputs: dict[str, str | None] | None = None,
    attributes: tuple[str, ...] | None = None,
    methods: frozenset[str] = frozenset(),
    name: str = "TrainingConfig",
) -> ConfigShape:
    """A configuration whose defaults stand in ``CONFIG``, one key a line from line 10 (inputs) or 20 (outputs) on."""
    given = (
        tuple((Named(key, span(10 + n, CONFIG)), value) for n, (key, value) in enumerate(inputs.items())) if inputs is not None else None
    )
    made = (
        tuple((Named(key, span(20 + n, CONFIG)), value) for n, (key, value) in enumerate(outputs.items())) if outputs is not None else None
    )
    return ConfigShape(name, span(5, CONFIG), given, made, attributes, methods)


def output_with_path(name: str, text: str, line: int = 20) -> Port:
    return Port(name, Direction.OUTPUT, span(line), property_path=path_text(text, line))


def contract(
    name: str = "XGBoostTraining",
    *,
    outputs: tuple[Port, ...] = (),
    paths: tuple[PathDeclaration, ...] = (),
    kinds: tuple[str, ...] = ("Training",),
    line: int = 10,
    path: str = BUILDER,
    open_outputs: str | None = None,
    open_paths: str | None = None,
) -> Contract:
    made = tuple(StepMade(kind, f"{kind}Step", span(90 + number, path)) for number, kind in enumerate(kinds))
    return Contract(
        name,
        f"{name}StepBuilder",
        path.removesuffix(".py").replace("/", "."),
        span(line, path),
        outputs,
        paths,
        made,
        open_outputs=open_outputs,
        open_paths=open_paths,
        made_unknown=None if kinds else "no step is created",
    )


def project(
    *,
    contracts: tuple[Contract, ...] = (),
    declarations: tuple[PathDeclaration, ...] = (),
    lookups: tuple[RegistryLookup, ...] = (),
    unresolved_imports: tuple[UnresolvedImport, ...] = (),
    unreadable: tuple[UnreadableFile, ...] = (),
    builder_maps: tuple[BuilderMap, ...] = (),
    duplicate_keys: tuple[DuplicateKey, ...] = (),
    fillers: tuple[str, ...] = (),
) -> Project:
    coverage = Coverage(1, 1, 0, 0)
    return Project(
        contracts, declarations, lookups, unresolved_imports, unreadable, (), (), coverage, builder_maps, duplicate_keys, fillers
    )
