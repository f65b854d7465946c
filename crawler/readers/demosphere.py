"""Demosphere, the agendas of towns: event pages, and the list that ``/event-list-json`` gives.

A page begins with the day in words and the hour ("jeudi 19 décembre 2013 à 18h30"), then come "[topic] title", the
place and the town, then the text (``#textPart0``). Newer pages have JSON-LD as well, which says the same. Keys are the
pages' addresses, as they are in the agenda's calendar file. The hour 3:33 is Demosphere's own sign for none.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from crawler.addresses import parse_address
from crawler.dates import DATE, DATETIME, RANGE, Expression, find
from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.readers.page import Page
from crawler.strict import Fields, as_text, as_words, point, rows, short, without_empty
from crawler.text import clean
from crawler.times import from_iso, from_unix
from crawler.titles import name_and_state

NO_TIME = ("3:33", "03:33")

_EVENT = re.compile(r"/(?:rv|rdv|evento|event)/(?P<id>\d{1,9})(?:[/?#].*)?$")
_TOPIC = re.compile(r"^\[(?P<topic>[^\[\]]{1,80})\]\s*")
_BREAK = re.compile(r"\s*(?:\r?\n|<br\s*/?>)\s*", re.IGNORECASE)
_TOP = 30  # lines above the text that are looked at


class Demosphere(Reader):
    name = "demosphere"
    title = "Demosphere"
    marks = "an event's page on a host called so, or with its classes; JSON with `events` and `place__city__name`"
    gives = "events with topics, place, town and point"
    specification = "https://demosphere.net/"
    order = 45

    def recognise(self, document: Document) -> str | None:
        if document.is_html:
            host = (urlsplit(document.url).hostname or "").lower()
            marked = b"demosphere-" in document.body and b"textPart0" in document.body
            if _EVENT.search(urlsplit(document.url).path) and (marked or "demosphere" in host):
                return "an event's page of Demosphere"
            return None
        if document.is_json and b'"place__' in document.body:
            events = document.json.get("events") if isinstance(document.json, dict) else None
            return "events with place__city__name" if isinstance(events, list) else None
        return None

    def read(self, document: Document) -> Reading:
        """Return the events.

        Raises:
            ReaderError: for JSON that is no list of events.
        """
        reading = Reading(self.name)
        if document.is_html:
            if event := _page(document, reading):
                reading.records.append(event)
            reading.page = Page().read(document).page
            return reading
        data = document.need_json("a list of Demosphere's events")
        events = data.get("events") if isinstance(data, dict) else None
        if not isinstance(events, list):
            raise ReaderError("a list of Demosphere's without events", document.url)
        for row in rows(events, "event", document.url, reading):
            if event := _listed(row, document, reading):
                reading.records.append(event)
        return reading


def _address_of(document: Document, number: str) -> str:
    parts = urlsplit(document.url)
    return f"{parts.scheme}://{parts.netloc}/rv/{number}"


def _named(title: str) -> dict[str, Any]:
    """Return an event's name, what its title says of its state, and the topic that stands before it in brackets."""
    match = _TOPIC.match(title)
    name, state = name_and_state(title[match.end() :] if match else title, None)
    return {"name": short(name), "eventStatus": state, "keywords": [match["topic"]] if match else []}


def _place(lines: list[str], city: str | None, geo: dict[str, float] | None) -> dict[str, Any] | None:
    """Return the place: its first line is the name, the others the address."""
    lines = [line for line in map(clean, lines) if line and line != city]
    address = parse_address(", ".join(lines[1:])) if len(lines) > 1 else {}
    if city:
        address["addressLocality"] = re.sub(r"\s+\d{5}$", "", city)
    name = short(lines[0] if lines else city)
    return without_empty({"type": "Place", "name": name, "address": address, "geo": geo}) if name else None


def _listed(row: dict[str, Any], document: Document, reading: Reading) -> dict[str, Any] | None:
    with Fields(row, "event", reading) as fields:
        number, title = fields.text("id"), as_words(fields.take("title", "html_title"))
        fields.ignore("title", "html_title", "dayrank", "visits", "topics", "place__id", "place__zoom")
        fields.ignore("place__city__id", "place__city__shortName", "place__city__getShort", "url")
        city = fields.text("place__city__name")
        lines = _BREAK.split(str(fields.take("place__address") or ""))
        geo = point(fields.take("place__latitude"), fields.take("place__longitude"))
        body, time, begins = as_words(fields.take("body")), fields.text("time"), fields.take("start_time")
        changed = from_unix(fields.take("changed"), None, document.source).get("startDate")
    named = _named(title or "")
    if not number or not named["name"]:
        reading.problems.append(f"{document.url}: an event without a number or a title")
        return None
    times = from_unix(begins, None, document.source)
    if time in NO_TIME and times:
        times = {"startDate": times["startDate"][:10]}
    address = _address_of(document, number)
    return without_empty(
        {
            "type": "Event",
            "id": address,
            "url": address,
            **named,
            **times,
            "description": body,
            "dateModified": changed,
            "location": _place(lines, city, geo),
        }
    )


def _page(document: Document, reading: Reading) -> dict[str, Any] | None:
    """Return the event of a page: the first line that is a day, the heading, and the place told beside them."""
    match = _EVENT.search(urlsplit(document.url).path)
    tree = document.html
    body = next(iter(tree.xpath("//*[@id='textPart0']")), None)
    above = list(_lines_above(tree, body))
    headings = [clean(each.text_content()) for each in tree.xpath("//h1|//*[@id='eventTitle']")]
    title = next((each for each in headings if each), None) or next(iter(_head_title(tree)), None)
    reference = datetime.fromisoformat(document.fetched).date()
    day: Expression | None = None
    after: list[str] = []
    for number, line in enumerate(above):
        day = next((each for each in find(line, reference, "fr") if _is_day(each)), None)
        if day:
            after = above[number + 1 :]
            break
    named = _named(title or "")
    if not match or not named["name"] or not day:
        reading.problems.append(f"{document.url}: an event's page without {'a day' if named['name'] else 'a title'}")
        return None
    stated = [_text_lines(each) for each in tree.xpath("//*[@itemprop='streetAddress']")[:1]]
    lines = stated[0] if stated else [line for line in after if line not in (title, *headings)][:4]
    city = _first(tree, "//*[@itemprop='addressLocality']")
    if not city and not stated and len(lines) > 1 and not any(char.isdigit() for char in lines[-1]):
        city = lines.pop()
    geo = point(_content(tree, "latitude"), _content(tree, "longitude"))
    start = day.start if day.time not in NO_TIME else (day.start or "")[:10]
    address = _address_of(document, match["id"])
    return without_empty(
        {
            "type": "Event",
            "id": address,
            "url": document.url.partition("#")[0],
            **named,
            **from_iso(start, day.finish, document.source, surprises=reading.surprises),
            "description": _description(body) if body is not None else None,
            "location": _place(lines, city, geo),
        }
    )


def _description(body: HtmlElement) -> str:
    """Return the text without the lines that say where it was taken from."""
    parts = body.xpath(".//text()[not(ancestor::*[contains(@class, 'demosphere-source')])]")
    return clean(" ".join(parts))[:5_000]


def _is_day(found: Expression) -> bool:
    return found.start is not None and found.kind in (DATE, DATETIME, RANGE) and len(found.start) >= 10


def _lines_above(tree: HtmlElement, body: HtmlElement | None) -> list[str]:
    """Return the page's first lines, each the text of one element, up to the event's own text."""
    lines: list[str] = []
    for element in tree.iter("h1", "h2", "h3", "p", "div", "span", "td", "li", "a", "time"):
        if element is body or len(lines) >= _TOP:
            break
        if not element.xpath("./h1|./h2|./h3|./p|./div|./span|./td|./li|./a|./time|./ul|./table"):
            lines += [line for line in _text_lines(element) if line not in lines and len(line) < 300]
    return lines


def _text_lines(element: HtmlElement) -> list[str]:
    parts = [element.text or ""]
    for child in element:
        parts += [
            "\n" if child.tag == "br" else "",
            child.text_content() if child.tag != "br" else "",
            child.tail or "",
        ]
    return [line for each in "".join(parts).split("\n") if (line := clean(each))]


def _head_title(tree: HtmlElement) -> list[str]:
    texts = [clean(text) for text in tree.xpath("//head/title/text()")]
    return [re.split(r"\s[|–]\s", text)[0] for text in texts if text]


def _first(tree: HtmlElement, path: str) -> str | None:
    return next((text for each in tree.xpath(path) if (text := clean(each.text_content()))), None)


def _content(tree: HtmlElement, name: str) -> str | None:
    return as_text(next(iter(tree.xpath(f"//meta[@itemprop='{name}']/@content")), None))
