"""The asker's own diary: days, places and titles, read on this machine and kept nowhere.

An iCalendar file (recurrences expanded by recurring-ical-events) or a CSV of days and places. Entries live in memory
as long as the question; nothing here writes, logs or puts an entry's words into an error: an error says the file, the
line and what is wrong with it.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from output.fold import fold
from output.periods import PeriodError, parse

LARGEST = 50_000_000  # bytes of a diary; what is larger is something else
MANY = 100_000  # entries of a diary
COLUMNS = {
    "day": ("day", "date", "start", "start date", "from", "jour", "debut", "date de debut", "when", "quand"),
    "end": ("end", "end date", "to", "until", "fin", "date de fin", "jusqu au"),
    "hour": ("start time", "time", "hour", "heure", "heure de debut", "heure debut"),
    "last hour": ("end time", "heure de fin", "heure fin"),
    "place": ("place", "where", "town", "city", "location", "venue", "lieu", "ville", "ou", "emplacement"),
    "title": ("title", "what", "event", "summary", "subject", "name", "titre", "quoi", "evenement", "nom", "objet"),
}
_SLASHED = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})")
# Of 11/28/2012 the month comes first, and so it does in every other day of that file.
_MONTH_FIRST = re.compile(r"(?<!\d)(?:0?[1-9]|1[0-2])/(?:1[3-9]|2\d|3[01])/\d{4}")
_DAY_FIRST = re.compile(r"(?<!\d)(?:1[3-9]|2\d|3[01])/(?:0?[1-9]|1[0-2])/\d{4}")
_TIME = re.compile(r"(\d\d?)(?:[:h](\d\d))?(?::\d\d)? ?(am|pm|h)?", re.IGNORECASE)


class DiaryError(ValueError):
    """A diary that cannot be read: which file, which line, and what to do. Never what stands there."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where the asker was, as the diary has it.

    ``first`` and ``last`` are days; ``start`` and ``end`` instants, where there are times (in UTC where the zone is
    known, else wall time); ``point`` is the place's latitude and longitude.
    """

    first: date
    last: date
    start: datetime | None = None
    end: datetime | None = None
    place: str = ""
    title: str = ""
    point: tuple[float, float] | None = None

    def __repr__(self) -> str:
        return "Entry(…)"  # no traceback and no log shall tell


def read(path: Path) -> list[Entry]:
    """Return the entries of a diary file.

    Raises:
        DiaryError: for a file that is neither, that cannot be opened, or in which nothing can be read.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise DiaryError(f"{path}: too large for a diary ({LARGEST:,} bytes at the most)")
        body = path.read_bytes()
    except OSError as error:
        raise DiaryError(f"{path}: cannot be read ({error.strerror}); give an .ics or a CSV file") from None
    text = body.decode("utf-8-sig", errors="replace")
    if path.suffix.lower() in (".ics", ".ical", ".ifb") or text.lstrip()[:15].upper() == "BEGIN:VCALENDAR":
        return _calendar(body, path)
    return _table(text, path)


def _table(text: str, path: Path) -> list[Entry]:
    """Read lines of day and place: ``2012-11-08,Lorient``; a header may name ``day``, ``end``, ``place``, ``title``."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not lines:
        return []
    delimiter = max(",;\t", key=lines[0].count)
    rows = csv.reader(io.StringIO(text, newline=None), delimiter=delimiter)
    columns: dict[str, int] | None = None
    month_first = bool(_MONTH_FIRST.search(text)) and not _DAY_FIRST.search(text)
    entries: list[Entry] = []
    for row in _rows(rows, path):
        cells = [cell.strip() for cell in row]
        if not any(cells) or cells[0].startswith("#"):
            continue
        if columns is None:
            columns = _columns(cells)
            if columns:
                continue
            columns = {"day": 0, "place": 1, "title": 2}
        if len(entries) >= MANY:
            raise DiaryError(f"{path}, line {rows.line_num}: more than {MANY:,} lines; give the years that matter")
        entries.append(_line(cells, columns, month_first, f"{path}, line {rows.line_num}"))
    return entries


def _rows(rows: Any, path: Path) -> Iterator[list[str]]:
    try:
        yield from rows
    except csv.Error:
        raise DiaryError(f"{path}, line {rows.line_num}: not a line of a CSV; write day,place,title") from None


def _columns(cells: Sequence[str]) -> dict[str, int]:
    """Return which column is what, where the first line is a header; a header has no digits and names the day."""
    found: dict[str, int] = {}
    for number, cell in enumerate(cells):
        for column, names in COLUMNS.items():
            if fold(cell) in names and column == "day" and "day" in found:
                found.setdefault("hour", number)  # "date, début, fin"
            elif fold(cell) in names:
                found.setdefault(column, number)
    return found if "day" in found else {}


def _line(cells: Sequence[str], columns: dict[str, int], month_first: bool, where: str) -> Entry:
    given = {name: cells[number] for name, number in columns.items() if number < len(cells)}
    day, hour = _split(given.get("day", ""), given.get("hour", ""))
    until, last_hour = _split(given.get("end", ""), given.get("last hour", ""))
    start, first, last = _moment(day, month_first, where)
    end = None
    if until:
        end, _, last = _moment(until, month_first, where)
    if last < first:
        raise DiaryError(f"{where}: ends before it begins")
    if start is None and hour:
        start = datetime.combine(first, hour)
        end = datetime.combine(last, last_hour) if last_hour else None
    if start and end and (start.tzinfo is None) == (end.tzinfo is None):
        end = max(start, end)
    return Entry(first, last, start, end or start, given.get("place", ""), given.get("title", ""))


def _split(day: str, hour: str) -> tuple[str, time | None]:
    """Return a day and a time of day that stand in two columns, or in the day's alone."""
    head, _, tail = day.partition(" ")
    if _SLASHED.fullmatch(head) and (found := _hour(tail)):
        return head, found
    if found := _hour(day):
        return "", found
    return day, _hour(hour)


def _hour(text: str) -> time | None:
    """Return the time of day of ``18:30``, ``18h30``, ``18h`` or ``6:30 PM``; None for anything else."""
    match = _TIME.fullmatch(text.strip())
    if not match or not (match[2] or match[3]):
        return None
    hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "").lower()
    if half in ("am", "pm"):
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _moment(text: str, month_first: bool, where: str) -> tuple[datetime | None, date, date]:
    """Return an instant where the text has a time, and the first and last day that it means."""
    try:
        if len(text) > 10 and text[:4].isdecimal():
            moment = _instant(datetime.fromisoformat(text))
            return moment, datetime.fromisoformat(text).date(), datetime.fromisoformat(text).date()
        if month_first and (match := _SLASHED.fullmatch(text)):
            text = f"{match[3]}-{match[1]}-{match[2]}"
        period = parse(text, date.today())
    except (ValueError, PeriodError):
        raise DiaryError(
            f"{where}: the day cannot be read; write 2012-11-08, 8 novembre 2012 or novembre 2012"
        ) from None
    return None, period.start, period.end


def _calendar(body: bytes, path: Path) -> list[Entry]:
    import icalendar
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(body)
    except (ValueError, AttributeError):
        raise DiaryError(f"{path}: not a calendar that can be read; export it again as .ics, or write a CSV") from None
    try:
        for component in calendar.walk():
            for name in ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID"):
                stated: Any = component.get(name)
                if isinstance(stated, list):  # twice: the first counts
                    component[name] = stated[0]
        # All of it: recurrences without an end go on to today, since one cannot have met anybody later.
        query = recurring_ical_events.of(calendar, skip_bad_series=True)
        found = query.between(datetime(1990, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=1))
    except (ValueError, TypeError, KeyError, OverflowError, AttributeError):
        raise DiaryError(f"{path}: its recurrences cannot be read; export it again, or write a CSV") from None
    entries: list[Entry] = []
    for component in found[:MANY]:
        if str(component.get("STATUS", "")).upper() != "CANCELLED":
            entries += _component(component)
    return entries


def _component(component: Any) -> Iterator[Entry]:
    start = component.get("DTSTART")
    if start is None:
        return
    first = start.dt
    last = component["DTEND"].dt if component.get("DTEND") else first
    point = component.get("GEO")
    place, title = str(component.get("LOCATION", "")), str(component.get("SUMMARY", ""))
    where = (float(point.latitude), float(point.longitude)) if hasattr(point, "latitude") else None
    if isinstance(first, datetime):
        end = last if isinstance(last, datetime) else first
        day = first.date()
        yield Entry(day, max(day, end.date()), _instant(first), _instant(end), place, title, where)
    else:
        # DTEND of whole days is the first day that is no longer in it (RFC 5545, 3.6.1).
        until = last.date() if isinstance(last, datetime) else last
        yield Entry(first, max(first, until - timedelta(days=1)), None, None, place, title, where)


def _instant(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment


__all__ = ["DiaryError", "Entry", "read"]
