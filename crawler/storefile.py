"""Where a store is kept, in SQLite or elsewhere: how it is opened, and what its errors mean to people."""

import os
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

# What SQLite says of a file that is damaged, or is none of its own.
_BROKEN = ("malformed", "not a database", "no such column", "disk I/O error")

LITTLE = 1024 * 1024  # bytes of room left, with which an error of SQLite's is taken for a full disk


class AddressError(ValueError):
    """A store's address that cannot be used: why, and what to do."""


def open_file(path: Path) -> Engine:
    """Return an engine for a file, made where it is not there; for looking alone where it cannot be written."""
    if not writable(path):
        uri = read_only(path)
        return create_engine(f"sqlite:///{path}", creator=lambda: sqlite3.connect(uri, uri=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    return create_engine(f"sqlite:///{path}")


def open_address(address: str) -> Engine:
    """Return an engine for a SQLAlchemy address.

    Raises:
        AddressError: for what is no such address, and where the database's driver is missing.
    """
    try:
        return create_engine(address)
    except ArgumentError:  # its text may hold the password
        raise AddressError("no SQLAlchemy address of a known database, such as postgresql://USER@HOST/NAME") from None
    except ModuleNotFoundError as error:
        raise AddressError(f"install its database's driver: pip install {error.name}") from None


def shown(address: str) -> str:
    """Return a store's address as it may be shown: without its password; the setting's name where it is none."""
    try:
        return make_url(address).render_as_string() if "://" in address else address
    except ArgumentError:
        return "RECROISE_STORE"


def prepare(engine: Engine) -> None:
    """Have every connection to SQLite keep what was committed, whatever happens to this process."""
    event.listen(engine, "connect", _prepare)


def read_only(path: Path) -> str:
    """Return the address by which SQLite opens a file without writing anything, beside it neither.

    On a disk that cannot be written there is no log to be read either, unless a killed run left one: then SQLite says
    that it cannot open the file.
    """
    log = path.with_name(f"{path.name}-wal")
    unchanging = not writable(path) and not (log.exists() and log.stat().st_size)
    return f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if unchanging else ''}"


def writable(path: Path) -> bool:
    """Whether a file's directory can be written to; one that is not there yet can be made."""
    return not path.parent.exists() or os.access(path.parent, os.W_OK)


def explained(error: BaseException | None, path: Path | None) -> str:
    """Return what a person is told of a database's error: what it is, and what to do; ``path`` is that of its file."""
    if isinstance(error, orjson.JSONDecodeError):
        return f"holds what is no JSON ({error.msg}); run: recroise check"
    said = str(error)
    if "disk is full" in said or (path and isinstance(error, sqlite3.OperationalError) and _full(path)):
        # With no room for its log and its index, SQLite says that it cannot read or open the file.
        return "the disk is full; make room and give the command again; what was stored before is whole"
    if path and path.exists() and not writable(path):
        return (
            f"{said}; the disk cannot be written to: nothing was changed; make it writable and give the command again"
        )
    return f"{said}; run: recroise check" if any(mark in said for mark in _BROKEN) else said


def _full(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < LITTLE


def _prepare(connection: Any, _: object) -> None:
    # WAL: readers see the last commit while a crawl writes; a killed process leaves a whole database.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
