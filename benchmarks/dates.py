"""Dates found in text, and how fast: ours beside dateparser's search, on the same texts in the same run.

``python benchmarks/dates.py [--rounds 5]`` makes text without dates (French and English sentences with numbers,
addresses and telephones in them), text with one date in each sentence, and the two mixed as pages have them; each is
cut into nodes as long as those of a listing page. Prints megabytes a second (the median over the rounds) and, for the
sentences with dates, how many are read right. The result is kept in ``benchmarks/results/dates.json``.
"""

import argparse
import json
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.dates import find  # noqa: E402

RESULTS = Path(__file__).parent / "results" / "dates.json"
REFERENCE = date(2013, 2, 12)
SEED = 4

PLAIN = (
    "La Cantine accueille trois emplois à plein temps et 35 coworkers réguliers.",
    "Un tiers des événements sont apportés par les partenaires, un autre par les communautés.",
    "12 rue de la République, 56100 Lorient. Tél. : 02 97 12 34 56",
    "Entrée libre dans la limite des places disponibles.",
    "Director of the board, room 1230, 121 N. LaSalle Street, Chicago, IL 60602",
    "Questions? Call (312) 555-0144 or write to the secretary of the committee.",
    "Version 3.11.2 of the programme was presented by the chairwoman of the association.",
    "Subscribe to our newsletter",
    "Contact us",
)
# Sentences with {date}, and the date as each must be read.
DATED = (
    ("Rencontre {day} {month} {year} à 18h30, à la Cantine", "fr"),
    ("Rendez-vous le {weekday} {day} {month} dès 19h pour un apéro", "fr"),
    ("Du {day} au {next} {month} {year} : barcamp à Quimper", "fr"),
    ("The board meets on {weekday}, {month} {day}, {year} at 6:30 p.m. in room 12", "en"),
    ("{month} {day}, {year} - Regular meeting", "en"),
    ("Doors open at 7pm on {weekday}, {month} {day}", "en"),
)
MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(),
    "en": "January February March April May June July August September October November December".split(),
}
WEEKDAYS = {
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche".split(),
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


def dated(rng: random.Random, count: int) -> list[tuple[str, str, str]]:
    """Return sentences with their language and the day that each tells, within a year of the reference."""
    made = []
    for _ in range(count):
        text, language = rng.choice(DATED)
        day = date.fromordinal(REFERENCE.toordinal() + rng.randrange(1, 320)).replace(day=rng.randrange(1, 27))
        if day <= REFERENCE:
            day = day.replace(month=day.month % 12 + 1)
        made.append(
            (
                text.format(
                    day=day.day, next=day.day + 2, year=day.year, month=MONTHS[language][day.month - 1],
                    weekday=WEEKDAYS[language][day.weekday()],
                ),
                language,
                day.isoformat(),
            )
        )  # fmt: skip
    return made


def speed(nodes: list[str], search: Callable[[str], object], rounds: int) -> float:
    """Return megabytes a second, the median over the rounds."""
    size = sum(len(node.encode()) for node in nodes)
    seconds = []
    for _ in range(rounds):
        begin = time.process_time()
        for node in nodes:
            search(node)
        seconds.append(time.process_time() - begin)
    return round(size / statistics.median(seconds) / 1e6, 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    from dateparser.search import search_dates

    rng = random.Random(SEED)
    plain = [rng.choice(PLAIN) for _ in range(20_000)]
    sentences = dated(rng, 4_000)
    mixed = plain[:9_000] + [text for text, _, _ in sentences[:1_000]]
    settings = {"RELATIVE_BASE": datetime.combine(REFERENCE, datetime.min.time()), "DATE_ORDER": "DMY"}

    def peer(text: str) -> list[tuple[str, datetime]]:
        return search_dates(text, languages=["fr", "en"], settings=settings) or []

    right = {"ours": 0, "dateparser": 0}
    for text, _, day in sentences[:500]:
        right["ours"] += any((found.start or "")[:10] == day for found in find(text, REFERENCE))
        right["dateparser"] += any(found.date().isoformat() == day for _, found in peer(text))
    result = {
        "right_of_500": right,
        "megabytes_a_second": {
            "ours": {
                "without dates": speed(plain, lambda text: find(text, REFERENCE), rounds),
                "a date in each": speed([text for text, _, _ in sentences], lambda text: find(text, REFERENCE), rounds),
                "mixed": speed(mixed, lambda text: find(text, REFERENCE), rounds),
            },
            "dateparser": {
                "without dates": speed(plain[:200], peer, 1),
                "a date in each": speed([text for text, _, _ in sentences[:200]], peer, 1),
            },
        },
        "machine": {"python": platform.python_version(), "processor": platform.machine()},
    }
    print(json.dumps(result, indent=1))
    RESULTS.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
