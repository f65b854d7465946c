"""A page → its events: lines, days, records, and what each record says."""

import re
from bisect import bisect
from collections import Counter
from datetime import date
from typing import Any

from crawler.dates import Expression
from crawler.documents import Document
from crawler.listing.bodies import Bodies, kind_of_meeting, who
from crawler.listing.found import Found
from crawler.listing.lines import MINOR, Line, lines_of
from crawler.listing.marks import Dates, dates_of
from crawler.listing.once import once, usual_hour
from crawler.listing.places import place_of, standing_place
from crawler.listing.records import Group, Record, groups_of
from crawler.listing.tables import Table, spanned, tables_of, without_other_columns
from crawler.listing.titles import Piece, cleaned, common_tail, generic, own_titles, status_in, without_month
from crawler.listing.when import manner
from crawler.listing.words import CLOSED, GATHERING, SECTION_NO_EVENT, TIME_HEAD, is_paper, meets
from crawler.text import clean

_STANDING = re.compile(
    r"\b(?:meets?|meetings?|held|begins?|starts?|starting|scheduled|convenes?|take place|unless otherwise|regular|"
    r"sessions?|call(?:ed)? to order|"
    r"réunions?|se réuni\w+|ont lieu|a lieu|débute\w*|commence\w*|rendez-vous|séances?|horaires?)\b",
    re.IGNORECASE,
)
_OFFICE_HOURS = re.compile(
    r"\b(?:hours|open|monday ?(?:-|–|to|through|thru) ?friday|mon ?(?:-|–|to) ?fri|m ?- ?f|office|phone|call us|"
    r"weekdays|closed|"
    r"daily|deadline|no later than|by \d|before \d|until|ouvert\w*|horaires d['’]ouverture|lundi au vendredi)\b",
    re.IGNORECASE,
)
# Headings that are no names: questions, sentences, addresses of files, heads of columns.
_NO_TITLE = re.compile(
    r"\?\W*$|^\W*(?:below (?:are|is)|ci-dessous|click|please|due to|note|download|view|see)\b|\S/\S+/\S|"
    r"\.(?:pdf|docx?|html?)\b|"
    r"\b(?:will be|has been|have been|can be|must)\b|[a-z]{3}[.!]$|\b(?:below|as follows|ci-dessous|ci-après)\W*$|"
    r"^\W*(?:\w+ )?(?:links|liens|directory|annuaire|portal|portail)\W*$|"
    r"^\W*(?:meeting|event)s? (?:description|name|type|info\w*|details|documents?|locations?|times?|dates?)\W*$",
    re.IGNORECASE,
)


_HEADS_A_LIST = re.compile(r"\b(?:dates|minutes|agendas|schedules?|calendars?|calendriers?)\W*$", re.IGNORECASE)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")  # as rules have them (RFC 5545, BYDAY)


class Page:
    """One page while it is read: what its parts share."""

    def __init__(self, document: Document, tree: Any) -> None:
        self.document = document
        self.lines = lines_of(tree)
        self.manner = manner(document, (line.text for line in self.lines))
        self.dates: Dates = dates_of(self.lines, self.manner)
        self.tables = tables_of(self.lines, self.dates.marks)
        self.dates.marks = spanned(without_other_columns(self.dates.marks, self.tables), self.tables)
        self.groups = groups_of(self.lines, self.dates.marks, self._names_who_meets)
        dated = {mark.line.number for mark in self.dates.marks}
        told = {line.number for group in self.groups for record in group.records for line in record.lines}
        self.headings = [
            (line, level)
            for line in self.lines
            if line.number not in dated
            and (level := self._heading_level(line))
            and (level < MINOR or line.number not in told)
        ]
        self._dated = sorted(dated)
        self._sections = [line.number for line, _ in self.headings if 0 < line.level < MINOR]
        self.title = (tree.findtext(".//title") or "").strip()
        self.bodies = Bodies(self.lines, self.title, document.url)
        self._times: dict[int, tuple[str, str | None] | None] = {}

    def _names_who_meets(self, line: Line) -> bool:
        head = self.tables[line.cell.table].head(line) if line.cell and line.cell.table in self.tables else ""
        return meets(head) and not is_paper(head)

    def _heading_level(self, line: Line) -> int:
        """Return the level of a line that heads what follows, by its tag or by its looks; 0 for others."""
        if line.cell is not None and not self._whole_row(line):
            return 0
        if line.level:
            return line.level
        short = (
            len(line.text) <= 70
            and not line.linked
            and meets(line.text)
            and not re.search(r"[.;,!?]$|\d:\d", line.text)
        )
        return MINOR if short and line.element.tag in ("div", "p", "span", "td") else 0

    def _whole_row(self, line: Line) -> bool:
        cell = line.cell
        return cell is None or len(self.tables[cell.table].rows.get(cell.row, {})) == 1

    def events(self) -> list[Found]:
        """Return the events of the page, doubtful ones too, each once."""
        found: list[tuple[Found, Group, Record]] = []
        for group in self.groups:
            found += [(each, group, record) for record, each in self._read(group)]
        events = once(found)
        usual_hour(events)
        sure = [each.day for each in events if not each.doubtful]
        if len(set(sure)) == 1 and len(sure) < 3:
            for each in events:
                each.ground(-0.25, "nothing on the page repeats")
        return events

    def _read(self, group: Group) -> list[tuple[Record, Found]]:
        titles = own_titles(group, self.dates, self.tables)
        above = self.above(group.first)
        table = self.tables.get(group.container)
        place = standing_place(self.lines, group.first.number, group.records[-1].lines[-1].number, self.dates)
        read = []
        defaults: dict[int | None, str] = {}
        for record in group.records:
            if record.column not in defaults:
                defaults[record.column] = self._default_title(record, above, table)
        named = {record: self._titled(record, titles.get(record), defaults[record.column]) for record in group.records}
        tail = common_tail(list(named.values()))
        for record, name in named.items():
            default, piece = defaults[record.column], titles.get(record)
            title = name.removesuffix(tail)
            clock, clock_end, beside = self._time(record, group)
            start = f"{record.mark.day}T{clock}" if clock else record.mark.day
            each = Found(title, start, own_title=title != default, confidence=0.3)
            each.end = _end(record, clock, clock_end)
            each.place = place_of(record, table, title, self.dates) or place
            each.status = status_in(record)
            each.link = self._link(record, piece)
            self._weigh(each, record, group, above, piece, beside)
            read.append((record, each))
        return read

    def above(self, line: Line) -> list[Line]:
        """Return the headings that a line stands under, the nearest first."""
        found: list[Line] = []
        lowest, minor = MINOR, 0
        for heading, level in reversed(self.headings):
            if heading.number >= line.number:
                continue
            if level == MINOR:
                if lowest == MINOR and minor < 3 and line.number - heading.number < 60:
                    found.append(heading)
                    minor += 1
            elif level < lowest or level == 1:
                found.append(heading)
                lowest = level
        return found[:8]

    def _titled(self, record: Record, piece: Piece | None, default: str) -> str:
        if piece is None:
            return default
        timed = piece.line.number in self.dates.times or (piece.line is record.mark.line and record.mark.time)
        if 0 < piece.line.level < MINOR and not timed and len(piece.line.text) <= 120:
            return default if default and _HEADS_A_LIST.search(piece.line.text) else piece.line.text
        if (named := self.bodies.named_by(piece.text, default)) is not None:
            return named
        qualified = re.search(r"\b(?:special|annual|regular|public|emergency|joint)\b", piece.text, re.IGNORECASE)
        if default and generic(piece.text) and (not qualified or piece.text.casefold() == "regular"):
            return default
        text = without_month(piece.text)
        return text if kind_of_meeting(text) else who(text)

    def _default_title(self, record: Record, above: list[Line], table: Table | None) -> str:
        above = [line for line in above if not _NO_TITLE.search(line.text)]
        texts: list[str] = []
        if table is not None and record.column is not None:
            texts.append(cleaned(table.heads.get(record.column, "")))
        texts += [cleaned(line.text, self.dates.spans.get(line.number)) for line in above]
        texts += [cleaned(part) for part in re.split(r"\s+[|–—:-]+\s+|\s*::\s*|\s*[\r\n]\s*", self.title)]
        return self.bodies.default(texts)

    def _time(self, record: Record, group: Group) -> tuple[str | None, str | None, bool]:
        """Return the start and end time of a record, and whether they stand in it rather than above the list."""
        mark = record.mark
        if mark.time:
            return mark.time, mark.time_end, True
        own = self._times_in(record)
        if own is not None:
            return own.time, own.time_end, True
        standing = self._standing_time(group)
        return (*standing, False) if standing else (None, None, False)

    def _times_in(self, record: Record) -> Expression | None:
        if record.shared:
            return None
        table = self.tables.get(record.container)
        best: tuple[int, Expression] | None = None
        for line in record.lines:
            for each in self.dates.times.get(line.number, []):
                distance = abs(line.number - record.mark.line.number)
                if table and line.cell and TIME_HEAD.search(table.head(line)):
                    distance -= 50
                if _OFFICE_HOURS.search(line.text) or (is_paper(line.text[: each.begin]) and each.begin > 8):
                    distance += 20
                if best is None or distance < best[0]:
                    best = (distance, each)
        # The same line may repeat the day with its time: "has been rescheduled to January 12 at 10:00".
        if best is None:
            for other in self.dates.marks:
                if other.time and other.day == record.mark.day and any(other.line is line for line in record.lines):
                    return Expression(
                        other.text, 0, 0, None, None, None, other.time, other.time_end, None, True, False, "time"
                    )
        return best[1] if best else None

    def _standing_time(self, group: Group) -> tuple[str, str | None] | None:
        """Return the time that is stated once for a list: in the lines above it, else below it."""
        number = group.first.number
        if number not in self._times:
            self._times[number] = self._stated(group)
        return self._times[number]

    def _stated(self, group: Group) -> tuple[str, str | None] | None:
        first, last = group.first.number, group.records[-1].lines[-1].number
        dated = {mark.line.number for mark in self.dates.marks}
        best: tuple[float, Expression] | None = None
        sections = {line.number for line in self.above(self.lines[first])}
        for number, expressions in self.dates.times.items():
            line = self.lines[number]
            if number in dated or len(line.text) > 1_200:
                continue
            if (number > last or _STANDING.search(line.text)) and not self._holds_for(line, sections, number > last):
                continue
            distance = first - number if number < first else (number - last) * 2
            if distance < 0 or distance > 80:
                continue
            for each in expressions:
                if not _on_its_days(each, group):
                    continue
                around = line.text[max(0, each.begin - 160) : each.end + 120]
                if line.text.lstrip().startswith("*"):
                    continue  # a footnote: it holds for what carries its star
                score = (
                    10
                    - distance / 8
                    + 3 * bool(re.search(r"\b(?:all|toutes|tous)\b", around, re.IGNORECASE))
                    + 6 * bool(_STANDING.search(around))
                    - 10 * bool(_OFFICE_HOURS.search(around))
                )
                if len(line.text) < 40 and not _STANDING.search(line.text):
                    score -= 1
                if score > 5 and (best is None or score > best[0]):
                    best = (score, each)
        return (best[1].time, best[1].time_end) if best and best[1].time else None

    def _holds_for(self, line: Line, sections: set[int], below: bool) -> bool:
        """Whether what a line says may hold for a list under the headings ``sections``.

        What stands in another section holds for that one alone: when it has a list of its own, or comes ``below``.
        """
        place = bisect(self._sections, line.number)
        if place == 0 or self._sections[place - 1] in sections:
            return True
        if below:
            return False
        end = self._sections[place] if place < len(self._sections) else len(self.lines)
        return bisect(self._dated, self._sections[place - 1]) == bisect(self._dated, end - 1)

    def _link(self, record: Record, piece: Piece | None) -> str | None:
        lines = [piece.line, *record.lines] if piece else record.lines
        links = [
            (text, href)
            for line in lines
            for text, href in line.links
            if not href.startswith(("#", "javascript:", "mailto:", "tel:"))
        ]
        if piece:
            for text, href in links:
                if text and (text in piece.text or piece.text in text):
                    return self.document.link(href)
        return next((link for text, href in links if not is_paper(text) and (link := self.document.link(href))), None)

    def _weigh(
        self, each: Found, record: Record, group: Group, above: list[Line], piece: Piece | None, beside: bool
    ) -> None:
        mark, count = record.mark, len(group.records)
        if count >= 3:
            each.ground(0.2, f"one of {count} alike")
        text = " ".join(line.text for line in record.lines)[:600]
        heads = " ".join(line.text for line in above[:3])
        if beside:
            each.ground(0.15, "has its time")
        elif "T" in each.start:
            each.ground(0.1, "the list states its time")
        if mark.weekday_right is not None:
            each.ground(
                *((0.1, "weekday and day agree") if mark.weekday_right else (-0.1, "weekday and day do not agree"))
            )
        if GATHERING.search(text) or GATHERING.search(heads) or meets(each.title):
            each.ground(0.2, "words of meetings")
        if count == 1 and piece is None and not beside:
            each.ground(-0.1, "stands alone")
        if mark.year_by == "nearest":
            each.ground(-0.05, "no year is stated")
        if piece is None and not each.title:
            each.ground(-0.3, "no title")
        if SECTION_NO_EVENT.search(" ".join(line.text for line in above[:1])) and not GATHERING.search(
            " ".join(line.text for line in above[:1])
        ):
            each.ground(-0.3, "under a heading of other things")
        if count < 3 and _is_prose(mark.line.text):
            each.ground(-0.3, "in running text")
        elif len(mark.line.text) > 250:
            each.ground(-0.2, "in a long text")
        if each.end and len(each.end) == 10 and (date.fromisoformat(each.end) - date.fromisoformat(each.day)).days > 60:
            each.ground(-0.4, "a span of months")
        if CLOSED.search(each.title) or (
            len(mark.line.text) <= 60 and not each.status and CLOSED.search(mark.line.text)
        ):
            each.ground(-0.5, "a day on which nothing is")
        tags = Counter(element.tag for element in mark.line.ancestors)
        if tags["aside"] or (tags["header"] and not tags["article"] and not tags["main"]):
            each.ground(-0.15, "beside the page's matter")
        if not each.title:
            each.title = clean(self.title) or "?"


def _on_its_days(each: Expression, group: Group) -> bool:
    """Whether a rule ("every Tuesday, 2 to 5") may be that of a list: half of its days at least fall on the rule's."""
    stated = re.search(r"BYDAY=([^;]+)", each.rule or "")
    if not stated:
        return True
    names = set(re.findall(r"[A-Z]{2}", stated[1]))
    days = [_WEEKDAYS[date.fromisoformat(record.mark.day).weekday()] for record in group.records]
    return sum(day in names for day in days) * 2 >= len(days)


def _is_prose(text: str) -> bool:
    """Whether a line is a sentence of running text rather than an entry of a list."""
    return (
        len(text) > 110
        and bool(re.search(r"[a-zé)]{2}[.!?](?:\s|$)", text))
        and len(re.findall(r"\b[a-zà-ÿ]{2,}\b", text)) > 8
    )


def _end(record: Record, clock: str | None, clock_end: str | None) -> str | None:
    mark = record.mark
    if mark.last:
        return f"{mark.last}T{clock_end}" if clock and clock_end else mark.last
    if clock and clock_end and clock_end > clock:
        return f"{mark.day}T{clock_end}"
    return None
