"""What names say, found out in a process of its own while this one still reads what bears them.

A name is taken to pieces without looking at anything but it, so that this may be done anywhere. Nothing comes out
otherwise for it: what was not found out in time is found out here.
"""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any

from graph.aside import process
from graph.foretold import Foretold, answers
from graph.mentions import Mention
from graph.model import NODE_TYPES
from graph.names import acronyms, place_words, title_words
from graph.personal_names import personal_name

CHUNK = 50_000  # mentions read, up to which a process would take longer to start than it saves


class Ahead:
    """Collects names, and has them looked at."""

    def __init__(self) -> None:
        self._executor: Executor | None = None
        self._asked: dict[Foretold[..., Any], set[tuple[Any, ...]]] = {}
        self._later: list[tuple[Foretold[..., Any], list[tuple[Any, ...]]]] = []
        self._words: list[Future[Any]] = []
        self._people: list[Future[Any]] = []

    def reading(self, mentions: Iterable[Mention]) -> Iterator[Mention]:
        """Yield the mentions; their names are looked at meanwhile."""
        left = iter(mentions)
        while chunk := list(islice(left, CHUNK)):
            if len(chunk) == CHUNK or self._executor:
                self._ask(chunk)
            yield from chunk
        for function, asked in self._later:
            begun = self._begin(function, asked)
            if function is personal_name:
                self._people.append(begun)
        self.close()

    def close(self) -> None:
        """Ask for nothing more; what was asked for is done, and the process then goes."""
        self._asked.clear()
        self._later.clear()
        if self._executor:
            self._executor.shutdown(wait=False)

    def words(self) -> None:
        """Wait for what was asked of places and events."""
        wait(self._words)

    def people(self) -> None:
        """Wait for what was asked of people."""
        wait(self._people)

    def _ask(self, chunk: Sequence[Mention]) -> None:
        called: dict[str, set[tuple[str, str | None]]] = {kind: set() for kind in NODE_TYPES}
        for mention in chunk:
            called[mention.type].add((mention.name, mention.city or mention.near))
        events = called["Event"]
        places = called["Place"] | called["Organization"]
        self._new(title_words, events | called["EventSeries"] | {(name, None) for name, _ in events}, self._words)
        self._new(place_words, places, self._words)
        self._new(personal_name, {(name,) for name, _ in called["Person"]})
        self._new(acronyms, {(name,) for name, _ in (*events, *places)})

    def _new(
        self, function: Foretold[..., Any], asked: set[tuple[Any, ...]], begun: list[Future[Any]] | None = None
    ) -> None:
        before = self._asked.setdefault(function, set())
        new = list(asked - before)
        before |= asked
        if begun is None:  # not the first that will be asked for
            self._later.append((function, new))
        elif new:
            begun.append(self._begin(function, new))

    def _begin(self, function: Foretold[..., Any], asked: list[tuple[Any, ...]]) -> "Future[Any]":
        def tell(found: "Future[Any]") -> None:
            if not found.exception():  # a process that is gone found nothing out
                function.told.update(zip(asked, found.result(), strict=True))

        if self._executor is None:
            self._executor = process()
        try:
            future = self._executor.submit(answers, function, asked)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        future.add_done_callback(tell)
        return future


@contextmanager
def ahead() -> Iterator[Ahead]:
    """Give somebody who has names looked at ahead."""
    begun = Ahead()
    try:
        yield begun
    finally:
        begun.close()
