"""Where a day stands that is told in part: the year that its weekday or its nearness decides."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_YEAR, LAST_YEAR = 1800, 2200  # the record's own range
PAST = 42  # days: reports follow within weeks, announcements come months ahead
_AROUND = (0, 1, -1, 2, -2)  # years: how far a weekday may move a date from the year that nearness gives


@dataclass(slots=True)
class Day:
    """A day, month or year as it is told; what is not told is None."""

    weekday: int | None = None
    day: int | None = None
    month: int | None = None
    year: int | None = None
    shift: int | None = None  # -1 "dernier", 0 "ce", 1 "prochain"
    fixed: str | None = None  # ISO 8601: counted from the reference already
    last: str | None = None  # the last day of what ``fixed`` begins
    relative: bool = False
    vague: bool = False  # a part of the month or year ("fin mars")

    @property
    def whole_day(self) -> bool:
        return self.day is not None or self.weekday is not None or (self.fixed is not None and len(self.fixed) == 10)


def real(year: int, month: int, day: int) -> bool:
    """Whether there is such a day."""
    return FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def full_year(year: int, digits: int, reference: date) -> int:
    """Return the year that two figures mean: at most twenty years ahead of the reference."""
    if digits != 2:
        return year
    century = reference.year // 100 * 100
    return century + year if century + year <= reference.year + 20 else century - 100 + year


def place(day: Day, reference: date, year: int | None) -> str | None:
    """Return the day in ISO 8601 at the precision that it is told with, or None where there is no such day."""
    if day.fixed is not None:
        return day.fixed
    if day.month is None and day.day is None:
        if day.weekday is not None:
            return _weekday(day.weekday, day.shift, reference).isoformat()
        return f"{day.year:04}" if day.year is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None
    if day.month is None:
        return _day_of_month(day, reference)
    if day.day is None:
        return _month(day, reference, year)
    if day.year is not None:
        return _iso(day.year, day.month, day.day)
    if day.shift:
        return _shifted(day, reference)
    if year is not None and real(year, day.month, day.day):
        return _iso(year, day.month, day.day)
    return _nearest(day, reference)


def _iso(year: int, month: int, day: int) -> str | None:
    return f"{year:04}-{month:02}-{day:02}" if real(year, month, day) else None


def _weekday(weekday: int, shift: int | None, reference: date) -> date:
    ahead = (weekday - reference.weekday()) % 7
    if shift == -1:
        return reference - timedelta(days=(7 - ahead) % 7 or 7)
    if shift == 1:
        return reference + timedelta(days=ahead or 7)
    return reference + timedelta(days=ahead)


def _month(day: Day, reference: date, year: int | None) -> str:
    month = day.month or 1
    if day.year is None:
        chosen = year if year is not None and not day.shift else reference.year
        if day.shift == -1 and month >= reference.month:
            chosen = reference.year - 1
        elif (day.shift == 1 and month <= reference.month) or (
            not day.shift and year is None and (reference.month - month) > 2
        ):
            chosen = reference.year + 1
        elif not day.shift and year is None and month - reference.month >= 10:
            chosen = reference.year - 1
    else:
        chosen = day.year
    return f"{chosen:04}-{month:02}"


def _shifted(day: Day, reference: date) -> str | None:
    """Return the last such day before the reference, or the next one after it."""
    step = 1 if (day.shift or 0) > 0 else -1
    for year in range(reference.year, reference.year + 9 * step, step):
        if (found := _iso(year, day.month or 1, day.day or 1)) and (
            found > reference.isoformat() if step > 0 else found < reference.isoformat()
        ):
            return found
    return None


def _nearest(day: Day, reference: date) -> str | None:
    """Return the day in the year that its weekday decides, else in the next twelve months or the last weeks."""
    month, number = day.month or 1, day.day or 1
    earliest = reference - timedelta(days=PAST)
    usual = next(
        (
            date(year, month, number)
            for year in range(reference.year - 1, reference.year + 9)
            if real(year, month, number) and date(year, month, number) >= earliest
        ),
        None,
    )
    if usual is None:
        return None
    if day.weekday is None or usual.weekday() == day.weekday:
        return usual.isoformat()
    others = [date(usual.year + step, month, number) for step in range(-6, 3) if real(usual.year + step, month, number)]
    right = [one for one in others if one.weekday() == day.weekday]
    # Of the years with that weekday the nearest; a page may have been read years after it was written.
    return min(right, key=lambda one: abs((one - reference).days), default=usual).isoformat()


def _day_of_month(day: Day, reference: date) -> str | None:
    """Return the next such day of a month (``le 16``), on its weekday where one is told (``jeudi 15``)."""
    number = day.day or 1
    ahead: date | None = None
    for step in range(48):
        year, month = reference.year + (reference.month - 1 + step) // 12, (reference.month - 1 + step) % 12 + 1
        if real(year, month, number):
            one = date(year, month, number)
            if one >= reference and day.weekday in (None, one.weekday()):
                ahead = one
                break
    if day.weekday is None or ahead is None:
        return ahead.isoformat() if ahead else None
    for back in range(3):
        year, month = reference.year + (reference.month - 1 - back) // 12, (reference.month - 1 - back) % 12 + 1
        if real(year, month, number):
            one = date(year, month, number)
            if (
                one < reference
                and one.weekday() == day.weekday
                and (reference - one).days <= PAST < (ahead - reference).days
            ):
                return one.isoformat()
    return ahead.isoformat()
