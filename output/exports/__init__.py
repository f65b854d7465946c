"""The exports: one module a format, each turning the graph into the bytes of one file."""

import contextlib
import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson
from boltons.fileutils import atomic_save

from graph.state import GRAPH, retention_years
from output import names, published
from output.index import open_index
from output.steps import step

if TYPE_CHECKING:
    from graph.build import Graph

FOLDER = "export"
NOTED = "exported.json"  # of what the last export was made, and how its files were left


@dataclass(frozen=True)
class Format:
    """A format: its file's name, and the function that writes the graph to a path."""

    name: str
    file: str
    write: Callable[["Graph", Path, Path], None]  # graph, data directory, file to write


def _by(module: str, function: str = "write") -> Callable[["Graph", Path, Path], None]:
    """Return a module's function; what it is made of is imported when it is called."""

    def write(graph: "Graph", data: Path, path: Path) -> None:
        getattr(import_module(f"{__name__}.{module}"), function)(graph, data, path)

    return write


FORMATS = {
    each.name: each
    for each in (
        Format("graph", "graph.json", _by("graph_json")),
        Format("records", "records.jsonl", _by("records")),
        Format("graphml", "graph.graphml", _by("graphml")),
        Format("geojson", "places.geojson", _by("geojson")),
        Format("index", "index.sqlite", _by("index")),
        Format("lookup", names.LOOKUP, _by("lookup")),
        Format("sources", "sources.json", _by("sources")),
        Format("notice", "NOTICE.md", _by("notice")),
        Format("health", "health.json", _by("health")),
        Format("badges", "badges", _by("badges")),
        Format("changes", names.CHANGES, _by("changes")),
        Format("atom", "changes.atom", _by("changes", "write_atom")),
        Format("erasures", "erasures.json", _by("erasures")),
    )
}

FOLLOWING = ("sources", "health", "badges")  # tell of runs: they change where the graph does not
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
    from graph.link import load
    from output.exports import index

    chosen = [FORMATS[name] for name in formats or FORMATS]
    folder = to or data / FOLDER
    # From the reading on: what was read before an erasure must not land after it.
    with published.lock(data):
        graph = load(data / GRAPH)
        folder.mkdir(parents=True, exist_ok=True)
        with index.without_collecting():
            files = _write(chosen, graph, data, folder)
        current = index.folder_of(folder / FORMATS["index"].file)
        for old in folder.glob(f"{names.INDEX}*"):  # of indexes that were replaced
            if old.is_dir() and current is not None and old.name != current.name:
                shutil.rmtree(old)
    return files


def renew(data: Path) -> list[Path] | None:
    """Write anew what tells of runs, where all the rest of the last export is what exporting again would give.

    For who knows that the store gives the graph that is there (``graph.state.unchanged``). Returns the files written,
    None where it has to be exported: another graph, erasure, program, contact or retention than ``note`` noted, or a
    file that somebody touched.
    """
    with published.lock(data):
        try:
            noted = orjson.loads((data / NOTED).read_bytes())
        except (FileNotFoundError, orjson.JSONDecodeError):
            return None
        if noted != _state(data):
            return None
        with open_index(data) as index:
            sources = index.sources
        # All that these formats take from the graph: loading it would take longer than all the rest.
        graph = cast("Graph", _Attributes({"sources": sources}))
        return _write([FORMATS[name] for name in FOLLOWING], graph, data, data / FOLDER)


def note(data: Path) -> None:
    """Note of what the export was made that was just written, in all formats, of a graph that was just linked."""
    with atomic_save(str(data / NOTED), overwrite_part=True) as file:
        file.write(orjson.dumps(_state(data), option=orjson.OPT_SORT_KEYS))


@dataclass(frozen=True)
class _Attributes:
    graph: dict[str, Any]


def _state(data: Path) -> dict[str, Any]:
    folder = data / FOLDER
    following = {FORMATS[name].file for name in FOLLOWING}
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if name.parts[0] not in following and path.is_file():
            state = path.stat()
            files[str(name)] = [state.st_size, state.st_mtime_ns]
    return {
        "graph": _digest((data / GRAPH).read_bytes()),
        "erased": _digest(orjson.dumps(step("erased")(data))),
        "contact": os.environ.get("RECROISE_CONTACT"),
        "retention": retention_years(),
        "program": _program(),
        "files": files,
    }


def _program() -> str:
    """Return what tells this program's formats from those of another: a checkout changes without its version."""
    here = Path(__file__).parent
    modules = sorted((*here.glob("*.py"), *here.parent.glob("*.py")))  # formats fold, stem and date by those above
    return _digest(version("recroise").encode() + b"".join(path.read_bytes() for path in modules))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _write(chosen: Sequence[Format], graph: "Graph", data: Path, folder: Path) -> list[Path]:
    """Write formats into a folder, all of them or none; return the files, and the folder that belongs to the index."""
    with _scratch(folder) as scratch:
        carry_over(folder, scratch)
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
        folders = [path.name for path in scratch.glob(f"{names.INDEX}*")]
        published.remember(data, folder, "export")
        scratch.rename(ready)
        _publish(ready, folder)
    return [folder / name for name in (*(each.file for each in chosen), *folders)]


def carry_over(folder: Path, scratch: Path) -> None:
    """Put the log of changes of the last export, which goes on, where the new one is going to be written."""
    if (folder / names.CHANGES).exists():
        shutil.copyfile(folder / names.CHANGES, scratch / names.CHANGES)


def export_again(data: Path, folder: Path) -> list[Path]:
    """Write anew what of an export lies in a folder, in the formats that are there; return the files written."""
    formats = [each.name for each in FORMATS.values() if (folder / each.file).exists()]
    return export(data, folder, formats) if formats else []


def _publish(ready: Path, folder: Path) -> None:
    """Move everything that is ready to its place, folders first; of a folder, what is no more in it goes."""
    for made in sorted(ready.iterdir(), key=lambda path: (not path.is_dir(), path.name)):
        place = folder / made.name
        if made.is_dir():
            if place.exists() and made.name.startswith(names.INDEX):
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


__all__ = ["FORMATS", "ExportError", "Format", "carry_over", "export", "export_again", "note", "renew"]
