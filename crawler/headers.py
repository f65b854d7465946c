"""What the headers of a table say: their words, and which of our fields these mean (``columns.toml``)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from crawler.privacy import fold

WORDS = Path(__file__).with_name("columns.toml")
DAYS = {
    "Mo": "lundi monday montag lunes mo lun mon",
    "Tu": "mardi tuesday dienstag martes tu mar tue",
    "We": "mercredi wednesday mittwoch miercoles we mer wed",
    "Th": "jeudi thursday donnerstag jueves th jeu thu",
    "Fr": "vendredi friday freitag viernes fr ven fri",
    "Sa": "samedi saturday samstag sabado sa sam sat",
    "Su": "dimanche sunday sonntag domingo su dim sun",
}
DAY_WORDS = {word: day for day, words in DAYS.items() for word in words.split()}

_CAMEL = re.compile(r"(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")


@dataclass(frozen=True)
class _Phrase:
    field: str
    words: tuple[str, ...]
    weight: float


@cache
def _phrases() -> tuple[tuple[_Phrase, ...], frozenset[str]]:
    """Return the phrases of ``columns.toml`` and its words that say nothing."""
    table: dict[str, Any] = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    filler = frozenset(table.pop("filler")["words"].split())
    sections = [(f"never.{name}", section) for name, section in table.pop("never").items()] + list(table.items())
    return tuple(
        _Phrase(name, tuple(phrase.split()), weight + 0.3 * phrase.count(" "))
        for name, section in sections
        for key, weight in (("words", 1.0), ("fair", 0.8), ("weak", 0.6))
        for phrase in section.get(key, ())
    ), filler


@cache
def _vocabulary() -> frozenset[str]:
    known, filler = _phrases()
    return filler | {word for phrase in known for word in phrase.words} | {w for w in DAY_WORDS if len(w) > 4}


def field_order() -> dict[str, int]:
    """Return each field's place in the list: of equal scores the earlier field wins."""
    return {name: number for number, name in enumerate(dict.fromkeys(phrase.field for phrase in _phrases()[0]))}


def fields() -> frozenset[str]:
    """Return the fields that a catalogue may name a column for."""
    return frozenset(phrase.field for phrase in _phrases()[0] if "." not in phrase.field) - {"known"}


@lru_cache(maxsize=10_000)
def words_of(header: str) -> tuple[str, ...]:
    """Return a header's words, folded: ``Nomdelastructure`` → nom, de, la, structure."""
    folded = fold(_CAMEL.sub(" ", header[:200]).replace("_", " "))
    return tuple(part for word in folded.split() for part in _split(word))


def _split(word: str) -> list[str]:
    """Return the words that one without spaces is made of, where they are known: at least half of its letters."""
    known = _vocabulary()
    if word in known or len(word) < 5 or not word.isalpha():
        return [word]
    # best[i]: the fewest unknown letters, then the fewest words, that word[:i] can be cut into.
    best: list[tuple[int, int, list[str]]] = [(0, 0, [])]
    for end in range(1, len(word) + 1):
        unknown, count, parts = best[end - 1]
        goes_on = bool(parts) and parts[-1] not in known
        letter = word[end - 1]
        options = [(unknown + 1, count, [*parts[:-1], parts[-1] + letter] if goes_on else [*parts, letter])]
        for start in range(max(0, end - 15), end - 1):
            if (piece := word[start:end]) in known:
                unknown, count, parts = best[start]
                options.append((unknown, count + 1, [*parts, piece]))
        best.append(min(options, key=lambda option: option[:2]))
    unknown, count, parts = best[-1]
    limit = 0 if len(word) < 9 else len(word) // 2
    # What ends in a word that says nothing is an ending: regionaux is not region and aux.
    return parts if count > 1 and unknown <= limit and parts[-1] not in _phrases()[1] else [word]


@lru_cache(maxsize=10_000)
def scores_of(words: tuple[str, ...]) -> dict[str, float]:
    """Return how well a header's words name each field: the phrase's weight, less where much else is said."""
    known, filler = _phrases()
    content = [word for word in words if word not in filler] or list(words)
    there = set(words)
    scores: dict[str, float] = {}
    for phrase in known:
        if not there.issuperset(phrase.words):
            continue
        covered = sum(word in phrase.words for word in content) / len(content)
        # "n" and "num", "date" and "location" say so much alone; in "date_visite" or "eventLocation.city" they do not.
        short = len(phrase.words) == 1 and (len(phrase.words[0]) == 1 or phrase.field == "street_number")
        vague = (short and len(phrase.words[0]) <= 6) or phrase.field == "venue"
        if covered < 1 and (vague or (phrase.field == "start" and phrase.weight < 0.7)):
            continue
        scores[phrase.field] = max(scores.get(phrase.field, 0), phrase.weight * (0.5 + 0.5 * covered))
    return {name: score for name, score in scores.items() if score > 0.34}
