"""Any document → its events: JSON and XML as data, HTML as a page, with the data in its scripts."""

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
import orjson
from lxml import etree

from crawler import reached
from crawler.documents import Document, ReaderError
from crawler.listing import data
from crawler.listing.found import Found
from crawler.listing.page import Page

MAX_SCRIPT = 4_000_000  # characters of one script that are looked at
_NEW_DATE = re.compile(
    r"new Date\(\s*(?:([\"'][^\"']{8,40}[\"'])|"
    r"(\d{4})\s*,\s*(\d{1,2})(?:\s*,\s*(\d{1,2}))?(?:\s*,\s*(\d{1,2}))?(?:\s*,\s*(\d{1,2}))?(?:\s*,\s*\d+)*)\s*\)"
)
MAX_FRAGMENTS = 20  # pieces of HTML inside data that are read
_OBJECTS = re.compile(r"[\[{]\s*(?:\{\s*)?[\"']?\w[\w -]*[\"']?\s*:")
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4}")


def is_data(document: Document) -> bool:
    """Whether a document is JSON or XML, whatever its media type says."""
    return document.head[:1] in ("{", "[") or is_xml(document)


def is_xml(document: Document) -> bool:
    """Whether a document is XML and no page."""
    return document.head.startswith("<?xml") and not document.is_html


def events_in(document: Document) -> list[Found]:
    """Return the events that a document lists, doubtful ones too.

    Raises:
        ReaderError: when it is JSON or XML that is broken, or that lists nothing with a date and a name. An empty list
            is an answer.
    """
    if not is_data(document):
        found = Page(document, document.html).events()
        sure = [each for each in found if not each.doubtful]
        scripted = _scripted(document) if len(sure) < 3 else []
        return scripted if len(scripted) > len(sure) else found
    value = data.from_xml(document.body) if is_xml(document) else _json(document)
    if value is None:
        raise ReaderError("neither JSON nor XML that can be read", document.url)
    found = data.events(value, document)
    if not found:
        for fragment in reached.first(_fragments(value), MAX_FRAGMENTS, "listing.read.MAX_FRAGMENTS"):
            found += Page(document, fragment).events()
        if not found and not _is_empty(value):
            raise ReaderError("data without a list of objects that have a date and a name", document.url)
    return found


def _iso(match: "re.Match[str]") -> str:
    """Return JavaScript's ``new Date(2014, 2, 6, 18, 30)`` as a text in ISO 8601; its months count from 0."""
    if match[1]:
        return match[1]
    year, month, day, hour, minute = (int(part) if part else 0 for part in match.groups()[1:])
    return f'"{year:04}-{month + 1:02}-{day or 1:02}' + (f'T{hour:02}:{minute:02}"' if match[5] else '"')


def _is_empty(value: Any) -> bool:
    """Whether data says that there is nothing: an empty list, or one under a key of its own."""
    return value in ([], {}) or (isinstance(value, dict) and any(each == [] for each in value.values()))


def _json(document: Document) -> Any:
    text = document.text.lstrip("\ufeff \t\r\n")
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError, RecursionError):
        raise ReaderError("not JSON", document.url) from None


def _fragments(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yield the trees of the HTML that stands as text in data, as answers to scripts bring it."""
    if reached.over(depth, data.MAX_DEPTH, "listing.data.MAX_DEPTH"):
        return
    if isinstance(value, str):
        if len(value) > 200 and "<" in value and re.search(r"</\w+>", value):
            try:
                yield lxml.html.document_fromstring(reached.cut(value, MAX_SCRIPT, "listing.read.MAX_SCRIPT"))
            except (etree.ParserError, etree.XMLSyntaxError, ValueError):
                return
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _fragments(each, depth + 1)


def _scripted(document: Document) -> list[Found]:
    """Return the events of the data in a page's scripts."""
    import chompjs  # here because few pages need it

    found: list[Found] = []
    for script in document.html.iter("script"):
        text = script.text or ""
        if reached.over(len(text), MAX_SCRIPT, "listing.read.MAX_SCRIPT"):
            continue
        if not _DATE.search(text) or not _OBJECTS.search(text):
            continue
        text = _NEW_DATE.sub(_iso, text)
        try:
            values: list[Any] = list(chompjs.parse_js_objects(text, omitempty=True))
        except (ValueError, RecursionError):
            continue
        for value in values:
            found += data.events(value, document)
    return found
