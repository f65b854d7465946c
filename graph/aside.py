"""Work aside: what needs a few values alone is done in a process of its own, while this one goes on.

Threads would take turns with what Python does here meanwhile. What many rows come to goes through a file: it is there
once, in neither process's memory. There are names in it: it goes with whichever of the two processes ends last.
"""

import os
import shutil
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

MANY = 100_000  # mentions up to which a process takes longer to start than it saves


class AsideError(RuntimeError):
    """The process beside this one is gone: what to do."""


# Where no process can be started: no room, no semaphores, or this is a process that may have none of its own.
NO_PROCESS = (BrokenExecutor, OSError, AssertionError)


class Aside:
    """Does one piece of work after the other, in the order in which they are asked for."""

    def __init__(self, executor: Executor, folder: str | None) -> None:
        self._executor = executor
        self._folder = folder
        self._up = executor.submit(os.getpid)
        self._number = count()

    def do(self, function: Callable[..., Any], *arguments: Any, rows: Any) -> "Future[Any]":
        """Call a function of a module with arguments, and behind them an Arrow table or None."""
        if self._folder is None or rows is None:
            return self._executor.submit(function, *arguments, rows)
        self._up.result()  # from now on somebody looks after the folder
        path = Path(self._folder, f"{next(self._number)}.arrow")
        _write(rows, path)
        return self._executor.submit(_with_rows, function, arguments, path)


@contextmanager
def aside(number: int) -> Iterator[Aside]:
    """Give a place for work aside: a process for many things, a thread for few, or where there can be no process.

    Raises:
        AsideError: when the process was killed.
    """
    with ExitStack() as stack:
        beside = _process_beside(stack.enter_context(tempfile.TemporaryDirectory())) if number >= MANY else None
        if beside is None:
            yield Aside(stack.enter_context(ThreadPoolExecutor(1)), None)
            return
        executor, place = beside
        try:
            yield place
            executor.shutdown()
        except BaseException as error:
            executor.shutdown(kill_workers=True)  # type: ignore[call-arg]
            if not isinstance(error, BrokenExecutor):
                raise
            raise AsideError(
                "the process that compares was killed, most likely for want of memory; nothing was changed: "
                "make room (a million records take 4 GiB) and give the command again"
            ) from error


def _process_beside(folder: str) -> tuple[Executor, Aside] | None:
    try:
        executor = process(folder)
        return executor, Aside(executor, folder)
    except NO_PROCESS:
        return None


def process(folder: str | None = None) -> Executor:
    """Return an executor of one process, which goes when this one does, and takes its folder along."""
    # loky's begins anew: a fork would copy, page by page, what both look at, and Python's own spawning runs the
    # caller's script once more.
    from loky import ProcessPoolExecutor

    # Where psutil is installed it takes for a leak that much is kept, begins again, and says so.
    warnings.filterwarnings("ignore", "A worker (stopped|was restarted)", UserWarning)
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
