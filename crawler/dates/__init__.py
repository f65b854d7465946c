"""Dates in French and English as people write them → what the record can hold, each with the words that it came from.

Nothing is invented: a month stays a month, an hour without a day stays an hour, "two years ago" is a year. A date
without a year takes the one that its weekday and its nearness to the reference decide; a range or list shares what one
of its days tells. Times are wall time, as written; in English an hour from one to six without a.m. or p.m. is after
noon. All work is bounded by the text's length.
"""

from dataclasses import replace
from datetime import date, timedelta

from crawler.dates import expressions
from crawler.dates.expression import (
    DATE,
    DATETIME,
    ITEM,
    KINDS,
    MONTH,
    RANGE,
    RECURRING,
    RELATIVE,
    SEASON,
    TIME,
    UNTIL,
    WEEKDAY,
    YEAR,
    Expression,
)
from crawler.dates.tokens import Tokens, fold

__all__ = [
    "DATE", "DATETIME", "ITEM", "KINDS", "MONTH", "RANGE", "RECURRING", "RELATIVE", "SEASON", "TIME", "UNTIL",
    "WEEKDAY", "YEAR", "Expression", "combine", "find", "parse",
]  # fmt: skip


def find(
    text: str, reference: date, language: str | None = None, *, order: str = "DMY", year: int | None = None
) -> list[Expression]:
    """Return all date expressions of a text in their order; a list (``les 3, 10 et 17 mai``) gives one for each day.

    ``reference`` is the day of publication or of reading: relative dates count from it, dates without a year are
    placed near it. ``year`` is a year known from around the text (a caption, a heading), which such dates take.
    ``language`` is "fr" or "en" where it is known; ``order`` says how numeric dates are written: "DMY" or "MDY".
    """
    folded = fold(text)
    if not expressions.may_hold(folded, whole=False):
        return []
    return list(expressions.scan(Tokens(text, folded, reference, language, order, year, whole=False)))


def parse(
    text: str, reference: date, language: str | None = None, *, order: str = "DMY", year: int | None = None
) -> Expression | None:
    """Return the one expression that the whole text is, or None; arguments as for ``find``.

    That the text is nothing else allows forms that would be guesses within a sentence: ``le 16``, ``17/2``, ``mars``.
    """
    folded = fold(text)
    if not expressions.may_hold(folded, whole=True):
        return None
    return expressions.whole(Tokens(text, folded, reference, language, order, year, whole=True))


def combine(day: Expression, time: Expression) -> Expression:
    """Return a day with a time that stands apart from it (two cells of a table); text and offsets are the day's.

    A day that has no date of its own (a month, a time), or a time that states none, leaves the day as it is.
    """
    if time.time is None or (day.rule is None and (day.start is None or len(day.start) < 10)):
        return day
    if day.rule is not None or day.start is None:
        return replace(day, time=time.time, time_end=time.time_end)
    finish = day.finish[:10] if day.finish is not None else None
    if time.time_end is not None:
        last = date.fromisoformat((day.finish or day.start)[:10])
        if time.time_end <= time.time and day.finish is None and last < date.max:
            last += timedelta(days=1)
        finish = f"{last.isoformat()}T{time.time_end}"
    return replace(
        day, start=f"{day.start[:10]}T{time.time}", finish=finish, time=time.time, time_end=time.time_end,
        kind=DATETIME if day.kind in (DATE, RELATIVE, WEEKDAY) else day.kind,
    )  # fmt: skip
