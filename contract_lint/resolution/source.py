"""Where an execution's answers come from: what a recorded and a live one have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from contract_lint.resolution.answers import Answer
from contract_lint.resolution.asking import Asked


class Source(Protocol):
    """The answers of the services about one execution. Every method raises ResolutionError where there is no answer."""

    @property
    def arn(self) -> str:
        """The execution's ARN; empty for a record that does not tell it."""
        ...

    @property
    def fixed(self) -> bool:
        """Whether the same question always gets the same answer."""
        ...

    def summary(self) -> Answer:
        """The answer of DescribePipelineExecution; empty where a record lacks it."""
        ...

    def steps(self) -> Sequence[Answer]:
        """The `PipelineExecutionSteps` of all pages of ListPipelineExecutionSteps: the steps that have started, in any order."""
        ...

    def definition(self) -> str | None:
        """The text of the pipeline's definition in this execution; None where it cannot be had."""
        ...

    def describe(self, asked: Asked, member: str | None, step: str) -> Answer:
        """The properties of a step's job or resource; ``member`` is the only one that is needed, None for all.

        The training jobs of a tuning job are merged into its answer, the best first, as the SDK merges them into the properties.
        """
        ...

    def other(self, arn: str) -> Source:
        """The answers about another execution: one whose results this one took over."""
        ...
