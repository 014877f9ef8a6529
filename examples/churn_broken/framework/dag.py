"""Which step comes after which."""

from __future__ import annotations

from graphlib import TopologicalSorter


class PipelineDAG:
    """Step names and the edges between them."""

    def __init__(self) -> None:
        self.nodes: list[str] = []
        self.edges: list[tuple[str, str]] = []

    def add_node(self, name: str) -> None:
        self.nodes.append(name)

    def add_edge(self, source: str, target: str) -> None:
        self.edges.append((source, target))

    def parents(self, name: str) -> list[str]:
        return [source for source, target in self.edges if target == name]

    def order(self) -> list[str]:
        return list(TopologicalSorter({name: self.parents(name) for name in self.nodes}).static_order())
