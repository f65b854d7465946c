"""Where the events of a list take place: as their records say, else as it is stated once for the list."""

import re

from crawler.listing.lines import Line
from crawler.listing.marks import Dates
from crawler.listing.records import Record
from crawler.listing.tables import Table
from crawler.listing.words import ADDRESS, PLACE_HEAD, PLACE_LABEL, ROOM, says_something
from crawler.text import clean

LONGEST = 200

# "All meetings are held at the Old Fire Station, 12 Bridge Street, unless otherwise noted."
_HELD_AT = re.compile(
    r"\b(?:held|meets?|meetings?|take place|located|convened?|occur|conducted|hosted|lieu|r[ée]unit|r[ée]unissent|"
    r"r[ée]unions?|"
    r"d[ée]roulent?|tien(?:t|nent)|retrouv\w+|rencontres?|ateliers?)\b[^.;]{0,80}?"
    r"\b(?:at|in|[àa]|au|aux|dans|chez)\b (?:the |la |le |les |l['’])?"
    r"(?P<place>[A-Z0-9#À-Ý].{3,160}?)"
    r"(?=(?<![A-Z])(?<!\bSt)(?<!Ave)\.(?:\s|$)|;|\(|$|,? unless\b|,? (?:at|on|from|beginning|starting|every|"
    r"each)\b (?:\d|the |[A-Z]))"
)
_LABEL_ALONE = re.compile(r"(?:location|where|place|venue|lieu|adresse|address)s?(?:\(s\))?\s*:?", re.IGNORECASE)
_NO_PLACE = re.compile(
    r"\d{3}\W{1,2}\d{3}\W\d{4}|(?:\+33|\b0)[ .]?\d(?:[ .]?\d\d){4}|\S@\S|https?:|www\.|^\W*(?:tba|tbd|agenda|"
    r"minutes|notice|pdf|video|audio|details|map|"
    r"to be (?:announced|determined)|à venir)\W*$",
    re.IGNORECASE,
)
# The place stands in the next line: "held at:".
_OPEN = re.compile(
    r"\b(?:held|meet|located|place|lieu|begin\w*|start\w*)\b[^.;]{0,80}?\b(?:at|in|au|[àa])(?: the| la| le)?\s*:?\s*$",
    re.IGNORECASE,
)
BELOW = 6  # lines under a list in which its place may be stated


def place_of(record: Record, table: Table | None, title: str, dates: Dates) -> str | None:
    """Return the place that a record tells: labelled, in a column of places, or as an address or a room."""
    for line in record.lines:
        text = _without_dates(line, dates)
        if (match := PLACE_LABEL.match(text)) and (place := tidy(text[match.end() :])):
            return _joined(place, line, record)
        if _LABEL_ALONE.fullmatch(text.strip()):
            following = next((each for each in record.lines if each.number == line.number + 1), None)
            place = tidy(_without_dates(following, dates)) if following else None
            # One word after an empty label may as well be the next label's.
            if following and place and (" " in place or ROOM.search(place)):
                return _joined(place, following, record)
    if table is not None:
        texts = [
            _without_dates(line, dates)
            for line in record.lines
            if line.cell and PLACE_HEAD.search(table.head(line)) and line is not record.mark.line
        ]
        if place := tidy(", ".join(texts)):
            return place
    texts = []
    for line in record.lines:
        text = _without_dates(line, dates).strip()
        if line is record.mark.line or len(text) > 150 or text == title or line.linked:
            continue
        room = ROOM.search(text) and not re.search(r"[.!?]$|[a-z]{3}\. ", text) and text not in title
        if (ADDRESS.search(text) or room) and tidy(text):
            texts.append(text)
    return tidy(", ".join(texts[:4]))


def tidy(text: str) -> str | None:
    """Return a text as the name of a place; None when it is none: a number to call, an address to write to, "TBD"."""
    place = clean(text).strip(" ,;:|–—-")[:LONGEST]
    if not says_something(place) or _NO_PLACE.search(place):
        return None
    return place


def _without_dates(line: Line, dates: Dates) -> str:
    text = line.text
    for begin, end, _ in sorted(dates.spans.get(line.number, []), reverse=True):
        text = text[:begin].rstrip() + " " + text[end:].lstrip(" ,")
    return text


def _joined(text: str, line: Line, record: Record) -> str:
    """Return a place with the address that stands in the line below it."""
    below = [each for each in record.lines if each.number == line.number + 1]
    if below and ADDRESS.search(below[0].text) and len(below[0].text) < 100 and not ADDRESS.search(text):
        text = f"{text}, {below[0].text}"
    return clean(text)[:LONGEST]


def standing_place(lines: list[Line], first: int, last: int, dates: Dates) -> str | None:
    """Return the place that is stated once for a list: "Meetings are held at …", above it or right below."""
    dated = {mark.line.number for mark in dates.marks}
    below = lines[last + 1 : last + 1 + BELOW]
    for line in [*reversed(lines[max(0, first - 40) : first]), *below]:
        if line.number in dated:
            if line.number > last:
                break
            continue
        if (match := PLACE_LABEL.match(line.text)) and (rest := clean(line.text[match.end() :])):
            return tidy(rest)
        text = _without_dates(line, dates)
        if match := _HELD_AT.search(text):
            return tidy(match["place"])
        if _OPEN.search(text):
            following = [each.text for each in lines[line.number + 1 : line.number + 3] if each.number not in dated]
            if following and len(following[0]) <= 100 and following[0][:1].isupper():
                address = following[1:] if len(following) > 1 and ADDRESS.search(following[1]) else []
                return tidy(", ".join([following[0], *address]))
    return None
