"""RSS and Atom feeds, with the RSS event module."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import feedparser

from crawler.documents import Document, Link, ReaderError, Reading
from crawler.privacy import fold
from crawler.text import clean
from crawler.times import from_iso

EVENT_MODULE = "http://purl.org/rss/1.0/modules/event/"

_MARKS = ("<rss", "<rdf:rdf", "<feed")

# Accounts, not people.
_GENERIC = re.compile(
    r"\b(admin\w*|web ?master|r[ée]daction|[ée]quipe|team|staff|contact|info|root|user|auteur|author|anonymous|"
    r"communication|secr[ée]tariat|association|editor|blog)\b",
    re.IGNORECASE,
)


class Feed:
    name = "feed"
    title = "RSS and Atom"

    def recognise(self, document: Document) -> str | None:
        if document.is_html and "<rss" not in document.head and "<feed" not in document.head:
            return None
        if mark := next((mark for mark in _MARKS if mark in document.head), None):
            return f"{mark}> at the beginning"
        kind = document.media_type
        return f"media type {kind}" if kind in ("application/rss+xml", "application/atom+xml") else None

    def read(self, document: Document) -> Reading:
        """Return what a feed says: its authors, its entries to be read, and events where it has the event module.

        A date of publication is never an event's date.

        Raises:
            ReaderError: when there is neither a title nor an entry to be had.
        """
        parsed = _parse(document)
        reading = Reading(self.name)
        title = clean(str(parsed.feed.get("title", "")))
        if not parsed.entries and not title:
            why = clean(str(parsed.get("bozo_exception", ""))) or "no entries"
            line = getattr(parsed.get("bozo_exception"), "getLineNumber", lambda: None)()
            raise ReaderError(f"not a feed that can be read: {why}", document.url, line)
        if parsed.get("bozo") and "bozo_exception" in parsed and not _harmless(parsed.bozo_exception):
            reading.problems.append(
                f"{document.url}: broken feed, read as far as it goes: {clean(str(parsed.bozo_exception))}"
            )
        prefix = next((name for name, uri in parsed.namespaces.items() if uri == EVENT_MODULE), None)
        authors: dict[str, dict[str, Any]] = {}
        for entry in parsed.entries:
            link = document.link(entry.get("link"))
            if link:
                reading.links.append(Link(link, "entry"))
            if prefix and (event := _event(entry, prefix, link, document)):
                reading.records.append(event)
            for person in _authors(entry, title, document, reading):
                authors.setdefault(person["id"], person)
        reading.records += authors.values()
        for link_ in parsed.feed.get("links", []):
            if link_.get("rel") == "next" and (following := document.link(link_.get("href"))):
                reading.links.append(Link(following, "next"))
        reading.links = list(dict.fromkeys(reading.links))
        return reading


def _parse(document: Document) -> Any:
    headers = {"content-type": document.content_type} if document.content_type else {}
    # Sanitising and resolving addresses cost half of the time; text is cleaned and links are checked by us.
    return feedparser.parse(document.body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)


def _harmless(error: Exception) -> bool:
    return isinstance(error, feedparser.CharacterEncodingOverride | feedparser.NonXMLContentType)


def _event(entry: Any, prefix: str, link: str | None, document: Document) -> dict[str, Any] | None:
    """Return the event that an entry announces through the RSS event module, or None."""
    stated = {
        key: clean(str(entry.get(f"{prefix}_{key}", "")))
        for key in ("startdate", "enddate", "location", "organizer", "type")
    }
    name = _plain(entry.get("title"))
    times = from_iso(stated["startdate"], stated["enddate"], document.source)
    if not name or not times:
        return None
    event: dict[str, Any] = {"type": "Event", "name": name, **times}
    if own := clean(str(entry.get("id", ""))) or link:
        event["id"] = own[:1_000]
    if link:
        event["url"] = link
    if stated["location"]:
        event["location"] = {"type": "Place", "name": stated["location"][:500]}
    if stated["organizer"] and "@" not in stated["organizer"]:
        event["organizer"] = [{"type": "Organization", "name": stated["organizer"][:500]}]
    if stated["type"]:
        event["keywords"] = [stated["type"][:500]]
    if text := _plain(entry.get("summary")):
        event["description"] = text
    return event


def _authors(entry: Any, title: str, document: Document, reading: Reading) -> Iterator[dict[str, Any]]:
    """Yield the people who sign an entry: the public role of author."""
    for author in entry.get("authors") or [entry.get("author_detail") or {}]:
        if author.get("email"):
            reading.dropped["e-mail"] += 1
        name = clean(str(author.get("name", "")))
        if not is_person(name, title):
            continue
        person = {"type": "Person", "id": author_key(name), "name": name, "jobTitle": "author"}
        if url := document.link(author.get("href")):
            person["url"] = url
        yield person


def is_person(name: str, title: str = "") -> bool:
    """Whether a signature is a person's full name: not an account, a handle, or the publication itself."""
    words = name.split()
    if not 2 <= len(words) <= 6 or any(char.isdigit() or char in "@/:|&<>" for char in name):
        return False
    return not _GENERIC.search(name) and fold(name) != fold(title) and words[0][:1].isupper()


def author_key(name: str) -> str:
    """Return a key for an author of a feed: a hash, so that no name stands in it."""
    return "author:" + hashlib.sha256(fold(name).encode()).hexdigest()[:16]


def _plain(html: Any) -> str | None:
    return clean(re.sub(r"<[^<>]{0,2000}>", " ", str(html))) or None if html else None
