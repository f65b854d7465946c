"""Functions of names that are asked again and again: what they answered is kept, or was found out ahead.

Ahead means in another process, while this one reads: see ``graph.ahead``.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache, wraps
from typing import Any, ParamSpec, Protocol, TypeVar, cast

# Linking asks for the same names again and again, in the order of their keys: a cache that holds fewer holds none.
MOST = 1_000_000

P = ParamSpec("P")
R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)


class Foretold(Protocol[P, R_co]):
    """A function that keeps its answers."""

    told: dict[tuple[Any, ...], Any]

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R_co: ...
    def cache_clear(self) -> None: ...


def foretold(most: int) -> Callable[[Callable[P, R]], Foretold[P, R]]:
    """Keep as many as ``most`` of a function's answers, and let it be told some before it is asked."""

    def kept(function: Callable[P, R]) -> Foretold[P, R]:
        told: dict[tuple[Any, ...], Any] = {}

        @lru_cache(maxsize=most)
        @wraps(function)
        def answer(*args: Any, **kwargs: Any) -> Any:
            found = told.pop(args, None) if told and not kwargs else None  # no answer is None
            return function(*args, **kwargs) if found is None else found

        found = cast("Foretold[P, R]", answer)
        found.told = told
        return found

    return kept


def answers(function: Foretold[..., Any], asked: Iterable[tuple[Any, ...]]) -> list[Any]:
    """Return what a function says to each of many arguments, keeping nothing."""
    return [cast("Any", function).__wrapped__(*arguments) for arguments in asked]
