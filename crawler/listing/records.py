"""Which lines belong to which day: the induction of a page's pattern.

A day's *root* is the largest element that holds no other day. Roots that lie in the same element are the records of one
list: rows, items, cards. Where the element lays days and texts out flat (a heading, paragraphs, the next heading; dates
with line breaks between) the lines between two days belong to the one before them or to the one after: to whichever
the headings and the two ends of the list say.
"""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from crawler import reached
from crawler.listing.bare import Mark
from crawler.listing.lines import Line

MAX_RECORD = 40  # lines of one record that are looked at
_CARDS = frozenset(("li", "article", "section", "details", "div", "p", "dl", "a", "table"))

Element = Any


@dataclass(eq=False)
class Record:
    """One day with the lines that belong to it.

    ``own`` are the lines in its root, ``shared`` tells that its line holds more days, ``column`` that it fills a cell.
    """

    mark: Mark
    root: Element
    container: Element
    own: list[Line]
    lines: list[Line]
    shared: bool = False
    column: int | None = None


@dataclass(eq=False)
class Group:
    """The records of one list, in the order in which they stand."""

    container: Element
    records: list[Record] = field(default_factory=list)

    @property
    def first(self) -> Line:
        return self.records[0].lines[0]


def groups_of(lines: list[Line], marks: list[Mark], named: Any) -> list[Group]:
    """Return the lists of a page: its days with the lines that belong to each.

    ``named`` tells of a line in a table whether the head of its column says who meets.
    """
    alone = parallel(marks, named)
    secondary = _secondary(marks)
    marks = [mark for mark in marks if mark not in secondary]
    days: defaultdict[Element, set[str]] = defaultdict(set)
    for mark in marks:
        for element in mark.line.ancestors:
            days[element].add(mark.day)
    inside = _spans(lines, days)
    in_line = Counter(mark.line for mark in marks)
    roots = _roots(marks, days)
    groups: dict[Element, Group] = {}
    seen: dict[tuple[Element, str], Record] = {}
    for mark in marks:
        root = mark.root if mark.root is not None else roots[mark] if mark not in alone else _cell_of(mark.line.element)
        parent = root.getparent() if root.getparent() is not None else root
        if mark.root is not None:
            begin, end = inside.get(root) or (mark.line.number, mark.line.number + 1)
            own = [mark.line] if root.tag in ("td", "th") else lines[begin:end]
            record = Record(mark, root, _table_of(root), own, own)
        elif len(days[root]) == 1:
            told = seen.get((root, mark.day))
            if told is not None and (not mark.time or not told.mark.time or mark.time == told.mark.time):
                if mark.time and not told.mark.time:  # the same day once more in the same root, with its hour
                    told.mark.time, told.mark.time_end = mark.time, mark.time_end
                continue
            begin, end = inside.get(root) or (mark.line.number, mark.line.number + 1)
            record = Record(mark, root, _container(root, parent), lines[begin:end], lines[begin:end])
            seen[root, mark.day] = record
        else:
            shared = in_line[mark.line] > 1
            record = Record(mark, root, root, [mark.line], [mark.line], shared=shared)
        if mark.root is None and mark.line.cell is not None and root.tag in ("td", "th", "div", "p", "span"):
            record.column = mark.line.cell.column
            record.container = mark.line.cell.table
        if record.root.tag == "body" or reached.over(len(record.own), MAX_RECORD, "listing.records.MAX_RECORD"):
            _shrink(record, lines)
        group = groups.setdefault(record.container, Group(record.container))
        group.records.append(record)
    for group in groups.values():
        _share_out(group, lines, inside)
    return list(groups.values())


def _roots(marks: list[Mark], days: dict[Element, set[str]]) -> dict[Mark, Element]:
    """Return the root of every day: the largest element that holds no other day, of the make that the others have.

    Two cards of the same day lie in one element with no other day: each is a root, since the others' are such cards.
    """
    roots: dict[Mark, Element] = {}
    rows: defaultdict[Element, set[int]] = defaultdict(set)
    for mark in marks:
        if mark.line.cell is not None:
            rows[mark.line.cell.table].add(mark.line.cell.row)
    for mark in marks:
        root = mark.line.element
        cell = mark.line.cell
        by_rows = cell is not None and len(rows[cell.table]) > 1
        if len(days[root]) == 1:
            for parent in mark.line.ancestors[1:]:
                if len(days[parent]) > 1 or (by_rows and root.tag == "tr"):
                    break
                root = parent
        roots[mark] = root
    makes = Counter(_make(root) for root in set(roots.values()))
    usual = {make for make, count in makes.items() if count >= 3}
    for mark, root in roots.items():
        if _make(root) in usual or root.tag in ("tr", "td", "th"):
            continue
        for element in mark.line.ancestors:
            if element is root:
                break
            if _make(element) in usual and element.tag in _CARDS:
                roots[mark] = element
    _apart_in_a_day(roots, marks)
    return roots


def _apart_in_a_day(roots: dict[Mark, Element], marks: list[Mark]) -> None:
    """Give a root of its own to each of several events of one day that would share one: the programme of a day."""
    by_root: defaultdict[Element, list[Mark]] = defaultdict(list)
    for mark in marks:
        by_root[roots[mark]].append(mark)
    for root, each in by_root.items():
        if len({mark.line for mark in each}) < 2:
            continue
        hours = len({mark.time for mark in each}) > 1 and all(mark.time for mark in each)
        alike = len(each) > 2 and len({_path(mark.line.element, root) for mark in each}) == 1
        if not hours and not alike:
            continue
        held = Counter(element for mark in each for element in mark.line.ancestors)
        for mark in each:
            for element in mark.line.ancestors:
                if element is root or held[element] > 1:
                    break
                roots[mark] = element


def _make(element: Element) -> tuple[str, str]:
    return element.tag, (element.get("class") or "").partition(" ")[0]


def parallel(marks: list[Mark], named: Any) -> set[Mark]:
    """Return the days of tables whose columns each list events of their own: "Committee meetings", "Board meetings".

    Such columns have the days alone in their cells, row by row, under heads (``named``) that say what meets.
    """
    tables: defaultdict[Element, defaultdict[int, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        if (
            mark.line.cell is not None
            and mark.begin <= 4
            and len(mark.line.text) <= len(mark.text) + 40
            and named(mark.line)
        ):
            tables[mark.line.cell.table][mark.line.cell.column].append(mark)
    return {
        mark
        for columns in tables.values()
        if len([each for each in columns.values() if len(each) >= 2]) >= 2
        for each in columns.values()
        for mark in each
    }


def _cell_of(element: Element) -> Element:
    while element.tag not in ("td", "th") and element.getparent() is not None:
        element = element.getparent()
    return element


def _table_of(element: Element) -> Element:
    while element.tag != "table" and element.getparent() is not None:
        element = element.getparent()
    return element


def _container(root: Element, parent: Element) -> Element:
    if root is parent:
        return root
    if root.tag == "tr" and parent.tag in ("tbody", "thead", "tfoot"):
        return parent.getparent() if parent.getparent() is not None else parent
    return parent


def _spans(lines: list[Line], days: dict[Element, set[str]]) -> dict[Element, tuple[int, int]]:
    """Return the first and the last line (exclusive) of every element that holds a day."""
    spans: dict[Element, tuple[int, int]] = {}
    for line in lines:
        for element in line.ancestors:
            if element in days:
                begin, _ = spans.get(element, (line.number, 0))
                spans[element] = (begin, line.number + 1)
    return spans


def _shrink(record: Record, lines: list[Line]) -> None:
    """Keep of a root that is as good as the page what stands around the day: from the heading above to the next one."""
    at = record.mark.line.number
    begin = at
    while begin > 0 and at - begin < 6 and not lines[begin].level:
        begin -= 1
    if lines[begin].level == 0:
        begin = max(at - 2, 0)
    end = at + 1
    while end < len(lines) and end - at < 8 and not 0 < lines[end].level < 7:
        end += 1
    record.own = record.lines = lines[begin:end]


def _secondary(marks: list[Mark]) -> set[Mark]:
    """Return the days that cards tell beside their own: each card has several, always in the same places.

    Of siblings of one make (at least three) that hold more than one day each, the place that has exactly one day in
    almost every one is where the event's day stands; days in other places are "posted on" and the like.
    """
    by_card: defaultdict[Element, defaultdict[Element, list[Mark]]] = defaultdict(lambda: defaultdict(list))
    for mark in marks:
        for card in mark.line.ancestors[:-1]:
            parent = card.getparent()
            if parent is None or card.tag in ("body", "td", "th", "tr", "tbody", "table"):
                break
            by_card[parent][card].append(mark)
    found: set[Mark] = set()
    for cards in by_card.values():
        if len(cards) < 3 or sum(len({mark.day for mark in each}) > 1 for each in cards.values()) * 2 < len(cards):
            continue
        if len({card.tag for card in cards}) > 1:
            continue
        places: defaultdict[tuple[str, ...], Counter[Element]] = defaultdict(Counter)
        for card, each in cards.items():
            for mark in each:
                places[_path(mark.line.element, card)][card] += 1
        single = [
            place for place, counts in places.items() if len(counts) >= 0.8 * len(cards) and max(counts.values()) == 1
        ]
        if not single or len(places) == 1:
            continue
        order = {place: number for number, place in enumerate(places)}
        timed = Counter(_path(mark.line.element, card) for card, each in cards.items() for mark in each if mark.time)
        best = max(single, key=lambda place: (timed[place], -order[place]))
        for card, each in cards.items():
            found |= {mark for mark in each if _path(mark.line.element, card) != best}
    return found


def _path(element: Element, root: Element) -> tuple[str, ...]:
    path: list[str] = []
    while element is not None and element is not root:
        path.append(f"{element.tag}.{(element.get('class') or '').partition(' ')[0]}")
        element = element.getparent()
    return tuple(path)


def _share_out(group: Group, lines: list[Line], inside: dict[Element, tuple[int, int]]) -> None:
    """Give the lines between the records of a list, laid out flat, to the records before or after them."""
    records = sorted(group.records, key=lambda record: (record.mark.line.number, record.mark.begin))
    group.records = records
    if any(record.root.tag == "tr" or record.column is not None or record.mark.root is not None for record in records):
        return
    begin, end = inside.get(group.container, (records[0].own[0].number, records[-1].own[-1].number + 1))
    gaps = [lines[one.own[-1].number + 1 : other.own[0].number] for one, other in pairwise(records)]
    if not any(gaps) and all(len(record.own) > 1 for record in records):
        return
    before, after = lines[begin : records[0].own[0].number], lines[records[-1].own[-1].number + 1 : end]
    # A line in bold that is an hour belongs to the day above it; one in words may head the day below.
    headed = [record.mark.line.level > 0 or any(line.level for line in record.own[:1]) for record in records]
    heading_last = [
        bool(gap and _heads(gap[-1])) or bool(len(gap) > 1 and _heads(gap[-2]) and len(gap[-1].text) < 60)
        for gap in gaps
    ]
    if gaps and not all(headed) and sum(heading_last) * 2 > len(gaps):
        # A heading before every day: it opens the record.
        for number, record in enumerate(records):
            gap = (gaps[number - 1] if number else before)[-8:]
            opening = next((place for place in range(len(gap) - 1, -1, -1) if _heads(gap[place])), None)
            start = gap[opening:] if opening is not None else []
            record.lines = [*start, *record.own]
            if number:
                rest = gaps[number - 1][: len(gaps[number - 1]) - len(start)]
                records[number - 1].lines += _until_heading(rest)
        records[-1].lines += _until_heading(after)[:8]
        return
    usual = int(median(len(gap) for gap in gaps)) if gaps else 4
    if (
        usual
        and gaps
        and not after
        and before
        and not any(headed)
        and all(gap for gap in gaps)
        and not before[-1].level
    ):
        # Nothing follows the last day, something precedes the first: the texts come before their days.
        for number, record in enumerate(records):
            gap = gaps[number - 1] if number else before[-usual:]
            above = [*[line for line in gap if not 0 < line.level < 7], *record.own]
            reached.over(len(above), MAX_RECORD, "listing.records.MAX_RECORD")
            record.lines = above[-MAX_RECORD:]
        return
    for number, record in enumerate(records[:-1]):
        record.lines = [*record.own, *_until_heading(gaps[number])]
    records[-1].lines = [*records[-1].own, *_until_heading(after)[: usual if gaps else 6]]


def _heads(line: Line) -> bool:
    return line.level > 0 and bool(re.search(r"[^\W\d_]{3}", line.text))


def _until_heading(lines: list[Line]) -> list[Line]:
    """Return the lines up to the next heading: what a heading opens is another section."""
    kept: list[Line] = []
    for line in lines:
        if 0 < line.level < 7:
            break
        kept.append(line)
    return reached.cut(kept, MAX_RECORD, "listing.records.MAX_RECORD")
