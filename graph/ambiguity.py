"""Matches that could as well be with another: such are followed to neither."""

from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np

from graph.arrays import Numbers
from graph.clusters import several
from graph.linking import Match
from graph.marks import UNKNOWN
from graph.matches import Matches
from graph.mentions import Mention
from graph.names import place_words, title_words
from graph.personal_names import full_name, personal_name
from graph.surroundings import Surroundings, town

MARGIN = 3.0  # bits by which one of two that exclude each other must be the likelier


class Ambiguity:
    """Finds the matches of a mention that fits, about as well, two that cannot be one.

    Two cannot be one that lie in two towns, or that one source keeps apart; and two longer names are not one because a
    shorter is within both ("La Cordée" in "La Cordée Perrache" and in "La Cordée Liberté").
    """

    def __init__(self, around: Surroundings) -> None:
        self._mentions = around.mentions
        self._around = around
        self._marks = around.marks
        self._named: dict[frozenset[str], int] = {}
        self._written: dict[tuple[str, str, str | None], int] = {}
        self._words = np.full(len(around.mentions), UNKNOWN, np.int64)

    def without(self, matches: Matches) -> Matches:
        """Return the matches of one type but the ambiguous ones."""
        columns = matches.columns
        number = np.arange(len(matches))
        ends = np.concatenate((columns.left, columns.right))
        others = np.concatenate((columns.right, columns.left))
        of = np.concatenate((number, number))
        several = np.flatnonzero(np.bincount(ends, minlength=1)[ends] > 1)
        ends, others, of = ends[several], others[several], of[several]
        doubtful = np.union1d(self._may_be_torn(ends, others), self._may_be_within(ends, others))
        if not len(doubtful):
            return matches
        chosen = np.flatnonzero(np.isin(ends, doubtful))
        chosen = chosen[np.lexsort((of[chosen], ends[chosen]))]
        by_end: defaultdict[int, list[tuple[Match, str]]] = defaultdict(list)
        for end, other, position in zip(
            ends[chosen].tolist(), others[chosen].tolist(), of[chosen].tolist(), strict=True
        ):
            by_end[end].append((matches[position], matches.keys[other]))
        linked = _Linked(matches)
        dropped: set[tuple[str, str]] = set()
        for end, found in by_end.items():
            dropped |= _torn(self._mentions[end], found, linked, self._around)
            dropped |= _within_several(self._mentions[end], found, linked, self._around)
        return matches.where(~np.isin(linked.codes, [linked.code(*pair) for pair in dropped]))

    def _may_be_torn(self, ends: Numbers, others: Numbers) -> Numbers:
        """Return the ends that go to two different marks of a kind that they have none of themselves."""
        marks = self._marks
        kept = marks.identified[others] & ~(marks.identified[ends] & (marks.source[ends] == marks.source[others]))
        sources = int(marks.source.max(initial=0)) + 1
        torn = several(ends[kept] * sources + marks.source[others][kept], marks.identity[others][kept])
        placed = (marks.town[others] != UNKNOWN) & (marks.town[ends] == UNKNOWN)
        return np.union1d(torn // sources, several(ends[placed], marks.town[others][placed]))

    def _may_be_within(self, ends: Numbers, others: Numbers) -> Numbers:
        """Return the ends that go to two that are called in other words."""
        own, theirs = self._called(ends), self._called(others)
        other = own != theirs
        return several(ends[other], theirs[other])

    def _called(self, numbers: Numbers) -> Numbers:
        """Return a number for the words of each mention: the same for the same words."""
        for number in np.unique(numbers[self._words[numbers] == UNKNOWN]).tolist():
            mention = self._mentions[number]
            written = mention.type, mention.name, town(mention)
            called = self._written.get(written)
            if called is None:
                called = self._written[written] = self._named.setdefault(_words(mention), len(self._named))
            self._words[number] = called
        return self._words[numbers]


class _Linked(Container[tuple[str, str]]):
    """The pairs of keys that match."""

    def __init__(self, matches: Matches) -> None:
        self._number = matches.number
        self._count = len(matches.keys)
        self.codes = matches.columns.left * self._count + matches.columns.right
        self._sorted = np.sort(self.codes)

    def code(self, left: str, right: str) -> int:
        return self._number(left) * self._count + self._number(right)

    def __contains__(self, pair: Any) -> bool:
        code = self.code(*pair)
        place = int(np.searchsorted(self._sorted, code))
        return place < len(self._sorted) and int(self._sorted[place]) == code


def _marks(mention: Mention) -> Iterator[tuple[str, str]]:
    """Yield what sets a mention apart from others: its town, the key that its source has for it."""
    if mention.seat:
        yield "town", mention.seat
    if mention.identity:
        yield mention.source.id, mention.identity


def _torn(
    mention: Mention, found: Sequence[tuple[Match, str]], linked: Container[tuple[str, str]], around: Surroundings
) -> set[tuple[str, str]]:
    """Return the matches of one end, when they go to two that exclude each other and it is with neither by a mark.

    The towns of two events that match do not exclude each other: one source writes Kiev, the other Kyiv.
    """
    best: defaultdict[str, dict[str, float]] = defaultdict(dict)
    of: defaultdict[tuple[str, str], list[Match]] = defaultdict(list)
    there: defaultdict[str, list[str]] = defaultdict(list)  # town → what is there
    marks_of_own = {name for name, _ in _marks(mention)}
    for match, other in found:
        for name, mark in _marks(around.mention(other)):
            if name not in marks_of_own:
                best[name][mark] = max(best[name].get(mark, match.weight), match.weight)
                of[name, mark].append(match)
                if name == "town":
                    there[mark].append(other)
    dropped: set[tuple[str, str]] = set()
    for name, weights in best.items():
        rivals = dict(weights)
        if name == "town" and mention.type == "Event":
            likeliest = min(weights, key=lambda town: (-weights[town], town))
            for town in weights.keys() - {likeliest}:
                if any((min(pair), max(pair)) in linked for pair in product(there[likeliest], there[town])):
                    del rivals[town]
        if len(rivals) > 1:
            first, second = sorted(rivals.values(), reverse=True)[:2]
            for mark, value in weights.items():
                if first - second < MARGIN or (mark in rivals and value < first):
                    dropped |= {(match.left, match.right) for match in of[name, mark] if not match.strong}
    return dropped


def _within_several(
    mention: Mention, found: Sequence[tuple[Match, str]], linked: Container[tuple[str, str]], around: Surroundings
) -> set[tuple[str, str]]:
    """Return the matches with longer names that do not match each other."""
    words = _words(mention)
    longer = {}
    for match, other in found:
        theirs = _words(around.mention(other))
        # "la cantine de Brest" is within no other name, and may mean any cantine there.
        if words < theirs or (mention.type == "Place" and words.isdisjoint(theirs)):
            longer[other] = (match, theirs)
    keys = sorted(longer)[:50]
    dropped: set[tuple[str, str]] = set()
    for number, one in enumerate(keys):
        for other in keys[number + 1 :]:
            apart = not (longer[one][1] <= longer[other][1] or longer[other][1] <= longer[one][1])
            if apart and (one, other) not in linked:
                dropped |= {(match.left, match.right) for match in (longer[one][0], longer[other][0])}
    return dropped


def _words(mention: Mention) -> frozenset[str]:
    """Return the words that tell a mention from others, as far as linking compares them."""
    if mention.type == "Person":
        if " " in (full := full_name(mention.name)):
            return frozenset(full.split())
        name = personal_name(mention.name)
        return frozenset((name.first, *name.middle.split(), name.last))
    telling = place_words if mention.type in ("Place", "Organization") else title_words
    return frozenset(telling(mention.name, town(mention)))
