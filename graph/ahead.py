"""What names say, found out in a process of its own while this one still reads what bears them.

A name is taken to pieces without looking at anything but it, so that this may be done anywhere. Nothing comes out
otherwise for it: what was not found out in time is found out here.
"""

import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any

from graph.aside import NO_PROCESS, process
from graph.foretold import Foretold, answers
from graph.mentions import Mention
from graph.model import NODE_TYPES
from graph.names import acronyms, place_words, title_words
from graph.personal_names import personal_name

# Mentions whose names are passed on at a time: each time the other process waits for this one's attention.
CHUNK = 200_000
TURN = 0.0005  # seconds that a thread goes on before another has its turn

Asked = Mapping[Foretold[..., Any], Sequence[tuple[Any, ...]]]


class Ahead:
    """Collects names, and has them looked at."""

    def __init__(self) -> None:
        self._executor: Executor | None = None
        self._known: dict[Foretold[..., Any], set[tuple[Any, ...]]] = {}
        self._begun: list[Future[Any]] = []
        self._lock = threading.Lock()
        self._over = False

    def reading(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """Yield the mentions; their names are looked at meanwhile."""
        left = iter(mentions)
        while chunk := list(islice(left, CHUNK)):
            if len(chunk) == CHUNK or self._executor:
                self._begun.append(self._begin(self._new(chunk)))
            yield from chunk
        if self._executor:
            shortened = {(name,) for function in (title_words, place_words) for name, _ in self._known[function]}
            self._begin({acronyms: list(shortened)})  # asked for last, and nobody waits for it
        self.close()

    def close(self) -> None:
        """Ask for nothing more; what was asked for is done, and the process then goes."""
        self._known.clear()
        if self._executor:
            self._executor.shutdown(wait=False)

    def wait(self) -> None:
        """Wait for all but what is asked for last."""
        wait(self._begun)

    def end(self) -> None:
        """Ask for nothing more, and keep nothing of what comes from now on or came too late."""
        self.close()
        with self._lock:
            self._over = True
            for function in (title_words, place_words, personal_name, acronyms):
                function.told.clear()

    def _new(self, chunk: Iterable[Mention]) -> Asked:
        """Return what to ask of the names of mentions that were not asked for before."""
        called: dict[str, set[tuple[str, str | None]]] = {kind: set() for kind in NODE_TYPES}
        for mention in chunk:
            called[mention.type].add((mention.name, mention.city or mention.near))
        asked: dict[Foretold[..., Any], set[tuple[Any, ...]]] = {
            title_words: called["Event"] | called["EventSeries"] | {(name, None) for name, _ in called["Event"]},
            place_words: called["Place"] | called["Organization"],
            personal_name: {(name,) for name, _ in called["Person"]},
        }
        new = {function: list(each - self._known.get(function, set())) for function, each in asked.items()}
        for function, each in asked.items():
            self._known.setdefault(function, set()).update(each)
        return new

    def _begin(self, asked: Asked) -> "Future[Any]":
        def tell(found: "Future[Any]") -> None:
            if found.exception():  # a process that is gone found nothing out
                return
            with self._lock:
                for (function, each), told in zip(asked.items(), found.result(), strict=True):
                    if not self._over:
                        function.told.update(zip(each, told, strict=True))

        try:
            self._executor = self._executor or process()
            future = self._executor.submit(_answers, asked)
        except NO_PROCESS as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(tell)
        return future


def _answers(asked: Asked) -> list[list[Any]]:
    return [answers(function, each) for function, each in asked.items()]


class _Turns:
    """Shorter turns for threads, for as long as somebody wants them.

    What comes from another process is taken by a thread, in small pieces: at five milliseconds a turn, as is usual,
    that process would wait for most of the time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wanted = 0
        self._usual = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._wanted:
                self._usual = sys.getswitchinterval()
                sys.setswitchinterval(TURN)
            self._wanted += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._wanted -= 1
            if not self._wanted:
                sys.setswitchinterval(self._usual)


_TURNS = _Turns()


@contextmanager
def ahead() -> Iterator[Ahead]:
    """Give somebody who has names looked at ahead."""
    begun = Ahead()
    with _TURNS:
        try:
            yield begun
        finally:
            begun.end()
