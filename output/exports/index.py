"""The index file that every query opens: nodes, edges and a full-text table in SQLite."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson

from graph.build import Graph
from output.fold import fold

VERSION = 1

Nodes = dict[str, dict[str, Any]]

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    start TEXT,
    end TEXT,
    city TEXT,
    region TEXT,
    latitude REAL,
    longitude REAL,
    doc BLOB NOT NULL
);
CREATE INDEX node_by_type ON node (type, start);
CREATE INDEX node_by_city ON node (city);
CREATE TABLE edge (source TEXT NOT NULL, target TEXT NOT NULL, type TEXT NOT NULL, doc BLOB NOT NULL);
CREATE INDEX edge_by_source ON edge (source, type);
CREATE INDEX edge_by_target ON edge (target, type);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE text USING fts5 (names, about, prefix = '2 3');
"""

# Fields of a node that are searched beside its names.
ABOUT = ("about", "keywords", "jobTitle", "additionalType", "addressLocality", "description")


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the index of a graph; the same graph gives the same bytes."""
    nodes: Nodes = {node: data for node, data in graph.nodes(data=True)}  # noqa: C416 - types
    places = _places(graph)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")  # the file is thrown away when writing fails
        database.execute("PRAGMA synchronous = OFF")  # and synced by whoever moves it to its place
        database.executescript(SCHEMA)
        database.executemany("INSERT INTO meta VALUES (?, ?)", _meta(graph))
        database.executemany(
            "INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (number, node, data["type"], data.get("startDate"), data.get("endDate") or data.get("startDate"),
                 *places[node], orjson.dumps(data))
                for number, (node, data) in enumerate(sorted(nodes.items()), 1)
            ),
        )  # fmt: skip
        database.executemany("INSERT INTO text (rowid, names, about) VALUES (?, ?, ?)", _texts(graph))
        edges = sorted(graph.edges(keys=True, data=True), key=lambda edge: edge[:3])
        database.executemany(
            "INSERT INTO edge VALUES (?, ?, ?, ?)",
            ((source, target, data["type"], orjson.dumps(data)) for source, target, _, data in edges),
        )
        database.executemany("INSERT INTO redirect VALUES (?, ?)", sorted(graph.graph["redirects"].items()))
        database.execute("INSERT INTO text (text) VALUES ('optimize')")
        database.commit()


def _meta(graph: Graph) -> Iterator[tuple[str, str]]:
    yield "version", str(VERSION)
    yield "when", graph.graph.get("when") or ""
    yield "sources", orjson.dumps(graph.graph["sources"]).decode()


def _texts(graph: Graph) -> Iterator[tuple[int, str, str]]:
    nodes: Nodes = {node: data for node, data in graph.nodes(data=True)}  # noqa: C416 - types
    for number, (node, data) in enumerate(sorted(nodes.items()), 1):
        names = fold(" ".join([data["name"], *data["alternateName"]]))
        about = [part for key in ABOUT for part in _list(data.get(key))]
        # What one would say of a thing that its own fields do not: where it was, who spoke, what they work for.
        about += [nodes[other]["name"] for other in sorted({*graph.successors(node)})]
        roles = (edge.get("jobTitle") for _, _, edge in graph.edges(node, data=True))
        about += sorted({role for role in roles if role})
        if data["type"] == "Person":
            about += sorted(_topics(graph, nodes, node))
        yield number, names, fold(" ".join(map(str, about)))


def _topics(graph: Graph, nodes: Nodes, person: str) -> set[str]:
    """What a person's events were about, and what they were called."""
    held = {event for event, _, edge in graph.in_edges(person, data=True) if edge["type"] in ("performer", "organizer")}
    return {text for event in held for text in (nodes[event]["name"], *nodes[event].get("about", []))}


def _places(graph: Graph) -> dict[str, tuple[str | None, str | None, float | None, float | None]]:
    """Return for each node its town (folded), region and point: its own, or its location's."""
    regions = {source["id"]: source.get("region") for source in graph.graph["sources"]}
    found: dict[str, tuple[str | None, str | None, float | None, float | None]] = {}
    nodes: Nodes = {node: data for node, data in graph.nodes(data=True)}  # noqa: C416 - types
    for node, data in nodes.items():
        where = data
        if data["type"] != "Place":
            located = sorted(
                target for _, target, edge in graph.out_edges(node, data=True) if edge["type"] == "location"
            )
            where = nodes[located[0]] if located else {}
        city = where.get("addressLocality")
        region = min(filter(None, (regions.get(source["id"]) for source in data["sources"])), default=None)
        found[node] = (fold(city) if city else None, region, where.get("latitude"), where.get("longitude"))
    return found


def _list(value: Any) -> Iterable[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


__all__ = ["VERSION", "write"]
