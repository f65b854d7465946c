"""Where things lie in the data directory, and who may write there."""

import os
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from crawler.store import Store

STORE = "store.sqlite"
EXCLUSIONS = "exclusions.json"
LOCK = ".write.lock"
USER_CATALOGUE = "catalogue/mine.toml"


class BusyError(RuntimeError):
    """Another process is writing to the data directory."""


def write_lock(data: Path) -> BaseFileLock:
    """Return the acquired lock of the one writer; the system takes it back from a process that dies.

    Raises:
        BusyError: when another process holds it.
    """
    data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data / LOCK, timeout=0, is_singleton=True)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(f"another recroise command is writing to {data}; try again when it has ended") from None
    return lock


def has_store(data: Path) -> bool:
    """Whether there is a store: in the data directory, or elsewhere by RECROISE_STORE."""
    return bool(os.environ.get("RECROISE_STORE")) or (data / STORE).exists()


def open_store(data: Path, address: str | None = None) -> Store:
    """Open the store: at a SQLAlchemy address (given, or in RECROISE_STORE), else in a file of the data directory."""
    return Store(address or os.environ.get("RECROISE_STORE") or data / STORE)
