"""Work aside: what needs a few values alone is done in a process of its own, while this one goes on.

Threads would take turns with what Python does here meanwhile. What many rows come to goes through a file: it is there
once, in neither process's memory, and goes with the processes, as there are names in it.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MANY = 20_000  # things up to which a process would take longer to start than it saves


class AsideError(RuntimeError):
    """The process beside this one is gone: what to do."""


class Aside:
    """Does one piece of work after the other, in the order in which they are asked for."""

    def __init__(self, executor: Executor, folder: str | None) -> None:
        self._executor = executor
        self._folder = folder

    def do(self, function: Callable[..., Any], *arguments: Any, rows: Any) -> "Future[Any]":
        """Call a function of a module with arguments, and behind them an Arrow table or None."""
        if self._folder is None or rows is None:
            return self._executor.submit(function, *arguments, rows)
        path = Path(self._folder, f"{id(rows)}.arrow")
        _write(rows, path)
        return self._executor.submit(_with_rows, function, arguments, path)


@contextmanager
def aside(number: int) -> Iterator[Aside]:
    """Give a place for work aside: a thread for a small number of things, a process for many.

    Raises:
        AsideError: when the process was killed.
    """
    if number < MANY:
        with ThreadPoolExecutor(1) as thread:
            yield Aside(thread, None)
        return
    with tempfile.TemporaryDirectory() as folder, process(folder) as executor:
        try:
            yield Aside(executor, folder)
        except BrokenExecutor as error:
            raise AsideError(
                "the process that compares was killed, most likely for want of memory; nothing was changed: "
                "make room (a million records take 4 GB) and give the command again"
            ) from error


def process(folder: str | None = None) -> Executor:
    """Return an executor of one process, which goes when this one does, and takes its folder along."""
    # loky's begins anew: a fork would copy, page by page, what both look at, and Python's own spawning runs the
    # caller's script once more.
    from loky import ProcessPoolExecutor

    executor: Executor = ProcessPoolExecutor(1, initializer=_go_with, initargs=(os.getpid(), folder))
    return executor


def _go_with(parent: int, folder: str | None) -> None:
    """End this process when the one that began it has ended, however that was."""
    tempfile.tempdir = folder

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        if folder:
            shutil.rmtree(folder, ignore_errors=True)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _write(rows: Any, path: Path) -> None:
    import pyarrow as pa

    try:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
            writer.write_table(rows)
    except OSError as error:
        error.filename = error.filename or str(path)  # Arrow tells no name
        raise


def _with_rows(function: Callable[..., Any], arguments: tuple[Any, ...], path: Path) -> Any:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return function(*arguments, pa.ipc.open_file(file).read_all())
