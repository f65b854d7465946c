"""Tables in HTML pages as rows, each cell as its text or, where it is an address on the web, as that."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml.html import HtmlElement

from crawler import reached
from crawler.columns import inspect
from crawler.documents import Document, Reading
from crawler.rows import Rows
from crawler.spacelists import KIND, SPACES
from crawler.text import clean

MAX_TABLES = 50  # of one page
MAX_ROWS = 20_000
PAGE = "page"  # the column of the address of the row's own page on the same site
_JULIAN = 1_721_424.5  # the Julian day of the day before the first in Python's count


@dataclass
class HtmlTable:
    """One table: its headers, its rows (header → value; ``PAGE`` → address), and the words above it."""

    headers: list[str]
    rows: list[dict[str, str]] = field(default_factory=list)
    title: str = ""


def read_spaces(document: Document, root: HtmlElement, title: str, reading: Reading) -> None:
    """Read the tables below ``root`` that list spaces: of a page (``title``), or with a column, called so.

    Which column is what is found by looking (``crawler/columns.py``).
    """
    for table in tables(document, root):
        columns = inspect(table.headers, table.rows)
        name = " ".join(columns.fields.get("name", ()))
        if not columns.is_table_of_things or not SPACES.search(f"{title} {table.title} {name}"):
            continue
        columns.fields["id"] = [PAGE]
        before = len(reading.records)
        Rows(columns, document, reading).read(table.rows, f"table of {name}: row")
        kind = KIND.search(name) or KIND.search(f"{table.title} {title}")
        for record in reading.records[before:]:
            if kind and record["type"] == "Place":
                record.setdefault("additionalType", kind[0].lower().replace(" ", ""))


def tables(document: Document, root: HtmlElement) -> Iterator[HtmlTable]:
    """Yield the tables below ``root`` that have a row of headers and one of values."""
    for number, element in enumerate(root.iter("table")):
        if reached.over(number + 1, MAX_TABLES, "htmltables.MAX_TABLES"):
            return
        table = _table(document, element)
        if table and table.rows:
            yield table


def _table(document: Document, element: HtmlElement) -> HtmlTable | None:
    rows = element.xpath("./tr|./thead[th]|./thead/tr|./tbody/tr")  # Semantic MediaWiki leaves the header's row out
    if len(rows) < 2:
        return None
    head = rows[0].xpath("./th|./td")
    headers: list[str] = []
    for number, cell in enumerate(head[:100], 1):
        name = _text(cell) or f"column {number}"
        headers.append(name if name not in headers else f"{name}__{number}")
    table = HtmlTable(headers, title=" ".join(map(_text, element.xpath("./caption"))))
    for row in reached.cut(rows[1:], MAX_ROWS, "htmltables.MAX_ROWS"):
        cells = row.xpath("./th|./td")
        if len(cells) != len(headers):
            continue  # a heading in between, or a row of sums
        values = {header: _value(document, cell) for header, cell in zip(headers, cells, strict=True)}
        if page := next(filter(None, (_page(document, cell) for cell in cells[:2])), None):
            values[PAGE] = page
        table.rows.append(values)
    return table


def _value(document: Document, cell: HtmlElement) -> str:
    """Return what a cell says: an address where it is nothing but a link out of the site, a day where it is one."""
    text = _text(cell)
    if "smwtype_dat" in (cell.get("class") or ""):  # Semantic MediaWiki: the day, whatever language it is written in
        try:
            return date.fromordinal(int(float(cell.get("data-sort-value") or "") - _JULIAN)).isoformat()
        except (ValueError, OverflowError):
            return text
    links = cell.xpath(".//a[@href]")
    if len(links) == 1 and _text(links[0]) == text and (link := document.link(links[0].get("href"))):
        outside = "external" in (links[0].get("class") or "") or not _same_site(document, link)
        if outside and (text.startswith(("http", "www.")) or not text or text.rstrip("/") in link):
            return link
    return text


def _page(document: Document, cell: HtmlElement) -> str | None:
    """Return the address of the page on the same site that a cell links to; not of one that is still to be written."""
    for anchor in cell.xpath(".//a[@href]")[:1]:
        link = document.link(anchor.get("href"))
        if link and _same_site(document, link) and "redlink=1" not in link and "#" not in link:
            return link
    return None


def _same_site(document: Document, link: str) -> bool:
    return link.split("/")[2] == document.url.split("/")[2]


def _text(element: HtmlElement) -> str:
    return clean(element.text_content())[:2_000]
