"""The exports: one module a format, each turning the graph into the bytes of one file."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.build import Graph
from graph.link import FILE, GraphError, load
from output.exports import geojson, graph_json, graphml, index, notice, records, sources

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
        Format("sources", "sources.json", sources.write),
        Format("notice", "NOTICE.md", notice.write),
    )
}

_PREFIX = ".writing-"


class ExportError(ValueError):
    """What was asked for cannot be exported."""


def export(data: Path, to: Path | None = None, formats: Sequence[str] = ()) -> list[Path]:
    """Write the linked graph out; return the files written, and the folder that belongs to the index.

    Every file is written beside its place first, and all of them are moved there at the end: a run that is killed
    leaves the last export whole. ``to`` is ``<data>/export`` by default, ``formats`` all.

    Raises:
        ExportError: for an unknown format.
        GraphError: when nothing is linked yet.
    """
    if unknown := [name for name in formats if name not in FORMATS]:
        raise ExportError(f"unknown format {', '.join(unknown)}; known: {', '.join(FORMATS)}")
    chosen = [FORMATS[name] for name in formats or FORMATS]
    graph = load(data / FILE)
    folder = to or data / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with _scratch(folder) as scratch:
        for each in chosen:
            each.write(graph, data, scratch / each.file)
        made = sorted(scratch.iterdir())
        for path in sorted(scratch.rglob("*")):
            _sync(path)
        # From here on nothing can fail for want of space: the files are there, only their names change. A folder comes
        # before the file that names it; one that is there already has the same content, as its name says.
        folders = [path for path in made if path.is_dir()]
        for path in folders:
            if not (folder / path.name).exists():
                path.rename(folder / path.name)
        for each in chosen:
            (scratch / each.file).replace(folder / each.file)
        _sync(folder)
    _sweep(folder)
    return [folder / name for name in (*(each.file for each in chosen), *(path.name for path in folders))]


def _sweep(folder: Path) -> None:
    """Remove the folders of indexes that were replaced."""
    current = index.folder_of(folder / FORMATS["index"].file)
    for old in folder.glob(f"{index.FOLDER}*"):
        if old.is_dir() and current is not None and old.name != current.name:
            shutil.rmtree(old)


@contextlib.contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder beside the files' places; those that killed runs left are swept first."""
    for left in folder.glob(f"{_PREFIX}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=folder) as scratch:
        yield Path(scratch)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["FORMATS", "ExportError", "Format", "GraphError", "export"]
