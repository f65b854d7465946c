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
    **dict.fromkeys(("rentree",), (9, 2)),
    **dict.fromkeys(("noel", "christmas"), (12, 1)),
}
# Which third: of a year, a season or a month.
PARTS = {
    **dict.fromkeys(("debut", "early", "beginning", "start"), 0),
    **dict.fromkeys(("milieu", "mi", "mid", "middle"), 1),
    **dict.fromkeys(("fin", "late", "end"), 2),
}
DIVISIONS = {**dict.fromkeys(("trimestre", "quarter"), 3), **dict.fromkeys(("semestre", "half"), 6)}  # months
ORDINALS = {
    **dict.fromkeys(("premier", "premiere", "first", "1er", "1ere", "1re", "1st"), 1),
    **dict.fromkeys(("deuxieme", "second", "seconde", "2e", "2eme", "2nd"), 2),
    **dict.fromkeys(("troisieme", "third", "3e", "3eme", "3rd"), 3),
    **dict.fromkeys(("quatrieme", "fourth", "4e", "4eme", "4th"), 4),
}
ONE = ("un", "une", "one", "a", "an")
NUMBERS = {
    "deux": 2, "two": 2, "couple": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "six": 6,
    "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10, "dizaine": 10,
    "onze": 11, "eleven": 11, "douze": 12, "twelve": 12, "douzaine": 12, "dozen": 12, "treize": 13, "thirteen": 13,
    "quatorze": 14, "fourteen": 14, "quinze": 15, "quinzaine": 15, "fifteen": 15, "seize": 16, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "vingt": 20, "vingtaine": 20, "twenty": 20,
    "trente": 30, "trentaine": 30, "thirty": 30,
}  # fmt: skip
SOME = ("quelques", "few", "plusieurs", "several", "some")
FEW, MANY = 2, 6  # what "a few" is at least and at most
UNITS = {
    "jour": 1, "jours": 1, "day": 1, "days": 1, "semaine": 7, "semaines": 7, "week": 7, "weeks": 7, "mois": 30,
    "month": 30, "months": 30, "an": 365, "ans": 365, "annee": 365, "annees": 365, "year": 365, "years": 365,
}  # fmt: skip
LAST = {"dernier", "derniere", "last", "passe", "passee"}
BEFORE = ("avant", "before")
AFTER = ("apres", "after")
SINCE = ("depuis", "since")
DAY_BEFORE = "avant hier"
FIRST_YEAR = 1900  # from which "before 2010" counts
JOINING = ("de", "a", "au", "from", "to", "entre", "et", "between", "and", "until", "ou", "or")

SOFT = 365.0  # days after which the likelihood of what lies outside is at most halved

_ISO = re.compile(r"(\d{4})(?:-(\d\d?))?(?:-(\d\d?))?")
_NUMERIC = re.compile(r"(?:(\d\d?)[/.])?(\d\d?)[/.](\d{4})")  # 08/11/2012, 11/2012
_DECADE = re.compile(r"((?:19|20)\d0)s")
_QUARTER = re.compile(r"[qt]([1-4])")
_DAY = re.compile(r"(\d\d?)(?:er|e|st|nd|rd|th)?")


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
        """Return 1 for days that touch the period, half for each half of its length between (a month to a year)."""
        end = end or start
        if start <= self.end and end >= self.start:
            return 1.0
        away = (start - self.end).days if start > self.end else (self.start - end).days
        return float(0.5 ** (away / max(30.0, min(SOFT, self.days / 2))))


def parse(text: str, today: date) -> Period:
    """Return the period that ``text`` means, counted from ``today`` where it is relative.

    Raises:
        PeriodError: for what cannot be read.
    """
    stated = text.strip()
    side, _, rest = stated.partition(" ")
    side = fold(side)
    if side in (*BEFORE, *AFTER, *SINCE) and fold(stated) != DAY_BEFORE:
        found = _open(side, _closed(rest.strip(), today), today)
    else:
        found = _closed(stated, today)
    if found is None:
        raise PeriodError(
            f"{text!r} is no period that can be read; say 2012, 2012-11, novembre 2012, spring 2012, début 2013, "
            "2011-2013, before 2010, last year or il y a deux ans"
        )
    return found


def _closed(text: str, today: date) -> Period | None:
    if found := _iso(text) or _numeric(text):
        return found
    if _ISO.fullmatch(text) or _NUMERIC.fullmatch(text):
        return None  # there is no such day
    words = fold(text).replace("aujourd hui", "today").split()
    for read in (_relative, _range, _decade, _division, _named):
        if found := read(words, today):
            return found
    return None


def _open(side: str, than: Period | None, today: date) -> Period | None:
    """``avant 2010``, ``since 2014``: memories are of the past, so the end is today."""
    if than is None:
        return None
    if side in BEFORE:
        end = than.start - timedelta(days=1)
        return Period(min(date(FIRST_YEAR, 1, 1), end), end)
    start = than.start if side in SINCE else than.end + timedelta(days=1)
    return Period(start, max(start, today))


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


def _numeric(text: str) -> Period | None:
    """``08/11/2012`` as the French write it; the month first only where it cannot be otherwise."""
    match = _NUMERIC.fullmatch(text)
    if not match:
        return None
    day, month, year = match.groups()
    return _iso(f"{year}-{month}-{day}") or _iso(f"{year}-{day}-{month}") if day else _iso(f"{year}-{month}")


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
    if len(years) == 2 and not set(rest).difference(JOINING):
        return Period(date(min(years), 1, 1), date(max(years), 12, 31))
    months = [MONTHS[word] for word in words if word in MONTHS]
    if len(months) == 2:
        year = years[0] if years else today.year
        first, last = months
        count = (last - first) % 12 + 1
        if len(years) == 2 and years[1] > years[0]:
            count = 12 * (years[1] - years[0]) + last - first + 1
        return _months(year, first, count)
    return None


def _decade(words: list[str], _: date) -> Period | None:
    """``annees 2010``, ``the 2010s``."""
    stated = next((match[1] for word in words if (match := _DECADE.fullmatch(word))), None)
    if stated is None and "annees" in words:
        stated = next((word for word in words if _year(word) and word.endswith("0")), None)
    return Period(date(int(stated), 1, 1), date(int(stated) + 9, 12, 31)) if stated else None


def _division(words: list[str], today: date) -> Period | None:
    """``Q4 2012``, ``second semestre 2012``, ``first half of 2012``."""
    years = [year for word in words if (year := _year(word))]
    length = next((DIVISIONS[word] for word in words if word in DIVISIONS), 3)
    which = next((int(match[1]) for word in words if (match := _QUARTER.fullmatch(word))), None)
    if which is None and set(words).intersection(DIVISIONS):
        which = next((ORDINALS[word] for word in words if word in ORDINALS), None)
    if which is None or which * length > 12 or len(years) > 1:
        return None
    first = length * (which - 1) + 1
    return _months(years[0] if years else _latest_year(first, today), first, length)


def _named(words: list[str], today: date) -> Period | None:
    """A month, season or year, with or without its year, or a third of one; a full day."""
    years = [year for word in words if (year := _year(word))]
    month = next((MONTHS[word] for word in words if word in MONTHS), None)
    season = next((SEASONS[word] for word in words if word in SEASONS), None)
    part = next((PARTS[word] for word in words if word in PARTS), None)
    if len(years) == 2 and season and sum(season) > 13 and years[1] == years[0] + 1:
        years = years[:1]  # the winter of 2011 and 2012
    if len(years) > 1:
        return None
    if month:
        return _within_month(years[0] if years else _latest_year(month, today), month, words, part)
    if season:
        first, count = season
        year = years[0] if years else _latest_year(first, today)
        if not years and LAST.intersection(words) and _months(year, first, count).end >= today:
            year -= 1  # this one is not over
        return _months(year, first + part, 1) if part is not None and count == 3 else _months(year, first, count)
    if part is not None:
        return _months(years[0] if years else _latest_year(4 * part + 1, today), 4 * part + 1, 4)
    return _months(years[0], 1, 12) if years else None


def _within_month(year: int, month: int, words: list[str], part: int | None) -> Period:
    whole = _months(year, month, 1)
    days = [int(match[1]) for word in words if (match := _DAY.fullmatch(word))]
    if days and 1 <= days[0] <= whole.end.day:
        exact = date(year, month, days[0])
        return Period(exact, exact)
    if part is None:
        return whole
    return Period(date(year, month, 10 * part + 1), whole.end if part == 2 else date(year, month, 10 * part + 10))


def _latest_year(month: int, today: date) -> int:
    """Return the year of the last such month that has begun: memories are of the past."""
    return today.year if month <= today.month else today.year - 1


def _number(words: list[str], unit: str) -> int | None:
    """Return how many are said, 0 for a few, None where nothing says it."""
    if figures := [int(word) for word in words if word.isdecimal()]:
        return min(figures[0], 10_000)
    if set(words).intersection(SOME):
        return 0
    spelt = sum(NUMBERS[word] for word in words if word in NUMBERS)  # vingt-cinq, dix-sept, une dizaine
    return spelt or (1 if any(word in ONE for word in words if word != unit) else None)


def _relative(words: list[str], today: date) -> Period | None:
    back = {"today": 0, "hier": 1, "yesterday": 1, DAY_BEFORE: 2}.get(" ".join(words))
    if back is not None:
        exact = today - timedelta(days=back)
        return Period(exact, exact)
    ago = "ago" in words or words[:3] == ["il", "y", "a"]
    body = words[3:] if words[:3] == ["il", "y", "a"] else words
    unit = next((word for word in body if word in UNITS and not (word == "an" and "ago" in words)), None)
    if unit is None:
        return None
    length = UNITS[unit]
    if ago:
        number = _number(body, unit)
        if number is None:
            return None
        least, most = (FEW, MANY) if number == 0 else (number, number)
        last, first = (today - timedelta(days=min(length * each, today.toordinal() - 800)) for each in (least, most))
        if length >= 365:
            return Period(date(first.year, 1, 1), date(last.year, 12, 31))
        return Period(first - timedelta(days=length // 2), last + timedelta(days=length // 2))
    if LAST.intersection(words):
        if length >= 365:
            part = next((PARTS[word] for word in words if word in PARTS), None)
            return _months(today.year - 1, 1, 12) if part is None else _months(today.year - 1, 4 * part + 1, 4)
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
