"""The readers, and which of them reads a document.

A format that is a whole document (a calendar, a feed, an API's answer) is read by its one reader. In an HTML page
several may have something to say: each type of thing is taken from the reader that says most about it. A reader is a
module of this package with a class of the same name; there is no list to add it to.
"""

import pkgutil
from collections import Counter
from importlib import import_module
from typing import Any

from crawler import platforms
from crawler.documents import Document, Reader, ReaderError, Reading
from crawler.intake import CERTAINTY
from crawler.privacy import fold

VERSION = 3  # raise when a reader comes to give other records for the same document: pages are then read again


def _all() -> list[Reader]:
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    found: list[Reader] = [getattr(module, module.__name__.rpartition(".")[2].capitalize())() for module in modules]
    return sorted(found, key=lambda reader: (reader.order, reader.name))


# Imported when the first document has to be read: half of a crawl's start, and an unchanged web needs none of it.
READERS: dict[str, Reader]
WHOLE: tuple[Reader, ...]
EMBEDDED: tuple[Reader, ...]
UNSTRUCTURED = 80  # readers with an order from here on run only where no structured one found an event
LIST = 4  # events from which on a page is a list of them, rather than a post that tells of one


def load() -> None:
    """Import the readers, where that was not done yet."""
    global READERS, WHOLE, EMBEDDED
    if "READERS" not in globals():
        READERS = {reader.name: reader for reader in _all()}
        WHOLE = tuple(reader for reader in READERS.values() if not reader.embedded)
        EMBEDDED = tuple(reader for reader in READERS.values() if reader.embedded)


def __getattr__(name: str) -> Any:
    if name in ("READERS", "WHOLE", "EMBEDDED"):
        load()
        return globals()[name]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def recognise(document: Document) -> list[tuple[Reader, str]]:
    """Return the readers that can read the document, each with the mark that tells; the best first."""
    load()
    if document.source.format:
        return [(by_name(document.source.format, document.url), "named in the catalogue")]
    if whole := _whole(document):
        return [whole]
    return [(reader, why) for reader in EMBEDDED if (why := reader.recognise(document))]


def _whole(document: Document) -> tuple[Reader, str] | None:
    return next(((reader, why) for reader in WHOLE if (why := reader.recognise(document))), None)


def by_name(name: str, url: str) -> Reader:
    """Return the reader called ``name``; ReaderError when there is none."""
    load()
    try:
        return READERS[name]
    except KeyError:
        raise ReaderError(f"unknown format {name!r}; known: {', '.join(READERS)}", url) from None


def read(document: Document) -> Reading:
    """Return what the document says, by the readers that its marks ask for, and where else it says more.

    Readers of pages without structure run only where no structured reader found an event: after structure, never
    instead.

    A publisher who reserves text and data mining (Directive 2019/790, art. 4; W3C TDMRep) is not read.

    Raises:
        ReaderError: when no reader recognises the document, or the only one that does cannot read it.
    """
    from crawler.readers import page

    load()
    if document.reserved or page.is_reserved(document):
        return Reading("page", dropped=Counter({"tdm-reservation": 1}))
    reading = _read(document)
    if document.is_html:
        reading.links += [pointer.link for pointer in platforms.by_page(document)]
        if page.is_noindex(document):
            reading.dropped["noindex"] += 1  # whatever reads the page: it may name nobody
    return reading


def _read(document: Document) -> Reading:
    from crawler.readers import page

    if document.source.format:
        return by_name(document.source.format, document.url).read(document)
    if whole := _whole(document):
        return whole[0].read(document)
    readings: list[Reading] = []
    errors: list[ReaderError] = []
    told = False
    for reader in EMBEDDED:
        if reader.order >= UNSTRUCTURED and told:
            # Neither layout nor prose is needed then, nor looked for, but where the page leads to is.
            readings[0].links += [*page.related(document), *page.followed(document)]
            break
        if not reader.recognise(document):
            continue
        try:
            readings.append(reader.read(document))
        except ReaderError as error:
            errors.append(error)
            continue
        told = told or (reader.order < UNSTRUCTURED and _has_event(readings[-1]))
    if not readings:
        nothing = f"no reader recognises this document ({document.media_type or 'no media type'})"
        raise errors[0] if errors else ReaderError(nothing, document.url)
    if not told:
        _settle({reading.format: reading for reading in readings}, page.is_post(document))
    return merge(readings, [str(error) for error in errors])


def _settle(readings: dict[str, Reading], post: bool) -> None:
    """Decide between the events that a page's layout and its prose tell of.

    A post tells of one; the dates that repeat around it are those of other posts, without hour and place. Any other
    page on which many stand is a list.
    """
    listed, told = readings.get("listing"), readings.get("prose")
    if listed and told and _has_event(listed) and _has_event(told):
        events = [record for record in listed.records if record["type"] == "Event"]
        full = sum("T" in event.get("startDate", "") or "location" in event for event in events)
        loser = told if not post and len(events) >= LIST and 2 * full >= len(events) else listed
        loser.records = [record for record in loser.records if record["type"] != "Event"]


def _has_event(reading: Reading) -> bool:
    return any(record["type"] == "Event" for record in reading.records)


def merge(readings: list[Reading], problems: list[str]) -> Reading:
    """Return one reading: each type's records from the reading that states most of them; links and counts of all.

    What is stated in structure is taken from there. Layout and prose tell of what else there is: things of other names,
    and no event where structure told of one.
    """
    load()
    structured = [reading for reading in readings if not _is_guess(reading)]
    best = _best(structured)
    named = {(record["type"], fold(record["name"])) for reading in best.values() for record in reading.records}
    guessed = _best([reading for reading in readings if _is_guess(reading)])
    merged = Reading(format="", problems=problems)
    for reading in readings:
        records = [record for record in reading.records if best.get(record["type"]) is reading]
        records += [
            record
            for record in reading.records
            if guessed.get(record["type"]) is reading
            and (record["type"] not in best or record["type"] != "Event")
            and (record["type"], fold(record["name"])) not in named
        ]
        if records:
            merged.format += f"+{reading.format}" if merged.format else reading.format
        merged.records += records
        merged.links += [link for link in reading.links if link not in merged.links]
        merged.dropped += reading.dropped
        merged.surprises += reading.surprises
        merged.problems += reading.problems
        merged.page = merged.page or reading.page
    merged.format = merged.format or (readings[-1].format if readings else "page")
    return merged


def _best(readings: list[Reading]) -> dict[str, Reading]:
    """Return for each type of record the reading that states most of it; of equals the first."""
    best: dict[str, tuple[int, Reading]] = {}
    for reading in readings:
        for kind, weight in weights(reading.records).items():
            if kind not in best or weight > best[kind][0]:
                best[kind] = (weight, reading)
    return {kind: reading for kind, (_, reading) in best.items()}


def _is_guess(reading: Reading) -> bool:
    return reading.format in READERS and READERS[reading.format].order >= UNSTRUCTURED


def weights(records: list[dict[str, Any]]) -> Counter[str]:
    """Return how much is stated of each type: the number of filled fields, nested ones included."""
    counts: Counter[str] = Counter()
    for record in records:
        counts[record["type"]] += _size(record)
    return counts


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_size(each) for key, each in value.items() if key not in ("quote", *CERTAINTY))
    return sum(_size(each) for each in value) if isinstance(value, list) else 1
