"""What was found, and the kinds of it: a closed set."""

from dataclasses import dataclass
from datetime import date

DATE = "date"  # a day
DATETIME = "datetime"  # a day with its time, or hours
RANGE = "range"  # from a day, month or year to another
ITEM = "list item"  # a day of several that are listed together
TIME = "time"  # a time of day, or hours, without a day
MONTH = "month"  # a month, or a part of one
YEAR = "year"
SEASON = "season"
RECURRING = "recurring"  # a rule
RELATIVE = "relative"  # a day or span told by its distance from the reference, without a time
WEEKDAY = "weekday"  # a weekday alone: the next one
UNTIL = "until"  # an end alone: ``start`` is None
KINDS = frozenset((DATE, DATETIME, RANGE, ITEM, TIME, MONTH, YEAR, SEASON, RECURRING, RELATIVE, WEEKDAY, UNTIL))


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
