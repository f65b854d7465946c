"""Work aside: what needs a few values alone is done in a process of its own, while this one goes on.

Threads would take turns with what Python does here meanwhile. What many rows come to goes through a file: it is there
once, in neither process's memory.
"""

import os
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

    def __init__(self, executor: Executor, folder: Path | None) -> None:
        self._executor = executor
        self._folder = folder

    def do(self, function: Callable[..., Any], *arguments: Any, rows: Any) -> "Future[Any]":
        """Call a function of a module with arguments, and behind them an Arrow table or None."""
        if self._folder is None or rows is None:
            return self._executor.submit(function, *arguments, rows)
        path = self._folder / str(id(rows))
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
    with tempfile.TemporaryDirectory() as folder, process() as executor:
        try:
            yield Aside(executor, Path(folder))
        except BrokenExecutor as error:
            raise AsideError(
                "the process that compares was killed, most likely for want of memory; nothing was changed: "
                "make room (a million records take 4 GB) and give the command again"
            ) from error


def process() -> Executor:
    """Return an executor of one process, which goes when this one does."""
    # loky's begins anew: a fork would copy, page by page, what both look at, and Python's own spawning runs the
    # caller's script once more.
    from loky import ProcessPoolExecutor

    executor: Executor = ProcessPoolExecutor(1, initializer=_go_with, initargs=(os.getpid(),))
    return executor


def _go_with(parent: int) -> None:
    """End this process when the one that began it has ended, however that was."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _write(rows: Any, path: Path) -> None:
    import pyarrow as pa

    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, rows.schema) as writer:
        writer.write_table(rows)


def _with_rows(function: Callable[..., Any], arguments: tuple[Any, ...], path: Path) -> Any:
    import pyarrow as pa

    with pa.memory_map(str(path)) as file:
        return function(*arguments, pa.ipc.open_file(file).read_all())
