"""The interface of linking: which mentions match, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph.judgements import Judgement
from graph.surroundings import Surroundings


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """Two mentions that are held to be one.

    ``weight`` is the match weight in bits of evidence (log2 of the odds that they are one); ``rule`` says in words in
    what they agree. ``evidence`` gives the levels met with the weight of each. ``sure`` is False for a match so near to
    the threshold that what it joins is marked; ``strong`` is True for one that outweighs a source's keeping them apart.
    """

    left: str
    right: str
    weight: float
    rule: str
    evidence: tuple[tuple[str, float], ...] = ()
    sure: bool = True
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What a linker says of mentions: which match, and which pairs it would rather have a person decide."""

    matches: Sequence[Match]
    undecided: Sequence[Match] = ()


class Linker(Protocol):
    """Decides which mentions match. Pure, and the order of the mentions does not matter."""

    def link(self, around: Surroundings, judgements: Mapping[tuple[str, str], Judgement]) -> Decision:
        """Return the pairs of mention keys that match, what people judged among the evidence."""
