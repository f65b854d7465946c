"""Days that are no more than a number: under a month, beside a month's name, in the grid of a calendar."""

import re
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from crawler.dates import DATE, MONTH, Expression
from crawler.listing.lines import Line
from crawler.listing.when import Manner

_WEEKDAYS = {
    name: number
    for names in ("mon tue wed thu fri sat sun", "lun mar mer jeu ven sam dim")
    for number, name in enumerate(names.split())
}
_WEEKDAY = (
    r"(?:mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"lun|mar|mer|jeu|ven|sam|dim|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b\.?"
)
_HEAD = re.compile(_WEEKDAY, re.IGNORECASE)
_NUMBER = r"(?P<{}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er)?"
# "8", "Tuesday 8th", "8, 22", "8 – Board meeting", "Tue 8 at noon": the number begins the line; its end, a mark or a
# joint follows.
_LEADING = re.compile(
    rf"(?:(?P<weekday>{_WEEKDAY})[\s,]*)?{_NUMBER.format('day')}(?=\s*(?:$|[,;&(:–—|-](?!\d)|\b(?:and|et|at|à|@)\b|@))",
    re.IGNORECASE,
)
_FURTHER = re.compile(
    rf"\s*(?:[,;&]|\band\b|\bet\b)\s*(?:and\s+|et\s+)?(?:(?P<weekday>{_WEEKDAY})[\s,]*)?{_NUMBER.format('day')}\b(?![:.h/%]\d|\s*[ap]\.?m)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"{_NUMBER.format('day')}\.?", re.IGNORECASE)
_BARE = re.compile(
    rf"(?:(?:the|on|le)\s+)?(?:{_WEEKDAY}[\s,]*)?(?:the\s+|le\s+)?\d{{1,2}}(?:st|nd|rd|th|er)?(?![\d/.-]*\d)",
    re.IGNORECASE,
)
_MONTH_NAME = re.compile(
    r"\b(?:jan|feb|f[ée]v|mar[cs]|apr|avr|may|mai|jun|juin|jul|juil|aug|ao[uû]|sep|oct|nov|dec|d[ée]c)[a-zûé]*",
    re.IGNORECASE,
)
_FIGURES = re.compile(r"\d[/.-]\d|\d{6,8}")
_CELL_DAY = re.compile(rf"{_NUMBER.format('day')}\b(?![:./]\d|\s*[ap]\.?m)", re.IGNORECASE)
_LEAST_HEADS = 5  # weekdays that make a table a calendar


@dataclass(frozen=True)
class Month:
    """A month that heads a block of days: the number of its line, the month, its year where known, its level."""

    line: int
    month: int
    year: int | None
    level: int


@dataclass(eq=False)
class Mark:
    """A day that stands in a line: ``day`` in ISO 8601, with its times where they stand beside it.

    ``year_by`` tells how the year is known: ``written``, ``weekday``, ``heading``, ``neighbour`` or ``nearest``.
    ``root`` is the element that the event fills, where it is known: in a calendar's grid.
    """

    line: Line
    begin: int
    end: int
    day: str
    time: str | None
    time_end: str | None
    last: str | None
    weekday: int | None
    year_by: str
    text: str
    root: Any = None

    @property
    def weekday_right(self) -> bool | None:
        """Whether the weekday that is written is the date's; None where none is written."""
        return None if self.weekday is None else date.fromisoformat(self.day).weekday() == self.weekday


def weekday_of(text: str | None) -> int | None:
    """Return the number of a weekday (0 Monday) by its name, short or long."""
    return _WEEKDAYS.get(text[:3].lower()) if text else None


def is_bare(each: Expression) -> bool:
    """Whether an expression tells no more than a number, perhaps with its weekday: "Tuesday 8", "jeudi 7 à 18h"."""
    return bool(_BARE.match(each.text)) and not _MONTH_NAME.search(each.text)


def names_a_day(each: Expression) -> bool:
    """Whether an expression has the day's number: "Monday: 8:30" are opening hours, "next Thursday" has no anchor."""
    return bool(_MONTH_NAME.search(each.text) or _FIGURES.search(each.text) or is_bare(each))


def bare_days(line: Line, month: Month, how: Manner) -> list[Mark]:
    """Return the days of a line that stands under a month and tells them by their numbers alone."""
    if len(line.text) > 160 or (line.linked and line.text.isdigit() and line.cell is None):
        return []  # the numbers of a pager
    match = _LEADING.match(line.text)
    marks: list[Mark] = []
    while match:
        day = _placed(int(match["day"]), month.month, month.year, weekday_of(match["weekday"]), how)
        if day is None:
            break
        year_by = "heading" if month.year else "nearest"
        marks.append(
            Mark(
                line,
                match.start(),
                match.end(),
                day,
                None,
                None,
                None,
                weekday_of(match["weekday"]),
                year_by,
                match[0].strip(),
            )
        )
        match = _FURTHER.match(line.text, match.end())
    return marks


def split_days(lines: list[Line], marks: list[Mark], years: dict[int, int], how: Manner) -> list[Mark]:
    """Return the days that cards write over two or three lines: "Mar" and "07", or "7", "mars", "2013"."""
    dated = {mark.line.number for mark in marks}
    found = []
    for line in lines:
        if len(line.text) > 4 or line.number in dated or not (match := _ALONE.fullmatch(line.text)):
            continue
        for other in lines[line.number + 1 : line.number + 2] + lines[max(0, line.number - 1) : line.number]:
            if not 3 <= len(other.text) <= 16 or other.number in dated or not _beside(line, other):
                continue
            year = _year_below(lines, max(line.number, other.number)) or years.get(line.number)
            told = how.parse(f"{int(match['day'])} {other.text}", year)
            if told is not None and told.kind == DATE and told.start and len(told.start) == 10:
                year_by = "written" if told.has_year else "heading" if year else "nearest"
                found.append(
                    Mark(line, 0, len(line.text), told.start, None, None, None, told.weekday, year_by, line.text)
                )
                break
    return found


def _beside(line: Line, other: Line) -> bool:
    """Whether two lines stand in one small box."""
    near = set(line.ancestors[:4])
    return any(element in near for element in other.ancestors[:4])


def _year_below(lines: list[Line], number: int) -> int | None:
    """Return the year that stands alone right below a month and a day."""
    texts = [line.text for line in lines[number + 1 : number + 3]]
    return next((int(text) for text in texts if re.fullmatch(r"(?:19|20)\d\d", text)), None)


def _placed(number: int, month: int, year: int | None, weekday: int | None, how: Manner) -> str | None:
    """Return a day of a month; without a year in the one that its weekday, then its nearness to the reading tells."""
    here = how.reference
    years = [year] if year else [here.year, here.year + 1, here.year - 1]
    days = [date(each, month, number) for each in years if 1 <= number <= monthrange(each, month)[1]]
    if not days:
        return None
    return min(
        days, key=lambda day: (weekday is not None and day.weekday() != weekday, abs((day - here).days))
    ).isoformat()


def in_grids(lines: list[Line], marks: list[Mark], how: Manner) -> list[Mark]:
    """Return the marks with those of calendars' grids: a table under weekdays, whose cells begin with a number.

    Each thing in a day's cell is an event of that day; a cell with nothing but its number has none.
    """
    tables: defaultdict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        if line.cell is not None:
            tables[line.cell.table].append(line)
    for table, inside in tables.items():
        heads = {line.cell.column for line in inside[:12] if line.cell and _HEAD.fullmatch(line.text.strip())}
        if len(heads) < _LEAST_HEADS:
            continue
        month = _month_of(inside, lines, how)
        if month is None:
            continue
        marks = [mark for mark in marks if mark.line.cell is None or mark.line.cell.table is not table]
        marks += _grid_marks(inside, month)
    return marks


def _month_of(inside: list[Line], lines: list[Line], how: Manner) -> tuple[int, int] | None:
    """Return year and month of a calendar: of its own first lines, else of the nearest line above."""
    first = inside[0].number
    for line in [*inside[:3], *reversed(lines[max(0, first - 12) : first])]:
        for each in how.find(line.text):
            if each.kind == MONTH and each.start:
                return int(each.start[:4]), int(each.start[5:7])
    return None


def _grid_marks(inside: list[Line], month: tuple[int, int]) -> list[Mark]:
    cells: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in inside:
        if line.cell is not None:
            cells[line.cell.row, line.cell.column].append(line)
    year, number = month
    last, begun, ended, marks = 0, False, False, []
    days: dict[int, int | None] = {}  # column → the day whose number stands there, or above
    for (_, column), texts in sorted(cells.items()):
        if match := _CELL_DAY.match(texts[0].text):
            day = int(match["day"])
            ended = ended or (begun and day < last)  # the first days of the next month
            begun, last = begun or day == 1, day
            days[column] = day if begun and not ended and day <= monthrange(year, number)[1] else None
        after = match.end() if match else 0
        if (told := days.get(column)) is None:
            continue
        for line, root in _things(texts, after):
            stop = after if line is texts[0] else 0
            marks.append(
                Mark(line, 0, stop, f"{year:04}-{number:02}-{told:02}", None, None, None, None, "heading", "", root)
            )
    return marks


def _things(texts: list[Line], after: int) -> list[tuple[Line, Any]]:
    """Return the first line and the element of each thing in a cell: the parts of the smallest box that holds all."""
    rest = [line for line in texts if line is not texts[0] or any(c.isalpha() for c in line.text[after:])]
    if not any(c.isalpha() for line in rest for c in line.text):
        return []
    box = rest[0].element
    while not all(box in line.ancestors for line in rest):
        box = box.getparent()
    things: list[tuple[Line, Any]] = []
    for line in rest:
        root = line.element
        while root is not box and root.getparent() is not box:
            root = root.getparent()
        if all(root is not each for _, each in things):
            things.append((line, root))
    return things
