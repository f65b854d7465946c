"""Dates and times as people write them in a language, in the event's own zone."""

from datetime import date, datetime

from babel.dates import format_date, format_time

LOCALES = {"fr": "fr", "en": "en_GB"}
CLOCK = {"fr": "H'\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}'mm", "en": "HH:mm"}
SPAN = {"fr": "du {} au {}", "en": "{} – {}"}


def when(start: date, end: date | None, language: str) -> str:
    """Return when something is: "jeudi 8 novembre 2012, 18 h 30 – 20 h 30", "Saturday 5 – Monday 7 December 2026"."""
    day = start.date() if isinstance(start, datetime) else start
    last = end.date() if isinstance(end, datetime) else end
    if last is not None and last > day and not isinstance(start, datetime):
        shown = "EEEE d" if (day.year, day.month) == (last.year, last.month) else "EEEE d MMMM"
        first = _day(day, language, shown if day.year == last.year else "EEEE d MMMM y")
        return SPAN[language].format(first, _day(last, language))
    text = _day(day, language)
    if isinstance(start, datetime):
        text += f", {_time(start, language)}"
        if isinstance(end, datetime) and end > start:
            text += f" – {'' if last == day else _day(end, language) + ', '}{_time(end, language)}"
    return text


def _day(day: date, language: str, shown: str = "EEEE d MMMM y") -> str:
    if language == "fr" and day.day == 1:
        shown = shown.replace(" d", " d'er'")  # the first, and no other, is counted
    return str(format_date(day, shown, locale=LOCALES[language]))


def _time(moment: datetime, language: str) -> str:
    return str(format_time(moment.time(), CLOCK[language], locale=LOCALES[language]))
