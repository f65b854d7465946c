"""Days and spans told by their distance from the reference: ``demain``, ``next Tuesday``, ``il y a deux ans``."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date

from crawler.dates import days
from crawler.dates.calendar import FIRST_YEAR, LAST_YEAR, Day, moved, placed
from crawler.dates.clock import part
from crawler.dates.numbers import amount
from crawler.dates.tokens import NUMBER, Tokens, phrases
from crawler.dates.words import LAST, NEXT, NUMBERS_EN, NUMBERS_FR, UNITS

_SHIFTS = {**dict.fromkeys(LAST, -1), **dict.fromkeys(NEXT, 1)}
_THIS = frozenset(("ce", "cet", "cette", "this"))
_ARTICLES = frozenset("le la les l the ce cet cette ces this au en a des du".split())
_PARTS_OF_TODAY = frozenset("soir matin aprem nuit morning afternoon evening".split())
# "Jeudi suivant" and the like count from a day that was told before, not from the reference.
_FROM_ELSEWHERE = frozenset("suivant suivante following d coming venir upcoming past previous".split())
_NAMED = {
    -2: phrases("avant - hier", "avant hier", "the day before yesterday", "day before yesterday"),
    -1: phrases("hier", "yesterday"),
    0: phrases("aujourd ' hui", "today", "tonight", "cet apres - midi", "cet apres midi", "cette apres - midi"),
    1: phrases("demain", "tomorrow"),
    2: phrases("apres - demain", "apres demain", "the day after tomorrow", "day after tomorrow"),
}
_NEXT_TO = {
    1: phrases("le lendemain du", "lendemain du", "the day after"),
    -1: phrases("la veille du", "veille du", "the day before"),
}
_WEEKS = {
    1: phrases(
        "la semaine prochaine", "la semaine suivante", "la semaine d ' apres", "la semaine qui vient",
        "la semaine qui suit", "semaine prochaine", "next week", "this coming week",
    ),
    0: phrases("cette semaine", "this week"),
    -1: phrases("la semaine derniere", "la semaine passee", "semaine derniere", "last week", "this past week"),
}  # fmt: skip
_WEEKS_ON = {1: phrases("en huit", "en 8"), 2: phrases("en quinze", "en 15")}
_AGO = phrases("il y a", "il ya", "voici", "voila")
_TO_COME = phrases("qui vient", "qui suit", "a venir")
_WEEKEND = phrases("week - end", "weekend", "week end")
_PLURALS = frozenset("weeks months years semaines ans annees".split())
_SHORTER = frozenset("heure heures hour hours minute minutes".split())
_BY_THEN = phrases("d ' ici", "d ' ici a")
_WITHIN = phrases("dans les", "within", "within the")
_THIS_WEEK = phrases("dans la semaine")
_MOST = 400  # of a unit: farther away than anything that is announced or reported

_Rule = Callable[[Tokens, int], tuple[Day, int] | None]


def read(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """Return the day or span told by its distance at a place, and the place after it."""
    rules = _ON_NUMBERS if tokens.kinds[place] == NUMBER else _BY_WORD.get(tokens.texts[place], ())
    for rule in rules:
        if found := rule(tokens, place):
            return found
    return None


def _named_day(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``avant-hier``, ``aujourd'hui``, ``ce soir``, ``tomorrow``; ``la veille du 8 mai``."""
    for step, table in _NAMED.items():
        if after := tokens.any_of(place, table):
            return _day(tokens.reference, step, after)
    if tokens.texts[place] in _THIS and tokens.texts[place + 1] in _PARTS_OF_TODAY:
        return _day(tokens.reference, 0, place + 2)
    for step, table in _NEXT_TO.items():
        after = tokens.any_of(place, table)
        if after and (found := days.read(tokens, after)) is not None and found[0].day is not None:
            told, stop = found
            iso = placed(told, tokens.reference, tokens.year)
            there = moved(date.fromisoformat(iso), step) if iso else None
            return (Day(fixed=there.isoformat(), year=told.year), stop) if there else None
    return None


def _day(reference: date, step: int, after: int) -> tuple[Day, int] | None:
    there = moved(reference, step)
    return (_fixed(there), after) if there else None


def _fixed(day: date, last: date | None = None) -> Day:
    return Day(fixed=day.isoformat(), last=last.isoformat() if last else None, relative=True)


def _weekday(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``jeudi prochain``, ``next Tuesday``, ``ce jeudi``, ``jeudi en huit``, ``lundi de la semaine prochaine``."""
    start, ahead = place, None
    start += tokens.texts[start] in ("le", "du", "au", "on", "the")
    if tokens.texts[start] in _SHIFTS or tokens.texts[start] in _THIS:
        ahead, start = _SHIFTS.get(tokens.texts[start], 0), start + 1
    which, after, short = days.weekday(tokens, start)
    if which is None or (short and not ahead and not tokens.whole):
        return None
    if ahead is not None:
        if tokens.number(after) is not None or days.month(tokens, after)[0] is not None:
            return None
        return Day(weekday=which, shift=ahead, relative=True), after
    for weeks, table in _WEEKS_ON.items():
        if stop := tokens.any_of(after, table):
            return _weeks_on(which, weeks, tokens.reference, stop)
    for weeks, table in _WEEKS.items():
        if stop := tokens.any_of(after + (tokens.texts[after] == "de"), table):
            return _day(tokens.reference, 7 * weeks + which - tokens.reference.weekday(), stop)
    _, parted = part(tokens, after)
    step = _SHIFTS.get(tokens.texts[parted])
    if step is None or tokens.texts[parted] in _FROM_ELSEWHERE:
        return None
    return Day(weekday=which, shift=step, relative=True), parted + 1


def _weeks_on(which: int, weeks: int, reference: date, after: int) -> tuple[Day, int] | None:
    """``mardi en huit``: the weekday after the next one, and today's in a week."""
    ahead = (which - reference.weekday()) % 7
    return _day(reference, ahead + 7 * weeks, after)


def _distance(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``il y a deux ans``, ``dans 3 semaines``, ``in two weeks``, ``two weeks ago``: as precise as told."""
    start, back, opened = tokens.any_of(place, _AGO), True, True
    if not start:
        back, opened = False, tokens.texts[place] in ("dans", "in") or (tokens.whole and tokens.texts[place] == "en")
        start = place + opened
    start += tokens.texts[start] in ("environ", "about", "around")
    totals = {"day": 0, "week": 0, "month": 0, "year": 0}
    after = start
    for _ in totals:
        value, stop = amount(tokens, after + (after > start and tokens.texts[after] in (",", "et", "and")))
        unit = UNITS.get(tokens.texts[stop])
        if value is None or unit is None or value > _MOST:
            break
        totals[unit] += value
        after = stop + 1
    if after == start:
        return None
    after = _shorter(tokens, after)
    if not opened:
        if tokens.texts[after] in ("ago", "earlier"):
            back, after = True, after + 1
        elif stop := tokens.follows(after, "from", "now"):
            after = stop
        else:
            return None
    sign = -1 if back else 1
    reference = tokens.reference
    index = reference.year * 12 + reference.month - 1 + sign * (totals["month"] + 12 * totals["year"])
    if not FIRST_YEAR * 12 <= index < LAST_YEAR * 12:
        return None
    there_year, there_month = index // 12, index % 12 + 1
    if totals["day"] or totals["week"]:
        there = date(there_year, there_month, min(reference.day, monthrange(there_year, there_month)[1]))
        return _day(there, sign * (totals["day"] + 7 * totals["week"]), after)
    told = f"{there_year:04}-{there_month:02}" if totals["month"] else f"{there_year:04}"
    return Day(fixed=told, relative=True), after


def within(tokens: Tokens, place: int) -> tuple[str, int] | None:
    """Return the last day of ``d'ici deux semaines``, or where nothing else stands ``dans les 15 jours``."""
    start = tokens.any_of(place, _BY_THEN) or (tokens.any_of(place, _WITHIN) if tokens.whole else 0)
    if not start:
        return None
    start += tokens.texts[start] in _SHIFTS
    value, stop = amount(tokens, start)
    stop += tokens.texts[stop] in _SHIFTS
    unit = UNITS.get(tokens.texts[stop])
    if value is None or value > _MOST or unit not in ("day", "week"):
        return None
    there = moved(tokens.reference, value * (7 if unit == "week" else 1))
    return (there.isoformat(), stop + 1) if there else None


def _shorter(tokens: Tokens, place: int) -> int:
    """Return the place after the hours and minutes that a distance in days goes on with."""
    after = place
    for _ in range(2):
        value, stop = amount(tokens, after + (tokens.texts[after] in (",", "et", "and")))
        if value is None or tokens.texts[stop] not in _SHORTER:
            break
        after = stop + 1
    return after


def _unit(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``la semaine dernière``, ``next month``, ``cette année``, ``ce week-end``, ``les 3 prochains jours``."""
    step, start, many = None, place, 1
    if tokens.whole and (stop := tokens.any_of(place, _THIS_WEEK)):
        week = _span("week", 0, 1, tokens.reference)
        return (week, stop) if week else None
    if tokens.texts[start] in _THIS:
        step, start = 0, start + 1
    elif tokens.texts[start] in _ARTICLES:
        start += 1 + (tokens.texts[start] == "l" and tokens.texts[start + 1] == "'")
    articled = start > place
    if tokens.texts[start] in _SHIFTS:
        step, start = _SHIFTS[tokens.texts[start]], start + 1
    value, stop = amount(tokens, start)
    counted = value is not None and 1 < value <= _MOST
    if value is not None and counted:
        many, start = value, stop
        if tokens.texts[start] in _SHIFTS:
            step, start = _SHIFTS[tokens.texts[start]], start + 1
    weekend = tokens.any_of(start, _WEEKEND)
    unit = "weekend" if weekend else UNITS.get(tokens.texts[start])
    if unit is None:
        return None
    after = weekend or start + 1
    if tokens.texts[place] in _THIS:
        after = tokens.follows(after, "-", "ci") or after
    if not step:
        if stop := tokens.any_of(after, _TO_COME):
            step, after = 1, stop
        elif tokens.texts[after] in _SHIFTS and tokens.texts[after] not in ("next", "last"):
            step, after = _SHIFTS[tokens.texts[after]], after + 1
    if step is None:
        return None
    if counted and not articled and not tokens.whole and tokens.texts[after - 1].startswith("passe"):
        return None  # "après trois années passées à…" tells no span
    if not counted and (unit == "day" or tokens.texts[start] in _PLURALS or tokens.texts[place] in ("ces", "les")):
        return None
    day = _span(unit, step, many, tokens.reference)
    return (day, after) if day else None


def _span(unit: str, step: int, many: int, reference: date) -> Day | None:
    """Return ``many`` units after (``step`` 1), before (-1) or around (0) the reference."""
    if unit == "month":
        return _months(reference.year * 12 + reference.month - 1 + (step if step >= 0 else -many), many)
    if unit == "year":
        begin = reference.year + (step if step >= 0 else -many)
        if not FIRST_YEAR <= begin <= LAST_YEAR - many:
            return None
        return Day(fixed=f"{begin:04}", last=f"{begin + many - 1:04}" if many > 1 else None, relative=True)
    if unit == "day":
        first, last = (1, many) if step > 0 else (-many, -1)
    elif unit == "weekend":
        # "Le week-end prochain" said on a weekend is not that one.
        ahead = 7 * step if step <= 0 or reference.weekday() >= 5 else 0
        first = ahead + 5 - reference.weekday()
        last = first + 1
    else:
        first = 7 * (step if step >= 0 else -many) - reference.weekday()
        last = first + 7 * many - 1
    begin_day, last_day = moved(reference, first), moved(reference, last)
    return _fixed(begin_day, last_day) if begin_day and last_day else None


def _months(index: int, many: int) -> Day | None:
    end = index + many - 1
    if not FIRST_YEAR * 12 <= index <= end < LAST_YEAR * 12:
        return None
    last = f"{end // 12:04}-{end % 12 + 1:02}" if many > 1 else None
    return Day(fixed=f"{index // 12:04}-{index % 12 + 1:02}", last=last, relative=True)


# What a rule can begin with, so that few are tried at a word.
_ON_NUMBERS: tuple[_Rule, ...] = (_distance, _unit)
_OPENERS: tuple[tuple[_Rule, frozenset[str]], ...] = (
    (_named_day, _THIS.union(*_NAMED.values(), *_NEXT_TO.values())),
    (_weekday, _THIS | frozenset(("le", "du", "au", "on", "the", *_SHIFTS, *days.WEEKDAYS, *days.SHORT_WEEKDAYS))),
    (_distance, frozenset(("dans", "in", "en", *_AGO, *NUMBERS_FR, *NUMBERS_EN))),
    (_unit, _ARTICLES | frozenset(("dans", *_SHIFTS, *UNITS, "weekend", *NUMBERS_FR, *NUMBERS_EN))),
)
_BY_WORD: dict[str, tuple[_Rule, ...]] = {
    word: tuple(rule for rule, openers in _OPENERS if word in openers)
    for word in frozenset().union(*(openers for _, openers in _OPENERS))
}
