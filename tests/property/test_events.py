"""Any order of registration, and any order of the same events, gives the same wiring."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_lint.assembly.events import EventDrivenPipelineBuilder, PipelineEvent
from contract_lint.model.wiring import Outcome

PORTS = st.sampled_from(["table", "raw_data", "rows", "model", "model_arn", "report", "train_data", "Table"])
SAID = st.sampled_from([None, "table", "S3 path of the rows", "Name of the training job", "optional"])
PATHS = st.sampled_from(["properties.ModelName", "properties.ModelArtifacts.S3ModelArtifacts", "properties.Outputs['rows']", "no path.."])


class Builder:
    def __init__(self, name: str, inputs: dict[str, str | None], outputs: dict[str, str | None], paths: dict[str, str]) -> None:
        self.step_name, self.inputs, self.outputs, self.paths = name, inputs, outputs, paths

    def get_input_requirements(self) -> dict[str, str | None]:
        return self.inputs

    def get_output_properties(self) -> dict[str, str | None]:
        return self.outputs

    def get_property_paths(self) -> dict[str, str]:
        return self.paths


@st.composite
def builders(draw: st.DrawFn) -> list[Builder]:
    ports = st.dictionaries(PORTS, SAID, max_size=3)
    paths = st.dictionaries(PORTS, PATHS, max_size=2)
    return [Builder(f"step{number}", draw(ports), draw(ports), draw(paths)) for number in range(draw(st.integers(1, 5)))]


def outcome(pipeline: EventDrivenPipelineBuilder) -> tuple[object, ...]:
    return pipeline.connections, pipeline.wiring, pipeline.pipeline(), pipeline.validate()


@pytest.mark.parametrize("matcher", ["contract", "seed"])
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(builders(), st.randoms(use_true_random=False))
def test_no_order_carries_meaning(matcher: str, steps: list[Builder], chance: random.Random) -> None:
    pipeline = EventDrivenPipelineBuilder(matcher)  # type: ignore[arg-type]
    events: list[PipelineEvent] = []
    for event_type in ("step_registered", "output_declared"):
        pipeline.event_bus.subscribe(event_type, events.append)
    for step in steps:
        assert pipeline.register_step(step) == []

    shuffled = EventDrivenPipelineBuilder(matcher)  # type: ignore[arg-type]
    for step in chance.sample(steps, len(steps)):
        shuffled.register_step(step)
        shuffled.validate()  # looking on the way changes nothing
    assert outcome(shuffled) == outcome(pipeline)

    replayed = EventDrivenPipelineBuilder(matcher)  # type: ignore[arg-type]
    for event in chance.sample(events, len(events)):
        assert replayed.event_bus.publish(event) == []
    assert outcome(replayed) == outcome(pipeline)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(builders())
def test_a_wiring_has_no_cycle_and_invents_nothing(steps: list[Builder]) -> None:
    pipeline = EventDrivenPipelineBuilder()
    for step in steps:
        pipeline.register_step(step)

    by_name = {step.step_name: step for step in steps}
    seen = [(one["consumer"], one["input"]) for one in pipeline.connections]
    assert len(seen) == len(set(seen))
    for one in pipeline.connections:
        assert one["producer"] != one["consumer"]
        assert one["output"] in by_name[one["producer"]].outputs
        assert one["input"] in by_name[one["consumer"]].inputs
        assert pipeline.explain(one["consumer"], one["input"]).outcome is Outcome.BOUND

    left = {edge.target: {e.source for e in pipeline.pipeline().edges if e.target == edge.target} for edge in pipeline.pipeline().edges}
    while left:
        free = [name for name, sources in left.items() if not sources.intersection(left)]
        assert free, f"a cycle among {sorted(left)}"
        for name in free:
            del left[name]


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(builders())
def test_the_seed_connects_what_shares_a_word(steps: list[Builder]) -> None:
    pipeline = EventDrivenPipelineBuilder("seed")
    for step in steps:
        pipeline.register_step(step)
    wanted = {
        (producer.step_name, output, consumer.step_name, input)
        for producer in steps
        for consumer in steps
        if producer is not consumer
        for output in producer.outputs
        for input in consumer.inputs
        if set(output.lower().split("_")) & set(input.lower().split("_"))
    }
    assert [tuple(one.values()) for one in pipeline.connections] == sorted(wanted, key=lambda one: (*one[2:], *one[:2]))
