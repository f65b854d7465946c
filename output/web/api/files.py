"""The files of an export that are handed out whole: their names, sizes and digests, and the log of changes by line."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import orjson

from output.names import CHANGES

# Not the index: it is only of use together with its folder, and made anew from the graph.
MEDIA_TYPES = {
    "graph.json": "application/json",
    "records.jsonl": "application/jsonl",
    "graph.graphml": "application/graphml+xml",
    "places.geojson": "application/geo+json",
    "sources.json": "application/json",
    "health.json": "application/json",
    "erasures.json": "application/json",
    CHANGES: "application/jsonl",
    "changes.atom": "application/atom+xml",
    "NOTICE.md": "text/markdown; charset=utf-8",
}


def files(export: Path) -> list[Path]:
    """Return the files of an export, by name."""
    return [export / name for name in sorted(MEDIA_TYPES) if (export / name).is_file()]


def digest(path: Path) -> str:
    """Return the SHA-256 of a file, worked out once as long as the file stays the same."""
    stat = path.stat()
    return _digest(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=4 * len(MEDIA_TYPES))
def _digest(path: Path, *_: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log: the change's id and instant, and where in the file it stands."""

    id: str
    when: str
    start: int
    size: int


def changes(export: Path) -> tuple[Line, ...]:
    """Return the lines of the log of changes, the oldest first; none where there is no log."""
    path = export / CHANGES
    try:
        stat = path.stat()
    except FileNotFoundError:
        return ()
    return _lines(path, stat.st_ino, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=2)
def _lines(path: Path, *_: int) -> tuple[Line, ...]:
    found, start = [], 0
    with path.open("rb") as file:
        for line in file:
            change = orjson.loads(line)
            found.append(Line(change["id"], change["when"], start, len(line)))
            start += len(line)
    return tuple(found)


__all__ = ["MEDIA_TYPES", "Line", "changes", "digest", "files"]
