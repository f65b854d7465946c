"""Why two records are (not) one, and what a node was made of: in words, with the weight of each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from crawler.datadir import open_store
from graph.clusters import JUDGED
from graph.ids import current_id, members
from graph.joining import joining
from graph.link import GraphError, Linked, decide_data
from graph.linking import Match
from graph.mentions import Mention, mentions
from graph.model_files import load_models
from graph.probabilistic import SAME_RECORD, ProbabilisticLinker


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
    """What a node was made of; ``weakest`` is the match that holds it together with the least weight."""

    node: str
    parts: tuple[Part, ...]
    weakest: str | None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class PairExplanation:
    """Whether two things are one node, and in sentences why.

    ``levels`` are the levels that the two meet, each with its weight in bits; ``total`` their sum, and ``threshold``
    what it takes to be one. They are of the two records named, or of the strongest match between the two nodes.
    """

    left: str
    right: str
    one: bool
    reasons: tuple[str, ...]
    levels: tuple[tuple[str, float], ...] = ()
    total: float | None = None
    threshold: float | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def explain_node(data: Path, name: str) -> NodeExplanation:
    """Return what a node, or the node of a mention, was made of; GraphError for an unknown id."""
    linked = decide_data(data)
    group = _group(data, linked, name)
    tree = joining(linked.matches, group)
    # The tree is walked from the first mention, so that each other one has the match that brought it in.
    by: dict[str, Match] = {}
    left = list(tree)
    while left:
        known = {group[0], *by}
        match = next(match for match in left if (match.left in known) != (match.right in known))
        by[match.right if match.left in known else match.left] = match
        left.remove(match)
    parts = tuple(_part(linked.mentions[key], by.get(key)) for key in group)
    return NodeExplanation(current_id(data, group[0]) or name, parts, _in_words(tree[-1]) if tree else None)


def explain_pair(data: Path, left: str, right: str) -> PairExplanation:
    """Return why two nodes or mentions are, or are not, one; GraphError for an unknown id."""
    linked = decide_data(data)
    one, other = _group(data, linked, left), _group(data, linked, right)
    same = one == other
    linker = ProbabilisticLinker(load_models(data))
    match = _between(linked, [left] if left in linked.mentions else one, [right] if right in linked.mentions else other)
    if match is None and (pair := _two(left, right, one, other)):
        match = linker.compare(list(linked.mentions.values()), *pair)
    kind = linked.mentions[one[0]].type
    reasons = [_in_words(match)] if match and match.rule else []
    if match and match.weight < SAME_RECORD:
        threshold = linker.threshold(kind)
        reasons.append(f"together {match.weight:g} bits; {threshold:g} make them one")
    refused = [each for each in linked.clusters.conflicts if _crosses(each.match, one, other)]
    reasons += [f"but they were kept apart: {conflict.reason}" for conflict in refused]
    if same and match and match.weight < linker.threshold(kind):
        path = joining(linked.matches, one)
        reasons.append(f"yet they are one by way of others; the weakest link: {_in_words(path[-1])}")
    if not same:
        reasons += _differences(linked.mentions[one[0]], linked.mentions[other[0]])
    if not same and match and match.weight >= linker.threshold(kind) and not refused:
        reasons.append("but one of them fits another, with which the other cannot be one, about as well")
    return PairExplanation(
        left,
        right,
        same,
        tuple(dict.fromkeys(reasons)),
        match.evidence if match else (),
        match.weight if match and match.weight < SAME_RECORD else None,
        linker.threshold(kind) if match and match.weight < SAME_RECORD else None,
    )


def _two(left: str, right: str, one: Sequence[str], other: Sequence[str]) -> tuple[str, str] | None:
    """Return the two mentions to compare: those named, or the first ones of two nodes."""
    pair = (left if left in one else one[0], right if right in other else other[-1])
    return pair if pair[0] != pair[1] else None


def _between(linked: Linked, one: Sequence[str], other: Sequence[str]) -> Match | None:
    """Return the strongest match, or the likeliest pair that was left undecided, between two sets of mentions."""
    found = [match for match in (*linked.matches, *linked.undecided) if _crosses(match, one, other)]
    return max(found, key=lambda match: match.weight, default=None)


def _in_words(match: Match) -> str:
    if match.weight >= JUDGED:
        return match.rule
    if match.weight >= SAME_RECORD:
        return f"they agree in: {match.rule}"
    return f"they agree in: {match.rule} ({match.weight:g} bits{'' if match.sure else ', not sure'})"


def _group(data: Path, linked: Linked, name: str) -> list[str]:
    keys = {name} if name in linked.mentions else set(members(data, name))
    for group in linked.clusters.groups:
        if keys.intersection(group):
            return group
    raise GraphError(f"{name}: no node or record has this id; 'recroise search' shows ids")


def _part(mention: Mention, match: Match | None) -> Part:
    source = mention.source
    weight = match.weight if match and match.weight < SAME_RECORD else None
    return Part(mention.key, mention.name, source.id, source.url, source.fetched, match.rule if match else None, weight)


def _crosses(match: Match, one: Sequence[str], other: Sequence[str]) -> bool:
    return (match.left in one and match.right in other) or (match.left in other and match.right in one)


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
    return reasons


def _still_said(data: Path, keys: Iterable[str]) -> Iterator[str]:
    with open_store(data) as store:
        for key in sorted(keys, key=lambda key: (":" in key, key)):
            record = store.record(key.partition(":")[0])
            if record is not None and any(mention.key == key for mention in mentions([record], {})):
                yield key


def mention_of(data: Path, name: str) -> str:
    """Return the mention that a node's id or a mention's key stands for; GraphError for an unknown one.

    Of a node's mentions the first that a record still says, a record's own before what it names: what is gone is not
    linked any more, and what is judged of it is not followed.
    """
    if known := members(data, name):
        return next(_still_said(data, known), known[0])
    if current_id(data, name):
        return name
    raise GraphError(f"{name}: no node or record has this id; 'recroise search' shows ids, 'recroise why ID' keys")
