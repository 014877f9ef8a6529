"""Event-driven assembly: the bus, and the builder that wires what is registered."""

from __future__ import annotations

import pytest

from contract_lint.assembly.events import EventDrivenPipelineBuilder, PipelineEvent, PipelineEventBus
from contract_lint.assembly.options import MatchOptions, Override
from contract_lint.contracts import ContractAwareStepBuilder
from contract_lint.model.finding import Severity
from contract_lint.model.wiring import Decision, Outcome, Tier


class Load:
    """A builder of a user's framework: nothing of ours."""

    def get_input_requirements(self) -> dict[str, str]:
        return {}

    def get_output_properties(self) -> dict[str, str]:
        return {"raw_table": "S3 path of the table"}

    def get_property_paths(self) -> dict[str, str]:
        return {"raw_table": "properties.ProcessingOutputConfig.Outputs['raw_table'].S3Output.S3Uri"}


class Train(ContractAwareStepBuilder):
    step_name = "training"

    def get_input_requirements(self) -> dict[str, str | None]:
        return {"raw_table": None, "weights": "Optional: where to go on from", "dependencies": "Steps that come before"}

    def get_output_properties(self) -> dict[str, str]:
        return {"model_data": "S3 path of the model", "job": "Name of the training job"}

    def get_property_paths(self) -> dict[str, str]:
        return {"model_data": "properties.ModelArtifacts.S3ModelArtifacts", "job": "properties.TrainingJobName"}


class Register:
    name = "registration"

    def get_input_requirements(self) -> dict[str, str]:
        return {"model_data": "S3 path of the model"}


class Step:
    """A step of which only names matter."""

    def __init__(self, name: str, inputs: tuple[str, ...] = (), outputs: tuple[str, ...] = ()) -> None:
        self.name, self.inputs, self.outputs = name, inputs, outputs

    def get_input_requirements(self) -> dict[str, None]:
        return dict.fromkeys(self.inputs)

    def get_output_properties(self) -> dict[str, None]:
        return dict.fromkeys(self.outputs)


def assembled(*builders: object, matcher: str = "contract", options: MatchOptions | None = None) -> EventDrivenPipelineBuilder:
    pipeline = EventDrivenPipelineBuilder(matcher, options=options or MatchOptions())  # type: ignore[arg-type]
    for builder in builders:
        assert pipeline.register_step(builder) == []
    return pipeline


def told(pipeline: EventDrivenPipelineBuilder) -> list[tuple[str, str, str]]:
    return [(problem.code, problem.step, problem.input) for problem in pipeline.validate()]


def arrows(pipeline: EventDrivenPipelineBuilder) -> list[str]:
    return [f"{c['producer']}.{c['output']} -> {c['consumer']}.{c['input']}" for c in pipeline.connections]


# --- the bus ---


def test_an_event_has_the_time_of_a_clock() -> None:
    assert PipelineEvent("x", "step", {}, 12.5).timestamp == 12.5
    before = PipelineEvent("x", "step", {}).timestamp
    assert PipelineEvent("x", "step", {}).timestamp >= before > 0

    times = iter([1.0, 2.0, 3.0])
    pipeline = EventDrivenPipelineBuilder(clock=lambda: next(times))
    seen: list[tuple[str, float]] = []
    for event_type in ("step_registered", "output_declared"):
        pipeline.event_bus.subscribe(event_type, lambda event: seen.append((event.event_type, event.timestamp)))
    pipeline.register_step(Train())
    assert seen == [("step_registered", 1.0), ("output_declared", 2.0), ("output_declared", 3.0)]


def test_handlers_get_the_events_of_their_type_in_the_order_of_subscription() -> None:
    bus, seen = PipelineEventBus(), list[str]()
    bus.subscribe("a", lambda event: seen.append(f"first {event.step_name}"))
    bus.subscribe("b", lambda event: seen.append("never"))
    bus.subscribe("a", lambda event: seen.append(f"second {event.step_name}"))
    assert bus.publish(PipelineEvent("a", "x", {})) == []
    assert bus.publish(PipelineEvent("nobody", "x", {})) == []
    assert seen == ["first x", "second x"]


def test_what_a_handler_raises_comes_back_and_stops_no_other() -> None:
    bus, seen = PipelineEventBus(), list[str]()
    error = KeyError("lost")

    def failing(event: PipelineEvent) -> None:
        raise error

    bus.subscribe("a", failing)
    bus.subscribe("a", lambda event: seen.append("reached"))
    event = PipelineEvent("a", "x", {})
    (returned,) = bus.publish(event)
    assert seen == ["reached"]
    assert (returned.event, returned.handler, returned.error) == (event, failing, error)
    assert "failing failed over a of x: KeyError: 'lost'" in str(returned)


def test_whoever_interrupts_is_not_kept_from_it() -> None:
    bus = PipelineEventBus()

    def interrupting(event: PipelineEvent) -> None:
        raise KeyboardInterrupt

    bus.subscribe("a", interrupting)
    with pytest.raises(KeyboardInterrupt):
        bus.publish(PipelineEvent("a", "x", {}))


def test_handlers_may_subscribe_and_publish() -> None:
    bus, seen, inner = PipelineEventBus(), list[str](), list[object]()

    def late(event: PipelineEvent) -> None:
        seen.append(f"late {event.step_name}")

    def failing(event: PipelineEvent) -> None:
        raise ValueError(event.step_name)

    def early(event: PipelineEvent) -> None:
        seen.append(f"early {event.step_name}")
        if event.step_name == "x":
            bus.subscribe("a", late)
            inner.extend(bus.publish(PipelineEvent("b", "inner", {})))
            inner.extend(bus.publish(PipelineEvent("a", "y", {})))

    bus.subscribe("a", early)
    bus.subscribe("b", failing)
    assert bus.publish(PipelineEvent("a", "x", {})) == []
    assert seen == ["early x", "early y", "late y"]
    assert [str(one).rpartition(": ")[2] for one in inner] == ["inner"]


# --- registration ---


def test_a_step_is_named_by_the_argument_its_attributes_or_its_class() -> None:
    pipeline = assembled(Load(), Train(), Register())
    pipeline.register_step(Load(), "again")
    assert list(pipeline.steps) == ["Load", "training", "registration", "again"]


def test_two_steps_of_one_class_stand_side_by_side_under_two_names() -> None:
    pipeline = assembled(first := Load())
    with pytest.raises(ValueError, match="the step name 'Load' is taken by another Load; give step_name"):
        pipeline.register_step(Load())
    assert pipeline.register_step(Load(), "Load2") == []
    assert pipeline.register_step(first) == []
    assert pipeline.steps["Load"] is first
    assert list(pipeline.steps) == ["Load", "Load2"]


def test_events_tell_what_a_step_needs_and_provides() -> None:
    pipeline, seen = EventDrivenPipelineBuilder(), list[PipelineEvent]()
    pipeline.event_bus.subscribe("step_registered", seen.append)
    pipeline.event_bus.subscribe("output_declared", seen.append)
    builder = Train()
    pipeline.register_step(builder)

    registered, *declared = seen
    assert (registered.event_type, registered.step_name) == ("step_registered", "training")
    assert registered.data["builder"] is builder
    assert registered.data["inputs"] == {"raw_table": None, "weights": "Optional: where to go on from"}
    assert registered.data["outputs"] == {"model_data": "S3 path of the model", "job": "Name of the training job"}
    assert [event.event_type for event in declared] == ["output_declared"] * 2
    assert declared[1].data == {
        "step": "training",
        "output": "job",
        "property_path": "properties.TrainingJobName",
        "type": "Name<training-job>",
    }


def test_a_handlers_error_reaches_whoever_registers_and_the_step_is_wired_all_the_same() -> None:
    pipeline = assembled(Load())

    def failing(event: PipelineEvent) -> None:
        raise RuntimeError("no disk")

    pipeline.event_bus.subscribe("output_declared", failing)
    errors = pipeline.register_step(Train())
    assert [str(one.error) for one in errors] == ["no disk", "no disk"]
    assert arrows(pipeline) == ["Load.raw_table -> training.raw_table"]


# --- wiring ---


@pytest.mark.parametrize("order", [(Load, Train, Register), (Register, Train, Load), (Train, Register, Load)])
def test_the_order_of_registration_carries_no_meaning(order: tuple[type, ...]) -> None:
    pipeline = assembled(*(builder() for builder in order))
    assert pipeline.connections == [
        {"producer": "training", "output": "model_data", "consumer": "registration", "input": "model_data"},
        {"producer": "Load", "output": "raw_table", "consumer": "training", "input": "raw_table"},
    ]
    assert pipeline.validate() == []


def test_connections_follow_what_is_registered() -> None:
    pipeline = assembled(Train())
    assert arrows(pipeline) == []
    assert told(pipeline) == [("missing-input", "training", "raw_table")]
    pipeline.register_step(Load())
    assert arrows(pipeline) == ["Load.raw_table -> training.raw_table"]
    pipeline.connections.clear()
    assert arrows(pipeline) == ["Load.raw_table -> training.raw_table"]


def test_a_word_in_common_is_no_connection() -> None:
    steps = [Step("split", outputs=("validation_data",)), Step("train", inputs=("training_data",))]
    assert arrows(assembled(*steps)) == []
    assert arrows(assembled(*steps, matcher="seed")) == ["split.validation_data -> train.training_data"]


def test_a_step_does_not_feed_itself() -> None:
    both = Step("loop", inputs=("table",), outputs=("table",))
    for matcher in ("contract", "seed"):
        assert arrows(assembled(both, matcher=matcher)) == []


def test_explain_gives_the_decision_and_its_reasons() -> None:
    pipeline = assembled(Load(), Train(), Register())
    binding = pipeline.explain("training", "raw_table")
    assert (binding.outcome, binding.decision) == (Outcome.BOUND, Decision.ONLY_CANDIDATE)
    assert binding.chosen is not None
    assert (binding.chosen.step, binding.chosen.output.name, binding.chosen.tier) == ("Load", "raw_table", Tier.NAME)
    assert binding in pipeline.wiring.bindings

    assert pipeline.explain("training", "weights").outcome is Outcome.MISSING
    with pytest.raises(ValueError, match=r"there is no input training\.raw_tabel \(did you mean 'raw_table'\?\)"):
        pipeline.explain("training", "raw_tabel")
    with pytest.raises(ValueError, match=r"there is no input trainin\.raw_table \(did you mean 'training'\?\)"):
        pipeline.explain("trainin", "raw_table")


def test_the_pipeline_has_an_edge_for_each_pair_that_is_connected() -> None:
    pipeline = assembled(Register(), Train(), Load()).pipeline()
    assert [step.name for step in pipeline.steps] == ["Load", "registration", "training"]
    assert [(edge.source, edge.target) for edge in pipeline.edges] == [("Load", "training"), ("training", "registration")]


def test_several_outputs_that_fit_are_ambiguous_until_somebody_says_which() -> None:
    steps = [Step("one", outputs=("table",)), Step("two", outputs=("table",)), Step("train", inputs=("table",))]
    pipeline = assembled(*steps)
    assert arrows(pipeline) == []
    (problem,) = pipeline.validate()
    assert str(problem) == "warning: train.table: several outputs fit: one.table, two.table"
    assert pipeline.explain("train", "table").outcome is Outcome.AMBIGUOUS

    told_which = assembled(*steps, options=MatchOptions(overrides=(Override("train", "table", "two", "table"),)))
    assert arrows(told_which) == ["two.table -> train.table"]
    assert told_which.validate() == []


def test_a_missing_input_is_told_if_it_is_required() -> None:
    (problem,) = assembled(Train()).validate()
    assert (problem.code, problem.step, problem.input, problem.severity) == ("missing-input", "training", "raw_table", Severity.ERROR)


def test_types_that_cannot_fit_are_told() -> None:
    class Wants:
        name = "wants"

        def get_input_schema(self) -> dict[str, dict[str, object]]:
            return {"job": {"type": "Arn<sagemaker/training-job>"}, "model_data": {"type": "S3Uri[content=model]"}}

        def get_output_schema(self) -> dict[str, dict[str, object]]:
            return {}

    pipeline = assembled(Load(), Train(), Wants())
    (problem,) = pipeline.validate()
    assert (problem.code, problem.step, problem.input, problem.severity) == ("type-mismatch", "wants", "job", Severity.ERROR)
    assert "Name<training-job> -> Arn<sagemaker/training-job>" in problem.message


def test_a_connection_that_would_close_a_cycle_is_refused_and_told() -> None:
    steps = [Step("a", inputs=("there",), outputs=("back",)), Step("b", inputs=("back",), outputs=("there",)), Step("c", inputs=("there",))]
    for order in (steps, steps[::-1]):
        pipeline = assembled(*order)
        assert arrows(pipeline) == ["b.there -> a.there", "b.there -> c.there"]
        assert told(pipeline) == [("cycle", "b", "back")]
        assert pipeline.explain("b", "back").outcome is Outcome.MISSING
        assert [(one.step, one.output.name) for one in pipeline.explain("b", "back").refused] == [("a", "back")]


def test_the_surer_connection_stays_where_two_would_close_a_cycle() -> None:
    class Aliased(Step):
        def get_output_properties(self) -> dict[str, str]:
            return dict.fromkeys(self.outputs, "forth")  # type: ignore[return-value]

    steps = [Aliased("z", inputs=("back",), outputs=("there",)), Step("a", inputs=("forth",), outputs=("back",))]
    pipeline = assembled(*steps)
    assert arrows(pipeline) == ["a.back -> z.back"]
    assert told(pipeline) == [("cycle", "a", "forth")]


def test_one_output_on_two_inputs_of_a_step_is_told() -> None:
    class Both:
        name = "both"
        inputs = ("table", "rows")

        def get_input_requirements(self) -> dict[str, str]:
            return {"table": "The rows", "rows": "The rows"}

    class Gives:
        name = "gives"

        def get_output_properties(self) -> dict[str, str]:
            return {"table": "rows"}

    assert told(assembled(Gives(), Both())) == [("output-taken-twice", "both", "rows"), ("output-taken-twice", "both", "table")]


def test_a_type_that_is_the_only_one_of_its_kind_joins_where_names_do_not() -> None:
    class Wants:
        name = "wants"

        def get_input_schema(self) -> dict[str, dict[str, object]]:
            return {"of": {"type": "Name<training-job>"}}

    pipeline = assembled(Load(), Train(), Wants())
    assert "training.job -> wants.of" in arrows(pipeline)
    chosen = pipeline.explain("wants", "of").chosen
    assert chosen is not None and chosen.tier is Tier.TYPE


def test_steps_of_different_job_types_are_kept_apart() -> None:
    steps = [
        Step("load_training", outputs=("table",)),
        Step("load_calibration", outputs=("table",)),
        Step("prepare_training", inputs=("table",)),
        Step("prepare_calibration", inputs=("table",)),
    ]
    for order in (steps, steps[::-1]):
        assert arrows(assembled(*order)) == [
            "load_calibration.table -> prepare_calibration.table",
            "load_training.table -> prepare_training.table",
        ]


def test_a_word_in_common_is_suggested_but_not_bound() -> None:
    pipeline = assembled(Step("score", outputs=("churn_scores",)), Step("report", inputs=("scores",)))
    binding = pipeline.explain("report", "scores")
    assert binding.chosen is None
    assert [(one.step, one.output.name, one.tier) for one in binding.suggestions] == [("score", "churn_scores", Tier.KEYWORDS)]
    assert told(pipeline) == [("missing-input", "report", "scores")]


def test_names_of_the_configuration_join_too() -> None:
    class Config:
        def __init__(self) -> None:
            self.output_names = {"model": "ModelArtifacts"}

    producer, consumer = Step("train", outputs=("model",)), Step("deploy", inputs=("model_artifacts",))
    assert arrows(assembled(producer, consumer)) == []
    producer.config = Config()  # type: ignore[attr-defined]
    assert arrows(assembled(producer, consumer)) == ["train.model -> deploy.model_artifacts"]


# --- replay ---


def recorded(*builders: object) -> list[PipelineEvent]:
    pipeline, events = EventDrivenPipelineBuilder(), list[PipelineEvent]()
    for event_type in ("step_registered", "output_declared"):
        pipeline.event_bus.subscribe(event_type, events.append)
    for builder in builders:
        pipeline.register_step(builder)
    return events


def test_events_wire_another_builder_alike() -> None:
    events = recorded(Load(), Train(), Register())
    other = EventDrivenPipelineBuilder()
    for event in (*events[::-1], *events):
        assert other.event_bus.publish(event) == []
    assert arrows(other) == arrows(assembled(Load(), Train(), Register()))


def test_an_event_of_the_first_design_is_enough() -> None:
    pipeline = assembled(Train())
    assert pipeline.event_bus.publish(PipelineEvent("step_registered", "load", {"builder": Load(), "inputs": {}, "outputs": {}})) == []
    assert arrows(pipeline) == ["load.raw_table -> training.raw_table"]


def test_an_output_may_be_declared_beside_the_steps_own() -> None:
    pipeline = EventDrivenPipelineBuilder()
    beside = {"step": "source", "output": "raw_table", "property_path": None, "type": "S3Uri"}
    assert pipeline.event_bus.publish(PipelineEvent("output_declared", "source", beside)) == []
    pipeline.register_step(Train())
    assert arrows(pipeline) == []  # whoever declares it is not registered
    pipeline.register_step(Step("source"))
    assert arrows(pipeline) == ["source.raw_table -> training.raw_table"]

    (error,) = pipeline.event_bus.publish(PipelineEvent("output_declared", "source", {**beside, "type": "Integer"}))
    assert str(error.error) == "output source.raw_table is declared in 2 different ways"
    assert pipeline.explain("training", "raw_table").chosen is not None


def test_a_name_that_is_taken_comes_back_as_the_handlers_error() -> None:
    pipeline = assembled(Load())
    (error,) = pipeline.event_bus.publish(PipelineEvent("step_registered", "Load", {"builder": Load()}))
    assert isinstance(error.error, ValueError)
    assert "taken by another Load" in str(error)


# --- the first design's matcher ---


def test_the_seed_connects_every_pair_that_shares_a_word_whatever_the_order() -> None:
    steps = [
        Step("split", inputs=("raw_data",), outputs=("train_data", "test_data")),
        Step("train", inputs=("training_data", "Params"), outputs=("model_data",)),
    ]
    wanted = [
        "train.model_data -> split.raw_data",
        "split.test_data -> train.training_data",
        "split.train_data -> train.training_data",
    ]
    for order in (steps, steps[::-1]):
        pipeline = assembled(*order, matcher="seed")
        assert arrows(pipeline) == wanted
        assert pipeline.explain("train", "training_data").outcome is Outcome.AMBIGUOUS
        assert pipeline.explain("train", "Params").outcome is Outcome.MISSING


def test_the_predicate_and_what_is_made_of_it_can_be_overridden() -> None:
    class Own(EventDrivenPipelineBuilder):
        def _can_connect(self, input_name: str, input_desc: str, output_name: str, output_desc: str) -> bool:
            return input_name.removeprefix("in_") == output_name.removeprefix("out_")

        def _create_connection(self, producer_step: str, output_name: str, consumer_step: str, input_name: str) -> None:
            super()._create_connection(producer_step.upper(), output_name, consumer_step, input_name)

    pipeline = Own("seed")
    pipeline.register_step(Step("a", outputs=("out_rows",)))
    pipeline.register_step(Step("b", inputs=("in_rows", "in_other")))
    assert arrows(pipeline) == ["A.out_rows -> b.in_rows"]


def test_any_other_matcher_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="matcher is 'contract' or 'seed', not 'best'"):
        EventDrivenPipelineBuilder("best")  # type: ignore[arg-type]
