"""Periods as people remember them: "2012", "novembre 2012", "spring 2012", "début 2013", "il y a deux ans"."""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from output.fold import fold

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier january janv jan", "fevrier february fevr fev feb", "mars march mar",
            "avril april avr apr", "mai may", "juin june jun", "juillet july juil jul", "aout august aug",
            "septembre september sept sep", "octobre october oct", "novembre november nov", "decembre december dec",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip

# First month and number of months; winter belongs to the year that it begins in.
SEASONS = {
    **dict.fromkeys(("printemps", "spring"), (3, 3)),
    **dict.fromkeys(("ete", "summer"), (6, 3)),
    **dict.fromkeys(("automne", "autumn", "fall"), (9, 3)),
    **dict.fromkeys(("hiver", "winter"), (12, 3)),
    **dict.fromkeys(("debut", "early", "beginning"), (1, 4)),
    **dict.fromkeys(("milieu", "mi", "mid", "middle"), (5, 4)),
    **dict.fromkeys(("fin", "late", "end"), (9, 4)),
    **dict.fromkeys(("rentree",), (9, 2)),
}
NUMBERS = {
    "un": 1, "une": 1, "one": 1, "a": 1, "an": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4,
    "cinq": 5, "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9,
    "dix": 10, "ten": 10,
}  # fmt: skip
UNITS = {
    "jour": 1, "jours": 1, "day": 1, "days": 1, "semaine": 7, "semaines": 7, "week": 7, "weeks": 7, "mois": 30,
    "month": 30, "months": 30, "an": 365, "ans": 365, "annee": 365, "annees": 365, "year": 365, "years": 365,
}  # fmt: skip
LAST = {"dernier", "derniere", "last", "passe", "passee"}


_ISO = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")


class PeriodError(ValueError):
    """A period that cannot be read; the text says which forms can."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days from ``start`` to ``end``, both inclusive. Memory is soft: outside, ``closeness`` falls off slowly."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    def closeness(self, start: date, end: date | None = None) -> float:
        """Return 1 for days that touch the period, half for each half of its length (a month at least) between."""
        end = end or start
        if start <= self.end and end >= self.start:
            return 1.0
        away = (start - self.end).days if start > self.end else (self.start - end).days
        return float(0.5 ** (away / max(30.0, self.days / 2)))


def parse(text: str, today: date) -> Period:
    """Return the period that ``text`` means, counted from ``today`` where it is relative.

    Raises:
        PeriodError: for what cannot be read.
    """
    if found := _iso(text.strip()):
        return found
    words = fold(text).replace("aujourd hui", "today").split()
    found = None
    if not _ISO.fullmatch(text.strip()):
        found = _relative(words, today) or _range(words, today) or _named(words, today)
    if found is None:
        raise PeriodError(
            f"{text!r} is no period that can be read; say 2012, 2012-11, novembre 2012, spring 2012, début 2013, "
            "2011-2013, last year or il y a deux ans"
        )
    return found


@lru_cache(maxsize=20_000)  # a lookup asks for thousands, often the same
def span(stated: str) -> tuple[date, date] | None:
    """Return the first and last day of a date as records state it (a year, a month, a day, a time), or None."""
    found = _iso(stated[:10])
    return (found.start, found.end) if found else None


def _iso(text: str) -> Period | None:
    match = _ISO.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), match[2], match[3]
    if not 1 <= year <= 9998:
        return None
    try:
        if day:
            exact = date(year, int(month), int(day))
            return Period(exact, exact)
        return _months(year, int(month), 1) if month else _months(year, 1, 12)
    except ValueError:
        return None


def _months(year: int, first: int, count: int) -> Period:
    if not 1 <= first <= 12:
        raise ValueError("no such month")
    last = first + count - 1
    end_year, end_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    return Period(date(year, first, 1), date(end_year, end_month, calendar.monthrange(end_year, end_month)[1]))


def _year(word: str) -> int | None:
    return int(word) if re.fullmatch(r"(1[89]|2[01])\d\d", word) else None


def _range(words: list[str], today: date) -> Period | None:
    """``2011-2013``, ``de 2011 a 2013``, ``entre mars et mai 2012``."""
    years = [year for word in words if (year := _year(word))]
    rest = [word for word in words if not _year(word)]
    if len(years) == 2 and not set(rest) - {"de", "a", "au", "from", "to", "entre", "et", "between", "and", "until"}:
        return Period(date(min(years), 1, 1), date(max(years), 12, 31))
    months = [MONTHS[word] for word in words if word in MONTHS]
    if len(months) == 2:
        year = years[0] if years else today.year
        first, last = months
        return _months(year, first, (last - first) % 12 + 1)
    return None


def _named(words: list[str], today: date) -> Period | None:
    """A month, season or part of a year, with or without its year; a full day."""
    years = [year for word in words if (year := _year(word))]
    if len(years) > 1:
        return None
    month = next((MONTHS[word] for word in words if word in MONTHS), None)
    season = next((SEASONS[word] for word in words if word in SEASONS), None)
    back = 1 if LAST.intersection(words) else 0
    if month:
        days = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
        year = years[0] if years else _latest_year(month, today)
        whole = _months(year, month, 1)
        if days and 1 <= days[0] <= whole.end.day:
            exact = date(year, month, days[0])
            return Period(exact, exact)
        return whole
    if season:
        year = years[0] if years else _latest_year(season[0], today) - (back if season[0] <= today.month else 0)
        return _months(year, *season)
    return _months(years[0], 1, 12) if years else None


def _latest_year(month: int, today: date) -> int:
    """Return the year of the last such month that has begun: memories are of the past."""
    return today.year if month <= today.month else today.year - 1


def _relative(words: list[str], today: date) -> Period | None:
    if words in (["today"], ["hier"], ["yesterday"]):
        exact = today if words == ["today"] else today - timedelta(days=1)
        return Period(exact, exact)
    ago = "ago" in words or words[:3] == ["il", "y", "a"]
    body = words[3:] if words[:3] == ["il", "y", "a"] else words
    unit = next((word for word in body if word in UNITS and not (word == "an" and "ago" in words)), None)
    if unit is None:
        return None
    length = UNITS[unit]
    if ago:
        number = next((int(word) for word in body if word.isdecimal()), None)
        if number is None:
            number = next((NUMBERS[word] for word in body if word in NUMBERS and word != unit), 1)
        number = min(number, 10_000)
        middle = today - timedelta(days=min(length * number, today.toordinal() - 800))
        if length >= 365:
            return _months(middle.year, 1, 12)
        return Period(middle - timedelta(days=length // 2), middle + timedelta(days=length // 2))
    if LAST.intersection(words):
        if length >= 365:
            return _months(today.year - 1, 1, 12)
        if length == 30:
            before = today.replace(day=1) - timedelta(days=1)
            return _months(before.year, before.month, 1)
        monday = today - timedelta(days=today.weekday() + 7)
        return Period(monday, monday + timedelta(days=6))
    if {"cette", "ce", "this"}.intersection(words):
        if length >= 365:
            return _months(today.year, 1, 12)
        if length == 30:
            return _months(today.year, today.month, 1)
        monday = today - timedelta(days=today.weekday())
        return Period(monday, monday + timedelta(days=6))
    return None
