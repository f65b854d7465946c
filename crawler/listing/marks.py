"""Where the days stand in the lines of a page, and in which year those are that state none.

A year that is not written with the day is looked for where people look: in the caption, the heading or the row above,
in the dates before; the weekday decides between two. Months that head blocks of bare days are years' like.
"""

import re
from dataclasses import dataclass
from datetime import date

from crawler import reached
from crawler.dates import DATE, DATETIME, ITEM, MONTH, RANGE, Expression
from crawler.listing.bare import Mark, Month, bare_days, in_grids, is_bare, names_a_day, split_days
from crawler.listing.lines import Line
from crawler.listing.when import Manner
from crawler.listing.words import BEFORE_NO_EVENT

MAX_MARKS = 6_000
UNDER_MONTH = 60  # lines: how far below its heading a month's days may stand
_DAYS = frozenset((DATE, DATETIME, ITEM, RANGE))
_YEAR = re.compile(r"(?<![\d/.$€#-])((?:19|20)\d\d)(?![\d%])")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d) ?[-–—/] ?((?:19|20)?\d\d)(?!\d)")
# A line that is nothing but a year and words of a list of dates heads what follows, in bold or not.
_YEAR_LINE = re.compile(
    r"\W*(?:(?:the|for|fiscal|fy|school|calendar|year|année|saison|season|regular|board|committee|commission|council|meetings?|"
    r"schedules?|dates?|calendars?|of|upcoming|past|archived?|agendas?|minutes|and|&|open|public|réunions?|calendrier|programme|agenda|"
    r"\d{4}|\d{4} ?[-–—/] ?\d{2,4})\W*)+",
    re.IGNORECASE,
)


@dataclass
class Dates:
    """The days of a page, and the times of day that stand alone, by the number of their line."""

    marks: list[Mark]
    times: dict[int, list[Expression]]
    spans: dict[int, list[tuple[int, int, str]]]  # what of each line is dates and times, to be taken out of titles


def dates_of(lines: list[Line], how: Manner) -> Dates:
    """Return the days that stand in the lines of a page."""
    found = Dates([], {}, {})
    years: list[tuple[int, int, int]] = []  # level, first year, last year: of the headings above
    month: Month | None = None  # that heads a block
    last: Mark | None = None
    years_at: dict[int, int] = {}  # the year that holds where a line stands
    for line in lines:
        if years:
            years_at[line.number] = years[-1][1]
        if reached.over(len(found.marks) + 1, MAX_MARKS, "listing.marks.MAX_MARKS"):
            break
        if not any(c.isdigit() for c in line.text) and not _monthly(line.text):
            if line.level and line.level < 7 and month and line.level <= month.level:
                month = None
            continue
        expressions = how.find(line.text)
        days = [
            each
            for each in expressions
            if each.kind in _DAYS and each.start and len(each.start) >= 10 and (each.kind == ITEM or names_a_day(each))
        ]
        if month is not None and line.number - month.line <= UNDER_MONTH:
            days = [each for each in days if not is_bare(each)]
        found.spans[line.number] = [(each.begin, each.end, each.kind) for each in expressions]
        clocks = [each for each in expressions if each.time and each not in days]
        if clocks:
            found.times[line.number] = clocks
        if not days:
            months = [each for each in expressions if each.kind == MONTH and each.start]
            if heading := _years_of(line):
                years = [each for each in years if each[0] < (line.level or 8)]
                years.append((line.level or 8, *heading))
            if len(months) == 1 and months[0].start and _heads_month(line, months[0]):
                year = int(months[0].start[:4]) if months[0].has_year else (years[-1][1] if years else None)
                month = Month(line.number, int(months[0].start[5:7]), year, line.level or 8)
                continue
        if not days and month is not None and line.number - month.line <= UNDER_MONTH:
            bare = bare_days(line, month, how)
            found.marks += bare
            found.spans[line.number] += [(mark.begin, mark.end, ITEM) for mark in bare]
            if bare:
                continue
        if line.level and (heading := _years_of(line)) and not days:
            continue
        if line.publication and len(line.text) <= 120:
            continue
        refused = -10
        for each in days:
            if each is not days[0] and _in_brackets(line.text, each.begin):
                continue  # "July 11 (because of the 4th of July)"
            if 0 <= each.begin - refused <= 3 or BEFORE_NO_EVENT.search(_before(line.text, each)[-60:]):
                refused = each.end  # "Posted on May 2, 2019 May 3, 2019"
                line.publication = True
                continue
            mark = _mark(line, each, years, last, how)
            if mark is None:
                continue
            found.marks.append(mark)
            last = mark
        if days and line.level and line.level < 7:
            month = None
    found.marks += split_days(lines, found.marks, years_at, how)
    found.marks += _stamps(lines, found)
    found.marks = in_grids(lines, found.marks, how)
    found.marks.sort(key=lambda mark: (mark.line.number, mark.begin))
    _told_twice(found.marks)
    return found


def _told_twice(marks: list[Mark]) -> None:
    """Give a day without a year the one that the same day has close by: "Mar 07" over "March 7, 2019"."""
    for number, mark in enumerate(marks):
        if mark.year_by != "nearest":
            continue
        for other in marks[max(0, number - 3) : number + 4]:
            if (
                other.year_by == "written"
                and other.day[4:] == mark.day[4:]
                and abs(other.line.number - mark.line.number) <= 10
            ):
                mark.day, mark.year_by = other.day, "neighbour"
                break


def _monthly(text: str) -> bool:
    return 3 <= len(text) <= 20


def _years_of(line: Line) -> tuple[int, int] | None:
    """Return the first and last year that a line heads its list with; None for a line that heads none."""
    if len(line.text) > 120:
        return None
    if not line.level and not (line.cell and line.cell.head) and not _YEAR_LINE.fullmatch(line.text):
        return None
    if spans := _YEARS.findall(line.text):
        first, last = spans[0]
        end = int(last) if len(last) == 4 else int(first[:2] + last)
        if int(first) <= end <= int(first) + 2:
            return int(first), end
    found = {int(year) for year in _YEAR.findall(line.text)}
    return (min(found), max(found)) if found and max(found) - min(found) <= 1 else None


def _heads_month(line: Line, month: Expression) -> bool:
    """Whether a line says a month and no more than that a list of its days follows."""
    rest = line.text[: month.begin] + line.text[month.end :]
    return len(rest) <= 25 and (
        bool(line.level) or not any(c.isalpha() for c in rest) or bool(_YEAR_LINE.fullmatch(rest))
    )


def _mark(
    line: Line, each: Expression, years: list[tuple[int, int, int]], last: Mark | None, how: Manner
) -> Mark | None:
    begin = each.begin
    year_by = "written"
    if not each.has_year:
        each, year_by = _in_year(line, each, years, last, how)
    if not each.start:
        return None
    day = each.start[:10]
    finish = each.finish
    last_day = finish[:10] if finish and finish[:10] > day else None
    time_end = each.time_end
    if (
        last_day
        and each.time
        and time_end
        and date.fromisoformat(last_day).toordinal() - date.fromisoformat(day).toordinal() == 1
    ):
        last_day = last_day if time_end < each.time else None
    return Mark(
        line,
        begin,
        each.end if each.begin == begin else begin + len(each.text),
        day,
        each.time,
        time_end,
        last_day,
        each.weekday,
        year_by,
        each.text,
    )


def _in_year(
    line: Line, each: Expression, years: list[tuple[int, int, int]], last: Mark | None, how: Manner
) -> tuple[Expression, str]:
    """Return an expression without a year in the year that what stands around it tells, and what told it."""
    candidates: list[tuple[int, str]] = []
    if years:
        _, first, end = years[-1]
        month = int(each.start[5:7]) if each.start else 1
        # A season's second half lies in its second year.
        chosen = end if end > first and month <= 6 else first
        candidates = [(chosen, "heading")] + [(year, "heading") for year in range(first, end + 1) if year != chosen]
    elif last is not None and last.year_by in ("written", "neighbour", "heading") and _near(last.line, line):
        candidates = [(int(last.day[:4]), "neighbour")]
    if each.weekday is not None and candidates:
        around = [*candidates, *((candidates[0][0] + step, "weekday") for step in (1, -1))]
        for year, by in around:
            placed = _placed(line, each, year, how)
            if placed is not None and not placed.weekday_is_wrong:
                return placed, by
    for year, by in candidates:
        placed = _placed(line, each, year, how)
        if placed is not None:
            return placed, by
    return each, "weekday" if each.weekday is not None and not each.weekday_is_wrong else "nearest"


def _placed(line: Line, each: Expression, year: int, how: Manner) -> Expression | None:
    for other in how.find(line.text, year):
        if other.begin == each.begin and other.kind in _DAYS and other.start and len(other.start) >= 10:
            return other
    return None


def _before(text: str, each: Expression) -> str:
    """Return what stands before a day, with the preposition that its expression begins with."""
    lead = re.match(r"(?:from|since|until|before|du|depuis|avant)\b", each.text, re.IGNORECASE)
    return text[: each.begin] + (lead[0] if lead else "")


def _in_brackets(text: str, place: int) -> bool:
    before = text[:place]
    return before.rfind("(") > before.rfind(")")


def _near(one: Line, other: Line) -> bool:
    return other.number - one.number <= 12 and (
        one.element.getparent() is other.element.getparent() or one.element is other.element
    )


def _stamps(lines: list[Line], found: Dates) -> list[Mark]:
    """Return marks for the dates that a line tells to machines only."""
    told = {mark.line.number for mark in found.marks}
    marks: list[Mark] = []
    for line in lines:
        if not line.stamps or line.publication or line.number in told:
            continue
        if reached.over(len(marks), MAX_MARKS, "listing.marks.MAX_MARKS"):
            break
        match = re.match(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d))?", line.stamps[0])
        if not match or not _real(match):
            continue
        clock = match[4] if match[4] != "00:00" else None
        marks.append(Mark(line, 0, 0, line.stamps[0][:10], clock, None, None, None, "written", line.stamps[0]))
    return marks


def _real(match: "re.Match[str]") -> bool:
    try:
        return 1900 <= date(int(match[1]), int(match[2]), int(match[3])).year <= 2200
    except ValueError:
        return False
