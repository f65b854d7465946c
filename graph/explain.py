"""Why two records are (not) one, and what a node was made of: in words."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.clusters import JUDGED
from graph.ids import current_id, members
from graph.link import GraphError, Linked, decide_data
from graph.linking import Match
from graph.mentions import Mention


@dataclass(frozen=True)
class Part:
    """One mention of a node: where it was read, and by which match it came to the others (none for the first)."""

    mention: str
    name: str
    source: str
    url: str
    fetched: str
    rule: str | None
    weight: float | None


@dataclass(frozen=True)
class NodeExplanation:
    """What a node was made of; ``weakest`` is the rule that holds it together with the least weight."""

    node: str
    parts: tuple[Part, ...]
    weakest: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class PairExplanation:
    """Whether two things are one node, and in sentences why."""

    left: str
    right: str
    one: bool
    reasons: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def explain_node(data: Path, name: str) -> NodeExplanation:
    """Return what a node, or the node of a mention, was made of; GraphError for an unknown id."""
    linked = decide_data(data)
    group = _group(data, linked, name)
    best = _joining(linked.matches, set(group))
    parts = tuple(_part(linked.mentions[key], best.get(key)) for key in group)
    weakest = min(best.values(), key=lambda match: match.weight).rule if best else None
    return NodeExplanation(current_id(data, group[0]) or name, parts, weakest)


def explain_pair(data: Path, left: str, right: str) -> PairExplanation:
    """Return why two nodes or mentions are, or are not, one; GraphError for an unknown id."""
    linked = decide_data(data)
    one, other = _group(data, linked, left), _group(data, linked, right)
    direct = [match for match in linked.matches if {match.left, match.right} == {left, right}]
    between = direct or [match for match in linked.matches if _crosses(match, one, other)]
    refused = [each for each in linked.clusters.conflicts if _crosses(each.match, one, other)]
    reasons = [_sentence(match) for match in between]
    reasons += [f"but they were kept apart: {conflict.reason}" for conflict in refused]
    same = one == other
    if same and not reasons:
        reasons = [f"both agree with a third in: {rule}" for rule in sorted(_rules(linked.matches, one))]
    if not same and not reasons:
        reasons = _differences(linked.mentions[one[0]], linked.mentions[other[0]])
    return PairExplanation(left, right, same, tuple(dict.fromkeys(reasons)))


def _sentence(match: Match) -> str:
    return match.rule if match.weight == JUDGED else f"they agree in: {match.rule} (weight {match.weight:g} bits)"


def _group(data: Path, linked: Linked, name: str) -> list[str]:
    keys = {name} if name in linked.mentions else set(members(data, name))
    for group in linked.clusters.groups:
        if keys.intersection(group):
            return group
    raise GraphError(f"{name}: no node or record has this id; 'recroise search' shows ids")


def _joining(matches: Iterable[Match], keys: set[str]) -> dict[str, Match]:
    """Return for each mention but the first the strongest match that ties it to the others."""
    best: dict[str, Match] = {}
    for match in sorted(matches, key=lambda match: -match.weight):
        if match.left in keys and match.right in keys:
            best.setdefault(match.right, match)
    return best


def _part(mention: Mention, match: Match | None) -> Part:
    source = mention.source
    weight = match.weight if match else None
    return Part(mention.key, mention.name, source.id, source.url, source.fetched, match.rule if match else None, weight)


def _crosses(match: Match, one: list[str], other: list[str]) -> bool:
    return (match.left in one and match.right in other) or (match.left in other and match.right in one)


def _rules(matches: Iterable[Match], group: list[str]) -> set[str]:
    keys = set(group)
    return {match.rule for match in matches if match.left in keys and match.right in keys}


def _differences(one: Mention, other: Mention) -> list[str]:
    if one.type != other.type:
        return [f"one is a {one.type}, the other a {other.type}"]
    reasons = []
    if one.name != other.name:
        reasons.append(f"their names differ: {one.name!r}, {other.name!r}")
    towns = (one.city or one.near, other.city or other.near)
    if towns[0] != towns[1]:
        reasons.append(f"their towns differ: {towns[0] or 'unknown'}, {towns[1] or 'unknown'}")
    if one.day != other.day:
        reasons.append(f"their days differ: {one.day or 'unknown'}, {other.day or 'unknown'}")
    return reasons or ["no rule says that they are one: a name alone is not enough"]


def mention_of(data: Path, name: str) -> str:
    """Return the mention that a node's id or a mention's key stands for; GraphError for an unknown one."""
    if known := members(data, name):
        return known[0]
    if current_id(data, name):
        return name
    raise GraphError(f"{name}: no node or record has this id; 'recroise search' shows ids, 'recroise why ID' keys")
