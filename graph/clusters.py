"""Clusters: a pure function of mentions, matches and judgements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.arrays import Mask, Numbers
from graph.judgements import Judgement
from graph.linking import Match
from graph.marks import UNKNOWN, Marks
from graph.matches import Matches
from graph.mentions import Mention
from graph.surroundings import Surroundings

JUDGED = 1_000.0  # weight in bits of what a person decided: more than any evidence


@dataclass(frozen=True, slots=True)
class Conflict:
    """A match that was not followed: it would have joined what must stay apart."""

    match: Match
    reason: str


@dataclass
class Clusters:
    """Groups of mention keys, each sorted, in the order of their first keys; and the matches that were refused."""

    groups: list[list[str]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)


def cluster(around: Surroundings, matches: Matches, judgements: Mapping[tuple[str, str], Judgement]) -> Clusters:
    """Join what matches, the strongest first, never across a negative judgement, a type or two towns of a place.

    Nor across two towns of an organisation; nor across those of two events, but by a match of two that state them both:
    an event that says no town does not make one of two.
    What one source keeps apart under keys of its own is joined by a strong match only.
    What people judged the same (``decided``) is among the matches, and joined before anything else. Neither the order
    of mentions nor of matches matters.
    """
    label, conflicts = joined(around.marks, matches, judgements)
    groups: defaultdict[int, list[str]] = defaultdict(list)
    for key, number in zip(around.keys, label.tolist(), strict=True):
        groups[number].append(key)
    return Clusters(list(groups.values()), conflicts)


def joined(
    marks: Marks, matches: Matches, judgements: Mapping[tuple[str, str], Judgement]
) -> tuple[Numbers, list[Conflict]]:
    """Return for each mention the number of the first one of its cluster, and the matches that were refused.

    Where nothing among all that matches hang together must stay apart, all of it is one cluster, in whatever order it
    is joined. Only what is left is joined one by one.
    """
    label = components(len(marks.mentions), matches.columns.left, matches.columns.right)
    different = [each for each in judgements.values() if each.verdict == "different"]
    contested = _contested(marks, matches, label, different)
    conflicts: list[Conflict] = []
    inside = contested[label]
    if inside.any():
        numbers = np.flatnonzero(inside)
        number_of = {matches.keys[number]: number for number in numbers.tolist()}
        forest = _Forest(marks.mentions[number] for number in numbers.tolist())
        for judgement in different:
            forest.separate(*judgement.pair)
        among = matches.where(inside[matches.columns.left])
        ordered = sorted(among, key=lambda match: (-match.weight, match.left, match.right, match.rule))
        conflicts += [Conflict(match, reason) for match in ordered if (reason := forest.join(match))]
        for group in forest.groups():
            label[[number_of[key] for key in group]] = number_of[group[0]]
    return label, conflicts


def components(count: int, left: Numbers, right: Numbers) -> Numbers:
    """Return for each of ``count`` numbers the smallest one that the pairs tie it to."""
    label = np.arange(count)
    while True:
        one, other = label[left], label[right]
        low, high = np.minimum(one, other), np.maximum(one, other)
        apart = low != high
        if not apart.any():
            return label
        np.minimum.at(label, high[apart], low[apart])
        while not np.array_equal(shorter := label[label], label):
            label = shorter


def _contested(marks: Marks, matches: Matches, label: Numbers, different: Sequence[Judgement]) -> Mask:
    """Return by label whether in what it stands for there are two that must stay apart."""
    contested = np.zeros(len(label), np.bool_)
    placed = marks.town != UNKNOWN
    contested[several(label[placed], marks.town[placed])] = True
    known = marks.identified
    sources = int(marks.source.max(initial=0)) + 1
    torn = several(label[known] * sources + marks.source[known], marks.identity[known])
    contested[torn // sources] = True
    if different or any(finding.weight >= JUDGED for finding in matches.findings):
        number = {key: position for position, key in enumerate(matches.keys)}
        for judgement in different:
            for key in judgement.pair:
                if key in number:
                    contested[label[number[key]]] = True
        judged = matches.where(matches.weights >= JUDGED)
        contested[label[judged.columns.left]] = True
    return contested


def several(group: Numbers, value: Numbers) -> Numbers:
    """Return the groups that have two different values."""
    order = np.lexsort((value, group))
    group, value = group[order], value[order]
    found: Numbers = group[1:][(group[1:] == group[:-1]) & (value[1:] != value[:-1])]
    return found


def decided(judgements: Mapping[tuple[str, str], Judgement]) -> list[Match]:
    """Return what people judged the same as matches that outweigh all others."""
    same = (judgement for judgement in judgements.values() if judgement.verdict == "same")
    return [
        Match(*each.pair, JUDGED, f"judged the same{f' by {each.by}' if each.by else ''}", strong=True) for each in same
    ]


class _Forest:
    """Disjoint sets with what each must stay apart from."""

    def __init__(self, mentions: Iterable[Mention]) -> None:
        self._parent: dict[str, str] = {}
        self._type: dict[str, str] = {}
        self._towns: dict[str, frozenset[str]] = {}
        self._seated: set[str] = set()  # keys
        self._apart: defaultdict[str, set[str]] = defaultdict(set)  # root → keys that were judged different from it
        self._members: dict[str, list[str]] = {}
        self._identity: dict[str, dict[str, str]] = {}  # root → the key that each source has for it
        for mention in mentions:
            self._parent[mention.key] = mention.key
            self._members[mention.key] = [mention.key]
            self._type[mention.key] = mention.type
            if mention.seat:
                self._towns[mention.key] = frozenset((mention.seat,))
                self._seated.add(mention.key)
            if mention.identity:
                self._identity[mention.key] = {mention.source.id: mention.identity}

    def find(self, key: str) -> str:
        while self._parent[key] != key:
            self._parent[key] = self._parent[self._parent[key]]
            key = self._parent[key]
        return key

    def separate(self, left: str, right: str) -> None:
        if left in self._parent and right in self._parent:
            self._apart[left].add(right)
            self._apart[right].add(left)

    def join(self, match: Match) -> str | None:
        """Join two sets; return why not, where they must stay apart."""
        left, right = match.left, match.right
        if left not in self._parent or right not in self._parent:
            return None  # a judgement on what is no longer there
        one, other = sorted((self.find(left), self.find(right)))
        if one == other:
            return None
        if self._type[one] != self._type[other]:
            return f"one is a {self._type[one]}, the other a {self._type[other]}"
        if self._judged_apart(one, other):
            return "judged different"
        ours, theirs = (self._towns.get(root, frozenset()) for root in (one, other))
        compared = self._type[one] == "Event" and {left, right} <= self._seated
        if ours and ours.isdisjoint(theirs or ours) and not compared and match.weight < JUDGED:
            return f"two towns: {' and '.join(sorted(ours | theirs))}"
        if not match.strong and (source := self._kept_apart(one, other)):
            return f"{source} keeps them apart"
        # The root is the smallest key, so that it does not hang on the order of joins.
        self._parent[other] = one
        self._members[one] += self._members.pop(other)
        self._apart[one] |= self._apart.pop(other, set())
        self._towns[one] = ours | theirs
        if keys := self._identity.pop(other, None):
            self._identity[one] = {**keys, **self._identity.get(one, {})}
        return None

    def _kept_apart(self, one: str, other: str) -> str | None:
        """Return a source that has the two sets under different keys."""
        ours, theirs = self._identity.get(one, {}), self._identity.get(other, {})
        return min((source for source in ours.keys() & theirs.keys() if ours[source] != theirs[source]), default=None)

    def _judged_apart(self, one: str, other: str) -> bool:
        small, large = sorted((one, other), key=lambda root: len(self._apart.get(root, ())))
        return any(self.find(key) == large for key in self._apart.get(small, ())) or any(
            self.find(key) == small for key in self._apart.get(large, ())
        )

    def groups(self) -> list[list[str]]:
        return sorted(sorted(members) for members in self._members.values())


def membership(groups: Iterable[Collection[str]]) -> dict[str, int]:
    """Return for each mention key the number of its group."""
    return {key: number for number, group in enumerate(groups) for key in group}
