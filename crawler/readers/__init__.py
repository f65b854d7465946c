"""The readers, and which of them reads a document.

A format that is a whole document (a calendar, a feed, an API's answer) is read by its one reader. In an HTML page
several may have something to say: each type of thing is taken from the reader that says most about it.
"""

from collections import Counter
from typing import Any

from crawler.documents import Document, Page, Reader, ReaderError, Reading
from crawler.readers.feed import Feed
from crawler.readers.icalendar import Icalendar
from crawler.readers.jsonld import Jsonld
from crawler.readers.mediawiki import Mediawiki
from crawler.readers.microdata import Microdata
from crawler.readers.microformats import Microformats
from crawler.readers.page import Page as PageReader
from crawler.readers.page import followed, is_noindex

VERSION = 1  # raise when a reader comes to give other records for the same document: pages are then read again

WHOLE: tuple[Reader, ...] = (Icalendar(), Feed(), Mediawiki())
EMBEDDED: tuple[Reader, ...] = (Jsonld(), Microdata(), Microformats())
PLAIN: Reader = PageReader()
READERS: dict[str, Reader] = {reader.name: reader for reader in (*WHOLE, *EMBEDDED, PLAIN)}


def recognise(document: Document) -> list[tuple[Reader, str]]:
    """Return the readers that can read the document, each with the mark that tells; the best first."""
    if document.source.format:
        return [(by_name(document.source.format, document.url), "named in the catalogue")]
    for reader in WHOLE:
        if why := reader.recognise(document):
            return [(reader, why)]
    return [(reader, why) for reader in (*EMBEDDED, PLAIN) if (why := reader.recognise(document))]


def by_name(name: str, url: str) -> Reader:
    """Return the reader called ``name``; ReaderError when there is none."""
    try:
        return READERS[name]
    except KeyError:
        raise ReaderError(f"unknown format {name!r}; known: {', '.join(READERS)}", url) from None


def read(document: Document) -> Reading:
    """Return what the document says, by the readers that its marks ask for.

    The plain page reader runs only where no structured reader found an event: after structure, never instead.

    Raises:
        ReaderError: when no reader recognises the document, or the only one that does cannot read it.
    """
    reading = _read(document)
    if document.is_html and is_noindex(document):
        reading.dropped["noindex"] += 1  # whatever reads the page: it may name nobody
    return reading


def _read(document: Document) -> Reading:
    found = recognise(document)
    if not found:
        raise ReaderError(
            f"no reader recognises this document ({document.media_type or 'no media type'})", document.url
        )
    if len(found) == 1:
        return found[0][0].read(document)
    readings: list[Reading] = []
    problems: list[str] = []
    for reader, _ in found:
        if reader is PLAIN and any(record["type"] == "Event" for reading in readings for record in reading.records):
            # The prose is not needed then, but what the catalogue asks to follow is.
            readings[0].links += followed(document)
            continue
        try:
            readings.append(reader.read(document))
        except ReaderError as error:
            problems.append(str(error))
    return _merge(readings, problems)


def _merge(readings: list[Reading], problems: list[str]) -> Reading:
    """Return one reading: each type's records from the reading that states most of them; links and counts of all."""
    best: dict[str, tuple[int, Reading]] = {}
    for reading in readings:
        for kind, weight in _weights(reading.records).items():
            if kind not in best or weight > best[kind][0]:
                best[kind] = (weight, reading)
    winners = {kind: reading for kind, (_, reading) in best.items()}
    formats = [reading.format for reading in readings if any(reading is winner for winner in winners.values())]
    merged = Reading(format="+".join(formats) or readings[-1].format if readings else "page", problems=problems)
    page: Page | None = None
    for reading in readings:
        merged.records += [record for record in reading.records if winners[record["type"]] is reading]
        merged.links += [link for link in reading.links if link not in merged.links]
        merged.dropped += reading.dropped
        merged.surprises += reading.surprises
        merged.problems += reading.problems
        page = page or reading.page
    merged.page = page
    return merged


def _weights(records: list[dict[str, Any]]) -> Counter[str]:
    """How much is stated of each type: the number of filled fields, nested ones included."""
    return Counter({kind: sum(_size(r) for r in records if r["type"] == kind) for kind in {r["type"] for r in records}})


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_size(each) for each in value.values())
    return sum(_size(each) for each in value) if isinstance(value, list) else 1
