"""What holds of every wiring, on generated pipelines: with cycles, typos in edges, unknown steps, and names that nearly collide."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import combinations, product

import msgspec
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from wired import at, need, out, pipeline, reference, step, stranger
from wired import edges as edges_of
from wired import given as given_of

from contract_lint.assembly.matcher import match, redecide
from contract_lint.assembly.names import canonical, form, parse_name
from contract_lint.assembly.options import DEFAULTS, AllowList, MatchOptions, Override
from contract_lint.assembly.selection import unique_matching
from contract_lint.model.contract import Port
from contract_lint.model.evidence import Rank
from contract_lint.model.pipeline import Edge, Given, GivenInput, Pipeline, Step
from contract_lint.model.types import Verdict
from contract_lint.model.wiring import Binding, Candidate, Decision, Outcome, Reach, Tier, Wiring


def settled(examples: int = 300) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The same examples in every run."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        chosen = settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        return seed(0)(chosen(test))

    return decorate


# Few names, so that they meet; several spellings of each, and job types.
NAMES = ["data", "Data", "data_training", "data_validation", "model", "model_path", "eval_model", "table", "log"]
TYPES = [None, "S3Uri", "S3Uri[content=dataset]", "S3Uri[content=model]", "S3Uri[content=dataset+model]", "Name<model>", "String"]
STEPS = ["Load", "Prep_training", "Prep_validation", "Train", "Eval", "Pack"]
WORDS = [*STEPS, "Prep", "ProcessingStep", "S3Source"]

names = st.sampled_from(NAMES)
types = st.sampled_from(TYPES)
ranks = st.sampled_from([Rank.DECLARED, Rank.ROLE, Rank.NAME])
some_names = st.lists(names, max_size=1)


@st.composite
def outputs(draw: st.DrawFn) -> list[Port]:
    return [
        out(name, draw(types), rank=draw(ranks), aliases=draw(some_names), certain=draw(st.booleans()))
        for name in draw(st.lists(names, max_size=3, unique=True))
    ]


@st.composite
def inputs(draw: st.DrawFn) -> list[Port]:
    return [
        need(
            name,
            draw(types),
            rank=draw(ranks),
            required=draw(st.booleans()),
            aliases=draw(some_names),
            external=draw(st.sampled_from([None, None, "a default"])),
            sources=draw(st.none() | st.lists(st.sampled_from(WORDS), max_size=2)),
            certain=draw(st.sampled_from([True, True, False])),
        )
        for name in draw(st.lists(names, max_size=3, unique=True))
    ]


@st.composite
def steps(draw: st.DrawFn) -> list[Step]:
    made: list[Step] = []
    for line, name in enumerate(draw(st.lists(st.sampled_from(STEPS), min_size=1, unique=True)), start=1):
        if draw(st.integers(0, 9)) == 0:
            made.append(replace(stranger(name, declared=draw(st.booleans())), span=at(line)))
        else:
            ports = [*draw(inputs()), *draw(outputs())]
            opened = draw(st.sampled_from([None, None, None, None, "unknown-key"]))
            builder = name.partition("_")[0]
            made.append(step(name, *ports, builder=builder, certain=draw(st.booleans()), open_outputs=opened, line=line))
    return made


@st.composite
def edge_lists(draw: st.DrawFn, known: list[str]) -> list[Edge]:
    ends = st.sampled_from([*known, *known, "Ghost"])
    pairs = draw(st.lists(st.tuples(ends, ends, st.sampled_from([True, True, True, False])), max_size=10))
    return [edges_of(f"{source} -> {target}", certain=certain)[0] for source, target, certain in pairs]


@st.composite
def given_values(draw: st.DrawFn, known: list[str]) -> list[GivenInput]:
    made: list[GivenInput] = []
    for line in range(draw(st.integers(0, 2))):
        where = f"{draw(st.sampled_from([*known, 'Ghost']))}.{draw(names)}"
        if draw(st.booleans()):
            made.append(reference(where, draw(st.sampled_from([*known, "Ghost", None])), draw(names | st.none()), line=50 + line))
        else:
            made.append(given_of(where, draw(st.sampled_from([Given.EXTERNAL, Given.UNKNOWN])), "a value", line=60 + line))
    return made


@st.composite
def pipelines(draw: st.DrawFn) -> Pipeline:
    made = draw(steps())
    known = [one.name for one in made]
    open_edges = draw(st.sampled_from([None] * 6 + ["unknown-name"]))
    open_steps = draw(st.sampled_from([None] * 6 + ["unknown-name"]))
    return pipeline(made, draw(edge_lists(known)), given=draw(given_values(known)), open_edges=open_edges, open_steps=open_steps)


OPTIONS = [
    DEFAULTS,
    MatchOptions(everyone=True),
    MatchOptions(aliases=(("data", "log"), ("table", "model")), tags=(("log", "dataset"),)),
    MatchOptions(allow_lists=(AllowList("data", ("Load", "Prep")), AllowList("model", ("Eval",), "Pack"))),
    MatchOptions(overrides=(Override("Train", "data", "load", "table"), Override("Eval", "model"))),
]
options = st.sampled_from(OPTIONS)


def encoded(wiring: Wiring) -> bytes:
    """All that was found; the pipeline itself is as it was given."""
    return msgspec.json.encode((wiring.bindings, wiring.cycles, wiring.dangling, wiring.unplaced))


def shuffled(made: Pipeline, number: int) -> Pipeline:
    """The same pipeline with everything that has no meaning in its order in another one."""
    chance = random.Random(number)

    def mixed(one: Step) -> Step:
        ports = tuple(chance.sample(one.ports, len(one.ports)))
        return replace(one, ports=ports, contract=replace(one.contract, ports=ports) if one.contract is not None else None)

    return replace(
        made,
        steps=tuple(mixed(one) for one in chance.sample(made.steps, len(made.steps))),
        edges=tuple(chance.sample(made.edges, len(made.edges))),
        given=tuple(chance.sample(made.given, len(made.given))),
    )


@settled()
@given(pipelines(), options, st.integers(0, 1000))
def test_no_order_changes_a_byte(made: Pipeline, options: MatchOptions, number: int) -> None:
    """Neither that of steps, edges and ports in the code nor, where every step may feed every other, that of registration."""
    assert encoded(match(shuffled(made, number), options)) == encoded(match(made, options))


@settled()
@given(pipelines(), options)
def test_every_decision_follows_from_its_record(made: Pipeline, options: MatchOptions) -> None:
    for one in match(made, options).bindings:
        blank = replace(one, outcome=Outcome.UNKNOWN, decision=Decision.NOT_KNOWN, chosen=None)
        assert redecide(blank) == one
        assert (one.chosen is not None) == (one.outcome is Outcome.BOUND)
        assert one.chosen is None or one.chosen in one.candidates


@settled()
@given(pipelines(), options)
def test_every_input_has_one_binding(made: Pipeline, options: MatchOptions) -> None:
    found = [(one.step, one.input.name) for one in match(made, options).bindings]
    assert sorted(found) == sorted((one.name, port.name) for one in made.steps for port in one.inputs)


def outcome_of(one: Binding) -> tuple[object, ...]:
    chosen = one.chosen
    fed = None if chosen is None else (chosen.step, chosen.output.name, chosen.tier, chosen.reach, chosen.distance, chosen.via)
    return one.outcome, one.decision, fed, [(each.step, each.output.name) for each in one.candidates]


@settled()
@given(pipelines(), st.sampled_from([one for one in OPTIONS if not one.everyone]), outputs(), inputs())
def test_an_unrelated_step_changes_nothing(made: Pipeline, options: MatchOptions, offered: list[Port], wanted: list[Port]) -> None:
    before = match(made, options)
    more = match(replace(made, steps=(step("Beside", *wanted, *offered, line=99), *made.steps)), options)
    found = {(one.step, one.input.name): one for one in more.bindings}
    for one in before.bindings:
        assert outcome_of(found[one.step, one.input.name]) == outcome_of(one)


@settled()
@given(pipelines(), options)
def test_types_that_contradict_each_other_are_joined_by_names_alone(made: Pipeline, options: MatchOptions) -> None:
    for one in match(made, options).bindings:
        for candidate in (*one.candidates, *one.suggestions):
            if candidate.judgement.verdict is Verdict.ERROR:
                assert candidate.tier - (candidate.reach is Reach.TRANSITIVE) <= Tier.ALIAS


@settled()
@given(pipelines(), options)
def test_a_tie_break_gives_no_output_twice(made: Pipeline, options: MatchOptions) -> None:
    broken = (Decision.UNIQUE_MATCHING, Decision.NEAREST)
    for one, other in combinations([one for one in match(made, options).bindings if one.chosen is not None], 2):
        assert one.chosen is not None and other.chosen is not None
        if one.step == other.step and (one.chosen.step, one.chosen.output) == (other.chosen.step, other.chosen.output):
            later = max(one, other, key=lambda each: each.chosen.tier if each.chosen is not None else 0)
            assert later.decision not in broken
            assert one.chosen.tier != other.chosen.tier or not {one.decision, other.decision} & set(broken)


def maximum_matchings(wants: dict[str, list[tuple[str, str]]]) -> list[dict[str, tuple[str, str]]]:
    """All of them, by trying every way to give each input one of its outputs or none."""
    every = [
        {name: output for name, output in zip(wants, chosen, strict=True) if output is not None}
        for chosen in product(*([None, *outputs] for outputs in wants.values()))
        if len(taken := [output for output in chosen if output is not None]) == len(set(taken))
    ]
    most = max(map(len, every))
    return [one for one in every if len(one) == most]


wants_of = st.dictionaries(st.sampled_from("abcde"), st.lists(st.sampled_from("vwxyz"), max_size=4, unique=True), max_size=5)


@settled(1500)
@given(wants_of)
def test_the_only_maximum_matching_is_found_and_no_other(drawn: dict[str, list[str]]) -> None:
    wants = {name: [("P", output) for output in outputs] for name, outputs in drawn.items()}
    every = maximum_matchings(wants)
    assert unique_matching(wants) == (every[0] if len(every) == 1 else None)


def wanting(outputs: list[str], wants: dict[str, list[str]]) -> Wiring:
    """A step of which each input may take the outputs that have it as another name."""
    offered = [out(output, aliases=[name for name, wanted in wants.items() if output in wanted]) for output in outputs]
    return match(pipeline([step("P", *offered), step("C", *map(need, wants))], "P -> C"))


@settled(600)
@given(wants_of)
def test_a_tie_is_broken_as_the_only_maximum_matching_says(drawn: dict[str, list[str]]) -> None:
    wants = {name: [("P", output) for output in sorted(outputs)] for name, outputs in drawn.items()}
    for one in wanting(list("vwxyz"), drawn).bindings:
        assert [(each.step, each.output.name) for each in one.candidates] == wants[one.input.name]
        if len(one.candidates) < 2:
            continue
        every = maximum_matchings(together(wants, one.input.name))
        expected = every[0].get(one.input.name) if len(every) == 1 else None
        found = None if one.chosen is None else (one.chosen.step, one.chosen.output.name)
        assert found == expected
        assert one.decision is (Decision.SEVERAL if expected is None else Decision.UNIQUE_MATCHING)


def together(wants: dict[str, list[tuple[str, str]]], name: str) -> dict[str, list[tuple[str, str]]]:
    """An input and those that compete with it, directly or through others."""
    held = {name}
    while True:
        outputs = {output for one in held for output in wants[one]}
        more = {one for one in wants if outputs.intersection(wants[one])} | held
        if more == held:
            return {one: wants[one] for one in wants if one in held}
        held = more


@settled()
@given(pipelines(), options)
def test_what_is_certain_nowhere_is_no_tie(made: Pipeline, options: MatchOptions) -> None:
    for one in match(made, options).bindings:
        if one.outcome is Outcome.AMBIGUOUS:
            assert any(candidate.certain for candidate in one.candidates)
        assert one.outcome is not Outcome.UNKNOWN or one.says is not None


def place(candidate: Candidate) -> tuple[int, int, int, str, str]:
    return candidate.tier, candidate.distance, candidate.position, candidate.step, candidate.output.name


@settled()
@given(pipelines(), options)
def test_candidates_are_of_one_tier_and_sorted(made: Pipeline, options: MatchOptions) -> None:
    for one in match(made, options).bindings:
        for listed in (one.candidates, one.elsewhere):
            assert len({candidate.tier for candidate in listed}) <= 1
            assert list(listed) == sorted(listed, key=place)
        held = [(each.step, each.output.name) for each in (*one.candidates, *one.elsewhere, *one.suggestions, *one.refused)]
        assert len(held) == len(set(held))
        assert all(producer != one.step or one.given is not None for producer, _ in held)


@settled()
@given(pipelines())
def test_what_binds_is_a_predecessor(made: Pipeline) -> None:
    pairs = {(edge.source, edge.target) for edge in made.edges}
    pairs |= {(one.producer, one.step) for one in made.given if one.given is Given.REFERENCE and one.producer is not None}
    for one in match(made).bindings:
        for candidate in one.candidates:
            if candidate.reach is Reach.DIRECT:
                assert (candidate.step, one.step) in pairs and candidate.distance == 1
            elif candidate.reach is Reach.TRANSITIVE:
                assert (candidate.step, one.step) not in pairs and candidate.distance > 1
        assert all((candidate.step, one.step) not in pairs for candidate in one.elsewhere)


@settled()
@given(pipelines(), options)
def test_nothing_is_missing_where_something_is_not_known(made: Pipeline, options: MatchOptions) -> None:
    unknown = {one.name for one in made.steps if one.open_outputs is not None or one.contract is None}
    for one in match(made, options).bindings:
        before = {edge.source for edge in made.edges if edge.target == one.step}
        doubtful = made.open_edges or made.open_steps or not one.input.certain or before & {*unknown, "Ghost"} - {one.step}
        if doubtful and one.given is None:
            assert one.outcome is not Outcome.MISSING


SPELLINGS: list[Callable[[list[str]], str]] = [
    "_".join,
    "-".join,
    lambda words: "".join(word.title() for word in words),
    lambda words: "_".join(words).upper(),
    lambda words: words[0] + "".join(word.title() for word in words[1:]),
]
word_lists = st.lists(st.sampled_from(["data", "model", "training", "step", "uri", "eval"]), min_size=1, max_size=4)


@settled()
@given(word_lists, st.sampled_from(SPELLINGS), st.sampled_from(SPELLINGS))
def test_all_spellings_of_a_name_have_one_form(
    words: list[str], one: Callable[[list[str]], str], other: Callable[[list[str]], str]
) -> None:
    assert form(one(words)) == form(other(words))


@settled(1000)
@given(st.text(max_size=12))
def test_any_text_is_a_name(text: str) -> None:
    parsed = parse_name(text)
    assert bool(parsed.form) == bool(form(text)) == bool(text)
    assert form(text) == form(form(text))
    assert canonical(canonical(text)) == canonical(text) or not text.isascii()
