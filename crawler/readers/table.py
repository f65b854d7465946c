"""Tables of places, events or organisations: CSV of any dialect and charset, GeoJSON, and JSON lists of flat objects.

Sources: RFC 4180 (CSV), RFC 7946 (GeoJSON). Which column is what is found by looking (``crawler/columns.py``); the
catalogue's ``columns`` completes it.
"""

import csv
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from crawler import reached
from crawler.columns import LISTED, ColumnError, Columns, inspect
from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.rows import MAX_ROWS, Rows
from crawler.strict import as_number

SNIFFED = 16_000  # characters in which a dialect is looked for
DELIMITERS = ",;\t|"
MAX_DEPTH = 4
_NOTHING = frozenset(("nan", "null", "none", "n/a", "#n/a"))  # what programs write into a cell that is empty
_CSV_TYPES = ("text/csv", "application/csv", "text/tab-separated-values", "text/comma-separated-values")
_CSV_PATH = re.compile(r"\.(?:csv|tsv)(?:\.gz)?$", re.IGNORECASE)


class Table(Reader):
    name = "table"
    title = "Open data tables (CSV, GeoJSON, JSON lists)"
    marks = (
        "the media type or ending of CSV; a GeoJSON `FeatureCollection`; a text or JSON list whose columns say a name "
        "and a place, an address or a date"
    )
    gives = "places, with kind, address, point, site, opening hours; events where a column says when; organisations"
    specification = "https://www.rfc-editor.org/rfc/rfc7946"
    order = 75

    def recognise(self, document: Document) -> str | None:
        if document.is_html:
            return None
        if document.is_json:
            if isinstance(document.json, dict) and document.json.get("type") == "FeatureCollection":
                return "a GeoJSON FeatureCollection"
            rows = [row for _, row in zip(range(50), _objects(document.json), strict=False)]
            if any("@type" in row or "@context" in row for row in rows[:1]):
                return None  # JSON-LD says itself what it is
            # Lists of events in JSON nest hours, rooms and states in any way: the listing reader knows those.
            return "a JSON list whose keys say name and place" if _says_enough(rows, dated=False) else None
        if document.media_type in _CSV_TYPES or _CSV_PATH.search(urlsplit(document.url).path):
            return "the media type or ending of CSV"
        if document.media_type in ("", "text/plain", "application/octet-stream") and _looks_like_csv(document):
            rows = [row for _, row in zip(range(50), _csv_rows(document), strict=False)]
            return "a table whose columns say name and place" if _says_enough(rows) else None
        return None

    def read(self, document: Document) -> Reading:
        """Return what the rows say.

        Raises:
            ReaderError: for what is no table, and where no column can be the name, with what to do then.
        """
        reading = Reading(self.name)
        is_json = document.head[:1] in ("{", "[")
        found = _objects(document.need_json("a table in JSON")) if is_json else _csv_rows(document, reading)
        rows = list(found)
        if not rows:
            raise ReaderError("a table without rows", document.url)
        try:
            columns = _columns(rows, document.source.columns)
        except ColumnError as error:
            raise ReaderError(str(error), document.url) from None
        if columns.of_people:
            raise ReaderError(
                "this looks like a list of people, which is not read; where its rows are something else, "
                'say in the catalogue what they are called: columns = {name = "…"}',
                document.url,
            )
        if "name" not in columns:
            there = ", ".join(repr(header) for header in columns.unknown[:20])
            raise ReaderError(
                "no column of this table looks like a name: say in the catalogue which it is, "
                f'columns = {{name = "…"}}; there are {there}',
                document.url,
            )
        Rows(columns, document, reading).read(rows, "object" if is_json else "row")
        if columns.projected and not any("geo" in record for record in reading.records):
            reading.problems.append(
                f"{document.url}: the columns of coordinates are neither degrees (WGS 84) nor Lambert-93: no points"
            )
        return reading


def _says_enough(rows: list[dict[str, Any]], dated: bool = True) -> bool:
    """Whether nameless data is a table of ours: things with a name, and a place where or, if ``dated``, a day when."""
    columns = _columns(rows)
    if "name" not in columns or (not dated and "start" in columns):
        return False
    named = sum(any(row.get(header) for header in columns.fields["name"]) for row in rows)
    if named < 2 or 2 * named < len(rows):
        return False
    return any(each in columns for each in ("city", "street", "postcode", "latitude", "point", "start"))


def _columns(rows: list[dict[str, Any]], named: dict[str, str] | None = None) -> Columns:
    headers = dict.fromkeys(header for row in rows[:2_000] for header in row)
    return inspect(list(headers), rows, named)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the flat objects of a JSON document: a list, the longest list in an answer, a collection's features."""
    if isinstance(value, dict):
        value = [value] if value.get("type") == "Feature" else max(_lists(value), key=len, default=[])
    for each in reached.cut(value if isinstance(value, list) else [], MAX_ROWS + 1, "rows.MAX_ROWS"):
        if isinstance(each, list) and each:
            each = each[0]  # an object with what belongs to it
        if isinstance(each, dict):
            yield _feature(each) if each.get("type") == "Feature" else _flat(each)


def _lists(value: dict[str, Any], depth: int = 0) -> Iterator[list[Any]]:
    """Yield the lists of objects in an answer, not those within their objects."""
    for each in list(value.values())[:200]:
        if isinstance(each, list) and each and isinstance(each[0], dict):
            yield each
        elif isinstance(each, dict) and not reached.over(depth + 1, MAX_DEPTH, "readers.table.MAX_DEPTH"):
            yield from _lists(each, depth + 1)


def _feature(feature: dict[str, Any]) -> dict[str, Any]:
    """Return a GeoJSON feature's properties, with its point (of a line or an area the middle) under ``coordinates``."""
    row = _flat(feature.get("properties") or {})
    if feature.get("id") is not None:
        row.setdefault("id", feature["id"])
    geometry = feature.get("geometry")
    value = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if middle := _middle(value):
        row["coordinates"] = middle
    return row


def _middle(value: Any) -> list[float] | None:
    """Return the middle of what the coordinates of a geometry span: of a line, of an area's outline, or the point."""
    for _ in range(MAX_DEPTH):
        if isinstance(value, list) and value and isinstance(value[0], list) and isinstance((value[0] or [0])[0], list):
            value = value[0]
    corners = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    points = [
        each[:2]
        for each in reached.cut(corners, MAX_ROWS, "rows.MAX_ROWS")
        if isinstance(each, list) and len(each) >= 2
    ]
    east, north = ([number for each in points if (number := as_number(each[axis])) is not None] for axis in (0, 1))
    if not east or not north:
        return None
    return [(min(numbers) + max(numbers)) / 2 if len(numbers) > 1 else numbers[0] for numbers in (east, north)]


def _flat(value: Any, prefix: str = "", depth: int = 0) -> dict[str, Any]:
    """Return an object whose nested objects' keys are written with dots; of lists of objects the first one's."""
    flat: dict[str, Any] = {}
    for key, each in value.items() if isinstance(value, dict) else ():
        name = f"{prefix}{key}"[:200]
        if isinstance(each, list) and each and isinstance(each[0], dict):
            name, each = name + LISTED, each[0]
        if isinstance(each, dict) and not reached.over(depth + 1, MAX_DEPTH, "readers.table.MAX_DEPTH"):
            flat |= _flat(each, f"{name}.", depth + 1)
        elif not isinstance(each, dict):
            flat[name] = each
    return flat


def _text(document: Document) -> str:
    """Return a text in its own charset: stated or marked, else UTF-8, else the likeliest of those that people use."""
    if "charset=" in document.content_type.lower() or document.body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return document.text
    try:
        return document.body.decode("utf-8-sig")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes  # here because few tables need it

        best = from_bytes(document.body[:200_000], cp_isolation=["cp1252", "mac_roman", "cp850"]).best()
        return document.body.decode(best.encoding if best else "cp1252", "replace")


def _looks_like_csv(document: Document) -> bool:
    """Whether the first lines have equally many separators: cheap, before anything is parsed."""
    lines = [line for line in document.head.splitlines()[:6] if line.strip()]
    if len(lines) < 2:
        return False
    return any(lines[0].count(mark) and lines[0].count(mark) == lines[1].count(mark) for mark in DELIMITERS)


def _csv_rows(document: Document, reading: Reading | None = None) -> Iterator[dict[str, str]]:
    text = _text(document).removeprefix("\ufeff").replace("\0", "")
    marked = re.match(r"sep=(.)\r?\n", text)  # what Excel writes above a table
    text = text[marked.end() :] if marked else text.lstrip("\r\n")
    delimiter, quote = (marked[1], '"') if marked else _dialect(text)
    rows = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, quotechar=quote, strict=False)
    headers: list[str] = []
    try:
        for number, row in enumerate(rows):
            if not headers:
                headers = _headers(row) if any(cell.strip() for cell in row) else []
                continue
            if reached.over(number, MAX_ROWS + 1, "rows.MAX_ROWS"):
                break
            if len(row) > len(headers) and reading is not None and any(row[len(headers) :]):
                reading.surprises["row longer than the header"] += 1
            if any(row):
                yield {
                    header: "" if cell.strip().lower() in _NOTHING else cell
                    for header, cell in zip(headers, row, strict=False)
                }
    except csv.Error as error:
        if reading is None:
            return
        reading.problems.append(f"{document.url}, line {rows.line_num}: {error}; the rest is not read")


def _headers(row: list[str]) -> list[str]:
    """Return the headers, each once: a name that stands twice gets a number."""
    headers: list[str] = []
    for number, cell in enumerate(row[:1_000], 1):
        name = cell.strip()[:200] or f"column {number}"
        headers.append(name if name not in headers else f"{name}__{number}")
    return headers


def _dialect(text: str) -> tuple[str, str]:
    """Return the separator and the quotation mark."""
    from clevercsv import Error, Sniffer  # here because most documents are no CSV

    sample = text[:SNIFFED]
    if "\n" in sample:
        sample = sample[: sample.rindex("\n") + 1]
    try:
        found = Sniffer().sniff(sample, delimiters=DELIMITERS)
    except Error:
        return ",", '"'
    if found is None or not found.delimiter:
        return ",", '"'
    return found.delimiter, found.quotechar or '"'
