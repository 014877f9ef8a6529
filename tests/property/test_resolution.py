"""Resolution on generated answers: every value is found under its path, and nothing but a ResolutionError comes of anything."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from executions import EXECUTION, arn, entry
from hypothesis import given, settings
from hypothesis import strategies as st

from contract_lint.model.property_path import PropertyPath, parse
from contract_lint.resolution import RecordedExecution, ResolutionError
from contract_lint.resolution.asking import ASKINGS, EMR, Asking
from contract_lint.resolution.paths import reference_of
from contract_lint.sagemaker.service_model import Shape, service_model
from contract_lint.sagemaker.step_kinds import StepKind, kind_named
from contract_lint.sagemaker.verdicts import Reaches
from contract_lint.sagemaker.walk import walk

#: The lists whose items the service knows by name, with the member that holds it.
NAMED = {"Outputs": "OutputName", "ProcessingInputs": "InputName", "FinalMetricDataList": "MetricName"}
KEYS = st.text(st.characters(codec="utf-8", exclude_characters="'\"[]{}\0", exclude_categories=("Cs", "Cc")), min_size=1, max_size=8)
DEPTH = 6
LEAVES = {
    "string": st.text(max_size=12),
    "integer": st.integers(-5, 5),
    "long": st.integers(),
    "float": st.floats(allow_nan=False, allow_infinity=False),
    "double": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "timestamp": st.just("2026-03-01T10:00:00+00:00"),
}


def values(service: str, name: str, depth: int = DEPTH) -> st.SearchStrategy[Any]:
    """Values of a shape, in part: structures have some of their members."""
    shape = service_model().shape(service, name)
    if shape.type == "structure":
        return structures(shape, shape.members, depth)
    if shape.type == "list":
        return st.lists(st.deferred(lambda: values(service, str(shape.item), depth - 1)), max_size=2 if depth > 0 else 0)
    if shape.type == "map":
        return st.dictionaries(KEYS, st.deferred(lambda: values(service, str(shape.item), depth - 1)), max_size=2 if depth > 0 else 0)
    return LEAVES[shape.type]


@st.composite
def structures(draw: st.DrawFn, shape: Shape, members: dict[str, str], depth: int) -> dict[str, Any]:
    if depth <= 0 or not members:
        return {}
    chosen = draw(st.lists(st.sampled_from(sorted(members)), min_size=1, max_size=6, unique=True))
    return {name: draw(values(shape.service, members[name], depth - 1)) for name in chosen}


def properties(kind: StepKind) -> st.SearchStrategy[dict[str, Any]]:
    shapes = [service_model().shape(kind.service, name) for name in kind.shapes]
    members = {name: target for shape in shapes for name, target in shape.members.items()}
    return structures(shapes[0], members, DEPTH).map(named)


def named(value: Any, at: str = "") -> Any:
    """The same with names for the items of lists that have them, each once."""
    if isinstance(value, dict):
        return {key: named(item, key) for key, item in value.items()}
    if isinstance(value, list):
        items = [named(item) for item in value]
        return [{**item, NAMED[at]: f"name {n}"} if at in NAMED and isinstance(item, dict) else item for n, item in enumerate(items)]
    return value


def paths(value: Any, service: str, name: str, path: str, at: str) -> Iterator[tuple[str, Any]]:
    """Every path to a value of a shape: the shape tells maps from structures."""
    shape = service_model().shape(service, name)
    if shape.type == "structure":
        for member, item in value.items():
            yield from paths(item, service, shape.members[member], f"{path}.{member}", member)
    elif shape.type == "map":
        for key, item in value.items():
            yield from paths(item, service, str(shape.item), f"{path}['{key}']", "")
    elif shape.type == "list":
        for position, item in enumerate(value):
            yield from paths(item, service, str(shape.item), f"{path}[{position}]", "")
            if at in NAMED and isinstance(item, dict):
                yield from paths(item, service, str(shape.item), f"{path}['{item[NAMED[at]]}']", "")
    else:
        yield path, value


def recorded(key: str, how: Asking, answer: dict[str, Any]) -> RecordedExecution:
    """An execution with one step and one answer, which has been given the identity that the step's metadata name."""
    metadata = {"ClusterId": "j-1", "StepId": "s-1"} if how is EMR else {"Arn": arn("job/step-1")}
    described = {"Step": {**answer, "Id": "s-1"}} if how is EMR else {**answer, how.identity: arn("job/step-1")}
    return RecordedExecution(
        {
            "DescribePipelineExecution": {"PipelineExecutionArn": EXECUTION, "PipelineExecutionStatus": "Succeeded"},
            "ListPipelineExecutionSteps": {"PipelineExecutionSteps": [entry("Step", Metadata={key: metadata})]},
            "Described": [described],
        }
    )


@pytest.mark.parametrize("key", sorted(ASKINGS))
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_every_value_that_walk_reaches_is_found(key: str, data: st.DataObject) -> None:
    how = ASKINGS[key]
    kind = kind_named(how.kinds[0])
    assert kind is not None
    answer = data.draw(properties(kind))
    run = recorded(key, how, answer).describe_step("Step")
    members = {name: target for shape in kind.shapes for name, target in service_model().shape(kind.service, shape).members.items()}
    for member, held in answer.items():
        # What the path leads past is told elsewhere: the identity, which the record overrides.
        if member in (how.identity, "Id"):
            continue
        for path, value in paths(held, kind.service, members[member], f".{member}", member):
            written = f"properties{path}"
            read = parse(written)
            assert isinstance(read, PropertyPath), written
            reached = isinstance(walk(reference_of("Step", written), kind, strict=False), Reaches)
            argument = kind.name == "EMR" and member in kind.extras
            assert reached or argument, written
            assert run.get_property(written) == value, written


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KNOWN = st.sampled_from([*sorted(ASKINGS), "Lambda", "Condition", "ForEach", "Lineage", "Athena"])
PATHS = st.sampled_from(
    [
        "properties",
        "properties.ModelArtifacts.S3ModelArtifacts",
        "properties.Outputs['x']",
        "properties.Outcome",
        "properties.ProcessingOutputConfig.Outputs['a'].S3Output.S3Uri",
        "properties.ActionArns['a']",
        "Steps.A.HyperParameters[0]",
        "properties..",
        "",
    ]
)


@given(
    entries=st.lists(
        st.fixed_dictionaries(
            {"StepName": st.sampled_from(["A", "B"])},
            optional={
                "StepStatus": JSON | st.sampled_from(["Succeeded", "Failed", "Executing"]),
                "StartTime": JSON,
                "AttemptCount": JSON,
                "Metadata": JSON
                | st.dictionaries(KNOWN, JSON | st.fixed_dictionaries({"Arn": JSON, "OutputParameters": JSON, "Outcome": JSON})),
                "CacheHitResult": JSON | st.just({"SourcePipelineExecutionArn": "x"}),
                "IterationContext": JSON,
            },
        ),
        max_size=3,
    ),
    others=st.fixed_dictionaries(
        {},
        optional={
            "DescribePipelineExecution": JSON | st.fixed_dictionaries({"SelectiveExecutionConfig": JSON}),
            "DescribePipelineDefinitionForExecution": JSON | st.fixed_dictionaries({"PipelineDefinition": JSON.map(str)}),
            "Described": st.lists(st.dictionaries(st.sampled_from(["TrainingJobArn", "Step"]), JSON, max_size=2), max_size=2),
        },
    ),
    path=PATHS,
)
def test_whatever_a_record_holds_there_is_a_value_or_an_explanation(entries: list[Any], others: dict[str, Any], path: str) -> None:
    try:
        execution = RecordedExecution({"ListPipelineExecutionSteps": {"PipelineExecutionSteps": entries}, **others})
        execution.is_final("A")
        execution.describe_step("A").get_property(path)
    except ResolutionError as error:
        assert str(error)


@given(JSON)
def test_whatever_is_given_as_a_record_is_one_or_is_refused(given: Any) -> None:
    try:
        RecordedExecution(given if isinstance(given, dict) else {"PipelineExecutionSteps": given})
    except ResolutionError as error:
        assert str(error)
