"""Times as structured sources state them → times as the record states them.

The record keeps local wall time with its UTC offset, the IANA zone, and where that zone was found. An all-day date
stays a date and never passes through UTC. Sources: ISO 8601 and W3CDTF (HTML, JSON-LD, feeds), RFC 822 (RSS),
RFC 5545 (iCalendar).

A time that states no zone takes the calendar's default (``calendar``), else the source's (``place``), else the one zone
of the source's country (``assumed``); in a country of several it stays wall time without an offset. UTC is how machines
write a moment, not where people meet: a time in UTC is told by the clock of the zone found in that same order, so that
an evening's date is the one on the poster. An offset that is not UTC stays as written.
"""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from crawler.catalogue import Source

FIRST_YEAR, LAST_YEAR = 1800, 2200  # the record's own range
END_BEFORE_START = "end before start"

# Day, month and year must all stand there: dateparser would fill in today's.
_WORDS = {"DATE_ORDER": "DMY", "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<ordinal>\d{3})(?!\d)|-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:[T ]\s?(?P<hour>\d\d?)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?\s?"
    r"(?P<offset>Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.IGNORECASE,
)
_RFC_822 = re.compile(r"(?:[a-z]{3,9},?\s+)?\d{1,2}\s+[a-z]{3,9}\s+\d{4}\s+\d\d?:\d\d[\w\s:+()-]{0,20}", re.IGNORECASE)
# Departments of France with a clock and a code of the tz database of their own; other parts overseas have two letters.
_OVERSEAS = {"971": "GP", "972": "MQ", "973": "GF", "974": "RE", "976": "YT"}
# What Outlook writes where a zone's name belongs: "(UTC+01:00) Brussels, Copenhagen, Madrid, Paris".
_DISPLAYED = re.compile(r"\((?:UTC|GMT)[^)]{0,9}\)\s*(?P<cities>.+)", re.IGNORECASE)


def from_iso(
    start: str | None,
    end: str | None,
    source: Source,
    zone_name: str | None = None,
    surprises: Counter[str] | None = None,
) -> dict[str, Any]:
    """Return the record's time fields (``startDate``, ``endDate``, ``timeZone``, ``timeZoneSource``) for two texts.

    Texts are ISO 8601 as people write it, or RFC 822. Without a readable start there is nothing: ``{}``.
    ``zone_name`` is the zone that the document states beside them. A time without offset takes a zone as described
    above. An end before the start is left out and counted in ``surprises``.
    """
    first, last = _parse(start), _parse(end)
    if first is None:
        return {}
    if isinstance(first, str):
        return _fields(first, last[:10] if isinstance(last, str) else _day_of(last), None, None, surprises)
    name, where = _clock(first, zone(zone_name), None, source)
    if isinstance(last, datetime):
        # The end stands on the start's clock, as people write it.
        last = _local(last if last.tzinfo or name else last.replace(tzinfo=first.tzinfo), name)
    return _fields(_local(first, name), last, name, where, surprises)


def from_unix(
    start: Any, end: Any, source: Source, zone_name: str | None = None, surprises: Counter[str] | None = None
) -> dict[str, Any]:
    """Return the record's time fields for two instants in seconds since 1970 UTC, as ``from_iso`` does for texts."""
    return from_iso(_instant(start), _instant(end), source, zone_name, surprises)


def from_values(
    start: date,
    end: date | None,
    source: Source,
    default: str | None = None,
    stated: str | None = None,
    surprises: Counter[str] | None = None,
) -> dict[str, Any]:
    """Return the record's time fields for values of the calendar library, as ``from_iso`` does for texts.

    An all-day ``end`` is exclusive (RFC 5545, 3.6.1) and becomes the last day. ``default`` is the calendar's own zone
    (X-WR-TIMEZONE), ``stated`` the zone's name as it stands with the start (TZID).
    """
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        return {}
    if not isinstance(start, datetime):
        last = end - timedelta(days=1) if end is not None and not isinstance(end, datetime) and end > start else end
        finish = last.isoformat() if last is not None and not isinstance(last, datetime) and last != start else None
        return _fields(start.isoformat(), finish, None, None, surprises)
    name, where = _clock(start, zone(stated) or _zone_of(start.tzinfo), zone(default), source)
    finish = None
    if isinstance(end, datetime) and FIRST_YEAR <= end.year <= LAST_YEAR:
        if end.tzinfo is None and start.tzinfo is not None and name is None:
            end = end.replace(tzinfo=start.tzinfo)
        finish = _local(end, name)
    begin = _local(start, name)
    return _fields(begin, finish if finish != begin else None, name, where, surprises)


def span(start: str, end: str | None) -> tuple[dict[str, Any], str | None]:
    """Return ``startDate`` and ``endDate`` of two dates of the record, and what is wrong with them, if anything.

    An end before the start tells nothing: it is left out.
    """
    if not end:
        return {"startDate": start}, None
    if _before(end, start):
        return {"startDate": start}, END_BEFORE_START
    return {"startDate": start, "endDate": end}, None


def published(text: str | None, source: Source) -> str | None:
    """Return a date of publication (RFC 822, ISO 8601, or in words: ``jeu., 15 nov. 2012``) as a date of the record."""
    if not text or len(text) > 100:
        return None
    if times := from_iso(text, None, source):
        return str(times["startDate"])
    import dateparser  # here because it costs a third of a second, and few feeds need it

    languages = list(dict.fromkeys(filter(None, (source.language, "fr", "en"))))
    try:
        found: datetime | None = dateparser.parse(text, languages=languages, settings=_WORDS)
    except (ValueError, OverflowError, TypeError, IndexError, AttributeError, RecursionError):
        return None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return None
    if not re.search(r"\d[:h]", text):
        return found.date().isoformat()
    return _local(found, _clock(found, None, None, source)[0])


@lru_cache(maxsize=1_024)
def zone(name: str | None) -> str | None:
    """Return the IANA zone that ``name`` means (IANA's own name, or what Windows and Outlook call it), or None."""
    if not name or len(name) > 200:
        return None
    bare = name.strip().strip("\"'").strip().removeprefix("/")
    if bare.upper() in ("UTC", "GMT", "Z", "ETC/UTC", "ETC/GMT") or bare.lower() == "tzone://microsoft/utc":
        return "UTC"
    if bare in WINDOWS_TO_OLSON:
        return str(WINDOWS_TO_OLSON[bare])
    # A vendor may stand before the name: /mozilla.org/20050126_1/Europe/Paris (RFC 5545, 3.2.19).
    parts = bare.split("/")
    for candidate in ("/".join(parts[-length:]) for length in (len(parts), 3, 2)):
        if "/" in candidate and (iana := _iana(candidate)):
            return iana
    return _by_city(bare)


def fallback_zone(source: Source) -> tuple[str | None, str]:
    """Return the zone of times that state none, and where it was found: the source's place, or assumed."""
    if source.time_zone:
        return source.time_zone, "place"
    return _country_zone(source.region), "assumed"


@lru_cache(maxsize=256)
def _country_zone(region: str) -> str | None:
    """Return the zone of a region's country, where there is one, or all of them have shown the same time since 2000."""
    country, _, part = region.partition("-")
    zones = _zones_of(
        _OVERSEAS.get(part, part if len(part) == 2 and part.isalpha() else country) if country == "FR" else country
    )
    months = [datetime(year, month, 1) for year in range(2000, 2031) for month in (1, 4, 7, 10)]
    clocks = {tuple(month.replace(tzinfo=ZoneInfo(name)).utcoffset() for month in months) for name in zones}
    return zones[0] if len(clocks) == 1 else None


def _zones_of(country: str) -> list[str]:
    """Return the zones of a country (ISO 3166-1), the most populous first, as the tz database lists them."""
    lines = resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return [row[2] for row in rows if row[0] == country]


def _clock(moment: datetime, stated: str | None, default: str | None, source: Source) -> tuple[str | None, str | None]:
    """Return the zone whose clock shows ``moment``, and where that zone was found; (None, None) where none is known."""
    if stated and stated != "UTC":
        return stated, "stated"
    if stated is None and moment.tzinfo is not None and moment.tzinfo is not UTC:
        return None, None  # an offset alone: it says the moment, and names no zone
    if default and default != "UTC":
        return default, "calendar"
    name, where = fallback_zone(source)
    if name:
        return name, where
    if stated == "UTC":
        return "UTC", "stated"
    return ("UTC", "calendar") if default == "UTC" else (None, None)


def _fields(
    start: str, end: str | None, name: str | None, where: str | None, surprises: Counter[str] | None
) -> dict[str, Any]:
    # Another clock may have carried a moment over the record's last year, as an event without an end in sight may be.
    if not _in_range(start):
        return {}
    fields, surprise = span(start, end if end and _in_range(end) else None)
    if surprise and surprises is not None:
        surprises[surprise] += 1
    return {**fields, "timeZone": name, "timeZoneSource": where} if name else fields


def _in_range(text: str) -> bool:
    return FIRST_YEAR <= int(text[:4]) <= LAST_YEAR


def _parse(text: str | None) -> str | datetime | None:
    """Return a date as text (all-day, month, year), a time as a datetime, or None for what is neither."""
    if not isinstance(text, str) or len(text) > 100:
        return None
    text = text.strip()
    match = _ISO.fullmatch(text)
    try:
        if not match:
            found = parsedate_to_datetime(text) if _RFC_822.fullmatch(text) else None
            return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None
        year, month, day = match["year"], match["month"], match["day"]
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            return None
        if match["ordinal"]:
            counted = datetime.strptime(f"{year}-{match['ordinal']}", "%Y-%j")
            month, day = f"{counted:%m}", f"{counted:%d}"
        if match["hour"] is None:
            date(int(year), int(month or 1), int(day or 1))
            return "-".join(part for part in (year, month, day) if part)
        hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
        moment = datetime(int(year), int(month), int(day), hour % 24, minute, min(second, 59))
        # 24:00 is the end of the day (ISO 8601); people write it.
        moment += timedelta(days=hour // 24) if hour == 24 else timedelta(0)
        return moment.replace(tzinfo=_offset(match["offset"])) if hour <= 24 else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _instant(seconds: Any) -> str | None:
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not abs(seconds) < 1e11:
        return None
    return (datetime(1970, 1, 1) + timedelta(seconds=int(seconds))).isoformat() + "Z"


@lru_cache(maxsize=256)
def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    return datetime.strptime(f"{text[0]}{digits}", "%z").tzinfo


def _day_of(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _local(moment: datetime, name: str | None) -> str:
    """Return a moment as wall time of the zone ``name`` with its offset; without a zone as it stands."""
    if name:
        there = ZoneInfo(name)
        moment = moment.replace(tzinfo=there) if moment.tzinfo is None else moment.astimezone(there)
    text = moment.replace(microsecond=0).isoformat()
    return text if len(text) <= 25 else text[:19]  # offsets with seconds (before 1911) have no place in the record


def _zone_of(info: tzinfo | None) -> str | None:
    return zone(getattr(info, "key", None) or getattr(info, "zone", None) or (str(info) if info else None))


def _iana(name: str) -> str | None:
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return _folded_zones().get(name.casefold())


@lru_cache(maxsize=1)
def _folded_zones() -> dict[str, str]:
    return {name.casefold(): name for name in sorted(available_timezones())}


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Return the zones by the city that names them, as far as one city names one zone."""
    zones = [(name.rsplit("/", 1)[1].replace("_", " "), name) for name in available_timezones() if "/" in name]
    found = Counter(city for city, _ in zones)
    return {city: name for city, name in zones if found[city] == 1}


def _by_city(name: str) -> str | None:
    """Return the zone of the last city in a zone's name as Outlook displays it."""
    match = _DISPLAYED.fullmatch(name)
    cities = [city.strip() for city in match["cities"].split(",")] if match else []
    return next((found for city in reversed(cities) if (found := _cities().get(city))), None)


def _before(one: str, other: str) -> bool:
    """Whether date ``one`` is certainly before ``other``: at the coarser precision, as the record's contract has it."""
    if "T" in one and "T" in other and (len(one) > 19) == (len(other) > 19):
        return datetime.fromisoformat(one) < datetime.fromisoformat(other)
    length = min(len(one[:10]), len(other[:10]))
    return one[:length] < other[:length]
