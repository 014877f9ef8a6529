"""The order of steps: places, predecessors, distances and cycles, with networkx as the judge where it knows the answer."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
from wired import edges, pipeline, reference, step

from contract_lint.assembly import graph
from contract_lint.assembly.graph import Order, bits, cycles, graph_of, links, order_of, places_of


def ordered(names: str, *pairs: str) -> Order:
    return Order(names, [(pair[0], pair[1]) for pair in pairs])


def test_steps_stand_behind_what_they_come_after_and_by_name_else() -> None:
    assert ordered("dcba", "ca", "db").names == ("c", "a", "d", "b")
    assert ordered("cba").names == ("a", "b", "c")


def test_the_order_does_not_depend_on_how_it_is_said() -> None:
    pairs = ["ab", "bc", "xc", "cd", "dx", "yz"]
    for seed in range(20):
        shuffled = random.Random(seed).sample(pairs, len(pairs))
        names = "".join(random.Random(seed).sample("abcdxyz", 7))
        assert ordered(names, *shuffled).names == ordered("abcdxyz", *pairs).names


def test_a_cycle_stands_together_between_what_is_before_and_behind_it() -> None:
    order = ordered("abcxyz", "xy", "yx", "by", "xa")
    assert order.names == ("b", "c", "z", "x", "y", "a")
    assert places_of(order.ancestors(order.places["a"])) == [0, 3, 4]
    assert places_of(order.ancestors(order.places["x"])) == [0, 3, 4]
    assert places_of(order.ancestors(order.places["b"])) == []


def test_precedes() -> None:
    order = ordered("abcxy", "ab", "bc", "xy", "yx", "cx")
    place = order.places
    assert order.precedes(place["a"], place["c"])
    assert not order.precedes(place["c"], place["a"])
    assert order.precedes(place["a"], place["y"])
    assert order.precedes(place["x"], place["y"]) and order.precedes(place["y"], place["x"])
    assert not order.precedes(place["x"], place["a"])


def test_nearest_gives_whole_levels() -> None:
    order = ordered("abcdez", "ab", "bz", "cb", "dc", "ed")
    every = bits(range(len(order.names)))
    found, more = order.nearest(order.places["z"], every, 2)
    assert [(distance, order.names[place]) for distance, place in found] == [(1, "b"), (2, "a"), (2, "c")]
    assert more
    found, more = order.nearest(order.places["z"], every, 10)
    assert [(distance, order.names[place]) for distance, place in found] == [(1, "b"), (2, "a"), (2, "c"), (3, "d"), (4, "e")]
    assert not more


def test_nearest_of_nothing() -> None:
    order = ordered("abc", "ab")
    assert order.nearest(order.places["b"], 0, 5) == ([], False)
    assert order.nearest(order.places["b"], bits([order.places["c"]]), 5) == ([], False)


@pytest.mark.parametrize("limit", [graph._CLOSURE_LIMIT, 3])
@pytest.mark.parametrize("near", [graph._NEAR, 1])
def test_predecessors_and_distances_are_those_of_networkx(monkeypatch: pytest.MonkeyPatch, limit: int, near: int) -> None:
    """Whatever way they are found: with all predecessors kept or not, from the consumer or from the producer."""
    monkeypatch.setattr(graph, "_CLOSURE_LIMIT", limit)
    monkeypatch.setattr(graph, "_NEAR", near)
    monkeypatch.setattr(graph, "_KEPT", 2)
    for seed in range(30):
        chance = random.Random(seed)
        names = [f"s{number}" for number in range(chance.randint(1, 12))]
        pairs = sorted({(chance.choice(names), chance.choice(names)) for _ in range(chance.randint(0, 20))})
        order = Order(names, pairs)
        judge = nx.DiGraph([pair for pair in pairs if pair[0] != pair[1]])
        judge.add_nodes_from(names)
        for name in names:
            before = {one for one in names if one != name and nx.has_path(judge, one, name)}
            on_cycle = any(nx.has_path(judge, after, name) for after in judge.successors(name))
            place = order.places[name]
            assert {order.names[one] for one in places_of(order.ancestors(place))} == before | ({name} if on_cycle else set())
            found, more = order.nearest(place, bits(order.places[one] for one in before), 100)
            assert not more
            assert {(order.names[one], distance) for distance, one in found} == {
                (one, nx.shortest_path_length(judge, one, name)) for one in before
            }
            assert found == sorted(found)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a -> b -> c"], ()),
        (["a -> a"], (("a",),)),
        (["b -> c -> a -> b"], (("a", "b", "c"),)),
        (["a -> b -> a", "c -> d -> c"], (("a", "b"), ("c", "d"))),
        # One for each strongly connected component: a shortest through its first step.
        (["a -> b -> c -> d -> a", "c -> a"], (("a", "b", "c"),)),
        (["a -> c -> a", "a -> b -> a"], (("a", "b"),)),
        # A link to itself is one of its own.
        (["b -> a -> b", "b -> b"], (("a", "b"), ("b",))),
        # What only stands behind a cycle is on none.
        (["a -> b -> a", "b -> z"], (("a", "b"),)),
        (["a -> ghost -> a"], ()),
    ],
)
def test_cycles(given: list[str], expected: tuple[tuple[str, ...], ...]) -> None:
    assert cycles(pipeline([step(name) for name in "abcdz"], *given)) == expected


def test_a_cycle_that_is_not_certain_is_none() -> None:
    steps = [step("a"), step("b")]
    assert cycles(pipeline(steps, "a -> b", edges("b -> a", certain=False))) == ()
    assert cycles(pipeline(steps, "a -> b", edges("b -> a", certain=False), "b -> a")) == (("a", "b"),)


def test_a_reference_is_an_edge() -> None:
    made = pipeline([step("a"), step("b")], "a -> b", given=[reference("a.x", "b", "y"), reference("a.z", "ghost", "y")])
    assert links(made) == [("a", "b"), ("b", "a")]
    assert cycles(made) == (("a", "b"),)


def test_a_dense_cycle_is_found_at_once() -> None:
    """A graph of 60 steps, all linked to all, has more cycles than can be listed."""
    names = [f"s{number:02}" for number in range(60)]
    made = pipeline([step(name) for name in names], *(f"{one} -> {other}" for one in names for other in names if one != other))
    assert cycles(made) == (("s00", "s01"),)


def test_the_graph_for_networkx() -> None:
    made = graph_of(pipeline([step("c"), step("b"), step("a"), step("z")], "c -> a", edges("a -> b", certain=False), "b -> ghost"))
    assert list(made.nodes) == ["c", "a", "b", "z"]
    assert sorted(made.edges) == [("a", "b"), ("c", "a")]


def test_order_of_a_pipeline_counts_uncertain_edges() -> None:
    assert order_of(pipeline([step("a"), step("b")], edges("b -> a", certain=False))).names == ("b", "a")


def test_matching_without_ties_and_cycles_needs_no_networkx() -> None:
    code = """
import sys
sys.path.insert(0, sys.argv[1])
from wired import need, out, step, verdict, wired
wiring = wired([step("A", out("x")), step("B"), step("C", need("x"), need("y"))], "A -> B -> C")
print(verdict(wiring, "C.x"), "networkx" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code, str(Path(__file__).parent.parent)], capture_output=True, text=True, check=True)
    assert done.stdout == "bound T2 A.x (only-candidate) False\n"


def test_bits_and_places() -> None:
    for places in ([], [0], [7, 8], [3, 500, 70_000]):
        assert places_of(bits(places)) == places
