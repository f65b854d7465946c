"""A copy of the store, made on schedule, and what is done with it when the store is found broken.

Copies are made only of a store in the data directory: one elsewhere (``RECROISE_STORE``) is its owner's to back up.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from boltons.fileutils import atomic_rename
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from crawler import catalogue, objections
from crawler.catalogue import CatalogueError
from crawler.datadir import EXCLUSIONS, STORE, USER_CATALOGUE, write_lock
from crawler.objections import Objections, ObjectionsError
from crawler.privacy import Exclusions, ExclusionsError
from crawler.records import RecordError, content_hash, parse, record_key
from crawler.storefile import AddressError, open_address, read_only, shown
from crawler.tables import RECORDS

FOLDER = "backup"
KEPT = 2  # copies
EVERY = timedelta(days=1)
MAX_LINES = 20  # of what is wrong with a store


class BackupError(RuntimeError):
    """A copy that cannot be made or taken: why, and what to do."""


@dataclass
class Checked:
    """What a look at a store found: how many records are in it, and in one line each what is wrong."""

    records: int = 0
    wrong: list[str] = field(default_factory=list)
    more: int = 0

    def tell(self, line: str) -> None:
        if len(self.wrong) < MAX_LINES:
            self.wrong.append(line)
        else:
            self.more += 1


def copies(data: Path) -> list[Path]:
    """Return the copies of a data directory's store, the latest first."""
    return sorted((data / FOLDER).glob("store-*.sqlite"), reverse=True)


def back_up(data: Path, now: datetime | None = None, every: timedelta = EVERY) -> Path | None:
    """Copy the store where the last copy is older than ``every``; return the copy's path, None where none was due.

    A store elsewhere is not copied.

    Raises:
        BackupError: when the copy cannot be written.
    """
    if os.environ.get("RECROISE_STORE"):
        return None
    moment = now or datetime.now(UTC)
    # A copy from the future was made while the clock was wrong: it tells nothing of when the next one is due.
    if not (data / STORE).exists() or any(timedelta(0) <= moment - _made(copy) < every for copy in copies(data)):
        return None
    folder = data / FOLDER
    target = folder / f"store-{moment:%Y%m%dT%H%M%SZ}.sqlite"
    part = folder / "store.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        with closing(sqlite3.connect(data / STORE)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        atomic_rename(str(part), str(target), overwrite=True)
    except (OSError, sqlite3.Error) as error:
        raise BackupError(f"{folder}: the store cannot be copied: {error}") from None
    for old in sorted(copies(data), key=lambda copy: (_made(copy) <= moment, copy.name), reverse=True)[KEPT:]:
        old.unlink()
    return target


def forget_copies(data: Path) -> None:
    """Remove every copy: for erasure. The next run makes a new one."""
    for each in (data / FOLDER).glob("*"):
        each.unlink()


def check(path: Path) -> Checked:
    """Look at a store's file: whether the database is sound, and every record is one, under its own key."""
    found = Checked()
    try:
        with closing(sqlite3.connect(read_only(path), uri=True)) as connection:
            for (line,) in connection.execute("PRAGMA integrity_check(20)"):
                if line != "ok":
                    found.tell(f"{path}: {line}")
            for row in connection.execute("SELECT key, content, body FROM record ORDER BY key"):
                found.records += 1
                if problem := _problem(*row):
                    found.tell(f"{path}: record {row[0]}: {problem}")
    except sqlite3.Error as error:
        found.tell(f"{path}: {error}")
    return found


def check_elsewhere(address: str) -> Checked:
    """Look at a store at a SQLAlchemy address or in a file, as ``check`` looks at that of the data directory."""
    found, where = Checked(), shown(address)
    try:
        engine = open_address(address if "://" in address else f"sqlite:///{address}")
    except AddressError as error:
        found.tell(f"{where}: {error}")
        return found
    file = engine.url.database if engine.dialect.name == "sqlite" else None
    if file and not Path(file).exists():
        found.tell(f"{where}: there is no such file")
        return found
    try:
        with engine.connect().execution_options(yield_per=1_000) as connection:
            if engine.dialect.name == "sqlite":
                lines = connection.execute(text("PRAGMA integrity_check(20)")).scalars()
                for line in [line for line in lines if line != "ok"]:
                    found.tell(f"{where}: {line}")
            if not inspect(connection).has_table(RECORDS.name):
                return found  # nothing was crawled into it yet
            columns = (RECORDS.c.key, RECORDS.c.content, RECORDS.c.body)
            for row in connection.execute(select(*columns).order_by(RECORDS.c.key)):
                found.records += 1
                if problem := _problem(*row):
                    found.tell(f"{where}: record {row[0]}: {problem}")
    except SQLAlchemyError as error:
        found.tell(f"{where}: {getattr(error, 'orig', None) or error}")
    finally:
        engine.dispose()
    return found


def check_data(data: Path) -> dict[str, Any]:
    """Look at everything of a data directory that is not made of something else.

    Returns:
        ``records``, their number; ``broken``, whether the store is; ``wrong``: ``where``, ``what``, and ``todo``,
        which is None for a store that can be repaired from a copy; ``notes``, in one line each.
    """
    address = os.environ.get("RECROISE_STORE")
    where, todo, notes = str(data / STORE), None, []
    found = Checked()
    if address:
        found, where = check_elsewhere(address), shown(address)
        todo = "the database's own restore, or set RECROISE_STORE right"
        notes.append(f"the store is elsewhere, at {where}: no copies are made of it here, back it up with its database")
    elif (data / STORE).exists():
        found = check(data / STORE)
    elif copies(data):
        found.tell("is missing, and there are copies of it")
    wrong: list[dict[str, str | None]] = [
        {"where": where, "what": line.removeprefix(f"{where}: "), "todo": todo} for line in found.wrong
    ]
    if found.more:
        wrong.append({"where": where, "what": f"{found.more} more of the kind", "todo": todo})
    for name, look in (
        (EXCLUSIONS, lambda path: Exclusions.load(path)),
        (objections.FILE, lambda path: Objections.load(path)),
        (USER_CATALOGUE, lambda _: catalogue.load([], data)),
    ):
        try:
            look(data / name)
        except (ExclusionsError, ObjectionsError, CatalogueError) as error:
            wrong.append({"where": str(data / name), "what": str(error), "todo": f"mend {data / name}"})
    for copy in copies(data):
        if bad := check(copy).wrong:
            what = f"a copy that is not sound: {bad[0].removeprefix(f'{copy}: ')}"
            wrong.append({"where": str(copy), "what": what, "todo": f"rm {copy}"})
    return {"records": found.records, "broken": bool(found.wrong), "wrong": wrong, "notes": notes}


def restore(data: Path) -> Path:
    """Put the latest sound copy in the store's place, the broken store beside it; return the copy's path.

    Raises:
        BackupError: when no copy is sound: then the sources have to be read anew; and for a store elsewhere.
        BusyError: when another process is writing.
    """
    with write_lock(data):
        for copy in copies(data):
            if check(copy).wrong:
                continue
            store = data / STORE
            part = data / FOLDER / "store.part"
            shutil.copyfile(copy, part)
            # What the write-ahead log holds belongs to the broken file. That one stays in its place until the copy
            # takes it: killed in between, there is a broken store to be repaired again, never none.
            if store.exists():
                shutil.copyfile(store, data / FOLDER / f"broken-{store.name}")
            for left in (store.with_name(store.name + end) for end in ("-wal", "-shm")):
                if left.exists():
                    left.replace(data / FOLDER / f"broken-{left.name}")
            atomic_rename(str(part), str(store), overwrite=True)
            return copy
    raise BackupError(
        f"{data / FOLDER}: no sound copy of the store; move {STORE} away, then: recroise crawl, or recroise ingest "
        "with the records.jsonl of an export"
    )


def _made(copy: Path) -> datetime:
    try:
        return datetime.strptime(copy.stem.removeprefix("store-"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)


def _problem(key: str, content: str, body: bytes) -> str | None:
    try:
        record: dict[str, Any] = orjson.loads(body)
        parse(record)
    except (orjson.JSONDecodeError, RecordError, TypeError) as error:
        return f"not a record: {error}"
    if record_key(record) != key:
        return "stands under another key"
    return None if content_hash(record) == content else "is not what was written"
