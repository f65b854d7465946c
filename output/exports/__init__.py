"""The exports: one module a format, each turning the graph into the bytes of one file."""

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.build import Graph
from graph.link import FILE, GraphError, load
from output import names, published
from output.exports import (
    badges,
    changes,
    erasures,
    geojson,
    graph_json,
    graphml,
    health,
    index,
    lookup,
    notice,
    records,
    sources,
)

FOLDER = "export"


@dataclass(frozen=True)
class Format:
    """A format: its file's name, and the function that writes the graph to a path."""

    name: str
    file: str
    write: Callable[[Graph, Path, Path], None]  # graph, data directory, file to write


FORMATS = {
    each.name: each
    for each in (
        Format("graph", "graph.json", graph_json.write),
        Format("records", "records.jsonl", records.write),
        Format("graphml", "graph.graphml", graphml.write),
        Format("geojson", "places.geojson", geojson.write),
        Format("index", "index.sqlite", index.write),
        Format("lookup", names.LOOKUP, lookup.write),
        Format("sources", "sources.json", sources.write),
        Format("notice", "NOTICE.md", notice.write),
        Format("health", "health.json", health.write),
        Format("badges", "badges", badges.write),
        Format("changes", names.CHANGES, changes.write),
        Format("atom", "changes.atom", changes.write_atom),
        Format("erasures", "erasures.json", erasures.write),
    )
}

VARYING = frozenset(("health",))  # tells when a source was looked at: other bytes after each run

AGAIN = "the last export is whole; make room where the disk is full, and give the command again"

_PREFIX = ".writing-"
_READY = ".ready-"  # written whole, about to be moved to its place


class ExportError(ValueError):
    """What was asked for cannot be exported."""


def export(data: Path, to: Path | None = None, formats: Sequence[str] = ()) -> list[Path]:
    """Write the linked graph out; return the files written, and the folder that belongs to the index.

    Every file is written beside its place first, and all of them are moved there at the end: a run that is killed
    leaves the last export whole. ``to`` is ``<data>/export`` by default, ``formats`` all.

    Raises:
        ExportError: for an unknown format, or when a file cannot be written.
        OSError: the same; it names the file.
        GraphError: when nothing is linked yet.
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        raise ExportError(f"unknown format {', '.join(unknown)}; known: {', '.join(FORMATS)}")
    chosen = [FORMATS[name] for name in formats or FORMATS]
    graph = load(data / FILE)
    folder = to or data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch, index.without_collecting():
        changes.carry_over(folder, scratch)
        for each in chosen:
            try:
                each.write(graph, data, scratch / each.file)
            except sqlite3.Error as error:
                raise ExportError(f"{folder / each.file}: cannot be written: {error}; {AGAIN}") from None
            except OSError as error:
                # Not the file beside its place, which is gone when this is read.
                raise OSError(error.errno, error.strerror, str(folder / each.file)) from None
        for path in sorted(scratch.rglob("*")):
            _sync(path)
        # From here on nothing can fail for want of space: the files are there, only their names change. Killed in
        # between, the next export goes on with it first, so that files of two exports do not stay beside each other.
        ready = folder / scratch.name.replace(_PREFIX, _READY)
        if FORMATS["changes"] not in chosen:
            (scratch / names.CHANGES).unlink(missing_ok=True)
        folders = [path.name for path in scratch.glob(f"{index.FOLDER}*")]
        published.remember(data, folder, "export")
        scratch.rename(ready)
        _publish(ready, folder)
    _sweep(folder)
    return [folder / name for name in (*(each.file for each in chosen), *folders)]


def export_again(data: Path, folder: Path) -> list[Path]:
    """Write anew what of an export lies in a folder, in the formats that are there; return the files written."""
    formats = [each.name for each in FORMATS.values() if (folder / each.file).exists()]
    return export(data, folder, formats) if formats else []


def _sweep(folder: Path) -> None:
    """Remove the folders of indexes that were replaced."""
    current = index.folder_of(folder / FORMATS["index"].file)
    for old in folder.glob(f"{index.FOLDER}*"):
        if old.is_dir() and current is not None and old.name != current.name:
            shutil.rmtree(old)


def _publish(ready: Path, folder: Path) -> None:
    """Move everything that is ready to its place, folders first; of a folder, what is no more in it goes."""
    for made in sorted(ready.iterdir(), key=lambda path: (not path.is_dir(), path.name)):
        place = folder / made.name
        if made.is_dir():
            if place.exists() and made.name.startswith(index.FOLDER):
                shutil.rmtree(made)  # an index is named after its content: it is there already
                continue
            if place.exists():
                place.rename(ready.with_name(f"{_PREFIX}{made.name}"))
            made.rename(place)
            shutil.rmtree(ready.with_name(f"{_PREFIX}{made.name}"), ignore_errors=True)
        else:
            made.replace(place)
    ready.rmdir()
    _sync(folder)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder beside the files' places; what killed runs left is published where it was whole, else swept, first."""
    for left in folder.glob(f"{_READY}*"):
        _publish(left, folder)
    for left in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(left)
    scratch = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=folder))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["FORMATS", "ExportError", "Format", "GraphError", "export", "export_again"]
