"""Tables: which row names the columns, and in which columns no event's day stands."""

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import Any

from crawler.listing.bare import Mark
from crawler.listing.lines import Line
from crawler.listing.words import DATE_HEAD, HEAD_NO_EVENT, LABEL, PLACE_HEAD, TIME_HEAD, TITLE_HEAD

MAX_SPANNED = 40  # rows that one day may span
MAX_HEAD = 80  # characters of what names a column


@dataclass(eq=False)
class Table:
    """A table: its lines by row and column, and what its columns are called."""

    element: Any
    rows: dict[int, dict[int, list[Line]]] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    head_rows: set[int] = field(default_factory=set)

    def head(self, line: Line) -> str:
        return self.heads.get(line.cell.column, "") if line.cell else ""


def tables_of(lines: list[Line], marks: list[Mark]) -> dict[Any, Table]:
    """Return the tables of a page by their elements, with the names of their columns."""
    tables: dict[Any, Table] = {}
    for line in lines:
        if line.cell is not None:
            table = tables.setdefault(line.cell.table, Table(line.cell.table))
            table.rows.setdefault(line.cell.row, defaultdict(list))[line.cell.column].append(line)
    dated = {mark.line for mark in marks}
    for table in tables.values():
        for number in sorted(table.rows)[:4]:
            row = table.rows[number]
            cells = [line for cell in row.values() for line in cell]
            if any(line in dated for line in cells):
                break
            texts = {column: " ".join(line.text for line in cell) for column, cell in row.items()}
            if len(texts) < 2 or any(len(text) > MAX_HEAD for text in texts.values()):
                continue
            if (
                all(line.cell and line.cell.head for line in cells)
                or all(line.level for line in cells)
                or _names(texts) * 2 >= len(texts)
            ):
                table.head_rows.add(number)
                for column, text in texts.items():
                    cell_ = row[column][0].cell
                    for each in range(column, column + (cell_.columns if cell_ else 1)):
                        table.heads[each] = text.strip(" :*")
    return tables


def _names(texts: dict[int, str]) -> int:
    return sum(
        bool(
            len(text) < 40
            and (
                LABEL.match(text)
                or DATE_HEAD.fullmatch(text.strip(" :"))
                or PLACE_HEAD.search(text)
                or TIME_HEAD.search(text)
                or TITLE_HEAD.fullmatch(text.strip(" :"))
            )
        )
        for text in texts.values()
    )


def without_other_columns(marks: list[Mark], tables: dict[Any, Table]) -> list[Mark]:
    """Return the days that do not stand in a column of other days: when a paper was posted, when a term ends."""
    kept: list[Mark] = []
    by_table: defaultdict[Any, list[Mark]] = defaultdict(list)
    for mark in marks:
        if mark.line.cell is None:
            kept.append(mark)
        else:
            by_table[mark.line.cell.table].append(mark)
    for element, each in by_table.items():
        table = tables[element]
        dates = {mark.line.cell.column for mark in each if mark.line.cell and _is_date_head(table.head(mark.line))}
        told = {mark.line.cell.row for mark in each if mark.line.cell and mark.line.cell.column in dates}
        for mark in each:
            head = table.head(mark.line)
            if dates and mark.line.cell and mark.line.cell.column not in dates and mark.line.cell.row in told:
                continue
            if HEAD_NO_EVENT.search(head) and not _is_date_head(head):
                continue
            kept.append(mark)
    kept.sort(key=lambda mark: (mark.line.number, mark.begin))
    return kept


def spanned(marks: list[Mark], tables: dict[Any, Table]) -> list[Mark]:
    """Return the marks with one for each further row that a day's cell spans."""
    dated = {(mark.line.cell.table, mark.line.cell.row) for mark in marks if mark.line.cell}
    further = []
    for mark in marks:
        cell = mark.line.cell
        if cell is None or not 1 < cell.rows <= MAX_SPANNED:
            continue
        for number in range(cell.row + 1, cell.row + cell.rows):
            row = tables[cell.table].rows.get(number)
            if not row or (cell.table, number) in dated:
                continue
            line = min((line for each in row.values() for line in each), key=lambda line: line.number)
            root = next((element for element in line.ancestors if element.tag == "tr"), None)
            if root is not None:
                further.append(replace(mark, line=line, begin=0, end=0, time=None, time_end=None, text="", root=root))
    return sorted([*marks, *further], key=lambda mark: (mark.line.number, mark.begin))


def _is_date_head(head: str) -> bool:
    return bool(DATE_HEAD.search(head)) and not HEAD_NO_EVENT.search(head)
