"""Several processes that serve one address, kept going until they are told to stop.

They are forked when everything is loaded, so what is loaded lies in memory once. Each listens at a socket of its own,
and the kernel spreads who comes among them (SO_REUSEPORT); the parent holds all of them, so that nobody who waits
at the socket of a process that ended is turned away: the next one takes it over.
"""

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkProcess
from types import FrameType

Serve = Callable[[socket.socket], None]

STOPS = (signal.SIGINT, signal.SIGTERM)
SOON = 1.0  # seconds: a worker that ends earlier is started again only after as many


def possible() -> bool:
    """Whether this system can have several processes at one address."""
    return hasattr(os, "fork") and hasattr(socket, "SO_REUSEPORT")


def keep(serve: Serve, sockets: Sequence[socket.socket], patience: float, tell: Callable[[str], None]) -> None:
    """Have a process serve each socket until SIGINT or SIGTERM; then end as that signal ends a process.

    Args:
        serve: what serves a socket, and returns when it is told SIGTERM.
        sockets: that are listened at, one for each process.
        patience: seconds that a process has to finish what it is doing when all of them stop.
        tell: is told of each process that ended by itself, and is replaced.
    """
    alive, held = os.pipe()  # it ends with this process, whatever ends it: so the others know
    with _signals() as (told, reason):
        workers = [_start(serve, each, alive, held) for each in sockets]
        begun = [time.monotonic()] * len(workers)
        while not reason:
            ready = wait([told, *(each.sentinel for each in workers)])
            if told in ready:
                told.recv(64)
                continue
            for number, worker in enumerate(workers):
                if worker.sentinel not in ready:
                    continue
                worker.join()
                tell(f"A worker ended ({_end(worker.exitcode)}); another takes its place.")
                if time.monotonic() - begun[number] < SOON:
                    wait([told], SOON)
                if reason:
                    break
                begun[number] = time.monotonic()
                workers[number] = _start(serve, sockets[number], alive, held)
        _stop(workers, patience)
    os.close(held)
    os.close(alive)
    signal.raise_signal(reason[0])


def _start(serve: Serve, listening: socket.socket, alive: int, held: int) -> ForkProcess:
    worker = get_context("fork").Process(target=_work, args=(serve, listening, alive, held))
    worker.start()
    return worker


def _work(serve: Serve, listening: socket.socket, alive: int, held: int) -> None:
    signal.set_wakeup_fd(-1)
    for each in STOPS:
        signal.signal(each, signal.SIG_DFL)
    os.close(held)

    def watch() -> None:
        os.read(alive, 1)  # nothing ever comes: it ends
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    serve(listening)


def _stop(workers: Sequence[ForkProcess], patience: float) -> None:
    for worker in workers:
        worker.terminate()
    last = time.monotonic() + patience
    for worker in workers:
        worker.join(max(0.0, last - time.monotonic()))
        if worker.exitcode is None:
            worker.kill()
            worker.join()


@contextlib.contextmanager
def _signals() -> Iterator[tuple[socket.socket, list[int]]]:
    """Note signals that stop: yield a socket that has something to read when one came, and the list where it stands."""
    reason: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        reason.append(number)

    told, wake = socket.socketpair()
    with told, wake:
        wake.setblocking(False)
        before = signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        handlers = {each: signal.signal(each, note) for each in STOPS}
        try:
            yield told, reason
        finally:
            for each, handler in handlers.items():
                signal.signal(each, handler)
            signal.set_wakeup_fd(before)


def _end(code: int | None) -> str:
    return f"signal {-code}" if code is not None and code < 0 else f"status {code}"


__all__ = ["keep", "possible"]
