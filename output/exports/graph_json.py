"""The graph as networkx node-link data: the contract's ``graph.json``."""

from pathlib import Path

from graph.build import Graph
from graph.link import save


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the whole graph; the same graph gives the same bytes."""
    save(graph, path)
