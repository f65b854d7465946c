"""schema.org's Schedule (``eventSchedule``): when an event comes back, as a rule of iCalendar and as dates."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import icalendar

from crawler import reached
from crawler.times import zone
from crawler.vcalendar import BROKEN, Expansion, RuleError, first

Node = dict[str, Any]

MAX_EXCEPTIONS = 500  # of one schedule

USED = frozenset(
    """
    @type @id startDate endDate startTime endTime duration repeatFrequency repeatCount byDay byMonth byMonthDay
    byMonthWeek exceptDate scheduleTimezone
    """.split()
)

_FREQUENCY = {"D": "DAILY", "W": "WEEKLY", "M": "MONTHLY", "Y": "YEARLY"}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_PERIOD = re.compile(r"P(\d{1,3})([DWMY])", re.IGNORECASE)


def occurrences(schedule: Node, stated: Node, expansion: Expansion) -> tuple[str, list[tuple[str, str | None]]]:
    """Return a schedule as a rule (RFC 5545), and the start and end (ISO 8601, wall time) of each occurrence.

    ``stated`` is the event: its own dates are taken where the schedule has none. ``expansion`` bounds both.

    Raises:
        RuleError: for a schedule that cannot be followed.
    """
    start, end = _span(schedule, stated)
    rule = _rule(schedule, start)
    event = icalendar.Event()
    event.add("DTSTART", start)
    if end:
        event.add("DTEND", end)
    event.add("RRULE", rule)
    for day in _excepted(schedule, start):
        event.add("EXDATE", day)
    try:
        found, _ = expansion.occurrences([event])
        spans = [
            (first(each, "DTSTART").isoformat(), first(each, "DTEND").isoformat() if end else None) for each in found
        ]
        written = icalendar.vRecur(rule).to_ical()  # type: ignore[no-untyped-call]
    except BROKEN as error:
        raise RuleError(str(error) or type(error).__name__) from None
    return str(written.decode()), spans


def zone_of(schedule: Node) -> str | None:
    """Return the IANA zone that a schedule states."""
    return zone(next(_texts(schedule.get("scheduleTimezone")), None))


def _span(schedule: Node, stated: Node) -> tuple[date, date | None]:
    begin = next(_texts([schedule.get("startDate"), stated.get("startDate")]), "")
    begins = _moment(begin)
    if begins is None:
        raise RuleError("no startDate to count from")
    own = _moment(next(_texts(stated.get("startDate")), ""))
    clocks = [each.time() for each in (begins, own) if isinstance(each, datetime)]
    at = _clock(schedule.get("startTime")) or next(iter(clocks), None)
    day = begins.date() if isinstance(begins, datetime) else begins
    if at is None:
        return day, None
    start = datetime.combine(day, at)
    if ends := _clock(schedule.get("endTime")):
        end = datetime.combine(day, ends)
        return start, end if end > start else end + timedelta(days=1)
    for text in _texts([schedule.get("duration"), stated.get("duration")]):
        try:
            length: timedelta = icalendar.vDuration.from_ical(text)  # type: ignore[no-untyped-call]
        except BROKEN:
            continue
        return start, start + length
    return start, None


def _rule(schedule: Node, start: date) -> dict[str, list[Any]]:
    words = next(_texts(schedule.get("repeatFrequency")), "").rpartition("/")[2]
    days = list(_weekdays(schedule))
    if match := _PERIOD.fullmatch(words):
        rule: dict[str, list[Any]] = {"FREQ": [_FREQUENCY[match[2].upper()]], "INTERVAL": [max(1, int(match[1]))]}
    elif words.upper() in _FREQUENCY.values():
        rule = {"FREQ": [words.upper()]}
    elif not words and days:
        rule = {"FREQ": ["WEEKLY"]}
    else:
        raise RuleError(f"an unknown repeatFrequency: {words[:40]!r}")
    if rule.get("INTERVAL") == [1]:
        del rule["INTERVAL"]
    if days:
        rule["BYDAY"] = days
        if rule["FREQ"] == ["DAILY"]:
            rule["FREQ"] = ["WEEKLY"]  # daily, on these days
    for key, name, low in (("BYMONTH", "byMonth", 1), ("BYMONTHDAY", "byMonthDay", -31)):
        numbers = [int(text) for text in _texts(schedule.get(name)) if re.fullmatch(r"-?\d{1,2}", text)]
        if numbers := [number for number in numbers if low <= number <= 31 and number]:
            rule[key] = numbers
    if count := next((text for text in _texts(schedule.get("repeatCount")) if re.fullmatch(r"\d{1,5}", text)), None):
        rule["COUNT"] = [int(count)]
    elif until := _moment(next(_texts(schedule.get("endDate")), "")):
        last = until.date() if isinstance(until, datetime) else until
        rule["UNTIL"] = [datetime.combine(last, time(23, 59, 59)) if isinstance(start, datetime) else last]
    return rule


def _weekdays(schedule: Node) -> Iterator[str]:
    weeks = [text for text in _texts(schedule.get("byMonthWeek")) if re.fullmatch(r"-?[1-5]", text)]
    for text in _texts(schedule.get("byDay")):
        word = re.split(r"[/#:]", text)[-1].lower()
        if word in _DAYS:
            word = word[:2]
        if match := re.fullmatch(r"([+-]?[1-5])?(mo|tu|we|th|fr|sa|su)", word):
            for week in [match[1]] if match[1] else weeks or [""]:
                yield f"{week}{match[2].upper()}"


def _excepted(schedule: Node, start: date) -> Iterator[date]:
    for text in reached.first(_texts(schedule.get("exceptDate")), MAX_EXCEPTIONS, "schedule.MAX_EXCEPTIONS"):
        if (day := _moment(text)) is not None:
            if isinstance(start, datetime):
                yield day if isinstance(day, datetime) else datetime.combine(day, start.time())
            else:
                yield day.date() if isinstance(day, datetime) else day


def _moment(text: str) -> date | None:
    """Return a day, or a wall time without its offset; None for what is neither."""
    try:
        if len(text) <= 10:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text.replace(" ", "T")).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return None


def _clock(value: Any) -> time | None:
    text = next(_texts(value), "")
    match = re.match(r"(?:\d{4}-\d\d-\d\d)?T?(\d{1,2}):(\d\d)", text)
    return time(int(match[1]), int(match[2])) if match and int(match[1]) < 24 and int(match[2]) < 60 else None


def _texts(value: Any) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, dict):
            each = each.get("@value") or each.get("@id") or each.get("name")
        if isinstance(each, str | int) and not isinstance(each, bool) and str(each).strip():
            yield str(each).strip()
