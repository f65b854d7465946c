"""Pages that list events without any markup, and data of unknown shape: the induction is ``crawler.listing``."""

import re
from itertools import islice
from typing import Any

from crawler.documents import Document, Reader, Reading
from crawler.listing import THRESHOLD, Found, events_in
from crawler.listing.read import is_data
from crawler.listing.words import MONTH
from crawler.times import from_iso
from crawler.venue import venue

SHOWN = 2  # doubtful events that are told of
LEAST_DAYS = 2  # months or days that stand in a page before it may be a list of them
LEAST_WEEKDAYS = 5  # that head the columns of a calendar

_DAY = re.compile(
    rf"{MONTH.pattern}|\b\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}(?!\d)|\b\d{{4}}-\d\d-\d\d(?!\d)", re.IGNORECASE
)
_WEEKDAY = re.compile(r">\s*(?:mon|tue|wed|thu|fri|lun|mar|mer|jeu|ven)\w{0,7}\.?\s*<", re.IGNORECASE)


class Listing(Reader):
    name = "listing"
    title = "List of events without markup"
    marks = "dates that repeat in a page, or in a list of objects (JSON, XML)"
    gives = "events: title, start, end, place, status, link; the doubtful ones are told, not kept"
    specification = "https://schema.org/Event"
    embedded = True
    order = 80

    def recognise(self, document: Document) -> str | None:
        if is_data(document):
            return "a list of objects"
        if not document.is_html:
            return None
        days = sum(1 for _ in islice(_DAY.finditer(document.text), LEAST_DAYS))
        if days == LEAST_DAYS:
            return "dates in the text"
        if days and sum(1 for _ in islice(_WEEKDAY.finditer(document.text), LEAST_WEEKDAYS)) == LEAST_WEEKDAYS:
            return "a calendar's weekdays"
        return None

    def read(self, document: Document) -> Reading:
        """Return the events that a document lists; those that are too doubtful to keep are told under ``problems``."""
        reading = Reading(self.name)
        found = events_in(document)
        for each in found:
            if not each.doubtful and (record := _record(each, document, reading)):
                reading.records.append(record)
        if doubtful := sorted((each for each in found if each.doubtful), key=lambda each: -each.confidence):
            told = " | ".join(str(each) for each in doubtful[:SHOWN])
            reading.problems.append(f"doubtful (below {THRESHOLD}), not kept: {len(doubtful)} events, such as {told}")
        return reading


def _record(each: Found, document: Document, reading: Reading) -> dict[str, Any] | None:
    times = from_iso(each.start, each.end, document.source, surprises=reading.surprises)
    if not times:
        return None
    record: dict[str, Any] = {"type": "Event", "name": each.title[:500], **times}
    if each.status:
        record["eventStatus"] = each.status
    if each.place:
        record |= venue(each.place, document)
    if each.link and each.link != document.url:
        record["url"] = each.link
    return {**record, "confidence": round(each.confidence, 2), "grounds": each.grounds[:20]}
