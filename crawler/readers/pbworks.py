"""Pages of PBworks wikis (the coworking wiki, BarCamp): lists of spaces, and who said that they would come.

The pages' anatomy: the text lies in ``#wikipage-inner``; headings name towns and countries; an item of a list is a
name, mostly a link, with free text behind it. A numbered list under "attendees" (or the like) is people's own: it is
read only where the source is switched on for that. Who last edited a page is nobody's member, and not kept; when that
was dates what the page says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement

from crawler import reached
from crawler.dates import DATE, DATETIME, RANGE, find
from crawler.documents import Document, Link, Reader, Reading
from crawler.htmltables import read_spaces
from crawler.people import is_person
from crawler.schema_org import person_key
from crawler.spacelists import KIND, SPACES, is_country, space
from crawler.strict import without_empty
from crawler.text import clean, shorten
from crawler.times import from_iso

MAX_ITEMS = 5_000  # of one page
MAX_ENTRIES = 1_000

_PAGE = re.compile(r"/w/page/(?P<id>\d{1,12})(?:/(?P<title>[^?#]*))?")
_EDITED = re.compile(
    r"last edited by\s+.{1,100}?\s+"
    r"(?P<count>\d{1,2}|an?)\s+(?P<unit>year|month|week|day|hour|minute)s?\b[^.]{0,30}ago",
    re.IGNORECASE | re.DOTALL,
)
_ATTENDEES = re.compile(
    r"\b(?:attendees?|participants?|participant[·.]?e?s|campers?|attending|who'?s coming|inscrits?|sign ?up|"
    r"registered|teilnehmer\w*|asistentes|partecipanti|qui vient|pr[ée]sents?)\b",
    re.IGNORECASE,
)
_SPLIT = re.compile(r"\s[–—|-]\s|\s?[,;:|•·(]\s?")
_DASH = re.compile(r"\s[–—-]\s")
_WEB = re.compile(r"(?:https?://|\bwww\.)\S+")
_TAGS = re.compile(r"\b(?:tags?|mots[- ]cl[ée]s|topics?)\s*:", re.IGNORECASE)
_HANDLE = re.compile(r"@\w+|\S+@\S+")


@dataclass
class _Item:
    """An item of a list, with the headings above it, the nearest last."""

    element: HtmlElement
    headings: list[str]
    numbered: bool
    words: str = field(default="")


class Pbworks(Reader):
    name = "pbworks"
    title = "PBworks wiki"
    marks = "`#wikipage-inner` in a page, or an address `/w/page/…` or `/w/browse` of a PBworks wiki"
    gives = (
        "places from lists and tables of spaces; BarCamps, with those who signed up where that is switched on; "
        "a wiki's pages"
    )
    specification = "http://www.pbworks.com/"
    embedded = True
    order = 30

    def recognise(self, document: Document) -> str | None:
        if not document.is_html:
            return None
        if b"wikipage-inner" in document.body:
            return "the text of a PBworks page"
        path = urlsplit(document.url).path
        if path.startswith(("/w/browse", "/w/page/")) and b"pbworks" in document.low:
            return "an address of a PBworks wiki"
        return None

    def read(self, document: Document) -> Reading:
        """Return the spaces or the event of a page; from the list of a wiki's pages the pages."""
        reading = Reading(self.name)
        if urlsplit(document.url).path.rstrip("/").endswith("/w/browse"):
            reading.links = _pages(document, document.html)
            return reading
        found = document.html.xpath("//*[@id='wikipage-inner']")
        if not found:
            return reading
        edited = _EDITED.search(clean(document.html.text_content())[-20_000:]) or _EDITED.search(
            clean(document.html.text_content())[:20_000]
        )
        if edited:
            reading.dropped["editor"] += 1
        title = _title(document)
        modified = _ago(edited["count"], edited["unit"], document.fetched) if edited else None
        items = list(_items(found[0]))
        signed = [item for item in items if any(_ATTENDEES.search(heading) for heading in item.headings[-2:])]
        if signed:
            _event(title, found[0], signed, modified, document, reading)
        elif SPACES.search(f"{title} {urlsplit(document.url).netloc} {' '.join(items[0].headings) if items else ''}"):
            _spaces(title, items, document, reading)
            read_spaces(document, found[0], title, reading)
            for record in reading.records:
                record.setdefault("dateModified", modified)
            reading.records = list(map(without_empty, reading.records))
        reading.links += _pages(document, found[0])
        return reading


def _title(document: Document) -> str:
    """Return the page's title: as its address has it, else as the head of the page says, without the wiki's name."""
    if (match := _PAGE.search(document.url)) and match["title"]:
        return clean(re.sub(r"[_+-]", " ", unquote(match["title"])))
    text = clean(" ".join(document.html.xpath("//title/text()")[:1]))
    parts = re.split(r"\s[/|:–-]\s", text)
    return parts[1] if len(parts) > 1 and "/" in text else parts[0]


def _key(document: Document) -> str:
    match = _PAGE.search(document.url)
    return f"page:{match['id']}" if match else document.url.partition("#")[0]


def _pages(document: Document, root: HtmlElement) -> list[Link]:
    """Return the wiki's own pages that are linked to, without the means to edit them."""
    here = urlsplit(document.url)
    found: dict[str, Link] = {}
    for href in root.xpath(".//a/@href"):
        link = document.link(href)
        match = _PAGE.search(link) if link else None
        if not link or not match or urlsplit(link).netloc != here.netloc:
            continue
        if reached.over(len(found) + 1, MAX_ENTRIES, "readers.pbworks.MAX_ENTRIES"):
            break
        address = link.partition("#")[0].partition("?")[0]
        if address != document.url.partition("#")[0]:
            found.setdefault(match["id"], Link(address, "entry"))
    return list(found.values())


def _items(root: HtmlElement) -> Iterator[_Item]:
    """Yield the items of all lists below the headings that they stand under.

    Bold words alone in a paragraph, and an item that holds nothing but words and a list, are headings as well.
    """
    headings: list[tuple[int, str]] = []
    count = 0
    for element in root.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "li"):
        if element.tag == "li":
            count += 1
            if reached.over(count, MAX_ITEMS, "readers.pbworks.MAX_ITEMS"):
                return
            words = _own_words(element)
            inner = element.xpath("./ul|./ol")
            if inner and words and not element.xpath("./a[@href]") and len(words) <= 60:
                continue  # found again as the heading of what it holds
            above = [
                _own_words(each) for each in reversed(element.xpath("ancestor::li")) if not each.xpath("./a[@href]")
            ][::-1]
            parent = element.getparent()
            numbered = parent is not None and parent.tag == "ol"
            yield _Item(element, [*(text for _, text in headings), *filter(None, above)], numbered, words)
            continue
        text = clean(element.text_content())[:300]
        if element.tag in ("p", "div"):
            bold = clean(" ".join(each.text_content() for each in element.xpath("./b|./strong|./span/b|./span/strong")))
            if not bold or bold != text or len(text) > 60:
                continue
            level = 7
        else:
            level = int(element.tag[1])
        if text:
            headings = [each for each in headings if each[0] < level]
            headings.append((level, text.strip(" :–-")))


def _own_words(item: HtmlElement) -> str:
    """Return an item's text without that of the lists in it; bounded."""
    parts: list[str] = []

    def collect(element: HtmlElement, depth: int) -> None:
        parts.append(element.text or "")
        for child in element:
            if child.tag not in ("ul", "ol") and depth < 20:
                if child.tag == "br":
                    parts.append("\n")
                collect(child, depth + 1)
            parts.append(child.tail or "")

    collect(item, 0)
    return "".join(parts).strip()[:2_000]


def _spaces(title: str, items: list[_Item], document: Document, reading: Reading) -> None:
    kind = KIND.search(title)
    named = [word for word in re.findall(r"[^\W\d_]+", title) if is_country(word)]
    for item in items:
        anchor = next((each for each in item.element.xpath(".//a[@href]") if clean(each.text_content())), None)
        if anchor is not None and anchor.xpath("ancestor::li")[-1] is not item.element:
            anchor = None
        name = clean(anchor.text_content()) if anchor is not None else ""
        if name.startswith(("http://", "https://", "www.")):
            # The address itself is the link's text: the name stands before it.
            name, *others = (clean(part).strip(" ,;:–—-(") for part in _WEB.split(item.words))
            rest = " ".join(others)
        elif not name:
            name, _, rest = (clean(part) for part in _DASH.sub("\0", item.words, count=1).partition("\0"))
        else:
            before, _, rest = item.words.partition(name)
            rest = rest or before
        link = document.link(anchor.get("href")) if anchor is not None else None
        inside = link is not None and urlsplit(link).netloc == urlsplit(document.url).netloc
        towns = [heading for heading in item.headings if not SPACES.search(heading) and len(heading.split()) <= 4]
        countries = [*named, *filter(is_country, towns)]
        town = next((each for each in reversed(towns) if each not in countries), "")
        place = space(name, None if inside else link, rest, town, _key(document), document, reading)
        if place is None:
            continue
        if countries:
            place.setdefault("address", {}).setdefault("addressCountry", countries[-1])
        if kind:
            place["additionalType"] = kind[0].lower().replace(" ", "")
        reading.records.append(place)


def _event(
    title: str, root: HtmlElement, signed: list[_Item], modified: str | None, document: Document, reading: Reading
) -> None:
    """Read the meeting that a list of those who come belongs to: its first day that the page states."""
    event: dict[str, Any] = {"type": "Event", "id": _key(document), "name": title, "url": document.url}
    # The words above the list: people's own lines are full of other dates.
    text, first = clean(root.text_content())[:50_000], clean(signed[0].words)
    above = text.partition(first)[0] if first else ""
    text = above or text[:5_000]
    reference = datetime.fromisoformat(document.fetched).date()
    for expression in find(text, reference, document.source.language):
        if expression.start and expression.kind in (DATE, DATETIME, RANGE) and expression.has_year:
            event |= from_iso(expression.start, expression.finish, document.source, surprises=reading.surprises)
            break
    if document.source.city:
        event["location"] = {
            "type": "Place",
            "name": document.source.city,
            "address": {"addressLocality": document.source.city},
        }
    if modified:
        event["dateModified"] = modified
    if document.source.attendees:
        people = (person for item in signed if (person := _person(item, document, reading)))
        event["attendee"] = list({person["id"]: person for person in people}.values())[:1_000]
    else:
        reading.dropped["attendee"] += len(signed)
    if event.get("startDate") or event.get("attendee"):
        reading.records.append(without_empty(event))


def _person(item: _Item, document: Document, reading: Reading) -> dict[str, Any] | None:
    """Return who a line says will come: the name, the address given with it, the tags. Handles alone are no names."""
    anchors = [each for each in item.element.xpath(".//a[@href]") if each.xpath("ancestor::li")[-1] is item.element]
    words = clean(_HANDLE.sub(" ", _WEB.sub(" ", item.words)))
    words = re.sub(r"^\d{1,3}\s?[.)]\s*", "", words)
    parts = [part for each in _SPLIT.split(words) if (part := each.strip(" ,;:–—-()."))]
    linked = clean(anchors[0].text_content()) if anchors else ""
    name = linked if is_person(linked) else (parts[0] if parts else "")
    if not is_person(name):
        reading.surprises["a line of those who come without a name"] += 1
        return None
    tagged = _TAGS.split(words, 1)
    tags = re.split(r"[,;/|]", tagged[1]) if len(tagged) > 1 else []
    link = document.link(anchors[0].get("href")) if anchors else None
    return without_empty(
        {
            "type": "Person",
            "id": link if link and not _PAGE.search(link) else person_key(name, document.url),
            "name": name,
            "url": link,
            "keywords": [shorten(tag, 60) for each in tags[:10] if (tag := clean(each).strip(" .()–—-"))],
        }
    )


def _ago(count: str, unit: str, fetched: str) -> str:
    """Return the day, month or year that lies so far back, no more precise than it was told."""
    now = datetime.fromisoformat(fetched).date()
    number = int(count) if count.isdigit() else 1
    match unit.lower():
        case "year":
            return str(now.year - number)
        case "month":
            months = now.year * 12 + now.month - 1 - number
            return f"{months // 12}-{months % 12 + 1:02}"
        case "week" | "day":
            days = number * (7 if unit.lower() == "week" else 1)
            return (now - timedelta(days=days)).isoformat() if now - date.min > timedelta(days=days) else str(now.year)
        case _:
            return now.isoformat()
