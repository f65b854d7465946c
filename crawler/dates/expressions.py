"""Expressions put together: a day with its hours, hours before their day, rules with theirs, ends alone."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from crawler.dates import clock, days, groups, recurring, relative, spans
from crawler.dates.calendar import Day
from crawler.dates.clock import NOON_TIME, Hours
from crawler.dates.expression import (
    DATE,
    DATETIME,
    ITEM,
    MONTH,
    RANGE,
    RECURRING,
    RELATIVE,
    SEASON,
    TIME,
    UNTIL,
    WEEKDAY,
    YEAR,
    Expression,
)
from crawler.dates.groups import Group
from crawler.dates.standing import names_a_street, stands
from crawler.dates.tokens import MARK, NUMBER, Tokens, phrases
from crawler.dates.words import (
    LAST,
    MIDNIGHT,
    MONTHS,
    NEXT,
    NOON,
    NUMBERS_EN,
    NUMBERS_FR,
    ORDINALS,
    PARTS,
    PLURAL_WEEKDAYS,
    SEASONS,
    SHORT_WEEKDAYS_EN,
    SHORT_WEEKDAYS_FR,
    UNITS,
    WEEKDAYS_EN,
    WEEKDAYS_FR,
)

_DAY = 10  # the length of a day in ISO 8601
_MINUTES = 24 * 60  # of a day
# A figure, or one of these words, is part of every expression.
_MARKS = frozenset(
    (
        *MONTHS, *WEEKDAYS_FR, *WEEKDAYS_EN, *PLURAL_WEEKDAYS, *SHORT_WEEKDAYS_FR, *SHORT_WEEKDAYS_EN, *UNITS, *SEASONS,
        *NOON, *MIDNIGHT, *PARTS, *spans.FEAST_WORDS, *"heures heure clock".split(),
        "un an", *"hui today tomorrow yesterday hier demain".split(),
        *"weekend end quinzaine trimestre quarter soirs matins midis weekday weekdays monthly".split(),
        *"dernier derniere prochain prochaine passe passee".split(),
    )
)  # fmt: skip
# What an expression begins with.
_STARTERS = _MARKS.union(
    ORDINALS, NUMBERS_FR, NUMBERS_EN, LAST, NEXT,
    "le la les du de d l the on from between entre tous toutes chaque every each il dans in within ce cet".split(),
    "cette this aujourd avant apres jusqu jusque until till through by before a at @ vers des fin debut mi mid".split(),
    "early late beginning milieu courant en au voici voila starting begins starts plutot aux autour around".split(),
    "about after plus nuit jour".split(),
)  # fmt: skip
_FIGURE = re.compile(r"[0-9]")
# Figures that may be a date, a time or a year with no word beside them: "16/05", "3.8.17", "18h", "6:30", "8 pm".
_TELLING_FIGURE = re.compile(
    r"[0-9](?:\s*[:;/]\s*[0-9]|[.-][0-9]{1,2}[.-][0-9]|[.][0-9]{2} ?[ap]"
    r"|\s*h(?:re?s?)?(?![a-z])|\s*[ap](?:\.|m?(?![a-z])))|(?:19|20)[0-9]{2}(?![0-9])"
)
_LETTERS = re.compile(r"[a-z]{3,}|un an\b")

_JOINTS = frozenset((",", "-", "|", "·", ":", ";", "(", "•", "/", "⋅", "▪", ".", "[", "le", "mais", "on"))
_MOST_JOINTS = 3  # marks or words between a day and its hours
_LEADERS = frozenset((".", "…", "_"))  # "18 February 2020 ........ 1:30"
_MOST_LEADERS = 100
_FOR_EXAMPLE = phrases("par exemple")
_LEADING_TO_DAY = frozenset((",", "-", "|", "(", ":", "on", "le", "ce", "the", "of", "du", "de"))
_TO = phrases("au", "-", "to", "a", "until", "through", ", au", ", to", "- au", "jusqu ' au")
_UNTIL = phrases(
    "jusqu ' au", "jusqu ' en", "jusqu ' a", "until", "till", "through", "avant le", "avant", "before", "by",
    "d ' ici le", "d ' ici au", "d ' ici",
)  # fmt: skip
_PART_OF_DAY = phrases(
    "en debut de", "en debut d '", "en milieu de", "en milieu d '", "en fin de", "en fin d '", "fin d '", "fin de",
    "dans la", "dans l '", "in the", "au", "en", "le", "tres tot le", "tot le",
)  # fmt: skip
_EARLY = phrases("tot", "tres tot")
_MOST_LEADING = 6  # words that lead to a figure or a date's word: "in the next couple of weeks"
_FILLERS = frozenset(
    "le la les l on the du de d a au en at date dates heure time when quand des from this ce pour mais par exemple rdv "
    "starting partir dans in for n importe of et and apres after depuis since pendant matinee soiree journee midi soir "
    "matin".split()
)
_MOST_FILLERS = 12


def may_hold(folded: str, *, whole: bool) -> bool:
    """Whether a folded text can hold (or ``whole``: be) an expression. Costs a fraction of reading it."""
    figures = _FIGURE if whole else _TELLING_FIGURE
    return figures.search(folded) is not None or not _MARKS.isdisjoint(_LETTERS.findall(folded))


def scan(tokens: Tokens) -> Iterator[Expression]:
    """Yield what is found, in order; no place is looked at again once it is behind."""
    kinds, texts = tokens.kinds, tokens.texts
    marks = [
        place
        for place in range(tokens.size)
        if kinds[place] == NUMBER or texts[place] in _MARKS or texts[place] in ORDINALS
    ]
    place = 0
    for mark in marks:
        place = max(place, mark - _MOST_LEADING)
        while place <= mark:
            if place == mark or texts[place] in _STARTERS:
                found, stop = _read(tokens, place)
                yield from found
                place = max(stop, place + 1)
            else:
                place += 1


def whole(tokens: Tokens) -> Expression | None:
    """Return the one expression that all the tokens are, but for punctuation and words like "le" around it."""
    for place in range(min(tokens.size, _MOST_FILLERS)):
        found, stop = _read(tokens, place)
        if len(found) == 1 and all(kind == MARK for kind in tokens.kinds[stop:]):
            return found[0]
        if tokens.kinds[place] != MARK and tokens.texts[place] not in _FILLERS:
            return None
    return None


def _read(tokens: Tokens, place: int) -> tuple[list[Expression], int]:
    """Return what the expression that begins at a place says (a list, several), and the place to go on from."""
    if rule := recurring.read(tokens, place):
        return _ruled(tokens, place, *rule)
    if within := relative.within(tokens, place):
        finish, stop = within
        return [_told(tokens, place, stop, UNTIL, finish=finish, relative=True)], stop
    if ending := _until(tokens, place):
        return ending
    group = groups.read(tokens, place)
    if group is not None:
        if names_a_street(tokens, place):
            return [], group.stop
        if tokens.texts[place - 1] in ("depuis", "since") and group.days[0].year is None:
            group.days[0].shift = -1
        if stands(tokens, place, group):
            found, stop = _dated(tokens, group)
            if found:
                return found, stop
            group.bare = group.stop  # "31 avril 2013": not April either
    hours = clock.read(tokens, place)
    if hours is not None:
        return _hours_first(tokens, hours)
    return [], group.bare if group is not None else place


def _told(
    tokens: Tokens,
    begin: int,
    stop: int,
    kind: str,
    *,
    start: str | None = None,
    finish: str | None = None,
    rule: str | None = None,
    hours: Hours | None = None,
    weekday: int | None = None,
    has_year: bool = False,
    relative: bool = False,
) -> Expression:
    """Return an expression of the tokens from ``begin`` to the one before ``stop``."""
    first, last = tokens.begins[begin], tokens.ends[stop - 1]
    time, time_end = (clock.text(hours.start), clock.text(hours.end)) if hours is not None else (None, None)
    return Expression(
        tokens.source[first:last], first, last, start, finish, rule, time, time_end, weekday, has_year, relative, kind
    )


# --- a day, then its hours


def _dated(tokens: Tokens, group: Group) -> tuple[list[Expression], int]:
    """Return the days of a group with the hours that follow them, and the place after."""
    stop, part = group.stop, _part_before(tokens, group.stop)
    if group.days[-1].whole_day:
        stop, after = _part_of_day(tokens, stop)
        part = after or part
    hours = _after(tokens, stop) if group.days[-1].whole_day else None
    if hours is not None:
        hours = _in_part(hours, part)
        if len(group.days) == 1 and (found := _from_hour_to_hour(tokens, group, hours)):
            return found
        stop = hours.stop
        if len(group.days) == 1 and group.days[0].day is not None and group.days[0].year is None:
            group.days[0].year, stop = days.year(tokens, stop)  # "Sat Oct 3 07:07:01 2026"
    return _with_hours(tokens, group, group.places[0][0], stop, hours), stop


def _with_hours(tokens: Tokens, group: Group, begin: int, stop: int, hours: Hours | None) -> list[Expression]:
    """Return the expressions of a group's days that stands from ``begin`` to ``stop``, with the hours told for all."""
    told = groups.dates(tokens, group)
    if group.is_range and told[0] is not None and told[1] is not None and told[0] <= told[1]:
        return [_range(tokens, group, told[0], told[1], begin, stop, hours)]
    found = []
    for number, (day, start) in enumerate(zip(group.days, told, strict=True)):
        if start is None:
            continue
        first = begin if number == 0 else group.places[number][0]
        last = stop if number == len(group.days) - 1 else group.places[number][1]
        kind = ITEM if len(group.days) > 1 and day.day is not None else _kind(day)
        finish, timed = day.last, hours if len(start) == _DAY else None
        if timed is not None and timed.start is not None:
            kind = ITEM if kind == ITEM else DATETIME
            start = _later(start, timed.start // _MINUTES)  # "24h" is the next day's first
            finish = finish or _end(start, timed)
            start = f"{start}T{clock.text(timed.start)}"
        found.append(
            _told(
                tokens, first, last, kind, start=start, finish=finish, hours=timed, weekday=day.weekday,
                has_year=day.year is not None, relative=day.relative or kind == WEEKDAY or _is_weekday(day),
            )
        )  # fmt: skip
    return found


def _is_weekday(day: Day) -> bool:
    return day.weekday is not None and day.day is None and day.fixed is None


def _end(day: str, hours: Hours) -> str | None:
    """Return the time that hours end at; one at or before their start is of the day after."""
    if hours.end is None or hours.start is None:
        return None
    is_over = hours.end % _MINUTES <= hours.start
    return f"{_later(day, int(is_over))}T{clock.text(hours.end)}"


def _later(day: str, days_: int) -> str:
    return (date.fromisoformat(day) + timedelta(days=days_)).isoformat()


def _range(
    tokens: Tokens, group: Group, start: str, finish: str, begin: int, stop: int, hours: Hours | None
) -> Expression:
    first, last = group.days
    finish = last.last or finish
    timed = hours if len(start) == len(finish) == _DAY else None
    if timed is not None and timed.start is not None:
        start = f"{start}T{clock.text(timed.start)}"
        finish = f"{finish}T{clock.text(timed.end)}" if timed.end is not None else finish
    return _told(
        tokens, begin, stop, RANGE, start=start, finish=finish, hours=timed, weekday=first.weekday,
        has_year=first.year is not None or last.year is not None, relative=first.relative or last.relative,
    )  # fmt: skip


def _from_hour_to_hour(tokens: Tokens, group: Group, hours: Hours) -> tuple[list[Expression], int] | None:
    """``du 16 mai 18h au 18 mai 12h``: return the one range, or None where no second day follows."""
    joint = tokens.any_of(hours.stop, _TO)
    further = groups.read(tokens, joint) if joint and hours.end is None and hours.start is not None else None
    if further is None or len(further.days) != 1 or further.days[0].day is None or further.days[0].month is None:
        return None
    both = Group([group.days[0], further.days[0]], [group.places[0], further.places[0]], is_range=True)
    if both.days[0].day is None or both.days[0].month is None:
        return None
    both.days[0].year = both.days[0].year or both.days[1].year
    start, finish = groups.dates(tokens, both)
    if start is None or finish is None or finish < start:
        return None
    end = _after(tokens, further.stop)
    stop = end.stop if end is not None else further.stop
    timed = Hours(hours.start, end.start if end is not None else None, hours.begin, stop)
    return [_range(tokens, both, start, finish, group.places[0][0], stop, timed)], stop


def _after(tokens: Tokens, place: int) -> Hours | None:
    """Return the hours that follow a day at a place, over the marks that people set between them."""
    if tokens.texts[place] == "t" and tokens.glued(place):
        return _machine_time(tokens, place)
    start = place
    for _ in range(_MOST_JOINTS + 1):
        hours = clock.read(tokens, start, with_date=True)
        if hours is not None:
            hours.stop += tokens.texts[start - 1] == "(" and tokens.texts[hours.stop] == ")"
            # A full stop alone ends the sentence of the day.
            is_next = start == place + 1 and tokens.texts[place] == "." and not tokens.glued(start)
            return None if is_next else hours
        if tokens.texts[start] in _LEADERS:
            limit = start + _MOST_LEADERS
            while tokens.texts[start] in _LEADERS and start < limit:
                start += 1
        elif stop := tokens.any_of(start, _FOR_EXAMPLE):
            start = stop
        elif tokens.texts[start] in _JOINTS:
            start += 1
        else:
            return None
    return None


def _machine_time(tokens: Tokens, place: int) -> Hours | None:
    """``T18:30:00.000+02:00``: the hour as written; the offset is part of the text, for ``crawler.times`` to read."""
    hour, minute = tokens.number(place + 1), tokens.number(place + 3)
    if hour is None or minute is None or tokens.texts[place + 2] != ":" or hour > 23 or minute > 59:
        return None
    stop = place + 4
    for sign in (":", "."):  # seconds, and their fraction
        if tokens.texts[stop] == sign and tokens.glued(stop + 1) and tokens.digits(stop + 1):
            stop += 2
    if tokens.texts[stop] == "z" and tokens.glued(stop):
        stop += 1
    elif tokens.texts[stop] in ("+", "-") and tokens.glued(stop) and tokens.digits(stop + 1) in (2, 4):
        stop += 2
        if tokens.texts[stop] == ":" and tokens.digits(stop + 1) == 2:
            stop += 2
    return Hours(hour * 60 + minute, None, place, stop)


def _part_of_day(tokens: Tokens, place: int) -> tuple[int, str | None]:
    """Return the place after a part of the day told at a place (``au soir``, ``en fin d'après-midi``), and its name."""
    word, after = clock.part(tokens, tokens.any_of(place, _PART_OF_DAY) or place)
    return (tokens.any_of(after, _EARLY) or after, word) if word is not None else (place, None)


def _part_before(tokens: Tokens, place: int) -> str | None:
    """Return the part of the day that the token before a place names (``ce soir``)."""
    word = tokens.texts[place - 1]
    if word == "midi":
        return "aprem" if tokens.texts[place - 2] in ("-", "apres") else None
    return word if word in PARTS else None


def _in_part(hours: Hours, part: str | None) -> Hours:
    """Return hours up to eleven as those after noon where the day's part says so: ``jeudi soir à 8h``."""
    if part is None or hours.halved or not PARTS[part] or part in ("journee", "nuit", "night"):
        return hours
    start, end = (
        value + NOON_TIME if value is not None and 60 <= value < NOON_TIME else value
        for value in (hours.start, hours.end)
    )
    return replace(hours, start=start, end=end)


def _kind(day: Day) -> str:
    if day.fixed is not None:
        if day.vague:
            return SEASON
        if day.relative and day.weekday is None:
            return RELATIVE
        return RANGE if day.last is not None else DATE
    if day.day is not None:
        return DATE
    if day.month is not None:
        return MONTH
    if day.weekday is not None:
        return WEEKDAY if day.shift is None else RELATIVE
    return YEAR if day.last is None else RANGE


# --- hours, then their day


def _hours_first(tokens: Tokens, hours: Hours) -> tuple[list[Expression], int]:
    """Return hours with the rule or the day that follows them on their line, else the hours alone."""
    start = hours.stop
    if rule := recurring.read(tokens, start + (tokens.texts[start] == ",")):
        text, weekday, stop = rule
        return [_told(tokens, hours.begin, stop, RECURRING, rule=text, hours=hours, weekday=weekday)], stop
    group = None
    for _ in range(_MOST_JOINTS + 1):
        if tokens.new_line(start) or start >= tokens.size or (group := groups.read(tokens, start)) is not None:
            break
        if tokens.texts[start] not in _LEADING_TO_DAY:
            break
        start += 1
    is_day = group is not None and len(group.days) == 1 and group.days[0].whole_day and stands(tokens, start, group)
    if group is not None and is_day and _after(tokens, group.stop) is None:  # a day with hours of its own keeps them
        stop, part = _part_of_day(tokens, group.stop)
        hours = _in_part(hours, part or _part_before(tokens, group.stop))
        return _with_hours(tokens, group, hours.begin, stop, hours), stop
    return [_told(tokens, hours.begin, hours.stop, TIME, hours=hours)], hours.stop


# --- rules and ends


def _ruled(tokens: Tokens, place: int, rule: str, weekday: int | None, stop: int) -> tuple[list[Expression], int]:
    """Return a rule with the hours that follow it, and the place after."""
    stop, part = _part_of_day(tokens, stop)
    hours = _after(tokens, stop)
    if hours is not None:
        hours, stop = _in_part(hours, part), hours.stop
    return [_told(tokens, place, stop, RECURRING, rule=rule, hours=hours, weekday=weekday)], stop


def _until(tokens: Tokens, place: int) -> tuple[list[Expression], int] | None:
    """``jusqu'au 7 juin``, ``before March 1 at noon``: return the end alone, or None where none is told."""
    after = tokens.any_of(place, _UNTIL)
    group = groups.read(tokens, after) if after else None
    if group is None or len(group.days) != 1 or not stands(tokens, after, group):
        return None
    (finish,) = groups.dates(tokens, group)
    if finish is None:
        return None
    day = group.days[0]
    hours = _after(tokens, group.stop) if day.whole_day and len(finish) == _DAY else None
    finish, stop = day.last or finish, group.stop
    if hours is not None:
        stop = hours.stop
        finish = f"{finish}T{clock.text(hours.start)}" if hours.start is not None else finish
    told = _told(
        tokens, place, stop, UNTIL, finish=finish, hours=hours, weekday=day.weekday, has_year=day.year is not None,
        relative=day.relative,
    )  # fmt: skip
    return [told], stop
