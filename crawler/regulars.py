"""Meetings that come back without a rule: "Open Coffee Lorient", every second Thursday, one page or entry each.

What one document tells of is looked at; what several tell of is for the graph to link.
"""

import hashlib
from collections import Counter, defaultdict
from datetime import date
from typing import Any

from crawler.privacy import fold
from crawler.series import series_title

LEAST = 3  # days on which a meeting took place before it is taken for a series
REGULAR = 0.75  # share of them on one day of the week, or on one day of the month

Record = dict[str, Any]


def with_series(records: list[Record]) -> list[Record]:
    """Return the records (JSON form), events of a regular meeting with an EventSeries as their ``superEvent``.

    Events are one meeting's when their titles are the same without number, date and theme, their town or place and
    their organiser do not contradict, and their days fall on the same day of the week or of the month. The series is
    added as a record of its own; its id begins with ``inferred:``, since no page states it.
    """
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        if record.get("type") == "Event" and "superEvent" not in record and len(record.get("startDate", "")) >= 10:
            name = series_title(str(record.get("name", "")))
            if len(fold(name)) > 3:
                groups[fold(name), _where(record)].append(number)
    result = list(records)
    for (_, where), numbers in groups.items():
        events = [records[number] for number in numbers]
        days = {_day(event) for event in events} - {None}
        if len(days) < LEAST or not _regular({day for day in days if day}):
            continue
        series = _series(events, where)
        above = {key: series[key] for key in ("type", "id", "name")}
        for number in numbers:
            result[number] = {**records[number], "superEvent": above}
        result.append(series)
    return result


def _series(events: list[Record], where: str) -> Record:
    names = Counter(series_title(event["name"]) for event in events)
    name = max(names, key=lambda each: (names[each], each))
    key = hashlib.sha256(f"{fold(name)}\0{where}".encode()).hexdigest()[:24]
    series: Record = {"type": "EventSeries", "id": f"inferred:{key}", "name": name}
    for field in ("location", "organizer"):
        values = [event.get(field) for event in events]
        if values[0] and all(value == values[0] for value in values):
            series[field] = values[0]
    if series.get("location", {}).get("type") == "VirtualLocation":
        del series["location"]
    return series


def _where(record: Record) -> str:
    """Return the town, else the organiser: homonyms in two towns are two meetings."""
    place = record.get("location") or {}
    town = (place.get("address") or {}).get("addressLocality")
    organizers = record.get("organizer") or []
    return fold(town or (organizers[0].get("name", "") if organizers else ""))


def _day(record: Record) -> date | None:
    try:
        return date.fromisoformat(record["startDate"][:10])
    except ValueError:
        return None


def _regular(days: set[date]) -> bool:
    weekdays, dates = Counter(day.weekday() for day in days), Counter(day.day for day in days)
    return max(*weekdays.values(), *dates.values()) >= REGULAR * len(days)
