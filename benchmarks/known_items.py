"""One person meant, whom the asker met at events that the asker's diary has among others: clues, the diary, and both.

Drawn from the corpus of developers' meetings with a fixed seed. A conference is chosen, then somebody who spoke there.
The diary has it and up to two more where they did, up to eleven others of the same years, and days that no event is
known of; each entry has the day, the town where one is known, and for two of three a title, as people write it (without
the year, a slip in one of four). The clues are two of: half a name, one word of a talk's title, the year or part of a
year, the town; one clue in four is wrong: somebody else's half a name, another talk's word, a year off, another
conference's town. (The corpus states nobody's role.)
"""

import random
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.linking_corpus import prepared, records
from benchmarks.search import edited
from output.diary import Entry
from output.fold import STOP_WORDS, fold
from output.index import Index, open_index
from output.met import met

TODAY = date(2026, 11, 1)
DEPTH = 300  # answers looked at
SEED = 20
SAMPLES = 2_000  # of the bootstrap
CLUES = ("name", "about", "when", "where")
PARTS = {1: "early", 4: "spring", 7: "summer", 10: "late"}  # by the first month in which one says so


@dataclass(slots=True)
class Conference:
    """A conference as its talks have it; ``talks`` are titles and folded names of those who spoke."""

    name: str
    first: date
    last: date
    town: str = ""
    talks: list[tuple[str, list[str]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Question:
    """What the asker remembers and wrote down, the folded name of whom they mean, and all who spoke where they were."""

    clues: Mapping[str, str]
    diary: Sequence[Entry]
    wanted: str
    around: Sequence[str]


def conferences(corpus: Path) -> list[Conference]:
    """Return the conferences of at most a fortnight with at least five talks with speakers; days are their talks'."""
    found: dict[str, Conference] = {}
    towns: dict[str, str] = {}
    for thing in records(corpus):
        if thing["type"] != "Event":
            continue
        if thing.get("location") and "id" in thing:
            towns[thing["id"]] = thing["location"]["name"]
        if not thing.get("performer"):
            continue
        whole = thing["superEvent"]
        stated = [each for each in (thing.get("startDate"), whole.get("startDate")) if each and len(each) >= 10]
        if not stated:
            continue
        day = date.fromisoformat(stated[0][:10])
        conference = found.setdefault(whole["id"], Conference(whole["name"], day, day))
        conference.first, conference.last = min(conference.first, day), max(conference.last, day)
        conference.talks.append((thing["name"], [fold(each["name"]) for each in thing["performer"]]))
    for key, conference in found.items():
        conference.town = towns.get(key, "")
    several = [each for each in found.values() if len(each.talks) >= 5]
    return [each for each in several if (each.last - each.first).days < 15 and _full_names(each)]


def _full_names(conference: Conference) -> list[str]:
    return sorted({name for _, names in conference.talks for name in names if len(name.split()) > 1})


class Draw:
    """Questions, the same ones for the same seed."""

    def __init__(self, known: Sequence[Conference], seed: int) -> None:
        self._chance = random.Random(seed)
        self._conferences = known
        self._of: defaultdict[str, list[Conference]] = defaultdict(list)
        for conference in known:
            for name in dict.fromkeys(name for _, names in conference.talks for name in names):
                self._of[name].append(conference)
        self._people = sorted({name for conference in known for name in _full_names(conference)})

    def one(self) -> Question:
        chance = self._chance
        # One meets as many at a small conference as at a large one: first where, then whom.
        where = chance.choice(self._conferences)
        wanted = chance.choice(_full_names(where))
        again = [each for each in self._of[wanted] if each is not where]
        shared = [where, *chance.sample(again, min(len(again), chance.choice((0, 0, 1, 2))))]
        around = [
            each
            for each in self._conferences
            if each not in shared and abs((each.first - shared[0].first).days) < 3 * 365
        ]
        been = [*shared, *chance.sample(around, min(len(around), chance.randint(5, 11)))]
        diary = [self._written(each) for each in been]
        for _ in range(chance.randint(2, 5)):
            day = shared[0].first + timedelta(days=chance.randint(-500, 500))
            diary.append(Entry(day, day, place=chance.choice(been).town, title=chance.choice(("", "Dentist", "Lunch"))))
        chance.shuffle(diary)
        spoke = dict.fromkeys(name for each in been for _, names in each.talks for name in names)
        return Question(self._clues(wanted, shared[0]), diary, wanted, list(spoke))

    def _written(self, conference: Conference) -> Entry:
        chance = self._chance
        title = ""
        if not conference.town or chance.random() < 2 / 3:
            title = re.sub(r"\s*\b(19|20)\d\d\b", "", conference.name).strip() or conference.name
            if chance.random() < 1 / 4:
                title = edited(title, 1, chance)
        return Entry(conference.first, conference.last, place=conference.town, title=title)

    def _clues(self, wanted: str, conference: Conference) -> dict[str, str]:
        chance = self._chance
        possible = [each for each in CLUES if each != "where" or conference.town]
        said = {}
        for kind in chance.sample(possible, 2):
            wrong = chance.random() < 1 / 4
            said[kind] = {"name": self._half, "about": self._word, "when": self._time, "where": self._town}[kind](
                wanted, conference, wrong
            )
        return said

    def _half(self, wanted: str, _: Conference, wrong: bool) -> str:
        parts = (self._chance.choice(self._people) if wrong else wanted).split()
        half = parts[0] if self._chance.random() < 2 / 3 else parts[-1]
        return edited(half, 1, self._chance) if len(half) > 4 and self._chance.random() < 1 / 4 else half

    def _word(self, wanted: str, conference: Conference, wrong: bool) -> str:
        talks = self._chance.choice(self._conferences).talks if wrong else conference.talks
        titles = [title for title, names in talks if wrong or wanted in names]
        title = self._chance.choice(titles)
        words = [word for word in fold(title).split() if len(word) > 3 and word not in STOP_WORDS]
        return self._chance.choice(words or [title])

    def _time(self, _: str, conference: Conference, wrong: bool) -> str:
        year = conference.first.year + (self._chance.choice((-1, 1)) if wrong else 0)
        part = PARTS[max(month for month in PARTS if month <= conference.first.month)]
        return f"{part} {year}" if self._chance.random() < 1 / 3 else str(year)

    def _town(self, _: str, conference: Conference, wrong: bool) -> str:
        others = [each.town for each in self._conferences if each.town and each.town != conference.town]
        return self._chance.choice(others) if wrong else conference.town


def known_items(data: Path, corpus: Path, questions: int) -> dict[str, Any]:
    """Return the figures of clues alone, the diary alone and both, and of by how much both is better than each."""
    draw = Draw(conferences(corpus), SEED)
    ranks: defaultdict[str, list[float]] = defaultdict(list)  # reciprocal; 0: not found
    chance = random.Random(SEED)
    with open_index(prepared(data, corpus)) as index:
        for question in (draw.one() for _ in range(questions)):
            ranks["clues alone"].append(_rank(index, question, question.clues, ()))
            ranks["diary alone"].append(_rank(index, question, {}, question.diary))
            ranks["both"].append(_rank(index, question, question.clues, question.diary))
            names = chance.sample(question.around, len(question.around))
            ranks["anybody who spoke there"].append(1 / (names.index(question.wanted) + 1))
    figures = {
        kind: {name: _with_interval(each, measure) for name, measure in MEASURES} for kind, each in ranks.items()
    }
    gains = {
        f"both − {kind}": {
            name: _with_interval(list(zip(ranks["both"], ranks[kind], strict=True)), _difference(measure))
            for name, measure in MEASURES
        }
        for kind in ("clues alone", "diary alone")
    }
    return {"questions": questions, "seed": SEED, **figures, **gains}


def _rank(index: Index, question: Question, clues: Mapping[str, str], diary: Sequence[Entry]) -> float:
    found = met(index, **clues, diary=diary, limit=DEPTH, today=TODAY).people
    names = [fold(each.name) for each in found]
    return 1 / (names.index(question.wanted) + 1) if question.wanted in names else 0.0


def _reciprocal(ranks: Sequence[float]) -> float:
    return statistics.fmean(ranks)


def _within(place: int) -> Callable[[Sequence[float]], float]:
    return lambda ranks: statistics.fmean(each >= 1 / place for each in ranks)


MEASURES: tuple[tuple[str, Callable[[Sequence[float]], float]], ...] = (
    ("mrr", _reciprocal),
    ("first", _within(1)),
    ("in_ten", _within(10)),
)


def _difference(measure: Callable[[Sequence[float]], float]) -> Callable[[Sequence[tuple[float, float]]], float]:
    return lambda pairs: measure([one for one, _ in pairs]) - measure([other for _, other in pairs])


def _with_interval(values: Sequence[Any], measure: Callable[[Sequence[Any]], float]) -> dict[str, Any]:
    """Return a measure of the questions, and between what 95 of 100 draws of as many questions give it."""
    chance = random.Random(SEED)
    drawn = sorted(measure(chance.choices(values, k=len(values))) for _ in range(SAMPLES))
    low, high = drawn[round(0.025 * SAMPLES)], drawn[round(0.975 * SAMPLES) - 1]
    return {"mean": round(measure(values), 3), "interval": [round(low, 3), round(high, 3)]}
