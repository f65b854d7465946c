"""Whether what a data directory holds fits together: store, graph, export, index, each against what it is made of.

Of sites published elsewhere only whether they are whole.
"""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from pathlib import Path
from typing import Any

from graph import check as graph_check
from graph.link import FILE, GraphError, link_data, load
from output import exports, published
from output.exports import FOLDER, FORMATS, carry_over, export
from output.exports.changes import ChangesError
from output.steps import step
from output.web.folder import FolderError, unfinished

REPAIR = "recroise check --repair"
LONGEST = 300  # characters of what is said of one thing


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: in which file, what, and what to do about it."""

    where: str
    what: str
    todo: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a look at a data directory found: how many records and files were looked at, and what is wrong.

    ``notes`` say what is not looked after here; ``broken``: the store itself, so that what is made of it was not held
    against it.
    """

    records: int
    files: int
    wrong: tuple[Finding, ...]
    repaired: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    broken: bool = False

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "sound": not self.wrong}


def check(data: Path) -> Checked:
    """Look at everything that a data directory holds. Nothing is changed."""
    store = step("check")(data)
    wrong = [Finding(each["where"], _line(each["what"]), each["todo"] or REPAIR) for each in store["wrong"]]
    files = 0
    # What is made of a broken store cannot be held against it.
    if not store["broken"]:
        todo = f"recroise link, then recroise export; or {REPAIR}"
        if store["records"] or (data / FILE).exists():
            wrong += [Finding(where, what, todo) for where, what in graph_check.check(data)]
        if (data / FOLDER).exists():
            files = sum(path.is_file() for path in (data / FOLDER).rglob("*"))
            wrong += [Finding(where, what, "recroise export") for where, what in _exported(data)]
    wrong += _sites(data)
    return Checked(store["records"], files, tuple(wrong), notes=tuple(store["notes"]), broken=store["broken"])


def _sites(data: Path) -> Iterator[Finding]:
    """Yield what is wrong with the list of published folders, and which of the sites are not whole."""
    try:
        known = published.load(data)
    except published.PublishedError as error:
        yield Finding(str(data / published.FILE), _line(str(error)), f"mend {data / published.FILE}")
        return
    for each in known:
        if each.kind != "site" or not Path(each.folder).is_dir():
            continue
        try:
            what = unfinished(Path(each.folder))
        except FolderError as error:
            what = str(error)
        if what:
            yield Finding(each.folder, what, each.command(data))


def _line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"


def repair(data: Path) -> Checked:
    """Put the last sound copy in the place of a broken store, and make the graph and the export anew; check again."""
    found, done = check(data), []
    if any(finding.todo == REPAIR for finding in found.wrong):
        done.append(f"took the copy {step('restore')(data)} for the store; the broken one lies beside it")
    elif found.broken:
        return found  # a store elsewhere: nothing here can mend it, and nothing sound can be made of it
    if found.wrong:
        link_data(data)
        export(data)
        done.append("linked and exported anew")
    again = check(data) if done else found
    return replace(again, repaired=tuple(done))


def _exported(data: Path) -> Iterator[tuple[str, str]]:
    """Yield what of the published files is not what the graph gives."""
    try:
        graph = load(data / FILE)
    except GraphError:
        return  # said before
    folder = data / FOLDER
    with tempfile.TemporaryDirectory() as scratch:
        # A log goes on from the last one: from the one that is held against it.
        carry_over(folder, Path(scratch))
        for each in FORMATS.values():
            path, again = folder / each.file, Path(scratch) / each.file
            if not path.exists():
                yield str(path), "is missing"
            elif each.name in exports.VARYING:
                continue
            else:
                try:
                    each.write(graph, data, again)
                except ChangesError as error:
                    yield str(path), str(error)
                else:
                    yield from _differences(path, again)
        # What belongs to a file, such as the folder of the index's words, is named after its content.
        for beside in sorted(
            {each.name for each in Path(scratch).iterdir()} - {each.file for each in FORMATS.values()}
        ):
            if not (folder / beside).exists():
                yield str(folder / beside), "is missing"


def _differences(path: Path, again: Path) -> Iterator[tuple[str, str]]:
    if path.suffix == ".sqlite":
        if problem := _other_rows(path, again):
            yield str(path), problem
    elif path.is_dir():
        for name in sorted({each.name for folder in (path, again) for each in folder.iterdir()}):
            yield from _differences(path / name, again / name)
    elif not path.exists() or not again.exists():
        yield str(path), "is missing" if again.exists() else "nothing in the graph gives it"
    elif path.read_bytes() != again.read_bytes():
        yield str(path), "is not what the graph gives"


def _other_rows(path: Path, again: Path) -> str | None:
    """Return how a database differs from another, row by row: another release of SQLite may write other bytes."""
    try:
        with ExitStack() as stack:
            one, other = (
                stack.enter_context(closing(sqlite3.connect(f"{each.resolve().as_uri()}?mode=ro", uri=True)))
                for each in (path, again)
            )
            for (line,) in one.execute("PRAGMA integrity_check(1)"):
                if line != "ok":
                    return f"not a sound index: {line}"
            query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
            tables = one.execute(query).fetchall()
            if tables != other.execute(query).fetchall():
                return "an index of another make"
            for name, sql in tables:
                if sql.upper().startswith("CREATE VIRTUAL"):
                    continue
                rows = (database.execute(f'SELECT * FROM "{name}"') for database in (one, other))
                if any(mine != theirs for mine, theirs in zip_longest(*rows)):
                    return f"does not say what the graph says (table {name})"
    except sqlite3.Error as error:
        return f"not an index: {error}"
    return None
