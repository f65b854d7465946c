"""Matches as columns: a million of them are a few arrays, and each an object only while somebody looks at it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self, overload

import numpy as np
import numpy.typing as npt

from graph.arrays import Mask, Numbers
from graph.linking import Match


@dataclass(frozen=True, slots=True)
class Finding:
    """What a match says, without the two that it is of: many matches share one. The fields are those of ``Match``."""

    weight: float
    rule: str
    evidence: tuple[tuple[str, float], ...] = ()
    sure: bool = True
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Matches by number.

    Attributes:
        left, right: positions of the two mentions among ``keys``; the left one is the smaller.
        said: the position of what a match says among ``findings``.
    """

    left: Numbers
    right: Numbers
    said: Numbers


class Matches(Sequence[Match]):
    """A sequence of matches, kept as columns; ``keys`` are the mentions' keys in ascending order."""

    def __init__(self, keys: Sequence[str], columns: Columns, findings: Sequence[Finding]) -> None:
        self.keys = keys
        self.columns = columns
        self.findings = findings

    @classmethod
    def of(cls, keys: Sequence[str], matches: Iterable[Match]) -> Self:
        """Return single matches as columns; those of keys that are not among ``keys`` are left out."""
        listed = list(matches)
        number = {key: position for position, key in enumerate(keys)} if listed else {}
        known = [match for match in listed if match.left in number and match.right in number]
        findings: dict[Finding, int] = {}
        said = [
            findings.setdefault(
                Finding(match.weight, match.rule, match.evidence, match.sure, match.strong), len(findings)
            )
            for match in known
        ]
        left = np.array([number[match.left] for match in known], np.int64)
        right = np.array([number[match.right] for match in known], np.int64)
        return cls(keys, Columns(left, right, np.array(said, np.int64)), list(findings))

    @classmethod
    def together(cls, keys: Sequence[str], parts: Iterable["Matches"]) -> Self:
        """Return the matches of several, one after the other."""
        findings: list[Finding] = []
        columns = [Columns(*(np.empty(0, np.int64),) * 3)]
        for part in parts:
            columns.append(Columns(part.columns.left, part.columns.right, part.columns.said + len(findings)))
            findings += part.findings
        joined = Columns(*(np.concatenate([getattr(c, name) for c in columns]) for name in ("left", "right", "said")))
        return cls(keys, joined, findings)

    def where(self, chosen: Mask | Numbers) -> "Matches":
        """Return the matches that a mask keeps, or those at positions."""
        columns = self.columns
        kept = Columns(columns.left[chosen], columns.right[chosen], columns.said[chosen])
        return Matches(self.keys, kept, self.findings)

    def without(self, keys: Iterable[str]) -> "Matches":
        """Return the matches of which neither end is among ``keys``."""
        gone = self._among(keys)
        return self.where(~(gone[self.columns.left] | gone[self.columns.right]))

    def within(self, keys: Iterable[str]) -> "Matches":
        """Return the matches of which both ends are among ``keys``."""
        among = self._among(keys)
        return self.where(among[self.columns.left] & among[self.columns.right])

    def _among(self, keys: Iterable[str]) -> Mask:
        among = np.zeros(len(self.keys), np.bool_)
        among[[self.number(key) for key in keys]] = True
        return among

    def in_order(self) -> "Matches":
        """Return the matches by their two keys."""
        return self.where(np.lexsort((self.columns.right, self.columns.left)))

    def number(self, key: str) -> int:
        """Return the position of a key."""
        return bisect_left(self.keys, key)

    @property
    def weights(self) -> npt.NDArray[np.float64]:
        return np.array([finding.weight for finding in self.findings], np.float64)[self.columns.said]

    @property
    def sure(self) -> Mask:
        return np.array([finding.sure for finding in self.findings], np.bool_)[self.columns.said]

    @property
    def strong(self) -> Mask:
        return np.array([finding.strong for finding in self.findings], np.bool_)[self.columns.said]

    def __len__(self) -> int:
        return len(self.columns.said)

    @overload
    def __getitem__(self, index: int) -> Match: ...
    @overload
    def __getitem__(self, index: slice) -> "Matches": ...
    def __getitem__(self, index: int | slice) -> "Match | Matches":
        if isinstance(index, slice):
            return self.where(np.arange(len(self))[index])
        columns = self.columns
        return self._match(int(columns.left[index]), int(columns.right[index]), int(columns.said[index]))

    def __iter__(self) -> Iterator[Match]:
        columns = self.columns
        for left, right, said in zip(columns.left.tolist(), columns.right.tolist(), columns.said.tolist(), strict=True):
            yield self._match(left, right, said)

    def __eq__(self, other: Any) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(map(Match.__eq__, self, other))

    __hash__ = None  # type: ignore[assignment]

    def _match(self, left: int, right: int, said: int) -> Match:
        what = self.findings[said]
        return Match(self.keys[left], self.keys[right], what.weight, what.rule, what.evidence, what.sure, what.strong)
