"""Expressions put together: ranges and lists of days, a day with its hours, hours before their day, rules with theirs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from crawler.dates import clock, days, recurring, relative
from crawler.dates.calendar import Day, place as placed
from crawler.dates.clock import Hours
from crawler.dates.kinds import DATE, DATETIME, ITEM, MONTH, RANGE, RECURRING, RELATIVE, TIME, UNTIL, WEEKDAY, YEAR
from crawler.dates.tokens import MARK, NUMBER, WORD, Tokens
from crawler.dates.words import (
    MIDNIGHT,
    MONTHS_EN,
    MONTHS_FR,
    NOON,
    NUMBERS_EN,
    NUMBERS_FR,
    ORDINALS,
    PLURAL_WEEKDAYS,
    SEASONS,
    SHORT_WEEKDAYS_EN,
    SHORT_WEEKDAYS_FR,
    UNITS,
    WEEKDAYS_EN,
    WEEKDAYS_FR,
)

_MOST = 31  # days in one list
# One of these words, or a figure, is part of every expression.
_MARKS = frozenset(
    [
        *MONTHS_FR, *MONTHS_EN, *WEEKDAYS_FR, *WEEKDAYS_EN, *PLURAL_WEEKDAYS, *SHORT_WEEKDAYS_FR, *SHORT_WEEKDAYS_EN, *UNITS, *SEASONS,
        *NOON, *MIDNIGHT, "heures", "heure", "clock", "hui", "today", "tonight", "tomorrow", "yesterday", "hier", "demain",
        "soir", "matin", "morning", "evening", "afternoon", "midi", "weekend", "end", "quinzaine", "noel", "christmas", "toussaint", "weekdays", "monthly",
    ]
)  # fmt: skip
_STARTERS = _MARKS | frozenset(
    [
        *ORDINALS, *NUMBERS_FR, *NUMBERS_EN, "le", "la", "les", "du", "de", "d", "l", "the", "on", "from", "between", "entre", "tous", "toutes",
        "chaque", "every", "each", "il", "dans", "in", "within", "ce", "cet", "cette", "this", "next", "last", "coming", "past",
        "aujourd", "avant", "apres", "jusqu", "until", "till", "by", "before", "a", "at", "@", "vers", "des", "fin", "debut", "mi", "mid",
        "early", "late", "beginning", "milieu", "courant", "en", "au", "voici", "voila", "un", "all", "starting", "plutot", "aux", "autour", "around", "about", "after", "plus",
        "begins", "starts", "nuit", "jour",
    ]
)  # fmt: skip
_DIGIT = re.compile(r"[0-9]")
_LETTERS = re.compile(r"[a-z]{3,}")
_TIME_JOINTS = frozenset((",", "-", "|", "·", ":", ";", "(", "•", "/", "—", "–", "⋅", "▪", ".", "[", "*"))
_UNTIL = (("jusqu", "'", "au"), ("jusqu", "'", "en"), ("jusqu", "'", "a"), ("until",), ("till",), ("through",), ("avant", "le"), ("before",), ("by",), ("d", "'", "ici", "le"), ("d", "'", "ici", "au"), ("d", "'", "ici"))  # fmt: skip
_LIST = frozenset((",", "et", "and", "&", "ou", "or", "/", ";", "+", "puis"))
_RANGE = frozenset(("au", "to", "-", "through", "thru", "a", "till", "until", ">", "→"))
_FILLERS = frozenset(
    "le la les l on the du de d a au en at date dates heure time when quand des from this ce pour mais par exemple rdv starting "
    "partir dans in for n importe of et and".split()
)


@dataclass(slots=True)
class Found:
    """What ``Expression`` says, with offsets in place of the text."""

    begin: int
    end: int
    kind: str
    start: str | None = None
    finish: str | None = None
    rule: str | None = None
    time: str | None = None
    time_end: str | None = None
    weekday: int | None = None
    has_year: bool = False
    relative: bool = False

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(slots=True)
class _Group:
    """Days read together, with the tokens of each, and how they belong together."""

    days: list[Day]
    places: list[tuple[int, int]]
    stop: int
    span: bool  # from the first to the second


def may_hold(folded: str) -> bool:
    """Whether a folded text can hold an expression: it has a figure or one of the words. Costs a fraction of reading."""
    return _DIGIT.search(folded) is not None or not _MARKS.isdisjoint(_LETTERS.findall(folded))


def scan(tokens: Tokens, reference: date, year: int | None) -> Iterator[Found]:
    """Yield what is found, in order; each place is looked at once, or consumed."""
    place, end = 0, len(tokens)
    kinds, texts = tokens.kinds, tokens.texts
    while place < end:
        if kinds[place] == NUMBER or texts[place] in _STARTERS:
            found, stop = _expression(tokens, place, reference, year)
            if found:
                yield from found
                place = max(stop, place + 1)
                continue
        place += 1


def whole(tokens: Tokens, reference: date, year: int | None) -> Found | None:
    """Return the one expression that all the tokens are, but for punctuation and words like "le" around it."""
    end = len(tokens)
    for place in range(min(end, 12)):
        found, stop = _expression(tokens, place, reference, year)
        if found:
            rest = range(stop, end)
            if len(found) == 1 and all(tokens.kinds[one] == MARK for one in rest):
                return found[0]
        if tokens.kinds[place] != MARK and tokens.texts[place] not in _FILLERS:
            return None
    return None


def _expression(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[list[Found], int]:
    """Return what the longest expression that begins at a place says, and the place after it."""
    if rule := recurring.read(tokens, place):
        return _with_rule(tokens, place, *rule)
    if stop := next((stop for phrase in _UNTIL if (stop := tokens.follows(place, *phrase))), 0):
        group = _group(tokens, stop, reference, year)
        if group and len(group.days) == 1 and _stands(tokens, stop, group):
            return _until(tokens, place, group, reference, year)
    group = _group(tokens, place, reference, year)
    if group is not None and _stands(tokens, place, group):
        if found := _with_hours(tokens, group, reference, year):
            return found
    hours = clock.read(tokens, place)
    if hours is not None:
        return _hours_first(tokens, hours, reference, year)
    return [], place


# --- days ---------------------------------------------------------------------------------------------------------


def _one(tokens: Tokens, place: int, reference: date, year: int | None) -> tuple[Day, int] | None:
    """Return one day, however it is told, and the place after it; a day's number alone waits for its month."""
    if found := relative.read(tokens, place, reference, year) or days.read(tokens, place, reference):
        return found
    start = place + (tokens.at(place) in ("le", "the", "au", "du", "les"))
    value, after, _ = days.number(tokens, start)
    if value is not None and not (tokens.glued(after) and tokens.kinds[after] == WORD):
        return Day(day=value), after
    told, _, after = days.year(tokens, start)
    if told is not None and tokens.digits(start) == 4:
        return Day(year=told), after
    return None


def _group(tokens: Tokens, place: int, reference: date, year: int | None) -> _Group | None:
    """Return the days that a range or list beginning at a place names; one day is a list of one."""
    begin = place
    opened = ""
    if tokens.at(place) in ("du", "de", "from", "entre", "between"):
        opened = tokens.at(place)
        place += 1
        place += opened == "entre" and tokens.at(place) in ("le", "les")
    elif tokens.at(place) == "d" and tokens.at(place + 1) == "'":
        opened, place = "de", place + 2
    elif stop := tokens.follows(place, "nuit", "du"):
        opened, place = "du", stop
    first = _one(tokens, place, reference, year)
    if first is None:
        return None
    group = _Group([first[0]], [(begin, first[1])], first[1], span=False)
    while len(group.days) < _MOST:
        after = group.stop
        joint = tokens.at(after)
        spanning = (
            joint in _RANGE
            or (joint == "et" and opened == "entre")
            or (joint == "and" and opened == "between")
            or bool(tokens.follows(after, "jusqu", "'", "au"))
        )
        if spanning:
            if len(group.days) > 1:
                break
            start = after + (3 if joint == "jusqu" else 1)
            start += tokens.at(start) == "le"
        elif joint in _LIST and not group.span:
            start = after + 1
            start += tokens.at(start) in ("et", "and", "&", "le", "the", "ou", "or")
            start += tokens.at(start) == "le"
        else:
            break
        further = _one(tokens, start, reference, year)
        if further is None or not _belongs(tokens, group.days[-1], further[0], start, further[1], joint):
            break
        group.days.append(further[0])
        group.places.append((start, further[1]))
        group.stop = further[1]
        group.span = spanning
        if spanning:
            break
    return _completed(tokens, group, reference)


def _belongs(tokens: Tokens, last: Day, new: Day, start: int, stop: int, joint: str) -> bool:
    """Whether a day after a comma, a dash or an "and" goes with the one before it."""
    bare = new.day is not None and new.month is None and new.weekday is None
    if new.fixed is not None or last.fixed is not None:
        return joint in _RANGE and new.fixed is not None and last.fixed is not None
    if new.day is None and new.weekday is None and new.month is None:  # a year
        return (
            joint in _RANGE
            and last.day is None
            and last.month is None
            and last.year is not None
            and new.year is not None
            and last.year < new.year
        )
    if last.month is None and last.day is None and last.weekday is None:  # a year before
        return False
    if bare:
        sign = tokens.at(stop)
        if sign in ("h", ":", "heures", "heure", "%", "€", "am", "pm", "$") or (
            sign in ("a", "p") and tokens.at(stop + 1) in (".", "m")
        ):
            return False
        if sign in ("-", ".", "/") and tokens.number(stop + 1) is not None and tokens.glued(stop + 1):
            return False
        if joint == "-" and tokens.glued(start) != tokens.glued(start - 1):
            return False
        if last.day is not None and last.month is not None:  # "May 3, 10": the month stands before
            if (
                last.year is not None
                or tokens.at(start - 1) == "."
                or tokens.kinds[stop] == WORD
                and not days_may_follow(tokens, stop)
            ):
                return False
            return (last.day or 0) < (new.day or 0)
        return last.month is None
    if new.day is None and new.weekday is None:  # a month
        return last.day is None and last.month is not None
    return last.day is not None or last.weekday is not None


def days_may_follow(tokens: Tokens, place: int) -> bool:
    """Whether a word may stand after the last day of a list ("May 3 and 10 at 7 p.m.")."""
    return tokens.at(place) in (
        "at",
        "from",
        "and",
        "to",
        "through",
        "thru",
        "in",
        "of",
        "a",
        "de",
        "et",
        "for",
        "with",
    ) or tokens.new_line(place)


def _completed(tokens: Tokens, group: _Group, reference: date) -> _Group | None:
    """Return the group with the months and years that one of its days states for the others."""
    several = group.days
    # What is told once, at the end, holds for the days before it.
    for before, after in zip(reversed(several[:-1]), reversed(several[1:]), strict=True):
        if before.fixed is not None:
            continue
        if before.month is None and before.day is not None and after.month is not None and after.day is not None:
            before.month, before.year = after.month, after.year
            if group.span and before.day > after.day:
                before.month, before.year = (
                    after.month - 1 or 12,
                    (after.year - (after.month == 1) if after.year else None),
                )
        elif before.year is None and before.month is not None and after.year is not None:
            before.year = after.year
            if group.span and before.month > (after.month or 12):
                before.year -= 1
        if before.shift is None and after.shift is not None and before.year is None:
            before.shift, before.relative = after.shift, after.relative
    for before, after in zip(several, several[1:], strict=False):
        if after.month is None and after.day is not None and before.month is not None:
            after.month, after.year = before.month, after.year or before.year
        elif after.year is None and before.year is not None and after.month is not None and before.month is not None:
            after.year = before.year + (after.month < before.month)
    # "3, 4 et" with no month anywhere: the days that do not stand by themselves are not read.
    while several and several[-1].day is not None and several[-1].month is None and several[-1].weekday is None:
        if len(several) == 1 or (group.span and tokens.whole) or (group.span and several[0].weekday is not None):
            break
        several.pop()
        group.places.pop()
        group.stop = group.places[-1][1] if group.places else 0
        group.span = False
    return group if several else None


def _stands(tokens: Tokens, place: int, group: _Group) -> bool:
    """Whether the days are told well enough to be dates where they stand."""
    first = group.days[0]
    if first.fixed is not None:
        return True
    if len(group.days) > 1:
        if first.day is not None or first.weekday is not None:
            return all(one.month is not None or one.weekday is not None for one in group.days) or tokens.whole
        if first.month is not None:
            return (
                any(one.year is not None for one in group.days)
                or tokens.at(place) in ("de", "d", "entre", "from", "between")
                or tokens.whole
            )
        return _year_stands(tokens, place, group.stop)
    if first.day is not None:
        if first.month is not None or first.weekday is not None:
            return True
        start, stop = group.places[0]
        if tokens.whole:
            return tokens.at(start) in ("le", "the", "du", "au", "on") or tokens.at(start - 1) in (
                "le",
                "the",
                "du",
                "on",
                "au",
            )
        return (
            tokens.at(start) in ("le", "the")
            and (hours := _after(tokens, stop)) is not None
            and hours.begin - stop <= 1
        )
    if first.month is not None:
        return (
            first.year is not None or first.shift is not None or first.vague or _month_stands(tokens, place, group.stop)
        )
    if first.weekday is not None:
        return True
    return first.vague or _year_stands(tokens, place, group.stop)


_BEFORE_MONTH = frozenset("en de d depuis in since by until fin debut mois early late of during courant des".split())


def _month_stands(tokens: Tokens, place: int, stop: int) -> bool:
    if tokens.whole or (place == 0 and stop == len(tokens)):
        return True
    word = tokens.at(place) if tokens.at(place) in MONTHS_FR or tokens.at(place) in MONTHS_EN else tokens.at(place + 1)
    before = tokens.at(place - 1) if tokens.at(place) == word else tokens.at(place)
    if before == "'":
        before = tokens.at(place - 2)
    if word in ("may", "march") and not days.month_like(tokens, place if tokens.at(place) == word else place + 1):
        return False
    return before in _BEFORE_MONTH and word not in ("mar", "sept", "jan", "dec")


_COUNTED = frozenset(
    "€ $ £ % h euros euro personnes people habitants membres members m m2 km participants points px rue avenue av bd boulevard st street ave road rd n s e w north south east west"
    " visiteurs places".split()
)
_NUMBERED = frozenset(
    "# $ £ € n no nos numero num room salle suite page pages p section article act resolution ordinance ref id cs bp cedex".split()
)


def _year_stands(tokens: Tokens, place: int, stop: int) -> bool:
    """Whether four figures are a year: no sum, no number of a house, no part of a longer number."""
    start = place
    while start < stop and tokens.kinds[start] != NUMBER:
        start += 1
    value = tokens.number(start)
    if value is None or not 1900 <= value <= 2099:
        return False
    if (
        tokens.at(stop) in _COUNTED
        or (tokens.at(start - 1) in _NUMBERED)
        or (tokens.at(start - 1) in (".", "°", "º") and tokens.at(start - 2) in _NUMBERED)
    ):
        return False
    if tokens.glued(start) and tokens.at(start - 1) not in ("(", "'", "[", '"', "/", "-", "|", ">", "–", "—", "*"):
        return False
    if (
        tokens.glued(start)
        and tokens.kinds[start - 2] != MARK
        and tokens.at(start - 1) in ("/", "-")
        and tokens.glued(start - 1)
    ):
        return False
    if tokens.glued(stop) and tokens.glued(stop + 1) and tokens.kinds[stop + 1] != MARK:
        return False
    return not (tokens.digits(stop) or tokens.digits(start - 1))


# --- hours --------------------------------------------------------------------------------------------------------


def _after(tokens: Tokens, place: int) -> Hours | None:
    """Return the hours that follow a day at a place, over the marks that people set between them."""
    if tokens.at(place) == "t" and tokens.glued(place):
        return _machine_time(tokens, place)
    start = place
    for _ in range(4):
        hours = clock.read(tokens, start, with_date=True)
        if hours is not None:
            return hours if not (start > place and tokens.at(start - 1) == "." and not tokens.glued(place)) else None
        word = tokens.at(start)
        if word in _TIME_JOINTS or word in ("le", "et", "and", "mais", "on"):
            start += 1
        elif stop := tokens.follows(start, "par", "exemple"):
            start = stop
        else:
            return None
    return None


def _machine_time(tokens: Tokens, place: int) -> Hours | None:
    """``T18:30:00.000+02:00``: the hour as written; the offset is part of the text, for ``crawler.times`` to read."""
    hour, minute = tokens.number(place + 1), tokens.number(place + 3)
    if hour is None or minute is None or tokens.at(place + 2) != ":" or hour > 23 or minute > 59:
        return None
    stop = place + 4
    if tokens.at(stop) == ":" and tokens.digits(stop + 1) == 2:
        stop += 2
        if tokens.at(stop) == "." and tokens.glued(stop + 1) and tokens.digits(stop + 1):
            stop += 2
    if tokens.at(stop) == "z" and tokens.glued(stop):
        stop += 1
    elif tokens.at(stop) in ("+", "-") and tokens.glued(stop) and tokens.digits(stop + 1) in (2, 4):
        stop += 2
        if tokens.at(stop) == ":" and tokens.digits(stop + 1) == 2:
            stop += 2
    return Hours(hour * 60 + minute, None, place, stop, sure=True)


def _part_of_day(tokens: Tokens, place: int) -> int:
    """Return the place after a part of the day told at a place: ``au soir``, ``en fin d'après-midi``, ``morning``."""
    start = place
    for phrase in (
        ("en", "debut", "de"), ("en", "debut", "d", "'"), ("en", "milieu", "de"), ("en", "milieu", "d", "'"), ("en", "fin", "de"), ("en", "fin", "d", "'"),
        ("fin", "d", "'"), ("fin", "de"), ("dans", "la"), ("dans", "l", "'"), ("in", "the"), ("au",), ("en",), ("le",), ("tres", "tot", "le"), ("tot", "le"), ("pendant", "le"),
    ):  # fmt: skip
        if stop := tokens.follows(place, *phrase):
            start = stop
            break
    word, after = clock.part(tokens, start)
    if word is None and start > place and tokens.at(start) == "dejeuner":
        return start + 1
    if word is None:
        return place
    for phrase in (("tot",), ("tres", "tot")):
        after = tokens.follows(after, *phrase) or after
    return after


def _with_hours(tokens: Tokens, group: _Group, reference: date, year: int | None) -> tuple[list[Found], int]:
    """Return the days with the hours that follow them."""
    stop = group.stop
    last = group.days[-1]
    parted = _part_of_day(tokens, stop) if last.whole_day else stop
    hours = None
    if last.whole_day or any(one.whole_day for one in group.days):
        hours = _after(tokens, parted)
        if hours is not None and group.span is False and len(group.days) == 1:
            if found := _from_hour_to_hour(tokens, group, hours, reference, year):
                return found
    stop = hours.stop if hours is not None else parted
    return _built(tokens, group, hours, stop, reference, year), stop


def _from_hour_to_hour(
    tokens: Tokens, group: _Group, hours: Hours, reference: date, year: int | None
) -> tuple[list[Found], int] | None:
    """``du 16 mai 18h au 18 mai 12h``: return the one span, or None where no second day follows."""
    if (
        hours.start is None
        or hours.end is not None
        or tokens.at(hours.stop) not in ("au", "-", "to", "a", "until", "through")
    ):
        return None
    further = _group(tokens, hours.stop + 1, reference, year)
    if (
        further is None
        or len(further.days) != 1
        or not further.days[0].whole_day
        or (further.days[0].month is None and further.days[0].fixed is None)
    ):
        return None
    end = _after(tokens, further.stop)
    first, last = group.days[0], further.days[0]
    if first.year is None and last.year is not None:
        first.year = last.year
    start_day = placed(first, reference, year)
    end_day = placed(last, reference, year)
    if start_day is None or end_day is None or end_day < start_day or first.fixed is not None:
        return None
    time, time_end = clock.text(hours.start), clock.text(end.start) if end else None
    stop = end.stop if end else further.stop
    return [
        Found(
            tokens.begins[group.places[0][0]], tokens.ends[stop - 1], RANGE, f"{start_day}T{time}",
            f"{end_day}T{time_end}" if time_end else end_day, None, time, time_end, first.weekday,
            first.year is not None, first.relative,
        )
    ], stop  # fmt: skip


def _hours_first(tokens: Tokens, hours: Hours, reference: date, year: int | None) -> tuple[list[Found], int]:
    """Return hours with the day that follows them on their line, else the hours alone."""
    start = hours.stop
    for _ in range(3):
        if tokens.at(start) in (",", "-", "|", "(", ":") or tokens.at(start) in (
            "on",
            "le",
            "ce",
            "the",
            "of",
            "du",
            "de",
        ):
            group = _group(tokens, start, reference, year) if tokens.at(start) in ("le", "the", "ce", "du") else None
            if group:
                break
            start += 1
        else:
            break
    if start < len(tokens) and not any(tokens.new_line(one) for one in range(hours.stop, start + 1)):
        group = _group(tokens, start, reference, year)
        if (
            group
            and len(group.days) == 1
            and group.days[0].whole_day
            and (group.days[0].day is not None or group.days[0].fixed or group.days[0].weekday is not None)
            and _stands(tokens, start, group)
        ):
            # A day with hours of its own keeps them.
            following = _after(tokens, group.stop)
            if following is None or following.stop == group.stop:
                group.places[0] = (hours.begin, group.stop)
                stop = _part_of_day(tokens, group.stop)
                return _built(tokens, group, hours, stop, reference, year), stop
    if not hours.sure:
        return [], hours.begin
    return [
        Found(
            tokens.begins[hours.begin],
            tokens.ends[hours.stop - 1],
            TIME,
            time=clock.text(hours.start),
            time_end=clock.text(hours.end),
        )
    ], hours.stop


def _built(
    tokens: Tokens, group: _Group, hours: Hours | None, stop: int, reference: date, year: int | None
) -> list[Found]:
    """Return the expressions of a group of days, each with the hours told for all of them."""
    if group.span and len(group.days) == 2:
        return _ranged(tokens, group, hours, stop, reference, year)
    built = []
    for index, (day, (begin, after)) in enumerate(zip(group.days, group.places, strict=True)):
        start = placed(day, reference, year)
        if start is None:
            continue
        found = Found(
            tokens.begins[begin], tokens.ends[(stop if index == len(group.days) - 1 else after) - 1], _kind(day), start, day.last,
            None, None, None, day.weekday, day.year is not None, day.relative or (day.weekday is not None and day.day is None and day.fixed is None),
        )  # fmt: skip
        if len(group.days) > 1 and day.day is not None:
            found.kind = ITEM
        if hours is not None and len(start) == 10:
            _timed(found, hours)
        built.append(found)
    return built


def _timed(found: Found, hours: Hours) -> None:
    """Set a found day's hours; an end at or before the start is of the day after."""
    found.time, found.time_end = clock.text(hours.start), clock.text(hours.end)
    if found.start is None or found.time is None:
        return
    day = found.start
    found.start = f"{day}T{found.time}"
    if found.time_end is not None and found.finish is None:
        last = date.fromisoformat(day)
        if found.time_end <= found.time:
            last += timedelta(days=1)
        found.finish = f"{last.isoformat()}T{found.time_end}"
    if found.kind != ITEM:
        found.kind = DATETIME


def _ranged(
    tokens: Tokens, group: _Group, hours: Hours | None, stop: int, reference: date, year: int | None
) -> list[Found]:
    first, last = group.days
    start, finish = placed(first, reference, year), placed(last, reference, year)
    if start is None or finish is None:
        return []
    if (
        first.month is not None
        and last.year is None
        and first.fixed is None
        and finish < start
        and last.month is not None
    ):
        moved = replace(
            last, year=int(start[:4]) + (1 if (last.month, last.day or 0) < (first.month or 0, first.day or 0) else 0)
        )
        finish = placed(moved, reference, year) or finish
    if finish < start:
        if first.month is None and last.month is None and first.day is not None and last.fixed is None:
            start, finish = _same_month(first, last, reference) or (start, finish)
        if finish < start:
            return []
    found = Found(
        tokens.begins[group.places[0][0]], tokens.ends[stop - 1], RANGE, start, finish if last.last is None else last.last, None, None, None, first.weekday,
        first.year is not None or last.year is not None, first.relative or last.relative,
    )  # fmt: skip
    if hours is not None and len(start) == 10 and len(finish) == 10:
        found.time, found.time_end = clock.text(hours.start), clock.text(hours.end)
        if found.time is not None:
            found.start = f"{start}T{found.time}"
            found.finish = f"{finish}T{found.time_end}" if found.time_end else finish
    return [found]


def _same_month(first: Day, last: Day, reference: date) -> tuple[str, str] | None:
    start = placed(first, reference, None)
    if start is None or last.day is None or first.day is None or last.day < first.day:
        return None
    finish = f"{start[:8]}{last.day:02}"
    return start, finish


def _kind(day: Day) -> str:
    if day.fixed is not None:
        if day.relative and day.weekday is None:
            return RELATIVE
        return RANGE if day.last is not None else DATE
    if day.day is not None:
        return DATE
    if day.month is not None:
        return MONTH
    if day.weekday is not None:
        return WEEKDAY if day.shift is None else RELATIVE
    return YEAR


def _until(tokens: Tokens, place: int, group: _Group, reference: date, year: int | None) -> tuple[list[Found], int]:
    day = group.days[0]
    finish = placed(day, reference, year)
    if finish is None:
        return [], place
    hours = _after(tokens, group.stop) if day.whole_day else None
    stop = hours.stop if hours else group.stop
    time = clock.text(hours.start) if hours else None
    if day.last is not None:
        finish = day.last
    return [
        Found(
            tokens.begins[place], tokens.ends[stop - 1], UNTIL, None, f"{finish}T{time}" if time and len(finish) == 10 else finish, None, None, time,
            day.weekday, day.year is not None, day.relative,
        )
    ], stop  # fmt: skip


def _with_rule(tokens: Tokens, place: int, rule: str, weekday: int | None, stop: int) -> tuple[list[Found], int]:
    after = _part_of_day(tokens, stop)
    hours = _after(tokens, after)
    stop = hours.stop if hours else after
    return [
        Found(
            tokens.begins[place], tokens.ends[stop - 1], RECURRING, rule=rule, time=clock.text(hours.start) if hours else None,
            time_end=clock.text(hours.end) if hours else None, weekday=weekday,
        )
    ], stop  # fmt: skip
