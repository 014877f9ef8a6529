"""A pipeline with one input of every outcome, built by hand, and files that hold its places."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec import Struct

import contract_lint.run
from contract_lint.model.contract import Contract, Direction, PathText, Port, StepMade
from contract_lint.model.evidence import Evidence, Rank, merge
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Step
from contract_lint.model.project import Coverage, Project
from contract_lint.model.span import Span
from contract_lint.model.types import Judgement, Verdict, parse_type
from contract_lint.model.wiring import Binding, Candidate, Claim, Decision, Outcome, Reach, Refusal, Tier, Wiring
from contract_lint.run import Reading

CODE = "steps/train.py"
DAG = "pipelines/main.py"


class NoSources(Struct, frozen=True):
    """Files without text, shown below ``../``."""

    def lines(self, path: str, cell: int | None) -> Sequence[str]:
        return ()

    def shown(self, path: str) -> str:
        return f"../{path}"


SOURCES = NoSources()


def at(line: int, path: str = CODE) -> Span:
    return Span(path, line, 5, line, 9)


def port(
    name: str,
    direction: Direction,
    line: int = 1,
    *,
    type: str | None = None,
    rank: Rank = Rank.ROLE,
    path: str | None = None,
    required: bool = True,
    pseudo: bool = False,
    aliases: tuple[str, ...] = (),
) -> Port:
    evidence = [Evidence(rank, parse_type(type), f"says {type}", at(line))] if type is not None else []
    written = None if path is None else PathText(path, at(line))
    return Port(name, direction, at(line), required=required, pseudo=pseudo, aliases=aliases, property_path=written, typing=merge(evidence))


def output(name: str, line: int = 1, *, type: str | None = None, path: str | None = None, aliases: tuple[str, ...] = ()) -> Port:
    return port(name, Direction.OUTPUT, line, type=type, path=path, aliases=aliases)


def needed(name: str, line: int = 1, *, type: str | None = None, required: bool = True, pseudo: bool = False) -> Port:
    return port(name, Direction.INPUT, line, type=type, required=required, pseudo=pseudo)


def contract(name: str, ports: tuple[Port, ...], kind: str = "Processing", line: int = 3) -> Contract:
    module = CODE.removesuffix(".py").replace("/", ".")
    made = (StepMade(kind, f"{kind}Step", at(line)),)
    return Contract(name, f"{name}StepBuilder", module, at(line), ports, (), made)


def step(name: str, *ports: Port, kind: str = "Processing", line: int = 3) -> Step:
    return Step(name, at(line, DAG), contract(name, ports, kind, line), ports, kinds=(kind,))


def edge(source: str, target: str, line: int) -> Edge:
    return Edge(source, target, at(line, DAG), at(line, DAG), at(line, DAG))


OK = Judgement(Verdict.OK, "", 4)
MISMATCH = Judgement(Verdict.ERROR, "kind-mismatch", 24, "use the …Name of the same step")

EVENTS = output("events", 10, type="S3Uri[content=dataset]", path="properties.ProcessingOutputConfig.Outputs['events'].S3Output.S3Uri")
METADATA = output("METADATA", 11)
TRAIN_SET = output("train_set", 20, type="S3Uri[content=dataset]", path="properties.ProcessingOutputConfig.Outputs['train'].S3Output.S3Uri")
TEST_SET = output("test_set", 21, type="S3Uri[content=dataset]", path="properties.ProcessingOutputConfig.Outputs['\0'].S3Output.S3Uri")
MODEL = output("model", 30, type="S3Uri[content=model]", path="properties.ModelArtifacts.S3ModelArtifacts")

RAW = needed("raw", 22, type="S3Uri[content=dataset]")
CAPS = needed("dependencies", 23, required=False, pseudo=True)
INPUT_PATH = needed("input_path", 31, type="S3Uri[content=dataset]")
SETTINGS = needed("settings", 32)
EVAL_DATA = needed("data", 41, type="S3Uri[content=dataset]")
MODEL_NAME = needed("model_name", 42, type="Name<model>")
BASELINE = needed("baseline", 43)
EVENT_LOG = needed("events", 44)
NOTES = needed("notes", 45, required=False)
ALIEN = needed("alien", 46)

LOAD = step("Load", EVENTS, METADATA, line=3)
PREPARE = step("Prepare", RAW, CAPS, TRAIN_SET, TEST_SET, line=4)
TRAIN = step("Train", INPUT_PATH, SETTINGS, MODEL, kind="Training", line=5)
EVALUATE = step("Evaluate", EVAL_DATA, MODEL_NAME, BASELINE, EVENT_LOG, NOTES, ALIEN, line=6)
STOP = Step("Stop", at(7, DAG), declared=False)


def candidate(
    step: str,
    output: Port,
    tier: Tier,
    via: str,
    *,
    via_at: Span | None = None,
    judgement: Judgement = OK,
    reach: Reach = Reach.DIRECT,
    distance: int = 1,
    position: int = 0,
) -> Candidate:
    return Candidate(step, output, tier, reach, distance, position, via, via_at, judgement)


def bound(consumer: str, input: Port, chosen: Candidate, decision: Decision = Decision.ONLY_CANDIDATE, **more: object) -> Binding:
    return Binding(consumer, input, Outcome.BOUND, decision, chosen, (chosen,), **more)  # type: ignore[arg-type]


BINDINGS = (
    bound("Prepare", RAW, candidate("Load", EVENTS, Tier.TYPE, "the only S3Uri[content=dataset]")),
    bound(
        "Train",
        INPUT_PATH,
        candidate("Prepare", TRAIN_SET, Tier.ALIAS, "alias 'input_path'", via_at=at(88), position=1),
        refused=(
            Refusal("Load", METADATA, Tier.ALLOWED, "not-allowed", "not among compatible_sources"),
            Refusal("Prepare", TEST_SET, Tier.ALIAS, "job-type", "it is of another job type"),
        ),
    ),
    Binding(
        "Train",
        SETTINGS,
        Outcome.EXTERNAL,
        Decision.OUTSIDE,
        given=GivenInput("Train", "settings", at(50, DAG), Given.EXTERNAL, says="a pipeline parameter"),
        says="the code gives it a pipeline parameter",
    ),
    Binding(
        "Evaluate",
        EVAL_DATA,
        Outcome.AMBIGUOUS,
        Decision.SEVERAL,
        candidates=(
            candidate("Prepare", TRAIN_SET, Tier.TYPE, "S3Uri[content=dataset]", position=1),
            candidate("Prepare", TEST_SET, Tier.TYPE, "S3Uri[content=dataset]", position=1),
        ),
        claims=(Claim("baseline", (("Prepare", "train_set"),)),),
    ),
    bound(
        "Evaluate", MODEL_NAME, candidate("Train", MODEL, Tier.NAME, "the name 'model'", judgement=MISMATCH, position=2), Decision.NEAREST
    ),
    Binding(
        "Evaluate", BASELINE, Outcome.MISSING, Decision.NO_CANDIDATE, suggestions=(candidate("Load", METADATA, Tier.KEYWORDS, "base"),)
    ),
    Binding(
        "Evaluate",
        EVENT_LOG,
        Outcome.MISSING,
        Decision.NO_CANDIDATE,
        elsewhere=(candidate("Load", EVENTS, Tier.NAME, "the same name", reach=Reach.PROJECT, distance=-1),),
    ),
    Binding("Evaluate", NOTES, Outcome.MISSING, Decision.NO_CANDIDATE),
    Binding("Evaluate", ALIEN, Outcome.UNKNOWN, Decision.NOT_KNOWN, says="the outputs of Prepare are not all known"),
)
EDGES = (
    edge("Load", "Prepare", 10),
    edge("Prepare", "Train", 11),
    edge("Prepare", "Evaluate", 12),
    edge("Train", "Evaluate", 13),
    edge("Evaluate", "Stop", 14),
)
WIRING = Wiring(Pipeline("main", at(1, DAG), (LOAD, PREPARE, TRAIN, EVALUATE, STOP), EDGES), BINDINGS)
OTHER = Wiring(Pipeline("other", at(2, DAG), (LOAD,), open_edges="unknown-key"), ())


def reading(patch: pytest.MonkeyPatch, contracts: tuple[Contract, ...], wirings: tuple[Wiring, ...]) -> None:
    """Whatever a command reads, it finds these contracts and pipelines."""
    project = Project(contracts, (), (), (), (), (), (), Coverage(7, 3, 0, 0), wirings=wirings)
    found = Reading(project, project, bool, SOURCES, None, None, (), (), (), None)  # type: ignore[arg-type]
    patch.setattr(contract_lint.run, "read", lambda request: found)
