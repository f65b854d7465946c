"""Work aside: what needs a few values alone is done in a process of its own, while this one goes on.

Threads would take turns with what Python does here meanwhile.
"""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ThreadPoolExecutor
from contextlib import contextmanager

MANY = 20_000  # things up to which a process would take longer to start than it saves


class AsideError(RuntimeError):
    """The process beside this one is gone: what to do."""


@contextmanager
def aside(number: int) -> Iterator[Executor]:
    """Give a place for work aside, one piece after the other: a thread for a number of things, a process for many.

    Raises:
        AsideError: when the process was killed.
    """
    if number < MANY:
        with ThreadPoolExecutor(1) as thread:
            yield thread
        return
    with tempfile.TemporaryDirectory() as folder, process(folder) as executor:
        try:
            yield executor
        except BrokenExecutor as error:
            raise AsideError(
                "the process that compares was killed, most likely for want of memory; nothing was changed: "
                "make room (a million records take 4 GB) and give the command again"
            ) from error


def process(folder: str | None = None) -> Executor:
    """Return an executor of one process, which goes when this one does.

    ``folder`` is for what it has no room for in memory: it goes as well, for there may be names in it.
    """
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
