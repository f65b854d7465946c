"""Days told together, in ranges (``du 5 au 7 juin``) and lists (``May 3, 10 & 17``), and what they tell each other."""

from dataclasses import dataclass, replace
from itertools import pairwise

from crawler.dates import days, relative, spans
from crawler.dates.calendar import Day, placed
from crawler.dates.clock import is_hour
from crawler.dates.tokens import WORD, Tokens, phrases

_MOST = 31  # days in one list
_OPENING = phrases("du", "de", "d '", "from", "entre", "entre le", "entre les", "between", "nuit du")
_LIST = phrases(
    ", et", ", and", ", &", ", le", ", the", ", puis", ",", "et le", "et", "and the", "and", "&", "ou le", "ou", "or",
    "/", ";", "+", "puis", "puis le",
)  # fmt: skip
_RANGE = phrases(
    "au", "to", "-", "through", "thru", "a", "till", "until", ">", "→", "jusqu ' au", ", through", ", thru", ", to",
    "- le",
)  # fmt: skip
_BETWEEN = {"entre": phrases("et", "et le"), "between": phrases("and", "and the")}
_AMOUNTS = frozenset(("%", "€", "$", "£"))
# What may stand after the last day of a list whose month stands first: "May 3 and 10 at 7 p.m.".
_AFTER_A_LIST = frozenset("at from and to through thru in of a de et for with".split())


@dataclass(slots=True)
class Group:
    """Days read together, with the tokens of each (first, and the one after the last)."""

    days: list[Day]
    places: list[tuple[int, int]]
    is_range: bool = False  # from the first to the second
    bare: int = 0  # the place after what is no date as a whole: no part of it is one either

    @property
    def stop(self) -> int:
        return self.places[-1][1]


def read(tokens: Tokens, place: int) -> Group | None:
    """Return the days that a range or list beginning at a place names; one day is a list of one."""
    opening = tokens.any_of(place, _OPENING)
    word = tokens.texts[place] if opening else ""
    first = _one(tokens, opening or place)
    if first is None:
        return None
    group = Group([first[0]], [(place, first[1])])
    while len(group.days) < _MOST and not group.is_range:
        after = tokens.any_of(group.stop, _BETWEEN.get(word, _RANGE)) or tokens.any_of(group.stop, _RANGE)
        is_range = bool(after)
        if is_range and len(group.days) > 1:
            break
        after = after or tokens.any_of(group.stop, _LIST)
        further = _one(tokens, after) if after else None
        if further is None or not _belongs(tokens, group.days[-1], further[0], after, further[1], is_range=is_range):
            break
        day, stop = further
        if day.day is not None and day.month is None and group.days[-1].month is not None:  # "May 3, 10"
            day.month, day.year = group.days[-1].month, group.days[-1].year
            told, after_year = days.year(tokens, stop + (tokens.texts[stop] == ","))
            if told is not None:
                day.year, stop = told, after_year
        group.days.append(day)
        group.places.append((after, stop))
        group.is_range = is_range
    if not any(one.month or one.fixed or one.year or one.weekday is not None for one in group.days):
        if word == "de" and group.is_range:
            return None  # "de 5 à 7" are hours, if anything
        group.bare = group.stop
    first_day = group.days[0]
    is_number = first_day.day is not None and first_day.month is None and first_day.weekday is None
    if (
        len(group.days) == 2
        and is_number
        and tokens.texts[group.places[1][0] - 1] == ","
        and not _is_listing(word, tokens, place)
    ):
        group = Group(group.days[1:], group.places[1:])  # "salle 3, 10 mai"
    _share(group)
    _drop_what_is_not_told(tokens, group)
    return group


def _is_listing(word: str, tokens: Tokens, place: int) -> bool:
    """Whether a word at a place leads to days: ``les 5, 6 mars``."""
    return bool(word) or tokens.texts[place] in ("les", "le", "the", "on")


def dates(tokens: Tokens, group: Group) -> list[str | None]:
    """Return the days' dates in ISO 8601 (None where there is no such day); a range ends after it begins, if it can."""
    told = [placed(day, tokens.reference, tokens.year) for day in group.days]
    if not group.is_range or told[0] is None or told[1] is None or told[1] >= told[0]:
        return told
    first, last = group.days
    if first.fixed is None and last.fixed is None and last.year is None:
        if first.month is not None and last.month is not None:
            is_next = (last.month, last.day or 0) < (first.month, first.day or 0)
            later = replace(last, year=int(told[0][:4]) + is_next)
            return [told[0], placed(later, tokens.reference, None) or told[1]]
        if first.day is not None and last.day is not None and first.day <= last.day:
            return [told[0], f"{told[0][:8]}{last.day:02}"]  # "du 13 au 18"
    return told


def _one(tokens: Tokens, place: int) -> tuple[Day, int] | None:
    """Return one day, however it is told, and the place after it; a day's number alone waits for its month."""
    if found := spans.read(tokens, place) or relative.read(tokens, place) or days.read(tokens, place):
        return found
    start = place + (tokens.texts[place] in ("le", "the", "au", "du", "les"))
    value, after = days.number(tokens, start)
    if value is not None and not tokens.glued_word(after):
        return Day(day=value), after
    told, after = days.year(tokens, start)
    if told is None or tokens.digits(start) != 4:
        return None
    if tokens.texts[after] in ("-", "/") and tokens.glued(after) and tokens.glued(after + 1):
        following = tokens.number(after + 1)
        if following == told + 1 or (following == (told + 1) % 100 and tokens.digits(after + 1) == 2):
            return Day(year=told, last=f"{told + 1}"), after + 2  # "2012-13", "2012/2013"
    return Day(year=told), after


def _belongs(tokens: Tokens, last: Day, new: Day, start: int, stop: int, *, is_range: bool) -> bool:
    """Whether a day after a comma, a dash or an "and" goes with the one before it."""
    if new.fixed is not None or last.fixed is not None:
        return is_range and new.fixed is not None and last.fixed is not None
    if _is_year(new) or _is_year(last):
        return is_range and _is_year(new) and _is_year(last) and (last.year or 0) < (new.year or 0)
    if new.day is None and new.weekday is None:  # a month
        return last.day is None and last.month is not None
    if new.month is not None or new.weekday is not None:
        return last.day is not None or last.weekday is not None
    # A number alone: neither an hour nor a sum, nor part of a longer number.
    if is_hour(tokens, start) or tokens.texts[stop] in _AMOUNTS:
        return False
    if tokens.texts[stop] in ("-", ".", "/", ":") and tokens.glued(stop + 1) and tokens.digits(stop + 1):
        return False
    if tokens.texts[start - 1] == "-" and tokens.glued(start) != tokens.glued(start - 1):
        return False
    if last.month is None or last.day is None:
        return last.month is None
    # "May 3, 10": the month stands before.
    may_end = tokens.kinds[stop] != WORD or tokens.texts[stop] in _AFTER_A_LIST or tokens.new_line(stop)
    return last.year is None and may_end and last.day < (new.day or 0)


def _is_year(day: Day) -> bool:
    return day.day is None and day.weekday is None and day.month is None and day.fixed is None


def _share(group: Group) -> None:
    """Give the days the month and the year that one of them tells for the others."""
    for after, before in pairwise(reversed(group.days)):  # told at the end: "les 3, 10 et 17 mai 2013"
        if before.fixed is not None:
            continue
        if before.month is None and before.day is not None and after.month is not None and after.day is not None:
            before.month, before.year = after.month, after.year
            if group.is_range and before.day > after.day:  # "du 29 au 2 juin"
                before.month = after.month - 1 or 12
                before.year = after.year - (after.month == 1) if after.year else None
        elif before.year is None and before.month is not None and after.year is not None:
            before.year = after.year - (group.is_range and before.month > (after.month or 12))
        if before.shift is None and after.shift is not None and before.year is None:
            before.shift, before.relative = after.shift, after.relative
    for before, after in pairwise(group.days):  # told at the beginning: "May 3, 10 and 17", "3 mai 2013, 10 mai"
        if after.month is None and after.day is not None and before.month is not None:
            after.month, after.year = before.month, after.year or before.year
        elif after.year is None and before.year is not None and after.month is not None and before.month is not None:
            after.year = before.year + (after.month < before.month)
    last = group.days[-1]
    for day in group.days[:-1]:  # "June 3-4, 2017": the year stands with the last number
        if day.year is None and day.month == last.month and day.day is not None:
            day.year = last.year


def _drop_what_is_not_told(tokens: Tokens, group: Group) -> None:
    """Leave out the numbers at the end that no month made days of."""
    while len(group.days) > 1:
        last = group.days[-1]
        if last.day is None or last.month is not None or last.weekday is not None:
            break
        if group.is_range and (tokens.whole or group.days[0].weekday is not None):
            break
        group.days.pop()
        group.places.pop()
        group.is_range = False
