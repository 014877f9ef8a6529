"""The order of a pipeline's steps: places, predecessors, distances, cycles.

Only `graph_of` and what looks at cycles import networkx: a tenth of a second that a run without them does not pay.
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from contract_lint.model.pipeline import Given, Pipeline

if TYPE_CHECKING:
    import networkx as nx

#: Up to this many steps the predecessors of all are kept as one bit each: 50 MB at most.
_CLOSURE_LIMIT = 20_000
#: After so many steps looked at, the distance to a few far producers is measured from them.
_NEAR = 16
_FEW = 16
#: Of how many producers, if they are often asked for, the distances to all consumers are kept.
_KEPT = 64


def links(pipeline: Pipeline, *, certain: bool = False) -> list[tuple[str, str]]:
    """All pairs (producer, consumer) of steps of the pipeline that are joined by an edge or by a reference, sorted, each once.

    A reference is an edge: SageMaker runs the consumer after the producer. With ``certain``, edges that exist on some paths through
    the code only are left out.
    """
    names = {step.name for step in pipeline.steps}
    found = {(edge.source, edge.target) for edge in pipeline.edges if edge.certain or not certain}
    found.update((one.producer, one.step) for one in pipeline.given if one.given is Given.REFERENCE and one.producer is not None)
    return sorted((source, target) for source, target in found if source in names and target in names)


def graph_of(pipeline: Pipeline) -> nx.DiGraph[str]:
    """The pipeline's steps as nodes, in their order, and its `links` as edges."""
    import networkx as nx

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(order_of(pipeline).names)
    graph.add_edges_from(links(pipeline))
    return graph


def cycles(pipeline: Pipeline) -> tuple[tuple[str, ...], ...]:
    """The cycles that certainly exist, each as the names along it, beginning with the first by name; sorted.

    Every step that links to itself is one. Of all other cycles among the same steps (a strongly connected component) one is given: a
    shortest through the component's first step by name, and of those the first by the names along it.
    """
    pairs = links(pipeline, certain=True)
    own = [(source,) for source, target in pairs if source == target]
    others = [pair for pair in pairs if pair[0] != pair[1]]
    tangled = _tangled({name for pair in others for name in pair}, others)
    if not tangled:
        return tuple(sorted(own))
    after: dict[str, list[str]] = {}
    for source, target in others:
        after.setdefault(source, []).append(target)
    components = _components(tangled, others)
    return tuple(sorted([*own, *(_shortest(component, after) for component in components if len(component) > 1)]))


def _shortest(component: Sequence[str], after: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """A shortest cycle through the first of a component's steps."""
    first, inside = min(component), frozenset(component)
    came_from: dict[str, str] = {}
    waiting = deque([first])
    while waiting:
        at = waiting.popleft()
        for name in after.get(at, ()):
            if name == first:
                path = [at]
                while path[-1] != first:
                    path.append(came_from[path[-1]])
                return tuple(reversed(path))
            if name in inside and name not in came_from:
                came_from[name] = at
                waiting.append(name)
    return (first,)


def _tangled(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The steps that no order can place: those on cycles, and those behind them."""
    rest = set(names)
    rest.difference_update(_sorted_without_cycles(rest, pairs))
    return rest


def _sorted_without_cycles(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Names so that each stands after what links to it, and by name where the links leave it open; without the tangled ones."""
    waiting_for = dict.fromkeys(names, 0)
    after: dict[str, list[str]] = {}
    for source, target in pairs:
        waiting_for[target] += 1
        after.setdefault(source, []).append(target)
    ready = [name for name, count in waiting_for.items() if count == 0]
    heapq.heapify(ready)
    done: list[str] = []
    while ready:
        name = heapq.heappop(ready)
        done.append(name)
        for target in after.get(name, ()):
            waiting_for[target] -= 1
            if waiting_for[target] == 0:
                heapq.heappush(ready, target)
    return done


def _components(names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The strongly connected components of some steps, in an order of theirs, each sorted."""
    import networkx as nx

    known = set(names)
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(known))
    graph.add_edges_from((source, target) for source, target in pairs if source in known and target in known)
    groups = [sorted(group) for group in nx.strongly_connected_components(graph)]
    group_of = {name: group[0] for group in groups for name in group}
    between = {(group_of[source], group_of[target]) for source, target in graph.edges if group_of[source] != group_of[target]}
    by_first = {group[0]: group for group in groups}
    return [by_first[first] for first in _sorted_without_cycles(by_first, between)]


class Order:
    """Steps in an order: each has a place, after all that it comes after; where nothing is said, names decide.

    Steps of a cycle stand next to each other. Steps are given by their places.
    """

    def __init__(self, names: Iterable[str], pairs: Iterable[tuple[str, str]]) -> None:
        """``pairs`` are (producer, consumer) of ``names``, each once; links of a step to itself say nothing about order."""
        given = set(names)
        proper = [pair for pair in pairs if pair[0] != pair[1]]
        straight = _sorted_without_cycles(given, proper)
        rest = given.difference(straight)
        groups = [[name] for name in straight] + (_components(rest, proper) if rest else [])
        self.names = tuple(name for group in groups for name in group)
        self.places = {name: place for place, name in enumerate(self.names)}
        self._cycle: dict[int, range] = {}
        for group in groups:
            if len(group) > 1:
                span = range(self.places[group[0]], self.places[group[-1]] + 1)
                self._cycle.update(dict.fromkeys(span, span))
        before: list[list[int]] = [[] for _ in self.names]
        after: list[list[int]] = [[] for _ in self.names]
        for source, target in proper:
            before[self.places[target]].append(self.places[source])
            after[self.places[source]].append(self.places[target])
        self.before = tuple(tuple(sorted(places)) for places in before)
        self.after = tuple(tuple(sorted(places)) for places in after)
        self._closure: list[int] | None = None
        self._last: tuple[int, int] | None = None
        self._distances: dict[int, list[int]] = {}
        self._spent: dict[int, int] = {}

    def ancestors(self, place: int) -> int:
        """All steps that a step comes after, directly or not, as a set of bits; on a cycle, it is one of them."""
        if len(self.names) <= _CLOSURE_LIMIT:
            if self._closure is None:
                self._closure = self._close()
            return self._closure[place]
        if self._last is None or self._last[0] != place:
            found: set[int] = set()
            for level in self._levels(place):
                found.update(level)
            self._last = (place, bits(found))
        return self._last[1]

    def _close(self) -> list[int]:
        closure: list[int] = []
        for place in range(len(self.names)):
            if len(closure) > place:
                continue
            group = self._cycle.get(place, range(place, place + 1))
            mask = bits(group) if len(group) > 1 else 0
            for source in {source for member in group for source in self.before[member]}:
                if source not in group:
                    mask |= closure[source] | 1 << source
            closure += [mask] * len(group)
        return closure

    def precedes(self, producer: int, consumer: int) -> bool:
        """Whether a step comes before another, directly or not."""
        in_cycle = self._cycle.get(consumer)
        if producer >= consumer and (in_cycle is None or producer not in in_cycle):
            return False
        return bool(self.ancestors(consumer) >> producer & 1)

    def nearest(self, consumer: int, wanted: int, limit: int) -> tuple[list[tuple[int, int]], bool]:
        """The distances and places of the predecessors in ``wanted`` (bits), nearest first, and whether there are more.

        At least ``limit`` of them if there are so many, and all that are as far as the last one.
        """
        missing = set(places_of(wanted & self.ancestors(consumer)))
        found: list[tuple[int, int]] = []
        looked_at = 0
        for distance, level in enumerate(self._levels(consumer), start=1):
            here = sorted(missing.intersection(level))
            found += [(distance, place) for place in here]
            missing.difference_update(here)
            if not missing or len(found) >= limit:
                return found, bool(missing)
            looked_at += len(level)
            if looked_at > _NEAR and len(missing) <= _FEW:
                found += sorted((self._distance(place, consumer), place) for place in missing)
                return found, False
        return found, bool(missing)

    def _levels(self, consumer: int) -> Iterator[list[int]]:
        """The predecessors of a step by their distance; on a cycle, the step itself stands among them."""
        seen: set[int] = set()
        level = list(self.before[consumer])
        while level:
            seen.update(level)
            yield level
            level = list(dict.fromkeys(source for place in level for source in self.before[place] if source not in seen))

    def _distance(self, producer: int, consumer: int) -> int:
        """The distance of two steps of which one precedes the other.

        It is looked for between the two alone, until that has cost as much as measuring all that stands behind the producer.
        """
        if producer not in self._distances:
            end = self._cycle[consumer].stop if consumer in self._cycle else consumer + 1
            self._spent[producer] = self._spent.get(producer, 0) + end - producer
            if self._spent[producer] <= len(self.names):
                return self._distances_from(producer, consumer, end)[consumer]
            if len(self._distances) >= _KEPT:
                oldest = next(iter(self._distances))
                del self._distances[oldest], self._spent[oldest]
            self._distances[producer] = self._distances_from(producer, None, len(self.names))
        return self._distances[producer][consumer]

    def _distances_from(self, producer: int, goal: int | None, end: int) -> list[int]:
        """The distance of each step behind one and before ``end``, 0 for the others; only what is as near as ``goal``, if there is one."""
        found = [0] * end
        level, distance = [producer], 0
        while level and (goal is None or not found[goal]):
            distance += 1
            following: list[int] = []
            for place in level:
                for target in self.after[place]:
                    if target < end and not found[target]:
                        found[target] = distance
                        following.append(target)
            level = following
        return found


def order_of(pipeline: Pipeline) -> Order:
    """The order of a pipeline's steps; all its edges count, also those that exist on some paths through the code only."""
    return Order((step.name for step in pipeline.steps), links(pipeline))


def bits(places: Iterable[int]) -> int:
    """A set of places as one number."""
    held = sorted(set(places))
    if not held:
        return 0
    content = bytearray(held[-1] // 8 + 1)
    for place in held:
        content[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(content, "little")


def places_of(mask: int) -> list[int]:
    """The places in a set that is one number, in order."""
    if mask.bit_count() <= _FEW:
        found: list[int] = []
        while mask:
            found.append((mask & -mask).bit_length() - 1)
            mask &= mask - 1
        return found
    content = mask.to_bytes((mask.bit_length() + 7) // 8, "little")
    return [index * 8 + bit for index, byte in enumerate(content) if byte for bit in range(8) if byte >> bit & 1]
