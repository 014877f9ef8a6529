"""The order of steps on generated graphs, with networkx as the judge."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from wired import edges, pipeline, step

from contract_lint.assembly import graph
from contract_lint.assembly.graph import Order, bits, cycles, places_of

NAMES = "abcdefgh"
pairs_of = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=18, unique=True)


def settled(test: Callable[..., None]) -> Callable[..., None]:
    """The same examples in every run."""
    return seed(0)(settings(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))(test))


def judge_of(pairs: list[tuple[str, str]]) -> nx.DiGraph[str]:
    made: nx.DiGraph[str] = nx.DiGraph()
    made.add_nodes_from(NAMES)
    made.add_edges_from(pairs)
    return made


@settled
@given(pairs_of, st.permutations(NAMES), st.randoms(use_true_random=False))
def test_each_step_stands_behind_what_it_comes_after(pairs: list[tuple[str, str]], names: list[str], chance: object) -> None:
    order = Order(NAMES, pairs)
    components = list(nx.strongly_connected_components(judge_of(pairs)))
    together = {name: component for component in components for name in component}
    for source, target in pairs:
        assert order.places[source] < order.places[target] or target in together[source]
    for component in components:
        places = sorted(order.places[name] for name in component)
        assert places == list(range(places[0], places[0] + len(places)))
    shuffled = list(pairs)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Order(names, shuffled).names == order.names


@settled
@given(pairs_of, st.sampled_from([(graph._CLOSURE_LIMIT, graph._NEAR, graph._KEPT), (3, 1, 1), (3, 1, 3), (100, 1, 2)]))
def test_predecessors_and_distances(pairs: list[tuple[str, str]], limits: tuple[int, int, int]) -> None:
    """Whatever way they are found."""
    proper = judge_of([pair for pair in pairs if pair[0] != pair[1]])
    with pytest.MonkeyPatch.context() as patch:
        for name, limit in zip(("_CLOSURE_LIMIT", "_NEAR", "_KEPT"), limits, strict=True):
            patch.setattr(graph, name, limit)
        order = Order(NAMES, pairs)
        for name in NAMES:
            place = order.places[name]
            before = nx.ancestors(proper, name)
            on_cycle = {name} if any(name in nx.descendants(proper, one) for one in proper.successors(name)) else set()
            assert {order.names[one] for one in places_of(order.ancestors(place))} == before | on_cycle
            assert {one for one in NAMES if order.precedes(order.places[one], place)} == before | on_cycle
            expected = sorted((nx.shortest_path_length(proper, one, name), order.places[one]) for one in before)
            assert order.nearest(place, bits(order.places[one] for one in before), len(NAMES)) == (expected, False)


@settled
@given(pairs_of)
def test_one_shortest_cycle_of_each_tangle(pairs: list[tuple[str, str]]) -> None:
    texts = [f"{source} -> {target}" for source, target in pairs]
    found = cycles(pipeline([step(name) for name in NAMES], edges(*texts)))
    judge = judge_of(pairs)
    loops = {(name,) for name in NAMES if judge.has_edge(name, name)}
    assert {one for one in found if len(one) == 1} == loops
    longer = [one for one in found if len(one) > 1]
    tangles = [component for component in nx.strongly_connected_components(judge) if len(component) > 1]
    assert sorted(min(component) for component in tangles) == [one[0] for one in longer]
    for one in longer:
        assert all(judge.has_edge(source, target) for source, target in zip(one, (*one[1:], one[0]), strict=True))
        back = [
            nx.shortest_path_length(judge, after, one[0])
            for after in judge.successors(one[0])
            if after != one[0] and nx.has_path(judge, after, one[0])
        ]
        assert len(one) == min(back) + 1
    assert list(found) == sorted(found)
