"""Calendar files (RFC 5545) as components, mended where they are broken, and repeated events as single ones.

What people publish is often cut off, closed in the wrong place, or wrong in one line. The libraries are strict about a
whole file; here one wrong line costs one line. No time limit can be set on a rule (a reader has no clock), so each
document has a budget of days that its rules may walk through.
"""

import re
import warnings
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import icalendar
import recurring_ical_events
from icalendar.cal import Component

from crawler import reached
from crawler.times import zone

# A rule without an end is followed around the day of reading: that nobody ended it does not prove that people met.
PAST = timedelta(days=365 * 2)
FUTURE = timedelta(days=365)
PAST_ENDED = timedelta(days=365 * 15)  # a rule that states its end says when people met, however long ago
OLDEST = timedelta(days=365 * 100)  # a rule that began before is a mistake
MAX_OCCURRENCES = 1_000  # of one series: the latest
MAX_EVENTS = 20_000  # of one calendar
MAX_ZONES = 20  # of its own, of one calendar
MAX_DAYS = 3_000_000  # that the rules of one document may walk through, at about a second a million
DAYS_TO_THE_END = 2_900_000  # until the year 9999, where a rule that names no day gives up
EFFORT = {"DAILY": 1.0, "WEEKLY": 1 / 3, "MONTHLY": 1 / 9, "YEARLY": 1 / 15}  # for a day, measured

# OSError: the library looks a zone up as a file by a name that may be none.
BROKEN = (ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError, OSError)
Problem = Callable[[str, int | None], None]

_COMPONENTS = ("VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "VTIMEZONE", "VAVAILABILITY")
_MARK = re.compile(r"(BEGIN|END)\s*:\s*([\w-]{1,40})\s*", re.IGNORECASE)
_TZID = re.compile(r';TZID=("[^"]*"|[^:;]*)')
_NO_ZONE_RULE = re.compile(r"RRULE(?!.*FREQ=YEARLY)|RRULE.*INTERVAL", re.IGNORECASE)
_PLAIN_HEAD = re.compile(r"(X-WR-TIMEZONE|TIMEZONE-ID|METHOD):", re.IGNORECASE)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RuleError(ValueError):
    """A rule of recurrence that is not followed: what is wrong with it."""


@dataclass
class Calendar:
    """One calendar: what it says of itself, and its events, each with the line where it begins."""

    head: Component
    events: list[tuple[int, Component]] = field(default_factory=list)


@dataclass
class _Block:
    name: str
    line: int
    lines: list[str]

    def text(self) -> str:
        return "".join(f"{line}\r\n" for line in self.lines)


@dataclass
class _Cut:
    """One calendar as text: its own lines and its components."""

    head: list[str] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)

    def text(self, head: list[str], *kinds: str) -> str:
        # Time zones go first: an event may be written before the zone that it names.
        others = [block.text() for block in self.blocks if block.name in kinds]
        return _wrapped([*(f"{line}\r\n" for line in head), *self.zones(), *others])

    def zones(self) -> list[str]:
        """Return the time zones that have to be learnt from the file, without rules that no time zone has."""
        found = []
        for block in self.blocks:
            name = next((line[5:] for line in block.lines if line[:5].upper() in ("TZID:", "TZID;")), "")
            if block.name == "VTIMEZONE" and zone(name) is None:
                found.append("".join(f"{line}\r\n" for line in block.lines if not _NO_ZONE_RULE.match(line)))
        return reached.cut(found, MAX_ZONES, "vcalendar.MAX_ZONES")


def calendars(text: str, problem: Problem) -> Iterator[Calendar]:
    """Yield the calendars of a file, none where there is none in it.

    ``problem`` is told what could not be read, and in which line, while the rest went on.
    """
    # The library remembers custom zones by name for ever: one source's would tell another one's times.
    icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]
    for cut in _cut(text, problem):
        events = [block for block in cut.blocks if block.name == "VEVENT"]
        others = sorted({block.name for block in cut.blocks} - {"VEVENT", "VTIMEZONE"})
        if others and not events:
            problem(f"no event in it, only {', '.join(others)}", None)
        if reached.over(len(events), MAX_EVENTS, "vcalendar.MAX_EVENTS"):
            problem(f"more than {MAX_EVENTS} events; the rest is left out", events[MAX_EVENTS].line)
            cut.blocks = [block for block in cut.blocks if block.name != "VEVENT"] + events[:MAX_EVENTS]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of time zones that the library had to guess
            calendar = _parsed(cut, events[:MAX_EVENTS], problem)
        yield calendar


def _cut(text: str, problem: Problem) -> Iterator[_Cut]:
    """Yield each calendar of a text, its components cut apart: what is not closed is closed, what breaks off goes."""
    cut: _Cut | None = None
    open_: list[str] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), 1):
        mark = _MARK.fullmatch(line) if line[:1] in "BbEe" else None
        if mark is None:
            if cut and line.strip():
                if line[:6].upper() == "RRULE:":
                    line = re.sub(r"[\s\\]", "", line)  # people write "BYDAY=MO, TU"
                elif ";TZID=" in line:
                    line = _TZID.sub(_iana, line)
                (cut.blocks[-1].lines if open_ else cut.head).append(line)
            continue
        begin, name = mark[1].upper() == "BEGIN", mark[2].upper()
        if open_ and (name == "VCALENDAR" or (begin and name in _COMPONENTS)) and cut:
            problem(f"{open_[0]} is not closed", cut.blocks[-1].line)
            _close(cut, open_, 0)
        if name == "VCALENDAR":
            if cut:
                yield cut
            cut = _Cut() if begin else None
        elif begin:
            if cut is None and name in _COMPONENTS:
                problem("no BEGIN:VCALENDAR before it", number)
                cut = _Cut()
            if cut:
                if not open_:
                    cut.blocks.append(_Block(name, number, []))
                open_.append(name)
                cut.blocks[-1].lines.append(f"BEGIN:{name}")
        elif name in open_ and cut:
            _close(cut, open_, len(open_) - 1 - open_[::-1].index(name))
    if cut:
        if open_:
            block = cut.blocks.pop()
            problem(f"the file breaks off in this {block.name}, which is left out", block.line)
        yield cut


def _iana(match: re.Match[str]) -> str:
    """Return a TZID parameter with IANA's name of the zone, where another name of it stands."""
    return f";TZID={zone(match[1]) or match[1]}"


def _close(cut: _Cut, open_: list[str], depth: int) -> None:
    while len(open_) > depth:
        cut.blocks[-1].lines.append(f"END:{open_.pop()}")


def _wrapped(parts: list[str]) -> str:
    return "".join(("BEGIN:VCALENDAR\r\n", *parts, "END:VCALENDAR\r\n"))


def _parsed(cut: _Cut, events: list[_Block], problem: Problem) -> Calendar:
    head = [line for line in cut.head if _PLAIN_HEAD.match(line)]
    for lines in (cut.head, head):
        try:
            found = icalendar.Calendar.from_ical(cut.text(lines, "VEVENT"))
        except BROKEN as error:
            why = str(error)
            continue
        if lines is head and len(head) < len(cut.head):
            problem(f"the calendar's own lines are left out: {why}", None)
        return Calendar(found, list(zip((block.line for block in events), found.walk("VEVENT"), strict=False)))
    # Something in a component stops the library: give it the events one by one, each with the time zones if that works.
    problem(f"read event by event: {why}", None)
    zones = cut.zones()
    calendar = Calendar(icalendar.Calendar())
    for lines_ in (head, [], *([line] for line in head)):
        try:
            calendar.head.update(icalendar.Calendar.from_ical(_wrapped([f"{line}\r\n" for line in lines_])))
        except BROKEN:
            continue
    for block in events:
        for before in (zones, []):
            try:
                calendar.events += [
                    (block.line, event)
                    for event in icalendar.Calendar.from_ical(_wrapped([*before, block.text()])).walk("VEVENT")
                ]
                break
            except BROKEN as error:
                why = str(error)
        else:
            problem(why, block.line)
    return calendar


@dataclass
class Expansion:
    """Repeated events as single ones, within bounds around ``today``; one for each document, for its budget."""

    today: date
    days: float = 0  # walked through so far

    def occurrences(self, events: list[Component]) -> tuple[list[Component], int]:
        """Return the occurrences of one series, the latest ones, and how many older ones were left out.

        ``events`` are the event that repeats and those that stand for single occurrences of it.

        Raises:
            RuleError: for a rule that is not followed.
            one of BROKEN: for whatever else is wrong with the series.
        """
        master = next(event for event in events if is_repeated(event))
        rules = as_list(master.get("RRULE"))
        start = first(master, "DTSTART")
        if not isinstance(start, date):
            raise RuleError("no DTSTART to count from")
        begin = start.date() if isinstance(start, datetime) else start
        if begin < self.today - OLDEST:
            raise RuleError("it began more than a hundred years ago")
        ended = all("UNTIL" in rule or "COUNT" in rule for rule in rules)
        window = self.today - (PAST_ENDED if ended else PAST), self.today + FUTURE
        if begin > window[1] or (rules and all(_is_over(rule, window[0]) for rule in rules)):
            return [], 0
        effort = max((_effort(rule) for rule in rules), default=0.0)
        if any(_names_no_day(rule, begin) for rule in rules):
            raise RuleError("the rule names no day")
        self._walk(effort * (window[1] - begin).days)
        calendar = icalendar.Calendar()
        for event in events:
            calendar.add_component(event)
        found = list(recurring_ical_events.of(calendar, keep_recurrence_attributes=True).between(*window))
        # Nothing but what is written out: the rule may have been followed to the end of time.
        if len(found) <= len(events) and any(_may_name_no_day(rule) for rule in rules):
            self.days += effort * DAYS_TO_THE_END
        found.sort(key=lambda each: first(each, "DTSTART").isoformat())
        reached.over(len(found), MAX_OCCURRENCES, "vcalendar.MAX_OCCURRENCES")
        return found[-MAX_OCCURRENCES:], max(0, len(found) - MAX_OCCURRENCES)

    def _walk(self, days: float) -> None:
        self.days += days
        if reached.over(self.days, MAX_DAYS, "vcalendar.MAX_DAYS"):
            raise RuleError("the rules before it were too long to follow")


def is_repeated(event: Component) -> bool:
    """Whether an event states that it takes place several times."""
    return event.get("RECURRENCE-ID") is None and bool(event.get("RRULE") or event.get("RDATE"))


def _is_over(rule: icalendar.vRecur, before: date) -> bool:
    return any((until.date() if isinstance(until, datetime) else until) < before for until in rule.get("UNTIL", []))


def _names_no_day(rule: icalendar.vRecur, begin: date) -> bool:
    """Whether a rule names 30 February, or every seventh day if a Monday and begins on a Tuesday."""
    months = [int(month) for month in rule.get("BYMONTH", range(1, 13))]
    days = [abs(int(day)) for day in rule.get("BYMONTHDAY", [])]
    if days and not any(day <= monthrange(2024, month)[1] for day in days for month in months):
        return True
    weekdays = [str(day)[-2:].upper() for day in rule.get("BYDAY", [])]
    weeks = rule["FREQ"] == ["DAILY"] and int(rule.get("INTERVAL", [1])[0]) % 7 == 0
    return weeks and bool(weekdays) and _WEEKDAYS[begin.weekday()] not in weekdays


def _may_name_no_day(rule: icalendar.vRecur) -> bool:
    """Whether nobody can tell without following it that a rule comes to a day at all."""
    if any(key in rule for key in ("BYYEARDAY", "BYWEEKNO", "BYEASTER")):
        return True
    if "INTERVAL" in rule and (any(key in rule for key in ("BYMONTH", "BYMONTHDAY")) or rule["FREQ"] == ["DAILY"]):
        return any(key in rule for key in ("BYMONTH", "BYMONTHDAY", "BYDAY"))
    nths = [*rule.get("BYSETPOS", []), *(str(day)[:-2] or 0 for day in rule.get("BYDAY", []))]
    return any(abs(int(nth)) > 5 for nth in nths)


def _effort(rule: icalendar.vRecur) -> float:
    """Return what a rule costs for each day that it walks through; RuleError for one that no meeting has."""
    frequency = str((rule.get("FREQ") or ["none"])[0]).upper()
    if frequency not in EFFORT:
        raise RuleError(f"repeats {frequency}: no meeting does")
    if any(int(each) < 1 for each in rule.get("INTERVAL", [])):
        raise RuleError("an interval below 1")
    times = 1
    for key in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(1, len(rule.get(key, [])))
    if times > 24:
        raise RuleError(f"repeats {times} times a day: no meeting does")
    return EFFORT[frequency]


def as_list(value: Any) -> list[Any]:
    """Return the values of a property: none, the one, or all where it stands several times."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def first(event: Component, key: str) -> Any:
    """Return a property's first value in Python's own type (date, datetime, timedelta …), None where there is none.

    Raises:
        one of BROKEN: where the value could not be read.
    """
    for each in as_list(event.get(key)):
        if isinstance(each, icalendar.vPeriod):
            return each.start
        return each.dt
    return None
