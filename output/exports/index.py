"""The index that every query opens: a SQLite file of nodes and edges, and beside it a folder with the word index.

The folder is named after its content and the file says which it is, so that moving the file to its place replaces both
at once. The same graph gives the same bytes in both.
"""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import orjson

from graph.build import Graph
from output import names
from output.exports import words
from output.exports.documents import Document, Indexed
from output.index import VERSION

BATCH = 2_000  # nodes that are written at once
FOLDER = names.INDEX

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE node (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    type TEXT NOT NULL,
    names TEXT NOT NULL,
    start TEXT,
    end TEXT,
    city TEXT,
    territory TEXT, -- of a town whose name stands in several: in which, where that is known
    online INTEGER NOT NULL,
    links INTEGER NOT NULL,
    seen INTEGER
);
-- Apart: a search looks at hundreds of the rows above for each of these.
CREATE TABLE content (number INTEGER PRIMARY KEY, doc BLOB NOT NULL);
CREATE TABLE point (
    number INTEGER NOT NULL, latitude REAL NOT NULL, longitude REAL NOT NULL,
    PRIMARY KEY (number, latitude, longitude)
) WITHOUT ROWID;
CREATE TABLE edge (source INTEGER NOT NULL, target INTEGER NOT NULL, type TEXT NOT NULL, doc BLOB NOT NULL);
CREATE TABLE redirect (old TEXT PRIMARY KEY, new TEXT NOT NULL) WITHOUT ROWID;
"""
# Made once everything is in: a sorted insertion is several times as fast.
INDEXES = """
CREATE INDEX node_by_time ON node (type, start, end);
CREATE INDEX node_by_city ON node (city, territory) WHERE city IS NOT NULL;
CREATE INDEX edge_by_source ON edge (source, type, target);
CREATE INDEX edge_by_target ON edge (target, type, source);
"""


def write(graph: Graph, _data: Path, path: Path) -> None:
    """Write the index of a graph: the file ``path``, and a folder beside it."""
    with without_collecting():
        _write(graph, path)


@contextmanager
def without_collecting() -> Iterator[None]:
    """Look for no cycles: nothing here is cyclic, and looking in a large graph costs as much again as all the rest."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _write(graph: Graph, path: Path) -> None:
    index = Indexed(graph)
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = OFF")  # the file is thrown away when writing fails
        database.execute("PRAGMA synchronous = OFF")  # and synced by whoever moves it to its place
        database.executescript(SCHEMA)
        text = words.write(_filling(database, index), path.parent, FOLDER)
        database.executemany("INSERT INTO meta VALUES (?, ?)", _meta(graph, text.name))
        edges = ((source, target, kind, orjson.dumps(edge)) for source, target, kind, edge in index.edges())
        database.executemany("INSERT INTO edge VALUES (?, ?, ?, ?)", edges)
        database.executemany("INSERT INTO redirect VALUES (?, ?)", sorted(graph.graph["redirects"].items()))
        database.executescript(INDEXES)
        database.commit()


def _filling(database: sqlite3.Connection, index: Indexed) -> Iterator[Document]:
    """Write the nodes to their tables and yield what the word index has of each: once through all that is known."""
    nodes, contents = index.nodes(), index.contents()
    while batch := list(islice(nodes, BATCH)):
        database.executemany("INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (row for _, row, _ in batch))
        # None is kept once it is written: what orjson gives takes a page of memory, however little it says.
        known = zip((row[0] for _, row, _ in batch), contents, strict=False)
        database.executemany("INSERT INTO content VALUES (?, ?)", known)
        points = ((row[0], *point) for _, row, several in batch for point in several)
        database.executemany("INSERT INTO point VALUES (?, ?, ?)", points)
        for document, _, _ in batch:
            yield document


def folder_of(path: Path) -> Path | None:
    """Return the folder of the word index that belongs to an index file; None where it is no such file."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            row = database.execute("SELECT value FROM meta WHERE key = 'words'").fetchone()
    except sqlite3.DatabaseError:
        return None
    return path.parent / row[0] if row else None


def _meta(graph: Graph, text: str) -> Iterator[tuple[str, str]]:
    yield "version", VERSION
    yield "when", graph.graph.get("when") or ""
    yield "sources", orjson.dumps(graph.graph["sources"]).decode()
    yield "words", text


def documents(graph: Graph) -> Iterator[Document]:
    """Yield what the word index is told of each node, in the order of their ids."""
    return Indexed(graph).documents()


__all__ = ["FOLDER", "documents", "folder_of", "write"]
