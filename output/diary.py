"""The asker's own diary: days, places and titles, read on this machine and kept nowhere.

An iCalendar file (recurrences expanded by recurring-ical-events) or a CSV of days and places. Entries live in memory
as long as the question; nothing here writes, logs or puts an entry's words into an error: an error says the file, the
line and what is wrong with it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from output.fold import fold
from output.periods import PeriodError, parse

LARGEST = 50_000_000  # bytes of a diary; what is larger is something else
MANY = 100_000  # entries of a diary
COLUMNS = {
    "day": ("day", "date", "start", "from", "jour", "debut", "when", "quand"),
    "end": ("end", "to", "until", "fin", "jusqu au"),
    "place": ("place", "where", "town", "city", "location", "lieu", "ville", "ou"),
    "title": ("title", "what", "event", "summary", "name", "titre", "quoi", "evenement", "nom"),
}


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
        DiaryError: for a file that is neither, or in which nothing can be read.
        OSError: for a file that cannot be opened.
    """
    if path.stat().st_size > LARGEST:
        raise DiaryError(f"{path}: too large for a diary ({LARGEST:,} bytes at the most)")
    body = path.read_bytes()
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
        entries.append(_line(cells, columns, f"{path}, line {rows.line_num}"))
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
            if fold(cell) in names:
                found.setdefault(column, number)
    return found if "day" in found else {}


def _line(cells: Sequence[str], columns: dict[str, int], where: str) -> Entry:
    given = {name: cells[number] for name, number in columns.items() if number < len(cells)}
    start, first, last = _moment(given.get("day", ""), where)
    end = None
    if given.get("end"):
        end, _, last = _moment(given["end"], where)
    if last < first:
        raise DiaryError(f"{where}: ends before it begins")
    return Entry(first, last, start, end or start, given.get("place", ""), given.get("title", ""))


def _moment(text: str, where: str) -> tuple[datetime | None, date, date]:
    """Return an instant where the text has a time, and the first and last day that it means."""
    try:
        if len(text) > 10 and text[:4].isdecimal():
            moment = _instant(datetime.fromisoformat(text))
            return moment, datetime.fromisoformat(text).date(), datetime.fromisoformat(text).date()
        if len(parts := text.split("/")) == 3:  # as the French write it
            text = "-".join(reversed(parts))
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
