"""The seed's own way of wiring, for comparison with the matcher: it binds whatever shares a word.

`training_data` and `validation_data` share `data`, so they are connected; an output may be taken any number of times, and an input
be given several. Nothing in a run uses this.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from contract_lint.model.pipeline import Pipeline, Step


class Connection(Struct, frozen=True):
    """An output that the seed connects to an input."""

    producer: str
    output: str
    consumer: str
    input: str


def can_connect(input_name: str, output_name: str) -> bool:
    """Whether the two names share a part between underscores, case aside: the seed's predicate, unmended.

    Empty parts count: `_a` and `b_` are connected.
    """
    return len(set(input_name.lower().split("_")) & set(output_name.lower().split("_"))) > 0


def match_seed(steps: Pipeline | Sequence[Step], *, earlier_only: bool = False) -> list[Connection]:
    """Every pair of an output and an input of different steps that the predicate connects.

    Edges, types and what the code says of an input play no part. With ``earlier_only`` a step is connected to those before it alone,
    as in the seed, where steps are wired while they register; the list then has the seed's order too.
    """
    ordered = steps.steps if isinstance(steps, Pipeline) else steps
    return [
        Connection(producer.name, output.name, consumer.name, input.name)
        for place, consumer in enumerate(ordered)
        for producer in (ordered[:place] if earlier_only else ordered)
        if producer.name != consumer.name
        for input in consumer.inputs
        for output in producer.outputs
        if can_connect(input.name, output.name)
    ]
