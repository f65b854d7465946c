"""RSS, RDF, Atom and JSON feeds, with the RSS event module.

Specifications: rssboard.org/rss-specification, RFC 4287 (Atom), RFC 5005 (paging), jsonfeed.org/version/1.1,
purl.org/rss/1.0/modules/event. A feed tells of posts: the day of publication is never an event's day.
"""

import hashlib
import html
import io
import re
from collections.abc import Iterable
from itertools import islice
from typing import Any

import feedparser
import orjson

from crawler import reached
from crawler.documents import Document, Link, Reader, ReaderError, Reading
from crawler.people import is_person
from crawler.privacy import fold
from crawler.text import clean
from crawler.times import from_iso, published
from crawler.titles import name_and_state
from crawler.venue import venue

MAX_ENTRIES = 10_000  # of one feed
MAX_TAGS = 250_000  # handed to the parser, which takes a tenth of a millisecond for each

_JSON_MARK = "jsonfeed.org/version/"
# Declarations and comments may stand before the first tag; a prefix may stand in it.
_START = re.compile(
    r"(?>(?:\s+|<\?.{0,500}?\?>|<!--.{0,2000}?-->|<!doctype[^>]{0,300}>)*)<(?:\w+:)?(rss|rdf|feed)[\s>]", re.DOTALL
)
_EVENT_KEYS = ("startdate", "enddate", "location", "organizer", "type")
_TAG = re.compile(r"<[a-zA-Z/!][^<>]{0,2000}>")

_MAILBOX = re.compile(r"\s*(?P<email>[^\s@()]+@[^\s@()]+)\s*(?:\((?P<name>[^()]*)\))?\s*")
_SEVERAL = re.compile(r"\s(?:et|and|&)\s|\s*[;/]\s*|,\s+(?=\S+\s+\S)", re.IGNORECASE)


class Feed(Reader):
    name = "feed"
    title = "RSS, Atom and JSON Feed"
    marks = "an `<rss>`, `<rdf:RDF>` or `<feed>` element at the beginning, or a `version` of jsonfeed.org"
    gives = "the entries' addresses, who signs them, and events where the feed has the RSS event module"
    specification = "https://www.rssboard.org/rss-specification"

    def recognise(self, document: Document) -> str | None:
        head = document.head
        if head.startswith("{") and _JSON_MARK in head.replace("\\/", "/"):
            return "version jsonfeed.org"
        if (match := _START.match(head)) and (match[1] != "rdf" or "/rss/" in head or "netscape.com/rdf" in head):
            return f"<{match[1]}> at the beginning"
        if document.is_html:
            return None
        if mark := next((mark for mark in ("<rss", "<feed") if f"{mark} " in head), None):
            return f"{mark}> near the beginning"
        kind = document.media_type
        return f"media type {kind}" if kind in ("application/rss+xml", "application/atom+xml") else None

    def read(self, document: Document) -> Reading:
        """Return what a feed says: its authors, its entries to be read, and events where it has the event module.

        Raises:
            ReaderError: when it is no feed of any known kind and no entry can be had either.
        """
        reading = Reading(self.name)
        parsed = _json(document) if document.head.startswith("{") else _xml(document, reading)
        feed = parsed["feed"]
        title = _plain(feed.get("title")) or ""
        authors: list[Any] = []
        unsigned = False
        for entry in islice(parsed["entries"], MAX_ENTRIES):
            # FeedBurner and its like put their own address first.
            link = document.link(entry.get("feedburner_origlink")) or document.link(entry.get("link"))
            if link:
                reading.links.append(Link(link, "entry"))
            if event := _event(entry, link, document, reading):
                reading.records.append(event)
            signed = _signed(entry)
            unsigned = unsigned or not signed
            authors += signed
        if reached.over(len(parsed["entries"]), MAX_ENTRIES, "readers.feed.MAX_ENTRIES"):
            reading.problems.append(f"{document.url}: more than {MAX_ENTRIES} entries; the rest is left out")
        # Who signs a feed signs its entries that nobody else signs (RFC 4287, 4.2.1).
        reading.records += _people([*authors, *(_signed(feed) if unsigned else ())], title, document, reading)
        reading.links += [
            Link(following, "next")
            for each in feed.get("links") or []
            if each.get("rel") == "next" and (following := document.link(each.get("href")))
        ]
        reading.links = list(dict.fromkeys(reading.links))
        return reading


def _xml(document: Document, reading: Reading) -> Any:
    headers = {"content-type": document.content_type} if document.content_type else {}
    # Sanitising and resolving addresses cost half of the time; text is cleaned and links are checked by us.
    # A stream, never the bytes: feedparser takes a short text for the name of a local file, and opens it.
    body = document.body
    if too_many := next(islice(re.finditer(b"<", body), MAX_TAGS, None), None):
        reached.note("readers.feed.MAX_TAGS")
        reading.problems.append(f"{document.url}: more than {MAX_TAGS} tags; the rest is left out")
        body = body[: too_many.start()]
    try:
        parsed = feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise ReaderError(f"not a feed that can be read: {_say(error)}", document.url) from None
    broken: Any = parsed.get("bozo_exception") if parsed.get("bozo") else None
    line = broken.getLineNumber() if hasattr(broken, "getLineNumber") else None
    if not parsed["entries"] and not parsed.get("version"):
        raise ReaderError(f"not a feed that can be read: {_say(broken) or 'neither RSS nor Atom'}", document.url, line)
    if (
        broken
        and not too_many
        and not isinstance(broken, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)
    ):
        where = f"{document.url}, line {line}" if line else document.url
        reading.problems.append(f"{where}: broken feed, read as far as it goes: {_say(broken)}")
    return parsed


def _json(document: Document) -> dict[str, Any]:
    """Return a JSON feed in the shape that feedparser gives to the others."""
    try:
        data = orjson.loads(document.text)
    except orjson.JSONDecodeError as error:
        raise ReaderError(f"not a JSON feed: {error.msg}", document.url, error.lineno) from None
    if not isinstance(data, dict) or _JSON_MARK not in str(data.get("version")):
        raise ReaderError("not a JSON feed: no version of jsonfeed.org", document.url)
    feed = {"title": data.get("title"), "links": [{"rel": "next", "href": data.get("next_url")}]}
    items = data.get("items")
    feed["authors"] = _json_authors(data)
    return {
        "feed": feed,
        "entries": [
            {"link": item.get("url") or item.get("external_url"), "authors": _json_authors(item)}
            for item in (items if isinstance(items, list) else [])
            if isinstance(item, dict)
        ],
    }


def _json_authors(thing: dict[str, Any]) -> list[dict[str, Any]]:
    authors = thing.get("authors") or [thing.get("author")]
    found = [each for each in (authors if isinstance(authors, list) else []) if isinstance(each, dict)]
    return [{"name": each.get("name"), "href": each.get("url")} for each in found]


def _event(entry: Any, link: str | None, document: Document, reading: Reading) -> dict[str, Any] | None:
    """Return the event that an entry announces through the RSS event module, or None."""
    # feedparser names the module's elements by the prefix "ev", whatever prefix the feed itself has.
    stated = {key[3:]: clean(str(value)) for key, value in entry.items() if key.startswith("ev_")}
    if not stated:
        return None
    reading.surprises.update(f"ev:{key}" for key in stated if key not in _EVENT_KEYS)
    name = _plain(entry.get("title"))
    times = from_iso(stated.get("startdate"), stated.get("enddate"), document.source, surprises=reading.surprises)
    if not name or not times:
        reading.problems.append(f"{link or document.url}: event without a {'title' if times else 'readable startdate'}")
        return None
    name, status = name_and_state(name[:500], None)
    event: dict[str, Any] = {"type": "Event", "name": name, **times, **_where_and_who(stated, document, reading)}
    if status:
        event["eventStatus"] = status
    if own := clean(str(entry.get("id") or "")) or link:
        event["id"] = own[:1_000]
    if link:
        event["url"] = link
    if stated.get("type"):
        event["keywords"] = [stated["type"][:500]]
    if text := _plain(entry.get("summary")):
        event["description"] = text
    # When the announcement was last changed; of the event's day it says nothing.
    if changed := published(dict.get(entry, "updated") or dict.get(entry, "published"), document.source):
        event["dateModified"] = changed
    return event


def _where_and_who(stated: dict[str, str], document: Document, reading: Reading) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if place := stated.get("location"):
        if document.link(place) and place.lower().startswith("http"):
            reading.surprises["ev:location is an address"] += 1
        else:
            found |= venue(place, document)
    if who := stated.get("organizer"):
        if "@" in who:
            reading.dropped["e-mail"] += 1
        elif not who.lower().startswith("http"):
            found["organizer"] = [{"type": "Organization", "name": who[:500]}]
    return found


def _people(authors: list[Any], title: str, document: Document, reading: Reading) -> Iterable[dict[str, Any]]:
    """Return the people among those who sign: the public role of author, each once."""
    people: dict[str, dict[str, Any]] = {}
    for author in authors:
        signature = clean(str(author.get("name") or ""))
        if author.get("email") or "@" in signature:
            reading.dropped["e-mail"] += 1
        names = [part for part in _SEVERAL.split(signature) if is_person(part, title)]
        for name in names:
            key = author_key(name)
            person = people.setdefault(key, {"type": "Person", "id": key, "name": name, "jobTitle": "author"})
            if len(names) == 1 and (url := document.link(author.get("href"))):
                person.setdefault("url", url)
    return people.values()


def _signed(thing: Any) -> list[Any]:
    # feedparser cuts mailboxes of longer top-level domains (.paris) in two: "mailbox (name)" is read from the whole.
    if match := _MAILBOX.fullmatch(str(thing.get("author") or "")):
        return [{"name": match["name"], "email": match["email"]}]
    authors = [each for each in thing.get("authors") or [] if each]
    return authors or [each for each in [thing.get("author_detail")] if each]


def author_key(name: str) -> str:
    """Return a key for an author of a feed: a hash, so that no name stands in it."""
    return "author:" + hashlib.sha256(fold(name).encode()).hexdigest()[:16]


def _say(error: Any) -> str:
    return clean(str(error or ""))[:200]


def _plain(text: Any) -> str | None:
    """Return the words of a title or summary that may be HTML."""
    return clean(html.unescape(_TAG.sub(" ", str(text)[:100_000]))) or None if text else None
