"""The order of steps, as nodes and edges."""

from __future__ import annotations

from graphlib import TopologicalSorter


class PipelineDAG:
    """A directed graph of step names."""

    def __init__(self, nodes: list[str] | None = None, edges: list[tuple[str, str]] | None = None) -> None:
        self.nodes: list[str] = list(nodes or [])
        self.edges: list[tuple[str, str]] = []
        for source, target in edges or []:
            self.add_edge(source, target)

    def add_node(self, name: str) -> None:
        if name not in self.nodes:
            self.nodes.append(name)

    def add_edge(self, source: str, target: str) -> None:
        self.add_node(source)
        self.add_node(target)
        self.edges.append((source, target))

    def dependencies(self, name: str) -> list[str]:
        return [source for source, target in self.edges if target == name]

    def build_order(self) -> list[str]:
        """Every node after its dependencies; raises graphlib.CycleError."""
        return list(TopologicalSorter({name: self.dependencies(name) for name in self.nodes}).static_order())
