"""Graphs made for a measurement."""

from typing import Any

import networkx as nx

READ = "2026-11-01T00:00:00Z"


class Made:
    """A graph of one source that one adds nodes and edges to."""

    def __init__(self, source: str) -> None:
        self._sources = [{"id": source, "url": f"https://{source}.example/", "fetched": READ}]
        self.graph: Any = nx.MultiDiGraph(
            schema="", version=1, when=None, sources=[{"id": source, "licence": "CC0-1.0"}], redirects={}
        )

    def node(self, kind: str, number: int, name: str, **more: Any) -> str:
        """Add a node; return its id."""
        node = f"{kind.lower()}-{number:012x}"
        facts = {"name": [{"value": name, "sources": [0]}]}
        self.graph.add_node(node, type=kind, name=name, alternateName=[], sources=self._sources, facts=facts, **more)
        return node

    def edge(self, source: str, target: str, kind: str) -> None:
        self.graph.add_edge(source, target, key=kind, type=kind, sources=self._sources)
