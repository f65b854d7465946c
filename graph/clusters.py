"""Clusters: a pure function of mentions, matches and judgements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from graph.judgements import Judgement
from graph.linking import Match
from graph.mentions import Mention

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


def cluster(
    mentions: Iterable[Mention], matches: Iterable[Match], judgements: Mapping[tuple[str, str], Judgement]
) -> Clusters:
    """Join what matches, the strongest first, never across a negative judgement, a type or two towns of a place.

    Nor across two towns of an organisation.
    What one source keeps apart under keys of its own is joined by a strong match only.
    What people judged the same (``decided``) is among the matches, and joined before anything else. Neither the order
    of mentions nor of matches matters.
    """
    forest = _Forest(mentions)
    for pair, judgement in judgements.items():
        if judgement.verdict == "different":
            forest.separate(*pair)
    result = Clusters()
    for match in sorted(matches, key=lambda match: (-match.weight, match.left, match.right, match.rule)):
        if reason := forest.join(match):
            result.conflicts.append(Conflict(match, reason))
    result.groups = forest.groups()
    return result


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
        self._town: dict[str, str] = {}
        self._apart: defaultdict[str, set[str]] = defaultdict(set)  # root → keys that were judged different from it
        self._members: dict[str, list[str]] = {}
        self._identity: dict[str, dict[str, str]] = {}  # root → the key that each source has for it
        for mention in mentions:
            self._parent[mention.key] = mention.key
            self._members[mention.key] = [mention.key]
            self._type[mention.key] = mention.type
            if mention.seat:
                self._town[mention.key] = mention.seat
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
        towns = {self._town[root] for root in (one, other) if root in self._town}
        if len(towns) > 1 and match.weight < JUDGED:
            return f"two towns: {' and '.join(sorted(towns))}"
        if not match.strong and (source := self._kept_apart(one, other)):
            return f"{source} keeps them apart"
        # The root is the smallest key, so that it does not hang on the order of joins.
        self._parent[other] = one
        self._members[one] += self._members.pop(other)
        self._apart[one] |= self._apart.pop(other, set())
        if towns:
            self._town[one] = min(towns)
        if theirs := self._identity.pop(other, None):
            self._identity[one] = {**theirs, **self._identity.get(one, {})}
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
