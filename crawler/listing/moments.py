"""Dates and times of day as machines and forms write them: ISO 8601, figures with strokes, a clock."""

import re
from datetime import UTC, date, datetime
from typing import Any

from crawler.listing.when import whole

_ISO = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?\d\d(?:[.,]\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?")
_NUMERIC = re.compile(
    r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:[ ,T]+(\d{1,2}):(\d\d)(?::\d\d)?\s*([ap])?\.?m?\.?)?", re.IGNORECASE
)
_DOT_NET = re.compile(r"/Date\((\d{9,14})(?:[+-]\d{4})?\)/")
_EARLIEST, _LATEST = 631_152_000, 4_102_444_800  # 1990, 2100
_CLOCK = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?(?::\d\d)?\s*(?:([ap])\.?\s?m\.?)?", re.IGNORECASE)


def from_epoch(value: Any) -> str | None:
    """Return the instant that a number counts to (seconds or milliseconds since 1970, ``/Date(…)/``); 1990 to 2100."""
    if isinstance(value, str):
        match = _DOT_NET.fullmatch(value)
        value = int(match[1]) if match else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    seconds = value / 1000 if value > 1e11 else value
    if not _EARLIEST <= seconds < _LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%MZ")


def moment_of(text: str, month_first: bool = True) -> tuple[str, str | None, str | None] | None:
    """Return (date, clock time, offset) of a date as machines and forms write it."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        hour, minute, offset = match[4], match[5], match[6]
        half = None
    elif match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        month, day = (first, second) if month_first and match[2] == "/" else (second, first)
        if month > 12:
            month, day = day, month
        hour, minute, half, offset = match[5], match[6], match[7], None
    else:
        return _in_words(text)
    try:
        told = date(year, month, day)
    except ValueError:
        return None
    if not 1900 <= year <= 2200:
        return None
    if hour is None:
        return told.isoformat(), None, None
    clock = _hours(int(hour), int(minute), half)
    return (told.isoformat(), clock, offset) if clock else None


def _in_words(text: str) -> tuple[str, str | None, str | None] | None:
    return whole(text) if 6 <= len(text) <= 60 and any(c.isdigit() for c in text) else None


def _hours(hour: int, minute: int, half: str | None) -> str | None:
    if half:
        hour = hour % 12 + (12 if half.lower() == "p" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def clock_time(text: str) -> str | None:
    """Return the time of day (hh:mm) that a text is, with minutes or a half of the day; None for anything else."""
    match = _CLOCK.fullmatch(text.strip())
    if not match or not (match[2] or match[3]):
        return None
    return _hours(int(match[1]), int(match[2] or 0), match[3])
