"""Counts how often limits are reached: a text cut, a row left out, a depth not gone below.

Whatever keeps a limit asks here, with the limit's name (``crawler/limits.py``), so that cutting and counting cannot
come apart. The counts go to whoever opened ``counting`` around the reading, and nowhere where nobody did.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import islice
from typing import TypeVar

Part = TypeVar("Part", bound=Sequence[object])
Item = TypeVar("Item")

_COUNTS: ContextVar[Counter[str] | None] = ContextVar("reached", default=None)


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Count what reaches a limit inside, by the limit's name."""
    counts: Counter[str] = Counter()
    token = _COUNTS.set(counts)
    try:
        yield counts
    finally:
        _COUNTS.reset(token)


def note(limit: str) -> None:
    """Count that a limit was reached."""
    counts = _COUNTS.get()
    if counts is not None:
        counts[limit] += 1


def over(number: float, most: float, limit: str) -> bool:
    """Whether a number is beyond the most that a limit allows; counted where it is."""
    if number > most:
        note(limit)
        return True
    return False


def cut(whole: Part, most: int, limit: str) -> Part:
    """Return the beginning of a text or list, as much as a limit allows; counted where there was more."""
    if len(whole) > most:
        note(limit)
        return whole[:most]  # type: ignore[return-value]
    return whole


def first(items: Iterable[Item], most: int, limit: str) -> Iterator[Item]:
    """Yield as many items as a limit allows; counted where there were more."""
    remaining = iter(items)
    yield from islice(remaining, most)
    if next(remaining, remaining) is not remaining:
        note(limit)
