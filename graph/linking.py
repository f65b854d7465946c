"""The interface of linking: which mentions match, and why.

The deterministic linker is one implementation; a probabilistic one takes its place without anything else moving.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.mentions import Mention


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """Two mentions that are held to be one.

    ``weight`` is the match weight in bits of evidence (log2 of the Bayes factor); the deterministic rules have nominal
    ones, in the order of their strength. ``rule`` says in words what matched.
    """

    left: str
    right: str
    weight: float
    rule: str


class Linker(Protocol):
    """Decides which mentions match. Pure, and the order of the mentions does not matter."""

    def matches(self, mentions: Sequence[Mention]) -> Iterable[Match]:
        """Return the pairs of mention keys that match."""
