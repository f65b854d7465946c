"""A page as its lines: what a reader sees one under the other, with what each stands in.

The tree is walked once, without recursion; what is drawn around every page of a site (menus, footers) and what is not
text (scripts, drop-down lists) is left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree
from lxml.html import HtmlElement

from crawler import reached
from crawler.text import clean

MAX_LINES = 30_000  # of one page; the rest is not read
MAX_LENGTH = 2_000  # characters of one line that are looked at
MAX_GRID = 200_000  # cells of one table, spans counted out
MAX_SPAN = 1_000

OFFSTAGE = frozenset(
    """
    script style noscript template svg math select datalist option button textarea iframe object head canvas audio
    video map nav footer
    """.split()
)
BLOCKS = frozenset(
    """
    address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure form
    h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary table tbody td tfoot th thead
    tr ul
    """.split()
)
EMPHASIS = frozenset("b strong u big".split())
STRUCK = frozenset("s strike del".split())
HEADINGS = {f"h{level}": level for level in range(1, 7)}
MINOR = 7  # the level of what stands as a heading without being one: a line in bold, a caption, a term
MINOR_TAGS = frozenset("caption summary legend dt".split())
# Attributes that tell a date to machines where the text beside it tells it to people, or nothing does.
STAMPS = ("datetime", "data-date", "data-start", "data-start-date", "data-datetime")
_BANNERS = frozenset("navigation contentinfo banner search".split())
_PUBLICATION = re.compile(
    r"(?:^|[\s_-])(?:published|dt-published|updated|entry-date|posted|posted-on|post-date|byline)(?:$|[\s_-])",
    re.IGNORECASE,
)
# Letters run into figures where a tag ends: "<span>May 21</span><span>Tue</span>" stand apart on the page.
_ORDINAL = re.compile(r"(?:st|nd|rd|th|er|re|e|ème|[ap]\.?m|h|\d)", re.IGNORECASE)


@dataclass(eq=False)
class Cell:
    """A cell of a table: where it stands in the grid, and the texts of the heads of its column and of its row."""

    table: HtmlElement
    row: int
    column: int
    head: bool
    rows: int = 1
    columns: int = 1


@dataclass(eq=False)
class Line:
    """A line of a page. ``level`` is 1–6 for headings, 7 for what stands as one, 0 for others.

    ``links`` are (text, href); ``stamps`` dates for machines; ``struck`` the text that is struck out; ``publication``
    tells that the page calls the line's date the day on which it was written.
    """

    number: int
    text: str
    element: HtmlElement
    level: int
    links: list[tuple[str, str]] = field(default_factory=list)
    stamps: list[str] = field(default_factory=list)
    struck: str = ""
    publication: bool = False
    cell: Cell | None = None

    @cached_property
    def ancestors(self) -> list[HtmlElement]:
        """The elements around the line, its own first, up to the body."""
        return [self.element, *self.element.iterancestors()]

    @cached_property
    def linked(self) -> bool:
        """Whether nothing but links stands in the line."""
        inside = sum(len(text) for text, _ in self.links)
        return bool(inside) and inside >= 0.9 * len(self.text.replace(" ", "")) * 0.9 and inside >= len(self.text) * 0.8


class _Builder:
    """Collects the text of a line until a block or a line break ends it."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.parts: list[str] = []
        self.links: list[tuple[str, str]] = []
        self.stamps: list[str] = []
        self.struck: list[str] = []
        self.publication = False
        self.plain = False  # whether text outside bold was seen
        self.strong = False

    def add(self, text: str | None, emphasis: int, struck: int) -> None:
        if not text:
            return
        if self.parts and _runs_in(self.parts[-1], text):
            self.parts.append(" ")
        self.parts.append(text)
        if not text.isspace():
            if emphasis:
                self.strong = True
            elif any(c.isalnum() for c in text):
                self.plain = True
            if struck:
                self.struck.append(text)

    def end(self, element: HtmlElement, level: int) -> None:
        if self.parts or self.stamps:
            text = reached.cut(clean("".join(self.parts)[: 2 * MAX_LENGTH]), MAX_LENGTH, "listing.lines.MAX_LENGTH")
            if (text or self.stamps) and len(self.lines) < MAX_LINES:
                if not level and self.strong and not self.plain and len(text) <= 200:
                    level = MINOR
                struck = clean(" ".join(self.struck))
                line = Line(len(self.lines), text, element, level, self.links, self.stamps, struck, self.publication)
                self.lines.append(line)
        self.parts, self.links, self.stamps, self.struck = [], [], [], []
        self.publication = False
        self.plain = self.strong = False


def _runs_in(before: str, after: str) -> bool:
    last, first = before[-1], after[0]
    if last.islower() and (first.isupper() or first.isdigit()):
        return True
    if last.isdigit() and first.isalpha():
        return not _ORDINAL.match(after)
    return False


def lines_of(tree: HtmlElement) -> list[Line]:
    """Return the lines of a page in the order in which they stand."""
    body = tree if tree.tag == "body" else next(tree.iter("body"), tree)
    builder = _Builder()
    blocks: list[tuple[HtmlElement, int]] = [(body, 0)]
    emphasis = struck = typed = 0
    offstage: HtmlElement | None = None
    anchor: tuple[HtmlElement, int] | None = None
    tables: list[HtmlElement] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        if reached.over(len(builder.lines) + 1, MAX_LINES, "listing.lines.MAX_LINES"):
            break
        tag = element.tag
        if not isinstance(tag, str):
            if event == "end" and offstage is None:
                builder.add(element.tail, emphasis, struck)
            continue
        if event == "start":
            if offstage is not None:
                continue
            if tag in OFFSTAGE or (element.get("role") or "").lower() in _BANNERS:
                offstage = element
                continue
            if tag in BLOCKS:
                builder.end(*blocks[-1])
                level = HEADINGS.get(tag, 0) or (MINOR if tag in MINOR_TAGS else 0) or _inherited(blocks, tag)
                blocks.append((element, level))
                if tag == "table":
                    tables.append(element)
            elif tag == "br":
                builder.end(*blocks[-1])
            elif tag == "a":
                anchor = (element, len(builder.parts))
            elif tag in EMPHASIS:
                emphasis += 1
            elif tag in STRUCK:
                struck += 1
            if (classes := element.get("class")) and _PUBLICATION.search(classes):
                builder.publication = True
            if element.get("pubdate") is not None:
                builder.publication = True
            for name in STAMPS:
                if (stamp := element.get(name)) and len(stamp) <= 40 and stamp[0].isdigit():
                    builder.stamps.append(stamp)
            if tag == "pre":
                typed += 1
            _add(builder, element.text, emphasis, struck, blocks, typed)
            continue
        if offstage is not None:
            if element is offstage:
                offstage = None
                builder.add(element.tail, emphasis, struck)
            continue
        if tag in BLOCKS:
            builder.end(*blocks[-1])
            if blocks[-1][0] is element and len(blocks) > 1:
                blocks.pop()
        elif tag == "a":
            if anchor and anchor[0] is element and (href := element.get("href")):
                # A link around blocks ends after its text was set down: the lines inside it are then its text.
                inside = clean("".join(builder.parts[anchor[1] :])) if anchor[1] <= len(builder.parts) else ""
                builder.links.append((inside, href))
            anchor = None
        elif tag in EMPHASIS:
            emphasis = max(0, emphasis - 1)
        elif tag in STRUCK:
            struck = max(0, struck - 1)
        if tag == "pre":
            typed = max(0, typed - 1)
        if element is not body:
            _add(builder, element.tail, emphasis, struck, blocks, typed)
    builder.end(*blocks[-1])
    _place(builder.lines, tables)
    return builder.lines


def _add(
    builder: _Builder, text: str | None, emphasis: int, struck: int, blocks: list[tuple[HtmlElement, int]], typed: int
) -> None:
    """Add text to the line; typed text (``<pre>``) breaks its own lines, and sets columns apart with spaces."""
    if not typed or not text:
        builder.add(text, emphasis, struck)
        return
    for number, row in enumerate(text.split("\n")):
        if number:
            builder.end(*blocks[-1])
        builder.add(re.sub(r"(?<=\S)(?:\t| {3,})\s*(?=\S)", " | ", row), emphasis, struck)


def _inherited(blocks: list[tuple[HtmlElement, int]], tag: str) -> int:
    """Return the level of the heading that a block stands in: ``<h3><div>…``. A list or a table in it is none."""
    return blocks[-1][1] if tag in ("div", "p", "center") else 0


def _place(lines: list[Line], tables: list[HtmlElement]) -> None:
    """Give every line its cell: of the innermost table, with row and column spans counted out."""
    cells: dict[HtmlElement, Cell] = {}
    shown = {id(element) for line in lines for element in line.ancestors if element.tag == "table"}
    for table in tables:
        if id(table) not in shown:
            continue
        cells.update(_grid(table))
    if not cells:
        return
    for line in lines:
        for element in line.ancestors:
            if element in cells:
                line.cell = cells[element]
                break
            if element.tag == "table":
                break


def _grid(table: HtmlElement) -> Iterator[tuple[HtmlElement, Cell]]:
    """Yield the cells of one table (not of those inside it) with their place in the grid."""
    rows = [row for part in (table, *table.iterchildren("thead", "tbody", "tfoot")) for row in part.iterchildren("tr")]
    taken: dict[int, int] = {}  # column → first row that is free again
    seen = 0
    for number, row in enumerate(reached.cut(rows, MAX_LINES, "listing.lines.MAX_LINES")):
        column = 0
        for element in row.iterchildren("td", "th"):
            while taken.get(column, 0) > number:
                column += 1
            down, right = _span(element, "rowspan"), _span(element, "colspan")
            head = element.tag == "th" or row.getparent().tag == "thead"
            yield element, Cell(table, number, column, head, down, right)
            seen += right
            if reached.over(seen, MAX_GRID, "listing.lines.MAX_GRID"):
                return
            for each in range(column, column + right):
                taken[each] = number + down
            column += right


def _span(element: HtmlElement, name: str) -> int:
    text = (element.get(name) or "1").strip()
    stated = max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return MAX_SPAN if reached.over(stated, MAX_SPAN, "listing.lines.MAX_SPAN") else stated
