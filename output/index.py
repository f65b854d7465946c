"""The open index: what every query asks. It never loads the graph."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import orjson

if TYPE_CHECKING:
    from output.text import Words

FILE = "export/index.sqlite"
VERSION = "4"  # counted up whenever what an export writes there changes

_NODE = "SELECT id, type, doc FROM node JOIN content ON content.number = node.number"
_OUTGOING = """
SELECT edge.type, edge.doc, node.id, node.type, content.doc
FROM edge JOIN node ON node.number = edge.target JOIN content ON content.number = edge.target
WHERE edge.source = (SELECT number FROM node WHERE id = ?1)
AND (?2 = '[]' OR edge.type IN (SELECT value FROM json_each(?2)))
ORDER BY edge.type, node.start, node.id, edge.doc
"""
_INCOMING = (
    _OUTGOING.replace("edge.target", "edge.TARGET").replace("edge.source", "edge.target").replace("TARGET", "source")
)


class IndexFileError(RuntimeError):
    """There is no index, or it is not one that can be read: where, and what to do."""


class OtherVersionError(IndexFileError):
    """The index was made by another version of this program."""


class UnknownIdError(ValueError):
    """No node has this id."""


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph: id, type, and everything known of it (as in ``graph.json``)."""

    id: str
    type: str
    data: dict[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return str(self.data["name"])

    @property
    def sources(self) -> tuple[str, ...]:
        """The addresses of the pages that state anything of it, in order, each once."""
        return tuple(dict.fromkeys(source["url"] for source in self.data["sources"]))


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge, seen from one end: ``other`` is the node at the other end, ``outgoing`` whether it leads there."""

    type: str
    other: Node
    outgoing: bool
    data: dict[str, Any] = field(repr=False)


class Index:
    """Answers questions from the index file. Open it with ``open_index``; use it as a context manager."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise IndexFileError(f"{path}: there is no index yet; run: recroise export (or recroise demo)")
        self._path = path
        self._words: Words | None = None
        # immutable: an index is never changed, only replaced; so nothing has to be locked, or written for a lock.
        self._database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            self._meta: dict[str, str] = dict(self._database.execute("SELECT key, value FROM meta"))
        except sqlite3.DatabaseError as error:
            self._database.close()
            raise IndexFileError(f"{path}: not an index ({error}); run: recroise export") from None
        if self._meta.get("version") != VERSION:
            self._database.close()
            raise OtherVersionError(f"{path}: an index of another version; run: recroise export")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    @property
    def whole(self) -> bool:
        """Whether the folder that belongs to the file is there."""
        return (self._path.parent / self._meta["words"]).is_dir()

    @property
    def when(self) -> str:
        """The instant of the newest reading in it."""
        return self._meta["when"]

    @cached_property
    def sources(self) -> list[dict[str, str]]:
        """The sources of the graph: id, licence, and what is known of name, url, community and region."""
        return list(orjson.loads(self._meta["sources"]))

    @property
    def words(self) -> "Words":
        """The word index, opened when it is first asked for."""
        if self._words is None:
            from output.text import Words

            folder = self._path.parent / self._meta["words"]
            try:
                self._words = Words(folder)
            except (OSError, ValueError) as error:
                raise IndexFileError(f"{folder}: no word index ({error}); run: recroise export") from None
        return self._words

    def node(self, name: str) -> Node:
        """Return the node of an id, or the one that it was merged into; UnknownIdError where there is none."""
        query = f"{_NODE} WHERE id = coalesce((SELECT new FROM redirect WHERE old = ?1), ?1)"
        if (row := self._one(query, name)) is None:
            raise UnknownIdError(f"{name}: no node has this id; 'recroise search' shows ids")
        return Node(row[0], row[1], orjson.loads(row[2]))

    def edges(self, node: str, types: Sequence[str] = ()) -> list[Edge]:
        """Return a node's edges, both ways, in a fixed order; of ``types`` alone where given."""
        wanted = orjson.dumps(list(types)).decode()
        found = []
        for outgoing, query in ((True, _OUTGOING), (False, _INCOMING)):
            for kind, doc, other, other_type, other_doc in self._database.execute(query, (node, wanted)):
                found.append(Edge(kind, Node(other, other_type, orjson.loads(other_doc)), outgoing, orjson.loads(doc)))
        return found

    def by_number(self, numbers: Iterable[int]) -> list[Node]:
        """Return the nodes of numbers that the word index gave, in their order."""
        query = f"{_NODE} WHERE node.number = ?"
        found = (self._one(query, number) for number in numbers)
        return [Node(row[0], row[1], orjson.loads(row[2])) for row in found if row]

    def rows(self, query: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query on the index's own tables: for ``search`` and ``met``."""
        yield from self._database.execute(query, values)

    def _one(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._database.execute(query, values).fetchone()
        return row


def is_of_another_version(data: Path) -> bool:
    """Return whether a data directory has an index that another version made, which only a new export can replace."""
    try:
        open_index(data).close()
    except OtherVersionError:
        return True
    except IndexFileError:
        return False
    return False


def open_index(data: Path) -> Index:
    """Open the index of a data directory, or an index file.

    Raises:
        IndexFileError: when there is none that can be read.
    """
    path = data if data.suffix == ".sqlite" else data / FILE
    index = Index(path)
    if not index.whole:
        # An export was just replacing it: what is there now is the new one.
        index.close()
        index = Index(path)
    return index
