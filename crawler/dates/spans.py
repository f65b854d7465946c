"""Days and spans told by their place in a greater one: ``fin mars``, ``1er jeudi de mai``, ``été 2013``, ``Noël``."""

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from crawler.dates import days
from crawler.dates.calendar import FIRST_YEAR, LAST_YEAR, PAST, Day, moved, placed
from crawler.dates.numbers import ordinal
from crawler.dates.tokens import NUMBER, Tokens, phrases
from crawler.dates.words import LAST, NEXT, ORDINALS, SEASONS

_SHIFTS = {**dict.fromkeys(LAST, -1), **dict.fromkeys(NEXT, 1)}
_THIS = frozenset(("ce", "cet", "cette", "this"))
_LEADS = frozenset("a au en the in at by vers la le l d on du".split())
_START, _MIDDLE, _END = 0, 1, 2
_EDGES = {
    **dict.fromkeys(("debut", "early", "beginning"), _START),
    **dict.fromkeys(("mi", "mid", "milieu", "middle", "courant"), _MIDDLE),
    **dict.fromkeys(("fin", "late", "end"), _END),
}
_IN_THE_WEEK = ((0, 1), (2, 3), (3, 6))  # days of the week, by edge
_EDGE_OF = phrases(
    "-", "du mois de", "du mois d '", "of the month of", "of the", "of", "de l '", "de la", "de", "d '", "du", "le",
)  # fmt: skip
_OF_MONTH = phrases("du mois de", "du mois d '", "de", "d '", "of", "in", "en", "du")
_MONTHS_AWAY = {
    1: phrases("mois prochain", "le mois prochain", "next month"),
    0: phrases("ce mois - ci", "ce mois", "this month"),
    -1: phrases("mois dernier", "le mois dernier", "last month"),
}
_WEEKEND = phrases("week - end", "weekend", "week end")
_WEEK_OF = phrases("la semaine du", "semaine du", "the week of", "week of")
_SEASON_STARTS = ((3, 21), (6, 21), (9, 23), (12, 21))
# Feasts that keep their date. With a word of _TELLING they name the day itself; "Noël" may be a market in a sentence,
# and is a day only where nothing else stands.
_FEASTS = {
    (1, 1): phrases("jour de l ' an", "nouvel an", "new year ' s day", "new years day"),
    (2, 14): phrases("saint - valentin", "saint valentin", "valentine ' s day"),
    (5, 1): phrases("fete du travail"),
    (6, 21): phrases("fete de la musique"),
    (7, 4): phrases("independence day"),
    (7, 14): phrases("fete nationale"),
    (10, 31): phrases("halloween"),
    (11, 1): phrases("toussaint", "jour de la toussaint", "journee de la toussaint", "all saints ' day"),
    (12, 24): phrases("soir de noel", "veille de noel", "christmas eve"),
    (12, 25): phrases("noel", "jour de noel", "christmas", "christmas day"),
    (12, 31): phrases("saint - sylvestre", "saint sylvestre", "new year ' s eve", "new years eve"),
}
FEAST_WORDS = frozenset(
    "noel christmas toussaint halloween travail musique nationale sylvestre valentin independence nouvel new".split()
)
_TELLING = frozenset(("jour", "journee", "soir", "veille", "day", "eve"))

_Rule = Callable[[Tokens, int], tuple[Day, int] | None]


def read(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """Return the day or span told by its place in a greater one at a place, and the place after it."""
    if tokens.kinds[place] == NUMBER:
        return _nth(tokens, place) or _quarter(tokens, place)
    for rule in _BY_WORD.get(tokens.texts[place], ()):
        if found := rule(tokens, place):
            return found
    return None


def _edge(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``fin mars``, ``mi-décembre``, ``early 2013``, ``en fin de mois``: no more precise than told."""
    start = place
    while tokens.texts[start] in _LEADS and start < place + 2:
        start += 1
    edge = _EDGES.get(tokens.texts[start])
    if edge is None:
        return None
    after = tokens.any_of(start + 1, _EDGE_OF) or start + 1
    if after > start + 1 and tokens.texts[start + 1] == "le":
        return None
    which, stop = days.month(tokens, after)
    if which is not None:
        if not days.month_like(tokens, after):
            return None
        return days.finished(tokens, Day(month=which, vague=True), stop)
    told, stop = days.year(tokens, after)
    if told is not None:
        return Day(year=told, vague=True), stop
    unit = tokens.texts[after]
    if unit in ("semaine", "week"):
        first, last = (moved(tokens.reference, number - tokens.reference.weekday()) for number in _IN_THE_WEEK[edge])
        if first is None or last is None:
            return None
        return Day(fixed=first.isoformat(), last=last.isoformat(), relative=True), after + 1
    if unit in ("mois", "month") and after > start + 1:
        index = tokens.reference.year * 12 + tokens.reference.month - 1 + (edge == _START and tokens.reference.day > 10)
        return Day(fixed=f"{index // 12:04}-{index % 12 + 1:02}", relative=True), after + 1
    if unit in ("annee", "year") and after > start + 1:
        told, stop = days.year(tokens, after + 1)
        if told is not None:
            return Day(year=told, vague=True), stop
        return Day(fixed=f"{tokens.reference.year:04}", relative=True), after + 1
    return None


def _season(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``cet été``, ``l'hiver dernier``, ``summer 2013``: by the astronomical seasons, to the day before the next."""
    step, start = None, place
    if tokens.texts[start] in _THIS:
        step, start = 0, start + 1
    elif tokens.texts[start] in _SHIFTS:
        step, start = _SHIFTS[tokens.texts[start]], start + 1
    elif tokens.texts[start] in _LEADS:
        start += 1 + (tokens.texts[start + 1] == "'")
    season = SEASONS.get(tokens.texts[start])
    if season is None:
        return None
    after = start + 1
    told, stop = days.year(tokens, after + (tokens.texts[after] in ("de", "of")))
    if told is not None:
        return _whole_season(season, told, told), stop
    if step is None:
        step = _SHIFTS.get(tokens.texts[after])
        if step is None:
            return None
        after += 1
    # The season of the reference's year; winter's began the year before until spring.
    first_year = tokens.reference.year - (
        season == 3 and (tokens.reference.month, tokens.reference.day) < _SEASON_STARTS[0]
    )
    if step == 1 and date(first_year, *_SEASON_STARTS[season]) <= tokens.reference:
        first_year += 1
    elif step == -1 and _season_end(season, first_year) >= tokens.reference:
        first_year -= 1
    return _whole_season(season, first_year, None), after


def _season_end(season: int, year: int) -> date:
    return date(year + (season == 3), *_SEASON_STARTS[(season + 1) % 4]) - timedelta(days=1)


def _whole_season(season: int, year: int, told: int | None) -> Day:
    begin = date(year, *_SEASON_STARTS[season])
    last = _season_end(season, year)
    return Day(fixed=begin.isoformat(), last=last.isoformat(), year=told, relative=told is None, vague=True)


def _nth(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``le premier jeudi de mai 2013``, ``last Friday in June``, ``le dernier jour d'octobre``."""
    which, after = ordinal(tokens, place + (tokens.texts[place] in _LEADS))
    if which is None:
        return None
    weekday, stop, _ = days.weekday(tokens, after)
    kind = "weekday"
    if weekday is None:
        if stop := tokens.any_of(after, _WEEKEND):
            kind = "weekend"
        elif tokens.texts[after] in ("jour", "day", "semaine", "week", "quinzaine"):
            kind, stop = tokens.texts[after], after + 1
        else:
            return None
    stop = tokens.any_of(stop, _OF_MONTH)
    if not stop:
        return None
    for step, table in _MONTHS_AWAY.items():
        if end := tokens.any_of(stop, table):
            index = tokens.reference.year * 12 + tokens.reference.month - 1 + step
            return _nth_day(kind, which, weekday, index // 12, index % 12 + 1, end, Day(relative=True))
    month, stop = days.month(tokens, stop)
    if month is None:
        return None
    told, end = days.year(tokens, stop + (tokens.texts[stop] == ","))
    if told is not None:
        return _nth_day(kind, which, weekday, told, month, end, Day(year=told))
    if tokens.year is not None:
        return _nth_day(kind, which, weekday, tokens.year, month, stop, Day())
    # The first one that is not over for weeks.
    found = _nth_day(kind, which, weekday, tokens.reference.year, month, stop, Day())
    if (
        found is not None
        and (found[0].last or found[0].fixed or "") > (tokens.reference - timedelta(days=PAST)).isoformat()
    ):
        return found
    return _nth_day(kind, which, weekday, tokens.reference.year + 1, month, stop, Day())


def _nth_day(
    kind: str, which: int, weekday: int | None, year: int, month: int, stop: int, day: Day
) -> tuple[Day, int] | None:
    """Return ``day`` set to the n-th weekday, day, week, weekend or fortnight of a month, and ``stop``."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    length = monthrange(year, month)[1]
    day.weekday = weekday
    if kind == "quinzaine":
        begin, last = (1, 15) if which == 1 else (16, length)
    elif kind in ("jour", "day"):
        begin = last = length if which < 0 else which
    else:
        # A week belongs to the month that holds all of its days, a weekend to that of its Saturday.
        wanted, span = {"weekday": (weekday or 0, 1), "weekend": (5, 2)}.get(kind, (0, 7))
        first = 1 + (wanted - date(year, month, 1).weekday()) % 7
        starts = range(first, length + 1 - (6 if span == 7 else 0), 7)
        if which > len(starts):
            return None
        begin = starts[which - 1] if which > 0 else starts[which]
        last = begin + span - 1
    start = date(year, month, begin)
    day.fixed = start.isoformat()
    if last != begin:
        day.last = (start + timedelta(days=last - begin)).isoformat()
    return day, stop


def _quarter(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``2e trimestre 2013``, ``the third quarter of 2013``."""
    which, after = ordinal(tokens, place + (tokens.texts[place] in _LEADS))
    if which is None or not 1 <= which <= 4 or tokens.texts[after] not in ("trimestre", "quarter"):
        return None
    told, stop = days.year(tokens, after + 1 + (tokens.texts[after + 1] in ("de", "of")))
    if told is None:
        return None
    return Day(fixed=f"{told:04}-{3 * which - 2:02}", last=f"{told:04}-{3 * which:02}", year=told), stop


def _week_of(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``la semaine du 6 octobre``: from Monday to Sunday; told by a weekend's day, the week that follows."""
    stop = tokens.any_of(place, _WEEK_OF)
    if not stop or (found := days.read(tokens, stop)) is None or found[0].day is None:
        return None
    day, after = found
    iso = placed(day, tokens.reference, tokens.year)
    if iso is None:
        return None
    told = date.fromisoformat(iso)
    monday = moved(told, -told.weekday() if told.weekday() < 5 else 7 - told.weekday())
    last = moved(monday, 6) if monday else None
    if monday is None or last is None:
        return None
    return Day(fixed=monday.isoformat(), last=last.isoformat(), year=day.year), after


def _feast(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """``le jour de Noël``, ``New Year's Eve``, ``Toussaint``."""
    start = place + (tokens.texts[place] in _LEADS)
    for (month, day), table in _FEASTS.items():
        if stop := tokens.any_of(start, table):
            if not tokens.whole and not _TELLING.intersection(tokens.texts[start:stop]):
                return None
            told, end = days.year(tokens, stop)
            there = Day(month=month, day=day, year=told)
            return there, end if told is not None else stop
    return None


# What a rule can begin with, so that few are tried at a word.
_OPENERS: tuple[tuple[_Rule, frozenset[str]], ...] = (
    (_nth, _LEADS.union(ORDINALS)),
    (_quarter, _LEADS.union(ORDINALS)),
    (_edge, _LEADS.union(_EDGES)),
    (_season, _LEADS | _THIS | frozenset((*_SHIFTS, *SEASONS))),
    (_week_of, frozenset(_WEEK_OF)),
    (_feast, _LEADS.union(*_FEASTS.values())),
)
_BY_WORD: dict[str, tuple[_Rule, ...]] = {
    word: tuple(rule for rule, openers in _OPENERS if word in openers)
    for word in frozenset().union(*(openers for _, openers in _OPENERS))
}
