"""Dates in French and English as people write them → what the record can hold, each with the words that it came from.

Nothing is invented: a month stays a month, an hour without a day stays an hour. A date without a year takes the one
that its weekday and its nearness to the reference decide. Times are wall time, as written.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from crawler.dates import expressions
from crawler.dates.kinds import (
    DATE,
    DATETIME,
    ITEM,
    KINDS,
    MONTH,
    RANGE,
    RECURRING,
    RELATIVE,
    TIME,
    UNTIL,
    WEEKDAY,
    YEAR,
)
from crawler.dates.tokens import Tokens, fold

__all__ = [
    "DATE", "DATETIME", "ITEM", "KINDS", "MONTH", "RANGE", "RECURRING", "RELATIVE", "TIME", "UNTIL", "WEEKDAY", "YEAR",
    "Expression", "combine", "find", "parse",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Expression:
    """A date, time or rule that was found in a text."""

    text: str  # the words that it came from, exactly as they stand
    begin: int
    end: int  # offsets of ``text`` in the text that was searched
    start: str | None  # ISO 8601 as the record has it, wall time without offset; None for a rule or a bare time of day
    finish: str | None  # the same, for spans: the last day (inclusive) or the end time
    rule: str | None  # RFC 5545 RRULE value of what recurs
    time: str | None  # hh:mm where a time of day is stated
    time_end: str | None
    weekday: int | None  # 0 Monday, as written: it may contradict the date
    has_year: bool  # a year is written
    relative: bool  # depends on the reference
    kind: str  # one of KINDS

    @property
    def weekday_is_wrong(self) -> bool:
        """Whether the weekday that is written is not the date's."""
        if self.weekday is None or self.start is None or len(self.start) < 10:
            return False
        return date.fromisoformat(self.start[:10]).weekday() != self.weekday


def find(
    text: str, reference: date, language: str | None = None, *, order: str = "DMY", year: int | None = None
) -> list[Expression]:
    """Return all date expressions of a text in their order; a list (``les 3, 10 et 17 mai``) gives one for each day.

    ``reference`` is the day of publication or of reading: relative dates count from it, dates without a year are
    placed near it. ``year`` is a year known from around the text (a caption, a heading), which such dates take.
    ``language`` is "fr" or "en" where it is known; ``order`` says how numeric dates are written: "DMY" or "MDY".
    """
    folded = fold(text)
    if not expressions.may_hold(folded):
        return []
    tokens = Tokens(text, folded, language, order, whole=False)
    return [
        Expression(text[found.begin : found.end], **found.fields())
        for found in expressions.scan(tokens, reference, year)
    ]


def parse(
    text: str, reference: date, language: str | None = None, *, order: str = "DMY", year: int | None = None
) -> Expression | None:
    """Return the one expression that the whole text is, or None; arguments as for ``find``.

    That the text is nothing else allows forms that would be guesses within a sentence: ``le 16``, ``17/2``, ``mars``.
    """
    folded = fold(text)
    if not expressions.may_hold(folded):
        return None
    tokens = Tokens(text, folded, language, order, whole=True)
    found = expressions.whole(tokens, reference, year)
    return None if found is None else Expression(text[found.begin : found.end], **found.fields())


def combine(day: Expression, time: Expression) -> Expression:
    """Return a day with a time that stands apart from it (two cells of a table); text and offsets are the day's.

    A day that has no date of its own (a rule, a month), or a time that states none, leaves the day as it is.
    """
    if time.time is None or (day.rule is None and (day.start is None or len(day.start) < 10)):
        return day
    if day.rule is not None or day.start is None:
        return replace(day, time=time.time, time_end=time.time_end)
    start = f"{day.start[:10]}T{time.time}"
    finish = None
    if time.time_end is not None:
        last = date.fromisoformat((day.finish or day.start)[:10])
        if time.time_end <= time.time and day.finish is None and last < date.max:
            last += timedelta(days=1)
        finish = f"{last.isoformat()}T{time.time_end}"
    elif day.finish is not None:
        finish = day.finish[:10]
    return replace(
        day, start=start, finish=finish, time=time.time, time_end=time.time_end,
        kind=DATETIME if day.kind in (DATE, RELATIVE, WEEKDAY) else day.kind,
    )  # fmt: skip
