"""Which producer feeds which input, and why: the outcome of matching, and the record that it rests on."""

from __future__ import annotations

from enum import Enum, IntEnum
from functools import cached_property

from msgspec import Struct

from contract_lint.model.contract import Port
from contract_lint.model.pipeline import Edge, GivenInput, Pipeline, Step
from contract_lint.model.span import Span
from contract_lint.model.types import Judgement


class Outcome(str, Enum):
    """What became of an input."""

    BOUND = "bound"
    AMBIGUOUS = "ambiguous"
    #: No producer; no defect if the input is optional.
    MISSING = "missing"
    #: It is fed from outside the pipeline.
    EXTERNAL = "external"
    UNKNOWN = "unknown"


class Tier(IntEnum):
    """How an output came to be a candidate, the surest first."""

    EXPLICIT = 0
    NAME = 1
    ALIAS = 2
    ALLOWED = 3
    TYPE = 4
    KEYWORDS = 5
    SEED = 6


class Reach(IntEnum):
    """Where a candidate stands, seen from the consumer."""

    EXPLICIT = 0
    DIRECT = 1
    TRANSITIVE = 2
    #: Anywhere: no pipeline was found, or no edge leads from there. Only existence is judged.
    PROJECT = 3


class Candidate(Struct, frozen=True, gc=False):
    """One output that may feed an input.

    ``via`` says what joins the two (``alias 'input_path'``), ``via_at`` where that is written. ``distance`` counts edges from the
    producer to the consumer (0 if none leads there), ``position`` is the producer's place among the pipeline's steps in the order
    of its edges, by name where they leave it open. What is found among transitive predecessors stands one tier lower than ``via`` says.
    ``certain`` is false for an output, or a producer before the consumer, that exists on some paths through the code only.
    """

    step: str
    output: Port
    tier: Tier
    reach: Reach
    distance: int
    position: int
    via: str
    via_at: Span | None
    judgement: Judgement
    certain: bool = True


class Refusal(Struct, frozen=True, gc=False):
    """An output that came into question and was refused at ``tier``; ``reason`` is a kebab-case code, ``says`` the same for people."""

    step: str
    output: Port
    tier: Tier
    reason: str
    says: str


class Claim(Struct, frozen=True, gc=False):
    """Another input of the same consumer that was undecided at the same tier, with the outputs it might take: ``(step, output)``.

    With ``taken`` it was decided before, at a surer tier, and ``outputs`` is the one that it took.
    """

    input: str
    outputs: tuple[tuple[str, str], ...]
    taken: bool = False


class Decision(str, Enum):
    """What settled an outcome."""

    ONLY_CANDIDATE = "only-candidate"
    #: The maximum matching of undecided inputs with outputs is unique.
    UNIQUE_MATCHING = "unique-matching"
    NEAREST = "nearest"
    STATED = "stated"
    SEVERAL = "several-candidates"
    NO_CANDIDATE = "no-candidate"
    #: Fed from outside: the code or the port says so.
    OUTSIDE = "outside"
    #: A predecessor has outputs that are not known, or the step itself is not.
    NOT_KNOWN = "not-known"


class Binding(Struct, frozen=True, gc=False):
    """What became of one input of one step: the record that decided, and the decision.

    ``candidates`` are those of the tier that was reached, in order; ``claims`` the inputs of the same step that competed for them.
    ``elsewhere`` are outputs of the pipeline that would have fitted and that no edge leads from, ``suggestions`` the keyword matches,
    which bind nothing. ``says`` tells, for people, why the input is external or unknown.

    ``open`` says why more outputs may be within reach than are known, so that neither "nothing" nor "the only one" can be proved;
    ``doubt`` why it is no defect if nothing feeds the input, though all outputs are known. Both are sentences; None if it is not so.
    ``more``: there are further candidates, all farther away than the ones listed.
    """

    step: str
    input: Port
    outcome: Outcome
    decision: Decision
    chosen: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    claims: tuple[Claim, ...] = ()
    refused: tuple[Refusal, ...] = ()
    elsewhere: tuple[Candidate, ...] = ()
    suggestions: tuple[Candidate, ...] = ()
    given: GivenInput | None = None
    says: str | None = None
    open: str | None = None
    doubt: str | None = None
    more: bool = False


class Wiring(Struct, frozen=True, dict=True):
    """One pipeline with what became of its inputs, steps in the order of the edges, inputs by name. ``cycles`` name their steps.

    ``dangling`` are the edges of which an end is no declared step, ``unplaced`` what the code gives to an input that its step does not
    have, or to a step that the pipeline does not have.
    """

    pipeline: Pipeline
    bindings: tuple[Binding, ...]
    cycles: tuple[tuple[str, ...], ...] = ()
    dangling: tuple[Edge, ...] = ()
    unplaced: tuple[GivenInput, ...] = ()

    def binding(self, step: str, input: str) -> Binding | None:
        """The binding of an input; None if there is no such input."""
        return next((one for one in self.bindings if (one.step, one.input.name) == (step, input)), None)

    def step(self, name: str) -> Step | None:
        """The step of this name; None if there is none."""
        return self._by_name.get(name)

    def edge(self, source: str, target: str) -> Edge | None:
        """The first edge between two steps; None if there is none."""
        return self._by_ends.get((source, target))

    def of_step(self, name: str) -> tuple[Binding, ...]:
        """The bindings of the inputs of a step, in their order."""
        return tuple(self._by_step.get(name, ()))

    @cached_property
    def _by_name(self) -> dict[str, Step]:
        return {one.name: one for one in reversed(self.pipeline.steps)}

    @cached_property
    def _by_ends(self) -> dict[tuple[str, str], Edge]:
        return {(one.source, one.target): one for one in reversed(self.pipeline.edges)}

    @cached_property
    def _by_step(self) -> dict[str, list[Binding]]:
        found: dict[str, list[Binding]] = {}
        for one in self.bindings:
            found.setdefault(one.step, []).append(one)
        return found
