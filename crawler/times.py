"""Times as structured sources state them → times as the record states them.

The record keeps local wall time with its UTC offset, the IANA zone, and where that zone was found. An all-day date
stays a date and never passes through UTC. Sources: ISO 8601 and W3CDTF (HTML, JSON-LD, feeds), RFC 5545 (iCalendar).
"""

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crawler.catalogue import Source

FRANCE = "Europe/Paris"

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:[T ]\s?(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?\s?"
    r"(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)


def zone(name: str | None) -> str | None:
    """Return the IANA zone that ``name`` means (IANA, or as Windows and Outlook call it), or None."""
    if not name:
        return None
    bare = name.strip().strip('"').removeprefix("/")
    for candidate in (bare, WINDOWS_TO_OLSON.get(bare, ""), "/".join(bare.split("/")[-2:])):
        try:
            if "/" in candidate or candidate == "UTC":
                return ZoneInfo(candidate).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return None


def from_iso(start: str | None, end: str | None, source: Source, zone_name: str | None = None) -> dict[str, Any]:
    """Return the record's time fields for ISO 8601 texts, as far as they can be read; empty where there is no start.

    ``zone_name`` is the zone that the document states for them. A time without offset or zone takes the source's zone,
    else Europe/Paris in France (``assumed``), else it stays local time without an offset.
    """
    first = _parse(start)
    if first is None:
        return {}
    fields = _stated(first, source, zone_name)
    if last := _parse(end):
        fields["endDate"] = _stated(last, source, zone_name)["startDate"]
    return drop_impossible_end(fields)


def from_values(start: date, end: date | None, source: Source, default: str | None = None) -> dict[str, Any]:
    """Return the record's time fields for values of the calendar library.

    An all-day ``end`` is exclusive (RFC 5545, 3.6.1) and becomes the last day. ``default`` is the calendar's own zone
    for floating times (X-WR-TIMEZONE).
    """
    if not isinstance(start, datetime):
        fields: dict[str, Any] = {"startDate": start.isoformat()}
        if end is not None and not isinstance(end, datetime) and end - start > timedelta(days=1):
            fields["endDate"] = (end - timedelta(days=1)).isoformat()
        return fields
    name, where = _zone_of(start.tzinfo), "stated"
    if start.tzinfo is None:
        name, where = zone(default), "calendar"
        if name is None:
            name, where = fallback_zone(source)
    fields = {"startDate": _local(start, name)}
    if isinstance(end, datetime) and end > start.replace(tzinfo=end.tzinfo):
        fields["endDate"] = _local(end, name)
    if name:
        fields |= {"timeZone": name, "timeZoneSource": where}
    return drop_impossible_end(fields)


def fallback_zone(source: Source) -> tuple[str | None, str]:
    """Return the zone of times that state none, and where it was found: the source's place, or assumed."""
    if source.time_zone:
        return source.time_zone, "place"
    return (FRANCE, "assumed") if source.region.startswith("FR") else (None, "assumed")


def drop_impossible_end(fields: dict[str, Any]) -> dict[str, Any]:
    """Return the time fields without an end that lies before the start: such an end tells nothing."""
    start, end = fields.get("startDate"), fields.get("endDate")
    if start and end and _instant(end) < _instant(start):
        return {key: value for key, value in fields.items() if key != "endDate"}
    return fields


def _parse(text: str | None) -> str | datetime | None:
    """Return a date as text (all-day, month, year), a time as a datetime, or None for what is neither."""
    match = _ISO.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    try:
        if match["hour"] is None:
            date(int(year), int(month or 1), int(day or 1))
            return "-".join(part for part in (year, month, day) if part)
        hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
        moment = datetime(int(year), int(month), int(day), hour % 24, minute, min(second, 59))
        # 24:00 is the end of the day (ISO 8601); people write it.
        moment += timedelta(days=hour // 24)
        return moment.replace(tzinfo=_offset(match["offset"]))
    except (ValueError, TypeError, OverflowError):
        return None


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return datetime.fromisoformat("2000-01-01T00:00:00+00:00").tzinfo
    digits = text[1:].replace(":", "").ljust(4, "0")
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text[0]}{digits[:2]}:{digits[2:]}").tzinfo


def _stated(value: str | datetime, source: Source, zone_name: str | None) -> dict[str, Any]:
    if isinstance(value, str):
        return {"startDate": value}
    name, where = zone(zone_name), "stated"
    if value.tzinfo is None and name is None:
        name, where = fallback_zone(source)
    fields = {"startDate": _local(value, name)}
    if name:
        fields |= {"timeZone": name, "timeZoneSource": where}
    return fields


def _local(moment: datetime, name: str | None) -> str:
    """Return a moment as wall time of the zone ``name`` with its offset; without a zone as it stands."""
    if name:
        there = ZoneInfo(name)
        moment = moment.replace(tzinfo=there) if moment.tzinfo is None else moment.astimezone(there)
    text = moment.replace(microsecond=0).isoformat()
    return text if len(text) <= 25 else text[:19]  # offsets with seconds (before 1911) have no place in the record


def _zone_of(info: tzinfo | None) -> str | None:
    return zone(getattr(info, "key", None) or getattr(info, "zone", None) or (str(info) if info else None))


def _instant(text: str) -> datetime:
    """Return a date's or time's instant, for comparing: the coarser one's beginning, offsets counted."""
    padded = text if len(text) > 7 else (text + "-01-01")[:10]
    moment = datetime.fromisoformat(padded)
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None) if moment.tzinfo else moment
