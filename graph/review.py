"""A terminal screen on which a person decides what the models would rather not: two by two, side by side."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph import judgements
from graph.clusters import membership
from graph.link import Linked, decide_data
from graph.linking import Match
from graph.mentions import Mention

KEYS = {"s": "same", "d": "different", "u": "unsure"}


@dataclass(frozen=True)
class Pair:
    """Two mentions to be judged.

    ``value`` is how much there is to win: doubt, times how many mentions hang on it. ``within`` is the name of what
    each is named in.
    """

    left: Mention
    right: Mention
    match: Match
    value: float
    within: tuple[str, str] = ("", "")

    def to_json(self) -> dict[str, Any]:
        return {
            "left": _side(self.left),
            "right": _side(self.right),
            "bits": self.match.weight,
            "levels": [list(level) for level in self.match.evidence],
            "value": round(self.value, 3),
        }


def _side(mention: Mention) -> dict[str, Any]:
    return {"mention": mention.key, "type": mention.type, "name": mention.name, "url": mention.source.url}


def pairs(linked: Linked, log: list[judgements.Judgement], thresholds: Mapping[str, float]) -> list[Pair]:
    """Return the pairs that nobody judged yet, the most valuable first: one a pair of clusters."""
    judged = {judgement.pair for judgement in log}
    of = membership(linked.clusters.groups)
    answered = {tuple(sorted((of[left], of[right]))) for left, right in judged if left in of and right in of}
    size = [len(group) for group in linked.clusters.groups]
    best: dict[tuple[Any, ...], Pair] = {}
    for match in linked.undecided:
        if (match.left, match.right) in judged or match.left not in of or match.right not in of:
            continue
        left, right = linked.mentions[match.left], linked.mentions[match.right]
        numbers = sorted((of[match.left], of[match.right]))
        if numbers[0] != numbers[1] and tuple(numbers) in answered:
            continue
        probability = 1 / (1 + 2 ** -(match.weight - thresholds[left.type]))
        value = probability * (1 - probability) * 4 * min(size[numbers[0]], size[numbers[1]])
        within = tuple(linked.mentions[m.parent].name if m.parent else "" for m in (left, right))
        pair = Pair(left, right, match, value, (within[0], within[1]))
        # Within one cluster each doubtful match is a question of its own; between two, one answer settles all.
        key = (*numbers,) if numbers[0] != numbers[1] else (match.left, match.right)
        if key not in best or (pair.value, pair.left.key) > (best[key].value, best[key].left.key):
            best[key] = pair
    return sorted(best.values(), key=lambda pair: (-pair.value, pair.left.key, pair.right.key))


def waiting(data: Path) -> list[Pair]:
    """Return the data directory's pairs to judge; GraphError when nothing is stored."""
    from graph.model_files import load_models

    log = judgements.load(data / judgements.FILE)
    thresholds = {kind: model.threshold for kind, model in load_models(data).items()}
    return pairs(decide_data(data), log, thresholds)


def facts(mention: Mention, within: str) -> Iterator[tuple[str, str]]:
    """Yield what a mention says, for one column of the screen."""
    yield "name", mention.name
    if within:
        yield "in", within
    address = mention.data.get("address") or {}
    for label, value in (
        ("day", mention.data.get("startDate")),
        ("role", mention.data.get("jobTitle")),
        ("street", address.get("streetAddress")),
        ("town", mention.city or mention.near),
        ("kind", mention.data.get("additionalType")),
        ("address", mention.data.get("url")),
        ("read at", mention.source.url),
    ):
        if value:
            yield label, str(value)


def screen(pair: Pair, number: int, of: int) -> Any:
    """Return the table of one question: both sides, and below it what speaks for and against."""
    from rich.table import Table

    left, right = dict(facts(pair.left, pair.within[0])), dict(facts(pair.right, pair.within[1]))
    table = Table(title=f"{number} of {of}: one {pair.left.type} or two?", caption=evidence(pair.match), expand=True)
    table.add_column("")
    table.add_column("A", overflow="fold")
    table.add_column("B", overflow="fold")
    for label in dict.fromkeys((*left, *right)):
        same = left.get(label) == right.get(label)
        table.add_row(label, left.get(label, ""), right.get(label, ""), style="" if same else "bold")
    return table


def evidence(match: Match) -> str:
    """Return the levels that two meet with their weights, and the total, in one line."""
    levels = "; ".join(f"{label} {bits:+g}" for label, bits in match.evidence)
    return f"{levels}; together {match.weight:+g} bits"


def ask() -> str:
    """Return the key pressed, or the first letter of a line where there is no terminal; ``q`` at the end of input."""
    if sys.stdin.isatty():
        import click

        try:
            return click.getchar().lower()[:1]
        except EOFError:  # Ctrl-D
            return "q"
    line = sys.stdin.readline()
    return line.strip().lower()[:1] if line else "q"
